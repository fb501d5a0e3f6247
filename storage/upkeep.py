"""When something that is done now and then was done last. The table `upkeep`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, func, select

from storage.engine import reading, upsert, writing
from storage.schema import upkeep

_LOCK: Final = 0x526F6E0D  # the other advisory locks: storage.desk, outbox, migrate, watch


class SqlUpkeep:
    """One database's memory of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def last(self, name: str) -> datetime | None:
        """When that was done last; None: never."""
        with reading(self._engine) as connection:
            found: datetime | None = connection.scalar(select(upkeep.c.at).where(upkeep.c.name == name))
            return found

    def note(self, name: str, at: datetime) -> None:
        """It was done at that instant."""
        with writing(self._engine) as connection:
            connection.execute(upsert(connection.dialect.name, upkeep), {"name": name, "at": at, "mark": ""})

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Whether it is this process's turn: no other replica is at it."""
        with self._engine.connect() as connection:
            several = connection.dialect.name == "postgresql"
            mine = not several or bool(connection.scalar(select(func.pg_try_advisory_lock(_LOCK))))
            connection.rollback()  # the lock is the session's: nothing stays open meanwhile
            try:
                yield mine
            finally:
                if several and mine:
                    connection.scalar(select(func.pg_advisory_unlock(_LOCK)))
                    connection.rollback()
