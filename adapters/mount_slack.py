"""Puts Slack together: one workspace or many, requests over HTTP or Socket Mode. Part of the composition root.

Slack's SDK is imported only when Slack is on.
"""

from typing import TYPE_CHECKING

from fastapi import APIRouter

from adapters import destinations, pictures
from adapters.mount import Parts
from adapters.settings import Settings
from bot.events import Address, Platform
from bot.ports import Clock
from scheduler.heartbeat import Tick

if TYPE_CHECKING:
    from slack_sdk.oauth.installation_store import Installation
    from sqlalchemy import Engine

    from adapters.slack.client import Client
    from adapters.slack.routes import Slack, Take
    from adapters.slack.tokens import Token, Tokens
    from adapters.slack.workspaces import SlackWorkspaces

LOOK = 60.0
"""Seconds between two looks at tokens that run out, and at who came and went."""


def slack(parts: Parts) -> APIRouter:
    """Slack's gateway and routes. Raises ConfigurationError where no key opens the tokens that are kept."""
    from adapters.outgoing_aiohttp import sessions
    from adapters.slack.gateway import SlackGateway
    from adapters.slack.routes import Notes, events_router, listener

    settings, router = parts.settings, APIRouter()
    gateway: SlackGateway | SlackWorkspaces
    if settings.slack_bot_token is not None:
        gateway = SlackGateway(
            settings.slack_bot_token.get_secret_value(),
            api_url=settings.slack_api_url,
            draw=pictures.png,
            open_session=sessions(destinations.slack(settings)),
        )
    else:
        gateway, installs = _many(parts)
        router.include_router(installs)
    parts.gateways[Platform.SLACK] = gateway
    parts.histories[Platform.SLACK] = gateway
    # A command carries no language, and a stranger has none yet: both languages in one line.
    notes = Notes(
        elsewhere=" · ".join(voice.line("note-elsewhere") for voice in parts.phrases.values()),
        stranger=" · ".join(voice.line("note-stranger") for voice in parts.phrases.values()),
    )
    shown: Slack = gateway
    take = listener(parts.door, shown, clock=parts.clock, notes=notes)
    if settings.slack_app_token is not None:
        _socket(parts, take)
    parts.closers.append(gateway.close)
    if settings.slack_signing_secret is not None:
        secrets = [one.strip() for one in settings.slack_signing_secret.get_secret_value().split(",") if one.strip()]
        router.include_router(events_router(take, secrets))
    return router


def _many(parts: Parts) -> tuple["SlackWorkspaces", APIRouter]:
    """Installs by OAuth, into any number of workspaces and organisations."""
    from adapters.outgoing_aiohttp import sessions
    from adapters.slack.gateway import SlackGateway
    from adapters.slack.install import authorize_url_of, install_router
    from adapters.slack.workspaces import SlackWorkspaces

    settings = parts.settings
    tokens, client = tokens_of(settings, parts.engine, parts.clock)
    tokens.installs.rekey()
    open_session = sessions(destinations.slack(settings))

    def make(team: str, token: "Token") -> SlackGateway:
        return SlackGateway(token, team=team, api_url=settings.slack_api_url, draw=pictures.png, open_session=open_session)

    def back(team: str) -> None:
        at = Address(platform=Platform.SLACK, tenant=team, user="")
        parts.pace.workspace(at).mended()
        parts.deliver.wake()
        parts.directory.changed()

    gateway = SlackWorkspaces(tokens, make, back=back)
    parts.closers += [tokens.renewals.settle, client.close]
    parts.metrics.ending = lambda: {(Platform.SLACK, at): said for at, said in tokens.renewals.ending().items()}
    parts.ticks.append(Tick(name="slack", seconds=LOOK, work=gateway.look))

    async def installed(installation: "Installation") -> None:
        await gateway.installed(installation)

    return gateway, install_router(
        tokens,
        client,
        phrases=parts.phrases,
        authorize_url=authorize_url_of(settings.slack_api_url),
        secure=not settings.development,
        installed=installed,
    )


def tokens_of(settings: Settings, engine: "Engine", clock: Clock | None = None) -> tuple["Tokens", "Client"]:
    """Every install's token. Raises ConfigurationError without a key."""
    from adapters.installs import open_installs
    from adapters.outgoing_aiohttp import sessions
    from adapters.slack.client import Client
    from adapters.slack.tokens import Tokens

    installs = open_installs(settings, engine, clock)
    assert settings.slack_client_id is not None
    assert settings.slack_client_secret is not None
    client = Client(settings.slack_api_url, sessions(destinations.slack(settings)))
    tokens = Tokens(
        installs,
        client,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        allowed=settings.slack_workspaces,
    )
    return tokens, client


def _socket(parts: Parts, take: "Take") -> None:
    """Slack's payloads over a connection of ours; `/readyz` tells whether it is open."""
    from adapters.outgoing_aiohttp import sessions
    from adapters.slack.client import Client
    from adapters.slack.socket_mode import Socket

    settings = parts.settings
    assert settings.slack_app_token is not None
    rules = destinations.slack(settings)
    client = Client(settings.slack_api_url, sessions(rules))
    socket = Socket(settings.slack_app_token.get_secret_value(), take, client, open_session=sessions(rules), check=rules.check)
    parts.openers.append(socket.open)
    parts.closers += [socket.close, client.close]
    parts.standings["slack socket"] = socket.standing
