"""Reads the phrases (`prompts/<locale>/*.ftl`), checks that the languages agree, and gives each language its Voice.

People's words never meet a parser. A string or Text argument enters the phrase as one private-use character; Fluent
formats, the phrase's own `*bold*` and `_italic_` are read, and only then each of those characters is replaced.
In a selector (`{ $status -> [on_track] … }`) the same argument compares by its real words: no naming rule is needed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle
from fluent.runtime.types import FluentFloat, FluentInt, FluentType
from fluent.syntax import ast

from bot.talk.text import Span, Style, Text, words_of
from bot.talk.voice import Arg, Phrases
from prompts.parser import Parser

ROOT = Path(__file__).parent
LOCALES = ("en", "ko")

_FIRST_PLACE = 0xF0000  # supplementary private use area A: 65,534 characters that mean nothing to anybody
_PLACE = "[\U000f0000-\U000ffffd]"
_MAX_DECIMALS = 15
_BUILT_IN = frozenset({"NUMBER", "DATETIME"})
_DAY = {"en": "EEEE d MMMM", "ko": "M월 d일 EEEE"}
_MOMENT = {"en": "EEEE d MMMM, HH:mm", "ko": "M월 d일 EEEE HH:mm"}

# A mark opens before and closes after something visible. `_` is no mark inside a Latin word (`budget.per_day`); after
# `*` and `_` a Korean particle may follow at once (`*{ $name }*님`).
_STYLED = re.compile(
    rf"\*(?=[^\s*])(?P<bold>[^*\n]*[^\s*])\*|(?<![A-Za-z0-9_\U000f0000-\U000ffffd])"
    rf"_(?=[^\s_])(?P<italic>[^_\n]*[^\s_])_(?![A-Za-z0-9_]|{_PLACE})"
)


class PhraseError(ValueError):
    """The phrases cannot be used, or a phrase was used wrongly. One line, for operators, naming file and message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """One language's parsed phrases. Keys of `needs` are all message ids, attributes included (`away.label`)."""

    locale: str
    bundle: FluentBundle
    needs: Mapping[str, frozenset[str]]
    """The variables of each message, those of the messages it refers to included."""
    places: Mapping[str, str]
    """Where each message stands: `en/checkin.ftl:12`."""


def load(root: Path = ROOT, *, locales: Sequence[str] = LOCALES) -> Phrases:
    """All phrases, checked. Raises PhraseError with one clear line. `locales`: fewer while a translation is written."""
    books = [read(root / locale) for locale in locales]
    check(books)
    return {book.locale: FluentVoice(book) for book in books}


def read(folder: Path) -> Book:
    """The `*.ftl` files of one language; the folder's name is the locale.

    Raises PhraseError for a syntax error, an id given twice and a reference to nothing.
    """
    locale = folder.name
    if locale not in _DAY:
        raise PhraseError(f"{locale}: a language without date formats, add it to prompts/loader.py")
    bundle = FluentBundle([locale], use_isolating=False)
    entries: dict[str, tuple[str, ast.Message | ast.Term]] = {}
    for path in sorted(folder.glob("*.ftl")):
        source = path.read_text(encoding="utf-8")
        resource = Parser().parse(source)
        bundle.add_resource(resource)
        for name, line, entry in _entries(resource, source, f"{locale}/{path.name}"):
            where = f"{locale}/{path.name}:{line}"
            if name in entries:
                raise PhraseError(f"{where}: {name} is already defined in {entries[name][0]}")
            entries[name] = (where, entry)
    if not entries:
        raise PhraseError(f"{locale}: no phrases found in {folder}")
    patterns = {name: (where, pattern) for entry in entries.values() for name, where, pattern in _patterns(*entry)}
    return Book(
        locale=locale,
        bundle=bundle,
        needs={name: _needs(name, patterns, ()) for name in patterns if not name.startswith("-")},
        places={name: where for name, (where, _) in patterns.items()},
    )


def check(books: Sequence[Book]) -> None:
    """All languages have the same messages with the same variables; raises PhraseError naming the first difference."""
    for one, other in pairwise(books):
        for here, there in ((one, other), (other, one)):
            missing = [name for name in here.needs if name not in there.needs]
            if missing:
                more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
                raise PhraseError(f"{here.places[missing[0]]}: {missing[0]} is missing in {there.locale}{more}")
        for name in one.needs:
            if one.needs[name] != other.needs[name]:
                raise PhraseError(
                    f"{other.places[name]}: {name} uses {_listed(other.needs[name])}, "
                    f"but {one.places[name]} uses {_listed(one.needs[name])}"
                )


