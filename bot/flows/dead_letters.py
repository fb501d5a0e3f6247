"""HR hears of messages that did not arrive and of people whom nothing reaches: once a day at most, at a polite time.

Of a person HR hears once, until they were here again and are lost again; how many others still are is a number.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.decision import NOTHING, Decision, Lane, Look, Message
from bot.events import Failure, Ticked, Undelivered
from bot.health import DEAD, LETTERS, Letters, Lost, Why
from bot.model import Person, Role
from bot.rules.people import hr_admins, is_away, works_here, zone_of
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Facts, Heading, Note, Paragraph
from bot.talk.text import plain
from bot.talk.voice import Voice

GATHERED = timedelta(minutes=15)
"""Mostly more than one goes wrong: they are waited for."""
TOLD, LISTED, GLANCED, REASON, NAMED = 3, 8, 2, 120, 15
"""So many HR admins are told, so many reasons are listed, so many of them (and of people) in a notification, so many
characters of each, so many people by name."""
HEALTH = "/nudges health"


def noticed(scene: Scene, event: Undelivered) -> Decision:
    """Somebody in HR will hear of it."""
    return Decision(looks=somebody_looks(scene)) if event.failure in (*DEAD, Failure.GONE) else NOTHING


def somebody_looks(scene: Scene) -> tuple[Look, ...]:
    """Looks at what did not arrive, for the first HR admins."""
    admins = [one for one in hr_admins(scene.situation) if works_here(one, scene.situation)][:TOLD]
    return tuple(_look(scene, one, scene.now + GATHERED, sooner=True) for one in admins)


def looked_at(scene: Scene, event: Ticked) -> Decision:
    """Tell it, or wait for a polite time and the next day."""
    person, letters = scene.person, scene.situation.letters
    over = Decision(looks=(Look(subject=event.subject, at=None),))
    if person.role is not Role.HR_ADMIN or not works_here(person, scene.situation):
        return over
    if letters is None or not (letters.lost or letters.alone or letters.ended):
        return over
    calendar, zone = scene.calendar(person), zone_of(person, scene.situation.company)
    today = scene.now.astimezone(zone).date()
    if letters.told_at is not None and letters.told_at.astimezone(zone).date() >= today:
        tomorrow = datetime.combine(today + timedelta(days=1), datetime.min.time(), zone)
        return Decision(looks=(_look(scene, person, calendar.next_polite(tomorrow)),))
    if is_away(person, scene.situation) or not calendar.is_polite(scene.now):
        return Decision(looks=(_look(scene, person, calendar.next_polite(scene.now)),))
    count, alone = sum(one.count for one in letters.lost), len(letters.alone)
    message = Message(
        key=f"{LETTERS}{person.id}:{today:%Y-%m-%d}",
        to=person.id,
        card=_card(scene, person, letters),
        lane=Lane.NUDGE,
        expires_at=scene.expiry(person),
    )
    entry = scene.entry("delivery:told", message.key, outcome="told", count=str(count), people=str(alone))
    return Decision(messages=(message,), entries=(entry,), looks=over.looks)


def _look(scene: Scene, person: Person, at: datetime | None, *, sooner: bool = False) -> Look:
    return Look(subject=f"{LETTERS}{person.id}", at=at, zone=zone_of(person, scene.situation.company).key, sooner=sooner)


def _card(scene: Scene, person: Person, letters: Letters) -> Card:
    voice = scene.voice(person)
    lines = [_lost(voice, letters.lost)] if letters.lost else []
    lines += [_alone(voice, letters)] if letters.alone else []
    lines += [_ended(voice, letters.ended)] if letters.ended else []
    health = Button(label=voice.line("button-letters-health"), action=Action(Verb.SHOW, (HEALTH,)))
    return Card(
        summary=" ".join([*(summary for summary, _ in lines), voice.line("letters-where")]),
        elements=(
            *(element for _, elements in lines for element in elements),
            Buttons(buttons=(health,)),
            Note(text=voice.text("letters-often")),
        ),
    )


def _lost(voice: Voice, lost: Sequence[Lost]) -> tuple[str, tuple[Element, ...]]:
    """A sentence and the part of the card about messages."""
    count = sum(one.count for one in lost)
    most = sorted(lost, key=lambda one: (-one.count, one.rule, one.reason))
    lines = [
        (one.rule, voice.line(f"letters-{one.failure.value}", count=one.count, reason=one.reason[:REASON]))
        for one in most[:LISTED]
    ]
    rest = sum(one.count for one in most[LISTED:])
    pairs = tuple((rule, plain(words)) for rule, words in lines)
    rules = "; ".join(f"{rule}: {words}" for rule, words in lines[:GLANCED])
    elements: tuple[Element, ...] = (
        Heading(text=voice.line("letters-title")),
        Paragraph(text=voice.text("letters-said", count=count)),
        Facts(pairs=pairs),
        *((Note(text=voice.text("letters-more", count=rest)),) if rest else ()),
        Note(text=voice.text("letters-how")),
    )
    return voice.line("letters-summary", count=count, rules=rules), elements


def _ended(voice: Voice, names: Sequence[str]) -> tuple[str, tuple[Element, ...]]:
    """A sentence and the part of the card about workspaces that Rondo was removed from."""
    said = voice.line("ended-said", count=len(names), names=", ".join(names[:NAMED]))
    return said, (Heading(text=voice.line("ended-title")), Paragraph(text=plain(said)), Note(text=voice.text("ended-how")))


def _alone(voice: Voice, letters: Letters) -> tuple[str, tuple[Element, ...]]:
    """A sentence and the part of the card about people: who, why, and what HR can do."""
    count, listed = len(letters.alone), letters.alone[:NAMED]
    pairs = tuple((f"{one.name} ({one.email})", plain(voice.line(f"unreachable-{one.why.value}"))) for one in listed)
    reasons = [why for why in Why if any(one.why is why for one in listed)]
    rest = count - len(listed)
    elements: tuple[Element, ...] = (
        Heading(text=voice.line("unreachable-title")),
        Paragraph(text=voice.text("unreachable-said", count=count)),
        Facts(pairs=pairs),
        *((Note(text=voice.text("unreachable-more", count=rest)),) if rest else ()),
        *(Note(text=voice.text(f"unreachable-do-{why.value}")) for why in reasons),
        *((Note(text=voice.text("unreachable-still", count=letters.still)),) if letters.still else ()),
        Note(text=voice.text("unreachable-how")),
    )
    names = ", ".join(one.name for one in listed[:GLANCED])
    return voice.line("unreachable-summary", count=count, names=names, more=max(count - GLANCED, 0)), elements
