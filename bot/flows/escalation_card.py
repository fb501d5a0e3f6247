"""The escalation as its holders see it: a decision request with evidence, what is lost if nothing is adjusted, and the steps."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.flows.escalation_timeline import timeline
from bot.flows.goal_lines import goal_elements
from bot.model import OVER, Answer, Cause, CheckIn, Duty, DutyKind, Escalation, EscalationState, EscalationStep, Goal, Person
from bot.rules.access import Act
from bot.rules.escalation_states import given, is_current, steps_of
from bot.rules.policy import read_span
from bot.rules.relations import reader_of
from bot.rules.worktime import period_start
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Divider, Element, Facts, Heading, Note, Paragraph, Tone
from bot.talk.text import Text, join, plain
from bot.talk.voice import Arg

EVIDENCE = 3
"""How many check-ins are cited (PRODUCT.md section 5)."""


def checkins_of(scene: Scene, escalation: Escalation) -> tuple[CheckIn, ...]:
    """The owner's last check-ins, newest first, whether the desk is the owner's or the holder's."""
    desk = scene.situation.person
    if desk is not None and desk.id == escalation.owner_id:
        return scene.situation.checkins
    return scene.situation.held_checkins.get(escalation.owner_id, ())


def escalation_card(scene: Scene, goal: Goal, escalation: Escalation, reader: Person, key: str) -> Card:
    """The decision request as one of its holders sees it; buttons only for who holds it now, and only while it is open."""
    known = replace(scene.situation, checkins=checkins_of(scene, escalation))
    scene = Scene(scene.event, known, scene.phrases)
    voice = scene.voice(reader)
    lead, summary, args = _lead(scene, goal, escalation, reader)
    elements: list[Element] = [Heading(text=voice.line("escalation-title")), Paragraph(text=voice.text(lead, **args))]
    elements.extend(goal_elements(scene, reader, goal))
    elements.append(Facts(pairs=tuple(_facts(scene, escalation, reader))))
    cited = tuple(_cited(scene, goal, reader))
    if cited:
        elements.append(Note(text=join(voice.text("escalation-evidence"), *cited)))
    elements.append(Divider())
    elements.append(Note(text=timeline(scene, escalation, reader)))
    elements.append(Buttons(buttons=tuple(_buttons(scene, escalation, reader, key))))
    return Card(summary=voice.line(summary, **args), elements=tuple(elements))


def _lead(scene: Scene, goal: Goal, escalation: Escalation, reader: Person) -> tuple[str, str, dict[str, Arg]]:
    """The phrases of the first line and of the summary, with their arguments."""
    voice = scene.voice(reader)
    args: dict[str, Arg] = {
        "owner": scene.name(escalation.owner_id),
        "goal": goal.title,
        "holder": scene.name(escalation.holder_id) or "–",
    }
    summary = f"escalation-summary-{escalation.state.value}"
    if escalation.state in OVER:
        return summary, summary, args | ({"reason": voice.line(escalation.ended)} if escalation.ended else {})
    if reader.id != escalation.holder_id:
        return "escalation-passed", "escalation-passed", args
    if escalation.state is EscalationState.ACKNOWLEDGED:
        return "escalation-lead-reminder" if escalation.reminded_at else "escalation-lead", summary, args
    asked = given(escalation)
    match asked.step if asked is not None else None:
        case EscalationStep.HANDED_OVER:
            return "escalation-lead-handed", summary, args | {"by": scene.name(escalation.handed_by) or "–"}
        case EscalationStep.REOPENED:
            due = asked.facts.get("due", "") if asked is not None else ""
            return "escalation-lead-reopened", summary, args | {"due": voice.date(date.fromisoformat(due)) if due else "–"}
        case EscalationStep.ASKED_AGAIN:
            return "escalation-lead-again", summary, args
        case _:
            return "escalation-lead", summary, args


def cause_words(scene: Scene, escalation: Escalation, reader: Person) -> str:
    """What stands in the way: the kind in the reader's language, then the owner's own words."""
    voice = scene.voice(reader)
    first = next(iter(steps_of(escalation)), None)
    kind = first.facts.get("kind", "") if first is not None else ""
    words = [voice.line(f"cause-{kind}")] if kind in set(Cause) else []
    return ": ".join([*words, *([escalation.cause] if escalation.cause else [])])


