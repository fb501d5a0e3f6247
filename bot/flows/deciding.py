"""*Decide*: the form, what it needs, and what follows once somebody decided."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.decision import NOTHING, Decision, FieldErrors, ShowForm, together
from bot.flows import escalation, owed
from bot.flows.escalation_card import decision_form, talk_of
from bot.model import Choice, Escalation, EscalationState, Goal
from bot.rules import one_on_one
from bot.rules.people import zone_of
from bot.scene import Scene
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
    done = replace(
        item,
        state=EscalationState.DECIDED,
        decided_at=scene.now,
        decided_by=scene.actor.id,
        choice=choice,
        note=clean(values.get("note", ""), limit=1000),
        due=due if isinstance(due, date) else None,
    )
    entry = scene.entry(
        "escalation:decided",
        escalation.subject_of(done),
        rule=escalation.RULE,
        policy=done.policy,
        outcome=choice.value,
        by=scene.actor.email,
        goal=goal.id,
        due=done.due.isoformat() if done.due else "",
    )
    talk = talk_of(scene, done)
    talked = NOTHING
    if talk is not None and talk.done_at is None:
        talked = owed.closed(scene, talk, rule=one_on_one.NAME, outcome="decided", by=scene.actor.id)
    return together(
        Decision(changes=(done,), entries=(entry, *escalation.acted(scene, item))),
        talked,
        escalation.every_card(scene, goal, done),
        escalation.decided_news(scene, goal, done),
    )


def _due(text: str) -> date | str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return "bad"
