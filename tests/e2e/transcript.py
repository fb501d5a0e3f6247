"""A conversation written down as it is read on the screen: who did what, and every message that is new or changed after it.

Golden files keep transcripts; RONDO_GOLDEN=write renews them, to be read aloud before they are committed.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.hands import AnyHands, Form, Seen, Sent

GOLDEN = Path(__file__).parent / "golden"
_IDS = re.compile(r"\b(?:[UWCDBT][0-9A-Z]{8,}|[0-9a-f]{8}-[0-9a-f-]{27,}|\d{10}\.\d{6})\b")


class Transcript:
    """Hands that write down what they do and see. `people`: whose screens are read after every gesture."""

    def __init__(self, hands: AnyHands, *people: str) -> None:
        self.hands = hands
        self.people = people
        self.lines: list[str] = []
        self._known: dict[tuple[str, str], str] = {}

    def chapter(self, title: str) -> None:
        """A heading."""
        self._seen()
        self.lines += ["", f"## {title}", ""]

    async def says(self, name: str, text: str) -> Seen:
        """Somebody writes; the last message that came of it."""
        self._did(name, f"writes: {text}")
        new = await self.hands.say(name, text)
        self._seen()
        assert new, f"no answer to {text!r}: {self.hands.transcript(name)}"
        return new[-1]

    async def presses(self, name: str, message: Seen, label: str, near: str | None = None) -> Seen | None:
        """A press; the last message that came of it, if any did."""
        self._did(name, f"presses [{label}]")
        new = await self.hands.press(name, message, label, near=near)
        self._seen()
        return new[-1] if new else None

    async def opens(self, name: str, message: Seen, label: str, near: str | None = None) -> Form:
        """A press that opens a form."""
        self._did(name, f"presses [{label}] and sees the form")
        form = await self.hands.open_form(name, message, label, near=near)
        self._quote(form.words)
        return form

    async def submits(self, name: str, form: Form, values: Mapping[Any, Any]) -> Sent:
        """A form is sent; what was filled in is told, and the errors that stand at its fields."""
        self._did(name, "fills in and sends")
        self._quote("\n".join(f"{key if isinstance(key, str) else key[0]}: {value}" for key, value in values.items()))
        sent = await self.hands.submit(name, form, values)
        if not sent.closed:
            self._did("Rondo", "answers at the fields")
            self._quote(sent.errors)
        self._seen()
        return sent

    def passes(self, words: str) -> None:
        """Time passed."""
        self.lines += ["", f"({words})"]
        self._seen()

    def text(self) -> str:
        """The whole transcript."""
        return "\n".join(self.lines).strip() + "\n"

    def _did(self, name: str, what: str) -> None:
        self.lines += ["", f"{name.title()} {what}"]

    def _quote(self, words: str) -> None:
        self.lines += [f"    {line}".rstrip() for line in _IDS.sub("…", words).splitlines()]

    def _seen(self) -> None:
        for name in self.people:
            for seen in self.hands.chat(name):
                before = self._known.get((name, seen.id))
                if before == seen.words:
                    continue
                self._known[name, seen.id] = seen.words
                self.lines += ["", f"{name.title()} reads" + (", changed in place" if before is not None else "")]
                self._quote(seen.words)


def golden(name: str, text: str) -> None:
    """The transcript equals the file of that name, or becomes it with RONDO_GOLDEN=write."""
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("RONDO_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"no transcript {path.name} yet: RONDO_GOLDEN=write makes one"
    assert text == path.read_text(encoding="utf-8"), f"{path.name} reads differently now; if that is wanted: RONDO_GOLDEN=write"
