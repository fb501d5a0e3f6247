"""aiohttp (Slack's SDK) behind `adapters.outgoing`: every address is checked, and what its name resolves to."""

import socket
from collections.abc import Callable

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from adapters import outgoing
from adapters.outgoing import Forbidden, Resolve, Rules


class GuardedResolver(AbstractResolver):
    """Answers with addresses that may be connected to, and with nothing where one of them may not."""

    def __init__(self, rules: Rules, resolve: Resolve = outgoing.resolve) -> None:
        self._rules, self._resolve = rules, resolve

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC) -> list[ResolveResult]:
        """Raises OSError, which aiohttp reports as a failed connection."""
        addresses = await self._resolve(host, port)
        if host.lower() not in outgoing.proxies():
            try:
                addresses = self._rules.check_addresses(host.lower(), addresses)
            except Forbidden as error:
                raise OSError(str(error)) from error
        return [
            ResolveResult(
                hostname=host,
                host=one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for one in addresses
        ]

    async def close(self) -> None:
        """Nothing to give back."""


def sessions(rules: Rules, *, resolve: Resolve = outgoing.resolve) -> Callable[[aiohttp.ClientTimeout], aiohttp.ClientSession]:
    """Opens sessions whose connections serve one request each: on a fresh one we know whether a byte left."""

    async def guard(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
        try:
            rules.check(str(request.url))
        except Forbidden as error:
            raise aiohttp.InvalidUrlClientError(request.url.host or "", str(error)) from error
        return await handler(request)

    def open_session(timeout: aiohttp.ClientTimeout) -> aiohttp.ClientSession:
        resolver = GuardedResolver(rules, resolve)
        connector = aiohttp.TCPConnector(resolver=resolver, force_close=True, limit=100, use_dns_cache=False)
        return aiohttp.ClientSession(connector=connector, timeout=timeout, middlewares=(guard,))

    return open_session
