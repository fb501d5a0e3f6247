"""Reads how a working week is written in the people file: days, hours and time zones. ValueError, in a sentence for HR,
for everything else.
"""

import re
from datetime import time
from zoneinfo import ZoneInfo

_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ZONE_SHAPE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
# Files beside the real zones: leap-second copies, the server's own zone, and tzdata's "not configured" mark.
_NOT_A_PLACE = ("right/", "posix/", "posixrules", "localtime", "Factory")


def parse_days(text: str) -> frozenset[int]:
    """Working days as written in the people file: "Mon-Fri", "Sun-Thu" (wraps), "Mon,Tue,Thu". Monday is 0.

    Upper and lower case, blanks and whole day names are fine. ValueError with a sentence for HR otherwise.
    """
    days: set[int] = set()
    for part in text.split(","):
        ends = [_day_number(name, text) for name in re.split(r"[-\u2013]", part)]  # spreadsheets turn "-" into a dash
        if len(ends) > 2:
            raise _bad_days(text)
        days.update((ends[0] + step) % 7 for step in range((ends[-1] - ends[0]) % 7 + 1))
    return frozenset(days)


def parse_hours(text: str) -> tuple[time, time]:
    """Local start and end of the working day, "09:00-18:00". ValueError with a sentence for HR otherwise."""
    match = re.fullmatch(r"\s*([01]?[0-9]|2[0-3]):([0-5][0-9])\s*[-\u2013]\s*([01]?[0-9]|2[0-3]):([0-5][0-9])\s*", text)
    if match is None:
        raise ValueError(f'"{text[:40]}" is not a range of hours; write it like 09:00-18:00, from 00:00 to 23:59.')
    start, end = (time(int(match[hour]), int(match[hour + 1])) for hour in (1, 3))
    if end <= start:
        raise ValueError(f'"{text[:40]}" ends before it starts; working hours start and end on the same day.')
    return start, end


def parse_zone(name: str) -> ZoneInfo:
    """The IANA zone of that name, blanks around it ignored. ValueError with a sentence for anything that is not one."""
    key = name.strip()
    if not key:
        raise ValueError("The time zone is empty; write an IANA name such as Europe/Berlin.")
    if len(key) <= 64 and _ZONE_SHAPE.fullmatch(key) and not key.startswith(_NOT_A_PLACE):
        try:
            return ZoneInfo(key)
        except (ValueError, LookupError, OSError):  # OSError: a folder such as "America", or an unreadable file
            pass
    raise ValueError(f'"{key[:64]}" is not a time zone Rondo knows; write an IANA name such as Europe/Berlin.')


def _day_number(name: str, text: str) -> int:
    word = name.strip().lower()
    for number, day in enumerate(_DAY_NAMES):
        if len(word) >= 3 and day.startswith(word):
            return number
    raise _bad_days(text)


def _bad_days(text: str) -> ValueError:
    return ValueError(f'"{text[:40]}" is not a list of working days; write it like Mon-Fri, Sun-Thu or Mon,Tue,Thu.')
