"""Puts the platforms together: gateway, routes and what they need. Each SDK is imported only where its platform is on.

Part of the composition root, as `adapters.app`; nothing else imports it.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlalchemy import Engine

from adapters import pictures
from adapters.auditing import Auditor, watch_of
from adapters.clock import DevClock, SystemClock, Timekeeper
from adapters.door import Door
from adapters.health import CountedTurn, Metrics
from adapters.importer import DatabaseImporter
from adapters.reader import DatabaseReader
from adapters.settings import ConfigurationError, Settings
from bot.events import Address, Platform
from bot.model import Company
from bot.ports import Clock, Gateway, History
from bot.talk.voice import Phrases
from scheduler.deliver import Deliver
from scheduler.directory import Directory
from scheduler.overheard import Overheard
from scheduler.pace import Pace
from scheduler.quiet import Quiet
from scheduler.sweep import Sweep
from scheduler.watchdog import Watchdog
from storage.agenda import SqlAgenda
from storage.outbox import SqlOutbox
from storage.pulse import SqlPulse
from storage.replicas import SqlReplicas


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
    quiet: Quiet
    watchdog: Watchdog
    metrics: Metrics
    pace: Pace
    replicas: SqlReplicas
    auditor: Auditor
    keeper: Timekeeper | None = None
    histories: dict[Platform, History] = field(default_factory=dict)
    closers: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    stopping: bool = False


def slack(parts: Parts) -> APIRouter:
    """Slack's gateway and route. Raises ConfigurationError where only OAuth is configured: it is not built yet."""
    from adapters.slack.gateway import SlackGateway
    from adapters.slack.routes import Notes, slack_router

    settings = parts.settings
    assert settings.slack_signing_secret is not None
    if settings.slack_bot_token is None:
        raise ConfigurationError("RONDO_SLACK_CLIENT_ID: OAuth installs are not built yet; set RONDO_SLACK_BOT_TOKEN.")
    token = settings.slack_bot_token.get_secret_value()
    gateway = SlackGateway(token, api_url=settings.slack_api_url, draw=pictures.png)
    parts.gateways[Platform.SLACK] = gateway
    parts.histories[Platform.SLACK] = gateway
    parts.closers.append(gateway.close)
    # A command carries no language, and a stranger has none yet: both languages in one line.
    notes = Notes(
        elsewhere=" · ".join(voice.line("note-elsewhere") for voice in parts.phrases.values()),
        stranger=" · ".join(voice.line("note-stranger") for voice in parts.phrases.values()),
    )
    secrets = [one.strip() for one in settings.slack_signing_secret.get_secret_value().split(",") if one.strip()]
    return slack_router(parts.door, gateway, signing_secrets=secrets, clock=parts.clock, notes=notes)


def teams(parts: Parts) -> APIRouter:
    """Teams' gateway and route."""
    import httpx

    from adapters.teams.auth import OPENID_URL, SERVICE_HOSTS, Auth, Keys
    from adapters.teams.gateway import TeamsGateway
    from adapters.teams.routes import teams_router

    settings = parts.settings
    assert settings.teams_app_id is not None
    assert settings.teams_app_password is not None
    hosts = settings.teams_service_hosts or SERVICE_HOSTS
    http = httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=0), timeout=10.0, follow_redirects=False)
    gateway = TeamsGateway(
        app_id=settings.teams_app_id,
        password=settings.teams_app_password.get_secret_value(),
        tenant=settings.teams_tenant_id[0],
        token_url=settings.teams_token_url,
        service_hosts=hosts,
        http=http,
        development=settings.development,
        draw=pictures.png,
    )
    auth = Auth(
        app_id=settings.teams_app_id,
        tenants=settings.teams_tenant_id,
        keys=Keys(settings.teams_openid_url or OPENID_URL, http),
        service_hosts=hosts,
        development=settings.development,
    )
    parts.gateways[Platform.TEAMS] = gateway
    parts.closers.append(http.aclose)
    return teams_router(
        inbound=parts.door,
        gateway=gateway,
        auth=auth,
        clock=parts.clock,
        allow_anonymous=settings.teams_allow_anonymous,
    )


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
