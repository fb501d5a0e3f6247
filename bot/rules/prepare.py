"""`cycle.prepare`: leaders are asked four questions before the next cycle. What they answer is kept as a `Duty`."""

from collections.abc import Iterator

from bot.model import DutyKind
from bot.rules.cycle_end import before_end, duty_id, is_done, today
from bot.rules.cycles import bounds, cycle_of
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Span, Unit
from bot.scene import Scene

NAME = "cycle.prepare"
BEFORE = Threshold(
    rule=NAME,
    kind=Kind.SPAN,
    default="30cd",
    light="21cd",
    active="35cd",
    unit=Unit.CALENDAR_DAYS,
    low=7,
    high=75,
    may_be_off=True,
)
AGAIN = Span(amount=10, unit=Unit.DAYS)


def find(scene: Scene) -> Iterator[Finding]:
    """Everybody whom somebody reports to, until the questions are answered or the cycle is over."""
    person = scene.person
    reports = (scene.situation.people.get(one) for one in scene.situation.reports)
    setting = scene.setting(person, BEFORE)
    if setting.off or not any(report is not None and report.manager_id == person.id for report in reports):
        return
    fiscal_month = scene.situation.company.fiscal_month
    cycle = cycle_of(today(scene), fiscal_month)
    wanted = duty_id(DutyKind.PREPARE, person.id, cycle)
    if is_done(scene, wanted):
        return
    _, last = bounds(cycle, fiscal_month)
    yield Finding(
        rule=NAME,
        stage="leader",
        subject=f"duty:{wanted}",
        at=before_end(scene, setting, last),
        policy=setting.version,
        weight=Weight.OWNER,
        basis=cycle,
        again=AGAIN,
        offers=(Offer.FILL_IN,),
        args={"cycle": cycle, "left": (last - today(scene)).days},
        facts={"cycle": cycle, "ends": last.isoformat(), "threshold": setting.value},
    )


RULE = Rule(
    name=NAME,
    thresholds=(BEFORE,),
    recipients=(Recipient.LEADER,),
    facts=("cycle", "ends", "threshold"),
    find=find,
    steady=True,
    mutable=True,
)
