"""Migrations lead to exactly the schema of the code, on both databases, once, and never backwards."""

import threading
from pathlib import Path
from typing import Any, cast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from storage.engine import open_engine
from storage.migrate import ForeignDatabase, NewerDatabase, SchemaState, configuration, migrate, revisions, schema_state
from storage.schema import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return cast(str, request.getfixturevalue("empty_postgres_url"))


def test_migrated_schema_is_the_schema_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences: Any = compare_metadata(context, metadata)
    assert differences == []


def test_indexes_and_their_conditions_are_those_of_the_code(engine: Engine) -> None:
    """Alembic compares neither partial conditions nor column order: compare what a database made from the code has."""
    other = open_engine("sqlite://") if engine.dialect.name == "sqlite" else engine
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        if engine.dialect.name == "sqlite"
        else "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
        "AND tablename <> 'alembic_version' ORDER BY indexname"
    )
    with engine.connect() as connection:
        migrated = connection.execute(text(query)).all()
    with other.begin() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    with other.connect() as connection:
        assert connection.execute(text(query)).all() == migrated
    other.dispose()


def test_the_numbers_of_the_files_are_the_versions_alembic_knows() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert revisions() == tuple(script.revision for script in reversed(list(scripts.walk_revisions())))
    assert scripts.get_heads() == [revisions()[-1]]


def test_a_new_database_is_empty_then_current(empty_url: str) -> None:
    engine = open_engine(empty_url)
    assert schema_state(engine) is SchemaState.EMPTY
    migrate(engine)
    assert schema_state(engine) is SchemaState.CURRENT
    migrate(engine)
    assert schema_state(engine) is SchemaState.CURRENT
    engine.dispose()


def test_replicas_that_start_together_migrate_once(empty_url: str) -> None:
    engines = [open_engine(empty_url) for _ in range(4)]
    errors: list[BaseException] = []

    def start(engine: Engine) -> None:
        try:
            migrate(engine)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start, args=(engine,)) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert schema_state(engines[0]) is SchemaState.CURRENT
    for engine in engines:
        engine.dispose()


def test_connections_that_open_a_new_file_at_the_same_moment_all_get_it(tmp_path: Path) -> None:
    """Forty new files, four connections each; without the wait in `storage.engine` about two of them say "locked"."""
    errors: list[BaseException] = []

    def connect(engine: Engine, together: threading.Barrier) -> None:
        together.wait()
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except BaseException as error:
            errors.append(error)

    for number in range(40):
        engines = [open_engine(f"sqlite:///{tmp_path}/new{number}.db") for _ in range(4)]
        together = threading.Barrier(len(engines))
        threads = [threading.Thread(target=connect, args=(engine, together)) for engine in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for engine in engines:
            engine.dispose()
    assert errors == []


def test_a_database_written_by_a_newer_version_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema_state(engine) is SchemaState.AHEAD
    with pytest.raises(NewerDatabase, match="RONDO_DATABASE_URL"):
        migrate(engine)


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other.db"
    other = create_engine(url)
    with other.begin() as connection:
        connection.execute(text("CREATE TABLE invoice (id INTEGER)"))
    other.dispose()
    engine = open_engine(url)
    with pytest.raises(ForeignDatabase, match="RONDO_DATABASE_URL"):
        migrate(engine)
    assert inspect(engine).get_table_names() == ["invoice"]
    engine.dispose()
