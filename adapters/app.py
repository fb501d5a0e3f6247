"""The composition root: the only file that sees everything. Builds the application from settings, and runs it.

Nothing is decided here. What is not configured is neither imported nor mounted.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import uvicorn
from fastapi import APIRouter, FastAPI

from adapters import logs, mount, mount_slack, pulses, tracing
from adapters.api import PREFIX as API
from adapters.api import api_router
from adapters.auditing import TICK as AUDIT_TICK
from adapters.auditing import Auditor, Pinger
from adapters.calendars import public_holidays
from adapters.checks import window_for
from adapters.clock import DevClock, SystemClock, Timekeeper, clock_router
from adapters.directories import Directories, ScimPeople
from adapters.door import SHARING, Door
from adapters.hardening import Hardened
from adapters.heads import PatientProtocol
from adapters.health import CountedTurn, DatabaseChecks, Metrics, health_router
from adapters.importer import DatabaseImporter
from adapters.mount import Parts
from adapters.process import few_arenas, room_for_connections
from adapters.reader import DatabaseReader
from adapters.scim.routes import PREFIX as SCIM
from adapters.scim.routes import error as scim_error
from adapters.scim.routes import scim_router
from adapters.server import Beginning, Server, listen
from adapters.settings import ConfigurationError, Settings
from adapters.twice import marking
from adapters.upkeep import ticking, upkeep_of
from adapters.web import ANSWER_SECONDS, BodyLimit, Bounded, Dated, add_problems
from bot.events import Platform
from bot.model import Company
from bot.ports import Clock, Gateway
from bot.talk.voice import Phrases
from prompts import loader
from scheduler.deliver import Deliver
from scheduler.directory import Directory
from scheduler.heartbeat import Heartbeat, Tick
from scheduler.pace import ALLOWANCES, Kind, Pace, slack_posts
from scheduler.post import HOLD
from scheduler.quiet import Quiet
from scheduler.sweep import Sweep
from scheduler.watchdog import Watchdog
from storage.agenda import LEASE as AGENDA_LEASE
from storage.agenda import SqlAgenda
from storage.engine import open_engine
from storage.migrate import SchemaState, migrate, schema_state
from storage.noted import NotedReports
from storage.outbox import LEASE as OUTBOX_LEASE
from storage.outbox import SqlOutbox
from storage.replicas import EVERY as REPLICAS_EVERY
from storage.replicas import SqlReplicas
from storage.store import SqlStore
from storage.told import SqlTold

log = logging.getLogger("rondo.app")

DEVELOPMENT_LEASE = timedelta(seconds=16)
"""After a `kill -9` in development nobody should wait for minutes until what it had claimed is looked at again."""
BEAT, BEAT_IN_DEVELOPMENT = 5.0, 1.0
"""Seconds between looks at agenda and outbox; whatever is committed here is sent at once all the same."""
REQUESTS_END, MESSAGES_END = 3, 4.5
"""Seconds after SIGTERM: open requests are cut off, messages settle; `adapters.server` ends the process whatever still hangs."""


def build(settings: Settings, *, clock: Clock | None = None, demo: bool = False, phrases: Phrases | None = None) -> FastAPI:
    """The application on a migrated database. Its lifespan starts and stops the scheduler. Raises ConfigurationError.

    `clock`: a DevClock can be moved, by `/dev/clock` and in the playground (`demo`). `phrases`: for tests.
    """
    company = settings.company()
    if demo:
        from adapters.local import demo as example

        company = replace(company, name=example.COMPANY, zone=example.ZONE)
    if clock is None:
        clock = DevClock() if settings.dev_clock or demo else SystemClock()
    phrases = loader.load() if phrases is None else phrases
    parts = _assemble(settings, company, clock, phrases)
    parts.ticks.append(ticking(parts.upkeep))
    app = FastAPI(
        title="Rondo", lifespan=_lifespan(parts, demo), docs_url=None, redoc_url=None, openapi_url=None,
        redirect_slashes=False,
    )  # fmt: skip
    app.state.rondo = parts
    add_problems(app, {SCIM: scim_error})
    app.add_middleware(BodyLimit)
    # in development a move of the clock takes as long as it takes
    app.add_middleware(Bounded, seconds=None if settings.development else ANSWER_SECONDS)
    app.add_middleware(Hardened, production=not settings.development, tokens=_tokens(settings))
    app.add_middleware(Dated)
    for router in _routers(parts, demo):
        app.include_router(router)
    return app


def _tokens(settings: Settings) -> dict[str, str]:
    """Which token opens the routes below a path."""
    given = {f"{API}/": settings.admin_token, f"{SCIM}/": settings.scim_token}
    return {path: token.get_secret_value() for path, token in given.items() if token is not None}


def _assemble(settings: Settings, company: Company, clock: Clock, phrases: Phrases) -> Parts:
    """Wire core, storage and scheduler; the gateways are added to the (shared) mapping when platforms are mounted."""
    engine = open_engine(settings.database_url.get_secret_value())
    gateways: dict[Platform, Gateway] = {}
    lease = DEVELOPMENT_LEASE if settings.development else None
    agenda = SqlAgenda(engine, _real_time, lease=lease or AGENDA_LEASE)
    outbox = SqlOutbox(engine, _real_time, lease=lease or OUTBOX_LEASE)
    reader = DatabaseReader(engine, clock)
    pace = Pace({**ALLOWANCES, (Platform.SLACK, Kind.POST): slack_posts(settings.slack_messages_per_minute)})
    metrics = Metrics(
        clock=clock,
        outbox_states=reader.outbox_states,
        next_due=agenda.next_due,
        lanes=outbox.lanes,
        resting=pace.resting,
    )
    watchdog = Watchdog({"heartbeat": 60, "sweep": 120, "deliver": 60, "writes": 60})
    store = SqlStore(engine, company, public_holidays, window=window_for(settings))
    turn = CountedTurn(store, phrases, committed=lambda: deliver.wake())
    turn.metrics = metrics
    turn.tracing = metrics.tracing = tracing.open_tracing(version("rondo"))
    threads = 4 if settings.postgresql else 1
    # One thread: many desks share a transaction, so that little of it is waiting for the database.
    sweep = Sweep(agenda, turn.take, clock, take_all=turn.take_all, beat=watchdog.beater("sweep"))
    deliver = Deliver(
        outbox,
        gateways,
        turn.take,
        clock,
        take_all=turn.take_all,
        pace=pace,
        changed_accounts=reader.reports.changed_accounts,
        settle_seconds=mount.SETTLE_IN_DEVELOPMENT if settings.development else 60.0,
        hold_seconds=6.0 if settings.development else HOLD,
        threads=max(2, threads),
        beat=watchdog.beater("deliver"),
        sent=metrics.sent,
        dead=metrics.dead,
        twice=marking(reader.person, company, phrases),
    )
    directories = Directories(engine, clock, company, settings.hr_admin_emails(), real=_real_time)
    directory = Directory(
        gateways,
        directories.stored.changed_accounts,
        lambda: reader.unlinked(tuple(gateways)),
        turn.take,
        clock,
        link_all=directories.stored.link_all,
        linked=directories.stored.linked,
        most_missing=settings.directory_most_leavers / 100,
    )
    door = Door(turn, gateways, reader.reports.changed_accounts, threads=None if settings.postgresql else SHARING)
    turn.began = door.began
    return Parts(
        settings=settings,
        company=company,
        clock=clock,
        engine=engine,
        reader=reader,
        importer=DatabaseImporter(engine, clock, company, settings.hr_admin_emails()),
        turn=turn,
        door=door,
        gateways=gateways,
        agenda=agenda,
        outbox=outbox,
        phrases=phrases,
        pulse=pulses.pulse_of(engine, company, clock),
        sweep=sweep,
        deliver=deliver,
        directory=directory,
        directories=directories,
        quiet=Quiet(agenda, clock, sweep, deliver, directory),
        watchdog=watchdog,
        metrics=metrics,
        pace=pace,
        replicas=SqlReplicas(engine, version("rondo")),
        upkeep=upkeep_of(engine, company, clock, phrases),
        auditor=Auditor(
            engine,
            company,
            clock,
            window=window_for(settings),
            registry=metrics.registry,
            standing=watchdog.standing,
            pinger=Pinger(settings.heartbeat_url.get_secret_value()) if settings.heartbeat_url is not None else None,
        ),
    )


# ------------------------------------------------------------------------------------------------ what is mounted


def _routers(parts: Parts, demo: bool) -> list[APIRouter]:
    settings, clock = parts.settings, parts.clock
    routers = [
        health_router(
            checks=DatabaseChecks(parts.engine),
            standing=lambda: {**parts.watchdog.standing(), **{name: how() for name, how in parts.standings.items()}},
            metrics=parts.metrics,
            resting=parts.pace.resting,
        )
    ]
    if isinstance(clock, DevClock):
        parts.keeper = Timekeeper(
            clock,
            settle=lambda: mount.settled(parts, _real_time),
            empty=parts.reader.reports.is_empty,
            last_recorded=parts.reader.reports.last_recorded_at,
            remember=SqlTold(parts.engine).write,
        )
        if settings.dev_clock:
            routers.append(clock_router(clock, parts.keeper))
    if settings.admin_token is not None:
        routers.append(
            api_router(
                token=settings.admin_token.get_secret_value(),
                importer=parts.importer,
                reader=NotedReports(parts.engine, clock, "admin token", sees_own=False),
                take=parts.turn.take,
                clock=clock,
                imported=parts.directory.changed,
            )
        )
    if settings.scim_token is not None:
        routers.append(
            scim_router(
                token=settings.scim_token.get_secret_value(),
                people=ScimPeople(parts.directories),
                clock=clock,
                company=parts.company,
                changed=parts.directory.pushed,
            )
        )
    if settings.slack_on:
        routers.append(mount_slack.slack(parts))
    if settings.teams_on:
        routers.append(mount.teams(parts))
    if demo:
        routers.append(mount.playground(parts))
    return routers


# ------------------------------------------------------------------------------------------------ life and end


def _lifespan(parts: Parts, demo: bool) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if demo:
            await asyncio.to_thread(_seed, parts)
        beat = BEAT_IN_DEVELOPMENT if parts.settings.development else BEAT
        ticks = [
            Tick(name="sweep", seconds=beat, work=lambda: _sweep(parts)),
            Tick(name="deliver", seconds=beat, work=lambda: _wake(parts)),
            Tick(name="directory", seconds=30.0, work=parts.directory.tick),
            Tick(name="pulse", seconds=beat, work=lambda: _beat(parts), at_once=False),
            Tick(name="audit", seconds=AUDIT_TICK, work=parts.auditor.tick),
        ]
        ticks += mount.readings(parts)
        if parts.histories:
            every = beat if parts.settings.development else AUDIT_TICK
            ticks.append(Tick(name="overheard", seconds=every, work=mount.overheard(parts), at_once=False))
        if parts.replicas.several:
            ticks.append(Tick(name="replicas", seconds=REPLICAS_EVERY, work=lambda: _count(parts), at_once=False))
            with contextlib.suppress(Exception):  # the heartbeat will tell
                await _count(parts)
        ticks += parts.ticks
        heartbeat = Heartbeat(ticks, beat=parts.watchdog.beater("heartbeat"))
        if await asyncio.to_thread(schema_state, parts.engine) is not SchemaState.EMPTY:
            await _beat(parts)  # before the first message: is this database what it was?
        parts.deliver.start()
        heartbeat.start()
        try:
            for begin in parts.openers:
                await begin()
            yield
        finally:
            parts.stopping = True
            heartbeat.stop()
            async with asyncio.timeout(MESSAGES_END + 1):
                await asyncio.gather(parts.deliver.stop(MESSAGES_END), parts.sweep.stop(), parts.directory.stop(MESSAGES_END))
            with contextlib.suppress(Exception):  # the others notice after a while
                await asyncio.to_thread(parts.replicas.leave)
            for close in (*parts.closers, parts.auditor.close):
                await close()
            with contextlib.suppress(Exception):  # a backup of a server at rest lacks nothing; that is all this is for
                await _beat(parts)
            parts.engine.dispose()
            if parts.turn.tracing is not None:
                await asyncio.to_thread(parts.turn.tracing.close)

    return lifespan


async def _sweep(parts: Parts) -> None:
    """Look at what is due, unless the clock is being moved: the move does that, in its own order."""
    if parts.keeper is None:
        began = time.monotonic()
        count = await parts.sweep.run_once()
        if count and parts.turn.tracing is not None:
            parts.turn.tracing.record("sweep", time.monotonic() - began, {"rondo.events": count})
    else:
        await parts.keeper.between_moves(parts.sweep.run_once)
        parts.watchdog.beat("sweep")


async def _wake(parts: Parts) -> None:
    parts.deliver.wake()


async def _count(parts: Parts) -> None:
    """Count the replicas at work, take this one's share of what platforms allow, and ask the database what time it is."""
    beat = await asyncio.to_thread(parts.replicas.beat)
    parts.deliver.share(beat.replicas)
    parts.metrics.counted(beat.replicas)
    if beat.at is not None and isinstance(parts.clock, SystemClock):
        parts.metrics.clock_ahead(parts.clock.synchronise(beat.at, beat.measured))


