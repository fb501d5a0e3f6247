"""The two doors through which the core reaches words: a book of phrases, and one language's voice."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Protocol

from bot.talk.text import Text

Arg = str | int | Decimal | Text
"""What may fill a place in a phrase. Strings and texts are people's words or names: data, never markup."""


class Voice(Protocol):
    """One language. Unknown message ids raise KeyError: the loader checks at start that both languages have all."""

    locale: str

    def text(self, message: str, /, **args: Arg) -> Text:
        """A phrase as rich text (`*bold*` and `_italic_` in the phrase itself become styles, in arguments they stay)."""
        ...

    def line(self, message: str, /, **args: Arg) -> str:
        """A phrase as plain characters, for labels, titles and summaries."""
        ...

    def date(self, day: date) -> str:
        """`Thursday 26 November` as this language writes it."""
        ...

    def moment(self, instant: datetime, zone: tzinfo) -> str:
        """Weekday, date and time of an instant in a zone, as this language writes it."""
        ...

    def number(self, value: Decimal) -> str:
        """A number as this language writes it, without trailing zeros."""
        ...


Phrases = Mapping[str, Voice]
"""Voices by locale (`en`, `ko`)."""
