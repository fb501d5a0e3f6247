"""Cards and forms as Block Kit.

What people wrote goes out as `rich_text` or `plain_text` only: neither is ever parsed, so nothing in it can become
markup, a link or a mention. Over a limit we shed notes, then dividers, then shorten text; never buttons or fields.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, assert_never

from adapters.slack.characters import cut, cut_text, escape, length
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
    Form,
    Heading,
    Note,
    Paragraph,
    TextField,
    Tone,
)
from bot.talk.text import Span, Style, Text, join, words_of

Json = dict[str, Any]

# docs.slack.dev/reference/block-kit and /reference/views (PLATFORMS A5).
LIMITS: Final = {
    "message blocks": 50,
    "view blocks": 100,
    "message text": 3_900,  # 4,000 advised; longer is split or cut
    "all text": 12_000,  # what Slack says of markdown blocks; for all kinds it only has `msg_blocks_too_long`
    "paragraph": 3_000,  # a section's limit; rich_text has none that is written down
    "heading": 150,
    "note": 2_000,  # a context element may hold 3,000
    "actions": 25,
    "button": 75,
    "accessibility label": 75,
    "option": 75,
    "option value": 150,
    "options": 100,
    "alt text": 2_000,  # of a picture; its title as well
    "title": 24,  # also submit and close
    "label": 2_000,  # of an input; the hint as well
    "input": 3_000,
    "field error": 300,  # not written down; longer ones push the form off the screen
}

ROW = 5  # buttons in a row as long as there is room
FORM = "rondo_form"  # callback_id of every form

Pictures = Mapping[Chart, Json]
"""Where the picture of a chart is: `{"slack_file": {"id": …}}` or `{"image_url": …}`."""
NO_PICTURES: Final[Pictures] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """A chart whose picture Slack has."""

    title: str
    alt: str
    source: Json


_Part = Heading | Paragraph | Note | Facts | Divider | Buttons | TextField | ChoiceField | DateField | _Picture
_Words = Heading | Paragraph | Facts


def message(card: Card, pictures: Pictures = NO_PICTURES) -> Json:
    """`text` and `blocks` of `chat.postMessage` and `chat.update`; a chart without a picture is left out."""
    blocks = _blocks(_pictured(card.elements, pictures), "message blocks")
    return {"text": escape(card.summary, LIMITS["message text"]), "blocks": blocks}


def home(card: Card) -> Json:
    """A view for `views.publish`; without pictures."""
    return {"type": "home", "blocks": _blocks(_pictured(card.elements, NO_PICTURES), "view blocks")}


def _pictured(elements: Iterable[Element], pictures: Pictures) -> Iterator[_Part]:
    for element in elements:
        if not isinstance(element, Chart):
            yield element
        elif element in pictures:
            yield _Picture(title=element.title, alt=element.alt, source=pictures[element])


def modal(form: Form) -> Json:
    """A view for `views.open`; raises ValueError when its fields alone do not fit."""
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": form.action.encode(),
        "notify_on_close": True,
        "title": _plain(form.title, "title"),
        "submit": _plain(form.submit, "title"),
        "close": _plain(form.cancel, "title"),
        "blocks": _blocks(form.parts, "view blocks"),
    }


# ------------------------------------------------------------------------------------------ field ids

_HEAD, _TAIL = 240, 250  # characters of a field id that block_id and action_id carry, each below 255


def place_of(field: str) -> tuple[str, str]:
    """`block_id` and `action_id` of a field: unique, and together enough to read its id back."""
    if len(field) > _HEAD + _TAIL:
        raise ValueError(f"field id of {len(field)} characters, at most {_HEAD + _TAIL} fit: {field[:40]}…")
    digest = hashlib.sha256(field.encode()).hexdigest()[:8]
    return f"{digest}:{field[:_HEAD]}", f"v:{field[_HEAD:]}"


def field_at(block_id: str, action_id: str) -> str | None:
    """The field id that `place_of` put there; None: not one of ours."""
    field = block_id.partition(":")[2] + action_id.partition(":")[2]
    try:
        return field if place_of(field) == (block_id, action_id) else None
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------ one element


def _render(part: _Part, row: int) -> Iterator[Json]:
    match part:
        case Heading(text=text):
            yield {"type": "header", "text": _plain(text, "heading")}
        case Paragraph(text=text):
            yield _rich(text)
        case Note(text=text):
            yield {"type": "context", "elements": [_plain(words_of(text), "note")]}
        case Facts():
            yield _rich(_lines(part))
        case Divider():
            yield {"type": "divider"}
        case _Picture():
            alt = cut(part.alt.strip(), LIMITS["alt text"]) or "…"
            yield {"type": "image", **part.source, "alt_text": alt, "title": _plain(part.title, "alt text")}
        case Buttons(buttons=buttons):
            for start in range(0, len(buttons), row):
                yield {"type": "actions", "elements": [_button(button) for button in buttons[start : start + row]]}
        case TextField():
            yield _input(part.id, part.label, part.hint, part.required, _text_input(part))
        case ChoiceField():
            yield _input(part.id, part.label, part.hint, part.required, _select(part))
        case DateField():
            picker: Json = {"type": "datepicker"}
            if _is_date(part.value):
                picker["initial_date"] = part.value
            yield _input(part.id, part.label, part.hint, part.required, picker)
        case _:
            assert_never(part)


def _rich(text: Text) -> Json:
    spans = [_span(span) for span in cut_text(text, LIMITS["paragraph"]) if span.text]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": spans}]}


def _span(span: Span) -> Json:
    element: Json = {"type": "text", "text": span.text}
    match span.style:
        case Style.PLAIN:
            pass
        case Style.BOLD:
            element["style"] = {"bold": True}
        case Style.ITALIC:
            element["style"] = {"italic": True}
        case _:
            assert_never(span.style)
    return element


def _button(button: Button) -> Json:
    element: Json = {"type": "button", "text": _plain(button.label, "button"), "value": button.action.encode()}
    match button.tone:
        case Tone.PLAIN:
            pass
        case Tone.PRIMARY:
            element["style"] = "primary"
        case Tone.CAREFUL:
            element["style"] = "danger"
        case _:
            assert_never(button.tone)
    if button.about.strip():  # it is read out instead of the label, so it must hold the label too
        read = button.about if button.label in button.about else f"{button.label}: {button.about}"
        element["accessibility_label"] = cut(read.strip(), LIMITS["accessibility label"])
    return element


def _input(field: str, label: str, hint: str, required: bool, element: Json) -> Json:
    block_id, action_id = place_of(field)
    block: Json = {
        "type": "input",
        "block_id": block_id,
        "label": _plain(label, "label"),
        "optional": not required,
        "element": {**element, "action_id": action_id},
    }
    if hint.strip():
        block["hint"] = _plain(hint, "label")
    return block


def _text_input(field: TextField) -> Json:
    value = cut(field.value, LIMITS["input"])
    most = min(max(field.max_length, len(value), 1), LIMITS["input"])  # never shorter than what it is filled with
    element: Json = {"type": "plain_text_input", "multiline": field.multiline or "\n" in value, "max_length": most}
    if value:
        element["initial_value"] = value
    return element


def _select(field: ChoiceField) -> Json:
    options: dict[str, Json] = {}
    for option in field.options:
        if not 0 < len(option.value) <= LIMITS["option value"]:
            raise ValueError(f"field {field.id}: option value of {len(option.value)} characters, 1 to 150 are allowed")
        options.setdefault(option.value, {"text": _plain(option.label, "option"), "value": option.value})
    if not 0 < len(options) <= LIMITS["options"]:
        raise ValueError(f"field {field.id}: {len(options)} options, 1 to {LIMITS['options']} are allowed")
    element: Json = {"type": "static_select", "options": list(options.values())}
    if field.value in options:
        element["initial_option"] = options[field.value]
    return element


# ------------------------------------------------------------------------------------------ all of them


def _blocks(parts: Iterable[_Part], limit: str) -> list[Json]:
    fitted, row = _fit([part for part in parts if _shows(part)], LIMITS[limit])
    blocks = [block for part in _shorten(fitted) for block in _render(part, row)]
    pressed = 0
    for number, block in enumerate(blocks):
        block.setdefault("block_id", f"b{number}")
        if block["type"] == "actions":
            for element in block["elements"]:
                element["action_id"] = f"a{pressed}"
                pressed += 1
    return blocks


def _shows(part: _Part) -> bool:
    match part:
        case Heading(text=text):
            return bool(text.strip())
        case Paragraph(text=text) | Note(text=text):
            return bool(words_of(text).strip())
        case Facts(pairs=pairs):
            return bool(pairs)
        case Buttons(buttons=buttons):
            return bool(buttons)
        case Divider() | TextField() | ChoiceField() | DateField() | _Picture():
            return True
        case _:
            assert_never(part)


def _fit(parts: list[_Part], most: int) -> tuple[list[_Part], int]:
    """At most `most` blocks, and how many buttons go into a row for that."""
    for kind in (Note, Divider, _Picture):
        while _count(parts, ROW) > most and (last := _last(parts, kind)) is not None:
            del parts[last]
    if _count(parts, ROW) <= most:
        return parts, ROW
    row = LIMITS["actions"]
    parts = _merge(parts)
    cut = False
    while _count(parts, row) > most and (last := _last(parts, Heading, Paragraph, Facts)) is not None:
        del parts[last]
        parts, cut = _merge(parts), True
    if _count(parts, row) > most:
        raise ValueError(f"{_count(parts, row)} blocks of buttons and fields alone, at most {most} are allowed")
    if cut and (last := _last(parts, Heading, Paragraph, Facts)) is not None:
        parts[last] = Paragraph(text=join(_text(parts[last]), "\n…"))
    return parts, row


def _count(parts: Sequence[_Part], row: int) -> int:
    return sum(-(-len(part.buttons) // row) if isinstance(part, Buttons) else 1 for part in parts)


def _last(parts: Sequence[_Part], *kinds: type[_Part]) -> int | None:
    return next((i for i in reversed(range(len(parts))) if isinstance(parts[i], kinds)), None)


def _merge(parts: Sequence[_Part]) -> list[_Part]:
    """Neighbouring texts become one text, neighbouring rows of buttons one row."""
    merged: list[_Part] = []
    for part in parts:
        before = merged[-1] if merged else None
        if isinstance(part, Buttons) and isinstance(before, Buttons):
            merged[-1] = Buttons(buttons=before.buttons + part.buttons)
        elif isinstance(part, _Words) and isinstance(before, _Words):
            merged[-1] = Paragraph(text=join(_text(before), "\n", _text(part)))
        else:
            merged.append(part)
    return merged


def _shorten(parts: list[_Part]) -> list[_Part]:
    """All text together within the limit: notes go first, then what is longer than its share is cut to it."""
    most = LIMITS["all text"]
    while sum(map(_weight, parts)) > most and (last := _last(parts, Note)) is not None:
        del parts[last]
    if sum(map(_weight, parts)) <= most:
        return parts
    texts = [part for part in parts if isinstance(part, Paragraph | Facts)]
    others = sum(_weight(part) for part in parts if not isinstance(part, Paragraph | Facts))
    share = max((most - others) // max(len(texts), 1), 40)
    return [Paragraph(text=cut_text(_text(part), share)) if isinstance(part, Paragraph | Facts) else part for part in parts]


def _weight(part: _Part) -> int:
    match part:
        case Heading() | Paragraph() | Facts() | Note():
            return length(words_of(_text(part)))
        case Divider() | Buttons() | TextField() | ChoiceField() | DateField() | _Picture():
            return 0
        case _:
            assert_never(part)


def _text(part: _Part) -> Text:
    match part:
        case Heading(text=words):
            return (Span(words, Style.BOLD),)
        case Paragraph(text=text) | Note(text=text):
            return text
        case Facts():
            return _lines(part)
        case Divider() | Buttons() | TextField() | ChoiceField() | DateField() | _Picture():
            return ()
        case _:
            assert_never(part)


def _lines(facts: Facts) -> Text:
    lines: list[Text | str] = []
    for label, value in facts.pairs:
        lines += ["\n"] if lines else []
        mark = "" if label.endswith(("?", "!", ":")) else ":"
        lines += [(Span(f"{label}{mark} ", Style.BOLD),), value]
    return join(*lines)


# ------------------------------------------------------------------------------------------ characters


def _plain(words: str, limit: str) -> Json:
    return {"type": "plain_text", "text": cut(words.strip(), LIMITS[limit]) or "…", "emoji": False}


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
