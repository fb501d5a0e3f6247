"""Who may see how much of a goal (PRODUCT.md section 7): one answer for every card and command that shows somebody's goals.

A draft is its owner's alone. A goal under way is planning data: its team sees title, type, status and numbers; whoever leads
it sees what was written about it, and reading that stands in the ledger.
"""

from enum import IntEnum

from bot.model import DutyKind, Goal, GoalState, Person, Role
from bot.rules.people import managers_of, stand_in
from bot.scene import Scene


class Sight(IntEnum):
    """How much of a goal somebody may see; more is higher."""

    NOTHING = 0
    NUMBERS = 1  # its teams, who reports to its owner, who supports it: title, type, status, key results, contributions
    PLAN = 2  # managers further up, HR: also what it is for, what belongs to it, what changed and its grade
    WORDS = 3  # manager (or who stands in), coordinator, who approves: also what was written about it
    OWN = 4


def sight(scene: Scene, goal: Goal, reader: Person) -> Sight:
    """What a reader may see of a goal whose owner the situation holds."""
    people = scene.situation.people
    owner = people.get(goal.owner_id)
    if goal.owner_id == reader.id:
        return Sight.OWN
    if owner is None or goal.state is GoalState.DISCARDED:
        return Sight.NOTHING
    if goal.state in (GoalState.DRAFT, GoalState.PROPOSED):
        asked = goal.state is GoalState.PROPOSED and approves(scene, goal, reader)
        return Sight.WORDS if asked else Sight.NOTHING
    chain = tuple(managers_of(owner, people))
    coordinator = people.get(goal.coordinator_id or "")
    leading = (*chain[:1], *((coordinator,) if coordinator is not None else ()))
    if any(reader == one or stand_in(one, scene.situation) == reader for one in leading) or approves(scene, goal, reader):
        return Sight.WORDS
    if reader in chain or reader.role is Role.HR_ADMIN:
        return Sight.PLAN
    if reader.manager_id == owner.id or _supports(scene, goal, reader):
        return Sight.NUMBERS
    teams = {team.casefold() for team in (goal.team, owner.team, *(one.team for one in goal.contributions)) if team}
    return Sight.NUMBERS if reader.team.casefold() in teams else Sight.NOTHING


def _supports(scene: Scene, goal: Goal, reader: Person) -> bool:
    """One of the reader's goals belongs to it."""
    around = (*scene.situation.goals, *scene.situation.kin)
    return any(one.parent_id == goal.id and one.owner_id == reader.id for one in around)


def approves(scene: Scene, goal: Goal, reader: Person) -> bool:
    """The goal, or a change of it, waits for the reader's word, or for somebody's they stand in for."""
    people = scene.situation.people
    asked = (duty for duty in scene.situation.duties if duty.kind is DutyKind.APPROVAL and duty.goal_id == goal.id)
    holders = (people.get(duty.holder_id) for duty in asked if duty.done_at is None)
    return any(one == reader or stand_in(one, scene.situation) == reader for one in holders if one is not None)
