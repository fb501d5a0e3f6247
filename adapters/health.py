"""How the process is: `/healthz` (alive), `/readyz` (may it get traffic), `/metrics` (Prometheus)."""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Engine, text
from starlette.concurrency import run_in_threadpool

from adapters.tracing import Tracing
from bot.decision import Lane
from bot.events import Event, Platform
from bot.ports import Clock, Outcome
from bot.turn import Turn
from scheduler.workspace import Rest
from storage.engine import reading
from storage.migrate import SchemaState, schema_state

log = logging.getLogger("rondo.health")

PATIENCE = 3.0
"""Seconds a check may take before it counts as failed."""
GET = ["GET", "HEAD"]
"""Many monitors and balancers ask without wanting the body."""

Resting = Callable[[], Mapping[tuple[Platform, str], Rest]]
"""Workspaces to which nothing gets through at present, and why."""
Ending = Callable[[], Mapping[tuple[Platform, str], str]]
"""Workspaces to which soon nothing gets through unless somebody acts, and what to do."""
Standing = Callable[[], Mapping[str, str | None]]
"""How some parts are: the name of a check, and None (well) or what is wrong."""


class Metrics:
    """Counters of one application, in a registry of their own (several applications fit into one process)."""

    def __init__(
        self,
        *,
        clock: Clock,
        outbox_states: Callable[[], Mapping[str, int]],
        next_due: Callable[[], datetime | None],
        lanes: Callable[[], Mapping[Lane, tuple[int, datetime | None]]] = dict,
        resting: Resting = dict,
    ) -> None:
        self.tracing: Tracing | None = None
        self.ending: Ending = dict
        self._lanes = lanes
        self._resting = resting
        self._clock = clock
        self._outbox_states = outbox_states
        self._next_due = next_due
        self.registry = CollectorRegistry()
        self._turns = Counter(
            "rondo_turns", "Events taken, by type and what became of them", ["event", "outcome"], registry=self.registry
        )
        self._sends = Counter(
            "rondo_sends", "Attempts to send or edit a message", ["platform", "outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "rondo_send_seconds", "Seconds from claim to outcome, pacing included", ["platform"], registry=self.registry
        )
        self._outbox = Gauge("rondo_outbox_messages", "Messages in the outbox", ["state"], registry=self.registry)
        self._waiting = Gauge(
            "rondo_outbox_waiting", "Messages and edits that have not left, by lane", ["lane"], registry=self.registry
        )
        self._oldest = Gauge(
            "rondo_outbox_oldest_seconds",
            "Seconds since the oldest of them was decided, by lane",
            ["lane"],
            registry=self.registry,
        )
        self._paused = Gauge(
            "rondo_workspace_paused",
            "1 while nothing gets through to a workspace and its messages wait",
            ["platform", "tenant"],
            registry=self.registry,
        )
        self._endings = Gauge(
            "rondo_workspace_ending",
            "1 while a workspace's token runs out and cannot be renewed",
            ["platform", "tenant"],
            registry=self.registry,
        )
        self._dead = Counter(
            "rondo_dead_letters",
            "Messages that will not arrive, or of which nobody can tell",
            ["platform", "failure", "rule"],
            registry=self.registry,
        )
        self._replicas = Gauge("rondo_replicas", "Processes that share the database and the allowances", registry=self.registry)
        self._replicas.set(1)
        self._ahead = Gauge(
            "rondo_clock_ahead_seconds", "By how much this machine's clock is ahead of the database's", registry=self.registry
        )
        self._lag = Gauge("rondo_agenda_lag_seconds", "How long the oldest due agenda row has been due", registry=self.registry)

    def turned(self, event: Event, outcome: str) -> None:
        """An event was taken."""
        self._turns.labels(type(event).__name__, outcome).inc()

    def sent(self, platform: str, outcome: str, seconds: float) -> None:
        """An attempt to send ended."""
        if self.tracing is not None:
            self.tracing.record("send", seconds, {"rondo.platform": platform, "rondo.outcome": outcome})
        self._sends.labels(platform, outcome).inc()
        self._seconds.labels(platform).observe(seconds)

    def dead(self, platform: str, failure: str, rule: str) -> None:
        """A message will not arrive (`refused`), or nobody can tell (`unknown`)."""
        self._dead.labels(platform, failure, rule).inc()

    def counted(self, replicas: int) -> None:
        """So many processes are at work."""
        self._replicas.set(replicas)

    def clock_ahead(self, by: timedelta) -> None:
        """This machine's clock is ahead of the database's."""
        self._ahead.set(by.total_seconds())

    def ask(self) -> None:
        """Ask the database; blocking. What it cannot say now is left out, and no number of before stands in its place."""
        for gauge in (self._outbox, self._waiting, self._oldest):
            gauge.clear()
        self._lag.set(math.nan)
        try:
            for state, count in self._outbox_states().items():
                self._outbox.labels(state).set(count)
            now = self._clock.now()
            for lane, (count, oldest) in self._lanes().items():
                self._waiting.labels(lane.value).set(count)
                self._oldest.labels(lane.value).set(0.0 if oldest is None else max(0.0, (now - oldest).total_seconds()))
            due = self._next_due()
            self._lag.set(0.0 if due is None else max(0.0, (self._clock.now() - due).total_seconds()))
        except Exception:
            log.warning("cannot measure the database", exc_info=True)

    def exposition(self) -> bytes:
        """All that is known, as Prometheus reads it."""
        self._paused.clear()
        for platform, tenant in self._resting():
            self._paused.labels(platform.value, tenant).set(1)
        self._endings.clear()
        for platform, tenant in self.ending():
            self._endings.labels(platform.value, tenant).set(1)
        return generate_latest(self.registry)


class CountedTurn(Turn):
    """The one door, with a counter at it."""

    metrics: Metrics | None = None
    tracing: Tracing | None = None

    def take(self, event: Event) -> Outcome:
        """See `Turn.take`."""
        began = time.monotonic()
        try:
            outcome = super().take(event)
        except Exception:
            if self.metrics is not None:
                self.metrics.turned(event, "failed")
            self._trace(event, "failed", began)
            raise
        self._trace(event, self._count(event, outcome), began)
        return outcome

    def together(self, events: Sequence[Event]) -> list[Outcome | None]:
        """See `Turn.together`."""
        began = time.monotonic()
        outcomes = super().together(events)
        if self.tracing is not None:
            self.tracing.record("turns", time.monotonic() - began, {"rondo.events": len(events)})
        for event, outcome in zip(events, outcomes, strict=True):
            if outcome is not None:
                self._count(event, outcome)
        return outcomes

    def _count(self, event: Event, outcome: Outcome) -> str:
        what = "decided" if outcome.decision is not None else "seen" if outcome.known else "unknown"
        if self.metrics is not None:
            self.metrics.turned(event, what)
        return what

    def _trace(self, event: Event, what: str, began: float) -> None:
        if self.tracing is not None:
            about = {"rondo.event": type(event).__name__, "rondo.outcome": what}
            self.tracing.record("turn", time.monotonic() - began, about)


def health_router(*, checks: Standing, standing: Standing, metrics: Metrics, resting: Resting = dict) -> APIRouter:
    """`checks` may block (database, schema); `standing` may not (the scheduler's watchdog).

    A workspace that rests or soon will is named, and no reason to keep requests away: the others are served.
    """
    router = APIRouter()

    @router.api_route("/healthz", methods=GET)
    async def alive() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.api_route("/readyz", methods=GET)
    async def ready() -> JSONResponse:
        found: dict[str, str | None] = {}
        try:
            async with asyncio.timeout(PATIENCE):
                found.update(await run_in_threadpool(checks))
        except TimeoutError:
            found["database"] = f"no answer within {PATIENCE:.0f} s"
        except Exception as error:
            log.warning("readiness check failed", exc_info=True)
            found["database"] = type(error).__name__
        found.update(standing())
        well = all(wrong is None for wrong in found.values())
        body: dict[str, Any] = {"ready": well, "checks": {name: wrong or "ok" for name, wrong in found.items()}}
        unwell = {at: f"{rest.reason}; tried again in {rest.seconds:.0f} s" for at, rest in resting().items()}
        if unwell := {**unwell, **metrics.ending()}:
            body["workspaces"] = {f"{platform.value}/{tenant}": said for (platform, tenant), said in sorted(unwell.items())}
        return JSONResponse(body, 200 if well else 503)

    @router.api_route("/metrics", methods=GET)
    async def measured() -> Response:
        try:
            async with asyncio.timeout(PATIENCE):
                await run_in_threadpool(metrics.ask)
        except TimeoutError:
            log.warning("cannot measure the database: no answer")
        return Response(metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    return router


class DatabaseChecks:
    """Whether the database answers and has this code's schema; the schema is read again every half minute."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._current_until = float("-inf")

    def __call__(self) -> Mapping[str, str | None]:
        """Blocking; a database that does not answer raises."""
        with reading(self._engine) as connection:
            connection.execute(text("SELECT 1"))
        if time.monotonic() > self._current_until:
            state = schema_state(self._engine)
            # Newer: somebody upgrades. Migrations only add, so that this process goes on until the new one takes its place.
            if state not in (SchemaState.CURRENT, SchemaState.AHEAD):
                return {"database": None, "schema": f"{state.value}: run `rondo migrate`"}
            self._current_until = time.monotonic() + 30
        return {"database": None, "schema": None}
