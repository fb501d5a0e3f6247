"""The read side: what the HTTP API and exports show, and what the composition root asks at start. Writes nothing.

Items are plain JSON values; people appear by e-mail, instants in ISO 8601 with Z. Pages follow a cursor that only this
file understands. Messages' texts and private notes are never among the items.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    RowMapping,
    Select,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from bot.decision import OnDoubt
from bot.events import Address, Platform, Profile
from bot.model import Answer, Company, Goal, ScopeKind
from bot.rules.standing import Effective, effective_at
from storage import codec, listed, rows
from storage.columns import Instant, Words
from storage.effects import chunks
from storage.engine import reading
from storage.schema import OutboxState, address, checkin, goal, key_result, ledger, outbox, person, policy_change
from storage.settle import LANES

Item = dict[str, Any]
_POLICIES = select(policy_change).order_by(policy_change.c.version)


class BadCursor(ValueError):
    """The cursor is none of ours."""


class BadState(ValueError):
    """No outbox row can have this state; the message lists those there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some items and where the next ones start; `next` None: these were the last."""

    items: tuple[Item, ...]
    next: str | None


class SqlReports:
    """Reports on one database. Every method is one read-only transaction; paged ones raise BadCursor."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ledger(
        self, *, cursor: str | None = None, limit: int = 100, since: datetime | None = None, reads_by: str | None = None
    ) -> Page:
        """The ledger, oldest line first. `reads_by`: leave out that this one read (`privacy:read`)."""
        query = select(ledger, person.c.email).outerjoin(person, person.c.id == ledger.c.person_id)
        if reads_by is not None:
            query = query.where(or_(ledger.c.name != "privacy:read", ledger.c.cause != reads_by))
        if since is not None:
            query = query.where(ledger.c.at >= since)
        return self._page(query, (ledger.c.id,), cursor, limit, _ledger_item)

    def checkins(self, *, cursor: str | None = None, limit: int = 100, since: datetime | None = None) -> Page:
        """Check-ins by person and period. `since`: asked or answered then or later."""
        query = select(checkin, person.c.email).join(person)
        if since is not None:
            query = query.where(or_(checkin.c.asked_at >= since, checkin.c.answered_at >= since))
        return self._page(query, (checkin.c.person_id, checkin.c.period), cursor, limit, _checkin_item)

    def outbox(self, *, state: str | None = None, cursor: str | None = None, limit: int = 100) -> Page:
        """Messages and where they stand, without their texts. Raises BadState."""
        query = select(outbox, person.c.email).outerjoin(person, person.c.id == outbox.c.recipient_id)
        if state is not None:
            try:
                query = query.where(outbox.c.state == OutboxState(state))
            except ValueError as error:
                raise BadState(f"state is one of {', '.join(OutboxState)}") from error
        return self._page(query, (outbox.c.decided_at, outbox.c.key), cursor, limit, _outbox_item)

    def policies(self, *, cursor: str | None = None, limit: int = 100) -> Page:
        """Policy versions, oldest first."""
        of_scope = person.alias("of_scope")
        query = (
            select(policy_change, person.c.email, of_scope.c.email.label("scope_email"))
            .outerjoin(person, person.c.id == policy_change.c.author)
            .outerjoin(of_scope, of_scope.c.id == policy_change.c.scope_name)
        )
        return self._page(query, (policy_change.c.version,), cursor, limit, _policy_item)

    def goals(
        self, *, company: Company, now: datetime, cursor: str | None = None, limit: int = 100, since: datetime | None = None
    ) -> Page:
        """Goals by id, with their key results and how they stand at `now`. `since`: updated then or later."""
        coordinator = person.alias("coordinator")
        query = (
            select(goal, person.c.email, coordinator.c.email.label("coordinator_email"))
            .join(person, person.c.id == goal.c.owner_id)
            .outerjoin(coordinator, coordinator.c.id == goal.c.coordinator_id)
        )
        if since is not None:
            query = query.where(goal.c.updated_at >= since)
        with reading(self._engine) as connection:
            found, following = _fetch(connection, query, (goal.c.id,), cursor, limit)
            ids = [row["id"] for row in found]
            parts = connection.execute(select(key_result).where(key_result.c.goal_id.in_(ids))).mappings().all()
            known = tuple(map(rows.policy, connection.execute(_POLICIES).mappings()))
            people = connection.execute(select(person).where(person.c.id.in_({row["owner_id"] for row in found}))).mappings()
            owners = {row["id"]: rows.person(row) for row in people}

        def status(one: Goal) -> Effective:
            return effective_at(one, owners.get(one.owner_id), policies=known, company=company, now=now)

        return Page(items=tuple(_goal_item(row, parts, status) for row in found), next=following)

    def key_result(self, id: str) -> Item | None:
        """One key result as it is now, or None."""
        with reading(self._engine) as connection:
            row = connection.execute(select(key_result).where(key_result.c.id == id)).mappings().first()
        if row is None:
            return None
        numbers = {name: _number(row[name]) for name in ("start", "target", "current")}
        words = {name: row[name] for name in ("id", "text", "unit", "source")}
        return {**words, **numbers, "goal": row["goal_id"], "due": row["due"] and row["due"].isoformat()}

    def last_recorded_at(self) -> datetime | None:
        """The latest instant in the ledger: a clock must not start before it."""
        with reading(self._engine) as connection:
            latest: datetime | None = connection.scalar(select(func.max(ledger.c.at)))
            return latest

    def is_empty(self) -> bool:
        """Neither people nor a ledger: nothing was decided yet."""
        with reading(self._engine) as connection:
            some = or_(exists(select(person.c.id)), exists(select(ledger.c.id)))
            return not connection.scalar(select(some))

    def unlinked_people(self, platform: Platform, *, on: date | None = None) -> tuple[str, ...]:
        """E-mails of those without an account there; with `on`, only those who work here on that day."""
        linked = exists().where(address.c.person_id == person.c.id, address.c.platform == platform)
        query = select(person.c.email).where(~linked).order_by(person.c.id)
        if on is not None:
            query = query.where(or_(person.c.end_date.is_(None), person.c.end_date >= on))
        with reading(self._engine) as connection:
            return tuple(connection.scalars(query))

    def asked_lately(self, platform: Platform, *, since: datetime, limit: int) -> tuple[Address, ...]:
        """Accounts of people who were asked how their week goes since then: who has not answered first, then the newest."""
        query = (
            select(address.c.platform, address.c.tenant, address.c.user, address.c.route)
            .join(checkin, checkin.c.person_id == address.c.person_id)
            .where(address.c.platform == platform, checkin.c.asked_at >= since)
            .order_by(checkin.c.answered_at.is_not(None), checkin.c.asked_at.desc(), address.c.user)
            .limit(limit)
        )
        with reading(self._engine) as connection:
            found = [Address(**row) for row in connection.execute(query).mappings()]
        return tuple(dict.fromkeys(found))

    def changed_accounts(self, pairs: Sequence[tuple[Address, Profile]]) -> tuple[tuple[Address, Profile], ...]:
        """Those of known people whose link, chat zone or chat locale is news; they are in use now."""
        news: list[tuple[Address, Profile]] = []
        with reading(self._engine) as connection:
            for some in chunks(pairs):
                news.extend(listed.news(connection, some, in_use=True))
        return tuple(news)

    def _page(
        self,
        query: Select[Any],
        order: tuple[Any, ...],
        cursor: str | None,
        limit: int,
        item: Callable[[RowMapping], Item],
    ) -> Page:
        with reading(self._engine) as connection:
            found, following = _fetch(connection, query, order, cursor, limit)
        return Page(items=tuple(map(item, found)), next=following)


