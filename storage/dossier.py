"""Everything stored about one person, as plain JSON values: for themselves, on their wish. Reads only.

Complete by construction: whole rows, whichever columns there are; documents as they are stored. People appear by e-mail. What
others wrote is theirs: of requests, obligations and messages about others there are the facts, without the others' words.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Table, Text, and_, or_, select, type_coerce

from bot.model import DutyKind, ScopeKind
from storage.columns import Doc
from storage.engine import reading
from storage.erasure_rows import SAFE
from storage.schema import (
    address,
    channel,
    checkin,
    duty,
    escalation,
    goal,
    identity,
    key_result,
    kpi,
    ledger,
    nudged,
    outbox,
    person,
    policy_change,
)

Item = dict[str, Any]

VERSION: Final = 1
"""Of the document: raised when something that is there changes its name or meaning."""
_OURS: Final = frozenset(
    {"folded_email", "lane", "fence", "place", "queue", "claimed_at", "ready_at", "revision", "sent_revision"}
)
"""How rows are kept and sent says nothing of a person."""
_OF_THE_OTHER: Final = frozenset({DutyKind.BLOCKER, DutyKind.CONCERN, DutyKind.APPROVAL, DutyKind.STOP})
"""Obligations whose text was written by whom it is about, not by who has to do something."""

_TOLD: Final = SAFE | {"decision", "goal", "holder", "owner", "rhythm", "zone"}
"""Facts of a message that quote nobody."""


class SqlDossier:
    """Dossiers from one database. Every one is one read-only transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, person_id: str) -> Item:
        """Everything about a person. LookupError: nobody has that id."""
        with reading(self._engine) as connection:
            return load(connection, person_id)

    def id_of(self, email: str) -> str | None:
        """Whose e-mail this is, as it is folded; None: nobody's."""
        with reading(self._engine) as connection:
            found: str | None = connection.scalar(select(person.c.id).where(person.c.folded_email == email))
            return found


def load(connection: Connection, who: str) -> Item:
    """Everything about a person. LookupError: nobody has that id."""
    profile = _rows(connection, person, person.c.id == who)
    if not profile:
        raise LookupError("nobody has that id")
    goals = _rows(connection, goal, goal.c.owner_id == who)
    ids = [one["id"] for one in goals]
    results = _rows(connection, key_result, key_result.c.goal_id.in_(ids), key_result.c.position)
    for one in goals:
        one["key_results"] = [result for result in results if result["goal_id"] == one["id"]]
    mine = and_(policy_change.c.scope_kind == ScopeKind.PERSON, policy_change.c.scope_name == who)
    requests = or_(escalation.c.owner_id == who, escalation.c.holder_id == who, escalation.c.decided_by == who)
    found: Item = {
        "version": VERSION,
        "profile": profile[0],
        "accounts": _rows(connection, address, address.c.person_id == who),
        "directory": _rows(connection, identity, identity.c.person_id == who),
        "goals": goals,
        "key_figures": _rows(connection, kpi, kpi.c.owner_id == who),
        "check_ins": _rows(connection, checkin, checkin.c.person_id == who),
        "requests_for_decisions": [_own_request(one, who) for one in _rows(connection, escalation, requests)],
        "obligations": [
            _own_duty(one, who) for one in _rows(connection, duty, or_(duty.c.person_id == who, duty.c.holder_id == who))
        ],
        "policies": _rows(connection, policy_change, or_(policy_change.c.author == who, mine)),
        "channels": _rows(connection, channel, channel.c.opened_by == who),
        "messages": [_summed(one) for one in _rows(connection, outbox, outbox.c.recipient_id == who, outbox.c.decided_at)],
        "said": _rows(connection, nudged, nudged.c.recipient_id == who),
        "reads": _rows(connection, ledger, and_(ledger.c.person_id == who, ledger.c.name == "privacy:read")),
        "ledger": _rows(connection, ledger, and_(ledger.c.person_id == who, ledger.c.name != "privacy:read")),
    }
    named: Item = _named(found, _emails(connection, found))
    return named


def _own_request(row: Item, who: str) -> Item:
    """Of somebody else's request that they were asked: that they were, and what they wrote. The owner's words are the owner's."""
    if row["owner_id"] == who:
        return row
    log = [one if one.get("who") == who else {**one, "facts": {}} for one in row["log"] or ()]
    note = row["note"] if row["decided_by"] == who else ""
    return {**row, "cause": "", "loss": "", "note": note, "log": log}


def _own_duty(row: Item, who: str) -> Item:
    """The same of what they owe others: an item for a 1:1, an obstacle, an approval, a concern."""
    author = row["person_id"] if row["kind"] in _OF_THE_OTHER else (row["answers"] or {}).get("by", row["holder_id"])
    return row if who in (row["person_id"], author) else {**row, "text": ""}


def _summed(row: Item) -> Item:
    """A message by its summary: what it quoted stands with whoever wrote it, and in the chat."""
    facts = {name: value for name, value in (row["facts"] or {}).items() if name in _TOLD}
    return {**row, "card": {"summary": row["card"].get("summary", "")} if row["card"] else None, "facts": facts}


def _rows(connection: Connection, table: Table, where: ColumnElement[bool], *order: Any) -> list[Item]:
    documents = {one.name for one in table.c if isinstance(one.type, Doc)}
    columns = [
        type_coerce(one, Text).label(one.name) if one.name in documents else one for one in table.c if one.name not in _OURS
    ]
    rows = connection.execute(select(*columns).where(where).order_by(*order, *table.primary_key)).mappings()
    return [
        {name: json.loads(value) if name in documents and value is not None else _plain(value) for name, value in row.items()}
        for row in rows
    ]


def _plain(value: Any) -> Any:
    match value:
        case StrEnum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return value


def _emails(connection: Connection, found: Item) -> Mapping[str, str]:
    """By id, the e-mail of everybody who is named."""
    wanted = {one for one in _texts(found) if one.startswith(("p", "erased-"))}
    emails: dict[str, str] = {}
    for start in range(0, len(ids := sorted(wanted)), 500):
        query = select(person.c.id, person.c.email).where(person.c.id.in_(ids[start : start + 500]))
        emails |= dict(map(tuple, connection.execute(query)))
    return emails


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    if isinstance(value, Mapping):
        value = list(value.values())
    return set().union(*map(_texts, value)) if isinstance(value, list) else set()


def _named(value: Any, emails: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return emails.get(value, value)
    if isinstance(value, list):
        return [_named(one, emails) for one in value]
    if isinstance(value, dict):
        return {name: one if name == "id" else _named(one, emails) for name, one in value.items()}
    return value
