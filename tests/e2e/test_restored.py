"""A backup is restored: what the lost database sent is not sent again, and what nobody can find out is listed."""

import asyncio
from pathlib import Path

from sqlalchemy import select

from storage.engine import open_engine
from storage.schema import pulse
from tests.backups import back_up, restore
from tests.e2e import story
from tests.e2e.company import MONDAY, email
from tests.e2e.conftest import Serve
from tests.e2e.hands import AnyHands, SlackHands, TeamsHands
from tests.e2e.server import Server
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams

NAMES = ("vera", "dana", "max", "ana", "ben", "joe")
LATE, LATER, NEXT_WEEK = "2031-01-09T15:30", "2031-01-09T15:40", "2031-01-16T16:00"


async def until_the_backup(server: Server, hands: AnyHands) -> None:
    """Thursday, ten in Berlin: everybody there is asked, and Max asks Dana for a decision, who has four hours."""
    await story.founded(server, hands, *NAMES, at=MONDAY)
    preview = (await hands.say("vera", "/nudges set escalation.acknowledge 4h"))[-1]
    await hands.press("vera", preview, "Confirm")
    await server.now(story.BERLIN_TEN)
    form = await hands.open_form("max", hands.last("max"), "Open form")
    report = {("Status", 0): "At risk", "Pages live": "40 %", ("Blocker", 0): "Legal review", ("Status", 1): "On track"}
    assert (await hands.submit("max", form, report)).closed
    assert "Legal review" in hands.last("dana").words


async def after_the_backup(server: Server, hands: AnyHands) -> None:
    """Ana answers, Dana is silent, so that Vera is asked (under a key with that instant), Joe is asked at ten in Boston."""
    await hands.press("ana", story.prompts(hands, "ana")[-1], "On track", near="Quieter nights")
    await server.now(LATE)
    assert "Legal review" in hands.last("vera", "A decision is needed").words
    assert story.counts(hands, "max", "ana", "ben", "joe") == [1] * 4


async def beaten(database_url: str) -> None:
    """Until the server has beaten the pulse once more: in SQLite a crash within one beat of the backup goes unnoticed."""
    engine = open_engine(database_url)

    def generation() -> int:
        with engine.connect() as connection:
            return connection.scalar(select(pulse.c.generation)) or 0

    before = await asyncio.to_thread(generation)
    while await asyncio.to_thread(generation) == before:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    engine.dispose()


def seen(hands: AnyHands) -> dict[str, list[str]]:
    return {name: [one.id for one in hands.chat(name)] for name in NAMES}


async def end(server: Server, how: str) -> None:
    await asyncio.to_thread(server.kill if how == "killed" else server.terminate)


async def test_nothing_is_sent_again_in_slack(serve: Serve, slack: FakeSlack, database_url: str, tmp_path: Path) -> None:
    how = "killed" if database_url.startswith("sqlite") else "stopped"
    server = await serve(database_url, slack)
    hands = SlackHands(slack, server)
    await until_the_backup(server, hands)
    backup = back_up(database_url, tmp_path)
    await after_the_backup(server, hands)
    await beaten(database_url)
    before = seen(hands)
    await end(server, how)
    restore(backup, database_url)
    await asyncio.to_thread(server.start)
    assert "this database was restored from a backup" in server.log()
    await server.now(LATER)
    [*was, reminder] = hands.chat("ana")  # her answer is lost: she is reminded like everybody who did not answer
    assert "still open" in reminder.words
    assert seen(hands) | {"ana": [one.id for one in was]} == before, "not one message twice"
    assert await server.items("outbox", state="unknown") == []
    assert [entry["name"] for entry in await server.items("ledger") if entry["subject"] == "database"] == ["delivery:restored"]
    ana = story.prompts(hands, "ana")[-1]
    assert "Saved" not in ana.words and "On track" in ana.labels, "the same card asks again"
    assert await hands.press("ana", ana, "On track", near="Quieter nights") == []
    assert "Saved" in story.prompts(hands, "ana")[-1].words
    await server.now(NEXT_WEEK)
    assert story.counts(hands, "ana", "ben", "max", "joe") == [2] * 4, "and life goes on"


async def test_nothing_is_sent_again_in_teams_and_what_may_be_missing_is_listed(
    serve: Serve, teams: FakeTeams, postgres_url: str, tmp_path: Path
) -> None:
    server = await serve(postgres_url, teams=teams)
    hands = TeamsHands(teams, server)
    await until_the_backup(server, hands)
    backup = back_up(postgres_url, tmp_path)
    await after_the_backup(server, hands)
    await beaten(postgres_url)
    before = seen(hands)
    await end(server, "killed")
    restore(backup, postgres_url)
    await asyncio.to_thread(server.start)
    await server.now(LATER)
    assert seen(hands) == before
    unknown = await server.items("outbox", state="unknown")
    assert {row["person"] for row in unknown} >= {email("joe"), email("vera")}
    assert {row["reason"] for row in unknown} == {"perhaps sent before the database was restored, and nobody can read back"}
    await hands.say("ben", "/goals")
    assert len(hands.chat("ben")) == len(before["ben"]) + 1, "who asks is answered at once"
    await server.now(NEXT_WEEK)
    assert story.counts(hands, "ana", "ben", "max", "joe") == [2] * 4


async def test_an_outage_without_a_restore_doubts_nothing(serve: Serve, slack: FakeSlack, sqlite_url: str) -> None:
    server = await serve(sqlite_url, slack)
    hands = SlackHands(slack, server)
    await until_the_backup(server, hands)
    await end(server, "killed")
    await asyncio.to_thread(server.start)
    await server.now(LATER)
    assert "Legal review" in hands.last("vera", "A decision is needed").words
    assert story.counts(hands, "joe") == [1]
    assert slack.calls_of("conversations.history") == []
    assert "restored" not in server.log()
