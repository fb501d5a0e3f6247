"""Words about time: skipping, snoozing and being away."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import DayPart
from bot.talk.intents import (
    Away,
    Malformed,
    Skip,
    Snooze,
)
from tests.bot.talk.spoken import (
    THURSDAY,
    read,
)

# -------------------------------------------------------------------------------------------------------- skip and snooze


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("skip", ""),
        ("skip this week: travelling", "travelling"),
        ("Skip this week", ""),
        ("please skip this week, I am sick", "I am sick"),
        ("skip because of a conference", "a conference"),
        ("skip: launch is at 40%", "launch is at 40%"),
        ("이번 주 건너뛰기: 출장", "출장"),
        ("이번 주는 쉴게요", ""),
    ],
)
def test_a_week_can_be_skipped_with_a_reason(text: str, reason: str) -> None:
    assert read(text) == Skip(reason=reason)


@pytest.mark.parametrize("text", ["skip launch, it is on track", "skip launch", "don't skip this week"])
def test_a_report_behind_skip_is_not_skipped_over(text: str) -> None:
    assert not isinstance(read(text), Skip)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("snooze 2h", 120),
        ("snooze 30m", 30),
        ("snooze 30 minutes", 30),
        ("snooze for 1h 30m", 90),
        ("snooze 1.5h", 90),
        ("snooze half an hour", 30),
        ("snooze two hours", 120),
        ("snooze 2 hours and 10 minutes", 130),
        ("snooze 1 day", 1440),
        ("미루기 2시간", 120),
        ("snooze 두 시간", 120),
        ("1시간 반 뒤에 알려줘", 90),
        ("remind me in 2 hours", 120),
        ("2시간 뒤에", 120),
        ("30분 미루기", 30),
    ],
)
def test_snoozing_takes_a_length(text: str, minutes: int) -> None:
    assert read(text) == Snooze(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["snooze tomorrow", "snooze until tomorrow", "/checkin snooze 내일", "remind me tomorrow", "내일 다시 알려줘"]
)
def test_snoozing_till_tomorrow_is_no_length(text: str) -> None:
    assert read(text) == Snooze(until_tomorrow=True)


@pytest.mark.parametrize("text", ["snooze 8 days", "snooze 999999h", "snooze -2h", "snooze 2 bananas", "snooze 2"])
def test_a_snooze_longer_than_a_week_or_without_a_unit_is_asked_back(text: str) -> None:
    assert read(text) == Malformed(command="/checkin snooze", nearest="/checkin snooze 2h")


# ------------------------------------------------------------------------------------------------------------------ away


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("/away 2026-12-24..2026-12-31", "2026-12-24", "2026-12-31"),
        ("away 2026-12-24 to 2026-12-31", "2026-12-24", "2026-12-31"),
        ("/away 2026-12-24 – 2026-12-31, skiing", "2026-12-24", "2026-12-31"),
        ("away tomorrow", "2026-11-27", "2026-11-27"),
        ("away today", "2026-11-26", "2026-11-26"),
        ("away Dec 24", "2026-12-24", "2026-12-24"),
        ("away from 24 December to 2 January", "2026-12-24", "2027-01-02"),
        ("away 24-31 December", "2026-12-24", "2026-12-31"),
        ("on holiday from 24.12. to 31.12.", "2026-12-24", "2026-12-31"),
        ("on vacation next week", "2026-11-30", "2026-12-06"),
        ("next week I'm on holiday", "2026-11-30", "2026-12-06"),
        ("out of office tomorrow", "2026-11-27", "2026-11-27"),
        ("away Monday to Wednesday", "2026-11-30", "2026-12-02"),
        ("away next Monday", "2026-11-30", "2026-11-30"),
        ("away through Friday", "2026-11-26", "2026-11-27"),
        ("away Nov 20 to Nov 30", "2026-11-20", "2026-11-30"),
        ("자리비움 내일", "2026-11-27", "2026-11-27"),
        ("내일 휴가", "2026-11-27", "2026-11-27"),
        ("12월 24일부터 31일까지 휴가입니다", "2026-12-24", "2026-12-31"),
        ("휴가 2026년 12월 24일부터 2027년 1월 2일까지", "2026-12-24", "2027-01-02"),
        ("다음 주 월요일 연차", "2026-11-30", "2026-11-30"),
    ],
)
def test_days_away_include_both_ends(text: str, first: str, last: str) -> None:
    assert read(text) == Away(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["away till Monday", "/away until monday", "off until Monday", "away till 30 November", "AWAY TILL MONDAY"]
)
def test_till_monday_means_back_on_monday(text: str) -> None:
    assert read(text) == Away(first=THURSDAY, last=date(2026, 11, 29))


def test_kkaji_means_that_day_included() -> None:
    assert read("월요일까지 자리비움") == Away(first=THURSDAY, last=date(2026, 11, 30))


@pytest.mark.parametrize(
    "text",
    [
        "/away 03/04..05/04",
        "/away 3.4.",
        "/away next Friday",
        "/away Thursday",
        "/away till today",
        "/away 2026-02-30",
        "/away 31 June",
        "/away 2026-12-24..2126-12-31",
        "/away 9999-12-31..9999-12-32",
        "/away 2026-12-24..",
        "/away ..2026-12-24",
        "/away 24.12...",
        "/away 2026-12-24…",
        "/away 2 weeks",
        "/away",
        "away 03/04",
        "on holiday from 3.4. to 5.4.",
        "휴가",
    ],
)
def test_days_with_two_readings_or_none_are_asked_back(text: str) -> None:
    intent = read(text)
    assert isinstance(intent, Malformed)
    assert isinstance(read(intent.nearest), Away)


@given(today=st.dates(date(2000, 1, 1), date(2099, 12, 31)), days=st.integers(0, 300), ahead=st.integers(0, 300))
def test_iso_ranges_mean_what_they_say_on_every_day(today: date, days: int, ahead: int) -> None:
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=days)
    assert read(f"/away {first}..{last}", today=today) == Away(first=first, last=last)


@given(
    today=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    words=st.sampled_from(["till Monday", "tomorrow", "Dec 24", "29 Feb", "31일"]),
)
def test_nobody_is_sent_away_in_the_past(today: date, words: str) -> None:
    intent = read(f"/away {words}", today=today)
    assert isinstance(intent, Malformed) or (isinstance(intent, Away) and today <= intent.last and intent.first <= intent.last)


# -------------------------------------------------------------------------------------------------------------- half days


@pytest.mark.parametrize(
    ("text", "day", "part"),
    [
        ("/away 2026-12-24 morning", "2026-12-24", "morning"),
        ("/away 24 December in the afternoon, dentist", "2026-12-24", "afternoon"),
        ("/away on the afternoon of Dec 24", "2026-12-24", "afternoon"),
        ("away this afternoon", "2026-11-26", "afternoon"),
        ("I'm away this morning", "2026-11-26", "morning"),
        ("off tomorrow afternoon: doctor", "2026-11-27", "afternoon"),
        ("/away Monday am", "2026-11-30", "morning"),
        ("/away tomorrow p.m.", "2026-11-27", "afternoon"),
        ("half day tomorrow morning", "2026-11-27", "morning"),
        ("taking a half day off tomorrow afternoon", "2026-11-27", "afternoon"),
        ("자리비움 내일 오전", "2026-11-27", "morning"),
        ("내일 오후 휴가", "2026-11-27", "afternoon"),
        ("오늘 오후 자리비움", "2026-11-26", "afternoon"),
        ("12월 24일 오전 연차입니다", "2026-12-24", "morning"),
        ("내일 오전 반차입니다", "2026-11-27", "morning"),
        ("내일 오후반차", "2026-11-27", "afternoon"),
    ],
)
def test_half_a_day_away(text: str, day: str, part: str) -> None:
    assert read(text) == Away(first=date.fromisoformat(day), last=date.fromisoformat(day), part=DayPart(part))


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("/away morning", "2026-11-26 morning"),
        ("/away till Monday morning", "2026-11-26 morning"),
        ("/away next week afternoon", "2026-11-26 afternoon"),
        ("/away 2026-12-24..2026-12-26 morning", "2026-12-24 morning"),
        ("/away 2026-11-25 afternoon", "2026-11-26 afternoon"),  # yesterday
        ("/away tomorrow morning and afternoon", ""),
        ("휴가 오후", "2026-11-26 오후"),
        ("on a half day tomorrow", "2026-11-27 afternoon"),
        ("반차 내일", "2026-11-27 afternoon"),
        ("반차", "2026-11-26 afternoon"),
    ],
)
def test_half_a_day_whose_day_or_half_is_not_clear_is_asked_back(text: str, nearest: str) -> None:
    intent = read(text)
    assert isinstance(intent, Malformed)
    meant = read(intent.nearest)
    assert isinstance(meant, Away)
    assert not nearest or meant == read(f"/away {nearest}")
