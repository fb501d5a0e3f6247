"""Who reports to the person whose desk is looked at. Of very many, those are loaded about whom there is most to say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, or_, select

from bot.events import Event, Ticked
from bot.model import GoalState, Person, Told
from storage.named import people_by_id
from storage.schema import goal, person

MOST = 250
"""A look at a desk with so many reports takes about a second (docs/simulations.md), and it is looked at several times a day.

Nobody leads more people one by one; whoever is on record as their manager is told how many there are besides.
"""

NEW_HIRE_DAYS = 400
"""Longer than any review of a new hire is away from their first day."""

_covered = person.alias("covered")
_WHO = (
    or_(
        person.c.manager_id == bindparam("person_id"),
        person.c.manager_id.in_(select(_covered.c.id).where(_covered.c.deputy_id == bindparam("person_id"))),
    ),
    or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("yesterday")),
)
_ALL = select(person).where(*_WHO).limit(MOST + 1)
_COUNT = select(func.count()).select_from(person).where(*_WHO)
_OLDEST = (
    select(func.min(goal.c.updated_at)).where(goal.c.owner_id == person.c.id, goal.c.state == GoalState.ACTIVE).scalar_subquery()
)
_OWNERS = select(goal.c.owner_id).where(goal.c.id.in_(bindparam("goals", expanding=True)))
# First those whom a message of these weeks names: it has to stay true. Then new hires, then whose goals are quiet longest.
_SOME = (
    select(person)
    .where(*_WHO)
    .order_by(
        case((or_(person.c.id.in_(bindparam("named", expanding=True)), person.c.id.in_(_OWNERS)), 0), else_=1),
        case((person.c.start_date >= bindparam("lately"), 0), else_=1),
        case((_OLDEST.is_(None), 1), else_=0),
        _OLDEST,
        person.c.id,
    )
    .limit(MOST)
)


def load(connection: Connection, event: Event, person_id: str, told: Sequence[Told]) -> tuple[dict[str, Person], int]:
    """Who reports to the person or to somebody they cover for, and how many more do; only where a desk is looked at."""
    if not isinstance(event, Ticked) or not event.subject.startswith("desk:"):
        return {}, 0
    wanted: dict[str, Any] = {"person_id": person_id, "yesterday": event.at.date() - timedelta(days=1)}
    found = people_by_id(connection.execute(_ALL, wanted))
    if len(found) <= MOST:
        return found, 0
    total: int = connection.scalar(_COUNT, wanted) or 0
    wanted |= _named(told, event.at)
    return people_by_id(connection.execute(_SOME, wanted)), total - MOST


def _named(told: Sequence[Told], now: datetime) -> dict[str, Any]:
    """Whom, and whose goals, the messages of the last weeks are about."""
    subjects = [one.partition(":")[::2] for message in told for one in message.subjects]
    by_kind = {kind: sorted({name for one, name in subjects if one == kind}) for kind in ("person", "goal")}
    return {"named": by_kind["person"], "goals": by_kind["goal"], "lately": (now - timedelta(days=NEW_HIRE_DAYS)).date()}
