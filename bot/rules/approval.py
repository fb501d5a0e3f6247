"""`goal.approval`: a goal, or a change of one, that waits for its owner's manager; and what became of it, for the owner.

Who is asked is the manager, or whoever comes next where nobody there can answer; a deputy acts while they are away.
"""

from collections.abc import Iterator
from datetime import timedelta

from bot.model import Duty, DutyKind, Goal, GoalState, Person, Revision
from bot.rules.access import Act
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.people import hr_admins, managers_of, stand_in, works_here
from bot.rules.relations import reader_of
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Span, Unit
from bot.scene import Scene

NAME = "goal.approval"
AGAIN = Threshold(rule=NAME, name="again", kind=Kind.SPAN, default="2d", light="3d", active="1d", low=1, high=20, may_be_off=True)
MOST_DAYS = 256
FRESH = timedelta(days=14)
"""An answer is news to the owner for two weeks: longer than most leave, shorter than it takes to be stale."""


OVER = frozenset({GoalState.CLOSED, GoalState.DISCARDED})
"""Whatever was asked about such a goal is no longer a question. (Its other states are not remembered for a backtest.)"""


def approver_of(scene: Scene, owner: Person) -> Person | None:
    """Who approves a person's goals: the next manager up who works here, else an HR admin; None: nobody can be asked."""
    above = (one for one in managers_of(owner, scene.situation.people) if works_here(one, scene.situation))
    admins = (one for one in hr_admins(scene.situation) if one.id != owner.id)
    return next(above, None) or next(admins, None)


def may_approve(scene: Scene, actor: Person, duty: Duty) -> bool:
    """Who was asked, who stands in for them, and the owner's manager of today; never the owner."""
    holder, owner = (scene.situation.people.get(one) for one in (duty.holder_id, duty.person_id))
    asked = holder is not None and (actor.id == holder.id or stand_in(holder, scene.situation) == actor)
    return owner is not None and reader_of(scene, actor, owner, asked=asked).may(Act.GOAL_APPROVE)


def requests_of(scene: Scene, goal_id: str) -> tuple[Duty, ...]:
    """Every time this goal was sent for approval, oldest first."""
    found = (one for one in scene.situation.duties if one.kind is DutyKind.APPROVAL and one.goal_id == goal_id)
    return tuple(sorted(found, key=lambda one: (one.opened_at, len(one.id), one.id)))


def waiting(scene: Scene, goal_id: str) -> Duty | None:
    """The request that waits for an answer."""
    return next((one for one in reversed(requests_of(scene, goal_id)) if one.done_at is None), None)


def pending(goal: Goal) -> Revision | None:
    """The change of a goal that nobody answered yet."""
    return next((one for one in reversed(goal.revisions) if one.approved is None), None)


def is_stuck(scene: Scene, goal: Goal) -> bool:
    """It waits for somebody who does not work here any more: its owner may send it again."""
    request = waiting(scene, goal.id)
    holder = scene.situation.people.get(request.holder_id) if request is not None else None
    return holder is not None and asks_something(goal) and not works_here(holder, scene.situation)


def asks_something(goal: Goal) -> bool:
    """The goal, or a change of it, waits for an answer."""
    return goal.state is GoalState.PROPOSED or (goal.state is GoalState.ACTIVE and pending(goal) is not None)


def find(scene: Scene) -> Iterator[Finding]:
    """Whoever is asked, until they answer; the owner, once there is an answer or nobody left to give one."""
    newest: dict[str, Duty] = {}
    for duty in scene.situation.duties:
        if duty.kind is not DutyKind.APPROVAL:
            continue
        goal, owner = _goal(scene, duty), scene.situation.people.get(duty.person_id)
        if goal is None or owner is None or not works_here(owner, scene.situation):
            continue
        if duty.person_id == scene.person.id:
            last = newest.get(duty.goal_id, duty)
            newest[duty.goal_id] = max(last, duty, key=lambda one: (one.opened_at, len(one.id), one.id))
        elif duty.done_at is None and goal.state not in OVER:
            yield from _asked(scene, duty, goal, owner)
    for duty in newest.values():
        goal = _goal(scene, duty)
        if goal is not None:
            yield from _news(scene, duty, goal)


