"""Working time of one person in plain examples: the awkward days. The laws are in test_worktime_laws.py."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.rules import patterns, worktime
from bot.rules.worktime import Calendar, QuietHours, Span, Unit, WorkPattern

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def at(text: str) -> datetime:
    """An instant from "2026-11-19T10:00 Europe/Berlin"; the first one of two, UTC without a zone."""
    wall, _, zone = text.partition(" ")
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone or "UTC")).astimezone(UTC)


def works(
    zone: str = "Europe/Berlin", days: str = "Mon-Fri", hours: str = "09:00-18:00", *, off: tuple[str, ...] = ()
) -> Calendar:
    """Somebody's calendar; `off` are the public holidays."""
    start, end = patterns.parse_hours(hours)
    holidays = frozenset(date.fromisoformat(day) for day in off)
    pattern = WorkPattern(days=patterns.parse_days(days), start=start, end=end)
    return Calendar(zone=ZoneInfo(zone), pattern=pattern, holidays=lambda year: holidays)


def on_leave(since: str, until: str, zone: str = "Europe/Berlin") -> Calendar:
    return Calendar(zone=ZoneInfo(zone), absences=((date.fromisoformat(since), date.fromisoformat(until)),))


# ------------------------------------------------------------------------------------------------ clock changes


@pytest.mark.parametrize(
    ("zone", "local", "instant"),
    [
        ("Africa/Cairo", "2026-04-24T00:00", "2026-04-23T22:00Z"),  # midnight does not exist: 01:00 it is
        ("Africa/Cairo", "2026-04-24T00:45", "2026-04-23T22:00Z"),
        ("Africa/Cairo", "2026-04-24T01:00", "2026-04-23T22:00Z"),
        ("America/Santiago", "2026-09-06T00:00", "2026-09-06T04:00Z"),
        ("Asia/Beirut", "2026-03-29T00:00", "2026-03-28T22:00Z"),
        ("America/Havana", "2026-03-08T00:30", "2026-03-08T05:00Z"),
        ("America/Havana", "2026-11-01T00:30", "2026-11-01T04:30Z"),  # repeated: the first
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30Z"),
        ("America/New_York", "2026-11-01T02:00", "2026-11-01T07:00Z"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00Z"),
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30Z"),
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30Z"),  # half an hour is skipped
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45Z"),  # and repeated
        ("Pacific/Apia", "2011-12-30T00:00", "2011-12-30T10:00Z"),  # the day the date line moved
        ("Pacific/Apia", "2011-12-30T17:00", "2011-12-30T10:00Z"),
        ("Pacific/Apia", "2011-12-31T00:00", "2011-12-30T10:00Z"),
        ("Asia/Kathmandu", "2026-01-01T10:00", "2026-01-01T04:15Z"),
        ("America/St_Johns", "2010-11-07T00:00", "2010-11-07T02:30Z"),  # a minute of Sunday, then Saturday again
    ],
)
def test_a_skipped_time_is_the_end_of_the_gap_and_a_repeated_one_its_first(zone: str, local: str, instant: str) -> None:
    wanted = datetime.fromisoformat(local)
    assert worktime.localize(wanted.date(), wanted.time(), ZoneInfo(zone)) == datetime.fromisoformat(instant)
    assert worktime.localize(wanted.date(), wanted.time().replace(fold=1), ZoneInfo(zone)) == at(instant)


def test_a_local_time_carries_no_zone_and_an_instant_does() -> None:
    with pytest.raises(ValueError, match="must not carry"):
        worktime.localize(date(2026, 1, 1), time(10, tzinfo=UTC), ZoneInfo("UTC"))
    naive = at("2026-01-01T10:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="must carry its time zone"):
        works().is_polite(naive)
    with pytest.raises(ValueError, match="must carry its time zone"):
        works().add(naive, Span(amount=0, unit=Unit.HOURS))
    with pytest.raises(ValueError, match="must carry its time zone"):
        worktime.iso_period(naive, ZoneInfo("UTC"))


# ------------------------------------------------------------------------------------------------ working days


def test_leave_is_away_but_a_weekend_or_holiday_is_not() -> None:
    calendar = on_leave("2026-12-24", "2026-12-31")
    assert [calendar.is_away(date(2026, 12, day)) for day in (23, 24, 31)] == [False, True, True]
    assert not calendar.is_away(date(2027, 1, 2))  # a Saturday
    holiday = works(off=("2026-12-25",))
    assert not holiday.works_on(date(2026, 12, 25))
    assert not holiday.is_away(date(2026, 12, 25))


def test_a_leaver_works_the_last_day_and_a_joiner_the_first() -> None:
    calendar = Calendar(zone=ZoneInfo("UTC"), first_day=date(2026, 3, 3), last_day=date(2026, 3, 5))
    assert [day for day in range(1, 12) if calendar.works_on(date(2026, 3, day))] == [3, 4, 5]
    assert calendar.next_polite(at("2026-03-01T10:00")) == at("2026-03-03T09:00")
    assert calendar.next_polite(at("2026-03-05T18:00")) is None
    assert calendar.add(at("2026-03-05T10:00"), Span(amount=1, unit=Unit.DAYS)) is None
    assert calendar.add(at("2026-03-05T17:00"), Span(amount=2, unit=Unit.HOURS)) is None


def test_nobody_works_on_a_day_the_clock_skipped() -> None:
    apia = works("Pacific/Apia", "Mon-Sun")
    assert not apia.works_on(date(2011, 12, 30))
    assert apia.polite_window(date(2011, 12, 30)) is None
    assert apia.works_on(date(2011, 12, 31))


@pytest.mark.parametrize(
    ("hours", "quiet", "polite"),
    [
        ("09:00-18:00", "18:00-09:00", "09:00-18:00"),
        ("07:00-20:00", "18:00-09:00", "09:00-18:00"),
        ("06:00-14:30", "18:00-09:00", "09:00-14:30"),
        ("19:00-23:00", "18:00-09:00", "19:00-23:00"),  # a night worker: working hours win
        ("09:00-18:00", "12:00-12:00", "09:00-18:00"),  # no quiet hours
        ("09:00-18:00", "12:00-13:00", "13:00-18:00"),  # two pieces: the longer
        ("08:00-18:00", "12:00-14:00", "08:00-12:00"),  # a tie: the earlier
        ("09:00-18:00", "00:00-10:00", "10:00-18:00"),
    ],
)
def test_the_polite_window_is_working_hours_minus_quiet_hours(hours: str, quiet: str, polite: str) -> None:
    start, end = patterns.parse_hours(hours)
    first, last = (time.fromisoformat(part) for part in quiet.split("-"))
    pattern = WorkPattern(start=start, end=end)
    calendar = Calendar(zone=ZoneInfo("UTC"), pattern=pattern, quiet=QuietHours(start=first, end=last))
    opens, closes = patterns.parse_hours(polite)
    window = calendar.polite_window(date(2026, 11, 19))
    assert window == (
        datetime.combine(date(2026, 11, 19), opens, UTC),
        datetime.combine(date(2026, 11, 19), closes, UTC),
    )
    assert calendar.is_polite(window[0])
    assert not calendar.is_polite(window[1])


def test_polite_hours_that_a_clock_change_swallows_give_way_to_working_hours() -> None:
    pattern = WorkPattern(days=frozenset(range(7)), start=time(2), end=time(10))
    quiet = QuietHours(start=time(3), end=time(23))  # leaves 02:00-03:00, which Berlin skips in March
    calendar = Calendar(zone=ZoneInfo("Europe/Berlin"), pattern=pattern, quiet=quiet)
    assert calendar.polite_window(date(2026, 3, 29)) == (at("2026-03-29T01:00"), at("2026-03-29T08:00"))


def test_a_day_that_begins_goes_on_while_the_clock_shows_the_evening_before_again() -> None:
    newfoundland = works("America/St_Johns", "Mon-Sun", "00:00-08:00")
    again_saturday = at("2010-11-07T02:31") + timedelta(minutes=20)  # Sunday 00:01 became Saturday 23:01
    assert newfoundland.local(again_saturday).weekday() == SAT
    assert newfoundland.next_polite(again_saturday) == again_saturday
    assert newfoundland.add(again_saturday, Span(amount=1, unit=Unit.HOURS)) == again_saturday + timedelta(hours=1)
    # The same instant, asked both ways: the scheduler uses one, the law of politeness the other.
    assert newfoundland.is_polite(again_saturday)


def test_endless_leave_has_no_polite_time() -> None:
    assert on_leave("2026-01-01", "2036-01-01").next_polite(at("2026-06-01T10:00")) is None


# ------------------------------------------------------------------------------------------------ spans


@pytest.mark.parametrize(
    ("since", "amount", "unit", "until"),
    [
        ("2026-11-19T16:00", 4, "h", "2026-11-20T11:00"),  # Thursday afternoon to Friday
        ("2026-11-20T16:00", 4, "h", "2026-11-23T11:00"),  # over the weekend
        ("2026-11-19T16:00", 2, "h", "2026-11-19T18:00"),
        ("2026-11-21T12:00", 1, "h", "2026-11-23T10:00"),
        ("2026-11-19T10:00", 1, "d", "2026-11-20T10:00"),
        ("2026-11-20T10:00", 1, "d", "2026-11-23T10:00"),
        ("2026-11-21T10:00", 1, "d", "2026-11-23T10:00"),  # counted from a Saturday
        ("2026-11-22T10:00", 2, "d", "2026-11-24T10:00"),
        ("2026-11-19T22:15", 1, "d", "2026-11-20T22:15"),
        ("2026-10-15T10:00", 14, "cd", "2026-10-29T10:00"),  # clocks change in between
        ("2026-03-28T02:30", 1, "cd", "2026-03-29T03:00"),  # 02:30 is skipped
        ("2024-02-28T10:00", 1, "d", "2024-02-29T10:00"),
        ("2024-02-29T10:00", 1, "d", "2024-03-01T10:00"),
        ("2024-02-29T10:00", 365, "cd", "2025-02-28T10:00"),
        ("2026-11-21T10:00", 0, "d", "2026-11-21T10:00"),
    ],
)
def test_spans_count_working_hours_working_days_or_calendar_days(since: str, amount: int, unit: str, until: str) -> None:
    span = Span(amount=amount, unit=Unit(unit))
    assert works().add(at(f"{since} Europe/Berlin"), span) == at(f"{until} Europe/Berlin")


def test_working_days_skip_holidays_and_leave() -> None:
    thanksgiving = works("America/New_York", off=("2026-11-26",))
    start = at("2026-11-25T10:00 America/New_York")
    assert thanksgiving.add(start, Span(amount=1, unit=Unit.DAYS)) == at("2026-11-27T10:00 America/New_York")
    leave = on_leave("2026-12-24", "2026-12-31")
    end = leave.add(at("2026-12-23T16:00 Europe/Berlin"), Span(amount=4, unit=Unit.HOURS))
    assert end == at("2027-01-01T11:00 Europe/Berlin")


def test_an_hour_skipped_at_work_was_not_worked() -> None:
    calendar = works("Europe/Berlin", "Mon-Sun", "01:00-05:00")
    start = at("2026-03-29T01:00 Europe/Berlin")
    assert calendar.add(start, Span(amount=3, unit=Unit.HOURS)) == at("2026-03-29T05:00 Europe/Berlin")


@pytest.mark.parametrize("unit", list(Unit))
def test_a_span_nobody_can_wait_for_ends_never_and_a_negative_one_is_refused(unit: Unit) -> None:
    assert works().add(at("2026-01-01T10:00"), Span(amount=10**15, unit=unit)) is None
    with pytest.raises(ValueError, match="negative"):
        Span(amount=-1, unit=unit)


# ------------------------------------------------------------------------------------------------ the weekly ask


@pytest.mark.parametrize(
    ("days", "weekday", "asked"),
    [
        ("Mon-Fri", THU, "2026-11-19"),
        ("Sun-Thu", THU, "2026-11-19"),
        ("Sun-Thu", FRI, "2026-11-22"),  # next pattern day of the same ISO week: Sunday
        ("Mon-Thu", FRI, "2026-11-19"),  # none later: the last before
        ("Mon-Wed", THU, "2026-11-18"),
        ("Mon,Tue,Fri", THU, "2026-11-20"),
        ("Sun", MON, "2026-11-22"),
    ],
)
def test_the_ask_follows_the_pattern_of_the_week(days: str, weekday: int, asked: str) -> None:
    instant = worktime.ask_instant(works(days=days), "2026-W47", weekday, time(10))
    assert instant == at(f"{asked}T10:00 Europe/Berlin")


@pytest.mark.parametrize(
    ("days", "off", "asked"),
    [
        ("Mon-Fri", ("2026-11-19",), "2026-11-20T09:00"),
        ("Mon-Fri", ("2026-11-19", "2026-11-20"), "2026-11-18T10:00"),
        ("Mon-Fri", ("2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"), None),
        ("Mon-Sat", ("2026-11-19", "2026-11-20"), "2026-11-21T09:00"),
        ("Mon-Wed", ("2026-11-18",), "2026-11-17T10:00"),
        ("Mon-Fri", ("2026-11-17",), "2026-11-19T10:00"),
    ],
)
def test_a_holiday_moves_the_ask_to_the_next_working_day_of_the_week_else_to_the_one_before(
    days: str, off: tuple[str, ...], asked: str | None
) -> None:
    instant = worktime.ask_instant(works(days=days, off=off), "2026-W47", THU, time(10))
    assert instant == (None if asked is None else at(f"{asked} Europe/Berlin"))


@pytest.mark.parametrize(
    ("weekday", "wanted", "hours", "asked"),
    [
        (THU, time(7), "09:00-18:00", "2026-11-19T09:00"),
        (THU, time(17, 59), "09:00-18:00", "2026-11-19T17:59"),
        (THU, time(18), "09:00-18:00", "2026-11-20T09:00"),
        (FRI, time(20), "09:00-18:00", "2026-11-20T17:00"),  # no later day: an hour before the end
        (FRI, time(20), "09:00-09:30", "2026-11-20T09:00"),
        (THU, time(10), "19:00-23:00", "2026-11-19T19:00"),
    ],
)
def test_an_impolite_hour_moves_into_the_polite_window(weekday: int, wanted: time, hours: str, asked: str) -> None:
    instant = worktime.ask_instant(works(hours=hours), "2026-W47", weekday, wanted)
    assert instant == at(f"{asked} Europe/Berlin")


def test_a_joiner_is_first_asked_on_the_first_day_of_the_first_week() -> None:
    calendar = Calendar(zone=ZoneInfo("UTC"), first_day=date(2026, 11, 20))
    assert worktime.ask_instant(calendar, "2026-W46", THU, time(10)) is None
    assert worktime.ask_instant(calendar, "2026-W47", THU, time(10)) == at("2026-11-20T09:00")


def test_a_friday_person_in_apia_is_asked_on_thursday_when_friday_is_skipped() -> None:
    instant = worktime.ask_instant(works("Pacific/Apia"), "2011-W52", FRI, time(10))
    assert instant == at("2011-12-29T10:00 Pacific/Apia")


def test_a_year_of_53_weeks_has_53_asks() -> None:
    assert worktime.period_of(date(2027, 1, 3)) == "2026-W53"
    assert worktime.period_start("2026-W53") == date(2026, 12, 28)
    instants = [worktime.ask_instant(works(), f"2026-W{week:02d}", THU, time(10)) for week in range(1, 54)]
    assert len(set(instants)) == 53
    assert instants[-1] == at("2026-12-31T10:00 Europe/Berlin")


def test_the_period_is_the_week_of_the_local_date() -> None:
    instant = at("2026-11-22T20:00")
    assert worktime.iso_period(instant, ZoneInfo("Europe/Berlin")) == "2026-W47"
    assert worktime.iso_period(instant, ZoneInfo("Asia/Seoul")) == "2026-W48"


@pytest.mark.parametrize("text", ["", "2025-W53", "2026-W00", "2026-W54", "2026-47", "2026-W1", "9999-W52", "２０２６-W47"])
def test_a_week_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a week"):
        worktime.period_start(text)


def test_a_weekday_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="weekday"):
        worktime.ask_instant(works(), "2026-W47", 7, time(10))


# ------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon-Fri", {MON, TUE, WED, THU, FRI}),
        ("sun-THU", {SUN, MON, TUE, WED, THU}),
        (" Mon , Tue,Thu ", {MON, TUE, THU}),
        ("Mon \u2013 Wed, Saturday", {MON, TUE, WED, SAT}),
        ("Mon-Mon", {MON}),
    ],
)
def test_working_days_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert patterns.parse_days(text) == days


