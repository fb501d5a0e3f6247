"""Applies import plans: all rows or none, in one transaction that no turn overlaps. `bot.flows.imports` plans them.

Everybody an import concerns gets a look at their desk; what it means for them is then decided like everything else.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, select, text

from bot.decision import Entry
from bot.history import written_values
from bot.model import Goal, Person
from storage import codec, effects, rows
from storage.engine import reading, writing
from storage.schema import agenda, goal, key_result, person

_PEOPLE = select(person).order_by(person.c.id)
_GOALS = select(goal).order_by(goal.c.id)
_KEY_RESULTS = select(key_result)


class SqlImports:
    """Imports into one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def begin(self) -> Iterator["Import"]:
        """One import: read, plan, apply; commits at the end of the block. No turn runs meanwhile. Raises Conflict."""
        with writing(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                # Turns lock person rows before they read facts; this lock waits for them and makes them wait.
                connection.execute(text("LOCK TABLE person IN EXCLUSIVE MODE"))
            yield Import(connection)

    def read_people(self) -> tuple[Person, ...]:
        """Everybody, for a dry run."""
        with reading(self._engine) as connection:
            return Import(connection).read_people()

    def read_goals(self) -> tuple[Goal, ...]:
        """All goals, for a dry run."""
        with reading(self._engine) as connection:
            return Import(connection).read_goals()


class Import:
    """One import under way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read_people(self) -> tuple[Person, ...]:
        """Everybody, those who left included."""
        return tuple(map(rows.person, self._connection.execute(_PEOPLE).mappings()))

    def read_goals(self) -> tuple[Goal, ...]:
        """All goals of all cycles."""
        found = self._connection.execute(_GOALS).mappings().all()
        return rows.goals(found, self._connection.execute(_KEY_RESULTS).mappings())

    def apply_people(
        self, changed: Sequence[Person], *, at: datetime, cause: str, counts: Mapping[str, int] | None = None
    ) -> None:
        """Write new and changed people. `cause` names the import in the ledger, `counts` is what its report says."""
        effects.write_people(self._connection, changed)
        self._finish("people", [one.id for one in changed], at, cause, counts)

    def apply_leave(
        self, changed: Sequence[Person], *, at: datetime, cause: str, counts: Mapping[str, int] | None = None
    ) -> None:
        """Write people whose leave changed; whoever is on leave now is excused at the look that follows."""
        effects.write_people(self._connection, changed)
        self._finish("leave", [one.id for one in changed], at, cause, counts)

    def apply_goals(self, changed: Sequence[Goal], *, at: datetime, cause: str, counts: Mapping[str, int] | None = None) -> None:
        """Write new and changed goals, each with exactly its key results."""
        effects.write_goals(self._connection, changed)
        effects.write_entries(self._connection, map(_imported, changed), at=at, cause=cause)
        self._finish("goals", [one.owner_id for one in changed], at, cause, counts)

    def _finish(self, what: str, concerned: Sequence[str], at: datetime, cause: str, counts: Mapping[str, int] | None) -> None:
        facts = {name: str(count) for name, count in (counts or {"applied": len(concerned)}).items()}
        entry = Entry(name=f"import:{what}:applied", subject=f"import:{what}", facts=facts)
        effects.write_entries(self._connection, [entry], at=at, cause=cause)
        for some in effects.chunks(sorted(set(concerned))):
            effects.look_at_all(self._connection, person.c.id.in_(some), at)
        # After a bulk insert PostgreSQL plans badly until it has counted again (RELIABILITY section 7).
        for table in (person, goal, key_result, agenda):
            self._connection.execute(text(f"ANALYZE {table.name}"))


def _imported(one: Goal) -> Entry:
    """A goal's line in the ledger: an import updated it, with these values. A backtest replays it."""
    facts = {"updated": codec.instant_text(one.updated_at), "values": written_values([one])}
    return Entry(name="goal:imported", subject=f"goal:{one.id}", person=one.owner_id, facts=facts, outcome="imported")
