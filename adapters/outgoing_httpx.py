"""httpx behind `adapters.outgoing`: each request is checked, its host resolved once, and that very address connected to.

A name that answers differently the second time (DNS rebinding) gains nothing: nobody asks a second time.
"""

import ssl
from pathlib import Path
from typing import Final

import httpx

from adapters import outgoing
from adapters.outgoing import Forbidden, Resolve, Rules

NOT_CONNECTED: Final = (httpx.ConnectError, httpx.ConnectTimeout)
MOST_ADDRESSES: Final = 4


class NotAllowed(httpx.ConnectError):
    """A request that must not leave; nothing was sent."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """One kept pool of connections per host, so that a connection is never used for another name. No retries.

    `trusted`: certificates that are believed instead of the well-known ones, in a file.
    """

    def __init__(self, rules: Rules, *, resolve: Resolve = outgoing.resolve, trusted: Path | None = None) -> None:
        self._rules, self._resolve = rules, resolve
        self._tls = httpx.create_ssl_context() if trusted is None else ssl.create_default_context(cafile=trusted)
        self._inner: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises NotAllowed, a ConnectError, before any byte left."""
        url = request.url
        try:
            host = self._rules.check(str(url))
            port = url.port or (443 if url.scheme == "https" else 80)
            addresses = self._rules.check_addresses(host, await self._resolve(host, port))
        except Forbidden as error:
            raise NotAllowed(str(error), request=request) from error
        except OSError as error:
            raise httpx.ConnectError(f"{url.host}: no address", request=request) from error
        inner = self._inner.setdefault(host, httpx.AsyncHTTPTransport(verify=self._tls, retries=0))
        failed: httpx.TransportError | None = None
        for address in addresses[:MOST_ADDRESSES]:
            there = httpx.Request(
                request.method,
                url.copy_with(host=address),
                headers=request.headers,  # `Host` is the name
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},  # and so is what the certificate must say
            )
            try:
                return await inner.handle_async_request(there)
            except NOT_CONNECTED as error:
                failed = error
        assert failed is not None
        raise failed

    async def aclose(self) -> None:
        """Close every connection."""
        for inner in self._inner.values():
            await inner.aclose()


def client(rules: Rules, *, timeout: float, resolve: Resolve = outgoing.resolve) -> httpx.AsyncClient:
    """A client that follows no redirect and reads no proxy or credentials from the environment. `timeout` in seconds."""
    transport = GuardedTransport(rules, resolve=resolve)
    return httpx.AsyncClient(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)
