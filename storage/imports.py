"""Applies import plans: all rows or none, in one transaction that no turn overlaps. `bot.flows.imports` plans them.

Everybody an import concerns gets a look at their desk; what it means for them is then decided like everything else.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, Engine, exists, or_, select, text

from bot.decision import Entry
from bot.flows.imports import Fed, replanned
from bot.history import written_values
from bot.model import Goal, Person
from storage import codec, effects, former, rows
from storage.engine import reading, writing
from storage.schema import agenda, goal, identity, key_result, nudged, person

_PEOPLE = select(person).order_by(person.c.id)
_GOALS = select(goal).order_by(goal.c.id)
_KEY_RESULTS = select(key_result)
_TOLD = select(nudged.c.recipient_id).where(nudged.c.key != "", nudged.c.done_at.is_(None))
_PLACES = select(person.c.id, person.c.manager_id, person.c.start_date, person.c.end_date)
_ACCOUNTS = or_(identity.c.source.like("slack:%"), identity.c.source.like("teams:%"))
_MOVED = select(identity.c.email, identity.c.person_id).where(
    identity.c.email != "", _ACCOUNTS, ~exists().where(person.c.folded_email == identity.c.email)
)


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

    def moved_accounts(self) -> dict[str, str]:
        """As `Import.moved_accounts`, for a dry run."""
        with reading(self._engine) as connection:
            return Import(connection).moved_accounts()

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
        before = self._places([one.id for one in changed])
        former.remember(self._connection, changed)
        effects.write_people(self._connection, changed, at=at)
        led = set().union(*(effects.leads(one, before.get(one.id)) for one in changed))
        self._finish("people", [*(one.id for one in changed), *led], at, cause, counts)

    def _places(self, ids: Sequence[str]) -> dict[str, effects.Place]:
        """Where these people are now."""
        found: dict[str, effects.Place] = {}
        for some in effects.chunks(ids):
            for id, *place in self._connection.execute(_PLACES.where(person.c.id.in_(some))):
                found[id] = (place[0], place[1], place[2])
        return found

    def moved_accounts(self) -> dict[str, str]:
        """People by id, by the e-mail under which an account that was theirs is known now; only where it is nobody's yet."""
        found: dict[str, set[str]] = {}
        for email, one in self._connection.execute(_MOVED):
            found.setdefault(email, set()).add(one)
        return {email: people.pop() for email, people in found.items() if len(people) == 1}  # whose it is nobody guesses

    def apply_leave(
        self, changed: Sequence[Person], *, at: datetime, cause: str, counts: Mapping[str, int] | None = None
    ) -> None:
        """Write people whose leave changed; whoever is on leave now is excused at the look that follows."""
        effects.write_people(self._connection, changed, at=at)
        self._finish("leave", [one.id for one in changed], at, cause, counts)

    def apply_goals(self, changed: Sequence[Goal], *, at: datetime, cause: str, counts: Mapping[str, int] | None = None) -> None:
        """Write new and changed goals, each with exactly its key results.

        Where a goal has another owner now, a look also goes to the one before and to all who were told about it.
        """
        before = {one.id: one for one in self.read_goals()}
        entries = [*map(_imported, changed), *_replanned(before, changed)]
        effects.write_goals(self._connection, changed)
        effects.write_entries(self._connection, entries, at=at, cause=cause)
        given = [one for one in changed if one.id in before and before[one.id].owner_id != one.owner_id]
        concerned = {*(one.owner_id for one in changed), *(before[one.id].owner_id for one in given), *self._told_of(given)}
        self._finish("goals", sorted(concerned), at, cause, counts or {"applied": len(changed)})

    def _told_of(self, goals: Sequence[Goal]) -> set[str]:
        """Whose messages say something about one of these goals that was not over yet."""
        found: set[str] = set()
        for some in effects.chunks([f"goal:{one.id}" for one in goals]):
            found.update(self._connection.execute(_TOLD.where(nudged.c.subject.in_(some))).scalars())
        return found

    def apply_values(self, changed: Sequence[Fed], *, at: datetime, cause: str, counts: Mapping[str, int] | None = None) -> None:
        """Write goals with what machines reported; the ledger says of each key result what it says of one reported by the API."""
        effects.write_goals(self._connection, [fed.goal for fed in changed])
        effects.write_entries(self._connection, (entry for fed in changed for entry in _measured(fed)), at=at, cause=cause)
        self._finish("values", [fed.goal.owner_id for fed in changed], at, cause, counts)

    def _finish(self, what: str, concerned: Sequence[str], at: datetime, cause: str, counts: Mapping[str, int] | None) -> None:
        facts = {name: str(count) for name, count in (counts or {"applied": len(concerned)}).items()}
        entry = Entry(name=f"import:{what}:applied", subject=f"import:{what}", facts=facts)
        effects.write_entries(self._connection, [entry], at=at, cause=cause)
        for some in effects.chunks(sorted(set(concerned))):
            effects.look_at_all(self._connection, person.c.id.in_(some), at)
        # After a bulk insert PostgreSQL plans badly until it has counted again (RELIABILITY section 7).
        for table in (person, goal, key_result, agenda):
            self._connection.execute(text(f"ANALYZE {table.name}"))


def _replanned(before: Mapping[str, Goal], changed: Sequence[Goal]) -> Iterator[Entry]:
    """A line for each goal whose type, target or date the file changes: without reason or approval, so it stands here."""
    for one in changed:
        facts = replanned(before[one.id], one) if one.id in before else {}
        if facts:
            subject = f"goal:{one.id}"
            yield Entry(name="goal:replanned", subject=subject, person=one.owner_id, facts=facts, outcome="imported")


def _measured(fed: Fed) -> Iterator[Entry]:
    for result in fed.goal.key_results:
        if result.id in fed.notes:
            facts = {"key_result": result.id, "source": result.source, "note": fed.notes[result.id]}
            subject = f"goal:{fed.goal.id}"
            yield Entry(name="goal:measured", subject=subject, person=fed.goal.owner_id, facts=facts, outcome=str(result.current))


def _imported(one: Goal) -> Entry:
    """A goal's line in the ledger: an import updated it, with these values. A backtest replays it."""
    facts = {"updated": codec.instant_text(one.updated_at), "values": written_values([one])}
    return Entry(name="goal:imported", subject=f"goal:{one.id}", person=one.owner_id, facts=facts, outcome="imported")
