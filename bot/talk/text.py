"""Rich text as data: a text is a tuple of spans, and every renderer escapes every span.

Nothing a person wrote can become markup, a link or a mention, because no span is ever parsed again.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """The few ways a span may look."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters in one style. `text` is shown as it is on every platform."""

    text: str
    style: Style = Style.PLAIN


Text = tuple[Span, ...]


def plain(words: str) -> Text:
    """A text of one plain span."""
    return (Span(words),)


def join(*parts: Text | str) -> Text:
    """Texts and plain strings, one after another."""
    spans: list[Span] = []
    for part in parts:
        spans.extend((Span(part),) if isinstance(part, str) else part)
    return tuple(spans)


def words_of(text: Text) -> str:
    """The characters of a text without its styles."""
    return "".join(span.text for span in text)


def clean(words: str, *, limit: int = 3000) -> str:
    """What somebody typed, made safe to keep: no NUL, no lone surrogate, no control character but newline and tab.

    Longer than `limit` characters is cut at the limit with an ellipsis. The result is stripped and in NFC.
    """
    kept = "".join(
        c for c in words.replace("\r\n", "\n").replace("\r", "\n") if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )
    kept = unicodedata.normalize("NFC", kept).strip()
    return kept if len(kept) <= limit else kept[: limit - 1].rstrip() + "…"


_UNSEEN = frozenset("\u200b\u2060\ufeff\u00ad")
"""Zero-width space, word joiner, byte order mark, soft hyphen: what copying leaves between words."""
_WIDE = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}
"""Full-width forms of ASCII, and the ideographic space."""


def readable(words: str, *, gap: str = "") -> tuple[str, tuple[int, ...]]:
    """The words as they are read, not as they are kept: full-width letters, digits and blanks as ASCII, nothing unseen.

    `gap` stands for each unseen character. Beside it, for each character and for the end, its place in `words`.
    """
    read, places = [], []
    for place, character in enumerate(words):
        found = gap if character in _UNSEEN else _WIDE.get(ord(character), character)
        if found:
            read.append(found)
            places.append(place)
    return "".join(read), (*places, len(words))


def fold_email(address: str) -> str:
    """The form in which e-mail addresses are compared: NFC, case-folded, stripped (INTERFACES, People CSV)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", address.strip()).casefold())
