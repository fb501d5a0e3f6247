"""Commands and what people say instead of them; and any text at all. Reports have their own file."""

import re
import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import ScopeKind
from bot.talk.intents import (
    AddGoal,
    Ambiguous,
    Away,
    BackFromAway,
    CheckInHistory,
    CheckInSettings,
    Help,
    Intent,
    Language,
    Malformed,
    Mute,
    NudgesHealth,
    NudgesHistory,
    NudgesLock,
    NudgesPause,
    NudgesProfile,
    NudgesRevert,
    NudgesSet,
    NudgesShow,
    Pleasantry,
    Prefer,
    Report,
    ReportAll,
    ScopeWords,
    ShowCheckIn,
    ShowGoals,
    ShowTeam,
    Skip,
    Snooze,
    TeamPost,
    Unclear,
    Unmute,
    UpdateGoal,
    WhichGoals,
    Why,
    understand,
)
from tests.bot.talk.spoken import (
    GOALS,
    ON,
    THURSDAY,
    goal,
    read,
)

# ------------------------------------------------------------------------------------------------------------ commands


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/checkin", ShowCheckIn()),
        ("Check-In", ShowCheckIn()),
        ("체크인", ShowCheckIn()),
        ("Check in now", ShowCheckIn()),
        ("지금 체크인", ShowCheckIn()),
        ("/checkin skip", Skip()),
        ("/checkin skip travelling", Skip(reason="travelling")),
        ("체크인 건너뛰기 출장", Skip(reason="출장")),
        ("/checkin snooze 2h", Snooze(minutes=120)),
        ("/checkin snooze", Snooze()),
        ("/checkin history", CheckInHistory()),
        ("/checkin settings", CheckInSettings()),
        ("체크인 설정", CheckInSettings()),
        ("/goals", ShowGoals()),
        ("my goals", ShowGoals()),
        ("목표", ShowGoals()),
        ("/goals team", ShowGoals(which=WhichGoals.TEAM)),
        ("팀 목표", ShowGoals(which=WhichGoals.TEAM)),
        ("/goals at-risk", ShowGoals(which=WhichGoals.AT_RISK)),
        ("goals at risk", ShowGoals(which=WhichGoals.AT_RISK)),
        ("목표 위험", ShowGoals(which=WhichGoals.AT_RISK)),
        ("/goals add Win Korea", AddGoal(words="Win Korea")),
        ("/goals update", UpdateGoal()),
        ("/goals update launch", UpdateGoal(goal_id="o1")),
        ("update launch", UpdateGoal(goal_id="o1")),
        ("/goals update pizza", UpdateGoal()),
        ("/team", ShowTeam()),
        ("/team Customer Success", ShowTeam(name="Customer Success")),
        ('team "Customer Success"', ShowTeam(name="Customer Success")),
        ('/team "post"', ShowTeam(name="post")),
        ("/team post here", TeamPost(wanted=True)),
        ("team post here", TeamPost(wanted=True)),
        ("/team post on", TeamPost(wanted=True)),
        ('/team post here "Customer Success"', TeamPost(wanted=True, team="Customer Success")),
        ("/team post off for Sales", TeamPost(wanted=False, team="Sales")),
        ("/team post off", TeamPost(wanted=False)),
        ("/팀 게시 여기", TeamPost(wanted=True)),
        ("팀 게시 끄기", TeamPost(wanted=False)),
        ("팀", ShowTeam()),
        ("/away back", BackFromAway()),
        ("I'm back", BackFromAway()),
        ("자리비움 복귀", BackFromAway()),
        ("복귀했어요", BackFromAway()),
        ("/rondo", Help()),
        ("/rondo help", Help()),
        ("help", Help()),
        ("도움말", Help()),
        ("/rondo why", Why()),
        ("why?", Why()),
        ("Why did I get this?", Why()),
        ("왜 받았나요?", Why()),
        ("/rondo language ko", Language(code="ko")),
        ("한국어로 해줘", Language(code="ko")),
        ("language English", Language(code="en")),
        ("/rondo prefer slack", Prefer(platform="slack")),
        ("/rondo prefer Microsoft Teams", Prefer(platform="teams")),
        ("/rondo prefer auto", Prefer(platform="")),
        ("/rondo prefer 슬랙", Prefer(platform="slack")),
        ("론도 받을 곳 팀즈", Prefer(platform="teams")),
        ("/rondo prefer 자동", Prefer(platform="")),
        ("/rondo mute", Mute()),
        ("/rondo mute goal.stalled", Mute(rule="goal.stalled")),
        ("mute goal.stalled", Mute(rule="goal.stalled")),
        ("Mute goal.stalled forever", Mute(rule="goal.stalled")),
        ("mute goal.stalled for 2 weeks", Mute(rule="goal.stalled", until=date(2026, 12, 10))),
        ("/rondo mute goal.stalled for the next three weeks", Mute(rule="goal.stalled", until=date(2026, 12, 17))),
        ("/rondo mute goal.stalled a week", Mute(rule="goal.stalled", until=date(2026, 12, 3))),
        ("/rondo mute goal.stalled for 3 days", Mute(rule="goal.stalled", until=date(2026, 11, 29))),
        ("/rondo mute goal.stalled until Monday", Mute(rule="goal.stalled", until=date(2026, 11, 30))),
        ("/rondo mute stalled goals for 3 days", Mute(rule="stalled goals", until=date(2026, 11, 29))),
        ("음소거 goal.stalled 2주 동안", Mute(rule="goal.stalled", until=date(2026, 12, 10))),
        ("/rondo 음소거 goal.stalled 월요일까지", Mute(rule="goal.stalled", until=date(2026, 12, 1))),
        ("/rondo unmute goal.stalled", Unmute(rule="goal.stalled")),
        ("/rondo mute goal.stalled off", Unmute(rule="goal.stalled")),
        ("unmute goal.stalled", Unmute(rule="goal.stalled")),
        ("음소거 해제 goal.stalled", Unmute(rule="goal.stalled")),
        ("론도 도움말", Help()),
    ],
)
def test_a_command_is_understood(text: str, intent: Intent) -> None:
    assert read(text) == intent


