"""Drafts of goals as they are kept: which goals their owner may change, what is saved, what goes for it (the stop list)."""

from dataclasses import replace

from bot.decision import NOTHING, Decision, together
from bot.flows import goal_changes, nudge, owed
from bot.flows.goal_draft_card import shown
from bot.flows.goal_lines import title
from bot.flows.goal_words import draft_buttons, kind_of, type_words
from bot.model import Duty, DutyKind, Goal, GoalState
from bot.rules import limits
from bot.rules.approval import waiting
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Divider, Element, Heading, Note, Paragraph
from bot.talk.text import plain

AHEAD_SHOWN = 6


def writable(scene: Scene) -> tuple[Goal, ...]:
    """The person's goals that may be changed: drafts first, then what waits, then the active ones of this cycle and later."""
    order = (GoalState.DRAFT, GoalState.PROPOSED, GoalState.ACTIVE)
    now = limits.this_cycle(scene)
    mine = (goal for goal in scene.situation.goals if goal.owner_id == scene.person.id and goal.state in order)
    alive = (goal for goal in mine if goal.cycle >= now or scene.is_active(goal))
    return tuple(sorted(alive, key=lambda goal: (order.index(goal.state), goal.cycle, goal.id)))


def goals_ahead(scene: Scene) -> tuple[Element, ...]:
    """What is written and not active yet, each with *Edit*, and the button for another goal: the end of `/goals`."""
    voice = scene.voice(scene.person)
    ahead = [goal for goal in writable(scene) if not scene.is_active(goal)]
    elements: list[Element] = [Divider(), Heading(text=voice.line("goals-drafts"))] if ahead else []
    for goal in ahead[:AHEAD_SHOWN]:
        request = waiting(scene, goal.id)
        name = scene.name(request.holder_id) if request is not None else ""
        state = goal.state.value if goal.state is not GoalState.ACTIVE else "later"
        where = voice.line("goal-state", state=state, name=name or "–", cycle=goal.cycle)
        elements += [
            Paragraph(text=title(goal)),
            Note(text=plain(f"{type_words(voice, goal)} · {where}")),
            Buttons(buttons=draft_buttons(scene, goal)),
        ]
    if len(ahead) > AHEAD_SHOWN:
        elements.append(Note(text=voice.text("checkin-more-goals", count=len(ahead) - AHEAD_SHOWN)))
    add = Button(label=voice.line("button-add-goal"), action=Action(Verb.SHOW, ("/goals add",)))
    return (*elements, Buttons(buttons=(add,)))


def no_such_goal(scene: Scene, goal_id: str) -> Decision:
    """It is somebody else's, it is over, or there is none: in words, and nothing changed."""
    known = {goal.id: goal for goal in (*scene.situation.kin, *scene.situation.goals)}
    goal = known.get(goal_id)
    if goal is None:
        return scene.tell("goal-unknown") if goal_id else scene.tell("write-none")
    if goal.owner_id != scene.person.id:
        return scene.tell("write-not-yours", goal=goal.title)
    return scene.tell("write-over", goal=goal.title)


def same_draft(scene: Scene, goal: Goal) -> Goal:
    """A draft of the same title in the same cycle is this one, written again."""
    for one in writable(scene):
        same = (one.title.casefold(), one.cycle, one.kind) == (goal.title.casefold(), goal.cycle, goal.kind)
        if one.state is GoalState.DRAFT and same and not one.carried_from:
            results = tuple(replace(part, goal_id=one.id, id=f"{one.id}-{n}") for n, part in enumerate(goal.key_results, start=1))
            return replace(goal, id=one.id, key_results=results)
    return goal


def kept(scene: Scene, goal: Goal, stop: str | None) -> Decision:
    """A draft is saved as it is now; what waited for approval is a draft again. `stop` None: what goes was not asked."""
    dropped = NOTHING
    if goal.state is GoalState.PROPOSED:
        goal, dropped = goal_changes.replaced(scene, replace(goal, state=GoalState.DRAFT))
    known = any(one.id == goal.id for one in scene.situation.goals)
    entry = scene.entry("goal:edited" if known else "goal:drafted", f"goal:{goal.id}", outcome=kind_of(goal), cycle=goal.cycle)
    done = together(dropped, Decision(changes=(goal,), entries=(entry,), looks=(scene.look(scene.now, sooner=True),)))
    if stop is not None:
        done = together(done, _stop_noted(scene, goal, stop))
    after = scene.after(done)
    return together(done, shown(after, goal), nudge.settled(after))


def _stop_noted(scene: Scene, goal: Goal, words: str) -> Decision:
    """What goes so that this goal has room stands on the stop list."""
    known = limits.stop_for(scene, goal.id)
    if known is not None:
        if words and known.done_at is None:
            return Decision(changes=(replace(known, text=words),)) if known.text != words else NOTHING
        return NOTHING if words or known.done_at else owed.closed(scene, known, rule=limits.NAME, outcome="no longer needed")
    if not words:
        return NOTHING
    person = scene.person.id
    duty = Duty(
        id=limits.stop_id(goal.id),
        kind=DutyKind.STOP,
        person_id=person,
        holder_id=person,
        goal_id=goal.id,
        text=words,
        opened_at=scene.now,
    )
    return owed.opened(scene, duty, rule=limits.NAME, at=None)
