"""Any order of presses, clocks, absences, policies and org charts, on one server and on three at once.

RONDO_DRAMAS=200 plays so many of each; what breaks is told as the shortest play that still breaks it (one server).
"""

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from storage.engine import open_engine
from tests.databases import fresh_postgres
from tests.decisions.machine import Requests

DRAMAS = int(os.environ.get("RONDO_DRAMAS", "0"))


def told(engines: Callable[[], tuple[Engine, ...]], *, examples: int, steps: int, at_once: int = 1, shrink: bool = True) -> None:
    """Plays so many dramas of so many steps."""
    taken, ends = Counter[str](), Counter[str]()
    known = {"engines": staticmethod(engines), "at_once": at_once, "steps": taken, "ends": ends}
    machine = type("Requests", (Requests,), known)
    phases = [Phase.generate, *([Phase.shrink] if shrink else [])]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=DRAMAS or examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    print(f"steps: {dict(taken.most_common())}; ended: {dict(ends.most_common())}")
    assert taken["escalation:opened"] and ends


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_one_holder_no_step_lost_none_taken_twice(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = iter(range(1_000_000))

    def engines() -> tuple[Engine, ...]:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copyfile(sqlite_template, path)
        return (open_engine(f"sqlite:///{path}"),)

    told(engines, examples=12, steps=25, shrink=not DRAMAS)


@pytest.mark.postgres
def test_three_replicas_take_what_happens_at_the_same_moment(
    postgres_server: str, postgres_template: str, opened: ExitStack
) -> None:
    def engines() -> tuple[Engine, ...]:
        url = opened.enter_context(fresh_postgres(postgres_server, postgres_template))
        return tuple(open_engine(url) for _ in range(3))

    told(engines, examples=4, steps=20, at_once=4, shrink=False)
