"""What people wrote to Rondo, read back from Slack's history of the conversation."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.gateway import SlackGateway
from adapters.slack.inbound import read
from bot.events import Address, Platform, Said
from bot.talk.cards import Card, Paragraph
from bot.talk.text import plain
from tests.fakes.slack import FakeSlack

CARD = Card(summary="How was your week?", elements=(Paragraph(text=plain("How was your week?")),))


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


def at(slack: FakeSlack, user: str) -> Address:
    return Address(platform=Platform.SLACK, tenant=slack.team, user=user)


async def test_what_somebody_wrote_is_read_back_and_has_the_name_that_its_event_had(
    slack: FakeSlack, gateway: SlackGateway
) -> None:
    ana = slack.add_user(email="ana@example.com", name="Ana")
    since, now = datetime.now(UTC) - timedelta(minutes=1), datetime(2031, 1, 9, 18, tzinfo=UTC)
    dm = slack.users[ana].dm
    await gateway.send(at(slack, ana), CARD, key="k1")
    first, second = slack.say(ana, dm, "on track &amp; happy", None), slack.say(ana, dm, "41 pages", None)
    found = await gateway.overheard(at(slack, ana), since=since, now=now)
    assert [(one.text, one.message, one.at) for one in found] == [
        ("on track & happy", f"slack:{dm}:{first.ts}", now),
        ("41 pages", f"slack:{dm}:{second.ts}", now),
    ]
    assert all(one.overheard and one.by == at(slack, ana) for one in found)
    told = {"type": "message", "channel_type": "im", "channel": dm, "user": ana, "text": "41 pages", "ts": second.ts}
    event = read({"type": "event_callback", "team_id": slack.team, "event_id": "Ev1", "event": told}, now)
    assert isinstance(event, Said)
    assert event.message == found[1].message
    assert event.id != found[1].id
    assert await gateway.overheard(at(slack, ana), since=datetime.now(UTC) + timedelta(minutes=1), now=now) == []
