"""What was changed of a goal after it was approved: before and after, why, and what was answered. Never left out."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.flows.goal_words import amount_words, result_words
from bot.model import Changed, Goal, GoalType, KeyResult, Person, Revision
from bot.rules.people import zone_of
from bot.scene import Scene
from bot.talk.text import Text
from bot.talk.voice import Voice


def revision_lines(scene: Scene, goal: Goal, reader: Person, *, words: bool = True) -> tuple[Text, ...]:
    """Every change of target, date or type, oldest first, as the reader reads it; with people's reasons only where `words`."""
    return tuple(line for revision in goal.revisions for line in _lines(scene, goal, revision, reader, words=words))


def _lines(scene: Scene, goal: Goal, revision: Revision, reader: Person, *, words: bool) -> Iterator[Text]:
    voice = scene.voice(reader)
    zone = zone_of(reader, scene.situation.company)
    for changed in revision.changes:
        yield voice.text(
            "history-change", date=voice.date(revision.at.astimezone(zone).date()), change=change_words(voice, goal, changed)
        )
    yield voice.text(
        "history-answer",
        state=state_of(revision),
        reasoned="yes" if words and revision.reason else "no",
        reason=revision.reason,
        by=scene.name(revision.answered_by) or "–",
        noted="yes" if words and revision.note else "no",
        note=revision.note,
    )


def state_of(revision: Revision) -> str:
    """`waiting`, `approved`, `returned`, or `replaced` by its owner."""
    if revision.approved is None:
        return "waiting"
    if revision.approved:
        return "approved"
    return "replaced" if revision.answered_by == revision.by else "returned"


def change_words(voice: Voice, goal: Goal, changed: Changed) -> str:
    """`Target of “Activation”: 60 % → 50 %`."""
    what, _, name = changed.field.partition(":")
    result = next((one for one in goal.key_results if one.id == name), None)
    if what == "type":
        before, after = (voice.line(f"goal-type-{one}") for one in (changed.before, changed.after))
        return voice.line("change-type", before=before, after=after)
    if what == "result":
        return voice.line("change-result", result=result_words(voice, new_result(goal, changed)))
    unit = result.unit if result is not None else ""
    before, after = (_value_words(voice, what, value, unit) for value in (changed.before, changed.after))
    return voice.line("change-value", what=what, result=result.text if result is not None else "–", before=before, after=after)


def _value_words(voice: Voice, what: str, value: str, unit: str) -> str:
    if not value:
        return "–"
    if what == "due":
        return voice.date(date.fromisoformat(value))
    return value if what == "unit" else amount_words(voice, Decimal(value), unit)


def adding(result: KeyResult) -> Changed:
    """The change that adds a key result."""
    numbers = (str(one) if one is not None else "" for one in (result.start, result.target, result.current))
    due = result.due.isoformat() if result.due else ""
    words = json.dumps([result.text, result.unit, *numbers, due], ensure_ascii=False)
    return Changed(field=f"result:{result.id}", before="", after=words)


def new_result(goal: Goal, changed: Changed) -> KeyResult:
    """The key result that a change adds."""
    text, unit, start, target, current, due = json.loads(changed.after)
    return KeyResult(
        id=changed.field.partition(":")[2],
        goal_id=goal.id,
        text=text,
        unit=unit,
        start=Decimal(start) if start else None,
        target=Decimal(target) if target else None,
        current=Decimal(current) if current else None,
        due=date.fromisoformat(due) if due else None,
        position=len(goal.key_results),
    )


def applied(goal: Goal, revision: Revision) -> Goal:
    """The goal with a change made; what the change is about and is gone by now stays gone."""
    for changed in revision.changes:
        goal = _changed(goal, changed)
    return goal


def _changed(goal: Goal, changed: Changed) -> Goal:
    what, _, name = changed.field.partition(":")
    if what == "type":
        return replace(goal, type=GoalType(changed.after))
    if what == "result":
        known = any(one.id == name for one in goal.key_results)
        return goal if known else replace(goal, key_results=(*goal.key_results, new_result(goal, changed)))
    results = tuple(_result(one, what, changed.after) if one.id == name else one for one in goal.key_results)
    return replace(goal, key_results=results)


def _result(result: KeyResult, what: str, after: str) -> KeyResult:
    match what:
        case "start":
            return replace(result, start=Decimal(after) if after else None)
        case "target":
            return replace(result, target=Decimal(after) if after else None)
        case "due":
            return replace(result, due=date.fromisoformat(after) if after else None)
        case "unit":
            return replace(result, unit=after)
        case _:
            return result
