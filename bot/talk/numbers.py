"""Reads a number as people write it, and says why where it cannot: a wrong guess would be stored as somebody's result.

Knows decimal comma and point, grouping, signs, percent, currency, other scripts' digits and a few scale words. Never
guesses between two readings: `1.234` is refused, with both of them, unless one is impossible.
"""

import re
import unicodedata
from decimal import Context, Decimal
from enum import StrEnum

MAX_DIGITS = 15  # significant ones: what a double, and so every spreadsheet and JSON reader, gives back unchanged
MAX_DECIMALS = 4
_MAX_LENGTH = 100  # characters; nothing a person means is longer, and nothing longer is worth reading
_EXACT = Context(prec=2 * _MAX_LENGTH)  # nothing is rounded before it is judged


class Reason(StrEnum):
    """Why something is not a number; the value is the tail of a message key."""

    EMPTY = "empty"
    WORDS = "words"
    NOT_FINITE = "not-finite"
    SEVERAL = "several"
    GROUPING = "grouping"
    AMBIGUOUS = "ambiguous"
    WRONG_UNIT = "wrong-unit"
    TOO_LONG = "too-long"
    TOO_FINE = "too-fine"


_SENTENCES = {
    Reason.EMPTY: "is empty",
    Reason.WORDS: "is not a number",
    Reason.NOT_FINITE: "is not a finite number",
    Reason.SEVERAL: "holds more than one number",
    Reason.GROUPING: "has its commas, points or blanks in places where no number has them",
    Reason.AMBIGUOUS: "can be read in two ways; leave the thousands separator out",
    Reason.WRONG_UNIT: "is in another unit than the key result",
    Reason.TOO_LONG: f"has more than {MAX_DIGITS} digits",
    Reason.TOO_FINE: f"has more than {MAX_DECIMALS} decimals",
}


class NotANumber(ValueError):
    """`reason` says why; AMBIGUOUS comes with the two `readings`. The error's own text is a sentence for operators."""

    def __init__(self, reason: Reason, text: str, readings: tuple[Decimal, ...] = ()) -> None:
        shown = text if len(text) <= 40 else text[:39] + "…"
        super().__init__(f'"{shown}" {_SENTENCES[reason]}.')
        self.reason = reason
        self.readings = readings


_SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-", "＋": "+", "％": "%", "٪": "%", "．": ".", "，": ","})
_BLANKS = " \u00a0\u2007\u2009\u202f"  # no-break, figure, thin and narrow no-break: all used between thousands
_MARKS = str.maketrans(
    {"٫": "d", "٬": "g", "'": "g", "’": "g"} | dict.fromkeys(_BLANKS, "g")
)  # d: can only be the decimal mark, g: can only group; never shown, the letters cannot occur in a body of digits
_SCALES = {"k": 3, "천": 3, "만": 4, "억": 8}  # no "m": million, minute, metre or milli
_CURRENCIES = {
    "$": ("usd", "aud", "cad", "nzd", "sgd", "hkd", "dollar", "dollars"),
    "€": ("eur", "euro", "euros"),
    "£": ("gbp", "pound", "pounds"),
    "¥": ("jpy", "cny", "yen", "yuan"),
    "₩": ("krw", "won", "원"),
}
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?", re.ASCII)
_BODY = re.compile(r"[0-9.,dg]+", re.ASCII)
_WESTERN = re.compile(r"[0-9]{1,3}(?:S[0-9]{3})+")
_INDIAN = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


def parse_number(text: str, *, unit: str = "", plain: bool = False) -> Decimal:
    """The number a text states, in the key result's unit. Raises NotANumber.

    - Digits of any script. One leading sign; minus and en dash are minus. `-0` is 0. No exponents.
    - With two kinds of separators the last is the decimal mark (`1.234,5`, `1,234.5`); one that repeats groups
      (`1.234.567`, also Indian `12,34,567`); blanks and apostrophes only ever group (`1 234`). A single point or comma
      is the decimal mark (`45,5`), but before exactly three digits (`1.234`) it is AMBIGUOUS, unless it cannot group:
      more than three digits or a zero before it, or grouping of another kind (`1234.567`, `0.125`, `1 234,567`).
    - `plain`: written by a program (CSV, API): digits with at most one point mean what they mean in every program.
    - The unit may stand beside it; `%` or a currency sign also where there is no unit. Any other word is WRONG_UNIT.
    - `k`, `천`, `만`, `억` multiply, not where the unit itself begins with k; `m` is refused (million, minute, metre?).
    - At most 15 significant digits and 4 decimals; zeros at the end of decimals do not count.
    """
    if len(text) > _MAX_LENGTH:
        raise NotANumber(Reason.TOO_LONG if any(c.isdecimal() for c in text) else Reason.WORDS, text)
    words = unicodedata.normalize("NFC", text).translate(_SIGNS).strip(_BLANKS + "\t\r\n").casefold()
    words = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in words)
    if not words:
        raise NotANumber(Reason.EMPTY, text)
    if words.lstrip("+-") in ("nan", "snan", "inf", "infinity", "∞"):
        raise NotANumber(Reason.NOT_FINITE, text)
    if plain and _PLAIN.fullmatch(words):
        return fit(Decimal(words), text)
    sign, body, scale = _undress(words, unit.strip().casefold(), text)
    if _BODY.fullmatch(body.translate(_MARKS)) is None or not any(c.isdigit() for c in body):
        raise NotANumber(_why_words(body), text)
    readings = [
        fit(_EXACT.scaleb(_EXACT.multiply(Decimal(sign), value), scale), text)
        for value in _readings(body.translate(_MARKS), text)
    ]
    if len(readings) > 1:
        raise NotANumber(Reason.AMBIGUOUS, text, tuple(readings))
    return readings[0]


