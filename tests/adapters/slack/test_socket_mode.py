"""Socket Mode: the same listener over a connection that we open; acknowledged after the commit, opened again when it breaks."""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from adapters.slack.client import Client
from adapters.slack.gateway import SlackGateway
from adapters.slack.routes import listener
from adapters.slack.socket_mode import Socket
from bot.decision import Decision, FieldErrors
from bot.events import Address, Platform, Said
from bot.ports import Conflict
from bot.talk.actions import Action, Verb
from bot.talk.cards import Form, TextField
from tests.adapters.slack.conftest import NOTES, FixedClock, RecordingDoor
from tests.adapters.slack.test_inbound import submitted
from tests.fakes.slack_driver import SlackDriver
from tests.fakes.slack_oauth import SlackCity


@dataclass
class World:
    city: SlackCity
    door: RecordingDoor
    driver: SlackDriver  # only for the shapes of payloads
    person: str
    token: str

    @contextlib.asynccontextmanager
    async def replica(self, app_token: str = "") -> AsyncIterator[Socket]:
        gateway, client = SlackGateway(self.token, api_url=self.city.api_url), Client(self.city.api_url)
        take = listener(self.door, gateway, clock=FixedClock(), notes=NOTES)
        socket = Socket(app_token or self.city.slack_app.app_token, take, client)
        await socket.open()
        try:
            yield socket
        finally:
            await socket.close()
            await client.close()
            await gateway.close()

    def message(self, text: str) -> dict[str, object]:
        return self.driver.envelope(
            {
                "type": "message",
                "channel_type": "im",
                "channel": "D1",
                "user": self.person,
                "text": text,
                "ts": "1.1",
                "team": "T1",
            }
        )


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with SlackCity() as city:
        slack = city.add("T1")
        token, _ = city.give("T1", "")
        person = slack.add_user(email="mina@example.com", name="Mina")
        yield World(city=city, door=RecordingDoor(), driver=slack.driver("http://nowhere", "s"), person=person, token=token)


async def connected(world: World, *sockets: Socket) -> None:
    await world.city.until(lambda: all(socket.connected for socket in sockets), "connected", timeout=10)
    await world.city.until(lambda: len(world.city.sockets.open) >= len(sockets), "open on Slack's side")


async def test_what_people_say_comes_over_the_connection_and_is_acknowledged(world: World) -> None:
    async with world.replica() as socket:
        assert socket.standing() is not None
        await connected(world, socket)
        assert socket.standing() is None
        answer = await world.city.sockets.send("events_api", world.message("all on track"))
        assert answer is not None and answer.keys() == {"envelope_id"}
    by = Address(platform=Platform.SLACK, tenant="T1", user=world.person)
    assert [(event.by, event.text) for event in world.door.events if isinstance(event, Said)] == [(by, "all on track")]


async def test_what_could_not_be_written_is_not_acknowledged_and_comes_again(world: World) -> None:
    async with world.replica() as socket:
        await connected(world, socket)
        world.door.fails.append(Conflict("busy"))
        payload = world.message("again")
        assert await world.city.sockets.send("events_api", payload, wait=1.0) is None
        assert await world.city.sockets.send("events_api", payload) is not None
    assert len(world.door.events) == 1


async def test_a_command_is_answered_in_its_acknowledgement(world: World) -> None:
    async with world.replica() as socket:
        await connected(world, socket)
        command = {"command": "/checkin", "text": "", "trigger_id": "1.2", "team_id": "T1", "user_id": world.person,
                   "channel_id": "C1", "channel_name": "general"}  # fmt: skip
        answer = await world.city.sockets.send("slash_commands", command)
    assert answer is not None and answer["payload"]["response_type"] == "ephemeral"


async def test_errors_of_a_form_stand_at_its_fields(world: World) -> None:
    form = Form(
        action=Action(Verb.ANSWER, ("c",)), title="t", submit="s", cancel="c", parts=(TextField(id="note", label="Note"),)
    )
    world.door.decide = lambda event: Decision(reply=FieldErrors(errors={"note": "Please say more."}, form=form))
    payload = submitted({"note": {"type": "plain_text_input", "value": "x"}})
    payload["user"] = {"id": world.person, "team_id": "T1"}
    async with world.replica() as socket:
        await connected(world, socket)
        answer = await world.city.sockets.send("interactive", payload)
    assert answer is not None and answer["payload"]["response_action"] == "errors"
    assert list(answer["payload"]["errors"].values()) == ["Please say more."]


@pytest.mark.parametrize("politely", [True, False])
async def test_a_connection_that_ends_is_opened_again_under_a_new_address(world: World, politely: bool) -> None:
    async with world.replica() as socket:
        await connected(world, socket)
        first = world.city.sockets.given
        world.city.sockets.drop(politely=politely)
        await world.city.until(lambda: world.city.sockets.given > first, "a new address", timeout=15)
        await world.city.until(lambda: socket.connected, "connected again", timeout=15)
        await world.city.until(lambda: world.city.sockets.open, "open on Slack's side")
        assert await world.city.sockets.send("events_api", world.message("still here")) is not None


async def test_replicas_share_what_happens(world: World) -> None:
    async with world.replica() as one, world.replica() as two:
        await connected(world, one, two)
        for which in (0, 1):
            assert await world.city.sockets.send("events_api", world.message(f"over {which}"), which=which) is not None
    assert len(world.door.events) == 2


async def test_a_wrong_app_token_is_said_and_its_ticket_never(world: World, caplog: pytest.LogCaptureFixture) -> None:
    async with world.replica("xapp-wrong") as socket:
        await world.city.until(lambda: world.city.calls_of("apps.connections.open"), "asked")
        assert not socket.connected and "RONDO_SLACK_APP_TOKEN" in (socket.standing() or "")
    assert "xapp-wrong" not in caplog.text and "ticket=" not in caplog.text


async def test_garbage_over_the_connection_is_nothing(world: World) -> None:
    async with world.replica() as socket:
        await connected(world, socket)
        for payload in ({}, {"type": 5}, {"type": "event_callback", "event": []}):
            assert await world.city.sockets.send("events_api", json.loads(json.dumps(payload))) is not None
        assert socket.connected
    assert world.door.events == []
