"""Laws of working time: over generated calendars, and over every zone and every clock change from 2000 to 2037.

RONDO_ALL_QUARTERS=1 tries all 96 quarter hours of every day with a clock change, not only those near the change;
RONDO_LAW_EXAMPLES=5000 tries that many generated calendars per law.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import DayPart
from bot.rules import worktime
from bot.rules.worktime import Calendar, QuietHours, Span, Unit, WorkPattern
from tests.bot.rules.clocks import DAY, FIRST, LAST, WEEK, Change, changes, changes_in, zones

ALL_QUARTERS = os.environ.get("RONDO_ALL_QUARTERS") == "1"
QUARTERS = [time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)]
MINUTES = [time(minute // 60, minute % 60) for minute in range(24 * 60)]
NO_QUIET = QuietHours(start=time(0), end=time(0))
WHOLE_WEEK = WorkPattern(days=frozenset(range(7)), start=time(0), end=time(23, 59, 59, 999999))


def telling_times(change: Change) -> list[time]:
    """The quarter hours worth trying: near the change on either clock, and the ends and middle of a day."""
    if ALL_QUARTERS:
        return QUARTERS
    near = {
        (wall + timedelta(minutes=minutes)).time()
        for wall in change.walls()
        for minutes in (-60, -45, -30, -15, 0, 15, 30, 45, 60)
    }
    return sorted(near | {time(0), time(10), time(23, 45)})


def test_the_enumeration_found_the_changes_that_are_known() -> None:
    found = {(change.zone.key, change.instant) for change in changes()}
    assert len(zones()) > 150
    assert len(found) > 5_000
    assert ("Africa/Cairo", datetime(2026, 4, 23, 22, tzinfo=UTC)) in found
    assert any(change.after - change.before == DAY for change in changes())  # Apia, Fakaofo
    assert any(abs(change.after - change.before) == timedelta(minutes=30) for change in changes())  # Lord Howe


def test_in_every_zone_a_local_time_becomes_the_first_instant_that_reaches_it() -> None:
    for change in changes():
        for day in change.days():
            for wanted in telling_times(change):
                instant = worktime.localize(day, wanted, change.zone)
                assert instant == change.expects(datetime.combine(day, wanted)), (change, day, wanted)


def test_in_every_zone_each_week_around_a_clock_change_is_asked_exactly_once() -> None:
    for change in changes():
        awake = Calendar(zone=change.zone, pattern=WHOLE_WEEK, quiet=NO_QUIET)
        for day in change.days():
            for wanted in telling_times(change):
                previous = None
                for near in (day - WEEK, day, day + WEEK):
                    period = worktime.period_of(near)
                    instant = worktime.ask_instant(awake, period, day.weekday(), wanted)
                    assert instant is not None, (change, near, wanted)
                    assert worktime.iso_period(instant, change.zone) == period, (change, near, wanted)
                    assert awake.is_polite(instant), (change, near, wanted)
                    # Nobody is asked before the time; the clock change moves the ask by itself, or by a skipped day.
                    assert previous is None or timedelta(days=5) <= instant - previous <= timedelta(days=9)
                    previous = instant


def test_in_every_zone_nobody_is_asked_at_midnight_because_of_a_clock_change() -> None:
    for change in changes():
        calendar = Calendar(zone=change.zone)
        for day in change.days():
            period = worktime.period_of(day)
            instant = worktime.ask_instant(calendar, period, day.weekday(), time(10))
            assert instant is not None
            wall = calendar.local(instant)
            assert wall.time() == time(10)
            assert worktime.iso_period(instant, change.zone) == period


# ------------------------------------------------------------------------------------------------ generated calendars


@st.composite
def instants(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """Any instant, half of them within a day and a half of a clock change of the zone."""
    near = [change.instant for change in changes_in(zone)]
    if len(near) > 0 and draw(st.booleans()):
        return draw(st.sampled_from(near)) + timedelta(minutes=draw(st.integers(-2160, 2160)))
    return draw(st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None))).replace(tzinfo=UTC)


@st.composite
def calendars_and_instants(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A person with some pattern, quiet hours, holidays and leave, and an instant in the middle of it."""
    zone = draw(st.sampled_from(zones()))
    instant = draw(instants(zone))
    today = instant.date()
    quarters = st.sampled_from(QUARTERS)
    start, end = sorted(draw(st.lists(quarters, min_size=2, max_size=2, unique=True)))
    days = draw(st.one_of(st.just(frozenset(range(5))), st.frozensets(st.integers(0, 6), min_size=1)))
    nearby = st.integers(-30, 60).map(lambda step: today + DAY * step)
    off = draw(st.frozensets(nearby, max_size=8))
    absences = draw(st.lists(st.tuples(nearby, nearby).map(lambda ends: (min(ends), max(ends))), max_size=2))
    part = st.sampled_from([DayPart.MORNING, DayPart.AFTERNOON])
    halves = draw(st.lists(st.tuples(nearby, nearby, part).map(lambda half: (min(half[:2]), max(half[:2]), half[2])), max_size=3))
    calendar = Calendar(
        zone=zone,
        pattern=draw(st.sampled_from([WorkPattern(days=days), WorkPattern(days=days, start=start, end=end)])),
        quiet=draw(st.one_of(st.just(QuietHours()), st.builds(QuietHours, start=quarters, end=quarters))),
        holidays=lambda year: frozenset(day for day in off if day.year == year),
        absences=tuple(absences),
        half_days=tuple(halves),
        first_day=draw(st.one_of(st.none(), nearby)),
        last_day=draw(st.one_of(st.none(), nearby)),
    )
    return calendar, instant


