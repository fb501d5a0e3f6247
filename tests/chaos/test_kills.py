"""R1 in small, and what the judge says when the policy is broken on purpose."""

from dataclasses import replace

import pytest

from tests.chaos.company import Kind
from tests.chaos.kills import PROOF, Trial, tried
from tests.chaos.platforms import CALM, Knobs
from tests.chaos.times import Times, divided

QUICK = Times(lease=4.5, hold=0.6, http=1.5, settle=2.0, commit=0.05, late=0.8)
SMALL = Trial(kills=12, sends=600, people=200, times=QUICK, seed=5)


@pytest.mark.slow
def test_twelve_kills_lose_nothing_and_double_nothing(database_url: str) -> None:
    replicas = 3 if database_url.startswith("postgresql") else 1
    result = tried(database_url, replace(SMALL, replicas=replicas))
    assert result.faults == []
    assert result.kills == 12
    assert sum(tally.messages for tally in result.tallies.values()) > 400
    assert sum(result.platform_faults.values()) > 0


def test_read_back_without_settle_time_doubles_and_the_judge_says_so(sqlite_url: str) -> None:
    knobs = replace(CALM, lost=0.3, hidden=1.0)
    result = tried(sqlite_url, replace(SMALL, kills=0, sends=200, knobs=knobs, mistake="no settle"))
    assert result.tallies[Kind.SLACK].doubled > 0
    assert any("2 copies" in fault for fault in result.faults)


def test_mark_before_send_loses_and_the_judge_says_so(sqlite_url: str) -> None:
    trial = replace(SMALL, kills=6, sends=300, knobs=CALM, mistake="mark before send")
    result = tried(sqlite_url, trial)
    assert sum(tally.lost for tally in result.tallies.values()) > 0
    assert any("nobody sees it" in fault for fault in result.faults)


def test_times_keep_the_order_of_production() -> None:
    assert PROOF.problems() == QUICK.problems() == divided(1).problems() == []
    assert replace(QUICK, settle=0.3).problems() == ["the settle time is not longer than the platform takes to show a message"]
    assert len(replace(QUICK, lease=1.0).problems()) == 1


def test_faults_by_chance_are_there_at_all() -> None:
    assert min(Knobs().lost, Knobs().reset, Knobs().failed, Knobs().failed_after, Knobs().slow, Knobs().busy) > 0
