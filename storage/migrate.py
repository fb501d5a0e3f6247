"""Brings a database to the schema of this code, under a lock, in one transaction: killed half way, it is as before.

Others go on reading and writing meanwhile. On PostgreSQL a migration waits for a table for a moment only, lets the others
through and tries again; indexes on tables that exist already are made afterwards, without a lock.
"""

import logging
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, Index, func, inspect, select, text
from sqlalchemy.schema import CreateIndex

from bot.ports import Conflict
from storage.engine import reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_MIGRATE_LOCK: Final = 0x526F6E03
_INDEX_LOCK: Final = 0x526F6E05

log = logging.getLogger("rondo.migrate")

LOCK_WAIT: Final = "1s"
"""How long a migration waits for a table: everybody else who wants it waits behind it, and an answer may take 3 s."""
ATTEMPTS, PAUSE = 60, 1.0
"""How often it tries to get all its tables at once, and the seconds between: a long report may hold one."""


_PG_INDEXES = text(
    "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
    "WHERE i.indisvalid AND c.relnamespace = current_schema()::regnamespace"
)
_SQLITE_INDEXES = text("SELECT name FROM sqlite_master WHERE type = 'index'")


class SchemaState(StrEnum):
    """How the database's schema relates to this code."""

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"
    EMPTY = "empty"


class NewerDatabase(RuntimeError):
    """A newer Rondo has written this database; the message says what to do."""


class ForeignDatabase(RuntimeError):
    """The database holds tables that Rondo did not make."""


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version; does nothing when it is there. Raises NewerDatabase, ForeignDatabase.

    Raises Conflict when other transactions hold its tables for longer than a minute.
    """
    for attempt in range(ATTEMPTS):
        try:
            _migrate(engine)
        except Conflict:
            if engine.dialect.name != "postgresql" or attempt == ATTEMPTS - 1:
                raise
            log.info("somebody holds a table: trying again", extra={"attempt": attempt + 1})
            with reading(engine) as connection:
                connection.execute(select(func.pg_sleep(PAUSE)))
        else:
            break
    build_indexes(engine)


def _migrate(engine: Engine) -> None:
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout TO '{LOCK_WAIT}'"))
            connection.execute(select(func.pg_advisory_xact_lock(_MIGRATE_LOCK)))
        state = _state(connection)
        if state is SchemaState.AHEAD:
            raise NewerDatabase(
                "RONDO_DATABASE_URL: the database was written by a newer version of Rondo; "
                "install that version, or restore a backup from before the upgrade"
            )
        if state is SchemaState.EMPTY and inspect(connection).get_table_names():
            raise ForeignDatabase(
                "RONDO_DATABASE_URL: the database holds tables of something else; name a database of Rondo's own"
            )
        if state is not SchemaState.CURRENT:
            from alembic import command  # imported late: it takes a tenth of the time to start, for one day in a hundred

            command.upgrade(configuration(connection), "head")
        if connection.dialect.name == "sqlite" or state is SchemaState.EMPTY:  # nobody waits for the rows of these
            for index in _missing(connection):
                index.create(connection)


def build_indexes(engine: Engine) -> None:
    """Make the indexes that a migration left for later, without keeping anybody from writing. One process does it."""
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not (missing := _missing(connection)):
            return
        # Whoever waited here for the lock would be waited for by the index: so nobody waits.
        if not connection.scalar(select(func.pg_try_advisory_lock(_INDEX_LOCK))):
            return
        try:
            connection.execute(text("SET lock_timeout TO 0"))  # it waits for those who write now, and blocks nobody
            for index in missing:
                began = time.monotonic()
                connection.execute(text(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}"))  # one that was broken off
                statement = str(CreateIndex(index).compile(dialect=connection.dialect))
                connection.execute(text(statement.replace("CREATE INDEX", "CREATE INDEX CONCURRENTLY", 1)))
                log.info("made an index", extra={"index": index.name, "seconds": round(time.monotonic() - began, 1)})
        finally:
            connection.execute(select(func.pg_advisory_unlock(_INDEX_LOCK)))
            connection.invalidate()  # its lock_timeout is not that of the others in the pool


def _missing(connection: Connection) -> list[Index]:
    """The indexes of the code that this database does not have, or only half."""
    from storage.schema import metadata

    have = set(connection.scalars(_PG_INDEXES if connection.dialect.name == "postgresql" else _SQLITE_INDEXES))
    wanted = (index for table in metadata.sorted_tables for index in table.indexes)
    return sorted((index for index in wanted if index.name not in have), key=lambda index: str(index.name))


def schema_state(engine: Engine) -> SchemaState:
    """How the database's schema relates to this code."""
    with reading(engine) as connection:
        return _state(connection)


def configuration(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, without an ini file. Also for `alembic` itself when a migration is written."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def revisions() -> tuple[str, ...]:
    """All versions of the schema that this code knows, oldest first: the numbers its migrations' files begin with."""
    return tuple(sorted(path.name.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def _state(connection: Connection) -> SchemaState:
    """Asked at every start, and therefore without Alembic."""
    if not inspect(connection).has_table("alembic_version"):
        return SchemaState.EMPTY
    have = set(connection.scalars(text("SELECT version_num FROM alembic_version")))
    if not have:
        return SchemaState.EMPTY
    known = revisions()
    if have == {known[-1]}:
        return SchemaState.CURRENT
    return SchemaState.BEHIND if have <= set(known) else SchemaState.AHEAD
