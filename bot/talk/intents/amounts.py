"""The numbers of a clause: which may be a key result's value, in which unit they are written, and which are none.

What is no single value (`40-50%`, `>50%`, `about 50%`) is handed on as it was written: the reader of numbers will ask.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from bot.model import Goal
from bot.talk.intents import lexicon
from bot.talk.intents.matching import KEY_RESULT, bare, find, stops, tokens
from bot.talk.intents.times import MONTHS
from bot.talk.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be a value. `unit`: a key result's own, written behind it, folded; `counts`: a title's word does."""

    raw: str
    unit: str
    counts: bool
    start: int = 0
    end: int = 0


_Numbered = tuple[str, str, str]
"""The word before a number, the number, the word behind it."""

_FIGURE = re.compile(r"\d(?:[\d.,]*\d)?")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+#?$")
_WORD_BEHIND = re.compile(r"%?\s+([^\W\d_]+)")
_NEAR = 60  # characters
_MOST = 20  # numbers in a clause

_MONTH = rf"(?:{MONTHS})\.?"
_CALENDAR = Pattern(
    r"(?<![\w.,])(?:(?<!this )(?<!last )(?<!next )(?<!per )(?<!each )(?<!a )(?:week|wk|kw|cw)\s?#?\d{1,2}(?:[ /]20\d\d)?"
    r"|(?:20\d\d[ /-]?)?(?:q[1-4]|h[12])(?:[ /-]?(?:of )?20\d\d|['/-]\d\d)?|20\d\d-?w\d{1,2}|(?:in|for|since|until) 20\d\d"
    r"|(?:20)?\d\d년[은는도에]?|\d{1,2}주차[은는도에]?|[1-4]분기[은는도에]?|\d{1,2}월[은는도에]?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.? {_MONTH}(?: 20\d\d)?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? 20\d\d)?)(?![^\W_])(?!\s?[%％])"
)
_YEAR = re.compile(r"20[2-4]\d")
_STANDS_AT = re.compile(r"(?:(?<![^\W_])(?:at|to|is|are|now|hit|reached)|[=>→])\s*$")
_REFERENCE = Pattern(
    r"(?<![^\W_])(slides?|pages?|tickets?|issues?|items?|steps?|sections?|phase|sprint|version|room|chapter|line|row|pr|rfc|no\."
    r"|number|슬라이드|페이지|티켓|이슈|버전)\s?#?\d[\d.,]*(?!\s?[%％])|#\d+"
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th|am|pm|번째|시|분기)")
_BOUND = re.compile(
    r"(?:(?<![-=<>])[<>]=?|[≤≥≦≧~〜∼≈±]|(?<![^\W_])(?:about|around|approximately|approx\.?|roughly|circa|ca\.?)"
    r"|(?<!\S)(?:약|대략|거의))\s*$"
)
_BOUND_BEHIND = re.compile(r"\s?(?:[~〜∼+](?!\s?\d)|(?:정도|쯤|가량|이상|이하|미만|초과|내외|안팎)[가-힣]*)")
_WENT = re.compile(r"\s*(?:늘었|늘어|줄었|줄어|올랐|올라|떨어|내려|개선|단축|증가|감소|되었|됐)[가-힣]*")
_RANGE = re.compile(r"-\d[\d.,]*\s?[%％]?")
_CURRENCY = re.compile(r"\s?[$€£¥₩]")
_SHARE = re.compile(r"[%％]")


def amounts(
    low: str, goals: Sequence[Goal], titled: Collection[_Numbered], *, beside: bool = False
) -> tuple[tuple[Amount, ...], str]:
    """The numbers that may be a key result's value, and the clause without them.

    A number is a value where nothing but its unit and words without weight follow (`40%`, `45 customers so far`), so that
    `3 days late` and `2 people left` are none. Nor is one of `titled`: it stands there as it does in a title. Where a status
    stands `beside`, a year is a year.
    """
    kept = undated(low, goals)
    read: list[Amount] = []
    found = list(islice(lexicon.NUMBER.finditer(kept), _MOST))
    done = 0
    for number in found:
        if number.start() < done:
            continue  # the 1,000 of `40 per 1,000`
        written = _own_unit(kept, number, goals)
        end = written[2] if written else number.end()
        after = kept[end : next((later.start() for later in found if later.start() >= end), len(kept))]
        amount = _amount(kept, number, written, after, goals)
        if amount is None or (titled and _stands_in(titled, kept[: number.start()], amount.raw, low[number.end() :])):
            continue
        since = read[-1].end if read else 0
        if lexicon.NO_VALUE.search(kept[: number.start()]) and not (
            read and lexicon.OUT_OF.fullmatch(kept[: number.start()], since)
        ):
            continue
        year = beside and _YEAR.fullmatch(amount.raw) and not _STANDS_AT.search(kept[: number.start()])
        if year and find(low, goals).key_result is None:
            continue
        read[-1:] = _joined(kept, read[-1], amount) if read else (amount,)
        done = amount.end
    for amount in read:
        low = low[: amount.start] + " " * (amount.end - amount.start) + low[amount.end :]
    return tuple(read), low


