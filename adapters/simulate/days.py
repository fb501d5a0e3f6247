"""Plain arithmetic about people's days, for the judge: written on its own, so that it does not repeat a mistake of the rules."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model import Company, Person
from bot.ports import Holidays

QUIET = time(18), time(9)
"""`quiet_hours` as it stands in the standard profile."""


@lru_cache(maxsize=4096)
def zone(name: str) -> ZoneInfo:
    """By name; ValueError and the like for one that does not exist."""
    return ZoneInfo(name)


@lru_cache(maxsize=65536)
def week(day: date) -> str:
    """`2026-W48`."""
    year, number, _ = day.isocalendar()
    return f"{year:04}-W{number:02}"


@dataclass(frozen=True, slots=True)
class Days:
    """One person's days as they are known now. `quiet`: from when until when nothing self-started comes, over midnight or not."""

    person: Person
    company: Company
    holidays: Holidays
    quiet: tuple[time, time] = QUIET

    def local(self, at: datetime) -> datetime:
        """An instant where the person is."""
        return at.astimezone(zone(self.person.zone or self.person.chat_zone or self.company.zone))

    def day(self, at: datetime) -> date:
        """Its date there."""
        return self.local(at).date()

    def week(self, at: datetime) -> str:
        """Its ISO week there."""
        return week(self.day(at))

    def employed(self, day: date) -> bool:
        """Joined and not left."""
        person = self.person
        return (person.start_date is None or person.start_date <= day) and (person.end_date is None or day <= person.end_date)

    def free(self, day: date) -> frozenset[str]:
        """The halves of a day that are leave."""
        parts = {one.part.value for one in self.person.absences if one.first <= day <= one.last}
        return frozenset(("morning", "afternoon")) if "" in parts else frozenset(parts)

    def there(self, day: date) -> bool:
        """Employed, and not on leave for the whole day."""
        return self.employed(day) and len(self.free(day)) < 2

    def works(self, day: date) -> bool:
        """A day on which this person works."""
        pattern = self.person.work_days or frozenset(range(5))
        country = self.person.country or self.company.country
        off = country is not None and day in self.holidays(country, day.year)
        return self.there(day) and day.weekday() in pattern and not off

    def hours(self, day: date) -> tuple[time, time]:
        """From when to when, on a day that is worked."""
        start, end = self.person.work_hours or (time(9), time(18))
        minutes = (start.hour * 60 + start.minute + end.hour * 60 + end.minute) // 2
        middle, free = time(minutes // 60, minutes % 60), self.free(day)
        return (middle if "morning" in free else start), (middle if "afternoon" in free else end)

    def window(self, day: date) -> tuple[datetime, datetime] | None:
        """From when until when somebody may be spoken to on a day; who only works in quiet hours is reached at work."""
        if not self.works(day):
            return None
        hours = self.hours(day)
        loud = self._loud(*hours)
        if loud is None and self._loud(*(self.person.work_hours or (time(9), time(18)))) is not None:
            return None  # half a day, and a quiet one
        start, end = loud or hours
        return self._at(day, start), self._at(day, end)

    def _loud(self, start: time, end: time) -> tuple[time, time] | None:
        """The longer piece of working hours that is not quiet."""
        since, until = self.quiet
        if since == until:
            pieces = [(start, end)]
        elif since > until:
            pieces = [(max(start, until), min(end, since))]
        else:
            pieces = [(start, min(end, since)), (max(start, until), end)]
        real = [piece for piece in pieces if piece[0] < piece[1]]
        return max(real, key=lambda piece: _minutes(piece[1]) - _minutes(piece[0]), default=None)

    def polite(self, at: datetime) -> bool:
        """At work, outside quiet hours."""
        window = self.window(self.day(at))
        return window is not None and window[0] <= at < window[1]

    def polite_time(self, since: datetime, until: datetime) -> timedelta:
        """How much of an interval is polite."""
        days = (self.day(since) + timedelta(days=n) for n in range((self.day(until) - self.day(since)).days + 1))
        windows = [window for day in days if (window := self.window(day)) is not None]
        return sum((max(timedelta(0), min(until, end) - max(since, start)) for start, end in windows), timedelta(0))

    def slot(self, period: str, weekday: int, at: time) -> datetime | None:
        """When the check-in of a week is asked, by HR's weekday and time; None: nobody asks this person in it."""
        year, number = period.split("-W")
        week = [date.fromisocalendar(int(year), int(number), day) for day in range(1, 8)]
        pattern = self.person.work_days or frozenset(range(5))
        mine = [day for day in week if day.weekday() in pattern]
        base = next((day for day in mine if day.weekday() >= weekday), mine[-1])
        rest = [day for day in week if day >= base]
        later = next((window[0] for day in rest[1:] if (window := self.window(day)) is not None), None)
        window = self.window(base)
        if window is None:
            if later is not None:
                return later
            before = next((day for day in reversed(week) if day < base and self.window(day) is not None), None)
            if before is None or not all(self.there(day) for day in rest):
                return None
            base, window = before, self.window(before)
            assert window is not None
        start, end = window
        wanted = self._at(base, at)
        if wanted < end:
            return max(start, wanted)
        return later if later is not None else max(start, end - timedelta(hours=1))

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, zone(self.person.zone or self.person.chat_zone or self.company.zone)).astimezone(UTC)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
