"""A server in trouble: told to end twice, on a disk that is full. Nothing that was acknowledged is lost."""

import asyncio
import json
import resource
import signal
import time
from pathlib import Path

import pytest

from tests.e2e import story
from tests.e2e.company import MONDAY
from tests.e2e.conftest import Serve
from tests.e2e.hands import SIGNING_SECRET, SlackHands
from tests.e2e.server import Server
from tests.fakes.slack import FakeSlack


async def test_a_second_sigterm_ends_the_server_at_once_and_loses_nothing(
    serve: Serve, slack: FakeSlack, database_url: str
) -> None:
    server = await serve(database_url, slack)
    hands = SlackHands(slack, server)
    await story.founded(server, hands, "max", "ana", "ben", at=MONDAY)
    slack.faults.delay(2.5, 3, method="chat.postMessage", after_commit=True)
    for name in hands.ids:
        await hands.driver.message_im(hands.ids[name], "/goals")
    await slack.until(lambda: len(slack.messages) > 3, "something under way")
    assert server.process is not None
    began = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.send_signal(signal.SIGTERM)
    server.process.send_signal(signal.SIGINT)
    code = await asyncio.to_thread(server.process.wait, 20)
    assert time.monotonic() - began < 10
    assert code in (0, 1)
    await asyncio.to_thread(server.start)
    await server.now(MONDAY)
    await server.settle()
    for name in hands.ids:
        assert sum("Your goals" in seen.words for seen in hands.chat(name)) == 1, hands.transcript(name)


async def test_a_workspace_that_is_well_again_is_tried_with_the_next_move_of_the_clock(
    tmp_path: Path, slack: FakeSlack, sqlite_url: str
) -> None:
    async with Server(tmp_path, sqlite_url, _settings(slack)) as server:
        hands = SlackHands(slack, server)
        await story.founded(server, hands, "max", "ana", at=MONDAY)
        slack.faults.error("token_revoked", 100, method="chat.postMessage")
        await hands.driver.message_im(hands.ids["ana"], "/goals")
        await _until_it_rests(server)
        slack.faults.clear()
        began = time.monotonic()
        await server.settle()
        assert time.monotonic() - began < 10, "it was left to rest"
        assert sum("Your goals" in seen.words for seen in hands.chat("ana")) == 1, hands.transcript("ana")


async def _until_it_rests(server: Server) -> None:
    """The workspace is known to be broken, and nothing is under way to it that could find it well again by itself."""
    for _ in range(600):
        states = {row["state"] for row in await server.items("outbox")}
        if "workspace is broken" in server.log() and "pending" in states and "sending" not in states:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"it does not rest: {states}")


def _settings(slack: FakeSlack) -> dict[str, str]:
    return {
        "RONDO_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "RONDO_SLACK_BOT_TOKEN": slack.bot_token,
        "RONDO_SLACK_API_URL": slack.api_url,
    }


def _disk(server: Server, *, full: bool) -> None:
    """A full disk for one process: from now on no file of its may be written to, but for what it only overwrites."""
    assert server.process is not None
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1 if full else hard, hard))


async def test_on_a_full_disk_nothing_is_acknowledged_and_all_is_well_again_by_itself(
    tmp_path: Path, slack: FakeSlack, sqlite_url: str
) -> None:
    async with Server(tmp_path, sqlite_url, _settings(slack)) as server:
        hands = SlackHands(slack, server)
        await story.founded(server, hands, "vera", "max", "ana", at=MONDAY)
        entries = len(await server.items("ledger"))
        dm = slack.users[hands.ids["ana"]].dm
        event = hands.driver.envelope(
            {"type": "message", "channel_type": "im", "channel": dm, "user": hands.ids["ana"], "text": "/goals",
             "ts": slack.next_ts(), "team": slack.team}, "Ev0FULL"
        )  # fmt: skip
        body = json.dumps(event).encode()
        _disk(server, full=True)
        assert (await hands.driver.raw(body, hands.driver.sign(body))).status == 503
        refused = await server.api("POST", "people:import", content=b"email,name\nnew@brightwater.example,New\n")
        assert refused.status_code == 503
        assert refused.headers["content-type"] == "application/problem+json"
        assert (await server.http.get("/healthz")).status_code == 200
        assert len(await server.items("ledger")) == entries
        _disk(server, full=False)
        for _ in range(3):
            assert (await hands.driver.raw(body, hands.driver.sign(body))).status == 200
        assert (await server.import_people("email,name\nnew@brightwater.example,New\n"))["created"] == 1
        await server.settle()
        assert sum("Your goals" in seen.words for seen in hands.chat("ana")) == 1, hands.transcript("ana")
        assert server.process is not None
        assert server.process.poll() is None


@pytest.mark.parametrize("statement", ["PRAGMA query_only = ON", "PRAGMA max_page_count = 1"])
async def test_a_database_that_takes_no_writes_says_so_and_keeps_what_it_has(sqlite_url: str, statement: str) -> None:
    """Read-only (a file system mounted so, a failover) and full: an error, nothing half written, and well again after it."""
    from sqlalchemy import event, func, select
    from sqlalchemy.exc import OperationalError

    from adapters.app import _beat, build
    from adapters.settings import Settings
    from storage.engine import reading
    from storage.schema import ledger

    app = build(Settings.load(env="development", database_url=sqlite_url))
    parts = app.state.rondo
    bad = True

    @event.listens_for(parts.engine, "checkout")
    def spoil(connection: object, *_: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute(statement if bad else statement.replace("ON", "OFF").replace("= 1", "= 1000000"))
        cursor.close()

    people = "email,name\n" + "".join(f"p{n}@brightwater.example,{'P' * 150}{n}\n" for n in range(400))
    with pytest.raises(OperationalError):
        parts.importer.people(people.encode(), dry_run=False)
    if "query_only" in statement:  # what the pulse overwrites needs no room
        before = parts.watchdog._beats["writes"]
        with pytest.raises(OperationalError):
            await _beat(parts)
        assert parts.watchdog._beats["writes"] == before, "/readyz would say that it can be written to"
    with reading(parts.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(ledger)) == 0
    bad = False
    await _beat(parts)
    assert parts.importer.people(people.encode(), dry_run=False).created == 400
    parts.engine.dispose()
