"""Up the ladder: who gets an escalation next, reminders, and what happens where the ladder ends. Never silence, never a loop.

The step only ever goes up; who left is skipped, who is away is covered by their deputy.
"""

from dataclasses import replace

from bot.decision import Decision, Look, together
from bot.flows.escalation_clock import AGAIN, next_looks
from bot.flows.escalation_over import unanswered
from bot.flows.escalation_shown import everybody_sees, noted, shown_now, shown_or_planned, subject_of
from bot.model import Escalation, EscalationState, EscalationStep, Goal, Person
from bot.rules import escalated
from bot.rules.escalation_states import stepped, stranded_at
from bot.rules.ladder import first_back, first_there, ladder_for
from bot.rules.people import stand_in
from bot.scene import Scene

LEDGER = {EscalationStep.COVERED: "covered", EscalationStep.HANDED_OVER: "handed_over"}
"""What the ledger says where the holder changes; `handed` where the ladder gave it to its next step."""


def given_to(
    scene: Scene,
    goal: Goal,
    escalation: Escalation,
    holder: Person,
    how: EscalationStep,
    *,
    step: int,
    by: str = "",
    note: str = "",
) -> Decision:
    """It goes to `holder`, whose clocks begin anew; everybody who was asked before sees it, and so does its owner.

    `by` handed it over, with `note`.
    """
    facts = {"by": by or escalation.holder_id} if how in LEDGER else {}
    facts |= {"note": note} if note else {}
    moved = stepped(escalation, how, at=scene.now, who=holder.id, facts=facts, step=step, handed_by=by)
    told = {"goal": goal.id, "holder": holder.email, "step": str(step + 1), "of": str(len(moved.ladder))}
    entry = noted(scene, moved, f"escalation:{LEDGER.get(how, 'handed')}", **told)
    done = together(Decision(changes=(moved,), entries=(entry,)), shown_or_planned(scene, goal, moved, holder))
    return everybody_sees(scene, goal, done, moved)


def climbed(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Nobody acknowledged or decided in time, or the holder is gone: the next one who is there, or what the ladder's end asks."""
    rule = (escalated.DECIDING if escalation.state is EscalationState.ACKNOWLEDGED else escalated.ACKNOWLEDGING).name
    further = first_there(scene, escalation, escalation.step + 1, but=escalation.holder_id)
    found = further or _back_to_the_ladder(scene, escalation)
    if found is None:
        return _at_the_end(scene, goal, escalation, rule)
    after = scene.name(escalation.holder_id)
    entry = noted(scene, escalation, "escalation:climbed", rule=rule, after=after)
    holder, step = found
    return together(Decision(entries=(entry,)), given_to(scene, goal, escalation, holder, EscalationStep.CLIMBED, step=step))


def _back_to_the_ladder(scene: Scene, escalation: Escalation) -> tuple[Person, int] | None:
    """It was handed to somebody beside the ladder, and no further step is left: its last one has it again."""
    if not escalation.handed_by:
        return None
    found = first_there(scene, escalation, len(escalation.ladder) - 1)
    return found if found is not None and found[0].id != escalation.holder_id else None


def _at_the_end(scene: Scene, goal: Goal, escalation: Escalation, rule: str) -> Decision:
    """No further step: it waits with its holder, who is asked again; where that one is gone, whoever there is now."""
    holder = scene.situation.people.get(escalation.holder_id)
    if holder is None or scene.calendar(holder).next_polite(scene.now) is None:
        return without_holder(scene, goal, escalation)
    waits = stepped(escalation, EscalationStep.STRANDED, at=scene.now, who=holder.id)
    entry = noted(scene, waits, "escalation:stranded", rule=rule, outcome="the ladder ends here", holder=holder.email)
    done = Decision(changes=(waits,), entries=(entry,), looks=next_looks(scene, waits, holder))
    return everybody_sees(scene, goal, done, waits)


def without_holder(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """Its holder left and nobody further up is there: who would be asked today, or whoever is back first; else it ends."""
    frozen = escalation.ladder
    today = tuple(one for one in ladder_for(scene, goal) if one not in frozen)
    longer = replace(escalation, ladder=(*frozen, *today))
    found = first_there(scene, longer, 0) or first_back(scene, longer, 0)
    if found is None:
        return unanswered(scene, goal, escalation, "escalation-ended-nobody")
    holder, step = found
    after = scene.name(escalation.holder_id)
    entry = noted(scene, escalation, "escalation:climbed", outcome="the holder left", after=after)
    step = max(step, escalation.step)
    return together(Decision(entries=(entry,)), given_to(scene, goal, longer, holder, EscalationStep.CLIMBED, step=step))


def while_away(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision | None:
    """The holder is away: who stands in, or the next one who is there. None: nobody is, so it waits for them."""
    if escalation.handed_by:
        deputy = stand_in(holder, scene.situation)
        found = (deputy, escalation.step) if deputy is not None and deputy.id != escalation.owner_id else None
        found = found or first_there(scene, escalation, escalation.step)
    else:
        found = first_there(scene, escalation, escalation.step)
    if found is None or found[0].id == holder.id:
        return None
    other, step = found
    if step == escalation.step:
        return given_to(scene, goal, escalation, other, EscalationStep.COVERED, step=step)
    entry = noted(scene, escalation, "escalation:climbed", outcome="away", after=scene.name(holder.id))
    return together(Decision(entries=(entry,)), given_to(scene, goal, escalation, other, EscalationStep.CLIMBED, step=step))


def reminded(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision:
    """The holder once more, with a fresh card: the decision clock ran out after their acknowledgement."""
    late = stepped(escalation, EscalationStep.REMINDED, at=scene.now, who=holder.id, reminded_at=scene.now)
    entry = noted(scene, late, "escalation:reminded", rule=escalated.DECIDING.name, holder=holder.email)
    again = together(Decision(changes=(late,), entries=(entry,)), shown_now(scene, goal, late, holder))
    again = together(again, Decision(looks=next_looks(scene, late, holder)))
    return everybody_sees(scene, goal, again, late)


def asked_again(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision:
    """It waited long enough at the ladder's end: its holder gets a fresh card, or it ends without a decision."""
    if escalation.waits >= len(AGAIN):
        return unanswered(scene, goal, escalation, "escalation-ended-unanswered")
    waits = escalation.waits + 1
    again = stepped(escalation, EscalationStep.ASKED_AGAIN, at=scene.now, who=holder.id, waits=waits)
    entry = noted(scene, again, "escalation:asked_again", rule=escalated.DECIDING.name, holder=holder.email, times=str(waits))
    done = together(Decision(changes=(again,), entries=(entry,)), shown_now(scene, goal, again, holder))
    done = together(done, Decision(looks=next_looks(scene, again, holder)))
    return everybody_sees(scene, goal, done, again)


def clock_ran_out(scene: Scene, goal: Goal, escalation: Escalation, holder: Person) -> Decision:
    """At a polite hour of the holder's: a reminder, the next asking, or the next step."""
    if stranded_at(escalation) is not None:
        return asked_again(scene, goal, escalation, holder)
    if escalation.state is EscalationState.ACKNOWLEDGED and escalation.reminded_at is None:
        return reminded(scene, goal, escalation, holder)
    return climbed(scene, goal, escalation)


def forgotten(escalation: Escalation) -> Decision:
    """Nothing is left to do about it."""
    return Decision(looks=(Look(subject=subject_of(escalation), at=None),))
