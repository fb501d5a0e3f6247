"""Loads what `bot.situation` documents, in a fixed number of queries: more goals or people do not mean more of them."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Integer, Result, bindparam, func, literal_column, or_, select, text, union, union_all

from bot.events import Closed, Event, FormFailed, Introduced, Opened, Pressed, Said, Submitted, Ticked
from bot.model import (
    CheckIn,
    Company,
    Duty,
    DutyKind,
    Escalation,
    EscalationState,
    Goal,
    Nudged,
    Person,
    PolicyChange,
    Role,
    ScopeKind,
    Told,
    Unit,
)
from bot.ports import Conflict, Holidays
from bot.situation import Situation
from bot.talk.actions import Verb
from bot.talk.text import fold_email
from storage import health, history, rows
from storage.desk import TOLD_DAYS, Desk
from storage.schema import (
    OutboxState,
    address,
    checkin,
    duty,
    escalation,
    goal,
    key_result,
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
NEAR_EMAILS = 200
"""How many people are loaded that an unknown address may have meant."""
MAX_EMAILS = 50
"""How many e-mail addresses in one message are looked up."""

_MENTION = re.compile(r"<@([A-Za-z0-9]{2,40})(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"[^\s<>|@,;:()\"“”]+@[^\s<>|@,;:()\"“”]+")


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
_PEOPLE_BY_EMAIL = select(person).where(person.c.folded_email.in_(bindparam("emails", expanding=True)))
_NEAR_EMAILS = select(person).where(person.c.folded_email.startswith(bindparam("start"))).limit(NEAR_EMAILS)
_BY_ACCOUNT = (
    select(person, address.c.user.label("account"))
    .join(address, address.c.person_id == person.c.id)
    .where(
        address.c.platform == bindparam("platform"),
        address.c.tenant == bindparam("tenant"),
        address.c.user.in_(bindparam("users", expanding=True)),
    )
)
_report = person.alias("report")
_covered = person.alias("covered")
_REPORTS = select(_report).where(
    or_(
        _report.c.manager_id == bindparam("person_id"),
        _report.c.manager_id.in_(select(_covered.c.id).where(_covered.c.deputy_id == bindparam("person_id"))),
    ),
    or_(_report.c.end_date.is_(None), _report.c.end_date >= bindparam("yesterday")),
)
_GOALS = union_all(
    select(goal, literal_column("'own'").label("kind")).where(goal.c.owner_id == bindparam("person_id")),
    select(goal, literal_column("'named'").label("kind")).where(goal.c.id.in_(bindparam("ids", expanding=True))),
    select(goal, literal_column("'report'").label("kind")).where(goal.c.owner_id.in_(bindparam("reports", expanding=True))),
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
_KEY_RESULTS = select(key_result).where(key_result.c.goal_id.in_(bindparam("ids", expanding=True)))
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
_ESCALATION = select(escalation).where(escalation.c.id == bindparam("id"))
_ESCALATIONS = (
    select(escalation)
    .where(
        escalation.c.owner_id == bindparam("person_id"),
        or_(escalation.c.state != EscalationState.DECIDED, escalation.c.opened_at >= bindparam("since")),
    )
    .order_by(escalation.c.opened_at, escalation.c.id)
)
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
    escalations = _escalations(connection, desk, asked_about, since)
    reports = _reports(connection, event, desk.person_id)
    long_ago = event.at - timedelta(days=REMEMBERED_DAYS)
    duties = _duties(connection, desk, sorted(reports), long_ago)
    blocked = {owed.goal_id for owed in duties if owed.kind is DutyKind.BLOCKER and owed.done_at is None}
    goals, reports_goals = _goals(connection, desk.person_id, sorted(reports), asked_about, escalations, blocked)
    people = _by_id(connection.execute(_PEOPLE_AROUND, {"person_id": desk.person_id}))
    people |= reports
    beside = _beside(event, desk, (*goals, *reports_goals), escalations)
    for owed in duties:
        beside.update((owed.person_id, owed.holder_id, owed.next_holder_id, owed.done_by))
    if asked_about is not None:  # an explanation names whom the message was about, and who set what counted
        beside.update(one.removeprefix("person:") for one in asked_about.subjects if one.startswith("person:"))
    by_person = isinstance(event, Introduced | Opened | Said | Pressed | Submitted | Closed | FormFailed)
    # An HR admin's own people are loaded above, whoever's desk this is.
    by_admin = by_person and desk.actor_id in people and people[desk.actor_id].role is Role.HR_ADMIN
    if by_person:
        beside.update(change.author for change in known_policies)
    if by_admin:
        beside.update(change.scope.name for change in known_policies if change.scope.kind is ScopeKind.PERSON)
    emails = sorted(emails_in(event))
    mentioned = _by_id(connection.execute(_PEOPLE_BY_EMAIL, {"emails": emails})) if emails else {}
    if by_admin and isinstance(event, Said):
        people |= _perhaps_meant(connection, emails, mentioned)
    by_mention = _mentioned(connection, event)
    people |= {one.id: one for one in by_mention.values()}
    people |= mentioned
    missing = sorted(beside - people.keys() - {""})
    if missing:
        people |= _by_id(connection.execute(_PEOPLE, {"ids": missing}))
    actor = people.get(desk.actor_id) if desk.actor_id else None
    units, headcount = _units(connection, event) if by_admin else ((), 0)
    named = (mentioned | by_mention).values()
    past = history.load(connection, event, named, known_policies) if by_admin and history.is_wanted(event) else None
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
        told=tuple(rows.told(row) for row in connection.execute(_TOLD, {"person_id": desk.person_id, "since": since}).mappings()),
        nudged=_nudged(connection, desk.person_id, (*goals, *reports_goals), duties, reports, long_ago),
        duties=duties,
        reports=tuple(sorted(reports)),
        reports_goals=reports_goals,
        reports_checkins=_reports_checkins(connection, sorted(reports)),
        escalations=escalations,
        asked_about=asked_about,
        by_email={fold_email(one.email): one for one in mentioned.values()} | by_mention,
        units=units,
        headcount=headcount,
        health=health.load(connection, event.at) if by_admin and health.is_wanted(event) else (),
        history=past,
    )


def _beside(event: Event, desk: Desk, goals: Iterable[Goal], escalations: Iterable[Escalation]) -> set[str]:
    """Ids of people whom goals, escalations and the event name; empty ones and names of something else may be among them."""
    beside = {desk.actor_id or ""}
    for one in goals:
        beside.update((one.owner_id, one.coordinator_id or ""))
    for asked in escalations:
        beside.update((*asked.ladder, asked.owner_id, asked.holder_id, asked.decided_by))
    if isinstance(event, Pressed | Submitted) and event.action.verb is Verb.SET_POLICY:
        beside.update(event.action.args)
    return beside


def _asked_about(connection: Connection, desk: Desk) -> Told | None:
    if desk.asked_key is None:
        return None
    row = connection.execute(_ASKED, {"key": desk.asked_key}).mappings().first()
    # Only the one it was sent to may ask about a message.
    return rows.told(row) if row is not None and row["recipient_id"] == desk.person_id else None


def _escalations(connection: Connection, desk: Desk, asked_about: Told | None, since: datetime) -> tuple[Escalation, ...]:
    subjects = asked_about.subjects if asked_about is not None else ()
    named = [one.removeprefix("escalation:") for one in subjects if one.startswith("escalation:")]
    wanted = desk.escalation_id or (named[0] if named else None)
    if wanted is not None:
        found = connection.execute(_ESCALATION, {"id": wanted}).mappings().all()
    else:
        found = connection.execute(_ESCALATIONS, {"person_id": desk.person_id, "since": since}).mappings().all()
    escalations = tuple(map(rows.escalation, found))
    if desk.escalation_id is not None and escalations[0].holder_id != desk.holder_id:
        raise Conflict("the escalation changed hands meanwhile")
    return escalations


def _reports(connection: Connection, event: Event, person_id: str) -> dict[str, Person]:
    """Who reports to the person or to somebody they cover for; asked only when a desk is looked at."""
    if not isinstance(event, Ticked) or not event.subject.startswith("desk:"):
        return {}
    return _by_id(connection.execute(_REPORTS, {"person_id": person_id, "yesterday": event.at.date() - timedelta(days=1)}))


def _duties(connection: Connection, desk: Desk, reports: list[str], since: datetime) -> tuple[Duty, ...]:
    people = [desk.person_id, *reports]
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
    escalations: Iterable[Escalation],
    blocked: set[str],
) -> tuple[tuple[Goal, ...], tuple[Goal, ...]]:
    """The desk's goals (oldest id first) with those somebody waits for there, and those of the reports."""
    named = blocked | {one.goal_id for one in escalations}
    if asked_about is not None:
        named.update(subject.removeprefix("goal:") for subject in asked_about.subjects if subject.startswith("goal:"))
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
    parts = connection.execute(_KEY_RESULTS, {"ids": sorted({row["id"] for row in found})}).mappings().all()
    mine = {row["id"]: row for row in found if row["kind"] != "report"}
    theirs = {row["id"]: row for row in found if row["kind"] == "report"}
    by_id = attrgetter("id")
    return (
        tuple(sorted(rows.goals(mine.values(), parts), key=by_id)),
        tuple(sorted(rows.goals(theirs.values(), parts), key=by_id)),
    )


