"""A goal, or a change of one, before whoever approves it: everything needed to decide, and the three things to do."""

from collections.abc import Iterator

from bot.flows.goal_history import change_words
from bot.flows.goal_lines import title
from bot.flows.goal_words import coordinator_words, result_paragraphs, type_words, warnings
from bot.model import Duty, Goal, GoalState, Person
from bot.rules.approval import pending
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Element, Note, Paragraph, Tone
from bot.talk.text import plain


def request_of(scene: Scene, duty_id: str) -> tuple[Duty, Goal] | None:
    """The request of that id with the goal it is about."""
    duty = next((one for one in scene.situation.duties if one.id == duty_id), None)
    goals = (*scene.situation.goals, *scene.situation.reports_goals)
    goal = next((one for one in goals if duty is not None and one.id == duty.goal_id), None)
    return (duty, goal) if duty is not None and goal is not None else None


def request_elements(scene: Scene, duty_id: str, reader: Person) -> Iterator[Element]:
    """What is asked: a new goal whole, or what changes with the reason."""
    found = request_of(scene, duty_id)
    if found is None:
        return
    _, goal = found
    voice = scene.voice(reader)
    yield Paragraph(text=title(goal))
    yield Note(text=plain(type_words(voice, goal)))
    revision = pending(goal) if goal.state is GoalState.ACTIVE else None
    if revision is not None:
        changes = "\n".join(change_words(voice, goal, one) for one in revision.changes)
        yield Paragraph(text=plain(changes))
        yield Paragraph(text=voice.text("approval-reason", reason=revision.reason))
        return
    if goal.why:
        yield Paragraph(text=voice.text("write-why-line", why=goal.why))
    yield from result_paragraphs(voice, goal)
    coordinator = coordinator_words(scene, reader, goal)
    if coordinator:
        yield Note(text=plain(coordinator))
    for words in warnings(scene, reader, goal):
        yield Note(text=words)


def request_buttons(scene: Scene, duty_id: str, reader: Person) -> tuple[Button, ...]:
    """*Approve*, *Ask for a change*, *Show*."""
    found = request_of(scene, duty_id)
    if found is None:
        return ()
    duty, goal = found
    voice = scene.voice(reader)
    return (
        Button(
            label=voice.line("button-approve"),
            action=Action(Verb.APPROVE, (goal.id, duty.id)),
            tone=Tone.PRIMARY,
            about=goal.title,
        ),
        Button(label=voice.line("button-return"), action=Action(Verb.OPEN_RETURN, (goal.id, duty.id)), about=goal.title),
        Button(label=voice.line("button-show-goal"), action=Action(Verb.SHOW_GOAL, (goal.id,)), about=goal.title),
    )
