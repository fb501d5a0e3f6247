"""Erases a person: their words, names and ids go out of every table, numbers stay with a pseudonym that leads nowhere.

Found without a lock and changed under the one that imports take, until nothing is found any more; then the files are
made anew (`storage.wipe`). What is under way stands in `upkeep`, so that a crash only interrupts it.
"""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    inspect,
    literal,
    or_,
    select,
    text,
    tuple_,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.decision import Entry
from bot.model import Person
from bot.ports import Conflict
from storage import chain, wipe
from storage.columns import Doc, Word, Words
from storage.effects import chunks, write_entries
from storage.engine import insert_new, reading, upsert, writing
from storage.erasure_marks import Marks, Plan, plan
from storage.erasure_rows import cleared
from storage.rows import person_row
from storage.schema import address, agenda, doubted, goal, identity, ledger, ledger_erased, metadata, person, upkeep

UNDER_WAY: Final = "erasure:"
"""Rows of `upkeep` that hold the plan of an erasure until it is done."""
_NAMED: Final = "%Y%m%dT%H%M%S%f"
PASSES: Final = 8
ATTEMPTS: Final = 5
_LEAVE_ALONE: Final = frozenset({"alembic_version", "ledger_link", "ledger_head", "ledger_erased", "upkeep"})
_PROBLEM: Final = "others keep writing about this person; try again in a moment"

Keys = dict[str, list[tuple[Any, ...]]]
"""By table, the primary keys of rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What became of it. `rows`: by table, how many rows were changed or deleted."""

    pseudonym: str
    rows: Mapping[str, int] = field(default_factory=dict)
    lines: int = 0
    clean: bool = True
    """The files were made anew; otherwise somebody has to come back for that, see `storage.wipe`."""


class SqlErasure:
    """Erasures on one database. Blocking; each opens its own transactions, and no turn runs while it writes."""

    def __init__(self, engine: Engine, *, word: str = "(erased)") -> None:
        """`word` stands where a name or somebody's words were."""
        self._engine = engine
        self._word = word

    def erase(self, person_id: str, *, at: datetime, by: str = "operator", files: bool = True) -> Erased:
        """Erase somebody now. `by`: on whose wish (`person`, `operator`, `retention`), for the ledger; no name.

        `files`: also make the database's files anew. Raises LookupError when nobody has that id, Conflict when others keep
        writing about them.
        """
        moment = at.astimezone(UTC)
        with writing(self._engine) as connection:
            wanted = plan(
                connection,
                person_id,
                erasure=_next_name(connection, moment),
                pseudonym=f"erased-{secrets.token_hex(7)}",
                word=self._word,
                at=moment.isoformat(),
                by=by,
            )
            row = {"name": UNDER_WAY + wanted.erasure, "at": moment, "mark": wanted.dumps()}
            connection.execute(upsert(connection.dialect.name, upkeep), row)
        return self._carry_out(wanted, files=files)

    def go_on(self, *, files: bool = True) -> list[Erased]:
        """Finish what was interrupted."""
        query = select(upkeep.c.mark).where(upkeep.c.name.startswith(UNDER_WAY)).order_by(upkeep.c.name)
        with reading(self._engine) as connection:
            plans = [Plan.loads(mark) for mark in connection.scalars(query)]
        return [self._carry_out(one, files=files) for one in plans]

    def _carry_out(self, wanted: Plan, *, files: bool) -> Erased:
        marks, changed = Marks(wanted), dict[str, int]()
        for number in range(PASSES):
            counts = self._pass(wanted, marks, everything=number == 0)
            if not counts:
                break
            for table, count in counts.items():
                changed[table] = changed.get(table, 0) + count
        else:
            raise Conflict(_PROBLEM)
        lines = self._finish(wanted)
        clean = wipe.files(self._engine) if files else wipe.later(self._engine, at=datetime.fromisoformat(wanted.at))
        return Erased(pseudonym=wanted.pseudonym, rows=changed, lines=lines, clean=clean)

    def _pass(self, wanted: Plan, marks: Marks, *, everything: bool) -> dict[str, int]:
        """Look for them everywhere and take out what is found; how many rows that was, by table."""
        with reading(self._engine) as connection:
            tables = list(_tables(connection))
            found = {table: keys for table in tables if (keys := _found(connection, table, marks, everything))}
        for attempt in range(ATTEMPTS):
            try:
                with writing(self._engine) as connection:
                    if connection.dialect.name == "postgresql":
                        # Turns lock rows of people before they read facts; this waits for them and makes them wait.
                        connection.execute(text("LOCK TABLE person IN EXCLUSIVE MODE"))
                    return _taken_out(connection, wanted, marks, found)
            except IntegrityError as error:  # a row about them that came between: look again
                if attempt == ATTEMPTS - 1:
                    raise Conflict(_PROBLEM) from error
                with reading(self._engine) as connection:
                    found = {table: keys for table in tables if (keys := _found(connection, table, marks, everything))}
        raise AssertionError("unreachable")

    def _finish(self, wanted: Plan) -> int:
        """The line in the ledger that vouches for what is left, and the plan is forgotten."""
        with writing(self._engine) as connection:
            facts = chain.erased_facts(connection, wanted.erasure) | {"by": wanted.by}
            entry = Entry(
                name=chain.ERASED, subject=f"person:{wanted.pseudonym}", person=wanted.pseudonym, facts=facts, outcome="erased"
            )
            at = datetime.fromisoformat(wanted.at)
            write_entries(connection, [entry], at=at, cause=f"erasure:{wanted.erasure}")
            connection.execute(delete(upkeep).where(upkeep.c.name == UNDER_WAY + wanted.erasure))
            wipe.note(connection, at)
        return int(facts["lines"])


