"""`cycle.wrap_up`: owners say what their goals came to as a cycle ends; they hear of a grade that somebody else gave.

What they answer is kept as a `Duty`, and closes the goals.
"""

from collections.abc import Iterator
from datetime import timedelta

from bot.model import DutyKind, GoalState
from bot.rules.cycle_end import before_end, day_begins, duty_id, goals_of, is_done, today
from bot.rules.cycles import bounds, cycle_of
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Span, Unit
from bot.scene import Scene

NAME = "cycle.wrap_up"
BEFORE = Threshold(
    rule=NAME,
    kind=Kind.SPAN,
    default="7cd",
    light="5cd",
    active="10cd",
    unit=Unit.CALENDAR_DAYS,
    low=1,
    high=30,
    may_be_off=True,
)
AGAIN = Span(amount=3, unit=Unit.DAYS)
STILL_ASKED = timedelta(days=14)
"""So long after a cycle its wrap-up is still asked for: many a cycle ends in the holidays."""


def find(scene: Scene) -> Iterator[Finding]:
    """Everybody with a goal in the cycle, until every goal is closed; still for two weeks after the cycle."""
    yield from _wrap_ups(scene)
    yield from _graded(scene)


def _wrap_ups(scene: Scene) -> Iterator[Finding]:
    setting = scene.setting(scene.person, BEFORE)
    if setting.off:
        return
    fiscal_month = scene.situation.company.fiscal_month
    first, last = bounds(cycle_of(today(scene), fiscal_month), fiscal_month)
    earlier = first - timedelta(days=1)
    just_over = today(scene) <= earlier + STILL_ASKED and scene.person.known_since < day_begins(scene, first)
    for end in (earlier, last) if just_over else (last,):
        cycle = cycle_of(end, fiscal_month)
        wanted = duty_id(DutyKind.WRAP_UP, scene.person.id, cycle)
        goals = [goal for goal in goals_of(scene, cycle) if goal.closing is None]
        if not goals or is_done(scene, wanted):
            continue
        yield Finding(
            rule=NAME,
            stage="owner",
            subject=f"duty:{wanted}",
            at=before_end(scene, setting, end),
            policy=setting.version,
            weight=Weight.OWNER,
            basis=cycle,
            again=AGAIN,
            offers=(Offer.FILL_IN,),
            args={"cycle": cycle, "goals": len(goals)},
            facts={"cycle": cycle, "ends": end.isoformat(), "threshold": setting.value},
        )


def _graded(scene: Scene) -> Iterator[Finding]:
    """A coordinator closed a cross-team goal: its owner hears of it once, and can change the grade."""
    setting = scene.setting(scene.person, BEFORE)
    for goal in scene.situation.goals:
        closing = goal.closing
        if goal.owner_id != scene.person.id or goal.state is not GoalState.CLOSED or closing is None:
            continue
        if closing.by == goal.owner_id or scene.now >= closing.at + STILL_ASKED:
            continue
        by = scene.name(closing.by) or "–"
        yield Finding(
            rule=NAME,
            stage="graded",
            subject=f"goal:{goal.id}",
            at=closing.at,
            policy=setting.version,
            weight=Weight.OWNER,
            basis=f"{closing.at:%Y%m%dT%H%M%S}",
            offers=(Offer.GRADE,),
            args={"by": by},
            facts={"by": by, "cycle": goal.cycle},
        )


RULE = Rule(
    name=NAME,
    thresholds=(BEFORE,),
    recipients=(Recipient.OWNER,),
    facts=("cycle", "ends", "threshold", "by"),
    find=find,
    steady=True,
    mutable=True,
)
