"""`goal.stalled`: a goal nobody updated. The owner is asked first; the manager only after that message was delivered."""

from collections.abc import Iterator

from bot.model import Person
from bot.rules.finding import Finding, Weight
from bot.rules.people import stand_in
from bot.scene import Scene


def owner(scene: Scene) -> Iterator[Finding]:
    """The owner after 14 calendar days without an update (an import counts as one)."""
    setting = scene.setting(scene.person, "goal.stalled.owner")
    if setting.off:
        return
    calendar = scene.calendar(scene.person)
    for goal in scene.active_goals():
        at = calendar.add(goal.updated_at, setting.span)
        if goal.stall.owner_key or at is None:
            continue
        yield Finding(
            rule="goal.stalled",
            stage="owner",
            about=goal.id,
            at=at,
            policy=setting.version,
            weight=Weight.OWNER,
            facts={"updated": goal.updated_at.isoformat(), "threshold": setting.value},
        )


def manager(scene: Scene) -> Iterator[Finding]:
    """The manager after 21 calendar days, if the owner's nudge was delivered at least two of the manager's days before."""
    calendar = scene.calendar(scene.person)
    for goal in scene.situation.reports_goals:
        responsible = scene.situation.people.get(goal.owner_id)
        if responsible is None or goal.stall.owner_told_at is None or goal.stall.manager_key or not scene.is_active(goal):
            continue
        if not _listens_for(scene, responsible):
            continue
        setting = scene.setting(responsible, "goal.stalled.manager")
        if setting.off:
            continue
        silent = scene.calendar(responsible).add(goal.updated_at, setting.span)
        lead = calendar.add(goal.stall.owner_told_at, scene.setting(responsible, "goal.stalled.lead").span)
        if silent is None or lead is None:
            continue
        yield Finding(
            rule="goal.stalled",
            stage="manager",
            about=goal.id,
            at=max(silent, lead),
            policy=setting.version,
            weight=Weight.MANAGER,
            facts={
                "updated": goal.updated_at.isoformat(),
                "threshold": setting.value,
                "owner_told": goal.stall.owner_told_at.isoformat(),
            },
        )


def _listens_for(scene: Scene, owner: Person) -> bool:
    """The desk's person is the owner's manager, or stands in for a manager who is away now."""
    if owner.manager_id == scene.person.id:
        return owner.id != scene.person.id
    boss = scene.situation.people.get(owner.manager_id or "")
    return boss is not None and stand_in(boss, scene.situation) == scene.person and owner.id != scene.person.id
