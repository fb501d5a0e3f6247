"""To which week an answer belongs. A late one is kept in its own; where a later week spoke already, today stays as it is."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from bot.model import Answer, CheckIn, Goal, KeyResult
from bot.rules.checkin import checkin_of, current_period, is_overtaken
from bot.scene import Scene


def overtaken(scene: Scene, checkin: CheckIn, goal: Goal) -> bool:
    """A later week says already how the goal does."""
    return is_overtaken(scene.situation.checkins, checkin.period, goal.id)


def as_of(scene: Scene, checkin: CheckIn, goal: Goal) -> Goal:
    """The goal as a check-in is to speak of it: as it is, or, where a later week spoke already, as it was known until then."""
    if not overtaken(scene, checkin, goal):
        return goal
    known = answers_until(scene, checkin, goal)
    status = next((answer.status for answer in known if answer.status is not None), None)
    results = tuple(replace(result, current=_value(known, result)) for result in goal.key_results)
    return replace(goal, status=status, key_results=results)


def answers_until(scene: Scene, checkin: CheckIn, goal: Goal) -> tuple[Answer, ...]:
    """What was said about the goal in this week and those before, newest first."""
    weeks = (one for one in scene.situation.checkins if one.period <= checkin.period)
    return tuple(answer for one in weeks if (answer := one.answer_for(goal.id)) is not None)


def _value(answers: Iterable[Answer], result: KeyResult) -> Decimal | None:
    return next((answer.values[result.id] for answer in answers if result.id in answer.values), None)


def with_first_numbers(goal: Goal, answer: Answer) -> Goal:
    """The goal after a late answer about a week before the last: only a number nobody has named since is news."""
    results = tuple(
        replace(result, current=answer.values.get(result.id)) if result.current is None and not result.source else result
        for result in goal.key_results
    )
    return replace(goal, key_results=results)


def is_settled(scene: Scene, checkin: CheckIn) -> bool:
    """It was answered and its week is over: it stays as it is (see `checkin.named`)."""
    return checkin.state.is_answered and checkin.period != current_period(scene)


def about(scene: Scene, goal: Goal, checkin_id: str) -> CheckIn | None:
    """The check-in on whose card something was asked about a goal; else the newest that says how the goal does, if any."""
    person, _, period = checkin_id.rpartition("/")
    pressed = checkin_of(scene, period) if person == scene.person.id else None
    spoke = (
        one
        for one in ((pressed,) if pressed is not None else ()) + scene.situation.checkins
        if (answer := one.answer_for(goal.id)) is not None and answer.status is not None
    )
    return next(spoke, None)
