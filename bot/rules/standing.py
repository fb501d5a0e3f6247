"""Where a goal stands now: what its owner reported, unless a green has grown old. `stale` overrides it (PRODUCT.md section 1).

Everything that shows or exports how a goal is doing *now* asks here. What was said at a time (a check-in, a citation, the
history) stays as it was said, see docs/operations.md.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from bot.model import Company, Goal, GoalState, Person, PolicyChange, Status
from bot.rules import policy, stalled
from bot.rules.people import zone_of
from bot.scene import Scene


class Effective(StrEnum):
    """What a goal's status is worth now."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    STALE = "stale"
    NONE = "none"


def effective(scene: Scene, goal: Goal) -> Effective:
    """How a goal is doing, at the scene's instant."""
    situation = scene.situation
    owner = situation.people.get(goal.owner_id)
    return effective_at(goal, owner, policies=situation.policies, company=situation.company, now=scene.now)


def is_stale(scene: Scene, goal: Goal) -> bool:
    """Nobody updated it for as long as its owner's stalled threshold; whatever was reported."""
    situation = scene.situation
    owner = situation.people.get(goal.owner_id)
    return _is_stale(goal, owner, situation.policies, situation.company, scene.now)


def effective_at(
    goal: Goal, owner: Person | None, *, policies: Sequence[PolicyChange], company: Company, now: datetime
) -> Effective:
    """The same where there is no scene: for exports. `owner` None: nobody knows whose threshold counts."""
    if goal.status is None:
        return Effective.NONE
    if goal.status is Status.ON_TRACK and _is_stale(goal, owner, policies, company, now):
        return Effective.STALE
    return Effective(goal.status.value)


def _is_stale(goal: Goal, owner: Person | None, policies: Sequence[PolicyChange], company: Company, now: datetime) -> bool:
    """Only what is under way grows old: a graded goal keeps the status it ended with."""
    if owner is None or goal.state is not GoalState.ACTIVE:
        return False
    setting = policy.for_person(policies, owner, stalled.OWNER)
    zone = zone_of(owner, company)
    days = (now.astimezone(zone).date() - goal.updated_at.astimezone(zone).date()).days
    return not setting.off and days >= setting.span.amount
