"""Every planted mistake still fits the code, and is a change of it."""

from pathlib import Path

import pytest

from tests.planted.bugs import BUGS, Bug

ROOT = Path(__file__).parents[2]


def test_names_are_unique_and_there_are_enough() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 25


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_fits_one_place_and_is_still_python(bug: Bug) -> None:
    source = (ROOT / bug.path).read_text()
    assert source.count(bug.old) == 1
    compile(source.replace(bug.old, bug.new), bug.path, "exec")