def _facts(scene: Scene, escalation: Escalation, reader: Person) -> Iterator[tuple[str, Text]]:
    voice = scene.voice(reader)
    cause = cause_words(scene, escalation, reader)
    yield voice.line("escalation-owner"), plain(scene.name(escalation.owner_id) or "–")
    yield voice.line("escalation-cause"), plain(cause or voice.line("escalation-cause-none"))
    remover = scene.name(escalation.suggested_id)
    if remover and escalation.suggested_id != escalation.holder_id:
        yield voice.line("escalation-remover"), plain(remover)
    yield voice.line("field-loss"), plain(escalation.loss or voice.line("escalation-loss-none"))
    owner = scene.situation.people.get(escalation.owner_id)
    private = next((checkin.private_note for checkin in scene.situation.checkins if checkin.answer_for(escalation.goal_id)), "")
    if owner is not None and private and reader_of(scene, reader, owner).may(Act.CHECKIN_PRIVATE):
        yield voice.line("escalation-private"), plain(private)


def _cited(scene: Scene, goal: Goal, reader: Person) -> Iterator[Text]:
    voice = scene.voice(reader)
    shown = 0
    for checkin in scene.situation.checkins:
        answer = checkin.answer_for(goal.id)
        if answer is None or answer.status is None or shown == EVIDENCE:
            continue
        shown += 1
        said = voice.text(
            "escalation-cited",
            week=voice.date(period_start(checkin.period)),
            status=voice.line(f"status-{answer.status.value}"),
            words=_words(answer, checkin) or voice.line("escalation-no-note"),
        )
        yield join("\n", said)


def _words(answer: Answer, checkin: CheckIn) -> str:
    said = [answer.note, answer.blocker.text if answer.blocker else "", checkin.adjust]
    return " · ".join(word for word in said if word)


def _buttons(scene: Scene, escalation: Escalation, reader: Person, key: str) -> Iterator[Button]:
    if escalation.state not in OVER and reader.id == escalation.holder_id and is_current(escalation, key):
        yield from deciding_buttons(scene, escalation, reader)
    yield Button(label=scene.voice(reader).line("button-why"), action=Action(Verb.WHY, (key,)))


def deciding_buttons(scene: Scene, escalation: Escalation, holder: Person) -> Iterator[Button]:
    """What its holder can do about it now."""
    voice = scene.voice(holder)
    about = (escalation.id,)
    if escalation.state is EscalationState.OPEN:
        yield Button(label=voice.line("button-acknowledge"), action=Action(Verb.ACKNOWLEDGE, about), tone=Tone.PRIMARY)
    yield Button(label=voice.line("button-decide"), action=Action(Verb.OPEN_DECISION, about))
    yield Button(label=voice.line("button-hand-over"), action=Action(Verb.OPEN_HAND_OVER, about))
    if may_talk_first(scene, escalation):
        yield Button(label=voice.line("button-talk-first"), action=Action(Verb.TALK_FIRST, about))


def talk_id(escalation: Escalation) -> str:
    """The duty that *Talk first* opens."""
    return f"{DutyKind.ONE_ON_ONE}:{escalation.id}"


def talk_of(scene: Scene, escalation: Escalation) -> Duty | None:
    """The item for a 1:1 that came of it."""
    return next((duty for duty in scene.situation.duties if duty.id == talk_id(escalation)), None)


def may_talk_first(scene: Scene, escalation: Escalation) -> bool:
    """Its holder did not put it on the list yet."""
    talk = talk_of(scene, escalation)
    return talk is None or talk.holder_id != escalation.holder_id


def span_words(scene: Scene, reader: Person, value: str) -> str:
    """`1d` as the reader's language says it; `off` and other kinds of values as their canonical text."""
    voice = scene.voice(reader)
    if value == "off":
        return voice.line("value-off")
    try:
        span = read_span(value)
    except ValueError:
        return value
    return voice.line(f"span-{span.unit.value}", count=span.amount)
