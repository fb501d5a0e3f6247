"""Requests for a decision that an event is about: the named ones, the desk's own, and those that wait for its owner."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, bindparam, or_, select, text

from bot.model import OVER, Escalation
from bot.ports import Conflict
from storage import lean, rows
from storage.columns import among
from storage.drawer import Drawer
from storage.schema import escalation

_NAMED = select(escalation).where(among(escalation.c.id, "ids"))
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
_OWN_OR_HELD = select(escalation).where(
    or_(
        and_(
            among(escalation.c.owner_id, "owners"),
            or_(escalation.c.state.not_in(tuple(OVER)), escalation.c.opened_at >= bindparam("since")),
        ),
        # Written out, as the partial index is: SQLite compares the conditions word for word.
        and_(among(escalation.c.holder_id, "holders"), text("escalation.state IN ('open', 'acknowledged')")),
    )
)


def load(connection: Connection, drawers: Sequence[Drawer]) -> None:
    """What `Situation.escalations`, `held` and `told_of` document, in two queries. Raises Conflict when one changed hands."""
    rest = [drawer for drawer in drawers if not _about_named(connection, drawer)]
    if not rest:
        return
    looks = [drawer for drawer in rest if drawer.looks or drawer.desk.returned]
    wanted = {
        "owners": [drawer.person_id for drawer in rest],
        "holders": [drawer.person_id for drawer in looks],
        "since": min(drawer.told_since for drawer in rest),
    }
    found = _read(lean.fetch(connection, _OWN_OR_HELD, wanted))
    for drawer in rest:
        drawer.escalations = tuple(one for one in found if one.owner_id == drawer.person_id and _is_recent(one, drawer))
    for drawer in looks:
        drawer.held = tuple(one for one in found if one.holder_id == drawer.person_id and one.state not in OVER)
        if not set(drawer.desk.held_for).issuperset(one.owner_id for one in drawer.held):
            raise Conflict("a request came in meanwhile")
    shown = {drawer.person_id: _shown(drawer) for drawer in looks}
    named = set().union(*shown.values())
    others = _read(lean.fetch(connection, _NAMED, {"ids": sorted(named)})) if named else ()
    for drawer in looks:
        drawer.told_of = tuple(one for one in others if one.id in shown[drawer.person_id])


def _about_named(connection: Connection, drawer: Drawer) -> bool:
    """An event about one request, or about a message that names some, concerns only those (and others about the same goal)."""
    wanted = drawer.desk.escalation_id
    if wanted:
        since = drawer.told_since
        drawer.escalations = _read(lean.fetch(connection, _SAME_GOAL, {"id": wanted, "since": since}))
        if next(one.holder_id for one in drawer.escalations if one.id == wanted) != drawer.desk.holder_id:
            raise Conflict("the escalation changed hands meanwhile")
        return True
    named = _ids(drawer.asked_about.subjects) if drawer.asked_about is not None else set()
    if named:
        drawer.escalations = _read(lean.fetch(connection, _NAMED, {"ids": sorted(named)}))
    return bool(named)


def _shown(drawer: Drawer) -> set[str]:
    """Ids of requests that messages name, besides those that are known anyway."""
    known = {one.id for one in (*drawer.escalations, *drawer.held)}
    return {one for message in drawer.told for one in _ids(message.subjects)} - known


def _is_recent(one: Escalation, drawer: Drawer) -> bool:
    return one.state not in OVER or one.opened_at >= drawer.told_since


def _ids(subjects: Iterable[str]) -> set[str]:
    return {one.removeprefix("escalation:") for one in subjects if one.startswith("escalation:")}


def _read(found: Sequence[rows.Row]) -> tuple[Escalation, ...]:
    return tuple(sorted(map(rows.escalation, found), key=lambda one: (one.opened_at, one.id)))
