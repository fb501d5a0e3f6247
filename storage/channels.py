"""Teams' channels: which one a team has, who may speak about it, and what its weekly post and monthly summary say.

A fixed number of queries, however large the team is.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, func, literal_column, or_, select

from bot.events import Address, Event, Measured, Pressed, Said, Submitted, Ticked
from bot.model import Channel, CheckIn, DutyKind, GoalState, Person
from bot.ports import Conflict
from bot.situation import Crew
from bot.talk.intents import TeamPost
from storage import lean, rows
from storage.schema import channel, checkin, duty, escalation, goal, key_result, person

PREFIX = "team:"
"""How a team is written as an agenda's subject and as a recipient."""

LEVELS = 3
"""How far above the team its managers may speak for it."""
CHECKINS = 7
"""A month has five weeks in it at most; the last check-in before it says where numbers came from."""
BACK = timedelta(days=40)
"""A month, and the days until its summary goes out."""

_CHANNEL = select(channel).where(channel.c.team == bindparam("team"))
_CHANNELS = select(channel).where(channel.c.team.in_(bindparam("teams", expanding=True)), channel.c.on)
_OPENED_BY = select(channel.c.opened_by).where(channel.c.team == bindparam("team"))
_TEAM_OF = select(person.c.team).where(person.c.id == bindparam("id"))
_SPELLED = select(person.c.team).where(func.lower(person.c.team) == bindparam("name")).order_by(person.c.team).limit(1)
_MEMBERS = (
    select(person)
    .where(
        person.c.team == bindparam("team"),
        or_(person.c.start_date.is_(None), person.c.start_date <= bindparam("tomorrow")),
        or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("yesterday")),
    )
    .order_by(person.c.id)
)


def _leaders() -> Any:
    base = select(person.c.manager_id.label("id"), literal_column("1", Integer).label("level"))
    chain = base.where(person.c.team == bindparam("team"), person.c.manager_id.is_not(None)).cte("chain", recursive=True)
    above = person.alias("above")
    following = select(above.c.manager_id, chain.c.level + 1).join(chain, above.c.id == chain.c.id)
    chain = chain.union(following.where(above.c.manager_id.is_not(None), chain.c.level < LEVELS))
    return select(chain.c.id).distinct()


_LEADERS = _leaders()
_GOALS = (
    select(goal)
    .where(
        goal.c.owner_id.in_(bindparam("members", expanding=True)),
        goal.c.state.in_((GoalState.ACTIVE, GoalState.CLOSED)),
    )
    .order_by(goal.c.id)
)
_KEY_RESULTS = select(key_result).where(key_result.c.goal_id.in_(bindparam("ids", expanding=True)))
_numbered = (
    select(checkin, func.row_number().over(partition_by=checkin.c.person_id, order_by=checkin.c.period.desc()).label("place"))
    .where(checkin.c.person_id.in_(bindparam("members", expanding=True)))
    .subquery()
)
_CHECKINS = select(_numbered).where(_numbered.c.place <= CHECKINS).order_by(_numbered.c.person_id, _numbered.c.place)
_DECIDED = (
    select(escalation)
    .where(escalation.c.owner_id.in_(bindparam("members", expanding=True)), escalation.c.decided_at >= bindparam("since"))
    .order_by(escalation.c.decided_at, escalation.c.id)
)
_DUTIES = (
    select(duty)
    .where(
        duty.c.person_id.in_(bindparam("members", expanding=True)),
        or_(
            and_(duty.c.kind == DutyKind.STOP, duty.c.opened_at >= bindparam("since")),
            and_(duty.c.kind == DutyKind.BLOCKER, duty.c.done_at.is_(None)),
        ),
    )
    .order_by(duty.c.opened_at, duty.c.id)
)


def opened_by(connection: Connection, team: str) -> str | None:
    """Who named a team's channel; None: it never had one."""
    found: str | None = lean.one(connection, _OPENED_BY, {"team": team})
    return found


def meant(connection: Connection, intent: TeamPost, person_id: str) -> str:
    """The team whose channel somebody speaks about, as it is spelled; empty: there is no such team, or they are in none."""
    if not intent.team:
        return connection.scalar(_TEAM_OF, {"id": person_id}) or ""
    return connection.scalar(_SPELLED, {"name": intent.team.lower()}) or ""


def load(
    connection: Connection, event: Event, team: str, holder: str, own: str
) -> tuple[Channel | None, Crew | None, Mapping[str, Person]]:
    """The channel and the people of the `team` an event is about; otherwise, where somebody acts, the channel of their `own`.

    Raises Conflict where another person opened the channel since `holder`, who had, was locked.
    """
    if not team and not (own and isinstance(event, Said | Pressed | Submitted | Measured)):
        return None, None, {}
    found = lean.first(connection, _CHANNEL, {"team": team or own})
    known = rows.channel(found) if found is not None else None
    if not team:
        return known, None, {}
    if known is not None and known.opened_by != holder:
        raise Conflict("the team's channel changed hands meanwhile")
    return known, *_crew(connection, event, team)


def named(known: Channel | None, crew: Crew | None) -> set[str]:
    """Ids of people whom a team's messages name: who opened the channel, who decided, who can help."""
    found = {known.opened_by} if known is not None else set()
    if crew is not None:
        found |= {one.decided_by for one in crew.decided} | {one.holder_id for one in crew.duties}
    return found


def _crew(connection: Connection, event: Event, team: str) -> tuple[Crew, Mapping[str, Person]]:
    """A team and its people: who may speak for it, or what its messages say."""
    day = timedelta(days=1)
    wanted = {"team": team, "yesterday": event.at.date() - day, "tomorrow": event.at.date() + day}
    people = {row["id"]: rows.person(row) for row in connection.execute(_MEMBERS, wanted).mappings()}
    members = tuple(people)
    if not isinstance(event, Ticked):
        leaders = frozenset(connection.scalars(_LEADERS, {"team": team}))
        return Crew(team=team, members=members, leaders=leaders), people
    about = {"members": members, "since": event.at - BACK}
    found = connection.execute(_GOALS, about).mappings().all()
    parts = connection.execute(_KEY_RESULTS, {"ids": sorted(row["id"] for row in found)}).mappings().all()
    checkins: dict[str, tuple[CheckIn, ...]] = {}
    for row in connection.execute(_CHECKINS, about).mappings():
        checkins[row["person_id"]] = (*checkins.get(row["person_id"], ()), rows.checkin(row))
    return Crew(
        team=team,
        members=members,
        goals=rows.goals(found, parts),
        checkins=checkins,
        decided=tuple(map(rows.escalation, connection.execute(_DECIDED, about).mappings())),
        duties=tuple(map(rows.duty, connection.execute(_DUTIES, about).mappings())),
    ), people


def addresses(connection: Connection, recipients: Iterable[str]) -> dict[str, Address]:
    """Where the messages of teams go, by recipient."""
    teams = [one.removeprefix(PREFIX) for one in recipients if one.startswith(PREFIX)]
    if not teams:
        return {}
    found = (rows.channel(row) for row in connection.execute(_CHANNELS, {"teams": teams}).mappings())
    return {one.subject: one.address for one in found}