def _amount(
    kept: str, number: re.Match[str], written: tuple[str, str, int] | None, after: str, goals: Sequence[Goal]
) -> Amount | None:
    """One number as a value, with what bounds it (`>50%`, `약 50%`); None where it is none."""
    known = _known_words(goals)
    unit = "" if written else _without_copula(number["unit"])
    raw, named, end = written or ("", "", number.end())
    before = kept[: number.start()]
    bound = _BOUND_BEHIND.match(after) or (_BOUND_BEHIND.fullmatch(unit) if unit else None)
    if kept[:end].endswith(("로", "까지")) and (went := _WENT.match(after)):
        after, end = after[went.end() :], end + went.end()
    words = tokens(after.removeprefix(bound[0]) if bound else after)
    if any(not lexicon.is_filler(token) and bare(token) not in known for token in words):
        return None
    if unit and unit not in known and not bound and not re.fullmatch("[가-힣]", unit):
        return None
    if number[0].lstrip().startswith("+") or lexicon.NEGATED_BEFORE.search(before):
        return None
    if not written:
        figure = number[0][: len(number[0]) - len(number["unit"])].strip().rstrip(".,")
        raw = lexicon.PERCENT_WORD.sub("%", figure) + unit
        if sign := _CURRENCY.match(kept, end):
            raw, end = raw + sign[0], sign.end()
    counts = bool(words) and not (named or unit or bound or _SHARE.search(raw) or lexicon.is_filler(words[0]))
    if rest := _RANGE.match(kept, end):
        raw, end = raw + rest[0], rest.end()
    elif bound and not unit:
        end += bound.end()
    least = _BOUND.search(before)
    if least or bound:
        raw = f"{least[0].strip() if least and not least[0].strip()[0].isalpha() else '~'}{raw}"
    return Amount(raw, named, counts, least.start() if least else number.start(), end)


def _joined(kept: str, first: Amount, second: Amount) -> tuple[Amount, ...]:
    """Two numbers, or the one they are: `from 30% to 40%` is 40%; `30 of 40` and `75 to 80%` are none, and will be asked."""
    between = kept[first.end : second.start]
    if lexicon.OUT_OF.fullmatch(between):
        return (replace(second, raw=f"{first.raw} of {second.raw}", start=first.start),)
    if not lexicon.UP_TO.fullmatch(between):
        return first, second
    ranged = between.strip() == "to" and not re.search(r"from\s*$", kept[: first.start])
    return (replace(second, raw=f"{first.raw} to {second.raw}" if ranged else second.raw, start=first.start),)


def left_out(low: str, goals: Sequence[Goal]) -> bool:
    """A number stands in words that were not understood, and may be a report: with the unit or beside the words of a goal."""
    kept = undated(low, goals)
    kept = hide_numbered(kept, numbered(kept, goals))
    for number in islice(lexicon.NUMBER.finditer(kept), _MOST):
        if _ORDINAL.fullmatch(number["unit"]):
            continue
        match = find(low, goals)
        if match.goals or _own_unit(kept, number, goals) or (_SHARE.search(number[0]) and not match.rest):
            return True
    return False


def undated(low: str, goals: Sequence[Goal]) -> str:
    """The clause without numbers that are nobody's result: dates, weeks, years, `KR 2`, `slide 7`."""
    for pattern in (lexicon.DATE, _CALENDAR, KEY_RESULT):
        low = pattern.sub(_blank, low)
    return _REFERENCE.sub(lambda found: found[0] if found[1] and find(found[1], goals).goals else _blank(found), low)


def named_units(said: Sequence[Amount], goals: Sequence[Goal]) -> str:
    """The units behind numbers that hint at a goal because a title holds them (`30 candidates`)."""
    return " ".join(amount.unit for amount in said if amount.unit and find(amount.unit, goals).goals)


def without_calendar(hint: str, goals: Sequence[Goal]) -> str:
    """A hint without `Q4`, `week 48`, `48주차`, unless a title holds them."""
    known = _known_words(goals)
    return _CALENDAR.sub(lambda found: found[0] if known.intersection(tokens(found[0])) else _blank(found), hint)