@pytest.mark.parametrize(
    "text",
    [
        "checkin",
        "checkin skip travelling",
        "checkin snooze 2h",
        "goals at-risk",
        "goals update launch",
        "team Sales",
        "rondo why",
        "away 2026-12-24..2026-12-31",
        "away back",
        "away till Monday",
        "away 2026-12-31..2026-12-24",
        "away",
        "snooze forever",
        "nudges set goal.stalled 21 for team Sales",
        "nudges frobnicate",
        "rondo mute",
        "rondo language fr",
    ],
)
def test_slash_and_case_make_no_difference(text: str) -> None:
    with_slash, without = read("/" + text), read(text)
    assert with_slash == without
    assert not isinstance(without, Unclear)
    if isinstance(without, Away | BackFromAway | ShowCheckIn | ShowGoals | Snooze | Why | Malformed):
        assert type(read(text.upper())) is type(without)


@pytest.mark.parametrize(
    ("text", "command", "nearest"),
    [
        ("/away for 3 days", "/away", "/away 2026-11-26..2026-11-28"),
        ("/away sometime", "/away", "/away 2026-11-27..2026-12-03"),
        ("/checkin snooze forever", "/checkin", "/checkin snooze 2h"),
        ("snooze 0h", "/checkin snooze", "/checkin snooze 2h"),
        ("/checkin bananas", "/checkin", "/checkin"),
        ("/goals nonsense", "/goals", "/goals"),
        ("/rondo nonsense", "/rondo", "/rondo help"),
        ("/rondo mute goal.stalled banana", "/rondo", "/rondo mute goal.stalled for 2 weeks"),
        ("mute goal.stalled next week", "/rondo mute", "/rondo mute goal.stalled for 2 weeks"),
        ("mute checkin.reminder for 500 days", "/rondo mute", "/rondo mute checkin.reminder for 2 weeks"),
        ("/rondo unmute", "/rondo", "/rondo unmute goal.stalled"),
        ("/rondo language klingon", "/rondo", "/rondo language en"),
        ("/rondo prefer fax", "/rondo", "/rondo prefer auto"),
        ("/nudges nonsense", "/nudges", "/nudges show"),
        ("/team post", "/team", "/team post here"),
        ("/team post there", "/team", "/team post here"),
        ("/nudges lokc goal.stalled", "/nudges", "/nudges lock goal.stalled"),
        ("/nudges lokc goal.stalled team Sales", "/nudges", "/nudges lock goal.stalled for team Sales"),
        ("/nudges histroy", "/nudges", "/nudges history"),
        ("/nudges pause because", "/nudges pause", "/nudges pause because …"),
        ("/nudges set goal.stalled 10d because", "/nudges set", "/nudges set goal.stalled 10d because …"),
        ("/nudges history goal stalled for team Web", "/nudges history", "/nudges history goal.stalled"),
        ("/nudges health goal.stalled for team Web", "/nudges health", "/nudges health goal.stalled"),
    ],
)
def test_wrong_arguments_get_a_form_that_is_understood(text: str, command: str, nearest: str) -> None:
    assert read(text) == Malformed(command=command, nearest=nearest)
    assert not isinstance(read(nearest), Malformed | Unclear | Ambiguous)


