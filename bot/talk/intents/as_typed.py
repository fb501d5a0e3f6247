"""Gives an Intent that was read in folded characters the notes, blockers and reasons as somebody typed them."""

from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from bot.talk.intents.kinds import Intent

_KEPT = frozenset({"note", "blocker", "reason", "words", "text"})
"""Fields whose words are stored; all others are read."""


def as_typed(intent: Intent, read: str, places: tuple[int, ...], typed: str) -> Intent:
    """`read` was made of `typed` by `bot.talk.text.readable`, which gave `places`."""
    return cast(Intent, _restored(intent, read, places, typed))


def _restored(part: Any, read: str, places: tuple[int, ...], typed: str) -> Any:
    if isinstance(part, tuple):
        return tuple(_restored(one, read, places, typed) for one in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    changes: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, tuple):
            changes[field.name] = _restored(value, read, places, typed)
        elif field.name in _KEPT and isinstance(value, str) and value:
            start = read.rfind(value)  # what is kept stands behind what was read
            if start >= 0:
                changes[field.name] = typed[places[start] : places[start + len(value)]].rstrip()
    return replace(part, **changes)
