"""Where a request of ours may go: the one place that decides it, for every client (RELIABILITY S8).

A request leaves only by https, to a host on its client's list, at addresses of the public internet. What each client
does with that: `adapters.outgoing_httpx`, `adapters.outgoing_aiohttp`.
"""

import asyncio
import ipaddress
import os
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"(0x[0-9a-f]*|\d+)", re.ASCII)  # how the last label of an odd spelling of an IPv4 address ends
_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")  # of which Python's `is_global` thinks otherwise from version to version
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

LOOKUP: Final = 5.0
"""Seconds for a name: the system's resolver asks again and again for up to half a minute where none of its servers answers."""
_lookups = ThreadPoolExecutor(8, thread_name_prefix="names")  # of its own: lookups that hang must not keep the database waiting

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to IP addresses. Raises OSError."""


class Forbidden(ValueError):
    """A request that must not leave; the message says why and holds no part of the address but its host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`hosts`: exact names in lower case, `name:8443` where the port is not 443, or `.slack.com` for all names below.

    `private`: of these, those that may lie in the company's own network. `development`: also plain http to this machine.
    """

    hosts: frozenset[str]
    private: frozenset[str] = frozenset()
    development: bool = False

    def check(self, url: str) -> str:
        """The host of an address that may be asked, in lower case. Raises Forbidden."""
        scheme, host, port = _split(url)
        if self.development and host in LOOPBACK and scheme in ("http", "ws", "https", "wss"):
            return host
        if scheme not in ("https", "wss"):
            raise Forbidden(f"{host}: only https leaves here")
        if not is_name(host):
            raise Forbidden("an address in numbers, or no host name")
        if port not in (None, 443):
            if f"{host}:{port}" not in self.hosts:
                raise Forbidden(f"{host} is not on the list of hosts with this port")
        elif host not in self.hosts and not any(one.startswith(".") and host.endswith(one) for one in self.hosts):
            raise Forbidden(f"{host} is not on the list of hosts")
        return host

    def check_addresses(self, host: str, addresses: Iterable[str]) -> list[str]:
        """Those of a host's addresses that may be connected to. Raises Forbidden where one of them may not."""
        found = list(addresses)
        if not found:
            raise Forbidden(f"{host} has no address")
        if self.development and host in LOOPBACK:
            return found
        for one in found:
            if not _may_connect(one, private=host in self.private):
                raise Forbidden(f"{host} resolves to {one}, which is no address of the public internet")
        return found


def is_name(host: str) -> bool:
    """Whether this is a DNS name, and no spelling of an IP address (`127.1`, `0x7f000001`, `2130706433`, `[::1]`)."""
    return bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(host.rpartition(".")[2])


def host_of(url: str) -> str:
    """The host of an address an operator wrote; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def entry_of(url: str) -> str:
    """The list's entry for an address an operator wrote: its host, with the port where that is not 443."""
    try:
        port = urlsplit(url).port
    except ValueError:
        port = None
    return host_of(url) if port in (None, 443) else f"{host_of(url)}:{port}"


async def resolve(host: str, port: int) -> Sequence[str]:
    """What the system's resolver says, each address once, in its order. Raises OSError, also where it says nothing in time."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    async with asyncio.timeout(LOOKUP):
        found = await asyncio.get_running_loop().run_in_executor(_lookups, look_up)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def proxies() -> frozenset[str]:
    """Hosts of the environment's proxies: the operator's own, so they may be private."""
    named = (os.environ.get(name) or os.environ.get(name.lower()) or "" for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"))
    return frozenset(host for url in named if (host := host_of(url)))


def _split(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port. Raises Forbidden for whatever two parsers might read differently."""
    if not url.isascii() or not url.isprintable() or "\\" in url or " " in url:
        raise Forbidden("an address with odd characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Forbidden("no address") from error
    if "@" in parts.netloc:
        raise Forbidden("an address with a user's name")
    if "%" in parts.netloc or not parts.hostname:
        raise Forbidden("an address without a plain host")
    return parts.scheme.lower(), parts.hostname.lower(), port


def _may_connect(address: str, *, private: bool) -> bool:
    try:
        ip: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and any(ip in net for net in _NAT64):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return False  # 169.254.169.254 hands out a cloud's credentials, also to a host in one's own network
    if ip in _PROTOCOLS:
        return False
    return ip.is_global or (private and (ip.is_private or ip.is_loopback))
