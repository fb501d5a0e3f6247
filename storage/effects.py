"""Writes a Decision: state, links, messages, wake-ups, ledger. Each table at once, rows in the order of their keys."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, assert_never
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, false, literal, select, true
from sqlalchemy.exc import IntegrityError

from bot.decision import Decision, Edit, Entry, Look, LookAtAll, Message, Withdraw
from bot.events import ByPerson, Event, Introduced
from bot.model import Channel, CheckIn, Duty, Escalation, Goal, Kpi, Nudged, Person, PolicyChange, Scope, ScopeKind
from bot.ports import Conflict
from storage import accounts, faded, lean, rows, settle
from storage.columns import Instant, among
from storage.engine import insert_into, upsert
from storage.schema import (
    agenda,
    channel,
    checkin,
    duty,
    escalation,
    goal,
    key_result,
    kpi,
    ledger,
    nudged,
    person,
    policy_change,
)

T = TypeVar("T")

_OLD_KEY_RESULTS = delete(key_result).where(among(key_result.c.goal_id, "ids"), ~among(key_result.c.id, "kept"))
_LEDGER = ledger.insert()
_FORGET = delete(agenda).where(agenda.c.subject == bindparam("subject"))


def write(connection: Connection, event: Event, decision: Decision) -> None:
    """All that follows from an event. Raises Conflict when somebody else wrote the same policy version."""
    write_all(connection, [(event, decision)])


def write_all(connection: Connection, decided: Sequence[tuple[Event, Decision]]) -> None:
    """All that follows from events, as if one was written after the other; each table is written once for all of them."""
    whole: dict[Table, list[dict[str, Any]]] = defaultdict(list)
    for event, decision in decided:
        write_people(connection, [one for one in decision.changes if isinstance(one, Person)], at=event.at)
        write_goals(connection, [one for one in decision.changes if isinstance(one, Goal)])
        for change in decision.changes:
            match change:
                case Person() | Goal():
                    pass
                case CheckIn():
                    whole[checkin].append(rows.checkin_row(change))
                case Escalation():
                    whole[escalation].append(rows.escalation_row(change))
                case Duty():
                    whole[duty].append(rows.duty_row(change))
                case Kpi():
                    whole[kpi].append(rows.kpi_row(change))
                case Nudged():
                    whole[nudged].append(rows.nudged_row(change))
                case Channel():
                    whole[channel].append(rows.channel_row(change))
                case PolicyChange():
                    _add_policy(connection, change)
                case _:
                    assert_never(change)
    for table, values in whole.items():
        _replace(connection, table, values)
    for event, decision in decided:
        for link in decision.links:
            accounts.link(connection, link, event.at)
        for unlink in decision.unlinks:
            accounts.unlink(connection, unlink)
        for at in decision.gone:
            accounts.gone(connection, at)
        for move in decision.moves:
            accounts.move_reports(connection, move, event.at)
            look_at_all(connection, person.c.manager_id == move.to, event.at)
        if isinstance(event, ByPerson):
            if not (isinstance(event, Introduced) and event.listed):
                accounts.seen(connection, event.by, event.at)
            for change in decision.changes:
                if isinstance(change, Person):  # perhaps they prefer another platform now
                    settle.reroute(connection, change.id)
    _tell(connection, decided)
    _look_all(connection, [look for _, decision in decided for look in decision.looks])
    lines = [line for event, decision in decided for line in _lines(decision.entries, at=event.at, cause=event.id)]
    if lines:
        lean.write(connection, _LEDGER, lines)


def _tell(connection: Connection, decided: Sequence[tuple[Event, Decision]]) -> None:
    """Messages, edits and withdrawals, in the order of their keys; new messages that nothing else is about at once."""
    told: list[tuple[str, Event, Message | Edit | Withdraw, int]] = []
    for event, decision in decided:
        told += ((one.key, event, one, place) for place, one in enumerate(decision.messages))
        told += ((one.key, event, one, 0) for one in decision.edits)
        told += ((one.key, event, one, 0) for one in decision.withdrawals)
    told.sort(key=itemgetter(0))  # stable: about one message, the first comes first
    times = Counter(key for key, *_ in told)
    alone = [
        (one, event.at, place)
        for key, event, one, place in told
        if isinstance(one, Message) and times[key] == 1 and not isinstance(event, ByPerson)
    ]
    if len(alone) > 1:
        settle.say_all(connection, alone)
        at_once = {message.key for message, _, _ in alone}
        told = [one for one in told if one[0] not in at_once]
    for _, event, one, place in told:
        match one:
            case Message():
                settle.say(connection, one, event.at, place, acted=isinstance(event, ByPerson))
            case Edit():
                settle.edit(connection, one)
            case Withdraw():
                settle.withdraw(connection, one, event.at)
            case _:
                assert_never(one)
    recipients = {one.to for _, decision in decided for one in decision.messages if one.rule}
    if recipients:
        faded.fade(connection, recipients, max(event.at for event, _ in decided))


def write_people(connection: Connection, people: Sequence[Person], *, at: datetime) -> None:
    """Replace people. `at`: from then on they are so; what was due before is not judged by it."""
    if people:
        changed = [rows.person_row(one) | {"changed_at": at} for one in sorted(people, key=lambda one: one.id)]
        _replace(connection, person, changed)


Place = tuple[str | None, date | None, date | None]
"""Somebody's manager, first and last day."""


def leads(one: Person, before: Place | None) -> set[str]:
    """The managers whose team changes with this change of a person: the one they had, and the one they have."""
    if before == (one.manager_id, one.start_date, one.end_date):
        return set()
    return {boss for boss in (one.manager_id, before[0] if before is not None else None) if boss}


