"""What people owe each other besides goals and check-ins: items for the next 1:1, reviews of new hires, a cycle's questions."""

from collections.abc import Mapping

from bot.decision import Decision, together
from bot.flows import cycle_forms, escalation, nudge, owed
from bot.flows.escalation_card import may_talk_first, talk_id
from bot.flows.nudge_over import subject_words
from bot.model import Duty, DutyKind, Escalation, Goal, Topic
from bot.rules import blocked, limits, one_on_one, reviews
from bot.rules.people import listens_for, stand_in
from bot.scene import Scene

RULES = {
    DutyKind.BLOCKER: blocked.NAME,
    DutyKind.ONE_ON_ONE: one_on_one.NAME,
    DutyKind.REVIEW: reviews.NAME,
    DutyKind.STOP: limits.NAME,
}
"""The duties that a button closes, and the rule behind each."""


def done(scene: Scene, duty_id: str) -> Decision:
    """*Talked about it*, *Review held*, *Obstacle removed* was pressed."""
    duty = next((duty for duty in scene.situation.duties if duty.id == duty_id), None)
    if duty is None or duty.kind not in RULES:
        return scene.tell("button-unknown")
    if not _may_close(scene, duty):
        return scene.tell("duty-not-yours", holder=scene.name(duty.holder_id) or "–")
    if duty.done_at is not None:
        return together(nudge.settled(scene), scene.tell("duty-done-already"))
    closed = owed.closed(scene, duty, rule=RULES[duty.kind], outcome="done", by=scene.actor.id)
    looks = Decision(looks=(scene.look(scene.now, sooner=True),))
    seen = nudge.settled(scene.after(closed))
    # The message it was pressed on shows it; where that needs other people's facts, the next look redraws it.
    confirmed = Decision() if seen.edits else scene.tell("duty-done", subject=subject_words(scene, f"duty:{duty.id}"))
    return together(closed, seen, confirmed, looks)


def _may_close(scene: Scene, duty: Duty) -> bool:
    """Who holds it, who comes next, who leads the person it is about, and who stands in for one of them.

    What is talked about in a 1:1 either of the two may tick off.
    """
    people = scene.situation.people
    if duty.kind is DutyKind.ONE_ON_ONE and duty.person_id == scene.actor.id:
        return True
    holders = [people[one] for one in (duty.holder_id, duty.next_holder_id) if one in people]
    if any(scene.actor == one or stand_in(one, scene.situation) == scene.actor for one in holders):
        return True
    person = people.get(duty.person_id)
    return person is not None and listens_for(scene.actor, person, scene.situation)


def form_asked(scene: Scene, duty_id: str) -> Decision:
    """The form of a leader's questions or an owner's wrap-up."""
    return cycle_forms.form_asked(scene, duty_id)


def filled_in(scene: Scene, duty_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in."""
    return cycle_forms.filled_in(scene, duty_id, values)


def drafted(scene: Scene, duty_id: str, values: Mapping[str, str]) -> Decision:
    """That form was closed unsent."""
    return cycle_forms.drafted(scene, duty_id, values)


def talk_first(scene: Scene, goal: Goal, item: Escalation) -> Decision:
    """*Talk first* was pressed: the goal goes on the list for the next 1:1, and the request counts as acknowledged."""
    refused = escalation.refusal(scene, item)
    if refused is not None:
        return refused
    told = scene.tell("talk-first-listed", goal=goal.title, owner=scene.name(item.owner_id) or "–")
    if not may_talk_first(scene, item):
        return told
    duty = Duty(
        id=talk_id(item),
        kind=DutyKind.ONE_ON_ONE,
        person_id=item.owner_id,
        holder_id=item.holder_id,
        goal_id=goal.id,
        text=goal.title,
        opened_at=scene.now,
        topic=Topic.DECISION,
    )
    # Whoever holds it looks at once: the 1:1 and its agenda may be near.
    listed = owed.opened(scene, duty, rule=one_on_one.NAME, at=scene.now)
    listed = together(listed, Decision(looks=(scene.look(scene.now, sooner=True),)))
    return together(listed, escalation.talking(scene.after(listed), goal, item), told)
