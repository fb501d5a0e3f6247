"""Allowances: never more than a platform allows in any window, and as much as it allows."""

import asyncio
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.simulate.loop import VirtualLoop
from bot.decision import Lane
from bot.events import Platform
from scheduler.pace import (
    ALLOWANCES,
    SLACK_EDITS,
    SLACK_POSTS,
    TEAMS_CALLS,
    Allowance,
    Bucket,
    Gate,
    Kind,
    NotNow,
    Pace,
)
from tests.scheduler.conftest import account


def run_greedily(allowance: Allowance, seconds: float, waits: list[float] | None = None) -> list[float]:
    """When calls go if there is always one more to make; `waits` are pauses of the caller in between."""
    now, went = 0.0, []
    bucket = Bucket(allowance, now)
    pauses = iter(waits or [])
    while now < seconds:
        wait = bucket.wait(now)
        if wait == 0:
            bucket.take(now)
            went.append(now)
            now += next(pauses, 0.0)
        else:
            now += wait
    return went


def most_in(went: list[float], span: float) -> int:
    most = first = 0
    for last, at in enumerate(went):
        while went[first] <= at - span:
            first += 1
        most = max(most, last - first + 1)
    return most


def test_slack_gets_at_most_300_messages_in_any_minute_and_at_least_95_percent_of_that() -> None:
    went = run_greedily(SLACK_POSTS, 600)
    assert most_in(went, 60) <= 300
    assert len(went) >= 0.95 * 300 * 10
    assert most_in(went, 1) <= 10


@given(st.lists(st.floats(0, 90), max_size=60))
def test_idle_times_save_up_no_more_than_a_burst(pauses: list[float]) -> None:
    went = run_greedily(SLACK_POSTS, 400, pauses)
    assert most_in(went, 60) <= 300


def test_slack_edits_stay_inside_tier_3() -> None:
    assert most_in(run_greedily(SLACK_EDITS, 600), 60) <= 50


def test_teams_stays_below_50_in_any_second() -> None:
    went = run_greedily(TEAMS_CALLS, 20)
    assert most_in(went, 1) <= 50
    assert len(went) >= 47.5 * 20


def test_the_pause_a_platform_asks_for_is_kept_and_a_shorter_one_does_not_end_it() -> None:
    bucket = Bucket(Allowance(rate=10, burst=1), 0.0)
    bucket.pause(0.0, 30)
    bucket.pause(1.0, 2)
    assert bucket.wait(29.0) == pytest.approx(1.0)
    assert bucket.wait(30.0) == 0


def test_after_a_429_the_rate_falls_and_comes_back() -> None:
    bucket = Bucket(Allowance(rate=10, burst=1), 0.0)
    for _ in range(5):  # several answers to calls that were under way together
        bucket.slow(100.0)
    assert bucket.rate(100.0) == pytest.approx(9.0)
    assert 9.0 < bucket.rate(115.0) < 10.0
    assert bucket.rate(100.0 + 30) == pytest.approx(10.0)


def test_429s_without_end_leave_half_the_rate() -> None:
    bucket = Bucket(Allowance(rate=10, burst=1), 0.0)
    for second in range(100, 160, 2):
        bucket.slow(float(second))
    assert bucket.rate(160.0) == pytest.approx(5.0, rel=0.02)


def test_processes_that_share_an_allowance_keep_a_little_of_it_back() -> None:
    alone, three = Bucket(TEAMS_CALLS, 0.0), Bucket(TEAMS_CALLS, 0.0, 1 / 3)
    assert 45 < 3 * three.rate(0.0) < alone.rate(0.0)


async def test_gate_lets_the_best_lane_in_first() -> None:
    gate = Gate(Allowance(rate=50, burst=1))
    order: list[str] = []

    async def go(lane: Lane) -> None:
        await gate.enter(lane)
        order.append(lane.value)
        gate.leave()

    tasks = [asyncio.create_task(go(lane)) for lane in (Lane.NUDGE, Lane.NUDGE, Lane.ESCALATION, Lane.REPLY)]
    await asyncio.gather(*tasks)
    assert order == ["nudge", "reply", "escalation", "nudge"]


async def test_long_pause_sends_back_who_waits() -> None:
    gate = Gate(Allowance(rate=1, burst=1))
    await gate.enter(Lane.NUDGE)
    waiting = asyncio.create_task(gate.enter(Lane.REPLY))
    await asyncio.sleep(0)
    gate.limited(30.0)
    with pytest.raises(NotNow) as sent_back:
        await waiting
    assert sent_back.value.seconds == 30.0
    assert gate.full()
    with pytest.raises(NotNow):
        await gate.enter(Lane.REPLY)


def test_cancelled_waiter_takes_no_slot() -> None:
    loop = VirtualLoop()

    async def scene() -> None:
        gate = Gate(Allowance(rate=20, burst=1), monotonic=loop.time)
        await gate.enter(Lane.NUDGE)
        gone, stays = (asyncio.create_task(gate.enter(Lane.NUDGE)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        await stays

    with closing(loop):
        loop.run_until_complete(scene())
        assert loop.seconds == pytest.approx(1 / 20)  # the first slot after that of the burst


def test_each_message_that_finds_the_gate_full_is_given_a_slot_of_its_own() -> None:
    gate = Gate(Allowance(rate=5, burst=1), monotonic=lambda: 1000.0)
    slots = [gate.book() for _ in range(10)]
    assert slots[1:] == pytest.approx([max(0.2, n / 5) for n in range(1, 10)])


def test_tenants_and_kinds_have_gates_of_their_own_where_the_platform_counts_them_apart() -> None:
    pace = Pace(ALLOWANCES)
    slack, teams = Platform.SLACK, Platform.TEAMS
    assert pace.gate(slack, "A", Kind.POST) is pace.gate(slack, "A", Kind.POST)
    assert pace.gate(slack, "A", Kind.POST) is not pace.gate(slack, "B", Kind.POST)
    assert pace.gate(slack, "A", Kind.POST) is not pace.gate(slack, "A", Kind.EDIT)
    assert pace.gate(teams, "A", Kind.POST) is pace.gate(teams, "A", Kind.EDIT)


def test_conversations_that_rest_are_forgotten() -> None:
    now = [0.0]
    pace = Pace(ALLOWANCES, monotonic=lambda: now[0])
    for number in range(10_001):
        bucket = pace.conversation(account(f"u{number}", Platform.SLACK))
        assert bucket is not None
        bucket.take(0.0)
    now[0] = 10.0
    pace.conversation(account("one more", Platform.SLACK))
    assert len(pace._conversations) == 1


def test_the_playground_has_no_limits() -> None:
    assert Pace(ALLOWANCES).conversation(account("ada")) is None


async def test_whoever_cannot_wait_long_enough_uses_nothing_of_the_allowance() -> None:
    now = 0.0
    gate = Gate(Allowance(rate=0.01, burst=1), monotonic=lambda: now)
    await gate.enter(Lane.NUDGE)
    for _ in range(3):
        with pytest.raises(NotNow) as shut:
            await gate.enter(Lane.NUDGE, within=0.01)
        assert shut.value.seconds == pytest.approx(100)
    now = 100.0
    await asyncio.wait_for(gate.enter(Lane.NUDGE, within=0.01), 30)  # one slot came, and nobody had taken it


async def test_a_gate_shut_later_does_not_stumble_over_those_who_went() -> None:
    gate = Gate(Allowance(rate=0.01, burst=1))
    await gate.enter(Lane.NUDGE)
    with pytest.raises(NotNow):
        await gate.enter(Lane.NUDGE, within=0.01)
    gate.shut(1.0)
