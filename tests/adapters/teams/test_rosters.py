"""Whom Rondo can write to before they ever spoke: by a team's roster, by Microsoft Graph; and where a tenant has moved to."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.teams.auth import Auth, Keys
from adapters.teams.gateway import TeamsGateway
from adapters.teams.rosters import account_of
from adapters.teams.routes import teams_router
from bot.events import Address, Platform, Said
from bot.ports import Gone, Later, Refused
from bot.talk.cards import Card, Heading
from tests.adapters.teams.conftest import APP_ID, TENANT, FixedClock, RecordingDoor, World, served
from tests.adapters.teams.roster_memory import Memory, gateway_of
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_driver import TeamsDriver

HELLO = Card(summary="hello", elements=(Heading(text="hello"),))


async def test_without_graph_nobody_can_be_looked_up_and_that_is_normal(teams: FakeTeams) -> None:
    teams.add_user(email="ann@example.com", name="Ann")
    async with gateway_of(teams, rosters=Memory()) as gateway:
        assert await gateway.locate("ann@example.com") is None
    assert teams.calls == []


@pytest.mark.parametrize("installed", [False, True], ids=["not yet installed", "installed already: 409"])
async def test_with_graph_the_app_is_installed_for_whom_there_is_something_to_say(teams: FakeTeams, installed: bool) -> None:
    ann = teams.add_user(email="o'neil@example.com", name="Ann O'Neil", installed=installed)
    rosters = Memory(newest={teams.tenant_id: teams.service_url})
    async with gateway_of(teams, rosters=rosters, graph=True) as gateway:
        found = await gateway.locate("o'neil@example.com")
        assert found is not None
        address, profile = found
        assert (address.tenant, address.user, profile.email) == (TENANT, ann, "o'neil@example.com")
        await gateway.send(address, HELLO, key="k1")
        assert await gateway.locate("nobody@example.com") is None
        assert len(teams.calls_of("graph.catalog")) == 1, "looked up once"
    assert len(teams.messages_to(ann)) == 1
    assert teams.calls_of("create") == []
    assert teams.people[ann].installed


async def test_graph_says_later_until_the_chat_is_there_the_app_is_uploaded_or_consent_is_given(teams: FakeTeams) -> None:
    teams.add_user(email="ann@example.com", name="Ann")
    rosters = Memory(newest={teams.tenant_id: teams.service_url})
    async with gateway_of(teams, rosters=rosters, graph=True) as gateway:
        teams.graph.in_catalog = False
        with pytest.raises(Later, match="catalogue"):
            await gateway.locate("ann@example.com")
        teams.graph.in_catalog, teams.graph.allowed = True, False
        with pytest.raises(Later, match="403 Authorization_RequestDenied") as denied:
            await gateway.locate("ann@example.com")
        assert denied.value.broken
        teams.graph.allowed, teams.graph.chat_after = True, 1
        with pytest.raises(Later, match="not there yet") as soon:
            await gateway.locate("ann@example.com")
        assert soon.value.seconds is None, "as after a 429 everybody else would wait, too"
        teams.faults.rate_limit(method="graph.users", retry_after=7)
        with pytest.raises(Later) as limited:
            await gateway.locate("ann@example.com")
        assert limited.value.seconds == 7
        assert await gateway.locate("ann@example.com") is not None


async def test_a_tenant_without_consent_keeps_nobody_in_another_from_being_found(teams: FakeTeams) -> None:
    teams.add_user(email="ann@example.com", name="Ann", installed=True)
    rosters = Memory(newest={teams.tenant_id: teams.service_url})
    async with gateway_of(teams, rosters=rosters, graph=True, before=["no-consent"]) as gateway:
        found = await gateway.locate("ann@example.com")
        assert found is not None and found[0].tenant == TENANT
        with pytest.raises(Later, match="invalid_request"):
            await gateway.locate("nobody@example.com")


async def test_closed_accounts_and_guests_are_never_invited(teams: FakeTeams) -> None:
    ann, bo = (teams.add_user(email=f"{name}@example.com", name=name) for name in ("ann", "bo"))
    teams.people[ann].enabled, teams.people[bo].role = False, "guest"
    async with gateway_of(teams, rosters=Memory(), graph=True, catalog="known") as gateway:
        assert await gateway.locate("ann@example.com") is None
        assert await gateway.locate("bo@example.com") is None
    assert teams.calls_of("graph.install", "graph.catalog") == []


async def test_whoever_had_the_app_and_took_it_away_does_not_get_it_back(teams: FakeTeams) -> None:
    teams.add_user(email="ann@example.com", name="Ann")
    rosters = Memory(newest={teams.tenant_id: teams.service_url}, had={"ann@example.com"})
    async with gateway_of(teams, rosters=rosters, graph=True) as gateway:
        assert await gateway.locate("ann@example.com") is None
    assert teams.calls == []


async def test_graphs_token_goes_to_graphs_host_alone(teams: FakeTeams) -> None:
    async with gateway_of(teams, rosters=Memory(), graph=True) as gateway:
        assert gateway.graph is not None
        for link in ("https://evil.example/v1.0/users", "http://127.0.0.1:1/v1.0/users", "https://127.0.0.1@evil.example/"):
            with pytest.raises(Refused):
                await gateway.graph.page(TENANT, link)
    assert teams.calls == []


@pytest.mark.parametrize(
    "member",
    [
        {"id": "29:x", "email": "x@example.com", "tenantId": "another"},
        {"id": "29:x", "email": "x_other.example#EXT#@example.com"},
        {"id": "29:x", "email": "x@example.com", "userPrincipalName": "x_other.example#ext#@example.onmicrosoft.com"},
        {"id": "29:x", "email": "x@example.com", "userRole": "guest"},
        {"id": "28:bot", "email": "x@example.com"},
        {"id": "", "email": "x@example.com"},
        {"id": "29:x"},
        {"id": "29:x", "email": 5},
    ],
)
def test_strangers_guests_and_bots_of_a_roster_are_nobody(member: dict[str, object]) -> None:
    assert account_of(member, TENANT, {}) is None


# ------------------------------------------------------------------------------------------------ where a tenant is


async def test_a_tenant_that_moved_is_answered_where_its_newest_activity_came_from(teams: FakeTeams) -> None:
    ann = teams.add_user(email="ann@example.com", name="Ann", installed=True)
    old = f"{teams.base_url}/old-region/"
    route = {"service_url": old, "conversation": teams.people[ann].conversation, "bot_id": teams.bot["id"]}
    address = Address(platform=Platform.TEAMS, tenant=TENANT, user=ann, route=route)
    async with gateway_of(teams, rosters=Memory()) as gateway:
        with pytest.raises(Gone):
            await gateway.send(address, HELLO, key="k1")
        gateway.heard(replace(address, route={"service_url": teams.service_url}))
        receipt = await gateway.send(address, HELLO, key="k1")
        assert receipt.address.route["service_url"] == teams.service_url
        stale = replace(receipt, address=address)
        edited = await gateway.edit(stale, HELLO, key="k1")
        assert edited.address.route["service_url"] == teams.service_url
    assert len(teams.messages_to(ann)) == 1


# ------------------------------------------------------------------------------------------------ groups and strangers


async def test_words_in_a_group_are_answered_in_the_persons_own_chat_and_said_so_there(world: World) -> None:
    ann, group = world.person(), world.teams.add_channel(group=True)
    await world.driver.write_in_group(ann, group, "checkin")
    await world.teams.until(lambda: world.teams.messages_in(group), "the note")
    [note] = world.teams.messages_in(group)
    assert "in your own chat" in note.text
    [event] = world.door.events
    assert isinstance(event, Said) and "conversation" not in event.by.route
    profile = await world.gateway.profile(event.by)
    assert profile is not None and profile.email == "mina@example.com", "asked about where they spoke"


async def test_a_targeted_command_gets_a_targeted_note(world: World) -> None:
    ann, group = world.person(locale="ko-KR"), world.teams.add_channel(group=True)
    await world.driver.write_in_group(ann, group, "/checkin", targeted=True)
    await world.teams.until(lambda: world.teams.messages_in(group), "the note")
    [note] = world.teams.messages_in(group)
    assert "개인 채팅" in note.text
    assert note.activity["recipient"] == {"id": ann, "isTargeted": True}
    assert world.teams.calls_of("send")[-1].args["isTargetedActivity"] == "true"


async def test_a_stranger_is_told_that_nothing_was_stored_when_the_door_says_so(world: World) -> None:
    world.door.known = False
    ann = world.person()
    await world.driver.message(ann, "hi")
    world.door.tells = True
    await world.driver.message(ann, "hello")
    await world.teams.until(lambda: world.teams.messages_to(ann), "the note")
    [note] = world.teams.messages_to(ann)
    assert "Nothing was stored" in note.text
    assert len(world.teams.calls_of("send")) == 1


async def test_whoever_takes_the_app_away_is_reported_once(world: World) -> None:
    ann = world.person()
    await world.driver.uninstall(ann)
    [event] = world.door.gone
    assert (event.by.tenant, event.by.user) == (TENANT, ann)
    assert world.door.events == []


# ------------------------------------------------------------------------------------------------ several tenants


TENANTS = tuple(f"aaaaaaaa-bbbb-cccc-dddd-00000000000{n}" for n in range(3))


@dataclass
class Cloud:
    """Three tenants with one bot, whose people, chats and activities have the same ids everywhere; and a fourth, a stranger's."""

    fakes: list[FakeTeams]
    gateway: TeamsGateway
    door: RecordingDoor
    drivers: list[TeamsDriver]


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    async with contextlib.AsyncExitStack() as stack:
        fakes = [await stack.enter_async_context(FakeTeams(app_id=APP_ID, tenant_id=one)) for one in (*TENANTS, "foreign")]
        for fake in fakes[1:]:
            fake.keys, fake._tokens = fakes[0].keys, fakes[0]._tokens  # one cloud
        gateway = await stack.enter_async_context(gateway_of(*fakes[:3], rosters=Memory()))
        http = await stack.enter_async_context(httpx.AsyncClient())
        auth = Auth(app_id=APP_ID, tenants=set(TENANTS), keys=Keys(fakes[0].openid_url, http), development=True)
        door, app = RecordingDoor(), FastAPI()
        app.include_router(teams_router(inbound=door, gateway=gateway, auth=auth, clock=FixedClock()))
        url = await stack.enter_async_context(served(app))
        yield Cloud(fakes, gateway, door, [fake.driver(url) for fake in fakes])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(talk=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), min_size=1, max_size=12))
