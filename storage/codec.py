"""Values of the core as JSON and back, exactly: one walk over the types of a dataclass, compiled once per type.

A value that may be one of several classes carries its class name under `is`. Raises CodecError for anything it cannot
keep; it never guesses. Text is ASCII JSON, so that what a database cannot hold in text (NUL, lone surrogates) survives.
"""

import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

Json = Any
"""What `json` reads and writes."""


class CodecError(ValueError):
    """A value does not fit its type, or stored JSON does not describe a value of the type."""


_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def dumps(kind: Any, value: object) -> str:
    """`value`, which is a `kind`, as compact JSON text."""
    if value == () and type(value) is tuple and _may_be_empty(kind):
        return "[]"  # most lists are
    return _ENCODER.encode(_codec(kind)[0](value))


@cache
def _may_be_empty(kind: Any) -> bool:
    args = typing.get_args(kind)
    return typing.get_origin(kind) is tuple and len(args) == 2 and args[1] is Ellipsis


def loads(kind: Any, text: str) -> Any:
    """The `kind` that `dumps` wrote; raises CodecError when the text is something else."""
    try:
        return _codec(kind)[1](json.loads(text))
    except CodecError:
        raise
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError, RecursionError) as error:
        raise CodecError(f"stored JSON is no {kind}: {error}") from error


def instant_text(at: datetime) -> str:
    """An aware instant as UTC text of fixed width (27 characters), which sorts as the instants do."""
    if at.tzinfo is None:
        raise CodecError("a naive datetime: instants must be aware")
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")[:26] + "Z"


def instant_of(text: str) -> datetime:
    """The instant that `instant_text` wrote."""
    if len(text) != 27 or text[26] != "Z":
        raise CodecError(f"no instant: {text!r}")
    return datetime.fromisoformat(text)


_Codec = tuple[Callable[[Any], Json], Callable[[Json], Any]]


@cache
def _codec(kind: Any) -> _Codec:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _union(typing.get_args(kind))
    if origin is tuple:
        return _tuple(typing.get_args(kind))
    if origin is frozenset:
        return _frozenset(*typing.get_args(kind))
    if origin is Mapping:
        return _mapping(*typing.get_args(kind))
    if kind in _PLAIN:
        return _plain(kind)
    if kind in _WRITTEN:
        return _written(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _checked(kind, lambda value: value.value), {one.value: one for one in kind}.__getitem__
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    raise CodecError(f"no JSON form for the type {kind!r}")


_PLAIN = frozenset({str, int, bool})

_WRITTEN: Mapping[type, _Codec] = {
    Decimal: (str, Decimal),
    datetime: (instant_text, instant_of),
    date: (date.isoformat, date.fromisoformat),
    time: (time.isoformat, time.fromisoformat),
}


def _checked(kind: type, write: Callable[[Any], Json]) -> Callable[[Any], Json]:
    def encode(value: Any) -> Json:
        if type(value) is not kind:
            raise CodecError(f"{value!r} is no {kind.__name__}")
        return write(value)

    return encode


def _plain(kind: type) -> _Codec:
    def same(value: Any) -> Json:
        if type(value) is not kind:
            raise CodecError(f"{value!r} is no {kind.__name__}")
        return value

    return same, same


def _written(kind: type) -> _Codec:
    write, read = _WRITTEN[kind]

    def decode(data: Json) -> Any:
        if type(data) is not str:
            raise CodecError(f"{data!r} is no {kind.__name__}")
        return read(data)

    return _checked(kind, write), decode


def _tuple(args: tuple[Any, ...]) -> _Codec:
    if len(args) == 2 and args[1] is Ellipsis:
        encode, decode = _codec(args[0])
        return lambda value: [encode(item) for item in value], lambda data: tuple([decode(item) for item in _list(data)])
    codecs = [_codec(arg) for arg in args]
    return (
        lambda value: [codec[0](item) for codec, item in zip(codecs, value, strict=True)],
        lambda data: tuple([codec[1](item) for codec, item in zip(codecs, _list(data), strict=True)]),
    )


def _frozenset(arg: Any) -> _Codec:
    encode, decode = _codec(arg)
    return lambda value: sorted(encode(item) for item in value), lambda data: frozenset(map(decode, _list(data)))


def _mapping(key: Any, arg: Any) -> _Codec:
    if key is not str:
        raise CodecError("only mappings by string have a JSON form")
    encode, decode = _codec(arg)
    name = _plain(str)[0]
    return (
        lambda value: {name(k): encode(v) for k, v in value.items()},
        lambda data: {k: decode(v) for k, v in data.items()},
    )


def _list(data: Json) -> list[Json]:
    if type(data) is not list:
        raise CodecError(f"{data!r} is no list")
    return data


def _union(kinds: tuple[Any, ...]) -> _Codec:
    some = tuple(kind for kind in kinds if kind is not types.NoneType)
    encode, decode = _codec(some[0]) if len(some) == 1 else _tagged(some)
    if len(some) == len(kinds):
        return encode, decode
    return (
        lambda value: None if value is None else encode(value),
        lambda data: None if data is None else decode(data),
    )


def _tagged(kinds: tuple[Any, ...]) -> _Codec:
    if not all(isinstance(kind, type) and is_dataclass(kind) for kind in kinds):
        raise CodecError(f"a choice between {kinds!r}: only dataclasses can be told apart")
    by_name = {kind.__name__: _codec(kind) for kind in kinds}
    readers = {kind.__name__: _reader(kind, beside=("is",)) for kind in kinds}

    def encode(value: Any) -> Json:
        name = type(value).__name__
        if type(value) not in kinds:
            raise CodecError(f"{value!r} is none of {sorted(by_name)}")
        return {"is": name, **by_name[name][0](value)}

    return encode, lambda data: readers[data["is"]](data)


def _dataclass(kind: type) -> _Codec:
    hints = typing.get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    if "is" in names:
        raise CodecError(f"{kind.__name__} has a field named `is`")
    writers = [(name, _codec(hints[name])[0]) for name in names]

    def encode(value: Any) -> Json:
        if type(value) is not kind:
            raise CodecError(f"{value!r} is no {kind.__name__}")
        return {name: write(getattr(value, name)) for name, write in writers}

    return encode, _reader(kind)


@cache
def _reader(kind: type, beside: tuple[str, ...] = ()) -> Callable[[Json], Any]:
    """Reads a dataclass; `beside` stands there as well and is no field."""
    hints = typing.get_type_hints(kind)
    whole = {*hints, *beside}
    parts = [(field.name, hints[field.name], _codec(hints[field.name])[1]) for field in fields(kind)]

    def decode(data: Json) -> Any:
        if len(data) == len(whole) and data.keys() == whole:
            # What is plain needs no call: a card has a hundred words, and every message that is sent is read.
            return kind(**{name: value if type(value := data[name]) is plain else read(value) for name, plain, read in parts})
        # A field that is not there was added after the row was written: it takes its default.
        if not data.keys() <= whole:
            raise CodecError(f"{sorted(data.keys() - whole)} are no fields of {kind.__name__}")
        return kind(**{name: read(data[name]) for name, _, read in parts if name in data})

    return decode
