"""Which value is in force for whom.

A policy is a chain of immutable versions. The most specific scope wins (person, team, department, company, default); at
one scope a value that HR set by itself wins over the profile set there; a lock makes everything more specific void.

Besides thresholds a version may be about `profile`, `pause` or `lock:RULE` (`lock:RULE.THRESHOLD`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache, lru_cache

from bot.model import Person, PolicyChange, Scope, ScopeKind
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import QuietHours, Span, Unit

COMPANY = Scope()
SHORT_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

PROFILE = "profile"
PAUSE = "pause"
LOCK = "lock:"

QUIET_HOURS = Threshold(rule="quiet_hours", kind=Kind.HOURS, default="18:00-09:00", may_be_off=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The value in force, and where it comes from. `change` None: the default."""

    threshold: Threshold
    value: str
    change: PolicyChange | None

    @property
    def version(self) -> int:
        """The policy version this value comes from; 0 is the default."""
        return self.change.version if self.change else 0

    @property
    def off(self) -> bool:
        """HR switched it off."""
        return self.value == "off"

    @property
    def span(self) -> Span:
        """The value of a span."""
        return read_span(self.value)

    @property
    def count(self) -> int:
        """The value of a count."""
        return int(self.value)

    @property
    def weekly(self) -> tuple[int, time]:
        """Weekday (Monday 0) and local time."""
        return _read_weekly(self.value)

    @property
    def quiet(self) -> QuietHours:
        """The value of quiet hours; off: none."""
        return read_quiet(self.value)


def read_quiet(value: str) -> QuietHours:
    """`18:00-09:00` or `off` as quiet hours."""
    if value == "off":
        return QuietHours(start=time(0), end=time(0))
    start, end = value.split("-")
    return QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))


@lru_cache(maxsize=256)
def _read_weekly(value: str) -> tuple[int, time]:
    day, at = value.split(" ")
    return SHORT_DAYS.index(day), time.fromisoformat(at)


@lru_cache(maxsize=256)
def read_span(value: str) -> Span:
    """`4h`, `2d`, `14cd` as a span."""
    match = re.fullmatch(r"(\d+)(h|d|cd)", value)
    if match is None:
        raise ValueError(f"no span: {value!r}")
    return Span(amount=int(match[1]), unit=Unit(match[2]))


def scopes_of(person: Person) -> tuple[Scope, ...]:
    """The scopes that hold for a person, most specific first."""
    scopes = [Scope(ScopeKind.PERSON, person.id)]
    if person.team:
        scopes.append(Scope(ScopeKind.TEAM, person.team))
    if person.department:
        scopes.append(Scope(ScopeKind.DEPARTMENT, person.department))
    scopes.append(COMPANY)
    return tuple(scopes)


def latest(policies: Sequence[PolicyChange], name: str, scope: Scope) -> PolicyChange | None:
    """The newest version about `name` (a threshold, `profile`, `pause`, `lock:…`) in exactly this scope."""
    return next((change for change in reversed(policies) if change.threshold == name and change.scope == scope), None)


def value_at(policies: Sequence[PolicyChange], name: str, scope: Scope) -> PolicyChange | None:
    """The newest version about `name` in this scope, where it gives a value (a revert may have taken it back)."""
    found = latest(policies, name, scope)
    return found if found is not None and found.value is not None else None


def lock_names(spec: Threshold) -> tuple[str, ...]:
    """Under which names a threshold may be locked: with its whole rule, or alone."""
    return tuple(dict.fromkeys((LOCK + spec.rule, LOCK + spec.full_name)))


def names_of(spec: Threshold) -> frozenset[str]:
    """What versions are about that may matter for a threshold."""
    return frozenset((spec.full_name, PROFILE, *lock_names(spec)))


def lock_over(policies: Sequence[PolicyChange], scopes: Sequence[Scope], spec: Threshold) -> PolicyChange | None:
    """The lock that holds for a threshold in these scopes (most specific first): the one of the widest scope."""
    for scope in reversed(scopes) if policies else ():
        for name in lock_names(spec):
            found = value_at(policies, name, scope)
            if found is not None and found.value == "on":
                return found
    return None


def in_force(policies: Sequence[PolicyChange], scopes: Sequence[Scope], spec: Threshold) -> Setting:
    """The value of a threshold for the scopes given, most specific first; the default where nobody set one."""
    if not policies:
        return default_of(spec)
    relevant = names_of(spec)
    policies = [change for change in policies if change.threshold in relevant and change.scope in scopes]
    if policies:
        lock = lock_over(policies, scopes, spec)
        for scope in scopes[scopes.index(lock.scope) :] if lock else scopes:
            own = value_at(policies, spec.full_name, scope)
            if own is not None and own.value is not None:
                return Setting(threshold=spec, value=own.value, change=own)
            profile = value_at(policies, PROFILE, scope)
            bundled = spec.under(profile.value) if profile is not None and profile.value else None
            if bundled is not None:
                return Setting(threshold=spec, value=bundled, change=profile)
    return default_of(spec)


@cache
def default_of(spec: Threshold) -> Setting:
    """The value of a threshold where nobody set one."""
    return Setting(threshold=spec, value=spec.default, change=None)


def for_person(policies: Sequence[PolicyChange], person: Person, spec: Threshold) -> Setting:
    """The value of a threshold for one person."""
    return in_force(policies, scopes_of(person) if policies else (COMPANY,), spec)


def resumed_at(policies: Sequence[PolicyChange], scopes: Sequence[Scope]) -> datetime | None:
    """When the last pause in these scopes ended; None: there was none, or it still holds."""
    about = [change for change in policies if change.threshold == PAUSE and change.scope in scopes]
    if pause_over(about, scopes) is not None:
        return None
    for number in range(len(about) - 1, 0, -1):
        if pause_over(about[:number], scopes) is not None:
            return about[number].at
    return None


def pause_over(policies: Sequence[PolicyChange], scopes: Sequence[Scope]) -> PolicyChange | None:
    """The pause that holds in these scopes, most specific first; None: Rondo speaks there."""
    for scope in scopes:
        found = value_at(policies, PAUSE, scope)
        if found is not None:
            return found if found.value == "on" else None
    return None
