"""Slack's Web API against the loopback Slack: what is sent, what every failure means, and who people are."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.gateway import NO_MEMBER, SlackGateway, digest
from adapters.slack.meaning import meaning, retry_after
from bot.events import Address, Platform, Receipt
from bot.ports import DeliveryError, Gone, InDoubt, Later, Refused
from bot.talk.actions import Action, Verb
from bot.talk.cards import Button, Buttons, Card, Heading, Paragraph
from bot.talk.text import plain
from tests.fakes.slack import FakeSlack

CARD = Card(
    summary="Check-in <for> this week",
    elements=(
        Heading(text="Check-in"),
        Paragraph(text=plain("*Launch* <!channel>")),
        Buttons(buttons=(Button(label="On track", action=Action(Verb.WHY, ("k",))),)),
    ),
)
DONE = Card(summary="Thank you", elements=(Paragraph(text=plain("Thank you")),))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as fake:
        yield fake
    assert [str(violation) for violation in fake.violations] == []


@pytest.fixture
async def gateway(slack: FakeSlack) -> AsyncIterator[SlackGateway]:
    gateway = SlackGateway(slack.bot_token, api_url=slack.api_url)
    yield gateway
    await gateway.close()


def at(slack: FakeSlack, user: str) -> Address:
    return Address(platform=Platform.SLACK, tenant=slack.team, user=user)


# ------------------------------------------------------------------------------------------ messages


async def test_a_message_is_posted_once_and_edited_in_place(slack: FakeSlack, gateway: SlackGateway) -> None:
    ana = slack.add_user(email="ana@example.com", name="Ana")
    receipt = await gateway.send(at(slack, ana), CARD, key="checkin:ana:2026-W48")
    (posted,) = slack.messages_to(ana)
    assert (receipt.place, receipt.id) == (posted.channel, posted.ts)
    assert posted.text == "Check-in &lt;for&gt; this week"
    assert posted.metadata == {
        "event_type": "rondo_message",
        "event_payload": {"id": digest("checkin:ana:2026-W48"), "stem": digest("checkin:ana:2026-W48")},
    }
    assert await gateway.edit(receipt, DONE, key="checkin:ana:2026-W48") == receipt
    (edited,) = slack.messages_to(ana)
    assert edited.text == "Thank you"
    call = slack.calls_of("chat.postMessage")[0]
    assert call.args["unfurl_links"] is False


async def test_a_lost_answer_is_in_doubt_posted_once_and_found_again(slack: FakeSlack, gateway: SlackGateway) -> None:
    ana = slack.add_user(email="ana@example.com", name="Ana")
    began = datetime.now(UTC)
    slack.faults.lose_response(method="chat.postMessage")
    with pytest.raises(InDoubt):
        await gateway.send(at(slack, ana), CARD, key="k1")
    assert len(slack.messages_to(ana)) == 1
    found = await gateway.find(at(slack, ana), key="k1", since=began)
    assert found is not None
    assert (found.place, found.id) == (slack.messages_to(ana)[0].channel, slack.messages_to(ana)[0].ts)
    assert await gateway.find(at(slack, ana), key="k2", since=began) is None
    assert await gateway.find(at(slack, ana), key="k1", since=began + timedelta(minutes=10)) is None


async def test_reading_back_turns_pages(slack: FakeSlack, gateway: SlackGateway) -> None:
    ana = slack.add_user(email="ana@example.com", name="Ana")
    wanted = await gateway.send(at(slack, ana), CARD, key="k1")
    for number in range(450):
        slack.say(ana, wanted.place, f"words {number}")
    assert await gateway.find(at(slack, ana), key="k1", since=datetime.now(UTC)) == wanted
    assert len(slack.calls_of("conversations.history")) == 3


async def test_another_workspace_gets_nothing(slack: FakeSlack, gateway: SlackGateway) -> None:
    ana = slack.add_user(email="ana@example.com", name="Ana")
    foreign = Address(platform=Platform.SLACK, tenant="TOTHER", user=ana)
    with pytest.raises(Gone):
        await gateway.send(foreign, CARD, key="k")
    with pytest.raises(Gone):
        await gateway.edit(Receipt(address=foreign, place="D1", id="1.1"), CARD, key="k")
    assert await gateway.profile(foreign) is None
    assert slack.messages == {}


# ------------------------------------------------------------------------------------------ what failures mean

PERSON = ["user_disabled", "user_not_found", "channel_not_found", "is_archived", "not_in_channel", "restricted_action"]
PERSON += ["message_not_found", "cant_update_message", "edit_window_closed", "cannot_dm_bot", "user_not_visible"]
TENANT = ["token_revoked", "invalid_auth", "account_inactive", "token_expired", "not_authed", "missing_scope"]
TENANT += ["ekm_access_denied", "team_access_not_granted"]
OURS = ["invalid_blocks", "msg_too_long", "no_text", "invalid_arguments", "an_error_nobody_has_seen"]
DOUBTFUL = ["fatal_error", "internal_error", "service_unavailable", "duplicate_message_not_found"]


class Answer:
    """As much of an SDK response as `meaning` looks at."""

    def __init__(self, code: str | None, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.status_code, self.headers = status, headers or {}
        self.data: object = {"ok": False, "error": code} if code else "<html>"


def failed(code: str | None, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    return SlackApiError("failed", Answer(code, status, headers))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("posting", [True, False])
@pytest.mark.parametrize(
    ("code", "kind"),
    [(code, Gone) for code in PERSON] + [(code, Later) for code in TENANT] + [(code, Refused) for code in OURS],
)
def test_a_refusal_means_nothing_was_posted(code: str, kind: type[DeliveryError], posting: bool) -> None:
    found = meaning(failed(code), posting=posting)
    assert type(found) is kind
    assert code in found.reason
    if isinstance(found, Later):
        assert (found.whole_tenant, found.broken, found.seconds) == (True, True, None)


@pytest.mark.parametrize(
    "error",
    [
        *(failed(code) for code in DOUBTFUL),
        failed(None),  # 200 with HTML
        failed(None, 408),
        failed(None, 500),
        failed("fatal_error", 503),
        failed(None, 302),
        TimeoutError(),
        ConnectionResetError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.ClientPayloadError(),
        aiohttp.SocketTimeoutError(),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
        AttributeError("'list' object has no attribute 'get'"),
    ],
    ids=repr,
)
def test_an_unclear_answer_leaves_a_post_in_doubt_and_repeats_an_edit(error: Exception) -> None:
    assert type(meaning(error, posting=True)) is InDoubt
    assert type(meaning(error, posting=False)) is Later


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(aiohttp.client_reqrep.ConnectionKey("h", 1, True, True, None, None, None), OSError()),
        aiohttp.ConnectionTimeoutError(),
        aiohttp.InvalidURL("nonsense"),
    ],
    ids=repr,
)
def test_without_a_connection_nothing_was_posted(error: Exception) -> None:
    assert type(meaning(error, posting=True)) is Later


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 1.0),
        ("1", 1.0),
        ("3600", 3600.0),
        ("999999", 3600.0),
        ("9" * 20, 3600.0),
        ("1.5", 1.5),
        (" 7 ", 7.0),
        ("9" * 5000, None),
        ("-5", None),
        ("soon", None),
        ("NaN", None),
        ("١٢", None),
        ("", None),
        (None, None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1.0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_retry_after_is_obeyed_bounded_and_never_trusted(header: str | None, seconds: float | None) -> None:
    headers = {} if header is None else {"Retry-After": header}
    assert retry_after(headers) == seconds
    found = meaning(failed("ratelimited", 429, headers), posting=True)
    assert isinstance(found, Later)
    assert (found.seconds, found.whole_tenant) == (seconds, True)


def test_retry_after_may_be_a_date() -> None:
    seconds = retry_after({"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)})
    assert seconds is not None
    assert 55 <= seconds <= 61
    assert retry_after(None) is None


async def test_the_same_over_http(slack: FakeSlack, gateway: SlackGateway) -> None:
    ana = at(slack, slack.add_user(email="ana@example.com", name="Ana"))
    post = "chat.postMessage"
    await gateway.team_id()
    slack.faults.rate_limit(retry_after=30, method=post)
    with pytest.raises(Later) as later:
        await gateway.send(ana, CARD, key="k")
    assert later.value.seconds == 30
    slack.faults.server_error(method=post)
    with pytest.raises(InDoubt):
        await gateway.send(ana, CARD, key="k")
    slack.faults.reset(method=post)
    with pytest.raises(InDoubt):
        await gateway.send(ana, CARD, key="k")
    slack.faults.error("user_disabled", method=post)
    with pytest.raises(Gone):
        await gateway.send(ana, CARD, key="k")
    slack.faults.error("msg_too_long", method=post)
    with pytest.raises(Refused):
        await gateway.send(ana, CARD, key="k")
    assert slack.messages_to(ana.user) == []
    receipt = await gateway.send(ana, CARD, key="k")
    slack.faults.server_error(method="chat.update")
    with pytest.raises(Later):
        await gateway.edit(receipt, DONE, key="k")
    slack.faults.error("message_not_found", method="chat.update")
    with pytest.raises(Gone):
        await gateway.edit(receipt, DONE, key="k")


async def test_a_closed_port_means_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    gateway = SlackGateway("xoxb", api_url=f"http://127.0.0.1:{port}/api/")
    with pytest.raises(Later, match="not connected"):
        await gateway.team_id()
    await gateway.close()


BODIES = [
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n[[]]",
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{oops",
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n\xff\xfe",
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n\x1f\x8b",
    b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}',
    b"HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
    b"nonsense\r\n\r\n",
    b"",
]


@pytest.mark.parametrize("body", BODIES, ids=lambda body: repr(body[-30:]))
async def test_unreadable_answers_leave_a_post_in_doubt(body: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        team = b'{"ok":true,"team_id":"T1"}'
        good = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(team), team)
        writer.write(good if b"auth.test" in asked else body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    gateway = SlackGateway("xoxb", api_url=f"http://127.0.0.1:{port}/api/")
    with pytest.raises(InDoubt):
        await gateway.send(Address(platform=Platform.SLACK, tenant="T1", user="U1"), CARD, key="k")
    await gateway.close()
    server.close()
    await server.wait_closed()


# ------------------------------------------------------------------------------------------ people


async def test_a_profile_says_what_slack_vouches_for(slack: FakeSlack, gateway: SlackGateway) -> None:
    ana = slack.add_user(email="ana@example.com", name="Ana", tz="Asia/Seoul", locale="ko-KR")
    profile = await gateway.profile(at(slack, ana))
    assert profile is not None
    assert (profile.email, profile.name, profile.zone, profile.locale) == (
        "ana@example.com",
        "Ana",
        "Asia/Seoul",
        "ko-KR",
    )
    unsure = await gateway.profile(at(slack, slack.add_user(email="b@example.com", name="B", email_confirmed=False)))
    assert unsure is not None
    assert unsure.email is None
    assert await gateway.profile(at(slack, slack.add_user(email="c@example.com", name="C", is_bot=True))) is None
    assert await gateway.profile(at(slack, slack.add_user(email="d@example.com", name="D", deleted=True))) is None
    assert await gateway.profile(at(slack, "UNOBODY")) is None


@pytest.mark.parametrize(
    "more",
    [{"team_id": "TOTHER"}, {"team_id": None}, {"id": 7}, *({name: True} for name in NO_MEMBER)],
)
async def test_strangers_are_nobody(slack: FakeSlack, gateway: SlackGateway, more: dict[str, Any]) -> None:
    await gateway.team_id()
    user = {"id": "U1", "team_id": slack.team, "profile": {"email": "a@example.com"}}
    assert gateway._member(user) is not None
    assert gateway._member({**user, **more}) is None
    elsewhere = {**user, "team_id": "TOTHER", "enterprise_user": {"teams": ["TOTHER", slack.team]}}
    assert gateway._member(elsewhere) is not None


async def test_the_directory_is_paged_cached_and_searched_by_folded_address() -> None:
    seconds = 0.0
    async with FakeSlack() as slack:
        gateway = SlackGateway(slack.bot_token, api_url=slack.api_url, monotonic=lambda: seconds)
        for number in range(1100):
            slack.add_user(email=f"p{number}@example.com", name=f"P {number}")
        slack.add_user(email="bot@example.com", name="Bot", is_bot=True)
        assert len(await gateway.directory()) == 1100
        assert len(slack.calls_of("users.list")) == 3
        found = await gateway.locate("P7@Example.com")
        assert found is not None
        assert found[1].name == "P 7"
        late = slack.add_user(email="late@example.com", name="Late")
        found = await gateway.locate("late@example.com")  # newer than the listing: asked for alone
        assert found is not None
        assert found[0].user == late
        for number in range(30):
            assert await gateway.locate(f"nobody{number}@example.com") is None
        assert len(slack.calls_of("users.lookupByEmail")) == 20  # a few a minute; then the listing has the say
        later = slack.add_user(email="later@example.com", name="Later")
        assert await gateway.locate("later@example.com") is None
        assert len(slack.calls_of("users.list")) == 3
        seconds = 61.0
        found = await gateway.locate("later@example.com")
        assert found is not None
        assert found[0].user == later
        assert len(slack.calls_of("users.list")) == 6
        await gateway.close()


async def test_whoever_asks_for_the_directory_gets_it_as_it_is_now(slack: FakeSlack, gateway: SlackGateway) -> None:
    assert list(await gateway.directory()) == []
    slack.add_user(email="new@example.com", name="New")
    assert [profile.email for _, profile in await gateway.directory()] == ["new@example.com"]


async def test_a_listing_cut_short_goes_on_where_it_stopped(slack: FakeSlack, gateway: SlackGateway) -> None:
    for number in range(1100):
        slack.add_user(email=f"p{number}@example.com", name=f"P {number}")
    await gateway.team_id()
    slack.faults.delay(0.0, 1, method="users.list")
    slack.faults.rate_limit(retry_after=2, method="users.list")
    with pytest.raises(Later):
        await gateway.directory()
    assert await gateway.locate("p3@example.com") is not None  # of the first page
    assert len(await gateway.directory()) == 1100
    assert [call.status for call in slack.calls_of("users.list")] == [200, 429, 200, 200]


async def test_where_we_may_not_list_we_ask_for_the_one(slack: FakeSlack, gateway: SlackGateway) -> None:
    ana = slack.add_user(email="ana@example.com", name="Ana")
    slack.faults.error("missing_scope", 10, method="users.list")
    found = await gateway.locate("Ana@example.com")
    assert found is not None
    assert found[0].user == ana
    assert await gateway.locate("nobody@example.com") is None
    assert len(slack.calls_of("users.list")) == 1


async def test_what_a_lost_database_sent_is_found_by_its_stem_and_nothing_that_came_later(
    slack: FakeSlack, gateway: SlackGateway
) -> None:
    """Over more pages than one: a day of messages lies above it."""
    ana = slack.add_user(email="ana@example.com", name="Ana")
    before = datetime.now(UTC)
    sent = await gateway.send(at(slack, ana), CARD, key="digest:ana:20310109T100000")
    for _ in range(210):
        slack.say(ana, slack.users[ana].dm, "hello", None)
    noticed = datetime.now(UTC)
    find = partial(gateway.find, at(slack, ana), key="digest:ana:20310109T110000", since=before)
    assert await find() is None
    assert await find(lost_until=noticed) == sent
    assert await find(lost_until=before - timedelta(seconds=1)) is None