spans = st.builds(Span, amount=st.integers(0, 60), unit=st.sampled_from(Unit))
local_times = st.datetimes(FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None))
laws = settings(deadline=None, max_examples=int(os.environ.get("RONDO_LAW_EXAMPLES", "200")))


def never_if_none(instant: datetime | None) -> datetime:
    return datetime.max.replace(tzinfo=UTC) if instant is None else instant


@laws
@given(
    st.deferred(lambda: st.sampled_from(zones())),
    local_times,
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.data(),
)
def test_a_later_local_time_is_never_an_earlier_instant(
    zone: ZoneInfo, wall: datetime, step: timedelta, data: st.DataObject
) -> None:
    near = [change.walls()[0] for change in changes_in(zone)]
    if len(near) > 0 and data.draw(st.booleans()):
        wall = data.draw(st.sampled_from(near)) - timedelta(minutes=data.draw(st.integers(-90, 90)))
    first = worktime.localize(wall.date(), wall.time(), zone)
    then = wall + step
    assert first <= worktime.localize(then.date(), then.time(), zone)
    assert first.astimezone(zone).replace(tzinfo=None) >= wall
    assert (first - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < wall


@laws
@given(calendars_and_instants(), st.integers(0, 6), st.sampled_from(QUARTERS))
def test_a_week_is_asked_once_in_polite_time_unless_nothing_of_it_is_worked(
    somebody: tuple[Calendar, datetime], weekday: int, wanted: time
) -> None:
    calendar, instant = somebody
    monday = worktime.period_start(worktime.iso_period(instant, calendar.zone))
    previous = datetime.min.replace(tzinfo=UTC)
    for week in (monday + WEEK * step for step in range(-2, 9)):
        period = worktime.period_of(week)
        asked = worktime.ask_instant(calendar, period, weekday, wanted)
        days = [week + DAY * step for step in range(7)]
        usual = [day.weekday() for day in days if day.weekday() in calendar.pattern.days]
        since = next((day for day in usual if day >= weekday), usual[-1])
        worked = [day for day in days[since:] if may_be_asked(calendar, day)]
        if not worked and not any(calendar.is_away(day) for day in days[since:]):
            worked = [day for day in days[:since] if may_be_asked(calendar, day)][-1:]  # holidays alone never cost a week
        if asked is None:
            assert not worked
            continue
        assert calendar.local(asked).date() in worked or calendar.zone.key in {"Pacific/Apia", "Pacific/Fakaofo"}
        assert worktime.iso_period(asked, calendar.zone) == period
        assert calendar.is_polite(asked)
        assert asked.tzinfo is UTC
        assert asked > previous
        previous = asked


@laws
@given(calendars_and_instants())
def test_the_next_polite_instant_is_polite_and_stays(somebody: tuple[Calendar, datetime]) -> None:
    calendar, instant = somebody
    polite = calendar.next_polite(instant)
    assert calendar.is_polite(instant) == (polite == instant)
    if polite is not None:
        assert polite >= instant
        assert calendar.next_polite(polite) == polite
        assert not calendar.is_away(calendar.local(polite).date())


@laws
@given(calendars_and_instants())
def test_polite_means_at_work_and_not_in_quiet_hours(somebody: tuple[Calendar, datetime]) -> None:
    calendar, instant = somebody
    offsets = {(instant + timedelta(hours=hours)).astimezone(calendar.zone).utcoffset() for hours in range(-36, 37)}
    if len(offsets) > 1:
        return  # a day with a clock change; `localize` answers for those
    wall = calendar.local(instant)
    pattern, quiet = calendar.pattern, calendar.quiet
    loud = [moment for moment in MINUTES if pattern.start <= moment < pattern.end and not is_quiet(moment, quiet)]
    start, end = hours_of(calendar, wall.date())
    if calendar.is_polite(instant):
        assert calendar.works_on(wall.date())
        assert start <= wall.time() < end
        assert not loud or not is_quiet(wall.time(), quiet)
    elif calendar.works_on(wall.date()) and quiet.start >= quiet.end and loud:
        assert not start <= wall.time() < end or is_quiet(wall.time(), quiet)


def hours_of(calendar: Calendar, day: date) -> tuple[time, time]:
    """Local working hours of a day, halves considered, by minutes counted one by one."""
    pattern = calendar.pattern
    minutes = [moment for moment in MINUTES if pattern.start <= moment < pattern.end]
    middle = minutes[len(minutes) // 2]
    free = {part for since, until, part in calendar.half_days if since <= day <= until}
    start = middle if DayPart.MORNING in free else pattern.start
    return start, middle if DayPart.AFTERNOON in free else pattern.end


def may_be_asked(calendar: Calendar, day: date) -> bool:
    """Worked, and if only half of it is, then not all of that in quiet hours which leave other days some time."""
    if not calendar.works_on(day):
        return False
    hours, whole = (
        [moment for moment in MINUTES if since <= moment < until]
        for since, until in (hours_of(calendar, day), (calendar.pattern.start, calendar.pattern.end))
    )
    quiet = calendar.quiet
    return any(not is_quiet(moment, quiet) for moment in hours) or all(is_quiet(moment, quiet) for moment in whole)


def is_quiet(moment: time, quiet: QuietHours) -> bool:
    if quiet.start <= quiet.end:
        return quiet.start <= moment < quiet.end
    return moment >= quiet.start or moment < quiet.end


@laws
@given(calendars_and_instants(), spans, st.integers(0, 60), st.integers(0, 100_000))
def test_a_longer_span_or_a_later_start_never_ends_earlier(
    somebody: tuple[Calendar, datetime], span: Span, more: int, minutes: int
) -> None:
    calendar, instant = somebody
    end = never_if_none(calendar.add(instant, span))
    assert end >= instant
    assert end <= never_if_none(calendar.add(instant, Span(amount=span.amount + more, unit=span.unit)))
    later = instant + timedelta(minutes=minutes)
    until = never_if_none(calendar.add(later, span))
    was, will_be = (calendar.local(moment).replace(tzinfo=None) for moment in (instant, later))
    if span.unit is not Unit.HOURS and was > will_be:
        return  # "the same local time" goes back with the wall clock inside a repeated hour; hours elapse regardless
    if span.unit is Unit.DAYS and not (calendar.works_on(was.date()) and calendar.works_on(will_be.date())):
        # Saturday 08:00 and Friday 12:00 are both followed by Monday, each at its own time of day.
        assert end - until < timedelta(hours=25)
    else:
        assert end <= until


@laws
@given(calendars_and_instants(), st.integers(0, 40), st.integers(0, 40))
def test_working_hours_add_up_to_time_spent_at_work(somebody: tuple[Calendar, datetime], first: int, second: int) -> None:
    calendar, instant = somebody
    pause = calendar.add(instant, Span(amount=first, unit=Unit.HOURS))
    if pause is None:
        return
    assert at_work(calendar, instant, pause) == timedelta(hours=first)
    whole = calendar.add(instant, Span(amount=first + second, unit=Unit.HOURS))
    assert calendar.add(pause, Span(amount=second, unit=Unit.HOURS)) == whole


def at_work(calendar: Calendar, since: datetime, until: datetime) -> timedelta:
    """Time inside working hours between two instants, day by day."""
    total = timedelta(0)
    day = calendar.local(since).date() - DAY
    while day <= calendar.local(until).date() + DAY:
        if calendar.works_on(day):
            start, end = (worktime.localize(day, at, calendar.zone) for at in hours_of(calendar, day))
            total += max(min(end, until) - max(start, since), timedelta(0))
        day += DAY
    return total


@laws
@given(calendars_and_instants(), st.integers(1, 40))
def test_working_days_are_counted_one_by_one_and_keep_the_local_time(somebody: tuple[Calendar, datetime], days: int) -> None:
    calendar, instant = somebody
    end = calendar.add(instant, Span(amount=days, unit=Unit.DAYS))
    if end is None:
        return
    wall, day = calendar.local(instant), calendar.local(instant).date()
    for _ in range(days):
        day += DAY
        while not calendar.works_on(day):
            day += DAY
    assert end == worktime.localize(day, wall.time(), calendar.zone)