_KEPT = 4_096
"""So many phrases of one language are kept as they were formatted last;"""
_SHORT = 60
"""those whose arguments are no longer than this."""


class FluentVoice:
    """One language (bot.talk.voice.Voice) over a Book. Nothing that is seen of it changes: threads may share it."""

    def __init__(self, book: Book) -> None:
        self.locale = book.locale
        self._book = book
        self._babel = Locale.parse(book.locale)
        self._names = {message: tuple(sorted(needs)) for message, needs in book.needs.items()}
        self._short = lru_cache(maxsize=_KEPT)(self._written)
        self._number = lru_cache(maxsize=_KEPT)(self._grouped)
        self._day = lru_cache(maxsize=_KEPT)(lambda day: format_date(day, _DAY[book.locale], locale=self._babel))

    def text(self, message: str, /, **args: Arg) -> Text:
        """A phrase as rich text. KeyError: unknown message. PhraseError: an argument is missing (extra ones may be)."""
        needs = self._names[message]
        if not args.keys() >= self._book.needs[message]:
            missing = self._book.needs[message] - args.keys()
            raise PhraseError(f"{self._book.places[message]}: {message} needs {_listed(missing)}")
        values = [args[name] for name in needs]
        # Labels and leads are the same for everybody: most of what a message costs is to format them.
        same = all(type(value) is int or (type(value) is str and len(value) <= _SHORT) for value in values)
        return self._short(message, *values) if same else self._written(message, *values)

    def _written(self, message: str, /, *values: Arg) -> Text:
        """A phrase with its arguments in the order of their names."""
        names = self._names[message]
        placed = {chr(_FIRST_PLACE + index): value for index, value in enumerate(values)}
        given = {name: _argument(value, place) for name, (place, value) in zip(names, placed.items(), strict=True)}
        name, _, attribute = message.partition(".")
        entry = self._book.bundle.get_message(name)
        pattern = entry.attributes[attribute] if attribute else entry.value
        assert pattern is not None  # _patterns lists only messages that have words
        phrase, errors = self._book.bundle.format_pattern(pattern, given)
        if errors or not isinstance(phrase, str):
            raise PhraseError(f"{self._book.places[message]}: {message}: {'; '.join(map(str, errors))}")
        return _joined(span for words, style in _styled(phrase) for span in _filled(words, style, placed))

    def line(self, message: str, /, **args: Arg) -> str:
        """A phrase as plain characters; its marks are read and dropped."""
        return words_of(self.text(message, **args))

    def date(self, day: date) -> str:
        """`Thursday 26 November`, `11월 26일 목요일`."""
        return self._day(day)

    def moment(self, instant: datetime, zone: tzinfo) -> str:
        """`Thursday 26 November, 10:00`, `11월 26일 목요일 10:00`, local to the zone. ValueError: naive instant."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return format_datetime(instant.astimezone(zone).replace(tzinfo=None), _MOMENT[self.locale], locale=self._babel)

    def number(self, value: Decimal) -> str:
        """`12,345.5`: grouped, all decimals that were given, no zeros at their end."""
        return self._number(value)

    def _grouped(self, value: Decimal) -> str:
        plainest = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
        return format_decimal(plainest, locale=self._babel, decimal_quantization=False)


class _Words(FluentType):
    """People's words: compared as what they are, printed as their place."""

    def __init__(self, words: str, place: str) -> None:
        self._words = words
        self._place = place

    def __eq__(self, other: object) -> bool:
        return self._words == other

    __hash__ = None  # type: ignore[assignment]

    def format(self, locale: Locale) -> str:
        return self._place


def _argument(value: Arg, place: str) -> FluentType:
    """What Fluent gets to see of an argument: numbers whole, words as the place they will be put in."""
    if isinstance(value, int):
        return FluentInt(value)
    if isinstance(value, Decimal):  # fluent.runtime finds no plural form for a Decimal and prints three decimals of it
        whole = value == value.to_integral_value()
        return FluentInt(value) if whole else FluentFloat(value, maximumFractionDigits=_MAX_DECIMALS)
    return _Words(value if isinstance(value, str) else words_of(value), place)


