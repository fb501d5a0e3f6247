"""The stalled-goal nudges as people see them: one message for all of a person's silent goals, buttons to act at once."""

from bot.flows.goal_lines import answer_buttons, standing, title
from bot.model import Goal, Person
from bot.rules.checkin import NOW
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Note, Paragraph
from bot.talk.text import join, plain

GOALS_SHOWN = 8


def silence(scene: Scene, reader: Person, days: int) -> str:
    """How long nothing was heard: whole weeks in words, otherwise days."""
    voice = scene.voice(reader)
    weeks, rest = divmod(days, 7)
    return voice.line("silence-weeks", weeks=weeks) if rest == 0 and 2 <= weeks <= 12 else voice.line("silence-days", days=days)


def stalled_owner_card(scene: Scene, goals: tuple[Goal, ...], key: str) -> Card:
    """For the owner: each silent goal with its quick buttons; goals updated since this message was decided are marked done."""
    person = scene.person
    voice = scene.voice(person)
    open_goals = [goal for goal in goals if goal.stall.owner_key == key]
    elements: list[Element] = []
    for goal in goals[:GOALS_SHOWN]:
        if goal not in open_goals:
            elements.append(Note(text=voice.text("stalled-done", goal=goal.title)))
            continue
        since = silence(scene, person, scene.days_since(goal.updated_at, person))
        elements.append(Paragraph(text=voice.text("stalled-owner", silence=since)))
        elements.append(Paragraph(text=title(goal)))
        elements.append(Note(text=plain(standing(scene, person, goal))))
        elements.append(Buttons(buttons=answer_buttons(scene, f"{person.id}/{NOW}", goal)))
    if not open_goals:
        summary = voice.line("stalled-all-done")
        return Card(summary=summary, elements=(*elements, Note(text=voice.text("stalled-all-done"))))
    elements.append(Note(text=voice.text("stalled-adjust")))
    elements.append(Buttons(buttons=(Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,))),)))
    first = open_goals[0]
    summary = voice.line(
        "stalled-owner-summary",
        silence=silence(scene, person, scene.days_since(first.updated_at, person)),
        goal=first.title,
        more=len(open_goals) - 1,
    )
    return Card(summary=summary, elements=tuple(elements))


def stalled_manager_card(scene: Scene, goals: tuple[Goal, ...], key: str) -> Card:
    """For the manager: which goals of their people went silent, after the owners were asked themselves."""
    person = scene.person
    voice = scene.voice(person)
    elements: list[Element] = [Paragraph(text=voice.text("stalled-manager", count=len(goals)))]
    for goal in goals[:GOALS_SHOWN]:
        days = scene.days_since(goal.updated_at, person)
        owner = scene.name(goal.owner_id)
        line = voice.text("stalled-manager-line", owner=owner, silence=silence(scene, person, days))
        elements.append(Paragraph(text=join(title(goal), "\n", line)))
        elements.append(Note(text=plain(standing(scene, person, goal))))
        ask = Button(
            label=voice.line("button-ask-owner", owner=owner), action=Action(Verb.ASK_OWNER, (goal.id,)), about=goal.title
        )
        elements.append(Buttons(buttons=(ask,)))
    if len(goals) > GOALS_SHOWN:
        elements.append(Note(text=voice.text("stalled-more", count=len(goals) - GOALS_SHOWN)))
    elements.append(Note(text=voice.text("stalled-manager-hint")))
    elements.append(Buttons(buttons=(Button(label=voice.line("button-why"), action=Action(Verb.WHY, (key,))),)))
    first = goals[0]
    summary = voice.line(
        "stalled-manager-summary",
        owner=scene.name(first.owner_id),
        goal=first.title,
        silence=silence(scene, person, scene.days_since(first.updated_at, person)),
        more=len(goals) - 1,
    )
    return Card(summary=summary, elements=tuple(elements))
