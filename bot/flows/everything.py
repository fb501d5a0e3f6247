"""All that is stored about somebody as pages of lines that a person can read: every value, under a name in their language.

What has no name yet (a column of a later release) stands under the name it is stored by: nothing is ever left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.talk.text import clean
from bot.talk.voice import Voice

LONGEST = 10**7
"""Longer values are not stored."""

PARAGRAPH, PAGE = 1_800, 5_400
"""Characters of one part of a page, and of a page: on every platform, in every language, nothing of it is left out."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_NAME = re.compile(r"[a-zA-Z][\w-]*")
_CHOSEN = frozenset(
    {"cause", "choice", "kind", "next", "outcome", "part", "platform", "prefers", "role", "scope_kind", "state", "status", "step",
     "topic", "type", "language", "locale"}
)  # fmt: skip
"""Fields that hold one name out of a few; what people write is never taken for one."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Says things as one person reads them: their language, their zone."""

    voice: Voice
    zone: ZoneInfo

    def section(self, name: str) -> str:
        """What a list is of."""
        return self._named("export-section", name)

    def field(self, name: str) -> str:
        """What a value is."""
        return self._named("export-field", name)

    def value(self, value: Any, field: str = "") -> str:
        """A single value; instants to the minute, in the person's zone."""
        if isinstance(value, bool):
            return self._named("export-value", "yes" if value else "no")
        text = clean(str(value), limit=LONGEST)
        if _INSTANT.fullmatch(text):
            return f"{datetime.fromisoformat(text).astimezone(self.zone):%Y-%m-%d %H:%M}"
        return self._named("export-value", text) if field in _CHOSEN else text

    def _named(self, phrase: str, name: str) -> str:
        return self.voice.line(phrase, name=name) if _NAME.fullmatch(name) else name


def pages(dossier: Mapping[str, Any], teller: Teller) -> tuple[tuple[str, ...], ...]:
    """Every value of a dossier in its order, as pages of parts; a value longer than a part goes on in the next one."""
    parts: list[str] = [""]
    for line in _lines(dossier, teller):
        for piece in _pieces(line):
            if len(parts[-1]) + len(piece) + 1 > PARAGRAPH:
                parts.append("")
            parts[-1] += f"\n{piece}" if parts[-1] else piece
    per_page = PAGE // PARAGRAPH
    return tuple(tuple(parts[start : start + per_page]) for start in range(0, len(parts), per_page))


def _pieces(line: str) -> Iterator[str]:
    for start in range(0, max(len(line), 1), PARAGRAPH - 1):
        yield line[start : start + PARAGRAPH - 1]


def _lines(dossier: Mapping[str, Any], teller: Teller) -> Iterator[str]:
    """A line per record: its names and values; empty values are left out."""
    for kind, value in dossier.items():
        if isinstance(value, Sequence) and not isinstance(value, str):
            yield f"— {teller.section(kind)}: {len(value)}"
            yield from (f"• {_words(_shortened(one), teller)}" for one in value)
        elif isinstance(value, Mapping):
            yield f"— {teller.section(kind)}"
            yield from (
                f"• {teller.field(name)}: {_words(one, teller, name)}" for name, one in value.items() if not _is_empty(one)
            )
        else:
            yield f"— {teller.section(kind)}: {_words(value, teller)}"


def _shortened(record: Any) -> Any:
    """A message by its summary: all it says is said of the things themselves, and it stands in the chat."""
    card = record.get("card") if isinstance(record, Mapping) else None
    return {**record, "card": card.get("summary", "")} if isinstance(card, Mapping) else record


def _words(value: Any, teller: Teller, field: str = "") -> str:
    if isinstance(value, Mapping):
        return " · ".join(
            f"{teller.field(name)}: {_nested(one, teller, name)}" for name, one in value.items() if not _is_empty(one)
        )
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "; ".join(_nested(one, teller, field) for one in value)
    return teller.value(value, field)


def _nested(value: Any, teller: Teller, field: str) -> str:
    return f"({_words(value, teller)})" if isinstance(value, Mapping) else _words(value, teller, field)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}
