"""*Decide*: the form, what it needs, and what follows once somebody decided."""

from collections.abc import Mapping
from datetime import date

from bot.decision import Decision, FieldErrors, ShowForm, together
from bot.flows import escalation
from bot.flows.escalation_follow import decided_news, numbers_of
from bot.flows.escalation_over import talked
from bot.flows.goal_lines import title
from bot.model import Choice, Escalation, EscalationStep, Goal
from bot.rules.escalation_states import stepped
from bot.rules.people import zone_of
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import ChoiceField, DateField, Form, Option, Paragraph, TextField
from bot.talk.text import clean


def form_asked(scene: Scene, goal: Goal, item: Escalation) -> Decision:
    """*Decide* was pressed."""
    refused = escalation.refusal(scene, item)
    return refused if refused is not None else Decision(reply=ShowForm(form=decision_form(scene, goal, item, {})))


def decided(scene: Scene, goal: Goal, item: Escalation, values: Mapping[str, str]) -> Decision:
    """The decision form came in: closes the escalation, updates every card, tells the owner, writes the ledger."""
    refused = escalation.refusal(scene, item)
    if refused is not None:
        return refused
    voice = scene.voice(scene.actor)
    errors: dict[str, str] = {}
    choice = next((choice for choice in Choice if choice.value == values.get("choice", "")), None)
    if choice is None:
        errors["choice"] = voice.line("error-choose-decision")
    due = _due(values.get("due", ""))
    if due == "bad":
        errors["due"] = voice.line("error-date")
    elif isinstance(due, date) and due < scene.now.astimezone(zone_of(scene.actor, scene.situation.company)).date():
        errors["due"] = voice.line("error-date-past")
    if errors or choice is None:
        return Decision(reply=FieldErrors(errors=errors, form=decision_form(scene, goal, item, values)))
    return _closed(scene, goal, item, choice, clean(values.get("note", ""), limit=1000), due if isinstance(due, date) else None)


def _closed(scene: Scene, goal: Goal, item: Escalation, choice: Choice, note: str, due: date | None) -> Decision:
    facts = {"choice": choice.value, "note": note, "due": due.isoformat() if due is not None else ""}
    done = stepped(
        item,
        EscalationStep.DECIDED,
        at=scene.now,
        who=scene.actor.id,
        facts={**facts, **numbers_of(goal)},
        decided_at=scene.now,
        decided_by=scene.actor.id,
        choice=choice,
        note=note,
        due=due,
    )
    entry = scene.entry(
        "escalation:decided",
        escalation.subject_of(done),
        rule=escalation.RULE,
        policy=done.policy,
        outcome=choice.value,
        by=scene.actor.email,
        goal=goal.id,
        due=facts["due"],
    )
    over = Decision(changes=(done,), entries=(entry, *escalation.acted(scene, item)))
    over = together(over, talked(scene, done, outcome="decided", by=scene.actor.id))
    known = scene.after(over)
    return together(over, escalation.every_card(known, goal, done), decided_news(known, goal, done))


def _due(text: str) -> date | str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return "bad"


def decision_form(scene: Scene, goal: Goal, item: Escalation, typed: Mapping[str, str]) -> Form:
    """What to decide, with a note and an optional due date."""
    voice = scene.voice(scene.actor)
    return Form(
        action=Action(Verb.DECIDE, (item.id,)),
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
