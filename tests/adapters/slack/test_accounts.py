"""Which of a workspace's accounts are somebody: HR says who works here, Slack only whose account it is."""

import pytest

from adapters.slack.gateway import SlackGateway
from bot.events import Address, Platform
from tests.fakes.slack import FakeSlack


@pytest.mark.parametrize("guest", ["one", "several"])
async def test_a_guest_whose_address_slack_vouches_for_may_be_somebody(guest: str) -> None:
    async with FakeSlack() as slack:
        gateway = SlackGateway(slack.bot_token, api_url=slack.api_url)
        user = slack.add_user(email="temp@example.com", name="Temp", guest=guest)
        slack.add_user(email="unsure@example.com", name="Unsure", guest=guest, email_confirmed=False)
        profile = await gateway.profile(Address(platform=Platform.SLACK, tenant=slack.team, user=user))
        found = await gateway.locate("temp@example.com")
        assert profile is not None and profile.email == "temp@example.com"
        assert found is not None and found[0].user == user
        assert [person.email for _, person in await gateway.directory()] == ["temp@example.com"]
        await gateway.close()
