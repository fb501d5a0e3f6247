"""Thresholds: what HR can set, what people may write for it, and which value is in force for whom.

A policy is a chain of immutable versions; the most specific scope wins (person, team, department, company, default).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.model import Person, PolicyChange, Scope, ScopeKind
from bot.rules.worktime import QuietHours, Span, Unit


class Kind(StrEnum):
    """What sort of value a threshold takes. Canonical: `14cd`, `thu 10:00`, `2`, `on`, `18:00-09:00`; `off` where allowed."""

    SPAN = "span"
    WEEKLY = "weekly"
    COUNT = "count"
    SWITCH = "switch"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One number HR can change. `low` and `high` are bounds in `unit` (for hours given as days: one day is 8 hours)."""

    rule: str
    name: str
    kind: Kind
    default: str
    unit: Unit = Unit.DAYS
    low: int = 0
    high: int = 0
    may_be_off: bool = False
    below: str = ""  # another threshold that must stay greater than this one
    above: str = ""  # another threshold that must stay less than this one

    @property
    def full_name(self) -> str:
        """`goal.stalled.owner`; for a rule with one nameless threshold the rule's name."""
        return f"{self.rule}.{self.name}" if self.name else self.rule


THRESHOLDS: tuple[Threshold, ...] = (
    Threshold(rule="checkin.prompt", name="when", kind=Kind.WEEKLY, default="thu 10:00", may_be_off=True),
    Threshold(rule="checkin.prompt", name="fresh", kind=Kind.SPAN, default="3d", low=1, high=10),
    Threshold(
        rule="checkin.reminder",
        name="first",
        kind=Kind.SPAN,
        default="4h",
        unit=Unit.HOURS,
        low=1,
        high=40,
        may_be_off=True,
        below="checkin.reminder.second",
    ),
    Threshold(
        rule="checkin.reminder",
        name="second",
        kind=Kind.SPAN,
        default="1d",
        low=1,
        high=5,
        may_be_off=True,
        above="checkin.reminder.first",
    ),
    Threshold(rule="checkin.grace", name="", kind=Kind.SPAN, default="2d", low=1, high=5),
    Threshold(
        rule="goal.stalled",
        name="owner",
        kind=Kind.SPAN,
        default="14cd",
        unit=Unit.CALENDAR_DAYS,
        low=3,
        high=180,
        may_be_off=True,
        below="goal.stalled.manager",
    ),
    Threshold(
        rule="goal.stalled",
        name="manager",
        kind=Kind.SPAN,
        default="21cd",
        unit=Unit.CALENDAR_DAYS,
        low=4,
        high=365,
        may_be_off=True,
        above="goal.stalled.owner",
    ),
    Threshold(rule="goal.stalled", name="lead", kind=Kind.SPAN, default="2d", low=1, high=20),
    Threshold(rule="goal.commitment_at_risk", name="", kind=Kind.SWITCH, default="on", may_be_off=True),
    Threshold(rule="escalation.acknowledge", name="", kind=Kind.SPAN, default="1d", low=1, high=10),
    Threshold(rule="escalation.decide", name="", kind=Kind.SPAN, default="3d", low=1, high=20),
    Threshold(rule="budget.per_day", name="", kind=Kind.COUNT, default="2", low=1, high=20),
    Threshold(rule="budget.per_week", name="", kind=Kind.COUNT, default="6", low=1, high=100),
    Threshold(rule="quiet_hours", name="", kind=Kind.HOURS, default="18:00-09:00", may_be_off=True),
)
"""Defaults are those of PRODUCT.md section 2; the first threshold of a rule is the one its bare name means."""

_BY_NAME = {threshold.full_name: threshold for threshold in THRESHOLDS}
RULES: tuple[str, ...] = tuple(dict.fromkeys(threshold.rule for threshold in THRESHOLDS))

COMPANY = Scope()
_HOURS_A_DAY = 8
_DAYS = {
    day: index
    for index, names in enumerate(
        (
            "mon monday 월 월요일",
            "tue tues tuesday 화 화요일",
            "wed wednesday 수 수요일",
            "thu thur thurs thursday 목 목요일",
            "fri friday 금 금요일",
            "sat saturday 토 토요일",
            "sun sunday 일 일요일",
        )
    )
    for day in names.split()
}
SHORT_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AMOUNTS = {
    "h": "h hr hrs hour hours 시간",
    "d": "d day days 일",
    "w": "w wk week weeks 주 주일",
}
_UNITS = {word: unit for unit, words in _AMOUNTS.items() for word in words.split()}


