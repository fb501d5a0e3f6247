"""Plans what directories and HR systems say of people, a few at a time: SCIM requests, pages of Microsoft Graph. Pure.

The same rules for every value as the People CSV. What cannot be accepted of a record is left out and told; the others count.
Who may write what: HR (CSV, SCIM) everything; a directory what is blank, or what it wrote itself (decision 0039).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.flows.imports.people import Reader, fresh_id, gone, here_or_above
from bot.flows.imports.table import Issue, Issues, Row, parse_email
from bot.model import Company, Person
from bot.rules.people import has_left, zone_of
from bot.talk.text import clean, fold_email

LEFT, MANAGER = "left", "manager_id"
"""Beside the columns of the People CSV, what a directory is remembered to have said: somebody left; who their manager is."""
TAKEN = (
    "is somebody else in this directory already.",
    "is the e-mail of somebody else.",
    "is the external id of somebody else.",
)
"""How issues end that are about one name and two people."""
_MAY_LACK = ("country", "start_date")
"""What a directory often has wrong (`0001-01-01`), and what is left out then; HR is told and sends it right."""
_FIELDS = {"timezone": "zone", "deputy_email": "deputy_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who speaks. `hr`: their word is final. `writes` False: they only say who has which name there."""

    name: str  # `scim`, `graph:TENANT`
    hr: bool
    writes: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a source says of one person. What `cells` (by column of the People CSV) does not have, it says nothing about.

    `manager` is the manager's external id (for HR also Rondo's own, or an e-mail); empty: nobody; None: nothing said. `active`
    False: gone.
    """

    external_id: str
    cells: Mapping[str, str]
    manager: str | None = None
    active: bool | None = None
    user_name: str = ""
    deleted: bool = False
    new: bool = False  # the source makes them: whom it has already is not made again
    person_id: str = ""  # where the source names the person as Rondo does
    beside: Mapping[str, str] = field(default_factory=dict)  # what the source wants to read again and Rondo has no use for


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A person under the name a source has for them; see `storage.schema_directory`."""

    source: str
    external_id: str
    person_id: str
    email: str = ""
    user_name: str = ""
    wrote: Mapping[str, str] = field(default_factory=dict)
    manager_ref: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is stored about those whom records name: themselves, their managers up to the top, deputies.

    `waiting`: identities of the same source that wait for a manager whom one of the records may be.
    """

    people: Mapping[str, Person]
    identities: Mapping[str, Identity]  # of the source, by external id
    waiting: Sequence[Identity] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What follows. `before` has the people of `people` who were known; issues count records from 1."""

    people: tuple[Person, ...] = ()
    before: Mapping[str, Person] = field(default_factory=dict)
    identities: tuple[Identity, ...] = ()
    dropped: tuple[str, ...] = ()  # external ids that are no names of the source any more
    who: Mapping[str, str] = field(default_factory=dict)  # person id by external id
    issues: tuple[Issue, ...] = ()

    @property
    def created(self) -> tuple[Person, ...]:
        """Those who were not known."""
        return tuple(one for one in self.people if one.id not in self.before)


def plan_records(
    source: Source,
    records: Sequence[Record],
    *,
    known: Known,
    company: Company,
    now: datetime,
    countries: frozenset[str],
    hr_admins: Collection[str] = (),
) -> Changes:
    """What these records change. A record with an issue changes nothing, but for a manager: that alone is left out."""
    work = _Work(source, known, company, now, countries, hr_admins)
    counts = Counter(one.external_id for one in records)
    for number, record in enumerate(records, start=1):
        if counts[record.external_id] > 1 and any(later.external_id == record.external_id for later in records[number:]):
            continue  # said again further down: the last word counts
        work.take(number, record)
    for number, record in enumerate(records, start=1):
        work.lead(number, record)
    work.lead_waiting()
    return work.changes()


