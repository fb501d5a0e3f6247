"""A database of the release before, with people in it: migrated while others read and write, and nothing is lost."""

import ast
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, inspect, select, text

import storage.migrations
from storage import schema
from storage.engine import open_engine, writing
from storage.migrate import SchemaState, configuration, migrate, revisions, schema_state
from storage.outbox import SqlOutbox
from tests.storage.seeds import MONDAY, HandClock

VERSIONS = Path(next(iter(storage.migrations.__path__))) / "versions"
BEFORE = revisions()[-2]

EXCEPTIONS = {
    ("0002", "drop_constraint"): "a team's channel is a recipient, too; dropping a key is a change of the catalogue alone",
    ("0002", "drop_index"): "SQLite only: its table is made anew",
    ("0002", "batch_alter_table"): "SQLite only: one process at a time uses such a database, and it is stopped then",
    (
        "0002",
        "create_index:goal",
    ): "made before there was `storage.migrate.build_indexes`; partial, empty at first",
    ("0002", "create_index:escalation"): "as the one on goal; a company has few requests for a decision",
    ("0002", "create_index:outbox"): "SQLite only: see above",
}
"""What in a migration is more than an addition, and why it may be. See docs/how-to/write-a-migration.md."""


def calls(source: str) -> Iterator[ast.Call]:
    """`op.…(…)` in a migration."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "op":
            yield node


def more_than_additions(source: str) -> list[str]:
    """Names of steps that could hold up, break or confuse a replica of the release before."""
    made = {cast(ast.Constant, call.args[0]).value for call in calls(source) if name_of(call) == "create_table"}
    found = []
    for call in calls(source):
        match name_of(call), call.args:
            case "create_table" | "get_context" | "f", _:
                pass
            case "create_index", [_, ast.Constant(value=str(table)), *_]:
                found.extend([] if table in made else [f"create_index:{table}"])
            case "add_column", [_, ast.Call(keywords=keywords)]:
                given = {word.arg: word.value for word in keywords}
                needed = isinstance(nullable := given.get("nullable"), ast.Constant) and nullable.value is False
                constant = isinstance(given.get("server_default"), ast.Constant)
                found.extend(["add_column without a constant default"] if needed and not constant else [])
            case name, _:
                found.append(name)
    return found


def name_of(call: ast.Call) -> str:
    return cast(ast.Attribute, call.func).attr


def test_migrations_only_add() -> None:
    found = {
        (path.name[:4], what) for path in sorted(VERSIONS.glob("*.py"))[1:] for what in more_than_additions(path.read_text())
    }
    assert found == EXCEPTIONS.keys(), "see docs/how-to/write-a-migration.md"


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        ('op.add_column("goal", sa.Column("x", sa.Text()))', []),
        ('op.add_column("goal", sa.Column("x", sa.Text(), nullable=False, server_default=""))', []),
        ('op.create_table("new")\nop.create_index("ix_new", "new", ["a"])', []),
        ('op.add_column("goal", sa.Column("x", sa.Text(), nullable=False))', ["add_column without a constant default"]),
        (
            'op.add_column("goal", sa.Column("x", sa.Text(), nullable=False, server_default=sa.text("random()")))',
            ["add_column without a constant default"],
        ),
        ('op.create_index("ix_goal_x", "goal", ["x"])', ["create_index:goal"]),
        ('op.alter_column("goal", "title", nullable=True)', ["alter_column"]),
        ('op.execute("UPDATE goal SET title = 1")', ["execute"]),
        ('op.drop_column("goal", "title")', ["drop_column"]),
    ],
)
def test_the_rule_bites(step: str, wrong: list[str]) -> None:
    assert more_than_additions(step) == wrong


# ------------------------------------------------------------------------------------------------- with people


PEOPLE = 300


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the release before with people, goals, and messages in every state."""
    url = f"sqlite:///{tmp_path}/old.db" if request.param == "sqlite" else request.getfixturevalue("empty_postgres_url")
    engine = open_engine(url)
    with writing(engine) as connection:
        command.upgrade(configuration(connection), BEFORE)
        fill(connection)
    yield engine
    engine.dispose()


