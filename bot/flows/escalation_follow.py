"""What came of a decision: once its due date is over, something has changed, or the question is open again."""

from datetime import datetime, time, timedelta

from bot.decision import Decision, together
from bot.flows.escalation_over import news, no_longer_wanted, unanswered
from bot.flows.escalation_shown import everybody_sees, noted, shown_or_planned
from bot.model import Escalation, EscalationState, EscalationStep, Goal, Person, Status
from bot.rules import escalated
from bot.rules.escalation_states import stepped, steps_of
from bot.rules.ladder import first_back, first_there
from bot.rules.people import stand_in, works_here, zone_of
from bot.rules.worktime import localize
from bot.scene import Scene

MOST_REOPENED = 3
"""So often a date may pass without a change; a fourth date would be a ritual, and the owner is told so instead."""

NUMBER = "number:"
"""Before the id of a key result, in what is remembered with a decision."""


def numbers_of(goal: Goal) -> dict[str, str]:
    """Where its key results stand, to be remembered with a decision."""
    return {f"{NUMBER}{one.id}": "" if one.current is None else str(one.current) for one in goal.key_results}


def decided_news(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """News for the owner of what was decided; looked at again when its date is over."""
    return news(scene, goal, escalation, later=follow_at(scene, escalation))


def after_decision(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """A decided one is looked at: the owner hears what was decided, and once its date is over it is seen what came of it."""
    at = follow_at(scene, escalation)
    if at is None or at > scene.now:
        return decided_news(scene, goal, escalation)
    outcome = no_longer_wanted(scene, goal, escalation).removeprefix("escalation-ended-") or _changed(scene, goal, escalation)
    if outcome:
        return _followed(scene, goal, escalation, outcome)
    if escalation.reopened >= MOST_REOPENED:
        return unanswered(scene, goal, escalation, "escalation-ended-dates")
    return _reopened(scene, goal, escalation)


def follow_at(scene: Scene, escalation: Escalation) -> datetime | None:
    """When the due day is over where the owner is, at the next polite instant of whoever would be asked. None: never."""
    owner = scene.situation.people.get(escalation.owner_id)
    undone = escalation.state is EscalationState.DECIDED and escalation.followed_at is None
    if escalation.due is None or owner is None or not undone:
        return None
    over = localize(escalation.due + timedelta(days=1), time(0), zone_of(owner, scene.situation.company))
    found = _whom(scene, escalation)
    return (scene.calendar(found[0]).next_polite(over) if found is not None else None) or over


def _whom(scene: Scene, escalation: Escalation) -> tuple[Person, int] | None:
    """Who decided, or their deputy; else whoever of the ladder is there, or back first."""
    decider = scene.situation.people.get(escalation.decided_by)
    if decider is not None and works_here(decider, scene.situation):
        there = stand_in(decider, scene.situation)
        if there is not None and there.id != escalation.owner_id:
            return there, escalation.step
    step = escalation.step
    return first_there(scene, escalation, step) or first_there(scene, escalation, 0) or first_back(scene, escalation, 0)


def _changed(scene: Scene, goal: Goal, escalation: Escalation) -> str:
    """What has changed since the decision, for the ledger; empty: nothing."""
    decided = next((one for one in reversed(steps_of(escalation)) if one.step is EscalationStep.DECIDED), None)
    since = escalation.decided_at or scene.now
    if any(one.goal_id == goal.id and one.opened_at > since for one in scene.situation.escalations):
        return "asked for again"
    if goal.status is Status.ON_TRACK and goal.answered_at is not None and goal.answered_at > since:
        return "on track"
    if any(one.approved and one.answered_at is not None and one.answered_at > since for one in goal.revisions):
        return "revised"
    before = decided.facts if decided is not None else {}
    moved = any(before.get(name, now) != now for name, now in numbers_of(goal).items())
    return "a number moved" if moved else ""


def _followed(scene: Scene, goal: Goal, escalation: Escalation, outcome: str) -> Decision:
    seen = stepped(escalation, EscalationStep.FOLLOWED, at=scene.now, who=escalation.owner_id, followed_at=scene.now)
    entry = noted(scene, seen, "escalation:followed", rule=escalated.DECIDING.name, outcome=outcome, goal=goal.id)
    done = everybody_sees(scene, goal, Decision(changes=(seen,), entries=(entry,)), seen)
    return together(done, news(scene, goal, seen, later=None))


def _reopened(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Nothing has changed: who decided is asked what should be adjusted now, with fresh clocks."""
    found = _whom(scene, escalation)
    if found is None:
        return unanswered(scene, goal, escalation, "escalation-ended-nobody")
    holder, step = found
    again = stepped(
        escalation,
        EscalationStep.REOPENED,
        at=scene.now,
        who=holder.id,
        facts={"due": escalation.due.isoformat()} if escalation.due is not None else {},
        step=max(step, escalation.step),
        handed_by="",
        waits=0,
        reopened=escalation.reopened + 1,
        decided_at=None,
        decided_by="",
        choice=None,
        note="",
        due=None,
    )
    told = {"holder": holder.email, "times": str(again.reopened)}
    entry = noted(scene, again, "escalation:reopened", rule=escalated.DECIDING.name, outcome="nothing has changed", **told)
    done = together(Decision(changes=(again,), entries=(entry,)), shown_or_planned(scene, goal, again, holder))
    return everybody_sees(scene, goal, done, again)
