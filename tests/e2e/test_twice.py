"""Teams took a message and its answer was lost: nobody can read back, so a request goes out once more, and says so."""

from contextlib import AsyncExitStack
from pathlib import Path

from tests.e2e import story
from tests.e2e.company import MONDAY
from tests.e2e.conftest import Serve
from tests.e2e.hands import Seen, TeamsHands
from tests.fakes.teams import FakeTeams


async def test_a_request_that_comes_twice_says_so_and_either_one_will_do(
    tmp_path: Path, teams: FakeTeams, sqlite_url: str
) -> None:
    async with AsyncExitStack() as stack:
        server = await Serve(tmp_path, stack)(sqlite_url, teams=teams)
        hands = TeamsHands(teams, server)
        await story.founded(server, hands, "dana", "max", at=MONDAY)
        await server.now(story.BERLIN_TEN)
        card = hands.last("max")
        await hands.press("max", card, "Off track", near="Launch the new portal")
        teams.faults.lose_response(2, method="send")  # the request, and the answer to its owner
        await hands.press("max", hands.now("max", card), "I need a decision", near="Launch the new portal")
        await teams.until(lambda: len(_requests(hands)) == 2, "the request again", timeout=60)
        await server.settle()
        first, second = _requests(hands)
        assert "You may have this message twice" in second.words and "You may have this" not in first.words
        await hands.press("dana", first, "Acknowledge")
        assert "Acknowledge" not in hands.now("dana", second).labels
        assert "You may have this" not in hands.now("dana", second).words, "it is known where it stands by now"
        ledger = [entry["name"] for entry in await server.items("ledger")]
        assert ledger.count("escalation:acknowledged") == 1
        [complaint] = server.complaints()
        assert ":owner" in complaint and "nobody can read back" in complaint, "an answer is not said twice"


async def test_a_greeting_that_comes_twice_says_so_in_its_reader_s_language(
    serve: Serve, teams: FakeTeams, sqlite_url: str
) -> None:
    server = await serve(sqlite_url, teams=teams)
    hands = TeamsHands(teams, server)
    await story.founded(server, hands, "dana", at=MONDAY)
    teams.faults.lose_response(method="send")
    await story.arrived(hands, "mina")
    await teams.until(lambda: len(hands.chat("mina")) == 2, "the greeting again", timeout=60)
    assert ["두 번 보일 수 있어요" in one.words for one in hands.chat("mina")] == [False, True]


def _requests(hands: TeamsHands) -> list[Seen]:
    return [one for one in hands.chat("dana") if "A decision is needed" in one.words]
