"""What people write as a value, checked against bounds and neighbours and brought into the canonical form."""

import re
from collections.abc import Sequence

from bot.model import PolicyChange, Scope
from bot.rules import registry
from bot.rules.policy import COMPANY, SHORT_DAYS, Setting, in_force, read_span
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Unit

_HOURS_A_DAY, _WEEK = 8, 5
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
_AMOUNTS = {
    "h": "h hr hrs hour hours 시간",
    "d": "d day days 일",
    "w": "w wk week weeks 주 주일",
}
_UNITS = {word: unit for unit, words in _AMOUNTS.items() for word in words.split()}


class BadValue(ValueError):
    """A value that this threshold does not take. The message is the nearest valid form, canonical."""


def parse_value(name: str, words: str, policies: Sequence[PolicyChange] = (), scopes: Sequence[Scope] = (COMPANY,)) -> str:
    """The canonical form of what somebody wrote as a value, checked against bounds and neighbours in `scopes`.

    `scopes`: the one the value is meant for, then those above it. Raises BadValue with the nearest valid form
    (canonical, and valid itself) as its message.
    """
    spec = registry.threshold(name)
    text = " ".join(words.strip().casefold().split())
    if text in ("off", "none", "never", "끄기", "끔", "꺼"):
        if spec.may_be_off:
            return "off"
        raise BadValue(nearest_default(spec, policies, scopes))
    match spec.kind:
        case Kind.SWITCH:
            if text in ("on", "켜기", "켬"):
                return "on"
            raise BadValue("on")
        case Kind.COUNT:
            return _count(text, spec)
        case Kind.WEEKLY:
            return _weekly(text, spec)
        case Kind.HOURS:
            return _hours(text, spec)
        case Kind.SPAN:
            return _span(text, spec, policies, scopes)


def nearest_default(spec: Threshold, policies: Sequence[PolicyChange], scopes: Sequence[Scope]) -> str:
    """The default, or what is valid beside the neighbours and nearest to it."""
    if spec.kind is not Kind.SPAN or spec.default == "off":
        return spec.default
    low, high = _range(spec, policies, scopes)
    span = read_span(spec.default)
    return _fitting(_amount(span.amount, span.unit), span.unit, low, high, spec)


def _count(text: str, spec: Threshold) -> str:
    match = re.fullmatch(
        r"(\d{1,6}) ?(?:%|points?|times?|messages?|check-?ins?|(?:times )?in a row|회|번|건|점|개|포인트)?", text
    )
    if match is None:
        raise BadValue(spec.default)
    amount = min(max(int(match[1]), spec.low), spec.high)
    if amount != int(match[1]):
        raise BadValue(str(amount))
    return str(amount)


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


def _span(text: str, spec: Threshold, policies: Sequence[PolicyChange], scopes: Sequence[Scope]) -> str:
    match = re.fullmatch(r"(\d{1,4}) ?([a-z가-힣]*)", text.removesuffix(" 후").removeprefix("after "))
    written = None if match is None else (_UNITS.get(match[2]) if match[2] else spec.unit[-1])
    calendar = spec.unit is Unit.CALENDAR_DAYS
    if match is None or written is None or (calendar and written == "h"):
        raise BadValue(nearest_default(spec, policies, scopes))
    weeks = (7 if calendar else _WEEK) if written == "w" else 1
    unit = Unit.CALENDAR_DAYS if calendar else Unit.HOURS if written == "h" else Unit.DAYS
    low, high = _range(spec, policies, scopes)
    amount = _amount(int(match[1]) * weeks, unit)
    if low <= amount <= high:
        return f"{int(match[1]) * weeks}{unit}"
    raise BadValue(_fitting(amount, unit, low, high, spec))


def _amount(amount: int, unit: Unit) -> int:
    """In calendar days, or in working hours."""
    return amount * _HOURS_A_DAY if unit is Unit.DAYS else amount


def _fitting(amount: int, unit: Unit, low: int, high: int, spec: Threshold) -> str:
    """What lies in the range and is nearest, in the unit given where that has one; `off` where nothing does."""
    if low > high:
        return "off" if spec.may_be_off else spec.default
    step = _amount(1, unit)
    first, last = -(-low // step), high // step
    if first > last:
        return f"{min(max(amount, low), high)}{Unit.HOURS}"
    return f"{min(max(amount // step, first), last)}{unit}"


def _range(spec: Threshold, policies: Sequence[PolicyChange], scopes: Sequence[Scope]) -> tuple[int, int]:
    """Bounds in calendar days or in working hours, narrowed by the neighbours; a day of bounds is 8 hours, the least 1 hour."""
    low, high = _amount(spec.low, spec.unit), _amount(spec.high, spec.unit)
    if spec.unit is Unit.DAYS and spec.low == 1:
        low = 1
    for name in filter(None, (spec.below, spec.above)):
        neighbour = in_force(policies, scopes, registry.threshold(name))
        if neighbour.off:
            continue
        theirs = _amount(neighbour.span.amount, neighbour.span.unit)
        if name == spec.below:
            high = min(high, theirs - 1)
        else:
            low = max(low, theirs + 1)
    return low, high


def valid_range(name: str, policies: Sequence[PolicyChange], scopes: Sequence[Scope]) -> tuple[str, str] | None:
    """The least and greatest value a span or count may take in a scope, canonical; None for other kinds, or where none fits."""
    spec = registry.threshold(name)
    match spec.kind:
        case Kind.COUNT:
            return str(spec.low), str(spec.high)
        case Kind.SPAN:
            low, high = _range(spec, policies, scopes)
            return (_written(low, spec.unit), _written(high, spec.unit)) if low <= high else None
        case Kind.WEEKLY | Kind.SWITCH | Kind.HOURS:
            return None


def _written(amount: int, unit: Unit) -> str:
    """As days where it is whole days of a threshold that is given in days."""
    if unit is Unit.DAYS:
        return f"{amount // _HOURS_A_DAY}{unit}" if amount % _HOURS_A_DAY == 0 else f"{amount}{Unit.HOURS}"
    return f"{amount}{unit}"


def passed_neighbour(policies: Sequence[PolicyChange], scopes: Sequence[Scope]) -> tuple[Setting, Setting] | None:
    """Two thresholds of which the one that comes first is not less than the other in these scopes; None: all is in order."""
    for spec in registry.THRESHOLDS:
        if spec.below:
            first, second = in_force(policies, scopes, spec), in_force(policies, scopes, registry.threshold(spec.below))
            if not first.off and not second.off and _in_range(first) >= _in_range(second):
                return first, second
    return None


def _in_range(setting: Setting) -> int:
    return _amount(setting.span.amount, setting.span.unit)
