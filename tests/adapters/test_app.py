"""The whole application, put together from settings: what is mounted, what it answers, how it lives and ends."""

import asyncio
import io
import json
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from fastapi import FastAPI
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy.exc import OperationalError

from adapters import logs
from adapters.app import build
from adapters.calendars import public_holidays
from adapters.installs import SqlInstalls
from adapters.settings import ConfigurationError, Settings
from bot.events import Address, Platform
from bot.model import person_id

TOKEN = "a-token-for-tests-only"
PEOPLE = """email,name,manager_email,timezone,work_days
ada@example.com,Ada,,UTC,Mon-Fri
bo@example.com,Bo,ada@example.com,UTC,Mon-Fri
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but the test's own."""
    for name in [name for name in os.environ if name.upper().startswith("RONDO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def settings(url: str, **more: Any) -> Settings:
    return Settings.load(env="development", database_url=url, admin_token=TOKEN, **more)


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """The application between start and stop."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://localhost") as http,
    ):
        yield http


async def test_only_what_is_configured_is_mounted(sqlite_url: str) -> None:
    async with running(build(Settings.load(database_url=sqlite_url))) as http:
        assert (await http.get("/healthz")).status_code == 200
        for path in ("/slack/events", "/api/messages", "/dev/clock", "/api/v1/policies", "/local/people", "/"):
            assert (await http.request("GET", path)).status_code == 404, path
            assert (await http.request("POST", path, json={})).status_code == 404, path


async def test_everything_configured_is_mounted(sqlite_url: str) -> None:
    everything = settings(
        sqlite_url,
        dev_clock=True,
        slack_signing_secret="s",
        slack_bot_token="xoxb-1",
        teams_app_id="app",
        teams_app_password="pw",
        teams_tenant_id="t1",
    )
    app = build(everything)
    paths = {getattr(route, "path", "") for route in app.routes}
    async with running(app) as http:
        assert (await http.post("/slack/events", content=b"{}")).status_code == 401
        assert (await http.post("/api/messages", json={})).status_code == 401
        assert (await http.get("/api/v1/policies")).status_code == 401
        assert (await http.get("/dev/clock")).status_code == 200
        assert (await http.get("/local/people")).status_code == 404
    assert "/openapi.json" not in paths


async def test_every_error_is_a_problem_document(sqlite_url: str) -> None:
    app = build(settings(sqlite_url, dev_clock=True))

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("a secret detail")

    async with running(app) as http:
        answers = {
            404: await http.get("/nothing/here"),
            405: await http.delete("/healthz"),
            413: await http.post("/dev/clock", content=b"x" * (1 << 20) + b"x"),
            500: await http.get("/broken"),
        }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert "secret" not in answer.text


async def test_body_of_unknown_length_is_cut_off(sqlite_url: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 65_536

    async with running(build(settings(sqlite_url, dev_clock=True))) as http:
        assert (await http.post("/dev/clock", content=endless())).status_code == 413
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = await http.post("/api/v1/people:import", content=endless(), headers=headers)
        assert answer.status_code == 422  # 6 MiB are allowed here, and are no people


async def test_ready_means_database_schema_and_heartbeat(sqlite_url: str) -> None:
    app = build(settings(sqlite_url))
    async with running(app) as http:
        answer = await http.get("/readyz")
        assert answer.status_code == 200
        assert answer.json() == {
            "ready": True,
            "checks": {"database": "ok", "schema": "ok", "heartbeat": "ok", "sweep": "ok", "deliver": "ok", "writes": "ok"},
        }
        app.state.rondo.watchdog._limits["sweep"] = -1  # no beat is fresh enough, also one that comes between these two lines
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert "at most" in answer.json()["checks"]["sweep"]


async def test_a_workspace_that_rests_is_named_and_keeps_no_requests_away(sqlite_url: str) -> None:
    app = build(settings(sqlite_url))
    async with running(app) as http:
        address = Address(platform=Platform.SLACK, tenant="T1", user="U1")
        app.state.rondo.pace.workspace(address).broken(time.monotonic(), "token_revoked")
        answer = await http.get("/readyz")
        assert answer.status_code == 200
        assert answer.json()["workspaces"]["slack/T1"].startswith("token_revoked; tried again in 1")
        app.state.rondo.metrics.dead("slack", "refused", "checkin.prompt")
        measured = (await http.get("/metrics")).text
    assert 'rondo_workspace_paused{platform="slack",tenant="T1"} 1.0' in measured
    assert 'rondo_dead_letters_total{failure="refused",platform="slack",rule="checkin.prompt"} 1.0' in measured
    for lane in ("reply", "escalation", "nudge"):
        assert f'rondo_outbox_waiting{{lane="{lane}"}} 0.0' in measured
    assert "rondo_replicas 1.0" in measured


async def test_replicas_count_each_other_and_take_the_time_from_the_database(postgres_url: str) -> None:
    one, two = build(settings(postgres_url)), build(settings(postgres_url))
    async with running(one) as http:
        assert one.state.rondo.pace._share == 1.0
        assert one.state.rondo.clock._said is not None
        async with running(two):
            assert two.state.rondo.pace._share == 0.5, "from its first message on"
            for _ in range(100):
                if one.state.rondo.pace._share == 0.5:
                    break
                await asyncio.sleep(0.1)
            assert one.state.rondo.pace._share == 0.5, "from its next beat on"
            assert "rondo_replicas 2.0" in (await http.get("/metrics")).text
        assert one.state.rondo.replicas.beat().replicas == 1, "whoever stops in order is gone at once"


async def test_not_ready_without_its_schema(tmp_path: Path) -> None:
    async with running(build(settings(f"sqlite:///{tmp_path / 'empty.db'}"))) as http:
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["checks"]["schema"] == "empty: run `rondo migrate`"


async def test_imported_people_are_asked_when_the_clock_says_so(sqlite_url: str) -> None:
    app = build(settings(sqlite_url, dev_clock=True))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with running(app) as http:
        assert (await http.post("/dev/clock", json={"now": "2026-11-16T09:00:00Z"})).status_code == 200
        answer = await http.post("/api/v1/people:import", content=PEOPLE.encode(), headers=headers)
        assert answer.json()["created"] == 2
        assert (await http.post("/dev/clock", json={"now": "2026-11-19T10:00:00Z"})).status_code == 200
        measured = (await http.get("/metrics")).text
    assert re.search(r'rondo_turns_total\{event="Ticked",outcome="decided"\} [1-9]', measured)
    assert "rondo_agenda_lag_seconds 0.0" in measured


async def test_the_playground_starts_with_a_company_and_delivers_at_once(tmp_path: Path) -> None:
    from storage.engine import open_engine
    from storage.migrate import migrate

    url = f"sqlite:///{tmp_path / 'demo.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    app = build(settings(url, dev_clock=True), demo=True)
    async with running(app) as http:
        people = (await http.get("/local/people")).json()
        assert len(people["people"]) > 10
        body = {"email": people["first"], "text": "/rondo help", "id": "1"}
        await http.post("/local/say", json=body, headers={"Origin": "http://localhost"})
        now = datetime.fromisoformat((await http.get("/dev/clock")).json()["now"])
        assert (await http.post("/dev/clock", json={"advance": "P2D"})).status_code == 200
        assert app.state.rondo.clock.now() > now
        sent = (await http.get("/metrics")).text
        assert re.search(r'rondo_sends_total\{outcome="arrived",platform="local"\} [1-9]', sent)
        entries = (await http.get("/local/ledger")).json()["items"]
        instants = [entry["at"] for entry in entries]
        assert instants == sorted(instants, reverse=True)


def test_slack_tokens_that_no_key_opens_stop_the_start_with_one_line(sqlite_url: str) -> None:
    key, other = "A" * 43 + "=", "B" * 43 + "="
    oauth = {"slack_signing_secret": "s", "slack_client_id": "1", "slack_client_secret": "2"}
    app = build(settings(sqlite_url, secret_key=key, **oauth))
    SqlInstalls(app.state.rondo.engine, "1", [Fernet(key)]).save(
        Installation(app_id="A1", team_id="T1", bot_token="xoxb-1", user_id="U1")
    )
    build(settings(sqlite_url, secret_key=f"{other},{key}", **oauth))  # encrypted anew under the first
    build(settings(sqlite_url, secret_key=other, **oauth))
    with pytest.raises(ConfigurationError, match=r"^RONDO_SECRET_KEY: no key in it opens"):
        build(settings(sqlite_url, secret_key=key, **oauth))


def test_botbuilder_is_only_imported_where_teams_is_on(sqlite_url: str) -> None:
    program = (
        "import sys; from adapters.app import build; from adapters.settings import Settings;"
        f"build(Settings.load(database_url={sqlite_url!r}));"
        "print([m for m in ('botbuilder', 'slack_sdk', 'slack_bolt') if m in sys.modules])"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(root)}
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_sigterm_ends_the_server_in_time_even_with_an_open_stream(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "adapters.cli", "demo", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path)
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "playground" in line)
        url = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert url is not None
        with httpx.stream("GET", f"{url[0]}/local/events", timeout=10, trust_env=False) as stream:
            assert next(stream.iter_lines()).startswith("retry")
            started = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        assert time.monotonic() - started < 10
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def test_logs_hide_secrets_and_words() -> None:
    written, root = io.StringIO(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        logs.configure("json", stream=written)
        assert [type(one) for one in logging.getLogger("uvicorn.error").filters] == [logs.Seldom]
        extra = {"key": "k", "bot_token": "xoxb-1-2", "text": "I am ill", "url": "postgresql://rondo:pw@db/rondo"}
        logging.getLogger("rondo.test").info("send", extra=extra)
        try:
            raise ValueError("INSERT [SQL: …] [parameters: ('I am ill',)] with xoxb-12-ab")
        except ValueError:
            logging.getLogger("rondo.test").exception("failed")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(False)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    assert lines[0]["event"] == "send"
    assert lines[0]["key"] == "k"
    for word in ("xoxb", "ill", "pw@"):
        assert word not in written.getvalue()


def test_a_database_that_is_away_is_told_in_a_line_now_and_then_and_a_bug_with_its_traceback() -> None:
    now = 100.0
    outages = logs.Outages(lambda: now)

    def told(words: str, event: str = "tick failed") -> logging.LogRecord | None:
        error = OperationalError("SELECT 1", {}, Exception(words))
        record = logging.LogRecord("rondo.heartbeat", logging.ERROR, "", 0, event, None, (type(error), error, None))
        return record if outages.filter(record) else None

    first = told('connection to server at "db",\n port 5432 failed: Connection refused')
    assert first is not None and first.exc_info is None
    assert vars(first)["error"] == 'connection to server at "db", port 5432 failed: Connection refused'
    assert [told("Connection refused") for _ in range(99)] == [None] * 99
    assert told("Connection refused", "cannot read the outbox") is not None, "another one that misses it"
    now = 100.0 + logs.TOLD_EVERY
    again = told("Connection refused")
    assert again is not None and vars(again)["others"] == 99
    bug = told("no such column: agenda.dou_at")
    assert bug is not None and bug.exc_info is not None


def test_logs_name_nobody_and_one_person_is_one_mark() -> None:
    who = person_id("ann@e.org")
    lines = [
        {"key": f"checkin:{who}/2026-W48:asked", "event_id": "slack:action:C0TEAM111:17.1:U0ABC1234", "tenant": "T0RONDO00"},
        {"event_id": f"tick:desk:{who}:2", "key": "teams:t-1:a:1kQwErTy_u-i:17", "user": "3f2a-some-object-id"},
        {"event_id": "slack:D0ABC1234:17.1", "reason": "29:1AbCdEfGhI is unknown; DEVELOPMENT and UNREACHABLE are words"},
    ]
    said = [logs.discreet(None, "info", dict(line)) for line in lines]
    everything = json.dumps(said)
    assert not [one for one in (who, "U0ABC", "D0ABC", "1kQw", "1AbC", "3f2a") if one in everything]
    mark = str(said[0]["key"]).removeprefix("checkin:").partition("/")[0]
    assert said[1]["event_id"] == f"tick:desk:{mark}:2" and len(mark) == 11
    assert "C0TEAM111:17.1" in everything and "T0RONDO00" in everything, "what is nobody's stays to be followed"
    assert "DEVELOPMENT and UNREACHABLE are words" in everything


def test_holidays_are_those_of_the_country_with_their_observed_days() -> None:
    assert date(2026, 12, 25) in public_holidays("DE", 2026)
    assert date(2026, 7, 3) in public_holidays("US", 2026)  # the fourth is a Saturday
    assert public_holidays("ZZ", 2026) == frozenset()
    assert public_holidays("", 2026) == frozenset()


async def test_clock_of_a_server_is_wall_time(sqlite_url: str) -> None:
    app = build(settings(sqlite_url))
    assert abs((app.state.rondo.clock.now() - datetime.now(UTC)).total_seconds()) < 5
    await asyncio.sleep(0)
