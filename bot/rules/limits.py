"""`goal.limits`: how many objectives fit into a cycle before one has to go, and how many key results an objective has.

Nothing is refused: a further objective asks what must go (the stop list), and a count outside the range is a note.
"""

from bot.model import Duty, DutyKind, Goal, GoalKind, GoalState, GoalType
from bot.rules.cycle_end import today
from bot.rules.cycles import cycle_after, cycle_of
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.scene import Scene

NAME = "goal.limits"
OBJECTIVES = Threshold(rule=NAME, name="objectives", kind=Kind.COUNT, counts="objectives", default="3", low=1, high=20)
KEY_RESULTS_LOW = Threshold(rule=NAME, name="key_results_low", kind=Kind.COUNT, counts="key-results", default="3", low=1, high=10)
KEY_RESULTS_HIGH = Threshold(
    rule=NAME, name="key_results_high", kind=Kind.COUNT, counts="key-results", default="5", low=1, high=20
)
TAKES_ROOM = frozenset({GoalState.DRAFT, GoalState.PROPOSED, GoalState.ACTIVE})


def asks_what_goes(scene: Scene, goal: Goal) -> bool:
    """With this goal the desk's owner would have more objectives in its cycle than fit."""
    if goal.kind is not GoalKind.OBJECTIVE:
        return False
    others = (one for one in scene.situation.goals if one.id != goal.id and one.owner_id == scene.person.id)
    taken = sum(one.cycle == goal.cycle and one.state in TAKES_ROOM and one.kind is GoalKind.OBJECTIVE for one in others)
    return taken >= scene.setting(scene.person, OBJECTIVES).count


def usual_results(scene: Scene, goal: Goal) -> tuple[int, int] | None:
    """The range its number of key results lies outside of; None: inside, or it has none (learning, a new hire's objective)."""
    owner = scene.situation.people.get(goal.owner_id)
    if owner is None or goal.kind is GoalKind.KPO or goal.type is GoalType.LEARNING:
        return None
    low, high = (scene.setting(owner, one).count for one in (KEY_RESULTS_LOW, KEY_RESULTS_HIGH))
    return None if low <= len(goal.key_results) <= high else (low, high)


def stop_id(goal_id: str) -> str:
    """The duty that says what goes so that this goal has room: `stop:GOAL`."""
    return f"{DutyKind.STOP}:{goal_id}"


def stop_for(scene: Scene, goal_id: str) -> Duty | None:
    """What goes for this goal, where that was said."""
    return next((duty for duty in scene.situation.duties if duty.id == stop_id(goal_id)), None)


def this_cycle(scene: Scene) -> str:
    """The cycle that runs today where the desk's owner is."""
    return cycle_of(today(scene), scene.situation.company.fiscal_month)


def next_cycle(scene: Scene) -> str:
    """The one after it."""
    return cycle_after(this_cycle(scene))


RULE = Rule(name=NAME, thresholds=(OBJECTIVES, KEY_RESULTS_LOW, KEY_RESULTS_HIGH), recipients=(Recipient.OWNER,))
