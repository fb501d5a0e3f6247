"""Values of `bot.model` as rows and back. A field that is one column is copied by name; the others are written out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import fields
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping, Table

from bot.model import (
    Channel,
    CheckIn,
    Duty,
    Escalation,
    Goal,
    KeyResult,
    Kpi,
    Nudged,
    Person,
    PolicyChange,
    Scope,
    Told,
)
from bot.talk.text import fold_email
from storage import schema

Row = RowMapping | dict[str, Any]
"""A result row by column name."""


def _shared(kind: type, table: Table) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name in table.c)


_PERSON = _shared(Person, schema.person)
_CHANNEL = _shared(Channel, schema.channel)
_GOAL = _shared(Goal, schema.goal)
_KEY_RESULT = _shared(KeyResult, schema.key_result)
_CHECKIN = _shared(CheckIn, schema.checkin)
_ESCALATION = _shared(Escalation, schema.escalation)
_DUTY = _shared(Duty, schema.duty)
_NUDGED = _shared(Nudged, schema.nudged)
_KPI = _shared(Kpi, schema.kpi)
_POLICY = _shared(PolicyChange, schema.policy_change)
_TOLD = _shared(Told, schema.outbox)


def _pick(names: tuple[str, ...], value: object) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _part(names: tuple[str, ...], row: Row) -> dict[str, Any]:
    return {name: row[name] for name in names}


def person_row(person: Person) -> dict[str, Any]:
    """The row of table person."""
    return _pick(_PERSON, person) | {"folded_email": fold_email(person.email)}


def person(row: Row) -> Person:
    """One person."""
    return Person(**_part(_PERSON, row))


def channel_row(channel: Channel) -> dict[str, Any]:
    """The row of table channel."""
    return _pick(_CHANNEL, channel)


def channel(row: Row) -> Channel:
    """One team's channel."""
    return Channel(**_part(_CHANNEL, row))


def goal_row(goal: Goal) -> dict[str, Any]:
    """The row of table goal."""
    return _pick(_GOAL, goal)


def key_result_rows(goal: Goal) -> list[dict[str, Any]]:
    """The rows of table key_result."""
    return [_pick(_KEY_RESULT, key_result) for key_result in goal.key_results]


def goals(rows: Iterable[Row], key_results: Iterable[Row]) -> tuple[Goal, ...]:
    """Goals in the order of `rows`, each with its key results by position."""
    parts = defaultdict(list)
    for row in sorted(key_results, key=itemgetter("goal_id", "position", "id")):
        parts[row["goal_id"]].append(KeyResult(**_part(_KEY_RESULT, row)))
    return tuple(Goal(**_part(_GOAL, row), key_results=tuple(parts[row["id"]])) for row in rows)


def checkin_row(checkin: CheckIn) -> dict[str, Any]:
    """The row of table checkin."""
    return _pick(_CHECKIN, checkin)


def checkin(row: Row) -> CheckIn:
    """One check-in."""
    return CheckIn(**_part(_CHECKIN, row))


def escalation_row(escalation: Escalation) -> dict[str, Any]:
    """The row of table escalation."""
    return _pick(_ESCALATION, escalation)


def escalation(row: Row) -> Escalation:
    """One escalation."""
    return Escalation(**_part(_ESCALATION, row))


def duty_row(duty: Duty) -> dict[str, Any]:
    """The row of table duty."""
    return _pick(_DUTY, duty)


def duty(row: Row) -> Duty:
    """One duty."""
    return Duty(**_part(_DUTY, row))


def kpi_row(kpi: Kpi) -> dict[str, Any]:
    """The row of table kpi."""
    return _pick(_KPI, kpi)


def kpi(row: Row) -> Kpi:
    """One health number."""
    return Kpi(**_part(_KPI, row))


def nudged_row(nudged: Nudged) -> dict[str, Any]:
    """The row of table nudged."""
    return _pick(_NUDGED, nudged)


def nudged(row: Row) -> Nudged:
    """What was said once about one subject."""
    return Nudged(**_part(_NUDGED, row))


def policy_row(change: PolicyChange) -> dict[str, Any]:
    """The row of table policy_change."""
    return _pick(_POLICY, change) | {"scope_kind": change.scope.kind, "scope_name": change.scope.name}


def policy(row: Row) -> PolicyChange:
    """One policy version."""
    return PolicyChange(**_part(_POLICY, row), scope=Scope(row["scope_kind"], row["scope_name"]))


def told(row: Row) -> Told:
    """One message as the core remembers it."""
    return Told(**_part(_TOLD, row), to=row["recipient_id"])
