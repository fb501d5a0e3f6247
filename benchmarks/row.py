"""One measured figure, what a run is given, and how to measure: pairs of ours and theirs in turn, medians of their ratios.

The machine may be busy with other things. It is then busy for both halves of a pair, and the ratio stays what it was.
"""

import cProfile
import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured. The limits of RELIABILITY.md belong to `FULL`; `TINY` only shows that everything runs."""

    databases: tuple[str, ...] = ("sqlite", "postgresql")
    pairs: int = 7
    """Rounds of ours and theirs in turn."""
    people: int = 200
    """Who press buttons in a load test; others say their own numbers."""
    seconds: float = 2.0
    """Of load in one round."""
    held: float = 2.0
    """Seconds for which the database is locked."""
    rate: int = 200
    """Requests a second in an open loop."""
    few: int = 2_000
    many: int = 200_000
    """People in the two companies whose due items are compared."""
    due: int = 240
    """Due at once in one round; all rounds together need fewer than `few`."""
    waiting: tuple[int, int] = (10_000, 1_000_000)
    """Agenda rows of the two idle ticks."""
    batches: int = 10
    """Of 100 outbox rows, in one round."""
    jobs: int = 300
    """Of the job queue, in one round."""
    starts: int = 5
    goals: int = 1_000_000
    idle_seconds: float = 30.0
    lives: tuple[int, int, int] = (50, 300, 4)
    """People of the two simulated companies, and their weeks."""
    weeks: int = 12
    """That the company of fifty lives."""


FULL = Sizes()
TINY = Sizes(
    databases=("sqlite",), pairs=1, people=20, seconds=0.3, held=0.2, rate=20, few=40, many=80, due=10, waiting=(50, 100),
    batches=1, jobs=10, starts=1, goals=100, idle_seconds=1.0, weeks=1, lives=(3, 5, 1),
)  # fmt: skip


class Run:
    """What a benchmark is given: sizes, and a profiler that is switched on wherever our own code is at work."""

    def __init__(self, sizes: Sizes = FULL, profiler: cProfile.Profile | None = None) -> None:
        self.sizes = sizes
        self.profiler = profiler

    @contextmanager
    def ours(self) -> Iterator[None]:
        """Ours is measured inside. With a profiler the figures are slow, and only the profile means something."""
        if self.profiler is not None:
            self.profiler.enable()
        try:
            yield
        finally:
            if self.profiler is not None:
                self.profiler.disable()


@contextmanager
def as_served() -> Iterator[None]:
    """What is there already is not looked at by collections of garbage, as in a server that has started."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_ratio(over: Callable[[], float], under: Callable[[], float], *, pairs: int) -> tuple[float, float, float]:
    """The median ratio of pairs measured one right after the other, and the medians of both. Either goes first in turn."""
    tops, bottoms = [], []
    for number in range(pairs):
        if number % 2:
            bottoms.append(under())
            tops.append(over())
        else:
            tops.append(over())
            bottoms.append(under())
    ratio = statistics.median(top / bottom for top, bottom in zip(tops, bottoms, strict=True))
    return ratio, statistics.median(tops), statistics.median(bottoms)