class _Work:
    """One batch under way."""

    def __init__(
        self,
        source: Source,
        known: Known,
        company: Company,
        now: datetime,
        countries: frozenset[str],
        hr_admins: Collection[str],
    ) -> None:
        self._source, self._known, self._company, self._now = source, known, company, now
        self._people = dict(known.people)
        self._ids = {fold_email(one.email): one.id for one in known.people.values()}
        self._identities = dict(known.identities)
        self._named = {one.person_id: id for id, one in known.identities.items() if not one.deleted}
        self._former = {one.person_id: id for id, one in known.identities.items() if one.deleted}
        self._issues = Issues()
        self._who: dict[str, str] = {}
        self._dropped: list[str] = []
        self._meant: dict[str, str] = {}  # whom records are about, also those that cannot be accepted
        self._reader = Reader(
            ids=self._ids, now=now, countries=countries, admins=frozenset(map(fold_email, hr_admins)), issues=self._issues
        )

    def take(self, number: int, record: Record) -> None:
        """The person as the record wants them, but for the manager."""
        issues = len(self._issues.rejections)
        cells = {name: clean(cell) for name, cell in record.cells.items()}
        identity = self._identity(record)
        if not self._source.writes:
            record = replace(record, active=None, manager=None)
            cells = {"email": cells["email"]} if cells.get("email") else {}
        person = self._people.get(record.person_id or (identity.person_id if identity else ""))
        if not self._source.writes and cells:
            person = None  # whose it is follows from the e-mail alone
        email = cells.get("email") or (person.email if person else record.user_name)
        try:
            folded = fold_email(parse_email(email))
        except ValueError as error:
            if person is None and not self._source.hr:
                return  # a service account, a room: nobody
            self._issues.reject(number, str(error) if email else "The e-mail is missing.", "email")
            return
        if person is None:
            person = self._people.get(self._ids.get(folded, ""))
        if person is None and not self._may_make(record):
            return
        if person is not None and self._is_taken(number, record, person):
            return
        if person is not None:
            self._meant[record.external_id] = person.id
        same = identity is not None and person is not None and identity.person_id == person.id
        wrote = identity.wrote if identity is not None and same else {}
        allowed = self._allowed(cells, person, wrote)
        wanted = person
        if person is None or allowed:
            wanted = self._read(number, email, allowed, person)
        assert wanted is not None
        wanted = self._renamed(number, wanted, email, wrote, known=person is not None)
        wanted = self._here_or_gone(wanted, record, allowed, wrote)
        if any(self._source.hr or issue.column not in _MAY_LACK for issue in self._issues.rejections[issues:]):
            if person is None:
                del self._ids[folded]
            return
        self._put(wanted)
        self._who[record.external_id] = wanted.id
        self._named[wanted.id] = record.external_id
        if self._former.get(wanted.id, record.external_id) != record.external_id:
            self._dropped.append(self._former.pop(wanted.id))  # back, under another name of the source
        said = {**wrote, **allowed, **record.beside}
        said |= {LEFT: "" if record.active else "1"} if record.active is not None else {}
        if fold_email(wanted.email) == folded:
            said["email"] = email
        self._identities[record.external_id] = Identity(
            source=self._source.name,
            external_id=record.external_id,
            person_id=wanted.id,
            email=folded,
            user_name=(record.user_name or (identity.user_name if identity else "")).casefold(),
            wrote=said,
            manager_ref=identity.manager_ref if identity else "",
            deleted=record.deleted,
        )

    def _read(self, number: int, email: str, cells: Mapping[str, str], person: Person | None) -> Person:
        """The person with these cells; somebody new gets an id, and a name where the record has none."""
        kept = {name: cell for name, cell in cells.items() if cell or name != "name"}
        if person is None:
            self._ids[fold_email(email)] = fresh_id(email, self._people)
            kept = {"name": email.partition("@")[0], **kept}
        # `email` names the row only: a new e-mail of somebody known is judged by itself
        address = person.email if person is not None else email
        return self._reader.person(Row(number=number, cells=kept | {"email": address}), person)

    def _may_make(self, record: Record) -> bool:
        """Whether somebody nobody knew comes of it: not of an account without a mailbox (a service), not of a mere change."""
        whole = bool(record.cells.get("email") and record.user_name and record.active is not False)
        return self._source.hr or (self._source.writes and whole)

    def _identity(self, record: Record) -> Identity | None:
        """What is remembered under the source's name for them; under the one before, where the source gives a new one."""
        before = self._named.get(record.person_id, "")
        return self._identities.get(record.external_id) or self._identities.get(before)

    def _is_taken(self, number: int, record: Record, person: Person) -> bool:
        """Somebody of the same source has this e-mail or name already: which of them it is nobody can tell."""
        if record.new and person.id in self._named:
            self._issues.reject(number, f'"{person.email}" {TAKEN[0]}', "email")
            return True
        theirs = self._identities.get(record.external_id)
        if record.person_id and theirs is not None and theirs.person_id != person.id and not theirs.deleted:
            self._issues.reject(number, f'"{record.external_id[:60]}" {TAKEN[2]}')
            return True
        taken = self._named.get(person.id, record.external_id) != record.external_id
        if taken and record.person_id:  # the source says itself that this is the person: its own id of them is new
            self._dropped.append(self._named.pop(person.id))
            return False
        if taken:
            self._issues.reject(number, f'"{person.email}" {TAKEN[0]}', "email")
        return taken

    def _allowed(self, cells: Mapping[str, str], person: Person | None, wrote: Mapping[str, str]) -> dict[str, str]:
        """The cells this source may write: HR all, a directory what is blank or its own."""
        named = {name: cell for name, cell in cells.items() if name not in ("email", "manager_email")}
        if person is None or self._source.hr:
            return named
        return {
            name: cell
            for name, cell in named.items()
            if cell and (not getattr(person, _FIELDS.get(name, name)) or _same(person, name, wrote.get(name, "")))
        }

    def _renamed(self, number: int, person: Person, email: str, wrote: Mapping[str, str], *, known: bool) -> Person:
        """The same person under a new e-mail; a directory renames only whom it named."""
        if not known or fold_email(email) == fold_email(person.email):
            return person
        if not self._source.writes:
            return person
        if not self._source.hr and fold_email(wrote.get("email", "")) != fold_email(person.email):
            return person
        if self._ids.get(fold_email(email), person.id) != person.id:
            self._issues.reject(number, f'"{email[:60]}" {TAKEN[1]}', "email")
            return person
        return replace(person, email=email)

    def _here_or_gone(self, person: Person, record: Record, allowed: Mapping[str, str], wrote: Mapping[str, str]) -> Person:
        """Whoever is not active has left; who is active again and had left is back."""
        today = self._now.astimezone(zone_of(person, self._company)).date()
        if record.active is False:
            return gone(person, self._now, self._company)
        back = record.active and has_left(person, today) and not allowed.get("end_date")
        if back and (self._source.hr or wrote.get(LEFT)):
            return replace(person, end_date=None)
        return person

    def lead(self, number: int, record: Record) -> None:
        """Who the person's manager is; one nobody knows yet is waited for, and the person keeps the one they had."""
        person = self._people.get(self._who.get(record.external_id, ""))
        identity = self._identities.get(record.external_id)
        if person is None or identity is None or record.manager is None or not self._source.writes:
            return
        if not record.manager:
            self._identities[record.external_id] = replace(identity, manager_ref="")
            self._set_manager(number, self._identities[record.external_id], None)
            return
        found = self._person_called(record.manager)
        if found is None:
            self._identities[record.external_id] = replace(identity, manager_ref=record.manager)
            return
        self._identities[record.external_id] = replace(identity, manager_ref="")
        self._set_manager(number, self._identities[record.external_id], found)

    def lead_waiting(self) -> None:
        """Whoever waited for one of these as their manager has them now."""
        for waits in self._known.waiting:
            waits = self._identities.get(waits.external_id, waits)
            found = self._person_called(waits.manager_ref) if waits.manager_ref else None
            if found is not None and waits.person_id in self._people:
                self._identities[waits.external_id] = replace(waits, manager_ref="")
                self._set_manager(0, self._identities[waits.external_id], found)

    def _person_called(self, name: str) -> str | None:
        identity = self._identities.get(name)
        if identity is not None and identity.person_id in self._people:
            return identity.person_id
        if not self._source.hr:
            return None
        return name if name in self._people else self._ids.get(fold_email(name))

    def _set_manager(self, number: int, identity: Identity, manager_id: str | None) -> None:
        person = self._people[identity.person_id]
        theirs = identity.wrote.get(MANAGER, "")
        named = self._people.get(theirs)
        ours = named is not None and has_left(named, self._now.astimezone(zone_of(named, self._company)).date())
        if not self._source.hr and person.manager_id not in (None, theirs) and not ours:
            return  # HR named another one
        said = {**identity.wrote, MANAGER: manager_id or ""}
        self._identities[identity.external_id] = replace(identity, wrote=said)
        manager_id = here_or_above(manager_id, self._people, self._now, self._company)
        if manager_id == person.manager_id:
            return
        if self._leads_back(person.id, manager_id):
            who = "is their own manager" if manager_id == person.id else "is, over several steps, their own manager"
            self._issues.reject(number, f'"{person.name}" {who}.', "manager_email")
            self._identities[identity.external_id] = identity
            return
        self._put(replace(person, manager_id=manager_id))

    def _leads_back(self, person_id: str, manager_id: str | None) -> bool:
        """Whether the chain of managers from there comes to the person themselves."""
        seen: set[str] = set()
        while manager_id is not None and manager_id not in seen:
            if manager_id == person_id:
                return True
            seen.add(manager_id)
            above = self._people.get(manager_id)
            manager_id = above.manager_id if above is not None else None
        return False

    def _put(self, person: Person) -> None:
        before = self._people.get(person.id)
        if before is not None and fold_email(before.email) != fold_email(person.email):
            self._ids.pop(fold_email(before.email), None)
        self._people[person.id] = person
        self._ids[fold_email(person.email)] = person.id

    def changes(self) -> Changes:
        """What is new, against what was known."""
        people = tuple(one for id, one in sorted(self._people.items()) if self._known.people.get(id) != one)
        old = dict(self._known.identities) | {one.external_id: one for one in self._known.waiting}
        return Changes(
            people=people,
            before={one.id: self._known.people[one.id] for one in people if one.id in self._known.people},
            identities=tuple(one for id, one in sorted(self._identities.items()) if old.get(id) != one),
            dropped=tuple(self._dropped),
            who=self._meant | self._who,
            issues=tuple(sorted(set(self._issues.rejections))),
        )


def _same(person: Person, column: str, wrote: str) -> bool:
    """Whether a person's value is the one that was written."""
    if not wrote:
        return False
    value = getattr(person, _FIELDS.get(column, column))
    return str(value).casefold() == wrote.casefold()
