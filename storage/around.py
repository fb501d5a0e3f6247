"""The people around desks: managers, deputies, whom somebody covers for, HR admins, who reports to them, and who is named.

Of very many reports those are loaded about whom there is most to say; desks with many are looked at a few at a time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, case, func, literal_column, or_, select, text, union

from bot.model import GoalState, Person, Role, Told
from storage import lean
from storage.columns import among
from storage.drawer import Drawer
from storage.named import people_by_id
from storage.schema import goal, person

MOST = 250
"""A look at a desk with so many reports takes about a second (docs/simulations.md), and it is looked at several times a day.

Nobody leads more people one by one; whoever is on record as their manager is told how many there are besides.
"""

MOST_TOGETHER = 60
"""Desks are looked at together until so many people report to them: that bounds how long their transaction takes."""

NEW_HIRE_DAYS = 400
"""Longer than any review of a new hire is away from their first day."""

LEVELS = 3
"""How far up the managers are loaded."""


def _around() -> Any:
    """People and their managers up to `LEVELS`, those people's deputies, whoever they cover for, and HR admins."""
    base = select(person.c.id, person.c.manager_id, person.c.deputy_id, literal_column("0", Integer).label("level"))
    chain = base.where(among(person.c.id, "ids")).cte("chain", recursive=True)
    above = person.alias("above")
    # UNION, not UNION ALL, and a level: a circle that slipped in ends.
    chain = chain.union(
        select(above.c.id, above.c.manager_id, above.c.deputy_id, chain.c.level + 1)
        .join(chain, above.c.id == chain.c.manager_id)
        .where(chain.c.level < LEVELS)
    )
    admin, covered = person.alias("admin"), person.alias("covered")
    return union(
        select(chain.c.id),
        select(chain.c.deputy_id).where(chain.c.deputy_id.is_not(None)),
        select(covered.c.id).where(among(covered.c.deputy_id, "ids")),
        select(admin.c.id).where(text("admin.role = 'hr_admin'")),
    )


_AROUND = select(person).where(person.c.id.in_(_around()))
_BY_ID = select(person).where(among(person.c.id, "ids"))
_WHO = (
    among(person.c.manager_id, "managers"),
    or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("yesterday")),
)
_REPORTS = select(person).where(*_WHO).limit(bindparam("most"))
_COUNT = select(func.count()).select_from(person).where(*_WHO)
_OLDEST = (
    select(func.min(goal.c.updated_at)).where(goal.c.owner_id == person.c.id, goal.c.state == GoalState.ACTIVE).scalar_subquery()
)
_OWNERS = select(goal.c.owner_id).where(among(goal.c.id, "goals"))
# First those whom a message of these weeks names: it has to stay true. Then new hires, then whose goals are quiet longest.
_SOME_REPORTS = (
    select(person)
    .where(*_WHO)
    .order_by(
        case((or_(among(person.c.id, "named"), person.c.id.in_(_OWNERS)), 0), else_=1),
        case((person.c.start_date >= bindparam("lately"), 0), else_=1),
        case((_OLDEST.is_(None), 1), else_=0),
        _OLDEST,
        person.c.id,
    )
    .limit(MOST)
)


def load_people(connection: Connection, drawers: Sequence[Drawer]) -> None:
    """Whom `_around` finds, for each desk by itself."""
    found = people_by_id(lean.fetch(connection, _AROUND, {"ids": [drawer.person_id for drawer in drawers]}))
    admins = {one.id: one for one in found.values() if one.role is Role.HR_ADMIN}
    for drawer in drawers:
        drawer.people = found if len(drawers) == 1 else _of_one(drawer.person_id, found) | admins


