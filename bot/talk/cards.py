"""Cards and forms: a closed set of elements that every platform can show.

A renderer is one exhaustive `match` over these types. Adding one means adding it to every renderer; mypy will say where.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.talk.actions import Action
from bot.talk.text import Text


class Tone(StrEnum):
    """How a button looks. There is no red on a person's card: `CAREFUL` is for what cannot be taken back."""

    PLAIN = "plain"
    PRIMARY = "primary"
    CAREFUL = "careful"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A title line, plain characters."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Small print: context, dates, hints. The first thing shed where a platform's limit is near."""

    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Label and value, one pair a line."""

    pairs: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider:
    """A line between two parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A press of it sends `action`. `about` tells a screen reader what the button is about where labels repeat."""

    label: str
    action: Action
    tone: Tone = Tone.PLAIN
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """A row of buttons; never shed."""

    buttons: tuple[Button, ...]


class ChartKind(StrEnum):
    """How a chart's bars lie."""

    BARS = "bars"  # side by side from the left, one below the other
    STACKS = "stacks"  # upright, one per week


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: `parts` lie one after another, each series in its own pattern; `mark` stands at its end.

    A picture has no font for every language: `label` and `mark` are digits, rule names and dates.
    """

    label: str
    parts: tuple[int, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Numbers as a small picture. `alt` says all of it in words, and so does the card around it: pictures may be left out."""

    kind: ChartKind
    title: str
    alt: str
    bars: tuple[Bar, ...]


Element = Heading | Paragraph | Note | Facts | Divider | Buttons | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message. `summary` is the notification, the screen reader's line and the plain fallback: the full meaning."""

    summary: str
    elements: tuple[Element, ...]

    def buttons(self) -> Iterator[Button]:
        """All buttons, in reading order."""
        for element in self.elements:
            if isinstance(element, Buttons):
                yield from element.buttons

    def charts(self) -> Iterator[Chart]:
        """All charts, in reading order."""
        return (element for element in self.elements if isinstance(element, Chart))


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One choice of a ChoiceField."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextField:
    """A line or a box of text. Numbers are text too: people write `45 %` and `45,5` (see bot.talk.numbers)."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    multiline: bool = False
    required: bool = False
    max_length: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceField:
    """One of a few options; `value` is the preselected option's value or empty."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateField:
    """A calendar date; `value` is ISO `YYYY-MM-DD` or empty."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False


Field = TextField | ChoiceField | DateField
FormPart = Heading | Paragraph | Note | Divider | TextField | ChoiceField | DateField


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form in a dialog. Submitting it sends `action` with a value per field id."""

    action: Action
    title: str
    submit: str
    cancel: str
    parts: tuple[FormPart, ...]

    def fields(self) -> Iterator[Field]:
        """All fields, in reading order."""
        for part in self.parts:
            if isinstance(part, TextField | ChoiceField | DateField):
                yield part