@pytest.mark.parametrize("text", ["/", "/unknown", "/help me please with all of this", "//", "/ "])
def test_an_unknown_command_is_not_taken_for_a_report(text: str) -> None:
    assert isinstance(read(text), Unclear | Malformed)


@pytest.mark.parametrize("text", ["thanks", "Thank you very much!", "ok", "hi", "good morning", "감사합니다", "네", "👍", "🎉🎉"])
def test_small_talk_is_small_talk(text: str) -> None:
    assert read(text) == Pleasantry()


@pytest.mark.parametrize(
    "text",
    ["what?", "", "   ", "?!", "lunch at noon?", "away from my desk", "why is this so late", "forget it", "delete everything"],
)
def test_what_is_not_understood_is_not_acted_on(text: str) -> None:
    assert isinstance(read(text), Unclear | Pleasantry | Help)


# ---------------------------------------------------------------------------------------------------------------- nudges


def team(name: str) -> ScopeWords:
    return ScopeWords(kind=ScopeKind.TEAM, name=name)


def person(name: str) -> ScopeWords:
    return ScopeWords(kind=ScopeKind.PERSON, name=name)


def stalled(scope: ScopeWords | None = None, reason: str = "", value: str = "21d") -> NudgesSet:
    return NudgesSet(threshold="goal.stalled", value=value, scope=scope, reason=reason)


R_AND_D = ScopeWords(kind=ScopeKind.DEPARTMENT, name="R&D")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("", NudgesShow()),
        ("show", NudgesShow()),
        ("show goal.stalled", NudgesShow(rule="goal.stalled")),
        ("show for team Sales", NudgesShow(scope=team("Sales"))),
        ("show no.such.rule for company", NudgesShow(rule="no.such.rule", scope=ScopeWords(kind=ScopeKind.COMPANY))),
        ("set goal.stalled 21", stalled(value="21")),
        ("set goal.stalled.manager to 3 weeks", NudgesSet(threshold="goal.stalled.manager", value="3 weeks")),
        ("SET checkin.prompt Thursday 10:00", NudgesSet(threshold="checkin.prompt", value="Thursday 10:00")),
        ("set goal.stalled 21d FOR Team Sales", stalled(team("Sales"))),
        ("set goal.stalled off for department R&D because it is quiet for now", stalled(R_AND_D, "it is quiet for now", "off")),
        ('set goal.stalled 21d for team "Because for now" because we said so', stalled(team("Because for now"), "we said so")),
        ("set goal.stalled 21d for team “Customer Success”", stalled(team("Customer Success"))),
        ("set goal.stalled 21d for team 'Customer Success'", stalled(team("Customer Success"))),
        ("set goal.stalled 21d for team Customer Success", stalled(team("Customer Success"))),
        ("set goal.stalled 21d for team Ana's crew", stalled(team("Ana's crew"))),
        ("set goal.stalled 21d for person ana@example.com", stalled(person("ana@example.com"))),
        ("set goal.stalled 21d for ana@example.com", stalled(person("ana@example.com"))),
        ("set goal.stalled 21d for person <@U123|ana>", stalled(person("<@U123>"))),
        ("set goal.stalled 21d for <@U123>", stalled(person("<@U123>"))),
        ("set goal.stalled 21d for @ana", stalled(person("@ana"))),
        ("set goal.stalled 21d for person <mailto:a@example.com|a@example.com>", stalled(person("a@example.com"))),
        ("set no.such.rule 5 parsecs", NudgesSet(threshold="no.such.rule", value="5 parsecs")),
        ("설정 goal.stalled 3주 for 팀 영업 because 출장", stalled(team("영업"), "출장", "3주")),
        ("preview goal.stalled 21 for team Sales", replace(stalled(team("Sales"), value="21"), ahead=True)),
        ("미리보기 goal.stalled 3주", replace(stalled(value="3주"), ahead=True)),
        ("lock goal.stalled", NudgesLock(rule="goal.stalled", locked=True)),
        ("lock goal.stalled.owner for team Sales", NudgesLock(rule="goal.stalled.owner", locked=True, scope=team("Sales"))),
        ("unlock goal.stalled because calm", NudgesLock(rule="goal.stalled", locked=False, reason="calm")),
        ("잠금 goal.stalled for 팀 영업", NudgesLock(rule="goal.stalled", locked=True, scope=team("영업"))),
        ("잠금해제 goal.stalled", NudgesLock(rule="goal.stalled", locked=False)),
        ("잠금 해제 goal.stalled", NudgesLock(rule="goal.stalled", locked=False)),
        ("profile light for team Sales", NudgesProfile(name="light", scope=team("Sales"))),
        ("프로필 active 이유: 분기 말", NudgesProfile(name="active", reason="분기 말")),
        ("pause", NudgesPause(paused=True)),
        ("pause for team Sales because offsite", NudgesPause(paused=True, scope=team("Sales"), reason="offsite")),
        ("일시 중지", NudgesPause(paused=True)),
        ("resume for team Sales", NudgesPause(paused=False, scope=team("Sales"))),
        ("재개", NudgesPause(paused=False)),
        ("history", NudgesHistory()),
        ("이력 goal.stalled", NudgesHistory(rule="goal.stalled")),
        ("revert 7", NudgesRevert(version="7")),
        ("되돌리기 7 because too soon", NudgesRevert(version="7", reason="too soon")),
        ("revert", NudgesRevert(version="")),
        ("health", NudgesHealth()),
        ("health goal.stalled", NudgesHealth(rule="goal.stalled")),
        ("상태 goal.stalled", NudgesHealth(rule="goal.stalled")),
    ],
)
def test_hr_speaks_to_nudges(text: str, intent: Intent) -> None:
    assert read(f"/nudges {text}") == intent
    assert read(f"nudges {text}") == intent