def write_goals(connection: Connection, goals: Sequence[Goal]) -> None:
    """Replace goals, with their key results."""
    if not goals:
        return
    goals = sorted(goals, key=lambda one: one.id)
    _replace(connection, goal, [rows.goal_row(one) for one in goals])
    parts = [row for one in goals for row in rows.key_result_rows(one)]
    if parts:
        _replace(connection, key_result, parts)
    for some in chunks(goals):
        kept = [part.id for one in some for part in one.key_results]
        lean.write(connection, _OLD_KEY_RESULTS, {"ids": [one.id for one in some], "kept": kept})


def write_entries(connection: Connection, entries: Iterable[Entry], *, at: datetime, cause: str) -> None:
    """Add lines to the ledger."""
    lines = _lines(entries, at=at, cause=cause)
    if lines:
        lean.write(connection, _LEDGER, lines)


def _lines(entries: Iterable[Entry], *, at: datetime, cause: str) -> list[dict[str, Any]]:
    return [
        {
            "at": at,
            "name": entry.name,
            "subject": entry.subject,
            "person_id": entry.person,
            "rule": entry.rule,
            "policy": entry.policy,
            "cause": cause,
            "facts": entry.facts,
            "outcome": entry.outcome,
        }
        for entry in entries
    ]


def look_at_all(connection: Connection, condition: ColumnElement[bool], at: datetime, *, of: str = "desk:") -> None:
    """Look at the desks of all who fulfil `condition` at `at`, or sooner where that was planned. One statement.

    `of`: at what of theirs, as subjects of the agenda begin.
    """
    desks = select(
        (literal(of) + person.c.id).label("subject"),
        literal(at, Instant()).label("due_at"),
        literal(_local(at, "UTC")).label("local_time"),
        literal("UTC").label("zone"),
        literal(1).label("fence"),
    ).where(condition)
    statement = insert_into(connection.dialect.name, agenda).from_select(
        ["subject", "due_at", "local_time", "zone", "fence"], desks
    )
    connection.execute(_reschedule(statement, sooner=True))


def _look_at_teams(connection: Connection, scope: Scope, at: datetime) -> None:
    """Look at the teams whose weekly post a policy of that scope may be about. A team may span departments."""
    wanted = {ScopeKind.TEAM: channel.c.team == scope.name, ScopeKind.PERSON: false()}.get(scope.kind, true())
    for team in connection.scalars(select(channel.c.team).where(channel.c.on, wanted).order_by(channel.c.team)).all():
        _look(connection, Look(subject=f"team:{team}", at=at, sooner=True))


def _look_all(connection: Connection, looks: Sequence[Look | LookAtAll]) -> None:
    """What is planned, at once where nothing is planned twice; otherwise one after the other."""
    single = [one for one in looks if isinstance(one, Look)]
    if len(single) == len(looks) == len({one.subject for one in single}):
        single.sort(key=attrgetter("subject"))
        for sooner in (False, True):
            _plan(connection, [one for one in single if one.at is not None and one.sooner is sooner], sooner=sooner)
        for one in single:
            if one.at is None:
                _look(connection, one)
        return
    for look in looks:
        if isinstance(look, LookAtAll):
            look_at_all(connection, _in_scope(look.scope), look.at)
            _look_at_teams(connection, look.scope, look.at)
        else:
            _look(connection, look)


def _look(connection: Connection, look: Look) -> None:
    if look.at is None:
        lean.write(connection, _FORGET, {"subject": look.subject})
    else:
        _plan(connection, [look], sooner=look.sooner)


def _plan(connection: Connection, looks: Sequence[Look], *, sooner: bool) -> None:
    planned = [
        {"subject": one.subject, "due_at": one.at, "local_time": _local(one.at, one.zone), "zone": one.zone, "fence": 1}
        for one in looks
        if one.at is not None
    ]
    if planned:
        lean.write(connection, _planned(connection.dialect.name, sooner), planned)


@cache
def _planned(dialect: str, sooner: bool) -> Any:
    return _reschedule(insert_into(dialect, agenda), sooner=sooner)


def _reschedule(statement: Any, *, sooner: bool) -> Any:
    """Replace an entry under a new fence, so that a tick under way is void; `sooner` leaves earlier ones alone."""
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["subject"],
        set_={
            "due_at": new.due_at,
            "local_time": new.local_time,
            "zone": new.zone,
            "fence": agenda.c.fence + 1,
            "lease_until": None,
        },
        where=(new.due_at < agenda.c.due_at) if sooner else None,
    )


def _local(at: datetime, zone: str) -> str:
    try:
        there = at.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # an odd zone name must not cost the turn
        there = at.astimezone(UTC)
    return there.replace(tzinfo=None).isoformat(timespec="minutes")


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    match scope.kind:
        case ScopeKind.COMPANY:
            return true()
        case ScopeKind.DEPARTMENT:
            return person.c.department == scope.name
        case ScopeKind.TEAM:
            return person.c.team == scope.name
        case ScopeKind.PERSON:
            return person.c.id == scope.name
        case _:
            assert_never(scope.kind)


def _add_policy(connection: Connection, change: PolicyChange) -> None:
    try:
        connection.execute(policy_change.insert(), rows.policy_row(change))
    except IntegrityError as error:
        raise Conflict(f"policy version {change.version} exists already") from error


def _replace(connection: Connection, table: Table, values: list[dict[str, Any]]) -> None:
    lean.write(connection, upsert(connection.dialect.name, table), values)


def chunks(items: Sequence[T], size: int = 500) -> Iterable[Sequence[T]]:
    """Some at a time: SQLite binds at most 32,766 variables."""
    return (items[start : start + size] for start in range(0, len(items), size))
