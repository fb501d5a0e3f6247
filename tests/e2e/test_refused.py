"""What comes in and is no good: always refused with 4xx (or ignored with 200 where it is signed), and nothing is written."""

import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from tests.e2e.company import MONDAY, goals_csv, people_csv
from tests.e2e.conftest import Serve
from tests.e2e.hands import SlackHands, TeamsHands
from tests.e2e.server import ADMIN, Server
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_driver import FORM, JSON
from tests.fakes.teams import FakeTeams
from tests.fakes.teams_keys import Forge

TWO_MIB = 2 << 20
DEEP = b"[" * 20_000 + b"]" * 20_000
LONG_NUMBER = b'{"type": ' + b"9" * 5_000 + b"}"
GARBAGE = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"3",
    b'"x"',
    b"\xff\xfe\x00",
    b"{}",
    b'{"type":',
    DEEP,
    b'{"a":' * 3000,
    LONG_NUMBER,
    b"\0",
)


@dataclass
class Place:
    """A server with people at work on it, and a picture of everything it has stored."""

    server: Server
    slack: SlackHands
    teams: TeamsHands
    database: str

    async def picture(self) -> Any:
        await self.server.settle()
        reads = {route: await self.server.items(route) for route in ("ledger", "outbox", "checkins", "policies")}
        return reads, self._tables()

    def _tables(self) -> dict[str, list[tuple[Any, ...]]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            # The server's own heartbeat and its seals, whatever anybody sends.
            names -= {"pulse", "watch", "audited", "ledger_link", "ledger_head"}
            tables = {name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr) for name in names}
        tables["ledger"] = [row for row in tables["ledger"] if "privacy:read" not in row]  # of this very picture
        return tables


@pytest.fixture
async def place(serve: Serve, slack: FakeSlack, teams: FakeTeams, sqlite_url: str) -> AsyncIterator[Place]:
    server = await serve(sqlite_url, slack, teams)
    in_slack, in_teams = SlackHands(slack, server), TeamsHands(teams, server)
    await server.now(MONDAY)
    await in_slack.arrive("max")
    await server.import_people(people_csv())
    await server.import_goals(goals_csv())
    await in_teams.arrive("dana")
    await in_slack.say("max", "hello")
    await server.now("2031-01-09T09:00")
    found = Place(server, in_slack, in_teams, sqlite_url.removeprefix("sqlite:///"))
    before = await found.picture()
    messages = len(slack.messages), len(teams.messages)
    yield found
    assert (await server.http.get("/readyz")).status_code == 200
    after = await found.picture()
    assert after[0] == before[0]
    for name, rows in before[1].items():
        assert after[1][name] == rows, name
    assert (len(slack.messages), len(teams.messages)) == messages


def refused(status: int) -> bool:
    return 400 <= status < 500


async def test_nothing_gets_in_at_slack_without_a_good_signature(place: Place) -> None:
    driver = place.slack.driver
    event = {
        "type": "message",
        "channel_type": "im",
        "channel": "D1",
        "user": place.slack.ids["max"],
        "text": "all on track",
        "ts": "1.1",
    }
    body = json.dumps(driver.envelope(event)).encode()
    now = int(time.time())
    good = driver.sign(body)
    stamp, signature = good["X-Slack-Request-Timestamp"], good["X-Slack-Signature"]
    headers: list[dict[str, str]] = [
        {},
        {"X-Slack-Signature": signature},
        {"X-Slack-Request-Timestamp": stamp},
        {**good, "X-Slack-Signature": ""},
        {**good, "X-Slack-Signature": "v0="},
        {**good, "X-Slack-Signature": signature.replace("v0", "v1")},
        {**good, "X-Slack-Signature": signature[:-1]},
        {**good, "X-Slack-Signature": "v0=" + "0" * 64},
        {**good, "X-Slack-Signature": signature.removeprefix("v0=")},
        {**good, "X-Slack-Request-Timestamp": str(now + 1)},
        driver.sign(body + b" "),
        driver.sign(body, secret="another"),
        *(driver.sign(body, timestamp=at) for at in (now - 301, now - 86_400, now + 330, 0, -1, 10**15)),
        *({**good, "X-Slack-Request-Timestamp": odd} for odd in ("", "soon", "1e9", f"{now}.5", "9" * 5000)),
    ]
    for sent in headers:
        assert (await driver.raw(body, sent)).status == 401, sent
    latin = {**good, "X-Slack-Signature": "v0=é"}
    answer = await place.server.http.post(
        "/slack/events", content=body, headers=[(k.encode(), v.encode("latin-1")) for k, v in latin.items()]
    )
    assert answer.status_code == 401
    for garbage in GARBAGE:
        for kind in (JSON, FORM, "text/plain", "", "multipart/form-data; boundary=x", "application/json; charset=utf-7"):
            assert refused((await driver.raw(garbage, {}, content_type=kind)).status), (garbage[:20], kind)