def _fetch(
    connection: Connection, query: Select[Any], order: tuple[Any, ...], cursor: str | None, limit: int
) -> tuple[Sequence[RowMapping], str | None]:
    if limit < 1:
        raise ValueError("limit must be at least 1")
    if cursor is not None:
        query = query.where(tuple_(*order) > tuple_(*_place(cursor, order)))
    found = connection.execute(query.order_by(*order).limit(limit + 1)).mappings().all()
    if len(found) <= limit:
        return found, None
    last = [found[limit - 1][column] for column in order]
    return found[:limit], _cursor(last)


def _cursor(place: list[Any]) -> str:
    text = json.dumps([codec.instant_text(one) if isinstance(one, datetime) else one for one in place])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str, order: tuple[Any, ...]) -> list[Any]:
    """The place a cursor names, as a literal of each column's own type."""
    try:
        parts = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        if type(parts) is not list:
            raise BadCursor("cursor is none of ours")
        return [literal(_part(column, part), column.type) for column, part in zip(order, parts, strict=True)]
    except (ValueError, TypeError) as error:
        raise BadCursor("cursor is none of ours") from error


def _part(column: ColumnElement[Any], part: object) -> datetime | str | int:
    if isinstance(column.type, Instant) and isinstance(part, str):
        return codec.instant_of(part)
    if isinstance(column.type, Words) and isinstance(part, str):
        return part
    if isinstance(column.type, Integer) and type(part) is int and 0 <= part < 2**31:
        return part
    raise BadCursor("cursor is none of ours")


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _ledger_item(row: RowMapping) -> Item:
    return {
        "at": _instant(row["at"]),
        "name": row["name"],
        "subject": row["subject"],
        "person": row["email"] or "",
        "rule": row["rule"],
        "policy": row["policy"],
        "cause": row["cause"],
        "facts": dict(row["facts"]),
        "outcome": row["outcome"],
    }


