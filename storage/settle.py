"""What becomes of an outbox row: the state machine of RELIABILITY 2.2, without the claims (see `storage.outbox`).

A row is *live* while `ready_at` is set; it is settled when it is NULL.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Text, bindparam, case, delete, func, literal, select, type_coerce, update

from bot.decision import Edit, Lane, Message, OnDoubt, Withdraw
from bot.events import Address, Delivered, Failure, Receipt, Ticked, Undelivered
from bot.ports import queue_of
from bot.talk.cards import Card
from storage import codec, faded, lean
from storage.columns import among
from storage.engine import insert_new
from storage.schema import OutboxState, address, agenda, doubted, outbox, person, slack_workspace

NOW: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Ready at once, whatever the real time is."""

GONE_LIMIT: Final = 3
"""After so many refusals an address is only tried again when the person comes back (INTERFACES, "Unreachable")."""

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
_ROWS = (
    select(
        outbox.c.key,
        outbox.c.recipient_id,
        outbox.c.fence,
        outbox.c.state,
        outbox.c.revision,
        outbox.c.ready_at.is_not(None).label("is_live"),
        outbox.c.delivered_at,
        outbox.c.rule,
        type_coerce(outbox.c.receipt, Text).label("receipt"),  # read only where somebody is gone
    )
    .where(among(outbox.c.key, "wanted"))
    .order_by(outbox.c.key)
    .with_for_update()
)
_CHANGE = update(outbox).where(outbox.c.key == bindparam("wanted"))
_SENT = _CHANGE.values(
    receipt=bindparam("now_receipt", type_=outbox.c.receipt.type),
    sent_revision=bindparam("now_revision"),
    delivered_at=bindparam("now_delivered", type_=outbox.c.delivered_at.type),
    state=bindparam("now_state", type_=outbox.c.state.type),
    ready_at=bindparam("now_ready", type_=outbox.c.ready_at.type),
    queue=bindparam("now_queue"),
    attempt=0,
    resent=0,
    lost_until=None,  # but `doubtful_since` stays: what was in doubt may be found late, and an audit does not mind
    failure=None,
    reason="",
)
_MISSED = select(address.c.platform, address.c.tenant, address.c.user).where(
    among(address.c.person_id, "people"), address.c.gone_count > 0
)
_THERE = (
    update(address)
    .where(
        address.c.platform == bindparam("at_platform"),
        address.c.tenant == bindparam("at_tenant"),
        address.c.user == bindparam("at_user"),
    )
    .values(gone_count=0)
)
# A person's addresses: where messages get in, then on the platform they prefer, then where they were last.
_REMOVED = select(slack_workspace.c.id).where(slack_workspace.c.removed != "")
BEST_FIRST = (
    case((type_coerce(address.c.tenant, Text).in_(_REMOVED), 1), else_=0),
    case((type_coerce(address.c.platform, Text) == person.c.prefers, 0), else_=1),
    address.c.last_seen.desc().nulls_last(),
    address.c.platform,
    address.c.tenant,
    address.c.user,
)
# As `storage.outbox` orders addresses; a team's channel and people without an account are looked up at the claim.
_QUEUE = func.coalesce(
    select(type_coerce(address.c.platform, Text).concat(literal("/", Text)).concat(type_coerce(address.c.tenant, Text)))
    .join(person, person.c.id == address.c.person_id)
    .where(address.c.person_id == bindparam("to"), address.c.gone_count < GONE_LIMIT)
    .order_by(*BEST_FIRST)
    .limit(1)
    .scalar_subquery(),
    "",
)
# After a restore the database that is lost may have said it already: see `storage.restored`.
_TO_THEM = doubted.c.recipient_id == bindparam("to")
_SINCE = select(doubted.c.since).where(_TO_THEM, doubted.c.until > bindparam("said_at")).scalar_subquery()
_LOST_UNTIL = select(doubted.c.noticed_at).where(_TO_THEM, doubted.c.until > bindparam("lost_at")).scalar_subquery()
_DOUBT = select(_SINCE, _LOST_UNTIL)
_KNOWN = select(outbox.c.key).where(among(outbox.c.key, "keys"))
_INSERT = outbox.insert().values(queue=_QUEUE, doubtful_since=_SINCE, lost_until=_LOST_UNTIL)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_REROUTE = (
    update(outbox)
    .where(among(outbox.c.recipient_id, "people"), outbox.c.ready_at.is_not(None), outbox.c.receipt.is_(None))
    .values(queue="")
)


