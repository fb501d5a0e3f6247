"""Everything about one goal: where it stands, what it belongs to, its history, its grade; each reader sees what they may."""

from collections.abc import Iterator
from dataclasses import replace

from bot.decision import Decision, together
from bot.flows import escalation, readings
from bot.flows.goal_lines import contribution_line, roll_up_lines, standing, title, type_words, whole_result_line
from bot.flows.goal_past import past_lines
from bot.model import Goal, GoalState, Person
from bot.rules.access import Act
from bot.rules.checkin import NOW
from bot.rules.relations import reader_of
from bot.rules.roll_up import SEEN
from bot.rules.sight import Sight, sight
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Element, Facts, Heading, Note, Paragraph, Tone
from bot.talk.intents.matching import find
from bot.talk.text import Text, join, plain

RESULTS_SHOWN = 8
CONTRIBUTIONS_SHOWN = 8
NAMED_AT_MOST = 8
"""So many goals may be meant by somebody's words before they are asked to say more of the title."""


def wanted(scene: Scene, words: str) -> Decision:
    """`/goals show GOAL`: one of the person's own, whatever its state, or a button for each that may be meant."""
    own = [goal for goal in scene.situation.goals if goal.owner_id == scene.person.id and goal.state is not GoalState.DISCARDED]
    known = [*own, *(goal for goal in scene.situation.kin if _may(scene, goal) > Sight.NOTHING)]
    named = [goal for goal in known if words.casefold() in (goal.id.casefold(), goal.title.casefold())]
    found = named or list(find(words, known).goals)
    if len(found) == 1 and found[0] in own:
        return shown(scene, found[0].id)
    if not found:
        return scene.tell("view-unknown", form=f"/goals show {known[0].id}" if known else "/goals")
    voice = scene.voice(scene.actor)
    elements: list[Element] = [Paragraph(text=voice.text("view-which"))]
    for goal in found[:NAMED_AT_MOST]:
        elements += [
            Paragraph(text=join(title(goal), " · ", scene.name(goal.owner_id), " · ", goal.cycle)),
            Buttons(buttons=(show_button(scene, goal),)),
        ]
    return scene.reply(*elements, summary=voice.line("view-which"))


def show_button(scene: Scene, goal: Goal) -> Button:
    """*Show*: everything about a goal, as far as whoever presses may see it."""
    return Button(
        label=scene.voice(scene.actor).line("view-button-show"), action=Action(Verb.SHOW_GOAL, (goal.id,)), about=goal.title
    )


def shown(scene: Scene, goal_id: str) -> Decision:
    """`/goals show GOAL`, or its button: the desk is the goal owner's, the actor who wants to see it."""
    goal = _named(scene, goal_id)
    seen = _may(scene, goal) if goal is not None else Sight.NOTHING
    if goal is None or seen is Sight.NOTHING:
        return scene.tell("view-not-yours")
    card = goal_card(scene, goal, scene.actor)
    told = scene.reply(*card.elements, summary=card.summary)
    if seen is Sight.OWN or not _written(goal, seen):
        return told
    return together(told, Decision(entries=readings.read(scene, goal.owner_id, f"goal:{goal.id}", "goal card", scene.actor)))


def _named(scene: Scene, goal_id: str) -> Goal | None:
    mine = (goal for goal in scene.situation.goals if goal.owner_id == scene.person.id)
    return next((goal for goal in mine if goal.id == goal_id), None)


def _may(scene: Scene, goal: Goal) -> Sight:
    return sight(scene, goal, scene.actor)


def _written(goal: Goal, seen: Sight) -> bool:
    """The card shows somebody else's free text."""
    return seen >= Sight.WORDS and bool(goal.why or goal.question or goal.revisions or goal.closing)


def goal_card(scene: Scene, goal: Goal, reader: Person) -> Card:
    """The goal as a reader sees it; buttons only for who may do something about it."""
    voice = scene.voice(reader)
    seen = sight(scene, goal, reader)
    elements: list[Element] = [Paragraph(text=title(goal)), Note(text=plain(state_line(scene, reader, goal)))]
    elements.append(Facts(pairs=tuple(_facts(scene, goal, reader, seen))))
    lines = [whole_result_line(scene, reader, result) for result in goal.key_results[:RESULTS_SHOWN]]
    if len(goal.key_results) > RESULTS_SHOWN:
        lines.append(voice.line("result-more", count=len(goal.key_results) - RESULTS_SHOWN))
    elements += _part(voice.line("view-results"), lines)
    given = [contribution_line(scene, reader, one) for one in goal.contributions[:CONTRIBUTIONS_SHOWN]]
    elements += _part(voice.line("view-contributions"), given)
    if seen >= Sight.WORDS:
        elements += _part(voice.line("view-children"), roll_up_lines(scene, reader, children(scene, goal)))
        elements += _part(voice.line("view-history"), past_lines(scene, goal, reader, seen))
    buttons = tuple(_buttons(scene, goal, reader, seen))
    if buttons:
        elements.append(Buttons(buttons=buttons))
    owner = scene.name(goal.owner_id)
    summary = voice.line("view-summary", goal=goal.title, owner=owner, standing=state_line(scene, reader, goal))
    return Card(summary=summary, elements=tuple(elements))


