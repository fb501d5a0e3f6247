"""Puts the platforms together: gateway, routes and what they need. Each SDK is imported only where its platform is on.

Part of the composition root, as `adapters.app`; nothing else imports it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter
from sqlalchemy import Engine

from adapters import destinations, pictures
from adapters.auditing import Auditor, watch_of
from adapters.clock import DevClock, SystemClock, Timekeeper
from adapters.directories import Directories, GraphPeople, GraphSource
from adapters.door import Door
from adapters.health import CountedTurn, Metrics
from adapters.importer import DatabaseImporter
from adapters.reader import DatabaseReader
from adapters.settings import ConfigurationError, Settings
from adapters.upkeep import Upkeep
from bot.events import Address, Platform
from bot.model import Company
from bot.ports import Clock, Conflict, Gateway, History
from bot.talk.voice import Phrases
from scheduler.deliver import Deliver
from scheduler.directory import Directory
from scheduler.heartbeat import Tick
from scheduler.overheard import Overheard
from scheduler.pace import Pace
from scheduler.people import People
from scheduler.quiet import Quiet
from scheduler.sweep import Sweep
from scheduler.watchdog import Watchdog
from storage.agenda import SqlAgenda
from storage.outbox import SqlOutbox
from storage.pulse import SqlPulse
from storage.replicas import SqlReplicas
from storage.rosters import SqlRosters
from storage.told import SqlTold

if TYPE_CHECKING:
    from adapters.teams.graph import Graph

log = logging.getLogger("rondo.mount")

SETTLE_IN_DEVELOPMENT = 2.0
"""Seconds; how long a doubtful send is left alone there before it is looked for."""


@dataclass
class Parts:
    """What an application is made of; `app.state.rondo` holds it for the command line, the simulation and tests."""

    settings: Settings
    company: Company
    clock: Clock
    engine: Engine
    reader: DatabaseReader
    importer: DatabaseImporter
    turn: CountedTurn
    door: Door
    gateways: dict[Platform, Gateway]
    agenda: SqlAgenda
    outbox: SqlOutbox
    pulse: SqlPulse
    sweep: Sweep
    deliver: Deliver
    phrases: Phrases
    directory: Directory
    directories: Directories
    quiet: Quiet
    watchdog: Watchdog
    metrics: Metrics
    pace: Pace
    replicas: SqlReplicas
    auditor: Auditor
    upkeep: Upkeep
    graph: "Graph | None" = None
    """Microsoft Graph, where the operator allows it."""
    keeper: Timekeeper | None = None
    histories: dict[Platform, History] = field(default_factory=dict)
    closers: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    openers: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    """What begins with the server, once it can take what comes."""
    ticks: list[Tick] = field(default_factory=list)
    """What platforms look after now and then."""
    standings: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    """How parts of platforms are, for `/readyz`: None, or what is wrong."""
    stopping: bool = False


def teams(parts: Parts) -> APIRouter:
    """Teams' gateway and route."""
    from adapters.outgoing_httpx import client
    from adapters.teams.about import about_router
    from adapters.teams.auth import OPENID_URL, SERVICE_HOSTS, Auth, Keys
    from adapters.teams.gateway import TeamsGateway
    from adapters.teams.graph import GRAPH_URL
    from adapters.teams.routes import teams_router
    from adapters.teams.tokens import CONNECTOR

    settings = parts.settings
    assert settings.teams_app_id is not None
    assert settings.teams_app_password is not None
    hosts = settings.teams_service_hosts or SERVICE_HOSTS
    graph_url = (settings.graph_url or GRAPH_URL) if settings.teams_graph else ""
    http = client(destinations.teams(settings, hosts, *([graph_url] if graph_url else [])), timeout=10.0)
    rosters = SqlRosters(parts.engine)
    gateway = TeamsGateway(
        app_id=settings.teams_app_id,
        password=settings.teams_app_password.get_secret_value(),
        tenant=settings.teams_tenant_id[0],
        token_url=settings.teams_token_url,
        service_hosts=hosts,
        http=http,
        development=settings.development,
        draw=pictures.png,
        tenants=settings.teams_tenant_id,
        rosters=rosters,
        graph_url=graph_url,
        catalog_id=settings.teams_catalog_id,
        issuer=settings.teams_issuer,
    )
    parts.graph = gateway.graph
    auth = Auth(
        app_id=settings.teams_app_id,
        tenants=settings.teams_tenant_id,
        issuer=settings.teams_issuer or CONNECTOR,
        keys=Keys(settings.teams_openid_url or OPENID_URL, http),
        service_hosts=hosts,
        development=settings.development,
    )
    parts.gateways[Platform.TEAMS] = gateway
    parts.closers.append(http.aclose)

    async def teams_changed(team: Address, is_there: bool) -> None:
        await asyncio.to_thread(rosters.add if is_there else rosters.remove, team)
        if is_there:
            parts.directory.changed()

    router = teams_router(
        inbound=parts.door,
        gateway=gateway,
        auth=auth,
        clock=parts.clock,
        allow_anonymous=settings.teams_allow_anonymous,
        teams_changed=teams_changed,
    )
    router.include_router(about_router(parts.company.name))
    return router


