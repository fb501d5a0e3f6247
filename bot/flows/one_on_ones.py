"""Items for the next 1:1: added from cards or by words, shown as a list to both, until either says that they talked about it."""

from collections.abc import Mapping, Sequence

from bot.decision import Decision, FieldErrors, ShowForm, together
from bot.flows import one_on_one_slots, owed, readings
from bot.flows.agenda_card import add_button, item_elements, list_button
from bot.flows.one_on_one_words import Pair, called, everybody, has_reports, item_form, meant, nobody, partners, split, which
from bot.model import Duty, DutyKind, Goal, Topic
from bot.rules import agenda, one_on_one
from bot.rules.meetings import next_one
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import (
    Buttons,
    ChoiceField,
    Divider,
    Element,
    Form,
    FormPart,
    Heading,
    Note,
    Option,
    Paragraph,
    TextField,
)
from bot.talk.intents import OneOnOneSlot
from bot.talk.text import clean

LONGEST = 1000  # characters of an item in the form
GROUPS_LISTED = 5
ITEMS_LISTED = 10
ITEMS_OF_EACH = 3
"""How much of it a list shows; `1:1 with NAME` shows more of one."""


# ------------------------------------------------------------------------------------------------ by words


def said(scene: Scene, who: str, words: str) -> Decision:
    """An item by words, or the list where nothing was said."""
    pairs = partners(scene) if words else everybody(scene)
    if who and not words:
        who, words = split(scene, who, pairs)
    found = meant(scene, who, pairs)
    if not words:
        return _listed(scene, found) if found or not who else nobody(scene, who, lambda name: item_form(scene, name))
    words = clean(words)
    if not found:
        return nobody(scene, who, lambda name: item_form(scene, name, clean(words, limit=LONGEST)))
    if len(found) > 1:
        return which(scene, found, lambda name: f"1:1 with {name}: {words}", words)
    return _kept(scene, found[0], words, Topic.SUPPORT, None)


def slot_said(scene: Scene, slot: OneOnOneSlot) -> Decision:
    """When the 1:1 is."""
    return one_on_one_slots.said(scene, slot)


def _kept(scene: Scene, pair: Pair, words: str, topic: Topic, goal: Goal | None) -> Decision:
    """The item is on the list of both."""
    voice = scene.voice(scene.person)
    other = pair.other(scene.person)
    known = next((item for item in agenda.open_items(scene, pair.lead, pair.report) if item.text == words), None)
    start = next_one(scene, pair.lead, pair.report)
    phrase = "one-on-one-added" if known is None else "one-on-one-added-already"
    args = {
        "item": clean(words, limit=300),
        "other": other.name,
        "known": "yes" if start is not None else "no",
        "when": scene.moment(start, scene.person) if start is not None else "–",
    }
    told = scene.reply(
        Paragraph(text=voice.text(phrase, **args)),
        Buttons(buttons=(list_button(scene),)),
        summary=voice.line(phrase, **args),
    )
    if known is not None:
        return told
    item = Duty(
        id=_new_id(scene),
        kind=DutyKind.ONE_ON_ONE,
        person_id=pair.report.id,
        holder_id=pair.lead.id,
        goal_id=goal.id if goal is not None else "",
        text=words,
        opened_at=scene.now,
        answers={"by": scene.person.id},
        topic=topic,
    )
    opened = owed.opened(scene, item, rule=one_on_one.NAME, at=None)
    both = sorted((pair.lead, pair.report), key=lambda person: person.id)
    looks = tuple(scene.look(scene.now, sooner=True, person=person) for person in both)
    return together(opened, told, Decision(looks=looks))


def _new_id(scene: Scene) -> str:
    """Whoever adds it and when; a number where they add several in one second."""
    stem = f"{DutyKind.ONE_ON_ONE}:{scene.person.id}:{scene.now:%Y%m%dT%H%M%S}"
    known = {duty.id for duty in scene.situation.duties}
    return next(name for name in (stem, *(f"{stem}-{number:02}" for number in range(2, len(known) + 3))) if name not in known)


# ------------------------------------------------------------------------------------------------ the list


def _listed(scene: Scene, pairs: Sequence[Pair]) -> Decision:
    voice = scene.voice(scene.person)
    if not pairs:
        return scene.tell("one-on-one-nobody")
    with_items = [pair for pair in pairs if agenda.open_items(scene, pair.lead, pair.report)]
    shown = with_items[:GROUPS_LISTED] or list(pairs[:1])
    count = sum(len(agenda.open_items(scene, pair.lead, pair.report)) for pair in with_items)
    elements: list[Element] = [Heading(text=voice.line("one-on-one-title"))]
    for pair in shown:
        elements += [Divider(), *_group(scene, pair, ITEMS_LISTED if len(shown) == 1 else ITEMS_OF_EACH)]
    more = with_items[GROUPS_LISTED:]
    if more:
        names = ", ".join(pair.other(scene.person).name for pair in more[:GROUPS_LISTED])
        elements.append(Note(text=voice.text("one-on-one-more-people", count=len(more), names=clean(names, limit=300))))
    hint = item_form(scene, clean(called(scene, shown[0]), limit=100), "…")
    elements.append(Note(text=voice.text("one-on-one-hint", form=hint)))
    told = scene.reply(*elements, summary=voice.line("one-on-one-summary", count=count))
    most = ITEMS_LISTED if len(shown) == 1 else ITEMS_OF_EACH
    listed = [item for pair in shown for item in agenda.open_items(scene, pair.lead, pair.report)[:most]]
    return together(told, Decision(entries=readings.of_items(scene, listed, scene.person)))


