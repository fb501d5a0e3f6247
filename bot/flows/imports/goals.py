"""Plans an import of goals (INTERFACES, "Goals CSV"). Pure; nothing here writes.

Says nothing about goals that are not in the file, and keeps what the file cannot know: status, answers, who feeds a key
result. A column the file does not have is not changed; a blank `current` keeps the value reported last.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from bot.flows.imports.table import Issues, Plan, Row, cyclic, one_line, parse_date, read_rows
from bot.model import Goal, GoalType, KeyResult, Person
from bot.rules.cycles import bounds, parse_cycle
from bot.talk.numbers import parse_number
from bot.talk.text import fold_email

V = TypeVar("V")

OBJECTIVE_COLUMNS = (
    "objective_id", "owner_email", "team", "cycle", "type", "objective", "why", "parent_id", "coordinator_email",
)  # fmt: skip
KEY_RESULT_COLUMNS = ("kr_id", "key_result", "unit", "start", "target", "current", "due")
_REQUIRED = ("objective_id", "owner_email", "cycle", "type", "objective")
_LONGEST = {
    "objective_id": 100,
    "kr_id": 100,
    "unit": 40,
    "team": 200,
    "objective": 500,
    "key_result": 500,
    "why": 3000,
}
OBJECTIVES_PER_CYCLE = 3  # PRODUCT.md section 3: more is accepted, with a warning


@dataclass(slots=True)
class _Block:
    """The rows of one objective: the first states it, the others bring key results."""

    first: Row
    rows: list[Row] = field(default_factory=list)


def plan_goals(
    data: bytes, *, existing: Collection[Goal], people: Collection[Person], now: datetime, fiscal_month: int
) -> Plan[Goal]:
    """What importing this file would do to the goals there are.

    Owners and coordinators must be among `people`. A goal that is new or changed counts as updated at `now`; an import
    is never an answer. `fiscal_month` is the first month of the company's fiscal year.
    """
    issues = Issues()
    rows = read_rows(data, columns=OBJECTIVE_COLUMNS + KEY_RESULT_COLUMNS, required=_REQUIRED, issues=issues)
    stored = {goal.id: goal for goal in existing}
    blocks = _blocks(rows, issues)
    _reject_shared_key_results(blocks, existing, issues)
    emails = {fold_email(person.email): person.id for person in people}
    known = frozenset(stored) | frozenset(blocks)
    read = _Reader(emails=emails, goals=known, now=now, fiscal_month=fiscal_month, issues=issues)
    goals = {id: read.goal(block, stored.get(id)) for id, block in blocks.items()}
    _reject_circles(goals, blocks, existing, issues)
    if issues.rejections:
        return issues.refusal()
    _warn_of_many(goals, blocks, existing, issues)
    changed = [goal for id, goal in goals.items() if id in stored and goal != stored[id]]
    created = [goal for id, goal in goals.items() if id not in stored]
    return Plan(
        created=len(created),
        changed=len(changed),
        unchanged=len(goals) - len(created) - len(changed),
        values=tuple(replace(goal, updated_at=now) for goal in (*created, *changed)),
        warnings=tuple(sorted(issues.warnings)),
    )


def _blocks(rows: Sequence[Row], issues: Issues) -> dict[str, _Block]:
    """The rows by objective. A blank id carries the one above down; repeated columns must say the same or nothing."""
    blocks: dict[str, _Block] = {}
    id = ""
    for row in rows:
        id = one_line(row["objective_id"]) or id
        if not id:
            issues.reject(row.number, "The objective_id is missing, and there is no objective above.", "objective_id")
            continue
        block = blocks.setdefault(id, _Block(first=row))
        block.rows.append(row)
        for column in OBJECTIVE_COLUMNS[1:]:
            if row[column] and _comparable(row, column) != _comparable(block.first, column):
                first = block.first.number
                detail = f'The {column} of "{id}" differs from row {first}; repeat it or leave it empty.'
                issues.reject(row.number, detail, column)
    return blocks


def _comparable(row: Row, column: str) -> str:
    cell = row[column]
    if column in ("owner_email", "coordinator_email"):
        return fold_email(cell)
    return cell.casefold() if column in ("cycle", "type") else one_line(cell)


def _reject_shared_key_results(blocks: Mapping[str, _Block], existing: Collection[Goal], issues: Issues) -> None:
    """A key result has one id and one objective, in the file and in what is stored."""
    homes = {result.id: goal.id for goal in existing for result in goal.key_results}
    seen: dict[str, int] = {}
    for id, block in blocks.items():
        for row in block.rows:
            result = one_line(row["kr_id"])
            if not result:
                continue
            if result in seen:
                issues.reject(row.number, f'The key result "{result}" stands in row {seen[result]} too.', "kr_id")
            elif homes.get(result, id) != id:
                issues.reject(row.number, f'The key result "{result}" belongs to objective "{homes[result]}".', "kr_id")
            seen.setdefault(result, row.number)


def _reject_circles(goals: Mapping[str, Goal], blocks: Mapping[str, _Block], existing: Collection[Goal], issues: Issues) -> None:
    """Rejects every objective of the file that supports itself, also across objectives that are stored already."""
    above = {goal.id: goal.parent_id for goal in existing} | {id: goal.parent_id for id, goal in goals.items()}
    for id in cyclic(above) & frozenset(goals):
        how = "" if goals[id].parent_id == id else ", over several steps"
        issues.reject(blocks[id].first.number, f'The objective "{id}" is{how} its own parent.', "parent_id")


def _warn_of_many(goals: Mapping[str, Goal], blocks: Mapping[str, _Block], existing: Collection[Goal], issues: Issues) -> None:
    """A warning at every objective beyond the third of one owner in one cycle; stored ones count first."""
    count = Counter((goal.owner_id, goal.cycle) for goal in existing if goal.id not in goals)
    for id, goal in goals.items():
        count[goal.owner_id, goal.cycle] += 1
        number = count[goal.owner_id, goal.cycle]
        if number > OBJECTIVES_PER_CYCLE:
            row = blocks[id].first
            detail = f"This is objective {number} of {row['owner_email']} in {goal.cycle}; more than three are too many."
            issues.warn(row.number, detail, "objective_id")


def replanned(before: Goal, after: Goal) -> dict[str, str]:
    """What an import changes of a goal that in chat needs a reason and an approval: `before > after` by field, for the ledger."""
    found = {"type": (before.type.value, after.type.value)}
    known = {result.id: result for result in before.key_results}
    for result in after.key_results:
        was = known.get(result.id)
        if was is not None:
            found |= {
                f"{name}:{result.id}": (str(getattr(was, name) or ""), str(getattr(result, name) or ""))
                for name in ("unit", "start", "target", "due")
                if getattr(was, name) != getattr(result, name)
            }
    return {field: f"{old} > {new}" for field, (old, new) in found.items() if old != new}


class _Reader:
    """Reads one objective after the other; what is wrong with a cell is rejected and the cell skipped."""

    def __init__(
        self,
        *,
        emails: Mapping[str, str],
        goals: frozenset[str],
        now: datetime,
        fiscal_month: int,
        issues: Issues,
    ) -> None:
        self._emails = emails
        self._goals = goals
        self._now = now
        self._fiscal_month = fiscal_month
        self._issues = issues

    def goal(self, block: _Block, before: Goal | None) -> Goal:
        """The goal as its rows want it; `updated_at` still as it was."""
        row = block.first
        id = one_line(row["objective_id"])
        self._length(row, "objective_id")
        base = before or Goal(id=id, owner_id="", title="", type=GoalType.COMMITTED, cycle="", updated_at=self._now)
        goal = replace(
            base,
            owner_id=self._cell(row, "owner_email", "", self._somebody, required=True) or "",
            title=self._cell(row, "objective", "", one_line, required=True) or "",
            type=self._cell(row, "type", None, _goal_type, required=True) or base.type,
            cycle=self._cell(row, "cycle", "", parse_cycle, required=True) or "",
            why=self._cell(row, "why", base.why, str) or "",
            team=self._cell(row, "team", base.team, one_line) or "",
            parent_id=self._cell(row, "parent_id", base.parent_id, self._parent),
            coordinator_id=self._cell(row, "coordinator_email", base.coordinator_id, self._somebody),
        )
        return replace(goal, key_results=self._key_results(block, goal, base))

    def _key_results(self, block: _Block, goal: Goal, base: Goal) -> tuple[KeyResult, ...]:
        """Those of the file in its order, then those only Rondo has."""
        stored = {result.id: result for result in base.key_results}
        found: dict[str, KeyResult] = {}
        for row in block.rows:
            result = self._key_result(row, goal, stored)
            if result is not None:
                found.setdefault(result.id, replace(result, position=len(found)))
        kept = [result for id, result in stored.items() if id not in found]
        first = block.first.number
        if kept:
            names = ", ".join(result.id for result in kept)
            self._issues.warn(first, f'"{goal.id}" keeps key results that are not in the file: {names}.', "kr_id")
        if not found and not kept:
            self._issues.warn(first, f'The objective "{goal.id}" has no key result.', "kr_id")
        return (*found.values(), *(replace(one, position=len(found) + n) for n, one in enumerate(kept)))

    def _key_result(self, row: Row, goal: Goal, stored: Mapping[str, KeyResult]) -> KeyResult | None:
        id = one_line(row["kr_id"])
        if not id:
            filled = [column for column in KEY_RESULT_COLUMNS if row[column]]
            if filled:
                self._issues.reject(row.number, f"The kr_id is missing, but {filled[0]} is not.", "kr_id")
            return None
        self._length(row, "kr_id")
        before = stored.get(id)
        base = before or KeyResult(id=id, goal_id=goal.id, text="")
        unit = self._cell(row, "unit", base.unit, one_line) or ""

        def number(column: str, was: Decimal | None) -> Decimal | None:
            return self._cell(row, column, was, lambda cell: parse_number(cell, unit=unit, plain=True))

        result = replace(
            base,
            text=self._cell(row, "key_result", base.text, one_line, required=before is None or row.has("key_result")) or "",
            unit=unit,
            start=number("start", base.start),
            target=number("target", base.target),
            current=number("current", base.current) if row["current"] else base.current,
            due=self._cell(row, "due", base.due, parse_date),
        )
        self._look_twice(row, goal, base, result)
        return result

    def _look_twice(self, row: Row, goal: Goal, base: KeyResult, result: KeyResult) -> None:
        """Warnings about a key result that is accepted."""
        if base.current is not None and result.current != base.current and goal.answered_at is not None:
            told = f"{result.current} replaces {base.current}, which was reported in Rondo."
            self._issues.warn(row.number, told, "current")
        if result.due is not None and goal.cycle:
            first, last = bounds(goal.cycle, self._fiscal_month)
            if not first <= result.due <= last:
                outside = f"The due date {result.due} lies outside {goal.cycle} ({first} to {last})."
                self._issues.warn(row.number, outside, "due")

    def _cell(self, row: Row, column: str, before: V | None, parse: Callable[[str], V], *, required: bool = False) -> V | None:
        if not row[column]:
            if required:
                self._issues.reject(row.number, f"The {column} is missing.", column)
            return None if row.has(column) else before
        try:
            self._length(row, column)
            return parse(row[column])
        except ValueError as error:
            self._issues.reject(row.number, str(error), column)
            return before

    def _length(self, row: Row, column: str) -> None:
        longest = _LONGEST.get(column, 1000)
        if len(row[column]) > longest:
            detail = f"The {column} has {len(row[column]):,} characters; at most {longest:,} fit."
            self._issues.reject(row.number, detail, column)

    def _somebody(self, cell: str) -> str:
        found = self._emails.get(fold_email(cell))
        if found is None:
            raise ValueError(f'Nobody with the e-mail "{cell[:60]}" is known; import the people first.')
        return found

    def _parent(self, cell: str) -> str:
        if one_line(cell) not in self._goals:
            raise ValueError(f'The objective "{cell[:60]}" is not in the file and not known already.')
        return one_line(cell)


def _goal_type(cell: str) -> GoalType:
    try:
        return GoalType(cell.casefold())
    except ValueError:
        kinds = ", ".join(GoalType)
        raise ValueError(f'"{cell[:40]}" is not a type of goal; write one of {kinds}.') from None
