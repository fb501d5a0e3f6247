"""The send window: as wide as the allowance needs, and everybody a stable slot inside it."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import person_id
from bot.rules.spread import PromptTime, crowds, slot, spread
from bot.rules.worktime import Calendar
from scheduler.pace import Bucket, send_window, slack_posts

BERLIN = Calendar(zone=ZoneInfo("Europe/Berlin"))
TEN = datetime(2026, 11, 26, 9, tzinfo=UTC)  # Thursday 10:00 in Berlin
IDS = [person_id(f"p{number}@acme.example") for number in range(10_000)]


@pytest.mark.parametrize(
    ("people", "per_minute", "minutes"),
    [
        (0, 300, 0),
        (1, 300, 0),
        (300, 300, 0),
        (301, 300, 2),
        (3_000, 300, 11),
        (10_000, 300, 35),
        (240, 20, 22),
        (2_400, 2_400, 0),
    ],
)
def test_the_window_is_as_wide_as_the_allowance_needs(people: int, per_minute: int, minutes: int) -> None:
    assert send_window(people, per_minute) == timedelta(minutes=minutes)


def test_a_slot_is_the_persons_own_for_ever() -> None:
    window = timedelta(minutes=35)
    # Worked out once: another Python, another process and another year give the same.
    assert [slot(person_id(f"{name}@acme.example"), window).total_seconds() for name in ("ann", "ben", "cim")] == [
        1657,
        840,
        1806,
    ]
    assert slot(IDS[0], timedelta(0)) == timedelta(0)


@given(st.text(min_size=1), st.integers(0, 100_000))
def test_a_slot_lies_inside_its_window_and_keeps_its_share(id: str, seconds: int) -> None:
    window = timedelta(seconds=seconds)
    assert timedelta(0) <= slot(id, window) < max(window, timedelta(microseconds=1))
    assert abs(slot(id, 10 * window) - 10 * slot(id, window)) <= timedelta(seconds=10)


def test_ten_thousand_people_are_spread_evenly() -> None:
    window = send_window(len(IDS), 300)
    at = [spread(id, TEN, window, BERLIN) for id in IDS]
    assert min(at) >= TEN
    assert max(at) < TEN + window
    per_minute = Counter((one - TEN) // timedelta(minutes=1) for one in at)
    assert set(per_minute) == set(range(35))
    assert max(per_minute.values()) < 1.25 * min(per_minute.values()) + 60
    assert all(230 < count < 345 for count in per_minute.values()), "10,000 in 35 minutes, and what chance does to that"


def test_what_bunches_up_by_chance_waits_for_seconds() -> None:
    window = send_window(len(IDS), 300)
    bucket, free, worst = Bucket(slack_posts(300), 0.0), 0.0, 0.0
    for due in sorted(slot(id, window).total_seconds() for id in IDS):
        free = max(free, due)
        while (wait := bucket.wait(free)) > 0:
            free += wait
        bucket.take(free)
        worst = max(worst, free - due)
    assert worst < 60, f"the last in line waited for {worst:.0f} s"
    assert free < window.total_seconds() + 60


def test_a_slot_never_leaves_the_polite_hours_of_its_day() -> None:
    late = datetime(2026, 11, 26, 16, 50, tzinfo=UTC)  # ten minutes before the end of the day
    at = [spread(id, late, timedelta(minutes=35), BERLIN) for id in IDS[:2_000]]
    assert late <= min(at)
    assert max(at) < late + timedelta(minutes=10)
    assert len(set(at)) > 500, "and what is left of the day is used"
    assert all(BERLIN.is_polite(one) for one in at)


def test_a_crowd_is_whoever_is_asked_at_the_same_instant() -> None:
    def ten(zone: str, at: time = time(10), weekday: int = 3) -> PromptTime:
        return PromptTime(zone=zone, weekday=weekday, at=at)

    berlin, paris, london, seoul = ten("Europe/Berlin"), ten("Europe/Paris"), ten("Europe/London", time(9)), ten("Asia/Seoul")
    tuesday = ten("Europe/Berlin", weekday=1)
    sunday, monday = ten("Pacific/Honolulu", time(14), 6), ten("Pacific/Kiritimati", time(14), 0)  # one instant
    people = {berlin: 5, paris: 4, london: 3, seoul: 2, tuesday: 1, sunday: 7, monday: 8}
    together = crowds(people, TEN)
    assert [together[one] for one in people] == [12, 12, 12, 2, 1, 15, 15]
    lagos = ten("Africa/Lagos")  # no summer time
    assert crowds({berlin: 5, lagos: 6}, TEN)[berlin] == 11
    assert crowds({berlin: 5, lagos: 6}, datetime.combine(date(2026, 7, 1), time(9), UTC))[berlin] == 5