def _group(scene: Scene, pair: Pair, most: int) -> tuple[Element, ...]:
    """One 1:1: with whom, when, and what is on its list."""
    voice = scene.voice(scene.person)
    other = pair.other(scene.person)
    items = agenda.open_items(scene, pair.lead, pair.report)
    elements: list[Element] = [
        Paragraph(text=voice.text("one-on-one-with", other=other.name)),
        Note(text=one_on_one_slots.slot_words(scene, pair)),
        *item_elements(scene, items[:most], start=scene.now),
    ]
    if not items:
        elements.append(Paragraph(text=voice.text("one-on-one-empty")))
    if items[most:]:
        phrase = "one-on-one-more-later" if most == ITEMS_LISTED else "one-on-one-more"
        elements.append(Note(text=voice.text(phrase, count=len(items) - most)))
    if pair in partners(scene):
        elements.append(Buttons(buttons=(add_button(scene, other),)))
    return tuple(elements)


# ------------------------------------------------------------------------------------------------ the form


def form_asked(scene: Scene, goal_id: str = "", other_id: str = "") -> Decision:
    """The form for an item; about a goal, with somebody, or neither."""
    about = _about(scene, goal_id, other_id)
    if isinstance(about, Decision):
        return about
    goal, pair = about
    obstacle = _obstacle(scene, goal)
    given = {
        "who": called(scene, pair) if pair is not None else "",
        "topic": (Topic.OBSTACLE if obstacle else Topic.SUPPORT).value,
        "text": clean(obstacle or (goal.title if goal is not None else ""), limit=LONGEST),
    }
    return Decision(reply=ShowForm(form=_form(scene, goal, pair, other_id, given)))


def added(scene: Scene, goal_id: str, other_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in."""
    about = _about(scene, goal_id, other_id)
    if isinstance(about, Decision):
        return about
    goal, pair = about
    voice = scene.voice(scene.person)
    typed = {name: clean(values.get(name, "")) for name in ("who", "topic", "text")}
    errors: dict[str, str] = {}
    if has_reports(scene):
        found = meant(scene, typed["who"], partners(scene)) if typed["who"] else ()
        pair = found[0] if len(found) == 1 else None
        if pair is None:
            example = called(scene, partners(scene)[0])
            errors["who"] = voice.line("error-one-on-one-who" if typed["who"] else "error-needed", name=example)
    if not typed["text"]:
        errors["text"] = voice.line("error-needed")
    if typed["topic"] not in set(Topic):
        errors["topic"] = voice.line("error-choose-one")
    if errors or pair is None:
        return Decision(reply=FieldErrors(errors=errors, form=_form(scene, goal, pair, other_id, typed)))
    return _kept(scene, pair, typed["text"], Topic(typed["topic"]), goal)


def _about(scene: Scene, goal_id: str, other_id: str) -> tuple[Goal | None, Pair | None] | Decision:
    """The goal and the 1:1 a button names: a goal of one's own goes to one's manager, a report's to the talk with them."""
    pairs = partners(scene)
    if not pairs:
        return scene.tell("one-on-one-nobody")
    goal = next((goal for goal in scene.situation.goals if goal.id == goal_id), None) if goal_id else None
    if goal_id and goal is None:
        return scene.tell("button-unknown")
    wanted = goal.owner_id if goal is not None and goal.owner_id != scene.person.id else other_id
    if goal is not None and not wanted:
        wanted = scene.person.manager_id or ""
    if wanted:
        found = next((pair for pair in pairs if pair.other(scene.person).id == wanted), None)
        return (goal, found) if found is not None else scene.tell("one-on-one-not-yours")
    return goal, pairs[0] if len(pairs) == 1 else None


def _obstacle(scene: Scene, goal: Goal | None) -> str:
    """What stands in the way of the goal, in its owner's words; read only by its owner here."""
    if goal is None or goal.owner_id != scene.person.id:
        return ""
    answers = (answer for checkin in scene.situation.checkins[:1] for answer in checkin.answers if answer.goal_id == goal.id)
    return next((answer.blocker.text for answer in answers if answer.blocker is not None), "")


def _form(scene: Scene, goal: Goal | None, pair: Pair | None, other_id: str, given: Mapping[str, str]) -> Form:
    voice = scene.voice(scene.person)
    parts: list[FormPart] = []
    if goal is not None:
        parts.append(Paragraph(text=voice.text("one-on-one-about", goal=clean(goal.title, limit=300))))
    if has_reports(scene):
        label, hint = voice.line("field-one-on-one-who"), voice.line("field-one-on-one-who-hint")
        parts.append(TextField(id="who", label=label, value=given["who"], hint=hint, required=True, max_length=200))
    elif pair is not None:
        parts.append(Note(text=voice.text("one-on-one-with-note", other=pair.other(scene.person).name)))
    options = tuple(Option(value=topic.value, label=voice.line(f"topic-{topic.value}")) for topic in agenda.ORDER)
    parts.append(ChoiceField(id="topic", label=voice.line("field-topic"), options=options, value=given["topic"], required=True))
    label, hint = voice.line("field-item"), voice.line("field-item-hint")
    parts.append(
        TextField(id="text", label=label, value=given["text"], hint=hint, multiline=True, required=True, max_length=LONGEST)
    )
    return Form(
        action=Action(Verb.ADD_ITEM, (goal.id if goal is not None else "", other_id)),
        title=voice.line("item-form-title"),
        submit=voice.line("button-add-item"),
        cancel=voice.line("button-cancel"),
        parts=tuple(parts),
    )
