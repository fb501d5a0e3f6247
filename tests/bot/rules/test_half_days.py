"""Half days: the working day ends or begins in its middle, and everything else stays as it was."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.model import DayPart
from bot.rules.worktime import Calendar, QuietHours, Span, Unit, WorkPattern, ask_instant

THURSDAY = date(2026, 11, 19)
THU, FRI = 3, 4
ZONE = ZoneInfo("Europe/Berlin")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def half(
    *days: str, start: str = "09:00", end: str = "18:00", quiet: QuietHours | None = None, work_days: str = "01234"
) -> Calendar:
    """Somebody's calendar; `days` like "2026-11-19 morning"."""
    halves = [(date.fromisoformat(day), DayPart(part)) for day, part in (text.split() for text in days)]
    pattern = WorkPattern(days=frozenset(map(int, work_days)), start=time.fromisoformat(start), end=time.fromisoformat(end))
    return Calendar(
        zone=ZONE,
        pattern=pattern,
        quiet=quiet or QuietHours(),
        half_days=tuple((day, day, part) for day, part in halves),
    )


@pytest.mark.parametrize(
    ("part", "hours", "window"),
    [
        ("morning", ("09:00", "18:00"), ("13:30", "18:00")),
        ("afternoon", ("09:00", "18:00"), ("09:00", "13:30")),
        ("morning", ("06:00", "14:30"), ("10:15", "14:30")),
        ("afternoon", ("06:00", "14:30"), ("09:00", "10:15")),  # nine: quiet before
        ("morning", ("09:00", "17:45"), ("13:22", "17:45")),
        ("morning", ("19:00", "23:00"), ("21:00", "23:00")),  # a night worker: working hours win, half of them too
    ],
)
def test_the_other_half_is_worked(part: str, hours: tuple[str, str], window: tuple[str, str]) -> None:
    calendar = half(f"2026-11-19 {part}", start=hours[0], end=hours[1])
    assert calendar.polite_window(THURSDAY) == tuple(berlin(f"2026-11-19T{at}") for at in window)
    assert calendar.works_on(THURSDAY)
    assert not calendar.is_away(THURSDAY)


def test_both_halves_are_a_day_away() -> None:
    calendar = half("2026-11-19 morning", "2026-11-19 afternoon")
    assert calendar.is_away(THURSDAY)
    assert not calendar.works_on(THURSDAY)
    assert calendar.polite_window(THURSDAY) is None
    assert not half("2026-11-19 morning", "2026-11-20 afternoon").is_away(THURSDAY)


def test_a_half_that_is_quiet_altogether_has_no_polite_time_although_it_is_worked() -> None:
    calendar = half("2026-11-19 morning", quiet=QuietHours(start=time(12), end=time(9)))
    assert calendar.works_on(THURSDAY)
    assert calendar.polite_window(THURSDAY) is None
    assert calendar.next_polite(berlin("2026-11-19T08:00")) == berlin("2026-11-20T09:00")
    lunch = half("2026-11-19 afternoon", quiet=QuietHours(start=time(9), end=time(13)))  # 13:00-13:30 is left
    assert lunch.polite_window(THURSDAY) == (berlin("2026-11-19T13:00"), berlin("2026-11-19T13:30"))


@pytest.mark.parametrize(
    ("days", "weekday", "at", "asked"),
    [
        (("2026-11-19 morning",), THU, time(10), "2026-11-19T13:30"),  # the other half is later
        (("2026-11-19 morning",), THU, time(15), "2026-11-19T15:00"),
        (("2026-11-19 afternoon",), THU, time(10), "2026-11-19T10:00"),
        (("2026-11-19 afternoon",), THU, time(15), "2026-11-20T09:00"),  # the other half is over: next worked day
        (("2026-11-19 afternoon", "2026-11-20 morning"), THU, time(15), "2026-11-20T13:30"),
        (("2026-11-20 afternoon",), FRI, time(15), "2026-11-20T12:30"),  # no later day: an hour before the end
        (("2026-11-19 morning", "2026-11-19 afternoon"), THU, time(10), "2026-11-20T09:00"),
    ],
)
def test_a_check_in_in_the_free_half_moves_to_the_other_half_or_the_next_day(
    days: tuple[str, ...], weekday: int, at: time, asked: str
) -> None:
    assert ask_instant(half(*days), "2026-W47", weekday, at) == berlin(asked)


@pytest.mark.parametrize(
    ("since", "amount", "unit", "until"),
    [
        ("2026-11-18T16:00", 4, Unit.HOURS, "2026-11-19T15:30"),  # two on Wednesday, two on Thursday afternoon
        ("2026-11-18T16:00", 7, Unit.HOURS, "2026-11-20T09:30"),
        ("2026-11-19T10:00", 1, Unit.HOURS, "2026-11-19T14:30"),
        ("2026-11-18T16:00", 1, Unit.DAYS, "2026-11-19T16:00"),  # half a day is a worked day
        ("2026-11-18T10:00", 1, Unit.DAYS, "2026-11-19T10:00"),  # and the result need not be polite, as ever
    ],
)
def test_spans_in_hours_count_the_worked_half(since: str, amount: int, unit: Unit, until: str) -> None:
    assert half("2026-11-19 morning").add(berlin(since), Span(amount=amount, unit=unit)) == berlin(until)


def test_leave_given_week_by_week_is_one_leave_with_one_return() -> None:
    days = [("2026-11-02", "2026-11-04"), ("2026-11-05", "2026-11-06"), ("2026-11-09", "2026-11-10")]
    calendar = Calendar(zone=ZONE, absences=tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in reversed(days)))
    assert calendar.back_since(berlin("2026-10-20T10:00"), berlin("2026-11-20T10:00")) == berlin("2026-11-11T00:00")
    assert calendar.back_since(berlin("2026-11-12T10:00"), berlin("2026-11-20T10:00")) is None
    assert calendar.back_since(berlin("2026-10-20T10:00"), berlin("2026-11-10T10:00")) is None, "not back yet"


def test_short_leave_and_half_days_are_no_return() -> None:
    short = Calendar(zone=ZONE, absences=((date(2026, 11, 2), date(2026, 11, 3)), (date(2026, 11, 5), date(2026, 11, 6))))
    assert short.back_since(berlin("2026-10-20T10:00"), berlin("2026-11-20T10:00")) is None, "Wednesday was worked"
    part_time = Calendar(zone=ZONE, half_days=((date(2026, 10, 1), date(2026, 11, 10), DayPart.AFTERNOON),))
    assert part_time.back_since(berlin("2026-09-20T10:00"), berlin("2026-11-20T10:00")) is None
