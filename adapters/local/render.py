"""Cards and forms as the playground's page reads them: the same elements, one JSON object each.

Texts stay spans; the page puts them in as text nodes, so nothing a person wrote can become markup there either.
"""

from collections.abc import Callable
from typing import Any, assert_never

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
    FormPart,
    Heading,
    Note,
    Paragraph,
    TextField,
)
from bot.talk.text import Text

Json = dict[str, Any]


Picture = Callable[[Chart], str]
"""The address under which the page finds the picture of a chart."""


def card(card: Card, picture: Picture | None = None) -> Json:
    """A card; without `picture` its charts are words only."""
    return {"summary": card.summary, "elements": [_element(element, picture) for element in card.elements]}


def form(form: Form) -> Json:
    """A form; `action` comes back with what was typed."""
    return {
        "action": form.action.encode(),
        "title": form.title,
        "submit": form.submit,
        "cancel": form.cancel,
        "parts": [_part(part) for part in form.parts],
    }


def _element(element: Element, picture: Picture | None) -> Json:
    match element:
        case Facts(pairs=pairs):
            return {"kind": "facts", "pairs": [{"label": label, "spans": _spans(value)} for label, value in pairs]}
        case Buttons(buttons=buttons):
            return {"kind": "buttons", "buttons": [_button(button) for button in buttons]}
        case Chart():
            shown = {"kind": "chart", "title": element.title, "alt": element.alt}
            return {**shown, "picture": picture(element)} if picture is not None else shown
        case Heading() | Paragraph() | Note() | Divider():
            return _words(element)
        case _:
            assert_never(element)


def _part(part: FormPart) -> Json:
    match part:
        case TextField():
            return {
                "kind": "text",
                **_field(part),
                "multiline": part.multiline,
                "max_length": max(part.max_length, len(part.value)),
            }
        case ChoiceField(options=options):
            choices = [{"value": option.value, "label": option.label} for option in options]
            return {"kind": "choice", **_field(part), "options": choices}
        case DateField():
            return {"kind": "date", **_field(part)}
        case Heading() | Paragraph() | Note() | Divider():
            return _words(part)
        case _:
            assert_never(part)


def _words(part: Heading | Paragraph | Note | Divider) -> Json:
    match part:
        case Heading(text=text):
            return {"kind": "heading", "text": text}
        case Paragraph(text=text):
            return {"kind": "paragraph", "spans": _spans(text)}
        case Note(text=text):
            return {"kind": "note", "spans": _spans(text)}
        case Divider():
            return {"kind": "divider"}
        case _:
            assert_never(part)


def _field(field: TextField | ChoiceField | DateField) -> Json:
    return {
        "id": field.id,
        "label": field.label,
        "value": field.value,
        "hint": field.hint,
        "required": field.required,
    }


def _button(button: Button) -> Json:
    return {
        "label": button.label,
        "action": button.action.encode(),
        "tone": button.tone.value,
        "about": button.about,
    }


def _spans(text: Text) -> list[Json]:
    return [{"text": span.text, "style": span.style.value} for span in text if span.text]
