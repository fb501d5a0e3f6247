"""Requests for a decision that an event is about: the named ones, the desk's own, and those that wait for its owner."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, or_, select, text

from bot.events import Event, Ticked
from bot.model import OVER, Escalation, Told
from bot.ports import Conflict
from storage import rows
from storage.desk import Desk
from storage.schema import escalation

_NAMED = select(escalation).where(escalation.c.id.in_(bindparam("ids", expanding=True)))
_sibling = escalation.alias("sibling")
_SAME_GOAL = select(escalation).where(
    escalation.c.goal_id == select(_sibling.c.goal_id).where(_sibling.c.id == bindparam("id")).scalar_subquery(),
    or_(
        escalation.c.id == bindparam("id"),
        escalation.c.state.not_in(tuple(OVER)),
        escalation.c.opened_at >= bindparam("since"),
    ),
)
"""The named one, and what else was asked about its goal lately."""
_ABOUT_OWN = and_(
    escalation.c.owner_id == bindparam("person_id"),
    or_(escalation.c.state.not_in(tuple(OVER)), escalation.c.opened_at >= bindparam("since")),
)
# Written out, as the partial index is: SQLite compares the conditions word for word.
_HELD = and_(escalation.c.holder_id == bindparam("person_id"), text("escalation.state IN ('open', 'acknowledged')"))
_OWN = select(escalation).where(_ABOUT_OWN)
_OWN_AND_HELD = select(escalation).where(or_(_ABOUT_OWN, _HELD))


def load(
    connection: Connection, event: Event, desk: Desk, asked_about: Told | None, since: datetime, told: Sequence[Told]
) -> tuple[tuple[Escalation, ...], tuple[Escalation, ...], tuple[Escalation, ...]]:
    """What `Situation.escalations`, `held` and `told_of` document, in two queries. Raises Conflict when one changed hands."""
    subjects = asked_about.subjects if asked_about is not None else ()
    named = [desk.escalation_id] if desk.escalation_id else [one.removeprefix("escalation:") for one in subjects if _is_one(one)]
    if named:
        if desk.escalation_id is None:
            return _read(connection.execute(_NAMED, {"ids": named}).mappings().all()), (), ()
        about = _read(connection.execute(_SAME_GOAL, {"id": desk.escalation_id, "since": since}).mappings().all())
        if next(one.holder_id for one in about if one.id == desk.escalation_id) != desk.holder_id:
            raise Conflict("the escalation changed hands meanwhile")
        return about, (), ()
    look = isinstance(event, Ticked) and event.subject.startswith("desk:")
    wanted = {"person_id": desk.person_id, "since": since}
    found = _read(connection.execute(_OWN_AND_HELD if look else _OWN, wanted).mappings().all())
    own = tuple(one for one in found if one.owner_id == desk.person_id)
    held = tuple(one for one in found if one.holder_id == desk.person_id and one.state not in OVER) if look else ()
    if not set(desk.held_for).issuperset(one.owner_id for one in held):
        raise Conflict("a request came in meanwhile")
    shown = {one.removeprefix("escalation:") for message in told for one in message.subjects if look and _is_one(one)}
    others = sorted(shown - {one.id for one in (*own, *held)})
    return own, held, _read(connection.execute(_NAMED, {"ids": others}).mappings().all()) if others else ()


def _is_one(subject: str) -> bool:
    return subject.startswith("escalation:")


def _read(found: Sequence[rows.Row]) -> tuple[Escalation, ...]:
    return tuple(sorted(map(rows.escalation, found), key=lambda one: (one.opened_at, one.id)))
