"""HR hears of messages that were refused, or of which nobody can tell: once a day at most, at a polite time, all together.

Somebody to whom no message gets through at all (gone) is not among them: `/nudges health` counts those.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.decision import NOTHING, Decision, Lane, Look, Message
from bot.events import Ticked, Undelivered
from bot.health import DEAD, LETTERS, Lost
from bot.model import Person, Role
from bot.rules.people import hr_admins, is_away, works_here, zone_of
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Facts, Heading, Note, Paragraph
from bot.talk.text import plain

GATHERED = timedelta(minutes=15)
"""Mostly more than one goes wrong: they are waited for."""
TOLD, LISTED, GLANCED, REASON = 3, 8, 2, 120
"""So many HR admins are told, so many reasons are listed, so many of them in a notification, so many characters of each."""
HEALTH = "/nudges health"


def noticed(scene: Scene, event: Undelivered) -> Decision:
    """Somebody in HR will hear of it."""
    if event.failure not in DEAD:
        return NOTHING
    admins = [one for one in hr_admins(scene.situation) if works_here(one, scene.situation)][:TOLD]
    return Decision(looks=tuple(_look(scene, one, scene.now + GATHERED, sooner=True) for one in admins))


def looked_at(scene: Scene, event: Ticked) -> Decision:
    """Tell it, or wait for a polite time and the next day."""
    person, letters = scene.person, scene.situation.letters
    over = Decision(looks=(Look(subject=event.subject, at=None),))
    if letters is None or not letters.lost or person.role is not Role.HR_ADMIN or not works_here(person, scene.situation):
        return over
    calendar, zone = scene.calendar(person), zone_of(person, scene.situation.company)
    today = scene.now.astimezone(zone).date()
    if letters.told_at is not None and letters.told_at.astimezone(zone).date() >= today:
        tomorrow = datetime.combine(today + timedelta(days=1), datetime.min.time(), zone)
        return Decision(looks=(_look(scene, person, calendar.next_polite(tomorrow)),))
    if is_away(person, scene.situation) or not calendar.is_polite(scene.now):
        return Decision(looks=(_look(scene, person, calendar.next_polite(scene.now)),))
    count = sum(one.count for one in letters.lost)
    message = Message(
        key=f"{LETTERS}{person.id}:{today:%Y-%m-%d}",
        to=person.id,
        card=_card(scene, person, letters.lost, count),
        lane=Lane.NUDGE,
        expires_at=scene.expiry(person),
    )
    entry = scene.entry("delivery:told", message.key, outcome="told", count=str(count))
    return Decision(messages=(message,), entries=(entry,), looks=over.looks)


def _look(scene: Scene, person: Person, at: datetime | None, *, sooner: bool = False) -> Look:
    return Look(subject=f"{LETTERS}{person.id}", at=at, zone=zone_of(person, scene.situation.company).key, sooner=sooner)


def _card(scene: Scene, person: Person, lost: Sequence[Lost], count: int) -> Card:
    voice = scene.voice(person)
    most = sorted(lost, key=lambda one: (-one.count, one.rule, one.reason))
    lines = [
        (one.rule, voice.line(f"letters-{one.failure.value}", count=one.count, reason=one.reason[:REASON]))
        for one in most[:LISTED]
    ]
    rest = sum(one.count for one in most[LISTED:])
    pairs = tuple((rule, plain(words)) for rule, words in lines)
    rules = "; ".join(f"{rule}: {words}" for rule, words in lines[:GLANCED])
    health = Button(label=voice.line("button-letters-health"), action=Action(Verb.SHOW, (HEALTH,)))
    return Card(
        summary=voice.line("letters-summary", count=count, rules=rules),
        elements=(
            Heading(text=voice.line("letters-title")),
            Paragraph(text=voice.text("letters-said", count=count)),
            Facts(pairs=pairs),
            *((Note(text=voice.text("letters-more", count=rest)),) if rest else ()),
            Buttons(buttons=(health,)),
            Note(text=voice.text("letters-how")),
        ),
    )