async def test_signed_nonsense_at_slack_has_no_effect(place: Place) -> None:
    driver, slack = place.slack.driver, place.slack.slack
    for garbage in GARBAGE:
        for kind in (JSON, FORM, "text/plain", ""):
            answer = await driver.raw(garbage, content_type=kind)
            assert answer.status == 200 or refused(answer.status), (garbage[:20], kind, answer)
    max_ = place.slack.ids["max"]
    good = {"type": "message", "channel_type": "im", "channel": "D1", "user": max_, "text": "all on track", "ts": "1.1"}
    envelope = driver.envelope(good)
    strange: list[Any] = [
        {"type": "event_callback"},
        {"type": "event_callback", "event": None},
        {**envelope, "event": None},
        {**envelope, "event": []},
        {**envelope, "team_id": "T0STRANGER"},
        {**envelope, "event_id": None},
        {**envelope, "team_id": 7},
        {**envelope, "type": "new"},
        *(
            {**envelope, "event": {**good, **odd}}
            for odd in (
                {"user": None},
                {"user": 3},
                {"user": "U0NOBODY"},
                {"user": "U\x00"},
                {"user": "\ud800"},
                {"text": None},
                {"text": 5},
                {"text": ""},
                {"bot_id": "B1"},
                {"subtype": "message_changed"},
                {"channel_type": "channel"},
                {"type": "reaction_added"},
                {"type": None},
                {"team": "T0OTHER"},
            )
        ),
        {"type": "block_actions"},
        {"type": "view_submission", "view": None},
        {"type": "view_submission", "user": {"id": max_}},
        {
            "type": "block_actions",
            "user": {"id": max_},
            "team": {"id": slack.team},
            "actions": [{"type": "button", "value": "[]"}],
        },
        {"type": "block_actions", "user": {"id": max_}, "team": {"id": slack.team}, "actions": "x", "container": []},
        {"type": "shortcut", "callback_id": "x", "user": {"id": max_}},
        {"type": "message_action"},
        {"type": "workflow_step_edit"},
    ]
    for payload in strange:
        answer = await driver.raw(json.dumps(payload).encode())
        assert answer.status == 200 or refused(answer.status), (payload, answer)
    for text in (
        "payload=",
        "payload=null",
        "payload={",
        "payload=%FF",
        "payload=[]",
        "command=",
        "command=/checkin",
        "a=b",
        "&&&",
    ):
        answer = await driver.raw(text.encode(), content_type=FORM)
        assert answer.status == 200 or refused(answer.status), (text, answer)
    challenge = await driver.raw(json.dumps({"type": "url_verification", "challenge": "c-123", "token": "x"}).encode())
    assert challenge.status == 200 and "c-123" in challenge.text


