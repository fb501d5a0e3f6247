"""The auditor's arithmetic is its own, and comes to what the product's comes to, in every odd week there is."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

import bot.audit
from bot.audit.days import Days, Habit, instant, name_of
from bot.model import DayPart
from bot.rules.policy import read_span
from bot.rules.worktime import Calendar, QuietHours, WorkPattern, ask_instant, localize

ZONES = (
    "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Africa/Cairo", "America/Santiago", "Asia/Beirut",
    "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Pacific/Kiritimati", "America/St_Johns", "Asia/Seoul",
)  # fmt: skip
HOURS = ((time(9), time(18)), (time(7), time(15)), (time(9, 30), time(12)), (time(0), time(8)), (time(13), time(22)))
QUIET = (
    QuietHours(),
    QuietHours(start=time(12), end=time(15)),
    QuietHours(start=time(0), end=time(0)),
    QuietHours(start=time(22), end=time(7)),
)
WEEKS = (range(5), (6, 0, 1, 2, 3), (0, 1, 3), (1,), (5, 6))
SPANS = ("0d", "1h", "4h", "17h", "1d", "3d", "14cd")


def test_it_uses_nothing_of_what_it_judges() -> None:
    for path in Path(next(iter(bot.audit.__path__))).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                assert not module.startswith("bot.") or module == "bot.model" or module.startswith("bot.audit"), (
                    f"{path}: {module}"
                )


def holidays(country: str, year: int) -> frozenset[date]:
    dice = Random(f"{country}{year}")
    return frozenset(date(year, 1, 1) + timedelta(days=dice.randrange(365)) for _ in range(20))


def twins(seed: int) -> tuple[Days, Calendar, Random]:
    """The same person's working time, as the auditor and as the product reckons it."""
    dice = Random(seed)
    zone, (start, end), quiet = ZoneInfo(dice.choice(ZONES)), dice.choice(HOURS), dice.choice(QUIET)
    weekdays, country = frozenset(dice.choice(WEEKS)), dice.choice(("", "XX"))
    begin = date(2026, 1, 1) + timedelta(days=dice.randrange(700))
    leave = tuple(_leave(dice, begin) for _ in range(dice.randrange(4)))
    first = begin + timedelta(days=dice.randrange(-20, 20)) if dice.random() < 0.2 else None
    last = begin + timedelta(days=dice.randrange(20, 90)) if dice.random() < 0.2 else None
    silent = None if quiet.start == quiet.end else (quiet.start, quiet.end)
    days = Days(Habit(zone, weekdays, (start, end), silent, country, leave, first, last), holidays)
    calendar = Calendar(
        zone=zone,
        pattern=WorkPattern(days=weekdays, start=start, end=end),
        quiet=quiet,
        holidays=(lambda year: holidays(country, year)) if country else (lambda year: frozenset()),
        absences=tuple((since, until) for since, until, part in leave if not part),
        half_days=tuple((since, until, part) for since, until, part in leave if part),
        first_day=first,
        last_day=last,
    )
    return days, calendar, dice


def _leave(dice: Random, begin: date) -> tuple[date, date, DayPart]:
    since = begin + timedelta(days=dice.randrange(60))
    return since, since + timedelta(days=dice.choice((0, 1, 4, 13))), dice.choice((DayPart.WHOLE, *DayPart))


def mondays(calendar: Calendar) -> Iterator[date]:
    """Weeks in which clocks change, days are skipped, years end."""
    years = (2011, 2026, 2027) if calendar.zone.key == "Pacific/Apia" else (2026, 2027)
    for year in years:
        yield from (date.fromisocalendar(year, week, 1) for week in (1, 9, 12, 13, 14, 17, 30, 36, 43, 44, 52))


@pytest.mark.parametrize("seed", range(60))
def test_a_week_is_asked_about_at_the_same_instant(seed: int) -> None:
    days, calendar, dice = twins(seed)
    for monday in mondays(calendar):
        weekday, at = dice.randrange(7), time(dice.randrange(24), dice.choice((0, 15, 30)))
        assert days.asked(monday, weekday, at) == ask_instant(calendar, name_of(monday), weekday, at), (monday, weekday, at)


@pytest.mark.parametrize("seed", range(60))
def test_working_time_is_the_same(seed: int) -> None:
    days, calendar, dice = twins(seed)
    for monday in mondays(calendar):
        now = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) + timedelta(minutes=dice.randrange(7 * 1440))
        assert days.next(now) == calendar.next_polite(now), now
        for span in SPANS:
            assert days.add(now, span) == calendar.add(now, read_span(span)), (now, span)


@pytest.mark.parametrize("name", ZONES)
def test_a_local_time_is_the_same_instant(name: str) -> None:
    zone = ZoneInfo(name)
    for day in (date(2026, 1, 1) + timedelta(days=number) for number in range(730)):
        for at in (time(0), time(0, 30), time(2, 30), time(10)):
            assert instant(day, at, zone) == localize(day, at, zone), (day, at)
