"""How nudges about a cycle's end and about a new hire's reviews look: the goals they are about, their grades, their buttons."""

from collections.abc import Iterator

from bot.flows.goal_lines import goal_elements, title
from bot.flows.goal_words import draft_buttons
from bot.flows.grading import grade_button, grade_lines
from bot.model import DutyKind, Goal, GoalKind, GoalState
from bot.rules.finding import Finding, Offer
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Element, Note, Paragraph
from bot.talk.text import plain

GOALS_SHOWN = 3
"""A new hire has two or three performance objectives; the rest stands in `/goals`."""


def _objectives(scene: Scene, finding: Finding) -> tuple[Goal, ...]:
    """The performance objectives a review is about, those that are open first."""
    kind, _, rest = finding.about.partition(":")
    owner = rest.rpartition(":")[0]
    if kind != DutyKind.REVIEW:
        return ()
    goals = {goal.id: goal for goal in (*scene.situation.goals, *scene.situation.reports_goals)}
    theirs = (goal for goal in goals.values() if goal.owner_id == owner and goal.kind is GoalKind.KPO)
    shown = (goal for goal in theirs if goal.state in (GoalState.ACTIVE, GoalState.CLOSED))
    return tuple(sorted(shown, key=lambda goal: (goal.closing is not None, goal.id)))


def goals_of_review(scene: Scene, finding: Finding) -> Iterator[Element]:
    """Status and numbers of each performance objective, or its grade; alike for the new hire and the manager."""
    goals = _objectives(scene, finding)
    for goal in goals[:GOALS_SHOWN]:
        if goal.closing is None:
            yield from goal_elements(scene, scene.person, goal)
            if Offer.GRADE in finding.offers:
                yield Buttons(buttons=(grade_button(scene, goal),))
        else:
            yield Paragraph(text=title(goal))
            yield grade_note(scene, goal)
    if len(goals) > GOALS_SHOWN:
        yield Note(text=scene.voice(scene.person).text("review-more", count=len(goals) - GOALS_SHOWN))


def grade_note(scene: Scene, goal: Goal) -> Note:
    """A goal's grade as the desk's owner may read it."""
    return Note(text=plain("\n".join(grade_lines(scene, scene.person, goal, own=goal.owner_id == scene.person.id))))


def cycle_buttons(scene: Scene, finding: Finding, offer: Offer, goal: Goal | None) -> tuple[Button, ...]:
    """A draft's buttons, a grade's, or the one that begins a new goal."""
    if offer is Offer.PROPOSE:
        return draft_buttons(scene, goal) if goal is not None else ()
    if offer is Offer.GRADE:
        return (grade_button(scene, goal),) if goal is not None else ()  # a review's stand beside its goals
    label = scene.voice(scene.person).line("button-add-goal")
    return (Button(label=label, action=Action(Verb.SHOW, ("/goals add",))),)
