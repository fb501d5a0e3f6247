"""Loads what `bot.situation` documents, in a fixed number of queries: more goals or people do not mean more of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, func, literal_column, or_, select, text, union, union_all

from bot.events import Closed, Event, FormFailed, Introduced, Opened, Pressed, Said, Submitted
from bot.model import (
    CheckIn,
    Company,
    Duty,
    DutyKind,
    Escalation,
    Goal,
    Nudged,
    Person,
    PolicyChange,
    Role,
    ScopeKind,
    Told,
    Unit,
)
from bot.ports import Holidays
from bot.situation import Situation
from bot.talk.actions import Verb
from bot.talk.text import fold_email
from storage import channels, health, history, kin, meetings, named, reporting, requests, rows, teams
from storage.desk import TOLD_DAYS, Desk
from storage.named import people_by_id
from storage.schema import (
    OutboxState,
    checkin,
    duty,
    goal,
    nudged,
    outbox,
    person,
    policy_change,
)

CHECKINS = 8
REPORTS_CHECKINS = 4
REMEMBERED_DAYS = 400
"""How long done duties and what was said about a subject are looked at; longer than any threshold."""
LEVELS = 3
"""How far up the managers are loaded."""

_NAMES_A_GOAL = frozenset({DutyKind.BLOCKER, DutyKind.ONE_ON_ONE, DutyKind.APPROVAL})
"""Open duties whose goal is loaded, whoever owns it."""


def _around() -> Any:
    """The person and their managers up to `LEVELS`, those people's deputies, whoever they cover for, and HR admins."""
    base = select(person.c.id, person.c.manager_id, person.c.deputy_id, literal_column("0", Integer).label("level"))
    chain = base.where(person.c.id == bindparam("person_id")).cte("chain", recursive=True)
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
        select(covered.c.id).where(covered.c.deputy_id == bindparam("person_id")),
        select(admin.c.id).where(text("admin.role = 'hr_admin'")),
    )


_PEOPLE_AROUND = select(person).where(person.c.id.in_(_around()))
_PEOPLE = select(person).where(person.c.id.in_(bindparam("ids", expanding=True)))
_GOALS = union_all(
    select(goal, literal_column("'own'").label("whose")).where(goal.c.owner_id == bindparam("person_id")),
    select(goal, literal_column("'named'").label("whose")).where(goal.c.id.in_(bindparam("ids", expanding=True))),
    select(goal, literal_column("'report'").label("whose")).where(goal.c.owner_id.in_(bindparam("reports", expanding=True))),
)
_DUTIES = select(duty).where(
    or_(
        duty.c.holder_id == bindparam("person_id"),
        duty.c.next_holder_id == bindparam("person_id"),
        duty.c.person_id.in_(bindparam("people", expanding=True)),
        duty.c.id == bindparam("named"),
    ),
    or_(duty.c.done_at.is_(None), duty.c.opened_at >= bindparam("since")),
)
_NUDGED = select(nudged).where(
    or_(nudged.c.recipient_id == bindparam("person_id"), nudged.c.subject.in_(bindparam("subjects", expanding=True))),
    nudged.c.decided_at >= bindparam("since"),
)
_recent = (
    select(checkin, func.row_number().over(partition_by=checkin.c.person_id, order_by=checkin.c.period.desc()).label("place"))
    .where(checkin.c.person_id.in_(bindparam("reports", expanding=True)))
    .subquery()
)
_REPORTS_CHECKINS = select(_recent).where(_recent.c.place <= REPORTS_CHECKINS).order_by(_recent.c.person_id, _recent.c.place)
_CHECKINS = select(checkin).where(checkin.c.person_id == bindparam("person_id")).order_by(checkin.c.period.desc()).limit(CHECKINS)
_NOT_GOING = (OutboxState.EXPIRED, OutboxState.REFUSED)
_TOLD_COLUMNS = select(
    outbox.c.key,
    outbox.c.recipient_id,
    outbox.c.rule,
    outbox.c.subjects,
    outbox.c.policy,
    outbox.c.facts,
    outbox.c.decided_at,
    outbox.c.delivered_at,
)
_TOLD = _TOLD_COLUMNS.where(
    outbox.c.recipient_id == bindparam("person_id"),
    outbox.c.decided_at >= bindparam("since"),
    outbox.c.rule != "",
    or_(outbox.c.delivered_at.is_not(None), outbox.c.state.not_in(_NOT_GOING)),
).order_by(outbox.c.decided_at.desc(), outbox.c.key)
_ASKED = _TOLD_COLUMNS.where(outbox.c.key == bindparam("key"))
# Written out, as the partial index is: SQLite compares the conditions word for word.
_HERE = or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("today"))
_UNITS = select(person.c.department, person.c.team, func.count()).where(_HERE).group_by(person.c.department, person.c.team)
_POLICIES = select(policy_change).order_by(policy_change.c.version)


