"""The development clock's last instant, for commands on the same database (`rondo import`), and what a move of it hurries.

There is a row only while servers with a development clock use the database; a server without one removes it.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from storage.engine import reading, real_time, writing
from storage.schema import OutboxState, dev_clock, outbox


class SqlTold:
    """What `/dev/clock` was told last. Blocking; raises Conflict when the database is busy for too long."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self) -> datetime | None:
        """The instant; None where no clock was ever told on this database."""
        with reading(self._engine) as connection:
            told: datetime | None = connection.scalar(select(dev_clock.c.now))
            return told

    def write(self, instant: datetime) -> None:
        """It is `instant` now."""
        with writing(self._engine) as connection:
            if not connection.execute(update(dev_clock).values(now=instant)).rowcount:
                connection.execute(insert(dev_clock).values(id=1, now=instant))

    def forget(self) -> None:
        """Wall time holds from now on."""
        if self.read() is not None:
            with writing(self._engine) as connection:
                connection.execute(delete(dev_clock))

    def hurry(self, queues: Collection[str], real: Callable[[], datetime], *, settle_seconds: float) -> None:
        """What waits in these queues may go at once; what is in doubt is still left to settle. `real`: wall time."""
        with writing(self._engine) as connection:
            now = real_time(connection, real)
            for state, wait in ((OutboxState.PENDING, 0.0), (OutboxState.UNKNOWN, settle_seconds)):
                soonest = now + timedelta(seconds=wait)
                late = (outbox.c.queue.in_(sorted(queues)), outbox.c.state == state, outbox.c.ready_at > soonest)
                connection.execute(update(outbox).where(*late).values(ready_at=soonest))
