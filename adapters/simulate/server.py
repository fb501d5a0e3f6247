"""One process of Rondo: the real turn, sweep, deliver and directory, with a moment after each step at which it may die.

Its heartbeat looks every five seconds, as the real one does; looks at which nothing can be due are left out.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from functools import partial
from math import ceil
from random import Random
from typing import Any, Protocol, cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from adapters import door as doors
from adapters.simulate.chat import Chat
from adapters.simulate.gateway import SimulatedGateway
from adapters.simulate.machine import Host, Killed, Machine
from bot import turn as turns
from bot.events import ByPerson, Event, Platform
from bot.model import Company
from bot.ports import Agenda, Conflict, DeliveryError, Gateway, Holidays, Outbox, Outcome, Store, TooSlow
from bot.talk.voice import Phrases
from scheduler import deliver as delivers
from scheduler import directory as directories
from scheduler import pace as paces
from scheduler import sweep as sweeps
from storage import agenda as agendas
from storage import outbox as outboxes
from storage import reports as reading
from storage import store as stores

BEAT = 5.0
DIRECTORY = 86_400.0
"""Seconds between two directory syncs here; a real server does one an hour, which finds nothing new most of the time."""

Answer = Callable[[Outcome | None], None]


class World(Protocol):
    """What a process is told from outside."""

    loop: Machine
    engine: Engine
    start: datetime
    company: Company
    holidays: Holidays
    phrases: Phrases
    chats: dict[Platform, Chat]
    several: bool

    def real(self) -> datetime: ...
    def dies_here(self, server: "Server", where: str) -> bool: ...
    def took(self, server: "Server", event: Event, outcome: Outcome) -> None: ...
    def claimed(self, server: "Server", parcels: Any) -> None: ...
    def put_back(self, server: "Server", key: str) -> None: ...
    def before(self, server: "Server", event: Event) -> None: ...
    def unexpected(self, error: BaseException) -> None: ...
    def unsure(self) -> None: ...
    def rate(self) -> int: ...
    def machine(self, number: int) -> float: ...
    def next_work(self, offset: float) -> float: ...
    def worked(self, *, looked: bool) -> None: ...
    def may_send(self) -> bool: ...


class ServerClock:
    """This process's idea of the time: the true one, and how far it is off."""

    def __init__(self, world: World, offset: float) -> None:
        self._world, self.offset = world, offset

    def now(self) -> datetime:
        """An aware UTC instant."""
        return self._world.real() + timedelta(seconds=self.offset)


class _Step:
    """A port whose calls are steps: the process may have died before one, and may die right after it."""

    def __init__(self, server: "Server", inner: object, where: str) -> None:
        self._server, self._inner, self._where = server, inner, where

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found

        def step(*args: Any, **kwargs: Any) -> Any:
            self._server.must_live()
            try:
                result = found(*args, **kwargs)
            except Exception:
                self._server.world.unsure()
                raise
            if name == "claim" and result:
                self._server.world.claimed(self._server, result)
            elif name in ("later", "doubtful"):
                self._server.world.put_back(self._server, args[0].key)
            if result or name in ("later", "doubtful"):
                self._server.may_die(f"{self._where}.{name}")
            return result

        return step


