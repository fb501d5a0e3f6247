"""How databases are opened: durable, checked, shared between threads, and clear about what they cannot do."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from bot.ports import Conflict
from storage import engine as engine_module
from storage.engine import BadDatabaseURL, open_engine, reading, real_time, writing
from storage.schema import inbox, metadata
from tests.storage.seeds import MONDAY


def test_sqlite_keeps_what_was_acknowledged(sqlite_engine: Engine) -> None:
    def pragma(name: str) -> object:
        with reading(sqlite_engine) as connection:
            return connection.scalar(text(f"PRAGMA {name}"))

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2, "FULL: NORMAL loses acknowledged commits on power loss"
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 10_000


def test_a_commit_is_on_disk_when_the_process_dies(tmp_path: Path) -> None:
    """What another process would find: the files as they are, the first process never having closed them."""
    engine = open_engine(f"sqlite:///{tmp_path}/a.db")
    metadata.create_all(engine)
    with writing(engine) as connection:
        connection.execute(inbox.insert(), {"id": "e", "at": MONDAY})
    copy = tmp_path / "copy"
    copy.mkdir()
    for part in tmp_path.glob("a.db*"):
        if not part.name.endswith("-shm"):
            (copy / part.name).write_bytes(part.read_bytes())
    with sqlite3.connect(copy / "a.db") as survivor:
        assert survivor.execute("SELECT id, at FROM inbox").fetchall() == [("e", "2026-11-23T09:00:00.000000Z")]
    survivor.close()
    engine.dispose()


def test_postgresql_reads_what_is_committed_and_waits_a_bounded_time(postgres_engine: Engine) -> None:
    with writing(postgres_engine) as connection:
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
        assert connection.scalar(text("SHOW timezone")) == "UTC"
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"


@pytest.mark.parametrize("url", ["", "rondo.db", "mysql://h/d", "postgresql+asyncpg://h/d", "sqlite+aiosqlite://", "oracle://h"])
def test_other_databases_are_refused_with_the_setting_and_the_remedy(url: str) -> None:
    with pytest.raises(BadDatabaseURL, match="RONDO_DATABASE_URL"):
        open_engine(url)


def test_the_password_is_not_part_of_an_error() -> None:
    with pytest.raises(BadDatabaseURL) as caught:
        open_engine("mysql://user:hunter2@host/db")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_postgresql_urls_use_psycopg(url: str) -> None:
    assert open_engine(url).dialect.driver == "psycopg"


def test_a_reader_does_not_wait_for_a_writer_and_sees_one_state(engine: Engine) -> None:
    count = select(func.count()).select_from(inbox)
    with writing(engine) as connection:
        connection.execute(inbox.insert(), {"id": "e", "at": MONDAY})
        with ThreadPoolExecutor(1) as pool:

            def read() -> int | None:
                with reading(engine) as other:
                    return other.scalar(count)

            assert pool.submit(read).result(timeout=5) == 0
    with reading(engine) as before:
        assert before.scalar(count) == 1
        with ThreadPoolExecutor(1) as pool:

            def write() -> None:
                with writing(engine) as other:
                    other.execute(inbox.insert(), {"id": "e2", "at": MONDAY})

            pool.submit(write).result(timeout=5)
        assert before.scalar(count) == 1


def test_a_reader_cannot_write_on_postgresql(postgres_engine: Engine) -> None:
    with pytest.raises(DBAPIError, match="read-only"), reading(postgres_engine) as connection:
        connection.execute(inbox.insert(), {"id": "e", "at": MONDAY})


def test_memory_is_shared_by_all_threads() -> None:
    engine = open_engine("sqlite://")
    metadata.create_all(engine)

    def add(number: int) -> None:
        with writing(engine) as connection:
            connection.execute(inbox.insert(), {"id": str(number), "at": MONDAY})
        with reading(engine) as connection:
            connection.scalar(select(func.count()).select_from(inbox))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(50)))
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(inbox)) == 50
    engine.dispose()


def test_a_file_another_process_holds_is_a_conflict(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0)
    engine = open_engine(sqlite_url)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Conflict), writing(engine):
        pass
    other.execute("ROLLBACK")
    other.close()
    with writing(engine):
        pass
    engine.dispose()


def test_a_deadlock_is_a_conflict(postgres_engine: Engine) -> None:
    with writing(postgres_engine) as connection:
        connection.execute(inbox.insert(), [{"id": "a", "at": MONDAY}, {"id": "b", "at": MONDAY}])
    meet = threading.Barrier(2)

    def update(first: str, second: str) -> str:
        try:
            with writing(postgres_engine) as connection:
                connection.execute(inbox.update().where(inbox.c.id == first).values(at=MONDAY))
                meet.wait(5)
                connection.execute(inbox.update().where(inbox.c.id == second).values(at=MONDAY))
        except Conflict:
            return "conflict"
        return "fine"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(update, "ab", "ba"))
    assert sorted(outcomes) == ["conflict", "fine"]


def test_other_errors_stay_what_they_are(engine: Engine) -> None:
    with pytest.raises(DBAPIError), writing(engine) as connection:
        connection.execute(text("SELECT * FROM nothing"))


def test_leases_follow_the_database_where_it_has_a_clock(engine: Engine) -> None:
    with writing(engine) as connection:
        now = real_time(connection, lambda: MONDAY)
    if engine.dialect.name == "sqlite":
        assert now == MONDAY
    else:
        assert abs((now - datetime.now(UTC)).total_seconds()) < 60


def test_when_every_connection_is_in_use_for_too_long_it_is_a_conflict(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Platforms are then asked to repeat, as for a lock, and do not get an error of ours."""
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 1)
    engine = open_engine(postgres_url, connections=1)
    held = [engine.connect() for _ in range(11)]
    try:
        for opened in (reading, writing):
            with pytest.raises(Conflict), opened(engine):
                pytest.fail("there is no connection")
    finally:
        for one in held:
            one.close()
        engine.dispose()


def test_a_postgresql_that_is_gone_without_a_word_is_noticed_within_a_minute(postgres_url: str) -> None:
    """Unless the operator's address says otherwise."""
    url = make_url(postgres_url)
    for given, seconds in ((url, "10"), (url.update_query_dict({"connect_timeout": "3"}), "3")):
        engine = open_engine(given.render_as_string(hide_password=False))
        with reading(engine) as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            told = driver.info.get_parameters()
        engine.dispose()
        assert told["connect_timeout"] == seconds
        assert int(told["tcp_user_timeout"]) <= 60_000
        assert int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"]) <= 60


def test_a_new_file_is_for_its_owner_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "rondo.db"
    for mode in (0o600, 0o640):
        engine = open_engine(f"sqlite:///{file}")
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE IF NOT EXISTS words (word TEXT)"))
            assert {one.stat().st_mode & 0o777 for one in tmp_path.iterdir()} == {mode}
        engine.dispose()
        file.chmod(0o640)
