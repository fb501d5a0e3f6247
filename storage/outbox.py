"""What people should see and do not yet: the `Outbox` port on SQL. Only claims and their ends that need no decision.

A claim commits `sending` under a new fence before the first byte leaves. Claims of all replicas queue behind one lock:
that is what keeps a person's messages in order, and a claim takes milliseconds.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, RowMapping, and_, bindparam, exists, func, or_, select, text, update

from bot.events import Address
from bot.ports import Parcel
from storage import channels
from storage.engine import reading, real_time, writing
from storage.schema import OutboxState, address, outbox, person
from storage.settle import LANES

LEASE: Final = timedelta(seconds=120)
"""Longer than any HTTP call with its timeouts: a row that outlives it belongs to a process that died."""
GONE_LIMIT: Final = 3
"""After so many refusals an address is only tried again when the person comes back (INTERFACES, "Unreachable")."""
OVERFETCH: Final = 2
"""Rows read per row wanted: several for one person count once."""

_CLAIM_LOCK = 0x526F6E02
_OTHER = outbox.alias("other")
_READY = (
    select(outbox)
    .where(
        outbox.c.ready_at.is_not(None),
        or_(
            outbox.c.ready_at <= bindparam("real"),
            and_(
                outbox.c.state == OutboxState.PENDING,
                outbox.c.delivered_at.is_(None),
                outbox.c.expires_at <= bindparam("now"),
            ),
        ),
        ~exists().where(
            _OTHER.c.recipient_id == outbox.c.recipient_id,
            text("other.state = 'sending'"),
            _OTHER.c.ready_at > bindparam("real"),
        ),
    )
    .order_by(outbox.c.lane, outbox.c.decided_at, outbox.c.place, outbox.c.key)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.key.in_(bindparam("keys", expanding=True)))
    .values(
        state=OutboxState.SENDING,
        fence=outbox.c.fence + 1,
        attempt=outbox.c.attempt + 1,
        claimed_at=bindparam("real"),
        ready_at=bindparam("until"),
    )
)
_DIED = (
    update(outbox)
    .where(outbox.c.key.in_(bindparam("keys", expanding=True)), outbox.c.doubtful_since.is_(None))
    .values(doubtful_since=outbox.c.claimed_at)
)
_MINE = and_(
    outbox.c.key == bindparam("wanted"),
    outbox.c.fence == bindparam("mine"),
    outbox.c.state == OutboxState.SENDING,
)
_LATER = update(outbox).where(_MINE).values(state=OutboxState.PENDING, ready_at=bindparam("again"), reason=bindparam("why"))
_DOUBTFUL = (
    update(outbox)
    .where(_MINE)
    .values(
        state=OutboxState.UNKNOWN,
        ready_at=bindparam("again"),
        reason=bindparam("why"),
        doubtful_since=func.coalesce(outbox.c.doubtful_since, outbox.c.claimed_at),
    )
)
_ADDRESSES = (
    select(address)
    .where(address.c.person_id.in_(bindparam("ids", expanding=True)), address.c.gone_count < GONE_LIMIT)
    .order_by(address.c.last_seen.desc().nulls_last(), address.c.platform, address.c.tenant, address.c.user)
)
_EMAILS = select(person.c.id, person.c.email).where(person.c.id.in_(bindparam("ids", expanding=True)))
_WAITING = select(func.count()).select_from(outbox).where(outbox.c.ready_at.is_not(None))
_ANY = select(outbox.c.key).where(outbox.c.ready_at.is_not(None)).limit(1)


class SqlOutbox:
    """Outbox rows. `clock` gives real time for leases where the database has none of its own (SQLite)."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], *, lease: timedelta = LEASE) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = lease

    def claim(self, *, now: datetime, limit: int) -> Sequence[Parcel]:
        """Ready rows, best lane first, at most one per recipient, marked `sending` under a new fence and committed.

        Rows that expired at `now` come too, so that somebody reports it. Raises Conflict when the database is busy.
        """
        with reading(self._engine) as connection:
            if connection.scalar(_ANY) is None:
                return ()
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_CLAIM_LOCK)))
            real = real_time(connection, self._clock)
            ready = connection.execute(_READY, {"real": real, "now": now, "at_most": limit * OVERFETCH}).mappings()
            firsts: dict[str, RowMapping] = {}
            for row in ready.all():
                firsts.setdefault(row["recipient_id"], row)
            chosen = list(firsts.values())[:limit]
            if not chosen:
                return ()
            died = [row["key"] for row in chosen if row["state"] is OutboxState.SENDING]
            if died:
                connection.execute(_DIED, {"keys": died})
            connection.execute(_CLAIM, {"keys": [row["key"] for row in chosen], "real": real, "until": real + self._lease})
            recipients = sorted(row["recipient_id"] for row in chosen)
            known = _addresses(connection, recipients)
            emails = dict(connection.execute(_EMAILS, {"ids": recipients}).all())
        return tuple(_parcel(row, known[row["recipient_id"]], emails.get(row["recipient_id"], "")) for row in chosen)

    def later(self, parcel: Parcel, *, seconds: float, reason: str) -> None:
        """Certainly not posted: ready again after `seconds`."""
        self._again(parcel, seconds, reason, doubtful=False)

    def doubtful(self, parcel: Parcel, *, settle_seconds: float, reason: str) -> None:
        """Perhaps posted: state `unknown`, looked at again after `settle_seconds`."""
        self._again(parcel, settle_seconds, reason, doubtful=True)

    def _again(self, parcel: Parcel, seconds: float, reason: str, *, doubtful: bool) -> None:
        """Nothing happens when the row was claimed by somebody else meanwhile."""
        with writing(self._engine) as connection:
            again = real_time(connection, self._clock) + timedelta(seconds=seconds)
            connection.execute(
                _DOUBTFUL if doubtful else _LATER,
                {"wanted": parcel.key, "mine": parcel.fence, "again": again, "why": reason},
            )

    def waiting(self, *, within_seconds: float | None = None) -> int:
        """How many rows are not settled yet and can still become so without a person; only those soon tried again."""
        with reading(self._engine) as connection:
            query = _WAITING
            if within_seconds is not None:
                soon = real_time(connection, self._clock) + timedelta(seconds=within_seconds)
                query = query.where(outbox.c.ready_at <= soon)
            return connection.scalar(query) or 0


def _addresses(connection: Connection, recipients: Sequence[str]) -> defaultdict[str, list[Address]]:
    """Where people are, the most recently used address first; of a team, its channel."""
    known = defaultdict(list, {to: [at] for to, at in channels.addresses(connection, recipients).items()})
    for row in connection.execute(_ADDRESSES, {"ids": recipients}).mappings():
        known[row["person_id"]].append(
            Address(platform=row["platform"], tenant=row["tenant"], user=row["user"], route=row["route"])
        )
    return known


def _parcel(row: RowMapping, addresses: Sequence[Address], email: str) -> Parcel:
    """What was claimed; `row` is as it was before the claim."""
    died = row["claimed_at"] if row["state"] is OutboxState.SENDING else None
    return Parcel(
        key=row["key"],
        revision=row["revision"],
        fence=row["fence"] + 1,
        attempt=row["attempt"] + 1,
        to=row["recipient_id"],
        card=row["card"],
        lane=LANES[row["lane"]],
        on_doubt=row["on_doubt"],
        expires_at=row["expires_at"],
        addresses=tuple(addresses),
        email=email,
        receipt=row["receipt"],
        doubtful_since=row["doubtful_since"] or died,
    )
