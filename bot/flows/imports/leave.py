"""Plans an import of leave: `email,first,last,part`, one row per leave, both dates included. Pure; nothing here writes.

The file is the truth about the leave that came by file, of the people it names: what it no longer says is taken back, from
today on (days that are over stay). A row with an e-mail alone says that there is none. Leave people set in chat is kept.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.flows.imports.table import Issues, Plan, Row, parse_date, read_rows
from bot.model import Absence, Company, DayPart, Person
from bot.rules.people import zone_of
from bot.talk.text import fold_email

LEAVE_COLUMNS = ("email", "first", "last", "part")
CSV = "csv"
LONGEST = timedelta(days=1_100)
"""Three years of parental leave, and less than a typing error."""


@dataclass(slots=True)
class _Said:
    """What the file says of one person: their leave by row."""

    rows: list[int] = field(default_factory=list)
    leave: dict[int, Absence] = field(default_factory=dict)


@dataclass(slots=True)
class _Counts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def plan_leave(data: bytes, *, people: Collection[Person], company: Company, now: datetime) -> Plan[Person]:
    """What importing this file would do to the leave of the people there are. Counts are of leave, not of people."""
    issues = Issues()
    rows = read_rows(data, columns=LEAVE_COLUMNS, required=("email", "first", "last"), issues=issues)
    said = _read(rows, {fold_email(person.email): person.id for person in people}, issues)
    for one in said.values():
        _reject_overlaps(one, issues)
    if issues.rejections:
        return issues.refusal()
    counts = _Counts()
    changed = [
        away
        for person in people
        if person.id in said
        and (away := _applied(person, said[person.id], now.astimezone(zone_of(person, company)).date(), counts, issues)) != person
    ]
    return Plan(
        created=counts.created,
        changed=counts.changed,
        unchanged=counts.unchanged,
        values=tuple(changed),
        warnings=tuple(sorted(issues.warnings)),
    )


def _read(rows: Sequence[Row], ids: Mapping[str, str], issues: Issues) -> dict[str, _Said]:
    """The rows by person id."""
    found: dict[str, _Said] = defaultdict(_Said)
    for row in rows:
        id = ids.get(fold_email(row["email"]))
        absence = _absence(row, issues)
        if id is None:
            known = f'Nobody with the e-mail "{row["email"][:60]}" is known; import the people first.'
            issues.reject(row.number, known if row["email"] else "The e-mail is missing.", "email")
            continue
        found[id].rows.append(row.number)
        if absence is not None:
            found[id].leave[row.number] = absence
    return found


def _absence(row: Row, issues: Issues) -> Absence | None:
    """The leave of a row; None where it says that there is none, or is rejected."""
    if not (row["first"] or row["last"] or row["part"]):
        return None
    first, last = _day(row, "first", issues), _day(row, "last", issues)
    part = next((part for part in DayPart if part == row["part"].casefold()), None)
    if part is None:
        issues.reject(row.number, f'"{row["part"][:40]}" is no part of a day; write morning, afternoon or nothing.', "part")
    if first is None or last is None or part is None:
        return None
    if last < first:
        issues.reject(row.number, f"The last day {last} lies before the first day {first}.", "last")
    elif last - first >= LONGEST:
        issues.reject(row.number, f"From {first} to {last} is longer than three years.", "last")
    else:
        return Absence(first=first, last=last, source=CSV, part=part)
    return None


def _day(row: Row, column: str, issues: Issues) -> date | None:
    if not row[column]:
        issues.reject(row.number, f"The {column} day is missing; a leave of one day has the same day twice.", column)
        return None
    try:
        return parse_date(row[column])
    except ValueError as error:
        issues.reject(row.number, str(error), column)
        return None


def _reject_overlaps(said: _Said, issues: Issues) -> None:
    """Two rows about the same days are one too many; the two halves of a day are not the same."""
    before: list[tuple[int, Absence]] = []
    for number, absence in sorted(said.leave.items(), key=lambda one: (one[1].first, one[0])):
        other = next((row for row, one in before if _overlap(one, absence)), None)
        if other is not None:
            issues.reject(number, f"These days overlap with those of row {other}.", "first")
            issues.reject(other, f"These days overlap with those of row {number}.", "first")
        before = [(row, one) for row, one in before if one.last >= absence.first] + [(number, absence)]
    empty = [number for number in said.rows if number not in said.leave]
    for number in empty if said.leave else ():
        issues.reject(number, "This row says that there is no leave, another row has some.", "first")


def _overlap(one: Absence, other: Absence) -> bool:
    halves = bool(one.part) and bool(other.part) and one.part is not other.part
    return one.first <= other.last and other.first <= one.last and not halves


def _applied(person: Person, said: _Said, today: date, counts: _Counts, issues: Issues) -> Person:
    """The person with the leave of the file."""
    wanted = list(said.leave.values())
    before = [absence for absence in person.absences if absence.source == CSV]
    gone = [absence for absence in before if absence not in wanted]
    for absence in wanted:
        if absence in before:
            counts.unchanged += 1
        elif any(_overlap(absence, old) for old in gone):
            counts.changed += 1
        else:
            counts.created += 1
    if not wanted and all(absence.last < today for absence in gone):
        counts.unchanged += 1  # no leave, as the row says
    over = []
    for old in gone:
        if any(_overlap(old, absence) for absence in wanted):
            continue  # the file says when these days are
        if old.last >= today:
            counts.changed += 1
            issues.warn(said.rows[0], f"The leave from {old.first} to {old.last} is not in the file and is taken back.", "first")
        if old.first < today:
            over.append(replace(old, last=min(old.last, today - timedelta(days=1))))
    kept = (absence for absence in person.absences if absence.source != CSV)
    absences = sorted((*kept, *over, *wanted), key=lambda one: (one.first, one.last, one.part, one.source))
    return replace(person, absences=tuple(absences))
