"""Reads when somebody wants their digest: `monday 9:00`, `Tue at 2pm`, `월요일 오전 9시`, `off`."""

import re

from bot.talk.intents.kinds import DigestWhen

_OFF = frozenset({"off", "default", "reset", "back", "as hr set it", "끄기", "끔", "기본", "원래대로"})
_SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS = {
    **{word: day for day in _SHORT for word in (day, f"{day}s")},
    **{
        word: short
        for short, long in zip(
            _SHORT, ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), strict=True
        )
        for word in (long, f"{long}s")
    },
    **{word: short for short, one in zip(_SHORT, "월화수목금토일", strict=True) for word in (one, f"{one}요일")},
    "tues": "tue",
    "weds": "wed",
    "thur": "thu",
    "thurs": "thu",
}
_WHEN = re.compile(
    r"(?:(?:on|every|each|매주)\s)?(?P<day>[a-z]+|[가-힣]+?)(?:마다|에)?,?\s?(?:at\s)?(?P<half>오전|오후)?\s?"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<unit>am|pm|시|h)?(?:\s?(?P<past>\d{1,2})분|\s?(?P<thirty>반))?(?:에)?"
)


def read_digest(words: str) -> DigestWhen | None:
    """What follows `/rondo digest`. None: no day and time that can be read in one way."""
    text = " ".join(words.casefold().split()).strip(" .!")
    if text in _OFF:
        return DigestWhen(value="")
    found = _WHEN.fullmatch(text)
    if found is None or found["day"] not in _DAYS:
        return None
    hour = _hour(int(found["hour"]), found["unit"] or "", found["half"] or "")
    minute = 30 if found["thirty"] else int(found["minute"] or found["past"] or 0)
    if hour is None or minute > 59:
        return None
    return DigestWhen(value=f"{_DAYS[found['day']]} {hour:02}:{minute:02}")


def _hour(hour: int, unit: str, half: str) -> int | None:
    """On a clock of 24 hours; a number of a half day goes to twelve."""
    part = {"am": "am", "오전": "am", "pm": "pm", "오후": "pm"}.get(unit) or {"오전": "am", "오후": "pm"}.get(half, "")
    if not part:
        return hour if hour < 24 else None
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if part == "pm" else 0)
