"""Which processes share this database at present, so that each takes its part of the platforms' allowances.

Real time here is the database's own, which also tells a replica what time it is (`Beat.at`). SQLite has one process.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import Engine, bindparam, delete, func, select

from storage.engine import insert_into, real_time, writing
from storage.schema import replica

EVERY: Final = 2.0
"""Seconds between two beats: for so long after a replica came the others go on with their larger share."""
ALIVE: Final = timedelta(seconds=20)
"""Who was not seen for so long is gone. Well below the outbox's lease: what it had claimed is not sent again earlier."""
FORGOTTEN: Final = timedelta(days=1)

_LEAVE = delete(replica).where(replica.c.id == bindparam("its"))
_FORGET = delete(replica).where(replica.c.seen_at < bindparam("long_ago"))
_ALIVE = select(func.count()).select_from(replica).where(replica.c.seen_at > bindparam("since"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a replica learns when it says that it is there."""

    replicas: int
    """How many are at work, this one included."""
    at: datetime | None = None
    """The database's time, None where it has none of its own; it was that when `monotonic()` was `measured`."""
    measured: float = 0.0


class SqlReplicas:
    """This process among those on one database."""

    def __init__(self, engine: Engine, version: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._version = version
        self._monotonic = monotonic
        self.id = uuid4().hex

    @property
    def several(self) -> bool:
        """Whether there can be others at all."""
        return self._engine.dialect.name == "postgresql"

    def beat(self) -> Beat:
        """Say that this process is at work, and count who is. Blocking; raises what the database raises."""
        if not self.several:
            return Beat(replicas=1)
        with writing(self._engine) as connection:
            before = self._monotonic()
            now = real_time(connection, _no_clock)
            measured = (before + self._monotonic()) / 2
            new = insert_into(connection.dialect.name, replica)
            connection.execute(
                new.on_conflict_do_update(index_elements=["id"], set_={"seen_at": new.excluded.seen_at}),
                {"id": self.id, "version": self._version, "started_at": now, "seen_at": now},
            )
            connection.execute(_FORGET, {"long_ago": now - FORGOTTEN})
            alive = connection.scalar(_ALIVE, {"since": now - ALIVE}) or 1
        return Beat(replicas=alive, at=now, measured=measured)

    def leave(self) -> None:
        """This process sends nothing more. Blocking."""
        if self.several:
            with writing(self._engine) as connection:
                connection.execute(_LEAVE, {"its": self.id})


def _no_clock() -> datetime:
    raise AssertionError("PostgreSQL knows what time it is")
