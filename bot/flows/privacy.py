"""`/rondo privacy` and `/rondo export`: what is stored about somebody, who may read it and who did; all of it, by page."""

from collections.abc import Iterator

from bot.decision import Decision
from bot.flows.concern_card import write_button
from bot.flows.concerns import contact_for
from bot.flows.everything import Teller, pages
from bot.model import Person, Role
from bot.privacy import READ_DAYS, Kind, Mine, Reading
from bot.rules.access import FEWEST
from bot.rules.people import LOCALES, hr_admins, locale_of, zone_of
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Divider, Element, Facts, Heading, Note, Paragraph, Tone
from bot.talk.text import Text, plain
from bot.talk.voice import Voice

READ_SHOWN = 10
"""So many readings are listed; the export has all of them."""

NAMES = 3
"""So many HR admins are named."""

PLACES = {
    "decision request": "decision",
    "digest": "digest",
    "goal card": "goal",
    "approval": "approval",
    "obstacle": "obstacle",
    "1:1 list": "talk",
    "check-ins": "checkins",
    "goals": "goals",
    "person": "person",
}
"""Where words may be read: how the ledger calls it, and how the phrase does."""


def shown(scene: Scene) -> Decision:
    """`/rondo privacy`."""
    mine, voice = scene.situation.mine, scene.voice(scene.person)
    if mine is None:
        return scene.tell("button-unknown")
    elements: list[Element] = [
        Heading(text=voice.line("privacy-title")),
        Paragraph(text=voice.text("privacy-lead", name=scene.person.name, email=scene.person.email)),
        Facts(pairs=tuple(_stored(voice, mine))),
        Divider(),
        Paragraph(text=voice.text("privacy-who", **_who(scene))),
        Paragraph(text=voice.text("privacy-read", days=READ_DAYS, count=len(mine.readings) + mine.more_readings)),
    ]
    lines = [_line(scene, one) for one in mine.readings[:READ_SHOWN]]
    more = len(mine.readings) - len(lines) + mine.more_readings
    lines += [voice.line("privacy-read-more", count=more)] if more else []
    elements += [Note(text=plain("\n".join(lines)))] if lines else []
    elements += _erasure(scene)
    elements += [Buttons(buttons=tuple(_buttons(scene))), Note(text=voice.text("privacy-hint"))]
    return scene.reply(*elements, summary=voice.line("privacy-summary", count=len(mine.readings) + mine.more_readings))


def _stored(voice: Voice, mine: Mine) -> Iterator[tuple[str, Text]]:
    """A line per kind, with the newest example; what there is none of is said, too."""
    known = {one.kind: one for one in mine.stored}
    for kind in Kind:
        one = known.get(kind)
        count, example = (one.count, one.example) if one is not None else (0, "")
        words = voice.text("privacy-newest", count=count, words=example) if example else voice.text("privacy-count", count=count)
        yield voice.line(f"privacy-{kind.value}"), words


def _who(scene: Scene) -> dict[str, str | int]:
    person = scene.person
    manager = scene.situation.people.get(person.manager_id or "")
    admins = [one.name for one in hr_admins(scene.situation) if one.id != person.id][:NAMES]
    return {
        "managed": "yes" if manager is not None else "no",
        "manager": manager.name if manager is not None else "–",
        "hr": ", ".join(admins) or "–",
        "fewest": FEWEST,
    }


def _line(scene: Scene, one: Reading) -> str:
    """`Thursday 26 November: Dana Kim (your manager), a decision request`."""
    voice = scene.voice(scene.person)
    reader = scene.situation.people.get(one.person_id)
    day = one.at.astimezone(zone_of(scene.person, scene.situation.company)).date()
    where = PLACES.get(one.where, "other")
    name = reader.name if reader is not None else one.by
    role = _role(scene, reader) if one.person_id else "operator"
    return voice.line("privacy-read-line", date=voice.date(day), name=name, role=role, where=where)


def _role(scene: Scene, reader: Person | None) -> str:
    """What the reader is to the person now."""
    if reader is None:
        return "colleague"
    if reader.id == scene.person.manager_id:
        return "manager"
    return "hr" if reader.role is Role.HR_ADMIN else "colleague"


def _erasure(scene: Scene) -> Iterator[Element]:
    at = scene.person.erase_at
    if at is not None:
        yield Paragraph(text=scene.voice(scene.person).text("forget-planned", when=scene.moment(at, scene.person)))


def _buttons(scene: Scene) -> Iterator[Button]:
    voice = scene.voice(scene.person)
    yield Button(label=voice.line("button-export"), action=Action(Verb.SHOW, ("/rondo export",)), tone=Tone.PRIMARY)
    if scene.person.erase_at is None:
        yield Button(label=voice.line("button-forget"), action=Action(Verb.SHOW, ("/rondo forget",)), tone=Tone.CAREFUL)
    else:
        yield Button(label=voice.line("button-forget-cancel"), action=Action(Verb.SHOW, ("/rondo forget cancel",)))
    if contact_for(scene, scene.person) is not None:
        yield write_button(voice)
    other = next(one for one in LOCALES if one != locale_of(scene.person, scene.situation.company))
    yield Button(label=voice.line("button-other-language"), action=Action(Verb.SHOW, (f"/rondo language {other}",)))
    yield Button(label=voice.line("button-settings"), action=Action(Verb.SHOW, ("/checkin settings",)))


# ------------------------------------------------------------------------------------------------ everything


def exported(scene: Scene, page: int) -> Decision:
    """`/rondo export [PAGE]`: everything, as lines; how many pages there are is said on each."""
    mine, voice = scene.situation.mine, scene.voice(scene.person)
    if mine is None or mine.dossier is None:
        return scene.tell("button-unknown")
    found = pages(mine.dossier, Teller(voice, zone_of(scene.person, scene.situation.company)))
    if page > len(found):
        return scene.tell("export-no-page", pages=len(found), form="/rondo export")
    args = {"page": page, "pages": len(found)}
    elements: list[Element] = [Heading(text=voice.line("export-title", **args))]
    if page == 1:
        elements.append(Paragraph(text=voice.text("export-lead", **args, date=scene.moment(scene.now, scene.person))))
    elements += [Paragraph(text=plain(part)) for part in found[page - 1]]
    if page < len(found):
        action = Action(Verb.SHOW, (f"/rondo export {page + 1}",))
        more = Button(label=voice.line("button-export-more", page=page + 1, pages=len(found)), action=action)
        elements.append(Buttons(buttons=(more,)))
    else:
        elements.append(Note(text=voice.text("export-end", email=scene.person.email)))
    return scene.reply(*elements, summary=voice.line("export-title", **args))
