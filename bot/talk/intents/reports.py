"""Reads a report in plain words: `launch at 40%, blocked by legal`, `all on track`, `출시는 순조롭고 채용은 위험해요`.

Ambiguity is asked back, never guessed: a negated or hedged status, a hint that fits two goals, a number that fits two key
results make the whole report a question. What is not understood stays with the report as its note.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.model import Goal, KeyResult, Status
from bot.talk.intents import lexicon
from bot.talk.intents.amounts import folded
from bot.talk.intents.clauses import Clause, clauses
from bot.talk.intents.kinds import Ambiguous, GoalReport, Question, Report, ReportAll, Unblocked
from bot.talk.intents.matching import Match, find

_AND = re.compile(r"\s+(?:and|&)\s+|\s*,\s*|(?<=[와과랑])\s+|\s+하고\s+")


@dataclass(slots=True)
class _Draft:
    """What has been said about one goal so far."""

    goal: Goal
    statuses: set[Status] = field(default_factory=set)
    values: dict[str | None, str] = field(default_factory=dict)
    blockers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    in_blocker: bool = False
    unblocked: bool = False


@dataclass(slots=True)
class _Reading:
    """A report while it is read, clause by clause. `asked` ends it."""

    goals: Sequence[Goal]
    drafts: dict[str, _Draft] = field(default_factory=dict)
    last: list[_Draft] = field(default_factory=list)
    waiting: list[Goal] = field(default_factory=list)  # named, with nothing said about them yet
    everything: Status | None = None
    notes: list[str] = field(default_factory=list)
    unblocked: list[str] = field(default_factory=list)  # said before any goal was named
    condition: bool = False
    missed: bool = False  # a number or nearly a status that was not understood: all or nothing
    asked: Ambiguous | None = None


def read_report(text: str, goals: Sequence[Goal]) -> ReportAll | Report | Unblocked | Ambiguous | None:
    """The report in a text; None where it holds none. Lines that quote somebody (`> …`) are not read."""
    lines = [line for line in text.split("\n") if not line.lstrip().startswith((">", "&gt;"))]
    reading = _Reading(goals=goals)
    for clause in clauses("\n".join(lines), goals):
        _take(reading, clause)
        if reading.asked:
            return reading.asked
    return _result(reading)


def _take(reading: _Reading, clause: Clause) -> None:
    if lexicon.is_pleasantry(clause.raw) and not clause.informative:
        return
    match = find(clause.hint, reading.goals)
    reading.missed |= clause.left or clause.nearly
    if clause.condition:
        reading.condition = True
        if reading.last or reading.everything:
            reading.asked = _doubtful(reading, match)
        return
    if clause.statuses and (clause.doubt or len(clause.statuses) > 1 or reading.condition):
        reading.asked = _doubtful(reading, match)
    elif clause.everything and clause.statuses and not match.goals:
        _take_everything(reading, clause, match)
    elif clause.informative:
        _take_facts(reading, clause, match)
    elif clause.unblocked and not match.rest and len(match.goals) < 2:
        _take_unblocked(reading, clause, match)
    elif match.goals and not match.rest and not clause.note and not clause.doubt:
        _take_name(reading, match)
    else:
        _take_words(reading, clause.raw)


def _take_everything(reading: _Reading, clause: Clause, match: Match) -> None:
    (status,) = clause.statuses
    if match.rest or clause.values or clause.blocker or reading.everything not in (None, status):
        reading.asked = _which(reading.goals)
        return
    reading.everything = status
    if clause.note:
        reading.notes.append(clause.note)


def _take_facts(reading: _Reading, clause: Clause, match: Match) -> None:
    """A status, number or blocker about a goal that is named, was just named, or is the only one."""
    if clause.values and not clause.statuses and not clause.blocker and match.rest and not match.key_result:
        share = any("%" in value for value in clause.values)
        if share and match.goals:
            reading.asked = _which_result(match.goals)
        elif share and not reading.last and reading.goals:  # `budget at 70%, at risk`: of none of the goals
            reading.asked = _which(reading.goals)
        else:  # `launch meeting at 10` is no result
            reading.missed |= bool(match.goals) or any(amount.unit for amount in clause.amounts)
            _take_words(reading, clause.raw)
        return
    meant = list(match.goals)
    if len(meant) == 1 and match.rest and len(_parts(clause.hint)) > 1:  # `launch and pizza`: half of a list
        reading.asked = _which(reading.goals)
        return
    if len(meant) > 1:
        meant = [] if clause.values else _listed(clause.hint, reading.goals)
        if not meant:
            reading.asked = _which(match.goals)
            return
    if not meant:
        meant = _understood(reading, match)
        if not meant:
            reading.asked = _which(reading.goals) if reading.goals else None
            return
    meant = [*(goal for goal in reading.waiting if goal not in meant), *meant]
    if len(meant) > 1 and clause.values:
        reading.asked = _which(meant)
        return
    reading.waiting = []
    reading.last = [reading.drafts.setdefault(goal.id, _Draft(goal)) for goal in meant]
    for draft in reading.last:
        _note_down(reading, draft, clause)


def _understood(reading: _Reading, match: Match) -> list[Goal]:
    """The goal of a clause that names none: the one just talked about, or the only one there is."""
    if match.rest or reading.everything is not None:
        return []
    if reading.waiting:
        return list(reading.waiting)
    if len(reading.last) == 1:
        return [reading.last[0].goal]
    return list(reading.goals) if len(reading.goals) == 1 else []


def _note_down(reading: _Reading, draft: _Draft, clause: Clause) -> None:
    draft.statuses |= clause.statuses
    if len(draft.statuses) > 1:
        reading.asked = Ambiguous(question=Question.STATUS, candidates=(draft.goal.id,))
        return
    if clause.values:
        named = find(clause.hint, [draft.goal]).key_result
        results = _fitting(draft.goal, named, clause)
        unclear = len(clause.values) > 1 or len(results) > 1 or (clause.glued and named is None)
        if unclear or (results and (results[0].id in draft.values or not _in_its_unit(clause, results[0]))):
            reading.asked = _which_result((draft.goal,))
            return
        draft.values[results[0].id if results else None] = _plain_value(clause.values[0], results[0] if results else None)
    if clause.blocker:
        draft.blockers.append(clause.blocker)
    if clause.note:
        draft.notes.append(clause.note)
    draft.in_blocker = bool(clause.blocker)
    draft.unblocked |= clause.unblocked


def _in_its_unit(clause: Clause, result: KeyResult) -> bool:
    """No other key result's unit is written behind the number, and no noun where it is per cent (`46 pilot clinics`)."""
    unit = folded(result.unit)
    return all(amount.unit in ("", unit) and not (amount.counts and unit in lexicon.PERCENT) for amount in clause.amounts)


