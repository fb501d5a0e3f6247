"""How the server process lives and ends: uvicorn, told to stop at once and gone in time. Decides nothing."""

import asyncio
import gc
import logging
import os
import threading
from socket import socket as Socket
from types import FrameType

import uvicorn

from adapters.mount import Parts

log = logging.getLogger("rondo.app")

PROCESS_ENDS = 9.5
"""Seconds after SIGTERM: the process ends whatever still hangs."""


class Server(uvicorn.Server):
    """uvicorn, except that a signal is told to the application at once and the process ends in time, with exit code 0."""

    def __init__(self, config: uvicorn.Config, parts: Parts, *, demo: bool) -> None:
        super().__init__(config)
        self._parts = parts
        self._demo = demo
        self._loop: asyncio.AbstractEventLoop | None = None
        self._told = asyncio.Event()

    async def startup(self, sockets: list[Socket] | None = None) -> None:
        """Start listening and say where."""
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets=sockets)
        gc.freeze()  # what was imported and built stays for good: not looked at again by each collection
        gc.enable()
        for server in self.servers:
            for socket in server.sockets:
                host, port = socket.getsockname()[:2]
                url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
                log.info("playground: open it in a browser" if self._demo else "serving", extra={"url": url})

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
