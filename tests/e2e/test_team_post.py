"""A team's weekly post through signed HTTP: opted in, it arrives in the channel, and a late answer edits it in place."""

from tests.e2e import story
from tests.e2e.company import MONDAY
from tests.e2e.conftest import Serve
from tests.e2e.hands import SlackHands, TeamsHands
from tests.fakes import slack as fake_slack
from tests.fakes import teams as fake_teams
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams

BEFORE, FRIDAY, LATE, NEXT_FRIDAY = "2031-01-10T13:59", "2031-01-10T14:00", "2031-01-10T15:00", "2031-01-17T14:00"


async def test_the_post_arrives_in_slack_and_a_late_answer_edits_it(serve: Serve, slack: FakeSlack, postgres_url: str) -> None:
    server = await serve(postgres_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, "dana", "ana", "ben", at=MONDAY)
    channel = slack.add_channel(*hands.ids.values())
    answer = await hands.driver.command(hands.ids["dana"], "/team", "post here", channel=channel)
    assert answer.message is not None and answer.message.only_for == hands.ids["dana"], "everybody in the channel saw it"
    await server.settle()
    assert "the weekly post of Web will be here" in hands.last("dana").words
    await server.now(BEFORE)
    assert [m for m in slack.messages_in(channel) if m.only_for is None] == []
    await server.now(FRIDAY)
    (post,) = [m for m in slack.messages_in(channel) if m.only_for is None]
    words = fake_slack.dump(post)
    assert "Quieter nights on call" in words and "Committed · no status yet" in words
    for name in ("Ana", "Ben"):
        assert name not in words
    await server.now(LATE)
    form = await hands.open_form("ana", hands.last("ana", "Check-in for the week"), "Open form")
    wins = {"Status": "On track", "Pages per week": "31", "Wins": "A whole night of sleep"}
    assert (await hands.submit("ana", form, wins)).closed
    (edited,) = [m for m in slack.messages_in(channel) if m.only_for is None]
    assert edited.ts == post.ts and len(edited.history) == 1
    assert "Pages per week: 40 → 31 alerts" in fake_slack.dump(edited)
    assert "“A whole night of sleep” – Ana" in fake_slack.dump(edited)
    await server.now(NEXT_FRIDAY)
    assert len([m for m in slack.messages_in(channel) if m.only_for is None]) == 2


async def test_an_archived_slack_channel_is_switched_off_and_its_opener_told(
    serve: Serve, slack: FakeSlack, sqlite_url: str
) -> None:
    server = await serve(sqlite_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, "dana", "ana", at=MONDAY)
    channel = slack.add_channel(*hands.ids.values())
    await hands.driver.command(hands.ids["dana"], "/team", "post here", channel=channel)
    slack.refuse(channel, "is_archived")
    await server.now(FRIDAY)
    assert "I could not write in the channel of Web any more" in hands.last("dana").words
    rows = [row for row in await server.items("outbox") if row["person"] == "team:Web"]
    assert [(row["state"], row["reason"]) for row in rows] == [("refused", "is_archived")]
    slack.accept(channel)
    await server.now(NEXT_FRIDAY)
    assert [m for m in slack.messages_in(channel) if m.only_for is None] == []


async def test_the_post_arrives_in_teams_and_a_late_answer_edits_it(serve: Serve, teams: FakeTeams, sqlite_url: str) -> None:
    server = await serve(sqlite_url, teams=teams)
    hands = TeamsHands(teams, server)
    await story.founded(server, hands, "dana", "ana", "ben", at=MONDAY)
    channel = teams.add_channel()
    await hands.driver.mention(hands.ids["dana"], channel, "/team post here")
    await server.settle()
    assert "the weekly post of Web will be here" in hands.last("dana").words
    assert teams.messages_in(channel) == []
    await server.now(FRIDAY)
    (post,) = teams.messages_in(channel)
    assert "Committed · no status yet" in fake_teams.dump(post)
    await server.now(LATE)
    form = await hands.open_form("ana", hands.last("ana", "Check-in for the week"), "Open form")
    assert (await hands.submit("ana", form, {"Status": "On track", "Pages per week": "31", "Wins": "Slept well"})).closed
    (edited,) = teams.messages_in(channel)
    assert edited.id == post.id and len(edited.history) == 1
    assert "Pages per week: 40 → 31 alerts" in fake_teams.dump(edited) and "“Slept well” – Ana" in fake_teams.dump(edited)
    outcome = await hands.driver.press(hands.ids["ben"], edited, "Why?")
    assert outcome.kind in ("card", "text"), outcome
    await server.settle()
    assert "Somebody turned on the weekly post of Web in this channel" in hands.last("ben").words


async def test_a_teams_channel_without_the_app_is_switched_off_and_its_opener_told(
    serve: Serve, teams: FakeTeams, sqlite_url: str
) -> None:
    server = await serve(sqlite_url, teams=teams)
    hands = TeamsHands(teams, server)
    await story.founded(server, hands, "dana", "ana", at=MONDAY)
    channel = teams.add_channel()
    await hands.driver.mention(hands.ids["dana"], channel, "team post here")
    teams.channels[channel].refusal = "BotNotInConversationRoster"
    await server.now(FRIDAY)
    assert teams.messages_in(channel) == []
    assert "add me to the channel" in hands.last("dana").words
