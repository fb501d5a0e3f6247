"""`/dev/clock`, `/healthz`, `/readyz`, `/metrics` and settings that stop the start, as INTERFACES words them."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.company import MONDAY, email, goals_csv, people_csv
from tests.e2e.conftest import Serve
from tests.e2e.server import Server, utc


async def test_the_clock_is_told_never_turns_back_and_a_jump_is_an_outage(serve: Serve, database_url: str) -> None:
    server = await serve(database_url)
    http = server.http
    wall = datetime.fromisoformat((await http.get("/dev/clock")).json()["now"])
    assert abs(wall - datetime.now(UTC)) < timedelta(minutes=1)
    # Empty: any instant, back and forth.
    for instant in ("2031-06-01T00:00:00Z", "1999-12-31T23:59:59+09:00", "2031-01-06T09:00:00+01:00"):
        answer = await http.post("/dev/clock", json={"now": instant})
        assert answer.status_code == 200
        assert datetime.fromisoformat(answer.json()["now"]) == datetime.fromisoformat(instant)
    await server.import_people(people_csv())
    await server.import_goals(goals_csv())
    for body in ({"now": "2031-01-06T07:59:59Z"}, {"now": "2026-01-01T00:00:00Z"}):
        refused = await http.post("/dev/clock", json=body)
        assert refused.status_code == 409
        assert refused.headers["content-type"] == "application/problem+json"
    assert (await http.get("/dev/clock")).json() == {"now": "2031-01-06T08:00:00Z"}
    for duration, hours in (("PT0S", 0), ("PT24H", 24), ("P1DT2H", 50), ("P1W", 50 + 168), ("PT30M", 218.5), ("PT1800S", 219)):
        answer = await http.post("/dev/clock", json={"advance": duration})
        assert answer.status_code == 200, duration
        assert datetime.fromisoformat(answer.json()["now"]) == utc(MONDAY) + timedelta(hours=hours)
    wrong: tuple[Any, ...] = (
        {"advance": "PT"}, {"advance": "P1M"}, {"advance": "P1Y"}, {"advance": "-PT1H"}, {"advance": "24h"}, {"advance": 24},
        {"now": "tomorrow"}, {"now": "2031-02-01T00:00:00"}, {"now": "2031-02-30T00:00:00Z"}, {"now": None}, {}, [], None,
        {"now": "2031-02-01T00:00:00Z", "advance": "PT1H"}, {"advance": "P999999W"},
    )  # fmt: skip
    for bad in wrong:
        assert 400 <= (await http.post("/dev/clock", json=bad)).status_code < 500, bad
    assert 400 <= (await http.post("/dev/clock", content=b"\xff{")).status_code < 500
    assert datetime.fromisoformat((await http.get("/dev/clock")).json()["now"]) == utc("2031-01-15T11:00")
    # Each Thursday so far lay inside a jump that ended in another week: a week that is over is not asked about.
    assert await _asked(server, "max") == []
    await server.now("2031-01-17T22:30")  # Friday night
    assert await _asked(server, "max") == []
    await server.now("2031-01-30T15:00")
    assert await _asked(server, "max") == ["2031-W05"]
    await server.now("2031-02-07T10:00")  # the Thursday was jumped over, the week is not over: asked at once, once
    assert await _asked(server, "max") == ["2031-W05", "2031-W06"]
    await server.now("2031-02-12T09:00")
    assert await _asked(server, "max") == ["2031-W05", "2031-W06"]


async def _asked(server: Server, name: str) -> list[str]:
    """The weeks whose question was decided, in order."""
    entries = await server.items("ledger")
    found = [e for e in entries if e["name"] == "nudge:checkin.prompt:queued" and e["person"] == email(name)]
    return [entry["facts"]["period"] for entry in found]


async def test_moves_at_the_same_time_are_made_one_after_another(serve: Serve, sqlite_url: str) -> None:
    server = await serve(sqlite_url)
    await server.now(MONDAY)
    await server.import_people(people_csv())
    moves = [server.http.post("/dev/clock", json={"advance": "PT1H"}) for _ in range(5)]
    assert [answer.status_code for answer in await asyncio.gather(*moves)] == [200] * 5
    assert datetime.fromisoformat((await server.http.get("/dev/clock")).json()["now"]) == utc(MONDAY) + timedelta(hours=5)


async def test_health_readiness_and_metrics(serve: Serve, sqlite_url: str) -> None:
    server = await serve(sqlite_url)
    for path in ("/healthz", "/readyz"):
        assert (await server.http.get(path)).status_code == 200
        assert 400 <= (await server.http.post(path)).status_code < 500
    ready = (await server.http.get("/readyz")).json()
    assert {"database", "schema", "heartbeat"} <= ready["checks"].keys()
    await server.now(MONDAY)
    await server.import_people(people_csv())
    await server.now("2031-01-09T09:00")
    metrics = await server.http.get("/metrics")
    assert metrics.status_code == 200 and metrics.headers["content-type"].startswith("text/plain")
    names = {line.split("{")[0].split(" ")[0] for line in metrics.text.splitlines() if line and not line.startswith("#")}
    assert any("turns" in name for name in names) and any("outbox" in name for name in names)
    assert "brightwater" not in metrics.text
    for path in ("/", "/nothing", "/docs", "/openapi.json", "/api/v1/people", "/slack/events", "/local/people"):
        answer = await server.http.get(path)
        assert answer.status_code in (404, 405), path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_sigterm_ends_it_in_time_also_with_a_clock_move_under_way(serve: Serve, sqlite_url: str) -> None:
    server = await serve(sqlite_url)
    await server.now(MONDAY)
    await server.import_people(people_csv())
    move = asyncio.create_task(_move(server))
    await asyncio.sleep(0.05)
    seconds, code = await asyncio.to_thread(server.terminate)
    assert seconds < 10 and code == 0
    await move


async def _move(server: Server) -> None:
    with contextlib.suppress(httpx.TransportError):  # the server went away
        await server.http.post("/dev/clock", json={"now": "2031-03-01T09:00:00Z"})


def test_production_has_no_clock_and_says_so(tmp_path: Path, sqlite_url: str) -> None:
    server = Server(tmp_path, sqlite_url, {"RONDO_ENV": "production"}).launch()
    assert server.process is not None
    try:
        assert server.process.wait(20) == 1
    finally:
        server.process.kill()
    lines = server.log().strip().splitlines()
    assert len(lines) == 1 and "RONDO_DEV_CLOCK" in lines[0]


async def test_without_the_setting_there_is_no_clock_route(serve: Serve, sqlite_url: str) -> None:
    server = await serve(sqlite_url, RONDO_DEV_CLOCK="false")
    assert (await server.http.get("/dev/clock")).status_code == 404
    assert (await server.http.post("/dev/clock", json={"advance": "PT1H"})).status_code == 404
