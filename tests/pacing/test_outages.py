"""R10 and R12 in the suite's size: outages, and replicas with wrong clocks, stopped, or cut off."""

import pytest

from tests.pacing import outages, replicas
from tests.pacing.bench import Bench
from tests.pacing.platform import slack, teams
from tests.pacing.rates import Make
from tests.pacing.test_pacing import holds


@pytest.mark.parametrize("make", [slack, teams], ids=["slack", "teams"])
@pytest.mark.parametrize("trouble", ["refused", "silent"])
def test_a_platform_that_is_down_for_hours_loses_nothing_and_meets_no_storm(make: Make, trouble: str) -> None:
    holds(outages.platform_down(make, trouble, 60))


@pytest.mark.parametrize("make", [slack, teams], ids=["slack", "teams"])
def test_our_own_outage_loses_and_repeats_nothing(make: Make) -> None:
    holds(outages.service_down(make, 120))


@pytest.mark.parametrize("make", [slack, teams], ids=["slack", "teams"])
def test_a_database_that_is_away_for_minutes_loses_and_repeats_nothing(make: Make) -> None:
    holds(outages.database_down(make, 200))


def test_a_stopped_replica_that_goes_on_sends_nothing_twice() -> None:
    holds(replicas.stopped(4, messages=120))


@pytest.mark.parametrize("point", ["claimed", "written"])
def test_a_replica_stopped_between_two_steps_sends_nothing_twice(point: str) -> None:
    holds(replicas.stopped_at(point, 3, messages=80))


def test_a_replica_without_its_database_sends_nothing_twice() -> None:
    holds(replicas.split(3, messages=120))


def test_the_model_notices_a_resend_that_does_not_wait_for_the_settle_time() -> None:
    """Read back before the platform shows what it has, and people get it twice."""
    tenant = slack()
    tenant.troubles.append((0.0, 20.0, "lost"))
    with Bench([tenant]) as bench:
        bench.fill(tenant, 20)
        process = bench.begin(settle_seconds=0.1)
        process.ways[0].visible_after = 15.0
        bench.run(300.0, lambda: not bench.waiting())
    assert tenant.doubled > 0
