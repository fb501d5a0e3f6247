"""Public holidays, from the `holidays` library, as the core's port wants them."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays with their observed days; empty for a country nobody has a calendar for."""
    import holidays

    try:
        calendar = holidays.country_holidays(country, years=year, observed=True)
    except NotImplementedError:
        return frozenset()
    return frozenset(day for day in calendar if day.year == year)
