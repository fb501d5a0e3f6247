"""The whole loop in Teams, from outside: activities with real tokens in, Connector calls out, a process in between."""

from tests.e2e import story
from tests.e2e.company import MONDAY
from tests.e2e.conftest import Serve
from tests.e2e.hands import TeamsHands
from tests.fakes.teams import FakeTeams

EVERYBODY = ("vera", "dana", "max", "mina", "joe", "ana", "ben", "cem")


async def test_a_week_from_prompt_to_decision(serve: Serve, teams: FakeTeams, database_url: str) -> None:
    server = await serve(database_url, teams=teams)
    hands = TeamsHands(teams, server)
    await story.founded(server, hands, *EVERYBODY, at=MONDAY)
    await story.met(hands, *EVERYBODY)
    await story.asked_at_ten_of_their_own_time(server, hands)
    await story.answered_by_button(server, hands)
    await story.answered_by_words(server, hands)
    await story.answered_in_korean(server, hands)
    await story.escalated(server, hands)
    await story.decided(server, hands)
    await story.two_reminders_then_silence(server, hands, "cem")
    assert "card" in {outcome.kind for outcome in hands.outcomes}  # Action.Execute is answered with the refreshed card


async def test_a_stalled_goal_is_told_to_its_owner_and_then_to_the_manager(
    serve: Serve, teams: FakeTeams, postgres_url: str
) -> None:
    server = await serve(postgres_url, teams=teams)
    hands = TeamsHands(teams, server)
    await story.founded(server, hands, "dana", "ana", at=MONDAY)
    await story.stalled(server, hands)


async def test_hr_and_everything_one_can_say(serve: Serve, teams: FakeTeams, sqlite_url: str) -> None:
    server = await serve(sqlite_url, teams=teams)
    hands = TeamsHands(teams, server)
    await story.founded(server, hands, *EVERYBODY, at=MONDAY)
    await story.commands(server, hands)
    await story.hr_changes_a_threshold(server, hands)