def tick(connection: Connection, event: Ticked) -> bool:
    """Take the agenda row out. False: it was moved or taken since."""
    return connection.execute(_FORGET, {"due_subject": event.subject, "due_fence": event.fence, "due": event.due}).rowcount == 1


def report(connection: Connection, event: Delivered | Undelivered) -> bool:
    """Settle a delivery. False: the row was claimed again since, or settled already."""
    return report_all(connection, [event])[0] is not None


def report_all(connection: Connection, events: Sequence[Delivered | Undelivered]) -> list[lean.Row | None]:
    """Settle deliveries of different messages together; for each the row as it was, None where it does not count."""
    rows = {row["key"]: row for row in lean.fetch(connection, _ROWS, {"wanted": [event.key for event in events]})}
    sent: list[dict[str, Any]] = []
    counted: list[lean.Row | None] = []
    for event in events:
        row = rows.pop(event.key, None)
        if row is None or row["fence"] != event.fence or row["state"] not in _IN_FLIGHT or not row["is_live"]:
            counted.append(None)
            continue
        counted.append(row)
        if isinstance(event, Delivered):
            sent.append(_delivered(row, event))
        else:
            _undelivered(connection, row, event)
    if sent:
        lean.write(connection, _SENT, sent)
        arrived = [event for event, row in zip(events, counted, strict=True) if row is not None and isinstance(event, Delivered)]
        recipients = {row["recipient_id"] for row in counted if row is not None}
        _there_again(connection, recipients, [event.receipt.address for event in arrived])
    return counted


def _there_again(connection: Connection, recipients: Collection[str], addresses: Collection[Address]) -> None:
    """Something arrived there: what the platform said before counts no more."""
    missed = lean.fetch(connection, _MISSED, {"people": sorted(recipients)})
    back = {(row["platform"], row["tenant"], row["user"]) for row in missed}
    back &= {(one.platform, one.tenant, one.user) for one in addresses}
    if back:
        names = ("at_platform", "at_tenant", "at_user")
        lean.write(connection, _THERE, [dict(zip(names, one, strict=True)) for one in sorted(back)])


def _delivered(row: lean.Row, event: Delivered) -> dict[str, Any]:
    newer = row["revision"] > event.revision
    return {
        "wanted": event.key,
        "now_receipt": event.receipt,
        "now_revision": event.revision,
        "now_delivered": row["delivered_at"] or event.at,
        "now_state": OutboxState.PENDING if newer else OutboxState.SENT,
        "now_ready": NOW if newer else None,
        "now_queue": queue_of(event.receipt.address, edit=True),
    }


def _undelivered(connection: Connection, row: lean.Row, event: Undelivered) -> None:
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


def _count_gone(connection: Connection, row: lean.Row) -> None:
    """An edit failed at one address; a first delivery failed wherever the person is known."""
    gone = update(address).values(gone_count=address.c.gone_count + 1)
    if row["receipt"] is None:
        connection.execute(gone.where(address.c.person_id == row["recipient_id"]))
        return
    at = codec.loads(Receipt, row["receipt"]).address
    connection.execute(gone.where(address.c.platform == at.platform, address.c.tenant == at.tenant, address.c.user == at.user))


def say(connection: Connection, message: Message, at: datetime, place: int, *, acted: bool = False) -> None:
    """Queue a message, or bring the one that has its key up to date. `place`: its number among those decided together.

    `acted`: it follows from what somebody does at this moment, so that it is new for sure, also after a restore.
    """
    times = _doubtful_at(message, at, acted=acted)
    new = _new(message, at, place) | times
    if lean.first(connection, _insert(connection.dialect.name), new) is not None:
        return
    (row,) = lean.fetch(connection, _ROW, {"wanted": message.key})
    same = faded.same(row["card"], message.card)
    if row["delivered_at"] is None and row["state"] in _MENDABLE:
        _revive(connection, row, message, at, same=same, times=times)
    elif not same:
        _revise(connection, row, message.card, **_terms(message))


