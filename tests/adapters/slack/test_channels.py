"""A team's channel in Slack: which commands come from one, how a post gets there, and who may read back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from adapters.slack import inbound
from adapters.slack.gateway import SlackGateway
from bot.events import Address, Platform, Said
from bot.ports import Gone, Unreadable
from bot.talk.cards import Card, Paragraph
from bot.talk.text import plain
from tests.fakes.slack import FakeSlack

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
POST = Card(summary="The week of Web", elements=(Paragraph(text=plain("The week of Web")),))
LATER = Card(summary="The week of Web, with more", elements=(Paragraph(text=plain("With more")),))


def place_of(**more: object) -> Address | None:
    body = {"command": "/team", "text": "post here", "team_id": "T1", "user_id": "U1", "trigger_id": "1.2.abc", **more}
    event = inbound.read(body, NOW)
    assert isinstance(event, Said) and event.text == "/team post here" and event.by.user == "U1"
    return event.place


@pytest.mark.parametrize(("channel", "name"), [("C123", "web"), ("G123", "privategroup")])
def test_a_command_in_a_channel_says_which(channel: str, name: str) -> None:
    place = place_of(channel_id=channel, channel_name=name)
    assert place == Address(platform=Platform.SLACK, tenant="T1", user=channel)
    assert place.route == {inbound.CHANNEL: channel}


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("D123", "directmessage"),
        ("G123", "mpdm-ana--ben-1"),
        ("C123", None),
        (None, "web"),
        ("C\0", "web"),
        (7, "web"),
    ],
)
def test_a_command_anywhere_else_has_no_place(channel: object, name: object) -> None:
    assert place_of(channel_id=channel, channel_name=name) is None


def test_a_direct_message_has_no_place() -> None:
    body = {"type": "message", "channel_type": "im", "user": "U1", "text": "team post here", "team": "T1"}
    event = inbound.read({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": body}, NOW)
    assert isinstance(event, Said) and event.place is None


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
    assert [str(violation) for violation in fake.violations] == []


@pytest.fixture
async def gateway(slack: FakeSlack) -> AsyncIterator[SlackGateway]:
    gateway = SlackGateway(slack.bot_token, api_url=slack.api_url)
    yield gateway
    await gateway.close()


def at(slack: FakeSlack, channel: str) -> Address:
    return Address(platform=Platform.SLACK, tenant=slack.team, user=channel, route={inbound.CHANNEL: channel})


async def test_a_post_goes_to_the_channel_and_is_edited_in_place(slack: FakeSlack, gateway: SlackGateway) -> None:
    channel = slack.add_channel()
    receipt = await gateway.send(at(slack, channel), POST, key="k")
    await gateway.edit(receipt, LATER, key="k")
    (message,) = slack.messages_in(channel)
    assert (message.ts, message.text, receipt.place) == (receipt.id, "The week of Web, with more", channel)
    assert slack.calls_of("conversations.open") == []


@pytest.mark.parametrize("error", ["is_archived", "channel_not_found", "not_in_channel"])
async def test_a_channel_that_is_no_more_is_gone(slack: FakeSlack, gateway: SlackGateway, error: str) -> None:
    channel = slack.add_channel()
    slack.refuse(channel, error)
    with pytest.raises(Gone, match=error):
        await gateway.send(at(slack, channel), POST, key="k")


async def test_a_bot_that_is_no_member_is_not_there(slack: FakeSlack, gateway: SlackGateway) -> None:
    with pytest.raises(Gone, match="not_in_channel"):
        await gateway.send(at(slack, slack.add_channel(with_bot=False)), POST, key="k")


async def test_nobody_reads_back_in_a_channel_without_the_scope(slack: FakeSlack, gateway: SlackGateway) -> None:
    channel = slack.add_channel()
    began = datetime.now(UTC)
    receipt = await gateway.send(at(slack, channel), POST, key="k")
    with pytest.raises(Unreadable):
        await gateway.find(at(slack, channel), key="k", since=began)
    slack.scopes.add("channels:history")
    assert await gateway.find(at(slack, channel), key="k", since=began) == receipt