class Server:
    """`number` is also its place in the round of heartbeats; `offset` how far its clock is off, in seconds."""

    def __init__(self, world: World, number: int, life: int, offset: float, dice: Random) -> None:
        self.world, self.number, self.dice = world, number, dice
        self.name = f"s{number}.{life}"
        self.host = Host(world.loop, self.name)
        self.clock = ServerClock(world, offset)
        self.started = world.loop.seconds
        self.bell = asyncio.Event()
        self._phase = BEAT * number / 4
        self._replicas = 0
        gateways: dict[Platform, Gateway] = {
            platform: SimulatedGateway(chat, self.name, partial(self.may_die, "left")) for platform, chat in world.chats.items()
        }
        known = reading.SqlReports(world.engine).changed_accounts
        store = stores.SqlStore(world.engine, world.company, world.holidays, window=self._window)
        self.turn = _Turn(store, world.phrases, committed=lambda: self.deliver.wake())
        # Several processes have a database with a clock. One alone, on SQLite, has its own, which is off but does not jump:
        # a wall clock that is set forward between a crash and the next start ends leases and settle times too early.
        real = world.real if world.several else ServerClock(world, world.machine(number)).now
        agenda = agendas.SqlAgenda(world.engine, real)
        outbox = outboxes.SqlOutbox(world.engine, real)
        self.door = doors.Door(cast(turns.Turn, _Taking(self)), gateways, known, monotonic=world.loop.time)
        self.sweep = sweeps.Sweep(cast(Agenda, _Step(self, agenda, "agenda")), self.take, self.clock, take_all=self.take_all)
        rates = {**paces.ALLOWANCES, (Platform.SLACK, paces.Kind.POST): paces.slack_posts(world.rate())}
        self.deliver = delivers.Deliver(
            cast(Outbox, _Step(self, outbox, "outbox")),
            gateways,
            self.take,
            self.clock,
            take_all=self.take_all,
            pace=paces.Pace(rates, monotonic=world.loop.time),
            changed_accounts=known,
            jitter=dice.random,
            monotonic=world.loop.time,
        )
        self.directory = directories.Directory(gateways, known, frozenset, self.take, self.clock, monotonic=world.loop.time)

    def _window(self, people: int) -> timedelta:
        return paces.send_window(people, self.world.rate())

    # --------------------------------------------------------------------------------------------------- life

    def start(self, replicas: int) -> None:
        """Begin to run, as one of so many."""
        self._replicas = replicas
        self.deliver.share(replicas)
        self.host.spawn(self._until_the_end(self._main))

    def shares(self, replicas: int) -> None:
        """So many processes are at work, as the heartbeat finds out."""
        if replicas != self._replicas:
            self._replicas = replicas
            self.host.spawn(self._share(replicas))

    async def _share(self, replicas: int) -> None:
        self.deliver.share(replicas)

    async def _until_the_end(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A loop that ends by an exception would be a dead server that looks alive."""
        try:
            await work()
        except Exception as error:
            self.world.unexpected(error)
            raise

    async def _main(self) -> None:
        self.deliver.start()
        self.host.spawn(self._until_the_end(self._directory))
        loop = self.world.loop
        while True:
            self.bell.clear()
            at = self._next_beat()
            alarm = loop.call_at(at, self.bell.set)
            await self.bell.wait()
            alarm.cancel()
            if loop.seconds < at:
                continue  # there is something to do sooner
            try:
                await self.sweep.run_once()
            except (Conflict, DBAPIError):
                self.world.unsure()  # the database does not answer; the next beat tries again
            looked = self.world.may_send()
            if looked:
                self.deliver.wake()
                await asyncio.sleep(0.05)
            self.world.worked(looked=looked)

    def _next_beat(self) -> float:
        """The first beat of this process's own at which something may be due."""
        at = max(self.world.next_work(self.clock.offset), self.world.loop.seconds + 0.001)
        return ceil((at - self._phase) / BEAT) * BEAT + self._phase

    async def _directory(self) -> None:
        while True:
            await self.directory.run_once()
            await asyncio.sleep(DIRECTORY)

    def must_live(self) -> None:
        """Nothing reaches the database any more after the end."""
        if not self.host.alive:
            raise Killed

    def may_die(self, where: str) -> None:
        """Right after something was written is when a crash hurts most."""
        if self.world.dies_here(self, where):
            raise Killed

    # ------------------------------------------------------------------------------------------------- events

    def take(self, event: Event) -> Outcome:
        """`Turn.take`."""
        self.must_live()
        self.world.before(self, event)
        try:
            outcome = self.turn.take(event)
        except Exception:
            self.world.unsure()
            raise
        self.turn.over()
        self.world.took(self, event, outcome)
        if outcome.decision is not None:
            self.may_die(f"turn.{type(event).__name__}")
        return outcome

    def take_all(self, events: Sequence[Event]) -> Sequence[Outcome | Exception]:
        """`Turn.take_all`."""
        self.must_live()
        for event in events:
            self.world.before(self, event)
        outcomes = self.turn.take_all(events)
        for event, outcome in self.turn.over():
            self.world.took(self, event, outcome)
        if any(isinstance(outcome, Exception) for outcome in outcomes):
            self.world.unsure()
        self.may_die("turn.all")
        return outcomes

    def receive(self, event: ByPerson, answer: Answer) -> None:
        """A request of a platform; `answer` None: not 200."""
        self.host.spawn(self._until_the_end(partial(self._receive, event, answer)))

    async def _receive(self, event: ByPerson, answer: Answer) -> None:
        try:
            outcome: Outcome | None = await self.door.receive(event)
        except (Conflict, TooSlow, DeliveryError, DBAPIError):
            outcome = None
        self.world.loop.outside(0.02, answer, outcome)


class _Turn(turns.Turn):
    """Remembers in which order turns were committed, which is not the order in which looks were handed over."""

    def __init__(self, store: Store, phrases: Phrases, *, committed: Callable[[], None]) -> None:
        super().__init__(store, phrases, committed=committed)
        self._over: list[tuple[Event, Outcome]] = []

    def over(self) -> list[tuple[Event, Outcome]]:
        """What was committed since this was asked, in that order."""
        found, self._over = self._over, []
        return found

    def take(self, event: Event) -> Outcome:
        """`Turn.take`."""
        outcome = super().take(event)
        self._over.append((event, outcome))
        return outcome

    def together(self, events: Sequence[Event]) -> list[Outcome | None]:
        """`Turn.together`."""
        found = super().together(events)
        self._over += [(event, outcome) for event, outcome in zip(events, found, strict=True) if outcome is not None]
        return found


class _Taking:
    """The turn as the door sees it."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def take(self, event: Event) -> Outcome:
        """Through the same steps as everything else."""
        return self._server.take(event)
