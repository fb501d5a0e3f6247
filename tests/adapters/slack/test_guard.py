"""What stands before Bolt: size, signature over the raw bytes, well-formedness. Never 5xx, nothing taken."""

import asyncio
import json
import logging
import time
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.gateway import SlackGateway
from adapters.slack.routes import Notes, slack_router, verified
from tests.adapters.slack.conftest import OLD_SECRET, SECRET, FixedClock, RecordingDoor, World

FORM = "application/x-www-form-urlencoded"


def body_of(world: World, user: str, event_id: str = "Ev1") -> bytes:
    event = {"type": "message", "channel_type": "im", "user": user, "text": "on track", "team": world.slack.team}
    return json.dumps(world.driver.envelope(event, event_id)).encode()


def headers(world: World, body: bytes, **changed: str | None) -> dict[str, str]:
    names = {"timestamp": "X-Slack-Request-Timestamp", "signature": "X-Slack-Signature"}
    good: dict[str, str | None] = dict(world.driver.sign(body))
    good |= {names[name]: value for name, value in changed.items()}
    return {name: value for name, value in good.items() if value is not None}


SIGNATURES: list[dict[str, str | None]] = [
    {"signature": None},
    {"signature": ""},
    {"signature": "v0=" + "0" * 64},
    {"signature": "v0="},
    {"signature": "x" * 4000},
    {"timestamp": None},
    {"timestamp": ""},
    {"timestamp": "now"},
    {"timestamp": "-5"},
    {"timestamp": "+1700000000"},
    {"timestamp": "1_700_000_000"},
    {"timestamp": "1700000000.0"},
    {"timestamp": "NaN"},
    {"timestamp": "9" * 12},
    {"timestamp": "9" * 5000},
    {"signature": None, "timestamp": None},
]


@pytest.mark.parametrize("changed", SIGNATURES, ids=lambda changed: str(changed)[:50])
async def test_a_request_without_a_good_signature_is_refused(world: World, changed: dict[str, str | None]) -> None:
    body = body_of(world, world.person())
    answer = await world.driver.raw(body, headers(world, body, **changed))
    assert answer.status == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert world.door.received == 0


async def test_other_secrets_versions_bodies_and_letters_are_refused(world: World) -> None:
    body = body_of(world, world.person())
    sign = world.driver.sign
    good = sign(body)
    forged = [
        sign(body, secret="another secret"),
        sign(body + b" "),
        {**good, "X-Slack-Signature": good["X-Slack-Signature"].replace("v0=", "v1=")},
        {**good, "X-Slack-Signature": good["X-Slack-Signature"].upper()},
        {**good, "X-Slack-Request-Timestamp": str(int(good["X-Slack-Request-Timestamp"]) + 1)},
        sign(body, timestamp=int(time.time()) - 302),
        sign(body, timestamp=int(time.time()) + 302),
    ]
    assert [(await world.driver.raw(body, one)).status for one in forged] == [401] * len(forged)
    assert world.door.received == 0


async def test_raw_bytes_in_headers_are_refused(world: World) -> None:
    host, port = world.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n"
        b"X-Slack-Signature: v0=\xff\xfe\xc3\xa4\r\nX-Slack-Request-Timestamp: \xd9\xa1\xb2\r\n\r\n{}"
    )
    assert (await reader.read()).startswith(b"HTTP/1.1 401")
    writer.close()


async def test_the_old_secret_is_good_while_rotating_and_the_window_is_300_seconds(world: World) -> None:
    body = body_of(world, world.person())
    assert (await world.driver.raw(body, world.driver.sign(body, secret=OLD_SECRET))).status == 200
    assert (await world.driver.raw(body, world.driver.sign(body, timestamp=int(time.time()) - 298))).status == 200
    signed = {name.lower(): value for name, value in world.driver.sign(body, timestamp=1_000_000).items()}
    assert verified(body, signed, [SECRET], 1_000_300.0)
    assert verified(body, signed, [SECRET], 999_700.0)
    assert not verified(body, signed, [SECRET], 1_000_301.0)
    assert not verified(body, signed, [SECRET], 999_699.0)
    assert len(world.door.events) == 1


async def test_a_replayed_request_has_no_second_effect(world: World) -> None:
    body = body_of(world, world.person())
    signed = world.driver.sign(body)
    assert [(await world.driver.raw(body, signed)).status for _ in range(3)] == [200, 200, 200]
    assert len(world.door.events) == 1


DEEP = b"[" * 200_000
MALFORMED: list[tuple[bytes, str]] = [
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"[]", "application/json"),
    (b"7", "application/json"),
    (b"null", "application/json"),
    (b"\xff\xfe{}", "application/json"),
    (b'{"a":' + b"9" * 5000 + b"}", "application/json"),
    (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "application/json"),
    (DEEP, "application/json"),
    (b"\x1f\x8b\x08\x00", "application/json"),
    (b"a=1", FORM),
    (b"", FORM),
    (b"payload=", FORM),
    (b"payload={", FORM),
    (b"payload=[]", FORM),
    (b"payload=%FF%FE", FORM),
    (b"payload=" + DEEP, FORM),
    (b"command=%2Fcheckin&text=%ff", FORM),
    (b"&".join(b"a%d=1" % n for n in range(500)), FORM),
    (b"{}", FORM + "; charset=klingon"),
]


