"""Loads a team's goals for `bot.team`, and what was once decided about a person's goals; only where the words ask for it.

A fixed number of queries, however many people and goals: whoever leads ten thousand people loads no more than `MOST_GOALS`
goals for each part, and their owners.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    distinct,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
)

from bot.events import Event, Pressed, Said
from bot.model import Company, Escalation, EscalationState, Goal, GoalKind, GoalState, Person, Role
from bot.rules.access import FEWEST, Act, Grant, Hat, Relation, granted
from bot.rules.cycles import cycle_of
from bot.rules.people import zone_of
from bot.scene import KPO_DAYS
from bot.talk.actions import Verb
from bot.talk.intents import ShowGoal, ShowGoals, ShowTeam, WhichGoals, understand
from bot.team import MOST_GOALS, TeamView
from storage import rows
from storage.effects import chunks
from storage.named import people_by_id
from storage.schema import escalation, goal, key_result, person

LEVELS = 12
"""How far down an organisation is followed; a circle that slipped in ends there."""
REMEMBERED_DAYS = 400
"""How far back a goal's card tells what was decided: longer than a year's cycles."""

_HERE = and_(
    or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("today")),
    or_(person.c.start_date.is_(None), person.c.start_date <= bindparam("today")),
)
_TEAMS = select(person.c.team).where(_HERE, person.c.team != "").distinct().order_by(person.c.team)
_PEOPLE = select(person).where(person.c.id.in_(bindparam("ids", expanding=True)))
_KEY_RESULTS = select(key_result).where(key_result.c.goal_id.in_(bindparam("ids", expanding=True)))
_DECIDED = (
    select(escalation)
    .where(
        escalation.c.owner_id == bindparam("person_id"),
        escalation.c.state == EscalationState.DECIDED,
        escalation.c.opened_at >= bindparam("since"),
    )
    .order_by(escalation.c.opened_at, escalation.c.id)
)


def _below() -> Select[Any]:
    """Ids of everybody who works for the asker, over several levels; the asker is not among them."""
    chain = (
        select(person.c.id, literal_column("0", Integer).label("level"))
        .where(person.c.id == bindparam("asker"))
        .cte(recursive=True)
    )
    report = person.alias("report")
    chain = chain.union(
        select(report.c.id, chain.c.level + 1).join(chain, report.c.manager_id == chain.c.id).where(chain.c.level < LEVELS)
    )
    return select(chain.c.id).where(chain.c.id != bindparam("asker"))


_IN_TEAM = and_(person.c.team == bindparam("team"), person.c.team != "")
_DIRECT = and_(person.c.manager_id == bindparam("asker"), person.c.id != bindparam("asker"))
_LEADS_SOME = select(exists(select(person.c.id).where(_HERE, _IN_TEAM, person.c.id.in_(_below()))))
_OWNERS_BELOW = (
    select(person.c.team, func.count(distinct(person.c.id)))
    .join(goal, goal.c.owner_id == person.c.id)
    .where(
        _HERE,
        person.c.id.in_(_below()),
        ~_DIRECT,
        or_(person.c.team == "", person.c.team != bindparam("own_team")),
        goal.c.state == GoalState.ACTIVE,
        or_(goal.c.cycle == bindparam("cycle"), goal.c.kind == GoalKind.KPO),
    )
    .group_by(person.c.team)
)
_LEADS = select(exists(select(person.c.id).where(_HERE, _DIRECT)))


def wanted(event: Event) -> ShowTeam | None:
    """The team that somebody asks to see, in words or by a button that stands for words."""
    match _understood(event):
        case ShowTeam() as asked:
            return asked
        case ShowGoals(which=WhichGoals.TEAM):
            return ShowTeam()
        case _:
            return None


def _understood(event: Event) -> object:
    text = event.text if isinstance(event, Said) else ""
    if isinstance(event, Pressed) and event.action.verb is Verb.SHOW and event.action.args:
        text = event.action.args[0]
    return understand(text, goals=(), today=event.at.date()) if text else None


def decided(connection: Connection, event: Event, person_id: str) -> tuple[Escalation, ...]:
    """What was decided about a person's goals, oldest first; only where one of them is shown."""
    shown = isinstance(event, Pressed) and event.action.verb in (Verb.SHOW_GOAL, Verb.DELIVERED)
    if not shown and not isinstance(_understood(event), ShowGoal):
        return ()
    since = event.at - timedelta(days=REMEMBERED_DAYS)
    return tuple(map(rows.escalation, connection.execute(_DECIDED, {"person_id": person_id, "since": since}).mappings()))


