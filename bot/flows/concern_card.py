"""How a concern looks to the contact and to who raised it; and what HR sees of a wish to be forgotten."""

from datetime import datetime

from bot.model import Duty, Person
from bot.rules.people import zone_of
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Heading, Note, Paragraph, Tone
from bot.talk.text import clean
from bot.talk.voice import Voice

SHOWN, READ, ANSWERED, ERASURE, TAKEN_BACK = "shown", "read", "answered", "erasure", "taken_back"
"""What a concern's `answers` say of it: when its contact's card was decided, when it was read, the answer's words; or
that it is HR's notice of an erasure, with its instant, and that this was taken back."""

LONGEST = 2_500  # characters of it on a card


def write_button(voice: Voice) -> Button:
    """*Write to the contact*."""
    return Button(label=voice.line("button-concern"), action=Action(Verb.OPEN_CONCERN))


def contact_card(scene: Scene, duty: Duty, holder: Person) -> Card:
    """What the contact sees."""
    voice = scene.voice(holder)
    name = scene.name(duty.person_id) or "–"
    if ERASURE in duty.answers:
        day = datetime.fromisoformat(duty.answers[ERASURE]).astimezone(zone_of(holder, scene.situation.company)).date()
        phrase = "forget-notice-back" if TAKEN_BACK in duty.answers else "forget-notice"
        words = {"name": name, "date": voice.date(day)}
        return Card(summary=voice.line(phrase, **words), elements=(Paragraph(text=voice.text(phrase, **words)),))
    elements: list[Element] = [
        Heading(text=voice.line("concern-title")),
        Paragraph(text=voice.text("concern-lead", name=name)),
        Paragraph(text=voice.text("concern-words", words=clean(duty.text, limit=LONGEST))),
    ]
    if ANSWERED in duty.answers:
        elements.append(Note(text=voice.text("concern-you-answered", words=clean(duty.answers[ANSWERED], limit=LONGEST))))
    else:
        elements.append(Note(text=voice.text("concern-you-read" if READ in duty.answers else "concern-private")))
        elements.append(Buttons(buttons=tuple(_buttons(voice, duty, name))))
    return Card(summary=voice.line("concern-summary", name=name), elements=tuple(elements))


def _buttons(voice: Voice, duty: Duty, name: str) -> list[Button]:
    answer = Button(
        label=voice.line("button-concern-answer"), action=Action(Verb.OPEN_ANSWER, (duty.id,)), tone=Tone.PRIMARY, about=name
    )
    if READ in duty.answers:
        return [answer]
    return [answer, Button(label=voice.line("button-concern-read"), action=Action(Verb.CONCERN_READ, (duty.id,)), about=name)]


def person_card(scene: Scene, duty: Duty) -> Card:
    """What its author sees: who has it, and how it stands."""
    author = scene.situation.people.get(duty.person_id) or scene.person
    voice = scene.voice(author)
    contact = scene.name(duty.holder_id) or "–"
    if "lost" in duty.answers:
        state = "lost"
    elif ANSWERED in duty.answers:
        state = "answered"
    else:
        state = "read" if READ in duty.answers else "sent"
    words = voice.text(f"concern-{state}", contact=contact)
    elements: list[Element] = [Paragraph(text=words)]
    if state == "sent":
        elements.append(Note(text=voice.text("concern-sent-note", contact=contact)))
    elements.append(Note(text=voice.text("concern-yours", words=clean(duty.text, limit=LONGEST))))
    return Card(summary=voice.line(f"concern-{state}", contact=contact), elements=tuple(elements))
