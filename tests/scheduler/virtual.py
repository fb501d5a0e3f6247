"""Deliver on a real database in virtual time: hours of waiting take no time, and every run is the same."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

from adapters.simulate.loop import VirtualClock, VirtualLoop
from bot.decision import Lane, Message
from bot.events import Address, Platform, Receipt
from bot.model import Person
from bot.ports import Gateway
from bot.talk.cards import Card
from scheduler.deliver import Deliver
from scheduler.pace import ALLOWANCES, Pace
from scheduler.reporting import TakeAll
from storage import rows, settle
from storage.engine import writing
from storage.schema import address, person
from tests.fakes.gateway import RecordingGateway
from tests.scheduler.conftest import NOON, World


@dataclass
class Slow(RecordingGateway):
    """A platform that needs a while for each call, and may refuse whole workspaces."""

    platform: Platform = Platform.SLACK
    seconds: float = 0.2
    now: Callable[[], float] = lambda: 0.0
    errors: dict[str, Exception] = field(default_factory=dict)  # by workspace
    calls: list[tuple[float, str, str]] = field(default_factory=list)  # when, workspace, key

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        self.calls.append((self.now(), address.tenant, key))
        await asyncio.sleep(self.seconds)
        if (error := self.errors.get(address.tenant)) is not None:
            self.tried.append(key)
            raise error
        return await super().send(address, card, key=key)

    def when(self, key: str) -> float:
        """Seconds at which it left."""
        return next(at for at, _, one in self.calls if one == key)


@dataclass
class Life:
    """One process: what runs in it, until `end` or `kill`."""

    world: World
    loop: VirtualLoop
    deliver: Deliver

    async def passes(self, seconds: float) -> None:
        """Let time pass; the heartbeat ticks."""
        ends = self.loop.time() + seconds
        while (left := ends - self.loop.time()) > 0:
            await asyncio.sleep(min(5.0, left))
            self.deliver.wake()

    def kill(self) -> None:
        """`kill -9`: whatever was under way is forgotten."""
        self.deliver._stopping = True
        self.deliver._awake.set()
        for task in (*self.deliver._tasks, self.deliver._main):
            assert task is not None
            task.remove_done_callback(lambda task: None)
        self.deliver._record = _nothing  # type: ignore[method-assign,assignment]
        for task in self.deliver._tasks:
            task.cancel()


async def _nothing(*args: object) -> None:
    """A dead process writes nothing."""


def lived(engine: Engine, story: Callable[[World, VirtualLoop], Awaitable[None]]) -> World:
    """Run a story in virtual time, on a database that need not survive it."""
    event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous = OFF").close())
    loop = VirtualLoop()
    clock = VirtualClock(loop, NOON)
    world = World(engine, clock=clock, real=clock.now)  # type: ignore[arg-type]
    try:
        loop.run_until_complete(story(world, loop))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
    return world


def begin(world: World, loop: VirtualLoop, *gateways: Gateway, pace: Pace | None = None, take_all: TakeAll | None = None) -> Life:
    """Start delivering, with the platforms' real allowances."""
    by_platform: Mapping[Platform, Gateway] = {gateway.platform: gateway for gateway in gateways}
    for gateway in gateways:
        if isinstance(gateway, Slow):
            gateway.now = loop.time
    deliver = Deliver(
        world.outbox,
        by_platform,
        world.take,
        world.clock,
        take_all=take_all,
        pace=pace or Pace(ALLOWANCES, monotonic=loop.time),
        jitter=lambda: 0.5,
        monotonic=loop.time,
    )
    world.deliver = deliver
    deliver.start()
    return Life(world, loop, deliver)


def people(world: World, tenant: str, count: int, platform: Platform = Platform.SLACK) -> list[str]:
    """So many people of a workspace, all at once."""
    names = [f"{tenant}-{number}" for number in range(count)]
    found = [Person(id=name, email=f"{name}@example.com", name=name, known_since=NOON) for name in names]
    seen = {"platform": platform, "tenant": tenant, "route": {}, "last_seen": NOON, "gone_count": 0}
    with writing(world.engine) as connection:
        connection.execute(person.insert(), [rows.person_row(one) for one in found])
        connection.execute(address.insert(), [{**seen, "user": name, "person_id": name} for name in names])
    return names


def say(world: World, names: list[str], *, lane: Lane = Lane.NUDGE, what: str = "checkin") -> None:
    """A message to each."""
    card = Card(summary="hello", elements=())
    said = [(Message(key=f"{what}:{one}", to=one, card=card, lane=lane), world.clock.now(), 0) for one in names]
    with writing(world.engine) as connection:
        settle.say_all(connection, said)
    if world.deliver is not None:
        world.deliver.wake()
