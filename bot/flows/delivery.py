"""What follows when a message arrived or could not: clocks that start with arrival, questions that were never heard."""

from dataclasses import replace

from bot.decision import NOTHING, Decision, together
from bot.events import Delivered, Failure, Undelivered
from bot.flows import desk, escalation
from bot.model import CheckIn, CheckInState, Stall, Told
from bot.rules.people import managers_of
from bot.scene import Scene


def arrived(scene: Scene, event: Delivered) -> Decision:
    """A message reached a person; an edit of one says nothing new."""
    told = scene.situation.asked_about
    if told is None or not told.rule or event.edited:
        return NOTHING
    entry = scene.entry(f"nudge:{told.rule}:delivered", event.key, rule=told.rule, policy=told.policy, outcome="delivered")
    done = Decision(entries=(entry,))
    if told.rule == "goal.stalled" and told.facts.get("stage") == "owner":
        return together(done, _owner_was_asked(scene, told))
    if told.rule in escalation.RULES:
        return together(done, *(escalation.arrived(scene, item, event.key) for item in scene.situation.escalations))
    return together(done, desk.planned(scene)) if told.rule == "checkin.prompt" else done


def _owner_was_asked(scene: Scene, told: Told) -> Decision:
    """The stalled-goal nudge reached the owner: from now on their manager may hear of it."""
    goals = tuple(
        replace(goal, stall=replace(goal.stall, owner_told_at=scene.now))
        for goal in scene.situation.goals
        if goal.stall.owner_key == told.key and goal.stall.owner_told_at is None
    )
    manager = next(managers_of(scene.person, scene.situation.people), None)
    if not goals or manager is None:
        return Decision(changes=goals)
    silent = scene.setting(scene.person, "goal.stalled.manager")
    lead = scene.setting(scene.person, "goal.stalled.lead").span
    after_lead = scene.calendar(manager).add(scene.now, lead)
    times = [scene.calendar(scene.person).add(goal.updated_at, silent.span) for goal in goals if not silent.off]
    due = [max(at, after_lead) for at in times if at is not None and after_lead is not None]
    looks = (scene.look(min(due), sooner=True, person=manager),) if due else ()
    return Decision(changes=goals, looks=looks)


def failed(scene: Scene, event: Undelivered) -> Decision:
    """A message will not arrive. Too late is planned anew with today's facts; gone is noted, nobody is blamed for silence."""
    told = scene.situation.asked_about
    if told is None or not told.rule:
        return NOTHING
    entry = scene.entry(
        f"nudge:{told.rule}:undelivered",
        event.key,
        rule=told.rule,
        policy=told.policy,
        outcome=event.failure.value,
        reason=event.reason,
    )
    done = Decision(entries=(entry,))
    if told.rule in escalation.RULES and event.failure is not Failure.EXPIRED:
        # The ladder's clock runs all the same: nobody waits for ever for somebody who cannot be reached.
        return together(done, *(escalation.arrived(scene, item, event.key) for item in scene.situation.escalations))
    if event.failure is Failure.UNKNOWN:
        return done
    if told.rule == "checkin.prompt":
        return together(done, *(_never_asked(scene, checkin, event) for checkin in scene.situation.checkins))
    if told.rule in escalation.RULES:
        unsaid = [(escalation.goal_of(scene, item), item) for item in scene.situation.escalations]
        return together(done, *(escalation.never_shown(scene, goal, item, event.key) for goal, item in unsaid if goal))
    if told.rule == "goal.stalled" and event.failure is Failure.EXPIRED:
        forgotten = tuple(
            replace(goal, stall=_unsaid(goal.stall, event.key))
            for goal in scene.situation.goals
            if event.key in (goal.stall.owner_key, goal.stall.manager_key)
        )
        return together(done, Decision(changes=forgotten, looks=(scene.look(scene.now, sooner=True),)))
    return done


def _unsaid(stall: Stall, key: str) -> Stall:
    """The one message under `key` was never seen; what else was said of this silence stays said."""
    if stall.owner_key == key:
        return replace(stall, owner_key="")
    return replace(stall, manager_key="")


def _never_asked(scene: Scene, checkin: CheckIn, event: Undelivered) -> Decision:
    if checkin.card != event.key or checkin.state is not CheckInState.OPEN:
        return NOTHING
    if event.failure is Failure.EXPIRED:
        again = replace(checkin, asked_at=None, grace_ends_at=None, card="")
        return Decision(changes=(again,), looks=(scene.look(scene.now, sooner=True),))
    # There is no card to change in place: whoever writes nevertheless gets a new one.
    unheard = replace(checkin, state=CheckInState.SKIPPED, skip_reason="unreachable", card="")
    return Decision(changes=(unheard,))
