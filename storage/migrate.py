"""Brings a database to the schema of this code, under a lock, in one transaction: killed half way, it is as before."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select

from storage.engine import reading, writing

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_MIGRATE_LOCK: Final = 0x526F6E03


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

    Raises Conflict when another process holds the database for too long.
    """
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
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
            command.upgrade(configuration(connection), "head")


def schema_state(engine: Engine) -> SchemaState:
    """How the database's schema relates to this code."""
    with reading(engine) as connection:
        return _state(connection)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file. Also for `alembic` itself when a migration is written."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _state(connection: Connection) -> SchemaState:
    scripts = ScriptDirectory.from_config(configuration())
    have = set(MigrationContext.configure(connection).get_current_heads())
    if not have:
        return SchemaState.EMPTY
    if have == set(scripts.get_heads()):
        return SchemaState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return SchemaState.BEHIND if have <= known else SchemaState.AHEAD
