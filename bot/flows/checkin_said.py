"""What was said in words about a goal before anybody knew how it is doing: it waits in the check-in's draft for a status.

A button, the form or the next words complete it. It is what its owner wrote, read again when it is taken; another number
said in the meantime takes its place. Also how words join what was written about the same week before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from bot.model import Answer, CheckIn, Goal
from bot.talk.intents import GoalReport
from bot.talk.numbers import NotANumber, parse_number

LONGEST_NOTE = 1000
"""What the form's field of a note holds (`TextField.max_length`): more could not be changed there any more."""

_SAID = "said:"
"""Before the name of a form's field. A form that was closed unsent leaves fields without it: those nobody has said yet."""


def joined(earlier: str, more: str) -> str | None:
    """A note, and what was said besides in the same week on a line of its own; None where both do not fit.

    Somebody chose the words of a form, and a few words in passing are no reason to lose them.
    """
    if not more or more in earlier.split("\n"):
        return earlier
    both = f"{earlier}\n{more}" if earlier else more
    return both if not earlier or len(both) <= LONGEST_NOTE else None


def kept(checkin: CheckIn, item: GoalReport, result_id: str | None) -> CheckIn:
    """The check-in with what waits for a status of the item's goal."""
    draft = dict(checkin.draft)
    if result_id is not None and item.value is not None:
        draft[f"{_SAID}value:{result_id}"] = item.value
    if item.note:
        field = f"{_SAID}note:{item.goal_id}"
        draft[field] = joined(draft.get(field, ""), item.note) or item.note
    return replace(checkin, draft=draft)


def waiting(checkin: CheckIn, goal: Goal) -> Mapping[str, str]:
    """The numbers of a goal that wait for its status, as they were written, by the text of their key result."""
    said = {result.text: checkin.draft.get(f"{_SAID}value:{result.id}", "") for result in goal.key_results}
    return {text: number for text, number in said.items() if number}


def known(checkin: CheckIn, goal: Goal) -> Answer:
    """The answer about a goal so far: what this check-in says, every number known now, and what waits for a status."""
    earlier = checkin.answer_for(goal.id) or Answer(goal_id=goal.id)
    values = {result.id: result.current for result in goal.key_results if result.current is not None}
    for result in goal.key_results:
        said = checkin.draft.get(f"{_SAID}value:{result.id}", "")
        read = _number(said, result.unit) if said and not result.source else None
        if read is not None:
            values[result.id] = read
    note = joined(earlier.note, checkin.draft.get(f"{_SAID}note:{goal.id}", ""))
    return replace(earlier, values=values, note=earlier.note if note is None else note)


def _number(said: str, unit: str) -> Decimal | None:
    try:
        return parse_number(said, unit=unit)
    except NotANumber:  # it was one when it was said: the key result has another unit since
        return None


def in_form(draft: Mapping[str, str]) -> dict[str, str]:
    """What a form shows of a draft: what was typed, and what was said."""
    shown = {field: typed for field, typed in draft.items() if not field.startswith(_SAID)}
    for field, said in draft.items():
        if field.startswith(_SAID):
            plain = field.removeprefix(_SAID)
            both = joined(shown.get(plain, ""), said) if plain.startswith("note:") else said
            shown[plain] = shown[plain] if both is None else both
    return shown


def beside(draft: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """What was said and still waits after a form was closed unsent: all that the form does not show otherwise."""
    shown = in_form(draft)
    fields = {field: field.removeprefix(_SAID) for field in draft if field.startswith(_SAID)}
    return {field: draft[field] for field, plain in fields.items() if typed.get(plain, shown[plain]) == shown[plain]}


def left(draft: Mapping[str, str], goals: Iterable[Goal], *, form: bool) -> dict[str, str]:
    """What is left of a draft once these goals were answered: typed statuses never wait, and a form takes all that was typed."""
    taken = {
        f"{_SAID}{field}"
        for goal in goals
        for field in (f"note:{goal.id}", *(f"value:{result.id}" for result in goal.key_results))
    }
    return {
        field: typed
        for field, typed in draft.items()
        if field not in taken and not field.startswith("status:") and (not form or field.startswith(_SAID))
    }
