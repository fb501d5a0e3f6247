"""Makes a database's files anew, so that nothing that was deleted is left in them: free pages, dead rows, statistics, the log.

SQLite: `VACUUM`, and the write-ahead log cut to nothing. PostgreSQL: `VACUUM FULL` of every table and of the statistics, which
hold samples of values. Its write-ahead log, backups and the disk itself are the operator's: see docs/privacy.md.
"""

import logging
import time
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.ports import Conflict
from storage.engine import alone, reading, upsert, writing
from storage.schema import upkeep

NAME: Final = "wipe"
ATTEMPTS: Final = 3
"""Each waits for those who read, by the database's own patience (`storage.engine.BUSY_SECONDS`, and below)."""
_WAIT: Final = "5s"
QUICK: Final = 100_000_000
"""Files of fewer bytes are made anew in a second or two: nobody minds that by day."""

log = logging.getLogger("rondo.erasure")


def note(connection: Connection, at: datetime) -> None:
    """Files have to be made anew: written down until it is done."""
    connection.execute(upsert(connection.dialect.name, upkeep), {"name": NAME, "at": at, "mark": ""})


def later(engine: Engine, *, at: datetime) -> bool:
    """Leave it to the next upkeep."""
    with writing(engine) as connection:
        note(connection, at)
    return False


def since(engine: Engine) -> datetime | None:
    """Since when something was deleted that the files still hold; None: they hold nothing."""
    with reading(engine) as connection:
        found: datetime | None = connection.scalar(select(upkeep.c.at).where(upkeep.c.name == NAME))
        return found


def is_quick(engine: Engine) -> bool:
    """Whether the files are so small that nobody has to wait for the night."""
    with reading(engine) as connection:
        if connection.dialect.name == "postgresql":
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        else:
            pages, each = (connection.scalar(text(f"PRAGMA {name}")) or 0 for name in ("page_count", "page_size"))
            size = pages * each
    return (size or 0) < QUICK


def files(engine: Engine) -> bool:
    """Make them anew. False: somebody was in the way for too long, it is to be tried again. Nobody can write meanwhile."""
    began = time.monotonic()
    for _ in range(ATTEMPTS):
        try:
            done = _postgresql(engine) if engine.dialect.name == "postgresql" else _sqlite(engine)
        except (DBAPIError, Conflict) as error:
            log.info("the files wait: somebody reads", extra={"error": type(error).__name__})
            done = False
        if done:
            with writing(engine) as connection:
                connection.execute(delete(upkeep).where(upkeep.c.name == NAME))
            log.info("the files are made anew", extra={"seconds": round(time.monotonic() - began, 1)})
            return True
    return False


def _sqlite(engine: Engine) -> bool:
    """The new file goes through the log, which is then copied back and cut; a reader that stays keeps that from happening."""
    with alone(engine):
        pooled = engine.raw_connection()
        try:
            driver: Any = pooled.driver_connection
            driver.execute("VACUUM").close()
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        except Exception as error:
            if type(error).__name__ == "OperationalError":
                return False
            raise
        finally:
            pooled.close()


def _postgresql(engine: Engine) -> bool:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.execute(text(f"SET lock_timeout TO '{_WAIT}'"))
            for name in sorted(inspect(connection).get_table_names()):
                connection.execute(text(f'VACUUM (FULL, ANALYZE) "{name}"'))
            for statement in ("VACUUM (FULL) pg_catalog.pg_statistic", "CHECKPOINT"):
                try:
                    connection.execute(text(statement))
                except DBAPIError as error:  # a hosted database may keep these for itself: its own vacuum and checkpoint follow
                    log.info("left to the database", extra={"statement": statement, "error": type(error.orig).__name__})
        finally:
            connection.invalidate()  # its lock_timeout is not that of the others in the pool
    return True
