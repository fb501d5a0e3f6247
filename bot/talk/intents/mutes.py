"""Reads what follows `mute` and `unmute`: a rule, and for how long. `goal.stalled for 2 weeks`, `goal.stalled 월요일까지`.

The rule stays as written: whether there is one of that name is the flow's business.
"""

import re
from datetime import date, timedelta

from bot.talk.intents.kinds import Mute, Unmute
from bot.talk.intents.nudges import unquote
from bot.talk.intents.times import amount_word, read_days, read_minutes

_A_DAY = 24 * 60  # minutes
LONGEST = 366  # days; who wants longer means for good
_FOR_GOOD = re.compile(r"(?:for )?(?:ever|good|always)|forever|permanently|계속|영원히|쭉", re.IGNORECASE)
_OFF = frozenset({"off", "back on", "no more", "해제", "취소"})
_WEEKS = re.compile(r"(?:for\s|for the next\s)?(?:(\d{1,2})|([^\W\d_]+)(?=\s))?\s?(?:weeks?|wks?|w|주일|주)(?:\s?(?:동안|간))?")
_TIME = re.compile(r"\s+(?=(?:for|till|until|through|thru|to)\s)", re.IGNORECASE)
LIKE_A_RULE = re.compile(r"[a-z_]+(?:\.[a-z_0-9]+){1,2}", re.IGNORECASE)


def read_mute(rest: str, today: date) -> Mute | Unmute | None:
    """What follows `mute`; nothing at all asks what there is. None where the time is none."""
    rule, when = _split(rest)
    low = " ".join(when.casefold().split()).strip(" .!")
    if not low or _FOR_GOOD.fullmatch(low):
        return Mute(rule=rule)
    if low in _OFF:
        return Unmute(rule=rule)
    days = _days(low, today)
    return Mute(rule=rule, until=today + timedelta(days=days)) if days and days <= LONGEST else None


def read_unmute(rest: str) -> Unmute | None:
    """What follows `unmute`: a rule and nothing else."""
    rule = unquote(rest).rstrip(" .!:")
    return Unmute(rule=rule) if rule else None


def rule_in(rest: str) -> str:
    """The rule in what follows `mute`, as far as it can be told apart from the time."""
    return _split(rest)[0]


def _split(rest: str) -> tuple[str, str]:
    """The rule and the time: rule names have no blanks, so what is no such name goes up to `for`, `till`, `until`."""
    words = rest.strip()
    first, _, after = words.partition(" ")
    if LIKE_A_RULE.fullmatch(unquote(first).rstrip(":,")):
        return unquote(first).rstrip(":,"), after
    parts = _TIME.split(words, maxsplit=1)
    return unquote(parts[0]).rstrip(" .!:,"), parts[1] if len(parts) == 2 else ""


def _days(low: str, today: date) -> int:
    """Whole days from today on; 0 where the words name no time, or one that does not begin today."""
    if found := _WEEKS.fullmatch(low):
        number = int(found[1]) if found[1] else amount_word(found[2]) if found[2] else 1
        return 7 * (number or 0)
    minutes = read_minutes(low)
    if minutes:
        return -(-minutes // _A_DAY)
    stretch = read_days(low, today)
    return (stretch[1] - today).days + 1 if stretch is not None and stretch[0] == today else 0
