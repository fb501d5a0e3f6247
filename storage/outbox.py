"""What people should see and do not yet: the `Outbox` port on SQL. Only claims and their ends that need no decision.

A claim commits `sending` under a new fence before the first byte leaves. Replicas claim side by side: whose rows one of
them looks at, no other does (a lock per recipient, never waited for), which keeps a person's messages in order.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Text, and_, bindparam, case, exists, func, or_, select, text, type_coerce, update
from sqlalchemy.types import NullType

from bot.decision import Lane, OnDoubt
from bot.events import Address, Receipt
from bot.ports import Parcel, Rooms, plenty, queue_of
from bot.talk.cards import Card
from storage import channels, codec, lean
from storage.columns import among
from storage.engine import reading, real_time, writing
from storage.recipients import Recipient, recipients
from storage.schema import OutboxState, outbox
from storage.settle import LANES

log = logging.getLogger("rondo.outbox")

LEASE: Final = timedelta(seconds=120)
"""Longer than any HTTP call with its timeouts: a row that outlives it belongs to a process that died."""
OVERFETCH: Final = 20
"""Rows read per row wanted where the first ones are for few people: several for one person count once."""
ROUTED: Final = 500
"""Rows whose queue is looked up at once."""
LEFT: Final = timedelta(minutes=5)
"""So long a row that this code cannot read is left to a newer replica before it is looked at again."""

_CLAIM_LOCK = 0x526F6E02  # the release before claimed under it alone; shared, it keeps one of those out of our claims
_RECIPIENT_LOCK = 0x526F6E04
_URGENT = LANES.index(Lane.ESCALATION)
_LAST = len(LANES) - 1

_BEGIN = select(func.pg_advisory_xact_lock_shared(_CLAIM_LOCK))
_MINE_ALONE = text(
    "SELECT one FROM unnest(CAST(:recipients AS text[])) AS one "
    f"WHERE pg_try_advisory_xact_lock({_RECIPIENT_LOCK}, hashtext(one))"
)
# From one queue to the next along the index: costs as much as there are queues, not as there are rows.
_QUEUES = text(
    """
    WITH RECURSIVE found(queue) AS (
      SELECT (SELECT queue FROM outbox WHERE ready_at IS NOT NULL ORDER BY queue LIMIT 1)
      UNION ALL
      SELECT (SELECT further.queue FROM outbox AS further
              WHERE further.ready_at IS NOT NULL AND further.queue > found.queue ORDER BY further.queue LIMIT 1)
      FROM found WHERE found.queue IS NOT NULL
    )
    SELECT queue FROM found WHERE queue IS NOT NULL
    """
).columns(outbox.c.queue)
_OTHER = outbox.alias("other")
_READY = and_(
    outbox.c.ready_at.is_not(None),
    or_(
        outbox.c.ready_at <= bindparam("real"),
        and_(
            outbox.c.state == OutboxState.PENDING,
            outbox.c.delivered_at.is_(None),
            outbox.c.doubtful_since.is_(None),  # what may have arrived is looked for when its time has come
            outbox.c.expires_at <= bindparam("now"),
        ),
    ),
    ~exists().where(
        _OTHER.c.recipient_id == outbox.c.recipient_id,
        text("other.state = 'sending'"),
        _OTHER.c.ready_at > bindparam("real"),
    ),
)
# As a range, and ordered by it: then only the index of queues gives the order, whatever statistics say about their sizes.
_CANDIDATES = (
    select(
        outbox.c.key,
        outbox.c.recipient_id,
        outbox.c.lane,
        type_coerce(outbox.c.decided_at, NullType()).label("decided_at"),
        outbox.c.place,
    )
    .where(outbox.c.queue.between(bindparam("queue"), bindparam("queue")), outbox.c.lane <= bindparam("lowest"), _READY)
    .order_by(outbox.c.queue, outbox.c.lane, outbox.c.decided_at, outbox.c.place, outbox.c.key)
    .limit(bindparam("at_most"))
)
_OTHERS = _CANDIDATES.where(outbox.c.key.not_in(bindparam("left", expanding=True)))
_CLAIMED = (
    select(
        outbox.c.key,
        outbox.c.recipient_id,
        outbox.c.lane,
        outbox.c.revision,
        outbox.c.fence,
        outbox.c.attempt,
        outbox.c.claimed_at,
        outbox.c.doubtful_since,
        outbox.c.lost_until,
        outbox.c.expires_at,
        outbox.c.resent,
        outbox.c.rule,
        outbox.c.reason,
        # as text: what is written there may be more than this code can read
        *(type_coerce(outbox.c[name], Text).label(name) for name in ("card", "receipt", "on_doubt", "state")),
    )
    .where(among(outbox.c.key, "keys"), _READY)
    .with_for_update(skip_locked=True, of=outbox)
)
_CLAIM = (
    update(outbox)
    .where(among(outbox.c.key, "keys"))
    .values(
        state=OutboxState.SENDING,
        fence=outbox.c.fence + 1,
        attempt=outbox.c.attempt + 1,
        # whoever had it died, and may have sent it
        doubtful_since=case(
            (outbox.c.state == OutboxState.SENDING, func.coalesce(outbox.c.doubtful_since, outbox.c.claimed_at)),
            else_=outbox.c.doubtful_since,
        ),
        claimed_at=bindparam("real"),
        ready_at=bindparam("until"),
    )
)
_LOST_WAY = (
    select(outbox.c.key, outbox.c.recipient_id, type_coerce(outbox.c.receipt, Text).label("receipt"))
    .where(outbox.c.queue == "", outbox.c.ready_at.is_not(None))
    .order_by(outbox.c.lane, outbox.c.decided_at, outbox.c.place, outbox.c.key)
    .limit(ROUTED)
    .with_for_update(skip_locked=True, of=outbox)
)
_ROUTE = update(outbox).where(among(outbox.c.key, "keys")).values(queue=bindparam("its"))
_MINE = and_(
    outbox.c.key == bindparam("wanted"),
    outbox.c.fence == bindparam("mine"),
    outbox.c.state == OutboxState.SENDING,
)
_AGAIN = update(outbox).where(_MINE).values(ready_at=bindparam("again"), reason=bindparam("why"), queue=bindparam("its"))
_LATER = _AGAIN.values(state=OutboxState.PENDING, resent=bindparam("was"))
_DOUBTFUL = _AGAIN.values(state=OutboxState.UNKNOWN, doubtful_since=func.coalesce(outbox.c.doubtful_since, outbox.c.claimed_at))
_RESEND = update(outbox).where(_MINE).values(resent=outbox.c.resent + 1)
_WAITING = select(func.count()).select_from(outbox).where(outbox.c.ready_at.is_not(None))
_LANES = (
    select(outbox.c.lane, func.count(), func.min(outbox.c.decided_at))
    .where(outbox.c.ready_at.is_not(None))
    .group_by(outbox.c.lane)
)


class SqlOutbox:
    """Outbox rows. `clock` gives real time for leases where the database has none of its own (SQLite)."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], *, lease: timedelta = LEASE) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = lease
        self._claims = 0
        self._served: dict[str, int] = {}  # the number of the claim in which a queue had its turn last
        self._left: dict[str, datetime] = {}  # rows that a newer replica has to read, and until when

    def claim(self, *, now: datetime, limit: int, rooms: Rooms = plenty) -> Sequence[Parcel]:
        """Ready rows, marked `sending` under a new fence and committed; at most one per recipient, no queue beyond its room.

        What people wait for comes first, then the queues take turns. Rows that expired at `now` come too, so that somebody
        reports it. A row this code cannot read is left to a newer one. Raises Conflict when the database is busy.
        """
        if self._engine.dialect.name == "sqlite" and self._is_idle(now, rooms):
            return ()
        with writing(self._engine) as connection:
            real = real_time(connection, self._clock)
            self._left = {key: until for key, until in self._left.items() if until > real}
            while wanted := self._wanted(connection, {"real": real, "now": now}, limit, rooms):
                if parcels := self._read(connection, wanted, real, now):
                    claimed = {"keys": [parcel.key for parcel in parcels], "real": real, "until": real + self._lease}
                    lean.write(connection, _CLAIM, claimed)
                    return parcels
                if not self._left.keys() & set(wanted):
                    break
        return ()

    def _is_idle(self, now: datetime, rooms: Rooms) -> bool:
        """Nothing can be claimed: a look costs no lock on SQLite, a claim does, and most are in vain while messages leave."""
        with reading(self._engine) as connection:
            if "" in (queues := _queues(connection)):
                return False
            times = {"real": (real := self._clock()), "now": now}
            self._left = {key: until for key, until in self._left.items() if until > real}
            for queue, room in ((queue, rooms(queue)) for queue in queues):
                rows, urgent = min(room.rows, 1), min(room.urgent, 1)
                if max(rows, urgent) > 0 and self._candidates(connection, times | {"queue": queue}, rows, urgent):
                    return False
        return True

    def _read(self, connection: Connection, wanted: Sequence[str], real: datetime, now: datetime) -> Sequence[Parcel]:
        """These rows, locked, as far as they can be read and are still to be claimed."""
        found = lean.fetch(connection, _CLAIMED, {"keys": wanted, "real": real, "now": now})
        rows = {row["key"]: row for row in found}
        people = recipients(connection, [row["recipient_id"] for row in rows.values()])
        parcels = []
        for row in (rows[key] for key in wanted if key in rows):
            try:
                parcels.append(_parcel(row, people[row["recipient_id"]]))
            except (ValueError, LookupError) as error:
                log.error("left to a newer version of Rondo", extra={"key": row["key"], "why": str(error)[:300]})
                self._left[row["key"]] = real + LEFT
        return tuple(parcels)

    def _wanted(self, connection: Connection, times: dict[str, Any], limit: int, rooms: Rooms) -> list[str]:
        """Keys of the rows to claim, in the order they should leave. Their recipients are ours until the transaction ends."""
        queues = _queues(connection)
        if "" in queues:
            _route(connection)
            queues = [queue for queue in _queues(connection) if queue]  # what is left without one, somebody else is routing
        last = {queue: self._served.get(queue, 0) for queue in queues}
        with_room = [(queue, room) for queue in queues if (room := rooms(queue)).rows > 0 or room.urgent > 0]
        firsts: dict[str, _Candidate] = {}
        for queue, room in sorted(with_room, key=lambda one: last[one[0]])[:limit]:
            rows = self._candidates(connection, times | {"queue": queue}, min(room.rows, limit), min(room.urgent, limit))
            if not rows:
                last[queue] = self._claims + 1
            for place, row in enumerate(rows):
                new = _Candidate(row["lane"] > _URGENT, place, last[queue], queue, row)
                old = firsts.get(row["recipient_id"])
                if old is None or _order(row) < _order(old.row):
                    firsts[row["recipient_id"]] = new
        chosen = sorted(firsts.values(), key=lambda one: (*one[:3], _order(one.row)))[:limit]
        ours = _held(connection, sorted(one.row["recipient_id"] for one in chosen))
        self._claims += 1
        self._served = last | {one.queue: self._claims for one in chosen}
        return [one.row["key"] for one in chosen if one.row["recipient_id"] in ours]

    def _candidates(self, connection: Connection, asked: dict[str, Any], rows: int, urgent: int) -> list[lean.Row]:
        """The first rows of a queue, one per recipient, as many as there is room for."""
        most = at_most = max(rows, urgent)
        asked |= {"lowest": _LAST if rows > 0 else _URGENT} | ({"left": list(self._left)} if self._left else {})
        while True:
            wanted = asked | {"at_most": at_most}
            left = connection.execute(_OTHERS, wanted).mappings() if self._left else None
            found = lean.fetch(connection, _CANDIDATES, wanted) if left is None else [dict(row) for row in left]
            chosen: dict[str, lean.Row] = {}
            for row in found:
                if len(chosen) < (most if row["lane"] <= _URGENT else rows):
                    chosen.setdefault(row["recipient_id"], row)
            if len(found) < at_most or 2 * len(chosen) >= most or at_most >= most * OVERFETCH:
                return list(chosen.values())
            at_most = most * OVERFETCH  # much for few people: only their first messages count

    def resend(self, parcel: Parcel) -> bool:
        """Count, before a message in doubt leaves again, that it does. False: somebody else has claimed it meanwhile."""
        with writing(self._engine) as connection:
            return connection.execute(_RESEND, {"wanted": parcel.key, "mine": parcel.fence}).rowcount == 1

    def later(self, parcel: Parcel, *, seconds: float, reason: str) -> None:
        """Certainly not posted: ready again after `seconds`."""
        self._again(parcel, seconds, reason, doubtful=False)

    def doubtful(self, parcel: Parcel, *, settle_seconds: float, reason: str) -> None:
        """Perhaps posted: state `unknown`, looked at again after `settle_seconds`."""
        self._again(parcel, settle_seconds, reason, doubtful=True)

    def _again(self, parcel: Parcel, seconds: float, reason: str, *, doubtful: bool) -> None:
        """Nothing happens when the row was claimed by somebody else meanwhile."""
        receipt, resent = parcel.receipt, {} if doubtful else {"was": parcel.resent}  # it did not leave after all
        at = receipt.address if receipt is not None else parcel.addresses[0] if parcel.addresses else None
        with writing(self._engine) as connection:
            again = real_time(connection, self._clock) + timedelta(seconds=seconds)
            connection.execute(
                _DOUBTFUL if doubtful else _LATER,
                {
                    "wanted": parcel.key,
                    "mine": parcel.fence,
                    "again": again,
                    "why": reason,
                    "its": queue_of(at, edit=receipt is not None),
                    **resent,
                },
            )

    def waiting(self, *, within_seconds: float | None = None, but: Collection[str] = ()) -> int:
        """How many rows are not settled yet and can still become so without a person; only those soon tried again.

        `but`: not those in these queues.
        """
        with reading(self._engine) as connection:
            query = _WAITING.where(outbox.c.queue.not_in(sorted(but))) if but else _WAITING
            if within_seconds is not None:
                soon = real_time(connection, self._clock) + timedelta(seconds=within_seconds)
                query = query.where(outbox.c.ready_at <= soon)
            return connection.scalar(query) or 0

    def lanes(self) -> Mapping[Lane, tuple[int, datetime | None]]:
        """Per lane how many rows are not settled yet, and when the oldest of them was decided."""
        with reading(self._engine) as connection:
            found = {LANES[lane]: (count, oldest) for lane, count, oldest in connection.execute(_LANES) if lane <= _LAST}
        return {lane: found.get(lane, (0, None)) for lane in LANES}


