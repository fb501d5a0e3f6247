"""Finds the goal and the key result that words hint at, and says so where they hint at several alike.

Tokens are compared case-folded; Korean ones without their particle and as parts of the title, because Korean writes
compounds with and without spaces.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.model import Goal, KeyResult
from bot.talk.intents.lexicon import is_filler

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_HANGUL = re.compile(r"[가-힣]")
_PARTICLES = re.compile(
    r"(?:이라는|에서는|으로는|까지는|에서|에는|으로|까지|부터|이랑|하고|은요|는요|은|는|이|가|을|를|도|의|에|로|와|과|랑|만)$"
)
KEY_RESULT = re.compile(r"(?<![^\W_])(?:kr|key result|핵심 ?결과) ?#?(\d{1,2})(?!\d)")
_STOP = frozenset(re.findall("[a-z]+", "a an the of to and or for in on at by with from our my is be as per than into"))
_ENDING = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|s|e)$")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Match:
    """`goals`: none, the clear winner, or several that fit alike. `rest`: the tokens that explain nothing."""

    goals: tuple[Goal, ...] = ()
    key_result: KeyResult | None = None
    rest: tuple[str, ...] = ()


def tokens(text: str) -> list[str]:
    """The words of a text, case-folded, without possessive `'s` and pure numbers."""
    found = (token.casefold().replace("’", "'").removesuffix("'s") for token in _TOKEN.findall(text))
    return [token for token in found if not _NUMBER.fullmatch(token)]


def bare(token: str) -> str:
    """A token without its Korean particle (`출시는`, `NPS는`), where at least two characters stay."""
    if _HANGUL.search(token) and (found := _PARTICLES.search(token)) and found.start() >= 2:
        return token[: found.start()]
    return token


def stops(word: str) -> bool:
    """A word that only holds others together (`at`, `the`)."""
    return word in _STOP


def find(hint: str, goals: Sequence[Goal]) -> Match:
    """The goals that a hint names best. Words of a title weigh more than those of its key results, a full title most.

    Words that carry nothing (`bot.talk.intents.lexicon`) hint at nothing, even if a title holds them.
    """
    words = [token for token in dict.fromkeys(tokens(hint)) if not is_filler(token) and not is_filler(bare(token))]
    by_number = KEY_RESULT.search(hint.casefold())
    if by_number:
        words = [word for word in words if word not in ("kr", "key", "result", by_number[0].replace(" ", "").replace("#", ""))]
    by_id = [goal for goal in goals if _names_id(hint, goal.id)]
    scored = {goal.id: _score(words, goal) for goal in goals}
    best = max(scored.values(), default=0.0)
    winners = by_id or ([goal for goal in goals if scored[goal.id] == best] if best > 0 else [])
    explained = {word for goal in winners for word in words if _weight(word, goal) or _names_id(word, goal.id)}
    named = _key_result(hint, words, winners or goals, int(by_number[1]) if by_number else 0)
    if named is not None and not winners:
        winners = [goal for goal in goals if goal.id == named.goal_id]
    return Match(
        goals=tuple(winners),
        key_result=named if named and [goal.id for goal in winners] == [named.goal_id] else None,
        rest=tuple(word for word in words if word not in explained and not (named and _names_id(word, named.id))),
    )


def _key_result(hint: str, words: Sequence[str], goals: Sequence[Goal], number: int) -> KeyResult | None:
    """The one key result a hint names by id, by number (`KR2`) or by words of its own."""
    for goal in goals:
        for key_result in goal.key_results:
            if _names_id(hint, key_result.id):
                return key_result
    if len(goals) != 1:
        return None
    results = goals[0].key_results
    if number:
        return results[number - 1] if 1 <= number <= len(results) else None
    weights = [sum(_fits(word, *_terms(result.text)) for word in words) for result in results]
    best = max(weights, default=0)
    return results[weights.index(best)] if best and weights.count(best) == 1 else None


def _score(words: Sequence[str], goal: Goal) -> float:
    matched = sum(_weight(word, goal) for word in words)
    title, _ = _terms(goal.title)
    whole = bool(title) and all(any(_fits(word, frozenset({part}), part) for word in words) for part in title)
    return matched + (1.0 if matched and whole else 0.0)


def _weight(word: str, goal: Goal) -> float:
    if _fits(word, *_terms(goal.title)):
        return 2.0
    return 1.0 if any(_fits(word, *_terms(result.text)) for result in goal.key_results) else 0.0


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[frozenset[str], str]:
    """The tokens of a title that can be hinted at, and the title without spaces."""
    folded = unicodedata.normalize("NFC", text)
    parts = [part for part in tokens(folded) if part not in _STOP]
    return frozenset(parts), "".join(parts)


def _fits(word: str, parts: frozenset[str], compact: str) -> bool:
    """Latin: the same root, or five letters and more. Korean: a part of the title, one syllable only as a word of its own."""
    if word in _STOP:
        return False
    stem = bare(word)
    if _HANGUL.search(stem):
        return stem in parts or (len(stem) >= 2 and stem in compact)
    root = _root(stem)
    return any(root == _root(part) or (len(stem) >= 5 and part.startswith(stem)) for part in parts)


def _root(word: str) -> str:
    """An English word without its commonest endings, so that `hiring`, `hires` and `hire` meet."""
    return _ENDING.sub("", word) if len(word) > 3 else word


def _names_id(hint: str, identity: str) -> bool:
    """The hint holds this id as a word; ids without a digit are too much like words."""
    if len(identity) < 2 or not any(c.isdigit() for c in identity):
        return False
    return re.search(rf"(?<![\w-]){re.escape(identity)}(?![\w-])", hint, re.IGNORECASE) is not None
