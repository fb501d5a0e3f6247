"""When to look next: the `Agenda` port on SQL. Claims never cost more than what is due."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, delete, func, or_, select, update

from bot.events import Ticked
from bot.ports import Due
from storage import lean
from storage.columns import among
from storage.engine import reading, real_time, writing
from storage.schema import agenda

LEASE: Final = timedelta(seconds=60)

_DUE = (
    select(agenda.c.subject, agenda.c.due_at, agenda.c.fence)
    .where(
        agenda.c.due_at <= bindparam("now"),
        or_(agenda.c.lease_until.is_(None), agenda.c.lease_until <= bindparam("real")),
    )
    .order_by(agenda.c.due_at, agenda.c.subject)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_LEASE = update(agenda).where(among(agenda.c.subject, "subjects")).values(lease_until=bindparam("until"))
_FENCES = (
    select(agenda.c.subject, agenda.c.fence, agenda.c.due_at)
    .where(among(agenda.c.subject, "subjects"))
    .order_by(agenda.c.subject)
    .with_for_update(skip_locked=True)
)
_TAKE_OUT = delete(agenda).where(among(agenda.c.subject, "subjects"))
_NEXT = select(func.min(agenda.c.due_at))


def still_due(connection: Connection, ticks: Sequence[Ticked]) -> dict[str, bool]:
    """Of each subject, whether that tick's fence is the row's, which is locked then. Left out: it is gone, or not free now."""
    found = lean.fetch(connection, _FENCES, {"subjects": [tick.subject for tick in ticks]})
    fences = {row["subject"]: (row["fence"], row["due_at"]) for row in found}
    return {tick.subject: fences[tick.subject] == (tick.fence, tick.due) for tick in ticks if tick.subject in fences}


def take_out(connection: Connection, subjects: Collection[str]) -> None:
    """Forget what is being looked at now."""
    if subjects:
        lean.write(connection, _TAKE_OUT, {"subjects": sorted(subjects)})


class SqlAgenda:
    """Agenda rows. `clock` gives real time for leases where the database has none of its own (SQLite)."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], *, lease: timedelta = LEASE) -> None:
        self._engine = engine
        self._clock = clock
        self._lease = lease

    def claim_due(self, now: datetime, *, limit: int) -> Sequence[Due]:
        """Rows due at `now`, earliest first, leased for a minute or so of real time so that replicas do not collide.

        Raises Conflict when the database was busy for too long.
        """
        if (first := self.next_due()) is None or first > now:
            return ()
        with writing(self._engine) as connection:
            real = real_time(connection, self._clock)
            found = connection.execute(_DUE, {"now": now, "real": real, "at_most": limit}).all()
            if found:
                connection.execute(_LEASE, {"subjects": [row.subject for row in found], "until": real + self._lease})
        return tuple(Due(subject=row.subject, due=row.due_at, fence=row.fence) for row in found)

    def next_due(self) -> datetime | None:
        """The earliest instant at which anything is due, claimed rows included; None: nothing is planned."""
        with reading(self._engine) as connection:
            earliest: datetime | None = connection.scalar(_NEXT)
            return earliest
