"""The auditor in a server: one line per new finding, numbers for Prometheus, and a ping that stops when something does."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, delete, update

from adapters.auditing import Auditor, Pinger, audited
from adapters.settings import Settings
from storage.engine import open_engine, writing
from storage.schema import agenda, outbox
from storage.told import SqlTold
from storage.watch import SqlWatch
from tests.audit.company import COMPANY, NOW, lived
from tests.audit.damage import DESK, PROMPT
from tests.play.company import HandClock, Play


class Hands:
    """A clock set by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Server:
    """An auditor with everything it needs."""

    def __init__(self, engine: Engine, pinger: Pinger | None = None) -> None:
        self.engine, self.clock, self.registry = engine, Hands(NOW), CollectorRegistry()
        self.standing: dict[str, str | None] = {"sweep": None}
        self.auditor = Auditor(
            engine,
            COMPANY,
            self.clock,
            window=None,
            registry=self.registry,
            standing=self.says,
            pinger=pinger,
            real=self.clock,
        )

    def says(self) -> Mapping[str, str | None]:
        return self.standing

    async def later(self, span: timedelta) -> None:
        """Time passes, and the heartbeat with it."""
        ends = self.clock.at + span
        while self.clock.at < ends:
            self.clock.at += timedelta(seconds=30)
            await self.auditor.tick()

    def count(self, kind: str) -> float | None:
        return self.registry.get_sample_value("rondo_audit_findings", {"kind": kind})


@asynccontextmanager
async def monitor(answer: str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") -> AsyncIterator[tuple[str, list[bytes]]]:
    """A monitor on this machine, and what it was sent."""
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer.encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ping/c0ffee", heard


@pytest.fixture
def books(sqlite_url: str) -> Iterator[Play]:
    """Nine days of a company."""
    engine = open_engine(sqlite_url)
    yield lived(engine)
    engine.dispose()


async def test_a_new_finding_is_one_line_in_the_log_and_a_number(books: Play, caplog: pytest.LogCaptureFixture) -> None:
    server = Server(books.engine)
    await server.later(timedelta(minutes=6))
    assert server.count("lost") == 0
    with writing(books.engine) as connection:
        connection.execute(delete(agenda).where(agenda.c.subject == DESK))
    with caplog.at_level(logging.ERROR, "rondo.audit"):
        await server.later(timedelta(minutes=14))
    (line,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert line.__dict__["kind"] == "lost"
    assert line.__dict__["subject"] == DESK
    assert "@" not in str(line.__dict__), "people are named by their ids"
    assert server.count("lost") == 1
    since = server.registry.get_sample_value("rondo_audit_last_success_timestamp_seconds")
    assert since is not None
    assert server.clock.at.timestamp() - since <= 330


async def test_the_monitor_is_pinged_while_all_is_well(books: Play) -> None:
    async with monitor() as (url, heard):
        server = Server(books.engine, Pinger(url))
        await server.later(timedelta(minutes=5))
        assert len(heard) == 10
        assert heard[0].startswith(b"GET /ping/c0ffee HTTP/1.1\r\n")
        assert b"content-length" not in heard[0].lower(), "there is no body"
        server.standing["sweep"] = "last completed 300 s ago"
        await server.later(timedelta(minutes=5))
        assert len(heard) == 10, "a loop that stands still is not well"
        await server.auditor.close()


async def test_the_monitor_is_not_pinged_when_nobody_audits(books: Play) -> None:
    async with monitor() as (url, heard):
        server = Server(books.engine, Pinger(url))
        await server.later(timedelta(minutes=1))
        before = len(heard)
        SqlWatch(books.engine, HandClock(NOW + timedelta(days=1))).done({})  # the next turn is a day away
        server.clock.at += timedelta(days=1, minutes=21)
        with SqlWatch(books.engine, server.clock.now).turn(timedelta(0)):
            assert not server.auditor.is_well()
        assert len(heard) == before
        await server.auditor.close()


async def test_a_monitor_that_cannot_be_reached_harms_nothing_and_is_logged_once(
    books: Play, caplog: pytest.LogCaptureFixture
) -> None:
    async with monitor() as (url, _):
        pass  # it is gone
    server = Server(books.engine, Pinger(url))
    with caplog.at_level(logging.WARNING, "rondo.audit"):
        await server.later(timedelta(minutes=3))
    assert len([record for record in caplog.records if "RONDO_HEARTBEAT_URL" in record.message]) == 1
    assert "c0ffee" not in caplog.text
    assert server.auditor.is_well()
    await server.auditor.close()


async def test_redirects_are_not_followed() -> None:
    async with monitor() as (elsewhere, followed):
        answer = f"HTTP/1.1 302 Found\r\nlocation: {elsewhere}\r\ncontent-length: 0\r\n\r\n"
        assert await _one_ping(answer) == (False, 1)
    assert not followed


async def _one_ping(answer: str) -> tuple[bool, int]:
    async with monitor(answer) as (url, heard):
        pinger = Pinger(url)
        well = await pinger.ping()
        await pinger.close()
    return well, len(heard)


def test_the_command_says_what_is_wrong_and_what_to_do(books: Play) -> None:
    SqlTold(books.engine).write(NOW)
    settings = Settings.load(database_url=str(books.engine.url), env="development", dev_clock=True, company_zone="Europe/Berlin")
    report, lines = audited(settings, window=None)
    assert not report.bad
    assert lines[0].startswith("audit: no server has run on this database yet")
    assert lines[-1] == "audit: ok, 5 people, 20 messages looked at"
    with writing(books.engine) as connection:
        connection.execute(delete(outbox).where(outbox.c.key == PROMPT))
        connection.execute(update(agenda).where(agenda.c.subject == DESK).values(due_at=NOW + timedelta(days=9)))
    report, lines = audited(settings, window=None)
    assert any(line.startswith("audit: missing: checkin:") and "(mina@acme.example)" in line for line in lines)
    assert any("/nudges resume for person mina@acme.example" in line for line in lines)
    assert lines[-1].endswith(" findings, 5 people, 19 messages looked at")
