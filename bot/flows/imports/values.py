"""Plans an import of values: `kr_id,current,note,source`, one row per key result that a machine reports. Pure; writes nothing.

From then on its owner is not asked for that number. The same file again changes nothing: a number that stays the same is
no news, and only a report by the API counts as one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from bot.flows.imports.table import Issues, Plan, Row, one_line, read_rows
from bot.model import Goal, GoalState, KeyResult
from bot.talk.numbers import parse_number

VALUE_COLUMNS = ("kr_id", "current", "note", "source")
CSV = "csv"
"""Who feeds a key result where the file does not say."""
_LONGEST = {"kr_id": 100, "note": 3000, "source": 100}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """A goal with its new values. `notes`: what the file says about each key result that changed, by its id."""

    goal: Goal
    notes: Mapping[str, str]


@dataclass(slots=True)
class _Counts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0


def plan_values(data: bytes, *, existing: Collection[Goal], now: datetime) -> Plan[Fed]:
    """What importing this file would do to the key results there are. It counts first values, other values, and the same ones."""
    issues = Issues()
    rows = read_rows(data, columns=VALUE_COLUMNS, required=("kr_id", "current"), issues=issues)
    homes = {result.id: (goal, result) for goal in existing for result in goal.key_results}
    read = _read(rows, homes, issues)
    if issues.rejections:
        return issues.refusal()
    counts = _Counts()
    notes: dict[str, dict[str, str]] = {}
    moved: dict[str, KeyResult] = {}
    for id, (row, value) in read.items():
        goal, before = homes[id]
        after = replace(before, current=value, source=one_line(row["source"]) or before.source or CSV)
        if goal.state in (GoalState.CLOSED, GoalState.DISCARDED):
            issues.warn(row.number, f'The objective of "{id}" is over; its grade stays as it was given.', "kr_id")
        _count(counts, before, after)
        if after != before:
            moved[id] = after
            notes.setdefault(goal.id, {})[id] = row["note"]
    return Plan(
        created=counts.created,
        changed=counts.changed,
        unchanged=counts.unchanged,
        values=tuple(_fed(goal, moved, notes[goal.id], now) for goal in existing if goal.id in notes),
        warnings=tuple(sorted(issues.warnings)),
    )


def _read(rows: list[Row], homes: Mapping[str, tuple[Goal, KeyResult]], issues: Issues) -> dict[str, tuple[Row, Decimal]]:
    """The rows by key result, with the number each says."""
    found: dict[str, tuple[Row, Decimal]] = {}
    for row in rows:
        id = one_line(row["kr_id"])
        for column, longest in _LONGEST.items():
            if len(row[column]) > longest:
                issues.reject(row.number, f"The {column} has {len(row[column]):,} characters; at most {longest:,} fit.", column)
        if id not in homes:
            issues.reject(row.number, f'There is no key result "{id[:60]}".' if id else "The kr_id is missing.", "kr_id")
            continue
        if id in found:
            issues.reject(row.number, f'The key result "{id}" stands in row {found[id][0].number} too.', "kr_id")
            continue
        found[id] = row, _number(row, homes[id][1].unit, issues)
    return found


def _number(row: Row, unit: str, issues: Issues) -> Decimal:
    if not row["current"]:
        issues.reject(row.number, "The current is missing; leave the row out where there is no value.", "current")
        return Decimal(0)
    try:
        return parse_number(row["current"], unit=unit, plain=True)
    except ValueError as error:
        issues.reject(row.number, str(error), "current")
        return Decimal(0)


def _count(counts: _Counts, before: KeyResult, after: KeyResult) -> None:
    if after == before:
        counts.unchanged += 1
    elif before.current is None:
        counts.created += 1
    else:
        counts.changed += 1


def _fed(goal: Goal, moved: Mapping[str, KeyResult], notes: Mapping[str, str], now: datetime) -> Fed:
    """A machine's number is an answer, as one by the API is (INTERFACES, "Updated")."""
    results = tuple(moved.get(result.id, result) for result in goal.key_results)
    return Fed(goal=replace(goal, key_results=results, updated_at=now, answered_at=now), notes=notes)
