"""What `rondo simulate` prints: one run in full, or many in a line each that failed and a sum."""

from collections import Counter
from collections.abc import Callable, Iterator

from adapters.simulate import simulation
from adapters.simulate.outcome import Outcome, words

SHOWN = 10
"""Violations that are printed of one run."""


def seeds_of(words: str) -> range:
    """`3..40`: both included; one number is one seed. Raises ValueError."""
    first, dots, last = words.partition("..")
    if not first.isdecimal() or (dots and not last.isdecimal()):
        raise ValueError(f"--seeds {words}: write it like 1..500")
    found = range(int(first), int(last or first) + 1)
    if not found:
        raise ValueError(f"--seeds {words}: the first one is larger than the last one")
    return found


class Command:
    """Runs seeds one after the other; iterate over `lines`, then see whether all of them were `clean`."""

    def __init__(self, *, people: int, weeks: int, faults: str, trace: Callable[[str], object] | None = None) -> None:
        self.people, self.weeks, self.faults, self._trace = people, weeks, faults, trace
        self.clean = True

    def one(self, seed: int) -> Iterator[str]:
        """One seed, told in full."""
        outcome = self._lives(seed)
        yield words(outcome)
        yield from self._broken(outcome)

    def many(self, seeds: range) -> Iterator[str]:
        """Many seeds: what broke, and a sum."""
        sums, broken = Counter[str](), Counter[str]()
        seconds = virtual = 0.0
        bad = 0
        for seed in seeds:
            outcome = self._lives(seed)
            yield from self._broken(outcome)
            bad += not outcome.clean
            seconds, virtual = seconds + outcome.seconds, virtual + outcome.virtual_seconds
            sums.update(outcome.counts)
            sums["messages"] = sums["messages"] - outcome.counts.get("messages", 0) + sum(outcome.kinds.values())
            broken.update(outcome.broken)
        names = ("turns", "messages", "doubts", "resent", "repeats", "crashes", "stops", "outages", "database outages")
        yield (
            f"seeds {seeds[0]} to {seeds[-1]}, {self.people} people x {self.weeks} weeks, faults {self.faults}: "
            f"{len(seeds) - bad} of {len(seeds)} clean; " + ", ".join(f"{sums[name]} {name}" for name in names)
        )
        if broken:
            yield "broken promises: " + ", ".join(f"{count} {name}" for name, count in broken.most_common())
        yield (
            f"{seconds:.0f} s for {virtual / 86_400:.0f} days: {virtual / seconds:,.0f} times real time, "
            f"{seconds / max(1, sums['turns']) * 1e6:.0f} us per turn"
        )

    def _lives(self, seed: int) -> Outcome:
        outcome = simulation.run(seed=seed, people=self.people, weeks=self.weeks, faults=self.faults, trace=self._trace)
        self.clean = self.clean and outcome.clean
        return outcome

    def _broken(self, outcome: Outcome) -> Iterator[str]:
        """What broke, when, about which message, and how to see it again."""
        if outcome.clean:
            return
        yield from (f"seed {outcome.seed}: violation of {violation}" for violation in outcome.violations[:SHOWN])
        if (more := sum(outcome.broken.values()) - SHOWN) > 0:
            yield f"seed {outcome.seed}: and {more} more"
        yield f"again: {outcome.replay}"