class BadValue(ValueError):
    """A value that this threshold does not take. The message is the nearest valid form, canonical."""


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
        day, at = self.value.split(" ")
        return SHORT_DAYS.index(day), time.fromisoformat(at)

    @property
    def quiet(self) -> QuietHours:
        """The value of quiet hours; off: none."""
        if self.off:
            return QuietHours(start=time(0), end=time(0))
        start, end = self.value.split("-")
        return QuietHours(start=time.fromisoformat(start), end=time.fromisoformat(end))


def read_span(value: str) -> Span:
    """`4h`, `2d`, `14cd` as a span."""
    match = re.fullmatch(r"(\d+)(h|d|cd)", value)
    if match is None:
        raise ValueError(f"no span: {value!r}")
    return Span(amount=int(match[1]), unit=Unit(match[2]))


def threshold(name: str) -> Threshold:
    """The threshold of that name, or the first one of the rule of that name. KeyError when there is neither."""
    wanted = name.strip().casefold().rstrip(":")
    if wanted in _BY_NAME:
        return _BY_NAME[wanted]
    for candidate in THRESHOLDS:
        if candidate.rule == wanted:
            return candidate
    raise KeyError(name)


def scopes_of(person: Person) -> tuple[Scope, ...]:
    """The scopes that hold for a person, most specific first."""
    scopes = [Scope(ScopeKind.PERSON, person.id)]
    if person.team:
        scopes.append(Scope(ScopeKind.TEAM, person.team))
    if person.department:
        scopes.append(Scope(ScopeKind.DEPARTMENT, person.department))
    scopes.append(Scope())
    return tuple(scopes)


def in_force(policies: Sequence[PolicyChange], scopes: Sequence[Scope], name: str) -> Setting:
    """The value of a threshold for the scopes given, most specific first; the default where nobody set one."""
    spec = threshold(name)
    latest: dict[Scope, PolicyChange] = {}
    for change in policies:
        if change.threshold == spec.full_name and change.scope in scopes:
            latest[change.scope] = change
    for scope in scopes:
        found = latest.get(scope)
        if found is not None and found.value is not None:
            return Setting(threshold=spec, value=found.value, change=found)
    return Setting(threshold=spec, value=spec.default, change=None)


def for_person(policies: Sequence[PolicyChange], person: Person, name: str) -> Setting:
    """The value of a threshold for one person."""
    return in_force(policies, scopes_of(person), name)


def scopes_above(scope: Scope) -> tuple[Scope, ...]:
    """The scopes a value in `scope` is compared with: itself and the company (its people may sit in several units)."""
    return (scope,) if scope.kind is ScopeKind.COMPANY else (scope, Scope())


def parse_value(name: str, words: str, policies: Sequence[PolicyChange] = (), scope: Scope = COMPANY) -> str:
    """The canonical form of what somebody wrote as a value, checked against bounds and neighbours.

    Raises BadValue with the nearest valid form (canonical) as its message.
    """
    spec = threshold(name)
    text = " ".join(words.strip().casefold().split())
    if text in ("off", "none", "never", "끄기", "끔", "꺼"):
        if spec.may_be_off:
            return "off"
        raise BadValue(spec.default)
    match spec.kind:
        case Kind.SWITCH:
            if text in ("on", "켜기", "켬"):
                return "on"
            raise BadValue("on")
        case Kind.COUNT:
            if not re.fullmatch(r"\d{1,6}", text):
                raise BadValue(spec.default)
            return str(_within(int(text), spec.low, spec.high))
        case Kind.WEEKLY:
            return _weekly(text, spec)
        case Kind.HOURS:
            return _hours(text, spec)
        case Kind.SPAN:
            return _span(text, spec, policies, scope)


def _within(amount: int, low: int, high: int, suffix: str = "") -> int:
    if not low <= amount <= high:
        raise BadValue(f"{min(max(amount, low), high)}{suffix}")
    return amount


