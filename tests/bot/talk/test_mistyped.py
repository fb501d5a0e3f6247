"""Commands with a slip in them: what is asked back is near to what was written, and is understood when it is typed back."""

from dataclasses import replace
from datetime import date

import pytest

from bot.model import ScopeKind, Status
from bot.talk.intents import (
    Away,
    CheckInHistory,
    GoalReport,
    Intent,
    Malformed,
    NudgesHealth,
    NudgesLock,
    NudgesPause,
    NudgesProfile,
    NudgesSet,
    NudgesShow,
    Report,
    ReportAll,
    ScopeWords,
    ShowCheckIn,
    Skip,
    Snooze,
    Unclear,
)
from bot.talk.text import clean, readable
from tests.bot.talk.spoken import read

# ------------------------------------------------------------------------------------------------------------- slips


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("/rondo langauge ko", "/rondo language ko"),
        ("/rondo priavcy", "/rondo privacy"),
        ("/rondo forgett", "/rondo forget"),
        ("/rondo mtue goal.stalled", "/rondo mute goal.stalled"),
        ("/rondo langauge klingon", "/rondo language en"),
        ("/론도 개인정보보", "/rondo privacy"),
        ("/goals upate", "/goals update"),
        ("/goals upate launch", "/goals update launch"),
        ("/checkin snoze 2h", "/checkin snooze 2h"),
        ("/checkin histroy", "/checkin history"),
        ("/chekin", "/checkin"),
        ("/chekin skip travelling", "/checkin skip travelling"),
        ("/gaols", "/goals"),
        ("/nugdes set goal.stalled 10d", "/nudges set goal.stalled 10d"),
        ("/priavcy", "/rondo privacy"),
        ("/awya 2026-12-24..2026-12-26", "/away 2026-12-24..2026-12-26"),
    ],
)
def test_a_slip_in_a_command_word_is_mended_and_the_rest_is_kept(text: str, nearest: str) -> None:
    intent = read(text)
    assert isinstance(intent, Malformed) and intent.nearest == nearest
    assert not isinstance(read(nearest), Malformed | Unclear)


@pytest.mark.parametrize("text", ["/unknown", "/me waves", "/giphy party", "/x"])
def test_what_is_near_to_no_command_is_none(text: str) -> None:
    assert isinstance(read(text), Unclear)


# ------------------------------------------------------------------------------------------------------------- nudges


def team(name: str, *, unsure: bool = True) -> ScopeWords:
    return ScopeWords(kind=ScopeKind.TEAM, name=name, unsure=unsure)


def stalled(scope: ScopeWords | None = None, reason: str = "") -> NudgesSet:
    return NudgesSet(threshold="goal.stalled", value="21d", scope=scope, reason=reason)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("set goal.stalled 21d for Sales", stalled(team("Sales"))),
        ("set goal.stalled 21d in team Sales", stalled(team("Sales"))),
        ("set goal.stalled 21d for teams Sales", stalled(team("Sales"))),
        ("설정 goal.stalled 21d 팀 영업", stalled(team("영업"))),
        ("설정 goal.stalled 21d 영업 팀", stalled(team("영업"))),
        ("set goal.stalled 21d for company Acme", stalled(ScopeWords(kind=ScopeKind.COMPANY, unsure=True))),
        ("set checkin.missed 3 times in a row", NudgesSet(threshold="checkin.missed", value="3 times in a row")),
        ("set goal.stalled=21d", stalled()),
        ("set goal.stalled 21d.", stalled()),
        ("set goal.stalled 21d, because noise", stalled(reason="noise")),
        ("set goal stalled 21d", replace(stalled(), threshold="goal stalled")),
        ("set profile light", NudgesProfile(name="light")),
        ("preview", NudgesSet(threshold="", value="", ahead=True)),
        ("lock", NudgesLock(rule="", locked=True)),
        ("show goal stalled", NudgesShow(rule="goal stalled")),
        ("show team Sales", NudgesShow(scope=team("Sales"))),
        ("profile light touch", NudgesProfile(name="light touch")),
        ("pause team Sales", NudgesPause(paused=True, scope=team("Sales"))),
        ("pause Sales", NudgesPause(paused=True, scope=team("Sales"))),
        ("resume for team", NudgesPause(paused=False, scope=team("", unsure=False))),
        ("health goal.stalled please", NudgesHealth(rule="goal.stalled please")),
    ],
)
def test_what_is_not_clear_goes_to_hrs_flow_which_knows_what_there_is(text: str, intent: Intent) -> None:
    assert read(f"/nudges {text}") == intent


