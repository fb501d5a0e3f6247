"""How a proof tells its result: a table for people on standard error, JSON lines on standard output.

The exit code is 1 where a limit is missed or a promise is broken.
"""

import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One measured figure; `limit` is in words, as `<= 0`."""

    name: str
    value: float
    unit: str
    limit: str
    ok: bool


def at_most(name: str, value: float, limit: float, unit: str = "") -> Line:
    """A figure that may not be larger."""
    return Line(name=name, value=value, unit=unit, limit=f"<= {limit:g}", ok=value <= limit)


def at_least(name: str, value: float, limit: float, unit: str = "") -> Line:
    """A figure that may not be smaller."""
    return Line(name=name, value=value, unit=unit, limit=f">= {limit:g}", ok=value >= limit)


def note(name: str, value: float, unit: str = "") -> Line:
    """A figure without a limit."""
    return Line(name=name, value=value, unit=unit, limit="", ok=True)


def end_in_order() -> None:
    """SIGTERM ends a proof as an error would: processes and databases of its own end with it."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def say(*words: object) -> None:
    """Something for people."""
    print(*words, file=sys.stderr, flush=True)


def publish(lines: Sequence[Line], faults: Sequence[str] = ()) -> int:
    """Print all; the exit code."""
    for line in lines:
        print(json.dumps(asdict(line)), flush=True)
        mark = "" if not line.limit else "ok" if line.ok else "MISSED"
        say(f"{line.name:<58}{line.value:>12,.10g} {line.unit:<12}{line.limit:>10}  {mark}")
    for fault in faults[:40]:
        say("  broken:", fault)
    if len(faults) > 40:
        say(f"  … and {len(faults) - 40} more")
    return 1 if faults or not all(line.ok for line in lines) else 0
