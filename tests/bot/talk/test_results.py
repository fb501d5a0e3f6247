"""One line read into a key result, in English and Korean; what has two readings is refused, what has none stays words."""

from datetime import date
from decimal import Decimal

import pytest

from bot.talk.results import Line, Unread, Why, lines_of, read_amount, read_day, read_result

TODAY, ENDS = date(2026, 11, 23), date(2026, 12, 31)


def line(text: str, start: str | None, target: str | None, unit: str = "", due: date | None = None) -> Line:
    first, last = (Decimal(one) if one is not None else None for one in (start, target))
    return Line(text=text, unit=unit, start=first, target=last, due=due)


READ = {
    "Raise activation from 40 % to 60 % by 2026-12-15": line("Raise activation", "40", "60", "%", date(2026, 12, 15)),
    "By 15 December, raise activation from 40 to 60 percent": line("raise activation", "40", "60", "%", date(2026, 12, 15)),
    "Activation | 40 % | 60 % | 15 Dec": line("Activation", "40", "60", "%", date(2026, 12, 15)),
    "Activation | | 60 %": line("Activation", None, "60", "%"),
    "NPS 20 → 50": line("NPS", "20", "50"),
    "Reduce p95 latency to 200 ms by end of December": line("Reduce p95 latency", None, "200", "ms", date(2026, 12, 31)),
    "Cut lead time from 3 days to under 1 day": line("Cut lead time", "3", "1", "days"),
    "Sign from 10 to 20 paying customers by the end of the quarter": line("Sign", "10", "20", "paying customers", ENDS),
    "Grow revenue from $1.5k to $3k": line("Grow revenue", "1500", "3000", "$"),
    "Raise NPS from -5 to +20": line("Raise NPS", "-5", "20"),
    "Rating from 3.2 to 4.5 by 15.12.": line("Rating", "3.2", "4.5", "", date(2026, 12, 15)),
    "Raise it by 2.5 to 7": line("Raise it by 2.5", None, "7"),
    "Certificate in hand (met / not met) by 10 Dec": line(
        "Certificate in hand (met / not met)", "0", "1", "", date(2026, 12, 10)
    ),
    "- Response from 48 h to 24 h, by Friday": line("Response", "48", "24", "h", date(2026, 11, 27)),
    "활성화율을 40%에서 60%로, 12월 15일까지": line("활성화율", "40", "60", "%", date(2026, 12, 15)),
    "2026-12-15까지 활성화율을 40%에서 60%로": line("활성화율", "40", "60", "%", date(2026, 12, 15)),
    "추천 지수를 20점에서 50점으로 올린다": line("추천 지수를 올린다", "20", "50", "점"),
    "매출을 3억원에서 5억원으로 (12월 말까지)": line("매출", "300000000", "500000000", "원", date(2026, 12, 31)),
    "평점을 3.2에서 4.5까지": line("평점", "3.2", "4.5"),
    "응답 시간을 200ms 이하로 줄인다": line("응답 시간을 줄인다", None, "200", "ms"),
    "NPS를 50으로": line("NPS", None, "50"),
    "끊김 없는 배포 (달성/미달성)": line("끊김 없는 배포 (달성/미달성)", "0", "1"),
}
WORDS = (
    "Hire 3 engineers",
    "Move data from Oracle to Postgres",
    "95 % of tickets answered within 24 h",
    "Zero sev-1 incidents",
    "파트너 행사 3회 개최",
)
REFUSED = {
    "Raise sales from 1.234 to 2.000": Why.NUMBER,
    "Raise x from 1 to 2 by 3/4": Why.DAY,
    "Launch by 2026-11-01": Why.DAY,
    "from 40 % to 60 %": Why.WORDS,
    "Raise it from 3 kg to 5 %": Why.UNITS,
    "Activation | 60 %": Why.PARTS,
    "A from 1 to 2 and B from 3 to 4": Why.SEVERAL,
    "x by 15 December by 16 December": Why.SEVERAL,
    "x" * 501: Why.LONG,
}


@pytest.mark.parametrize("text", READ, ids=str)
def test_a_line_says_from_where_to_where_by_when(text: str) -> None:
    assert read_result(text, today=TODAY, ends=ENDS) == READ[text]


@pytest.mark.parametrize("text", WORDS)
def test_words_without_a_start_and_a_target_stay_words(text: str) -> None:
    assert read_result(text, today=TODAY, ends=ENDS) == Line(text=text)


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_what_has_two_readings_or_none_is_refused(text: str) -> None:
    with pytest.raises(Unread) as refused:
        read_result(text, today=TODAY, ends=ENDS)
    assert refused.value.why is REFUSED[text]


def test_a_box_of_lines_loses_its_bullets_and_empty_lines() -> None:
    assert lines_of("- One\n\n  2. Two\n• Three\nKR4: Four\n") == ("One", "Two", "Three", "Four")


def test_a_number_brings_its_unit_along() -> None:
    assert read_amount("40 %") == (Decimal(40), "%")
    assert read_amount("12 customers") == (Decimal(12), "customers")
    assert read_amount("40", "points") == (Decimal(40), "points")
    with pytest.raises(Unread):
        read_amount("forty")


def test_a_day_may_be_the_end_of_something() -> None:
    assert read_day("end of the quarter", today=TODAY, ends=ENDS) == ENDS
    assert read_day("end of January", today=TODAY, ends=ENDS) == date(2027, 1, 31)
    assert read_day("12월 말", today=TODAY, ends=ENDS) == ENDS