@pytest.mark.parametrize(("body", "kind"), MALFORMED, ids=lambda value: repr(value)[:40])
async def test_a_malformed_body_is_refused_after_its_signature(world: World, body: bytes, kind: str) -> None:
    assert (await world.driver.raw(body, {}, content_type=kind)).status == 401
    answer = await world.driver.raw(body, {**world.driver.sign(body), "Content-Type": kind})
    assert answer.status == 400
    assert answer.json["status"] == 400
    assert world.door.received == 0


async def test_a_large_body_is_refused_before_anything_is_read_from_it(world: World) -> None:
    body = b'{"a":"' + b"x" * (2 * 1024 * 1024) + b'"}'
    began = time.monotonic()
    assert (await world.driver.raw(body)).status == 413
    assert time.monotonic() - began < 10
    exact = b'{"a":"' + b"x" * (1024 * 1024 - 8) + b'"}'
    assert len(exact) == 1024 * 1024
    assert (await world.driver.raw(exact)).status == 200
    assert (await world.driver.raw(exact + b" ")).status == 413


async def test_a_body_without_end_or_length_is_cut_off(world: World) -> None:
    host, port = world.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    for _ in range(18):
        writer.write(chunk)
    await writer.drain()
    assert (await reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 413")
    writer.close()


ODD: list[Any] = [
    {},
    {"type": None},
    {"type": "event_callback"},
    {"type": "event_callback", "event": None},
    {"type": "event_callback", "event": "text"},
    {"type": "event_callback", "event": {"type": None}},
    {"type": "event_callback", "event": {"type": 5}, "authorizations": [7]},
    {"type": "event_callback", "event": {"type": "user_change", "user": {"id": "U1"}}},
    {"type": "app_rate_limited", "team_id": "T0RONDO00"},
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": [{}]},
    {"type": "block_actions", "user": 5, "actions": [{"action_id": None}]},
    {"type": "view_submission", "view": {"callback_id": []}},
    {"type": "view_submission", "view": None},
    {"type": "view_closed", "view": {"callback_id": "x", "state": 5}},
    {"type": "shortcut", "callback_id": "x"},
    {"type": "message_action", "callback_id": "x"},
    {"type": "dialog_submission", "callback_id": "x"},
    {"type": "block_suggestion", "action_id": "x"},
    {"type": "never_seen", "response_urls": 5},
    {"command": None},
    {"enterprise": 5, "team": [], "view": {"app_installed_team_id": {}}},
]


@pytest.mark.parametrize("payload", ODD, ids=lambda payload: json.dumps(payload)[:60])
async def test_what_nobody_knows_is_answered_and_forgotten(world: World, payload: Any) -> None:
    assert (await world.driver.raw(json.dumps(payload).encode())).status == 200
    form = urlencode({"payload": json.dumps(payload)}).encode()
    assert (await world.driver.raw(form, content_type=FORM)).status == 200
    assert world.door.received == 0


async def test_the_addresses_own_questions(world: World) -> None:
    answer = await world.driver.raw(b'{"type":"url_verification","challenge":"abc<>"}')
    assert (answer.status, answer.json) == (200, {"challenge": "abc<>"})
    assert (await world.driver.raw(b'{"type":"url_verification","challenge":"abc"}', {})).status == 401
    assert (await world.driver.raw(b"ssl_check=1&token=x", content_type=FORM)).status == 200


async def test_events_that_slack_holds_back_are_an_alarm(world: World, caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps({"type": "app_rate_limited", "team_id": world.slack.team, "minute_rate_limited": 1518467820}).encode()
    with caplog.at_level(logging.ERROR, logger="rondo.slack"):
        assert (await world.driver.raw(body)).status == 200
    assert "holds back events" in caplog.text
    assert world.door.received == 0


def test_an_empty_secret_does_not_start() -> None:
    gateway = SlackGateway("xoxb")
    for secrets in ([], [""], ["good", " "]):
        with pytest.raises(ValueError, match="RONDO_SLACK_SIGNING_SECRET"):
            slack_router(
                RecordingDoor(),
                gateway,
                signing_secrets=secrets,
                clock=FixedClock(),
                notes=Notes(elsewhere="", stranger=""),
            )


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=40), st.text(max_size=80), st.text(max_size=20), st.floats(0, 1e11))
def test_no_header_whatever_raises(body: bytes, signature: str, stamp: str, now: float) -> None:
    assert not verified(body, {"x-slack-signature": signature, "x-slack-request-timestamp": stamp}, [SECRET], now)
    assert not verified(body, {"x-slack-signature": signature, "x-slack-request-timestamp": str(int(now))}, [SECRET], now)
