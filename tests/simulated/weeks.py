"""Weeks of the company in `../shared/data` under a profile. `python -m tests.simulated.weeks --help`.

Prints messages per person and week, what was acted on, and counts per rule; exit 1 when something did not hold.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from adapters.calendars import public_holidays
from adapters.importer import DatabaseImporter
from bot.model import Company
from bot.rules.threshold import PROFILES
from tests.simulated import decided, habits, report
from tests.simulated.town import Town, in_memory
from tests.simulated.watch import Watch

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
START = datetime(2026, 11, 2, 6, tzinfo=UTC)
COMPANY = Company(name="Acme", zone="Europe/Berlin")


class Standing:
    """A clock that stands: the instant of the import."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@dataclass(slots=True)
class Lived:
    """What came of it."""

    town: Town
    watch: Watch
    refused: list[str]
    returns: int
    seconds: float
    words: str
    decided: str


def lived(profile: str, *, weeks: int = 8, seed: int = 1, data: Path = DATA, off: Sequence[str] = ()) -> Lived:
    """Let the company live for so many weeks; the same seed lives the same weeks. `off`: thresholds HR switched off."""
    began = time.process_time()
    with in_memory() as engine:
        town = Town(engine, now=START, holidays=public_holidays)
        importer = DatabaseImporter(engine, Standing(START), COMPANY)
        assert importer.people((data / "people.csv").read_bytes(), dry_run=False).accepted
        assert importer.goals((data / "goals.csv").read_bytes(), dry_run=False).accepted
        town.joined(*town.imports.read_people())
        if profile != "standard":
            town.sets("profile", profile)
        for name in off:
            town.sets(name, "off")
        watch = Watch(town)
        ways = habits.Habits(town, COMPANY, public_holidays, str(seed))
        for person in list(town.people.values()):
            habits.goes_away(ways, person, START, weeks * 7)
        _some_leave(town, Random(seed), weeks)
        town.live(START + timedelta(weeks=weeks))
        noons = [START + timedelta(weeks=number, days=2) for number in range(weeks)]
        return Lived(
            town=town,
            watch=watch,
            refused=ways.refused,
            returns=watch.came_back(START),
            seconds=time.process_time() - began,
            words=report.table(town, noons),
            decided="\n".join((decided.decisions(town, COMPANY, public_holidays), decided.messages(town, noons))),
        )


def _some_leave(town: Town, dice: Random, weeks: int) -> None:
    """One in fifty leaves the company on some day; HR's next import says so a week before."""
    for person in sorted(town.people.values(), key=lambda person: person.email):
        if dice.random() < 0.02:
            said = START + timedelta(days=dice.randint(1, weeks * 7 - 8), hours=5)
            town.lets(said, partial(town.leaves, person.id, said.date() + timedelta(days=7)))


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulated.weeks", description=__doc__)
    parser.add_argument("--profile", choices=(*PROFILES, "all"), default="all")
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-digest", action="store_true", help="as if HR had switched the manager's digest off")
    parser.add_argument("--without-gathering", action="store_true", help="as if nothing waited for a digest")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of people.csv and goals.csv")
    given = parser.parse_args(words)
    off = ["manager.digest.when"] if given.without_digest else []
    off += ["manager.digest.gather"] if given.without_digest or given.without_gathering else []
    bad = 0
    for profile in ("standard", "light", "active") if given.profile == "all" else (given.profile,):
        done = lived(profile, weeks=given.weeks, seed=given.seed, data=given.data, off=off)
        people, posts = len(done.town.people), len(done.town.posts)
        without = f" with {' and '.join(off)} off" if off else ""
        print(f"\n{profile}{without}: {people} people, {given.weeks} weeks, seed {given.seed}: {posts} messages started by Rondo")
        print(done.words)
        print(done.decided)
        print(f"came back from leave: {done.returns}, each to one fresh prompt")
        print(f"counted by the budget, most on one day and in any seven days: {done.watch.day_most} and {done.watch.week_most}")
        print(f"violations: {len(done.watch.violations)}, forms not taken: {len(done.refused)}")
        print(f"{done.seconds:.0f} s of one core, {done.town.turns} turns", flush=True)
        for line in (*done.watch.violations[:20], *done.refused[:5]):
            print("   ", line)
        bad += len(done.watch.violations) + len(done.refused)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
