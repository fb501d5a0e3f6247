"""Reads one line into a key result: what moves, from where to where, by when. English, Korean, or parts between bars.

`Raise activation from 40 % to 60 % by 2026-12-15`, `활성화율을 40%에서 60%로, 12월 15일까지`, `Activation | 40 % | 60 % |`.
Nothing is guessed: a number or day with two readings is refused, and words without a start and a target stay words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.talk.intents.times import MONTHS, read_days
from bot.talk.numbers import NotANumber, parse_number
from bot.talk.pattern import Pattern

LONGEST = 500
LONGEST_UNIT = 40
MET = (Decimal(0), Decimal(1))
"""Start and target of a key result that is met or not met."""


class Why(StrEnum):
    """Why a line could not be read; the value is the tail of a phrase's name."""

    NUMBER = "number"  # `error` says what is wrong with it
    DAY = "day"
    WORDS = "words"  # it does not say what is measured
    UNITS = "units"  # start and target are in two units
    PARTS = "parts"  # bars, but not three or four parts
    SEVERAL = "several"  # two starts or two targets
    LONG = "long"


class Unread(ValueError):
    """A line with something in it that cannot be read in exactly one way; `word` is that part."""

    def __init__(self, why: Why, word: str, error: NotANumber | None = None) -> None:
        super().__init__(f"{why}: {word[:40]}")
        self.why, self.word, self.error = why, word, error


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one line says. `due` None: it names no day."""

    text: str
    unit: str = ""
    start: Decimal | None = None
    target: Decimal | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class _Amount:
    value: Decimal
    unit: str


_BULLET = Pattern(r"^\s*(?:[-–—*•·]\s+|\d{1,2}[.)]\s+|KR\s?\d{1,2}\s?[:.)]\s*)", re.IGNORECASE)
_MET = Pattern(
    r"\b(?:met (?:/|or) not met|met/not met|done ?/ ?not done|yes ?/ ?no)\b|달성 ?/ ?미달성|예 ?/ ?아니(?:오|요)", re.IGNORECASE
)
_NUMBER = r"[+\-−–]?[$€£¥₩]?\s?[+\-−–]?\d(?:[\d.,'’]|\s(?=\d{3}(?!\d)))*"
_STOP = (
    "by until till due per in on of for to from with and or within at across over under than each every a an the this next who"
    " that when while as via after before because so"
).replace(" ", "|")
_WORD = rf"(?!(?:{_STOP})\b)[^\W\d_]"
_UNIT_EN = rf"(?:%|[$€£¥₩]|{_WORD}[\w/&%-]*(?:\s{_WORD}[^\W\d_]*){{0,3}})"
_QUANTITY = rf"(?P<{{name}}>{_NUMBER}(?:\s?(?:{_UNIT_EN}))?)"
_START, _TARGET = (_QUANTITY.replace("{name}", name) for name in ("start", "target"))
_BOUND = r"(?:at least |at most |no more than |less than |more than |under |below |above |over |around |about )?"
_PAIRS = (
    Pattern(rf"\bfrom\s+{_START},?\s+(?:up |down )?to\s+{_BOUND}{_TARGET}", re.IGNORECASE),
    Pattern(rf"(?<!\S){_START}\s?(?:->|→|⇒|=>|➔)\s?{_TARGET}", re.IGNORECASE),
    Pattern(
        rf"(?<![\d.,])(?P<start>{_NUMBER}\s?(?:%|[^\s\d,.;]{{0,8}}?))에서\s?(?P<target>{_NUMBER}\s?(?:%|[^\s\d,.;]{{0,8}}?))\s?"
        r"(?:이상|이하|미만)?(?:으로|로|까지)(?=[\s,.;]|$)"
    ),
)
_ONLY_TARGET = (
    Pattern(rf"\bto\s+{_BOUND}{_TARGET}", re.IGNORECASE),
    Pattern(rf"(?<![\d.,])(?P<target>{_NUMBER}\s?(?:%|[^\s\d,.;]{{0,8}}?))\s?(?:이상|이하|미만)?(?:으로|로)(?=[\s,.;]|$)"),
)
_DAY_EN = (
    rf"\d{{4}}[-./]\d{{1,2}}[-./]\d{{1,2}}|\d{{1,2}}[/-]\d{{1,2}}(?:[/-]\d{{2,4}})?"
    rf"|\d{{1,2}}\.\d{{1,2}}\.(?:\d{{4}})?|\d{{1,2}}\.\d{{1,2}}(?=\s*(?:$|[,;)]))"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?\.?\s(?:of )?(?:{MONTHS})\b\.?(?:,? \d{{4}})?"
    rf"|(?:{MONTHS})\b\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?"
    rf"|(?:the )?end of (?:the )?(?:{MONTHS}|month|quarter|cycle)\b"
    r"|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|tomorrow"
)
_DAY_KO = (
    r"(?:\d{4}년\s?)?\d{1,2}월\s?(?:\d{1,2}일|말)|\d{4}[-./]\d{1,2}[-./]\d{1,2}\.?|\d{1,2}/\d{1,2}"
    r"|(?:이번|다음)\s?주\s?[월화수목금토일]요일|이번 (?:분기|주기) 말|(?:분기|주기|월)말|내일"
)
_DAYS = (
    Pattern(
        rf"[,;(]?\s*\b(?:by|until|till|due(?: by| on)?|no later than|not later than):?\s+(?P<day>{_DAY_EN})\)?", re.IGNORECASE
    ),
    Pattern(rf"[,;(]?\s*(?<!\d)(?P<day>{_DAY_KO})\s?까지\)?"),
)
_LAST_DAY = Pattern(rf"(?:the )?end of (?P<month>{MONTHS})|(?P<number>\d{{1,2}})월\s?말", re.IGNORECASE)
_ENDS = Pattern(r"(?:the )?end of (?:the )?(?:quarter|cycle)|이번 (?:분기|주기) 말|(?:분기|주기)말", re.IGNORECASE)
_MONTH_ENDS = Pattern(r"(?:the )?end of (?:the )?month|월말", re.IGNORECASE)


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a box that say something, without bullets and numbers."""
    return tuple(line for line in (_BULLET.sub("", raw).strip() for raw in text.splitlines()) if line)