def say_all(connection: Connection, said: Sequence[tuple[Message, datetime, int]]) -> None:
    """As `say`, for several messages that follow from no person's act; new ones are written together."""
    known = {row["key"] for row in lean.fetch(connection, _KNOWN, {"keys": [message.key for message, _, _ in said]})}
    fresh = [one for one in said if one[0].key not in known]
    new = [_new(message, at, place) | _doubtful_at(message, at, acted=False) for message, at, place in fresh]
    if new:
        lean.write(connection, _INSERT, new)
    for message, at, place in said:
        if message.key in known:
            say(connection, message, at, place)


def _doubtful_at(message: Message, at: datetime, *, acted: bool) -> dict[str, datetime]:
    """The instant at which a doubt about the recipient would concern this message; what answers somebody's act is new.

    An answer that has to arrive whatever happens (the greeting, which everybody gets once) is looked for where one can look.
    """
    answers = acted or message.lane is Lane.REPLY
    once = message.lane is Lane.REPLY and message.on_doubt is OnDoubt.RESEND
    return {"said_at": _NEVER if answers and not once else at, "lost_at": _NEVER if answers else at}


@cache
def _insert(dialect: str) -> Any:
    return insert_new(dialect, outbox).values(queue=_QUEUE, doubtful_since=_SINCE, lost_until=_LOST_UNTIL)


def reroute(connection: Connection, *people: str) -> None:
    """These people have other accounts: what waits for them is looked up again when it is claimed."""
    connection.execute(_REROUTE, {"people": sorted(people)})


def _new(message: Message, at: datetime, place: int) -> dict[str, Any]:
    return _terms(message) | {
        "key": message.key,
        "to": message.to,
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


def _revive(
    connection: Connection, row: lean.Row, message: Message, at: datetime, *, same: bool, times: dict[str, datetime]
) -> None:
    """Decided again after it expired, was withdrawn, or found nobody: it goes out after all.

    Not where that would only fail again: the very card a platform called wrong, or a message that is late already.
    """
    if same and row["failure"] is Failure.REFUSED:
        return
    if message.expires_at is not None and message.expires_at <= at:
        return
    since, lost_until = connection.execute(_DOUBT, times | {"to": message.to}).one()
    _set(
        connection,
        message.key,
        doubtful_since=since or row["doubtful_since"],
        lost_until=lost_until,
        card=message.card,
        revision=row["revision"] + 1,
        state=OutboxState.PENDING,
        ready_at=NOW,
        attempt=0,
        resent=0,
        queue="",
        failure=None,
        reason="",
        decided_at=at,
        **_terms(message),
    )


def _revise(connection: Connection, row: lean.Row, card: Card, **terms: Any) -> None:
    """Another card under the same key. What is in flight is settled first, the new card follows as an edit."""
    values = terms | {"card": card, "revision": row["revision"] + 1}
    if row["state"] not in _IN_FLIGHT or row["ready_at"] is None:
        values |= {"state": OutboxState.PENDING, "ready_at": NOW, "attempt": 0, "failure": None, "queue": ""}
        if row["receipt"] is not None:
            values["queue"] = queue_of(row["receipt"].address, edit=True)
    _set(connection, row["key"], **values)


def edit(connection: Connection, change: Edit) -> None:
    """Bring a message up to date; nothing where there is none, or where it was given up before anybody saw it."""
    row = lean.first(connection, _ROW, {"wanted": change.key})
    if row is None or faded.same(row["card"], change.card):
        return
    if row["delivered_at"] is None and row["state"] in _MENDABLE:
        return
    _revise(connection, row, change.card)


def withdraw(connection: Connection, change: Withdraw, at: datetime) -> None:
    """Do not send what did not leave yet. What may have left is only kept from being tried again."""
    row = lean.first(connection, _ROW, {"wanted": change.key})
    if row is None or row["delivered_at"] is not None or row["ready_at"] is None:
        return
    if row["state"] is OutboxState.PENDING and row["doubtful_since"] is None and not change.reported:
        _set(
            connection,
            change.key,
            state=OutboxState.EXPIRED,
            failure=Failure.EXPIRED,
            reason="withdrawn",
            ready_at=None,
        )
    else:
        _set(connection, change.key, expires_at=at if row["expires_at"] is None else min(at, row["expires_at"]))


def _set(connection: Connection, key: str, **values: Any) -> None:
    lean.write(connection, _setting(tuple(values)), {"wanted": key} | {f"new_{name}": value for name, value in values.items()})


@cache
def _setting(names: tuple[str, ...]) -> Any:
    return _CHANGE.values({name: bindparam(f"new_{name}", type_=outbox.c[name].type) for name in names})
