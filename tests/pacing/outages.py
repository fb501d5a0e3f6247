"""R10: what is due during an outage is sent or expires, nothing leaves twice, and the end of an outage is no storm."""

from collections.abc import Iterator
from datetime import timedelta

from benchmarks.row import Row, at_most
from tests.pacing.bench import START, Bench
from tests.pacing.platform import Tenant
from tests.pacing.rates import PER_SECOND, Make

HOUR = 3600.0


def platform_down(make: Make, trouble: str, count: int, *, hours: float = 6.0) -> Iterator[Row]:
    """The platform takes nothing for hours. A third of what waits expires meanwhile."""
    tenant, end = make(), 10.0 + hours * HOUR
    tenant.troubles.append((10.0, end, trouble))
    with Bench([tenant]) as bench:
        bench.fill(tenant, count)
        bench.fill(tenant, count // 2, name="brief", expires_at=START + timedelta(hours=hours / 2))
        bench.begin()
        done = bench.run(end + 2 * HOUR, lambda: bench.now > end and not bench.waiting())
        name = f"R10 {tenant.platform.value} down {hours:g} h ({trouble})"
        yield from _judged(bench, tenant, name, count + count // 2, done=done)
        yield at_most(
            f"{name}: sent though expired", sum(_late(key, times, hours) for key, times in tenant.posts.items()), "messages", 0
        )
        yield at_most(f"{name}: calls while down", sum(10.0 <= at < end for at in tenant.tried) / (end - 10.0), "1/s", 1.0)


def _late(key: str, times: list[float], hours: float) -> bool:
    return key.startswith("brief") and times[0] > hours / 2 * HOUR + 1.0


def service_down(make: Make, count: int, *, hours: float = 6.0) -> Iterator[Row]:
    """Our process dies in the middle of sending and comes back after hours."""
    tenant = make()
    with Bench([tenant]) as bench:
        bench.fill(tenant, count)
        bench.fill(tenant, count // 2, name="brief", expires_at=START + timedelta(hours=hours / 2))
        process = bench.begin()
        bench.run(count / PER_SECOND[tenant.platform] / 3)
        bench.machines.kill(process.machine)
        bench.run(hours * HOUR)
        back = bench.now
        bench.begin("again")
        done = bench.run(2 * HOUR, lambda: not bench.waiting())
        name = f"R10 {tenant.platform.value}, our service down {hours:g} h"
        yield from _judged(bench, tenant, name, count + count // 2, done=done)
        late = sum(key.startswith("brief") and times[0] > back for key, times in tenant.posts.items())
        yield at_most(f"{name}: sent though expired", late, "messages", 0)


def database_down(make: Make, count: int, *, minutes: float = 5.0) -> Iterator[Row]:
    """The database cannot be reached for minutes in the middle of sending."""
    tenant = make()
    begin = count / PER_SECOND[tenant.platform] / 3
    with Bench([tenant]) as bench:
        bench.fill(tenant, count)
        process = bench.begin()
        process.cut = lambda: begin <= bench.now < begin + 60 * minutes
        done = bench.run(begin + 2 * HOUR, lambda: bench.now > begin + 60 * minutes and not bench.waiting())
        yield from _judged(bench, tenant, f"R10 {tenant.platform.value}, database down {minutes:g} min", count, done=done)


def _judged(bench: Bench, tenant: Tenant, name: str, count: int, *, done: bool) -> Iterator[Row]:
    states = bench.states()
    settled = sum(states.get(state, 0) for state in ("sent", "expired", "unknown"))
    yield at_most(
        f"{name}: neither sent nor settled by a rule", 0 if done and settled == count else count - settled + 1, "messages", 0
    )
    yield at_most(f"{name}: copies too many", tenant.doubled, "messages", 0)
    over = [at for at in tenant.limited if not tenant.trouble(at, bench.rng).startswith("retry-after")]
    yield at_most(f"{name}: refused as too fast", len(over), "calls", 0)
    if not tenant.platform.value.startswith("slack"):
        yield at_most(f"{name}: unknown, shown to the admin", states.get("unknown", 0), "messages", count)
    else:
        yield at_most(f"{name}: unknown although it can be read back", states.get("unknown", 0), "messages", 0)
