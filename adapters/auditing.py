"""The auditor at work: in a server every few minutes, in turns with other replicas, and for `rondo check --audit`.

Also the dead man's switch: a ping that stops when a loop, the auditor or the whole machine does.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Engine

from adapters import destinations
from adapters.calendars import public_holidays
from adapters.clock import DevClock, SystemClock
from adapters.settings import Settings
from bot.model import Company
from bot.ports import Clock, Conflict
from storage.audit import DAYS, Report, SqlAudit
from storage.engine import open_engine
from storage.told import SqlTold
from storage.watch import SqlWatch

if TYPE_CHECKING:
    import httpx

log = logging.getLogger("rondo.audit")

TICK = 30.0
"""Seconds between two beats of the watch; nobody looked where it stands still for minutes."""
EVERY = timedelta(minutes=5)
SHARE = 20
"""An audit that takes long is made less often: at most one second in so many is spent on it."""
FRESH = 4
"""So many times the usual pause the last audit may be old before the ping stops."""
PATIENCE = 5.0
"""Seconds a ping may take."""

Standing = Callable[[], Mapping[str, str | None]]
Window = Callable[[int], timedelta]


class Pinger:
    """Tells a monitor outside that all is well here; says nothing else, and harms nothing when it cannot."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: httpx.AsyncClient | None = None
        self._failed = False

    async def ping(self) -> bool:
        """One request without a body; redirects are not followed. The first failure in a row is logged."""
        import httpx

        from adapters.outgoing_httpx import client

        if self._client is None:
            self._client = client(destinations.own(self._url), timeout=PATIENCE)
        try:
            async with asyncio.timeout(PATIENCE), self._client.stream("GET", self._url) as answer:
                status = answer.status_code
            reason = "" if 200 <= status < 300 else f"it answered {status}"
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            reason = type(error).__name__
        if reason and not self._failed:
            log.warning("RONDO_HEARTBEAT_URL: the monitor cannot be told that all is well", extra={"reason": reason})
        self._failed = bool(reason)
        return not reason

    async def close(self) -> None:
        """No more pings."""
        if self._client is not None:
            await self._client.aclose()


class Auditor:
    """`tick` belongs into the heartbeat, every `TICK` seconds. `standing`: what the watchdog says of the loops."""

    def __init__(
        self,
        engine: Engine,
        company: Company,
        clock: Clock,
        *,
        window: Window | None,
        registry: CollectorRegistry,
        standing: Standing,
        pinger: Pinger | None = None,
        every: timedelta = EVERY,
        real: Clock | None = None,
    ) -> None:
        real = real or SystemClock()
        self._clock, self._real, self._standing, self._pinger = clock, real, standing, pinger
        self._every = every
        self._watch = watch_of(engine, company, real)
        self._audit = SqlAudit(engine, company, public_holidays, clock=real.now, window=window)
        self._known: set[str] = set()
        self._last: datetime | None = None
        self._findings = Gauge("rondo_audit_findings", "What the last audit found", ["kind"], registry=registry)
        self._success = Gauge(
            "rondo_audit_last_success_timestamp_seconds", "When the last audit of any replica ended", registry=registry
        )

    async def tick(self) -> None:
        """Say that somebody looks, audit when it is time, ping when all is well."""
        await asyncio.to_thread(self._look)
        if self._pinger is not None and self.is_well():
            await self._pinger.ping()

    async def close(self) -> None:
        """No more pings."""
        if self._pinger is not None:
            await self._pinger.close()

    def is_well(self) -> bool:
        """All loops come round, and somebody audited a short while ago."""
        fresh = self._last is not None and self._real.now() - self._last <= self._every * FRESH
        return fresh and all(wrong is None for wrong in self._standing().values())

    def _look(self) -> None:
        """Blocking. A busy database is looked at by the next tick."""
        try:
            self._watch.beat(self._clock.now())
            self._in_turn()
            self._measure()
        except Conflict:
            log.info("the database is busy, the audit waits")

    def _in_turn(self) -> None:
        with self._watch.turn(self._every) as mine:
            if not mine:
                return
            began = self._real.now()
            now = self._clock.now()
            report = self._audit.run(now, awake=self._watch.spans(now))
            self._watch.done(report.counts)
            self._tell(report)
            spent = self._real.now() - began
            self._every = max(self._every, spent * SHARE)
            facts = {"people": report.people, "messages": report.messages, "seconds": round(spent.total_seconds(), 3)}
            log.info("audit", extra={"findings": len(report.bad), **facts})

    def _tell(self, report: Report) -> None:
        """One line for each finding that the audit before did not have. No names of people."""
        for one in report.bad:
            if one.name not in self._known:
                facts = {"kind": one.kind.value, "what": one.what, "subject": one.subject, "words": one.words}
                log.error("audit: something is not as it should be", extra=facts)
        self._known = {one.name for one in report.bad}

    def _measure(self) -> None:
        last = self._watch.last_audit()
        if last is None:
            return
        self._last, counts = last
        self._success.set(self._last.timestamp())
        for kind, count in counts.items():
            self._findings.labels(kind).set(count)


def watch_of(engine: Engine, company: Company, real: Clock) -> SqlWatch:
    """The watch of a database, under this release and these settings."""
    return SqlWatch(engine, real.now, under=f"{version('rondo')} {company.zone} {company.country or ''}".strip())


def audited(settings: Settings, days: int = DAYS, *, window: Window | None) -> tuple[Report, list[str]]:
    """One audit at the command line: the report, and its lines for people. Raises what the database says when it cannot."""
    engine = open_engine(settings.database_url.get_secret_value(), connections=2)
    try:
        real, told = SystemClock(), SqlTold(engine).read()
        now = (DevClock(told) if told is not None else real).now()
        awake = watch_of(engine, settings.company(), real).spans(now)
        audit = SqlAudit(engine, settings.company(), public_holidays, clock=real.now, window=window)
        report = audit.run(now, awake=awake, days=days)
    finally:
        engine.dispose()
    return report, list(_lines(report, now))


def _lines(report: Report, now: datetime) -> Iterator[str]:
    looked = f"{report.people} people, {report.messages} messages looked at"
    if report.seen_until is None:
        yield "audit: no server has run on this database yet: what came due is not judged, what was written down is"
    elif report.seen_until < now - timedelta(minutes=3):
        yield f"audit: no server runs since {report.seen_until:%Y-%m-%d %H:%M} UTC: what came due later is not judged"
    for one in report.findings:
        whose = f" ({one.who})" if one.who else ""
        yield f"audit: {one.kind}: {one.subject}{whose}: {one.words}{f'; {one.remedy}' if one.remedy else ''}"
    count = len(report.bad)
    yield f"audit: {count} {'finding' if count == 1 else 'findings'}, {looked}" if count else f"audit: ok, {looked}"