async def test_nothing_gets_in_at_teams_without_a_good_token(place: Place) -> None:
    driver = place.teams.driver
    activity = driver.activity(place.teams.ids["dana"], "message", text="/checkin skip forged")
    forgeries: tuple[Forge, ...] = get_args(Forge)
    for forge in forgeries:
        answer = await driver.send({**activity, "id": f"forged-{forge}"}, forge=forge)
        assert answer.status in (401, 403), (forge, answer)
    for header in (
        "Bearer",
        "bearer a.b",
        "Bearer " + "x" * 7000,
        "Bearer é",
        "Basic x",
        "Negotiate",
        "Bearer a.b.c.d",
    ):
        sent = {b"Authorization": header.encode("latin-1"), b"Content-Type": b"application/json"}
        answer2 = await place.server.http.post("/api/messages", content=json.dumps(activity).encode(), headers=list(sent.items()))
        assert answer2.status_code in (401, 403), header
    for garbage in GARBAGE:
        assert refused((await driver.raw(garbage, {})).status)
        assert refused((await driver.raw(garbage)).status), garbage[:20]


async def test_activities_of_an_odd_shape_have_no_effect(place: Place) -> None:
    driver, teams = place.teams.driver, place.teams.teams
    activity = driver.activity(place.teams.ids["dana"], "message", text="/checkin skip odd")
    elsewhere = {"channelData": {"tenant": {"id": "other"}}, "conversation": {**activity["conversation"], "tenantId": "other"}}
    odd: list[Any] = [
        {},
        {"type": None},
        {"type": 4},
        {"type": "unheardOf"},
        {"from": None},
        {"from": "me"},
        {"from": {"id": 9}},
        {"from": {"id": "29:no"}},
        {"conversation": None},
        {"conversation": {"id": ""}},
        {"channelData": None, "conversation": {"id": "a:1"}},
        {"channelId": "emulator"},
        {"serviceUrl": "https://evil.example/"},
        {"serviceUrl": ""},
        {"serviceUrl": None},
        {"text": None},
        {"text": 7},
        {"text": {}},
        elsewhere,
        {"type": "invoke"},
        {"type": "invoke", "name": "task/fetch"},
        {"type": "invoke", "name": "task/submit", "value": []},
        {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"data": {"rondo": "[]"}}}},
        {"type": "invoke", "name": "adaptiveCard/action", "value": None},
        {"type": "invoke", "name": "signin/verifyState", "value": {}},
        {"recipient": None},
        {"from": dict(teams.bot)},
        {"entities": "x"},
        {"entities": [None, 3]},
        {"value": "x", "text": None},
        {"type": "conversationUpdate", "membersAdded": "x"},
        {"type": "messageReaction"},
        {"type": "typing"},
        {"type": "event", "name": "x"},
        {"from": {"id": "\ud800"}},
        {"from": {"id": "\0"}},
        {"conversation": {"id": "x" * 5000}},
    ]
    for number, change in enumerate(odd):
        sent = {**activity, "id": f"odd-{number}", **change} if change else {}
        if not ({"text", "type", "from", "conversation", "channelId", "serviceUrl", "channelData"} & change.keys()):
            sent["text"] = ""
        answer = await driver.raw(json.dumps(sent).encode())
        assert 200 <= answer.status < 500, (change, answer)


async def test_who_sends_a_whole_import_that_is_too_large_reads_that_it_is(place: Place) -> None:
    admin, mebibyte = {"Authorization": f"Bearer {ADMIN}"}, 1 << 20
    answer = await place.server.http.post("/api/v1/people:import", content=b"x" * (65 * mebibyte), headers=admin)
    assert (answer.status_code, answer.json()["detail"]) == (413, "A body here has at most 64 MiB.")


