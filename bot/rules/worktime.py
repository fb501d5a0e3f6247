"""When is it a good time for one person? Working hours, quiet hours, leave, holidays and clock changes.

Pure arithmetic on values given by the caller. May read the tz database through zoneinfo; may not read the clock,
know about messages or policies, or hand out anything but aware UTC instants. Local times live only inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar, assert_never
from zoneinfo import ZoneInfo

from bot.model import DayPart
from bot.rules.localtime import localize as localize
from bot.rules.localtime import utc

Window = tuple[datetime, datetime]

_POLITE_HORIZON = 400  # days; more than a year, so that the longest yearly gap in somebody's pattern is crossed
_SPAN_HORIZON = 4_000  # days, about ten years; a longer span is a typing error, and an endless search helps nobody

_REMEMBERED = 1_000  # so much a calendar has worked out before it begins anew

Found = TypeVar("Found")


class Unit(StrEnum):
    """What a threshold counts; PRODUCT.md section 2: working time unless marked calendar."""

    HOURS = "h"  # working hours
    DAYS = "d"  # working days
    CALENDAR_DAYS = "cd"  # calendar days


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A length of one person's time, such as 4 working hours or 14 calendar days. ValueError below zero."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"A span of time cannot be negative, got {self.amount}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Local time of day in which nothing self-started arrives: [start, end), over midnight when start > end."""

    start: time = time(18)
    end: time = time(9)
    """Equal to `start`: no quiet hours at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPattern:
    """The week somebody works, the same hours on each of `days`. ValueError for no days or hours that end too early."""

    days: frozenset[int] = frozenset(range(5))
    """Monday is 0, Sunday is 6."""
    start: time = time(9)
    end: time = time(18)
    """Local, after `start` on the same day: a night shift over midnight is not described by this."""

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError(f"Working days are numbers from 0 (Monday) to 6 (Sunday), got {sorted(self.days)}.")
        if self.start >= self.end:
            raise ValueError(f"Working hours must end after they start, got {self.start:%H:%M}-{self.end:%H:%M}.")

    @property
    def middle(self) -> time:
        """Where the two halves of the day meet, to the minute."""
        half = _length((self.start, self.end)) / 2
        return (datetime.combine(date.min, self.start) + half).time().replace(second=0, microsecond=0)


def no_holidays(year: int) -> frozenset[date]:
    """The holiday lookup of a person whose country is unknown: none in any year."""
    return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """One person's working time. Instants in must be aware (ValueError otherwise); instants out are UTC."""

    zone: ZoneInfo
    pattern: WorkPattern = field(default_factory=WorkPattern)
    quiet: QuietHours = field(default_factory=QuietHours)
    holidays: Callable[[int], frozenset[date]] = no_holidays
    """Year to public holidays of the person's country; must be a pure lookup, it is asked often."""
    absences: tuple[tuple[date, date], ...] = ()
    """Leave of whole days; both dates included."""
    half_days: tuple[tuple[date, date, DayPart], ...] = ()
    """Leave of one part of each of these days; both dates included. Both parts of a day are the whole day."""
    first_day: date | None = None
    """Before it: not working (joiner)."""
    last_day: date | None = None
    """After it: not working (leaver). The last day itself is worked."""
    _known: dict[Hashable, Any] = field(default_factory=dict, init=False, compare=False, repr=False)

    def once(self, key: Hashable, work_out: Callable[[], Found]) -> Found:
        """What `work_out` gives, which depends on nothing but this calendar and `key`: many people share a calendar."""
        found: Found = self._known.get(key, self)
        if found is self:
            found = work_out()
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found

    def local(self, instant: datetime) -> datetime:
        """The instant on this person's wall clock."""
        return utc(instant).astimezone(self.zone)

    def works_on(self, day: date) -> bool:
        """Whether the local day is worked: pattern, holidays, absences, first and last day, and the day exists.

        A day of which the zone's clock skipped all working hours (Apia, 30 December 2011) is not worked by anybody.
        """
        return (
            day.weekday() in self.pattern.days
            and not self.is_away(day)
            and day not in self.holidays(day.year)
            and self._working_hours(day) is not None
        )

    def is_away(self, day: date) -> bool:
        """Whether the local day is leave, or outside the employment. Weekends and holidays are not "away"."""
        if self.first_day is not None and day < self.first_day:
            return True
        if self.last_day is not None and day > self.last_day:
            return True
        if not self.absences and not self.half_days:
            return False
        return any(since <= day <= until for since, until in self.absences) or len(self._free_parts(day)) > 1

    def hours(self, day: date) -> tuple[time, time]:
        """Local start and end of work on a day that is worked; where half of it is leave, the other half."""
        start, end = self.pattern.start, self.pattern.end
        if not self.half_days:
            return start, end
        free = self._free_parts(day)
        if DayPart.MORNING in free:
            start = self.pattern.middle
        if DayPart.AFTERNOON in free:
            end = self.pattern.middle
        return start, end

    def _free_parts(self, day: date) -> frozenset[DayPart]:
        return frozenset(part for since, until, part in self.half_days if since <= day <= until)

    def back_since(self, instant: datetime, now: datetime) -> datetime | None:
        """When the person came back from the last leave of five days or more that ended between the two; None: there was none."""
        returns = (until + timedelta(days=1) for since, until in self._leaves() if (until - since).days >= 4)
        starts = (localize(day, time(0), self.zone) for day in returns)
        return max((start for start in starts if utc(instant) < start <= utc(now)), default=None)

    def left_since(self, instant: datetime, now: datetime) -> bool:
        """Whether a day of leave that would have been worked lies after the local day of `instant`, up to the day of `now`."""
        first, last = self.local(instant).date() + timedelta(days=1), self.local(now).date()
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return any(
            day.weekday() in self.pattern.days and self.is_away(day) and day not in self.holidays(day.year) for day in days
        )

    def _leaves(self) -> list[tuple[date, date]]:
        """Leave of whole days, in order; one where only days nobody works lie between (files may give week by week)."""
        joined: list[tuple[date, date]] = []
        for since, until in sorted(self.absences):
            last = joined[-1][1] if joined else date.min
            between = (date.fromordinal(day) for day in range(last.toordinal() + 1, since.toordinal()))
            if joined and not any(self.works_on(day) for day in between):
                joined[-1] = joined[-1][0], max(last, until)
            else:
                joined.append((since, until))
        return joined

    def polite_window(self, day: date) -> Window | None:
        """UTC instants [start, end) of the local day's working hours minus quiet hours; None when it is not worked.

        Where nothing is left (night workers), working hours win: messages must reach everybody at some time.
        Quiet hours in the middle of the day leave two pieces; the longer one counts, the earlier on a tie.
        A half day that is quiet altogether has no window, though, where a whole day would have one.
        """
        return self.once(day, lambda: self._polite_window(day))

    def _polite_window(self, day: date) -> Window | None:
        if not self.works_on(day):
            return None
        hours = self.hours(day)
        polite = _polite_hours(*hours, self.quiet)
        if polite is None and _polite_hours(self.pattern.start, self.pattern.end, self.quiet) is not None:
            return None
        since, until = polite or hours
        start, end = localize(day, since, self.zone), localize(day, until, self.zone)
        return (start, end) if start < end else self._working_hours(day)

    def is_polite(self, instant: datetime) -> bool:
        """Whether a self-started message may arrive at this instant."""
        now = utc(instant)
        today = self.local(now).date()
        # Tomorrow too: where clocks fall back over midnight (St John's to 2011), tomorrow begins, then today returns.
        windows = (self.polite_window(today), self.polite_window(today + timedelta(days=1)))
        return any(window is not None and window[0] <= now < window[1] for window in windows)

    def next_polite(self, instant: datetime) -> datetime | None:
        """The instant itself if polite, else the start of the next polite window.

        None after the last day, and when no day within 400 calendar days is worked.
        """
        now = utc(instant)
        for day in self._worked_days(self.local(now).date(), _POLITE_HORIZON):
            window = self.polite_window(day)
            if window is not None and now < window[1]:
                return max(now, window[0])
        return None

    def add(self, instant: datetime, span: Span) -> datetime | None:
        """The instant at which `span` has passed for this person; a span of 0 gives the instant back.

        Hours are time elapsed inside working hours (quiet hours do not shorten them, half days do): 4 h after Thursday
        16:00 is Friday 11:00. Days keep the local time of day and land on the n-th working day after the local date. Calendar
        days keep the local time of day. So Friday 12:00 and Saturday 08:00 both end on Monday, at 12:00 and at 08:00.
        A local time that a clock change skips or repeats follows `localize`.
        The result need not be polite; pass it through `next_polite`. None when working time ends before the span
        does: last day, endless leave, or more than 4,000 calendar days away.
        """
        now = utc(instant)
        if span.amount == 0:
            return now
        match span.unit:
            case Unit.HOURS:
                return self._add_hours(now, span.amount)
            case Unit.DAYS:
                return self._add_days(now, span.amount)
            case Unit.CALENDAR_DAYS:
                if span.amount > _SPAN_HORIZON:
                    return None
                wall = self.local(now)
                return localize(wall.date() + timedelta(days=span.amount), wall.time(), self.zone)
            case _:
                assert_never(span.unit)

    def _add_hours(self, now: datetime, hours: int) -> datetime | None:
        if hours > _SPAN_HORIZON * 24:
            return None
        left = timedelta(hours=hours)
        for day in self._worked_days(self.local(now).date(), _SPAN_HORIZON):
            window = self._working_hours(day)
            if window is None or window[1] <= now:
                continue
            begin = max(now, window[0])
            if window[1] - begin >= left:
                return begin + left
            left -= window[1] - begin
        return None

    def _add_days(self, now: datetime, days: int) -> datetime | None:
        wall = self.local(now)
        following = self._worked_days(wall.date() + timedelta(days=1), _SPAN_HORIZON)
        for count, day in enumerate(following, start=1):
            if count == days:
                return localize(day, wall.time(), self.zone)
        return None

    def exists(self, day: date) -> bool:
        """Whether the zone's clock showed any of the working hours of a whole day."""
        return localize(day, self.pattern.start, self.zone) < localize(day, self.pattern.end, self.zone)

    def _working_hours(self, day: date) -> Window | None:
        start, end = (localize(day, at, self.zone) for at in self.hours(day))
        return (start, end) if start < end else None

    def _worked_days(self, since: date, horizon: int) -> Iterator[date]:
        """Worked days from `since` on, that day included, looking at `horizon` calendar days."""
        for ordinal in range(since.toordinal(), min(since.toordinal() + horizon, date.max.toordinal() - 1)):
            day = date.fromordinal(ordinal)
            if self.last_day is not None and day > self.last_day:
                return
            if self.works_on(day):
                yield day