def _checkin_item(row: RowMapping) -> Item:
    return {
        "person": row["email"],
        "period": row["period"],
        "state": row["state"].value,
        "asked_at": _instant(row["asked_at"]),
        "answered_at": _instant(row["answered_at"]),
        "goals": [_answer_item(answer) for answer in row["answers"]],
        "wins": row["wins"],
        "adjust": row["adjust"],
        "loss": row["loss"],
        "skip_reason": row["skip_reason"],
    }


def _answer_item(answer: Answer) -> Item:
    blocker = answer.blocker
    return {
        "goal": answer.goal_id,
        "status": answer.status and answer.status.value,
        "values": {id: _number(value) for id, value in answer.values.items()},
        "confidence": answer.confidence,
        "note": answer.note,
        "blocker": blocker and {"text": blocker.text, "cause": blocker.cause and blocker.cause.value, "remover": blocker.remover},
    }


def _outbox_item(row: RowMapping) -> Item:
    return {
        "key": row["key"],
        "person": row["email"] or row["recipient_id"],  # `team:NAME`: a message to a team's channel
        "rule": row["rule"],
        "lane": LANES[row["lane"]].value,
        "state": row["state"].value,
        "reason": row["reason"],
        "policy": row["policy"],
        "revision": row["revision"],
        "attempt": row["attempt"],
        "decided_at": _instant(row["decided_at"]),
        "delivered_at": _instant(row["delivered_at"]),
        "expires_at": _instant(row["expires_at"]),
        "doubtful_since": _instant(row["doubtful_since"]),
        "resent": row["resent"],
        "may_repeat": row["on_doubt"] is OnDoubt.RESEND,  # where nobody can read back; the others are held
    }


def _policy_item(row: RowMapping) -> Item:
    kind: ScopeKind = row["scope_kind"]
    name = (row["scope_email"] or row["scope_name"]) if kind is ScopeKind.PERSON else row["scope_name"]
    return {
        "version": row["version"],
        "at": _instant(row["at"]),
        "author": row["email"] or row["author"],
        "threshold": row["threshold"],
        "scope": {"kind": kind.value, "name": name},
        "value": row["value"],
        "reason": row["reason"],
    }


def _goal_item(row: RowMapping, parts: Sequence[RowMapping], status: Callable[[Goal], Effective]) -> Item:
    """`status` is what it is worth now, `reported` what its owner said when they last spoke."""
    one = rows.goals([row], [part for part in parts if part["goal_id"] == row["id"]])[0]
    return {
        "id": one.id,
        "owner": row["email"],
        "title": one.title,
        "type": one.type.value,
        "cycle": one.cycle,
        "why": one.why,
        "team": one.team,
        "parent": one.parent_id,
        "coordinator": row["coordinator_email"],
        "state": one.state.value,
        "status": status(one).value if one.status is not None else None,
        "reported": one.status and one.status.value,
        "updated_at": _instant(one.updated_at),
        "key_results": [
            {
                "id": part.id,
                "text": part.text,
                "unit": part.unit,
                "start": _number(part.start),
                "target": _number(part.target),
                "current": _number(part.current),
                "due": part.due and part.due.isoformat(),
                "source": part.source,
            }
            for part in one.key_results
        ],
    }
