"""Opens the database and hands out transactions. The only file that knows how SQLite and PostgreSQL differ in locking.

SQLite: WAL, `synchronous=FULL` (NORMAL loses acknowledged commits on power loss, RELIABILITY section 7), one writer at
a time. PostgreSQL: READ COMMITTED with row locks. What a database means by "somebody else was faster" becomes Conflict.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.sql.dml import ReturningInsert

from bot.ports import Conflict
from storage.writers import Writers

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

BUSY_SECONDS: Final = 10
"""How long a transaction waits for another one's lock before it gives up with Conflict."""

CONFLICT_STATES: Final = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialization_failure, deadlock_detected, lock_not_available."""

_PATIENCE: Final = {
    "connect_timeout": BUSY_SECONDS,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
}
"""What libpq is told unless the address says otherwise (seconds; milliseconds of data that nobody acknowledges): a server that
is gone without a word is noticed within a minute, and not after the two hours that an operating system waits."""

_DATABASE_TIME: Final = select(func.clock_timestamp())
_IMMEDIATE: Final = "BEGIN IMMEDIATE"
_LOG_ATTEMPTS: Final = 20
_writers: WeakKeyDictionary[Engine, Writers] = WeakKeyDictionary()


class BadDatabaseURL(ValueError):
    """RONDO_DATABASE_URL names no database we can use; the message says what to write instead."""


def open_engine(url: str, *, connections: int = 10) -> Engine:
    """The engine for `sqlite:///FILE`, `sqlite://` (memory) or `postgresql+psycopg://…`; connects to nothing yet.

    `connections` bounds the pool. Raises BadDatabaseURL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise BadDatabaseURL(
            "RONDO_DATABASE_URL is no database URL; use sqlite:///rondo.db or postgresql+psycopg://USER@HOST/NAME"
        ) from error
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername == "postgresql+psycopg":
        engine = create_engine(
            parsed, isolation_level="READ COMMITTED", pool_size=connections, pool_pre_ping=True, pool_timeout=BUSY_SECONDS,
            connect_args={name: value for name, value in _PATIENCE.items() if name not in parsed.query},
        )  # fmt: skip
        event.listen(engine, "connect", _prepare_postgresql)
        return engine
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise BadDatabaseURL(
            f"RONDO_DATABASE_URL: {parsed.drivername} is not supported; use sqlite:///FILE or postgresql+psycopg://…"
        )
    arguments = {"check_same_thread": False, "timeout": BUSY_SECONDS}
    if parsed.database in (None, "", ":memory:"):
        engine = create_engine(parsed, poolclass=StaticPool, connect_args=arguments)
    else:
        engine = create_engine(
            parsed, poolclass=QueuePool, pool_size=min(connections, 5), max_overflow=20, pool_timeout=BUSY_SECONDS,
            connect_args=arguments,
        )  # fmt: skip
        event.listen(engine, "do_connect", _for_us_alone)
    _writers[engine] = Writers(lambda: BUSY_SECONDS)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine, *, shared: bool = False) -> Iterator[Connection]:
    """One read-write transaction: commits at the end of the block, rolls back on an error. Raises Conflict.

    `shared`: it is short, and may share its commit with others that wait (on PostgreSQL they share the disk's write anyway).
    """
    with _translated():
        if shared and engine in _writers and not isinstance(engine.pool, StaticPool):
            with _writers[engine].shared(engine) as connection:
                yield connection
        else:
            with _turn_of(engine), engine.begin() as connection:
                yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read-only transaction that sees a single state and, in a SQLite file, waits for no writer."""
    with _translated():
        if engine.dialect.name == "sqlite":
            # A database in memory has one connection, so that readers queue as well.
            turn = _turn_of(engine) if isinstance(engine.pool, StaticPool) else nullcontext()
            with turn, engine.connect().execution_options(rondo_begin="BEGIN") as connection, connection.begin():
                yield connection
        else:
            options: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection


def alone(engine: Engine) -> AbstractContextManager[None]:
    """No thread of this process writes to a SQLite database meanwhile, outside of transactions too."""
    return _turn_of(engine)


def _turn_of(engine: Engine) -> AbstractContextManager[None]:
    """SQLite has one writer: threads of this process queue here instead of polling the file's lock."""
    writers = _writers.get(engine)
    return nullcontext() if writers is None else writers.alone()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except NoConnection as error:
        raise Conflict("all connections to the database were in use for too long") from error
    except DBAPIError as error:
        if is_conflict(error):
            raise Conflict(str(error.orig)) from error
        raise


def is_conflict(error: DBAPIError) -> bool:
    """Whether the transaction lost a race and would succeed when repeated."""
    original = error.orig
    if isinstance(original, sqlite3.OperationalError):
        return original.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return getattr(original, "sqlstate", None) in CONFLICT_STATES


@cache
def insert_new(dialect: str, table: Table) -> ReturningInsert[Any]:
    """An INSERT that leaves a row with the same key alone and returns the keys it wrote.

    On PostgreSQL it waits for whoever is inserting the same key now. (A row count is not reliable for it there.)
    """
    return insert_into(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


@cache
def upsert(dialect: str, table: Table) -> Insert:
    """An INSERT that replaces all other columns of the row with the same primary key."""
    statement = insert_into(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)


def insert_into(dialect: str, table: Table) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that knows ON CONFLICT."""
    if dialect == "postgresql":  # imported late: a dialect takes its time, and a process speaks only one
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


def _for_us_alone(_dialect: object, _record: object, arguments: list[Any], _more: object) -> None:
    """A new file is nobody's but its owner's, as a backup of it is; what SQLite puts beside it follows. One that is there stays
    as the operator has it.
    """
    with suppress(OSError):  # SQLite says it better
        os.close(os.open(arguments[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "trusted_schema = OFF",
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    _keep_a_log(connection)


def _keep_a_log(connection: sqlite3.Connection) -> None:
    """Switch the file to WAL, also when others open a new file at this moment.

    Who loses that race is told "locked" at once, because SQLite takes two readers that both want to write for a
    deadlock and asks no busy handler. The loser waits, with the busy handler, until the winner is through.
    """
    for _ in range(_LOG_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        connection.execute(_IMMEDIATE).close()
        connection.execute("ROLLBACK").close()
    connection.execute("PRAGMA journal_mode = WAL").close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("rondo_begin", _IMMEDIATE))


def _prepare_postgresql(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET timezone TO 'UTC'")
        cursor.execute(f"SET lock_timeout TO '{BUSY_SECONDS}s'")
    connection.commit()


def real_time(connection: Connection, clock: Callable[[], datetime]) -> datetime:
    """Real time for leases: the database's where there is one (replicas' clocks differ), otherwise this machine's."""
    if connection.dialect.name != "postgresql":
        return clock()
    now: datetime = connection.execute(_DATABASE_TIME).scalar_one()
    return now.astimezone(UTC)
