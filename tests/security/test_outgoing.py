"""Outgoing requests reach listed hosts on the public internet and nothing else (RELIABILITY S8, ASVS 1.3.6, 13.2.4, 15.3.2)."""

import asyncio
import re
import socket
import threading
from collections.abc import AsyncIterator, Sequence

import aiohttp
import httpx
import pytest

from adapters import destinations, outgoing_aiohttp, outgoing_httpx
from adapters.auditing import Pinger
from adapters.outgoing import Forbidden, Rules, is_name
from adapters.outgoing_httpx import NotAllowed
from adapters.settings import Settings
from adapters.teams.auth import SERVICE_HOSTS
from tests.house.files import ROOT, python_in, where

RULES = Rules(hosts=frozenset({"smba.trafficmanager.net", "slack.com", ".slack.com", "login.example.com:8443"}))
PUBLIC = "93.184.216.34"

REFUSED = [
    # schemes
    "http://slack.com/api/", "ftp://slack.com/", "file:///etc/passwd", "gopher://slack.com/", "javascript:alert(1)", "data:,x",
    "//slack.com/api/", "slack.com/api/", "", "https://", "https:slack.com", "https:///slack.com", "unix:///run/docker.sock",
    # other hosts, and what looks like a listed one
    "https://evil.example/", "https://slack.com.evil.example/", "https://evilslack.com/", "https://xslack.com/",
    "https://smba.trafficmanager.net.evil.example/", "https://a.smba.trafficmanager.net/", "https://trafficmanager.net/",
    "https://slack.com-evil.example/", "https://.slack.com/", "https://slack.com./", "https://slack..com/", "https://slack_com/",
    # a user's name before the host, odd characters, escapes
    "https://slack.com@evil.example/", "https://evil.example@slack.com/", "https://u:p@slack.com/",
    "https://slack.com:443@evil.example/",
    "https://@slack.com/", "https://evil.example\\@slack.com/", "https://slack.com\\.evil.example/",
    "https://slack.com%2eevil.example/",
    "https://slack%2ecom/", "https://slack.com%00.evil.example/", "https://slack.com\x00.evil.example/",
    "https://slack.com\r\nHost: x/",
    "https://slack.com\t/", " https://slack.com/", "https://slack.com /", "https://ⓢlack.com/", "https://slack。com/",
    "https://ѕlack.com/",
    "https://evil.example#slack.com", "https://evil.example?slack.com",
    # ports
    "https://slack.com:80/", "https://slack.com:22/", "https://slack.com:99999/", "https://slack.com:x/",
    "https://login.example.com/",
    "https://login.example.com:8444/",
    # addresses in numbers, in every spelling
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/", "https://017700000001/", "https://0/", "https://0.0.0.0/", "https://10.0.0.1/",
    "https://169.254.169.254/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[fe80::1%25eth0]/",
    "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/", "https://[::1/", "https://93.184.216.34/", "https://slack.com.0x7f/",
    "https://localhost/", "http://localhost/", "http://127.0.0.1:80/", "https://metadata.google.internal/", "https://metadata/",
]  # fmt: skip

ALLOWED = [
    "https://slack.com/api/chat.postMessage", "https://SLACK.com/api/", "https://files.slack.com/upload/v1/x",
    "https://slack.com:443/",
    "wss://wss-primary.slack.com/link", "https://smba.trafficmanager.net/emea/v3/conversations",
    "https://login.example.com:8443/token",
]  # fmt: skip

NOT_PUBLIC = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1",
    "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1",
    "::",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:0:0:0:0:80ff:fffe", "nonsense", "",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_off_the_list_is_refused_in_every_spelling(url: str) -> None:
    with pytest.raises(Forbidden):
        RULES.check(url)


@pytest.mark.parametrize("url", ALLOWED)
def test_an_address_on_the_list_is_let_out(url: str) -> None:
    assert RULES.check(url)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_a_name_that_resolves_into_a_network_of_ours_is_refused(address: str) -> None:
    with pytest.raises(Forbidden):
        RULES.check_addresses("slack.com", [PUBLIC, address])


