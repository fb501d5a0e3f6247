"""Plain words as Slack counts, escapes and cuts them.

Slack does not say how it counts characters outside the Basic Multilingual Plane; we count them double, as its clients do.
"""

from bot.talk.text import Span, Text, words_of


def escape(words: str, most: int) -> str:
    """Plain words as `text`: `&`, `<` and `>` escaped, at most `most` characters afterwards, never empty."""
    entities = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    escaped = [entities.get(c, c) for c in words.strip()]
    if sum(map(length, escaped)) <= most:
        return "".join(escaped) or "…"
    room, kept = most - 1, []
    for piece in escaped:
        room -= length(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + "…"


def length(words: str) -> int:
    """Characters as Slack counts them: those outside the Basic Multilingual Plane twice."""
    return len(words) + sum(c > "\uffff" for c in words)


def cut(words: str, most: int) -> str:
    """At most `most` characters, the last one an ellipsis where something went."""
    if length(words) <= most:
        return words
    room, end = most - 1, 0
    while end < len(words) and room >= length(words[end]):
        room -= length(words[end])
        end += 1
    return words[:end].rstrip().rstrip("\u200d\ufe0f") + "…"  # no half of a joined emoji


def cut_text(text: Text, most: int) -> Text:
    """The same for a text; its styles stay."""
    if length(words_of(text)) <= most:
        return text
    kept: list[Span] = []
    for span in text:
        if length(span.text) < most:
            kept.append(span)
            most -= length(span.text)
        else:
            kept.append(Span(cut(span.text + "…", most), span.style))
            break
    return tuple(kept)