def _of_one(person_id: str, found: Mapping[str, Person]) -> dict[str, Person]:
    chain, one = [found[person_id]], found[person_id]
    while len(chain) <= LEVELS and one.manager_id and one.manager_id in found and found[one.manager_id] not in chain:
        one = found[one.manager_id]
        chain.append(one)
    deputies = (found.get(one.deputy_id or "") for one in chain)
    covered = (one for one in found.values() if one.deputy_id == person_id)
    return {one.id: one for one in (*chain, *(one for one in deputies if one is not None), *covered)}


def load_reports(connection: Connection, drawers: Sequence[Drawer]) -> list[Drawer]:
    """Who reports to the owners of desks that are looked at, or to whom they cover for: `reports` and `more_reports`.

    Answers the first of the desks, as many as may be looked at together; never none.
    """
    looks = [drawer for drawer in drawers if drawer.looks]
    leads = {drawer.person_id: _leads(drawer) for drawer in looks}
    found: dict[str, Person] | None = None
    if len(looks) > 1:
        managers = sorted(set().union(*leads.values()))
        since = min(_yesterday(drawer.event.at) for drawer in looks)
        wanted = {"managers": managers, "yesterday": since, "most": MOST + 1}
        found = people_by_id(lean.fetch(connection, _REPORTS, wanted))
        found = found if len(found) <= MOST else None  # not all of them: they are asked for one desk at a time
    kept: list[Drawer] = []
    together = 0
    for drawer in drawers:
        if drawer.looks and found is None:
            _load_reports_of(connection, drawer, leads[drawer.person_id])
        elif drawer.looks and found is not None:
            here = (one for one in found.values() if one.manager_id in leads[drawer.person_id])
            drawer.reports = {one.id: one for one in here if _is_here(one, _yesterday(drawer.event.at))}
        together += len(drawer.reports)
        if kept and together > MOST_TOGETHER:
            break
        drawer.people = drawer.people | drawer.reports
        kept.append(drawer)
    return kept


def _leads(drawer: Drawer) -> set[str]:
    """Whose reports somebody hears about: their own, and those of people they cover for."""
    me = drawer.person_id
    return {me, *(one.id for one in drawer.people.values() if one.deputy_id == me)}


def _load_reports_of(connection: Connection, drawer: Drawer, leads: set[str]) -> None:
    wanted: dict[str, Any] = {"managers": sorted(leads), "yesterday": _yesterday(drawer.event.at), "most": MOST + 1}
    found = people_by_id(lean.fetch(connection, _REPORTS, wanted))
    if len(found) > MOST:
        drawer.more_reports = (lean.one(connection, _COUNT, wanted) or 0) - MOST
        found = people_by_id(lean.fetch(connection, _SOME_REPORTS, wanted | _named(drawer.told, drawer.event.at)))
    drawer.reports = found


def _yesterday(now: datetime) -> date:
    return now.date() - timedelta(days=1)


def _is_here(one: Person, yesterday: date) -> bool:
    return one.end_date is None or one.end_date >= yesterday


def _named(told: Sequence[Told], now: datetime) -> dict[str, Any]:
    """Whom, and whose goals, the messages of the last weeks are about."""
    subjects = [one.partition(":")[::2] for message in told for one in message.subjects]
    by_kind = {kind: sorted({name for one, name in subjects if one == kind}) for kind in ("person", "goal")}
    return {"named": by_kind["person"], "goals": by_kind["goal"], "lately": (now - timedelta(days=NEW_HIRE_DAYS)).date()}


def load_named(connection: Connection, wanted: Sequence[tuple[Drawer, Iterable[str]]]) -> None:
    """Each desk gets the people it names and does not know yet; empty ids and names of something else are no matter."""
    missing = [(drawer, set(ids) - drawer.people.keys() - {""}) for drawer, ids in wanted]
    ids = sorted(set().union(*(some for _, some in missing)))
    if not ids:
        return
    found = people_by_id(lean.fetch(connection, _BY_ID, {"ids": ids}))
    for drawer, some in missing:
        drawer.people = drawer.people | {one: found[one] for one in sorted(some & found.keys())}
