"""R8 and P7: the whole allowance and never more, `Retry-After` obeyed, one workspace's trouble its own, a fleet in time."""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from benchmarks.row import Row, at_least, at_most
from bot.events import Platform
from tests.pacing.bench import Bench
from tests.pacing.platform import Tenant, slack, told

Make = Callable[[], Tenant]

PER_SECOND = {Platform.SLACK: 5.0, Platform.TEAMS: 50.0}
"""What the platforms allow: 300 a minute, 50 a second."""
HEADERS = ("0", "1", "3600", "", "in 7", "soon", "-5", "1e9", "99999999999")
LONGEST_BACKOFF, LONGEST_WAIT = 300.0, 3600.0


USE = 0.95
USE_SHARED = {Platform.SLACK: 0.95, Platform.TEAMS: 0.93}
"""On Teams several processes cannot use 95 % of fifty in any second without a 429 now and then: their calls are not in step."""


def whole_allowance(make: Make, count: int, *, replicas: int = 1) -> Iterator[Row]:
    """Our own 429s, and the use of the platform's allowance while there is enough to send."""
    tenant = make()
    least = USE if replicas == 1 else USE_SHARED[tenant.platform]
    rate, name = PER_SECOND[tenant.platform], f"R8 {tenant.platform.value}, {replicas} processes"
    with Bench([tenant]) as bench:
        bench.fill(tenant, count)
        for number in range(replicas):
            process = bench.begin(f"p{number}")
            process.machine.call_soon(process.deliver.share, replicas)
        sent = bench.run(3 * count / rate, lambda: len(tenant.accepted) >= count)
        assert sent, bench.states()
        full = count / rate
        yield at_most(f"{name}: our own 429s", len(tenant.limited) / len(tenant.tried), "of sends", 0.001)
        yield at_least(f"{name}: use of the allowance", tenant.used(0.1 * full, 0.8 * full, rate), "x", least)
        yield at_most(f"{name}: copies too many", tenant.doubled, "messages", 0)


def retry_after(header: str) -> Iterator[Row]:
    """What is sent between a 429 and the end of its Retry-After, and how long after it the next message leaves."""
    tenant = slack()
    tenant.troubles.append((5.0, 5.4, f"retry-after {header}"))
    seconds = told(header)
    with Bench([tenant]) as bench:
        bench.fill(tenant, 100)
        bench.begin()
        assert bench.run(3 * LONGEST_WAIT, lambda: len(tenant.accepted) >= 100), (header, bench.states())
        first, last = tenant.limited[0], tenant.limited[-1]
        name, until = f"R8 Retry-After {header!r}", first + (seconds or 0.0)
        if header.startswith("in "):
            until -= 1.0  # a date has whole seconds
        early = sum(first + 0.2 < at < until for at in tenant.tried)
        again = min(at for at in tenant.accepted if at > last)
        longest = 1.1 * seconds + 5.0 if seconds is not None else LONGEST_BACKOFF
        yield at_most(f"{name}: calls before it was over", early, "calls", 0)
        yield at_most(f"{name}: seconds until the next message", again - last, "s", longest)


def alone(count: int) -> Iterator[Row]:
    """How much later a workspace is done because another one is limited, silent, or refuses its token."""
    healthy = _finish(count, None)
    for trouble in ("retry-after 30", "silent", "refused", "error"):
        yield at_most(
            f"R8 finish beside a workspace in trouble ({trouble})", abs(_finish(count, trouble) / healthy - 1), "x", 0.01
        )


def _finish(count: int, trouble: str | None) -> float:
    one, other = slack("T1"), slack("T2")
    if trouble is not None:
        other.troubles.append((10.0, 1e9, trouble))
    with Bench([one, other]) as bench:
        bench.fill(one, count)
        bench.fill(other, count)
        bench.begin()
        assert bench.run(10 * count / PER_SECOND[one.platform], lambda: len(one.accepted) >= count), bench.states()
        return one.accepted[-1]


FAULTS = ("refused", "error", "lost", "silent", "retry-after 1")


def fleet(make: Make, count: int, *, settle_seconds: float = 60.0, faults: Sequence[str] = FAULTS) -> Iterator[Row]:
    """P7: finish time against the floor, with half a percent of faults."""
    tenant = make()

    def chance(rng: Random) -> str:
        draw = rng.random()
        return "" if draw >= 0.005 else faults[int(draw * 200 * len(faults))]

    tenant.chance = chance
    floor = count / PER_SECOND[tenant.platform]
    with Bench([tenant]) as bench:
        bench.fill(tenant, count)
        bench.begin(settle_seconds=settle_seconds)
        assert bench.run(3 * floor + 600, lambda: not bench.now % 1 and not bench.waiting()), bench.states()
        name = f"P7 {tenant.platform.value}, {count:,} messages"
        states = bench.states()
        yield at_most(f"{name}: finish against the floor", bench.now / floor, "x", 1.05)
        yield at_most(f"{name}: copies too many", tenant.doubled, "messages", 0)
        yield at_most(f"{name}: lost in silence", count - states.get("sent", 0) - states.get("unknown", 0), "messages", 0)