def load(connection: Connection, event: Event, asker: Person, company: Company) -> tuple[TeamView | None, dict[str, Person]]:
    """The team the event asks for as `asker` may see it, and the owners of its goals. None: it asks for none."""
    asked = wanted(event)
    if asked is None:
        return None, {}
    today = event.at.astimezone(zone_of(asker, company)).date()
    names = tuple(connection.scalars(_TEAMS, {"today": today}))
    own = not asked.name or asked.name.casefold() == asker.team.casefold()
    name = asker.team if own else next((name for name in names if name.casefold() == asked.name.casefold()), "")
    here: dict[str, Any] = {"asker": asker.id, "today": today, "team": name, "own_team": asker.team}
    leads = bool(connection.scalar(_LEADS, here))
    hats = _hats(asker, leads=leads)
    anybody = granted(Act.GOAL_NUMBERS, hats, {Relation.STRANGER}) is not Grant.NO
    is_open = own or anybody or (bool(name) and bool(connection.scalar(_LEADS_SOME, here)))
    view = TeamView(name=name, own=own, open=is_open, leads=leads, names=names)
    if not is_open or not (name or own):
        return view, {}
    here["cycle"] = cycle_of(today, company.fiscal_month)
    shown, below = _parts(asked=bool(asked.name), own=own, hats=hats)
    view, people = _filled(connection, view, here, shown, below, today)
    kept_back = _kept_back(connection, here) if view.below and own else frozenset()
    told = tuple(one for one in view.below if people[one.owner_id].team not in kept_back)
    few = len({one.owner_id for one in told}) < FEWEST
    return replace(view, below=told, few=few, left_out=len(told) < len(view.below)), people


def _hats(asker: Person, *, leads: bool) -> frozenset[Hat]:
    hats = {Hat.EMPLOYEE: True, Hat.MANAGER: leads, Hat.HR: asker.role is Role.HR_ADMIN}
    return frozenset(hat for hat, worn in hats.items() if worn)


def _parts(*, asked: bool, own: bool, hats: Collection[Hat]) -> tuple[Any, Any]:
    """Whose goals are shown one by one, and whose are added up, as the table of `bot.rules.access` has it."""
    mine = person.c.id == bindparam("asker")
    scope = _IN_TEAM if not own else or_(_IN_TEAM, mine) if asked else or_(_IN_TEAM, mine, person.c.id.in_(_below()))
    who = {
        Relation.SELF: mine,
        Relation.DIRECT: _DIRECT,
        Relation.INDIRECT: person.c.id.in_(_below()),
        Relation.TEAM: and_(_IN_TEAM, true() if own else false()),
        Relation.STRANGER: true(),
    }
    grants = {relation: granted(Act.GOAL_NUMBERS, hats, {relation}) for relation in who}
    shown = or_(false(), *(who[one] for one in who if grants[one] is Grant.YES))
    added_up = or_(false(), *(who[one] for one in who if grants[one] is Grant.SUM))
    return and_(scope, shown), and_(scope, ~shown, added_up)


def _kept_back(connection: Connection, values: dict[str, Any]) -> frozenset[str]:
    """Teams that are not in the sum of everybody further down.

    The larger teams' own sums are told, too: where fewer than five people are in none of these, theirs would be the difference.
    """
    sizes: dict[str, int] = {team: int(number) for team, number in connection.execute(_OWNERS_BELOW, values)}
    small = frozenset(team for team, number in sizes.items() if number < FEWEST or not team)
    left_over = sum(sizes[team] for team in small)
    return small if small != sizes.keys() and left_over < FEWEST else frozenset()


def _filled(
    connection: Connection, view: TeamView, values: dict[str, Any], shown: Any, below: Any, today: date
) -> tuple[TeamView, dict[str, Person]]:
    found = [connection.execute(_goals(part), values).mappings().all() for part in (shown, below)]
    capped = any(len(some) > MOST_GOALS for some in found)
    found = [some[:MOST_GOALS] for some in found]
    parts = [part for some in chunks([row["id"] for row in found[0]]) for part in _all(connection, _KEY_RESULTS, some)]
    owners = sorted({row["owner_id"] for some in found for row in some})
    people = people_by_id(row for some in chunks(owners) for row in _all(connection, _PEOPLE, some))

    def active(goals: tuple[Goal, ...]) -> tuple[Goal, ...]:
        return tuple(one for one in goals if one.kind is not GoalKind.KPO or _is_new(people[one.owner_id], today))

    mine, further = (active(rows.goals(found[0], parts)), active(rows.goals(found[1], ())))
    return TeamView(
        name=view.name, own=view.own, open=True, leads=view.leads, goals=mine, below=further, capped=capped, names=view.names
    ), people


def _all(connection: Connection, query: Select[Any], ids: Sequence[str]) -> Sequence[Any]:
    return connection.execute(query, {"ids": ids}).mappings().all()


def _goals(owners: Any) -> Select[Any]:
    """The goals under way of those people, by title."""
    return (
        select(goal)
        .where(
            goal.c.state == GoalState.ACTIVE,
            or_(goal.c.cycle == bindparam("cycle"), goal.c.kind == GoalKind.KPO),
            goal.c.owner_id.in_(select(person.c.id).where(_HERE, owners)),
        )
        .order_by(goal.c.title, goal.c.id)
        .limit(MOST_GOALS + 1)
    )


def _is_new(owner: Person, today: date) -> bool:
    """A new hire's objective is under way until the last review is over, see `bot.scene`."""
    return owner.start_date is None or today <= owner.start_date + timedelta(days=KPO_DAYS)