async def _beat(parts: Parts) -> None:
    await asyncio.to_thread(pulses.beat, parts.pulse)
    parts.watchdog.beat("writes")


def _seed(parts: Parts) -> None:
    """Import the playground's company into an empty database: first what was forgotten, then the rest, now."""
    from adapters.local import demo

    clock = parts.clock
    if not isinstance(clock, DevClock) or not parts.reader.reports.is_empty():
        return
    start = demo.demo_start(clock.now())
    clock.tell(demo.forgotten_since(start))
    people = parts.importer.people(demo.people_csv(start).encode(), dry_run=False)
    forgotten = demo.goals_csv(start, only=demo.FORGOTTEN)
    old = parts.importer.goals(forgotten.encode(), dry_run=False)
    clock.tell(start)
    new = parts.importer.goals(demo.goals_csv(start).encode(), dry_run=False)
    if rejected := [*people.rejections, *old.rejections, *new.rejections]:
        raise RuntimeError(f"the demo company was refused: {rejected}")


def run(settings: Settings, *, host: str, port: int, demo: bool = False, migrates: bool = True) -> None:
    """Serve until SIGTERM or SIGINT. Raises ConfigurationError, and what the database says when it cannot be used."""
    settings.check_host(host)
    if wrong := tracing.problem():
        raise ConfigurationError(wrong)
    sockets = listen(host, port)
    logs.configure(settings.log, level=logging.WARNING if demo else logging.INFO)
    room_for_connections()
    few_arenas()
    for line in settings.warnings():
        log.warning(line)
    engine = open_engine(settings.database_url.get_secret_value(), connections=1)
    try:
        if migrates:
            migrate(engine)
        state = schema_state(engine)
        if state is SchemaState.CURRENT and not (demo or settings.dev_clock):
            SqlTold(engine).forget()
    finally:
        engine.dispose()
    if state is not SchemaState.CURRENT:
        remedy = "install the newer Rondo that wrote it" if state is SchemaState.AHEAD else "run `rondo migrate`"
        raise ConfigurationError(f"RONDO_DATABASE_URL: the database's schema is {state.value}: {remedy}.")
    app = build(settings, demo=demo)
    beginning = Beginning(app)
    config = uvicorn.Config(
        beginning, loop="auto", http=PatientProtocol, ws="none", lifespan="on", log_config=None,
        access_log=False, server_header=False, date_header=False, proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies), timeout_graceful_shutdown=REQUESTS_END, timeout_keep_alive=15,
    )  # fmt: skip
    Server(config, app.state.rondo, beginning=beginning, demo=demo).run(sockets)


def _real_time() -> datetime:
    return datetime.now(UTC)
