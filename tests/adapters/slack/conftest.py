"""A loopback Slack on one side, a recording door on the other, and the route between them on a real port."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from adapters.slack.gateway import SlackGateway
from adapters.slack.routes import Notes, slack_router
from bot.decision import NOTHING, Decision, FieldErrors
from bot.events import ByPerson
from bot.ports import Outcome
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_driver import SlackDriver

SECRET, OLD_SECRET = "new-signing-secret", "old-signing-secret"
NOTES = Notes(elsewhere="The answer is in your direct message.", stranger="I do not know <you> yet.")


class FixedClock:
    """Due-time stands still."""

    def now(self) -> datetime:
        return datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@dataclass
class RecordingDoor:
    """Takes each id once, like the store; `decide` says what follows."""

    decide: Callable[[ByPerson], Decision] = lambda event: NOTHING
    known: bool = True
    tells: bool = False
    fails: list[Exception] = field(default_factory=list)  # the next ones, in order
    events: list[ByPerson] = field(default_factory=list)
    received: int = 0

    async def receive(self, event: ByPerson) -> Outcome:
        self.received += 1
        if self.fails:
            raise self.fails.pop(0)
        if not self.known:
            return Outcome(known=False, decision=None, tell=self.tells)
        if any(event.id == seen.id for seen in self.events):
            again = self.decide(event)  # a refused form is refused again, as `Turn` does
            return Outcome(known=True, decision=again if isinstance(again.reply, FieldErrors) else None)
        self.events.append(event)
        return Outcome(known=True, decision=self.decide(event))


@contextlib.asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """The app on a port of 127.0.0.1; `uvicorn.Server` would do, but polls a third of a second at every stop."""
    config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None, access_log=False)
    config.load()
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: HttpToolsProtocol(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for connection in list(state.connections):
            connection.shutdown()
        await asyncio.sleep(0)


@dataclass
class World:
    """Everything between a gesture in Slack and an event, and back."""

    slack: FakeSlack
    gateway: SlackGateway
    door: RecordingDoor
    driver: SlackDriver
    url: str

    def person(self, email: str = "mina@example.com", name: str = "Mina Kwon") -> str:
        return self.slack.add_user(email=email, name=name)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with FakeSlack() as slack:
        gateway = SlackGateway(slack.bot_token, api_url=slack.api_url)
        door = RecordingDoor()
        app = FastAPI()
        app.include_router(slack_router(door, gateway, signing_secrets=[SECRET, OLD_SECRET], clock=FixedClock(), notes=NOTES))
        async with served(app) as url:
            yield World(slack=slack, gateway=gateway, door=door, driver=slack.driver(url, SECRET), url=url)
        await gateway.close()
        assert [str(violation) for violation in slack.violations] == []
