"""What becomes of an outbox row: the state machine of RELIABILITY 2.2, without the claims (see `storage.outbox`).

A row is *live* while `ready_at` is set; it is settled when it is NULL.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, bindparam, delete, select, update

from bot.decision import Edit, Lane, Message, Withdraw
from bot.events import Delivered, Failure, Receipt, Ticked, Undelivered
from bot.talk.cards import Card
from storage.engine import insert_new
from storage.schema import OutboxState, address, agenda, outbox

NOW: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Ready at once, whatever the real time is."""

LANES: Final = tuple(Lane)

_IN_FLIGHT = (OutboxState.SENDING, OutboxState.UNKNOWN)
_MENDABLE = (OutboxState.EXPIRED, OutboxState.REFUSED)
_STATES = {
    Failure.GONE: OutboxState.REFUSED,
    Failure.REFUSED: OutboxState.REFUSED,
    Failure.EXPIRED: OutboxState.EXPIRED,
    Failure.UNKNOWN: OutboxState.UNKNOWN,
}

_ROW = select(outbox).where(outbox.c.key == bindparam("wanted")).with_for_update()
_FORGET = delete(agenda).where(
    agenda.c.subject == bindparam("due_subject"),
    agenda.c.fence == bindparam("due_fence"),
    agenda.c.due_at == bindparam("due"),
)
_CHANGE = update(outbox).where(outbox.c.key == bindparam("wanted"))


def tick(connection: Connection, event: Ticked) -> bool:
    """Take the agenda row out. False: it was moved or taken since."""
    return connection.execute(_FORGET, {"due_subject": event.subject, "due_fence": event.fence, "due": event.due}).rowcount == 1


def report(connection: Connection, event: Delivered | Undelivered) -> bool:
    """Settle a delivery. False: the row was claimed again since, or settled already."""
    row = connection.execute(_ROW, {"wanted": event.key}).mappings().first()
    if row is None or row["fence"] != event.fence or row["state"] not in _IN_FLIGHT or row["ready_at"] is None:
        return False
    if isinstance(event, Delivered):
        _delivered(connection, row, event)
    else:
        _undelivered(connection, row, event)
    return True


def _delivered(connection: Connection, row: RowMapping, event: Delivered) -> None:
    newer = row["revision"] > event.revision
    _set(
        connection,
        event.key,
        receipt=event.receipt,
        sent_revision=event.revision,
        delivered_at=row["delivered_at"] or event.at,
        state=OutboxState.PENDING if newer else OutboxState.SENT,
        ready_at=NOW if newer else None,
        attempt=0,
        doubtful_since=None,
        failure=None,
        reason="",
    )


def _undelivered(connection: Connection, row: RowMapping, event: Undelivered) -> None:
    if event.failure is Failure.REFUSED and row["revision"] > event.revision:
        # The platform disliked a card that has been replaced since: try the new one.
        _set(connection, event.key, state=OutboxState.PENDING, ready_at=NOW, reason=event.reason)
        return
    _set(
        connection,
        event.key,
        state=_STATES[event.failure],
        failure=event.failure,
        reason=event.reason,
        ready_at=None,
    )
    if event.failure is Failure.GONE:
        _count_gone(connection, row)


def _count_gone(connection: Connection, row: RowMapping) -> None:
    """An edit failed at one address; a first delivery failed wherever the person is known."""
    gone = update(address).values(gone_count=address.c.gone_count + 1)
    receipt: Receipt | None = row["receipt"]
    if receipt is None:
        connection.execute(gone.where(address.c.person_id == row["recipient_id"]))
        return
    at = receipt.address
    connection.execute(gone.where(address.c.platform == at.platform, address.c.tenant == at.tenant, address.c.user == at.user))


def say(connection: Connection, message: Message, at: datetime, place: int) -> None:
    """Queue a message, or bring the one that has its key up to date. `place`: its number among those decided together."""
    if connection.execute(insert_new(connection.dialect.name, outbox), _new(message, at, place)).first() is not None:
        return
    row = connection.execute(_ROW, {"wanted": message.key}).mappings().one()
    same = row["card"] == message.card
    if row["delivered_at"] is None and row["state"] in _MENDABLE:
        _revive(connection, row, message, at, same=same)
    elif not same:
        _revise(connection, row, message.card, **_terms(message))


def _new(message: Message, at: datetime, place: int) -> dict[str, Any]:
    return _terms(message) | {
        "key": message.key,
        "place": place,
        "recipient_id": message.to,
        "card": message.card,
        "revision": 1,
        "sent_revision": 0,
        "state": OutboxState.PENDING,
        "fence": 0,
        "attempt": 0,
        "ready_at": NOW,
        "decided_at": at,
        "reason": "",
    }


def _terms(message: Message) -> dict[str, Any]:
    """All of a message but its key, recipient and card."""
    return {
        "lane": LANES.index(message.lane),
        "rule": message.rule,
        "subjects": message.subjects,
        "facts": message.facts,
        "policy": message.policy,
        "on_doubt": message.on_doubt,
        "expires_at": message.expires_at,
    }


def _revive(connection: Connection, row: RowMapping, message: Message, at: datetime, *, same: bool) -> None:
    """Decided again after it expired, was withdrawn, or found nobody: it goes out after all.

    Not where that would only fail again: the very card a platform called wrong, or a message that is late already.
    """
    if same and row["failure"] is Failure.REFUSED:
        return
    if message.expires_at is not None and message.expires_at <= at:
        return
    _set(
        connection,
        message.key,
        card=message.card,
        revision=row["revision"] + 1,
        state=OutboxState.PENDING,
        ready_at=NOW,
        attempt=0,
        failure=None,
        reason="",
        decided_at=at,
        **_terms(message),
    )


def _revise(connection: Connection, row: RowMapping, card: Card, **terms: Any) -> None:
    """Another card under the same key. What is in flight is settled first, the new card follows as an edit."""
    values = terms | {"card": card, "revision": row["revision"] + 1}
    if row["state"] not in _IN_FLIGHT or row["ready_at"] is None:
        values |= {"state": OutboxState.PENDING, "ready_at": NOW, "attempt": 0, "failure": None}
    _set(connection, row["key"], **values)


def edit(connection: Connection, change: Edit) -> None:
    """Bring a message up to date; nothing where there is none, or where it was given up before anybody saw it."""
    row = connection.execute(_ROW, {"wanted": change.key}).mappings().first()
    if row is None or row["card"] == change.card:
        return
    if row["delivered_at"] is None and row["state"] in _MENDABLE:
        return
    _revise(connection, row, change.card)


def withdraw(connection: Connection, change: Withdraw, at: datetime) -> None:
    """Do not send what did not leave yet. What may have left is only kept from being tried again."""
    row = connection.execute(_ROW, {"wanted": change.key}).mappings().first()
    if row is None or row["delivered_at"] is not None or row["ready_at"] is None:
        return
    if row["state"] is OutboxState.PENDING and row["doubtful_since"] is None:
        _set(
            connection,
            change.key,
            state=OutboxState.EXPIRED,
            failure=Failure.EXPIRED,
            reason="withdrawn",
            ready_at=None,
        )
    else:
        _set(connection, change.key, expires_at=at)


def _set(connection: Connection, key: str, **values: Any) -> None:
    connection.execute(_CHANGE.values(**values), {"wanted": key})
