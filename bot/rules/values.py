"""What people write as a value, checked against bounds and neighbours and brought into the canonical form."""

import re
from collections.abc import Sequence

from bot.model import PolicyChange, Scope
from bot.rules import registry
from bot.rules.policy import COMPANY, SHORT_DAYS, in_force, read_span, scopes_above
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Unit

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
_AMOUNTS = {
    "h": "h hr hrs hour hours 시간",
    "d": "d day days 일",
    "w": "w wk week weeks 주 주일",
}
_UNITS = {word: unit for unit, words in _AMOUNTS.items() for word in words.split()}


class BadValue(ValueError):
    """A value that this threshold does not take. The message is the nearest valid form, canonical."""


def parse_value(name: str, words: str, policies: Sequence[PolicyChange] = (), scope: Scope = COMPANY) -> str:
    """The canonical form of what somebody wrote as a value, checked against bounds and neighbours.

    Raises BadValue with the nearest valid form (canonical) as its message.
    """
    spec = registry.threshold(name)
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
        neighbour = in_force(policies, scopes_above(scope), registry.threshold(spec.below))
        if not neighbour.off and neighbour.span.unit is spec.unit:
            high = min(high, neighbour.span.amount - 1)
    if spec.above:
        neighbour = in_force(policies, scopes_above(scope), registry.threshold(spec.above))
        if not neighbour.off and neighbour.span.unit is spec.unit:
            low = max(low, neighbour.span.amount + 1)
    return low, high


def valid_range(name: str, policies: Sequence[PolicyChange], scope: Scope) -> tuple[str, str] | None:
    """The least and greatest value a span or count may take in a scope, canonical; None for other kinds."""
    spec = registry.threshold(name)
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
            neighbour = in_force(policies, scopes_above(scope), registry.threshold(name))
            if not neighbour.off and (_in_hours(neighbour.value) - _in_hours(value)) * sign <= 0:
                raise BadValue(spec.default)
    return value
