"""What is the same for everybody in one audit: the time, what HR said, whose days are how, and when anybody looked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.audit.days import Days, Habit, week_of
from bot.audit.facts import GRACE, Holidays, Span
from bot.audit.values import Values
from bot.model import Company, Person, PolicyChange

KEPT = 20_000
"""So many different habits are remembered; more than that, and they are reckoned again."""


class World:
    """`awake`: what lies between is outages, jumps and new settings. `spread`: over how long prompts of one instant go out."""

    def __init__(
        self,
        *,
        now: datetime,
        since: datetime,
        company: Company,
        holidays: Holidays,
        policies: Sequence[PolicyChange],
        awake: Sequence[Span],
        spread: timedelta = timedelta(),
        grace: timedelta = GRACE,
    ) -> None:
        self.now, self.since, self.company = now, since, company
        self.values = Values(policies)
        self.awake = tuple(sorted(awake, key=lambda one: one.began))
        self.patience = spread + grace
        self.grace = grace
        self._holidays = holidays
        self._days: dict[Habit, Days] = {}

    @property
    def known_from(self) -> datetime:
        """What was said is looked at from here on: the beginning of the week of `since`, wherever that began first."""
        since = (self.since - timedelta(hours=14)).date()
        monday = since - timedelta(days=since.weekday() + 1)
        return datetime.combine(monday, time(), self.since.tzinfo)

    def zone(self, person: Person) -> ZoneInfo:
        """Import first, then the chat profile, then the company's; what is no zone counts as blank."""
        for name in (person.zone, person.chat_zone, self.company.zone, "UTC"):
            try:
                return ZoneInfo((name or "").strip())
            except (ValueError, LookupError, OSError):
                continue
        raise LookupError("there is no zone at all")

    def days(self, person: Person, at: datetime) -> Days:
        """Somebody's days, with the quiet hours in force at `at`."""
        habit = Habit(
            zone=self.zone(person),
            weekdays=person.work_days or frozenset(range(5)),
            hours=person.work_hours or (time(9), time(18)),
            quiet=self.values.quiet(person, at),
            country=person.country or self.company.country or "",
            leave=tuple((one.first, one.last, one.part) for one in person.absences),
            first=person.start_date,
            last=person.end_date,
        )
        if habit not in self._days:
            if len(self._days) >= KEPT:
                self._days.clear()
            self._days[habit] = Days(habit, self._holidays)
        return self._days[habit]

    def mondays(self, zone: ZoneInfo) -> list[date]:
        """The weeks an audit is about, where somebody is: that of `since` to the present one."""
        first, last = week_of(self.since, zone), week_of(self.now, zone)
        return [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]

    def woke(self, after: datetime, until: datetime) -> datetime | None:
        """The last time somebody began to look (again), after `after` and up to `until`."""
        return max((span.began for span in self.awake if after < span.began <= until), default=None)

    def saw(self, since: datetime, until: datetime) -> bool:
        """Somebody looked all the time."""
        return any(span.began <= since and until <= span.seen for span in self.awake)
