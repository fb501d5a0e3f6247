"""What directories and HR systems push, a few people at a time: loads whom records name, writes what changes, and no more.

One transaction per batch. Whoever it concerns gets a look at their desk: the people themselves, the managers they had and have.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, delete, exists, func, or_, select, update

from bot.decision import Entry
from bot.events import Address, Platform, Profile
from bot.flows.imports.records import Changes, Identity, Known, Record, Source
from bot.model import Person, person_id
from bot.talk.text import fold_email
from storage import effects, former, lean, listed, rows
from storage.columns import among
from storage.engine import insert_into, reading, real_time, upsert, writing
from storage.schema import address, directory, identity, person

_LEVELS = 60
"""So far up managers are loaded, to see whether somebody would be their own; no company is deeper."""
_ONE_AT_A_TIME = 0x526F6E05  # "Ron" 05: two batches could make a circle of managers that neither of them sees

_BY_EXTERNAL = select(identity).where(among(identity.c.external_id, "names"))
_BY_PERSON = select(identity).where(among(identity.c.person_id, "ids"))
_WAITING = select(identity).where(among(identity.c.manager_ref, "names"), identity.c.manager_ref != "")
_PEOPLE = select(person).where(or_(among(person.c.id, "ids"), among(person.c.folded_email, "emails"))).order_by(person.c.id)
_LOCKED = _PEOPLE.with_for_update(key_share=True)
_ACCOUNTS = select(address).where(among(address.c.person_id, "ids"))
_ABOVE = select(person).where(among(person.c.id, "ids"))
_SOMEBODY = ~person.c.id.startswith("erased-")  # what an erasure leaves of a person is nobody
_COUNT = select(func.count()).select_from(person).where(_SOMEBODY)
_DELETED = identity.c.source == bindparam("source"), identity.c.deleted.is_(True)
_COUNT_DELETED = select(func.count()).select_from(identity).where(*_DELETED)
_PAGE = (
    select(person.c.id)
    .where(_SOMEBODY, ~exists().where(identity.c.person_id == person.c.id, *_DELETED))
    .order_by(person.c.id)
    .offset(bindparam("first"))
    .limit(bindparam("most"))
)
_FIELDS = tuple(field.name for field in fields(Identity))


class SqlDirectory:
    """Identities, and how far directories were read, in one database."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        """`clock`: real time, where the database has none of its own."""
        self._engine = engine
        self._clock = clock

    @contextmanager
    def begin(self) -> Iterator["Batch"]:
        """One batch: load, plan, apply; commits at the end of the block. Raises Conflict."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
            yield Batch(connection)

    def begin_reading(self, source: str, *, every: timedelta, lease: timedelta) -> str | None:
        """Where to begin (empty: at the start); None: it was read within `every`, or another replica is at it. Real time."""
        with writing(self._engine) as connection:
            now = real_time(connection, self._clock)
            connection.execute(
                insert_into(connection.dialect.name, directory).on_conflict_do_nothing(), [{"source": source, "cursor": ""}]
            )
            mine = directory.c.source == source
            row = connection.execute(select(directory).where(mine).with_for_update()).mappings().one()
            if (row["busy_until"] or now) > now or (row["read_at"] is not None and row["read_at"] + every > now):
                return None
            connection.execute(update(directory).where(mine).values(busy_until=now + lease))
            return str(row["cursor"])

    def go_on_reading(self, source: str, cursor: str, *, lease: timedelta) -> None:
        """It was read up to `cursor`; the reader goes on."""
        with writing(self._engine) as connection:
            now = real_time(connection, self._clock)
            mine = directory.c.source == source
            connection.execute(update(directory).where(mine).values(cursor=cursor, busy_until=now + lease))

    def end_reading(self, source: str, cursor: str, *, complete: bool) -> None:
        """The reader stops: at the end (`complete`), or somewhere before."""
        with writing(self._engine) as connection:
            values: dict[str, Any] = {"cursor": cursor, "busy_until": None}
            values |= {"read_at": real_time(connection, self._clock)} if complete else {}
            connection.execute(update(directory).where(directory.c.source == source).values(**values))

    def names(self, source: str) -> frozenset[str]:
        """External ids of all whom a source knows."""
        query = select(identity.c.external_id).where(identity.c.source == source, identity.c.deleted.is_(False))
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(query))

    def linked(self, platform: Platform, tenant: str) -> dict[str, tuple[str, str]]:
        """Accounts of a workspace that belong to somebody: its e-mail as noted, and the owner's, both folded, by user id."""
        query = (
            select(address.c.user, address.c.email, person.c.folded_email)
            .join(person, person.c.id == address.c.person_id)
            .where(address.c.platform == platform, address.c.tenant == tenant)
        )
        with reading(self._engine) as connection:
            return {user: (email, owner) for user, email, owner in connection.execute(query)}

    def link_all(self, found: Sequence[tuple[Address, Profile]], at: datetime) -> int:
        """Accounts of a directory, some in each transaction; how many are somebody's whom we know. Raises Conflict."""
        linked = 0
        for some in effects.chunks(found):
            with writing(self._engine) as connection:
                linked += listed.link_all(connection, some, at)
        return linked

    def changed_accounts(self, found: Sequence[tuple[Address, Profile]]) -> list[tuple[Address, Profile]]:
        """Of the accounts that directories list, those that say something new about people we know."""
        with reading(self._engine) as connection:
            return [one for some in effects.chunks(found) for one in listed.news(connection, some, in_use=False)]

    def accounts_of(
        self, source: str, external_ids: Sequence[str], platform: Platform, tenant: str
    ) -> dict[str, tuple[Address, str]]:
        """Chat accounts in a tenant of people whom a source knows under these ids: by that id, with whose they are."""
        with reading(self._engine) as connection:
            people = [one.person_id for one in _identities(connection, _BY_EXTERNAL, {"names": list(external_ids)}, source)]
            found = lean.fetch(connection, _ACCOUNTS, {"ids": people}) if people else []
        # The tenant is looked at here: a database would rather read all accounts of the tenant.
        return {
            row["route"].get("aad_object_id", ""): (_address(row), row["person_id"])
            for row in found
            if (row["platform"], row["tenant"]) == (platform, tenant)
        }

    def find(
        self, source: str, what: str, value: str, *, first: int, most: int
    ) -> tuple[int, list[tuple[Person, Identity | None]]]:
        """How many people a source may see that meet a condition, and `most` of them from the `first` (0-based) on, by id.

        `what` is id, external_id, email, user_name (each by an index of its own), or empty: everybody.
        """
        with reading(self._engine) as connection:
            if what:
                ids = _named(connection, source, what, value)
                total, ids = len(ids), ids[first : first + most]
            else:
                total = (connection.scalar(_COUNT) or 0) - (connection.scalar(_COUNT_DELETED, {"source": source}) or 0)
                page = {"source": source, "first": first, "most": most}
                ids = list(connection.scalars(_PAGE, page)) if most else []
            people = _by_id(lean.fetch(connection, _ABOVE, {"ids": ids})) if ids else {}
            theirs = {one.person_id: one for one in _identities(connection, _BY_PERSON, {"ids": ids}, source)}
        return total, [(people[one], theirs.get(one)) for one in ids]

    def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """People by id."""
        with reading(self._engine) as connection:
            return _by_id(lean.fetch(connection, _ABOVE, {"ids": sorted(set(ids))}))


