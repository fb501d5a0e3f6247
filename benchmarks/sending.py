"""What a message costs on its way out: claimed, drawn, sent over HTTP, reported, at the pace that Teams allows (P6)."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import httpx
from sqlalchemy import Engine, delete, func, insert, select, update

from adapters.slack.gateway import SlackGateway
from adapters.teams.gateway import TeamsGateway
from benchmarks.agenda import Planner, planner
from benchmarks.presses import TEAM
from benchmarks.row import Row, Run, as_served, at_most
from benchmarks.server import free_port, process, wait_listening
from bot.events import Platform
from bot.ports import Gateway
from scheduler.deliver import Deliver
from scheduler.pace import TEAMS_CALLS, Kind, Pace
from storage.outbox import SqlOutbox
from storage.schema import OutboxState, address, outbox
from storage.settle import NOW

FULL_RATE = 50
"""Messages a second that Teams lets one app send in one tenant (PLATFORMS B5)."""
TENANT = "11111111-0000-0000-0000-000000000001"
LATE = 60.0
"""Seconds beyond their allowance after which messages that have not left are an error."""


def sending(run: Run) -> Iterator[Row]:
    """CPU of this process a message, times Teams' full rate; the platform is another process, and so is PostgreSQL."""
    messages = max(10, int(2 * FULL_RATE * run.sizes.seconds))
    with ExitStack() as stack:
        port = free_port()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rondo-bench-")))
        stack.enter_context(process(["-m", "benchmarks.slack_api", str(port), "0", "0"], {}, folder))
        wait_listening(port)
        for kind in run.sizes.databases:
            with planner(run, kind, messages, due=messages) as asked, as_served():
                spent: dict[Platform, list[float]] = {Platform.TEAMS: [], Platform.SLACK: []}
                for _ in range(min(3, run.sizes.pairs)):
                    for platform, found in spent.items():
                        _put_back(asked.engine, platform, port)
                        found.append(asyncio.run(_send_all(run, asked, platform, port)))
            for platform, found in spent.items():
                cores = statistics.median(found) * FULL_RATE
                name = f"sending {kind}: CPU at {FULL_RATE}/s, {platform.value.title()}, the whole path"
                yield at_most(name, cores * 100, "% core", 15)


def _put_back(engine: Engine, platform: Platform, port: int) -> None:
    """Every message waits once more, for somebody on this platform."""
    with engine.begin() as connection:
        connection.execute(delete(address))
        people = connection.scalars(select(outbox.c.recipient_id).distinct()).all()
        connection.execute(insert(address), [_at(platform, who, port) for who in people])
        connection.execute(
            update(outbox).values(
                state=OutboxState.PENDING, ready_at=NOW, delivered_at=None, receipt=None, sent_revision=0, expires_at=None,
                queue="", attempt=0,
            )
        )  # fmt: skip


def _at(platform: Platform, who: str, port: int) -> Mapping[str, object]:
    route = {"service_url": f"http://127.0.0.1:{port}/teams", "conversation": f"a:{who}"} if platform is Platform.TEAMS else {}
    tenant = TENANT if platform is Platform.TEAMS else TEAM
    return {
        "platform": platform, "tenant": tenant, "user": f"U{who}", "person_id": who, "route": route, "last_seen": None,
        "gone_count": 0,
    }  # fmt: skip


async def _send_all(run: Run, asked: Planner, platform: Platform, port: int) -> float:
    """Seconds of CPU a message."""
    transport = httpx.AsyncHTTPTransport(retries=0)
    async with httpx.AsyncClient(transport=transport, timeout=10.0, trust_env=False) as http:
        slack = SlackGateway("xoxb-bench", api_url=f"http://127.0.0.1:{port}/api/")
        try:
            with run.ours():
                return await _sent(asked, slack if platform is Platform.SLACK else _teams(port, http))
        finally:
            await slack.close()
            await asyncio.sleep(0.01)  # its connections end in the loop


async def _sent(asked: Planner, gateway: Gateway) -> float:
    deliver = Deliver(
        SqlOutbox(asked.engine, lambda: asked.clock.now()),
        {gateway.platform: gateway},
        asked.parts.turn.take,
        asked.clock,
        take_all=asked.parts.turn.take_all,
        pace=Pace({(gateway.platform, Kind.POST): TEAMS_CALLS}),
    )
    waiting = _count(asked.engine, OutboxState.PENDING)
    began = time.process_time()
    deliver.start()
    done = await deliver.drain(waiting / TEAMS_CALLS.rate + LATE)
    spent = time.process_time() - began
    await deliver.stop()
    sent = _count(asked.engine, OutboxState.SENT)
    if not done or sent != waiting:
        raise AssertionError(f"{sent} of {waiting} messages were sent")
    return spent / sent


def _count(engine: Engine, state: OutboxState) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).where(outbox.c.state == state)) or 0


def _teams(port: int, http: httpx.AsyncClient) -> TeamsGateway:
    return TeamsGateway(
        app_id="22222222-0000-0000-0000-000000000002",
        password="bench",
        tenant=TENANT,
        token_url=f"http://127.0.0.1:{port}/token",
        service_hosts={"127.0.0.1"},
        http=http,
        development=True,
    )