def _part(label: str, lines: list[str]) -> list[Element]:
    return [Heading(text=label), Note(text=plain("\n".join(lines)))] if lines else []


def state_line(scene: Scene, reader: Person, goal: Goal) -> str:
    """Type, status and age of the last update; the type and how far it is where it is not under way."""
    if goal.state is GoalState.ACTIVE:
        return standing(scene, reader, goal)
    voice = scene.voice(reader)
    return voice.line("view-state", type=type_words(scene, reader, goal), state=voice.line(f"view-state-{goal.state.value}"))


def _facts(scene: Scene, goal: Goal, reader: Person, seen: Sight) -> Iterator[tuple[str, Text]]:
    voice = scene.voice(reader)
    yield voice.line("view-owner"), plain(scene.name(goal.owner_id) or "–")
    yield voice.line("view-cycle"), plain(goal.cycle)
    if goal.coordinator_id:
        yield voice.line("view-coordinator"), plain(scene.name(goal.coordinator_id) or "–")
    above = parent(scene, goal)
    if above is not None:
        yield voice.line("view-parent"), plain(above.title)
    if seen >= Sight.WORDS and goal.why:
        yield voice.line("view-why"), plain(goal.why)
    if seen >= Sight.WORDS and goal.question:
        yield voice.line("view-question"), plain(goal.question)


def _around(scene: Scene) -> Iterator[Goal]:
    yield from scene.situation.goals
    yield from scene.situation.kin


def parent(scene: Scene, goal: Goal) -> Goal | None:
    """The goal it supports, once that is more than an idea."""
    found = next((one for one in _around(scene) if one.id == goal.parent_id), None)
    return found if found is not None and found.state in SEEN else None


def children(scene: Scene, goal: Goal) -> tuple[Goal, ...]:
    """The goals that support it, each once."""
    return tuple({one.id: one for one in _around(scene) if one.parent_id == goal.id and one.id != goal.id}.values())


def _buttons(scene: Scene, goal: Goal, reader: Person, seen: Sight) -> Iterator[Button]:
    voice = scene.voice(reader)

    def button(label: str, verb: Verb, *args: str, tone: Tone = Tone.PLAIN) -> Button:
        return Button(label=voice.line(label), action=Action(verb, args), tone=tone, about=goal.title)

    active = goal.state is GoalState.ACTIVE
    coordinates = reader.id == goal.coordinator_id
    if seen is Sight.OWN and active and scene.is_active(goal):
        yield button("button-update", Verb.OPEN_FORM, f"{reader.id}/{NOW}", goal.id, tone=Tone.PRIMARY)
    if seen is Sight.OWN and goal.state in (GoalState.DRAFT, GoalState.PROPOSED, GoalState.ACTIVE):
        yield button("view-button-edit", Verb.EDIT_GOAL, goal.id)
    if (seen is Sight.OWN or coordinates) and active:
        yield button("view-button-close", Verb.CLOSE_GOAL, goal.id)
    if seen is Sight.OWN and active:
        yield button("view-button-talk", Verb.OPEN_ITEM, goal.id)
        if scene.is_active(goal) and goal.id not in escalation.undecided(scene):
            yield button("button-need-decision", Verb.NEED_DECISION, goal.id)
    if (seen is Sight.OWN or coordinates) and active:
        for number, one in enumerate(goal.contributions[:CONTRIBUTIONS_SHOWN]):
            label = voice.line("view-button-undelivered" if one.delivered else "view-button-delivered", team=one.team)
            action = Action(Verb.DELIVERED, (goal.id, str(number), one.team[:100], "no" if one.delivered else "yes"))
            yield Button(label=label, action=action, about=one.deliverable)


def delivered(scene: Scene, goal_id: str, number: str, team: str, answer: str) -> Decision:
    """*Delivered* at a team's contribution, by the goal's owner or coordinator; it can be taken back."""
    goal = _named(scene, goal_id)
    if goal is None or _may(scene, goal) is Sight.NOTHING:
        return scene.tell("view-not-yours")
    if not reader_of(scene, scene.actor, scene.person, goal=goal).may(Act.GOAL_CLOSE):
        return scene.tell("view-delivered-not-yours")
    place = int(number) if number.isdecimal() and len(number) < 4 else len(goal.contributions)
    if goal.state is not GoalState.ACTIVE or place >= len(goal.contributions) or goal.contributions[place].team[:100] != team:
        return scene.tell("view-changed")
    one = goal.contributions[place]
    if one.delivered == (answer == "yes"):
        return shown(scene, goal.id)
    told = tuple(replace(other, delivered=answer == "yes") if n == place else other for n, other in enumerate(goal.contributions))
    moved = replace(goal, contributions=told, updated_at=scene.now, answered_at=scene.now)
    what = "delivered" if answer == "yes" else "not delivered"
    entry = scene.entry("goal:delivered", f"goal:{goal.id}", outcome=what, team=one.team, by=scene.actor.email)
    done = Decision(changes=(moved,), entries=(entry,), looks=(scene.look(scene.now, sooner=True),))
    return together(done, shown(scene.after(done), goal.id))
