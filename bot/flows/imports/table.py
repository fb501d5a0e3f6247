"""Bytes of a CSV file in, checked rows out. All that can be wrong with a file as a file is found and worded here.

Rows are counted by records, as a spreadsheet shows them: the header is row 1, a cell with line breaks is one row.
Knows nothing about people or goals.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from bot.talk.text import clean

T = TypeVar("T")

MAX_CELL = 10_000  # characters; a longer cell is a quotation mark that was never closed, not a text
MAX_ROWS = 1_000_000
"""No company has more. A file of the size that is taken could hold ten times as many, at 1 KiB each while they are read."""
FORMULA_STARTS = ("=", "+", "-", "@")
_DATE = re.compile(r"(19[0-9]{2}|20[0-9]{2}|2100)-([0-9]{2})-([0-9]{2})", re.ASCII)
# RFC 5321 atoms, opened to letters of all scripts as in RFC 6531; no quoted local parts, no address literals.
_LOCAL = re.compile(r"[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\".]+(?:\.[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\".]+)*")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Issue:
    """Something about one row. `column` is empty where it is about the whole row (row 1: the header or the file)."""

    row: int
    column: str = ""
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Generic[T]):
    """What an import would do. With `rejections` there is nothing to write: all rows or none."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    values: tuple[T, ...] = ()
    """The created and changed ones, whole."""
    warnings: tuple[Issue, ...] = ()
    rejections: tuple[Issue, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the file may be imported."""
        return not self.rejections


@dataclass(slots=True)
class Issues:
    """Collects what is wrong while a file is read."""

    warnings: list[Issue] = field(default_factory=list)
    rejections: list[Issue] = field(default_factory=list)

    def reject(self, row: int, detail: str, column: str = "") -> None:
        """This row cannot be imported, and so the file cannot."""
        self.rejections.append(Issue(row=row, column=column, detail=detail))

    def warn(self, row: int, detail: str, column: str = "") -> None:
        """This row is imported, and somebody should look at it."""
        self.warnings.append(Issue(row=row, column=column, detail=detail))

    def refusal(self) -> "Plan[T]":
        """The plan of a file that is not imported."""
        return Plan(warnings=tuple(sorted(self.warnings)), rejections=tuple(sorted(set(self.rejections))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One record: a cell per column, stripped and in NFC."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell; empty also where the file has no such column."""
        return self.cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether the file has the column: what it does not have, it does not change."""
        return column in self.cells


def read_rows(data: bytes, *, columns: Sequence[str], required: Sequence[str], issues: Issues) -> list[Row]:
    """The records of a file. What cannot be read is rejected in `issues`; such rows are left out."""
    text = _decode(data, issues)
    if text is None:
        return []
    records = _records(text, issues)
    header = next(records, None)
    if header is None:
        if not issues.rejections:
            issues.reject(1, "The file is empty; its first row must name the columns.")
        return []
    names = _header(header[1], columns, required, issues)
    if issues.rejections:
        return []
    rows: list[Row] = []
    for number, cells in records:
        if number > MAX_ROWS + 1:
            issues.reject(number, f"The file has more than {MAX_ROWS:,} rows; send it in parts.")
            return []
        if (row := _row(number, cells, names, issues)) is not None:
            rows.append(row)
    if not rows and not issues.rejections:
        issues.warn(1, "The file has a header and no rows; nothing changes.")
    return rows


def is_calculated(text: str) -> bool:
    """Whether a spreadsheet would calculate a cell instead of showing it, or would without the apostrophes in front of it."""
    return text.lstrip().lstrip("'").lstrip().startswith(FORMULA_STARTS)


def one_line(words: str) -> str:
    """A name or title on one line: line breaks and runs of blanks become one blank."""
    return " ".join(words.split())


def parse_email(text: str) -> str:
    """The address as written. ValueError with a sentence where no mail system would take it."""
    local, at, domain = text.rpartition("@")
    labels = domain.split(".")
    legal = (
        at
        and len(text) <= 254
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(_is_label(label) for label in labels)
        and not any(unicodedata.category(c) in ("Cf", "Cs", "Co") for c in text)  # nothing invisible
    )
    if not legal:
        raise ValueError(f'"{text[:60]}" is not an e-mail address.')
    return text


def parse_date(text: str) -> date:
    """A date from 1900 to 2100 written like 2026-12-31. ValueError with a sentence for anything else."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:  # the 31st of November
            pass
    years = ", from 1900 to 2100" if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII) else ""
    raise ValueError(f'"{text[:40]}" is not a date; write it like 2026-12-31{years}.')


