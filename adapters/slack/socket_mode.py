"""Socket Mode: Slack's payloads over a WebSocket that we open, where no public address is allowed.

The same listener as `/slack/events`, acknowledged after the commit: what could not be written is not acknowledged, and Slack
sends it again. docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any, Final

import aiohttp
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from adapters.slack.client import Client, OpenSession
from adapters.slack.routes import Take

WAIT: Final = 20.0  # seconds without a connection after which a new address is asked for: each is good for one connection
PING: Final = 5.0  # seconds

log = logging.getLogger("rondo.slack.socket")

# The SDK writes payloads to its log, and addresses with the ticket in them.
_sdk = logging.getLogger("rondo.slack.socket.sdk")
_sdk.setLevel(logging.CRITICAL + 1)


class Socket:
    """One connection of this replica; Slack spreads what happens over all that are open (at most ten)."""

    def __init__(
        self,
        app_token: str,
        take: Take,
        client: Client,
        *,
        open_session: OpenSession | None = None,
        check: Callable[[str], object] = lambda address: None,
    ) -> None:
        """`check` raises ValueError for an address that must not be connected to. `open_session`: with its own guard."""
        self._token, self._take, self._web = app_token, take, client
        self._open, self._check = open_session, check
        self._client: _Connection | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Begin, in the running loop; connects in the background, again and again."""
        self._client = client = _Connection(self._token, self._web, self._check)
        if self._open is not None:
            await client.aiohttp_client_session.close()
            client.aiohttp_client_session = self._open(aiohttp.ClientTimeout(total=None, sock_connect=PING))
        client.socket_mode_request_listeners.append(self._heard)
        sdk: Any = client
        self._tasks = [asyncio.create_task(sdk.connect()), asyncio.create_task(self._watch(client))]

    async def close(self) -> None:
        """No payload comes any more."""
        sdk: Any = self._client
        if sdk is not None:
            await sdk.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def connected(self) -> bool:
        """Whether Slack reaches this replica now."""
        client = self._client
        session = client.current_session if client is not None else None
        return client is not None and not client.closed and not client.stale and session is not None and not session.closed

    def standing(self) -> str | None:
        """For `/readyz`: None, or what is wrong."""
        return None if self.connected else "not connected to Slack: RONDO_SLACK_APP_TOKEN, or the way out to wss://*.slack.com"

    async def _watch(self, client: "_Connection") -> None:
        """Say when it is lost and found; ask for a new address where the old one leads nowhere (the SDK would not)."""
        was, lost = False, asyncio.get_running_loop().time()
        while not client.closed:
            now = asyncio.get_running_loop().time()
            if self.connected != was:
                was = not was
                log.log(logging.INFO if was else logging.WARNING, "connected to Slack" if was else "connection to Slack lost")
                lost = now
            elif not was and now - lost > WAIT:
                log.error("no connection to Slack", extra={"reason": client.wrong})
                client.wss_uri, lost = None, now
            await asyncio.sleep(0.2)

    async def _heard(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        try:
            answer: BoltResponse = await self._take(request.payload)
        except Exception:
            log.exception("not taken, Slack will repeat")
            return
        if answer.status != 200:
            return
        body = json.loads(answer.body) if answer.body else None
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=body))


class _Connection(SocketModeClient):
    """The SDK's, to checked addresses only."""

    def __init__(self, app_token: str, client: Client, check: Callable[[str], object]) -> None:
        super().__init__(app_token, logger=_sdk, web_client=client, proxy=client.proxy, ping_interval=PING)
        self._may = check
        self.wrong = ""

    async def issue_new_wss_url(self) -> str:
        """A new address, for one connection."""
        try:
            address = await super().issue_new_wss_url()
            self._may(address)
        except Exception as error:
            answer = getattr(error, "response", None)
            data = getattr(answer, "data", None)
            self.wrong = str(data.get("error")) if isinstance(data, dict) else type(error).__name__
            raise
        self.wrong = ""
        return address
