"""The escalation as people see it: a decision request for the holder, a timeline for the owner, a form to decide with."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from bot.flows.goal_lines import goal_elements, title
from bot.model import Answer, CheckIn, Choice, Duty, DutyKind, Escalation, EscalationState, Goal, Person, Shown
from bot.rules.policy import read_span
from bot.rules.worktime import period_start
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    DateField,
    Divider,
    Element,
    Facts,
    Form,
    Heading,
    Note,
    Option,
    Paragraph,
    TextField,
    Tone,
)
from bot.talk.text import Text, join, plain

EVIDENCE = 3
"""How many check-ins are cited (PRODUCT.md section 5)."""


def escalation_card(
    scene: Scene, goal: Goal, escalation: Escalation, reader: Person, key: str, *, reminder: bool = False
) -> Card:
    """The decision request as one of its holders sees it; buttons only for who holds it now, and only while it is open."""
    voice = scene.voice(reader)
    owner = scene.name(escalation.owner_id)
    elements: list[Element] = [Heading(text=voice.line("escalation-title"))]
    args = {"owner": owner, "goal": goal.title, "holder": scene.name(escalation.holder_id) or "–"}
    state = f"escalation-summary-{escalation.state.value}"
    lead = "escalation-lead-reminder" if reminder else "escalation-lead"
    if escalation.state is EscalationState.DECIDED:
        lead = state
    elif reader.id != escalation.holder_id:
        lead = state = "escalation-passed"
    elements.append(Paragraph(text=voice.text(lead, **args)))
    elements.extend(goal_elements(scene, reader, goal))
    elements.append(Facts(pairs=tuple(_facts(scene, escalation, reader))))
    cited = tuple(_cited(scene, goal, reader))
    if cited:
        elements.append(Note(text=join(voice.text("escalation-evidence"), *cited)))
    elements.append(Divider())
    elements.append(Note(text=_lines(_timeline(scene, escalation, reader))))
    elements.append(Buttons(buttons=tuple(_buttons(scene, escalation, reader, key))))
    return Card(summary=voice.line(state, **args), elements=tuple(elements))


def _facts(scene: Scene, escalation: Escalation, reader: Person) -> Iterator[tuple[str, Text]]:
    voice = scene.voice(reader)
    yield voice.line("escalation-owner"), plain(scene.name(escalation.owner_id) or "–")
    yield voice.line("escalation-cause"), plain(escalation.cause or voice.line("escalation-cause-none"))
    yield voice.line("field-loss"), plain(escalation.loss or voice.line("escalation-loss-none"))
    owner = scene.situation.people.get(escalation.owner_id)
    private = next((checkin.private_note for checkin in scene.situation.checkins if checkin.answer_for(escalation.goal_id)), "")
    if owner is not None and owner.manager_id == reader.id and private:
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


def _lines(lines: Iterable[Text]) -> Text:
    return join(*(part for number, line in enumerate(lines) for part in ("\n" if number else "", line)))


def _words(answer: Answer, checkin: CheckIn) -> str:
    said = [answer.note, answer.blocker.text if answer.blocker else "", checkin.adjust]
    return " · ".join(word for word in said if word)


def _timeline(scene: Scene, escalation: Escalation, reader: Person) -> Iterator[Text]:
    voice = scene.voice(reader)
    who = scene.name(escalation.owner_id)
    asked = "timeline-requested" if escalation.requested else "timeline-opened"
    yield voice.text(asked, owner=who, when=scene.moment(escalation.opened_at, reader))
    for before, shown in pairwise(escalation.cards):
        if before.person_id == shown.person_id:
            continue  # a reminder
        yield voice.text("timeline-passed", holder=scene.name(shown.person_id) or "–")
    if escalation.acknowledged_at is not None:
        holder = scene.name(escalation.holder_id) or "–"
        yield voice.text("timeline-acknowledged", holder=holder, when=scene.moment(escalation.acknowledged_at, reader))
    talk = talk_of(scene, escalation)
    if talk is not None:
        names = {"holder": scene.name(talk.holder_id) or "–", "owner": who}
        yield voice.text("timeline-talk", when=scene.moment(talk.opened_at, reader), **names)
    if escalation.decided_at is not None and escalation.choice is not None:
        yield voice.text(
            "timeline-decided",
            holder=scene.name(escalation.decided_by) or "–",
            choice=voice.line(f"choice-{escalation.choice.value}"),
            when=scene.moment(escalation.decided_at, reader),
        )
        if escalation.note:
            yield voice.text("timeline-note", note=escalation.note)
        if escalation.due is not None:
            yield voice.text("timeline-due", due=voice.date(escalation.due))


def _buttons(scene: Scene, escalation: Escalation, reader: Person, key: str) -> Iterator[Button]:
    voice = scene.voice(reader)
    if escalation.state is not EscalationState.DECIDED and reader.id == escalation.holder_id and _newest(escalation, key):
        if escalation.state is EscalationState.OPEN:
            yield Button(
                label=voice.line("button-acknowledge"),
                action=Action(Verb.ACKNOWLEDGE, (escalation.id,)),
                tone=Tone.PRIMARY,
            )
        yield Button(label=voice.line("button-decide"), action=Action(Verb.OPEN_DECISION, (escalation.id,)))
        if may_talk_first(scene, escalation):
            yield Button(label=voice.line("button-talk-first"), action=Action(Verb.TALK_FIRST, (escalation.id,)))
    yield Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,)))


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


def _newest(escalation: Escalation, key: str) -> bool:
    return bool(escalation.cards) and escalation.cards[-1] == Shown(person_id=escalation.holder_id, key=key)


def owner_card(scene: Scene, goal: Goal, escalation: Escalation, owner: Person) -> Card:
    """What the owner sees of it: who was asked, every step, what was decided."""
    voice = scene.voice(owner)
    holder = scene.name(escalation.holder_id) or "–"
    phrase = f"escalation-owner-{escalation.state.value}"
    elements: list[Element] = [Paragraph(text=voice.text(phrase, goal=goal.title, holder=holder))]
    elements.append(Note(text=_lines(_timeline(scene, escalation, owner))))
    return Card(summary=voice.line(phrase, goal=goal.title, holder=holder), elements=tuple(elements))


def decided_words(scene: Scene, goal: Goal, escalation: Escalation, owner: Person) -> Card:
    """News for the owner: what was decided."""
    voice = scene.voice(owner)
    choice = voice.line(f"choice-{escalation.choice.value}") if escalation.choice else ""
    args = {"goal": goal.title, "holder": scene.name(escalation.decided_by) or "–", "choice": choice}
    elements: list[Element] = [Paragraph(text=voice.text("decided-news", **args))]
    if escalation.note:
        elements.append(Paragraph(text=voice.text("timeline-note", note=escalation.note)))
    if escalation.due is not None:
        elements.append(Note(text=voice.text("timeline-due", due=voice.date(escalation.due))))
    why = Button(label=voice.line("button-why"), action=Action(Verb.WHY, (f"escalation:{escalation.id}:decided",)))
    elements.append(Buttons(buttons=(why,)))
    return Card(summary=voice.line("decided-news", **args), elements=tuple(elements))


def decision_form(scene: Scene, goal: Goal, escalation: Escalation, typed: Mapping[str, str]) -> Form:
    """What to decide, with a note and an optional due date."""
    voice = scene.voice(scene.actor)
    return Form(
        action=Action(Verb.DECIDE, (escalation.id,)),
        title=voice.line("decision-form-title"),
        submit=voice.line("button-decide"),
        cancel=voice.line("button-cancel"),
        parts=(
            Paragraph(text=title(goal)),
            ChoiceField(
                id="choice",
                label=voice.line("field-decision"),
                options=tuple(Option(value=choice.value, label=voice.line(f"choice-{choice.value}")) for choice in Choice),
                value=typed.get("choice", ""),
                required=True,
            ),
            TextField(id="note", label=voice.line("field-note"), value=typed.get("note", ""), multiline=True),
            DateField(id="due", label=voice.line("field-due"), value=typed.get("due", ""), hint=voice.line("field-due-hint")),
        ),
    )


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