async def test_nothing_of_one_tenant_ever_reaches_another(cloud: Cloud, talk: list[tuple[int, int, bool]]) -> None:
    for fake in cloud.fakes:
        fake.people.clear()
        fake._conversations.clear()
        fake.messages.clear()
        fake._windows.clear()
        fake._numbers = iter(range(1, 10**6))  # type: ignore[assignment]  # the same ids in every tenant
        for n in range(3):
            user = fake.add_user(email=f"p{n}@{fake.tenant_id}.example", name=f"P {n}", installed=True)
            if n == 1:  # the same person's id, but another chat
                fake.people[user].conversation = f"a:{fake.tenant_id}"
                fake._conversations[f"a:{fake.tenant_id}"] = user
    cloud.door.events.clear()
    for number, (tenant, who, opens) in enumerate(talk):
        fake = cloud.fakes[tenant]
        user = list(fake.people)[who]
        activity = cloud.drivers[tenant].activity(user, "message", text=f"word {number}", id=f"same-{number % 2}")
        answer = await cloud.drivers[tenant].raw(json.dumps(activity).encode())
        if tenant == 3:
            assert answer.status == 403
            assert all(event.by.tenant != "foreign" for event in cloud.door.events)
            continue
        assert answer.status == 200
        seen = [event for event in cloud.door.events if event.by.tenant == fake.tenant_id and event.by.user == user]
        assert seen, "the same ids in another tenant are somebody else's"
        address = seen[-1].by
        if opens:  # as one who never spoke: the chat has to be opened
            address = replace(address, route={k: v for k, v in address.route.items() if k != "conversation"})
        text = f"for {fake.tenant_id}"
        await cloud.gateway.send(address, Card(summary=text, elements=(Heading(text=text),)), key=f"k{number}")
    for fake in cloud.fakes:
        for message in fake.messages.values():
            assert f"for {fake.tenant_id}" in str(message.activity)
    assert cloud.fakes[3].messages == {}
