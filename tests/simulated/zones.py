"""One desk over some weeks, at home and moving between zones, judged by the clock on its owner's wall alone.

`python -m tests.simulated.zones` lives through every clock change of every zone from 2000 to 2037 and moves over each of
them, both ways, and prints what it counted; exit code 1 when a week was missed or asked about twice, or somebody was asked
at a bad hour. `--every 20` takes every twentieth.
"""

import argparse
import itertools
import sys
import time as stopwatch
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.events import Ticked
from bot.model import CheckIn, Company, Person, PolicyChange, Scope
from bot.rules import checkin, policy
from bot.rules.worktime import localize
from bot.scene import Scene
from bot.situation import Situation
from tests.bot.rules.clocks import Change, changes, zones

HALF_HOUR, DAY, WEEK = timedelta(minutes=30), timedelta(days=1), timedelta(days=7)
FAR = ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Pacific/Honolulu", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns")
"""Where people move to and from: both sides of the date line, and odd offsets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When somebody works and when their policy has them asked. `at` lies inside the polite hours of a working day."""

    weekday: int = 3
    at: time = time(10)
    days: frozenset[int] = frozenset(range(5))
    start: time = time(9)
    end: time = time(18)

    @property
    def policies(self) -> tuple[PolicyChange, ...]:
        """Quiet are the hours nobody works, and the prompt comes when it should."""
        values = {
            checkin.WHEN.full_name: f"{policy.SHORT_DAYS[self.weekday]} {self.at:%H:%M}",
            policy.QUIET_HOURS.full_name: f"{self.end:%H:%M}-{self.start:%H:%M}",
        }
        return tuple(
            PolicyChange(
                version=number, at=datetime.min.replace(tzinfo=UTC), author="hr", threshold=name, scope=Scope(), value=value
            )
            for number, (name, value) in enumerate(values.items(), start=1)
        )

    def polite(self, wall: datetime) -> bool:
        """At work, by the clock on the wall."""
        return wall.weekday() in self.days and self.start <= wall.time() < self.end


