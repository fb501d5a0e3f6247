"""What was typed into the form of a check-in, read: an answer per goal, or what is wrong at which field."""

from collections.abc import Mapping
from decimal import Decimal

from bot.flows.goal_lines import amount
from bot.model import Answer, Blocker, Cause, Goal, KeyResult, Status
from bot.scene import Scene
from bot.talk.numbers import NotANumber, Reason, parse_number
from bot.talk.text import clean


def answer_from(scene: Scene, goal: Goal, values: Mapping[str, str], errors: dict[str, str]) -> Answer | None:
    """One goal's part of the form; None when nothing was said about it. Adds to `errors` what was not understood."""
    voice = scene.voice(scene.person)
    status = next((status for status in Status if status.value == values.get(f"status:{goal.id}", "")), None)
    note, blocker_text, remover, confidence_text = (
        clean(values.get(f"{name}:{goal.id}", "")) for name in ("note", "blocker", "remover", "confidence")
    )
    numbers: dict[str, Decimal] = {}
    for result in goal.key_results:
        value = _number_from(scene, result, values, errors)
        if value is not None:
            numbers[result.id] = value
    confidence = _confidence(confidence_text)
    if confidence_text and confidence is None:
        errors[f"confidence:{goal.id}"] = voice.line("error-confidence")
    if status is None:
        said = (
            note
            or blocker_text
            or any(result.current != numbers.get(result.id) for result in goal.key_results if result.id in numbers)
        )
        if said:
            errors[f"status:{goal.id}"] = voice.line("error-choose-status")
        return None
    cause = next((cause for cause in Cause if cause.value == values.get(f"cause:{goal.id}", "")), None)
    blocker = Blocker(text=blocker_text, cause=cause, remover=remover) if blocker_text else None
    return Answer(goal_id=goal.id, status=status, values=numbers, confidence=confidence, note=note, blocker=blocker)


def _number_from(scene: Scene, result: KeyResult, values: Mapping[str, str], errors: dict[str, str]) -> Decimal | None:
    field = f"value:{result.id}"
    typed = clean(values.get(field, ""), limit=200)
    voice = scene.voice(scene.person)
    if result.source or not typed:
        return result.current
    if result.current is not None and typed == voice.number(result.current):
        return result.current
    try:
        return parse_number(typed, unit=result.unit)
    except NotANumber as error:
        errors[field] = not_a_number(scene, error, result)
        return None


def not_a_number(scene: Scene, error: NotANumber, result: KeyResult) -> str:
    """What is wrong with a number, and what to write instead."""
    voice = scene.voice(scene.person)
    if error.reason is Reason.AMBIGUOUS and len(error.readings) == 2:
        one, other = (voice.number(reading) for reading in error.readings)
        return voice.line("number-ambiguous", one=one, other=other)
    example = amount(scene, scene.person, Decimal(40), result.unit)
    return voice.line(f"number-{error.reason.value}", example=example)


def _confidence(text: str) -> int | None:
    try:
        value = parse_number(text)
    except NotANumber:
        return None
    return int(value) if value == int(value) and 0 <= value <= 10 else None
