"""Statements of every turn, straight to the driver. SQLAlchemy writes their text and says how values are written and read.

It does so once for each connection; then a statement costs little more than the database itself. Listeners for cursors,
errors and what becomes of a lost connection are those of `Connection.execute`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Row = dict[str, Any]
Values = Mapping[str, Any]

_NOTHING: Values = {}
_KNOWN = "rondo_statements"
_Convert = Callable[[Any], Any]


def fetch(connection: Connection, statement: Executable, values: Values = _NOTHING) -> list[Row]:
    """The rows by column name. `statement` lives as long as its module, and any list in it is constant or `columns.among`."""
    ready = _ready(connection, statement, values)

    def result(cursor: Any) -> list[Any]:
        if ready.reads is None:
            ready.learn(cursor.description, connection.dialect)
        found: list[Any] = cursor.fetchall()
        return found

    found: list[Any] = _executed(connection, ready.text, ready.written(values), result)
    return [ready.read(row) for row in found]


def first(connection: Connection, statement: Executable, values: Values = _NOTHING) -> Row | None:
    """The first row by column name; None where there is none."""
    found = fetch(connection, statement, values)
    return found[0] if found else None


def one(connection: Connection, statement: Executable, values: Values = _NOTHING) -> Any:
    """The first column of the first row; None where there is no row."""
    found = first(connection, statement, values)
    return None if found is None else next(iter(found.values()))


def write(connection: Connection, statement: Executable, values: Values | Sequence[Values]) -> int:
    """Execute an INSERT, UPDATE or DELETE, for each of several `values` (of the same names); how many rows that was."""
    several = [values] if isinstance(values, Mapping) else values
    ready = _ready(connection, statement, several[0])
    written = [ready.written(one) for one in several]
    many = len(written) > 1
    count: int = _executed(connection, ready.text, written if many else written[0], lambda cursor: cursor.rowcount, many=many)
    return count


def _executed(connection: Connection, text: str, values: Any, result: Callable[[Any], Any], *, many: bool = False) -> Any:
    if not connection.in_transaction():
        connection.begin()  # as `Connection.execute` does
    held = connection.connection
    cursor = held.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            text, values = listener(connection, cursor, text, values, None, many)
        if many:
            cursor.executemany(text, values)
        else:
            cursor.execute(text, values)
        return result(cursor)
    except Exception as error:
        driver = connection.dialect.loaded_dbapi.Error
        if not isinstance(error, driver):
            raise
        lost = connection.dialect.is_disconnect(error, held.dbapi_connection, cursor)
        if lost:
            connection.invalidate(error)
        hidden = connection.engine.hide_parameters
        raise DBAPIError.instance(text, values, error, driver, hidden, lost, connection.dialect) from error
    finally:
        with suppress(Exception):
            cursor.close()


@dataclass(slots=True, kw_only=True)
class _Ready:
    """A statement's text, and how values become parameters and columns become values."""

    statement: Executable
    """Kept, because its identity is what this is found by."""
    text: str
    constants: dict[str, Any]
    """Parameters that are always the same."""
    parameters: tuple[tuple[str, _Convert | None], ...]
    positional: bool
    columns: tuple[ColumnElement[Any], ...]
    names: tuple[str, ...] = ()
    reads: tuple[tuple[int, str, _Convert], ...] | None = None
    """Which columns are converted; not known before there was a result."""

    def learn(self, heads: Sequence[Sequence[Any]], dialect: Dialect) -> None:
        """What the columns of a result are, as its cursor describes them."""
        self.names = tuple(head[0] for head in heads)
        kinds = (column.type.dialect_impl(dialect) for column in self.columns)
        # Plain text has columns of no known kind: they stay what the driver says.
        readers = [kind.result_processor(dialect, head[1]) for kind, head in zip(kinds, heads, strict=bool(self.columns))]
        self.reads = tuple((place, self.names[place], one) for place, one in enumerate(readers) if one is not None)

    def written(self, values: Values) -> Any:
        """The parameters as the driver takes them."""
        if not self.positional:
            given = {name: values[name] if convert is None else convert(values[name]) for name, convert in self.parameters}
            return {**self.constants, **given}
        if not self.constants:
            return tuple([values[name] if convert is None else convert(values[name]) for name, convert in self.parameters])
        constants = self.constants
        return tuple(
            [
                constants[name] if name in constants else values[name] if convert is None else convert(values[name])
                for name, convert in self.parameters
            ]
        )

    def read(self, row: Sequence[Any]) -> Row:
        """A row of the driver as `Connection.execute` would give it."""
        found = dict(zip(self.names, row, strict=True))
        for place, name, convert in self.reads or ():
            if row[place] is not None:
                found[name] = convert(row[place])
        return found


def _ready(connection: Connection, statement: Executable, values: Values) -> _Ready:
    # With the connection they end; a statement that several engines share belongs to none of them.
    known: dict[tuple[int, tuple[str, ...]], _Ready] = connection.info.setdefault(_KNOWN, {})
    key = id(statement), tuple(values)
    found = known.get(key)
    if found is None:
        found = known[key] = _prepared(connection.dialect, statement, values)
    return found


def _prepared(dialect: Dialect, statement: Any, values: Values) -> _Ready:
    compiled = statement.compile(dialect=dialect, column_keys=None if statement.is_select else list(values))
    assert isinstance(compiled, SQLCompiler)
    whole = compiled.construct_expanded_state(dict(values), escape_names=False)
    if varying := whole.parameter_expansion.keys() & values.keys():
        raise ValueError(f"{sorted(varying)}: another text for each length; see `storage.columns.among`")
    kinds = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
    convert = {name: kind.bind_processor(dialect) for name, kind in kinds.items()} | dict(whole.processors)
    constants = {name: value for name, value in whole.parameters.items() if name not in values}
    order = whole.positiontup if compiled.positional else [name for name in whole.parameters if name in values]
    columns = statement.exported_columns if statement.is_select else getattr(statement, "_returning", ())
    return _Ready(
        statement=statement,
        text=whole.statement,
        constants={name: c(value) if (c := convert.get(name)) else value for name, value in constants.items()},
        parameters=tuple((name, convert.get(name)) for name in order or ()),
        positional=compiled.positional,
        columns=tuple(columns),
    )
