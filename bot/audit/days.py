"""Somebody's working time, reckoned anew: from the zone's clock itself, day by day. Knows nothing of `bot.rules.worktime`.

A day is a stretch of instants in which they may be written to, or none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model import DayPart

Stretch = tuple[datetime, datetime]
DAY = timedelta(days=1)
FAR = 400
"""Days that are looked at for the next one that is worked; for spans ten times as many."""


@lru_cache(maxsize=32_768)
def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When clocks there first show `at` on `day`, or, where they skip it, the first instant after."""
    wanted = datetime.combine(day, at)
    there = wanted.replace(tzinfo=UTC)
    offsets = {(there + timedelta(hours=hours)).astimezone(zone).utcoffset() or timedelta() for hours in range(-30, 31, 3)}
    shown = (there - offset for offset in offsets)
    hits = [one for one in shown if one.astimezone(zone).replace(tzinfo=None) == wanted]
    if hits:
        return min(hits)
    before, after = there - max(offsets), there - min(offsets)
    while after - before > timedelta(seconds=1):  # the clock jumps over it somewhere in between
        middle = before + (after - before) // 2
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def week_of(at: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week it is there."""
    today = at.astimezone(zone).date()
    return today - timedelta(days=today.weekday())


def name_of(monday: date) -> str:
    """`2026-W47`."""
    year, week, _ = monday.isocalendar()
    return f"{year:04}-W{week:02}"


@dataclass(frozen=True, slots=True)
class Habit:
    """What somebody's days depend on."""

    zone: ZoneInfo
    weekdays: frozenset[int]
    hours: tuple[time, time]
    quiet: tuple[time, time] | None
    country: str
    leave: tuple[tuple[date, date, DayPart], ...]
    first: date | None
    last: date | None


class Days:
    """The days of everybody with one habit."""

    def __init__(self, habit: Habit, holidays: Callable[[str, int], frozenset[date]]) -> None:
        self.habit = habit
        self._holidays = holidays
        self._stretches: dict[date, Stretch | None] = {}
        self._asked: dict[tuple[date, int, time], datetime | None] = {}

    @property
    def zone(self) -> ZoneInfo:
        """Where they are."""
        return self.habit.zone

    def local(self, at: datetime) -> date:
        """What day it is there."""
        return at.astimezone(self.zone).date()

    # ------------------------------------------------------------------------------------------------- one day

    def off(self, day: date) -> bool:
        """On leave all day, not here yet, or gone. A weekend or holiday is not "off"."""
        habit = self.habit
        outside = (habit.first is not None and day < habit.first) or (habit.last is not None and day > habit.last)
        return outside or len(self._leave(day)) == 2

    def _leave(self, day: date) -> set[DayPart]:
        """The halves of the day that are leave."""
        both = {DayPart.MORNING, DayPart.AFTERNOON}
        parts = {part for first, last, part in self.habit.leave if first <= day <= last}
        return both if DayPart.WHOLE in parts else parts

    def _office(self, day: date, *, whole: bool = False) -> tuple[time, time]:
        start, end = self.habit.hours
        halfway = (start.hour * 60 + start.minute + end.hour * 60 + end.minute) // 2
        noon, leave = time(halfway // 60, halfway % 60), set() if whole else self._leave(day)
        return noon if DayPart.MORNING in leave else start, noon if DayPart.AFTERNOON in leave else end

    def shows(self, day: date) -> bool:
        """The clock there shows that day's working hours at all."""
        start, end = self._between(day, *self._office(day, whole=True))
        return start < end

    def _between(self, day: date, start: time, end: time) -> Stretch:
        return instant(day, start, self.zone), instant(day, end, self.zone)

    def worked(self, day: date) -> Stretch | None:
        """Working hours, whatever is quiet in them."""
        habit = self.habit
        idle = day.weekday() not in habit.weekdays or self.off(day)
        if idle or (habit.country and day in self._holidays(habit.country, day.year)):
            return None
        stretch = self._between(day, *self._office(day))
        return stretch if stretch[0] < stretch[1] else None

    def stretch(self, day: date) -> Stretch | None:
        """When they may be written to; None: not that day."""
        if day not in self._stretches:
            self._stretches[day] = self._reckoned(day)
        return self._stretches[day]

    def _reckoned(self, day: date) -> Stretch | None:
        office = self.worked(day)
        if office is None:
            return None
        loud = self._loud(*self._office(day))
        if loud is None:  # whoever only works in quiet hours is reached at work, but not on half of such a day
            return office if self._loud(*self._office(day, whole=True)) is None else None
        stretch = self._between(day, *loud)
        return stretch if stretch[0] < stretch[1] else office

    def _loud(self, start: time, end: time) -> tuple[time, time] | None:
        """The longest piece of a working day outside the quiet hours, the earliest of equals."""
        if self.habit.quiet is None:
            return start, end
        hush, wake = self.habit.quiet
        pieces = [(start, min(end, hush)), (max(start, wake), end)] if hush < wake else [(max(start, wake), min(end, hush))]
        pieces = [piece for piece in pieces if piece[0] < piece[1]]
        return max(pieces, key=lambda piece: _minutes(piece[1]) - _minutes(piece[0]), default=None)

    # ------------------------------------------------------------------------------------------------ in a row

    def following(self, at: datetime, days: int = FAR) -> Iterator[tuple[date, Stretch]]:
        """The days in which they may be written to after `at`, the one under way included."""
        today = self.local(at) - DAY
        for ahead in range(days):
            day = today + timedelta(days=ahead)
            stretch = self.stretch(day)
            if stretch is not None and stretch[1] > at:
                yield day, stretch

    def next(self, at: datetime) -> datetime | None:
        """`at`, or else the next instant at which they may be written to."""
        found = next(self.following(at), None)
        return max(at, found[1][0]) if found is not None else None

    def ends(self, at: datetime) -> datetime:
        """When the stretch that `at` lies in is over; `at` itself where it lies in none."""
        found = next(self.following(at), None)
        return found[1][1] if found is not None and found[1][0] <= at else at

    def add(self, at: datetime, span: str) -> datetime | None:
        """`at` and `4h` or `2d` of their working time, or `14cd` of anybody's."""
        amount, unit = int(span.rstrip("hcd")), span.lstrip("0123456789")
        if amount == 0:
            return at
        wall = at.astimezone(self.zone)
        if unit == "cd":
            return instant(wall.date() + timedelta(days=amount), wall.time(), self.zone)
        return self._hours(at, amount) if unit == "h" else self._worked_days(at, amount)

    def _worked_days(self, at: datetime, amount: int) -> datetime | None:
        wall = at.astimezone(self.zone)
        for ahead in range(1, FAR * 10):
            day = wall.date() + timedelta(days=ahead)
            amount -= self.worked(day) is not None
            if amount == 0:
                return instant(day, wall.time(), self.zone)
        return None

    def _hours(self, at: datetime, amount: int) -> datetime | None:
        left, today = timedelta(hours=amount), self.local(at)
        for ahead in range(FAR * 10):
            office = self.worked(today + timedelta(days=ahead))
            if office is None or office[1] <= at:
                continue
            here = office[1] - max(office[0], at)
            if here >= left:
                return max(office[0], at) + left
            left -= here
        return None

    def asked(self, monday: date, weekday: int, at: time) -> datetime | None:
        """When that week is asked about, before the crowd is spread; None: not at all. INTERFACES, "Working time"."""
        if (monday, weekday, at) not in self._asked:
            self._asked[monday, weekday, at] = self._asking(monday, weekday, at)
        return self._asked[monday, weekday, at]

    def _asking(self, monday: date, weekday: int, at: time) -> datetime | None:
        week = [monday + timedelta(days=number) for number in range(7)]
        mine = [day for day in week if day.weekday() in self.habit.weekdays and self.shows(day)]
        if not mine:
            return None
        day = next((one for one in mine if one.weekday() >= weekday), mine[-1])
        stretch = self.stretch(day)
        after = [found for one in week if one > day and (found := self.stretch(one)) is not None]
        if stretch is None and after:
            return after[0][0]
        if stretch is None:  # only holidays follow: the last day that is worked, so that no working week goes unasked
            before = [one for one in week if one < day and self.stretch(one) is not None]
            if not before or any(self.off(one) for one in week if one >= day):
                return None
            day = before[-1]
            stretch = self.stretch(day)
        assert stretch is not None
        wanted = instant(day, at, self.zone)
        if wanted < stretch[1]:
            return max(wanted, stretch[0])
        return after[0][0] if after else max(stretch[0], stretch[1] - timedelta(hours=1))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