def fit(value: Decimal, text: str | None = None) -> Decimal:
    """The number in its plainest form, if it is one Rondo keeps. Raises NotANumber; `text` is how it was written."""
    shown = str(value) if text is None else text
    if not value.is_finite():
        raise NotANumber(Reason.NOT_FINITE, shown)
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or value.is_zero():
        return Decimal(0)
    kept = list(digits)
    while kept[-1] == 0:
        kept.pop()
        exponent += 1
    while kept[0] == 0:
        kept.pop(0)
    if len(kept) + max(exponent, 0) > MAX_DIGITS:  # before anything of that size is made
        raise NotANumber(Reason.TOO_LONG, shown)
    if -exponent > MAX_DECIMALS:
        raise NotANumber(Reason.TOO_FINE, shown)
    if exponent > 0:
        kept, exponent = kept + [0] * exponent, 0
    return Decimal((sign, tuple(kept), exponent))


def _undress(words: str, unit: str, text: str) -> tuple[int, str, int]:
    """Sign, bare digits with separators, and power of ten."""
    sign, words = _sign(words)
    scale = 0
    if unit and not unit[0].isdecimal():
        words = _without(words, unit)
    for mark in ("%", *_CURRENCIES):
        bare = _without(words, mark)
        if bare != words:
            if unit and unit != mark and unit not in _synonyms(mark):
                raise NotANumber(Reason.WRONG_UNIT, text)
            words = bare
            break
    if sign == 0:  # the sign may stand after a currency: € -3
        sign, words = _sign(words)
    if words[-1:] in _SCALES and words[:-1].rstrip(_BLANKS)[-1:].isdigit():
        if words[-1] == "k" and unit.startswith("k"):
            raise NotANumber(Reason.WRONG_UNIT, text)
        scale, words = _SCALES[words[-1]], words[:-1].rstrip(_BLANKS)
    return sign or 1, words, scale


def _sign(words: str) -> tuple[int, str]:
    """+1, -1, or 0 where there is none; and the rest."""
    if words[:1] in ("+", "-"):
        return (-1 if words[0] == "-" else 1), words[1:].lstrip(_BLANKS)
    return 0, words


def _without(words: str, mark: str) -> str:
    """The words without a mark at their end or beginning, where a digit (or sign) stands next to it."""
    before = words.removesuffix(mark).rstrip(_BLANKS)
    if before != words and (before[-1:].isdigit() or before[-1:] in _SCALES):
        return before
    after = words.removeprefix(mark).lstrip(_BLANKS)
    return after if after != words and (after[:1].isdigit() or after[:1] in ("+", "-", ".", ",")) else words


def _synonyms(mark: str) -> tuple[str, ...]:
    return ("percent", "percentage", "pct", "퍼센트") if mark == "%" else _CURRENCIES[mark]


def _why_words(body: str) -> Reason:
    """Why this is not digits and separators alone."""
    if re.fullmatch(r"[0-9.]+e[+-]?[0-9]+", body):
        return Reason.TOO_LONG if len(re.split("e[+-]?", body)[1].lstrip("0")) > 1 else Reason.WORDS
    numbers = re.findall(r"[0-9][0-9.,]*", body)
    if len(numbers) > 1:
        return Reason.SEVERAL
    with_unit = re.fullmatch(r"[0-9][0-9.,]*[ \u00a0]?[^\W\d_]+|[^\W\d_]+[ \u00a0]?[0-9][0-9.,]*", body)
    return Reason.WORDS if with_unit is None else Reason.WRONG_UNIT


def _readings(body: str, text: str) -> list[Decimal]:
    """All that digits with separators can mean: one number, or two."""
    kinds = {c for c in body if not c.isdigit()}
    if not kinds:
        return [Decimal(body)]
    last = max(body.rfind(kind) for kind in kinds)
    mark, whole, decimals = body[last], body[:last], body[last + 1 :]
    others = kinds - {mark}
    as_decimal = None
    if mark != "g" and body.count(mark) == 1 and decimals and (not whole or _whole(whole) is not None):
        as_decimal = Decimal(f"{_whole(whole) or 0}.{decimals}")
    as_whole = None if mark == "d" or others else _whole(body)
    if as_decimal is not None and as_whole is not None and whole.startswith("0"):
        as_whole = None  # nobody writes 0.125 for one hundred and twenty-five
    found = [Decimal(as_whole)] if as_whole is not None else []
    found += [as_decimal] if as_decimal is not None else []
    if not found:
        raise NotANumber(Reason.SEVERAL if mark == "g" and not others else Reason.GROUPING, text)
    return found


def _whole(body: str) -> str | None:
    """The digits of a whole number grouped in one legal way, or None."""
    kinds = {c for c in body if not c.isdigit()}
    if not kinds:
        return body
    if len(kinds) == 1 and "d" not in kinds:
        mark = kinds.pop()
        if _WESTERN.fullmatch(body.replace(mark, "S")) or _INDIAN.fullmatch(body):
            return body.replace(mark, "")
    return None
