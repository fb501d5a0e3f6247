"""`checkin.prompt` at one desk whose owner stays or moves: no week without and none with two prompts, nothing at a bad hour.

The full sweep over every clock change is a command: `python -m tests.simulated.zones`.
"""

import os
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bot.rules.clocks import Change, changes
from tests.simulated.zones import FAR, OFFICE, RHYTHMS, WHOLE_WEEK, Counts, Life, Rhythm, around, judge, lived, moving, swept

laws = settings(deadline=None, max_examples=int(os.environ.get("RONDO_LAW_EXAMPLES", "200")) // 2)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)  # of 2026-W47


def asked(life: Life) -> list[str]:
    """On the wall of where the person was."""
    return [f"{life.wall(at):%a %d %H:%M}" for at in life.asked]


def moved(rhythm: Rhythm, first: str, at: datetime, then: str, *, weeks: int = 3) -> Life:
    return lived(rhythm, [(MONDAY, first), (at, then)], MONDAY + timedelta(weeks=weeks, days=-1))


def test_a_sample_of_all_clock_changes_and_moves_misses_and_doubles_nothing() -> None:
    counts = swept(every=300)
    assert not counts.wrong
    assert counts.weeks > 900
    assert counts.weeks - counts.no_time_left == counts.asked > 900


@laws
@given(
    change=st.deferred(lambda: st.sampled_from(changes())),
    rhythm=st.sampled_from(RHYTHMS),
    far=st.sampled_from(FAR),
    hours=st.integers(0, 167),
)
def test_somebody_who_moves_in_the_week_of_a_clock_change_is_asked_once(
    change: Change, rhythm: Rhythm, far: str, hours: int
) -> None:
    counts = Counts()
    for life in moving(change, rhythm, far, hours):
        judge(life, counts)
    assert not counts.wrong


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    """Office or odd hours; the policy's time inside them."""
    start, end = sorted(draw(st.lists(st.integers(0, 47), min_size=2, max_size=2, unique=True)))
    days = draw(st.one_of(st.just(frozenset(range(5))), st.just(WHOLE_WEEK), st.just(frozenset({6, 0, 1, 2, 3}))))
    clock = [time(half // 2, 30 * (half % 2)) for half in (start, draw(st.integers(start, end - 1)), end)]
    return Rhythm(weekday=draw(st.sampled_from(sorted(days))), at=clock[1], days=days, start=clock[0], end=clock[2])


@laws
@given(
    change=st.deferred(lambda: st.sampled_from(changes())), rhythm=rhythms(), id=st.text(max_size=3), minutes=st.integers(0, 90)
)
def test_somebody_who_stays_is_asked_once_a_week_at_their_own_slot(change: Change, rhythm: Rhythm, id: str, minutes: int) -> None:
    counts = Counts()
    homes = [(change.instant - timedelta(weeks=2), change.zone.key)]
    window = timedelta(minutes=minutes)
    life = lived(rhythm, homes, change.instant + timedelta(weeks=3), id=id, window=window)
    judge(life, counts)
    assert not counts.wrong
    for exact, mine in zip(lived(rhythm, homes, change.instant + timedelta(weeks=3)).asked, life.asked, strict=True):
        assert exact <= mine < exact + max(window, timedelta(seconds=1))


@pytest.mark.parametrize(
    ("first", "at", "then", "on_walls"),
    [
        # Kiritimati is 24 hours ahead of Honolulu: same time of day, other date.
        ("Pacific/Honolulu", "2026-11-19T19:59Z", "Pacific/Kiritimati", ["Fri 20 09:59", "Thu 26 10:00", "Thu 03 10:00"]),
        ("Pacific/Honolulu", "2026-11-19T20:01Z", "Pacific/Kiritimati", ["Thu 19 10:00", "Thu 26 10:00", "Thu 03 10:00"]),
        ("Pacific/Kiritimati", "2026-11-18T19:59Z", "Pacific/Honolulu", ["Thu 19 10:00", "Thu 26 10:00", "Thu 03 10:00"]),
        ("Pacific/Kiritimati", "2026-11-18T20:01Z", "Pacific/Honolulu", ["Thu 19 10:00", "Thu 26 10:00", "Thu 03 10:00"]),
        ("Europe/Berlin", "2026-11-19T08:59Z", "America/New_York", ["Thu 19 10:00", "Thu 26 10:00", "Thu 03 10:00"]),
        ("Europe/Berlin", "2026-11-19T08:59Z", "Asia/Seoul", ["Thu 19 17:59", "Thu 26 10:00", "Thu 03 10:00"]),
        ("Europe/Berlin", "2026-11-18T21:00Z", "Asia/Seoul", ["Thu 19 10:00", "Thu 26 10:00", "Thu 03 10:00"]),
        ("Asia/Seoul", "2026-11-19T01:01Z", "Europe/Berlin", ["Thu 19 10:00", "Thu 26 10:00", "Thu 03 10:00"]),
    ],
)
def test_who_moves_over_the_date_line_or_the_ocean_is_asked_once_that_week(
    first: str, at: str, then: str, on_walls: list[str]
) -> None:
    assert asked(moved(OFFICE, first, datetime.fromisoformat(at), then)) == on_walls


def test_a_week_whose_last_working_hour_is_lost_over_the_date_line_is_not_asked_in_the_next_one() -> None:
    friday = Rhythm(weekday=4, at=time(10))
    # Friday 09:00 in Honolulu is Saturday in Kiritimati.
    assert asked(moved(friday, "Pacific/Honolulu", datetime(2026, 11, 20, 19, tzinfo=UTC), "Pacific/Kiritimati")) == [
        "Fri 27 10:00",
        "Fri 04 10:00",
    ]


def test_who_lives_a_sunday_twice_is_asked_about_that_week_once() -> None:
    sunday = Rhythm(weekday=6, at=time(10), days=WHOLE_WEEK)
    monday_there = datetime(2026, 11, 22, 20, tzinfo=UTC)  # Monday 10:00 in Kiritimati, Sunday 10:00 in Honolulu
    life = moved(sunday, "Pacific/Kiritimati", monday_there, "Pacific/Honolulu")
    assert asked(life) == ["Sun 22 10:00", "Sun 29 10:00"]


def test_a_look_in_the_last_hour_before_a_short_week_does_not_pass_over_it() -> None:
    """Clocks go forward on 29 March 2026: seven times 24 hours after Sunday 23:30 it is Monday of the week after next."""
    late_on_sunday = datetime(2026, 3, 22, 22, 30, tzinfo=UTC)
    life = lived(OFFICE, [(late_on_sunday, "Europe/Berlin")], late_on_sunday + timedelta(weeks=2))
    assert asked(life) == ["Thu 26 10:00", "Thu 02 10:00"]


def test_the_judge_sees_what_is_wrong() -> None:
    change = next(one for one in changes() if abs(one.after - one.before) == timedelta(hours=1))
    good = around(change, OFFICE)
    one, two, three = good.asked[1:4]
    for times, wrong in (
        ([one, three], ["missed"]),
        ([one, two, two + timedelta(hours=1), three], ["doubled"]),
        ([one, two + timedelta(hours=12), three], ["impolite"]),
        ([one - timedelta(days=1), two, three], ["early"]),
    ):
        counts = Counts()
        judge(Life(rhythm=OFFICE, stays=good.stays, asked=[good.asked[0], *times, *good.asked[4:]]), counts)
        assert [name for name in ("missed", "doubled", "impolite", "early") if getattr(counts, name)] == wrong
