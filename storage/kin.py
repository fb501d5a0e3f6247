"""What stands around a person's goals: parents, children, goals they coordinate, numbers watched, their manager's plans."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

from sqlalchemy import Connection, and_, bindparam, or_, select

from bot.events import Event, Pressed, Said, Submitted
from bot.model import Duty, DutyKind, Goal, GoalState, Kpi, Person
from bot.rules.people import managers_of
from storage import lean, rows
from storage.columns import among
from storage.desk import ABOUT_OWN_GOALS
from storage.schema import duty, goal, key_result, kpi

KEY_RESULTS = select(key_result).where(among(key_result.c.goal_id, "ids"))
_KIN = select(goal).where(
    or_(
        and_(goal.c.parent_id.is_not(None), among(goal.c.parent_id, "ids")),
        among(goal.c.id, "parents"),
        and_(among(goal.c.owner_id, "managers"), goal.c.state == GoalState.ACTIVE),
        goal.c.coordinator_id == bindparam("person_id"),
    ),
    goal.c.owner_id != bindparam("person_id"),
)
_KPIS = select(kpi).where(kpi.c.owner_id == bindparam("person_id"), kpi.c.dropped_at.is_(None)).order_by(kpi.c.name, kpi.c.id)
_LEADING = (
    select(duty)
    .where(duty.c.holder_id == bindparam("manager_id"), duty.c.kind == DutyKind.PREPARE, duty.c.done_at.is_not(None))
    .order_by(duty.c.done_at.desc(), duty.c.id)
    .limit(2)
)


def around_goals(
    connection: Connection, event: Event, person_id: str, goals: Sequence[Goal], people: Mapping[str, Person]
) -> tuple[tuple[Goal, ...], tuple[Kpi, ...], tuple[Duty, ...]]:
    """What `Situation.kin`, `kpis` and `leading` document; only where somebody acts on goals."""
    acted = isinstance(event, Pressed | Submitted) and event.action.verb in ABOUT_OWN_GOALS
    if not (acted or isinstance(event, Said)):
        return (), (), ()
    managers = [one.id for one in managers_of(people[person_id], people)]
    mine = [one for one in goals if one.owner_id == person_id]
    wanted = {
        "ids": [one.id for one in mine],
        "parents": sorted({one.parent_id for one in mine if one.parent_id}),
        "managers": managers,
        "person_id": person_id,
    }
    found = lean.fetch(connection, _KIN, wanted)
    parts = lean.fetch(connection, KEY_RESULTS, {"ids": sorted(row["id"] for row in found)}) if found else []
    kpis = tuple(map(rows.kpi, lean.fetch(connection, _KPIS, {"person_id": person_id})))
    leading = tuple(map(rows.duty, lean.fetch(connection, _LEADING, {"manager_id": managers[0]}))) if managers else ()
    return tuple(sorted(rows.goals(found, parts), key=attrgetter("id"))), kpis, leading
