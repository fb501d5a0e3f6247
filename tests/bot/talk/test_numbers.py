"""What people write for a number, and what Rondo makes of it."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.talk.numbers import MAX_DECIMALS, MAX_DIGITS, NotANumber, Reason, fit, parse_number


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("42", "", "42"),
        (" 42\n", "", "42"),
        ("45%", "%", "45"),
        ("45 %", "%", "45"),
        ("45%", "", "45"),
        ("４５％", "%", "45"),
        ("٤٥٫٥", "", "45.5"),
        ("45,5", "", "45.5"),
        ("1.234,5", "", "1234.5"),
        ("1,234.5", "", "1234.5"),
        ("1,234.567", "", "1234.567"),
        ("1 234", "", "1234"),
        ("1\u202f234\u202f567,5", "", "1234567.5"),
        ("1 234,567", "", "1234.567"),
        ("1'234.5", "", "1234.5"),
        ("1.234.567", "", "1234567"),
        ("12,34,567", "", "1234567"),
        ("1234.567", "", "1234.567"),
        ("0.125", "", "0.125"),
        (",5", "", "0.5"),
        ("-3", "", "-3"),
        ("−3", "", "-3"),
        ("+3", "", "3"),
        ("-0", "", "0"),
        ("-0,00", "", "0"),
        ("007", "", "7"),
        ("12k", "", "12000"),
        ("1.5K", "", "1500"),
        ("3만", "", "30000"),
        ("12 k€", "k€", "12"),
        ("€45", "EUR", "45"),
        ("-€3", "€", "-3"),
        ("€ -3", "", "-3"),
        ("45 customers", "customers", "45"),
        ("12m", "m", "12"),
        ("1.50000", "", "1.5"),
        ("123456789012345", "", "123456789012345"),
    ],
)
def test_a_number_is_read_as_it_was_meant(text: str, unit: str, value: str) -> None:
    assert str(parse_number(text, unit=unit)) == value


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("", "", Reason.EMPTY),
        (" \u00a0", "", Reason.EMPTY),
        ("soon", "", Reason.WORDS),
        ("%", "%", Reason.WORDS),
        ("--3", "", Reason.WORDS),
        ("½", "", Reason.WORDS),
        ("NaN", "", Reason.NOT_FINITE),
        ("-inf", "", Reason.NOT_FINITE),
        ("Infinity", "", Reason.NOT_FINITE),
        ("1e999", "", Reason.TOO_LONG),
        ("9" * 5_000, "", Reason.TOO_LONG),
        ("1234567890123456", "", Reason.TOO_LONG),
        ("1.00001", "", Reason.TOO_FINE),
        ("5." + "0" * 40 + "1", "", Reason.TOO_LONG),
        ("3 5", "", Reason.SEVERAL),
        ("from 3 to 5", "", Reason.SEVERAL),
        ("1-2", "", Reason.SEVERAL),
        ("1.2.3", "", Reason.GROUPING),
        ("1,23,4", "", Reason.GROUPING),
        ("45.", "", Reason.GROUPING),
        ("$45", "EUR", Reason.WRONG_UNIT),
        ("45%", "customers", Reason.WRONG_UNIT),
        ("12 days", "weeks", Reason.WRONG_UNIT),
        ("1.2m", "", Reason.WRONG_UNIT),
        ("12k", "k€", Reason.WRONG_UNIT),
    ],
)
def test_what_is_not_one_number_is_refused_with_the_reason(text: str, unit: str, reason: Reason) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_number(text, unit=unit)
    assert refused.value.reason is reason
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.500", "999,999", "1.234k"])
def test_a_single_separator_before_three_digits_is_not_guessed(text: str) -> None:
    with pytest.raises(NotANumber) as refused:
        parse_number(text)
    assert refused.value.reason is Reason.AMBIGUOUS
    thousands, decimal = refused.value.readings
    assert abs(thousands) == abs(decimal) * 1000


def test_a_program_means_a_decimal_point() -> None:
    assert parse_number("51.279", plain=True) == Decimal("51.279")
    with pytest.raises(NotANumber):
        parse_number("51,279", plain=True)


@given(st.text(max_size=120), st.text(max_size=8), st.booleans())
def test_any_text_is_a_number_inside_the_limits_or_refused(text: str, unit: str, plain: bool) -> None:
    try:
        value = parse_number(text, unit=unit, plain=plain)
    except NotANumber:
        return
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    assert len(digits) <= MAX_DIGITS
    assert -MAX_DECIMALS <= exponent <= 0
    assert not (value.is_zero() and value.is_signed())


amounts = st.integers(-(10**15) + 1, 10**15 - 1).flatmap(
    lambda whole: st.integers(0, MAX_DECIMALS).map(lambda places: Decimal(whole).scaleb(-places))
)


@given(amounts)
def test_what_a_program_writes_comes_back_unchanged(value: Decimal) -> None:
    assert parse_number(f"{value:f}", plain=True) == value
    assert Decimal(repr(float(fit(value)))) == value


@given(amounts, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", "."), ("\u202f", ",")]))
def test_what_people_group_is_read_as_it_was_or_called_ambiguous(value: Decimal, marks: tuple[str, str]) -> None:
    grouping, point = marks
    written = f"{value:,f}".replace(",", "g").replace(".", "p").replace("g", grouping).replace("p", point)
    try:
        readings: tuple[Decimal, ...] = (parse_number(written),)
    except NotANumber as refused:
        readings = refused.readings
    assert value in readings


@given(st.decimals())
def test_any_decimal_fits_or_is_refused(value: Decimal) -> None:
    with suppress(NotANumber):
        assert fit(value) == value
