"""Agenda → events."""

import asyncio
from datetime import timedelta

from sqlalchemy import Engine

from bot.decision import NOTHING, Decision, Look
from bot.events import Event, Ticked
from bot.ports import Outcome
from scheduler.sweep import LOOPS, Sweep
from tests.scheduler.conftest import NOON, World


def ticks(world: World) -> list[str]:
    return [event.subject for event in world.taken if isinstance(event, Ticked)]


async def test_everything_due_is_decided_once_and_earliest_first(world: World) -> None:
    world.look("desk:bo", at=NOON - timedelta(hours=1))
    world.look("desk:ada", at=NOON)
    world.look("desk:cy", at=NOON + timedelta(seconds=1))
    sweep = Sweep(world.agenda, world.take, world.clock)
    assert await sweep.run_once() == 2
    assert ticks(world) == ["desk:bo", "desk:ada"]
    assert await sweep.run_once() == 0


async def test_tick_carries_when_it_was_due_and_the_fence_of_its_row(world: World) -> None:
    world.look("desk:ada", at=NOON - timedelta(hours=3))
    await Sweep(world.agenda, world.take, world.clock).run_once()
    [event] = world.taken
    assert isinstance(event, Ticked)
    assert (event.at, event.due) == (NOON, NOON - timedelta(hours=3))
    assert event.id == f"tick:desk:ada:{event.fence}"


async def test_what_comes_due_through_a_decision_is_decided_in_the_same_sweep(world: World) -> None:
    world.look("desk:ada")

    def decide(event: Event) -> Decision:
        again = isinstance(event, Ticked) and event.subject == "desk:ada" and len(ticks(world)) == 0
        return Decision(looks=(Look(subject="desk:bo", at=NOON),)) if again else NOTHING

    world.decide = decide
    assert await Sweep(world.agenda, world.take, world.clock).run_once() == 2
    assert ticks(world) == ["desk:ada", "desk:bo"]


async def test_error_in_one_row_stops_no_other_and_its_lease_brings_it_back(world: World) -> None:
    world.look("desk:ada", "desk:bo")

    def decide(event: Event) -> Decision:
        if isinstance(event, Ticked) and event.subject == "desk:ada" and not world.real.ahead:
            raise ValueError("broken")
        return NOTHING

    world.decide = decide
    sweep = Sweep(world.agenda, world.take, world.clock)
    assert await sweep.run_once() == 1
    assert sweep.failed == 1
    assert await sweep.run_once() == 0  # leased
    world.real.ahead = timedelta(minutes=2)
    assert await sweep.run_once() == 1
    assert ticks(world) == ["desk:bo", "desk:ada"]


async def test_subject_that_never_moves_on_does_not_hang_the_sweep(world: World) -> None:
    world.look("desk:ada")
    world.decide = lambda event: Decision(looks=(Look(subject="desk:ada", at=NOON),))
    assert await asyncio.wait_for(Sweep(world.agenda, world.take, world.clock).run_once(), 10) == LOOPS


async def test_two_sweeps_at_once_decide_everything_once(world: World) -> None:
    for number in range(30):
        world.add(f"p{number}")
        world.look(f"desk:p{number}")
    sweep = Sweep(world.agenda, world.take, world.clock, batch=7)
    counts = await asyncio.gather(sweep.run_once(), sweep.run_once())
    assert sum(counts) == 30
    assert len(set(ticks(world))) == 30


async def test_parallel_threads_decide_everything_once_on_postgresql(postgres_engine: Engine) -> None:
    world = World(postgres_engine)
    for number in range(40):
        world.add(f"p{number}")
        world.look(f"desk:p{number}")
    first = Sweep(world.agenda, world.take, world.clock, threads=4, batch=3)
    second = Sweep(world.agenda, world.take, world.clock, threads=4, batch=3)
    assert sum(await asyncio.gather(first.run_once(), second.run_once())) == 40
    assert sorted(ticks(world)) == sorted(f"desk:p{number}" for number in range(40))


async def test_stop_ends_a_sweep_between_two_rows(world: World) -> None:
    for number in range(20):
        world.add(f"p{number}")
        world.look(f"desk:p{number}")
    entered = asyncio.Event()
    loop = asyncio.get_running_loop()

    def take(event: Event) -> Outcome:
        loop.call_soon_threadsafe(entered.set)
        return world.take(event)

    sweep = Sweep(world.agenda, take, world.clock)
    running = asyncio.create_task(sweep.run_once())
    await entered.wait()
    await sweep.stop()
    assert 1 <= await running <= 20
