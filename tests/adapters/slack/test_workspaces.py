"""Many workspaces that share every id: whatever is done for one reaches that one alone (RELIABILITY S3)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import Engine

from adapters.installs import SqlInstalls
from adapters.slack.client import Client
from adapters.slack.gateway import SlackGateway
from adapters.slack.routes import listener
from adapters.slack.tokens import Tokens
from adapters.slack.workspaces import SlackWorkspaces
from bot.events import Address, Platform, Receipt, Said
from bot.ports import DeliveryError, Gone, Later
from bot.talk.actions import Action, Verb
from bot.talk.cards import Card, Form, Paragraph, TextField
from bot.talk.text import plain
from tests.adapters.slack.conftest import NOTES, FixedClock, RecordingDoor
from tests.fakes.slack_oauth import SlackCity

TEAMS = ("T1", "T2", "T3")
CARD = Card(summary="Hello", elements=(Paragraph(text=plain("Hello")),))
FORM = Form(action=Action(Verb.ANSWER, ("c",)), title="t", submit="s", cancel="c", parts=(TextField(id="note", label="Note"),))
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class World:
    city: SlackCity
    tokens: Tokens
    gateway: SlackWorkspaces
    back: list[str]

    def at(self, team: str, user: str = "U00000001") -> Address:
        return Address(platform=Platform.SLACK, tenant=team, user=user)

    def reached(self) -> set[str]:
        """Workspaces that were called, and forget it."""
        found = {team for team, slack in self.city.workspaces.items() if slack.calls}
        for slack in self.city.workspaces.values():
            slack.calls.clear()
        return found

    def install(self, team: str, enterprise: str = "") -> Installation:
        name, token = self.city.give(team, enterprise if not team else "")
        installation = Installation(
            app_id="A1", team_id=team or None, team_name=team, enterprise_id=enterprise or None, bot_token=name, user_id="U0",
            bot_refresh_token=token.refresh, bot_token_expires_at=int(token.ends), is_enterprise_install=not team,
        )  # fmt: skip
        self.tokens.installs.save(installation)
        self.gateway.forget()
        return installation


@pytest.fixture
async def world(engine: Engine) -> AsyncIterator[World]:
    async with SlackCity() as city:
        client, back = Client(city.api_url), list[str]()
        app = city.slack_app
        installs = SqlInstalls(engine, app.client_id, [Fernet(Fernet.generate_key())])
        tokens = Tokens(installs, client, client_id=app.client_id, client_secret=app.client_secret)
        gateway = SlackWorkspaces(
            tokens, lambda team, token: SlackGateway(token, team=team, api_url=city.api_url), back=back.append
        )
        made = World(city=city, tokens=tokens, gateway=gateway, back=back)
        for team in TEAMS:
            city.add(team).add_user(email=f"ana@{team}.example", name=f"Ana of {team}")
            made.install(team)
        yield made
        await gateway.close()
        await client.close()


async def _sent(world: World, team: str) -> Receipt:
    return await world.gateway.send(world.at(team), CARD, key="k")


async def _edited(world: World, team: str) -> object:
    sent = await _sent(world, team)
    return await world.gateway.edit(sent, CARD, key="k")


async def _form(world: World, team: str) -> None:
    trigger = world.city.workspaces[team].issue_trigger("U00000001")
    await world.gateway.open_form(trigger, FORM, by=world.at(team))


WAYS: dict[str, Callable[[World, str], Awaitable[object]]] = {
    "send": _sent,
    "edit": _edited,
    "find": lambda world, team: world.gateway.find(world.at(team), key="k", since=SINCE),
    "overheard": lambda world, team: world.gateway.overheard(world.at(team), since=SINCE, now=SINCE),
    "profile": lambda world, team: world.gateway.profile(world.at(team)),
    "home": lambda world, team: world.gateway.show_home(world.at(team), CARD),
    "form": _form,
}


@pytest.mark.parametrize("way", WAYS)
async def test_whatever_is_done_for_one_workspace_reaches_it_alone(world: World, way: str) -> None:
    for team in TEAMS:
        await WAYS[way](world, team)
        assert world.reached() == {team}


async def test_each_profile_and_account_is_that_of_its_workspace(world: World) -> None:
    listed = await world.gateway.directory()
    assert sorted((at.tenant, profile.email) for at, profile in listed) == [(team, f"ana@{team}.example") for team in TEAMS]
    for team in TEAMS:
        profile = await world.gateway.profile(world.at(team))
        assert profile is not None and profile.email == f"ana@{team}.example"
        found = await world.gateway.locate(f"ana@{team}.example")
        assert found is not None and found[0] == world.at(team)


async def test_a_workspace_that_cannot_be_listed_is_left_out_whole_and_hides_no_other(world: World) -> None:
    world.city.workspaces["T2"].token_error = "missing_scope"
    assert {at.tenant for at, _ in await world.gateway.directory()} == {"T1", "T3"}
    assert await world.gateway.locate("ana@T3.example") is not None
    for slack in world.city.workspaces.values():
        slack.token_error = "missing_scope"
    with pytest.raises(DeliveryError):
        await world.gateway.directory()


async def test_what_is_no_workspace_of_ours_gets_nothing(world: World) -> None:
    for address in (world.at("T9"), world.at(""), world.at("T1' OR 1=1")):
        with pytest.raises(Gone):
            await world.gateway.send(address, CARD, key="k")
        assert await world.gateway.ours(address) is None
        assert await world.gateway.profile(address) is None
    assert world.reached() == set()


async def test_a_dead_token_lets_its_workspace_rest_and_no_other(world: World) -> None:
    world.city.revoke("T1")
    with pytest.raises(Later) as first:
        await _sent(world, "T1")
    assert first.value.broken and first.value.reason == "token_revoked"
    with pytest.raises(Later) as after:
        await _sent(world, "T1")
    assert after.value.broken and after.value.reason == "not_installed"
    assert world.city.calls_of("chat.postMessage") and world.reached() == set()  # it got as far as Slack once, and no further
    await _sent(world, "T2")
    assert world.reached() == {"T2"}
    assert {at.tenant for at, _ in await world.gateway.directory()} == {"T2", "T3"}


async def test_a_workspace_that_is_back_is_said_to_be_back_also_to_other_replicas(world: World) -> None:
    await world.gateway.look()
    world.city.revoke("T1")
    with pytest.raises(Later):
        await _sent(world, "T1")
    await world.gateway.look()
    world.install("T1")  # by another replica
    await world.gateway.look()
    assert world.back == ["T1"]
    await _sent(world, "T1")


async def test_in_flight_a_token_that_ran_out_is_renewed_once_and_the_message_is_posted_once(world: World) -> None:
    for token in world.city.tokens.values():
        token.ends = 0.0
    await _sent(world, "T1")
    assert len(world.city.calls_of("oauth.v2.access")) == 1
    assert len(world.city.workspaces["T1"].messages_to("U00000001")) == 1


async def test_a_message_in_doubt_is_not_posted_again_with_a_new_token(world: World) -> None:
    world.city.faults.lose_response(1, method="chat.postMessage")
    with pytest.raises(DeliveryError):
        await _sent(world, "T1")
    assert len(world.city.workspaces["T1"].messages_to("U00000001")) == 1


# ------------------------------------------------------------------------------------------ through the listener


async def _take(world: World, door: RecordingDoor, payload: dict[str, Any]) -> int:
    answer = await listener(door, world.gateway, clock=FixedClock(), notes=NOTES)(payload)
    return int(answer.status)


async def test_events_are_taken_for_the_workspace_they_come_from(world: World) -> None:
    door = RecordingDoor()
    for team in (*TEAMS, "T9"):
        slack = world.city.workspaces.get(team) or world.city.add("T9")
        said = {"type": "message", "channel_type": "im", "channel": "D1", "user": "U00000001", "text": "hi", "ts": "1.1"}
        assert await _take(world, door, slack.driver("http://nowhere", "s").envelope(said)) == 200
    assert [event.by for event in door.events] == [world.at(team) for team in TEAMS]


@pytest.mark.parametrize("kind", ["app_uninstalled", "tokens_revoked"])
async def test_the_end_of_an_install_that_cannot_be_checked_is_answered_503(world: World, kind: str) -> None:
    payload = world.city.workspaces["T1"].driver("http://nowhere", "s").envelope({"type": kind})
    world.city.faults.server_error(1, method="auth.test")
    assert await _take(world, RecordingDoor(), payload) == 503
    assert await _take(world, RecordingDoor(), payload) == 200
    await _sent(world, "T1")  # Slack says that the token works: nothing ended
    world.city.revoke("T1")
    assert await _take(world, RecordingDoor(), payload) == 200
    assert await _take(world, RecordingDoor(), payload) == 200
    with pytest.raises(Later):
        await _sent(world, "T1")


@pytest.mark.parametrize("payload", [{}, {"team_id": 5}, {"team_id": "T1\0", "enterprise_id": ["E1"]}, {"team_id": "T9"}])
async def test_odd_events_about_installs_are_nothing(world: World, payload: dict[str, Any]) -> None:
    event = {"type": "event_callback", "event": {"type": "app_uninstalled"}, **payload}
    assert await _take(world, RecordingDoor(), event) == 200
    assert await world.tokens.find("T1") is not None


async def test_in_an_organisation_people_act_from_other_workspaces_and_in_its_name(world: World) -> None:
    for team in ("T7", "T8"):
        world.city.add(team, enterprise="E1")
    eight = world.city.workspaces["T8"]
    ana = eight.add_user(email="ana@e1.example", name="Ana")
    eight.users["W1"] = eight.users.pop(ana)
    eight.users["W1"].id = "W1"
    await world.gateway.installed(world.install("", "E1"))
    assert world.back == ["T7", "T8"]
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": "W1", "text": "hi", "ts": "1.1", "user_team": "T7"}
    envelope = eight.driver("http://nowhere", "s").envelope(said)
    door = RecordingDoor()
    assert await _take(world, door, envelope) == 200
    assert await _take(world, door, envelope | {"team_id": "E1", "event_id": "Ev2"}) == 200
    assert await _take(world, door, envelope | {"team_id": None, "event_id": "Ev3"}) == 200
    typed = {"command": "/checkin", "text": "", "trigger_id": "1.2.3", "user_id": "W1", "enterprise_id": "E1", "channel_id": "D1"}
    assert await _take(world, door, typed | {"is_enterprise_install": "true", "channel_name": "directmessage"}) == 200
    assert [event.by for event in door.events] == [world.at("T8", "W1")] * 4
    in_channel = typed | {"trigger_id": "1.2.4", "channel_id": "C1", "channel_name": "team"}
    other = RecordingDoor()
    assert await _take(world, other, in_channel) == 200
    (told,) = other.events
    assert isinstance(told, Said) and told.place is not None and (told.place.tenant, told.place.user) == ("T8", "C1")
    assert await _take(world, door, envelope | {"team_id": "E2", "enterprise_id": "E2", "event_id": "Ev4"}) == 200
    assert await _take(world, door, envelope | {"team_id": None, "enterprise_id": None, "event_id": "Ev5"}) == 200
    assert len(door.events) == 4
