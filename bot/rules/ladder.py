"""Who is asked for a decision, in which order (PRODUCT.md section 5), and who of them is there. docs/escalation.md says it."""

from collections.abc import Iterator

from bot.model import Escalation, Goal, Person
from bot.rules.people import calendar_in, has_left, hr_admins, managers_of, stand_in, zone_of
from bot.scene import Scene


def ladder_for(scene: Scene, goal: Goal) -> tuple[str, ...]:
    """Manager, their deputy, then the coordinator of a cross-team goal or the manager's manager, then an HR admin.

    PRODUCT.md section 5, and `escalation.acknowledge` in section 2: who does not acknowledge is followed by their deputy.
    Nobody stands on it twice, the owner never, nor anybody who left: the next one up takes their place. May be empty.
    """
    owner = scene.person
    managers = [one for one in managers_of(owner, scene.situation.people) if not _gone(scene, one)]
    first = [one for boss in managers[:1] for one in (boss, scene.situation.people.get(boss.deputy_id or "")) if one is not None]
    first = [one for one in first if one.id != owner.id and not _gone(scene, one)]
    coordinator = scene.situation.people.get(goal.coordinator_id or "")
    asked = {owner.id, *(one.id for one in first)}
    final = coordinator is not None and coordinator.id not in asked and not _gone(scene, coordinator)
    steps = [*first, *([coordinator] if final and coordinator is not None else managers[1:2])]
    known = {owner.id, *(one.id for one in steps)}
    steps += [one for one in hr_admins(scene.situation) if one.id not in known][:1]
    return tuple(dict.fromkeys(one.id for one in steps if one.id != owner.id))


def _gone(scene: Scene, person: Person) -> bool:
    today = scene.now.astimezone(zone_of(person, scene.situation.company)).date()
    return has_left(person, today)


def first_there(scene: Scene, escalation: Escalation, step: int, *, but: str = "") -> tuple[Person, int] | None:
    """The first one from `step` on who is there, or their deputy; never the owner nor `but`, never in the name of who left."""
    for number, intended in _from(scene, escalation, step):
        holder = stand_in(intended, scene.situation)
        if holder is not None and holder.id not in (escalation.owner_id, but):
            return holder, number
    return None


def first_back(scene: Scene, escalation: Escalation, step: int) -> tuple[Person, int] | None:
    """Everybody from `step` on is away: who of them is back at work first."""
    back = [
        (at, number, intended)
        for number, intended in _from(scene, escalation, step)
        if (at := calendar_in(scene.situation, intended).next_polite(scene.now)) is not None
    ]
    if not back:
        return None
    _, number, found = min(back, key=lambda one: one[:2])
    return found, number


def _from(scene: Scene, escalation: Escalation, step: int) -> Iterator[tuple[int, Person]]:
    for number, one in enumerate(escalation.ladder[step:], start=step):
        intended = scene.situation.people.get(one)
        if intended is not None and one != escalation.owner_id and not _gone(scene, intended):
            yield number, intended
