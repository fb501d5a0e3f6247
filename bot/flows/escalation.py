"""A request for a decision: opened from a goal, carried up a ladder in working time, closed by somebody who decides.

Asks what should be adjusted, never who is to blame. The rules in force are frozen when it opens.
"""

from bot.decision import NOTHING, Decision, Entry, Lane, Message, together
from bot.events import Pressed, Submitted
from bot.flows import obstacles, readings
from bot.flows.escalation_card import checkins_of, escalation_card
from bot.flows.escalation_clock import deadline_of, held, is_paused, next_looks
from bot.flows.escalation_follow import after_decision
from bot.flows.escalation_ladder import climbed, clock_ran_out, forgotten, while_away
from bot.flows.escalation_over import BY_OWNER, back_on_track, news, no_longer_wanted
from bot.flows.escalation_over import withdrawn as withdrawn_for
from bot.flows.escalation_shown import (
    RULE,
    RULES,
    arrived,
    card_key,
    every_card,
    everybody_sees,
    goal_of,
    never_shown,
    noted,
    rule_of,
    shown_or_planned,
    shown_with,
    subject_of,
)
from bot.model import OVER, Cause, Escalation, EscalationState, EscalationStep, Goal
from bot.rules import escalated
from bot.rules.access import Act
from bot.rules.escalation_states import cards_now, stepped
from bot.rules.ladder import first_back, first_there, ladder_for
from bot.rules.people import is_away
from bot.rules.relations import reader_of
from bot.scene import Scene
from bot.talk.cards import Paragraph

__all__ = [
    "RULE",
    "RULES",
    "acknowledged",
    "acted",
    "arrived",
    "every_card",
    "goal_of",
    "looked_at",
    "may_open",
    "never_shown",
    "not_opened",
    "opened",
    "refusal",
    "reported",
    "subject_of",
    "talking",
    "undecided",
    "whole_card",
    "withdrawn",
]


def undecided(scene: Scene) -> dict[str, Escalation]:
    """The escalations of the desk's goals that still wait for a decision, by goal id."""
    return {
        escalation.goal_id: escalation
        for escalation in scene.situation.escalations
        if escalation.state not in OVER and escalation.owner_id == scene.person.id
    }


def may_open(scene: Scene, goal: Goal) -> bool:
    """No other one is open for this goal, and the owner was asked: a message of ours reached them (PRODUCT.md 2, facts).

    A button or form can only be used on a card that arrived; for plain words an earlier delivery must be on record.
    """
    asked = isinstance(scene.event, Pressed | Submitted) or any(told.delivered_at for told in scene.situation.told)
    return asked and goal.id not in undecided(scene)


def not_opened(scene: Scene, goal: Goal, policy: int) -> Decision:
    """Words that would ask for a decision, before anything was asked of their author: kept in the ledger, with the reason."""
    if goal.id in undecided(scene):
        return NOTHING
    held = f"nudge:{RULE}:held"
    return Decision(entries=(scene.entry(held, f"goal:{goal.id}", rule=RULE, policy=policy, outcome="not asked yet"),))


def opened(
    scene: Scene, goal: Goal, *, cause: str, loss: str, requested: bool, kind: Cause | None = None, remover: str = ""
) -> Decision:
    """A new escalation about the desk owner's goal: the holder gets a card at their next polite time, the owner is told.

    `kind` and `remover` are the obstacle's cause and who can remove it, as the owner named them.
    """
    owner = scene.person
    earlier = sum(escalation.goal_id == goal.id for escalation in scene.situation.escalations)
    acknowledge = scene.setting(owner, escalated.ACKNOWLEDGE)
    decide = scene.setting(owner, escalated.DECIDE)
    asked_for = Escalation(
        id=f"{goal.id}@{scene.now:%Y%m%dT%H%M%S}" + (f"-{earlier + 1}" if earlier else ""),
        goal_id=goal.id,
        owner_id=owner.id,
        opened_at=scene.now,
        ladder=ladder_for(scene, goal),
        cause=cause,
        loss=loss,
        requested=requested,
        acknowledge_within=acknowledge.value,
        decide_within=decide.value,
        policy=scene.setting(owner, escalated.AT_RISK).version,
    )
    found = first_there(scene, asked_for, 0) or first_back(scene, asked_for, 0)
    if found is None:
        return _impossible(scene, goal)
    holder, step = found
    suggested = obstacles.who_could(scene, goal, remover, asked_for.ladder)
    began = stepped(
        asked_for,
        EscalationStep.OPENED,
        at=scene.now,
        who=holder.id,
        facts={"kind": kind.value} if kind is not None else {},
        step=step,
        suggested_id=suggested.id if suggested is not None and suggested.id != holder.id else "",
    )
    asked = "yes" if requested else "no"
    facts = {"goal": goal.id, "holder": holder.email, "step": str(step + 1), "of": str(len(began.ladder))}
    entries = (
        noted(scene, began, "escalation:opened", goal=goal.id, requested=asked),
        noted(scene, began, "escalation:handed", **facts),
    )
    done = together(Decision(changes=(began,), entries=entries), shown_or_planned(scene, goal, began, holder))
    done = everybody_sees(scene, goal, done, began)
    return together(done, obstacles.taken_up(scene.after(done), goal))


