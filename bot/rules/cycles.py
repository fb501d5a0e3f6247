"""Goal cycles: quarters of the company's fiscal year, written `2026-Q4`. Pure arithmetic on local dates.

A fiscal year is named after the calendar year in which it ends, as the United States government does (Congressional
Budget Office, glossary, "fiscal year"): with `fiscal_month` 10, October 2026 is 2027-Q1. With 1 it is the calendar year.
"""

import re
from datetime import date, timedelta
from functools import lru_cache

_SHAPE = re.compile(r"([12][0-9]{3})-[Qq]([1-4])", re.ASCII)
_QUARTERS = 4


def parse_cycle(text: str) -> str:
    """A cycle in its canonical form. ValueError with a sentence for anything that is not one."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f'"{text.strip()[:40]}" is not a cycle; write it like 2026-Q4.')
    return f"{match[1]}-Q{match[2]}"


@lru_cache(maxsize=1_024)
def cycle_of(day: date, fiscal_month: int) -> str:
    """The cycle a date falls into. `fiscal_month` (1 to 12) is the fiscal year's first month."""
    month = day.year * 12 + day.month - 1 - _offset(fiscal_month)
    return _name(month // 3)


def cycle_after(cycle: str) -> str:
    """The cycle that follows. ValueError for something that is not a cycle."""
    return _name(_number(cycle) + 1)


@lru_cache(maxsize=1_024)
def bounds(cycle: str, fiscal_month: int) -> tuple[date, date]:
    """First and last day of a cycle, both included. ValueError for something that is not a cycle."""
    first = _number(cycle) * 3 + _offset(fiscal_month)
    return _month_start(first), _month_start(first + 3) - timedelta(days=1)


def _offset(fiscal_month: int) -> int:
    """Months from the January of the year a fiscal year is named after to its first month: 0, or -11 to -1."""
    if fiscal_month not in range(1, 13):
        raise ValueError(f"The fiscal year's first month is a number from 1 to 12, got {fiscal_month}.")
    return 0 if fiscal_month == 1 else fiscal_month - 13


def _number(cycle: str) -> int:
    """Quarters since the fiscal year 0."""
    year, quarter = parse_cycle(cycle).split("-Q")
    return int(year) * _QUARTERS + int(quarter) - 1


def _name(number: int) -> str:
    return f"{number // _QUARTERS:04d}-Q{number % _QUARTERS + 1}"


def _month_start(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)
