"""What came of a run: numbers, what broke, and the words for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from adapters.simulate.faults import FAULTS
from adapters.simulate.judge import Violation

if TYPE_CHECKING:
    from adapters.simulate.simulation import Simulation


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One run."""

    seed: int
    people: int
    weeks: int
    faults: frozenset[str]
    violations: tuple[Violation, ...]
    broken: Mapping[str, int]  # how often each promise was broken
    trace_hash: str
    counts: Mapping[str, int]
    kinds: Mapping[str, int]  # messages by rule
    delays: tuple[float, ...]  # seconds from a prompt's slot until it was seen
    virtual_seconds: float
    seconds: float

    @property
    def clean(self) -> bool:
        """Everything held."""
        return not self.violations

    @property
    def replay(self) -> str:
        """The command that lives it again."""
        faults = "all" if self.faults == frozenset(FAULTS) else ",".join(sorted(self.faults)) or "none"
        return f"rondo simulate --people {self.people} --weeks {self.weeks} --seed {self.seed} --faults {faults}"


def report(simulation: "Simulation", seconds: float) -> Outcome:
    """All that is told of a run."""
    judge, chaos, network = simulation.judge, simulation.chaos, simulation.network
    counts = dict(judge.counts) | {
        "crashes": chaos.crashes,
        "stops": chaos.stops,
        "outages": chaos.outages,
        "database outages": chaos.database_outages,
        "repeats": network.repeats,
        "servers": simulation.weather.servers,
    }
    return Outcome(
        seed=simulation.seed,
        people=len(simulation.lives.everybody),
        weeks=simulation.weeks,
        faults=simulation.faults,
        violations=tuple(judge.violations),
        broken={name.removeprefix("broken:"): count for name, count in judge.counts.items() if name.startswith("broken:")},
        trace_hash=simulation.fingerprint(),
        counts=counts,
        kinds=dict(sorted(judge.kinds.items())),
        delays=tuple(judge.delays),
        virtual_seconds=simulation.loop.seconds,
        seconds=seconds,
    )


def words(outcome: Outcome) -> str:
    """The summary for people."""
    counts = outcome.counts
    weeks = max(1, outcome.people * outcome.weeks)
    messages = sum(outcome.kinds.values())
    prompts = outcome.kinds.get("checkin.prompt", 0)
    states = {name.removeprefix("state:"): count for name, count in sorted(counts.items()) if name.startswith("state:")}
    doubts = {name.removeprefix("doubt:"): count for name, count in sorted(counts.items()) if name.startswith("doubt:")}
    ordered, speed = sorted(outcome.delays), outcome.virtual_seconds / outcome.seconds
    late = f"{median(ordered):.1f} s / {ordered[(len(ordered) * 95 - 1) // 100]:.1f} s" if ordered else "–"
    lines = [
        f"{outcome.people} people, {outcome.weeks} weeks, seed {outcome.seed}: {counts.get('turns', 0)} turns, "
        f"{messages} messages ({messages / weeks:.2f} per person and week), {counts.get('edits', 0)} edits",
        *(f"  {kind:<28}{count:>8}{count / weeks:>8.2f}" for kind, count in outcome.kinds.items()),
        f"answered: {counts.get('answers', 0)} forms for {prompts} prompts; acknowledged events: {counts.get('acked', 0)}, "
        f"delivered again: {counts['repeats']}; requests for a decision: {counts.get('escalations', 0)}",
        f"messages by state: {_listed(states)}; doubts: {_listed(doubts)}; seen twice: {counts.get('resent', 0)}",
        f"processes: {counts['servers']}; crashes {counts['crashes']}, stops {counts['stops']}, outages {counts['outages']} of a "
        f"platform and {counts['database outages']} of the database; our own 429: {counts.get('own 429', 0)}",
        f"from a prompt's slot until it is seen: {late} (median / 95th percentile)",
        f"{outcome.seconds:.1f} s for {outcome.virtual_seconds / 86_400:.1f} days: {speed:,.0f} times real time, "
        f"{outcome.seconds / max(1, counts.get('turns', 0)) * 1e6:.0f} us per turn; trace {outcome.trace_hash[:16]}",
        f"violations: {sum(outcome.broken.values())}",
    ]
    return "\n".join(lines)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
