"""Regular expressions that are compiled when they are first needed, not when their module is imported.

What people type is read with some two hundred patterns; together they would take a fifth of the time to start.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Pattern:
    """As `re.compile(text, flags)`, but on first use: a mistake in it shows then, or in `tests/bot/talk/test_pattern.py`."""

    def __init__(self, text: str, flags: re.RegexFlag | int = 0) -> None:
        self.pattern = text
        self._flags = flags

    @cached_property
    def _made(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self._flags)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first place from `start` on that fits."""
        return self._made.search(text, start)

    def match(self, text: str, start: int = 0) -> re.Match[str] | None:
        """What begins at `start`, if it fits."""
        return self._made.match(text, start)

    def fullmatch(self, text: str, start: int = 0) -> re.Match[str] | None:
        """Everything from `start` on, if it fits."""
        return self._made.fullmatch(text, start)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every place that fits."""
        return self._made.finditer(text)

    def findall(self, text: str) -> list[str]:
        """What fits, of every place; for patterns with at most one group."""
        return self._made.findall(text)

    def sub(self, by: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """The text with every place (the first `count`) that fits replaced."""
        return self._made.sub(by, text, count)