def _next_name(connection: Connection, moment: datetime) -> str:
    """What the erasure is called: it sorts after all before it, also those of the same instant. A line that several touched is
    as the last of them left it (`storage.chain_check`)."""
    under_way = select(func.max(upkeep.c.name)).where(upkeep.c.name.startswith(UNDER_WAY))
    last = max(
        connection.scalar(select(func.max(ledger_erased.c.erasure))) or "",
        (connection.scalar(under_way) or "").removeprefix(UNDER_WAY),
    )
    name, before = f"{moment:{_NAMED}}", last.partition("-")[0]
    if name <= before:
        with suppress(ValueError):
            was = datetime.strptime(before.ljust(len(name), "0"), _NAMED).replace(tzinfo=UTC)
            name = f"{was + timedelta(microseconds=1):{_NAMED}}"
    return f"{name}-{secrets.token_hex(4)}"


# ------------------------------------------------------------------------------------------------------ finding


def _tables(connection: Connection) -> Iterator[Table]:
    """All tables there are, also those that a library made beside ours."""
    for name in sorted(inspect(connection).get_table_names()):
        if name not in _LEAVE_ALONE:
            known = metadata.tables.get(name)
            yield known if known is not None else Table(name, MetaData(), autoload_with=connection)


def _texts(table: Table) -> list[Any]:
    """The columns that can hold words: not those of closed sets, times and numbers."""
    return [one for one in table.c if isinstance(one.type, Words | Doc | String | Text) and not isinstance(one.type, Word)]


def _found(connection: Connection, table: Table, marks: Marks, everything: bool) -> list[tuple[Any, ...]]:
    conditions: list[ColumnElement[bool]] = []
    for column in _texts(table):
        lower = func.lower(type_coerce(column, Text))
        for mark in sorted(marks.searched(everything=everything)):
            wanted = json.dumps(mark)[1:-1].lower() if isinstance(column.type, Doc) else mark
            place = func.strpos if connection.dialect.name == "postgresql" else func.instr
            conditions.append(place(lower, literal(wanted)) > 0)
    keys = list(table.primary_key) or list(table.c)
    return [tuple(row) for row in connection.execute(select(*keys).where(or_(*conditions)))] if conditions else []


# ----------------------------------------------------------------------------------------------------- taking out


