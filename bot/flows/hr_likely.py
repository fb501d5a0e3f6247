"""Which value HR perhaps meant by words that are none: what was given stays, and what lacks is filled in from today's."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from bot.rules.threshold import Kind, Threshold
from bot.talk.intents.times import amount_word

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KO_DAY = re.compile(r"([월화수목금토일])요일")
_TIME = re.compile(
    r"(?P<half>오전|오후)?\s?(?<![\d.:])(?P<hour>\d{1,2})(?:\s?(?:[:.h]|시)\s?(?:(?P<minute>\d{2})(?!\d)분?|(?P<thirty>반))?)?"
    r"\s?(?P<part>[ap]\.?m\b)?(?![\d:])"
)
_NUMBER = re.compile(r"(?<![\d.,])(\d{1,4})(?![\d]|[.,]\d)\s?([a-z]*|[가-힣]*)")
_UNITS = ("hours", "hour", "days", "day", "weeks", "week", "points", "point", "times", "messages", "check-ins")
_KO_UNITS = ("시간", "주일", "주", "일", "회", "번", "건", "점", "개")
_ON = frozenset({"yes", "true", "enable", "enabled", "켜줘", "네"})
_OFF = frozenset({"off", "no", "false", "disable", "disabled", "꺼줘", "아니요"})


def likely(spec: Threshold, words: str, today: str) -> Iterator[str]:
    """Forms of a value that were perhaps meant, likeliest first; whether a form is one is still to be checked."""
    text = " ".join(words.casefold().split()).strip(" .,;!?")
    said = set(text.split())
    if said & _OFF:
        yield "off"
    match spec.kind:
        case Kind.SWITCH if said & _ON:
            yield "on"
        case Kind.WEEKLY:
            yield from _weekly(text, today if " " in today else spec.default)
        case Kind.SPAN | Kind.COUNT:
            yield from _amount(text)
        case Kind.HOURS:
            times = [found for found in map(_clock, _TIME.finditer(text)) if found]
            if len(times) == 2:
                yield "-".join(times)
        case _:
            pass


def _weekly(text: str, today: str) -> Iterator[str]:
    day, at = _day(text), next((found for found in map(_clock, _TIME.finditer(text)) if found), "")
    if day or at:
        then_day, _, then = today.partition(" ")
        yield f"{day or then_day} {at or then}"


def _day(text: str) -> str:
    if korean := _KO_DAY.search(text):
        return korean[0]
    for word in re.findall(r"[a-z]{3,12}", text):
        known = next((day for day in _DAYS if day.startswith(word.removesuffix("s"))), "")
        near = get_close_matches(word, _DAYS, n=1, cutoff=0.75)
        if known or near:
            return known or near[0]
    return ""


def _clock(found: re.Match[str]) -> str:
    """`09:30`; empty for what no clock shows."""
    hour, minute = int(found["hour"]), 30 if found["thirty"] else int(found["minute"] or 0)
    part = (found["part"] or "")[:1] or {"오전": "a", "오후": "p"}.get(found["half"] or "", "")
    if part and not 1 <= hour <= 12:
        return ""
    hour = hour % 12 + (12 if part == "p" else 0) if part else hour
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else ""


def _amount(text: str) -> Iterator[str]:
    """The one number, with its unit as far as that can be told."""
    numbered = re.sub(r"[a-z]{2,5}|[가-힣]{1,2}(?=\s)", lambda word: str(amount_word(word[0]) or word[0]), text)
    found = _NUMBER.findall(numbered)
    if len(found) != 1:
        return
    number, unit = found[0]
    if not unit:
        yield number
        return
    yield f"{number} {unit}"
    korean = next((known for known in _KO_UNITS if unit.startswith(known)), "")
    near = get_close_matches(unit, _UNITS, n=1, cutoff=0.6) if len(unit) > 2 else []
    short = unit[0] if len(unit) == 2 and unit[0] in "hdw" else ""
    if korean or near or short:
        yield f"{number} {korean or short or near[0]}"
