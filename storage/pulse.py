"""The heartbeat in the database, and how a copy of it is noticed: a backup does not know what was sent after it was taken.

PostgreSQL: a row that was dumped and restored was not written by the transaction whose number stands in it, and recovery
to a point in time begins a new timeline. SQLite: a file beside the database holds the newest generation. A snapshot of
the disk looks like a power cut: `rondo restored` says it by hand. What follows from a restore is in `storage.restored`.
"""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, func, literal_column, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.model import Company
from bot.ports import Holidays
from storage import restored
from storage.engine import insert_new, reading, real_time, writing
from storage.restored import Restored
from storage.schema import outbox, pulse

LONGEST: Final = timedelta(days=30)
"""So far back messages are looked for where nothing says how old a backup is."""
SIDECAR: Final = "-pulse"
"""Ending of the file beside a SQLite database, as `-wal` is one."""

_TRANSACTION = 1 << 32  # a row carries the lower half of the number of the transaction that wrote it
_TIMELINE = text("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")
_POSTGRESQL_MARK = text("SELECT pg_current_xact_id()::text")
_NEWEST_CLAIM = select(func.max(outbox.c.claimed_at))


@dataclass(frozen=True, slots=True)
class Beside:
    """What the file beside a SQLite database says. It may lag behind the database, it never runs ahead of it."""

    generation: int
    files: tuple[int, int]  # inodes of the database and of this file: other ones were copied here


class SqlPulse:
    """One database's pulse. Not safe to share between threads: one heartbeat at a time beats it."""

    def __init__(
        self,
        engine: Engine,
        company: Company,
        holidays: Holidays,
        *,
        clock: Callable[[], datetime],
        now: Callable[[], datetime],
        margin: timedelta = timedelta(0),
    ) -> None:
        """`clock`: real time where the database has none of its own (SQLite). `now`: due-time, and how far it may be behind.

        A server with a clock that is told the time knows only what the backup was told: `margin` is for such servers.
        """
        self._engine = engine
        self._company = company
        self._holidays = holidays
        self._clock = clock
        self._now = now
        self._margin = margin
        self._seen = 0  # the newest generation this process knows of
        self._has_timeline = engine.dialect.name == "postgresql"

    def beat(self) -> Restored | None:
        """Renew the pulse. Not None: this database is a copy, and from now on what it says is looked for first.

        Blocking. The first beat belongs before the first message. Raises Conflict when the database is busy for too long.
        """
        timeline = self._timeline()
        beside = self._beside()
        with writing(self._engine) as connection:
            row = self._row(connection)
            if row["generation"] == 0 and beside is None:
                self._write_beside(0)  # before the first commit: a crash between the two must not look like a copy
            is_copy = self._is_copy(row, beside, timeline)
            found = self._doubt(connection, row, None) if is_copy else None
            generation = self._renew(connection, row, beside, timeline)
        self._seen = generation
        self._write_beside(generation)
        return found

    def declare(self, since: datetime | None = None) -> Restored:
        """A person says that this is a copy. `since`: when it was made (real time); None: at its last heartbeat."""
        timeline, beside = self._timeline(), self._beside()
        with writing(self._engine) as connection:
            row = self._row(connection)
            found = self._doubt(connection, row, since)
            generation = self._renew(connection, row, beside, timeline)
        self._seen = generation
        self._write_beside(generation)
        return found

    # ---------------------------------------------------------------------------------------------- the row

    def _row(self, connection: Connection) -> RowMapping:
        first = {"id": 1, "beat_at": real_time(connection, self._clock), "generation": 0, "mark": ""}
        connection.execute(insert_new(connection.dialect.name, pulse), first)
        query = select(pulse).where(pulse.c.id == 1).with_for_update()
        if connection.dialect.name == "postgresql":
            query = query.add_columns(literal_column("xmin::text").label("written_by"))
        return connection.execute(query).mappings().one()

    def _renew(self, connection: Connection, row: RowMapping, beside: Beside | None, timeline: str) -> int:
        generation: int = max(row["generation"], beside.generation if beside is not None else 0, self._seen) + 1
        mark = f"{connection.scalar(_POSTGRESQL_MARK)}:{timeline}" if connection.dialect.name == "postgresql" else ""
        now = real_time(connection, self._clock)
        connection.execute(update(pulse).where(pulse.c.id == 1).values(beat_at=now, generation=generation, mark=mark))
        return generation

    def _is_copy(self, row: RowMapping, beside: Beside | None, timeline: str) -> bool:
        generation: int = row["generation"]
        if generation < self._seen:
            return True  # somebody put an older database under our feet
        if self._engine.dialect.name != "postgresql":
            return self._is_other_file(generation, beside)
        if generation == 0:
            return False
        transaction, _, line = row["mark"].partition(":")
        if int(transaction) % _TRANSACTION != int(row["written_by"]):
            return True
        # Whoever was there before a failover and finds its own generation knows that nothing was lost.
        return self._seen == 0 and bool(line and timeline) and line != timeline

    def _is_other_file(self, generation: int, beside: Beside | None) -> bool:
        if self._path() is None:
            return False
        if beside is None:
            return generation > 0
        return beside.generation > generation or (beside.generation > 0 and beside.files != self._inodes())

    def _doubt(self, connection: Connection, row: RowMapping, since: datetime | None) -> Restored:
        noticed_at = real_time(connection, self._clock)
        if since is None:
            since = row["beat_at"] if row["generation"] else connection.scalar(_NEWEST_CLAIM) or noticed_at - LONGEST
        return restored.doubt(
            connection,
            company=self._company,
            holidays=self._holidays,
            since=since,
            noticed_at=noticed_at,
            now=self._now(),
            margin=self._margin,
        )

    def _timeline(self) -> str:
        """The timeline that is written to; empty where the server does not say."""
        if not self._has_timeline:
            return ""
        try:
            with reading(self._engine) as connection:
                return connection.scalar(_TIMELINE) or ""
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            self._has_timeline = False  # some hosted servers do not tell
            return ""

    # ---------------------------------------------------------------------------------- beside a SQLite file

    def _path(self) -> Path | None:
        """The database file; None: PostgreSQL, or in memory."""
        named = self._engine.url.database
        path = Path(named) if self._engine.dialect.name == "sqlite" and named else None
        return path if path is not None and path.is_file() else None

    def _inodes(self) -> tuple[int, int] | None:
        path = self._path()
        return None if path is None else (path.stat().st_ino, path.with_name(path.name + SIDECAR).stat().st_ino)

    def _beside(self) -> Beside | None:
        """None: there is no such file. One that cannot be read (power was cut) says nothing, which is no reason to doubt."""
        path = self._path()
        if path is None:
            return None
        try:
            said: Any = json.loads(path.with_name(path.name + SIDECAR).read_text())
            database, itself = said["files"]
            return Beside(generation=int(said["generation"]), files=(int(database), int(itself)))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError):
            return Beside(generation=0, files=(0, 0))

    def _write_beside(self, generation: int) -> None:
        """Not synced to the disk: what is lost in a power cut lags, and that does no harm. Nor does a full disk."""
        path = self._path()
        if path is None:
            return
        beside = path.with_name(path.name + SIDECAR)
        new = beside.with_name(beside.name + "~")
        with contextlib.suppress(OSError):
            with new.open("w") as file:
                files = [path.stat().st_ino, os.fstat(file.fileno()).st_ino]
                json.dump({"generation": generation, "files": files}, file)
            new.replace(beside)
