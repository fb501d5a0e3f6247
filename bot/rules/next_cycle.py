"""`cycle.next`: goals that were carried forward wait as drafts; and, where HR wants it, a cycle has begun without any goal."""

from collections.abc import Iterator

from bot.model import Goal, GoalState
from bot.rules.cycle_end import day_begins, today
from bot.rules.cycles import bounds, cycle_of
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Span, Unit
from bot.scene import Scene

NAME = "cycle.next"
DRAFTS = Threshold(
    rule=NAME, name="drafts", kind=Kind.SPAN, default="1d", light="3d", active="1d", low=1, high=20, may_be_off=True
)
EMPTY = Threshold(rule=NAME, name="empty", kind=Kind.SPAN, default="off", low=1, high=40, may_be_off=True)
AGAIN = Span(amount=5, unit=Unit.DAYS)
"""The answer itself shows the drafts with their buttons: after that, rarely."""

LIVE = (GoalState.DRAFT, GoalState.PROPOSED, GoalState.ACTIVE, GoalState.CLOSED)


def is_waiting(scene: Scene, goal: Goal) -> bool:
    """A draft of the desk's owner that came out of an earlier goal, in a cycle that is not over."""
    mine = goal.owner_id == scene.person.id and goal.state is GoalState.DRAFT
    return mine and bool(goal.carried_from) and goal.cycle >= _current(scene)


def find(scene: Scene) -> Iterator[Finding]:
    """The owner of drafts that wait, until they are sent for approval or dropped; whoever has no goal, once a cycle."""
    yield from _drafts(scene)
    yield from _empty(scene)


def _current(scene: Scene) -> str:
    return cycle_of(today(scene), scene.situation.company.fiscal_month)


def _drafts(scene: Scene) -> Iterator[Finding]:
    setting = scene.setting(scene.person, DRAFTS)
    if setting.off:
        return
    closings = {goal.id: goal.closing for goal in scene.situation.goals}
    for goal in scene.situation.goals:
        if not is_waiting(scene, goal):
            continue
        closing = closings.get(goal.carried_from)
        since = closing.at if closing is not None else goal.updated_at
        at = scene.calendar(scene.person).add(since, setting.span)
        if at is None:
            continue
        yield Finding(
            rule=NAME,
            stage="owner",
            subject=f"goal:{goal.id}",
            at=at,
            policy=setting.version,
            weight=Weight.OWNER,
            basis=goal.cycle,
            again=AGAIN,
            offers=(Offer.PROPOSE,),
            args={"cycle": goal.cycle},
            facts={"cycle": goal.cycle, "since": since.isoformat(), "threshold": setting.value},
        )


def _empty(scene: Scene) -> Iterator[Finding]:
    setting = scene.setting(scene.person, EMPTY)
    cycle = _current(scene)
    if setting.off or any(
        goal.owner_id == scene.person.id and goal.cycle == cycle and goal.state in LIVE for goal in scene.situation.goals
    ):
        return
    first, _ = bounds(cycle, scene.situation.company.fiscal_month)
    begins = day_begins(scene, first)
    at = scene.calendar(scene.person).add(begins, setting.span)
    if at is None or scene.person.known_since >= begins:
        return
    yield Finding(
        rule=NAME,
        stage="empty",
        subject=f"person:{scene.person.id}",
        at=at,
        policy=setting.version,
        weight=Weight.OWNER,
        basis=cycle,
        offers=(Offer.ADD_GOAL,),
        args={"cycle": cycle},
        facts={"cycle": cycle, "threshold": setting.value},
    )


RULE = Rule(
    name=NAME,
    thresholds=(DRAFTS, EMPTY),
    recipients=(Recipient.OWNER,),
    facts=("cycle", "since", "threshold"),
    find=find,
    steady=True,
    mutable=True,
)
