"""One company in Slack and in Teams at once."""

from tests.e2e import story
from tests.e2e.company import MONDAY, email, goals_csv, people_csv
from tests.e2e.conftest import Serve
from tests.e2e.hands import Seen, SlackHands, TeamsHands
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams


async def test_an_owner_in_slack_a_manager_in_teams_and_somebody_in_both(
    serve: Serve, slack: FakeSlack, teams: FakeTeams, database_url: str
) -> None:
    server = await serve(database_url, slack, teams)
    in_slack, in_teams = SlackHands(slack, server), TeamsHands(teams, server)
    await server.now(MONDAY)
    for name in ("max", "ana"):
        await in_slack.arrive(name)
    await server.import_people(people_csv())
    await server.import_goals(goals_csv())
    for name in ("dana", "ana"):
        await in_teams.arrive(name)
    await server.settle()
    # Ana wrote last in Slack; before that her last sign of life was the install in Teams.
    await in_slack.say("ana", "hello")
    await server.now(story.BERLIN_TEN)
    assert (len(story.prompts(in_slack, "ana")), len(story.prompts(in_teams, "ana"))) == (1, 0)
    # A blocker reported in Slack asks the manager in Teams; what she decides there is seen in Slack.
    card = in_slack.last("max")
    assert "Blocker: legal" in (await _after(in_slack, "max", "portal at risk, blocked by legal", card)).words
    request = in_teams.last("dana", "A decision is needed")
    form = await in_teams.open_form("dana", request, "Decide")
    sent = await in_teams.submit("dana", form, {"Decision": "Keep as is", "Note": "Wait for them"})
    assert sent.closed
    assert "Wait for them" in in_slack.last("max").words and "Dana has decided" in in_slack.last("max").words
    # She answers in Teams: the card changes where it stands, in Slack. From now on she is written to in Teams.
    await in_teams.say("ana", "all on track")
    assert "Saved on" in in_slack.now("ana", story.prompts(in_slack, "ana")[0]).words
    assert (await story.checkin(server, "ana"))["state"] == "on_time"
    await server.now("2031-01-16T09:00")
    assert (len(story.prompts(in_slack, "ana")), len(story.prompts(in_teams, "ana"))) == (1, 1)
    linked = [entry["person"] for entry in await server.items("ledger") if entry["name"] == "identity:linked"]
    assert sorted(set(linked)) == sorted(email(name) for name in ("ana", "dana", "max"))


async def _after(hands: SlackHands, name: str, words: str, card: Seen) -> Seen:
    await hands.say(name, words)
    return hands.now(name, card)
