"""One measured figure, and how to measure a stretch of work."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its limit. `ok` says whether the limit holds; the limit's direction is in the name of its maker."""

    name: str
    value: float
    unit: str
    limit: float
    ok: bool


def at_most(name: str, value: float, unit: str, limit: float) -> Row:
    """A figure that must not exceed its limit."""
    return Row(name, round(value, 4), unit, limit, value <= limit)


def at_least(name: str, value: float, unit: str, limit: float) -> Row:
    """A figure that must reach its limit."""
    return Row(name, round(value, 4), unit, limit, value >= limit)


def median_seconds(work: Callable[[], object], *, runs: int) -> float:
    """The median of `runs` timed calls after one that is not counted."""
    work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)
