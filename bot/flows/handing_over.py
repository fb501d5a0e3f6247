"""*Hand over*: a request for a decision goes to the person who can decide it; where they do not take it, it climbs on."""

from collections.abc import Mapping

from bot.decision import Decision, FieldErrors, ShowForm, together
from bot.flows import escalation
from bot.flows.escalation_ladder import given_to
from bot.flows.goal_lines import title
from bot.flows.obstacles import people_named
from bot.model import Escalation, EscalationStep, Goal, Person
from bot.rules.people import is_away, stand_in, works_here
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Form, Paragraph, TextField
from bot.talk.text import clean


def form_asked(scene: Scene, goal: Goal, item: Escalation) -> Decision:
    """*Hand over* was pressed."""
    refused = escalation.refusal(scene, item)
    if refused is not None:
        return refused
    could = scene.situation.people.get(item.suggested_id)
    known = could is not None and could.id != scene.actor.id
    who = f"{could.name} <{could.email}>" if known and could is not None else ""
    return Decision(reply=ShowForm(form=_form(scene, goal, item, {"who": who})))


def _form(scene: Scene, goal: Goal, item: Escalation, typed: Mapping[str, str]) -> Form:
    voice = scene.voice(scene.actor)
    coordinator = scene.name(goal.coordinator_id or "") if goal.coordinator_id not in (scene.actor.id, item.owner_id) else ""
    hint = voice.line("hand-over-hint-coordinator", name=coordinator) if coordinator else voice.line("hand-over-hint")
    return Form(
        action=Action(Verb.HAND_OVER, (item.id,)),
        title=voice.line("hand-over-title"),
        submit=voice.line("button-hand-over"),
        cancel=voice.line("button-cancel"),
        parts=(
            Paragraph(text=title(goal)),
            TextField(
                id="who",
                label=voice.line("field-hand-over-who"),
                value=typed.get("who", ""),
                hint=hint,
                required=True,
                max_length=300,
            ),
            TextField(id="note", label=voice.line("field-note"), value=typed.get("note", ""), multiline=True),
        ),
    )


def handed_over(scene: Scene, goal: Goal, item: Escalation, values: Mapping[str, str]) -> Decision:
    """Who it goes to came in: they get it, whoever had it sees where it went, and its owner sees both."""
    refused = escalation.refusal(scene, item)
    if refused is not None:
        return refused
    found = _whom(scene, item, clean(values.get("who", ""), limit=300))
    if isinstance(found, str):
        return Decision(reply=FieldErrors(errors={"who": found}, form=_form(scene, goal, item, values)))
    note = clean(values.get("note", ""), limit=1000)
    how, by = EscalationStep.HANDED_OVER, scene.actor.id
    given = given_to(scene, goal, item, found, how, step=item.step, by=by, note=note)
    told = scene.tell("hand-over-told", goal=goal.title, name=found.name, owner=scene.name(item.owner_id) or "–")
    return together(given, Decision(entries=escalation.acted(scene, item)), told)


def _whom(scene: Scene, item: Escalation, words: str) -> Person | str:
    """The one who is named, or why it cannot go there."""
    voice = scene.voice(scene.actor)
    if not words:
        return voice.line("hand-over-nobody")
    named = _named(scene, words)
    if len(named) != 1:
        return voice.line("hand-over-several" if named else "hand-over-nobody")
    person = named[0]
    if person.id == item.owner_id:
        return voice.line("hand-over-owner", name=person.name)
    if person.id == scene.actor.id:
        return voice.line("hand-over-self")
    if not works_here(person, scene.situation):
        return voice.line("hand-over-gone", name=person.name)
    if not is_away(person, scene.situation):
        return person
    deputy = stand_in(person, scene.situation)
    if deputy is None or deputy.id in (item.owner_id, scene.actor.id):
        return voice.line("hand-over-away", name=person.name)
    return voice.line("hand-over-away-deputy", name=person.name, deputy=f"{deputy.name} <{deputy.email}>")


def _named(scene: Scene, words: str) -> tuple[Person, ...]:
    """By e-mail or mention where the words hold one: a name beside it may be somebody else's as well."""
    found = people_named(scene, words)
    exact = {one.id for one in scene.situation.by_email.values()}
    return tuple(one for one in found if one.id in exact) or found
