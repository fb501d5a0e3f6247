"""The gallery as a page to read aloud: every message in both languages, without markup."""

from collections.abc import Iterator, Mapping, Sequence

from bot.talk.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Form,
    Heading,
    Note,
    Paragraph,
    TextField,
)
from bot.talk.text import words_of
from tests.gallery.stage import Entry

HEAD = """\
# Gallery

Everything Rondo says, with example data, in English and Korean. Written by `python -m tests.gallery`; do not edit.
The first line of a message is its summary: what a notification shows and a screen reader says. `[…]` is a button,
`{…}` are the choices of a field, `!` is an error at the field above. Messages that differ from a neighbour in a number
or a unit are checked by the tests but not printed.
"""
FENCE = "```"


def page(english: Sequence[Entry], korean: Sequence[Entry]) -> str:
    """The whole page."""
    lines = [HEAD]
    section = ""
    for one, other in zip(english, korean, strict=True):
        if one.quiet:
            continue
        if one.section != section:
            section = one.section
            lines.append(f"## {section}\n")
        lines.append(f"### {one.name[:1].upper()}{one.name[1:]}\n")
        lines += [f"{FENCE}text\n{as_text(entry)}\n{FENCE}\n" for entry in (one, other)]
    return "\n".join(lines)


def as_text(entry: Entry) -> str:
    """One entry as a person reads it."""
    if entry.card is not None:
        return "\n".join(card_lines(entry.card))
    assert entry.form is not None
    return "\n".join(form_lines(entry.form, entry.errors))


def said_in(entry: Entry) -> str:
    """All words of an entry, also those only a screen reader says."""
    if entry.card is None:
        return as_text(entry)
    return "\n".join([as_text(entry), *(button.about for button in entry.card.buttons())])


def card_lines(card: Card) -> Iterator[str]:
    yield f"» {card.summary}"
    for element in card.elements:
        match element:
            case Heading(text=text):
                yield text
            case Paragraph(text=spans) | Note(text=spans):
                yield words_of(spans)
            case Facts(pairs=pairs):
                yield from (f"{label}: {words_of(value)}" for label, value in pairs)
            case Buttons(buttons=buttons):
                yield " ".join(map(_button, buttons))
            case Divider():
                yield "---"
            case Chart(title=title, alt=alt):
                yield f"(picture) {title}: {alt}"


def _button(button: Button) -> str:
    return f"[{button.label}]"


def form_lines(form: Form, errors: Mapping[str, str]) -> Iterator[str]:
    yield f"» {form.title}"
    for part in form.parts:
        match part:
            case Heading(text=text):
                yield text
            case Paragraph(text=spans) | Note(text=spans):
                yield words_of(spans)
            case Divider():
                yield "---"
            case TextField(label=label, value=value, hint=hint) | DateField(label=label, value=value, hint=hint):
                yield f"{label}: {value or '____'}" + (f"  ({hint})" if hint else "")
            case ChoiceField(label=label, options=options, value=value, hint=hint):
                chosen = next((option.label for option in options if option.value == value), "____")
                yield f"{label}: {chosen}  {{{' / '.join(option.label for option in options)}}}" + (f"  ({hint})" if hint else "")
        if isinstance(part, TextField | ChoiceField | DateField) and part.id in errors:
            yield f"! {errors[part.id]}"
    yield f"[{form.submit}] [{form.cancel}]"