def _taken_out(
    connection: Connection, wanted: Plan, marks: Marks, found: Mapping[Table, Sequence[tuple[Any, ...]]]
) -> dict[str, int]:
    counts = _people(connection, wanted)
    moved: list[str] = []
    for table, keys in sorted(found.items(), key=lambda one: one[0].name != goal.name):  # goals first: others refer to them
        done = 0
        for some in chunks(keys, 200):
            done += _rewritten(connection, table, some, wanted, marks, moved)
        if done:
            counts[table.name] = counts.get(table.name, 0) + done
    for some_goals in chunks(moved):
        connection.execute(delete(goal).where(goal.c.id.in_(some_goals)))
    connection.execute(delete(person).where(person.c.id == wanted.person_id))
    return counts


def _people(connection: Connection, wanted: Plan) -> dict[str, int]:
    """Somebody of whom nothing is known but where they worked takes their place; their reports get the next manager."""
    before = connection.execute(select(person).where(person.c.id == wanted.person_id).with_for_update()).mappings().first()
    if before is None:
        return {}
    at = datetime.fromisoformat(wanted.at)
    stub = Person(
        id=wanted.pseudonym,
        email=wanted.email,
        name=wanted.word,
        department=before["department"],
        team=before["team"],
        known_since=before["known_since"].replace(day=1, hour=0, minute=0, second=0, microsecond=0),
        end_date=min(before["end_date"] or at.date(), at.date()) - timedelta(days=1),
        welcomed=True,
    )
    connection.execute(insert_new(connection.dialect.name, person), person_row(stub) | {"changed_at": at})
    above = before["manager_id"] if before["manager_id"] != wanted.person_id else None
    who = person.c
    connection.execute(update(person).where(who.manager_id == wanted.person_id).values(manager_id=above, changed_at=at))
    connection.execute(update(person).where(who.deputy_id == wanted.person_id).values(deputy_id=None, changed_at=at))
    gone = {
        address: address.c.person_id == wanted.person_id,
        identity: identity.c.person_id == wanted.person_id,
        doubted: doubted.c.recipient_id == wanted.person_id,
        agenda: agenda.c.subject.in_([f"desk:{wanted.person_id}", f"letters:{wanted.person_id}"]),
    }
    counts = {table.name: connection.execute(delete(table).where(whose)).rowcount for table, whose in gone.items()}
    return {"person": 1} | {name: count for name, count in counts.items() if count}


def _rewritten(
    connection: Connection, table: Table, keys: Sequence[tuple[Any, ...]], wanted: Plan, marks: Marks, moved: list[str]
) -> int:
    """Rows as they stand now, without the person; how many of them changed. `moved`: goals whose copy has another id."""
    primary = list(table.primary_key) or list(table.c)
    texts = _texts(table)
    documents = frozenset(one.name for one in texts if isinstance(one.type, Doc))
    raw = {one.name: type_coerce(one, Text) if one in texts else one for one in table.c}
    query = select(*(column.label(name) for name, column in raw.items()))
    where: ColumnElement[bool] = tuple_(*primary).in_(keys) if len(primary) > 1 else primary[0].in_([key for (key,) in keys])
    changed: list[int] = []
    done = 0
    for before in connection.execute(query.where(where).with_for_update()).mappings().all():
        if table.name == person.name and before["id"] == wanted.person_id:
            continue  # deleted at the end
        after = cleared(table.name, dict(before), documents, wanted, marks)
        new = {name: value for name, value in after.items() if value != before[name]}
        if not new:
            continue
        done += 1
        if table.name == goal.name and "id" in new:
            connection.execute(insert_new(connection.dialect.name, table), _typed(table, texts, after))
            moved.append(before["id"])
            continue
        this = and_(*(raw[one.name] == before[one.name] for one in primary))
        connection.execute(update(table).where(this).values(_typed(table, texts, new)))
        if table.name == ledger.name:
            changed.append(before["id"])
    if changed:
        chain.reseal(connection, wanted.erasure, changed)
    return done


def _typed(table: Table, texts: Sequence[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Texts go back as they are stored, without a look at what they mean."""
    names = {one.name for one in texts}
    return {name: literal(value, Text) if name in names and value is not None else value for name, value in values.items()}
