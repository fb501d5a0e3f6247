"""Turns that wait for each other on SQLite share a commit: nobody returns before it, an error costs nobody else anything."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.exc import OperationalError

from bot.ports import Conflict
from storage import engine as engine_module
from storage import writers
from storage.engine import open_engine, reading, writing
from storage.schema import inbox, metadata
from tests.storage.seeds import MONDAY

PATIENCE = 20


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    opened = open_engine(sqlite_url)
    metadata.create_all(opened)
    yield opened
    opened.dispose()


def refuse(_connection: Connection) -> None:
    """A commit that fails."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR
    raise OperationalError("COMMIT", {}, error)


def add(connection: Connection, name: str) -> None:
    connection.execute(inbox.insert(), {"id": name, "at": MONDAY})


def known(engine: Engine) -> set[str]:
    """What another process sees."""
    assert engine.url.database is not None
    with closing(sqlite3.connect(engine.url.database)) as connection:
        return {name for (name,) in connection.execute("SELECT id FROM inbox")}


class Queue:
    """One turn that is under way until it is told to go on, and others behind it in the order in which they came."""

    def __init__(self, engine: Engine, pool: ThreadPoolExecutor) -> None:
        self.engine, self.pool = engine, pool
        self.commits = 0
        self._go_on = threading.Event()
        event.listen(engine, "commit", self._count)

    def _count(self, _connection: Connection) -> None:
        self.commits += 1

    def turn(self, name: str, *, fails: bool = False, holds: bool = False, shared: bool = True) -> "Future[None]":
        began = threading.Event()

        def take() -> None:
            if not holds:
                began.set()
            with writing(self.engine, shared=shared) as connection:
                add(connection, name)
                if holds:
                    began.set()
                    assert self._go_on.wait(PATIENCE)
                if fails:
                    raise ValueError(name)
            assert name in known(self.engine), "it returned before it was on disk"

        taken = self.pool.submit(take)
        assert began.wait(PATIENCE)
        return taken

    def go_on(self, waiting: int) -> None:
        """Once so many wait."""
        line = engine_module._writers[self.engine]
        until = time.monotonic() + PATIENCE
        while line._sharers < waiting and time.monotonic() < until:
            threading.Event().wait(0.005)
        assert line._sharers == waiting
        self._go_on.set()


@contextmanager
def queue(engine: Engine) -> Iterator[Queue]:
    with ThreadPoolExecutor(20) as pool:
        yield Queue(engine, pool)


def test_turns_that_wait_share_the_commit_of_the_one_they_wait_for(engine: Engine) -> None:
    with queue(engine) as line:
        turns = [line.turn("first", holds=True), *(line.turn(f"t{n}") for n in range(9))]
        line.go_on(9)
        for turn in turns:
            turn.result(PATIENCE)
    assert len(known(engine)) == 10
    assert line.commits < 10, "each had a commit of its own"


def test_so_many_turns_share_a_commit_at_most(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "MOST", 3)
    with queue(engine) as line:
        turns = [line.turn("first", holds=True), *(line.turn(f"t{n}") for n in range(8))]
        line.go_on(8)
        for turn in turns:
            turn.result(PATIENCE)
    assert line.commits >= 3


def test_a_turn_that_fails_leaves_no_trace_and_the_others_are_written(engine: Engine) -> None:
    with queue(engine) as line:
        first = line.turn("first", holds=True)
        second, bad, last = line.turn("second"), line.turn("bad", fails=True), line.turn("bad too", fails=True)
        line.go_on(3)
        first.result(PATIENCE)
        second.result(PATIENCE)
        for one in (bad, last):
            with pytest.raises(ValueError, match="bad"):
                one.result(PATIENCE)
    assert known(engine) == {"first", "second"}


def test_the_first_of_them_may_fail_as_well(engine: Engine) -> None:
    with queue(engine) as line:
        first, second = line.turn("first", holds=True, fails=True), line.turn("second")
        line.go_on(1)
        with pytest.raises(ValueError, match="first"):
            first.result(PATIENCE)
        second.result(PATIENCE)
    assert known(engine) == {"second"}


def test_a_commit_that_fails_is_a_conflict_for_all_who_shared_it(engine: Engine) -> None:
    with queue(engine) as line:
        first, second = line.turn("first", holds=True), line.turn("second")
        event.listen(engine, "commit", refuse)
        line.go_on(1)
        for one in (first, second):
            with pytest.raises(Conflict):
                one.result(PATIENCE)
        event.remove(engine, "commit", refuse)
        assert known(engine) == set()
        line.turn("third").result(PATIENCE)
    assert known(engine) == {"third"}


def test_a_lone_turn_hears_what_its_commit_said(engine: Engine) -> None:
    event.listen(engine, "commit", refuse)
    with pytest.raises(OperationalError, match="disk I/O"), writing(engine, shared=True) as connection:
        add(connection, "lone")
    event.remove(engine, "commit", refuse)
    assert known(engine) == set()


def test_what_takes_its_time_shares_nothing_and_makes_nobody_wait_for_its_end(engine: Engine) -> None:
    with queue(engine) as line:
        first, long, third = line.turn("first", holds=True), line.turn("long", shared=False), line.turn("third")
        line.go_on(1)
        for one in (first, long, third):
            one.result(PATIENCE)
    assert known(engine) == {"first", "long", "third"}
    assert line.commits >= 2


def test_where_sqlite_gives_up_the_transaction_nobody_is_told_that_it_was_written(engine: Engine) -> None:
    """A full disk, for one, ends the whole transaction and not only the statement."""
    with queue(engine) as line:
        first = line.turn("first", holds=True)
        joined = threading.Event()

        def give_up() -> None:
            joined.set()
            with writing(engine, shared=True) as connection:
                add(connection, "unlucky")
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("ROLLBACK")
                raise ValueError("disk full")

        unlucky = line.pool.submit(give_up)
        assert joined.wait(PATIENCE)
        line.go_on(1)
        with pytest.raises(Conflict):
            first.result(PATIENCE)
        with pytest.raises(ValueError, match="disk full"):
            unlucky.result(PATIENCE)
    assert known(engine) == set()


def test_under_load_what_returned_is_there_and_what_raised_is_not(engine: Engine) -> None:
    def take(number: int) -> bool:
        try:
            with writing(engine, shared=number % 11 != 0) as connection:
                add(connection, f"n{number}")
                if number % 7 == 0:
                    connection.execute(text("SELECT * FROM nothing"))
        except OperationalError:
            return False
        return f"n{number}" in known(engine)

    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(take, range(400)))
    assert known(engine) == {f"n{number}" for number, came in enumerate(taken) if came}
    assert taken == [number % 7 != 0 for number in range(400)]
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(inbox)) == len(known(engine))
