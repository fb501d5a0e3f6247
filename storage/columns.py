"""Column types that give the core exactly the values it gave: instants, amounts, words, enums and JSON documents.

Both databases refuse and keep the same things; a query never has to know on which one it runs. Where a type has a
`bind_processor` of its own that is for speed: a turn converts more than a hundred values.
"""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, cast

from sqlalchemy import ARRAY, Boolean, ColumnElement, DateTime, Dialect, Numeric, String, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage import codec

INSTANT_WIDTH = 27
"""`2026-11-21T21:00:42.123456Z`."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, to the microsecond. On SQLite fixed-width text that sorts as time does."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`timestamptz` on PostgreSQL."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(INSTANT_WIDTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses naive datetimes."""
        return _moment(value) if dialect.name == "postgresql" else _moment_text(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """As `process_bind_param`."""
        return _moment if dialect.name == "postgresql" else _moment_text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always in UTC."""
        if value is None:
            return None
        return cast(datetime, value).astimezone(UTC) if dialect.name == "postgresql" else codec.instant_of(value)


def _moment(value: datetime | None) -> datetime | None:
    if value is not None and value.tzinfo is None:
        raise codec.CodecError("a naive datetime: instants must be aware")
    return None if value is None else value.astimezone(UTC)


def _moment_text(value: datetime | None) -> str | None:
    return None if value is None else codec.instant_text(value)


class Amount(TypeDecorator[Decimal]):
    """An exact decimal number: `numeric` without bounds on PostgreSQL, text on SQLite (which has only floats)."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`numeric` or text."""
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Refuses NaN and infinities: no key result has them."""
        if value is None:
            return None
        if not value.is_finite():
            raise codec.CodecError(f"{value} is no amount")
        return value if dialect.name == "postgresql" else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The number that was written."""
        return None if value is None else Decimal(value)


class Words(TypeDecorator[str]):
    """Text. What PostgreSQL cannot hold (NUL) or nobody can encode (lone surrogates) becomes U+FFFD on both."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The same replacement when writing and when looking something up."""
        return _kept(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """As `process_bind_param`."""
        return _kept


def _kept(value: str | None) -> str | None:
    if value is None or (value.isascii() and "\0" not in value):
        return value
    return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)


class _Names(TypeDecorator[Iterable[str]]):
    """Any number of words as one parameter: an array on PostgreSQL, JSON on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """`text[]` or text."""
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        """The same replacements as in `Words`."""
        names = [_kept(one) for one in value or ()]
        return names if dialect.name == "postgresql" else json.dumps(names)


class _Among(FunctionElement[bool]):
    """See `among`."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLite would use no index for the `… = 1` that a function of unknown kind becomes there."""
        return self


def among(column: ColumnElement[Any], names: str) -> ColumnElement[bool]:
    """`column` is one of the words bound as `names`. Unlike `in_`, the statement is the same for any number of them.

    So it is compiled once, and PostgreSQL plans it once per connection: planning is most of what a small query costs there.
    """
    return _Among(column, bindparam(names, type_=_Names()))


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, names = element.clauses
    return f"{compiler.process(column, **kw)} IN (SELECT value FROM json_each({compiler.process(names, **kw)}))"


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, names = element.clauses
    return f"{compiler.process(column, **kw)} = ANY ({compiler.process(names, **kw)})"


class Word(TypeDecorator[StrEnum]):
    """One name out of a closed set."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Refuses a name outside the set."""
        return None if value is None else self.kind(value).value

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """As `process_bind_param`."""
        known: dict[Any, str | None] = {None: None} | {one: one.value for one in self.kind}
        kind = self.kind
        return lambda value: known[value] if value in known else kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """The member."""
        return None if value is None else self.kind(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """As `process_result_value`."""
        known: dict[Any, StrEnum | None] = {None: None} | {one.value: one for one in self.kind}
        kind = self.kind
        return lambda value: known[value] if value in known else kind(value)


class Doc(TypeDecorator[Any]):
    """A nested value of the core as JSON text (see `storage.codec`). None is SQL NULL."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Refuses a value of another type."""
        return None if value is None else codec.dumps(self.kind, value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        """As `process_bind_param`."""
        kind = self.kind
        return lambda value: None if value is None else codec.dumps(kind, value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The value that was written."""
        return None if value is None else codec.loads(self.kind, value)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """As `process_result_value`."""
        kind, known = self.kind, {None: None} | _nothing(self.kind)
        return lambda value: known[value] if value in known else codec.loads(kind, value)


@cache
def _nothing(kind: Any) -> dict[Any, Any]:
    """What most lists are. Not for mappings: those can be changed."""
    try:
        return {"[]": codec.loads(kind, "[]")}
    except codec.CodecError:
        return {}
