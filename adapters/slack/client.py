"""slack_sdk's Web API client as we use it: no retries of its own, quiet, its connections opened by whoever guards them."""

import logging
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any, Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

TIMEOUT: Final = 10.0  # seconds for one call

OpenSession = Callable[[aiohttp.ClientTimeout], aiohttp.ClientSession]
"""How connections are opened; the composition root hands in one that guards where they may go (`adapters.outgoing`)."""

# The SDK writes whole requests to its log at DEBUG.
log = logging.getLogger("rondo.slack.api")
log.setLevel(logging.INFO)


class Client(AsyncWebClient):
    """Without a token: whoever calls says which one. On a fresh connection each, where we know whether a byte left."""

    def __init__(self, api_url: str, open_session: OpenSession | None = None) -> None:
        super().__init__(base_url=api_url, timeout=int(TIMEOUT), retry_handlers=[], logger=log)
        self._open = open_session or _open_session
        host = urllib.parse.urlsplit(api_url).hostname or ""
        if urllib.request.proxy_bypass(host) or host == "127.0.0.1":  # the SDK knows HTTPS_PROXY, not NO_PROXY
            self.proxy = None

    async def api_call(
        self, *args: Any, auth: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None, **kwargs: Any
    ) -> AsyncSlackResponse:
        """As the SDK's, in a session that is ours. `auth` becomes a header here: the SDK's way is on its way out of aiohttp."""
        if self.session is None or self.session.closed:
            self.session = self._open(aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=TIMEOUT / 2))
        basic = {"Authorization": aiohttp.encode_basic_auth(auth["client_id"], auth["client_secret"])} if auth else {}
        return await super().api_call(*args, headers={**(headers or {}), **basic}, **kwargs)

    async def close(self) -> None:
        """Give the connections back."""
        if self.session is not None:
            await self.session.close()


def _open_session(timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(force_close=True, limit=100))
