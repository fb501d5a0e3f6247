"""A company's outbox on a database in memory, and processes that carry it out in virtual time.

Everything but the platform is real.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any, cast

from sqlalchemy import Engine, func, insert, select
from sqlalchemy.exc import OperationalError

from bot.decision import NOTHING, Decision, Lane, Link, Message, OnDoubt
from bot.events import Address, Event, Platform, Said
from bot.model import Company, Person
from bot.ports import Outbox, Outcome, Parcel
from bot.talk.cards import Card
from scheduler.deliver import Deliver
from scheduler.pace import ALLOWANCES, Pace
from storage import effects
from storage.engine import open_engine, reading, writing
from storage.migrate import migrate
from storage.outbox import SqlOutbox
from storage.schema import OutboxState, address, person
from storage.schema import outbox as outbox_table
from storage.store import SqlStore
from tests.pacing.machines import Machine, Machines
from tests.pacing.platform import Tenant, Way

START = datetime(2031, 1, 6, 9, tzinfo=UTC)
BEAT = 5.0
"""Seconds between two looks of a process's heartbeat."""


class Process:
    """One replica: its machine, its delivery. While `cut()` it cannot reach the database."""

    def __init__(self, bench: "Bench", name: str, skew: float, settle_seconds: float) -> None:
        self.machine: Machine = bench.machines.add(name, skew)
        self._bench = bench
        self.cut: Callable[[], bool] = lambda: False
        self.claimed: Callable[[], None] = lambda: None
        rng = Random(f"{bench.seed}:{name}")
        self.ways = [Way(list(group), rng, leg=bench.leg) for _, group in _by_platform(bench.tenants)]
        self._clock = _Wall(bench.machines.wall(self.machine))
        self.deliver = Deliver(
            cast(Outbox, _Wire(SqlOutbox(bench.engine, bench.machines.wall()), self)),
            {way.platform: way for way in self.ways},
            self.take,
            self._clock,
            pace=Pace(bench.allowances, monotonic=self.machine.time),
            settle_seconds=settle_seconds,
            jitter=rng.random,
            monotonic=self.machine.time,
        )
        self.machine.call_soon(self.deliver.start)
        self.machine.create_task(self._heart())

    def take(self, event: Event) -> Outcome:
        """As `Turn.take` where nothing follows from an event."""
        if self.cut():
            raise _gone()
        with self._bench.store.work() as work:
            if work.accept(event):
                work.apply(event, NOTHING)
        return Outcome(known=True, decision=NOTHING)

    async def _heart(self) -> None:
        while True:
            self.deliver.wake()
            await asyncio.sleep(BEAT)


class Bench:
    """`Bench(tenants, …)`, then `fill`, `begin`, `run`."""

    def __init__(self, tenants: Sequence[Tenant], *, seed: int = 1, leg: tuple[float, float] = (0.02, 0.06)) -> None:
        self.tenants, self.seed, self.leg = tenants, seed, leg
        self.rng = Random(seed)
        self.allowances = ALLOWANCES
        self.engine: Engine = open_engine("sqlite://")
        migrate(self.engine)
        self.machines = Machines(START)
        self.store = SqlStore(self.engine, Company(), lambda country, year: frozenset())
        self._numbers = itertools.count(1)

    def __enter__(self) -> "Bench":
        return self

    def __exit__(self, *_: object) -> None:
        self.machines.close()
        self.engine.dispose()

    @property
    def now(self) -> float:
        """Virtual seconds."""
        return self.machines.now

    def begin(self, name: str = "one", *, skew: float = 0.0, settle_seconds: float = 60.0) -> Process:
        """Start a replica."""
        return Process(self, name, skew, settle_seconds)

    def say(
        self,
        tenant: Tenant,
        key: str,
        to: str,
        *,
        lane: Lane = Lane.NUDGE,
        on_doubt: OnDoubt = OnDoubt.DROP,
        expires_at: datetime | None = None,
    ) -> None:
        """Somebody new with one message, as a turn would write it."""
        link = Link(address=Address(platform=tenant.platform, tenant=tenant.name, user=to), person_id=to)
        who = Person(id=to, email=f"{to}@example.com", name=to, known_since=START)
        card = Card(summary="hello", elements=())
        message = Message(key=key, to=to, card=card, lane=lane, on_doubt=on_doubt, expires_at=expires_at)
        event = Said(
            id=f"bench:{next(self._numbers)}",
            at=self.machines.wall()(),
            by=Address(platform=Platform.LOCAL, tenant="", user="nobody"),
            text="",
        )
        with writing(self.engine) as connection:
            effects.write(connection, event, Decision(changes=(who,), links=(link,)))
            effects.write(connection, event, Decision(messages=(message,)))

    def fill(self, tenant: Tenant, count: int, *, name: str = "nudge", **terms: Any) -> None:
        """So many people with one message each. All but the first are copies of its rows: a turn each would take minutes."""
        first = f"{tenant.name}-{name}-0".lower()  # so that its folded e-mail is written like the e-mail
        self.say(tenant, f"{name}:{first}", first, **terms)
        with writing(self.engine) as connection:
            rows = [
                (table, dict(connection.execute(select(table).where(column == value)).mappings().one()))
                for table, column, value in (
                    (person, person.c.id, first),
                    (address, address.c.user, first),
                    (outbox_table, outbox_table.c.key, f"{name}:{first}"),
                )
            ]
            for begin in range(1, count, 5_000):
                ids = [f"{tenant.name}-{name}-{number}".lower() for number in range(begin, min(count, begin + 5_000))]
                for table, row in rows:
                    connection.execute(insert(table), [_copy(row, first, id) for id in ids])

    def run(self, seconds: float, ready: Callable[[], object] = lambda: False) -> bool:
        """Let so much time pass."""
        return self.machines.run(self.now + seconds, ready)

    def waiting(self) -> int:
        """Rows that are not settled."""
        with reading(self.engine) as connection:
            query = select(func.count()).select_from(outbox_table).where(outbox_table.c.ready_at.is_not(None))
            return connection.scalar(query) or 0

    def states(self) -> dict[str, int]:
        """How many rows there are in each state."""
        with reading(self.engine) as connection:
            found = connection.execute(select(outbox_table.c.state, func.count()).group_by(outbox_table.c.state)).all()
            return {OutboxState(state).value: count for state, count in found}


class _Wall:
    def __init__(self, tell: Callable[[], datetime]) -> None:
        self.now = tell


class _Wire:
    """The way to the outbox, which can be cut. Tells when something was claimed."""

    def __init__(self, outbox: SqlOutbox, process: Process) -> None:
        self._outbox, self._process = outbox, process

    def claim(self, **asked: Any) -> Sequence[Parcel]:
        parcels = self._call("claim")(**asked)
        if parcels:
            self._process.claimed()
        return cast(Sequence[Parcel], parcels)

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: self._call(name)(*args, **kwargs)

    def _call(self, name: str) -> Callable[..., Any]:
        if self._process.cut():
            raise _gone()
        return cast(Callable[..., Any], getattr(self._outbox, name))


def _gone() -> OperationalError:
    return OperationalError("", None, ConnectionError("the database is out of reach"))


def _copy(row: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {name: value.replace(old, new) if isinstance(value, str) else value for name, value in row.items()}


def _by_platform(tenants: Iterable[Tenant]) -> list[tuple[Platform, list[Tenant]]]:
    ordered = sorted(tenants, key=lambda tenant: tenant.platform.value)
    return [(platform, list(group)) for platform, group in itertools.groupby(ordered, key=lambda tenant: tenant.platform)]