def _fitting(goal: Goal, named: KeyResult | None, clause: Clause) -> list[KeyResult]:
    """The key results that a value may be about: the one named, else those a person reports, each in its own unit."""
    if named is not None:
        return [named]
    results = [result for result in goal.key_results if not result.source] or list(goal.key_results)
    units = {amount.unit for amount in clause.amounts if amount.unit}
    if alike := [result for result in results if folded(result.unit) in units]:
        return alike
    if len(results) > 1:
        percent = any("%" in value or "％" in value for value in clause.values)
        alike = [result for result in results if (result.unit.strip().casefold() in lexicon.PERCENT) == percent]
        return alike if len(alike) == 1 else results
    return results


def _plain_value(value: str, result: KeyResult | None) -> str:
    """`35/100` is 35 where the target is 100; otherwise it stays, and the reader of numbers will ask."""
    part, slash, whole = value.partition("/")
    if slash and result and result.target is not None and whole.strip() == f"{result.target.normalize():f}":
        return part.strip()
    return value


def _take_name(reading: _Reading, match: Match) -> None:
    """A goal is named and nothing said: the next clause will say it, or an exception from `all` was meant."""
    if reading.everything is not None:
        reading.asked = _doubtful(reading, match)
    elif len(match.goals) > 1:
        reading.asked = _which(match.goals)
    elif reading.last and reading.last[0].in_blocker:
        _take_words(reading, match.goals[0].title)
    else:
        reading.waiting.append(match.goals[0])


