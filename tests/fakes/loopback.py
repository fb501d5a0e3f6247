"""What both loopback platforms share: a server in a thread of its own, faults, rate windows, and what went wrong.

The thread matters: botbuilder fetches keys with a blocking call, which would hang a server in the same event loop.
"""

import asyncio
import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
import uvicorn
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

Json = dict[str, Any]
Clock = Callable[[], float]  # seconds since 1970, UTC


class AckTooLate(AssertionError):
    """The bot answered after the platform had stopped waiting."""


class NotAcknowledged(AssertionError):
    """The bot answered with something the platform counts as failure, or not at all."""


class ClientRefused(AssertionError):
    """The platform's own app would not have let the person do this (field empty, too long, no such choice, …)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A real limit that the bot broke. Tests assert that there are none."""

    where: str  # API method or operation
    path: str  # place in the payload, `blocks[3].elements[0].text`
    rule: str  # what is allowed and what came

    def __str__(self) -> str:
        return f"{self.where}: {self.path}: {self.rule}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request that reached the platform, whatever the answer."""

    method: str
    args: Json
    at: float  # platform clock, seconds
    status: int  # HTTP status; 0 when the connection was cut
    error: str  # platform error code, empty when it succeeded


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a platform method answers."""

    status: int = 200
    body: Json | list[Json] | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""

    def response(self) -> Response:
        if self.body is None:
            return Response(status_code=self.status, headers=self.headers)
        if isinstance(self.body, str):
            return PlainTextResponse(self.body, status_code=self.status, headers=self.headers)
        return JSONResponse(self.body, status_code=self.status, headers=self.headers)


class _Cut(Response):
    """No answer: the connection breaks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["extensions"]["loopback.cut"]()
        while (await receive())["type"] != "http.disconnect":
            pass


@dataclass(slots=True, kw_only=True)
class Fault:
    left: int
    method: str | None = None  # None: any method
    status: int = 0  # answer this status instead of working
    retry_after: str | None = None
    error: str = ""  # answer this platform error code
    cut: bool = False  # drop the connection
    seconds: float = 0.0
    after_commit: bool = False  # the work is done first, then the fault happens

    def matches(self, method: str) -> bool:
        return self.left > 0 and (self.method is None or self.method == method)


@dataclass(slots=True)
class Faults:
    """Switchable faults; each hits the next `n` calls of `method` (of any method without it), in the order set."""

    queue: list[Fault] = field(default_factory=list)

    def rate_limit(self, n: int = 1, *, retry_after: float | str | None = 1, method: str | None = None) -> None:
        text = None if retry_after is None else str(retry_after)
        self.queue.append(Fault(left=n, method=method, status=429, retry_after=text))

    def server_error(self, n: int = 1, *, status: int = 500, method: str | None = None) -> None:
        """Nothing was done, and the bot cannot know that."""
        self.queue.append(Fault(left=n, method=method, status=status))

    def error_after_commit(self, n: int = 1, *, status: int = 502, method: str | None = None) -> None:
        """The work was done, yet the answer says failure (Teams' 502 and 504)."""
        self.queue.append(Fault(left=n, method=method, status=status, after_commit=True))

    def lose_response(self, n: int = 1, *, method: str | None = None) -> None:
        """The work is done, then the connection breaks."""
        self.queue.append(Fault(left=n, method=method, cut=True, after_commit=True))

    def reset(self, n: int = 1, *, method: str | None = None) -> None:
        """The connection breaks before anything is done."""
        self.queue.append(Fault(left=n, method=method, cut=True))

    def delay(self, seconds: float, n: int = 1, *, method: str | None = None, after_commit: bool = False) -> None:
        self.queue.append(Fault(left=n, method=method, seconds=seconds, after_commit=after_commit))

    def error(self, code: str, n: int = 1, *, method: str | None = None) -> None:
        """Answer the platform's own error `code` (Slack `ok:false`, Teams `{"error":{"code"}}` with 400)."""
        self.queue.append(Fault(left=n, method=method, error=code))

    def clear(self) -> None:
        self.queue.clear()

    def take(self, method: str) -> Fault | None:
        for fault in self.queue:
            if fault.matches(method):
                fault.left -= 1
                return fault
        return None


