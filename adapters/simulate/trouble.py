"""The database of a run, and how it fails processes: out of reach for minutes, commits that fail or only seem to."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from adapters.simulate.machine import HOST
from storage import engine as engines
from storage import migrate as migrations


class Trouble:
    """`share`: of transactions that fail at their commit. Only processes are failed; the world outside can always read."""

    def __init__(self, engine: Engine, dice: Random, share: float) -> None:
        self.down = False
        self.calm = False
        self.came_through = False
        """A commit was written, and its process was told that it failed."""
        self._dice, self._share = dice, share
        self._engine = engine
        event.listen(engine, "begin", self._begin, insert=True)
        event.listen(engine, "commit", self._commit)

    def ends(self) -> None:
        """The run is over, the engine stays."""
        event.remove(self._engine, "begin", self._begin)
        event.remove(self._engine, "commit", self._commit)

    def _begin(self, connection: Connection) -> None:
        if self.down and not self.calm and HOST.get() is not None:
            code = sqlite3.SQLITE_BUSY if self._dice.random() < 0.3 else sqlite3.SQLITE_CANTOPEN
            raise _refusal("BEGIN", "no connection", code)

    def _commit(self, connection: Connection) -> None:
        if not self._share or HOST.get() is None or self.calm or self._dice.random() >= self._share:
            return
        if self._dice.random() < 0.5:
            driver: Any = connection.connection.driver_connection
            if driver.in_transaction:
                driver.commit()
                self.came_through = True
        code = sqlite3.SQLITE_BUSY if self._dice.random() < 0.5 else sqlite3.SQLITE_IOERR
        raise _refusal("COMMIT", "connection lost", code)


def _refusal(statement: str, words: str, code: int) -> OperationalError:
    original = sqlite3.OperationalError(words)
    original.sqlite_errorcode = code
    return OperationalError(statement, {}, original)


@cache
def _template() -> sqlite3.Connection:
    """A database in memory with the newest schema and nothing in it."""
    engine = engines.open_engine("sqlite://")
    migrations.migrate(engine)
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    with engine.connect() as source:
        driver: Any = source.connection.driver_connection
        driver.commit()
        driver.backup(connection)
    engine.dispose()
    return connection


@cache
def _engines() -> tuple[Engine, Engine, sqlite3.Connection]:
    """Kept from run to run: what they have learnt about statements takes longer than a small company's week."""
    engine = engines.open_engine("sqlite://")
    raw = engine.raw_connection()
    driver: Any = raw.driver_connection
    raw.close()
    return engine, create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool), driver


@contextmanager
def in_memory() -> Iterator[tuple[Engine, Engine]]:
    """An empty database in memory: for the processes, and for whoever looks at it from outside and is never failed."""
    engine, aside, driver = _engines()
    _template().backup(driver)
    yield engine, aside