async def settled(parts: Parts, real: Callable[[], datetime]) -> bool:
    """After a move of the clock: who rests is tried at once; then what follows. Whether all is quiet. `real`: wall time."""
    if resting := parts.pace.try_again():
        try:
            hurry = SqlTold(parts.engine).hurry
            await asyncio.to_thread(hurry, resting, real, settle_seconds=SETTLE_IN_DEVELOPMENT)
        except Conflict:
            log.info("the database is busy, what rests is tried later")
        parts.deliver.wake()
    return await parts.upkeep.settled(parts.quiet.reach)


def playground(parts: Parts) -> APIRouter:
    """The page to try Rondo on. Raises ConfigurationError where the clock cannot be moved."""
    from adapters.local import demo
    from adapters.local.gateway import LocalGateway
    from adapters.local.routes import local_router
    from adapters.slack import render as in_slack
    from adapters.teams import render as in_teams

    gateway = LocalGateway(parts.clock)
    parts.gateways[Platform.LOCAL] = gateway
    keeper = parts.keeper
    if keeper is None:
        raise ConfigurationError("RONDO_DEV_CLOCK: the playground needs a clock that can be moved.")

    async def move(to: datetime) -> None:
        await keeper.move(to=to)

    return local_router(
        parts.door,
        gateway,
        parts.clock,
        people=parts.reader.people,
        company=parts.company,
        next_due=parts.agenda.next_due,
        move=move,
        previews={
            "slack": lambda card: in_slack.message(card, {chart: {"image_url": pictures.uri(chart)} for chart in card.charts()}),
            "teams": lambda card: in_teams.message(card, draw=pictures.png),
        },
        form_previews={
            "slack": lambda form, errors: in_slack.modal(form),  # Slack puts errors at the fields by itself
            "teams": lambda form, errors: in_teams.task(form, errors=errors),
        },
        ledger=parts.reader.newest_entries,
        captions=demo.CAPTIONS,
        first=demo.FIRST,
        picture=pictures.uri,
        stopping=lambda: parts.stopping,
    )


READ_EVERY = timedelta(seconds=40)
"""What changed in Microsoft's directory is asked for so often: who has another manager has them within a minute."""


def readings(parts: Parts) -> list[Tick]:
    """What the heartbeat reads of Microsoft's directory, tenant by tenant."""
    settings, graph = parts.settings, parts.graph
    if settings.teams_directory == "off" or graph is None:
        return []
    from adapters.teams.users import Users

    return [
        Tick(
            name=f"people:{tenant}",
            seconds=READ_EVERY.total_seconds() / 4,
            work=People(
                GraphSource(Users(graph, tenant).read),
                GraphPeople(parts.directories, tenant, writes=settings.teams_directory == "people", every=READ_EVERY),
                parts.turn.take,
                parts.clock,
                changed=parts.directory.pushed,
                most_missing=settings.directory_most_leavers / 100,
            ).tick,
        )
        for tenant in settings.teams_tenant_id
    ]


ASKED = timedelta(days=8)
"""Whoever was asked within the last week may answer still."""


def overheard(parts: Parts) -> Callable[[], Awaitable[None]]:
    """What the heartbeat does about words that were written while nobody listened."""

    def asked(platform: Platform, limit: int) -> Sequence[Address]:
        return parts.reader.reports.asked_lately(platform, since=parts.clock.now() - ASKED, limit=limit)

    real = SystemClock()
    watch = watch_of(parts.engine, parts.company, real)
    room = Overheard(watch, parts.histories, asked, parts.door, parts.clock, pace=parts.pace, real=real)

    async def tick() -> None:
        # What was said is said at the application's time: where that is told, nobody knows it before.
        if not isinstance(parts.clock, DevClock) or parts.clock.told:
            await room.tick()

    return tick
