"""Teams, from outside: who never spoke gets a first message; whoever takes the app away is left alone until they are back."""

from collections.abc import Awaitable, Callable

import pytest

from tests.e2e.company import MONDAY, email, people_csv
from tests.e2e.conftest import Serve
from tests.e2e.hands import Seen, TeamsHands
from tests.e2e.server import Server
from tests.fakes.teams import FakeTeams

PEOPLE = ("vera", "dana", "max")
THURSDAY = "2031-01-09T09:00"  # ten in Berlin


async def by_a_teams_roster(teams: FakeTeams, hands: TeamsHands) -> None:
    """Vera puts the app into a team; Max is in it."""
    team = teams.add_team(hands.ids["vera"], hands.ids["max"])
    await hands.driver.install_in_team(hands.ids["vera"], team)


async def by_graph(teams: FakeTeams, hands: TeamsHands) -> None:
    """Nobody does anything: the app installs itself when there is something to say."""


def questions(hands: TeamsHands, name: str) -> list[Seen]:
    return [seen for seen in hands.chat(name) if "Check-in for the week" in seen.words]


async def founded(server: Server, hands: TeamsHands) -> None:
    await server.now(MONDAY)
    await server.import_people(people_csv(PEOPLE))
    for name in PEOPLE:
        await hands.arrive(name, install=name != "max")
    await server.settle()


@pytest.mark.parametrize("way", [by_a_teams_roster, by_graph])
async def test_who_never_spoke_is_asked_and_whoever_left_is_asked_once_when_back(
    serve: Serve, teams: FakeTeams, database_url: str, way: Callable[[FakeTeams, TeamsHands], Awaitable[None]]
) -> None:
    graph = {"RONDO_TEAMS_GRAPH": "on", "RONDO_GRAPH_URL": teams.graph_url} if way is by_graph else {}
    server = await serve(database_url, None, teams, **graph)
    hands = TeamsHands(teams, server)
    await founded(server, hands)
    assert hands.chat("max") == []
    await way(teams, hands)
    await server.settle()
    await server.now(THURSDAY)
    assert len(questions(hands, "max")) == 1, "Max never wrote a word"
    assert len(teams.calls_of("graph.install")) == (1 if way is by_graph else 0)
    if way is by_graph:
        await gone_and_back(server, teams, hands)


async def gone_and_back(server: Server, teams: FakeTeams, hands: TeamsHands) -> None:
    await hands.say("max", "all on track")
    await server.now("2031-01-15T10:00")
    await hands.driver.uninstall(hands.ids["max"])
    sends = len(teams.calls_of("send", "create", "graph.install"))
    await server.now("2031-01-16T10:00")  # the week after: everybody is asked again
    assert len(questions(hands, "max")) == 1
    tried = [call for call in teams.calls_of("send", "create", "graph.install")[sends:] if call.error]
    assert tried == [], "not even tried"
    letter = hands.last("vera", "People I cannot reach")
    assert f"Max ({email('max')})" in letter.words
    assert "took Rondo away from their chat" in letter.words
    await server.now("2031-01-16T13:00")
    await hands.driver.install(hands.ids["max"])
    await server.settle()
    assert len(questions(hands, "max")) == 2
    await hands.driver.install(hands.ids["max"])
    await hands.say("max", "hello")
    await server.now("2031-01-17T16:00")
    assert len(questions(hands, "max")) == 2, hands.transcript("max")


async def test_whoever_blocks_rondo_is_tried_three_times_at_most_and_again_when_they_write(
    serve: Serve, teams: FakeTeams, sqlite_url: str
) -> None:
    server = await serve(sqlite_url, teams=teams)
    hands = TeamsHands(teams, server)
    await founded(server, hands)
    await hands.driver.install(hands.ids["max"])
    await server.settle()
    teams.refuse(hands.ids["max"], "MessageWritesBlocked")
    began = len(teams.calls)
    for week in ("2031-01-09T10:00", "2031-01-16T10:00", "2031-01-23T10:00", "2031-01-30T10:00", "2031-02-06T10:00"):
        await server.now(week)
        await server.advance("PT1H")
    refused = [call for call in teams.calls[began:] if call.error == "MessageWritesBlocked"]
    assert 1 <= len(refused) <= 3
    letter = hands.last("vera", "People I cannot reach").words
    assert f"Max ({email('max')})" in letter
    assert "blocked Rondo, or took it away" in letter
    teams.accept(hands.ids["max"])
    await hands.say("max", "hello")
    await server.settle()
    assert len(questions(hands, "max")) == 1