def fill(connection: Connection) -> None:
    """Written out in SQL, as the release before wrote it: today's tables know more columns."""
    at = MONDAY if connection.dialect.name == "postgresql" else "2026-11-23T09:00:00.000000Z"
    card = '{"summary":"Hello","elements":[]}'
    ready = MONDAY.replace(year=1970) if connection.dialect.name == "postgresql" else "1970-01-01T00:00:00.000000Z"
    people = [{"n": f"p{number:03}", "at": at, "ready": ready, "card": card} for number in range(PEOPLE)]
    for statement in (
        "INSERT INTO person (id, email, folded_email, name, department, team, role, known_since, welcomed, absences, mutes) "
        "VALUES (:n, :n || '@a.example', :n || '@a.example', :n, '', '', '', :at, TRUE, '[]', '[]')",
        "INSERT INTO goal (id, owner_id, title, type, cycle, why, team, updated_at) "
        "VALUES ('g' || :n, :n, 'Goal of ' || :n, 'committed', '2026-Q4', '', '', :at)",
        "INSERT INTO outbox (key, recipient_id, card, lane, rule, subjects, facts, policy, on_doubt, revision, sent_revision, "
        "state, fence, attempt, ready_at, decided_at, place, reason) "
        "VALUES ('k' || :n, :n, :card, 2, '', '[]', '{}', 0, 'drop', 1, 0, 'pending', 0, 0, :ready, :at, 0, '')",
    ):
        connection.execute(text(statement), people)


def test_every_row_of_the_release_before_is_there_and_its_messages_go_out(before: Engine) -> None:
    assert schema_state(before) is SchemaState.BEHIND
    migrate(before)
    assert schema_state(before) is SchemaState.CURRENT
    with before.connect() as connection:
        for table in (schema.person, schema.goal, schema.outbox):
            assert len(connection.execute(select(table)).all()) == PEOPLE
    clock = HandClock()
    clock.pass_by(1)
    outbox, claimed = SqlOutbox(before, clock), set()
    while parcels := outbox.claim(now=clock(), limit=50):
        claimed |= {parcel.key for parcel in parcels}
    assert len(claimed) == PEOPLE


def test_the_release_before_goes_on_writing_afterwards(before: Engine) -> None:
    migrate(before)
    with writing(before) as connection:
        for table in ("outbox", "goal", "person"):
            connection.execute(text(f"DELETE FROM {table}"))
        fill(connection)  # with the columns it knows


# --------------------------------------------------------------------------------------------------- under load


@contextmanager
def in_a_thread(engine: Engine) -> Iterator[threading.Thread]:
    errors: list[BaseException] = []

    def work() -> None:
        try:
            migrate(engine)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join(30)
    assert errors == [] and not thread.is_alive()


@pytest.fixture
def old_postgres(empty_postgres_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_postgres_url)
    with writing(engine) as connection:
        command.upgrade(configuration(connection), BEFORE)
        fill(connection)
    yield engine
    engine.dispose()


@pytest.mark.postgres
def test_a_migration_that_has_to_wait_lets_others_through(old_postgres: Engine) -> None:
    """A long report reads the outbox; whoever wants to write there is held up for a moment, not for as long as the report."""
    with old_postgres.connect() as report:
        report.execute(text("SELECT count(*) FROM outbox"))
        with in_a_thread(old_postgres) as thread:
            waits = []
            ends = time.monotonic() + 3
            while time.monotonic() < ends and thread.is_alive():
                began = time.monotonic()
                with writing(old_postgres) as connection:
                    connection.execute(text("UPDATE outbox SET reason = 'written meanwhile' WHERE key = 'kp007'"))
                waits.append(time.monotonic() - began)
            report.commit()
        assert max(waits) < 2.5
    assert schema_state(old_postgres) is SchemaState.CURRENT


@pytest.mark.postgres
def test_indexes_on_full_tables_are_made_afterwards_and_mended_when_broken_off(old_postgres: Engine) -> None:
    migrate(old_postgres)

    def names() -> set[str | None]:
        return {index["name"] for index in inspect(old_postgres).get_indexes("outbox")}

    wanted = {index.name for index in schema.outbox.indexes}
    assert names() == wanted
    with old_postgres.begin() as connection:
        connection.execute(text("DROP INDEX ix_outbox_queue"))
        connection.execute(text("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_outbox_told'::regclass"))
    migrate(old_postgres)
    assert names() == wanted
    with old_postgres.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_index WHERE NOT indisvalid")) == 0
