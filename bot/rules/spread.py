"""Spreads a crowd: where more people are asked at one instant than a workspace lets through in a minute, each gets a slot.

A slot is somebody's own, a stable share of the window, so that they are asked at the same time every week. How wide the
window is follows from how many share the instant and how fast the platform is; the store knows both.
"""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import Company, Person, PolicyChange
from bot.rules import policy
from bot.rules.people import zone_of
from bot.rules.threshold import Threshold
from bot.rules.worktime import Calendar

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptTime:
    """The local time of the week at which somebody's rhythm has them asked."""

    zone: str
    weekday: int
    at: time


def prompt_time(person: Person, company: Company, policies: Sequence[PolicyChange], when: Threshold) -> PromptTime | None:
    """When a weekly threshold (`checkin.prompt`) has this person asked; None: never. Their pattern may move it."""
    setting = policy.for_person(policies, person, when)
    if setting.off:
        return None
    weekday, at = setting.weekly
    return PromptTime(zone=zone_of(person, company).key, weekday=weekday, at=at)


def crowds(people: Mapping[PromptTime, int], now: datetime) -> Mapping[PromptTime, int]:
    """How many are asked at the same instant as each of them, in whatever zone, as clocks stand at `now`."""
    together: Counter[timedelta] = Counter()
    for when, count in people.items():
        together[_instant(when, now)] += count
    return {when: together[_instant(when, now)] for when in people}


def same_instant(one: PromptTime, other: PromptTime, now: datetime) -> bool:
    """Whether both are the same instant of the week, as clocks stand at `now`."""
    return _instant(one, now) == _instant(other, now)


def _instant(when: PromptTime, now: datetime) -> timedelta:
    """Time since Monday 00:00 UTC."""
    offset = now.astimezone(ZoneInfo(when.zone)).utcoffset() or timedelta(0)
    return (timedelta(days=when.weekday, hours=when.at.hour, minutes=when.at.minute) - offset) % _WEEK


def slot(person_id: str, window: timedelta) -> timedelta:
    """This person's own share of the window, in whole seconds, always less than the window (0 where that is 0)."""
    share = int.from_bytes(hashlib.sha256(f"slot:{person_id}".encode()).digest()[:8])
    return timedelta(seconds=int(window.total_seconds()) * share >> 64)


def spread(person_id: str, at: datetime, window: timedelta, calendar: Calendar) -> datetime:
    """When this person is asked instead of at `at`: later by their slot, and still within the polite hours of that day."""
    polite = calendar.polite_window(calendar.local(at).date())
    room = max(polite[1] - at, timedelta(0)) if polite is not None else timedelta(0)
    return at + slot(person_id, min(window, room))
