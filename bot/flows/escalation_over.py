"""How an escalation ends: decided, withdrawn, or unanswered with a reason; and the news its owner gets of that."""

from datetime import datetime

from bot.decision import NOTHING, Decision, Lane, Look, Message, OnDoubt, Withdraw, together
from bot.flows import owed
from bot.flows.escalation_card import talk_of
from bot.flows.escalation_clock import held, is_paused
from bot.flows.escalation_owner import decided_words, unanswered_words
from bot.flows.escalation_shown import every_card, noted, subject_of
from bot.model import Escalation, EscalationState, EscalationStep, Goal, GoalState, Status
from bot.rules import escalated, one_on_one
from bot.rules.escalation_states import stepped
from bot.rules.people import has_left, local_now
from bot.scene import Scene

BY_OWNER = "escalation-ended-by-owner"
BACK_ON_TRACK = "escalation-ended-on-track"


def no_longer_wanted(scene: Scene, goal: Goal, escalation: Escalation) -> str:
    """The phrase that says why nobody needs this decision any more; empty: somebody does."""
    owner = scene.situation.people.get(escalation.owner_id)
    if owner is None or has_left(owner, local_now(owner, scene.situation).date()):
        return "escalation-ended-owner-left"
    if goal.state is not GoalState.ACTIVE:
        return "escalation-ended-goal-over"
    return "" if scene.is_active(goal) else "escalation-ended-cycle-over"


def back_on_track(goal: Goal, escalation: Escalation) -> str:
    """The phrase for what nobody asked for by hand, and whose owner has reported the goal on track since; else empty."""
    reported = goal.answered_at is not None and goal.answered_at >= escalation.opened_at
    return BACK_ON_TRACK if not escalation.requested and goal.status is Status.ON_TRACK and reported else ""


def withdrawn(scene: Scene, goal: Goal, escalation: Escalation, reason: str) -> Decision:
    """Nobody needs it any more: every card says so in place, and nothing is asked of anybody."""
    who = escalation.owner_id if reason in (BY_OWNER, BACK_ON_TRACK) else ""
    done = stepped(escalation, EscalationStep.WITHDRAWN, at=scene.now, who=who, facts={"reason": reason}, ended=reason)
    entry = noted(scene, done, "escalation:withdrawn", outcome=reason.removeprefix("escalation-ended-"), goal=goal.id)
    over = Decision(changes=(done,), entries=(entry,), looks=(Look(subject=subject_of(done), at=None),))
    over = together(over, talked(scene, done, outcome="withdrawn"))
    return together(over, every_card(scene.after(over), goal, done))


def unanswered(scene: Scene, goal: Goal, escalation: Escalation, reason: str) -> Decision:
    """Nobody decided, however often they were asked: its owner hears it, with what they can do now."""
    facts = {"reason": reason}
    done = stepped(escalation, EscalationStep.UNANSWERED, at=scene.now, who=escalation.holder_id, facts=facts, ended=reason)
    outcome = reason.removeprefix("escalation-ended-")
    entry = noted(scene, done, "escalation:unanswered", rule=escalated.DECIDING.name, outcome=outcome, goal=goal.id)
    over = Decision(changes=(done,), entries=(entry,))
    known = scene.after(over)
    return together(over, every_card(known, goal, done), news(known, goal, done, later=None))


def talked(scene: Scene, escalation: Escalation, *, outcome: str, by: str = "") -> Decision:
    """What *Talk first* put on the list for the next 1:1 goes with it."""
    talk = talk_of(scene, escalation)
    if talk is None or talk.done_at is not None:
        return NOTHING
    return owed.closed(scene, talk, rule=one_on_one.NAME, outcome=outcome, by=by)


def news_key(escalation: Escalation) -> str:
    """The message with the news for its owner; a decision after a reopening is new."""
    again = f":{escalation.reopened}" if escalation.reopened else ""
    return f"escalation:{escalation.id}{again}:{escalation.state.value}"


def news(scene: Scene, goal: Goal, escalation: Escalation, *, later: datetime | None) -> Decision:
    """What came of it, for its owner at their next polite time. `later`: when it is to be looked at again; None: never."""
    subject = subject_of(escalation)
    owner = scene.situation.people.get(escalation.owner_id)
    key = news_key(escalation)
    known = any(told.key == key and told.delivered_at is not None for told in scene.situation.told)
    if owner is None or known:
        return Decision(looks=(Look(subject=subject, at=later),))
    calendar = scene.calendar(owner)
    if not calendar.is_polite(scene.now):
        polite = calendar.next_polite(scene.now)
        at = min((one for one in (polite, later) if one is not None), default=None)
        waits = any(told.key == key for told in scene.situation.told)  # and does not reach somebody who went away meanwhile
        kept_back = (Withdraw(key=key),) if waits else ()
        return Decision(withdrawals=kept_back, looks=(Look(subject=subject, at=at, zone=calendar.zone.key),))
    rule = escalated.DECIDING.name
    if is_paused(scene, owner):
        return held(scene, escalation, owner, rule)
    decided = escalation.state is EscalationState.DECIDED
    words = decided_words if decided else unanswered_words
    facts = {"goal": goal.title}
    if decided:
        choice = escalation.choice.value if escalation.choice else ""
        facts |= {"decision": choice, "by": scene.name(escalation.decided_by)}
    message = Message(
        key=key,
        to=owner.id,
        card=words(scene, goal, escalation, owner, key),
        lane=Lane.ESCALATION,
        rule=rule,
        subjects=(subject, f"goal:{goal.id}"),
        facts=facts,
        policy=escalation.policy,
        on_doubt=OnDoubt.RESEND,
        expires_at=scene.expiry(owner),
    )
    told = noted(scene, escalation, f"nudge:{rule}:queued", rule=rule, to=owner.email)
    return Decision(messages=(message,), entries=(told,), looks=(Look(subject=subject, at=later),))
