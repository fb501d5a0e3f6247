"""What one person owes another: opened, closed, and who looks again because of it."""

from dataclasses import replace
from datetime import datetime

from bot.decision import Decision, Look
from bot.model import Duty
from bot.scene import Scene


def opened(scene: Scene, duty: Duty, *, rule: str, at: datetime | None) -> Decision:
    """A new duty; its holder's desk is looked at again at `at` (None: whenever it is looked at anyway)."""
    holder = scene.situation.people.get(duty.holder_id)
    entry = scene.entry(
        f"duty:{duty.kind}:opened",
        f"duty:{duty.id}",
        rule=rule,
        goal=duty.goal_id,
        holder=holder.email if holder else "",
    )
    entry = replace(entry, person=duty.person_id)
    looks = (scene.look(at, sooner=True, person=holder),) if at is not None and holder is not None else ()
    return Decision(changes=(duty,), entries=(entry,), looks=looks)


def closed(scene: Scene, duty: Duty, *, rule: str, outcome: str, by: str = "") -> Decision:
    """It is done (`by`: who said so; empty: it is no longer wanted). Everybody concerned looks again now."""
    done = replace(duty, done_at=scene.now, done_by=by)
    named = scene.situation.people.get(by)
    entry = scene.entry(
        f"duty:{duty.kind}:closed",
        f"duty:{duty.id}",
        rule=rule,
        outcome=outcome,
        goal=duty.goal_id,
        by=named.email if named else "",
    )
    entry = replace(entry, person=duty.person_id)
    return Decision(changes=(done,), entries=(entry,), looks=_looks(scene, duty))


def _looks(scene: Scene, duty: Duty) -> tuple[Look, ...]:
    """Always in the same order: rows of the agenda are locked by whoever writes them first."""
    people = scene.situation.people
    concerned = sorted({duty.person_id, duty.holder_id, duty.next_holder_id} & people.keys())
    return tuple(scene.look(scene.now, sooner=True, person=people[one]) for one in concerned)
