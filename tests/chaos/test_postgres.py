"""R2 in small: one scenario, and what the figures say when the flow does not come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.postgres import Chaos, Course, disconnect, lines, lived
from tests.chaos.stage import Postgres, durable_postgres
from tests.chaos.test_kills import QUICK


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with durable_postgres() as server:
        yield server


@pytest.mark.slow
@pytest.mark.postgres
def test_flow_is_back_after_all_connections_were_ended(server: Postgres) -> None:
    """The goal of 98 % is for the command, on a machine that does nothing else; here the flow has to come back at all."""
    chaos = Chaos(rate=10, before=3, after=6, times=QUICK, people=200)
    course = lived(server, disconnect, chaos)
    assert course.faults == []
    assert course.after >= 0.5 * course.before > 0
    assert sum(tally.states["sent"] for tally in course.tallies.values()) > 50


def test_flow_that_stays_away_is_a_missed_limit() -> None:
    def course(*settled: float) -> Course:
        return Course(began=0, fault_at=10, over_at=12, ended=42, settled=settled)

    before = [number / 10 for number in range(100)]
    gone = {line.name.rpartition(": ")[2]: line.ok for line in lines("x", course(*before))}
    assert not gone["back to 98 % after"] and not gone["throughput after, of before"]
    slower = course(*before, *(12 + number / 9 for number in range(270)))
    assert [line.ok for line in lines("x", slower)].count(False) == 2
    same = course(*before, *(12.05 + number / 10 for number in range(300)))
    assert all(line.ok for line in lines("x", same))


def test_server_of_the_proofs_syncs_every_commit(server: Postgres) -> None:
    assert (server.run("SHOW fsync"), server.run("SHOW synchronous_commit"), server.run("SHOW full_page_writes")) == (
        "on",
        "on",
        "on",
    )
    assert Path(str(server.run("SHOW data_directory"))).exists()