def _queues(connection: Connection) -> list[str]:
    return [row["queue"] for row in lean.fetch(connection, _QUEUES)]


class _Candidate(NamedTuple):
    """A row that could be claimed. The first three say when it has its turn."""

    is_patient: bool
    place: int  # in its queue
    served: int  # the claim in which its queue had its turn last
    queue: str
    row: lean.Row


def _order(row: lean.Row) -> tuple[Any, ...]:
    """In which order somebody gets their messages."""
    return row["lane"], row["decided_at"], row["place"], row["key"]


def _held(connection: Connection, recipients: Sequence[str]) -> Collection[str]:
    """Those of the recipients whom no other replica is claiming for now; it is kept off until this transaction ends.

    What is read about them afterwards is what the last such transaction left.
    """
    if connection.dialect.name != "postgresql" or not recipients:
        return recipients
    connection.execute(_BEGIN)
    return set(connection.scalars(_MINE_ALONE, {"recipients": recipients}))


def _route(connection: Connection) -> None:
    """Look up the queues of rows that have none: those of a release before, of teams, of people who just got an account."""
    found = connection.execute(_LOST_WAY).mappings().all()
    people = recipients(connection, [row["recipient_id"] for row in found])
    queues: dict[str, list[str]] = defaultdict(list)
    for row in found:
        try:
            receipt: Receipt | None = row["receipt"] and codec.loads(Receipt, row["receipt"])
        except codec.CodecError:
            receipt = None
        at = receipt.address if receipt is not None else next(iter(people[row["recipient_id"]].addresses), None)
        queues[queue_of(at, edit=receipt is not None)].append(row["key"])
    for queue, keys in sorted(queues.items()):
        connection.execute(_ROUTE, {"keys": sorted(keys), "its": queue})


