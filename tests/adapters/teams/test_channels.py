"""A team's channel in Teams: what is said there says where, and a post begins a thread of its own that is edited in place."""

import pytest

from adapters.teams import inbound
from adapters.teams.gateway import TeamsGateway
from bot.events import Address, Platform, Said
from bot.ports import DeliveryError, Gone
from tests.adapters.teams.conftest import APP_ID, NOW, TENANT
from tests.adapters.teams.test_gateway import card
from tests.adapters.teams.test_inbound import activity
from tests.fakes.teams import FakeTeams, dump

CHANNEL = "19:abc@thread.tacv2"


def said(**more: object) -> Said:
    event = inbound.read(activity(text="<at>Rondo</at> /team post here", **more), NOW)
    assert isinstance(event, Said) and event.text == "/team post here"
    return event


def test_what_is_said_in_a_channel_says_which() -> None:
    conversation = {"id": f"{CHANNEL};messageid=17", "conversationType": "channel", "tenantId": "t1"}
    for data in ({"tenant": {"id": "t1"}, "channel": {"id": CHANNEL}}, {"tenant": {"id": "t1"}}):
        place = said(conversation=conversation, channelData=data).place
        assert place == Address(platform=Platform.TEAMS, tenant="t1", user=CHANNEL)
        assert place.route == {
            inbound.CHANNEL: CHANNEL, "service_url": "https://smba.trafficmanager.net/emea/", "bot_id": "28:rondo",
        }  # fmt: skip


@pytest.mark.parametrize("kind", ["personal", "groupChat"])
def test_what_is_said_anywhere_else_has_no_place(kind: str) -> None:
    assert said(conversation={"id": "a:chat", "conversationType": kind, "tenantId": "t1"}).place is None


def at(teams: FakeTeams, channel: str) -> Address:
    route = {inbound.CHANNEL: channel, "service_url": teams.service_url, "bot_id": f"28:{APP_ID}"}
    return Address(platform=Platform.TEAMS, tenant=TENANT, user=channel, route=route)


async def test_a_post_begins_a_thread_and_is_edited_in_place(teams: FakeTeams, gateway: TeamsGateway) -> None:
    channel = teams.add_channel()
    receipt = await gateway.send(at(teams, channel), card("The week of Web"), key="k1")
    assert receipt.place == f"{channel};messageid={receipt.id}"
    assert await gateway.edit(receipt, card("With more"), key="k1") == receipt
    [message] = teams.messages_in(channel)
    assert message.id == receipt.id and "With more" in dump(message)
    assert len(teams.calls_of("create")) == 1 and teams.violations == []


@pytest.mark.parametrize("code", ["BotNotInConversationRoster", "ConversationNotFound", "MessageWritesBlocked"])
async def test_a_channel_without_the_app_is_gone(teams: FakeTeams, gateway: TeamsGateway, code: str) -> None:
    channel = teams.add_channel()
    teams.channels[channel].refusal = code
    with pytest.raises(Gone):
        await gateway.send(at(teams, channel), card(), key="k1")


async def test_an_unknown_channel_is_gone(teams: FakeTeams, gateway: TeamsGateway) -> None:
    with pytest.raises(Gone):
        await gateway.send(at(teams, CHANNEL), card(), key="k1")


async def test_a_channel_nobody_knows_how_to_reach_is_gone(gateway: TeamsGateway) -> None:
    nowhere = Address(platform=Platform.TEAMS, tenant=TENANT, user=CHANNEL, route={inbound.CHANNEL: CHANNEL})
    with pytest.raises(DeliveryError):
        await gateway.send(nowhere, card(), key="k1")
