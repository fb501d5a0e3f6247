"""How the process is: `/healthz` (alive), `/readyz` (may it get traffic), `/metrics` (Prometheus)."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Engine, text
from starlette.concurrency import run_in_threadpool

from bot.events import Event
from bot.ports import Clock, Outcome
from bot.turn import Turn
from storage.engine import reading
from storage.migrate import SchemaState, schema_state

log = logging.getLogger("rondo.health")

PATIENCE = 3.0
"""Seconds a check may take before it counts as failed."""


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
    ) -> None:
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
        self._lag = Gauge("rondo_agenda_lag_seconds", "How long the oldest due agenda row has been due", registry=self.registry)

    def turned(self, event: Event, outcome: str) -> None:
        """An event was taken."""
        self._turns.labels(type(event).__name__, outcome).inc()

    def sent(self, platform: str, outcome: str, seconds: float) -> None:
        """An attempt to send ended."""
        self._sends.labels(platform, outcome).inc()
        self._seconds.labels(platform).observe(seconds)

    def exposition(self) -> bytes:
        """All of it as Prometheus reads it; blocking. What the database cannot say now is left out."""
        try:
            self._outbox.clear()
            for state, count in self._outbox_states().items():
                self._outbox.labels(state).set(count)
            due = self._next_due()
            self._lag.set(0.0 if due is None else max(0.0, (self._clock.now() - due).total_seconds()))
        except Exception:
            log.warning("cannot measure the database", exc_info=True)
        return generate_latest(self.registry)


class CountedTurn(Turn):
    """The one door, with a counter at it."""

    metrics: Metrics | None = None

    def take(self, event: Event) -> Outcome:
        """See `Turn.take`."""
        try:
            outcome = super().take(event)
        except Exception:
            if self.metrics is not None:
                self.metrics.turned(event, "failed")
            raise
        if self.metrics is not None:
            what = "decided" if outcome.decision is not None else "seen" if outcome.known else "unknown"
            self.metrics.turned(event, what)
        return outcome


def health_router(*, checks: Standing, standing: Standing, metrics: Metrics) -> APIRouter:
    """`checks` may block (database, schema); `standing` may not (the scheduler's watchdog)."""
    router = APIRouter()

    @router.get("/healthz")
    async def alive() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz")
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
        return JSONResponse(
            {"ready": well, "checks": {name: wrong or "ok" for name, wrong in found.items()}}, 200 if well else 503
        )

    @router.get("/metrics")
    async def measured() -> Response:
        return Response(await run_in_threadpool(metrics.exposition), media_type=CONTENT_TYPE_LATEST)

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
            if state is not SchemaState.CURRENT:
                return {"database": None, "schema": f"{state.value}: run `rondo migrate`"}
            self._current_until = time.monotonic() + 30
        return {"database": None, "schema": None}
