"""A copy of a SQLite database that is whole and current, made while a server goes on writing."""

import os
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, text


class NotHere(ValueError):
    """This database is copied by other means; the message says by which."""


def copy_to(engine: Engine, file: Path) -> int:
    """Write a compact copy for its owner's eyes alone, on disk when this returns; its size in bytes.

    Blocking; waits for no writer and holds none up. Raises NotHere, FileExistsError and what SQLite says.
    """
    if engine.dialect.name != "sqlite":
        raise NotHere("RONDO_DATABASE_URL is PostgreSQL: use pg_dump --format=custom, or recovery to a point in time.")
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # VACUUM INTO fills an empty file
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("VACUUM INTO ?", (str(file),))
        _sound(file)
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file.stat().st_size


def _sound(file: Path) -> None:
    copy = create_engine(f"sqlite:///{file}")

    @event.listens_for(copy, "connect")
    def only_look(connection: object, _: object) -> None:
        connection.execute("PRAGMA query_only = ON")  # type: ignore[attr-defined]

    try:
        with copy.connect() as connection:
            said = connection.scalar(text("PRAGMA quick_check"))
    finally:
        copy.dispose()
    if said != "ok":
        raise OSError(f"the copy is damaged: {said}")
