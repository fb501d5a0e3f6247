"""`goal.flatline`: the owner answers, but no key result moves. A question about the goal, not about the owner."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from bot.model import OVER, CheckIn, Goal, GoalType
from bot.rules.asking_again import rested
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.progress import is_reached
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Span, Unit
from bot.scene import Scene

NAME = "goal.flatline"
CHECKINS = Threshold(
    rule=NAME, kind=Kind.COUNT, counts="check-ins", default="3", light="4", active="2", low=2, high=6, may_be_off=True
)
AGAIN = Span(amount=28, unit=Unit.CALENDAR_DAYS)
LATER = Span(amount=1, unit=Unit.DAYS)
"""Not in the same breath as the answer that made it true."""

Values = Mapping[str, Decimal]


def standing_still(goal: Goal, checkins: tuple[CheckIn, ...]) -> tuple[CheckIn, ...]:
    """The newest answered check-ins (newest first) that moved no key result, compared each with the one before it.

    What is compared are the values of key results that are not yet at their target; the first of all with the baseline.
    """
    open_ids = [result.id for result in goal.key_results if not is_reached(result)]
    told: list[tuple[CheckIn, Values]] = []
    for checkin in checkins:
        answer = checkin.answer_for(goal.id)
        known: Values = answer.values if answer is not None else {}
        said = {name: known[name] for name in open_ids if name in known}
        if said:
            told.append((checkin, said))
    if not told or told[0][1] != _now(goal, open_ids):
        return ()
    baseline = {result.id: result.start for result in goal.key_results if result.start is not None}
    before_first = {name: baseline[name] for name in told[-1][1] if name in baseline}
    still: list[CheckIn] = []
    earlier = [*(values for _, values in told[1:]), before_first]
    for (checkin, values), before in zip(told, earlier, strict=True):
        if any(before.get(name) != value for name, value in values.items()):
            break
        still.append(checkin)
    return tuple(still)


def _now(goal: Goal, wanted: list[str]) -> Values:
    return {result.id: result.current for result in goal.key_results if result.id in wanted and result.current is not None}


def basis(goal: Goal) -> str:
    """Where the goal stands, as opposed to where it stood or will stand."""
    open_ids = [result.id for result in goal.key_results if not is_reached(result)]
    values = ";".join(f"{name}={value.normalize()}" for name, value in _now(goal, open_ids).items())
    return hashlib.sha256(values.encode()).hexdigest()[:12]


def find(scene: Scene) -> Iterator[Finding]:
    """The owner after three check-ins in which nothing moved; not while a decision about the goal is awaited."""
    setting = scene.setting(scene.person, CHECKINS)
    if setting.off:
        return
    awaited = {one.goal_id for one in scene.situation.escalations if one.state not in OVER}
    for goal in scene.active_goals():
        if goal.type is GoalType.LEARNING:
            continue  # judged by what was learned: its numbers may stand still while a lot is found out
        still = standing_still(goal, scene.situation.checkins) if goal.id not in awaited else ()
        at = _since(scene, goal, still[-setting.count]) if len(still) >= setting.count else None
        if at is None:
            continue
        finding = Finding(
            rule=NAME,
            stage="owner",
            subject=f"goal:{goal.id}",
            at=at,
            policy=setting.version,
            weight=Weight.OWNER,
            basis=basis(goal),
            again=AGAIN,
            offers=(Offer.ANSWER, Offer.NEED_DECISION) if goal.type is GoalType.COMMITTED else (Offer.ANSWER,),
            args={"count": len(still)},
            facts={"check_ins": str(len(still)), "since": still[-1].period, "threshold": setting.value},
        )
        yield rested(scene, goal, finding)


def _since(scene: Scene, goal: Goal, checkin: CheckIn) -> datetime | None:
    """A working day after the answer that made it true; an edit of that answer does not take back what was said."""
    row = scene.nudged(NAME, "owner", f"goal:{goal.id}")
    if row is not None and row.basis == basis(goal):
        return row.decided_at
    return scene.calendar(scene.person).add(checkin.answered_at, LATER) if checkin.answered_at is not None else None


RULE = Rule(
    name=NAME,
    thresholds=(CHECKINS,),
    recipients=(Recipient.OWNER,),
    facts=("check_ins", "since", "threshold"),
    find=find,
    mutable=True,
)
