"""Countries there are, and their public holidays from the `holidays` library, as the core's port wants them."""

from datetime import date
from functools import lru_cache

_NOT_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"))


def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2 codes, and XK; from CLDR, without its regions that are no countries."""
    from babel import Locale

    regions = map(str, Locale("en").territories)
    return frozenset(code for code in regions if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


@lru_cache(maxsize=4096)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """Public holidays with their observed days; empty for a country nobody has a calendar for."""
    import holidays

    try:
        calendar = holidays.country_holidays(country, years=year, observed=True)
    except NotImplementedError:
        return frozenset()
    return frozenset(day for day in calendar if day.year == year)
