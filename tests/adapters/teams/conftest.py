"""A loopback tenant, the real router on a real port, and a door that records events and answers as told."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from adapters.teams.auth import Auth, Keys
from adapters.teams.gateway import TeamsGateway
from adapters.teams.routes import teams_router
from bot.decision import NOTHING, Decision
from bot.events import Address, ByPerson, Removed
from bot.ports import Outcome
from tests.fakes.teams import FakeTeams, schema_validator
from tests.fakes.teams_driver import TeamsDriver

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


@dataclass
class FixedClock:
    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant


@dataclass
class RecordingDoor:
    """Takes each id once, like the store; `decide` says what follows."""

    decide: Callable[[ByPerson], Decision] = lambda event: NOTHING
    known: bool = True
    tells: bool = False
    fails: Exception | None = None
    events: list[ByPerson] = field(default_factory=list)
    gone: list[Removed] = field(default_factory=list)
    received: int = 0

    async def receive(self, event: ByPerson) -> Outcome:
        self.received += 1
        if self.fails is not None:
            raise self.fails
        if not self.known:
            return Outcome(known=False, decision=None, tell=self.tells)
        if any(event.id == seen.id for seen in self.events):
            return Outcome(known=True, decision=None)
        self.events.append(event)
        return Outcome(known=True, decision=self.decide(event))

    async def removed(self, event: Removed) -> Outcome:
        self.gone.append(event)
        return Outcome(known=self.known, decision=NOTHING)


@contextlib.asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The app on a port of 127.0.0.1."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none", access_log=False))
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event to wait for
            await asyncio.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            await running


@dataclass
class World:
    """Everything between a gesture in Teams and an event, and back."""

    teams: FakeTeams
    gateway: TeamsGateway
    door: RecordingDoor
    clock: FixedClock
    driver: TeamsDriver

    def person(self, **more: str) -> str:
        return self.teams.add_user(**{"email": "mina@example.com", "name": "Mina Kwon", **more}, installed=True)

    async def write_address(self, user: str) -> Address:
        """How this person is reached, learned as in life: from a message."""
        await self.driver.message(user, "hello")
        return self.door.events.pop().by


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    async with FakeTeams(app_id=APP_ID, tenant_id=TENANT, validator=schema_validator()) as fake:
        yield fake


@pytest.fixture
async def gateway(teams: FakeTeams) -> AsyncIterator[TeamsGateway]:
    made = TeamsGateway(app_id=APP_ID, password=teams.app_password, tenant=TENANT, token_url=teams.token_url, development=True)
    yield made
    await made.aclose()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
async def world(teams: FakeTeams, gateway: TeamsGateway, http: httpx.AsyncClient) -> AsyncIterator[World]:
    door, clock = RecordingDoor(), FixedClock()
    auth = Auth(app_id=APP_ID, tenants={TENANT}, keys=Keys(teams.openid_url, http), development=True)
    app = FastAPI()
    app.include_router(teams_router(inbound=door, gateway=gateway, auth=auth, clock=clock))
    async with served(app) as url:
        yield World(teams, gateway, door, clock, teams.driver(url))
    assert teams.violations == []
