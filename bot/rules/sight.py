"""Who may see how much of a goal (PRODUCT.md section 7): one answer for every card and command that shows somebody's goals.

What is granted to whom stands in `bot.rules.access`. A draft is its owner's alone; proposed, it is also its approver's.
"""

from enum import IntEnum

from bot.model import DutyKind, Goal, GoalState, Person
from bot.rules.access import Act
from bot.rules.people import stand_in
from bot.rules.relations import reader_of
from bot.scene import Scene


class Sight(IntEnum):
    """How much of a goal somebody may see; more is higher."""

    NOTHING = 0
    NUMBERS = 1  # title, type, status, key results, contributions
    WORDS = 2  # also what it is for, what belongs to it, what changed and why, its grade: noted in the ledger
    OWN = 3


def sight(scene: Scene, goal: Goal, reader: Person) -> Sight:
    """What a reader may see of a goal whose owner the situation holds."""
    owner = scene.situation.people.get(goal.owner_id)
    if goal.owner_id == reader.id:
        return Sight.OWN
    if owner is None or goal.state is GoalState.DISCARDED:
        return Sight.NOTHING
    stands = reader_of(scene, reader, owner, goal=goal, asked=approves(scene, goal, reader))
    if goal.state is GoalState.DRAFT:
        return Sight.NOTHING  # nobody was asked yet, whatever an older request says
    if goal.state is GoalState.PROPOSED:
        return Sight.WORDS if stands.may(Act.GOAL_DRAFT) else Sight.NOTHING
    if stands.may(Act.GOAL_WORDS):
        return Sight.WORDS
    return Sight.NUMBERS if stands.may(Act.GOAL_NUMBERS) else Sight.NOTHING


def approves(scene: Scene, goal: Goal, reader: Person) -> bool:
    """The goal, or a change of it, waits for the reader's word, or for somebody's they stand in for."""
    people = scene.situation.people
    asked = (duty for duty in scene.situation.duties if duty.kind is DutyKind.APPROVAL and duty.goal_id == goal.id)
    holders = (people.get(duty.holder_id) for duty in asked if duty.done_at is None)
    return any(one == reader or stand_in(one, scene.situation) == reader for one in holders if one is not None)
