"""R1: `kill -9` at random moments while messages are sent; nothing is lost, nothing is doubled.

`python -m tests.chaos.kills --database sqlite|postgres` kills 1,000 times over 100,000 sends (`--kills`, `--sends`,
`--replicas`, `--seed`), on PostgreSQL with three replicas of which one dies at a time, sometimes two.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.chaos.company import Kind
from tests.chaos.judge import Tally, judged
from tests.chaos.platforms import Knobs
from tests.chaos.report import Line, at_most, end_in_order, note, publish, say
from tests.chaos.stage import BACKLOG, Stage, durable_postgres, durable_sqlite, stage
from tests.chaos.times import Times, divided

PROOF = divided(24)  # a lease of 5 s, a settle time of 2.5 s
TOGETHER = 0.1
"""How often two replicas die at the same moment, where there are three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How much, how often, how fast. `mistake`: see `tests.chaos.worker`."""

    kills: int
    sends: int
    replicas: int = 1
    seed: int = 0
    people: int = 1_000
    times: Times = PROOF
    knobs: Knobs = field(default_factory=Knobs)
    mistake: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a trial."""

    tallies: dict[Kind, Tally]
    kills: int
    in_flight: int  # claims that were held at all kills together
    doubted: int  # messages that got no clear answer
    seconds: float
    calls: dict[str, int]
    platform_faults: dict[str, int]

    @property
    def faults(self) -> list[str]:
        """Every broken promise."""
        return [f"{kind}: {fault}" for kind, tally in self.tallies.items() for fault in tally.faults]


def tried(database_url: str, trial: Trial) -> Result:
    """Send and kill until both numbers are reached, then let everything settle, and judge."""
    began = time.monotonic()
    with stage(database_url, trial.times, trial.knobs, seed=trial.seed, people=trial.people, mistake=trial.mistake) as scene:
        scene.start(trial.replicas)
        _kill_and_send(scene, trial)
        scene.drain()
        copies, calls, faults, unclear = scene.seen()
        # The platform's word as well as the workers': one may be killed between what it commits and what it notes.
        explained = (
            {key for key, _ in scene.struck} | scene.doubted() | {one.key for one in scene.flow.sent if one.number in unclear}
        )
        tallies = judged(scene.engine, scene.flow.sent, copies, explained)
        return Result(
            tallies=tallies,
            kills=scene.kills,
            in_flight=sum(scene.in_flight),
            doubted=len(scene.doubted()),
            seconds=time.monotonic() - began,
            calls=calls,
            platform_faults=faults,
        )


def _kill_and_send(scene: Stage, trial: Trial) -> None:
    """A kill comes after a random number of sends, so that kills and sends are reached together, at any speed."""
    chance = random.Random(trial.seed)
    mark, told_at = 0.0, time.monotonic()
    while (short := trial.sends - scene.flow.decided) > 0 or scene.kills < trial.kills:
        waiting = scene.waiting()
        settled = scene.flow.decided - waiting
        scene.moving(settled)
        if waiting < BACKLOG:
            scene.flow.decide(BACKLOG if short <= 0 else min(BACKLOG, short))
        if scene.kills < trial.kills and settled >= mark:
            time.sleep(chance.uniform(0, 0.05))
            count = min(2 if chance.random() < TOGETHER else 1, len(scene.replicas), trial.kills - scene.kills)
            scene.kill(chance, count)
            scene.start(count)
            each = max(10.0, trial.sends - settled) / max(1, trial.kills - scene.kills)
            mark = settled + chance.uniform(0, 2 * each * count)
        if time.monotonic() - told_at > 30:
            told_at = time.monotonic()
            say(f"… {settled} sends settled, {scene.kills} kills")
        time.sleep(0.01)


def lines(database: str, result: Result) -> Iterator[Line]:
    """The figures of R1."""
    name = f"R1 {database}"
    yield note(f"{name}: kills", result.kills)
    yield note(f"{name}: sends (posts and edits that were done)", _sends(result))
    yield note(f"{name}: messages under way at kills, in all", result.in_flight)
    yield note(f"{name}: messages with an unclear answer", result.doubted)
    yield note(f"{name}: faults of the platforms", sum(result.platform_faults.values()))
    yield note(f"{name}: took", round(result.seconds), "s")
    for kind, tally in result.tallies.items():
        yield note(f"{name}: {kind}: messages", tally.messages)
        for state, count in sorted(tally.states.items()):
            yield note(f"{name}: {kind}: {state}", count)
        yield at_most(f"{name}: {kind}: lost", tally.lost, 0)
        yield at_most(f"{name}: {kind}: said to be sent and not seen so", tally.lies, 0)
        if kind is Kind.REPEATED:
            yield note(f"{name}: {kind}: seen twice", tally.doubled)
        else:
            yield at_most(f"{name}: {kind}: seen twice", tally.doubled, 0)
        yield note(f"{name}: {kind}: unknown, and not seen", tally.unknown_unseen)
        yield at_most(f"{name}: {kind}: unknown without crash or unclear answer", tally.unexplained, 0)


def _sends(result: Result) -> int:
    return sum(result.calls.get(call, 0) for call in ("slack chat.postMessage", "slack chat.update", "teams POST", "teams PUT"))


@contextmanager
def database(name: str) -> Iterator[str]:
    """URL of a new, durable database of a kind."""
    if name == "sqlite":
        with durable_sqlite() as url:
            yield url
    else:
        with durable_postgres() as server:
            yield server.url


def main() -> int:
    """Run and report."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--database", choices=("sqlite", "postgres"), required=True)
    options.add_argument("--kills", type=int, default=1_000)
    options.add_argument("--sends", type=int, default=100_000)
    options.add_argument("--replicas", type=int, default=3, help="on PostgreSQL; SQLite has one")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    end_in_order()
    replicas = given.replicas if given.database == "postgres" else 1
    trial = Trial(kills=given.kills, sends=given.sends, replicas=replicas, seed=given.seed, knobs=Knobs(seed=given.seed))
    with database(given.database) as url:
        result = tried(url, trial)
    return publish(list(lines(given.database, result)), result.faults)


if __name__ == "__main__":
    sys.exit(main())
