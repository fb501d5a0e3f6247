"""Outcomes on their way to the one door: the first at once, those that come meanwhile together, none lost."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from adapters.simulate.loop import VirtualLoop
from bot.decision import NOTHING
from bot.events import Delivered, Event, Platform, Receipt, Undelivered
from bot.ports import Conflict, Outcome
from scheduler.pace import Pace
from scheduler.reporting import TOGETHER, Report, Reporting
from tests.scheduler.conftest import NOON, World, account
from tests.scheduler.virtual import Slow, begin, lived, people, say

TAKEN = Outcome(known=True, decision=NOTHING)


def report(number: int) -> Delivered:
    receipt = Receipt(address=account("ada"), place="D1", id=str(number))
    return Delivered(id=f"d{number}", at=NOON, key=f"m{number}", fence=1, revision=1, receipt=receipt)


@dataclass
class Door:
    """The one door in virtual time: a transaction takes a tenth of a second. `wrong`: events that raise."""

    taken: list[list[str]] = field(default_factory=list)
    wrong: dict[str, Exception] = field(default_factory=dict)
    broken: bool = False
    under_way: int = 0

    def take(self, event: Event) -> Outcome:
        self.taken.append([event.id])
        if event.id in self.wrong:
            raise self.wrong[event.id]
        return TAKEN

    def take_all(self, events: Sequence[Event]) -> Sequence[Outcome | Exception]:
        self.taken.append([event.id for event in events])
        if self.broken:
            raise OSError("the disk is full")
        return [self.wrong.get(event.id, TAKEN) for event in events]

    async def in_thread(
        self, write: Callable[[Sequence[Report]], list[Exception | None]], reports: Sequence[Report]
    ) -> list[Exception | None]:
        self.under_way += 1
        assert self.under_way == 1, "one transaction at a time"
        await asyncio.sleep(0.1)
        self.under_way -= 1
        return write(reports)

    def reporting(self, *, together: bool = True) -> Reporting:
        return Reporting(self.take, self.take_all if together else None, self.in_thread)


def played(story: Coroutine[None, None, None]) -> float:
    """Run a story; how many virtual seconds it took."""
    loop = VirtualLoop()
    try:
        loop.run_until_complete(story)
    finally:
        loop.close()
    return loop.time()


async def reported(reporting: Reporting, *numbers: int) -> list[BaseException | None]:
    return await asyncio.gather(*(reporting.report(report(number)) for number in numbers), return_exceptions=True)


def test_one_that_comes_alone_goes_at_once_and_alone() -> None:
    door = Door()

    async def story() -> None:
        reporting = door.reporting()
        for number in range(3):
            await reporting.report(report(number))
            await asyncio.sleep(1)

    assert played(story()) == pytest.approx(3.3)
    assert door.taken == [["d0"], ["d1"], ["d2"]]


def test_what_comes_while_one_is_written_goes_together_and_waits_for_nothing_else() -> None:
    door = Door()

    async def story() -> None:
        reporting = door.reporting()
        first = asyncio.create_task(reporting.report(report(0)))
        await asyncio.sleep(0.05)
        assert await reported(reporting, 1, 2, 3) == [None] * 3
        assert first.done()

    assert played(story()) == pytest.approx(0.2)
    assert door.taken == [["d0"], ["d1", "d2", "d3"]]


def test_no_more_than_fit_into_one_transaction_go_together() -> None:
    door = Door()

    async def story() -> None:
        assert set(await reported(door.reporting(), *range(2 * TOGETHER + 1))) == {None}

    played(story())
    assert [len(some) for some in door.taken] == [TOGETHER, TOGETHER, 1]


def test_each_hears_of_its_own_error_only() -> None:
    lost = Conflict("the manager changed meanwhile")
    door = Door(wrong={"d1": lost})

    async def story() -> None:
        reporting = door.reporting()
        assert await reported(reporting, 0, 1, 2) == [None, lost, None]
        assert await reported(reporting, 1) == [lost]
        assert await reported(reporting, 3) == [None]

    played(story())


def test_when_the_database_is_gone_all_hear_of_it_and_the_next_one_is_tried() -> None:
    door = Door(broken=True)

    async def story() -> None:
        reporting = door.reporting()
        assert [type(one) for one in await reported(reporting, 0, 1)] == [OSError, OSError]
        door.broken = False
        assert await reported(reporting, 0, 1) == [None, None]

    played(story())


def test_who_was_stopped_holds_up_nobody_and_what_it_reported_is_written() -> None:
    door = Door()

    async def story() -> None:
        reporting = door.reporting()
        tasks = [asyncio.create_task(reporting.report(report(number))) for number in range(3)]
        await asyncio.sleep(0.05)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert [task.cancelled() for task in tasks] == [False, True, False]

    played(story())
    assert door.taken == [["d0", "d1", "d2"]]


def test_a_door_that_takes_one_at_a_time_gets_one_at_a_time() -> None:
    door = Door()

    async def story() -> None:
        assert await reported(door.reporting(together=False), 0, 1, 2) == [None] * 3

    played(story())
    assert door.taken == [["d0"], ["d1"], ["d2"]]


def test_messages_that_arrive_at_the_same_moment_are_reported_together(sqlite_engine: Engine) -> None:
    """Deliver itself, on a database: none is lost, none is reported twice, and each is settled."""
    together: list[int] = []

    async def story(world: World, loop: VirtualLoop) -> None:
        def take_all(events: Sequence[Event]) -> Sequence[Outcome | Exception]:
            together.append(len(events))
            return [world.take(event) for event in events]

        names = people(world, "A", 30)
        slack = Slow(Platform.SLACK)
        life = begin(world, loop, slack, pace=Pace({}, monotonic=loop.time), take_all=take_all)
        say(world, names)
        await life.passes(2)
        await life.deliver.stop()

    world = lived(sqlite_engine, story)
    assert sum(together) >= 20
    keys = [one.key for one in world.reports()]
    assert len(keys) == len(set(keys)) == 30
    assert {world.state(key) for key in keys} == {"sent"}


def test_a_stop_waits_until_what_was_sent_is_written(sqlite_engine: Engine) -> None:
    async def story(world: World, loop: VirtualLoop) -> None:
        names = people(world, "A", 30)
        life = begin(world, loop, Slow(Platform.SLACK), pace=Pace({}, monotonic=loop.time), take_all=None)
        say(world, names)
        await asyncio.sleep(0.1)  # all are under way
        await life.deliver.stop()

    world = lived(sqlite_engine, story)
    assert len(world.reports()) == 30
    assert not any(isinstance(one, Undelivered) for one in world.reports())