def policies(connection: Connection) -> tuple[PolicyChange, ...]:
    """Every policy version, oldest first."""
    return tuple(rows.policy(row) for row in connection.execute(_POLICIES).mappings())


def load(
    connection: Connection,
    event: Event,
    desk: Desk,
    *,
    company: Company,
    holidays: Holidays,
    known_policies: tuple[PolicyChange, ...],
) -> Situation:
    """The facts of one desk. Raises Conflict when the escalation changed hands between locking and loading."""
    asked_about = _asked_about(connection, desk)
    since = event.at - timedelta(days=TOLD_DAYS)
    told = tuple(rows.told(row) for row in connection.execute(_TOLD, {"person_id": desk.person_id, "since": since}).mappings())
    escalations, held, told_of = requests.load(connection, event, desk, asked_about, since, told)
    reports, more_reports = reporting.load(connection, event, desk.person_id, told)
    long_ago = event.at - timedelta(days=REMEMBERED_DAYS)
    duties = _duties(connection, desk, sorted(reports), long_ago)
    wanted_goals = {owed.goal_id for owed in duties if owed.kind in _NAMES_A_GOAL and owed.done_at is None}
    requested = (*escalations, *held, *told_of)
    wanted_goals |= {one.goal_id for one in requested} | meetings.goal_named(event)
    goals, reports_goals = _goals(connection, desk.person_id, sorted(reports), asked_about, wanted_goals)
    people = people_by_id(connection.execute(_PEOPLE_AROUND, {"person_id": desk.person_id}))
    people |= reports
    people |= meetings.reports(connection, event, desk.person_id)
    kin_goals, kpis, leading = kin.around_goals(connection, event, desk.person_id, goals, people)
    beside = _beside(event, desk, (*goals, *reports_goals, *kin_goals), requested)
    for owed in duties:
        beside.update((owed.person_id, owed.holder_id, owed.next_holder_id, owed.done_by))
    explained: set[str] = set()
    if asked_about is not None:  # an explanation names whom the message was about, and who set what counted
        explained |= {one.removeprefix("person:") for one in asked_about.subjects if one.startswith("person:")}
        beside |= explained
    by_person = isinstance(event, Introduced | Opened | Said | Pressed | Submitted | Closed | FormFailed)
    # An HR admin's own people are loaded above, whoever's desk this is.
    by_admin = by_person and desk.actor_id in people and people[desk.actor_id].role is Role.HR_ADMIN
    if by_person:
        beside.update(change.author for change in known_policies)
    if by_admin:
        beside.update(change.scope.name for change in known_policies if change.scope.kind is ScopeKind.PERSON)
    emails = sorted(named.emails_in(event))
    mentioned = people_by_id(connection.execute(named.PEOPLE_BY_EMAIL, {"emails": emails})) if emails else {}
    if by_admin and isinstance(event, Said):
        people |= named.perhaps_meant(connection, emails, mentioned)
    by_mention = named.mentioned(connection, event)
    people |= {one.id: one for one in by_mention.values()}
    people |= mentioned
    people |= named.by_full_name(connection, event)
    channel, crew, members = channels.load(connection, event, desk.team, desk.owed_to, people[desk.person_id].team)
    people |= members
    beside |= channels.named(channel, crew)
    decided = teams.decided(connection, event, desk.person_id)
    beside.update(one.decided_by for one in decided)
    missing = sorted(beside - people.keys() - {""})
    if missing:
        people |= people_by_id(connection.execute(_PEOPLE, {"ids": missing}))
    people |= _deputies(connection, event, people, requested)
    actor = people.get(desk.actor_id) if desk.actor_id else None
    team, owners = teams.load(connection, event, actor, company) if actor is not None else (None, {})
    people = owners | people
    units, headcount = _units(connection, event) if by_admin else ((), 0)
    past = (
        history.load(connection, event, (mentioned | by_mention).values(), known_policies)
        if by_admin and history.is_wanted(event)
        else None
    )
    return Situation(
        now=event.at,
        company=company,
        holidays=holidays,
        policies=known_policies,
        actor=actor,
        person=people[desk.person_id],
        people=people,
        goals=goals,
        checkins=tuple(map(rows.checkin, connection.execute(_CHECKINS, {"person_id": desk.person_id}).mappings())),
        told=told,
        nudged=_nudged(connection, desk.person_id, (*goals, *reports_goals), duties, {*reports, *explained}, long_ago),
        duties=duties,
        reports=tuple(sorted(reports)),
        more_reports=more_reports,
        reports_goals=reports_goals,
        reports_checkins=_reports_checkins(connection, sorted(reports)),
        escalations=escalations,
        held=held,
        told_of=told_of,
        held_checkins=_reports_checkins(connection, sorted({one.owner_id for one in (*escalations, *held)} - {desk.person_id})),
        kin=kin_goals,
        kpis=kpis,
        leading=leading,
        asked_about=asked_about,
        by_email={fold_email(one.email): one for one in mentioned.values()} | by_mention,
        units=units,
        headcount=headcount,
        health=health.load(connection, event.at) if by_admin and health.is_wanted(event) else (),
        history=past,
        team=team,
        decided=decided,
        channel=channel,
        crew=crew,
    )