def _own_unit(kept: str, number: re.Match[str], goals: Sequence[Goal]) -> tuple[str, str, int] | None:
    """The number, the unit of a key result written behind it, and where that ends, with or without a blank or a particle."""
    figure = _FIGURE.search(kept, number.start())
    if figure is None or _SHARE.search(number[0]):
        return None
    for unit in _units(tuple(result.unit for goal in goals for result in goal.key_results)):
        if found := _unit_pattern(unit).match(kept, figure.end()):
            scaled = kept[number.start() : figure.end()] + (found["scale"] or "")
            glued = found["unit"] if not found["blank"] and found["unit"] == unit else ""
            return scaled.strip() + glued, unit, found.end()
    return None


def folded(unit: str) -> str:
    """A unit as units are compared."""
    return " ".join(lexicon.lower(unit).split())


@lru_cache(maxsize=512)
def _units(written: tuple[str, ...]) -> tuple[str, ...]:
    """The units of key results, folded, longest first; per cent has its own sign."""
    units = {folded(unit) for unit in written}
    return tuple(sorted((unit for unit in units if unit and unit not in lexicon.PERCENT), key=lambda unit: (-len(unit), unit)))


@lru_cache(maxsize=512)
def _unit_pattern(unit: str) -> re.Pattern[str]:
    """A unit behind digits, as it is written in the goal or in the other number (`1 drill`), with Korean endings."""
    words = re.escape(unit.removesuffix("s") if len(unit) > 3 else unit).replace("\\ ", r"\s?").replace(",", ",?")
    plural = "s?" if len(unit) > 3 and unit.isascii() and unit[-1].isalpha() else ""
    ending = "(?:입니다|이에요|예요|에요|이고|고|이며|며|이라|이다|다|임|요|까지|으로|로|은|는|이|가|을|를|도|에)?"
    return re.compile(rf"(?:\s?(?P<scale>[k천만억]))??(?P<blank>\s?)(?P<unit>{words}{plural}){ending}(?![^\W_])")


def numbered(low: str, goals: Sequence[Goal]) -> Collection[_Numbered]:
    """The numbers in titles and key results; none where the clause has no number itself."""
    if not lexicon.NUMBER.search(low):
        return ()
    texts = (text for goal in goals for text in (goal.title, *(result.text for result in goal.key_results)))
    return frozenset(number for text in texts for number in _numbers_of(text))


@lru_cache(maxsize=4096)
def _numbers_of(title: str) -> tuple[_Numbered, ...]:
    """The numbers in a title, each with the word before it and the word behind it, where those say something."""
    text = lexicon.lower(title)
    return tuple(
        (_word(_WORD_BEFORE.search(text[: found.start()][-_NEAR:])), found[0], _word(_WORD_BEHIND.match(text[found.end() :])))
        for found in _FIGURE.finditer(text)
    )


def _stands_in(titled: Collection[_Numbered], before: str, figure: str, after: str) -> bool:
    """`product 2 at risk` where the title is `Ship product 2 to Asia`: a piece of the name, nobody's result."""
    said = _FIGURE.search(figure)
    left, right = _word(_WORD_BEFORE.search(before[-_NEAR:])), _word(_WORD_BEHIND.match(after[:_NEAR]))
    return said is not None and any(
        number == said[0] and ((left and left == word) or (right and right == behind)) for word, number, behind in titled
    )


def hide_numbered(low: str, titled: Collection[_Numbered]) -> str:
    """The clause without the numbers that stand in it as in a title."""
    for found in list(islice(lexicon.NUMBER.finditer(low), _MOST)) if titled else ():
        if _stands_in(titled, low[: found.start()], found[0], low[found.end() :]):
            low = low[: found.start()] + _blank(found) + low[found.end() :]
    return low


def _word(found: re.Match[str] | None) -> str:
    """A word beside a number; empty where it carries nothing (`to 40`, `at 40`)."""
    return found[1] if found and not stops(found[1]) and not lexicon.is_filler(found[1]) else ""


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _without_copula(glued: str) -> str:
    """What is written at the end of a number without a blank (`45명입니다`), without a copula or particle."""
    return lexicon.COPULA.sub("", glued)


def _known_words(goals: Sequence[Goal]) -> frozenset[str]:
    """Everything that titles, key results and units are made of."""
    return frozenset(
        word
        for goal in goals
        for text in (goal.title, *(f"{result.text} {result.unit}" for result in goal.key_results))
        for token in tokens(text)
        for word in (token, bare(token))
    )