def _styled(phrase: str) -> Iterator[tuple[str, Style]]:
    """The runs of a formatted phrase in which people's words are still one character each."""
    end = 0
    for found in _STYLED.finditer(phrase):
        yield phrase[end : found.start()], Style.PLAIN
        bold, italic = found.group("bold", "italic")
        yield (bold, Style.BOLD) if bold is not None else (italic, Style.ITALIC)
        end = found.end()
    yield phrase[end:], Style.PLAIN


def _filled(words: str, style: Style, placed: Mapping[str, Arg]) -> Iterator[Span]:
    """A run with people's words in their places. A Text keeps its own styles; its plain spans take the run's."""
    for part in re.split(f"({_PLACE})", words):
        argument = placed.get(part, part)
        if isinstance(argument, tuple):
            yield from (Span(span.text, style if span.style is Style.PLAIN else span.style) for span in argument)
        else:
            yield Span(str(argument), style)


def _joined(spans: Iterator[Span]) -> Text:
    """Neighbours of one style become one span, empty ones go."""
    kept: list[Span] = []
    for span in spans:
        if kept and kept[-1].style is span.style:
            kept[-1] = Span(kept[-1].text + span.text, span.style)
        elif span.text:
            kept.append(span)
    return tuple(kept)


def _entries(resource: ast.Resource, source: str, where: str) -> Iterator[tuple[str, int, ast.Message | ast.Term]]:
    """Name (a term's begins with `-`), line and entry of everything in a file. Raises PhraseError at the first junk."""
    reserved = re.search(_PLACE, source) is not None
    line, seen = 1, 0
    for entry in resource.body:
        start = entry.span.start if entry.span else seen
        line, seen = line + source.count("\n", seen, start), start
        if isinstance(entry, ast.Junk):
            first = entry.annotations[0] if entry.annotations else None
            line = source.count("\n", 0, first.span.start) + 1 if first and first.span else line
            raise PhraseError(f"{where}:{line}: {first.message if first else 'not Fluent'}")
        if isinstance(entry, ast.Message | ast.Term):
            if reserved:
                raise PhraseError(f"{where}:{line}: private-use characters are reserved for people's words")
            yield f"{'-' if isinstance(entry, ast.Term) else ''}{entry.id.name}", line, entry


def _patterns(where: str, entry: ast.Message | ast.Term) -> Iterator[tuple[str, str, ast.Pattern]]:
    """Everything in an entry that can be formatted: its value and its attributes."""
    name = f"{'-' if isinstance(entry, ast.Term) else ''}{entry.id.name}"
    if entry.value is not None:
        yield name, where, entry.value
    for attribute in entry.attributes:
        yield f"{name}.{attribute.id.name}", where, attribute.value


def _needs(name: str, patterns: Mapping[str, tuple[str, ast.Pattern]], above: tuple[str, ...]) -> frozenset[str]:
    """The variables of a pattern and of those it refers to. Raises PhraseError for unknown and circular references."""
    where, pattern = patterns[name]
    if name in above:
        raise PhraseError(f"{where}: {name} refers to itself")
    needs: set[str] = set()
    for node in _nodes(pattern):
        if isinstance(node, ast.VariableReference):
            needs.add(node.id.name)
        elif isinstance(node, ast.FunctionReference) and node.id.name not in _BUILT_IN:
            raise PhraseError(f"{where}: {name} calls the unknown function {node.id.name}")
        elif isinstance(node, ast.MessageReference | ast.TermReference):
            term = isinstance(node, ast.TermReference)
            target = f"{'-' if term else ''}{node.id.name}{'.' + node.attribute.name if node.attribute else ''}"
            if target not in patterns:
                raise PhraseError(f"{where}: {name} refers to {target}, which does not exist")
            inner = _needs(target, patterns, (*above, name))
            needs |= frozenset() if term else inner  # a term is given its variables by the reference
    return frozenset(needs)


def _nodes(pattern: ast.Pattern) -> Iterator[ast.BaseNode]:
    """A pattern and what is in it, but for plain text and line numbers: those are most of it and refer to nothing."""
    rest: list[ast.BaseNode] = [pattern]
    while rest:
        node = rest.pop()
        yield node
        for value in vars(node).values():
            if isinstance(value, list):
                rest += (item for item in value if not isinstance(item, ast.TextElement))
            elif isinstance(value, ast.BaseNode) and not isinstance(value, ast.Span):
                rest.append(value)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"${name}" for name in sorted(names)) or "no variable"
