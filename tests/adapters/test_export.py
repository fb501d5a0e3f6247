"""What an export writes, and that no spreadsheet calculates what people wrote."""

import csv
import io
import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.export import COLUMNS, Format, Item, all_items, csv_cell, write_items
from bot.flows.imports.goals import KEY_RESULT_COLUMNS, OBJECTIVE_COLUMNS
from bot.flows.imports.table import Issues, read_rows


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", '=HYPERLINK("http://x")', "\n@x"])
def test_text_that_would_be_calculated_gets_an_apostrophe(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["=1+1", "- first", '+20 % of "x"', "@team", "'=quoted", "''=x", "' =x", "'plain", "d'Arc", "'", "''", "-", "x=1"]
)
def test_an_import_reads_what_was_exported(text: str) -> None:
    out = io.StringIO(newline="")
    write_items(out, [{"id": text, "title": text}], "goals", Format.CSV)
    (row,) = read_rows(out.getvalue().encode(), columns=COLUMNS["goals"], required=(), issues=Issues())
    assert (row["objective_id"], row["objective"]) == (text, text)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5, "-5"),
        (-5.5, "-5.5"),
        (True, "true"),
        ("on_track", "on_track"),
        ("박현우, Kim", "박현우, Kim"),
        ({"days": 21}, '{"days": 21}'),
        (["=1"], '["=1"]'),
    ],
)
def test_other_values_are_written_as_they_are(value: object, cell: str) -> None:
    assert csv_cell(value) == cell


def test_csv_has_the_columns_and_json_lines_have_everything() -> None:
    items: list[Item] = [{"at": "now", "subject": 'a "b"\nc', "extra": 1}, {"at": None}]
    out = io.StringIO(newline="")
    write_items(out, items, "ledger", Format.CSV)
    written = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert tuple(written[0]) == COLUMNS["ledger"]
    assert [(line["at"], line["subject"]) for line in written] == [("now", 'a "b"\nc'), ("", "")]
    out = io.StringIO()
    write_items(out, items, "ledger", Format.JSONL)
    assert [json.loads(line) for line in out.getvalue().splitlines()] == items


def test_goals_have_the_columns_of_the_import() -> None:
    assert COLUMNS["goals"] == OBJECTIVE_COLUMNS + KEY_RESULT_COLUMNS
    out = io.StringIO(newline="")
    results = [{"id": "K1", "text": "=Up", "start": -5, "target": 1.5}, {"id": "K2", "text": "B"}]
    goals: list[Item] = [{"id": "O1", "owner": "ann@e.org", "title": "Fly", "key_results": results}, {"id": "O2"}]
    write_items(out, goals, "goals", Format.CSV)
    lines = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert [(line["objective_id"], line["kr_id"], line["key_result"], line["start"]) for line in lines] == [
        ("O1", "K1", "'=Up", "-5"),
        ("O1", "K2", "B", ""),
        ("O2", "", "", ""),
    ]


@dataclass
class Leaf:
    """A page."""

    items: list[Item]
    next: str | None


def test_all_pages_are_read() -> None:
    pages = {None: Leaf([{"n": 1}], "b"), "b": Leaf([{"n": 2}], "c"), "c": Leaf([], None)}
    assert [item["n"] for item in all_items(lambda cursor: pages[cursor])] == [1, 2]


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")