def read_result(line: str, *, today: date, ends: date) -> Line:
    """What a line says; raises Unread. `ends` is the last day of the cycle it is for."""
    line = " ".join(_BULLET.sub("", line).split())
    if len(line) > LONGEST:
        raise Unread(Why.LONG, line)
    read = _from_parts(line, today, ends) if "|" in line else _from_words(line, today, ends)
    if not any(char.isalpha() for char in read.text):
        raise Unread(Why.WORDS, line)
    return read


def says_met(text: str) -> bool:
    """The words say themselves that it is met or not met."""
    return _MET.search(text) is not None


def read_day(words: str, *, today: date, ends: date) -> date:
    """One day in words, not over yet; raises Unread."""
    words = words.strip().rstrip(",;")
    if _ENDS.fullmatch(words):
        return ends
    month = _month_of(words, today)
    if month is not None:
        return month
    found = read_days(words, today)
    if found is None or found[0] != found[1]:
        raise Unread(Why.DAY, words)
    return found[0]


def read_amount(words: str, unit: str = "") -> tuple[Decimal, str]:
    """A number with the unit beside it (`40 %`, `$3`, `12 customers`); raises Unread. `unit` is the one it should be in."""
    found = _amount(words, unit)
    return found.value, found.unit


def _month_of(words: str, today: date) -> date | None:
    """The last day of a month that is named, or of this one."""
    if _MONTH_ENDS.fullmatch(words):
        return _last_of(today.year, today.month)
    found = _LAST_DAY.fullmatch(words)
    if found is None:
        return None
    names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    month = int(found["number"]) if found["number"] else names.index(found["month"][:3].casefold()) + 1
    if not 1 <= month <= 12:
        raise Unread(Why.DAY, words)
    return _last_of(today.year + (month < today.month), month)


