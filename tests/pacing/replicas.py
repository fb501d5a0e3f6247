"""R12: replicas whose clocks are wrong, that are stopped for three leases, that lose their database: nothing leaves twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from random import Random

from benchmarks.row import Row, at_most
from storage.outbox import LEASE
from tests.pacing.bench import Bench, Process
from tests.pacing.platform import slack

STOPPED = 3 * LEASE.total_seconds()
SKEWS = (0.0, 300.0, -300.0)


@dataclass
class Count:
    """Over all trials."""

    trials: int = 0
    messages: int = 0
    doubled: int = 0
    unsettled: int = 0
    limited: int = 0
    read_back: int = 0


def rows(name: str, count: Count) -> Iterator[Row]:
    """What counts."""
    what = f"R12 {name}, {count.trials} trials, {count.messages:,} messages, {count.read_back} read back"
    yield at_most(f"{what}: sent twice", count.doubled, "messages", 0)
    yield at_most(f"{what}: not sent", count.unsettled, "messages", 0)


def stopped(trials: int, *, messages: int = 250, seed: int = 1) -> Iterator[Row]:
    """At a random instant one of three is stopped for three leases, and goes on."""
    count = Count()
    for trial in range(trials):
        rng = Random(f"{seed}:{trial}")
        with _three(messages, trial + seed) as bench:
            processes = _begin(bench)
            bench.run(rng.uniform(1.0, 0.7 * messages / 5))
            victim = rng.choice(processes)
            victim.machine.sigstop()
            bench.run(STOPPED)
            bench.machines.resume(victim.machine)
            _settle(bench, processes, count)
    yield from rows("stopped at a random instant", count)


def stopped_at(point: str, trials: int, *, messages: int = 120, seed: int = 1) -> Iterator[Row]:
    """One is stopped right after a claim was committed (`claimed`), or when the message is out and not marked (`written`)."""
    count = Count()
    for trial in range(trials):
        with _three(messages, trial + seed) as bench:
            processes = _begin(bench)
            victim = processes[trial % 3]
            left = [2 + trial % 7]

            strike = partial(_strike, victim, left)
            if point == "claimed":
                victim.claimed = strike
            else:
                victim.ways[0].written = strike
            bench.run(STOPPED, partial(_struck, left))
            bench.run(STOPPED)
            bench.machines.resume(victim.machine)
            _settle(bench, processes, count)
    yield from rows(f"stopped when {point}", count)


def split(trials: int, *, messages: int = 250, seed: int = 1) -> Iterator[Row]:
    """One of three cannot reach the database for up to three leases, and goes on sending what it has claimed."""
    count = Count()
    for trial in range(trials):
        rng = Random(f"split:{seed}:{trial}")
        with _three(messages, trial + seed) as bench:
            processes = _begin(bench)
            begin = rng.uniform(1.0, 0.7 * messages / 5)
            end = begin + rng.uniform(1.0, STOPPED)
            rng.choice(processes).cut = partial(_between, bench, begin, end)
            bench.run(end)
            _settle(bench, processes, count)
    yield from rows("database out of reach", count)


def _strike(victim: Process, left: list[int]) -> None:
    left[0] -= 1
    if left[0] == 0:
        victim.machine.sigstop()


def _struck(left: list[int]) -> bool:
    return left[0] <= 0


def _between(bench: Bench, begin: float, end: float) -> bool:
    return begin <= bench.now < end


def _three(messages: int, seed: int) -> Bench:
    bench = Bench([slack()], seed=seed)
    bench.fill(bench.tenants[0], messages)
    return bench


def _begin(bench: Bench) -> list[Process]:
    processes = [bench.begin(f"p{number}", skew=skew) for number, skew in enumerate(SKEWS)]
    for process in processes:
        process.machine.call_soon(process.deliver.share, len(processes))
    return processes


def _settle(bench: Bench, processes: list[Process], count: Count) -> None:
    bench.run(3600.0, lambda: not bench.waiting())
    bench.run(30.0)  # what a straggler may still do
    tenant = bench.tenants[0]
    count.trials += 1
    count.messages += len(tenant.posts)
    count.doubled += tenant.doubled
    count.limited += len(tenant.limited)
    count.unsettled += sum(bench.states().values()) - bench.states().get("sent", 0)
    count.read_back += sum(sum(way.found.values()) for process in processes for way in process.ways)