OFFICE = Rhythm()
WHOLE_WEEK = frozenset(range(7))
RHYTHMS = (
    OFFICE,
    Rhythm(weekday=0, at=time(9)),
    Rhythm(weekday=4, at=time(17, 30)),
    Rhythm(weekday=6, at=time(9), days=frozenset({6, 0, 1, 2, 3})),
    Rhythm(weekday=6, at=time(21), days=WHOLE_WEEK, start=time(0), end=time(22)),
    Rhythm(weekday=0, at=time(0, 30), days=WHOLE_WEEK, start=time(0), end=time(22)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """From one instant to another in one zone."""

    zone: ZoneInfo
    since: datetime
    until: datetime

    def walls(self) -> Iterator[datetime]:
        """What the clock on the wall reads, every half hour."""
        at = self.since
        while at < self.until:
            yield at.astimezone(self.zone).replace(tzinfo=None)
            at += HALF_HOUR


@dataclass(slots=True, kw_only=True)
class Life:
    """Where somebody was, and when they were asked."""

    rhythm: Rhythm
    stays: Sequence[Stay]
    asked: list[datetime] = field(default_factory=list)

    def wall(self, at: datetime) -> datetime:
        """The clock on the wall at an instant."""
        stay = next(stay for stay in reversed(self.stays) if stay.since <= at)
        return at.astimezone(stay.zone).replace(tzinfo=None)


def lived(
    rhythm: Rhythm, homes: Sequence[tuple[datetime, str]], until: datetime, *, id: str = "p", window: timedelta = timedelta(0)
) -> Life:
    """Looks at one desk as the agenda would: when something is due, and whenever its owner has moved."""
    ends = [since for since, _ in homes[1:]] + [until]
    stays = [Stay(zone=ZoneInfo(zone), since=since, until=end) for (since, zone), end in zip(homes, ends, strict=True)]
    life = Life(rhythm=rhythm, stays=stays)
    checkins: tuple[CheckIn, ...] = ()
    for stay in stays:
        now: datetime | None = stay.since
        while now is not None and now < stay.until:
            person = Person(
                id=id, email="p@e.org", name="P", known_since=homes[0][0], zone=stay.zone.key,
                work_days=rhythm.days, work_hours=(rhythm.start, rhythm.end),
            )  # fmt: skip
            scene = _scene(now, person, rhythm, checkins, window)
            calendar = scene.calendar(person)
            found = list(checkin.PROMPT.find(scene))
            due = [finding for finding in found if finding.at <= now]
            if due and calendar.is_polite(now):
                period = due[0].subject.rpartition("/")[2]
                checkins = (CheckIn(person_id=id, period=period, asked_at=now), *checkins)[:8]
                life.asked.append(now)
                continue
            later = [calendar.next_polite(max(finding.at, now + timedelta(minutes=1))) for finding in found]
            now = min((at for at in later if at is not None), default=None)
    return life


def _scene(now: datetime, person: Person, rhythm: Rhythm, checkins: tuple[CheckIn, ...], window: timedelta) -> Scene:
    situation = Situation(
        now=now,
        company=Company(),
        holidays=lambda country, year: frozenset(),
        policies=rhythm.policies,
        person=person,
        people={person.id: person},
        checkins=checkins,
        send_window=window,
    )
    return Scene(Ticked(id="t", at=now, subject="desk:p", due=now, fence=1), situation, {})


@dataclass(slots=True)
class Counts:
    """What was seen of many lives."""

    lives: int = 0
    weeks: int = 0
    asked: int = 0
    no_time_left: int = 0
    """Weeks whose time came while the person was in no working hour any more, for example lost over the date line."""
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    impolite: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return self.missed + self.doubled + self.impolite + self.early


def week_of(day: date) -> tuple[int, int]:
    """The ISO week of a local date."""
    return day.isocalendar()[:2]


def judge(life: Life, counts: Counts) -> None:
    """Every week that was lived as a whole: asked about once if there was a working hour for it, and never twice."""
    rhythm, where = life.rhythm, [(stay.zone.key, f"{stay.since:%Y-%m-%d %H:%M}") for stay in life.stays]
    seen: dict[tuple[int, int], bool] = {}
    for wall in itertools.chain.from_iterable(stay.walls() for stay in life.stays):
        week = week_of(wall.date())
        if not seen.get(week):
            come = (wall.weekday(), wall.time()) >= (rhythm.weekday, rhythm.at)
            seen[week] = come and rhythm.polite(wall)
    asked = Counter(week_of(life.wall(at).date()) for at in life.asked)
    counts.lives += 1
    for week in sorted(seen)[1:-1]:
        counts.weeks += 1
        counts.asked += asked[week] > 0
        name = f"week {week} of {rhythm} in {where}"
        if asked[week] > 1:
            counts.doubled.append(name)
        elif not asked[week] and seen[week]:
            counts.missed.append(name)
        elif not asked[week]:
            counts.no_time_left += 1
    for at in life.asked:
        wall = life.wall(at)
        if not rhythm.polite(wall):
            counts.impolite.append(f"{wall} of {rhythm} in {where}")
        if (wall.weekday(), wall.time()) < (rhythm.weekday, rhythm.at) and not _skipped(life, wall):
            counts.early.append(f"{wall} of {rhythm} in {where}")


def _skipped(life: Life, wall: datetime) -> bool:
    """The clock in this zone showed no working hour of the policy's day that week (Apia, 30 December 2011)."""
    day = wall.date() + timedelta(days=life.rhythm.weekday - wall.weekday())
    zones = {stay.zone for stay in life.stays}
    return any(localize(day, life.rhythm.start, zone) >= localize(day, life.rhythm.end, zone) for zone in zones)


def around(change: Change, rhythm: Rhythm) -> Life:
    """Five weeks at home, with a clock change in the middle one."""
    return lived(rhythm, [(_monday(change.instant, change.zone) - 2 * WEEK, change.zone.key)], change.instant + 3 * WEEK)


def moving(change: Change, rhythm: Rhythm, far: str, hours: int) -> Iterator[Life]:
    """There and, in another life, back: so many hours into the week of a clock change."""
    for here, there in ((change.zone.key, far), (far, change.zone.key)):
        monday = _monday(change.instant, ZoneInfo(here))
        homes = [(monday - 2 * WEEK, here), (monday + timedelta(hours=hours), there)]
        yield lived(rhythm, homes, change.instant + 3 * WEEK)


def _monday(instant: datetime, zone: ZoneInfo) -> datetime:
    day = instant.astimezone(zone).date()
    return localize(day - timedelta(days=day.weekday()), time(0), zone)


def swept(every: int) -> Counts:
    """Every clock change (or every so-and-so-many-th) at home in all rhythms, and moving, with hours and rhythms in turn."""
    counts = Counts()
    turn = itertools.cycle(itertools.product(range(1, 168, 5), RHYTHMS, FAR))
    for change in changes()[::every]:
        for rhythm in RHYTHMS:
            judge(around(change, rhythm), counts)
        for hours, rhythm, far in itertools.islice(turn, 4):
            for life in moving(change, rhythm, far, hours):
                judge(life, counts)
    return counts


def main(words: Sequence[str] | None = None) -> int:
    """The full sweep, by command."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulated.zones", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take every so-and-so-many-th clock change (%(default)s)")
    every = parser.parse_args(words).every
    began = stopwatch.perf_counter()
    counts = swept(every)
    print(f"zones with rules of their own   {len(zones()):>9,}")
    print(f"clock changes 2000 to 2037      {len(changes()[::every]):>9,}")
    print(f"lives of five weeks             {counts.lives:>9,}")
    print(f"weeks checked                   {counts.weeks:>9,}")
    print(f"asked about                     {counts.asked:>9,}")
    print(f"no working hour left after move {counts.no_time_left:>9,}")
    for name in ("missed", "doubled", "impolite", "early"):
        print(f"{name:<32}{len(getattr(counts, name)):>9,}")
    print(f"seconds                         {stopwatch.perf_counter() - began:>9,.0f}")
    for line in counts.wrong[:20]:
        print(line)
    return 1 if counts.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
