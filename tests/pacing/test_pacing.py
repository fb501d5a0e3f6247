"""R8, R9 and P7 in the suite's size; `python -m tests.pacing` proves the same with 200,000 waiting."""

from collections.abc import Iterator

import pytest

from benchmarks.row import Row
from tests.pacing import rates, urgent
from tests.pacing.bench import Bench
from tests.pacing.platform import slack, teams
from tests.pacing.rates import Make


def holds(rows: Iterator[Row]) -> None:
    missed = [row for row in rows if not row.ok]
    assert not missed, missed


@pytest.mark.parametrize("make", [slack, teams])
def test_the_whole_allowance_is_used_and_never_more(make: Make) -> None:
    holds(rates.whole_allowance(make, 700))


@pytest.mark.parametrize("make", [slack, teams])
def test_three_processes_share_one_allowance(make: Make) -> None:
    holds(rates.whole_allowance(make, 500, replicas=3))


def test_without_sharing_three_processes_are_too_fast() -> None:
    """The model notices: each believes that the allowance is its own."""
    tenant = slack()
    with Bench([tenant]) as bench:
        bench.fill(tenant, 500)
        for number in range(3):
            bench.begin(f"p{number}")
        bench.run(60.0)
    assert len(tenant.limited) >= 3
    assert max(tenant.accepted) - min(tenant.accepted) < 60


@pytest.mark.parametrize("header", rates.HEADERS)
def test_retry_after_is_obeyed_and_bounded(header: str) -> None:
    holds(rates.retry_after(header))


def test_a_workspace_in_trouble_slows_no_other() -> None:
    holds(rates.alone(150))


@pytest.mark.parametrize(("make", "waiting"), [(slack, 20_000), (teams, 20_000)], ids=["slack", "teams"])
def test_what_is_urgent_leaves_within_two_slots_whatever_waits(make: Make, waiting: int) -> None:
    holds(urgent.overtakes(make, waiting))


def test_nudges_are_not_starved_by_replies() -> None:
    holds(urgent.starves_nobody(slack, 400))


def test_a_fleet_is_done_in_time_although_calls_fail() -> None:
    holds(rates.fleet(slack, 1_500, settle_seconds=10.0))
