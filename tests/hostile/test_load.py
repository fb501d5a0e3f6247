"""Requests that are a burden by size, number or slowness: memory stays bounded and good requests are answered in a second."""

import asyncio
import contextlib
import gzip
import json
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from adapters.heads import HEAD_SECONDS
from adapters.web import READ_SECONDS
from tests.e2e.hands import SIGNING_SECRET
from tests.e2e.server import Server
from tests.hostile import load
from tests.hostile.from_slack import JSON, sign
from tests.hostile.run import resident
from tests.hostile.stage import OLD_SECRET, nobody
from tests.hostile.wire import Line, http

pytestmark = pytest.mark.asyncio(loop_scope="module")

GOOD_SECONDS, GROWTH = 1.0, 20.0
PATHS = ("/slack/events", "/api/messages", "/dev/clock")


class Watched:
    """How the server does while something goes on: memory and the slowest good request."""

    def __init__(self, server: Server) -> None:
        assert server.process is not None
        self.port, self.pid = server.port, server.process.pid
        self.before = resident(self.pid)

    async def good(self, seconds: float, name: str) -> None:
        assert await load.slowest_good(self.port, SIGNING_SECRET, seconds, name=name) < GOOD_SECONDS

    def grown(self) -> float:
        return resident(self.pid) - self.before


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> AsyncIterator[Server]:
    """One for all of these: each must leave it as good as it was."""
    folder = tmp_path_factory.mktemp("load")
    shutil.copyfile(sqlite_template, folder / "rondo.db")
    async with nobody(folder, f"sqlite:///{folder / 'rondo.db'}") as server:
        yield server
        assert server.process is not None and server.process.poll() is None
        assert server.complaints() == []


@pytest.fixture
def watched(server: Server) -> Watched:
    return Watched(server)


async def first_line(port: int, wire: bytes) -> bytes:
    """The first line of what is answered in the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(wire)
    async with asyncio.timeout(READ_SECONDS + 10):
        line = await reader.readline()
    writer.close()
    return line


async def status_of(port: int, head: bytes, chunk: bytes, times: int) -> bytes:
    """Send a head and then a chunk so many times, or until nobody takes it; the status that came meanwhile."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(reader.read(12))
    writer.write(head)
    with contextlib.suppress(ConnectionError):
        for _ in range(times):
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)
            if answer.done():
                break
    try:
        return (await answer)[9:12]
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_a_thousand_slow_connections_hold_nobody_up_and_are_hung_up_on(watched: Watched) -> None:
    idle = [await asyncio.open_connection("127.0.0.1", watched.port) for _ in range(1_000)]
    for _, writer in idle[500:]:
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    bodies = [f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n{{".encode() for path in PATHS]
    drips = asyncio.gather(*(first_line(watched.port, body) for body in bodies))
    await watched.good(HEAD_SECONDS - 2, "Idle")
    assert watched.grown() < GROWTH
    for _, writer in idle[500:]:
        writer.write(b"l")  # one more byte buys no more time
    async with asyncio.timeout(HEAD_SECONDS):
        assert set(await asyncio.gather(*(reader.read() for reader, _ in idle))) == {b""}
    for _, writer in idle:
        writer.close()
    assert [line[9:12] for line in await drips] == [b"408"] * len(PATHS)


async def test_headers_without_end_are_cut_off(watched: Watched) -> None:
    for line in (b"X-Many: y\r\n", b"X-Long-", b": a b c "):
        head = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
        assert await status_of(watched.port, head, line * (65_536 // len(line)), 400) in (b"400", b"")
    assert watched.grown() < GROWTH
    await watched.good(0.2, "Flood")


async def test_fifty_megabytes_are_refused_at_once_signed_or_not_declared_or_not(watched: Watched) -> None:
    took, ratio = await load.cut_off(watched.port, SIGNING_SECRET, runs=60)
    assert took < 5.0 or ratio < 1.0  # milliseconds; beside busy neighbours at least no slower than a good one

    for headers in (b"Content-Length: 52428800\r\n", b"Transfer-Encoding: chunked\r\n"):
        head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n"
        assert await status_of(watched.port, head, b"10000\r\n" + b"x" * 65_536 + b"\r\n", 800) == b"413"
    assert watched.grown() < GROWTH
    await watched.good(0.2, "Large")


async def test_a_compressed_bomb_is_bytes_like_any_other(watched: Watched) -> None:
    bomb = gzip.compress(b"[" * (200 << 20), 9)
    stamp = str(int(time.time()))
    line = Line(watched.port)
    for body in (bomb, gzip.compress(b'{"type": "event_callback"}')):
        headers = [("Content-Type", JSON), ("X-Slack-Request-Timestamp", stamp)]
        headers += [("X-Slack-Signature", sign(SIGNING_SECRET, body, stamp))]
        assert (await line.ask(http("POST", "/slack/events", headers, body))).status == 400
        said = http("POST", "/slack/events", [*headers, ("Content-Encoding", "gzip")], body)
        other = Line(watched.port)  # hung up on, the body unread
        assert (await other.ask(said)).status == 415
        other.close()
    line.close()
    assert watched.grown() < GROWTH


async def test_pipelined_requests_are_answered_in_order(watched: Watched) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", watched.port)
    odd, even = http("GET", "/nothing/here", ()), http("GET", "/healthz", ())
    writer.write((odd + even) * 200)
    data = b""
    async with asyncio.timeout(10):
        while data.count(b"HTTP/1.1 ") < 400 and (more := await reader.read(1 << 16)):
            data += more
    assert [part[:3] for part in data.split(b"HTTP/1.1 ")[1:]] == [b"404", b"200"] * 200
    writer.close()
    assert watched.grown() < GROWTH


async def test_a_body_is_not_parsed_before_its_signature_is_checked(watched: Watched) -> None:
    """A megabyte that takes long to parse is refused as fast as a megabyte of noise, and not as malformed."""
    dear = json.dumps([{"a": [1.5, "\\u00e9", None, {}]}] * 40_000).encode()[: (1 << 20) - 100]
    seconds: dict[bytes, list[float]] = {}
    line = Line(watched.port)
    for path in ("/slack/events", "/api/messages"):
        for body in (dear, b"\xff" * len(dear)) * 15:
            answer = await line.ask(http("POST", path, (("Content-Type", JSON),), body))
            assert answer.status == 401
            seconds.setdefault(body, []).append(answer.seconds)
    line.close()
    costly, cheap = (sorted(times)[len(times) // 2] for times in seconds.values())
    assert costly < 1.5 * cheap + 0.002


async def test_while_rotating_both_secrets_are_good_and_no_third(watched: Watched) -> None:
    line = Line(watched.port)
    for secret, status in ((SIGNING_SECRET, 200), (OLD_SECRET, 200), (f"{SIGNING_SECRET}, {OLD_SECRET}", 401), ("", 401)):
        assert (await line.ask(load.good(secret, f"EvRotating{secret}"[:30].replace(" ", "")))).status == status
    line.close()
