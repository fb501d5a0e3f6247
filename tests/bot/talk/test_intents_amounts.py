"""Numbers in reports: what is a key result's value, what is none, and what is asked back. All of a report, or nothing."""

from decimal import Decimal

import pytest

from bot.model import Goal
from bot.talk.intents import Ambiguous, GoalReport, Question, Report
from bot.talk.intents.nearly import nearly_status
from bot.talk.numbers import NotANumber, parse_number
from tests.bot.talk.spoken import ON, RISK, about, goal, read

PILOTS = goal("g1", "Online booking is launched in all 120 pilot clinics", ("p1", "Pilot clinics live", "%"))
BOOKING = goal(
    "g2",
    "Online booking is launched in all 120 pilot clinics",
    ("b1", "Pilot clinics live", "%"),
    ("b2", "Bookings that fail", "per 1,000"),
    ("b3", "Front desks trained", "desks"),
)
OUTAGE = goal(
    "g3",
    "An outage never loses an appointment",
    ("o1", "Appointments lost to outages", "appointments"),
    ("o2", "Time to restore from backup", "minutes"),
    ("o3", "Restore drills passed", "drills"),
)
ONBOARDING = goal(
    "g4",
    "A new clinic takes bookings within a week",
    ("d1", "Median days from contract to first booking", "days"),
    ("d2", "Clinics that finish set-up without a call", "%"),
)
REPORTS = goal(
    "g5",
    "Clinics see their numbers the next morning",
    ("r1", "Reports ready by 07:00 local time", "%"),
    ("r2", "Reports with wrong totals", "per month"),
)
REVENUE = goal("g6", "Small clinics run their day in Halden", ("m1", "Monthly revenue from clinics", "k€"))
PATIENTS = goal(
    "g7",
    "Patients book without calling",
    ("t1", "Appointments booked online", "%"),
    ("t2", "Median time to book", "seconds"),
    ("t3", "No-shows among online bookings", "%"),
)
SCREENS = goal(
    "g8",
    "접근성 기준을 모든 예약 화면이 통과한다",
    ("s1", "인증 기준을 통과한 화면", "개"),
    ("s2", "화면 낭독기로 예약을 마친 사람", "%"),
)
PHONES = goal(
    "g9",
    "앱이 오래된 휴대전화에서도 빠르다",
    ("a1", "시작 시간(4년 된 기기)", "초"),
    ("a2", "비정상 종료가 없는 세션", "%"),
)
COUNT = goal("g10", "We know what it takes", ("c1", "Bottlenecks measured", ""))


def taken(text: str, one: Goal) -> dict[str, Decimal] | None:
    """The values of a report as they would be kept; None where it is asked back, as a whole or for a number."""
    intent = read(text, [one])
    if not isinstance(intent, Report):
        return None
    units = {result.id: result.unit for result in one.key_results}
    said = {item.key_result_id or "": item.value for item in intent.items if item.value is not None}
    try:
        return {result: parse_number(value, unit=units[result]) for result, value in said.items()}
    except NotANumber:
        return None


def asked(*results: str) -> Ambiguous:
    return Ambiguous(question=Question.KEY_RESULT, candidates=results)


@pytest.mark.parametrize("one", [PILOTS, COUNT], ids=["percent", "count"])
@pytest.mark.parametrize(
    "text",
    [
        "1. on track",
        "1) on track",
        "2) on track",
        "(1) on track",
        "#2 on track",
        "#2: on track",
        "week 48: on track",
        "week 48 on track",
        "on track in week 48",
        "KW 48 on track",
        "2026 on track",
        "2026: on track",
        "on track for 2026",
        "Q4: on track",
        "Q4 2026 on track",
        "1. 순조로워요",
        "1) 순조로워요",
        "48주차 순조로워요",
        "48주차는 순조로워요",
        "2026년 순조로워요",
        "4분기 순조로워요",
    ],
)
def test_marks_of_lists_weeks_and_years_are_no_values(text: str, one: Goal) -> None:
    assert read(text, [one]) == about(one.id, status=ON)


@pytest.mark.parametrize("text", ["1. on track\n2. blocked by legal", "1) on track\n2) blocked by legal"])
def test_a_list_is_read_line_by_line(text: str) -> None:
    assert read(text, [PILOTS]) == about("g1", status=ON, blocker="legal")


def test_a_number_that_may_be_a_mark_or_a_result_is_asked_back() -> None:
    assert read("5. on track", [COUNT]) == asked("c1")
    assert read("42. On track", [COUNT]) == about("g10", "c1", status=ON, value="42")


