"""Obstacles that check-ins report: who is asked to remove one, and when it is gone. Texts are the owner's own, written for it."""

import re
from collections.abc import Collection
from dataclasses import replace

from bot.decision import NOTHING, Decision, together
from bot.flows import owed
from bot.model import OVER, Answer, Blocker, Duty, DutyKind, Escalation, Goal, Person, Status
from bot.rules.blocked import NAME, STANDS
from bot.rules.checkin import current_period
from bot.rules.people import is_away, managers_of, stand_in, works_here, zone_of
from bot.rules.worktime import iso_period
from bot.scene import Scene
from bot.talk.text import clean, fold_email

LONGEST = 300
"""So much of the owner's words is shown to whoever can remove it."""

_PARTICLES = "(?:님|씨)?(?:에게|한테|께서|께|이|가|은|는|을|를|의|과|와)?"
"""What Korean writes onto a name."""


def open_one(scene: Scene, goal: Goal) -> Duty | None:
    """The obstacle in the way of a goal that somebody is asked, or will be asked, to remove."""
    return next(
        (
            duty
            for duty in scene.situation.duties
            if duty.kind is DutyKind.BLOCKER and duty.goal_id == goal.id and duty.done_at is None
        ),
        None,
    )


def reported(scene: Scene, goal: Goal, answer: Answer, before: Answer | None, *, how: str, freed: bool = False) -> Decision:
    """The desk's owner said something about a goal: an obstacle is new, another one, or gone.

    `before` is what this check-in said until now. A tap that says nothing about the obstacle leaves it as it was; `freed`
    says that it is gone, and what the answer names now is another one.
    """
    known = open_one(scene, goal)
    blocker = answer.blocker if answer.status is not Status.ON_TRACK else None
    if blocker is None:
        on_track = answer.status is Status.ON_TRACK
        gone = on_track or freed or how == "form" or (before is not None and before.blocker is not None)
        return _gone(scene, known, "on track" if on_track else "no longer named") if known is not None and gone else NOTHING
    named = remover_of(scene, blocker.remover)
    if known is not None and not freed and (named is None or named.id == known.holder_id):
        same = replace(known, text=_words(blocker))
        entry = scene.entry(f"duty:{known.kind}:changed", f"duty:{known.id}", rule=NAME, goal=goal.id)
        return NOTHING if same == known else Decision(changes=(same,), entries=(entry,))
    outcome = "no longer named" if freed else "somebody else can remove it"
    decision = _gone(scene, known, outcome) if known is not None else NOTHING
    return together(decision, _new(scene, goal, blocker, named))


def _gone(scene: Scene, duty: Duty, outcome: str) -> Decision:
    return owed.closed(scene, duty, rule=NAME, outcome=outcome, by=scene.person.id)


def _words(blocker: Blocker) -> str:
    return clean(blocker.text, limit=LONGEST)


def _new(scene: Scene, goal: Goal, blocker: Blocker, named: Person | None) -> Decision:
    hands = _hands(scene, goal, named)
    if not hands:
        return NOTHING
    duty = Duty(
        id=f"{DutyKind.BLOCKER}:{scene.person.id}:{goal.id}:{scene.now:%Y%m%dT%H%M%S}",
        kind=DutyKind.BLOCKER,
        person_id=scene.person.id,
        holder_id=hands[0].id,
        next_holder_id=hands[1].id if len(hands) > 1 else "",
        goal_id=goal.id,
        text=_words(blocker),
        opened_at=scene.now,
    )
    setting = scene.setting(scene.person, STANDS)
    at = None if setting.off else scene.calendar(hands[0]).add(scene.now, setting.span)
    return owed.opened(scene, duty, rule=NAME, at=at)


def _hands(scene: Scene, goal: Goal, named: Person | None) -> tuple[Person, ...]:
    """Who is asked, in this order: whoever can remove it, the coordinator, the manager. Those who are there go first.

    Nobody twice: who holds a request for a decision about this very goal has it already.
    """
    people = scene.situation.people
    manager = next(managers_of(scene.person, people), None)
    deputy = stand_in(manager, scene.situation) if manager is not None else None
    request = _request(scene, goal)
    busy = {request.holder_id, *request.ladder} if request is not None else set()
    wanted = [named] if named is not None and (request is None or request.holder_id != named.id) else []
    wanted += [
        one for one in (people.get(goal.coordinator_id or ""), deputy or manager) if one is not None and one.id not in busy
    ]
    here = {one.id: one for one in wanted if one.id != scene.person.id and works_here(one, scene.situation)}
    return tuple(sorted(here.values(), key=lambda one: is_away(one, scene.situation)))


def _request(scene: Scene, goal: Goal) -> Escalation | None:
    """A request for a decision about this goal that is open, or was made this week."""
    zone = zone_of(scene.person, scene.situation.company)
    return next(
        (
            item
            for item in reversed(scene.situation.escalations)
            if item.goal_id == goal.id and (item.state not in OVER or iso_period(item.opened_at, zone) == current_period(scene))
        ),
        None,
    )


def taken_up(scene: Scene, goal: Goal) -> Decision:
    """A request for a decision about the goal is out: who holds it is not asked to remove its obstacle besides."""
    duty, request = open_one(scene, goal), _request(scene, goal)
    if duty is None or request is None:
        return NOTHING
    if duty.holder_id == request.holder_id:
        return owed.closed(scene, duty, rule=NAME, outcome="a decision was asked for")
    if duty.next_holder_id not in {request.holder_id, *request.ladder}:
        return NOTHING
    entry = scene.entry(f"duty:{duty.kind}:changed", f"duty:{duty.id}", rule=NAME, goal=goal.id)
    return Decision(changes=(replace(duty, next_holder_id=""),), entries=(entry,))


def remover_of(scene: Scene, words: str) -> Person | None:
    """The one person that the words name by e-mail, mention or full name; None where nobody or several people are named."""
    found = [one for one in people_named(scene, words) if one.id != scene.person.id and works_here(one, scene.situation)]
    return found[0] if len(found) == 1 else None


def people_named(scene: Scene, words: str) -> tuple[Person, ...]:
    """Everybody whom the words name by e-mail, mention or full name, whether or not they still work here."""
    text = fold_email(words)
    named = {
        person.id: person
        for written, person in scene.situation.by_email.items()
        if (written in words if written.startswith("<@") else _stands_in(written, text))
    }
    named |= {
        person.id: person
        for person in scene.situation.people.values()
        if len(person.name) > 1 and _stands_in(fold_email(person.name), text)
    }
    return tuple(named.values())


def who_could(scene: Scene, goal: Goal, words: str, ladder: Collection[str]) -> Person | None:
    """Who can remove the obstacle in a goal's way, as its owner named them, where that is nobody who will be asked anyway."""
    duty = open_one(scene, goal)
    asked = scene.situation.people.get(duty.holder_id) if duty is not None else None
    named = (remover_of(scene, words) if words else None) or asked
    known = named is not None and named.id not in (*ladder, scene.person.id) and works_here(named, scene.situation)
    return named if known else None


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w.@+-]){re.escape(name)}{_PARTICLES}(?![\w@])", text) is not None
