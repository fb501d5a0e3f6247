"""What every HTTP answer carries and what no request may do (ASVS V3.4, V4, V6.3.1, V14.3.2)."""

import asyncio
import base64
import logging
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from adapters.app import build
from adapters.hardening import ADDRESSES, GUESSES, LONG, Guesses, Hardened
from adapters.logs import Seldom
from adapters.settings import Settings
from adapters.web import Bounded

TOKEN = "a-long-token-for-tests-only"
GOOD = {"Authorization": f"Bearer {TOKEN}"}
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
PLACES = [
    ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"), ("GET", "/"), ("GET", "/api/v1/ledger"),
    ("POST", "/api/v1/ledger"), ("POST", "/slack/events"), ("POST", "/api/messages"), ("GET", "/nowhere"),
    ("POST", "/api/v1/people:import"), ("TRACE", "/healthz"), ("OPTIONS", "/api/v1/ledger"), ("GET", "/.git/config"),
    ("GET", "/docs"), ("GET", "/openapi.json"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in [name for name in os.environ if name.upper().startswith("RONDO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def running(app: FastAPI, *, client: str = "198.51.100.1") -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client, 1))
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://rondo") as http:
        yield http


def everything(url: str) -> Settings:
    return Settings.load(
        database_url=url, admin_token=TOKEN, slack_signing_secret="s", slack_bot_token="xoxb-1",
        teams_app_id="app", teams_app_password="pw", teams_tenant_id=("t1",),
    )  # fmt: skip


async def test_every_answer_tells_browsers_to_be_careful(sqlite_url: str) -> None:
    async with running(build(everything(sqlite_url))) as http:
        for method, path in PLACES:
            answer = await http.request(method, path)
            assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains", path
            for name, value in EVERYWHERE.items():
                assert answer.headers.get_list(name) == [value], (path, name)
            policy = answer.headers.get_list("content-security-policy")
            assert len(policy) == 1
            assert all(part in policy[0] for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")), path
            assert "access-control-allow-origin" not in answer.headers
            assert "server" not in answer.headers
            assert "set-cookie" not in answer.headers


async def test_an_answer_with_a_body_says_what_it_is_in_utf_8(sqlite_url: str) -> None:
    async with running(build(everything(sqlite_url))) as http:
        for method, path in PLACES:
            answer = await http.request(method, path, headers=GOOD)
            kind = answer.headers.get("content-type", "")
            if answer.content:
                assert kind.startswith(("application/json", "application/problem+json", "text/plain; ")), (path, kind)
                assert not kind.startswith("text/") or "charset=utf-8" in kind


async def test_an_error_without_a_type_of_its_own_is_titled_as_its_status_and_says_what_is_wrong(sqlite_url: str) -> None:
    """RFC 9457, 4.2.1."""
    async with running(build(everything(sqlite_url))) as http:
        wrong = [(method, path) for method, path in PLACES if "scim" not in path]
        problems = [await http.request(method, path, content=b"{") for method, path in wrong]
        problems += [await http.request("DELETE", path) for _, path in wrong]
        problems += [await http.request(method, path, content=b"{" * ((1 << 20) + 1)) for method, path in wrong]
        refused = [answer for answer in problems if answer.headers.get("content-type") == "application/problem+json"]
        assert {answer.status_code for answer in refused} >= {401, 404, 405, 413}
        for answer in refused:
            told = answer.json()
            phrase = {413: "Content Too Large"}.get(told["status"]) or HTTPStatus(told["status"]).phrase
            assert (told["type"], told["title"]) == ("about:blank", phrase), answer.url
            assert told["status"] == answer.status_code
            assert told["detail"], answer.url


async def test_what_is_not_served_is_not_there(sqlite_url: str) -> None:
    """No directory listings, no description of the API, no version control, no TRACE."""
    async with running(build(everything(sqlite_url))) as http:
        for path in (
            "/",
            "/docs",
            "/redoc",
            "/openapi.json",
            "/.git/config",
            "/.env",
            "/static/",
            "/dev/clock",
            "/playground",
            "/api/v1/",
        ):
            assert (await http.get(path, headers=GOOD)).status_code == 404, path
        assert (await http.request("TRACE", "/healthz")).status_code == 405
        assert (await http.get("/healthz?debug=1")).json() == {"alive": True}


async def test_a_page_elsewhere_cannot_make_a_browser_write(sqlite_url: str) -> None:
    """No cookie opens anything, so that a forged request comes without authority; nothing is written by GET."""
    async with running(build(everything(sqlite_url))) as http:
        forged = {"Origin": "https://evil.example", "Cookie": "token=x", "Content-Type": "text/plain"}
        assert (
            await http.post("/api/v1/people:import", content=b"email,name\na@x.example,A\n", headers=forged)
        ).status_code == 401
        assert (await http.get("/api/v1/people:import", headers=GOOD)).status_code == 405
        preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "PATCH"}
        assert (await http.options("/api/v1/key-results/x", headers=preflight)).status_code == 405


async def test_a_compressed_body_is_not_unpacked(sqlite_url: str) -> None:
    async with running(build(everything(sqlite_url))) as http:
        for path in ("/slack/events", "/api/messages", "/api/v1/people:import"):
            for encoding in ("gzip", "br", "deflate", "GZIP, identity"):
                answer = await http.post(path, content=b"\x1f\x8b", headers={**GOOD, "Content-Encoding": encoding})
                assert answer.status_code == 415, (path, encoding)
                assert answer.headers["content-type"] == "application/problem+json"
        plain = await http.post(
            "/api/v1/people:import?dry_run=true", content=b"x", headers={**GOOD, "Content-Encoding": "identity"}
        )
        assert plain.status_code == 422


async def test_a_token_in_the_address_opens_nothing(sqlite_url: str) -> None:
    async with running(build(everything(sqlite_url))) as http:
        assert (await http.get(f"/api/v1/ledger?token={TOKEN}&access_token={TOKEN}")).status_code == 401


async def test_whoever_guesses_tokens_is_not_heard_for_the_rest_of_a_minute(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = build(everything(sqlite_url))
    with caplog.at_level(logging.WARNING, "rondo.security"):
        async with running(app) as http:
            for guess in range(GUESSES):
                wrong = await http.get("/api/v1/ledger", headers={"Authorization": f"Bearer guess-{guess}"})
                assert wrong.status_code == 401
            refused = await http.get("/api/v1/ledger", headers=GOOD)
            assert refused.status_code == 429
            assert 0 < int(refused.headers["retry-after"]) <= 61
            assert (await http.get("/healthz")).status_code == 200
    lines = [record for record in caplog.records if record.message == "refused"]
    assert lines
    assert "guess-" not in caplog.text
    assert TOKEN not in caplog.text


async def test_one_guesser_locks_nobody_else_out(sqlite_url: str) -> None:
    app = build(everything(sqlite_url))
    there = httpx.ASGITransport(app, client=("203.0.113.7", 1))
    async with running(app) as http, httpx.AsyncClient(transport=there, base_url="http://rondo") as other:
        for _ in range(GUESSES + 3):
            await http.get("/api/v1/ledger")
        assert (await http.get("/api/v1/ledger", headers=GOOD)).status_code == 429
        assert (await other.get("/api/v1/ledger", headers=GOOD)).status_code == 200


async def test_whoever_bears_a_long_token_is_heard_whatever_comes_from_their_address(sqlite_url: str) -> None:
    """Behind a proxy that nobody named, a stranger's guesses come from the HR system's address."""
    long, other = "1f" * (LONG // 2), "2e" * (LONG // 2)
    app = build(Settings.load(database_url=sqlite_url, admin_token=long, scim_token=other))
    async with running(app) as http:
        for path, right, wrong in (("/api/v1/ledger", long, other), ("/scim/v2/Users", other, long)):
            for _ in range(GUESSES):
                assert (await http.get(path, headers={"Authorization": f"Bearer {wrong}"})).status_code in (401, 429)
            for given in (wrong, right[:-1], right + "0", "", "\udce9"):
                header = b"authorization", f"Bearer {given}".encode(errors="surrogateescape")
                assert (await http.get(path, headers=[header])).status_code == 429, given
            for scheme in ("Bearer", "bearer"):
                assert (await http.get(path, headers={"Authorization": f"{scheme} {right}"})).status_code == 200
            assert (await http.get(path, headers={"Authorization": f"Basic {right}"})).status_code == 429


def test_guesses_are_forgotten_after_a_minute_and_take_a_bounded_amount_of_memory() -> None:
    now = 0.0
    guesses = Guesses(lambda: now)
    for _ in range(GUESSES):
        assert guesses.wait("a") == 0
        guesses.wrong("a")
    assert guesses.wait("a") == 60
    now = 59.0
    assert guesses.wait("a") == 1
    now = 60.0
    assert guesses.wait("a") == 0
    guesses.wrong("a")
    assert guesses.wait("a") == 0
    for stranger in range(3 * ADDRESSES):
        guesses.wrong(str(stranger))
    assert len(guesses) == ADDRESSES


async def test_a_flood_of_refused_requests_is_one_line_a_second_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    now = 100.0

    async def refuses(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 401, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    hardened = Hardened(refuses, production=True, tokens={}, monotonic=lambda: now)
    transport = httpx.ASGITransport(hardened)
    with caplog.at_level(logging.WARNING, "rondo.security"):
        async with httpx.AsyncClient(transport=transport, base_url="http://rondo") as http:
            for _ in range(50):
                await http.post("/slack/events")
            now = 101.0
            await http.post("/slack/events")
    assert [getattr(record, "others", None) for record in caplog.records] == [0, 49]


def test_a_flood_of_requests_that_are_none_is_one_line_a_second_in_the_log() -> None:
    now = 100.0
    seldom = Seldom(lambda: now)

    def kept(level: int, words: str) -> bool:
        return bool(seldom.filter(logging.LogRecord("uvicorn.error", level, "", 0, words, None, None)))

    assert [kept(logging.WARNING, "Invalid HTTP request received.") for _ in range(50)] == [True] + [False] * 49
    assert kept(logging.ERROR, "Exception in ASGI application")
    now = 101.0
    assert kept(logging.WARNING, "Invalid HTTP request received.")
    now = 102.0
    assert not kept(logging.WARNING, "No supported WebSocket library detected. Please use …")


async def test_only_a_named_proxy_may_say_who_is_asking(sqlite_url: str) -> None:
    """Without one a forged `X-Forwarded-For` does not make a new guesser of the old one."""
    async with running(build(everything(sqlite_url))) as http:
        for guess in range(GUESSES):
            await http.get("/api/v1/ledger", headers={"X-Forwarded-For": f"192.0.2.{guess}"})
        assert (await http.get("/api/v1/ledger", headers={**GOOD, "X-Forwarded-For": "192.0.2.99"})).status_code == 429


async def test_the_one_cookie_is_bound_to_this_host_https_and_the_way_back_from_slack(sqlite_url: str) -> None:
    """The state of a Slack install: of this very host, unreadable for scripts, gone after ten minutes."""
    key = base64.urlsafe_b64encode(bytes(range(32))).decode()
    settings = Settings.load(
        database_url=sqlite_url, slack_signing_secret="s", slack_client_id="1.2", slack_client_secret="c", secret_key=key
    )
    async with running(build(settings)) as http:
        answer = await http.get("/slack/install")
        (cookie,) = answer.headers.get_list("set-cookie")
        name, *flags = [part.strip() for part in cookie.split(";")]
        assert name.startswith("__Host-rondo_slack_install=")
        assert {"secure", "httponly", "path=/", "samesite=lax", "max-age=600"} <= {flag.lower() for flag in flags}
        assert not any(flag.lower().startswith("domain") for flag in flags)
        assert len(cookie) < 4096
        assert answer.headers["location"].startswith("https://slack.com/oauth/v2/authorize?")
        other = await http.get("/slack/install", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert other.headers["location"].startswith("https://slack.com/oauth/v2/authorize?")
        assert "evil" not in other.headers["location"]
        weaker = {"Cookie": f"rondo_slack_install={name.partition('=')[2]}"}
        http.cookies.clear()
        refused = await http.get(f"/slack/oauth_redirect?code=1&state={name.partition('=')[2]}", headers=weaker)
        assert refused.status_code == 400
        assert "content-security-policy" in refused.headers


async def test_the_playground_keeps_its_own_stricter_policy(tmp_path: Path) -> None:
    from storage.engine import open_engine
    from storage.migrate import migrate

    url = f"sqlite:///{tmp_path / 'demo.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    app = build(Settings.load(env="development", database_url=url, dev_clock=True), demo=True)
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as http:
        page = await http.get("/")
        assert page.status_code == 200
        policies = page.headers.get_list("content-security-policy")
        assert len(policies) == 1
        assert "frame-ancestors 'none'" in policies[0]
        assert "script-src" in policies[0]
        assert (await http.get("/", headers={"Host": "evil.example"})).status_code == 403


async def test_a_database_that_says_nothing_keeps_nobody_waiting_for_ever(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither callers nor monitors; and what is measured says that it is not known, not what it was."""
    monkeypatch.setattr("adapters.app.ANSWER_SECONDS", 0.3)
    monkeypatch.setattr("adapters.health.PATIENCE", 0.2)
    app = build(everything(sqlite_url))
    back = threading.Event()

    def silent(*_: object) -> None:
        back.wait(10)

    async with running(app) as http, asyncio.timeout(8):
        assert "rondo_agenda_lag_seconds 0.0" in (await http.get("/metrics")).text
        event.listen(app.state.rondo.engine, "before_cursor_execute", silent)
        try:
            refused = await http.get("/api/v1/ledger", headers=GOOD)
            assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
            assert refused.headers["retry-after"] == "5"
            assert "content-security-policy" in refused.headers
            measured = await http.get("/metrics")
            assert measured.status_code == 200
            assert "rondo_agenda_lag_seconds NaN" in measured.text
            assert (await http.get("/readyz")).status_code == 503
            assert (await http.get("/healthz")).status_code == 200
        finally:
            back.set()
            event.remove(app.state.rondo.engine, "before_cursor_execute", silent)
        assert (await http.get("/api/v1/ledger", headers=GOOD)).status_code == 200


async def test_what_the_end_of_the_server_cuts_off_is_to_be_sent_again() -> None:
    """uvicorn cancels what still runs after three seconds; an error of ours would be no reason to repeat it."""
    asked = asyncio.Event()

    async def waits(scope: object, receive: object, send: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    transport = httpx.ASGITransport(Bounded(waits, seconds=None))
    async with asyncio.timeout(5), httpx.AsyncClient(transport=transport, base_url="http://rondo") as http:
        task = asyncio.create_task(http.post("/slack/events"))
        await asked.wait()
        task.cancel()
        answer = await task
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_monitors_may_ask_without_wanting_the_body(sqlite_url: str) -> None:
    async with running(build(everything(sqlite_url))) as http:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await http.head(path)).status_code == (await http.get(path)).status_code == 200, path
