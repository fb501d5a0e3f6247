"""Cards and forms as Adaptive Cards 1.5.

Texts are `TextRun`s, which no client parses as Markdown: people's words stay words. Over the budget a card sheds its
notes from the end, then shortens texts; over the limit it drops texts from the end; buttons stay whatever happens.
"""

import base64
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar, assert_never

from bot.ports import Draw
from bot.talk.actions import OPENS_FORM, Action
from bot.talk.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Element,
    Facts,
    Field,
    Form,
    FormPart,
    Heading,
    Note,
    Paragraph,
    TextField,
    Tone,
)
from bot.talk.text import Span, Style, Text, words_of

Json = dict[str, Any]
Part = TypeVar("Part", bound=Element | FormPart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What Teams takes (PLATFORMS.md B5 and B6)."""

    budget: int = 28 * 1024
    """UTF-8 bytes we aim at: what Teams documented before 100 KB, and what webhooks and relays still take."""
    message: int = 100 * 1024
    """UTF-16 bytes above which the Connector answers 413 MessageSizeTooBig. A little is kept for the envelope."""
    envelope: int = 2 * 1024
    actions: int = 5
    """Buttons in one ActionSet; Teams hides those after the sixth behind an overflow menu."""
    about: int = 75
    """Characters of a button's tooltip, ours: Slack's limit for the same words."""
    title: int = 200
    """Characters of a button or dialog title, ours: longer ones are cut by every client anyway."""
    alt: int = 2_000
    """Characters of a picture's words, ours: Slack's limit for the same."""
    summary: int = 250
    """Characters below which a summary is not shortened: it is the whole meaning for a screen reader."""


LIMITS = Limits()

log = logging.getLogger("rondo.teams")

SHORTER = (2000, 1000, 500, 250, 120, 60)
"""To how many characters texts are cut, step by step, while a card is over the budget."""

DATA, STAMP_CARD, STAMP_ONCE = "rondo", "rondo_card", "rondo_once"
"""Keys in the data of a button: the encoded action; which message it stands on; which rendering of it was pressed."""

DATA_URI = "data:image/png;base64,"
"""How the address of a picture begins. Teams says that it does not count them; only the budget leaves them out here."""

NO_STAMP: Mapping[str, str] = MappingProxyType({})


class TooLarge(ValueError):
    """Even without its texts the card is larger than Teams takes."""


def message(card: Card, stamp: Mapping[str, str] = NO_STAMP, draw: Draw | None = None) -> Json:
    """The message activity that shows `card`. Raises TooLarge. `stamp` travels in the data of every button.

    `draw` makes the pictures of charts; without it, and where it fails, they are left out.
    """
    pictures = _pictures(card, draw)

    def build(elements: tuple[Element, ...], limit: int) -> Json:
        summary = _cut(card.summary, max(limit, LIMITS.summary)) if limit else card.summary
        body = _laid_out((part, _element(part, stamp, pictures)) for part in elements)
        content = _envelope(body, summary)
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
        return {"type": "message", "summary": summary, "attachments": [attachment]}

    return _inside_limits(card.elements, build)


def adaptive_card(card: Card, stamp: Mapping[str, str] = NO_STAMP) -> Json:
    """The Adaptive Card of `card`, as it stands in `message`. Raises TooLarge."""
    content: Json = message(card, stamp)["attachments"][0]["content"]
    return content


def dialog(form: Form, stamp: Mapping[str, str] = NO_STAMP, errors: Mapping[str, str] = NO_STAMP) -> Json:
    """The Adaptive Card of a form for a dialog; `errors` stand at their fields. Raises TooLarge.

    There is no cancel button: a Teams dialog has its own, and every button of ours would submit.
    """
    data = {DATA: form.action.encode(), **stamp}
    submit = {"type": "Action.Submit", "title": _cut(form.submit, LIMITS.title), "style": "positive", "data": data}

    def build(parts: tuple[FormPart, ...], _limit: int) -> Json:
        body = _laid_out((part, _form_part(part, errors)) for part in parts)
        return {**_envelope(body, form.title), "actions": [submit]}

    return _inside_limits(form.parts, build)


def task(form: Form, stamp: Mapping[str, str] = NO_STAMP, errors: Mapping[str, str] = NO_STAMP) -> Json:
    """The answer to `task/fetch` and `task/submit` that shows a form."""
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": dialog(form, stamp, errors)}
    value = {"title": _cut(form.title, LIMITS.title), "height": "medium", "width": "medium", "card": card}
    return {"task": {"type": "continue", "value": value}}


# ------------------------------------------------------------------------------------------------------- elements


def _envelope(body: list[Json], summary: str) -> Json:
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": summary,
        "body": body,
        "msteams": {"width": "Full"},
    }


def _laid_out(parts: Iterable[tuple[object, list[Json]]]) -> list[Json]:
    """Blocks in order; a divider becomes the separator of the block after it."""
    body: list[Json] = []
    divided = False
    for part, blocks in parts:
        if isinstance(part, Divider):
            divided = bool(body)
        elif blocks:
            if divided:
                blocks[0] |= {"separator": True, "spacing": "medium"}
            divided = False
            body += blocks
    return body


def _pictures(card: Card, draw: Draw | None) -> Mapping[Chart, str]:
    """The pictures of its charts as addresses that hold all of it: Teams takes no upload from a bot."""
    found: dict[Chart, str] = {}
    if draw is None:
        return found
    for chart in card.charts():
        try:
            found[chart] = DATA_URI + base64.b64encode(draw(chart)).decode()
        except Exception:  # whatever is wrong with a picture, the message goes out
            log.exception("chart not drawn")
    return found


def _element(element: Element, stamp: Mapping[str, str], pictures: Mapping[Chart, str]) -> list[Json]:
    match element:
        case Heading(text=text):
            return _heading(text)
        case Paragraph(text=text):
            return _lines(text)
        case Note(text=text):
            return _note(text)
        case Facts(pairs=pairs):
            return [block for label, value in pairs for block in _fact(label, value)]
        case Divider():
            return []
        case Chart():
            if element not in pictures:
                return []
            title = _lines((Span(element.title),), weight="bolder")
            alt = _cut(element.alt, LIMITS.alt)
            return [*title, {"type": "Image", "url": pictures[element], "altText": alt, "size": "stretch", "spacing": "small"}]
        case Buttons(buttons=buttons):
            actions = [_button(button, stamp) for button in buttons]
            rows = [actions[at : at + LIMITS.actions] for at in range(0, len(actions), LIMITS.actions)]
            return [{"type": "ActionSet", "actions": row} for row in rows]
        case _:
            assert_never(element)


def _form_part(part: FormPart, errors: Mapping[str, str]) -> list[Json]:
    match part:
        case Heading(text=text):
            return _heading(text)
        case Paragraph(text=text):
            return _lines(text)
        case Note(text=text):
            return _note(text)
        case Divider():
            return []
        case TextField():
            # A value longer than maxLength could never be submitted again: it is the person's, so it may stay.
            longest = max(part.max_length, len(part.value))
            field = {**_field("Input.Text", part), "isMultiline": part.multiline, "maxLength": longest}
        case ChoiceField():
            choices = [{"title": option.label, "value": option.value} for option in part.options]
            field = {**_field("Input.ChoiceSet", part), "style": "compact", "choices": choices}
        case DateField():
            field = _field("Input.Date", part)
        case _:
            assert_never(part)
    error = errors.get(part.id)
    return [field] if error is None else [field, *_lines((Span(error),), color="attention", spacing="none")]


def _field(kind: str, field: Field) -> Json:
    json_field: Json = {"type": kind, "id": field.id, "label": field.label}
    if field.value:
        json_field["value"] = field.value
    if field.hint:
        json_field["placeholder"] = field.hint
    if field.required:
        # The client shows it where the field is left empty; without it there would be a red border and no word.
        json_field |= {"isRequired": True, "errorMessage": field.hint or field.label}
    return json_field


def _button(button: Button, stamp: Mapping[str, str]) -> Json:
    title = _cut(button.label, LIMITS.title)
    look: Json = {"tooltip": _cut(button.about, LIMITS.about)} if button.about else {}
    match button.tone:
        case Tone.PRIMARY:
            look["style"] = "positive"
        case Tone.CAREFUL:
            look["style"] = "destructive"
        case Tone.PLAIN:
            pass
        case _:
            assert_never(button.tone)
    data = _data(button.action, stamp)
    submit = {"type": "Action.Submit", "title": title, **look}
    if button.action.verb in OPENS_FORM:
        return {**submit, "data": {"msteams": {"type": "task/fetch"}, **data}}
    # Clients without universal actions get the same press as a message.
    fallback = {**submit, "data": data}
    return {"type": "Action.Execute", "title": title, **look, "verb": "rondo", "data": data, "fallback": fallback}


def _data(action: Action, stamp: Mapping[str, str]) -> Json:
    return {DATA: action.encode(), **stamp}


# ---------------------------------------------------------------------------------------------------------- texts


def _heading(text: str) -> list[Json]:
    return _lines((Span(text),), size="medium", weight="bolder")


def _note(text: Text) -> list[Json]:
    return _lines(text, size="small", isSubtle=True)


def _fact(label: str, value: Text) -> list[Json]:
    # Not a FactSet: its values are Markdown.
    return _lines((Span(f"{label}  ", Style.BOLD), *value), spacing="small")


def _lines(text: Text, *, spacing: str = "", **look: Any) -> list[Json]:
    """One RichTextBlock a line: clients disagree on what a line break inside a TextRun is."""
    blocks: list[Json] = []
    for line in _split(text):
        block: Json = {"type": "RichTextBlock", "inlines": [_run(span, look) for span in line]}
        if blocks:
            block["spacing"] = "none"
        elif spacing:
            block["spacing"] = spacing
        blocks.append(block)
    return blocks


def _run(span: Span, look: Json) -> Json:
    style: Json = {}
    match span.style:
        case Style.PLAIN:
            pass
        case Style.BOLD:
            style["weight"] = "bolder"
        case Style.ITALIC:
            style["italic"] = True
        case _:
            assert_never(span.style)
    return {"type": "TextRun", "text": _inert(span.text), **look, **style}


def _inert(words: str) -> str:
    """`{{DATE(…)}}` and `{{TIME(…)}}` are all that clients replace in a TextRun: an invisible joiner stops them."""
    return re.sub(r"\{\{(?=DATE|TIME)", "{\u2060{", words)


def _split(text: Text) -> Iterator[list[Span]]:
    """The lines of a text that have anything on them."""
    line: list[Span] = []
    for span in text:
        first, *rest = span.text.split("\n")
        line.append(replace(span, text=first))
        for words in rest:
            if "".join(part.text for part in line).strip():
                yield [part for part in line if part.text]
            line = [replace(span, text=words)]
    if "".join(part.text for part in line).strip():
        yield [part for part in line if part.text]


# ---------------------------------------------------------------------------------------------------------- sizes


def _inside_limits(parts: tuple[Part, ...], build: Callable[[tuple[Part, ...], int], Json]) -> Json:
    """What `build` makes of the parts, or of as much of them as Teams takes. Its second argument is the length to which
    texts were cut, 0 for not at all.
    """
    for smaller, limit in _smaller(parts):
        content = build(smaller, limit)
        if _size(_PICTURE.sub(DATA_URI, _written(content)), "utf-8") <= LIMITS.budget:
            break
    while _size(_written(content), "utf-16-le") > LIMITS.message - LIMITS.envelope:
        texts = [n for n, part in enumerate(smaller) if isinstance(part, Chart)]
        texts = texts or [n for n, part in enumerate(smaller) if isinstance(part, Paragraph | Facts | Heading)]
        if not texts:
            raise TooLarge("the buttons and fields alone are more than Teams takes in one card")
        smaller = smaller[: texts[-1]] + smaller[texts[-1] + 1 :]
        content = build(smaller, limit)
    return content  # little text, many buttons: over what we aim at, inside what Teams takes


def _smaller(parts: tuple[Part, ...]) -> Iterator[tuple[tuple[Part, ...], int]]:
    """The parts; without notes, from the end; with shorter and shorter texts."""
    yield parts, 0
    for at in reversed(range(len(parts))):
        if isinstance(parts[at], Note):
            parts = parts[:at] + parts[at + 1 :]
            yield parts, 0
    for limit in SHORTER:
        parts = tuple(_shorter(part, limit) for part in parts)
        yield parts, limit


def _written(content: Json) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _size(text: str, encoding: str) -> int:
    return len(text.encode(encoding, "surrogatepass"))


_PICTURE = re.compile(rf"(?<=\"){DATA_URI}[A-Za-z0-9+/=]+(?=\")")


def _shorter(part: Part, limit: int) -> Part:
    short: object = part
    match part:
        case Heading(text=text):
            short = Heading(text=_cut(text, limit))
        case Paragraph(text=spans):
            short = Paragraph(text=_cut_text(spans, limit))
        case Facts(pairs=pairs):
            short = Facts(pairs=tuple((_cut(label, limit), _cut_text(value, limit)) for label, value in pairs))
        case _:
            pass
    return short  # type: ignore[return-value]  # each kind becomes its own kind


def _cut(words: str, limit: int) -> str:
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def _cut_text(text: Text, limit: int) -> Text:
    if len(words_of(text)) <= limit:
        return text
    kept: list[Span] = []
    left = limit
    for span in text:
        if len(span.text) >= left:
            kept.append(replace(span, text=_cut(span.text + " ", left)))
            break
        kept.append(span)
        left -= len(span.text)
    return tuple(kept)
