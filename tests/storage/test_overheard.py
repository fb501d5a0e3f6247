"""A message that reaches us twice, told and overheard, is one message."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from bot.events import Said
from tests.storage.seeds import MONDAY, accept, slack


def told(number: int, *, message: str = "slack:D1:17.01", overheard: bool = False) -> Said:
    name = f"overheard:{message}" if overheard else f"slack:Ev{number}"
    return Said(id=name, at=MONDAY, by=slack("anna"), text="on track", message=message, overheard=overheard)


@pytest.mark.parametrize("first", ["told", "overheard"])
def test_a_message_that_was_told_and_overheard_counts_once(engine: Engine, first: str) -> None:
    ways = [told(1), told(1, overheard=True)]
    taken = [accept(engine, way) for way in (ways if first == "told" else reversed(ways))]
    assert taken == [True, False]
    assert [accept(engine, way) for way in ways] == [False, False]


def test_two_messages_are_two_whatever_the_platform_calls_them(engine: Engine) -> None:
    assert [accept(engine, told(1)), accept(engine, told(2))] == [True, True], "an event's own id decides"
    assert accept(engine, told(3, message="slack:D1:18.01", overheard=True))


def test_told_and_overheard_at_the_same_moment_count_once(postgres_engine: Engine) -> None:
    engine = postgres_engine
    for number in range(20):
        message = f"slack:D1:{number}.01"
        both = [told(number, message=message), told(number, message=message, overheard=True)]
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(lambda event: accept(engine, event), both)) == [False, True]
