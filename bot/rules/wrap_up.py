"""`cycle.wrap_up`: owners say what their goals came to as a cycle ends. What they answer is kept as a `Duty`."""

from collections.abc import Iterator
from datetime import timedelta

from bot.model import DutyKind
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
    """Everybody with a goal in the cycle, until every goal is wrapped up; still for two weeks after the cycle."""
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
        goals = goals_of(scene, cycle)
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


RULE = Rule(
    name=NAME,
    thresholds=(BEFORE,),
    recipients=(Recipient.OWNER,),
    facts=("cycle", "ends", "threshold"),
    find=find,
    mutable=True,
)