# ------------------------------------------------------------------------------------------------------- another week


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("/checkin skip next week", "/away 2026-11-30..2026-12-06"),
        ("skip next week", "/away 2026-11-30..2026-12-06"),
        ("/checkin skip for next week, please", "/away 2026-11-30..2026-12-06"),
        ("/checkin skip next week: travelling", "/away 2026-11-30..2026-12-06"),
        ("/checkin skip next week because I travel", "/away 2026-11-30..2026-12-06"),
        ("체크인 건너뛰기 다음 주", "/away 2026-11-30..2026-12-06"),
        ("체크인 건너뛰기 다음주는", "/away 2026-11-30..2026-12-06"),
        ("/checkin skip tomorrow", "/away 2026-11-27..2026-11-27"),
        ("체크인 건너뛰기 내일", "/away 2026-11-27..2026-11-27"),
        ("/checkin skip last week", "/checkin skip"),
        ("체크인 건너뛰기 지난주", "/checkin skip"),
        ("/checkin skip yesterday", "/checkin skip"),
        ("/checkin skip next month", "/checkin skip"),
    ],
)
def test_only_this_week_is_skipped(text: str, nearest: str) -> None:
    intent = read(text)
    assert isinstance(intent, Malformed) and intent.nearest == nearest
    assert intent.phrase == ("skip-not-this-week" if nearest.startswith("/away") else "words-malformed")
    assert isinstance(read(nearest), Away | Skip)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("skip because I am back next week", "I am back next week"),
        ("/checkin skip I am back next week", "I am back next week"),
        ("/checkin skip travelling next week", "travelling next week"),
        ("/checkin skip this week: tomorrow", "tomorrow"),
        ("/checkin skip next week's launch eats me", "next week's launch eats me"),
        ("체크인 건너뛰기 다음 주에 복귀해요", "다음 주에 복귀해요"),
    ],
)
def test_a_reason_that_speaks_of_another_week_is_a_reason(text: str, reason: str) -> None:
    assert read(text) == Skip(reason=reason)


# -------------------------------------------------------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("휴가 12/24~1/2", "/away 2026-12-24..2027-01-02"),
        ("/away 24.12.-2.1.", "/away 2026-12-24..2027-01-02"),
        ("/away 12/24-1/2", "/away 2026-12-24..2027-01-02"),
        ("/away 24/12/2026 - 2/1/2027", "/away 2026-12-24..2027-01-02"),
        ("/away 2026-12-24..2126-12-31", "/away 2026-12-24..2026-12-31"),
        ("/away 3/4-5/4", "/away 2026-11-27..2026-12-03"),  # April or March: only how to write it
    ],
)
def test_dates_in_another_spelling_are_asked_back_as_what_they_mean(text: str, nearest: str) -> None:
    intent = read(text)
    assert isinstance(intent, Malformed) and intent.nearest == nearest
    assert isinstance(read(nearest), Away)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("/away 2026-01-01..2026-01-05", date(2026, 1, 1), date(2026, 1, 5)),
        ("/away 2020-01-01..2020-02-01", date(2020, 1, 1), date(2020, 2, 1)),
        ("휴가 2026.1.1 ~ 2026.1.5, 여행", date(2026, 1, 1), date(2026, 1, 5)),
        ("/away 2026-11-25", date(2026, 11, 25), date(2026, 11, 25)),
        ("/away 2026-12-31..2026-12-24", date(2026, 12, 31), date(2026, 12, 24)),
    ],
)
def test_dates_that_are_over_or_backwards_are_left_as_they_are_for_the_answer(text: str, first: date, last: date) -> None:
    assert read(text) == Away(first=first, last=last)


# ---------------------------------------------------------------------------------------------------- wide and unseen


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("／checkin history", CheckInHistory()),
        ("／ｃｈｅｃｋｉｎ", ShowCheckIn()),
        ("ａｌｌ　ｏｎ　ｔｒａｃｋ", ReportAll(status=Status.ON_TRACK)),
        ("all　on　track", ReportAll(status=Status.ON_TRACK)),
        ("모두　순조로워요", ReportAll(status=Status.ON_TRACK)),
        ("all \u200bon track", ReportAll(status=Status.ON_TRACK)),
        ("all\u200bon\u200btrack", ReportAll(status=Status.ON_TRACK)),
        ("\u200b/checkin\u200b history", CheckInHistory()),
        ("/checkin\u200bhistory", CheckInHistory()),
        ("/che\u00adckin his\u2060tory\ufeff", CheckInHistory()),
        ("ｓｎｏｏｚｅ　２ｈ", Snooze(minutes=120)),
        ("／nudges　set　goal.stalled　１０ｄ", NudgesSet(threshold="goal.stalled", value="10d")),
    ],
)
def test_width_and_unseen_characters_make_no_difference_to_reading(text: str, intent: Intent) -> None:
    assert read(text) == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("／checkin　skip　ＡＢＣ　ｔｏｕｒ", Skip(reason="ＡＢＣ　ｔｏｕｒ")),
        ("/checkin skip foo　ＡＢＣ\u200bx", Skip(reason="foo　ＡＢＣ\u200bx")),
        (
            "launch　at ４０％, blocked by ＬＥＧＡＬ　team",
            Report(items=(GoalReport(goal_id="o1", key_result_id="k1", value="40%", blocker="ＬＥＧＡＬ　team"),)),
        ),
    ],
)
def test_what_is_kept_stays_as_it_was_typed(text: str, intent: Intent) -> None:
    assert read(text) == intent


def test_what_is_read_knows_where_each_character_stood() -> None:
    typed = clean("ａ\u200b　b")
    assert typed == "ａ\u200b　b", "what is kept is not folded"
    assert readable(typed) == ("a b", (0, 2, 3, 4))
    assert readable(typed, gap=" ") == ("a  b", (0, 1, 2, 3, 4))