def _by_id(found: Result[Any]) -> dict[str, Person]:
    return {row["id"]: rows.person(row) for row in found.mappings()}


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


def emails_in(event: Event) -> frozenset[str]:
    """Folded e-mail addresses that stand in what somebody wrote, also as `<mailto:a@b.example|a@b.example>`."""
    return frozenset(list(dict.fromkeys(found for text in _written(event) for found in _emails(text)))[:MAX_EMAILS])


def _perhaps_meant(connection: Connection, emails: Iterable[str], found: dict[str, Person]) -> dict[str, Person]:
    """People whose address begins like the first one that nobody has: HR is told the nearest one."""
    known = {fold_email(one.email) for one in found.values()}
    unknown = next((email for email in emails if email not in known and email[0].isalnum()), None)
    return _by_id(connection.execute(_NEAR_EMAILS, {"start": unknown[0]})) if unknown else {}


def _mentioned(connection: Connection, event: Event) -> dict[str, Person]:
    """People by the mention of their account in what somebody wrote, such as `<@U123>`."""
    if not isinstance(event, Said | Submitted):
        return {}
    users = [found for text in _written(event) for found in _MENTION.findall(text)][:MAX_EMAILS]
    if not users:
        return {}
    wanted = {"platform": event.by.platform, "tenant": event.by.tenant, "users": sorted(set(users))}
    return {f"<@{row['account']}>": rows.person(row) for row in connection.execute(_BY_ACCOUNT, wanted).mappings()}


def _written(event: Event) -> Iterator[str]:
    if isinstance(event, Said):
        yield event.text
    if isinstance(event, Submitted):
        yield from event.values.values()
    if isinstance(event, Pressed | Submitted) and event.action.verb in (Verb.SET_POLICY, Verb.SHOW):
        yield from event.action.args


def _emails(text: str) -> Iterator[str]:
    for found in _EMAIL.findall(text):
        # The end of a sentence or a quote is not part of an address; an apostrophe inside is.
        yield fold_email(found.rstrip(".!?'’"))
        yield fold_email(found.strip(".!?'’‘"))
