"""When somebody looked at what is due, and which replica audits next. The tables `watch` and `audited`.

Two kinds of time: the application's, which development moves and by which things are due, and the database's own.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, func, select, update

from bot.audit.facts import Span
from storage.engine import reading, real_time, upsert, writing
from storage.schema import audited, watch

STOPPED: Final = timedelta(minutes=3)
"""Not seen for so long, by either clock: nobody looked meanwhile."""
KEPT: Final = timedelta(days=60)

_AUDIT_LOCK: Final = 0x526F6E07
_LAST = select(watch).order_by(watch.c.began_at.desc()).limit(1)


class SqlWatch:
    """One deployment's watch. `clock` gives real time where the database has none; `under`: what else days depend on."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], *, under: str = "") -> None:
        self._engine = engine
        self._clock = clock
        self._under = under

    def beat(self, now: datetime) -> None:
        """Somebody looks at what is due, and it is `now`. To be said about twice a minute."""
        with writing(self._engine) as connection:
            real = real_time(connection, self._clock)
            last = connection.execute(_LAST).mappings().first()
            if last is not None and now < last["seen_at"]:
                return  # a replica whose development clock was not told yet
            fresh = (
                last is None
                or now - last["seen_at"] > STOPPED
                or real - last["seen_real"] > STOPPED
                or self._under != last["under"]
            )
            if not fresh and last is not None:
                mine = watch.c.began_at == last["began_at"]
                connection.execute(update(watch).where(mine).values(seen_at=now, seen_real=real))
                return
            silent = last is not None and real - last["seen_real"] > STOPPED
            deaf_since = last["deaf_since"] or (last["seen_real"] if silent else None) if last is not None else None
            row = {
                "began_at": now, "seen_at": now, "began_real": real, "seen_real": real, "under": self._under,
                "deaf_since": deaf_since,
            }  # fmt: skip
            connection.execute(upsert(connection.dialect.name, watch), row)
            connection.execute(watch.delete().where(watch.c.seen_at < now - KEPT))

    def spans(self, now: datetime) -> tuple[Span, ...]:
        """When somebody looked, oldest first. Somebody who was seen a moment ago still does."""
        with reading(self._engine) as connection:
            found = connection.execute(select(watch).order_by(watch.c.began_at)).mappings().all()
            real = real_time(connection, self._clock)
        spans = [Span(began=row["began_at"], seen=row["seen_at"]) for row in found]
        if found and real - found[-1]["seen_real"] <= STOPPED and now - spans[-1].seen <= STOPPED:
            spans[-1] = Span(began=spans[-1].began, seen=max(spans[-1].seen, now))
        return tuple(spans)

    # ------------------------------------------------------------------------------------------- what was missed

    def deaf_since(self) -> datetime | None:
        """Since when (real time) something may have been said that nobody heard; None: that is made up for."""
        with reading(self._engine) as connection:
            last = connection.execute(_LAST).mappings().first()
        return last["deaf_since"] if last is not None else None

    def heard(self, since: datetime) -> None:
        """What was missed since then is made up for."""
        with writing(self._engine) as connection:
            connection.execute(update(watch).where(watch.c.deaf_since == since).values(deaf_since=None))

    # ------------------------------------------------------------------------------------------------- in turns

    def last_audit(self) -> tuple[datetime, Mapping[str, int]] | None:
        """When the last audit of anybody ended, in real time, and how many findings of each kind it had."""
        with reading(self._engine) as connection:
            row = connection.execute(select(audited)).mappings().first()
        return (row["at"], json.loads(row["counts"])) if row is not None else None

    def done(self, counts: Mapping[str, int]) -> None:
        """An audit ended."""
        with writing(self._engine) as connection:
            row = {"id": 1, "at": real_time(connection, self._clock), "counts": json.dumps(counts)}
            connection.execute(upsert(connection.dialect.name, audited), row)

    @contextmanager
    def turn(self, every: timedelta) -> Iterator[bool]:
        """Whether it is this process's turn: the last audit is old enough, and no other replica is at it."""
        with self._engine.connect() as connection:
            several = connection.dialect.name == "postgresql"
            if several and not connection.scalar(select(func.pg_try_advisory_lock(_AUDIT_LOCK))):
                connection.rollback()
                yield False
                return
            connection.rollback()  # the lock is the session's: nothing stays open while the audit reads
            try:
                yield self._is_old(every)
            finally:
                if several:
                    connection.scalar(select(func.pg_advisory_unlock(_AUDIT_LOCK)))
                    connection.rollback()

    def _is_old(self, every: timedelta) -> bool:
        last = self.last_audit()
        if last is None:
            return True
        with reading(self._engine) as connection:
            return real_time(connection, self._clock) - last[0] >= every
