"""Strange values, and how to put them into a good payload: drop, retype, double, nest, swap, replace words, spoil the bytes.

Everything follows from the `Random` that is handed in; the same one gives the same payload.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from tests.hostile.words import RAW, VALUES, WORDS

Json = dict[str, Any]

_MARK = "@@RAW{}@@"
Kind = Callable[[Random, Any, Any, "Sequence[Json]"], None]


def words(rng: Random) -> str:
    """Something a person, or somebody who is none, might write."""
    if rng.random() < 0.85:
        return rng.choice(WORDS)
    return "".join(rng.choice(WORDS)[:40] for _ in range(rng.randrange(2, 6)))


def value(rng: Random) -> Any:
    """Anything that JSON can say, and some that it cannot (a mark that `written` replaces)."""
    draw = rng.random()
    if draw < 0.5:
        return deepcopy(rng.choice(VALUES))
    if draw < 0.85:
        return words(rng)
    return _MARK.format(rng.randrange(len(RAW)))


def mutated(rng: Random, payload: Json, others: Sequence[Json], times: int) -> Json:
    """A copy of `payload` with so many things wrong. `others` lend parts."""
    made: Json = json.loads(json.dumps(payload))  # several times as fast as a deep copy
    for _ in range(times):
        holder, key = _place(rng, made)
        if holder is not None:
            rng.choice(_CHANGES)(rng, holder, key, others)
    return made


def _place(rng: Random, root: Any) -> tuple[Any, Any]:
    """A container and a key in it; the deeper ones as likely as the outer."""
    holder, key, node = None, None, root
    while isinstance(node, dict | list) and node:
        holder, key = node, rng.choice(list(node)) if isinstance(node, dict) else rng.randrange(len(node))
        node = holder[key]
        if rng.random() < 0.25:
            break
    return holder, key


def _drop(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    del holder[key]


def _null(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    holder[key] = None


def _retype(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    holder[key] = value(rng)


def _say(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    holder[key] = words(rng)


def _wrap(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    inner = holder[key]
    holder[key] = rng.choice(([inner], {"id": inner}, {"value": inner}, [inner] * 30, [[inner]]))


def _graft(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    lender, from_key = _place(rng, rng.choice(others))
    if lender is not None:
        holder[key] = deepcopy(lender[from_key])


def _rename(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    if isinstance(holder, dict):
        holder[rng.choice((key.upper(), key + " ", "__proto__", "type", "id", "value", ""))] = holder.pop(key)


MOST = 4 << 20
"""Characters of the longest word: some are lengthened several times."""


def _lengthen(rng: Random, holder: Any, key: Any, others: Sequence[Json]) -> None:
    inner, times = holder[key], rng.choice((2, 50, 2_000))
    holder[key] = inner[: MOST // times] * times if isinstance(inner, str) else f"{inner}"[:500] * 3


_CHANGES: Sequence[Kind] = (_drop, _null, _retype, _retype, _say, _say, _wrap, _graft, _rename, _lengthen)


def written(rng: Random, payload: Any) -> bytes:
    """The payload as the bytes of a body; seldom with a key twice, or spoilt as bytes."""
    text = json.dumps(payload, ensure_ascii=rng.random() < 0.7)  # as UTF-8 a lone surrogate makes bytes that are none
    if "@@RAW" in text:
        for number, raw in enumerate(RAW):
            text = text.replace(f'"{_MARK.format(number)}"', raw)
    if rng.random() < 0.04 and text.startswith("{"):
        text = f'{{"{rng.choice(("type", "event", "user", "text", "id", "value"))}": {json.dumps(rng.choice(WORDS))}, {text[1:]}'
    data = text.encode("utf-8", "surrogatepass")
    return spoilt(rng, data) if rng.random() < 0.05 else data


def spoilt(rng: Random, data: bytes) -> bytes:
    """Bytes that are no longer what they were."""
    at = rng.randrange(len(data) + 1)
    match rng.randrange(9):
        case 0:
            return data[:at]
        case 1:
            return data + data
        case 2:
            return b"\xef\xbb\xbf" + data
        case 3:
            return data.decode("utf-8", "replace").encode("utf-16")
        case 4:
            return data[:at] + bytes([rng.randrange(128, 256)]) + data[at:]
        case 5:
            return gzip.compress(data, 1)
        case 6:
            return b""
        case 7:
            return data[:at] + b"\0" + data[at:]
        case _:
            return rng.randbytes(rng.randrange(1, 300))


def rng_bytes(rng: Random) -> bytes:
    """Noise."""
    return rng.randbytes(rng.randrange(0, 400))