def _weekly(text: str, spec: Threshold) -> str:
    match = re.fullmatch(r"(?:every )?([a-z]+|[가-힣]+),? ?(?:at )?(\d{1,2})(?::(\d{2}))? ?(am|pm|시)?", text)
    if match is None:
        raise BadValue(spec.default)
    day = _DAYS.get(match[1], _DAYS.get(match[1].removesuffix("s")))
    hour, minute = int(match[2]), int(match[3] or 0)
    if match[4] == "pm" and hour < 12:
        hour += 12
    if match[4] == "am" and hour == 12:
        hour = 0
    if day is None or hour > 23 or minute > 59:
        raise BadValue(spec.default)
    return f"{SHORT_DAYS[day]} {hour:02}:{minute:02}"


def _hours(text: str, spec: Threshold) -> str:
    match = re.fullmatch(r"(\d{1,2})(?::(\d{2}))? ?(?:-|–|to|~|부터) ?(\d{1,2})(?::(\d{2}))?", text)
    if match is None or int(match[1]) > 23 or int(match[3]) > 23 or int(match[2] or 0) > 59 or int(match[4] or 0) > 59:
        raise BadValue(spec.default)
    return f"{int(match[1]):02}:{match[2] or '00'}-{int(match[3]):02}:{match[4] or '00'}"


def _span(text: str, spec: Threshold, policies: Sequence[PolicyChange], scope: Scope) -> str:
    match = re.fullmatch(r"(\d{1,4}) ?([a-z가-힣]*)", text.removesuffix(" 후").removeprefix("after "))
    unit = None if match is None else (_UNITS.get(match[2]) if match[2] else spec.unit[-1])
    if match is None or unit is None:
        raise BadValue(spec.default)
    amount = int(match[1])
    if spec.unit is Unit.CALENDAR_DAYS:
        if unit == "h":
            raise BadValue(spec.default)
        value = f"{_within(amount * (7 if unit == 'w' else 1), *_range(spec, policies, scope), suffix='cd')}cd"
    elif unit == "h":
        hours_a_unit = 1 if spec.unit is Unit.HOURS else _HOURS_A_DAY
        low = 1
        value = f"{_within(amount, low, spec.high * hours_a_unit, suffix='h')}h"
    else:
        days = amount * (5 if unit == "w" else 1)
        high = spec.high if spec.unit is Unit.DAYS else spec.high // _HOURS_A_DAY
        value = f"{_within(days, 1, high, suffix='d')}d"
    return _beside_neighbours(value, spec, policies, scope)


def _range(spec: Threshold, policies: Sequence[PolicyChange], scope: Scope) -> tuple[int, int]:
    """Bounds in the threshold's own unit, narrowed by its neighbours in the scope."""
    low, high = spec.low, spec.high
    if spec.below:
        neighbour = in_force(policies, scopes_above(scope), spec.below)
        if not neighbour.off and neighbour.span.unit is spec.unit:
            high = min(high, neighbour.span.amount - 1)
    if spec.above:
        neighbour = in_force(policies, scopes_above(scope), spec.above)
        if not neighbour.off and neighbour.span.unit is spec.unit:
            low = max(low, neighbour.span.amount + 1)
    return low, high


def valid_range(name: str, policies: Sequence[PolicyChange], scope: Scope) -> tuple[str, str] | None:
    """The least and greatest value a span or count may take in a scope, canonical; None for other kinds."""
    spec = threshold(name)
    match spec.kind:
        case Kind.COUNT:
            return str(spec.low), str(spec.high)
        case Kind.SPAN:
            low, high = _range(spec, policies, scope)
            return f"{low}{spec.unit}", f"{high}{spec.unit}"
        case Kind.WEEKLY | Kind.SWITCH | Kind.HOURS:
            return None


def _in_hours(value: str) -> int:
    span = read_span(value)
    return span.amount if span.unit is Unit.HOURS else span.amount * _HOURS_A_DAY


def _beside_neighbours(value: str, spec: Threshold, policies: Sequence[PolicyChange], scope: Scope) -> str:
    for name, sign in ((spec.below, 1), (spec.above, -1)):
        if name:
            neighbour = in_force(policies, scopes_above(scope), name)
            if not neighbour.off and (_in_hours(neighbour.value) - _in_hours(value)) * sign <= 0:
                raise BadValue(spec.default)
    return value