def _asked(scene: Scene, duty: Duty, goal: Goal, owner: Person) -> Iterator[Finding]:
    """At the desk of who was asked, and of who stands in for them: each hears of it while it is theirs to answer."""
    holder = scene.situation.people.get(duty.holder_id)
    if holder is None or not works_here(holder, scene.situation):
        return
    if scene.person.id != holder.id and stand_in(holder, scene.situation) != scene.person:
        return
    setting = scene.setting(scene.person, AGAIN)
    yield Finding(
        rule=NAME,
        stage="manager",
        subject=f"duty:{duty.id}",
        at=duty.opened_at,
        policy=setting.version,
        weight=Weight.MANAGER,
        basis=f"{duty.opened_at:%Y%m%dT%H%M%S}.{scene.person.id[1:7]}",  # back from leave, it is asked of the manager as well
        again=None if setting.off else setting.span,
        offers=(Offer.APPROVE,),
        args={"owner": owner.name, "what": "goal" if goal.state is GoalState.PROPOSED else "change"},
        facts={"owner": owner.name, "since": duty.opened_at.isoformat(), "threshold": setting.value},
    )


def _news(scene: Scene, duty: Duty, goal: Goal) -> Iterator[Finding]:
    if duty.done_at is None:
        holder = scene.situation.people.get(duty.holder_id)
        if holder is not None and is_stuck(scene, goal):
            yield _told(scene, duty, goal, "gone", holder)
        elif asks_something(goal):
            yield from _watched(scene, duty, goal)
        return
    answerer = scene.situation.people.get(duty.done_by)
    if answerer is None or answerer.id == scene.person.id or scene.now > duty.done_at + FRESH:
        return
    if goal.updated_at > duty.done_at or goal.state not in (GoalState.DRAFT, GoalState.ACTIVE):
        return  # the owner went on from there
    yield _told(scene, duty, goal, "returned" if duty.answers.get("outcome") == "returned" else "approved", answerer)


def _watched(scene: Scene, duty: Duty, goal: Goal) -> Iterator[Finding]:
    """Nothing is said; the owner's desk is looked at after one working day, two, four …: who was asked may have left."""
    days = 1
    at = scene.calendar(scene.person).add(duty.opened_at, Span(amount=days, unit=Unit.DAYS))
    while at is not None and at <= scene.now and days < MOST_DAYS:
        days *= 2
        at = scene.calendar(scene.person).add(duty.opened_at, Span(amount=days, unit=Unit.DAYS))
    if at is not None and at > scene.now:
        subject = f"goal:{goal.id}"
        yield Finding(rule=NAME, stage="watched", subject=subject, at=at, policy=0, says=False, basis=duty.id)


def _told(scene: Scene, duty: Duty, goal: Goal, stage: str, who: Person) -> Finding:
    setting = scene.setting(scene.person, AGAIN)
    change = goal.state is GoalState.ACTIVE and duty.answers.get("what") == "change"
    return Finding(
        rule=NAME,
        stage=stage,
        subject=f"goal:{goal.id}",
        at=duty.done_at or duty.opened_at,
        policy=setting.version,
        weight=Weight.OWNER,
        basis=f"{duty.id}.{stage}",
        offers=(Offer.PROPOSE,) if stage == "gone" or goal.state is GoalState.DRAFT else (Offer.SHOW_GOALS,),
        args={"by": who.name, "what": "change" if change else "goal", "note": duty.answers.get("note", "")},
        facts={"by": who.name, "since": duty.opened_at.isoformat(), "threshold": setting.value},
    )


def _goal(scene: Scene, duty: Duty) -> Goal | None:
    goals = (*scene.situation.goals, *scene.situation.reports_goals)
    return next((goal for goal in goals if goal.id == duty.goal_id), None)


RULE = Rule(
    name=NAME,
    thresholds=(AGAIN,),
    recipients=(Recipient.MANAGER, Recipient.OWNER),
    facts=("owner", "since", "by", "threshold"),
    find=find,
    steady=True,
)
