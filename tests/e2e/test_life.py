"""One person's whole life with Rondo, on a real server and both platforms at once (`python -m tests.e2e.life` prints it)."""

from tests.e2e.conftest import Serve
from tests.e2e.life import SCIM, Life
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams


async def test_from_the_first_day_in_slack_to_the_last_trace(
    serve: Serve, slack: FakeSlack, teams: FakeTeams, database_url: str
) -> None:
    server = await serve(database_url, slack, teams, RONDO_SCIM_TOKEN=SCIM)
    transcript = await Life(server, slack, teams).whole()
    chapters = [line for line in transcript.splitlines() if line.startswith("## ")]
    assert len(chapters) == 6
