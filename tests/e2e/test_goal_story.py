"""Goals from creation to grade through signed HTTP; what people read is kept in `golden/` and read aloud before it changes."""

import pytest

from tests.e2e import goal_story
from tests.e2e.conftest import Serve
from tests.e2e.hands import SlackHands, TeamsHands
from tests.e2e.transcript import golden
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams


@pytest.mark.parametrize("locale", ["en", "ko"])
async def test_every_type_of_goal_from_its_first_words_to_its_grade_on_slack(
    serve: Serve, slack: FakeSlack, sqlite_url: str, locale: str
) -> None:
    server = await serve(sqlite_url, slack)
    golden(f"goals-slack-{locale}", await goal_story.lived(server, SlackHands(slack, server), locale))


@pytest.mark.parametrize("locale", ["en", "ko"])
async def test_every_type_of_goal_from_its_first_words_to_its_grade_on_teams(
    serve: Serve, teams: FakeTeams, postgres_url: str, locale: str
) -> None:
    server = await serve(postgres_url, teams=teams)
    golden(f"goals-teams-{locale}", await goal_story.lived(server, TeamsHands(teams, server), locale))
