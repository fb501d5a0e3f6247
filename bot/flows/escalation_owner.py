"""What the owner of a goal sees of the decision they asked for: how it stands, and news when it is made or will not be."""

from bot.flows.escalation_timeline import timeline
from bot.model import OVER, Escalation, EscalationState, Goal, Person
from bot.rules.escalation_states import stranded_at
from bot.rules.people import managers_of, works_here
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Note, Paragraph, Tone
from bot.talk.text import Text
from bot.talk.voice import Arg


def owner_card(scene: Scene, goal: Goal, escalation: Escalation, owner: Person) -> Card:
    """Who was asked, every step, what was decided; and a way out while nobody decided."""
    voice = scene.voice(owner)
    phrase, args = _standing(scene, goal, escalation, owner)
    elements: list[Element] = [Paragraph(text=voice.text(phrase, **args)), Note(text=timeline(scene, escalation, owner))]
    if escalation.state not in OVER:
        label = voice.line("button-withdraw")
        elements.append(Buttons(buttons=(Button(label=label, action=Action(Verb.WITHDRAW, (escalation.id,)), about=goal.title),)))
    return Card(summary=voice.line(phrase, **args), elements=tuple(elements))


def _standing(scene: Scene, goal: Goal, escalation: Escalation, owner: Person) -> tuple[str, dict[str, Arg]]:
    who = escalation.decided_by if escalation.state is EscalationState.DECIDED else escalation.holder_id
    args: dict[str, Arg] = {"goal": goal.title, "holder": scene.name(who) or "–"}
    if escalation.state in (EscalationState.WITHDRAWN, EscalationState.UNANSWERED):
        args["reason"] = scene.voice(owner).line(escalation.ended)
    waits = escalation.state not in OVER and stranded_at(escalation) is not None
    return f"escalation-owner-{'stranded' if waits else escalation.state.value}", args


def decided_words(scene: Scene, goal: Goal, escalation: Escalation, owner: Person, key: str) -> Card:
    """News for the owner: what was decided."""
    voice = scene.voice(owner)
    choice = voice.line(f"choice-{escalation.choice.value}") if escalation.choice else ""
    args: dict[str, Arg] = {"goal": goal.title, "holder": scene.name(escalation.decided_by) or "–", "choice": choice}
    more: list[Text] = [voice.text("timeline-note", note=escalation.note)] if escalation.note else []
    elements: list[Element] = [Paragraph(text=voice.text("decided-news", **args)), *(Paragraph(text=text) for text in more)]
    if escalation.due is not None:
        elements.append(Note(text=voice.text("timeline-due", due=voice.date(escalation.due))))
    elements.append(Buttons(buttons=(Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,))),)))
    return Card(summary=voice.line("decided-news", **args), elements=tuple(elements))


def unanswered_words(scene: Scene, goal: Goal, escalation: Escalation, owner: Person, key: str) -> Card:
    """News for the owner: nobody decided, and what they can do now; a 1:1 only where there is somebody to have it with."""
    voice = scene.voice(owner)
    manager = next(managers_of(owner, scene.situation.people), None)
    meets = manager is not None and works_here(manager, scene.situation)
    args: dict[str, Arg] = {"goal": goal.title, "reason": voice.line(escalation.ended), "meets": "yes" if meets else "no"}
    again = Action(Verb.NEED_DECISION, (goal.id,))
    buttons = [Button(label=voice.line("button-need-decision"), action=again, about=goal.title, tone=Tone.PRIMARY)]
    if meets:
        buttons.append(Button(label=voice.line("button-next-one-on-one"), action=Action(Verb.OPEN_ITEM, (goal.id,))))
    buttons.append(Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,))))
    return Card(
        summary=voice.line("unanswered-news", **args),
        elements=(
            Paragraph(text=voice.text("unanswered-news", **args)),
            Note(text=timeline(scene, escalation, owner)),
            Buttons(buttons=tuple(buttons)),
        ),
    )
