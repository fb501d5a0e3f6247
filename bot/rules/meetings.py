"""When two people have their 1:1: the agreed weekday and time in the report's zone, leave and holidays of both respected."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.model import DayPart, Person
from bot.rules.people import works_here, zone_of
from bot.rules.policy import SHORT_DAYS
from bot.rules.worktime import Calendar, Span, Unit, coming_periods, localize, period_of, period_start
from bot.scene import Scene

WEEKS_AHEAD = 13
"""How far the next 1:1 is looked for; who is away longer agrees on a new time."""

DAYS_BEFORE = 7
"""An agenda is never told earlier than this, however long the leave that lies between it and the 1:1."""

_WRITTEN = re.compile(r"(mon|tue|wed|thu|fri|sat|sun) ([01]\d|2[0-3]):([0-5]\d)(?: (\d{4}-W\d{2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """The agreed time: Monday is 0, `at` local to the report. `since`: every other week from that one on; empty: every week."""

    weekday: int
    at: time
    since: str = ""

    def __str__(self) -> str:
        """As `Person.one_on_one` keeps it: `tue 14:00`, `tue 14:00 2026-W47`."""
        return f"{SHORT_DAYS[self.weekday]} {self.at:%H:%M} {self.since}".strip()

    def starts(self, zone: ZoneInfo, since: datetime) -> Iterator[datetime]:
        """The instants at which it begins after `since`, on the clock of `zone`. A day that clock skips has none."""
        for period in coming_periods(since, zone, WEEKS_AHEAD):
            monday = period_start(period)
            weeks = (monday - period_start(self.since)).days // 7 if self.since else 0
            if weeks < 0 or weeks % 2:
                continue
            day = monday + timedelta(days=self.weekday)
            start = localize(day, self.at, zone)
            if start > since and start.astimezone(zone).date() == day:
                yield start


def slot_of(report: Person) -> Slot | None:
    """When a person meets their manager; None: no fixed time."""
    found = _WRITTEN.fullmatch(report.one_on_one or "")
    if found is None:
        return None
    try:
        period_start(found[4] or "2026-W01")
    except ValueError:
        return None
    return Slot(weekday=SHORT_DAYS.index(found[1]), at=time(int(found[2]), int(found[3])), since=found[4] or "")


def slot_from(start: datetime, zone: ZoneInfo, *, every_other_week: bool) -> Slot:
    """The slot whose first meeting is at `start`, in a report's zone, whoever named the time."""
    wall = start.astimezone(zone)
    since = period_of(wall.date()) if every_other_week else ""
    return Slot(weekday=wall.weekday(), at=wall.time().replace(second=0, microsecond=0), since=since)


def first_start(weekday: int, at: time, zone: ZoneInfo, now: datetime, *, from_next_week: bool) -> datetime | None:
    """The first such weekday and time after now on the clock of whoever says it."""
    today = now.astimezone(zone).date()
    monday = localize(today + timedelta(days=7 - today.weekday()), time(0), zone)
    since = monday - timedelta(microseconds=1) if from_next_week else now
    return next(Slot(weekday=weekday, at=at).starts(zone, since), None)


def coming(scene: Scene, lead: Person, report: Person, since: datetime) -> Iterator[datetime]:
    """The next 1:1s of two people that begin after `since` and take place."""
    slot = slot_of(report)
    if slot is None:
        return
    calendars = scene.calendar(lead), scene.calendar(report)
    for start in slot.starts(zone_of(report, scene.situation.company), since):
        if all(is_there(calendar, start) for calendar in calendars):
            yield start


def next_one(scene: Scene, lead: Person, report: Person) -> datetime | None:
    """The next 1:1 of two people; None: no fixed time, or nobody knows."""
    return next(islice(coming(scene, lead, report, scene.now), 1), None)


def is_there(calendar: Calendar, start: datetime) -> bool:
    """Neither leave nor a public holiday lies on it. A day outside the usual week is fine: they agreed on it."""
    local = calendar.local(start)
    day = local.date()
    if calendar.is_away(day) or day in calendar.holidays(day.year):
        return False
    free = {part for since, until, part in calendar.half_days if since <= day <= until}
    middle = calendar.pattern.middle
    morning = local.time() < middle
    return not free or (DayPart.MORNING if morning else DayPart.AFTERNOON) not in free


def lead_time(calendar: Calendar, start: datetime, span: Span) -> datetime | None:
    """The polite instant that lies `span` of a person's working time before a meeting; None: none within a week.

    Hours are counted back through polite hours; days land on that working day, at the meeting's time of day or the
    nearest polite one.
    """
    today = calendar.local(start).date()
    days = [today - timedelta(days=step) for step in range(DAYS_BEFORE + 1)]
    windows = [(day, window) for day in days if (window := calendar.polite_window(day)) is not None and window[0] < start]
    if span.unit is Unit.HOURS:
        left = timedelta(hours=span.amount)
        for _, (begin, end) in windows:
            length = min(end, start) - begin
            if length >= left:
                return min(end, start) - left
            left -= length
    else:
        before = [(day, window) for day, window in windows if day < today]
        if len(before) >= span.amount > 0:
            day, (begin, end) = before[span.amount - 1]
            at = localize(day, calendar.local(start).time(), calendar.zone)
            return min(max(at, begin), end - timedelta(hours=1))
    return windows[-1][1][0] if windows else None


def partner_pairs(scene: Scene, among: Container[str] | None = None) -> Iterator[tuple[Person, Person]]:
    """Who leads and who reports in the 1:1s of the desk's owner, as far as they are known: upward first.

    `among`: only where the report is one of these; a manager may have thousands.
    """
    me, people = scene.person, scene.situation.people
    boss = people.get(me.manager_id or "")
    mine = among is None or me.id in among
    if mine and boss is not None and boss.id != me.id and works_here(boss, scene.situation):
        yield boss, me
    reports = (one for one in people.values() if one.manager_id == me.id and one.id != me.id)
    wanted = [one for one in reports if among is None or one.id in among]
    for one in sorted(wanted, key=lambda person: (person.name, person.id)):
        if works_here(one, scene.situation):
            yield me, one


def local_day(scene: Scene, instant: datetime) -> date:
    """The day of an instant where the desk's owner is."""
    return scene.calendar(scene.person).local(instant).date()