def _impossible(scene: Scene, goal: Goal) -> Decision:
    voice = scene.voice(scene.person)
    told = scene.reply(
        Paragraph(text=voice.text("escalation-nobody", goal=goal.title)),
        summary=voice.line("escalation-nobody", goal=goal.title),
        key=f"reply:{scene.event.id}:{goal.id}",  # one form may be about several goals
    )
    entry = scene.entry("escalation:impossible", f"goal:{goal.id}", rule=RULE, outcome="nobody on the ladder")
    return together(told, Decision(entries=(entry,)))


def looked_at(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Its agenda row came due: show it, remind the holder, climb, end it, or tell the owner what came of it."""
    match escalation.state:
        case EscalationState.DECIDED:
            return after_decision(scene, goal, escalation)
        case EscalationState.UNANSWERED:
            return news(scene, goal, escalation, later=None)
        case EscalationState.WITHDRAWN:
            return forgotten(escalation)
        case EscalationState.OPEN | EscalationState.ACKNOWLEDGED:
            reason = no_longer_wanted(scene, goal, escalation) or back_on_track(goal, escalation)
            return withdrawn_for(scene, goal, escalation, reason) if reason else _waiting(scene, goal, escalation)


def _waiting(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Nobody decided yet."""
    holder = scene.situation.people.get(escalation.holder_id)
    if holder is None or scene.calendar(holder).next_polite(scene.now) is None:  # gone for good
        return climbed(scene, goal, escalation)
    paused = is_paused(scene, holder)  # then it moves to nobody, whoever is away
    if is_away(holder, scene.situation) and not paused:
        moved = while_away(scene, goal, escalation, holder)
        if moved is not None:
            return moved
    if not cards_now(escalation):
        return shown_or_planned(scene, goal, escalation, holder)
    deadline = deadline_of(scene, escalation, holder)
    if deadline is None or deadline > scene.now or not scene.calendar(holder).is_polite(scene.now):
        return Decision(looks=next_looks(scene, escalation, holder))
    if paused:
        late = escalation.state is EscalationState.ACKNOWLEDGED
        return held(scene, escalation, holder, (escalated.DECIDING if late else escalated.ACKNOWLEDGING).name)
    return clock_ran_out(scene, goal, escalation, holder)


def refusal(scene: Scene, escalation: Escalation) -> Decision | None:
    """Why the actor may not act on it now, in words; None: they may."""
    match escalation.state:
        case EscalationState.DECIDED:
            return scene.tell("escalation-already-decided", by=scene.name(escalation.decided_by) or "–")
        case EscalationState.WITHDRAWN | EscalationState.UNANSWERED:
            reason = scene.voice(scene.actor).line(escalation.ended)
            return scene.tell("escalation-already-ended", reason=reason)
        case EscalationState.OPEN | EscalationState.ACKNOWLEDGED:
            owner, asked = scene.situation.people.get(escalation.owner_id), scene.actor.id == escalation.holder_id
            if owner is not None and reader_of(scene, scene.actor, owner, asked=asked).may(Act.DECISION_MAKE):
                return None
            return scene.tell("escalation-not-yours", holder=scene.name(escalation.holder_id) or "–")


def acknowledged(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """The holder takes it: the ladder's clock stops, the decision clock starts."""
    refused = refusal(scene, escalation)
    if refused is not None:
        return refused
    if escalation.state is EscalationState.ACKNOWLEDGED:
        return scene.tell("escalation-acknowledged-already")
    taken = taken_by(scene, escalation)
    entries = (noted(scene, taken, "escalation:acknowledged", by=scene.actor.email), *acted(scene, escalation))
    done = Decision(changes=(taken,), entries=entries, looks=next_looks(scene, taken, scene.actor))
    return together(done, every_card(scene.after(done), goal, taken))


def talking(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """The holder put it on the list for the next 1:1: it counts as acknowledged, and stays open."""
    first = escalation.state is EscalationState.OPEN
    taken = taken_by(scene, escalation) if first else escalation
    talked = stepped(taken, EscalationStep.TALK_FIRST, at=scene.now, who=scene.actor.id)
    entries = (noted(scene, talked, "escalation:acknowledged", by=scene.actor.email),) if first else ()
    entries = (*entries, noted(scene, talked, "escalation:talk_first", by=scene.actor.email), *acted(scene, escalation))
    done = Decision(changes=(talked,), entries=entries, looks=next_looks(scene, talked, scene.actor))
    return together(done, every_card(scene.after(done), goal, talked))


def taken_by(scene: Scene, escalation: Escalation) -> Escalation:
    """Its holder, who acts now, has it."""
    step = EscalationStep.ACKNOWLEDGED
    return stepped(escalation, step, at=scene.now, who=scene.actor.id, acknowledged_at=scene.now, reminded_at=None)


def acted(scene: Scene, escalation: Escalation) -> tuple[Entry, ...]:
    """The ledger's line about its holder acting on the card they were sent last, once per card.

    An acknowledged one was acted on already, unless a reminder followed.
    """
    taken = escalation.state is EscalationState.ACKNOWLEDGED
    since = escalation.reminded_at if taken else escalation.shown_at or scene.now
    card = escalation.cards[-1] if escalation.cards else None
    if since is None or card is None or card.person_id != escalation.holder_id:
        return ()
    rule = rule_of(escalation)
    minutes = str(int((scene.now - since).total_seconds() // 60))
    facts = {"message": card.key, "minutes": minutes}
    return (noted(scene, escalation, f"nudge:{rule}:acted", rule=rule, outcome="acted", **facts),)


def whole_card(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Its whole card for who holds it, from a message that only names it. It answers a press, so it may come at any hour."""
    refused = refusal(scene, escalation)
    if refused is not None:
        return refused
    holder = scene.actor
    key = card_key(scene, escalation, holder)
    shown = shown_with(scene, escalation, holder, key)
    if shown.shown_at is None and shown.state is EscalationState.OPEN:
        seen = EscalationStep.SHOWN  # they have it in front of them, whatever became of the message that named it
        shown = stepped(shown, seen, at=scene.now, who=holder.id, shown_at=scene.now)
    message = Message(
        key=key,
        to=holder.id,
        card=escalation_card(scene, goal, shown, holder, key),
        lane=Lane.REPLY,
        subjects=(subject_of(shown), f"goal:{goal.id}"),
    )
    entry = noted(scene, shown, "decision:shown", to=holder.email, message=key)
    read = readings.of_request(scene, shown, holder, checkins_of(scene, shown))
    done = Decision(changes=(shown,), messages=(message,), entries=(entry, *read), looks=next_looks(scene, shown, holder))
    return everybody_sees(scene, goal, done, shown)


def reported(scene: Scene, goal: Goal) -> Decision:
    """The owner said something about the goal: what a rule asked for goes once it stands well again."""
    waiting = undecided(scene).get(goal.id)
    reason = back_on_track(goal, waiting) if waiting is not None else ""
    return withdrawn_for(scene, goal, waiting, reason) if waiting is not None and reason else NOTHING


def withdrawn(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """*No longer needed* was pressed: its owner needs no decision any more."""
    if scene.actor.id != escalation.owner_id:
        return scene.tell("escalation-withdraw-owner", owner=scene.name(escalation.owner_id) or "–")
    if escalation.state in OVER:
        return refusal(scene, escalation) or NOTHING
    done = withdrawn_for(scene, goal, escalation, BY_OWNER)
    return together(done, scene.tell("escalation-withdrawn-told", goal=goal.title))
