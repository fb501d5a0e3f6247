"""Column types that give the core exactly the values it gave: instants, amounts, words, enums and JSON documents.

Both databases refuse and keep the same things; a query never has to know on which one it runs.
"""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, Numeric, String, Text
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
        if value is None:
            return None
        if value.tzinfo is None:
            raise codec.CodecError("a naive datetime: instants must be aware")
        return value.astimezone(UTC) if dialect.name == "postgresql" else codec.instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always in UTC."""
        if value is None:
            return None
        return cast(datetime, value).astimezone(UTC) if dialect.name == "postgresql" else codec.instant_of(value)


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
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)


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

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:
        """The member."""
        return None if value is None else self.kind(value)


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

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The value that was written."""
        return None if value is None else codec.loads(self.kind, value)