async def test_two_mebibytes_are_too_much_everywhere(place: Place) -> None:
    body = b'{"type": "event_callback", "pad": "' + b"x" * TWO_MIB + b'"}'
    slack, teams, http = place.slack.driver, place.teams.driver, place.server.http
    unsigned: dict[str, str] = {}
    for headers in (None, unsigned):
        assert (await slack.raw(body, headers)).status == 413
        assert (await slack.raw(b"payload=" + b"x" * TWO_MIB, headers, content_type=FORM)).status == 413
        assert (await teams.raw(body, headers)).status in (401, 413)
    admin = {"Authorization": f"Bearer {ADMIN}"}
    for path, method in (("/api/v1/key-results/K1", "PATCH"), ("/dev/clock", "POST")):
        assert (await http.request(method, path, content=body, headers=admin)).status_code == 413

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(32):
            yield b"x" * 65_536

    for path in ("/slack/events", "/api/messages"):  # of undeclared length
        assert refused((await http.post(path, content=chunks())).status_code)
    text = people_csv() + "x" * TWO_MIB  # an import may be large; this one is no good
    assert (await place.server.api("POST", "people:import", content=text.encode())).status_code == 422
    assert (await http.post("/api/v1/people:import", content=text.encode())).status_code == 401


async def test_the_admin_api_refuses_strangers_and_nonsense(place: Place) -> None:
    http, api = place.server.http, place.server.api
    routes = [("GET", name) for name in ("policies", "ledger", "checkins", "outbox")] + [
        ("POST", "people:import"),
        ("POST", "goals:import"),
        ("PATCH", "key-results/K1"),
    ]
    for method, path in routes:
        for token in ("", "Bearer", "Bearer wrong", f"Basic {ADMIN}", f"Bearer {ADMIN}x", ADMIN):
            answer = await http.request(method, f"/api/v1/{path}", headers={"Authorization": token}, content=b'{"current": 1}')
            assert answer.status_code == 401 and answer.headers["content-type"] == "application/problem+json"
        assert refused((await api("DELETE", path)).status_code)
    bodies = (
        *GARBAGE,
        b'{"current": null}',
        b'{"current": "a"}',
        b'{"current": NaN}',
        b'{"current": 1e999}',
        b'{"current": true}',
        b'{"current": [1]}',
        b'{"curent": 1}',
        b'{"current": 1, "note": 5}',
        b'{"current": 1, "current": 2}',
        b'{"current": ' + b"9" * 400 + b"}",
        b'{"current": 1, "note": "' + b"n" * 5000 + b'"}',
    )
    for body in bodies:
        assert refused((await api("PATCH", "key-results/K1", content=body)).status_code), body[:40]
    for id in ("K999", "%00", "K1%00", "..%2f..", "x" * 3000, "%ed%a0%80"):
        assert refused((await api("PATCH", f"key-results/{id}", json={"current": 1})).status_code), id
    for query in (
        "cursor=x",
        "cursor=%00",
        "cursor=W10",
        "cursor=bnVsbA",
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=99999999",
        "cursor=" + "A" * 500,
    ):
        for route in ("policies", "ledger", "checkins", "outbox"):
            assert refused((await api("GET", f"{route}?{query}")).status_code), (route, query)
    assert refused((await api("GET", "outbox?state=nowhere")).status_code)
    files = (
        *GARBAGE,
        b"email,name\n\xff\xfe,x\n",
        b"email,name\nno-address,X\n",
        b"email\nx@y.example\n",
        b"email,name,shoe\nx@y.example,X,44\n",
        b"email,name\na@y.example,A\na@y.example,B\n",
        b"email,name,timezone\nx@y.example,X,Mars/Base\n",
        b"email,name,manager_email\na@y.example,A,b@y.example\nb@y.example,B,a@y.example\n",
        b'email,name\n"open,X\n',
    )
    for content in files:
        for what in ("people", "goals"):
            answer = await api("POST", f"{what}:import", content=content)
            assert refused(answer.status_code) or answer.json()["created"] + answer.json()["changed"] == 0, (
                what,
                content[:40],
                answer.text,
            )
    assert refused(
        (
            await api("POST", "people:import", content=b"x", headers={"Content-Type": "multipart/form-data; boundary=x"})
        ).status_code
    )
