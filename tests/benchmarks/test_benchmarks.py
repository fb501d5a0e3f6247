"""Every benchmark runs and yields figures; at these sizes they mean nothing, and neither do their limits."""

import json
import math
import subprocess
import sys

import pytest

from benchmarks.__main__ import BENCHMARKS, benchmark
from benchmarks.row import TINY, Row, Run, at_least, at_most, median_ratio

MUST_HOLD = ("in the ledger", "neither 200 nor 503", "modules of the Teams SDK")
"""What is no matter of time or size."""


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_yields_figures_with_limits(name: str) -> None:
    rows = list(benchmark(name)(Run(TINY)))
    assert rows
    assert len({row.name for row in rows}) == len(rows)
    for row in rows:
        assert math.isfinite(row.value), row
        assert row.unit, row
        assert row.ok or not any(words in row.name for words in MUST_HOLD), row


def test_a_limit_is_met_or_missed() -> None:
    assert at_most("x", 1.0, "s", 1.0).ok
    assert not at_most("x", 1.1, "s", 1.0).ok
    assert at_least("x", 1.0, "s", 1.0).ok
    assert not at_least("x", 0.9, "s", 1.0).ok


def test_a_ratio_is_the_median_of_pairs_and_not_of_medians() -> None:
    """A machine that is busy for one pair slows both halves of it: the ratio stays."""
    ours, theirs = iter((2.0, 18.0, 3.0)), iter((1.0, 9.0, 1.0))
    assert median_ratio(lambda: next(ours), lambda: next(theirs), pairs=3) == (2.0, 3.0, 1.0)


def test_the_command_prints_json_lines_and_says_by_its_exit_code_that_a_limit_was_missed() -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks", "--tiny", "idle"], capture_output=True, text=True, check=False)
    rows = [Row(**json.loads(line)) for line in done.stdout.splitlines()]
    assert rows
    assert done.returncode == (0 if all(row.ok for row in rows) else 1)
    assert all(row.name in done.stderr for row in rows)


def test_a_name_that_is_none_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "benchmarks", "nothing"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such benchmark: nothing" in done.stderr
