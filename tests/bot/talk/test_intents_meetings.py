"""What people say about their 1:1s: items, the list, when they are; and what is none of it."""

import time as clock
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.talk.intents import Ambiguous, Intent, Malformed, OneOnOne, OneOnOneSlot, Report, ReportAll, Unclear
from bot.talk.intents.meetings import MY_MANAGER, read_meeting, slot_form
from bot.talk.names import is_named, named_at_start, names_of
from tests.bot.talk.spoken import GOALS, read


@pytest.mark.parametrize(
    "text",
    [
        "1:1",
        "/rondo 1:1",
        "rondo 1:1",
        "1on1",
        "one on one",
        "my 1:1 list",
        "What's on my 1:1?",
        "원온원",
        "1:1 안건",
        "원온원 목록 보여줘",
    ],
)
def test_the_list(text: str) -> None:
    assert read(text) == OneOnOne()


@pytest.mark.parametrize("text", ["1:1 with Dana", "/rondo 1:1 with Dana", "show my 1:1 with Dana"])
def test_the_list_with_one_person(text: str) -> None:
    assert read(text) == OneOnOne(who="Dana")
    assert read("다나와 1:1") == read("다나 님과 1:1 목록") == OneOnOne(who="다나")


@pytest.mark.parametrize(
    ("text", "who", "words"),
    [
        ("1:1 with Dana: budget for the launch", "Dana", "budget for the launch"),
        ("1:1 Dana: budget", "Dana", "budget"),
        ("1:1: budget", "", "budget"),
        ("1:1 about the budget", "", "the budget"),
        ("1:1 with Dana about Q3: numbers", "Dana", "Q3: numbers"),
        ("1:1 with Dana - the budget", "Dana", "the budget"),
        ("1:1 with <@U12>: budget", "<@U12>", "budget"),
        ("1:1 with <mailto:dana@acme.example|dana@acme.example>: budget", "dana@acme.example", "budget"),
        ("add to my 1:1: the launch is at risk", "", "the launch is at risk"),
        ("add to my next 1:1 with Max: the handover", "Max", "the handover"),
        ("please add training to my 1:1", "", "training"),
        ("put the launch on my 1:1 list with Dana", "Dana", "the launch"),
        ("for my 1:1 with Dana: pay", "Dana", "pay"),
        ("talk to my manager about training", MY_MANAGER, "training"),
        ("I'd like to talk with my boss about pay", MY_MANAGER, "pay"),
        ("discuss the roadmap with my manager", MY_MANAGER, "the roadmap"),
        ("discuss with Max: the handover", "Max", "the handover"),
        ("talk to Max about the handover", "Max", "the handover"),
        ("discuss the handover with Max", "Max", "the handover"),
        ("/rondo 1:1 with dana: budget", "dana", "budget"),
        ("/rondo 1:1 budget for the launch", "", "budget for the launch"),
        ("/rondo 1:1 with dana budget", "dana budget", ""),
        ("원온원: 예산", "", "예산"),
        ("1:1 다나: 출시 예산", "다나", "출시 예산"),
        ("다나와 1:1에서 예산 이야기하기", "다나", "예산"),
        ("다나 님과 원온원: 예산", "다나", "예산"),
        ("원온원에서 예산에 대해 이야기하고 싶어요", "", "예산"),
        ("원온원에 예산 추가해 주세요", "", "예산"),
        ("팀장님과 교육에 대해 이야기하고 싶어요", MY_MANAGER, "교육"),
        ("매니저와 교육 상의하기", MY_MANAGER, "교육"),
        ("다나와 상의: 인수인계", "다나", "인수인계"),
        ("/론도 원온원 다나님과 예산", "다나", "예산"),
    ],
)
def test_an_item(text: str, who: str, words: str) -> None:
    assert read(text) == OneOnOne(who=who, words=words)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("1:1 with Dana on Tuesdays 14:00", OneOnOneSlot(who="Dana", weekday=1, at=time(14))),
        ("1:1 with Dana every other Tuesday 2pm", OneOnOneSlot(who="Dana", weekday=1, at=time(14), every_other_week=True)),
        ("1:1 with Dana every Tuesday at 9", OneOnOneSlot(who="Dana", weekday=1, at=time(9))),
        ("my 1:1 is on Fridays at 2:30 pm", OneOnOneSlot(who="", weekday=4, at=time(14, 30))),
        ("1:1 on Tuesdays 14:00 every other week", OneOnOneSlot(who="", weekday=1, at=time(14), every_other_week=True)),
        ("1:1 with Dana weekly on Monday 07:30", OneOnOneSlot(who="Dana", weekday=0, at=time(7, 30))),
        (
            "1:1 with Dana every other Tuesday 14:00 starting next week",
            OneOnOneSlot(who="Dana", weekday=1, at=time(14), every_other_week=True, from_next_week=True),
        ),
        ("다나와 1:1 매주 화요일 14시", OneOnOneSlot(who="다나", weekday=1, at=time(14))),
        (
            "다나님과 1:1 격주 화요일 오후 2시 반",
            OneOnOneSlot(who="다나", weekday=1, at=time(14, 30), every_other_week=True),
        ),
        ("원온원 화요일마다 10:00", OneOnOneSlot(who="", weekday=1, at=time(10))),
        ("원온원 2주에 한 번 월요일 오전 9시", OneOnOneSlot(who="", weekday=0, at=time(9), every_other_week=True)),
        ("1:1 with Dana off", OneOnOneSlot(who="Dana")),
        ("no 1:1 with Dana any more", OneOnOneSlot(who="Dana")),
        ("1:1 off", OneOnOneSlot(who="")),
        ("다나와 1:1 없음", OneOnOneSlot(who="다나")),
    ],
)
def test_when_it_is(text: str, intent: Intent) -> None:
    assert read(text) == intent


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("1:1 with Dana on Tuesday 14:00", "1:1 with Dana every Tuesday 14:00"),  # one single Tuesday?
        ("1:1 with Dana on Tuesdays 2:00", "1:1 with Dana every Tuesday 14:00"),  # at night?
        ("1:1 with Dana on Tuesdays", "1:1 with Dana every Tuesday 14:00"),
        ("1:1 every other Friday 25:00", "1:1 every other Friday 14:00"),
        ("원온원 매주 화요일 2시", "1:1 매주 화요일 14:00"),
        ("다나와 1:1 금요일 15시", "다나 님과 1:1 매주 금요일 15:00"),
    ],
)
def test_a_time_with_two_readings_is_asked_back_with_one_that_works(text: str, nearest: str) -> None:
    assert read(text) == Malformed(command="/rondo 1:1", nearest=nearest)
    assert isinstance(read(nearest), OneOnOneSlot)