def test_a_host_in_the_companys_own_network_is_asked_only_where_an_operator_named_it() -> None:
    own = Rules(hosts=frozenset({"monitor"}), private=frozenset({"monitor"}))
    assert own.check("https://monitor/ping") == "monitor"
    assert own.check_addresses("monitor", ["10.0.0.5", "fd00::5"]) == ["10.0.0.5", "fd00::5"]
    for never in ("169.254.169.254", "::ffff:169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0"):
        with pytest.raises(Forbidden):
            own.check_addresses("monitor", [never])


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "10.0.0.0x1", "::1", "[::1]", "a..b", "-a.b", ""],
)
def test_an_address_in_numbers_is_refused_even_where_somebody_put_it_on_the_list(host: str) -> None:
    assert not is_name(host)
    with pytest.raises(Forbidden):
        Rules(hosts=frozenset({host, f".{host}"}), private=frozenset({host})).check(f"https://{host}/")


def test_plain_http_to_this_machine_is_for_development() -> None:
    url = "http://127.0.0.1:8099/api/"
    with pytest.raises(Forbidden):
        RULES.check(url)
    assert Rules(hosts=RULES.hosts, development=True).check(url) == "127.0.0.1"
    with pytest.raises(Forbidden):
        Rules(hosts=RULES.hosts, development=True).check("http://10.0.0.1/api/")


def test_the_lists_are_those_of_the_settings() -> None:
    settings = Settings(teams_token_url="https://login.microsoftonline.us/x/token", private_hosts=("Link.Example",))
    teams = destinations.teams(settings, SERVICE_HOSTS, "https://graph.microsoft.com/v1.0/")
    assert teams.hosts == {*SERVICE_HOSTS, "login.botframework.com", "login.microsoftonline.us", "graph.microsoft.com"}
    assert teams.private == {"link.example"}
    assert destinations.slack(settings).hosts == {"slack.com", ".slack.com"}
    assert destinations.own("https://hc.example:444/x").hosts == {"hc.example:444"}


# ------------------------------------------------------------------------------------------------ on the wire