def _named(connection: Connection, source: str, what: str, value: str) -> list[str]:
    """Ids of the people who are called so, without whom the source deleted."""
    folded = fold_email(value)
    found: set[str] = set()
    if what in ("id", "email"):
        column = person.c.id if what == "id" else person.c.folded_email
        wanted = value if what == "id" else folded
        found.update(connection.scalars(select(person.c.id).where(column == wanted, _SOMEBODY)))
    else:
        column = identity.c.external_id if what == "external_id" else identity.c.user_name
        wanted = value if what == "external_id" else value.casefold()
        found.update(connection.scalars(select(identity.c.person_id).where(identity.c.source == source, column == wanted)))
    if what == "user_name":  # whom the source never named is called by their e-mail
        for one in connection.scalars(select(person.c.id).where(person.c.folded_email == folded)):
            theirs = _identities(connection, _BY_PERSON, {"ids": [one]}, source)
            found.update([one] if not any(other.user_name for other in theirs) else [])
    theirs = _identities(connection, _BY_PERSON, {"ids": sorted(found)}, source)
    return sorted(found - {one.person_id for one in theirs if one.deleted})


class Batch:
    """One batch under way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, source: Source, records: Sequence[Record]) -> Known:
        """Whom the records name. Those they may change are locked until the end."""
        names = sorted({one.external_id for one in records} | {one.manager for one in records if one.manager})
        mine = _identities(self._connection, _BY_EXTERNAL, {"names": names}, source.name)
        waiting = _identities(self._connection, _WAITING, {"names": sorted(_new_names(records))}, source.name)
        emails = {fold_email(cell) for one in records for column in ("email", "deputy_email") if (cell := one.cells.get(column))}
        ids = {one.person_id for one in (*mine, *waiting)} | {one.person_id for one in records if one.person_id}
        ids |= {person_id(one.cells["email"]) for one in records if one.cells.get("email")}
        ids |= {one.manager for one in records if one.manager}
        emails |= {fold_email(one.manager) for one in records if one.manager and "@" in one.manager}
        ids |= {one.wrote.get("manager_id", "") for one in mine} - {""}
        statement = _LOCKED if self._connection.dialect.name == "postgresql" else _PEOPLE
        people = _by_id(lean.fetch(self._connection, statement, {"ids": sorted(ids), "emails": sorted(emails)}))
        others = _identities(self._connection, _BY_PERSON, {"ids": sorted(people)}, source.name)
        self._climb(people)
        return Known(people=people, identities={one.external_id: one for one in (*others, *mine)}, waiting=waiting)

    def _climb(self, people: dict[str, Person]) -> None:
        """Their managers up to the top, a level at a time."""
        missing = {one.manager_id for one in people.values() if one.manager_id} - people.keys()
        for _ in range(_LEVELS):
            if not missing:
                return
            found = _by_id(lean.fetch(self._connection, _ABOVE, {"ids": sorted(missing)}))
            people |= found
            missing = {one.manager_id for one in found.values() if one.manager_id} - people.keys()

    def apply(self, source: Source, changes: Changes, *, at: datetime) -> None:
        """Write people, identities, lines of the ledger, and looks."""
        former.remember(self._connection, changes.people)
        effects.write_people(self._connection, changes.people, at=at)
        if changes.dropped:
            gone = identity.c.external_id.in_(changes.dropped)
            self._connection.execute(delete(identity).where(identity.c.source == source.name, gone))
        if changes.identities:
            values = [{name: getattr(one, name) for name in _FIELDS} for one in changes.identities]
            lean.write(self._connection, upsert(self._connection.dialect.name, identity), values)
        entries = list(_entries(source, changes))
        if entries:
            effects.write_entries(self._connection, entries, at=at, cause=f"directory:{source.name}")
        concerned = {one.id for one in changes.people} | led_by(changes)
        for some in effects.chunks(sorted(concerned)):
            effects.look_at_all(self._connection, person.c.id.in_(some), at)


def led_by(changes: Changes) -> set[str]:
    """The managers whose team changes: people came, left, or have another manager."""
    pairs = ((one, changes.before.get(one.id)) for one in changes.people)
    bosses = (effects.leads(one, _place(before) if before is not None else None) for one, before in pairs)
    return set().union(*bosses)


def _place(one: Person) -> effects.Place:
    return one.manager_id, one.start_date, one.end_date


def _new_names(records: Sequence[Record]) -> set[str]:
    """Names under which others may wait for these people as their managers."""
    named = {one.external_id for one in records} | {one.person_id for one in records if one.person_id}
    emails = {one.cells["email"] for one in records if one.cells.get("email")}
    return named | emails | {fold_email(one) for one in emails}


def _entries(source: Source, changes: Changes) -> Iterator[Entry]:
    """A line about everybody who changed, without what stood there; one for all who are new."""
    made = len(changes.created)
    if made:
        facts = {"people": str(made)}
        yield Entry(name="directory:people:created", subject=f"directory:{source.name}", facts=facts, outcome=source.name)
    for one in changes.people:
        before = changes.before.get(one.id)
        if before is None:
            continue
        moved = [field.name for field in fields(Person) if getattr(one, field.name) != getattr(before, field.name)]
        left = one.end_date is not None and one.end_date != before.end_date
        facts = {"fields": ", ".join(moved)}
        name = "directory:person:left" if left else "directory:person:changed"
        yield Entry(name=name, subject=f"person:{one.id}", person=one.id, facts=facts, outcome=source.name)


def _identities(connection: Connection, statement: Select[Any], values: Mapping[str, Any], source: str) -> list[Identity]:
    """Of one source only."""
    if not next(iter(values.values())):
        return []
    found = (row for row in lean.fetch(connection, statement, values) if row["source"] == source)
    return [Identity(**{name: row[name] for name in _FIELDS}) for row in found]


def _address(row: rows.Row) -> Address:
    return Address(platform=row["platform"], tenant=row["tenant"], user=row["user"], route=row["route"])


def _by_id(found: Iterable[rows.Row]) -> dict[str, Person]:
    return {row["id"]: rows.person(row) for row in found}


__all__ = ["Batch", "SqlDirectory", "led_by"]
