"""What several goals come to together, by type: how many stand where, and how far they came, each type in its own measure.

Numbers of different types are never mixed. A cross-team goal counts once and as itself: it is not split into anybody's
share (PRODUCT.md section 3). Nothing here changes a goal above: it only shows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.model import Goal, GoalState, GoalType
from bot.rules.progress import ALL, is_reached, mean_progress
from bot.rules.standing import Effective, effective
from bot.scene import Scene

CLOSED = "closed"
"""Counted in place of a status: the goal was graded."""

SEEN = (GoalState.ACTIVE, GoalState.CLOSED)
"""What counts: an idea that nobody approved belongs to nothing yet."""

_ORDER = (*(one.value for one in Effective), CLOSED)


class Sort(StrEnum):
    """What is counted together: the types, and cross-team goals apart from them."""

    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"
    LEARNING = "learning"
    CROSS_TEAM = "cross-team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Goals of one sort. `statuses`: how many stand where, in the order of `Effective`, graded ones last.

    `measured`: how many have numbers, or a grade. Of committed goals so many were `reached`; of aspirational ones `mean` is
    the mean progress from 0 to 1. None: that sort has no such measure, or nothing was measured yet.
    """

    sort: Sort
    statuses: tuple[tuple[str, int], ...]
    measured: int = 0
    reached: int | None = None
    mean: Decimal | None = None


def sort_of(goal: Goal) -> Sort:
    """What a goal is counted as."""
    return Sort.CROSS_TEAM if goal.coordinator_id or goal.contributions else Sort(goal.type.value)


def groups(scene: Scene, goals: Iterable[Goal]) -> tuple[Group, ...]:
    """The goals that were approved, by sort; only sorts there are."""
    seen = [goal for goal in goals if goal.state in SEEN]
    by_sort = {sort: [goal for goal in seen if sort_of(goal) is sort] for sort in Sort}
    return tuple(_group(scene, sort, some) for sort, some in by_sort.items() if some)


def _group(scene: Scene, sort: Sort, goals: list[Goal]) -> Group:
    count = Counter(CLOSED if goal.state is GoalState.CLOSED else effective(scene, goal).value for goal in goals)
    statuses = tuple((name, count[name]) for name in _ORDER if count[name])
    match sort:
        case Sort.COMMITTED:
            known = [way for way in map(was_reached, goals) if way is not None]
            return Group(sort=sort, statuses=statuses, measured=len(known), reached=sum(known) if known else None)
        case Sort.ASPIRATIONAL:
            ways = [way for way in map(how_far, goals) if way is not None]
            mean = sum(ways, Decimal(0)) / len(ways) if ways else None
            return Group(sort=sort, statuses=statuses, measured=len(ways), mean=mean)
        case Sort.LEARNING | Sort.CROSS_TEAM:
            return Group(sort=sort, statuses=statuses)


def was_reached(goal: Goal) -> bool | None:
    """A committed goal: its grade, or that every number is at its target. None: it has neither grade nor numbers."""
    if goal.closing is not None and goal.closing.reached is not None:
        return goal.closing.reached
    aims = [result for result in goal.key_results if result.target is not None]
    return all(is_reached(result) for result in aims) if aims else None


def how_far(goal: Goal) -> Decimal | None:
    """An aspirational goal: its grade, or the mean progress of its numbers, from 0 to 1. None: it has neither."""
    if goal.type is not GoalType.ASPIRATIONAL:
        return None
    if goal.closing is not None and goal.closing.score is not None:
        return min(max(goal.closing.score, Decimal(0)), ALL)
    return mean_progress(goal)
