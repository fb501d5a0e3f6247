"""HTTP/1.1 as bytes: one kept connection, one request at a time. Sends exactly what it is given, which no HTTP library does."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

PATIENCE = 20.0
"""Seconds for one answer; a server that takes longer has failed."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as sent. `allowed`: the statuses that are right for it; `what` says which of its kind it is."""

    kind: str
    what: str
    wire: bytes
    allowed: frozenset[int]
    playground: bool = False
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: the connection ended, or nothing came in time."""

    status: int
    body: bytes
    seconds: float
    head: bytes = b""


@dataclass(slots=True)
class _Reading(asyncio.Protocol):
    """Collects one answer at a time."""

    buffer: bytearray = field(default_factory=bytearray)
    done: "asyncio.Future[Answer] | None" = None
    began: float = 0.0
    transport: asyncio.Transport | None = None
    closed: bool = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by descent

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower()
        body = end + 4
        at = head.find(b"\r\ncontent-length:")
        if at >= 0:
            length = int(head[at + 17 :].split(b"\r\n", 1)[0])
            complete = len(self.buffer) >= body + length
        elif b"transfer-encoding: chunked" in head:
            complete = self.buffer.endswith(b"0\r\n\r\n")
        else:
            complete = head[9:12] in (b"204", b"304")
        if complete:
            self._answer(int(head[9:12]), bytes(self.buffer[body:]), head)
            if b"connection: close" in head:
                self.shut()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        head, _, body = bytes(self.buffer).partition(b"\r\n\r\n")
        status = int(head[9:12]) if head.startswith(b"HTTP/1.1 ") and head[9:12].isdigit() else 0
        self._answer(status, body, head.lower())

    def eof_received(self) -> bool:
        return False

    def shut(self) -> None:
        self.closed = True
        if self.transport is not None:
            self.transport.abort()

    def _answer(self, status: int, body: bytes, head: bytes) -> None:
        if self.done is not None and not self.done.done():
            self.done.set_result(Answer(status, body, time.perf_counter() - self.began, head))
        self.buffer.clear()


class Line:
    """A connection that is made anew whenever it was closed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._end: _Reading | None = None

    async def ask(self, wire: bytes, patience: float = PATIENCE) -> Answer:
        """Send and wait for the answer. A kept connection that the server had closed meanwhile is replaced once."""
        kept = self._end is not None and not self._end.closed
        answer = await self._ask(wire, patience)
        return await self._ask(wire, patience) if answer.status == 0 and kept and answer.seconds < patience / 2 else answer

    async def _ask(self, wire: bytes, patience: float) -> Answer:
        loop = asyncio.get_running_loop()
        if self._end is None or self._end.closed:
            _, self._end = await loop.create_connection(_Reading, "127.0.0.1", self.port)
        end = self._end
        end.done, end.began = loop.create_future(), time.perf_counter()
        assert end.transport is not None
        end.transport.write(wire)
        timer = loop.call_later(patience, end.shut)
        try:
            return await end.done
        finally:
            timer.cancel()

    def close(self) -> None:
        """Hang up."""
        if self._end is not None:
            self._end.shut()


def http(method: str, path: str, headers: Iterable[tuple[str, str | bytes]], body: bytes = b"", *, length: bool = True) -> bytes:
    """A request as bytes."""
    lines = [f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n".encode()]
    for name, value in headers:
        lines += [name.encode(), b": ", value if isinstance(value, bytes) else value.encode("latin-1", "replace"), b"\r\n"]
    if length:
        lines.append(b"Content-Length: %d\r\n" % len(body))
    return b"".join([*lines, b"\r\n", body])
