"""docs/security.md answers every requirement of OWASP ASVS 5.0.0, levels 1 and 2, once; its tests exist (RELIABILITY S1)."""

import ast
import re
import subprocess
import sys
from functools import cache
from typing import NamedTuple

import pytest

from tests.house.files import ROOT

PAGE = ROOT / "docs" / "security.md"
IDS = ROOT / "tests" / "security" / "asvs.txt"
"""The requirements' numbers and levels: 70 of level 1 and 183 of level 2. Nothing else is taken from the standard."""
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
PLACE = re.compile(r"`((?:tests|adapters)/[\w/]+(?:\.py)?)`")
VERDICTS = {"tested", "documented", "operator", "short", "not applicable"}


class Row(NamedTuple):
    id: str
    level: str
    asks: str
    verdict: str
    how: str


def rows() -> list[Row]:
    return [Row(*map(str.strip, found)) for found in ROW.findall(PAGE.read_text(encoding="utf-8"))]


@cache
def functions_in(place: str) -> frozenset[str]:
    tree = ast.parse((ROOT / place).read_text(encoding="utf-8"))
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def test_every_requirement_stands_there_once_with_its_level() -> None:
    wanted = [tuple(line.split()) for line in IDS.read_text(encoding="utf-8").splitlines()]
    assert [(row.id, row.level) for row in rows()] == wanted
    assert (sum(level == "1" for _, level in wanted), sum(level == "2" for _, level in wanted)) == (70, 183)


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.id)
def test_a_requirement_has_tests_or_a_reason(row: Row) -> None:
    assert row.verdict in VERDICTS
    named = TEST.findall(row.how)
    assert named or row.verdict != "tested", "it is called tested, and names no test"
    for place, name in named:
        assert (ROOT / place).is_file(), f"{place} is not there"
        assert name in functions_in(place), f"{place} has no {name}"
    for place in PLACE.findall(row.how):
        assert (ROOT / place).exists(), f"{place} is not there"
    reason = TEST.sub("", row.how).strip(" ,.")
    assert named or len(reason) > 15, "neither a test nor a reason"


def test_all_seven_about_tokens_are_tested() -> None:
    tokens = [row for row in rows() if row.id.startswith("9.")]
    assert len(tokens) == 7
    assert {row.verdict for row in tokens} == {"tested"}


def test_the_sum_on_the_page_is_right() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for verdict in VERDICTS:
        count = sum(row.verdict == verdict for row in rows())
        assert f"| {verdict} | {count} |" in text, f"{verdict}: {count}"


@pytest.mark.slow
def test_every_named_test_is_collected() -> None:
    """Written down is not run: pytest itself finds each of them."""
    named = {f"{place}::{name}" for row in rows() for place, name in TEST.findall(row.how)}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        *sorted({one.partition("::")[0] for one in named}),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    collected = {line.partition("[")[0] for line in done.stdout.splitlines() if "::" in line}
    assert named <= collected, sorted(named - collected)
