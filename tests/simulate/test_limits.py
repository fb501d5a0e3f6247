"""Whose fault it is that a conversation got too much: a process keeps its own limits, and knows nothing of the others."""

from collections.abc import Iterator

import pytest

from adapters.simulate.chat import PERIODS
from adapters.simulate.simulation import Simulation
from adapters.simulate.trouble import in_memory
from bot.events import Platform


@pytest.fixture
def run() -> Iterator[Simulation]:
    with in_memory() as (engine, aside):
        found = Simulation(engine, aside, seed=1, people=6, weeks=1, faults=frozenset({"servers"}), trace=None)
        try:
            yield found
        finally:
            found.loop.close()
            found.trouble.ends()


@pytest.mark.parametrize("platform", [Platform.SLACK, Platform.TEAMS])
def test_one_process_that_says_too_much_is_found_however_many_there_are(run: Simulation, platform: Platform) -> None:
    seconds, most = PERIODS[platform][0]
    answers = [run.chats[platform]._over("s1.4", "post", "U1") for _ in range(most + 1)]
    assert answers[:-1] == [None] * most
    assert answers[-1] == (seconds, f"more than {most} to one conversation in {seconds:.0f} s", True)


def test_what_several_say_between_them_is_limited_and_nobodys_fault(run: Simulation) -> None:
    _, most = PERIODS[Platform.SLACK][0]
    answers = [run.chats[Platform.SLACK]._over(f"s{number % 2}.0", "post", "U1") for number in range(most + 1)]
    assert answers[-1] is not None and answers[-1][1] == ""
