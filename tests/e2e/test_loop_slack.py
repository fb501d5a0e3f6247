"""The whole loop in Slack, from outside: signed requests in, Web API calls out, a server process in between."""

from tests.e2e import story
from tests.e2e.company import MONDAY
from tests.e2e.conftest import Serve
from tests.e2e.hands import SlackHands
from tests.fakes import slack_read
from tests.fakes.slack import FakeSlack

EVERYBODY = ("vera", "dana", "max", "mina", "joe", "ana", "ben", "cem")


async def test_a_week_from_prompt_to_decision(serve: Serve, slack: FakeSlack, database_url: str) -> None:
    server = await serve(database_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, *EVERYBODY, at=MONDAY)
    await story.met(hands, *EVERYBODY)
    await story.asked_at_ten_of_their_own_time(server, hands)
    await story.answered_by_button(server, hands)
    await story.answered_by_words(server, hands)
    await story.answered_in_korean(server, hands)
    await story.escalated(server, hands)
    await story.decided(server, hands)
    await story.two_reminders_then_silence(server, hands, "cem")


async def test_a_stalled_goal_is_told_to_its_owner_and_then_to_the_manager(
    serve: Serve, slack: FakeSlack, sqlite_url: str
) -> None:
    server = await serve(sqlite_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, "dana", at=MONDAY)
    await hands.arrive("ana")  # her account is younger than the import: she is looked for when there is something to say
    await story.stalled(server, hands)


async def test_hr_and_everything_one_can_say(serve: Serve, slack: FakeSlack, postgres_url: str) -> None:
    server = await serve(postgres_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, *EVERYBODY, at=MONDAY)
    await story.commands(server, hands)
    await story.hr_changes_a_threshold(server, hands)
    await _home_shows_goals(hands, slack)


async def _home_shows_goals(hands: SlackHands, slack: FakeSlack) -> None:
    await hands.driver.home_opened(hands.ids["ana"])
    home = slack.home(hands.ids["ana"])
    assert home is not None and "Quieter nights on call" in slack_read.dump(home)
    await hands.driver.press(hands.ids["ana"], home, "Open form")
    assert "Pages per week" in slack_read.dump(await slack.view(hands.ids["ana"]))
    await hands.driver.home_opened(hands.ids["mina"])
    home = slack.home(hands.ids["mina"])
    assert home is not None and "모바일 앱 출시" in slack_read.dump(home) and "양식 열기" in slack_read.dump(home)
