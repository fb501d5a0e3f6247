"""When two people meet: said by either of them, kept in the report's own time, shown to each in theirs."""

from dataclasses import replace
from datetime import datetime

from bot.decision import Decision, together
from bot.flows.agenda_card import list_button
from bot.flows.one_on_one_words import Pair, called, meant, nobody, partners, which
from bot.rules import agenda
from bot.rules.meetings import Slot, first_start, next_one, slot_from, slot_of
from bot.rules.people import zone_of
from bot.scene import Scene
from bot.talk.cards import Buttons, Element, Note, Paragraph
from bot.talk.intents import OneOnOneSlot
from bot.talk.intents.meetings import slot_form
from bot.talk.text import Text, join


def said(scene: Scene, slot: OneOnOneSlot) -> Decision:
    """`1:1 with Dana every Tuesday 14:00`, or `1:1 with Dana off`."""
    found = meant(scene, slot.who, partners(scene))
    korean = scene.voice(scene.person).locale == "ko"

    def form(name: str) -> str:
        if slot.weekday is None or slot.at is None:
            return f"{name} 님과 1:1 해제" if korean else f"1:1 with {name} off"
        late, other = slot.from_next_week, slot.every_other_week
        return slot_form(name, slot.weekday, f"{slot.at:%H:%M}", korean=korean, every_other_week=other, from_next_week=late)

    if not found:
        return nobody(scene, slot.who, form)
    if len(found) > 1:
        return which(scene, found, form)
    return _agreed(scene, found[0], slot) if slot.weekday is not None and slot.at is not None else _ended(scene, found[0])


def _agreed(scene: Scene, pair: Pair, wanted: OneOnOneSlot) -> Decision:
    company = scene.situation.company
    assert wanted.weekday is not None and wanted.at is not None
    zone = zone_of(scene.person, company)
    first = first_start(wanted.weekday, wanted.at, zone, scene.now, from_next_week=wanted.from_next_week)
    if first is None:
        return scene.tell("button-unknown")
    new = slot_from(first, zone_of(pair.report, company), every_other_week=wanted.every_other_week)
    old = slot_of(pair.report)
    if old is not None and _same_rhythm(old, new) and not wanted.from_next_week:
        return _told(scene, pair, "one-on-one-slot-already")
    done = _changed(scene, pair, str(new))
    return together(done, _told(scene.after(done), _now(scene.after(done), pair), "one-on-one-slot-set"))


def _same_rhythm(old: Slot, new: Slot) -> bool:
    """Said again in the week between, every other Tuesday stays the Tuesday it was."""
    return (old.weekday, old.at, bool(old.since)) == (new.weekday, new.at, bool(new.since))


def _ended(scene: Scene, pair: Pair) -> Decision:
    other = pair.other(scene.person).name
    if slot_of(pair.report) is None:
        return scene.tell("one-on-one-slot-none", other=other)
    return together(_changed(scene, pair, None), scene.tell("one-on-one-slot-off", other=other))


def _changed(scene: Scene, pair: Pair, value: str | None) -> Decision:
    entry = scene.entry(
        "one_on_one:slot", f"person:{pair.report.id}", rule=agenda.NAME, outcome=value or "off", by=scene.person.email
    )
    both = sorted((pair.lead, pair.report), key=lambda person: person.id)
    looks = tuple(scene.look(scene.now, sooner=True, person=person) for person in both)
    changed = replace(pair.report, one_on_one=value)
    return Decision(changes=(changed,), entries=(replace(entry, person=pair.report.id),), looks=looks)


def _now(scene: Scene, pair: Pair) -> Pair:
    """The two as they are after a change."""
    people = scene.situation.people
    return Pair(people.get(pair.lead.id, pair.lead), people.get(pair.report.id, pair.report))


def _told(scene: Scene, pair: Pair, phrase: str) -> Decision:
    """The time in the speaker's words, when the next 1:1 is, and in whose time zone it is kept where that differs."""
    voice = scene.voice(scene.person)
    other = pair.other(scene.person)
    args = {"other": other.name, "rhythm": rhythm(scene, pair)}
    company = scene.situation.company
    theirs = zone_of(pair.report, company)
    elements: list[Element] = [Paragraph(text=voice.text(phrase, **args)), Note(text=_next_words(scene, pair))]
    if pair.report.id != scene.person.id and theirs.key != zone_of(scene.person, company).key:
        elements.append(Note(text=voice.text("one-on-one-slot-zone", other=other.name, zone=theirs.key)))
    return scene.reply(*elements, Buttons(buttons=(list_button(scene),)), summary=voice.line(phrase, **args))


def slot_words(scene: Scene, pair: Pair) -> Text:
    """When the two meet, as the desk's owner reads it, or how to agree on a time."""
    voice = scene.voice(scene.person)
    if slot_of(pair.report) is None or pair not in partners(scene):
        form = slot_form(called(scene, pair), 1, "14:00", korean=voice.locale == "ko")
        return voice.text("one-on-one-no-slot", form=form)
    return join(voice.text("one-on-one-time", rhythm=rhythm(scene, pair)), " ", _next_words(scene, pair))


def rhythm(scene: Scene, pair: Pair) -> str:
    """`every other Tuesday at 14:00`, in the time of the desk's owner."""
    slot = slot_of(pair.report)
    if slot is None:
        return "–"
    company = scene.situation.company
    start = next(slot.starts(zone_of(pair.report, company), scene.now), None)
    if start is None:
        return "–"
    local = start.astimezone(zone_of(scene.person, company))
    voice = scene.voice(scene.person)
    day = voice.line(f"day-long-{local.weekday()}")
    return voice.line("one-on-one-rhythm", every="other" if slot.since else "week", day=day, time=f"{local:%H:%M}")


def _next_words(scene: Scene, pair: Pair) -> Text:
    start: datetime | None = next_one(scene, pair.lead, pair.report)
    when = scene.moment(start, scene.person) if start is not None else "–"
    return scene.voice(scene.person).text("one-on-one-next", known="yes" if start is not None else "no", when=when)
