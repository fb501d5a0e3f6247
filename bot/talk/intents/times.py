"""Reads how long and when: `2h`, `한 시간`, `till Monday`, `24 December to 2 January`, `12월 24일부터 31일까지`.

Only what has one reading is read. `3/4` (March or April?) and a weekday that may mean two days are not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.model import DayPart

LONGEST = 1096  # days; three years, more than any leave (Korean parental leave with extension) and less than a typo

_SMALL = {
    word: number
    for number, words in enumerate(
        (
            "a an one 한",
            "two 두",
            "three 세",
            "four 네",
            "five 다섯",
            "six 여섯",
            "seven 일곱",
            "eight 여덟",
            "nine 아홉",
            "ten 열",
        ),
        start=1,
    )
    for word in words.split()
}
_MINUTES = {
    word: minutes
    for minutes, words in (
        (1, "m min mins minute minutes 분"),
        (60, "h hr hrs hour hours 시간"),
        (1440, "d day days 일 하루"),
    )
    for word in words.split()
}
_AMOUNT = re.compile(r"(?:(\d{1,5}(?:[.,]\d{1,2})?)|([a-z]{1,5}|[가-힣]{1,2})\s)\s?([a-z]+|[가-힣]+)")
_FILLING = re.compile(r"^(?:for|in|by|about|another)\s+|\s*(?:뒤에|뒤|후에|후|동안|(?<=[일주])간)$")


def read_minutes(words: str) -> int | None:
    """A duration in minutes (`2h`, `1h 30m`, `30 minutes`, `1.5h`, `half an hour`, `두 시간`, `1시간 반`), or None."""
    text = _FILLING.sub("", _FILLING.sub("", " ".join(words.casefold().split())))
    if text in ("half an hour", "half hour", "반 시간", "반시간"):
        return 30
    if text == "하루":
        return 1440
    half = 0
    if text.endswith(("시간 반", "시간반")):
        text, half = text.removesuffix("반").rstrip(), 30
    total, end = 0.0, 0
    for found in _AMOUNT.finditer(text):
        between = text[end : found.start()].strip()
        unit = _MINUTES.get(found[3])
        amount = float(found[1].replace(",", ".")) if found[1] else _SMALL.get(found[2])
        if between not in ("", "and") or unit is None or amount is None:
            return None
        total, end = total + amount * unit, found.end()
    if end == 0 or text[end:].strip():
        return None
    return round(total) + half


def amount_word(word: str) -> int | None:
    """A small number in words (`two`, `두`), or None."""
    return _SMALL.get(word)


@dataclass(frozen=True, slots=True)
class _Point:
    """A day, or one of several days that the words could name before the neighbours decide."""

    days: tuple[date, ...]
    last: date | None = None  # for words that name a stretch, such as `next week`


_DAY_WORDS = {
    word: index
    for index, words in enumerate(
        (
            "monday mon 월요일 월",
            "tuesday tue tues 화요일 화",
            "wednesday wed weds 수요일 수",
            "thursday thu thur thurs 목요일 목",
            "friday fri 금요일 금",
            "saturday sat 토요일 토",
            "sunday sun 일요일",
        )
    )
    for word in words.split()
}
_MONTH_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for word in words.split()
}
MONTHS = "|".join(sorted(_MONTH_WORDS, key=len, reverse=True))
"""The English names of months, and what they are shortened to, as alternatives of a pattern."""
_MONTH = rf"({MONTHS})\.?"
_YEAR_FIRST = re.compile(r"(\d{4})\s?[-./]\s?(\d{1,2})\s?[-./]\s?(\d{1,2})\.?")
_DAY_MONTH = re.compile(rf"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\.?\s?(?:of )?{_MONTH},?(?: (\d{{4}}))?")
_MONTH_DAY = re.compile(rf"{_MONTH}\s?(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?")
_KOREAN = re.compile(r"(?:(\d{4})년 ?)?(?:(\d{1,2})월 ?)?(\d{1,2})일")
_PAIR = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}))?\.?")
_NEAR = {
    "today": 0,
    "오늘": 0,
    "tomorrow": 1,
    "내일": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "모레": 2,
}
_WEEKDAY = re.compile(r"(?:(next|this|coming|the coming|다음 ?주|이번 ?주)\s)?([a-z]+|[가-힣]+)")

_FROM_TO = re.compile(
    r"(?:^|\s)(?:to|till|til|until|through|thru)\s|\s?(?:\.\.+|…|~|〜|–|—)\s?|\s-\s|부터\s?|에서\s|(?<=\.)-(?=\d)"
)
_SAME_MONTH = re.compile(rf"^{_MONTH} (\d{{1,2}})\s?(?:[-–]|to|till|until)\s?(\d{{1,2}})$")
_ONE_MONTH = re.compile(rf"^(\d{{1,2}})\s?(?:[-–]|to|till|until)\s?(\d{{1,2}})\.? {_MONTH}$")
_TILL = re.compile(r"^(?:(?:till|til|until|up to)\s+)(?P<back>.+)$|^(?:through|thru)\s+(?P<in>.+)$|^(?P<kkaji>.+?)\s?까지$")
_LEAD = re.compile(r"^(?:from|on|for|starting)\s+")
_HALF_OPEN = re.compile(r"^(?:\.\.|…)|\d\s?(?:\.\.|…)\W*$")
"""`2026-12-24..` and `..2026-12-24`: the other end was forgotten. Dots behind a word are only a way of writing."""


def read_days(words: str, today: date) -> tuple[date, date] | None:
    """The days somebody will be away, both included and not over before `today`; None where the words are not clear.

    - `A..B`, `from A to B`, `A부터 B까지`: both included (INTERFACES, "Away").
    - `till Monday`, `until 4 January` alone: from today; that day is the first day back.
    - `through Monday`, `월요일까지` alone: from today, that day included; that is what those words say.
    - Without a year the next such days. A weekday is the next one (today's own name is not clear); `next Friday` only
      where that lies in the coming week, `다음 주 금요일` and `이번 주 금요일` always.
    - `24.12.` is read because there is no 24th month; `3.4.` and `3/4` are not. `24.12...` misses its end.
    """
    plain = " ".join(words.casefold().split()) if len(words) <= 100 else ""
    if _HALF_OPEN.search(plain):
        return None
    text = plain.strip(" .,!;")
    try:
        found = _span(_LEAD.sub("", text), today)
    except (ValueError, OverflowError):
        return None
    if found is None or found[1] < today or not 0 <= (found[1] - found[0]).days < LONGEST:
        return None
    return found


_PART = re.compile(
    r"(?:(?:^|(?<=\s))(?:(?:in|on)\s)?(?:the\s)?(?:morning|afternoon)(?:\sof)?(?=\s|$))|(?:^|(?<=\s))(?:a\.?m\.?|p\.?m\.?)$"
    r"|(?:^|(?<=[\s일]))(?:오전|오후)(?:에|에만|만)?(?=\s|$)"
)
_MORNINGS = ("morning", "a", "오전")


def part_of_day(words: str) -> DayPart:
    """The part of a day that is named, wherever it stands; WHOLE where none is, or both are."""
    parts = {_part(found[0]) for found in _PART.finditer(" ".join(words.casefold().split()).strip(" ,!;"))}
    return parts.pop() if len(parts) == 1 else DayPart.WHOLE


def read_half_day(words: str, today: date) -> tuple[date, DayPart] | None:
    """`this afternoon`, `24 December in the morning`, `내일 오전`: one day and one part of it, not before today.

    None where the words are not clear: no part or several, no day or more than one.
    """
    text = " ".join(words.casefold().split()).strip(" ,!;") if len(words) <= 100 else ""
    found = list(_PART.finditer(text))
    if len(found) != 1:
        return None
    rest = f"{text[: found[0].start()]} {text[found[0].end() :]}".strip(" .,")
    rest = "today" if rest == "this" else re.sub(r"^this (?=today|tomorrow)", "", rest)
    try:
        point = _point(_LEAD.sub("", rest), today)
        days = _fit(point, point, today) if point is not None else None
    except (ValueError, OverflowError):
        return None
    if days is None or days[0] != days[1] or not 0 <= (days[0] - today).days < LONGEST:
        return None
    return days[0], _part(found[0][0])


def _part(words: str) -> DayPart:
    said = words.removeprefix("in ").removeprefix("on ").removeprefix("the ")
    return DayPart.MORNING if said.startswith(_MORNINGS) and not said.startswith("af") else DayPart.AFTERNOON


def _span(text: str, today: date) -> tuple[date, date] | None:
    text = _ONE_MONTH.sub(r"\1 \3 to \2 \3", _SAME_MONTH.sub(r"\1 \2 to \1 \3", text))
    parts = _FROM_TO.split(text, maxsplit=1)
    if len(parts) == 2 and parts[0]:
        first, second = _point(parts[0], today), _point(parts[1].rstrip().removesuffix("까지").rstrip(), today)
        return None if first is None or second is None else _fit(first, second, today)
    till = _TILL.match(text)
    if till is None:
        point = _point(text, today)
        return None if point is None else _fit(point, point, today)
    point = _point(till["back"] or till["in"] or till["kkaji"], today)
    if point is None:
        return None
    end = min((day for day in point.days if day >= today), default=None)
    if end is None:
        return None
    last = end - timedelta(days=1) if till["back"] else (point.last or end)
    return (today, last) if last >= today else None


def _fit(first: _Point, second: _Point, today: date) -> tuple[date, date] | None:
    """The shortest pair in the right order that is not over yet, the earliest of several."""
    pairs = []
    for begin in first.days:
        if first is second:
            pairs.append((begin, first.last or begin))
        else:
            pairs += [(begin, second.last or day) for day in second.days if day >= begin][:1]
    return min((pair for pair in pairs if pair[1] >= today), key=lambda pair: pair[1] - pair[0], default=None)


def _point(text: str, today: date) -> _Point | None:
    """The day or days that a text can name, earliest first; None where it names none, or names two."""
    text = text.strip(" ,")
    text = re.sub(r"^(?:on|the)\s+(?=\S)", "", text) if text not in _NEAR else text
    if text in _NEAR:
        return _Point((today + timedelta(days=_NEAR[text]),))
    monday = today - timedelta(days=today.weekday())
    if text in ("this week", "이번 주", "이번주", "the rest of this week", "rest of this week", "the rest of the week"):
        return _Point((today,), monday + timedelta(days=6))
    if text in ("next week", "다음 주", "다음주"):
        return _Point((monday + timedelta(days=7),), monday + timedelta(days=13))
    if found := _YEAR_FIRST.fullmatch(text):
        return _Point((date(int(found[1]), int(found[2]), int(found[3])),))
    if found := _DAY_MONTH.fullmatch(text):
        return _Point(tuple(_years(int(found[1]), _MONTH_WORDS[found[2]], found[3], today)))
    if found := _MONTH_DAY.fullmatch(text):
        return _Point(tuple(_years(int(found[2]), _MONTH_WORDS[found[1]], found[3], today)))
    if found := _KOREAN.fullmatch(text):
        if found[2] is None:
            return None if found[1] else _Point(tuple(_months(int(found[3]), today)))
        return _Point(tuple(_years(int(found[3]), int(found[2]), found[1], today)))
    if found := _PAIR.fullmatch(text):
        one, two = int(found[1]), int(found[3])
        if one != two and one <= 12 and two <= 12:
            return None
        return _Point(tuple(_years(max(one, two), min(one, two), found[4], today)))
    return _weekday(text, today)


def _weekday(text: str, today: date) -> _Point | None:
    found = _WEEKDAY.fullmatch(text)
    if found is None or found[2] not in _DAY_WORDS:
        return None
    ahead = (_DAY_WORDS[found[2]] - today.weekday()) % 7
    week = (found[1] or "").replace(" ", "")
    this_monday = today - timedelta(days=today.weekday())
    if week in ("다음주", "이번주"):
        return _Point((this_monday + timedelta(days=_DAY_WORDS[found[2]] + (7 if week == "다음주" else 0)),))
    in_coming_week = _DAY_WORDS[found[2]] <= today.weekday()
    if week == "next" and not in_coming_week:
        return None
    if week == "this" and in_coming_week:
        return None
    if ahead == 0 and week != "next":
        return None  # today or in a week
    coming = today + timedelta(days=ahead or 7)
    return _Point((coming, coming + timedelta(days=7)))


def _years(day: int, month: int, year: str | None, today: date) -> Iterator[date]:
    """That day in the year given, or in the years around today. ValueError for a day that no year has."""
    if year:
        yield date(int(year), month, day)
        return
    date(2000, month, day)  # a leap year: raises for the 31st of June
    for candidate in range(today.year - 1, today.year + 9):
        try:
            yield date(candidate, month, day)
        except ValueError:
            continue


def _months(day: int, today: date) -> Iterator[date]:
    """That day of the months around today."""
    if not 1 <= day <= 31:
        raise ValueError(day)
    for month in range(today.month - 2, today.month + 13):
        try:
            yield date(today.year + month // 12, month % 12 + 1, day)
        except ValueError:
            continue
