"""One small company on a real database, a recording gateway, and clocks set by hand."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import Engine, select

from bot.decision import NOTHING, Decision, Lane, Link, Look, Message, OnDoubt
from bot.events import Address, Delivered, Event, Failure, Introduced, Platform, Said, Undelivered
from bot.model import Company, Person
from bot.ports import Gateway, Outcome
from bot.talk.cards import Card
from scheduler.deliver import Deliver
from scheduler.directory import ChangedAccounts
from scheduler.pace import Allowance, Kind, Pace
from scheduler.post import Twice
from storage import effects
from storage.agenda import SqlAgenda
from storage.engine import reading, writing
from storage.outbox import SqlOutbox
from storage.schema import OutboxState
from storage.schema import outbox as outbox_table
from storage.store import SqlStore
from tests.fakes.gateway import RecordingGateway

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)


@dataclass
class HandClock:
    """Due-time, set by hand."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass
class RealTime:
    """Real time for leases, which can be moved on."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class World:
    """What a test acts on. `decide` may be replaced; `taken` is every event that was accepted."""

    engine: Engine
    clock: HandClock = field(default_factory=HandClock)
    real: RealTime = field(default_factory=RealTime)
    taken: list[Event] = field(default_factory=list)
    decide: Callable[[Event], Decision] = lambda event: NOTHING
    deliver: Deliver | None = None
    failures: list[Exception] = field(default_factory=list)  # raised by the next events instead of taking them
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.store = SqlStore(self.engine, Company(), lambda country, year: frozenset())
        self.outbox = SqlOutbox(self.engine, self.real)
        self.agenda = SqlAgenda(self.engine, self.real)

    def take(self, event: Event) -> Outcome:
        """As `Turn.take`, with this world's `decide`."""
        if self.failures:
            raise self.failures.pop()
        with self.store.work() as work:
            if not work.accept(event):
                return Outcome(known=True, decision=None)
            decision = self.decide(event)
            if isinstance(event, Introduced):
                name = str(event.profile.email).partition("@")[0]
                decision = Decision(links=(Link(address=event.by, person_id=name),))
            work.apply(event, decision)
        self.taken.append(event)
        if self.deliver is not None:
            self.deliver.wake()
        return Outcome(known=True, decision=decision)

    def write(self, decision: Decision, at: datetime | None = None) -> None:
        """Make a decision true, and tell deliver as a turn would."""
        by = Address(platform=Platform.LOCAL, tenant="", user="nobody")
        event = Said(id=f"write:{next(self._numbers)}", at=at or self.clock.now(), by=by, text="")
        with writing(self.engine) as connection:
            effects.write(connection, event, decision)
        if self.deliver is not None:
            self.deliver.wake()

    def add(self, name: str, *addresses: Address) -> None:
        """A person with accounts."""
        person = Person(id=name, email=f"{name}@example.com", name=name, known_since=NOON)
        links = tuple(Link(address=address, person_id=name) for address in addresses)
        self.write(Decision(changes=(person,), links=links))

    def say(
        self,
        key: str,
        to: str = "ada",
        *,
        words: str = "hello",
        lane: Lane = Lane.NUDGE,
        on_doubt: OnDoubt = OnDoubt.DROP,
        expires_at: datetime | None = None,
    ) -> None:
        """Put a message into the outbox."""
        card = Card(summary=words, elements=())
        message = Message(key=key, to=to, card=card, lane=lane, on_doubt=on_doubt, expires_at=expires_at)
        self.write(Decision(messages=(message,)))

    def look(self, *subjects: str, at: datetime = NOON) -> None:
        """Put rows into the agenda."""
        self.write(Decision(looks=tuple(Look(subject=subject, at=at) for subject in subjects)))

    def state(self, key: str) -> str:
        """The state of an outbox row."""
        with reading(self.engine) as connection:
            state: OutboxState = connection.scalars(select(outbox_table.c.state).where(outbox_table.c.key == key)).one()
            return state.value

    def reports(self) -> list[Delivered | Undelivered]:
        """What was reported about messages."""
        return [event for event in self.taken if isinstance(event, Delivered | Undelivered)]


def account(user: str, platform: Platform = Platform.LOCAL, tenant: str = "t1") -> Address:
    """An address."""
    return Address(platform=platform, tenant=tenant, user=user)


GIVE_UP = 60.0
"""Seconds of real time after which a test says that something does not come; a busy disk may hold everything up for long."""


async def until(ready: Callable[[], object], seconds: float = GIVE_UP) -> None:
    """Wait until `ready()` is true."""
    ends = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < ends, "not in time"
        await asyncio.sleep(0.002)


@pytest.fixture
def world(sqlite_engine: Engine) -> World:
    """Ada and Bo, each with an account at the local platform."""
    world = World(sqlite_engine)
    world.add("ada", account("ada"))
    world.add("bo", account("bo"))
    return world


Begin = Callable[..., Deliver]


@pytest_asyncio.fixture
async def begin(world: World) -> AsyncIterator[Begin]:
    """Start delivering over gateways; stopped at the end of the test."""
    begun: list[Deliver] = []

    def start(
        *gateways: Gateway,
        pace: Pace | None = None,
        settle_seconds: float = 0.02,
        changed_accounts: ChangedAccounts = list,
        twice: Twice | None = None,
    ) -> Deliver:
        by_platform = {gateway.platform: gateway for gateway in gateways}
        deliver = Deliver(
            world.outbox,
            by_platform,
            world.take,
            world.clock,
            pace=pace or Pace({}),
            settle_seconds=settle_seconds,
            changed_accounts=changed_accounts,
            twice=twice,
            jitter=lambda: 0.0,
        )
        world.deliver = deliver
        deliver.start()
        begun.append(deliver)
        return deliver

    yield start
    for deliver in begun:
        await deliver.stop(1.0)


def failure_of(world: World) -> tuple[Failure, str]:
    """Why the last message failed, as it was reported."""
    report = world.reports()[-1]
    assert isinstance(report, Undelivered)
    return report.failure, report.reason


def quick_pace(**rates: float) -> Pace:
    """Allowances in calls per second by platform name, one at a time; conversations are not limited."""
    allowances = {(Platform(name), Kind.POST): Allowance(rate=rate, burst=1) for name, rate in rates.items()}
    return Pace(allowances, conversation=Allowance(rate=1000, burst=1000))


__all__ = ["GIVE_UP", "NOON", "Begin", "RecordingGateway", "World", "account", "failure_of", "quick_pace", "until"]
