"""Every planted mistake fits the code and is a change of it; some are found here, all by `python -m tests.planted`."""

from pathlib import Path

import pytest

from tests.planted.bugs import BUGS, Bug
from tests.planted.hunt import hunt

ROOT = Path(__file__).parents[2]
QUICK = {
    "a claim takes no new fence": "fence",
    "a claim whose process died is sent again without a look": "one-copy",
    "leave does not count": "absent",
    "every reminder has the key of the first": "nothing-lost",
}
"""Which promise breaks at the latest in the third small company."""


def test_names_are_unique_and_there_are_enough() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 37


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_fits_one_place_and_is_still_python(bug: Bug) -> None:
    source = (ROOT / bug.path).read_text()
    assert source.count(bug.old) == 1
    compile(source.replace(bug.old, bug.new), bug.path, "exec")


@pytest.mark.parametrize("name", QUICK)
def test_the_simulator_finds_it(name: str) -> None:
    bug = next(bug for bug in BUGS if bug.name == name)
    found = hunt(bug, first=1, last=3, people=24, weeks=1, faults="all")
    assert QUICK[name] in found.broken


def test_where_nothing_is_planted_nothing_is_found() -> None:
    assert hunt(None, first=1, last=1, people=12, weeks=1, faults="all").seed is None
