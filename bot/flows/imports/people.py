"""Plans an import of people (INTERFACES, "People CSV"). Pure; nothing here writes.

Says nothing about people who are not in the file, nor about what people chose in chat: language, leave, profile.
A column the file does not have is not changed; a cell left blank takes the company's default.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.flows.imports.table import Issues, Plan, Row, cyclic, one_line, parse_date, parse_email, read_rows
from bot.model import Company, Person, Role, person_id
from bot.rules.patterns import parse_days, parse_hours, parse_zone
from bot.rules.people import has_left, zone_of
from bot.talk.text import fold_email

V = TypeVar("V")
NOBODY: Mapping[str, str] = {}
DEFAULTS = Company()

PEOPLE_COLUMNS = (
    "email", "name", "manager_email", "deputy_email", "department", "team", "country", "timezone", "locale",
    "work_days", "work_hours", "start_date", "end_date", "role",
)  # fmt: skip
FORMER = "former_email"
"""A column a file may have besides: under which e-mail the person was known until now."""
MAX_NAME = 200  # characters, also of departments and teams: longer ones fit no card
NO_END = "9999-12-31"
"""What HR systems write as the last day of somebody whose employment has no end."""
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", re.ASCII)


def plan_people(
    data: bytes,
    *,
    existing: Collection[Person],
    now: datetime,
    countries: frozenset[str],
    hr_admins: Collection[str] = (),
    company: Company = DEFAULTS,
    moved: Mapping[str, str] = NOBODY,
) -> Plan[Person]:
    """What importing this file would do to the people there are.

    `moved`: people by id under the folded e-mail that a chat account of theirs has now. `now` becomes `known_since` of
    those who are new; `countries` are the ISO 3166-1 alpha-2 codes; `hr_admins` are the e-mails that hold the HR admin
    role by setting (`RONDO_HR_ADMINS`), which a blank `role` does not take away.
    """
    issues = Issues()
    rows = read_rows(data, columns=(*PEOPLE_COLUMNS, FORMER), required=("email", "name"), issues=issues)
    fresh = _distinct(rows, issues)
    before = {person.id: person for person in existing}
    stored = _renamed(fresh, {fold_email(person.email): person for person in existing}, before, moved, issues)
    ids = {fold_email(person.email): person.id for person in existing} | {email: person.id for email, person in stored.items()}
    taken = set(before)
    for email in fresh:
        if email not in ids:
            ids[email] = fresh_id(email, taken)
            taken.add(ids[email])
    admins = frozenset(map(fold_email, hr_admins))
    read = Reader(ids=ids, now=now, countries=countries, admins=admins, issues=issues)
    people = {email: read.person(row, stored.get(email)) for email, row in fresh.items()}
    people = _led(people, fresh, before, company, now, issues)
    _reject_circles(people, fresh, existing, issues)
    if issues.rejections:
        return issues.refusal()
    changed = [person for email, person in people.items() if email in stored and person != before[stored[email].id]]
    created = [person for email, person in people.items() if email not in stored]
    return Plan(
        created=len(created),
        changed=len(changed),
        unchanged=len(people) - len(created) - len(changed),
        values=(*created, *changed),
        warnings=tuple(sorted(issues.warnings)),
    )


def _distinct(rows: Sequence[Row], issues: Issues) -> dict[str, Row]:
    """The rows by folded e-mail; malformed and repeated ones are rejected, a repeated one at every row it stands in."""
    found: dict[str, Row] = {}
    for row in rows:
        try:
            email = fold_email(parse_email(row["email"]))
        except ValueError as error:
            issues.reject(row.number, str(error) if row["email"] else "The e-mail is missing.", "email")
            continue
        if email in found:
            first = found[email].number
            issues.reject(row.number, f'"{row["email"]}" stands in row {first} too.', "email")
            issues.reject(first, f'"{row["email"]}" stands in more than one row.', "email")
        else:
            found[email] = row
    return found


def _renamed(
    rows: Mapping[str, Row], stored: dict[str, Person], before: Mapping[str, Person], moved: Mapping[str, str], issues: Issues
) -> dict[str, Person]:
    """Who is stored, by folded e-mail; people of the file whose e-mail changed under their new one, still the same people.

    The file says so (`former_email`), or a chat account that was somebody's has the new e-mail now.
    """
    found = dict(stored)
    for email, row in rows.items():
        former = fold_email(row[FORMER])
        if former == email or (not former and email in stored):
            continue
        was = stored.get(former) if former else before.get(moved.get(email, ""))
        if was is None or (not former and fold_email(was.email) in rows):
            continue
        if email in stored:
            issues.warn(row.number, f'"{row["email"]}" and "{was.email}" are two people already and stay two.', FORMER)
        elif former in rows or fold_email(was.email) not in found:
            issues.reject(row.number, f'"{was.email}" stands in another row of this file too.', FORMER)
        else:
            issues.warn(row.number, f'The same person as "{was.email}", with a new e-mail.', "email")
            del found[fold_email(was.email)]
            found[email] = replace(was, email=row["email"])
    return found


def _led(
    people: Mapping[str, Person],
    rows: Mapping[str, Row],
    existing: Mapping[str, Person],
    company: Company,
    now: datetime,
    issues: Issues,
) -> dict[str, Person]:
    """Whoever has a manager who left has the next one up who is here."""
    known = {**existing, **{person.id: person for person in people.values()}}
    found = {}
    for email, person in people.items():
        heir = here_or_above(person.manager_id, known, now, company)
        if heir != person.manager_id and heir is not None and heir != person.id:
            words = f"{known[person.manager_id or heir].name} has left; {known[heir].name} is the manager."
            issues.warn(rows[email].number, words, "manager_email")
            person = replace(person, manager_id=heir)
        found[email] = person
    return found


def _reject_circles(people: Mapping[str, Person], rows: Mapping[str, Row], existing: Collection[Person], issues: Issues) -> None:
    """Rejects every row that makes somebody their own manager, also across people who are stored already."""
    above = {person.id: person.manager_id for person in existing}
    above |= {person.id: person.manager_id for person in people.values()}
    circles = cyclic(above)
    for email, person in people.items():
        if person.id in circles:
            own = person.manager_id == person.id
            detail = "is their own manager" if own else "is, over several steps, their own manager"
            issues.reject(rows[email].number, f'"{person.name or person.email}" {detail}.', "manager_email")


def gone(person: Person, now: datetime, company: Company) -> Person:
    """The person as somebody who has left: yesterday, where they are, was the last day, unless it was over before."""
    yesterday = now.astimezone(zone_of(person, company)).date() - timedelta(days=1)
    last = yesterday if person.end_date is None else min(person.end_date, yesterday)
    start = person.start_date if person.start_date is None else min(person.start_date, last)
    return replace(person, end_date=last, start_date=start)


def here_or_above(manager_id: str | None, people: Mapping[str, Person], now: datetime, company: Company) -> str | None:
    """That manager, or, where they have left, the next one up who is here; them all the same where nobody is."""
    seen: set[str] = set()
    here = manager_id
    while here is not None and here in people and here not in seen:
        one = people[here]
        if not has_left(one, now.astimezone(zone_of(one, company)).date()):
            return here
        seen.add(here)
        here = one.manager_id
    return manager_id


def _parse_end(cell: str) -> date | None:
    return None if cell == NO_END else parse_date(cell)


def fresh_id(email: str, taken: Collection[str]) -> str:
    """An id for somebody new. The first one that comes from the e-mail may belong to who had that e-mail before."""
    found, tries = person_id(email), 1
    while found in taken:
        tries += 1
        found = person_id(f"{email}\n{tries}")
    return found


class Reader:
    """Reads one row after the other into a person; what is wrong with a cell is rejected and the cell skipped."""

    def __init__(
        self,
        *,
        ids: Mapping[str, str],
        now: datetime,
        countries: frozenset[str],
        admins: frozenset[str],
        issues: Issues,
    ) -> None:
        self._ids = ids
        self._now = now
        self._countries = countries
        self._admins = admins
        self._issues = issues

    def person(self, row: Row, before: Person | None) -> Person:
        """The person as the row wants them."""
        base = before or Person(id=self._ids[fold_email(row["email"])], email=row["email"], name="", known_since=self._now)
        person = replace(
            base,
            # an address written differently (case, composition) is the same person and no change
            email=base.email,
            name=self._words(row, "name", base.name, required=True),
            department=self._words(row, "department", base.department),
            team=self._words(row, "team", base.team),
            manager_id=self._cell(row, "manager_email", base.manager_id, self._somebody),
            deputy_id=self._cell(row, "deputy_email", base.deputy_id, self._somebody),
            country=self._cell(row, "country", base.country, self._country),
            zone=self._cell(row, "timezone", base.zone, lambda cell: parse_zone(cell).key),
            locale=self._locale(row, base.locale),
            work_days=self._cell(row, "work_days", base.work_days, parse_days),
            work_hours=self._cell(row, "work_hours", base.work_hours, parse_hours),
            start_date=self._cell(row, "start_date", base.start_date, parse_date),
            end_date=self._cell(row, "end_date", base.end_date, _parse_end),
            role=self._role(row, base.role),
        )
        self._check_dates(row, person.start_date, person.end_date)
        if person.deputy_id == person.id:
            self._issues.warn(row.number, "Nobody is their own deputy; the deputy is left empty.", "deputy_email")
            person = replace(person, deputy_id=None)
        return person

    def _cell(self, row: Row, column: str, before: V | None, parse: Callable[[str], V | None]) -> V | None:
        if not row.has(column):
            return before
        if not row[column]:
            return None
        try:
            return parse(row[column])
        except ValueError as error:
            self._issues.reject(row.number, str(error), column)
            return before

    def _words(self, row: Row, column: str, before: str, *, required: bool = False) -> str:
        if not row.has(column):
            return before
        words = one_line(row[column])
        if required and not words:
            self._issues.reject(row.number, f"The {column} is missing.", column)
        if len(words) > MAX_NAME:
            self._issues.reject(row.number, f"The {column} has {len(words)} characters; at most {MAX_NAME} fit.", column)
        return words

    def _somebody(self, cell: str) -> str:
        found = self._ids.get(fold_email(cell))
        if found is None:
            raise ValueError(f'Nobody with the e-mail "{cell[:60]}" is in the file or known already.')
        return found

    def _country(self, cell: str) -> str:
        if cell.upper() not in self._countries or not cell.isascii():
            raise ValueError(f'"{cell[:40]}" is not a country; write its two letters (ISO 3166), such as DE or KR.')
        return cell.upper()

    def _locale(self, row: Row, before: str | None) -> str | None:
        if not row.has("locale"):
            return before
        cell = row["locale"]
        if cell and _LOCALE.fullmatch(cell) is None:
            self._issues.warn(row.number, f'"{cell[:40]}" is not a locale such as en or ko-KR; left empty.', "locale")
            return None
        return cell or None

    def _role(self, row: Row, before: Role) -> Role:
        cell = row["role"].casefold()
        role = before if not row.has("role") else Role.HR_ADMIN if cell == Role.HR_ADMIN else Role.EMPLOYEE
        if cell not in ("", Role.HR_ADMIN):
            self._issues.reject(row.number, f'"{row["role"][:40]}" is not a role; leave it empty or write hr_admin.', "role")
        return Role.HR_ADMIN if fold_email(row["email"]) in self._admins else role

    def _check_dates(self, row: Row, start: date | None, end: date | None) -> None:
        if start is not None and end is not None and end < start:
            self._issues.reject(row.number, f"The end date {end} lies before the start date {start}.", "end_date")
