"""Words one letter off a status (`off trak`, `at rsk`): nobody may be told that they were on track all the same."""

import re
from itertools import pairwise

from bot.talk.intents import lexicon

_PHRASES = ("on track", "off track", "at risk", "on schedule", "off schedule", "behind schedule")
_KOREAN = ("순조로워요", "순조롭습니다", "위험합니다", "뒤처졌어요")
_OTHER = frozenset({"at risks", "a risk", "in track", "on tracks"})
"""One letter off, and something else."""
_LONGEST = 60  # characters; what is longer is prose


def nearly_status(low: str) -> bool:
    """A short clause has words in it that are one slip of a key away from a status."""
    words = re.findall(r"[^\W\d_]+", low) if len(low.strip()) <= _LONGEST else []
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    return any(pair not in _OTHER and _one_off(pair, phrase) for pair in pairs for phrase in _PHRASES) or any(
        _one_off(word, status) for word in words for status in _KOREAN if not lexicon.STATUS.search(word)
    )


def _one_off(said: str, meant: str) -> bool:
    """One letter is missing, too many, another, or has changed places with its neighbour."""
    if abs(len(said) - len(meant)) > 1 or said == meant:
        return False
    at = next((at for at, (one, other) in enumerate(zip(said, meant, strict=False)) if one != other), min(len(said), len(meant)))
    here, there = said[at:], meant[at:]
    swapped = here[1::-1] + here[2:] == there if len(here) > 1 else False
    return here[1:] == there or here == there[1:] or here[1:] == there[1:] or swapped