class Wire:
    """A server on this machine that notes who connects, and a resolver that answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.requests: list[str] = []
        self.answers: list[Sequence[str]] = []
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        self.port = 0

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(self.answer)
        await writer.drain()
        writer.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    wire = Wire()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    async with server:
        yield wire


def at_home(wire: Wire) -> Rules:
    """Rules under which the wire can be reached by plain http, as in development."""
    return Rules(hosts=frozenset({"slack.com"}), development=True)


async def test_httpx_connects_to_the_address_that_was_checked_and_asks_no_second_time(wire: Wire) -> None:
    wire.answers = [["127.0.0.1"], ["10.0.0.1"]]
    async with outgoing_httpx.client(at_home(wire), timeout=5, resolve=wire.resolve) as http:
        answer = await http.post(f"http://localhost:{wire.port}/x", content=b"body")
    assert answer.text == "ok"
    assert wire.asked == ["localhost"]
    assert f"Host: localhost:{wire.port}" in wire.requests[0]


async def test_a_name_that_answers_with_this_machine_is_not_connected_to(wire: Wire) -> None:
    wire.answers = [["127.0.0.1"]]
    rules = Rules(hosts=frozenset({f"slack.com:{wire.port}"}), development=True)
    async with outgoing_httpx.client(rules, timeout=5, resolve=wire.resolve) as http:
        with pytest.raises(NotAllowed):
            await http.get(f"https://slack.com:{wire.port}/api/")
    assert wire.asked == ["slack.com"]
    assert wire.requests == []


async def test_an_address_off_the_list_is_not_even_resolved(wire: Wire) -> None:
    async with outgoing_httpx.client(at_home(wire), timeout=5, resolve=wire.resolve) as http:
        with pytest.raises(NotAllowed):
            await http.get("https://evil.example/")
    assert wire.asked == []


async def test_a_redirect_is_an_answer_and_not_an_order(wire: Wire) -> None:
    wire.answers = [["127.0.0.1"]] * 2
    wire.answer = b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with outgoing_httpx.client(at_home(wire), timeout=5, resolve=wire.resolve) as http:
        assert (await http.get(f"http://localhost:{wire.port}/")).status_code == 302
        with pytest.raises(NotAllowed):
            await http.get(f"http://localhost:{wire.port}/", follow_redirects=True)
    assert wire.asked == ["localhost", "localhost"]


async def test_the_next_address_is_tried_where_the_first_does_not_answer(wire: Wire) -> None:
    wire.answers = [["127.99.99.99", "127.0.0.1"]]
    async with outgoing_httpx.client(at_home(wire), timeout=5, resolve=wire.resolve) as http:
        assert (await http.get(f"http://localhost:{wire.port}/")).text == "ok"


async def test_slacks_client_is_guarded_in_the_same_way(wire: Wire) -> None:
    rules = Rules(hosts=frozenset({"slack.com", f"slack.com:{wire.port}"}), development=True)
    opened = outgoing_aiohttp.sessions(rules, resolve=wire.resolve)(aiohttp.ClientTimeout(total=5))
    async with opened as session:
        with pytest.raises(aiohttp.InvalidURL):
            await session.get("https://evil.example/")
        with pytest.raises(aiohttp.InvalidURL):
            await session.get("https://169.254.169.254/latest/meta-data/")
        assert wire.asked == []
        wire.answers = [["127.0.0.1"]]
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"https://slack.com:{wire.port}/api/")
        assert wire.requests == []
        wire.answer = b"HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        with pytest.raises(aiohttp.InvalidURL):
            await session.get(f"http://127.0.0.1:{wire.port}/")
        assert len(wire.requests) == 1


async def test_the_monitor_is_pinged_where_it_is_and_nowhere_else(wire: Wire) -> None:
    pinger = Pinger(f"http://127.0.0.1:{wire.port}/ping/1234")
    assert await pinger.ping()
    wire.answer = b"HTTP/1.1 301 Moved\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    assert not await pinger.ping()
    await pinger.close()
    assert [line.split()[1] for line in wire.requests] == ["/ping/1234"] * 2


def test_every_client_of_ours_comes_from_the_guarded_ones() -> None:
    """Who opens a connection by other means is a hole in the wall."""
    makers = (
        "AsyncClient(",
        "httpx.Client(",
        "ClientSession(",
        "urlopen(",
        "AsyncHTTPTransport(",
        "open_connection(",
        "HTTPConnection(",
    )
    guarded = {
        "adapters/outgoing_httpx.py",
        "adapters/outgoing_aiohttp.py",
        # Their own only where none is handed in, which the composition root never leaves out.
        "adapters/teams/gateway.py",
        "adapters/slack/client.py",
    }
    rooms = python_in("adapters", "scheduler", "storage", "bot", "prompts")
    found = {where(path) for _, path, source in rooms if any(maker in source for maker in makers)}
    assert found == guarded
    places = ("adapters/mount.py", "adapters/mount_slack.py", "adapters/checks.py", "adapters/checks_slack.py")
    root = "".join((ROOT / place).read_text(encoding="utf-8") for place in places)
    for client, guard in ((r"\bSlackGateway\(", "open_session="), (r"\bTeamsGateway\(", "http="), (r"\bClient\(", "sessions(")):
        calls = re.split(client, root)[1:]
        assert calls
        assert all(guard in call[:700] for call in calls), client


async def test_a_resolver_that_hangs_is_no_address_and_keeps_no_other_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the company's name servers are gone each lookup hangs for half a minute; people's turns go on meanwhile."""
    freed, hung = threading.Event(), threading.Event()

    def hangs(*_args: object, **_more: object) -> list[object]:
        hung.set()
        freed.wait(10)
        return []

    monkeypatch.setattr("adapters.outgoing.LOOKUP", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    try:
        async with asyncio.timeout(5), outgoing_httpx.client(RULES, timeout=5) as http:
            asked = [asyncio.create_task(http.get("https://slack.com/api/")) for _ in range(40)]
            await asyncio.to_thread(hung.wait, 5)
            assert await asyncio.to_thread(lambda: "a turn") == "a turn"
            answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(one) for one in answers} == {httpx.ConnectError}
    finally:
        freed.set()