@pytest.mark.parametrize(
    "text",
    [
        "100% on track",
        "on track 100%",
        "100% at risk",
        "42 percent on track",
        "42%: on track",
        "100% 순조로워요",
        "순조로워요 100%",
    ],
)
def test_a_percentage_glued_to_a_status_is_asked_back(text: str) -> None:
    assert read(text, [PILOTS]) == asked("p1")


@pytest.mark.parametrize(
    "text",
    [
        "on track, 42",
        "42, on track",
        "on track at 42%",
        "pilot clinics 42% on track",
        "this week 42, on track",
        "week 48: on track, 42%",
        "42%로 순조로워요",
    ],
)
def test_plain_values_beside_a_status_are_taken(text: str) -> None:
    assert taken(text, PILOTS) == {"p1": Decimal(42)}


@pytest.mark.parametrize(
    "text",
    [
        "46 pilot clinics live",
        "pilot: 46 clinics live",
        "on track, 46 clinics live",
        "pilot clinics live 40-50%",
        "pilot clinics live 40–50%",
        "pilot clinics live 40~50%",
        "pilot clinics live 40 - 50%",
        "pilot clinics live 40%-50%",
        "pilot clinics live 75 to 80%",
        "pilot clinics live >50%",
        "pilot clinics live <= 60%",
        "pilot clinics live ≥60%",
        "pilot clinics live ≤ 60%",
        "pilot clinics live ~50%",
        "pilot clinics live about 50%",
        "pilot clinics live around 50%",
        "pilot clinics live 50+",
        "pilot clinics live 약 50%",
        "pilot clinics live 50% 정도",
        "pilot clinics live 50% 이상",
        "pilot clinics live at least 50%, on track",
        "pilot clinics live 50 €",
    ],
)
@pytest.mark.parametrize("one", [PILOTS, BOOKING], ids=["one", "three"])
def test_another_unit_a_range_or_a_bound_is_no_value(text: str, one: Goal) -> None:
    assert taken(text, one) is None


@pytest.mark.parametrize("value", ["40-50%", "40 to 50%", ">50%", "~50%"])
def test_what_is_no_single_value_goes_to_the_reader_of_numbers_as_written(value: str) -> None:
    assert read(f"pilot clinics {value}", [PILOTS]) == about("g1", "p1", value=value)


def test_a_noun_behind_a_number_is_no_doubt_where_the_key_result_counts() -> None:
    assert taken("58 front desks trained", BOOKING) == {"b3": Decimal(58)}
    assert taken("pilot clinics from 30% to 40%", BOOKING) == {"b1": Decimal(40)}
    assert taken("pilot clinics 30% -> 40%", BOOKING) == {"b1": Decimal(40)}


@pytest.mark.parametrize(
    ("text", "one", "values"),
    [
        ("outage: lost 9, restore 40 minutes, drills 5", OUTAGE, {"o1": 9, "o2": 40, "o3": 5}),
        ("outage: lost 9 and restore 40 minutes and drills 5", OUTAGE, {"o1": 9, "o2": 40, "o3": 5}),
        ("on track, restore 41 minutes", OUTAGE, {"o2": 41}),
        ("restore 1 minute", OUTAGE, {"o2": 1}),
        ("set-up 45%, blocked by sales", ONBOARDING, {"d2": 45}),
        ("days 11, set-up 45%", ONBOARDING, {"d1": 11, "d2": 45}),
        ("no-shows 8%", PATIENTS, {"t3": 8}),
        ("No-shows among online bookings 8%, on track", PATIENTS, {"t3": 8}),
        ("시작시간 3.9 초이고 비정상 종료는 98.9%예요", PHONES, {"a1": Decimal("3.9"), "a2": Decimal("98.9")}),
    ],
)
def test_every_number_of_a_report_is_taken(text: str, one: Goal, values: dict[str, Decimal]) -> None:
    assert taken(text, one) == values


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("on track, restore 2 hours", OUTAGE),
        ("on track, drills 40 minutes", OUTAGE),
        ("lost 9, someone wrote 40 minutes of notes", OUTAGE),
        ("on track (40 minutes)", OUTAGE),
        ("at risk: 40 minutes", OUTAGE),
        ("on track, set-up up 5%", ONBOARDING),
        ("on track, up 5%", ONBOARDING),
        ("on track, set-up will be 45%", ONBOARDING),
        ("reports ready 76%, off trak", REPORTS),
        ("reports at 40%, at rsk", REPORTS),
        ("on tack, reports ready 70%", REPORTS),
        ("reports ready 70%, of track", REPORTS),
        ("reports ready 70%, ontrakc and at rsik", REPORTS),
        ("화면 20개, 숙조로워요", SCREENS),
        ("순조로워요, 화면 20% 늘었어요", SCREENS),
    ],
)
def test_what_was_not_understood_has_the_whole_report_asked_back(text: str, one: Goal) -> None:
    assert read(text, [one]) == asked(*(result.id for result in one.key_results))


