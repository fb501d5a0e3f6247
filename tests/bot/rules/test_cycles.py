"""Cycles are quarters of the fiscal year, which is named after the year in which it ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.cycles import bounds, cycle_of, parse_cycle

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
months = st.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "fiscal_month", "cycle"),
    [
        (date(2026, 12, 31), 1, "2026-Q4"),
        (date(2027, 1, 1), 1, "2027-Q1"),
        (date(2026, 10, 1), 10, "2027-Q1"),  # United States federal fiscal year 2027
        (date(2026, 9, 30), 10, "2026-Q4"),
        (date(2026, 4, 1), 4, "2027-Q1"),
        (date(2026, 3, 31), 4, "2026-Q4"),
        (date(2026, 2, 1), 2, "2027-Q1"),
        (date(2026, 1, 31), 2, "2026-Q4"),
    ],
)
def test_a_day_lies_in_the_quarter_of_the_fiscal_year(day: date, fiscal_month: int, cycle: str) -> None:
    assert cycle_of(day, fiscal_month) == cycle


def test_a_quarter_has_a_first_and_a_last_day() -> None:
    assert bounds("2026-Q4", 1) == (date(2026, 10, 1), date(2026, 12, 31))
    assert bounds("2026-Q1", 4) == (date(2025, 4, 1), date(2025, 6, 30))
    assert bounds("2024-Q4", 3) == (date(2023, 12, 1), date(2024, 2, 29))


@given(days, months)
def test_every_day_lies_inside_its_own_cycle_and_in_no_other(day: date, fiscal_month: int) -> None:
    cycle = cycle_of(day, fiscal_month)
    first, last = bounds(cycle, fiscal_month)
    assert first <= day <= last
    after, before = last + timedelta(days=1), first - timedelta(days=1)
    assert bounds(cycle_of(after, fiscal_month), fiscal_month)[0] == after
    assert bounds(cycle_of(before, fiscal_month), fiscal_month)[1] == before


@given(days, months)
def test_the_fourth_quarter_ends_in_the_year_it_is_named_after(day: date, fiscal_month: int) -> None:
    year = cycle_of(day, fiscal_month).split("-")[0]
    assert str(bounds(f"{year}-Q4", fiscal_month)[1].year) == year


def test_a_cycle_may_be_written_small_and_with_blanks() -> None:
    assert parse_cycle(" 2026-q4 ") == "2026-Q4"


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "2026-Q0", "Q4-2026", "2026Q4", "26-Q4", "٢٠٢٦-Q4"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 2026-Q4"):
        parse_cycle(text)


def test_a_fiscal_month_is_a_month() -> None:
    with pytest.raises(ValueError, match="from 1 to 12"):
        cycle_of(date(2026, 1, 1), 0)