def cyclic(above: Mapping[str, str | None]) -> frozenset[str]:
    """Everybody who stands above themselves: members of the cycles of a child-to-parent map, not those below them."""
    found: set[str] = set()
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in done and here not in path:
            path[here] = None
            here = above.get(here)
        if here is not None and here in path:
            steps = list(path)
            found.update(steps[steps.index(here) :])
        done.update(path)
    return frozenset(found)


def _is_label(label: str) -> bool:
    """Whether this may stand between two points of a domain: letters, marks and digits of any script, inner hyphens."""
    return (
        0 < len(label) <= 63
        and not label.startswith("-")
        and not label.endswith("-")
        and all(c == "-" or unicodedata.category(c)[0] in "LMN" for c in label)
    )


def _decode(data: bytes, issues: Issues) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        issues.reject(1, "The file is UTF-16; save it as CSV UTF-8.")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        issues.reject(1, f"The file is not UTF-8 (line {line}); save it as CSV UTF-8.")
        return None


def _records(text: str, issues: Issues) -> Iterator[tuple[int, list[str]]]:
    """Row numbers and cells; empty lines count as rows and are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            issues.reject(number, _quoting(str(error)))
            return
        if any(cell.strip() for cell in cells):
            yield number, cells


def _quoting(error: str) -> str:
    if "limit" in error or "end of data" in error:
        return "A quotation mark is opened in this row and never closed, or a cell is far too long."
    return 'Quotation marks are wrong in this row; write a cell with commas as "…" and a quotation mark in it twice.'


def _header(cells: Sequence[str], columns: Sequence[str], required: Sequence[str], issues: Issues) -> list[str]:
    names = [unicodedata.normalize("NFC", cell).strip().casefold() for cell in cells]
    while names and not names[-1]:  # spreadsheets leave empty columns at the end
        names.pop()
    if len(names) == 1 and (";" in names[0] or "\t" in names[0]):
        issues.reject(1, "The cells are separated by semicolons or tabs; save the file with commas.")
        return names
    for name in dict.fromkeys(names):
        if name not in columns:
            known = ", ".join(columns)
            issues.reject(1, f'Unknown column "{clean(name, limit=60)}"; Rondo knows: {known}.')
        elif names.count(name) > 1:
            issues.reject(1, f'The column "{name}" stands in the header {names.count(name)} times.', name)
    for name in required:
        if name not in names:
            issues.reject(1, f'The column "{name}" is missing.', name)
    return names


def _unmarked(cell: str) -> str:
    """A cell without the one apostrophe that our exports put before what a spreadsheet would calculate."""
    return cell[1:].lstrip() if cell.startswith("'") and is_calculated(cell) else cell


def _row(number: int, cells: Sequence[str], names: Sequence[str], issues: Issues) -> Row | None:
    if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
        issues.reject(number, f"The row has {len(cells)} cells, the header has {len(names)}.")
        return None
    kept: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if "\0" in cell:
            issues.reject(number, "The cell holds a NUL character.", name)
        elif len(cell) > MAX_CELL:
            issues.reject(number, f"The cell has {len(cell):,} characters; at most {MAX_CELL:,} fit.", name)
        else:
            kept[name] = _unmarked(clean(cell, limit=4 * MAX_CELL))
    return Row(number=number, cells=kept) if len(kept) == len(names) else None
