"""How the server process lives and ends: uvicorn, told to stop at once and gone in time. Decides nothing."""

import asyncio
import errno
import gc
import logging
import os
import socket
import sys
import threading
from socket import socket as Socket
from types import FrameType
from typing import Any, Final

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.mount import Parts
from adapters.settings import ConfigurationError

log = logging.getLogger("rondo.app")

PROCESS_ENDS = 9.5
"""Seconds after SIGTERM: the process ends whatever still hangs."""
BACKLOG: Final = 2048
"""Connections that wait to be accepted."""


def listen(host: str, port: int) -> list[Socket]:
    """Sockets that listen on every address of `host`; 0 is any port. Raises ConfigurationError.

    Before anything else is begun: a server that nobody can reach neither migrates nor sends anything.
    """
    found: list[Socket] = []
    wrong: OSError | None = None
    try:
        places = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in dict.fromkeys(places):
            try:
                found.append(_listening(family, kind, protocol, address))
            except OSError as error:
                wrong = error
                if error.errno != errno.EADDRNOTAVAIL:  # a `localhost` of two kinds where the machine has one
                    break
    except OSError as error:
        wrong = error
    if wrong is not None and (not found or wrong.errno != errno.EADDRNOTAVAIL):
        for one in found:
            one.close()
        raise ConfigurationError(_why_not(host, port, wrong)) from None
    return found


def _listening(family: int, kind: int, protocol: int, address: tuple[Any, ...]) -> Socket:
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)  # IPv4 has a socket of its own
        made.bind(address)
        made.listen(BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"--port {port}: something listens there already; stop it, or name another port."
    if error.errno == errno.EACCES:
        return f"--port {port}: only the administrator may listen there; name a port from 1024 on."
    reason = error.strerror or "unknown"
    return f"--host {host}: no address of this machine ({reason}); 127.0.0.1 is this machine alone, 0.0.0.0 all of its addresses."


class Beginning:
    """Raw ASGI: remembers why the application could not begin. Starlette would have its whole traceback logged as a line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.failure: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on."""
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def shortened(message: Message) -> None:
            await send({"type": message["type"]})

        try:
            await self._app(scope, receive, shortened)
        except Exception as error:
            self.failure = error
            raise


class Server(uvicorn.Server):
    """uvicorn, except that a signal is told to the application at once and the process ends in time, with exit code 0."""

    def __init__(self, config: uvicorn.Config, parts: Parts, *, beginning: Beginning, demo: bool) -> None:
        super().__init__(config)
        self._beginning = beginning
        self._parts = parts
        self._demo = demo
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    def run(self, sockets: list[Socket] | None = None) -> None:
        """Serve until a signal. Raises what kept the application from beginning."""
        try:
            super().run(sockets=sockets)
        except SystemExit:
            raise self._beginning.failure or ConfigurationError("the server did not start, see the log above.") from None

    async def startup(self, sockets: list[Socket] | None = None) -> None:
        """Start listening and say where."""
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets=sockets)
        gc.freeze()  # what was imported and built stays for good: not looked at again by each collection
        gc.enable()
        for server in self.servers:
            for one in server.sockets:
                host, port = one.getsockname()[:2]
                url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
                if self._demo:
                    sys.stderr.write(f"Rondo's playground: open {url} in a browser. Ctrl+C ends it; nothing is kept.\n")
                else:
                    log.info("serving", extra={"url": url})

    async def main_loop(self) -> None:
        """Wait until it is told to end. uvicorn's own looks ten times a second, which is most of what an idle server does."""
        if not await self.on_tick(0):
            await self._told.wait()

    async def shutdown(self, sockets: list[Socket] | None = None) -> None:
        """uvicorn leaves the application's own end out after a second signal: what is being sent would not be marked."""
        await super().shutdown(sockets)
        if self.force_exit:
            await self.lifespan.shutdown()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """First signal: end in order. Open streams and waiters learn of it now, not when requests have been drained.

        Second signal: open requests are not waited for.
        """
        self._parts.stopping = True
        if not self.should_exit:
            last = threading.Timer(PROCESS_ENDS, os._exit, args=(1,))
            last.daemon = True
            last.start()
        self.force_exit = self.should_exit
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._told.set)
