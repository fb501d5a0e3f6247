"""Plain arithmetic about goals and cycles, to judge the rules with: no evaluator of theirs is used."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from bot.model import CheckIn, Goal, KeyResult, Person
from tests.laws.world import works


def ends(cycle: str) -> tuple[date, date]:
    """First and last day of a quarter such as `2026-Q4`."""
    year, quarter = int(cycle[:4]), int(cycle[-1])
    after = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return date(year, quarter * 3 - 2, 1), after - timedelta(days=1)


def share(result: KeyResult) -> Decimal | None:
    """How much of the way from start to target was made, from 0 to 1; None where that cannot be said."""
    if result.start is None or result.target is None or result.current is None or result.start == result.target:
        return None
    return min(max((result.current - result.start) / (result.target - result.start), Decimal(0)), Decimal(1))


def behind(goal: Goal, owner: Person, today: date) -> Decimal | None:
    """How many points the goal lies behind the part of the owner's working days in the cycle that is over."""
    shares = [one for one in map(share, goal.key_results) if one is not None]
    first, last = ends(goal.cycle)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    worked = [day for day in days if works(owner, day)]
    if not shares or not worked:
        return None
    over = Decimal(sum(day < today for day in worked)) / len(worked)
    return (over - sum(shares, Decimal(0)) / len(shares)) * 100


def standing_still(goal: Goal, checkins: Iterable[CheckIn]) -> int:
    """In how many of the newest answers about the goal every key result still open stood where it stands now."""
    now = {one.id: one.current for one in goal.key_results if one.current is not None and share(one) != 1}
    told = [(one.period, answer.values) for one in checkins for answer in one.answers if answer.goal_id == goal.id]
    count = 0
    for _, values in sorted(told, key=lambda one: one[0], reverse=True):
        said = {name: value for name, value in values.items() if name in now}
        if not said:
            continue
        if any(now[name] != value for name, value in said.items()):
            break
        count += 1
    return count
