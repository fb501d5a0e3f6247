"""Issue by HR, answered in Slack and in Teams: the same conversation through signed HTTP on both."""

from tests.e2e import hr_story, story
from tests.e2e.company import MONDAY, goals_csv, people_csv
from tests.e2e.conftest import Serve
from tests.e2e.hands import AnyHands, SlackHands, TeamsHands
from tests.e2e.server import Server
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams

PEOPLE = ("vera", "dana", "max", "joe", "ben")


async def founded(server: Server, hands: AnyHands) -> None:
    """As in the other stories, and Ben is an HR admin too."""
    await server.now(MONDAY)
    if isinstance(hands, SlackHands):
        await story.arrived(hands, *PEOPLE)
    rows = people_csv().splitlines()
    rows = [f"{row}hr_admin" if row.startswith("ben@") else row for row in rows]
    await server.import_people("\n".join(rows) + "\n")
    await server.import_goals(goals_csv())
    if isinstance(hands, TeamsHands):
        await story.arrived(hands, *PEOPLE)
    await server.settle()
    await story.met(hands, *PEOPLE)


async def conversation(server: Server, hands: AnyHands) -> None:
    await founded(server, hands)
    await hr_story.only_hr_may(server, hands)
    await hr_story.wrong_input_gets_the_nearest_form(server, hands)
    await hr_story.a_threshold_in_peoples_words(server, hands)
    await hr_story.a_second_admin_sees_what_changed(server, hands)
    await hr_story.a_lock_holds(server, hands)
    await hr_story.a_profile_a_history_and_a_way_back(server, hands)
    await hr_story.a_preview_saves_nothing(server, hands)
    await hr_story.a_pause_is_silent_and_its_end_is_no_heap(server, hands)
    await hr_story.what_was_wanted(server, hands)


async def test_hr_talks_in_slack(serve: Serve, slack: FakeSlack, sqlite_url: str) -> None:
    server = await serve(sqlite_url, slack=slack)
    await conversation(server, SlackHands(slack, server))


async def test_hr_talks_in_teams(serve: Serve, teams: FakeTeams, postgres_url: str) -> None:
    server = await serve(postgres_url, teams=teams)
    await conversation(server, TeamsHands(teams, server))
