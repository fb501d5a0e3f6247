"""Many small companies of every odd kind, weeks of each. `python -m tests.simulated.many --runs 1000`; one again: `--seed 17`.

3 to 12 people in all zones, tight budgets, profiles, pauses, mutes, locks, leave, moves, leavers and joiners, all by chance.
Prints what was lived through and every violation with the command that lives it again; exit 1 when there is one.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

from bot.model import Company, Goal, Mute, Person, Role, Scope, ScopeKind
from bot.rules import registry
from bot.rules.policy import LOCK, PAUSE, PROFILE
from bot.rules.threshold import PROFILES
from tests.laws.companies import COUNTRIES, GOALS, HOURS, WEEKS, ZONES
from tests.laws.world import holidays
from tests.play.company import goal, person, result
from tests.simulated.audited import Audits
from tests.simulated.habits import Habits
from tests.simulated.town import Town, in_memory
from tests.simulated.watch import Watch

COMPANY = Company(name="Acme", zone="Europe/Berlin")
STARTS = (
    datetime(2026, 10, 19, 6, tzinfo=UTC),  # clocks change in it
    datetime(2026, 11, 9, 3, tzinfo=UTC),
    datetime(2026, 12, 7, 11, tzinfo=UTC),  # holidays, and the end of a cycle
    datetime(2027, 3, 1, 8, tzinfo=UTC),
)
TEAMS = ("Web", "Sales", "")
SETTINGS = (
    ("budget.per_day", ("1", "1", "2", "5")),
    ("budget.per_week", ("1", "2", "3", "10")),
    ("checkin.prompt.when", ("tue 14:00", "fri 17:30", "mon 09:00", "off")),
    ("checkin.reminder.first", ("1h", "off")),
    ("goal.stalled.owner", ("3cd", "7cd")),
    ("goal.stalled.manager", ("8cd", "10cd")),
    ("goal.stalled.lead", ("1d",)),
    ("quiet_hours", ("22:00-07:00", "12:00-15:00", "off")),
)


@dataclass(slots=True)
class Lived:
    """What came of one run."""

    seed: int
    people: int
    weeks: int
    messages: int
    returns: int
    violations: tuple[str, ...]
    audits: int = 0


def lived(seed: int, *, audited: bool = False) -> Lived:
    """One company; everything about it follows from the seed. `audited`: the auditor looks at it three times a week, too."""
    dice = Random(seed)
    now, weeks = dice.choice(STARTS), dice.choice((2, 2, 3, 4))
    with in_memory() as engine:
        town = Town(engine, now=now, holidays=holidays)
        everybody = [_somebody(dice, number, now) for number in range(min(dice.randint(3, 12), dice.randint(3, 12)))]
        town.with_people(*everybody)
        town.with_goals(*(one for who in everybody for one in _goals(dice, who, now)))
        town.known()
        watch = Watch(town)
        ways = Habits(town, COMPANY, holidays, str(seed), mutes=0.1)
        for _ in range(dice.randint(0, 4)):
            _something_is_set(town, dice)
        for _ in range(dice.randint(2, 2 * len(everybody))):
            act = dice.choice(HAPPENS)
            at = now + timedelta(minutes=dice.randint(60, weeks * 7 * 1440))
            town.lets(at, partial(act, town, Random(dice.random())))
        audits = Audits(town, COMPANY, holidays, Random(f"{seed}/audits"), weeks=weeks) if audited else None
        town.live(now + timedelta(weeks=weeks))
        if audits is not None:
            audits.look()
        returns = watch.came_back(now)
        return Lived(
            seed=seed,
            people=len(everybody),
            weeks=weeks,
            messages=len(town.posts),
            returns=returns,
            violations=(*watch.violations, *ways.refused, *(audits.alarms.values() if audits is not None else ())),
            audits=audits.runs if audits is not None else 0,
        )


# --------------------------------------------------------------------------------------------------- the company


def _somebody(dice: Random, number: int, now: datetime) -> Person:
    today = now.date()
    odd = dice.random() < 0.1
    boss = "" if number == 0 else f"p{dice.randint(0, number - 1)}"
    deputy = f"p{dice.randint(0, 11)}" if dice.random() < 0.3 else ""
    return person(
        f"p{number}",
        manager=boss,
        deputy="" if deputy == f"p{number}" else deputy,
        zone=dice.choice(ZONES),
        country=dice.choice(COUNTRIES),
        work_days=dice.choice(WEEKS),
        work_hours=dice.choice(HOURS),
        start_date=today + timedelta(days=dice.randint(0, 14)) if odd and dice.random() < 0.5 else None,
        end_date=today + timedelta(days=dice.randint(3, 20)) if odd and number else None,
        language=dice.choice((None, "ko")),
        role=Role.HR_ADMIN if number == 0 else Role.EMPLOYEE,
        team=dice.choice(TEAMS),
        known_since=now,
    )


def _goals(dice: Random, who: Person, now: datetime) -> list[Goal]:
    name = who.email.partition("@")[0]
    made = []
    for number in range(dice.choice((0, 1, 1, 2, 3))):
        title, kind, (text, unit, start, target) = dice.choice(GOALS)
        old = now - timedelta(days=dice.choice((0, 5, 13, 30)))
        for cycle in ("2026-Q4", "2027-Q1"):
            goal_id = f"{name}-{number}-{cycle}"
            key_result = result(f"{goal_id}-K", text, unit, start, target)
            made.append(goal(goal_id, name, title, key_result, kind=kind, cycle=cycle, updated_at=old))
    return made


# -------------------------------------------------------------------------------------------------- what happens


def _anybody(town: Town, dice: Random) -> Person:
    return dice.choice(sorted(town.people.values(), key=lambda person: person.email))


def _scope(town: Town, dice: Random) -> Scope:
    who = _anybody(town, dice)
    choices = (Scope(), Scope(), Scope(ScopeKind.TEAM, who.team), Scope(ScopeKind.PERSON, who.id))
    scope = dice.choice(choices)
    return scope if scope.name or scope.kind is ScopeKind.COMPANY else Scope()


def _something_is_set(town: Town, dice: Random) -> None:
    """HR sets a threshold, a profile or a lock."""
    chance = dice.random()
    if chance < 0.25:
        town.sets(PROFILE, dice.choice(PROFILES), _scope(town, dice))
    elif chance < 0.35:
        town.sets(LOCK + dice.choice(registry.RULES).name, "on", _scope(town, dice))
    else:
        name, values = dice.choice(SETTINGS)
        town.sets(name, dice.choice(values), _scope(town, dice))


def _rondo_is_paused(town: Town, dice: Random) -> None:
    scope = _scope(town, dice)
    town.sets(PAUSE, "on", scope)
    town.lets(town.now + timedelta(hours=dice.randint(5, 240)), lambda: town.sets(PAUSE, dice.choice(("off", None)), scope))


def _somebody_mutes(town: Town, dice: Random) -> None:
    who, rule = _anybody(town, dice), dice.choice([rule for rule in registry.RULES if rule.mutable])
    until = dice.choice((None, town.now + timedelta(days=7)))
    town.changes(replace(who, mutes=(*who.mutes, Mute(rule=rule.name, until=until))))


def _somebody_goes_away(town: Town, dice: Random) -> None:
    who = _anybody(town, dice)
    first = town.now.date() + timedelta(days=dice.randint(-1, 5))
    town.says(who, f"/away {first}..{first + timedelta(days=dice.choice((1, 2, 5, 9)))}")


def _somebody_is_back(town: Town, dice: Random) -> None:
    town.says(_anybody(town, dice), "/away back")


def _somebody_moves(town: Town, dice: Random) -> None:
    town.changes(replace(_anybody(town, dice), zone=dice.choice(ZONES)))


def _somebody_leaves(town: Town, dice: Random) -> None:
    who = _anybody(town, dice)
    town.leaves(who.id, town.now.date() + timedelta(days=dice.randint(-1, 7)))


Happens = Callable[[Town, Random], None]
HAPPENS: tuple[Happens, ...] = (
    _something_is_set,
    _rondo_is_paused,
    *(_somebody_mutes,) * 2,
    *(_somebody_goes_away,) * 4,
    _somebody_is_back,
    *(_somebody_moves,) * 2,
    _somebody_leaves,
)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.simulated.many", description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1, help="of the first run; the others follow")
    parser.add_argument(
        "--audit", action="store_true", help="let the auditor look three times a week: any finding is a false alarm"
    )
    given = parser.parse_args(words)
    began = time.process_time()
    runs, flag = [], " --audit" if given.audit else ""
    for seed in range(given.seed, given.seed + given.runs):
        run = lived(seed, audited=given.audit)
        runs.append(run)
        for line in run.violations:
            print(
                f"seed {seed}: {line}\n    again: python -m tests.simulated.many --seed {seed}{flag}",
                flush=True,
            )
    seconds = time.process_time() - began
    bad = sum(len(run.violations) for run in runs)
    audits = f", {sum(run.audits for run in runs)} audits" if given.audit else ""
    print(
        f"{len(runs)} companies (seeds {given.seed} to {given.seed + given.runs - 1}), {sum(run.people for run in runs)} people, "
        f"{sum(run.weeks for run in runs)} weeks, {sum(run.messages for run in runs)} messages, "
        f"{sum(run.returns for run in runs)} returns from leave{audits}: {bad} violations; {seconds:.0f} s of one core"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
