"""R9: what people wait for overtakes whatever waits, and nothing that waits is starved."""

from collections.abc import Iterator
from functools import partial

from benchmarks.row import Row, at_most
from bot.decision import Lane, OnDoubt
from bot.events import Platform
from tests.pacing.bench import Bench
from tests.pacing.rates import PER_SECOND, Make

LIMIT = {Platform.SLACK: 0.5, Platform.TEAMS: 0.1}
"""Seconds until it is on the wire: two slots."""
TRIALS = 24


def overtakes(make: Make, waiting: int) -> Iterator[Row]:
    """Seconds until an escalation or a reply leaves that is written down behind so many check-ins."""
    tenant = make()
    with Bench([tenant], leg=(0.0, 0.0)) as bench:
        bench.fill(tenant, waiting)
        process = bench.begin()
        bench.run(70.0 if tenant.platform is Platform.SLACK else 10.0)  # past the first burst, and the first full minute
        for lane in (Lane.ESCALATION, Lane.REPLY):
            took = []
            for trial in range(TRIALS):
                bench.run(bench.rng.uniform(0.3, 1.7))
                key = f"urgent:{lane.value}:{trial}"
                began = bench.now
                bench.say(tenant, key, f"boss{lane.value}{trial}", lane=lane, on_doubt=OnDoubt.RESEND)
                process.machine.idle_until = bench.now
                process.deliver.wake()
                assert bench.run(30.0, partial(tenant.posts.__contains__, key)), f"{key} waits"
                took.append(tenant.posts[key][0] - began)
            name = f"R9 {tenant.platform.value}, {waiting:,} wait: seconds until {lane.value} leaves"
            yield at_most(f"{name}, worst of {TRIALS}", max(took), "s", LIMIT[tenant.platform])
            yield at_most(f"{name}, median", sorted(took)[TRIALS // 2], "s", LIMIT[tenant.platform])


def starves_nobody(make: Make, count: int) -> Iterator[Row]:
    """While a fifth of the allowance is taken by replies all the time, check-ins use the rest to the end."""
    tenant = make()
    rate = PER_SECOND[tenant.platform]
    every, replies = 5 / rate, 0
    with Bench([tenant]) as bench:
        bench.fill(tenant, count)
        process = bench.begin()
        while sum(key.startswith("nudge") for key in tenant.posts) < count:
            assert bench.now < 5 * count / rate, bench.states()
            bench.say(tenant, f"reply:{replies}", f"asker{replies}", lane=Lane.REPLY)
            replies += 1
            process.machine.idle_until = bench.now
            process.deliver.wake()
            bench.run(every)
        floor = len(tenant.accepted) / rate
        yield at_most(f"R9 {tenant.platform.value}: nudges among replies, finish against the floor", bench.now / floor, "x", 1.1)
