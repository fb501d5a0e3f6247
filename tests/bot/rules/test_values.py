"""Values in people's words: read, refused with the nearest valid form, and that form is valid itself."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.hr_words import writable
from bot.model import PolicyChange, Scope
from bot.rules import registry
from bot.rules.policy import in_force
from bot.rules.threshold import Kind, Threshold
from bot.rules.values import BadValue, parse_value, passed_neighbour, valid_range
from tests.play.company import MONDAY

COMPANY = (Scope(),)
SPANS = [spec for spec in registry.THRESHOLDS if spec.kind is Kind.SPAN]


def versions(*values: tuple[str, str]) -> tuple[PolicyChange, ...]:
    return tuple(
        PolicyChange(version=number, at=MONDAY, author="p", threshold=name, scope=Scope(), value=value)
        for number, (name, value) in enumerate(values, 1)
    )


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("goal.stalled", "21d", BadValue("20cd")),
        ("goal.stalled", "2 weeks", "14cd"),
        ("goal.stalled", "3주", BadValue("20cd")),
        ("goal.stalled", "16h", BadValue("14cd")),
        ("goal.stalled", "off", "off"),
        ("goal.stalled", "끄기", "off"),
        ("goal.stalled.manager", "3 weeks", "21cd"),
        ("checkin.reminder.first", "7h", "7h"),
        ("checkin.reminder.first", "1d", BadValue("7h")),
        ("checkin.reminder.second", "2 days", "2d"),
        ("checkin.reminder.second", "0", BadValue("1d")),
        ("checkin.grace", "16h", "16h"),
        ("checkin.grace", "1 week", "5d"),
        ("checkin.grace", "2 weeks", BadValue("5d")),
        ("checkin.grace", "never", BadValue("2d")),
        ("checkin.prompt", "Thursday 10:00", "thu 10:00"),
        ("checkin.prompt", "every monday at 2pm", "mon 14:00"),
        ("checkin.prompt", "목요일 10시", "thu 10:00"),
        ("checkin.prompt", "Thursday 25:00", BadValue("thu 10:00")),
        ("budget.per_day", "3 messages", "3"),
        ("budget.per_day", "0", BadValue("1")),
        ("budget.per_day", "3 hours", BadValue("2")),
        ("quiet_hours", "19:00 to 8:30", "19:00-08:30"),
        ("goal.commitment_at_risk", "켜기", "on"),
    ],
)
def test_a_value_in_peoples_words(name: str, words: str, value: str | BadValue) -> None:
    if isinstance(value, str):
        assert parse_value(name, words) == value
        return
    with pytest.raises(BadValue) as nearest:
        parse_value(name, words)
    assert str(nearest.value) == str(value)


def test_the_nearest_value_lies_beside_the_neighbour() -> None:
    policies = versions(("checkin.reminder.second", "5d"), ("checkin.reminder.first", "20h"))
    with pytest.raises(BadValue, match=r"^3d$"):
        parse_value("checkin.reminder.second", "1d", policies, COMPANY)
    assert valid_range("checkin.reminder.second", policies, COMPANY) == ("21h", "5d")
    assert valid_range("checkin.reminder.first", policies, COMPANY) == ("1h", "39h")
    with pytest.raises(BadValue, match=r"^9cd$"):
        parse_value("goal.stalled", "banana", versions(("goal.stalled.owner", "5cd"), ("goal.stalled.manager", "10cd")), COMPANY)


def amounts(spec: Threshold) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(0, 400), st.sampled_from(("d", "h", "w", "", " days", "시간", " parsecs"))).map(
        lambda part: f"{part[0]}{part[1]}"
    )


@given(st.data())
def test_whatever_is_written_the_nearest_value_is_valid_and_no_threshold_passes_its_neighbour(data: st.DataObject) -> None:
    """Values are set one after the other, as HR would; what is refused is set as its nearest form instead."""
    policies: tuple[PolicyChange, ...] = ()
    for _ in range(4):
        spec = data.draw(st.sampled_from(SPANS))
        words = data.draw(st.one_of(amounts(spec), st.sampled_from(("off", "banana", ""))))
        try:
            value = parse_value(spec.full_name, words, policies, COMPANY)
        except BadValue as nearest:
            value = str(nearest)
            assert parse_value(spec.full_name, writable(value), policies, COMPANY) == value, (spec.full_name, words, policies)
        policies = added(policies, spec, value)
        assert in_force(policies, COMPANY, spec).value == value
        assert passed_neighbour(policies, COMPANY) is None


def added(policies: Sequence[PolicyChange], spec: Threshold, value: str) -> tuple[PolicyChange, ...]:
    (change,) = versions((spec.full_name, value))
    return (*policies, change)