def _beside(event: Event, desk: Desk, goals: Iterable[Goal], escalations: Iterable[Escalation]) -> set[str]:
    """Ids of people whom goals, escalations and the event name; empty ones and names of something else may be among them."""
    beside = {desk.actor_id or ""}
    for one in goals:
        beside.update((one.owner_id, one.coordinator_id or "", *(revision.answered_by for revision in one.revisions)))
    for asked in escalations:
        beside.update((*asked.ladder, asked.owner_id, asked.holder_id, asked.decided_by, asked.handed_by, asked.suggested_id))
        beside.update(card.person_id for card in asked.cards)
        beside.update(name for one in asked.log for name in (one.who, one.facts.get("by", "")))
    if isinstance(event, Pressed | Submitted) and event.action.verb in (Verb.SET_POLICY, *meetings.ABOUT_ITEMS):
        beside.update(event.action.args)
    return beside


def _deputies(
    connection: Connection, event: Event, people: Mapping[str, Person], requested: Iterable[Escalation]
) -> dict[str, Person]:
    """Who stands in for those who hold or may get a request for a decision, as far as they are not known yet."""
    asked = {name for one in requested for name in (*one.ladder, one.holder_id, one.decided_by)}
    if isinstance(event, Submitted) and event.action.verb is Verb.HAND_OVER:
        asked = set(people)
    missing = {people[one].deputy_id or "" for one in asked & people.keys()} - people.keys() - {""}
    return people_by_id(connection.execute(_PEOPLE, {"ids": sorted(missing)})) if missing else {}


