"""Preview against truth. `python -m tests.simulated.preview_truth --people 60 --seeds 3`.

A company lives eight weeks; the preview says what a threshold would have changed in them. Then its next four weeks are
lived twice, with the same people doing the same: with the change and without. The table sets the predicted change of a
rule's nudges against the measured one, in percent of the nudges without it; the error is in percentage points.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Engine

from bot.events import Address, Platform, Said
from bot.history import History
from bot.model import Company, Goal, PolicyChange, Role, Scope
from bot.rules import registry
from bot.rules.backtest import UNASKED, Comparison, compare
from bot.scene import Scene
from bot.situation import Situation
from storage import history
from storage.engine import reading
from tests.play.company import PHRASES, goal, no_holidays, person, result
from tests.simulated.habits import Habits, goes_away
from tests.simulated.town import Town, in_memory

START = datetime(2026, 10, 5, 6, tzinfo=UTC)
"""Twelve weeks from here lie in one quarter."""
PAST, NEXT = timedelta(weeks=8), timedelta(weeks=4)
COMPANY = Company(name="Acme", zone="Europe/Berlin")
CHANGES = (("goal.stalled.owner", "28cd"), ("checkin.reminder.second", "off"))
TEAM_SIZE = 6
BOSS = Address(platform=Platform.LOCAL, tenant="local", user="boss@acme.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What was foreseen and what came."""

    seed: int
    threshold: str
    value: str
    found: Comparison
    without: int  # nudges of the rule in the next four weeks
    with_it: int

    @property
    def predicted(self) -> float:
        """Percent more (or, negative, fewer) nudges."""
        return 100 * (self.found.after - self.found.before) / self.found.before if self.found.before else 0.0

    @property
    def measured(self) -> float:
        """The same of the weeks that came."""
        return 100 * (self.with_it - self.without) / self.without if self.without else 0.0

    @property
    def error(self) -> float:
        """Percentage points between the two."""
        return self.predicted - self.measured

    def __str__(self) -> str:
        counts = f"{self.found.before:6} {self.found.after:6} {self.predicted:+9.0f} %"
        came = f"{self.without:8} {self.with_it:6} {self.measured:+9.0f} %"
        return f"{self.seed:4}  {self.threshold:24} {self.value:5} {counts} {came} {self.error:+7.0f}"


HEADER = f"""\
{"":36} the last 8 weeks            the next 4 weeks
seed  {"threshold":24} {"to":5}  as is   then   predicted    as is   then    measured   error"""


def founded(engine: Engine, seed: int, people: int) -> Town:
    """Teams of six under a boss who is HR; everybody has one or two goals and habits of their own."""
    dice = Random(seed)
    town = Town(engine, now=START, holidays=no_holidays)
    everybody = [person("boss", role=Role.HR_ADMIN, known_since=START)]
    goals: list[Goal] = []
    for number in range(people):
        team, place = divmod(number, TEAM_SIZE)
        lead = f"w{team * TEAM_SIZE}"
        name = f"w{number}"
        everybody.append(person(name, manager=lead if place else "boss", team=f"Team {team}", known_since=START))
        for which in range(dice.choice((1, 1, 2))):
            id = f"{name}-{which}"
            since = START - timedelta(days=dice.randint(0, 12))
            goals.append(goal(id, name, f"Goal {id}", result(f"{id}-K", "Pages live"), updated_at=since))
    town.with_people(*everybody)
    town.with_goals(*goals)
    town.known()
    ways = Habits(town, COMPANY, no_holidays, str(seed))
    for one in everybody:
        goes_away(ways, one, START, 84)
    return town


def nudges(town: Town, rule: str, since: datetime) -> int:
    """What the ledger says was said under a rule since then, whatever message it stood in."""
    past = history_of(town.engine, town.now)
    lines = (one for who in past.people for one in who.sent if one.rule == rule and one.at >= since)
    return sum(not one.held and one.stage not in UNASKED for one in lines)


def history_of(engine: Engine, now: datetime) -> History:
    """Everybody's months, as a preview for the company loads them."""
    asked = Said(id="preview", at=now, by=BOSS, text="/nudges preview goal.stalled 28d")
    with reading(engine) as connection:
        return history.load(connection, asked, (), ())


def scene_of(past: History, now: datetime) -> Scene:
    """HR asks."""
    boss = next(one for one in past.around.values() if one.role is Role.HR_ADMIN)
    situation = Situation(
        now=now, company=COMPANY, holidays=no_holidays, policies=(), actor=boss, person=boss, people=past.around, history=past
    )
    return Scene(Said(id="preview", at=now, by=BOSS, text=""), situation, PHRASES)


def lived(seed: int, people: int, changes: Sequence[tuple[str, str]] = CHANGES) -> tuple[Truth, ...]:
    """Foreseen after eight weeks, then lived with and without."""
    foreseen: dict[str, Comparison] = {}
    without: dict[str, int] = {}
    with in_memory() as engine:
        town = founded(engine, seed, people)
        town.live(START + PAST)
        past = history_of(engine, town.now)
        for threshold, value in changes:
            rule = registry.threshold(threshold).rule
            change = PolicyChange(version=1, at=town.now, author="", threshold=threshold, scope=Scope(), value=value)
            foreseen[threshold] = compare(scene_of(past, town.now), rule, change)
        town.live(START + PAST + NEXT)
        for threshold, _ in changes:
            without[threshold] = nudges(town, registry.threshold(threshold).rule, START + PAST)
    truths: list[Truth] = []
    for threshold, value in changes:
        with in_memory() as engine:
            town = founded(engine, seed, people)
            town.live(START + PAST)
            town.sets(threshold, value)
            town.live(START + PAST + NEXT)
            then = nudges(town, registry.threshold(threshold).rule, START + PAST)
        truths.append(
            Truth(
                seed=seed,
                threshold=threshold,
                value=value,
                found=foreseen[threshold],
                without=without[threshold],
                with_it=then,
            )
        )
    return tuple(truths)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulated.preview_truth", description=__doc__)
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args(words)
    print(HEADER)
    errors: dict[str, list[float]] = {}
    for seed in range(1, given.seeds + 1):
        for truth in lived(seed, given.people):
            print(truth, flush=True)
            errors.setdefault(truth.threshold, []).append(truth.error)
    for threshold, found in errors.items():
        mean = sum(abs(one) for one in found) / len(found)
        print(f"{threshold}: {mean:.0f} points off on average, {max(map(abs, found)):.0f} at most")
    return 0


if __name__ == "__main__":
    sys.exit(main())