class Bucket:
    """Token bucket: `rate` per second on average, `burst` at once."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self.rate, self.burst, self.clock = rate, burst, clock
        self.level, self.at = float(burst), clock()

    def wait(self) -> float:
        """Take one; 0.0, or the seconds until one is there (none taken)."""
        now = self.clock()
        self.level = min(self.burst, self.level + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate


class Windows:
    """Sliding windows, all of which must have room: `((7, 1.0), (60, 30.0))` is 7 in one second and 60 in thirty."""

    def __init__(self, limits: Iterable[tuple[int, float]], clock: Clock) -> None:
        self.limits, self.clock = tuple(limits), clock
        self.taken: deque[float] = deque()

    def wait(self) -> float:
        """Take one; 0.0, or the seconds until there is room (none taken)."""
        now = self.clock()
        longest = max((span for _, span in self.limits), default=0.0)
        while self.taken and self.taken[0] <= now - longest:
            self.taken.popleft()
        need = 0.0
        for count, span in self.limits:
            inside = [at for at in self.taken if at > now - span]
            if len(inside) >= count:
                need = max(need, inside[-count] + span - now)
        if need <= 0:
            self.taken.append(now)
        return need


class _CuttableHTTP(H11Protocol):
    """Hands its transport to the application, so that a fault can break the connection as a network would."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inner = self.app

        async def app(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})["loopback.cut"] = self.cut
            await inner(scope, receive, send)

        self.app = app

    def cut(self) -> None:
        raw = self.transport.get_extra_info("socket")
        if raw is not None:
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # on, 0 seconds: the peer gets RST, not FIN
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()


class Loopback:
    """A platform: an ASGI application on 127.0.0.1, plus the drivers that act toward the bot in its name."""

    def __init__(self, *, clock: Clock = time.time, port: int = 0) -> None:
        self.clock = clock
        self.faults = Faults()
        self.violations: list[Violation] = []
        self.calls: list[Call] = []
        self._closers: list[httpx.AsyncClient] = []
        # The protocol is named because asyncio switches Nagle off only then; with it each answer takes 40 ms.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.base_url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._halt: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def app(self) -> ASGIApp:
        raise NotImplementedError

    @property
    def rate_limited(self) -> list[Call]:
        """Every 429 given, faults included."""
        return [call for call in self.calls if call.status == 429]

    def calls_of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    def violate(self, where: str, path: str, rule: str) -> None:
        self.violations.append(Violation(where=where, path=path, rule=rule))

    def client(self) -> httpx.AsyncClient:
        """A client that `stop` closes; no retries, no proxy from the environment."""
        client = httpx.AsyncClient(timeout=20.0, trust_env=False)
        self._closers.append(client)
        return client

    def failure(self, status: int, code: str, retry_after: str | None) -> Reply:
        """How this platform words a fault. `code` empty: the usual one of the status."""
        raise NotImplementedError

    async def perform(self, method: str, args: Json, work: Callable[[], Reply]) -> Response:
        """Do `work` once, with whatever fault is due, and record the call."""
        fault = self.faults.take(method)
        reply: Reply | None = None
        if fault is None or fault.after_commit:
            reply = work()
        if fault is not None:
            if fault.seconds:
                await asyncio.sleep(fault.seconds)
            if fault.cut:
                self._record(method, args, Reply(status=0, error="connection cut"))
                return _Cut()
            if fault.status or fault.error:
                reply = self.failure(fault.status, fault.error, fault.retry_after)
        reply = reply or work()
        self._record(method, args, reply)
        return reply.response()

    def _record(self, method: str, args: Json, reply: Reply) -> None:
        call = Call(method=method, args=args, at=self.clock(), status=reply.status, error=reply.error)
        self.calls.append(call)

    def start(self) -> None:
        app = self.app()

        async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
            # A client that went away is the tests' own doing (`kill -9`, a cut connection).
            with contextlib.suppress(ConnectionError):
                await app(scope, receive, send)

        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._main(quiet, ready)), name=type(self).__name__, daemon=True
        )
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError(f"{type(self).__name__} did not start")

    async def _main(self, app: ASGIApp, ready: threading.Event) -> None:
        """What `uvicorn.Server` does, without its polling: that costs a third of a second at every stop."""
        config = uvicorn.Config(app, ws="none", lifespan="off", log_config=None, access_log=False)
        config.load()
        state = ServerState()
        self._loop, self._halt = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(
            lambda: _CuttableHTTP(config=config, server_state=state, app_state={}), sock=self._socket, backlog=1024
        )
        ready.set()
        await self._halt.wait()
        server.close()
        for connection in list(state.connections):
            if isinstance(connection, _CuttableHTTP):
                connection.transport.abort()
        await asyncio.sleep(0)

    def stop(self) -> None:
        if self._loop is not None and self._halt is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._halt.set)
            self._thread.join(10)
        self._socket.close()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._closers:
            await client.aclose()
        await asyncio.to_thread(self.stop)

    async def until(self, ready: Callable[[], object], what: str = "", *, timeout: float = 5.0) -> None:  # noqa: ASYNC109
        """Wait until `ready()` is true; fail after `timeout` seconds."""
        end = time.monotonic() + timeout
        while not ready():
            if time.monotonic() > end:
                raise AssertionError(f"not within {timeout:g} s: {what or ready}")
            await asyncio.sleep(0.01)