# ------------------------------------------------------------------------------------------------------------- any text

WORDS = st.sampled_from(
    re.split(
        " +",
        "launch hiring 출시 all everything 전부 on track at risk off not n't isn't blocked by legal because due to 막혔어요"
        " 때문에 순조롭지 않아요 40% 1,234 35/100 KR2 k1 away till until Monday 월요일까지 부터 2026-12-24 .. 24.12. 3/4 next"
        " Friday 12월 24일 31일까지 snooze 2h 한 시간 반 skip this week: nudges set show for team person company goal.stalled"
        " 21d because <@U1> \" “ ” ' ( ) : ; , . ? ! / > - – — & and but 고 rondo why goals update check-in 👍 ß İ \u0000"
        " \ud800 \u202e 9999-99-99 99999999h",
    )
)


@settings(max_examples=400)
@given(text=st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join)), slash=st.booleans())
def test_any_text_is_understood_as_something_and_twice_the_same(text: str, slash: bool) -> None:
    said = "/" * slash + text
    intent = read(said)
    assert intent == read(said)
    match intent:
        case Report(items=items):
            assert items
            assert {item.goal_id for item in items} <= {one.id for one in GOALS}
            assert all(item.status or item.value or item.blocker for item in items)
        case Away(first=first, last=last):
            assert (first <= last and last >= THURSDAY) or f"{first}" in said  # dates written in full are as they are
        case Malformed(nearest=nearest):
            assert not isinstance(read(nearest), Malformed | Unclear)
        case Snooze(minutes=minutes, until_tomorrow=until_tomorrow):
            assert 0 <= minutes <= 7 * 24 * 60
            assert not (minutes and until_tomorrow)
        case _:
            pass


@given(words=st.lists(WORDS, max_size=6).map(" ".join))
def test_a_status_with_not_before_it_is_never_reported(words: str) -> None:
    intent = read(f"{words} not on track")
    assert not isinstance(intent, ReportAll) or intent.status is not ON or "on track" in words
    assert not (isinstance(intent, Report) and "on track" not in words and any(item.status is ON for item in intent.items))


HEAVY = (
    "a",
    " ",
    "1,",
    "1 ",
    "on track and ",
    "because ",
    "((",
    "막혔 ",
    "때문에 ",
    "12월 24일 ",
    "till ",
    "“",
    '"',
    "- ",
    ": ",
    "\n",
    "🎉",
    "İ",
    "이번 주 ",
    "한시간 ",
    "not ",
    "1/2",
    "<@U1>",
    "launch at 40% and ",
)


@pytest.mark.parametrize("part", HEAVY)
@pytest.mark.parametrize("start", ["", "/away ", "/nudges set a ", "snooze ", "all on track "])
def test_ten_thousand_characters_take_no_time(part: str, start: str) -> None:
    many = [
        goal(f"o{n}", f"Goal {n} alpha beta", *((f"k{n}{m}", f"Metric {m} from 3 to {m}0", "%") for m in range(5)))
        for n in range(6)
    ]
    began = time.perf_counter()
    understand(start + part * (10_000 // len(part)), goals=many, today=THURSDAY)
    assert time.perf_counter() - began < 5.0  # about 20 ms on a laptop; a quadratic pattern takes many seconds
