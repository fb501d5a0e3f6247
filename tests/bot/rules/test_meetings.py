"""When a 1:1 is, and when its agenda is told: clock changes, holidays, leave, half days, other zones."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DayPart, Duty, DutyKind, Person, Topic
from bot.rules import agenda, one_on_one
from bot.rules.meetings import Slot, first_start, is_there, lead_time, slot_from, slot_of
from bot.rules.worktime import Calendar, Span, Unit, WorkPattern
from tests.bot.rules.test_duties import BOSS, DANA, MINA, MONDAY, OBSTACLE, OWNER, at_desk, day, setting

BERLIN, SEOUL, NEW_YORK = (ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Seoul", "America/New_York"))
TWO_HOURS = Span(amount=2, unit=Unit.HOURS)
MET = replace(OWNER, one_on_one="tue 14:00")
ITEM = Duty(
    id="one_on_one:max:1",
    kind=DutyKind.ONE_ON_ONE,
    person_id="max",
    holder_id="dana",
    text="Budget",
    opened_at=MONDAY,
    topic=Topic.SUPPORT,
    answers={"by": "max"},
)
PEOPLE = (MET, DANA, MINA, BOSS)


def person(one_on_one: str | None) -> Person:
    return replace(OWNER, one_on_one=one_on_one)


@pytest.mark.parametrize("written", ["tue 14:00", "sun 00:00", "fri 23:59 2026-W53"])
def test_a_slot_is_read_as_it_is_written(written: str) -> None:
    slot = slot_of(person(written))
    assert slot is not None
    assert str(slot) == written


@pytest.mark.parametrize("written", [None, "", "off", "tue", "tue 24:00", "tue 14:00 2026-W54", "tue 14:00 soon"])
def test_what_is_no_slot_is_none(written: str | None) -> None:
    assert slot_of(person(written)) is None


@pytest.mark.parametrize(
    ("zone", "around"),
    [(BERLIN, date(2027, 3, 28)), (BERLIN, date(2026, 10, 25)), (NEW_YORK, date(2027, 3, 14)), (NEW_YORK, date(2026, 11, 1))],
)
def test_it_stays_at_its_time_of_day_on_both_sides_of_a_clock_change(zone: ZoneInfo, around: date) -> None:
    since = datetime.combine(around - timedelta(days=8), time(0), zone).astimezone(UTC)
    starts = list(islice(Slot(weekday=1, at=time(14)).starts(zone, since), 3))
    local = [start.astimezone(zone) for start in starts]
    assert [(one.weekday(), one.hour) for one in local] == [(1, 14)] * 3
    assert len({one.utcoffset() for one in local}) == 2
    assert starts[1] - starts[0] != starts[2] - starts[1] or starts[1] - starts[0] != timedelta(days=7)


def test_at_a_time_the_clock_skips_it_begins_when_the_clock_goes_on() -> None:
    starts = Slot(weekday=6, at=time(2, 30)).starts(BERLIN, datetime(2027, 3, 27, tzinfo=UTC))
    assert next(starts) == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_every_other_week_over_the_end_of_a_year_of_53_weeks() -> None:
    slot = Slot(weekday=1, at=time(14), since="2026-W51")
    days = [start.astimezone(BERLIN).date() for start in islice(slot.starts(BERLIN, datetime(2026, 11, 1, tzinfo=UTC)), 3)]
    assert days == [date(2026, 12, 15), date(2026, 12, 29), date(2027, 1, 12)]


@given(
    weekday=st.integers(0, 6),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    now=st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    zone=st.sampled_from([BERLIN, SEOUL, NEW_YORK, ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Kolkata")]),
    other=st.booleans(),
    late=st.booleans(),
)
def test_whoever_says_it_means_their_own_clock(
    weekday: int, at: time, now: datetime, zone: ZoneInfo, other: bool, late: bool
) -> None:
    """The first meeting is at that time where it was said, and the slot kept elsewhere finds that very instant."""
    first = first_start(weekday, at, zone, now, from_next_week=late)
    assert first is not None
    assert first > now
    assert first - now < timedelta(days=16)
    theirs = slot_from(first, SEOUL, every_other_week=other)
    assert next(theirs.starts(SEOUL, first - timedelta(microseconds=1))) == first


# --------------------------------------------------------------------------------------- does it take place


TUESDAY = datetime(2026, 11, 24, 14, tzinfo=UTC)


def calendar(**fields: object) -> Calendar:
    return Calendar(**{"zone": ZoneInfo("UTC"), **fields})  # type: ignore[arg-type]


def test_leave_and_holidays_take_it_away_a_day_off_in_the_week_does_not() -> None:
    today = date(2026, 11, 24)
    assert is_there(calendar(), TUESDAY)
    assert not is_there(calendar(absences=((today, today),)), TUESDAY)
    assert not is_there(calendar(holidays=lambda year: frozenset({today})), TUESDAY)
    assert not is_there(calendar(last_day=date(2026, 11, 23)), TUESDAY)
    assert is_there(calendar(pattern=WorkPattern(days=frozenset({0}))), TUESDAY)
    assert not is_there(calendar(half_days=((today, today, DayPart.AFTERNOON),)), TUESDAY)
    assert is_there(calendar(half_days=((today, today, DayPart.MORNING),)), TUESDAY)


# ----------------------------------------------------------------------------------------- when it is told


@pytest.mark.parametrize(
    ("start", "span", "told"),
    [
        (TUESDAY, "2h", datetime(2026, 11, 24, 12, tzinfo=UTC)),
        (TUESDAY.replace(hour=9, minute=30), "2h", datetime(2026, 11, 23, 16, 30, tzinfo=UTC)),
        (TUESDAY.replace(hour=9), "1h", datetime(2026, 11, 23, 17, tzinfo=UTC)),
        (datetime(2026, 11, 23, 10, tzinfo=UTC), "2h", datetime(2026, 11, 20, 17, tzinfo=UTC)),
        (TUESDAY, "1d", datetime(2026, 11, 23, 14, tzinfo=UTC)),
        (TUESDAY, "3d", datetime(2026, 11, 19, 14, tzinfo=UTC)),
        (TUESDAY.replace(hour=19), "1d", datetime(2026, 11, 23, 17, tzinfo=UTC)),
        (TUESDAY.replace(hour=20), "2h", datetime(2026, 11, 24, 16, tzinfo=UTC)),
    ],
)
def test_so_much_working_time_before(start: datetime, span: str, told: datetime) -> None:
    amount, unit = int(span[:-1]), Unit(span[-1])
    assert lead_time(calendar(), start, Span(amount=amount, unit=unit)) == told


def test_after_a_long_leave_it_is_told_no_earlier_than_a_week_before() -> None:
    away = calendar(absences=((date(2026, 11, 2), date(2026, 11, 23)),))
    assert lead_time(away, TUESDAY.replace(hour=9, minute=30), TWO_HOURS) == TUESDAY.replace(hour=9)
    assert lead_time(calendar(absences=((date(2026, 11, 1), date(2026, 12, 1)),)), TUESDAY, TWO_HOURS) is None


@given(
    hour=st.integers(0, 23),
    day_of=st.dates(date(2026, 10, 20), date(2026, 11, 5)),
    hours=st.integers(1, 24),
)
def test_it_is_always_polite_before_the_meeting_and_not_too_early(hour: int, day_of: date, hours: int) -> None:
    berlin = Calendar(zone=BERLIN)
    start = datetime.combine(day_of, time(hour), BERLIN).astimezone(UTC)
    told = lead_time(berlin, start, Span(amount=hours, unit=Unit.HOURS))
    assert told is not None
    assert told < start
    assert berlin.is_polite(told)
    passed = berlin.add(told, Span(amount=hours, unit=Unit.HOURS))
    assert passed is not None
    assert passed >= start or berlin.next_polite(passed) == berlin.next_polite(start)


# ------------------------------------------------------------------------------------------- what is found


def test_both_find_it_and_nobody_else() -> None:
    for who, stage, other in ((DANA, "lead", "Max"), (MET, "report", "Dana")):
        found = [one for one in agenda.find(at_desk(who, people=PEOPLE, duties=(ITEM, OBSTACLE))) if one.says]
        assert [(one.stage, one.subject, one.at, one.until) for one in found] == [
            (stage, "person:max", day(1, 12), day(1, 14)),
            (stage, "person:max", day(8, 12), day(8, 14)),
        ]
        assert found[0].args == {"other": other, "count": 1}
        assert found[0].marks[0].answers == {"by": "max", "agenda": day(1, 14).isoformat()}
    for who in (BOSS, MINA):
        assert list(agenda.find(at_desk(who, people=PEOPLE, duties=(ITEM,)))) == []


@pytest.mark.parametrize(
    "facts",
    [
        {"duties": ()},
        {"duties": (OBSTACLE,)},  # obstacles alone call for no agenda
        {"duties": (replace(ITEM, done_at=MONDAY),)},
        {"duties": (replace(ITEM, holder_id="boss"),)},
        {"duties": (ITEM,), "policies": (setting("one_on_one.agenda", "off"),)},
        {"duties": (ITEM,), "people": (OWNER, DANA, MINA, BOSS)},
        {"duties": (ITEM,), "people": (replace(MET, end_date=date(2026, 11, 20)), DANA, MINA, BOSS)},
    ],
)
def test_there_is_none(facts: dict[str, object]) -> None:
    assert list(agenda.find(at_desk(DANA, **{"people": PEOPLE, **facts}))) == []  # type: ignore[arg-type]


def test_two_who_lead_each_other_have_two_different_1_to_1s() -> None:
    """A circle in the chart: each leads the other, and each list is its own."""
    dana = replace(DANA, manager_id="max", one_on_one="wed 10:00")
    theirs = replace(ITEM, id="one_on_one:dana:1", person_id="dana", holder_id="max")
    found = [one for one in agenda.find(at_desk(dana, people=(MET, dana), duties=(ITEM, theirs))) if one.says]
    assert {(one.stage, one.subject) for one in found} == {("lead", "person:max"), ("report", "person:dana")}


def test_whoever_is_their_own_manager_has_none() -> None:
    alone = replace(MET, manager_id="max")
    assert list(agenda.find(at_desk(alone, people=(alone, DANA), duties=(ITEM,)))) == []


def test_with_an_agenda_the_reminder_after_seven_days_is_not_needed() -> None:
    assert list(one_on_one.find(at_desk(DANA, people=PEOPLE, duties=(ITEM,)))) == []
    off = (setting("one_on_one.agenda", "off"),)
    assert len(list(one_on_one.find(at_desk(DANA, people=PEOPLE, duties=(ITEM,), policies=off)))) == 1
    skip_level = replace(ITEM, holder_id="boss")
    assert len(list(one_on_one.find(at_desk(BOSS, people=PEOPLE, duties=(skip_level,))))) == 1
