"""The load: a process of its own with raw sockets, so that it costs little and measures nothing but the server.

`python -m benchmarks.client` reads one Load as JSON on standard input and writes one Answered to standard output.
"""

import asyncio
import itertools
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from benchmarks.presses import presses
from benchmarks.server import environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """`rate` 0: closed loop, every connection sends again as soon as it was answered. Else an open loop at so many a second."""

    port: int
    people: int
    seconds: float
    connections: int = 16
    rate: int = 0
    seed: str = "1"
    requests: int | None = None
    """No more than so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came back. Seconds in an open loop count from when a request was to be sent, not from when it could be."""

    statuses: dict[str, int]
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Acknowledged a second."""
        return self.statuses.get("200", 0) / self.seconds

    def percentile(self, share: float) -> float:
        """Seconds."""
        return sorted(self.latencies)[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


def put(load: Load) -> Answered:
    """Put a load on a server, from another process, and wait for its end."""
    with begun(load) as process:
        return answered(process)


def begun(load: Load) -> "subprocess.Popen[str]":
    """The load, under way."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.client"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(load)))
    process.stdin.close()
    return process


def answered(process: "subprocess.Popen[str]") -> Answered:
    """What came of it, when it has ended."""
    assert process.stdout is not None
    said = process.stdout.read()
    if process.wait() != 0:
        raise RuntimeError("the load process failed, see above")
    return Answered(**json.loads(said))


class _Socket:
    """One keep-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> str:
        """Send, wait for the whole answer, and give its status."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n"):
            if line[:15].lower() == b"content-length:":
                length = int(line[15:])
        if length:
            await reader.readexactly(length)
        return head[9:12].decode()


async def _closed(load: Load, requests: Iterator[bytes], statuses: Counter[str], latencies: list[float]) -> float:
    began = time.perf_counter()
    ends = began + load.seconds

    async def one() -> None:
        socket = _Socket(load.port)
        for request in requests:
            sent = time.perf_counter()
            if sent >= ends:
                return
            statuses[await socket.ask(request)] += 1
            latencies.append(time.perf_counter() - sent)

    await asyncio.gather(*(one() for _ in range(load.connections)))
    return time.perf_counter() - began


async def _open(load: Load, requests: Iterator[bytes], statuses: Counter[str], latencies: list[float]) -> float:
    began = time.perf_counter() + 0.05
    idle: list[_Socket] = [_Socket(load.port) for _ in range(load.connections)]

    async def one(request: bytes, due: float) -> None:
        socket = idle.pop() if idle else _Socket(load.port)
        statuses[await socket.ask(request)] += 1
        latencies.append(time.perf_counter() - due)
        idle.append(socket)

    asked = []
    for number in range(int(load.rate * load.seconds)):
        due = began + number / load.rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        asked.append(asyncio.create_task(one(next(requests), due)))
    await asyncio.gather(*asked)
    return time.perf_counter() - began


async def _run(load: Load) -> Answered:
    # made before the first one is sent: signing is the client's work, not the server's
    most = load.requests or (int(load.rate * load.seconds) if load.rate else int(6000 * load.seconds))
    requests = iter(list(itertools.islice(presses(load.people, seed=load.seed), most)))
    statuses: Counter[str] = Counter()
    latencies: list[float] = []
    seconds = await (_open if load.rate else _closed)(load, requests, statuses, latencies)
    return Answered(statuses=dict(statuses), seconds=seconds, latencies=latencies)


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_run(Load(**json.loads(sys.stdin.read())))))))
