"""R2: five ways in which PostgreSQL, or we on it, can fail under a steady flow of messages, and how fast the flow is back.

`python -m tests.chaos.postgres` (`--seconds 30` before and after each, `--rate 50` messages a second, `--only NAME`): at
least 98 % of the throughput before within 30 seconds, nothing lost, nothing doubled.
"""

import argparse
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg

from tests.chaos.company import Kind
from tests.chaos.judge import Tally, judged
from tests.chaos.kills import PROOF
from tests.chaos.platforms import CALM
from tests.chaos.report import Line, at_least, at_most, end_in_order, note, publish, say
from tests.chaos.stage import Postgres, Stage, durable_postgres, stage
from tests.chaos.times import Times

WITHIN, SHARE = 30.0, 0.98
"""The goal: so much of the throughput before, so many seconds after the fault is over."""
WINDOW = 3.0
"""Seconds over which throughput is taken when it is asked whether it is back."""
SETTLED = frozenset({"arrived", "gone", "refused", "expired", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chaos:
    """How much of everything. `fault` is how long a fault lasts that has a length."""

    rate: float = 50.0
    replicas: int = 2
    before: float = 30.0
    after: float = WITHIN
    fault: float = 8.0
    kills: float = 60.0  # seconds of repeated kills
    times: Times = PROOF
    people: int = 1_000
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One scenario as it went: instants in seconds since 1970, and when each message was settled."""

    began: float
    fault_at: float
    over_at: float
    ended: float
    settled: tuple[float, ...]
    tallies: Mapping[Kind, Tally] = field(default_factory=dict)

    def rate(self, since: float, until: float) -> float:
        """Messages settled a second."""
        return sum(since <= at < until for at in self.settled) / (until - since)

    @property
    def before(self) -> float:
        """The throughput before the fault."""
        return self.rate(self.began, self.fault_at)

    @property
    def after(self) -> float:
        """The throughput after the fault, what had piled up included."""
        return self.rate(self.over_at, self.ended)

    @property
    def back(self) -> float:
        """Seconds after the fault until the throughput was back; endless where it never was."""
        at = self.over_at
        while at + WINDOW <= self.ended:
            if self.rate(at, at + WINDOW) >= SHARE * self.before:
                return at - self.over_at
            at += 0.25
        return float("inf")

    @property
    def faults(self) -> list[str]:
        """Every broken promise about a message."""
        return [fault for tally in self.tallies.values() for fault in tally.faults]


Trouble = Callable[[Stage, Postgres, Chaos], None]


def restart(scene: Stage, server: Postgres, chaos: Chaos) -> None:
    """PostgreSQL ends at once and comes back."""
    server.restart()


def disconnect(scene: Stage, server: Postgres, chaos: Chaos) -> None:
    """Every connection of ours is ended by the server, three times."""
    for _ in range(3):
        server.run(_TERMINATE)
        time.sleep(0.3)


def starve(scene: Stage, server: Postgres, chaos: Chaos) -> None:
    """Somebody else takes every connection there is, ours too, and keeps them for a while."""
    held: list[psycopg.Connection] = []
    url = server.admin_url.replace("+psycopg", "")
    ends = time.monotonic() + chaos.fault
    try:
        with psycopg.connect(url, autocommit=True) as ours:
            while time.monotonic() < ends:
                try:
                    held.append(psycopg.connect(url))
                except psycopg.OperationalError:  # all taken: end those of Rondo and take their places
                    ours.execute(_TERMINATE)
                    time.sleep(0.05)
    finally:
        for connection in held:
            connection.close()


def crash(scene: Stage, server: Postgres, chaos: Chaos) -> None:
    """One of ours dies and comes back a little later."""
    scene.kill(random.Random(chaos.seed))
    time.sleep(2.0)
    scene.start()


def kill_again_and_again(scene: Stage, server: Postgres, chaos: Chaos) -> None:
    """For a minute one of ours dies every few seconds."""
    chance = random.Random(chaos.seed)
    ends = time.monotonic() + chaos.kills
    while time.monotonic() < ends:
        scene.kill(chance)
        scene.start()
        time.sleep(chance.uniform(0.5, 4.0))


SCENARIOS: Mapping[str, Trouble] = {
    "PostgreSQL restarts": restart,
    "our connections are ended": disconnect,
    "all connections are taken": starve,
    "a worker crashes": crash,
    "workers are killed again and again": kill_again_and_again,
}

_TERMINATE = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE starts_with(datname, 'rondo') AND pid <> pg_backend_pid()
"""


def lived(server: Postgres, trouble: Trouble, chaos: Chaos) -> Course:
    """One scenario on a database of its own: steady flow, fault, steady flow; then everything settles and is judged."""
    with stage(server.fresh(), chaos.times, CALM, seed=chaos.seed, people=chaos.people) as scene:
        scene.start(chaos.replicas)
        ended = threading.Event()
        feeder = threading.Thread(target=_feed, args=(scene, chaos.rate, ended), name="feeder")
        feeder.start()
        try:
            _even(scene, chaos.rate)
            began = time.time()
            time.sleep(chaos.before)
            fault_at = time.time()
            trouble(scene, server, chaos)
            over_at = time.time()
            time.sleep(chaos.after)
            at_end = time.time()
        finally:
            ended.set()
            feeder.join()
        scene.drain()
        copies, *_ = scene.seen()
        return Course(
            began=began,
            fault_at=fault_at,
            over_at=over_at,
            ended=at_end,
            settled=tuple(at for at, _, outcome in scene.outcomes() if outcome in SETTLED),
            tallies=judged(scene.engine, scene.flow.sent, copies, None),
        )


def _even(scene: Stage, rate: float) -> None:
    """Wait until every replica has started and the flow is even: nothing has piled up."""
    time.sleep(2.0)
    ends = time.monotonic() + 30
    while scene.waiting() > rate / 2 and time.monotonic() < ends:
        time.sleep(0.1)


def _feed(scene: Stage, rate: float, ended: threading.Event) -> None:
    """So many messages a second, whatever happens; what could not be decided in time is decided later."""
    began = time.monotonic()
    while not ended.wait(0.1):
        owed = int((time.monotonic() - began) * rate) - scene.flow.decided
        if owed > 0:
            scene.flow.decide(owed)


def lines(name: str, course: Course) -> Iterator[Line]:
    """The figures of one scenario."""
    title = f"R2 {name}"
    yield note(f"{title}: messages a second before", round(course.before, 1))
    yield note(f"{title}: fault lasted", round(course.over_at - course.fault_at, 1), "s")
    yield note(f"{title}: messages a second meanwhile", round(course.rate(course.fault_at, course.over_at), 1))
    yield at_most(f"{title}: back to 98 % after", round(course.back, 1), WITHIN, "s")
    yield at_least(f"{title}: throughput after, of before", round(100 * course.after / course.before, 1), 100 * SHARE, "%")
    yield at_most(f"{title}: lost", sum(tally.lost for tally in course.tallies.values()), 0)
    yield at_most(f"{title}: doubled, or said falsely", len(course.faults), 0)
    yield note(f"{title}: unknown", sum(tally.states["unknown"] for tally in course.tallies.values()))
    yield note(f"{title}: repeated where that is allowed", sum(tally.doubled for tally in course.tallies.values()))


def main() -> int:
    """Run and report."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--seconds", type=float, default=WITHIN, help="before and after each fault")
    options.add_argument("--kills", type=float, default=60.0, help="seconds of repeated kills")
    options.add_argument("--rate", type=float, default=50.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=tuple(SCENARIOS), default=None)
    given = options.parse_args()
    end_in_order()
    chaos = Chaos(rate=given.rate, before=given.seconds, after=given.seconds, kills=given.kills, seed=given.seed)
    missed = 0
    with durable_postgres() as server:
        for name, trouble in SCENARIOS.items():
            if given.only in (None, name):
                say(f"… {name}")
                course = lived(server, trouble, chaos)
                missed |= publish(list(lines(name, course)), course.faults)
                with suppress(Exception):
                    server.run("CHECKPOINT")
    return missed


if __name__ == "__main__":
    sys.exit(main())
