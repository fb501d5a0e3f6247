"""Every zone and every clock change from 2000 to 2037, found by looking at the tz database itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
WEEK, DAY = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At `instant` the zone's offset to UTC goes from `before` to `after`."""

    zone: ZoneInfo
    instant: datetime
    before: timedelta
    after: timedelta

    def walls(self) -> tuple[datetime, datetime]:
        """What the clock on the wall would have read without the change, and what it reads."""
        clock = self.instant.replace(tzinfo=None)
        return clock + self.before, clock + self.after

    def days(self) -> list[date]:
        """The local days the change touches, a day skipped as a whole included."""
        first, last = sorted(wall.date() for wall in self.walls())
        return [first + DAY * step for step in range((last - first).days + 1)]

    def expects(self, wanted: datetime) -> datetime:
        """The first instant at which the wall reads `wanted` or later, from the two offsets alone."""
        early = (wanted - self.before).replace(tzinfo=UTC)
        return early if early < self.instant else max(self.instant, (wanted - self.after).replace(tzinfo=UTC))


def offset(zone: ZoneInfo, second: int) -> timedelta:
    found = datetime.fromtimestamp(second, zone).utcoffset()
    assert found is not None
    return found


@cache
def zones() -> tuple[ZoneInfo, ...]:
    """One zone of each set of names that had the same offsets from 2000 to 2037, looked at every five days."""
    seconds = range(int(FIRST.timestamp()), int(LAST.timestamp()), 5 * 86_400)
    rules: dict[tuple[timedelta, ...], ZoneInfo] = {}
    for name in sorted(available_timezones() - {"localtime", "Factory"}):
        zone = ZoneInfo(name)
        rules.setdefault(tuple(offset(zone, second) for second in seconds), zone)
    return tuple(rules.values())


@cache
def changes() -> tuple[Change, ...]:
    return tuple(change for zone in zones() for change in changes_of(zone))


@cache
def changes_in(zone: ZoneInfo) -> tuple[Change, ...]:
    return tuple(change for change in changes() if change.zone is zone)


def changes_of(zone: ZoneInfo) -> Iterable[Change]:
    step = 5 * 86_400
    for second in range(int(FIRST.timestamp()), int(LAST.timestamp()), step):
        low, high = second, second + step
        before, after = offset(zone, low), offset(zone, high)
        if before == after:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
        yield Change(zone=zone, instant=datetime.fromtimestamp(high, UTC), before=before, after=after)
