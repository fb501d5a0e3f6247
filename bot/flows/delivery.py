"""What follows when a message arrived or could not: clocks that start with arrival, questions that were never heard."""

from dataclasses import replace

from bot.decision import NOTHING, Decision, Look, together
from bot.events import Delivered, Failure, Undelivered
from bot.flows import concerns, dead_letters, desk, escalation, nudge, reach, team_post
from bot.model import CheckIn, CheckInState, Escalation, Nudged, Told
from bot.rules import blocked, stalled
from bot.rules.checkin import GRACE_TIME, PROMPT, REMINDER
from bot.rules.decisions import BUNDLE
from bot.rules.people import managers_of
from bot.scene import Scene
from bot.talk.cards import Card, Heading, Note
from bot.talk.voice import Voice


def arrived(scene: Scene, event: Delivered) -> Decision:
    """A message reached a person; an edit of one says nothing new."""
    told = scene.situation.asked_about
    if told is None or not told.rule or event.edited:
        return NOTHING
    if team_post.is_for_team(told):
        return team_post.arrived(scene, event, told)
    entry = scene.entry(f"nudge:{told.rule}:delivered", event.key, rule=told.rule, policy=told.policy, outcome="delivered")
    done = Decision(entries=(entry,))
    seen = [escalation.arrived(scene, item, event.key) for item in scene.situation.escalations if _names(told, item)]
    done = together(done, *seen)
    if told.rule in escalation.RULES and not event.key.startswith(BUNDLE):
        return done
    rows = nudge.arrived(scene, event.key)
    done = together(done, Decision(changes=rows), _manager_may_hear(scene, rows), _next_may_hear(scene, rows))
    return together(done, _clocks_begin(scene)) if told.rule == PROMPT.name else done


def _clocks_begin(scene: Scene) -> Decision:
    """A question reached somebody: only now may they be reminded of it, and only now its time can run out.

    All else that rules find was there before it arrived, and was planned by the look that asked.
    """
    return desk.planned(scene, (*REMINDER.find(scene), *GRACE_TIME.find(scene)))


def _manager_may_hear(scene: Scene, rows: tuple[Nudged, ...]) -> Decision:
    """A stalled-goal nudge reached the owner: from now on their manager's clock may run out."""
    asked = {row.subject for row in rows if (row.rule, row.stage) == (stalled.NAME, "owner")}
    manager = next(managers_of(scene.person, scene.situation.people), None)
    silent = scene.setting(scene.person, stalled.MANAGER)
    if not asked or manager is None or silent.off:
        return NOTHING
    after_lead = scene.calendar(manager).add(scene.now, scene.setting(scene.person, stalled.LEAD).span)
    calendar = scene.calendar(scene.person)
    goals = [goal for goal in scene.situation.goals if f"goal:{goal.id}" in asked]
    times = [calendar.add(stalled.silent_since(scene, goal, calendar), silent.span) for goal in goals]
    due = [max(at, after_lead) for at in times if at is not None and after_lead is not None]
    return Decision(looks=(scene.look(min(due), sooner=True, person=manager),)) if due else NOTHING


def _next_may_hear(scene: Scene, rows: tuple[Nudged, ...]) -> Decision:
    """Whoever can remove an obstacle was told: from now on the clock of who comes next may run out."""
    told = {row.subject for row in rows if (row.rule, row.stage) == (blocked.NAME, "remover")}
    looks: list[Look] = []
    for duty in scene.situation.duties:
        following, owner = (scene.situation.people.get(one) for one in (duty.next_holder_id, duty.person_id))
        if f"duty:{duty.id}" not in told or following is None or owner is None:
            continue
        setting = scene.setting(owner, blocked.STANDS)
        at = None if setting.off else scene.calendar(following).add(scene.now, setting.span)
        looks.extend([scene.look(at, sooner=True, person=following)] if at is not None else [])
    return Decision(looks=tuple(looks))


def failed(scene: Scene, event: Undelivered) -> Decision:
    """A message will not arrive. Too late is planned anew with today's facts; gone is noted, nobody is blamed for silence."""
    told = scene.situation.asked_about
    if event.key.startswith(concerns.SUBJECT):
        return concerns.failed(scene, event)
    if told is None or not told.rule:
        return NOTHING
    if team_post.is_for_team(told):
        return together(team_post.failed(scene, event, told), dead_letters.noticed(scene, event))
    entry = scene.entry(
        f"nudge:{told.rule}:undelivered",
        event.key,
        rule=told.rule,
        policy=told.policy,
        outcome=event.failure.value,
        reason=event.reason,
    )
    done = together(Decision(entries=(entry,)), dead_letters.noticed(scene, event))
    asked = [item for item in scene.situation.escalations if _names(told, item)]
    if event.failure is not Failure.EXPIRED:
        # The ladder's clock runs all the same: nobody waits for ever for somebody who cannot be reached.
        done = together(done, *(escalation.arrived(scene, item, event.key) for item in asked))
    if event.failure is Failure.UNKNOWN or (told.rule in escalation.RULES and event.failure is not Failure.EXPIRED):
        return done
    if told.rule == PROMPT.name:
        return together(done, *(_never_asked(scene, checkin, event) for checkin in scene.situation.checkins))
    if event.failure is Failure.EXPIRED:
        unsaid = [(escalation.goal_of(scene, item), item) for item in asked]
        done = together(done, *(escalation.never_shown(scene, goal, item, event.key) for goal, item in unsaid if goal))
    rows = nudge.unsaid(scene, event.key) if event.failure is Failure.EXPIRED else ()
    again = Decision(changes=rows, looks=(scene.look(scene.now, sooner=True),)) if rows else NOTHING
    return together(done, again)


def _names(told: Told, item: Escalation) -> bool:
    """The message is about this request, alone or among others."""
    return f"escalation:{item.id}" in told.subjects


def _never_asked(scene: Scene, checkin: CheckIn, event: Undelivered) -> Decision:
    if checkin.card != event.key or checkin.state is not CheckInState.OPEN:
        return NOTHING
    if event.failure is Failure.EXPIRED:
        again = replace(checkin, asked_at=None, grace_ends_at=None, card="")
        return Decision(changes=(again,), looks=(scene.look(scene.now, sooner=True),))
    # There is no card to change in place: whoever writes nevertheless gets a new one.
    unheard = replace(checkin, state=CheckInState.SKIPPED, skip_reason=reach.UNREACHABLE, card="")
    return Decision(changes=(unheard,))


def perhaps_twice(card: Card, voice: Voice) -> Card:
    """The card as it goes out once more where nobody can read back whether it arrived (RELIABILITY 2.2: "may repeat")."""
    titles = 1 if card.elements and isinstance(card.elements[0], Heading) else 0
    note = Note(text=voice.text("perhaps-twice"))
    return replace(card, elements=(*card.elements[:titles], note, *card.elements[titles:]))
