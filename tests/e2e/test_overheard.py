"""What somebody wrote while the server was down for hours: Slack has given up on telling it, and it counts all the same."""

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from storage.engine import open_engine
from storage.schema import watch
from tests.e2e import story
from tests.e2e.company import MONDAY
from tests.e2e.conftest import Serve
from tests.e2e.hands import SlackHands
from tests.e2e.server import Server
from tests.fakes.slack import FakeSlack


def it_was_hours_ago(database_url: str) -> None:
    """As if the server had last been seen six hours before: nobody waits for that long."""
    engine = open_engine(database_url)
    with engine.begin() as connection:
        seen = connection.execute(select(watch.c.began_at, watch.c.began_real, watch.c.seen_real)).one()
        long = timedelta(hours=6)
        past = {"began_real": seen.began_real - long, "seen_real": seen.seen_real - long}
        connection.execute(update(watch).where(watch.c.began_at == seen.began_at).values(**past))
    engine.dispose()


async def read_back(server: Server) -> None:
    while "read back what was written" not in server.log():
        assert server.process is not None and server.process.poll() is None, server.log()
        await asyncio.sleep(0.05)


async def test_an_answer_written_during_an_outage_counts_once(serve: Serve, slack: FakeSlack, database_url: str) -> None:
    server = await serve(database_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, "vera", "dana", "max", "ana", "ben", "joe", at=MONDAY)
    await server.now(story.BERLIN_TEN)
    await asyncio.to_thread(server.terminate)
    it_was_hours_ago(database_url)
    user = slack.users[hands.ids["ana"]]
    written = slack.say(user.id, user.dm, "on track", None)
    await asyncio.to_thread(server.start)
    await server.now("2031-01-09T09:10")
    await asyncio.wait_for(read_back(server), 30)
    await server.settle()
    assert "Saved" in story.prompts(hands, "ana")[-1].words
    assert [goal["status"] for goal in (await story.checkin(server, "ana"))["goals"]] == ["on_track"]
    before = hands.transcript("ana"), len(await server.items("ledger"))
    told = {"type": "message", "channel_type": "im", "channel": user.dm, "user": user.id, "text": "on track", "ts": written.ts}
    await hands.driver.event(told, times=2)
    await server.settle()
    assert (hands.transcript("ana"), len(await server.items("ledger"))) == before, "Slack's own repeat changes nothing"
    await hands.say("ana", "off track")
    assert [goal["status"] for goal in (await story.checkin(server, "ana"))["goals"]] == ["off_track"], (
        "and words of now count as ever"
    )
