"""`goal.stalled`: a goal nobody updated. The owner is asked first; the manager only after that message was delivered."""

from collections.abc import Iterator
from datetime import datetime, time

from bot.model import Goal, GoalKind
from bot.rules.cycles import bounds
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.people import is_away, listens_for
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Calendar, Unit, localize
from bot.scene import Scene

NAME = "goal.stalled"
OWNER = Threshold(
    rule=NAME,
    name="owner",
    kind=Kind.SPAN,
    default="14cd",
    light="28cd",
    active="10cd",
    unit=Unit.CALENDAR_DAYS,
    low=3,
    high=180,
    may_be_off=True,
    below="goal.stalled.manager",
)
MANAGER = Threshold(
    rule=NAME,
    name="manager",
    kind=Kind.SPAN,
    default="21cd",
    light="42cd",
    active="15cd",
    unit=Unit.CALENDAR_DAYS,
    low=4,
    high=365,
    may_be_off=True,
    above="goal.stalled.owner",
)
LEAD = Threshold(rule=NAME, name="lead", kind=Kind.SPAN, default="2d", low=1, high=20)


def silent_since(scene: Scene, goal: Goal, calendar: Calendar) -> datetime:
    """When the silence about a goal began: its last update (an import counts), or the owner's return from leave after it.

    Nobody is silent about what has not begun: not before its cycle, nor before it was approved.
    """
    since = max(goal.updated_at, goal.approved_at or goal.updated_at)
    if goal.kind is GoalKind.OBJECTIVE:
        first, _ = bounds(goal.cycle, scene.situation.company.fiscal_month)
        since = max(since, localize(first, time(0), calendar.zone))
    back = calendar.back_since(since, scene.now)
    return since if back is None else back


def basis(scene: Scene, goal: Goal, calendar: Calendar) -> str:
    """This silence, as opposed to the next one: after a long leave a new one begins."""
    return f"{silent_since(scene, goal, calendar):%Y%m%dT%H%M%S}"


def find(scene: Scene) -> Iterator[Finding]:
    """The owner after 14 calendar days without an update; the manager after 21."""
    yield from _owner(scene)
    yield from _manager(scene)
    yield from _asked(scene)


def _owner(scene: Scene) -> Iterator[Finding]:
    setting = scene.setting(scene.person, OWNER)
    if setting.off:
        return
    calendar = scene.calendar(scene.person)
    for goal in scene.active_goals():
        at = calendar.add(silent_since(scene, goal, calendar), setting.span)
        if at is None:
            continue
        yield Finding(
            rule=NAME,
            stage="owner",
            subject=f"goal:{goal.id}",
            at=at,
            policy=setting.version,
            weight=Weight.OWNER,
            basis=basis(scene, goal, calendar),
            offers=(Offer.ANSWER,),
            args={"days": scene.days_since(goal.updated_at, scene.person)},
            facts={"updated": goal.updated_at.isoformat(), "threshold": setting.value},
        )


def _asked(scene: Scene) -> Iterator[Finding]:
    """A manager asked through Rondo: true until the goal is updated."""
    calendar = scene.calendar(scene.person)
    for goal in scene.active_goals():
        asked = scene.nudged(NAME, "asked", f"goal:{goal.id}")
        if asked is not None and asked.basis == basis(scene, goal, calendar):
            yield Finding(rule=NAME, stage="asked", subject=asked.subject, at=asked.decided_at, policy=0, basis=asked.basis)


def _manager(scene: Scene) -> Iterator[Finding]:
    """Only if the owner's nudge was delivered at least two of the manager's working days before."""
    calendar = scene.calendar(scene.person)
    for goal in scene.situation.reports_goals:
        responsible = scene.situation.people.get(goal.owner_id)
        if responsible is None or not scene.is_active(goal) or not listens_for(scene.person, responsible, scene.situation):
            continue
        asked = scene.nudged(NAME, "owner", f"goal:{goal.id}", recipient=responsible.id)
        theirs = scene.calendar(responsible)
        this = basis(scene, goal, theirs)
        if asked is None or asked.basis != this or asked.delivered_at is None:
            continue
        setting = scene.setting(responsible, MANAGER)
        if setting.off:
            continue
        silent = theirs.add(silent_since(scene, goal, theirs), setting.span)
        lead = calendar.add(asked.delivered_at, scene.setting(responsible, LEAD).span)
        told = scene.nudged(NAME, "manager", f"goal:{goal.id}")
        unsaid = told is None or told.basis != this
        # Nobody can ask an owner who is on leave: it waits for their return, which after a long leave begins a new silence.
        there = theirs.next_polite(scene.now) if unsaid and is_away(responsible, scene.situation) else scene.now
        if silent is None or lead is None or there is None:
            continue
        yield Finding(
            rule=NAME,
            stage="manager",
            subject=f"goal:{goal.id}",
            at=max(silent, lead, there) if there > scene.now else max(silent, lead),
            policy=setting.version,
            weight=Weight.MANAGER,
            basis=this,
            offers=(Offer.ASK_OWNER, Offer.TALK),
            args={"days": scene.days_since(goal.updated_at, scene.person), "owner": responsible.name},
            facts={
                "updated": goal.updated_at.isoformat(),
                "threshold": setting.value,
                "owner_told": asked.delivered_at.isoformat(),
            },
        )


RULE = Rule(
    name=NAME,
    thresholds=(OWNER, MANAGER, LEAD),
    recipients=(Recipient.OWNER, Recipient.MANAGER),
    facts=("updated", "threshold", "owner_told"),
    find=find,
    steady=True,
    mutable=True,
)
