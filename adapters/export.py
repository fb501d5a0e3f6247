"""Items of the read side as CSV or JSON lines, written as they come. Knows no database and no command line."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol, TextIO

from bot.flows.imports.table import is_calculated

Item = Mapping[str, object]

PAGE = 500

_GOAL = {
    "objective_id": "id", "owner_email": "owner", "team": "team", "cycle": "cycle", "type": "type", "objective": "title",
    "why": "why", "parent_id": "parent", "coordinator_email": "coordinator",
}  # fmt: skip
_KEY_RESULT = {
    "kr_id": "id", "key_result": "text", "unit": "unit", "start": "start", "target": "target", "current": "current",
    "due": "due",
}  # fmt: skip
COLUMNS: Mapping[str, Sequence[str]] = {
    "ledger": ("at", "name", "subject", "person", "rule", "policy", "cause", "facts", "outcome"),
    "checkins": (
        "person", "period", "state", "asked_at", "answered_at", "goals", "wins", "adjust", "loss", "skip_reason",
    ),
    "goals": (*_GOAL, *_KEY_RESULT),
}  # fmt: skip
"""The columns of each CSV export; goals have those of the Goals CSV, one line per key result."""


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


class Page(Protocol):
    """Some items, and the cursor of the next ones."""

    @property
    def items(self) -> Sequence[Item]: ...
    @property
    def next(self) -> str | None: ...


def all_items(read: Callable[[str | None], Page]) -> Iterator[Item]:
    """The items of all pages; `read` takes a cursor."""
    cursor: str | None = None
    while True:
        page = read(cursor)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def write_items(out: TextIO, items: Iterable[Item], kind: str, format: Format) -> None:
    """Write all items of a kind. Text that a spreadsheet would calculate gets an apostrophe in front (CSV only)."""
    if format is Format.JSONL:
        for item in items:
            out.write(json.dumps(item, ensure_ascii=False) + "\n")
        return
    table = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    table.writerow(COLUMNS[kind])
    for item in items:
        for line in goal_lines(item) if kind == "goals" else [item]:
            table.writerow([csv_cell(line.get(column)) for column in COLUMNS[kind]])


def csv_cell(value: object) -> str:
    """One cell: numbers as they are, text made harmless (OWASP, "CSV Injection"), anything nested as JSON. An import takes
    the apostrophe away again.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if is_calculated(value) or value.startswith(("\t", "\r", "\n")) else value


def goal_lines(goal: Item) -> Iterator[Item]:
    """A goal as lines of the Goals CSV, one per key result."""
    objective = {column: goal.get(name) for column, name in _GOAL.items()}
    results = goal.get("key_results")
    for result in results if isinstance(results, Sequence) and results else [{}]:
        yield {**objective, **{column: result.get(name) for column, name in _KEY_RESULT.items()}}
