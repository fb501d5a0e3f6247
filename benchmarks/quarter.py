"""Simulated companies: how much faster than life they live, and what a turn costs in a small one and in a large one."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.row import Row, Run, at_least, at_most, median_ratio
from benchmarks.server import environment

_LIVE = """
import json, resource, sys
from adapters.simulate import run
seed, people, weeks = map(int, sys.argv[1:])
done = run(seed=seed, people=people, weeks=weeks, faults=frozenset())
turns = done.counts["turns"]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([done.virtual_seconds, done.seconds, turns, peak, len(done.violations)]))
"""


@dataclass(frozen=True, slots=True)
class _Lived:
    virtual: float
    seconds: float
    turns: int
    peak: float
    violations: int


def simulated_quarter(run: Run) -> Iterator[Row]:
    """The real core and storage under a virtual clock. The size is in the name: nothing is extrapolated (RELIABILITY P11)."""
    small, large, weeks = run.sizes.lives
    lives: dict[int, list[_Lived]] = {small: [], large: []}

    def per_turn(people: int) -> float:
        done = _live(run, len(lives[people]) + 1, people, weeks)
        lives[people].append(done)
        return done.seconds / done.turns

    ratio, _, _ = median_ratio(lambda: per_turn(large), lambda: per_turn(small), pairs=min(2, run.sizes.pairs))
    speed = statistics.median(one.virtual / one.seconds for one in lives[large])
    peak, broken = max(one.peak for one in lives[large]), sum(one.violations for some in lives.values() for one in some)
    yield at_least(f"simulation: {large:,} people, {weeks} weeks, against real time", speed, "x", 40_000)
    yield at_most(f"simulation: cost of a turn, {large:,} against {small:,} people", ratio, "x", 1.3)
    each = statistics.median(one.seconds for one in lives[large]) / large / weeks
    # P11's own size is 10,000 people for 13 weeks in 200 s; that a turn costs the same there is the next figure
    yield at_most("simulation: a person's week", each * 1000, "ms", round(200 / (10_000 * 13) * 1000, 2))
    yield at_most(f"simulation: memory at most, {large:,} people", peak, "MiB", 512)
    yield at_most("simulation: promises broken", broken, "times", 0)


def _live(run: Run, seed: int, people: int, weeks: int) -> _Lived:
    """In a process of its own, for its memory; with a profiler in this one."""
    if run.profiler is not None:
        from adapters.simulate import run as simulate

        with run.ours():
            done = simulate(seed=seed, people=people, weeks=weeks, faults=frozenset())
        return _Lived(done.virtual_seconds, done.seconds, done.counts["turns"], 0.0, len(done.violations))
    words = [sys.executable, "-c", _LIVE, str(seed), str(people), str(weeks)]
    said = subprocess.run(words, env=environment(), stdout=subprocess.PIPE, text=True, check=True)
    return _Lived(*json.loads(said.stdout))