def _asked_about(connection: Connection, desk: Desk) -> Told | None:
    if desk.asked_key is None:
        return None
    row = connection.execute(_ASKED, {"key": desk.asked_key}).mappings().first()
    # Only the one it was sent to may ask about a message; what stands in a channel everybody there reads.
    mine = row is not None and (row["recipient_id"] == desk.person_id or row["recipient_id"].startswith(channels.PREFIX))
    return rows.told(row) if row is not None and mine else None


def _duties(connection: Connection, desk: Desk, reports: list[str], since: datetime) -> tuple[Duty, ...]:
    # What stands in the way of whom a duty concerns is on the agenda of their 1:1.
    people = [desk.person_id, *reports, *([desk.owed_to] if desk.duty_id and desk.owed_to else [])]
    wanted = {"person_id": desk.person_id, "people": people, "since": since, "named": desk.duty_id or ""}
    found = connection.execute(_DUTIES, wanted)
    return tuple(sorted(map(rows.duty, found.mappings()), key=attrgetter("id")))


def _nudged(
    connection: Connection, person_id: str, goals: Iterable[Goal], duties: Iterable[Duty], reports: Iterable[str], since: datetime
) -> tuple[Nudged, ...]:
    subjects = [f"goal:{one.id}" for one in goals]
    subjects += [*(f"duty:{one.id}" for one in duties), *(f"person:{one}" for one in sorted(reports))]
    found = connection.execute(_NUDGED, {"person_id": person_id, "subjects": subjects, "since": since})
    return tuple(map(rows.nudged, found.mappings()))


def _reports_checkins(connection: Connection, reports: list[str]) -> dict[str, tuple[CheckIn, ...]]:
    """The last check-ins of each report, newest first."""
    found: dict[str, tuple[CheckIn, ...]] = {}
    if reports:
        for row in connection.execute(_REPORTS_CHECKINS, {"reports": reports}).mappings():
            found[row["person_id"]] = (*found.get(row["person_id"], ()), rows.checkin(row))
    return found


def _goals(
    connection: Connection,
    person_id: str,
    reports: list[str],
    asked_about: Told | None,
    named: set[str],
) -> tuple[tuple[Goal, ...], tuple[Goal, ...]]:
    """The desk's goals (oldest id first) with those somebody waits for there, and those of the reports."""
    if asked_about is not None:
        named = named | {subject.removeprefix("goal:") for subject in asked_about.subjects if subject.startswith("goal:")}
    found = (
        connection.execute(
            _GOALS,
            {"person_id": person_id, "ids": sorted(named), "reports": reports},
        )
        .mappings()
        .all()
    )
    if not found:
        return (), ()
    parts = connection.execute(kin.KEY_RESULTS, {"ids": sorted({row["id"] for row in found})}).mappings().all()
    mine = {row["id"]: row for row in found if row["whose"] != "report"}
    theirs = {row["id"]: row for row in found if row["whose"] == "report"}
    by_id = attrgetter("id")
    return (
        tuple(sorted(rows.goals(mine.values(), parts), key=by_id)),
        tuple(sorted(rows.goals(theirs.values(), parts), key=by_id)),
    )


def _units(connection: Connection, event: Event) -> tuple[tuple[Unit, ...], int]:
    counts: dict[tuple[ScopeKind, str], int] = {}
    spread: dict[str, dict[str, int]] = {}
    total = 0
    for department, team, number in connection.execute(_UNITS, {"today": event.at.date()}):
        total += number
        for unit in ((ScopeKind.DEPARTMENT, department), (ScopeKind.TEAM, team)):
            if unit[1]:
                counts[unit] = counts.get(unit, 0) + number
        if team:
            spread.setdefault(team, {})[department] = number
    units = (
        Unit(kind=kind, name=name, people=people, departments=spread[name] if kind is ScopeKind.TEAM else {})
        for (kind, name), people in sorted(counts.items())
    )
    return tuple(units), total