@given(
    who=st.sampled_from(["", "Dana", "dana@acme.example", "서다나"]),
    weekday=st.integers(0, 6),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    other=st.booleans(),
    late=st.booleans(),
    korean=st.booleans(),
)
def test_what_is_offered_to_write_is_understood(who: str, weekday: int, at: time, other: bool, late: bool, korean: bool) -> None:
    text = slot_form(who, weekday, f"{at:%H:%M}", korean=korean, every_other_week=other, from_next_week=late)
    assert read(text) == OneOnOneSlot(who=who, weekday=weekday, at=at, every_other_week=other, from_next_week=late)


@pytest.mark.parametrize(
    "text",
    [
        "launch at 40%, talk to legal",
        "mobile app on track, discuss with Max tomorrow",
        "talk to legal about the launch, launch at risk",
        "everything on track, will talk to my manager about training",
        "hiring is blocked by Dana, need a 1:1 with her",
        "앱 출시는 위험해요, 팀장님과 이야기 중",
    ],
)
def test_a_report_that_speaks_of_talking_stays_a_report(text: str) -> None:
    assert isinstance(read(text), Report | ReportAll | Ambiguous)


@pytest.mark.parametrize("text", ["discuss launch", "the ratio is 1:1 now", "talk soon", "one to go", "we drew 1-1 yesterday"])
def test_what_names_no_1_to_1_is_none(text: str) -> None:
    assert not isinstance(read(text), OneOnOne | OneOnOneSlot)
    assert isinstance(read(text, goals=()), Unclear)


@given(st.text(max_size=300))
def test_any_words_can_be_an_item(words: str) -> None:
    said = f"1:1 with Dana: x{words}x"
    meant = read_meeting(said)
    assert isinstance(meant, OneOnOne)
    assert meant.who == "Dana"


@pytest.mark.parametrize("piece", ["1:1 ", "1:1 with ", "talk to ", "discuss ", "와 ", "1:1에서 ", "add 1:1 ", "every Monday "])
def test_long_and_odd_texts_are_read_in_no_time(piece: str) -> None:
    began = clock.perf_counter()
    read((piece * 1000)[:3000], GOALS)
    assert clock.perf_counter() - began < 10


# --------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("dana", "Dana Fox"),
        ("Dana Fox", "Dana Fox"),
        ("DANA", "Dana Fox"),
        ("다나", "서다나"),
        ("서다나 님", "서다나"),
        ("Dana's", "Dana Fox"),
    ],
)
def test_a_name(words: str, name: str) -> None:
    assert is_named(words, name, "d@acme.example")


@pytest.mark.parametrize("words", ["Fox", "Dan", "Danas", "", "d@acme.exampl", "Dana Foxx", "na"])
def test_no_name(words: str) -> None:
    assert not words or not is_named(words, "Dana Fox", "d@acme.example")
    assert names_of("") == frozenset()


def test_a_name_at_the_beginning() -> None:
    assert named_at_start("Dana budget", "Dana Fox", "d@acme.example") == len("Dana")
    assert named_at_start("dana fox budget", "Dana Fox", "d@acme.example") == len("dana fox")
    assert named_at_start("d@acme.example budget", "Dana Fox", "d@acme.example") == len("d@acme.example")
    assert named_at_start("Danas budget", "Dana Fox", "d@acme.example") == 0
