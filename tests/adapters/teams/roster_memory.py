"""Rosters without a database, and a gateway that reads them, for tests of who can be written to."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from adapters.teams.gateway import TeamsGateway
from bot.events import Address, Platform
from tests.adapters.teams.conftest import APP_ID
from tests.fakes.teams import FakeTeams


@dataclass
class Memory:
    """Rosters without a database."""

    teams: dict[tuple[str, str], Address] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)
    had: set[str] = field(default_factory=set)

    def all(self) -> Sequence[Address]:
        return list(self.teams.values())

    def add(self, team: Address) -> None:
        self.teams[team.tenant, team.user] = team

    def remove(self, team: Address) -> None:
        self.teams.pop((team.tenant, team.user), None)

    def service_url(self, tenant: str) -> str:
        return self.newest.get(tenant, "")

    def has_account(self, email: str) -> bool:
        return email in self.had


def team_address(teams: FakeTeams, team: str) -> Address:
    route = {"service_url": teams.service_url, "bot_id": teams.bot["id"]}
    return Address(platform=Platform.TEAMS, tenant=teams.tenant_id, user=team, route=route)


@contextlib.asynccontextmanager
async def gateway_of(
    *fakes: FakeTeams,
    rosters: Memory,
    graph: bool = False,
    catalog: str = "",
    password: str = "",
    before: Sequence[str] = (),
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[TeamsGateway]:
    """`before`: tenants that the app may look in first."""
    made = TeamsGateway(
        app_id=APP_ID,
        password=password or fakes[0].app_password,
        tenant=fakes[0].tenant_id,
        token_url=fakes[0].token_url,
        development=True,
        tenants=[*before, *(fake.tenant_id for fake in fakes)],
        rosters=rosters,
        graph_url=fakes[0].graph_url if graph else "",
        catalog_id=catalog,
        sleep=sleep,
    )
    try:
        yield made
    finally:
        await made.aclose()
