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
LOST, UNHEARD = "lost", "unheard"
"""What a concern's `answers` say of it: when its contact's card was decided, when it was read, the answer's words; or
that it is HR's notice of an erasure, with its instant, and that this was taken back. `LOST`: nobody could be reached;
`UNHEARD`: when the last who may hear it had not read it either."""

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
        elements.append(Note(text=voice.text("concern-private")))
        elements.append(Note(text=voice.text("concern-you-read" if READ in duty.answers else "concern-read-until")))
        elements.append(Buttons(buttons=tuple(_buttons(voice, duty, name))))
    return Card(summary=voice.line("concern-summary", name=name), elements=tuple(elements))


def _buttons(voice: Voice, duty: Duty, name: str) -> list[Button]:
    answer = Button(
        label=voice.line("button-concern-answer"), action=Action(Verb.OPEN_ANSWER, (duty.id,)), tone=Tone.PRIMARY, about=name
    )
    if READ in duty.answers:
        return [answer]
    return [answer, Button(label=voice.line("button-concern-read"), action=Action(Verb.CONCERN_READ, (duty.id,)), about=name)]


def passed_on_card(scene: Scene, holder: Person) -> Card:
    """What a contact sees who did not read it: it is somebody else's now, and its words are not theirs any more."""
    voice = scene.voice(holder)
    words = voice.text("concern-passed-on")
    return Card(summary=voice.line("concern-passed-on"), elements=(Paragraph(text=words),))


def person_card(scene: Scene, duty: Duty, *, following: Person | None = None, after_silence: bool = False) -> Card:
    """What its author sees: who has it, and how it stands. `following`: who gets it next; `after_silence`: it just went on."""
    author = scene.situation.people.get(duty.person_id) or scene.person
    voice = scene.voice(author)
    contact = scene.name(duty.holder_id) or "–"
    state = _state(duty)
    phrase = f"concern-{state}" if not (after_silence and state == "sent") else "concern-moved"
    elements: list[Element] = [Paragraph(text=voice.text(phrase, contact=contact))]
    if state == "sent":
        elements.append(Note(text=voice.text("concern-sent-note", contact=contact)))
    if state == "sent" and following is not None:
        elements.append(Note(text=voice.text("concern-following", contact=contact, next=following.name)))
    elements.append(Note(text=voice.text("concern-yours", words=clean(duty.text, limit=LONGEST))))
    return Card(summary=voice.line(phrase, contact=contact), elements=tuple(elements))


def _state(duty: Duty) -> str:
    """How it stands, as the phrases call it."""
    if LOST in duty.answers:
        return "lost"
    if ANSWERED in duty.answers:
        return "answered"
    if READ in duty.answers:
        return "read"
    return "unheard" if UNHEARD in duty.answers else "sent"


def answer_card(scene: Scene, duty: Duty) -> Card:
    """The contact's answer, to who raised it."""
    voice = scene.voice(scene.person)
    contact, words = scene.name(duty.holder_id) or "–", clean(duty.answers[ANSWERED], limit=LONGEST)
    return Card(
        summary=voice.line("concern-answer-summary", contact=contact),
        elements=(
            Paragraph(text=voice.text("concern-answer", contact=contact)),
            Paragraph(text=voice.text("concern-words", words=words)),
            Note(text=voice.text("concern-again")),
            Buttons(buttons=(write_button(voice),)),
        ),
    )