def _parcel(row: lean.Row, recipient: Recipient) -> Parcel:
    """What is claimed; `row` is as it was before. Raises ValueError or LookupError where this code cannot read it."""
    to: str = row["recipient_id"]
    if ":" in to and not to.startswith(channels.PREFIX):
        raise ValueError(f"unknown kind of recipient: {to.partition(':')[0]}")
    died = row["claimed_at"] if OutboxState(row["state"]) is OutboxState.SENDING else None
    return Parcel(
        key=row["key"],
        revision=row["revision"],
        fence=row["fence"] + 1,
        attempt=row["attempt"] + 1,
        to=to,
        card=codec.loads(Card, row["card"]),
        lane=LANES[row["lane"]],
        on_doubt=OnDoubt(row["on_doubt"]),
        expires_at=row["expires_at"],
        addresses=tuple(recipient.addresses),
        email=recipient.email,
        receipt=None if row["receipt"] is None else _at_newest(codec.loads(Receipt, row["receipt"]), recipient.addresses),
        doubtful_since=row["doubtful_since"] or died,
        lost_until=row["lost_until"],
        resent=row["resent"],
        rule=row["rule"],
        reason=row["reason"],
        given_up=tuple(recipient.given_up),
    )


def _at_newest(receipt: Receipt, known: Iterable[Address]) -> Receipt:
    """The receipt with the way to its address as it is now: a tenant may have moved since the message was posted."""
    return next((replace(receipt, address=one) for one in known if one == receipt.address and one.route), receipt)