def _last_of(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _from_parts(line: str, today: date, ends: date) -> Line:
    """`text | start | target | due`; start and due may be empty, due may be left out."""
    parts = [part.strip() for part in line.split("|")]
    if len(parts) not in (3, 4):
        raise Unread(Why.PARTS, line)
    text, start, target, due = (*parts, "")[:4]
    return _line(
        text,
        _amount(start) if start else None,
        _amount(target) if target else None,
        read_day(due, today=today, ends=ends) if due else None,
    )


def _from_words(line: str, today: date, ends: date) -> Line:
    rest, due = line, None
    for pattern in _DAYS:
        found = list(pattern.finditer(rest))
        if len(found) > 1 or (found and due is not None):
            raise Unread(Why.SEVERAL, found[-1][0].strip(" ,;("))
        if found:
            due = read_day(found[0]["day"], today=today, ends=ends)
            rest = _without(rest, found[0].start(), found[0].end())
    if _MET.search(rest):
        return Line(text=rest, start=MET[0], target=MET[1], due=due)
    for patterns in (_PAIRS, _ONLY_TARGET):
        found = [one for pattern in patterns for one in pattern.finditer(rest)]
        if len(found) > 1:
            raise Unread(Why.SEVERAL, found[1][0].strip())
        if found:
            groups = found[0].groupdict()
            start = _amount(groups["start"]) if groups.get("start") else None
            text = _without(rest, found[0].start(), found[0].end())
            return _line(text, start, _amount(groups["target"]), due)
    return Line(text=rest, due=due)


def _line(text: str, start: _Amount | None, target: _Amount | None, due: date | None) -> Line:
    return Line(
        text=text,
        unit=_one_unit([one.unit for one in (start, target) if one is not None]),
        start=start.value if start else None,
        target=target.value if target else None,
        due=due,
    )


def _one_unit(units: list[str]) -> str:
    """The unit of both; `3 days to 1 day` is one unit, in its longer form."""
    named = sorted({unit for unit in units if unit}, key=lambda unit: (-len(unit), unit))
    if len(named) == 2 and named[0].casefold() not in {named[1].casefold(), named[1].casefold() + "s"}:
        raise Unread(Why.UNITS, f"{units[0]} – {units[1]}")
    return named[0] if named else ""


_SPLIT = Pattern(
    rf"(?P<number>{_NUMBER}\s?(?:k(?![^\W\d_])|천(?=원|명|건|개|$)|만(?=원|명|건|개|$)|억(?=원|$))?)\s?(?P<unit>.*)", re.DOTALL
)
_CURRENCY = "$€£¥₩"
_PERCENT = dict.fromkeys(("percent", "per cent", "pct", "퍼센트", "프로"), "%")


def _amount(words: str, unit: str = "") -> _Amount:
    found = _SPLIT.fullmatch(words.strip())
    number, named = (found["number"], found["unit"].strip()) if found else (words, "")
    sign = next((mark for mark in _CURRENCY if mark in number), "")
    if len(named) > LONGEST_UNIT or any(char.isdigit() for char in named):
        number, named = words, ""  # not one number with a unit: the reader of numbers says why
    try:
        return _Amount(parse_number(number, unit=unit or sign), _PERCENT.get(named.casefold(), named) or sign or unit)
    except NotANumber as error:
        raise Unread(Why.NUMBER, words, error) from error


def _without(text: str, start: int, end: int) -> str:
    """The text without a part of it, and without the commas and the object marker (을, 를) that are left hanging."""
    before, after = text[:start].rstrip(" ,;("), text[end:].lstrip(" ,;.)")
    rest = f"{before} {after}".strip(" ,;")
    return rest if after else "".join(_bare(rest))


def _bare(text: str) -> Iterator[str]:
    """Without 을 behind a final consonant, 를 behind a vowel: elsewhere these are part of the word."""
    if len(text) > 2 and text[-1] in "을를" and not text[-2].isspace():
        hangul = "가" <= text[-2] <= "힣"
        closed = (ord(text[-2]) - ord("가")) % 28 != 0
        yield text[:-1] if not hangul or closed == (text[-1] == "을") else text
    else:
        yield text
