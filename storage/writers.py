"""SQLite has one writer: the threads of a process queue here, and turns that queue share a transaction and its commit.

What has to wait anyway while one turn writes then joins its transaction, behind a savepoint of its own. They happen one
after the other, as ever, and nobody returns before the commit is on disk: an error undoes what raised it, a failed commit all.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from bot.ports import Conflict

MOST = 16
"""So many turns share a transaction at most: each takes a millisecond or two, and the first one waits for the last."""


@dataclass
class _Shared:
    """A transaction that is not committed yet. `parts`: how many turns it holds, whose threads wait for its end."""

    connection: Connection
    transaction: ExitStack
    parts: int = 0
    done: bool = False
    error: BaseException | None = None
    own: bool = False
    """The error is that of the only turn in it."""

    @property
    def driver(self) -> Any:
        """The driver's own connection."""
        return self.connection.connection.driver_connection


class Writers:
    """The queue of one database. `patience`: for how many seconds somebody waits for their turn before it is a Conflict."""

    def __init__(self, patience: Callable[[], float]) -> None:
        self._patience = patience
        guard = threading.Lock()
        self._free, self._ended = threading.Condition(guard), threading.Condition(guard)  # for the next one; for who shared
        self._busy = False
        self._waiting = self._sharers = 0
        """How many wait for their turn, and how many of them would share."""
        self._open: _Shared | None = None
        """What a turn left to the next one. Only who is busy touches it."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else writes meanwhile."""
        self._enter(shares=False)
        try:
            self._end()
            yield
        finally:
            self._leave()

    @contextmanager
    def shared(self, engine: Engine) -> Iterator[Connection]:
        """A transaction of one's own, or a part of one. Conflict where it was lost together with others."""
        self._enter(shares=True)
        try:
            shared = self._open = self._open or _begun(engine)
            try:
                with _part(shared):
                    yield shared.connection
            except BaseException as error:
                if not shared.parts or not shared.driver.in_transaction:  # where the disk is full SQLite gives up all of it
                    self._end(error)
                raise
            shared.parts += 1
            if not self._sharers or shared.parts >= MOST:
                self._end()
        finally:
            self._leave()
        self._await(shared)

    def _enter(self, *, shares: bool) -> None:
        with self._free:
            self._waiting += 1
            self._sharers += shares
            free = self._free.wait_for(lambda: not self._busy, self._patience())
            self._waiting -= 1
            self._sharers -= shares
            if not free:
                raise Conflict("the database was busy for too long")
            self._busy = True

    def _leave(self) -> None:
        """One is woken, not all: the next one, or where there is none one of those who wait for the end."""
        with self._free:
            self._busy = False
            (self._free if self._waiting else self._ended).notify()

    def _await(self, shared: _Shared) -> None:
        """Until it is committed. Whoever was to go on with it may have lost patience: then one of those who wait ends it."""
        with self._ended:
            self._ended.wait_for(lambda: shared.done or not (self._busy or self._waiting))
            ends = not shared.done
            self._busy = self._busy or ends
        if ends:
            try:
                self._end()
            finally:
                self._leave()
        if shared.error is not None:
            raise shared.error if shared.own else Conflict("what was written together was lost") from shared.error

    def _end(self, error: BaseException | None = None) -> None:
        """Commit what is open, or roll it back. What went wrong is told to those who wait for it."""
        shared, self._open = self._open, None
        if shared is None:
            return
        try:
            with shared.transaction:
                if error is not None:
                    raise error
        except BaseException as failure:
            shared.error, shared.own = failure, error is None and shared.parts == 1
        with self._ended:
            shared.done = True
            self._ended.notify_all()


def _begun(engine: Engine) -> _Shared:
    transaction = ExitStack()
    return _Shared(transaction.enter_context(engine.begin()), transaction)


@contextmanager
def _part(shared: _Shared) -> Iterator[None]:
    """What raises in here leaves no trace; the first part needs no savepoint for that."""
    if not shared.parts:
        yield
        return
    driver = shared.driver
    driver.execute("SAVEPOINT part").close()
    try:
        yield
    except BaseException:
        if driver.in_transaction:
            driver.execute("ROLLBACK TO part").close()
            driver.execute("RELEASE part").close()
        raise
    driver.execute("RELEASE part").close()
