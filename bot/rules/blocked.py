"""`blocker.unresolved`: an obstacle that stands too long. Who can remove it hears first; who comes next only after that
message arrived; its owner hears when somebody else removed it.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.model import Duty, DutyKind, Goal, Person
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.people import stand_in, works_here
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.scene import Scene

NAME = "blocker.unresolved"
STANDS = Threshold(rule=NAME, kind=Kind.SPAN, default="2d", light="4d", active="1d", low=1, high=20, may_be_off=True)


def find(scene: Scene) -> Iterator[Finding]:
    """Whoever can remove it after 2 working days of theirs; who comes next as long after that message arrived."""
    removed: dict[str, Duty] = {}
    for duty in scene.situation.duties:
        if duty.kind is not DutyKind.BLOCKER:
            continue
        if duty.done_at is None:
            yield from _unresolved(scene, duty)
        elif duty.person_id == scene.person.id and duty.done_by not in ("", scene.person.id):
            removed[duty.goal_id] = max(duty, removed.get(duty.goal_id, duty), key=lambda one: (one.opened_at, one.id))
    for duty in removed.values():
        yield from _removed(scene, duty)


def _unresolved(scene: Scene, duty: Duty) -> Iterator[Finding]:
    owner = scene.situation.people.get(duty.person_id)
    goal = _goal(scene, duty)
    if owner is None or goal is None or not works_here(owner, scene.situation) or not scene.is_active(goal):
        return
    setting = scene.setting(owner, STANDS)
    since = duty.opened_at if duty.holder_id == scene.person.id else _passed_on_since(scene, duty)
    if setting.off or since is None:
        return
    at = scene.calendar(scene.person).add(since, setting.span)
    if at is None:
        return
    first = scene.situation.people.get(duty.holder_id)
    told = "" if duty.holder_id == scene.person.id else since.isoformat()
    yield Finding(
        rule=NAME,
        stage="remover" if duty.holder_id == scene.person.id else "manager",
        subject=f"duty:{duty.id}",
        at=at,
        policy=setting.version,
        weight=Weight.BLOCKER,
        basis=f"{duty.opened_at:%Y%m%dT%H%M%S}",
        offers=(Offer.DONE,),
        args={"owner": owner.name, "goal": goal.title, "remover": first.name if first else "–"},
        facts={
            "owner": owner.name,
            "opened": duty.opened_at.isoformat(),
            "threshold": setting.value,
            **({"remover_told": told} if told else {}),
        },
    )


def _passed_on_since(scene: Scene, duty: Duty) -> datetime | None:
    """Since when it is with whoever comes next: the first one's message arrived, or they left. None: it is not, or not here."""
    people = scene.situation.people
    following, first = people.get(duty.next_holder_id), people.get(duty.holder_id)
    if following is None or not is_or_covers(scene, scene.person, following):
        return None
    if first is not None and not works_here(first, scene.situation):
        return duty.opened_at
    told = scene.nudged(NAME, "remover", f"duty:{duty.id}", recipient=duty.holder_id)
    return told.delivered_at if told is not None else None


def is_or_covers(scene: Scene, one: Person, wanted: Person) -> bool:
    """It is the wanted person, or stands in for them while they are away."""
    return one.id == wanted.id or stand_in(wanted, scene.situation) == one


def _removed(scene: Scene, duty: Duty) -> Iterator[Finding]:
    """Somebody else says it is gone; true until the owner updates the goal."""
    goal = next((goal for goal in scene.active_goals() if goal.id == duty.goal_id), None)
    remover = scene.situation.people.get(duty.done_by)
    if goal is None or remover is None or duty.done_at is None or goal.updated_at >= duty.done_at:
        return
    yield Finding(
        rule=NAME,
        stage="removed",
        subject=f"goal:{goal.id}",
        at=duty.done_at,
        policy=scene.setting(scene.person, STANDS).version,
        weight=Weight.BLOCKER,
        basis=f"{duty.done_at:%Y%m%dT%H%M%S}",
        offers=(Offer.ANSWER,),
        args={"remover": remover.name, "obstacle": duty.text},
        facts={"by": remover.name, "removed": duty.done_at.isoformat()},
    )


def _goal(scene: Scene, duty: Duty) -> Goal | None:
    goals = (*scene.situation.goals, *scene.situation.reports_goals)
    return next((goal for goal in goals if goal.id == duty.goal_id), None)


RULE = Rule(
    name=NAME,
    thresholds=(STANDS,),
    recipients=(Recipient.REMOVER, Recipient.COORDINATOR, Recipient.MANAGER, Recipient.OWNER),
    facts=("owner", "opened", "threshold", "remover_told", "by", "removed"),
    find=find,
    steady=True,
)