def _take_unblocked(reading: _Reading, clause: Clause, match: Match) -> None:
    """Nothing is in the way any more of the goal that is named, was just named, or is named later."""
    if named := [*match.goals, *reading.waiting]:
        reading.waiting = []
        reading.last = [reading.drafts.setdefault(goal.id, _Draft(goal)) for goal in named]
    elif not reading.last:
        reading.unblocked.append(clause.raw)
    for draft in reading.last:
        draft.unblocked |= not draft.in_blocker
    _take_words(reading, clause.raw)


def _take_words(reading: _Reading, raw: str) -> None:
    """Words that report nothing belong to what was said before them."""
    if not reading.last:
        reading.notes.append(raw)
    for draft in reading.last:
        (draft.blockers if draft.in_blocker else draft.notes).append(raw)


def _result(reading: _Reading) -> ReportAll | Report | Unblocked | Ambiguous | None:
    if reading.missed and (reading.drafts or reading.everything is not None):
        return _which_result([draft.goal for draft in reading.drafts.values()] or reading.goals)
    if reading.waiting and (reading.drafts or reading.everything):
        return Ambiguous(question=Question.STATUS, candidates=tuple(goal.id for goal in reading.waiting))
    if reading.everything is not None and not reading.drafts:
        return ReportAll(status=reading.everything, note=", ".join(reading.notes))
    if not reading.drafts:
        return Unblocked() if reading.unblocked and reading.unblocked == reading.notes else None
    if reading.everything is not None:
        for goal in reading.goals:
            reading.drafts.setdefault(goal.id, _Draft(goal, statuses={reading.everything}))
            reading.drafts[goal.id].statuses = reading.drafts[goal.id].statuses or {reading.everything}
    first = next(iter(reading.drafts.values()))
    first.notes[:0] = reading.notes
    first.unblocked |= bool(reading.unblocked)
    return Report(items=tuple(item for draft in reading.drafts.values() for item in _items(draft)))


def _items(draft: _Draft) -> list[GoalReport]:
    values: list[tuple[str | None, str | None]] = [*draft.values.items()] or [(None, None)]
    (key_result_id, value), *others = values
    head = GoalReport(
        goal_id=draft.goal.id,
        key_result_id=key_result_id,
        status=next(iter(draft.statuses), None),
        value=value,
        blocker=", ".join(draft.blockers),
        note=", ".join(draft.notes),
        unblocked=draft.unblocked,
    )
    return [head, *(GoalReport(goal_id=draft.goal.id, key_result_id=result, value=number) for result, number in others)]


def _parts(hint: str) -> list[str]:
    return [part for part in _AND.split(hint) if part.strip()]


def _listed(hint: str, goals: Sequence[Goal]) -> list[Goal]:
    """The goals of a list (`launch and hiring`), each named clearly by its own part; empty where one is not."""
    found: list[Goal] = []
    for part in _parts(hint):
        match = find(part, goals)
        if len(match.goals) != 1 or match.goals[0] in found:
            return []
        found.append(match.goals[0])
    return found if len(found) > 1 else []


def _doubtful(reading: _Reading, match: Match) -> Ambiguous:
    """Asks for the status of the goals named, else of those talked about, else of all."""
    meant = match.goals or tuple(draft.goal for draft in reading.last) or tuple(reading.goals)
    return Ambiguous(question=Question.STATUS, candidates=tuple(goal.id for goal in meant))


def _which(goals: Sequence[Goal]) -> Ambiguous:
    return Ambiguous(question=Question.GOAL, candidates=tuple(goal.id for goal in goals))


def _which_result(goals: Sequence[Goal]) -> Ambiguous:
    results = tuple(result.id for goal in goals for result in goal.key_results)
    return Ambiguous(question=Question.KEY_RESULT, candidates=results) if results else _which(goals)