@pytest.mark.parametrize("text", ["", " ", "Mon,,Tue", "Mon-", "-Fri", "Mon-Wed-Fri", "Mo-Fr", "Monkey", "1-5", "Mon;Tue"])
def test_other_working_days_are_refused_with_a_form_that_works(text: str) -> None:
    with pytest.raises(ValueError, match=r"write it like Mon-Fri"):
        patterns.parse_days(text)


def test_working_hours_are_read() -> None:
    assert patterns.parse_hours("09:00-18:00") == (time(9), time(18))
    assert patterns.parse_hours(" 7:30 \u2013 16:00 ") == (time(7, 30), time(16))


@pytest.mark.parametrize("text", ["", "9-18", "09:00", "24:00-25:00", "18:00-24:00", "18:00-09:00", "09:00-09:00", "٠٩:00-18:00"])
def test_other_working_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="hours"):
        patterns.parse_hours(text)


@pytest.mark.parametrize(
    "name",
    [
        *("", " ", ".", "../etc", "/etc/passwd", "Europe/../UTC", "C:\\Windows", "America", "Europe/", "Mars/Olympus"),
        *("right/UTC", "posixrules", "localtime", "Factory", "tzdata.zi"),  # files beside the zones
        *("Etc\0UTC", "Asia/Seoül", "UTC+1 hour", "A" * 5000),
    ],
)
def test_a_name_that_is_no_time_zone_is_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(ValueError, match="write an IANA name such as Europe/Berlin") as error:
        patterns.parse_zone(name)
    assert len(str(error.value)) < 200


def test_every_zone_there_is_can_be_named() -> None:
    for name in available_timezones() - {"localtime", "Factory"}:
        assert patterns.parse_zone(f" {name} ").key == name


def test_a_pattern_without_days_or_with_hours_over_midnight_is_refused() -> None:
    for days in (frozenset[int](), frozenset({7})):
        with pytest.raises(ValueError, match="Working days"):
            WorkPattern(days=days)
    with pytest.raises(ValueError, match="Working hours"):
        WorkPattern(start=time(22), end=time(6))
