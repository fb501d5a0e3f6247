"""Everybody in the teams that have the app: read page by page, through limits and outages, wherever the tenant is now."""

from dataclasses import replace

import pytest

from bot.ports import Later
from bot.talk.cards import Card, Heading
from tests.adapters.teams.conftest import TENANT
from tests.adapters.teams.roster_memory import Memory, gateway_of, team_address
from tests.fakes.teams import FakeTeams

HELLO = Card(summary="hello", elements=(Heading(text="hello"),))


async def test_everybody_in_a_team_that_has_the_app_is_known_and_can_be_written_to(teams: FakeTeams) -> None:
    people = [teams.add_user(email=f"p{n}@example.com", name=f"P {n}") for n in range(1200)]
    guest = teams.add_user(email="guest@other.example", name="Guest")
    teams.people[guest].role = "guest"
    team = teams.add_team(*people, guest)
    teams.teams[team].installed = True
    rosters = Memory()
    rosters.add(team_address(teams, team))
    async with gateway_of(teams, rosters=rosters) as gateway:
        found = dict(await gateway.directory())
        assert len(found) == 1200
        assert len(teams.calls_of("pagedmembers")) == 3, "500 of a page"
        last = next(address for address, profile in found.items() if profile.email == "p1199@example.com")
        await gateway.send(last, HELLO, key="k1")
    assert len(teams.messages_to(last.user)) == 1


async def test_a_team_that_lost_the_app_unnoticed_is_forgotten_and_costs_the_others_nothing(teams: FakeTeams) -> None:
    ann, bo = (teams.add_user(email=f"{name}@example.com", name=name) for name in ("ann", "bo"))
    gone, here = teams.add_team(ann), teams.add_team(bo)
    teams.teams[here].installed = True
    rosters = Memory()
    for team in (gone, here):
        rosters.add(team_address(teams, team))
    async with gateway_of(teams, rosters=rosters) as gateway:
        assert [profile.email for _, profile in await gateway.directory()] == ["bo@example.com"]
    assert [team.user for team in rosters.all()] == [here]


async def test_a_team_that_cannot_be_read_now_keeps_the_app_and_holds_the_others_up_once(teams: FakeTeams) -> None:
    ann, bo = (teams.add_user(email=f"{name}@example.com", name=name) for name in ("ann", "bo"))
    rosters = Memory()
    for team in (teams.add_team(ann), teams.add_team(bo)):
        teams.teams[team].installed = True
        rosters.add(team_address(teams, team))
    async with gateway_of(teams, rosters=rosters) as gateway:
        for fault in ("", "BadArgument"):  # an outage, and a complaint about the request: neither says that the app is gone
            if fault:
                teams.faults.error(fault, method="pagedmembers")
            else:
                teams.faults.server_error(method="pagedmembers")
            with pytest.raises(Later):
                await gateway.directory()
            read = len(teams.calls_of("pagedmembers"))
            assert len(await gateway.directory()) == 2
            assert len(teams.calls_of("pagedmembers")) == read + 1, "the other one was read already"
        teams.faults.server_error(2, method="pagedmembers")
        with pytest.raises(Later):
            await gateway.directory()
        teams.faults.server_error(1, method="pagedmembers")
        assert len(await gateway.directory()) == 1, "one broken team is no reason to know nobody"
        assert len(await gateway.directory()) == 2
    assert len(rosters.all()) == 2


async def test_a_roster_is_read_on_where_teams_wants_it_slower(teams: FakeTeams) -> None:
    people = [teams.add_user(email=f"p{n}@example.com", name=f"P {n}") for n in range(1200)]
    team = teams.add_team(*people)
    teams.teams[team].installed = True
    rosters, waited = Memory(), list[float]()
    rosters.add(team_address(teams, team))

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    async with gateway_of(teams, rosters=rosters, sleep=wait) as gateway:
        teams.faults.rate_limit(2, retry_after=7, method="pagedmembers")
        assert len(await gateway.directory()) == 1200
        teams.faults.rate_limit(1, retry_after=600, method="pagedmembers")
        with pytest.raises(Later):
            await gateway.directory()
    assert waited == [7, 7]


async def test_a_tenant_that_lets_nothing_through_is_asked_once_not_team_by_team(teams: FakeTeams) -> None:
    rosters = Memory()
    for _ in range(5):
        rosters.add(team_address(teams, teams.add_team()))
    teams.app_password = "changed meanwhile"
    async with gateway_of(teams, rosters=rosters, password="old") as gateway:
        with pytest.raises(Later, match="invalid_client"):
            await gateway.directory()
    assert teams.token_calls == 1
    assert len(rosters.all()) == 5


@pytest.mark.parametrize("code", ["", "InvalidBotApiHost"], ids=["nobody there knows it", "the host says so"])
async def test_the_roster_of_a_tenant_that_moved_is_read_where_it_is_now(teams: FakeTeams, code: str) -> None:
    ann = teams.add_user(email="ann@example.com", name="Ann")
    team = teams.add_team(ann)
    teams.teams[team].installed = True
    old = teams.service_url.rstrip("/") if code else f"{teams.base_url}/old-region/"
    rosters = Memory(newest={TENANT: teams.service_url})
    rosters.add(replace(team_address(teams, team), route={"service_url": old, "bot_id": teams.bot["id"]}))
    if code:
        teams.faults.error(code, 1, method="pagedmembers")
    async with gateway_of(teams, rosters=rosters) as gateway:
        [(found, _)] = await gateway.directory()
    [kept] = rosters.all()
    assert found.route["service_url"] == kept.route["service_url"] == teams.service_url
