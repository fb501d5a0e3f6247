"""What people say about their leave after they said it: the latest word counts, and a slip in the year is seen."""

import pytest

from bot.model import person_id
from tests.play.company import Play, berlin, email_of
from tests.play.test_leave import leave


def said(play: Play, words: str, who: str = "max") -> str:
    play.say(who, words)
    return play.chat(who)[-1].words


def kept(play: Play, who: str = "max") -> list[str]:
    """The leave that is stored, whatever its source."""
    with play.imports.begin() as imported:
        found = next(one for one in imported.read_people() if one.id == person_id(email_of(who)))
    return [f"{one.first}..{one.last}" for one in found.absences]


@pytest.mark.parametrize(
    ("before", "now", "stored", "answer"),
    [
        ("12-24..2027-01-10", "12-24..2026-12-28", "2026-12-24..2026-12-28", "to Monday 28 December"),
        ("12-24..2027-01-10", "12-28..2027-01-10", "2026-12-28..2027-01-10", "from Monday 28 December"),
        ("12-24..2027-01-10", "12-27..2026-12-29", "2026-12-27..2026-12-29", "to Tuesday 29 December"),
        ("12-24..2027-01-10", "12-24", "2026-12-24..2026-12-24", "on Thursday 24 December"),
    ],
)
def test_a_correction_of_leave_counts_and_says_what_it_replaces(
    play: Play, before: str, now: str, stored: str, answer: str
) -> None:
    said(play, f"/away 2026-{before}")
    words = said(play, f"/away 2026-{now}")
    assert answer in words
    assert "It replaces what you said before, Thursday 24 December to Sunday 10 January." in words
    assert kept(play) == [stored]


def test_a_correction_in_korean(play: Play) -> None:
    said(play, "/away 2026-12-24..2027-01-10", "mina")
    words = said(play, "휴가 2026-12-24..2026-12-28", "mina")
    assert "12월 28일" in words and "대신합니다" in words
    assert kept(play, "mina") == ["2026-12-24..2026-12-28"]


@pytest.mark.parametrize(
    ("now", "stored"),
    [
        ("2026-12-20..2027-01-12", "2026-12-20..2027-01-12"),
        ("2027-01-05..2027-01-20", "2026-12-24..2027-01-20"),
        ("2026-12-24..2027-01-20", "2026-12-24..2027-01-20"),
    ],
)
def test_leave_that_grows_is_one_leave(play: Play, now: str, stored: str) -> None:
    said(play, "/away 2026-12-24..2027-01-10")
    assert "replaces" not in said(play, f"/away {now}")
    assert kept(play) == [stored]


@pytest.mark.parametrize("now", ["2026-12-28", "2026-12-28 morning"])
def test_a_day_inside_a_longer_leave_changes_nothing_and_is_told_so(play: Play, now: str) -> None:
    said(play, "/away 2026-12-24..2027-01-10")
    words = said(play, f"/away {now}")
    assert "from Thursday 24 December to Sunday 10 January" in words and "was there already and stays" in words
    assert kept(play) == ["2026-12-24..2027-01-10"]


def test_what_was_lived_of_a_leave_stays_when_it_is_corrected(play: Play) -> None:
    said(play, "/away 2026-11-23..2026-12-04")
    play.move_to(berlin(25, 10))
    assert "from Monday 23 November to Friday 27 November" in said(play, "/away 2026-11-25..2026-11-27")
    assert kept(play) == ["2026-11-23..2026-11-27"]
    said(play, "/away 2026-11-26..2026-11-27")
    assert kept(play) == ["2026-11-23..2026-11-24", "2026-11-26..2026-11-27"]


def test_leave_of_a_file_is_never_shortened_in_chat(play: Play) -> None:
    leave(play, f"{email_of('max')},2026-12-24,2027-01-10,")
    assert "replaces" not in said(play, "/away 2026-12-24..2026-12-28")
    assert "2026-12-24..2027-01-10" in kept(play)


# --------------------------------------------------------------------------------------------------------------- years


def test_a_slip_in_the_year_is_seen(play: Play) -> None:
    assert "from Thursday 24 December to Friday 31 December 2027," in said(play, "/away 2026-12-24..2027-12-31")
    play.say("max", "/rondo language ko")
    assert "12월 24일 목요일부터 2027년 12월 31일 금요일까지" in said(play, "/away 2026-12-24..2027-12-31")


def test_the_coming_january_needs_no_year(play: Play) -> None:
    assert "to Saturday 2 January, both" in said(play, "/away 2026-12-24..2027-01-02")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/away 2026-01-01..2026-01-05", "Monday 5 January is already over, so nothing changed."),
        ("/away 2025-01-01..2025-01-05", "Sunday 5 January 2025 is already over, so nothing changed."),
        ("/away 2026-12-31..2026-12-24", "Thursday 24 December lies before Thursday 31 December, so nothing changed."),
        ("/away 2026-12-31..2026-12-24", "/away 2026-12-24..2026-12-31"),
    ],
)
def test_dates_that_are_over_or_backwards_are_called_so(play: Play, words: str, answer: str) -> None:
    assert answer in said(play, words)
    assert kept(play) == []


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("max", "/checkin skip next week", "Only this week's check-in can be skipped, so nothing changed."),
        ("mina", "체크인 건너뛰기 다음 주", "이번 주 체크인뿐이라 바뀐 것이 없습니다"),
    ],
)
def test_another_week_is_not_skipped(play: Play, who: str, words: str, answer: str) -> None:
    play.move_to(berlin(26, 10, 5))
    told = said(play, words, who)
    assert answer in told and "/away 2026-11-30..2026-12-06" in told