def iso_period(instant: datetime, zone: ZoneInfo) -> str:
    """The check-in period of an aware instant: the ISO week of its local date in `zone`, such as "2026-W47"."""
    return period_of(utc(instant).astimezone(zone).date())


def coming_periods(instant: datetime, zone: ZoneInfo, count: int) -> Iterator[str]:
    """The period of an instant and those after it, counted by dates: seven days of hours can lie in the next week but one."""
    today = utc(instant).astimezone(zone).date()
    return (period_of(today + timedelta(weeks=week)) for week in range(count))


def period_of(day: date) -> str:
    """The ISO 8601 week of a local date, such as "2026-W47"; the year is the week's, not always the date's."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def period_start(period: str) -> date:
    """The Monday of an ISO week such as "2026-W47". ValueError for anything else, and for a week the year lacks."""
    match = re.fullmatch(r"([1-9][0-9]{3})-W([0-9]{2})", period)
    if match is not None and match[1] != "9999":  # the last week of 9999 runs over the end of the calendar
        try:
            return date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except ValueError:  # week 00, or week 53 of a year that has 52
            pass
    raise ValueError(f'"{period[:40]}" is not a week; write it like 2026-W47.')


def ask_instant(calendar: Calendar, period: str, weekday: int, at: time) -> datetime | None:
    """The UTC instant at which the check-in of a local ISO week is asked (rule `checkin.prompt`), always polite.

    `weekday` (Monday is 0) and `at` (local) are the policy's. Somebody who never works that weekday is asked on
    their next pattern day of the week, else on the last one before. If that day is not worked this week (holiday,
    leave, not yet joined): start of the next worked day of the week. An `at` too early for the day waits for the
    polite window; one too late goes to the start of the next worked day, or, on the last one, to an hour before the
    window's end. Where holidays alone leave no worked day from that one to Sunday, the last worked day before is asked,
    so that no working week goes unasked. None: that week is not asked (leave, or no working day at all).
    ValueError for a weekday outside 0 to 6 or a malformed period.
    """
    return calendar.once((period, weekday, at), lambda: _ask_instant(calendar, period, weekday, at))


def _ask_instant(calendar: Calendar, period: str, weekday: int, at: time) -> datetime | None:
    base = _ask_day(calendar, period_start(period), weekday)
    if base is None:
        return None
    rest = [base + timedelta(days=step) for step in range(7 - base.weekday())]
    later = next((window for day in rest[1:] if (window := calendar.polite_window(day)) is not None), None)
    window = calendar.polite_window(base)
    if window is None:
        if later is not None:
            return later[0]
        before = [base - timedelta(days=step) for step in range(1, base.weekday() + 1)]
        worked = next((day for day in before if calendar.polite_window(day) is not None), None)
        window = calendar.polite_window(worked) if worked is not None else None
        if worked is None or window is None or any(calendar.is_away(day) for day in rest):
            return None
        base = worked
    start, end = window
    wanted = localize(base, at, calendar.zone)
    if wanted < end:
        return max(wanted, start)
    return later[0] if later is not None else max(start, end - timedelta(hours=1))


def _ask_day(calendar: Calendar, monday: date, weekday: int) -> date | None:
    """The day of the week that the policy's weekday means for this person, whether or not it is worked this time."""
    if weekday not in range(7):
        raise ValueError(f"A weekday is a number from 0 (Monday) to 6 (Sunday), got {weekday}.")
    # A day the clock skipped is no pattern day that week: otherwise Friday people in Apia lose a check-in.
    week = [monday + timedelta(days=number) for number in sorted(calendar.pattern.days)]
    days = [day for day in week if calendar.exists(day)]
    return next((day for day in days if day.weekday() >= weekday), days[-1] if days else None)


@lru_cache(maxsize=1_024)
def _polite_hours(start: time, end: time, quiet: QuietHours) -> tuple[time, time] | None:
    """Local working hours minus quiet hours, see `Calendar.polite_window`. None: nothing is left."""
    if quiet.start >= quiet.end:
        loud = (quiet.end, quiet.start) if quiet.start != quiet.end else (start, end)
        pieces = [(max(start, loud[0]), min(end, loud[1]))]
    else:
        pieces = [(start, min(end, quiet.start)), (max(start, quiet.end), end)]
    return max((piece for piece in pieces if piece[0] < piece[1]), key=_length, default=None)


def _length(hours: tuple[time, time]) -> timedelta:
    return datetime.combine(date.min, hours[1]) - datetime.combine(date.min, hours[0])
