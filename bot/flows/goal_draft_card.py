"""The card of a goal that is being written: how each line was read, what to think about, what comes next. One per goal."""

from collections.abc import Iterator

from bot.decision import Decision, Lane, Message
from bot.flows.goal_history import revision_lines
from bot.flows.goal_lines import title
from bot.flows.goal_words import coordinator_words, draft_buttons, result_paragraphs, thoughts, type_words, warnings
from bot.model import Goal, GoalState
from bot.rules.approval import approver_of, requests_of, waiting
from bot.rules.limits import stop_for
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Note, Paragraph, Tone
from bot.talk.text import plain

OPEN = frozenset({GoalState.DRAFT, GoalState.PROPOSED})
MOST_EDITED = 6
"""Buttons for so many key results; the form of the goal has them all."""


def card_key(goal: Goal) -> str:
    """The message that shows a goal while it is written, and what became of it."""
    return f"goal:{goal.id}:draft"


def shown(scene: Scene, goal: Goal) -> Decision:
    """The card as the goal is now: put out the first time, changed in place from then on."""
    message = Message(
        key=card_key(goal), to=goal.owner_id, card=draft_card(scene, goal), lane=Lane.REPLY, subjects=(f"goal:{goal.id}",)
    )
    return Decision(messages=(message,))


def draft_card(scene: Scene, goal: Goal) -> Card:
    """For its owner, whoever acted."""
    voice = scene.voice(scene.person)
    state = _state(scene, goal)
    elements: list[Element] = [Paragraph(text=title(goal)), Note(text=plain(type_words(voice, goal)))]
    elements += _contents(scene, goal)
    if goal.state in OPEN:
        elements += [Note(text=words) for words in (*warnings(scene, scene.person, goal), *thoughts(scene, scene.person, goal))]
    elements += [Note(text=line) for line in revision_lines(scene, goal, scene.person)]
    elements.append(Paragraph(text=voice.text(f"write-state-{state}", **_names(scene, goal))))
    note = _returned_note(scene, goal)
    if note:
        elements.append(Paragraph(text=voice.text("write-returned-note", note=note)))
    elements += _buttons(scene, goal)
    return Card(summary=voice.line(f"write-summary-{state}", goal=goal.title, **_names(scene, goal)), elements=tuple(elements))


def _contents(scene: Scene, goal: Goal) -> Iterator[Element]:
    voice = scene.voice(scene.person)
    if goal.why:
        yield Paragraph(text=voice.text("write-why-line", why=goal.why))
    parent = next((one for one in scene.situation.kin if one.id == goal.parent_id), None)
    if parent is not None:
        yield Note(text=voice.text("write-parent-line", parent=parent.title))
    yield from result_paragraphs(voice, goal)
    coordinator = coordinator_words(scene, scene.person, goal)
    if coordinator:
        yield Note(text=plain(coordinator))
    stop = stop_for(scene, goal.id)
    if stop is not None and stop.done_at is None:
        yield Note(text=voice.text("write-stop-line", stop=stop.text))


def _state(scene: Scene, goal: Goal) -> str:
    """The tail of the phrase that says where it stands."""
    match goal.state:
        case GoalState.DRAFT:
            return "draft" if approver_of(scene, scene.person) is not None else "alone"
        case GoalState.PROPOSED:
            return "proposed"
        case GoalState.ACTIVE | GoalState.CLOSED:
            return "approved"
        case GoalState.DISCARDED:
            return "discarded"


def _names(scene: Scene, goal: Goal) -> dict[str, str]:
    """Who is asked, or who answered."""
    request = waiting(scene, goal.id)
    approver = approver_of(scene, scene.person)
    asked = request.holder_id if request is not None else (approver.id if approver is not None else "")
    wanted = goal.approved_by if goal.state is GoalState.ACTIVE else asked
    return {"name": scene.name(wanted), "named": "yes" if scene.name(wanted) else "no"}


def _returned_note(scene: Scene, goal: Goal) -> str:
    """What the manager asked for, until it is sent again."""
    last = next(iter(reversed(requests_of(scene, goal.id))), None)
    if goal.state is not GoalState.DRAFT or last is None or last.answers.get("outcome") != "returned":
        return ""
    return last.answers.get("note", "")


def _buttons(scene: Scene, goal: Goal) -> Iterator[Buttons]:
    if goal.state not in OPEN:
        return
    voice = scene.voice(scene.person)
    discard = Button(
        label=voice.line("button-discard-goal"),
        action=Action(Verb.DISCARD_GOAL, (goal.id,)),
        tone=Tone.CAREFUL,
        about=goal.title,
    )
    yield Buttons(buttons=(*draft_buttons(scene, goal), discard))
    results = [
        Button(
            label=voice.line("button-edit-result", number=number),
            action=Action(Verb.EDIT_RESULT, (goal.id, result.id)),
            about=result.text,
        )
        for number, result in enumerate(goal.key_results[:MOST_EDITED], start=1)
    ]
    add = Button(label=voice.line("button-add-result"), action=Action(Verb.EDIT_RESULT, (goal.id, "new")), about=goal.title)
    yield Buttons(buttons=(*results, add))
