"""Lives of generated companies under the laws. RONDO_LAW_EXAMPLES=500 lives that many, RONDO_LAW_SEED=7 begins with that seed.

A broken law is told as the shortest life that still breaks it and is found in a minute (RONDO_LAW_SHRINKING=600 seconds looks
longer, 0 not at all); `Life(...)` in its last lines lives it again.
"""

import os
import traceback
from pathlib import Path

import pytest

from tests.laws.lives import Life, shortest

LIVES = int(os.environ.get("RONDO_LAW_EXAMPLES", "0"))
FIRST = int(os.environ.get("RONDO_LAW_SEED", "1"))
SHRINKING = float(os.environ.get("RONDO_LAW_SHRINKING", "60"))
STEPS = 60


def broken(life: Life, template: Path) -> BaseException | None:
    try:
        life.lived(template)
    except Exception as error:
        return error
    return None


def place(error: BaseException) -> tuple[str, int | None]:
    """Where a law broke; the same place is the same law."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return frame.filename, frame.lineno


def told(life: Life, template: Path) -> None:
    """Lives a life, and fails with the shortest one that breaks the same law."""
    error = broken(life, template)
    if error is None:
        return

    def same(shorter: Life) -> bool:
        other = broken(shorter, template)
        return other is not None and place(other) == place(error)

    shortest(life, same, seconds=SHRINKING).lived(template)
    raise error


@pytest.mark.parametrize("seed", range(FIRST, FIRST + (LIVES or 30)))
def test_the_laws_hold_over_weeks_of_any_company(seed: int, sqlite_template: Path) -> None:
    told(Life(seed=seed, steps=tuple(range(STEPS))), sqlite_template)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + (LIVES or 12)))
def test_the_laws_hold_while_messages_leave_late(seed: int, sqlite_template: Path) -> None:
    told(Life(seed=-seed, steps=tuple(range(STEPS)), slow_post=True), sqlite_template)
