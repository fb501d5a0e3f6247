"""Reads what follows `/away`: the days, half a day, `back`; and where they are not clear, which days were perhaps meant."""

import re
from datetime import date, timedelta

from bot.model import DayPart
from bot.talk.intents.kinds import Away, BackFromAway, Malformed
from bot.talk.intents.times import LONGEST, part_of_day, read_days, read_half_day, read_minutes

_A_DAY = 24 * 60  # minutes
_BACK = frozenset({"back", "i'm back", "복귀", "돌아옴", "돌아왔어요", "복귀했어요"})
_REASON = re.compile(r"\s*[:;(—]|,(?!\s?\d)|\s(?:because|since|due to|때문에)\s")
_ISO = re.compile(r"(?<!\d)(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})(?!\d)")
_PAIR = re.compile(r"(?<!\d)(?<!\d[./])(\d{1,2})\s?([./])\s?(\d{1,2})(?:\s?\2\s?(\d{4}))?(?!\d)")
_BETWEEN = re.compile(r"(?:from\s)?#\.?\s?(?:(?:\.\.+|…|[-~〜–—]|to|till|until|through|부터)\s?#\.?\s?(?:까지)?)?", re.IGNORECASE)
"""One date or two and nothing else, each written as `#`."""


def read_away(rest: str, today: date) -> Away | BackFromAway | None:
    """What follows `/away`. A reason behind the dates is not read: it is nobody's business."""
    if rest.casefold().strip(" .!") in _BACK:
        return BackFromAway()
    stated = _stated(rest)
    half = read_half_day(rest, today) or read_half_day(stated, today)
    if half:
        return Away(first=half[0], last=half[0], part=half[1])
    days = read_days(rest, today) or read_days(stated, today)
    return Away(first=days[0], last=days[1]) if days else None


def read_wrong_days(rest: str, today: date) -> Away | None:
    """Whole dates that are over or the wrong way round: clear as they are, and the answer says what is wrong with them."""
    stated = _stated(rest).strip(" .,!")
    if not _BETWEEN.fullmatch(_ISO.sub("#", stated)):
        return None
    try:
        found = [date(*map(int, part)) for part in _ISO.findall(stated)]
    except ValueError:
        return None
    wrong = found[-1] < found[0] or found[-1] < today
    return Away(first=found[0], last=found[-1]) if wrong and abs((found[-1] - found[0]).days) < LONGEST else None


def which_half(rest: str, today: date) -> Malformed:
    """Half a day was said, and not clearly which half of which day."""
    days = read_days(rest, today)
    nearest = _nearest_half_day(rest, today) or f"{days[0] if days else today} {DayPart.AFTERNOON}"
    return Malformed(command="/away", nearest=f"/away {nearest}")


def nearest_days(rest: str, today: date) -> str:
    """What to write behind `/away`, as near to what was written as can be."""
    return _nearest_half_day(rest, today) or _nearest_dates(rest, today)


def _stated(rest: str) -> str:
    """What was said before any reason."""
    return _REASON.split(rest[:200], maxsplit=1)[0]


def _nearest_half_day(rest: str, today: date) -> str:
    """The first day that was written as ISO, else today, with the part of the day that was named; empty where none was."""
    part = part_of_day(rest[:200])
    written = [day for day in re.findall(r"\d{4}-\d{2}-\d{2}", rest) if read_half_day(f"{day} {part}", today)]
    return f"{(written or [today.isoformat()])[0]} {part}" if part else ""


def _nearest_dates(rest: str, today: date) -> str:
    """The dates that were written, in order and as ISO; else the coming seven days."""
    found: list[date] = []
    for year, month, day in _ISO.findall(rest)[:2]:
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    found.sort()
    if found and found[-1] >= today:
        if (found[-1] - found[0]).days < LONGEST:
            return f"{found[0]}..{found[-1]}"
        if read_days(f"{found[0]}", today):  # a slip in the second year
            return f"{found[0]}..{_on_or_after(found[-1].day, found[-1].month, found[0]) or found[0]}"
    if pairs := _nearest_pairs(rest, today):
        return pairs
    minutes = read_minutes(rest[:40]) or 0
    if _A_DAY <= minutes < 366 * _A_DAY:  # `for 3 days`: from when?
        return f"{today}..{today + timedelta(days=minutes // _A_DAY - 1)}"
    return f"{today + timedelta(days=1)}..{today + timedelta(days=7)}"


def _nearest_pairs(rest: str, today: date) -> str:
    """`12/24~1/2` as ISO: a number above twelve says which comes first, day or month, for both. Empty: none does."""
    pairs = [(int(one), int(two), year) for one, _, two, year in _PAIR.findall(rest)[:2]]
    orders = {one > 12 for one, two, _ in pairs if one > 12 or two > 12}
    if len(orders) != 1:
        return ""
    day_first = orders.pop()
    found: list[date] = []
    for one, two, year in pairs:
        day, month = (one, two) if day_first else (two, one)
        start = date(int(year), 1, 1) if year and int(year) else (found[-1] if found else today)
        on = _on_or_after(day, month, start)
        if on is None:
            return ""
        found.append(on)
    fits = found[-1] >= today and 0 <= (found[-1] - found[0]).days < LONGEST
    return f"{found[0]}..{found[-1]}" if fits else ""


def _on_or_after(day: int, month: int, start: date) -> date | None:
    """The first such day from a date on; None where no year has one."""
    for year in range(start.year, min(start.year + 9, date.max.year + 1)):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= start:
            return found
    return None