@pytest.mark.parametrize(
    "note",
    [
        "see slide 7",
        "team of 3 at the workshop",
        "2 people on leave",
        "ticket 4711 is open",
        "review on 3 December",
        "update follows at 14:30",
        "my 1:1 with Max is on Tuesday",
        "call at 14 o'clock",
        "3명이 휴가예요",
        "12월 3일 회의",
    ],
)
def test_prose_with_a_number_stays_the_note(note: str) -> None:
    assert read(f"on track, {note}", [REPORTS]) == about("g5", status=ON, note=note)


@pytest.mark.parametrize(
    ("text", "blocker"),
    [
        ("blocked by ticket 4711", "ticket 4711"),
        ("waiting for 2 people since Monday", "2 people since Monday"),
        ("blocked by 3 reports", "3 reports"),
    ],
)
def test_a_number_in_a_blocker_is_the_blockers(text: str, blocker: str) -> None:
    assert read(text, [REPORTS]) == about("g5", blocker=blocker)


def test_a_reason_may_have_numbers_and_prose_may_speak_of_risks() -> None:
    assert read("at risk because 3 reports failed", [REPORTS]) == about("g5", status=RISK, note="3 reports failed")
    both = Report(items=(GoalReport(goal_id="g5", key_result_id="r1", value="40%", note="there is a risk with legal"),))
    assert read("reports ready 40%, there is a risk with legal", [REPORTS]) == both


@pytest.mark.parametrize(
    ("text", "one", "value"),
    [
        ("revenue 207 k€", REVENUE, "207"),
        ("revenue 40 k€", REVENUE, "40"),
        ("revenue 207k€", REVENUE, "207"),
        ("revenue at 207 k€, on track", REVENUE, "207"),
        ("revenue 207 k€예요", REVENUE, "207"),
        ("bookings that fail 40 per 1,000", BOOKING, "40"),
        ("bookings that fail 40 per 1000, on track", BOOKING, "40"),
        ("time to book 60 seconds", PATIENTS, "60"),
        ("wrong totals 5 per month", REPORTS, "5"),
        ("화면 20 개", SCREENS, "20"),
        ("화면 20개", SCREENS, "20"),
        ("화면 20 개예요", SCREENS, "20"),
        ("화면 20 개로 순조로워요", SCREENS, "20"),
        ("인증 기준 20 개입니다", SCREENS, "20"),
        ("화면 20 개로 늘었어요", SCREENS, "20"),
        ("시작시간 3,9 초예요", PHONES, "3.9"),
        ("시작 시간 3,9초예요", PHONES, "3.9"),
        ("시작시간 3.9 초", PHONES, "3.9"),
        ("비정상 종료 98.9 %입니다", PHONES, "98.9"),
    ],
)
def test_a_value_in_the_key_results_own_unit_is_always_read(text: str, one: Goal, value: str) -> None:
    values = taken(text, one)
    assert values is not None
    assert list(values.values()) == [Decimal(value)]


def test_another_currency_than_the_unit_is_refused() -> None:
    assert taken("revenue 207 €", REVENUE) is None


@pytest.mark.parametrize("text", ["not-on-track", "not on track, no-shows fell"])
def test_a_hyphen_does_not_hide_a_negated_status(text: str) -> None:
    intent = read(text, [PATIENTS])
    assert intent == Ambiguous(question=Question.STATUS, candidates=("g7",))


@pytest.mark.parametrize("words", ["on trak", "it is on tack", "of track", "off trakc", "at rsk", "at riks", "숙조로워요"])
def test_one_slip_of_a_key_is_nearly_a_status(words: str) -> None:
    assert nearly_status(words)


@pytest.mark.parametrize(
    "words", ["on track", "at risk", "순조로와요", "a risk with legal", "look at risks", "on a trail", "off"]
)
def test_a_status_itself_and_other_words_are_not(words: str) -> None:
    assert not nearly_status(words)
