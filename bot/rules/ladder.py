"""Who is asked for a decision, in which order (PRODUCT.md section 5)."""

from bot.model import Goal, Person
from bot.rules.people import has_left, hr_admins, managers_of, zone_of
from bot.scene import Scene


def ladder_for(scene: Scene, goal: Goal) -> tuple[str, ...]:
    """Manager, then the coordinator of a cross-team goal or the manager's manager, then an HR admin (PRODUCT.md 5).

    Nobody stands on it twice, the owner never, nor anybody who left. May be empty: nobody is there to decide.
    """
    owner = scene.person
    managers = list(managers_of(owner, scene.situation.people))
    coordinator = scene.situation.people.get(goal.coordinator_id or "")
    steps: list[Person] = managers[:1]
    steps += [coordinator] if coordinator is not None else managers[1:2]
    steps += hr_admins(scene.situation)[:1]
    here: list[str] = []
    for person in steps:
        today = scene.now.astimezone(zone_of(person, scene.situation.company)).date()
        if person.id != owner.id and person.id not in here and not has_left(person, today):
            here.append(person.id)
    return tuple(here)
