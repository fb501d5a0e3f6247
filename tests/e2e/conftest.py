"""Databases, loopback platforms and real servers. Nothing leaves this machine."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.hands import SIGNING_SECRET
from tests.e2e.server import Server
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_cards import schema_validator


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace; at the end none of Slack's limits was broken."""
    async with FakeSlack() as slack:
        yield slack
        assert [str(violation) for violation in slack.violations] == []
        assert slack.rate_limited == []


@pytest.fixture
async def teams() -> AsyncIterator[FakeTeams]:
    """A tenant; at the end none of Teams' limits was broken, and every card was valid by the 1.5 schema."""
    async with FakeTeams(validator=schema_validator()) as teams:
        yield teams
        assert [str(violation) for violation in teams.violations] == []
        assert teams.rate_limited == []


class Serve:
    """Starts servers that end with the test."""

    def __init__(self, folder: Path, stack: AsyncExitStack) -> None:
        self._folder, self._stack = folder, stack
        self.servers: list[Server] = []

    async def __call__(
        self, database_url: str, slack: FakeSlack | None = None, teams: FakeTeams | None = None, **settings: str
    ) -> Server:
        """A running server that is told of these platforms; `settings` by their names in the environment."""
        if slack is not None:
            settings |= {
                "RONDO_SLACK_SIGNING_SECRET": SIGNING_SECRET,
                "RONDO_SLACK_BOT_TOKEN": slack.bot_token,
                "RONDO_SLACK_API_URL": slack.api_url,
            }
        if teams is not None:
            settings |= {
                "RONDO_TEAMS_APP_ID": teams.app_id,
                "RONDO_TEAMS_APP_PASSWORD": teams.app_password,
                "RONDO_TEAMS_TENANT_ID": teams.tenant_id,
                "RONDO_TEAMS_SERVICE_HOSTS": "127.0.0.1",
                "RONDO_TEAMS_OPENID_URL": teams.openid_url,
                "RONDO_TEAMS_TOKEN_URL": teams.token_url,
            }
        server = Server(self._folder, database_url, settings)
        await self._stack.enter_async_context(server)
        self.servers.append(server)
        return server


@pytest.fixture
async def serve(tmp_path: Path, postgres_url: str) -> AsyncIterator[Serve]:
    """`await serve(database_url, slack=…, teams=…)`; at the end no server may have logged an error.

    Servers end before their database does: `postgres_url` stands here for the order alone.
    """
    async with AsyncExitStack() as stack:
        made = Serve(tmp_path, stack)
        yield made
        for server in made.servers:
            assert server.complaints() == []
