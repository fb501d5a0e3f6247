"""What `rondo check` says of Slack: each workspace and its token, Socket Mode. Part of the composition root."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from adapters import destinations
from adapters.settings import ConfigurationError, Settings
from bot.ports import DeliveryError

if TYPE_CHECKING:
    from slack_sdk.oauth.installation_store import Installation

    from adapters.slack.tokens import Tokens

TOKEN = "compare RONDO_SLACK_BOT_TOKEN with the app's OAuth page, and whether the app is installed"
AGAIN = "install Rondo there again at /slack/install"
APP_TOKEN = "compare RONDO_SLACK_APP_TOKEN with the app's Basic Information page; it needs the scope connections:write"


class Line(NamedTuple):
    """Name, whether all is well, and what to say."""

    name: str
    well: bool
    words: str


def slack(settings: Settings, *, schema: bool) -> Iterator[Line]:
    """A line per workspace. `schema`: the database can be read."""
    if not settings.slack_on:
        yield Line("slack", True, "ok (off)")
        return
    if settings.slack_app_token is not None:
        yield asyncio.run(_socket(settings))
    if settings.slack_bot_token is not None:
        yield asyncio.run(_one(settings))
    elif not schema:
        yield Line("slack", False, "installs cannot be read before the database can")
    else:
        try:
            yield from asyncio.run(_many(settings))
        except ConfigurationError as error:
            yield Line("slack", False, str(error))


async def _one(settings: Settings) -> Line:
    from adapters import outgoing_aiohttp
    from adapters.slack.gateway import SlackGateway

    assert settings.slack_bot_token is not None
    sessions = outgoing_aiohttp.sessions(destinations.slack(settings))
    token = settings.slack_bot_token.get_secret_value()
    gateway = SlackGateway(token, api_url=settings.slack_api_url, open_session=sessions)
    try:
        return Line("slack", True, f"ok (workspace {await gateway.team_id()})")
    except DeliveryError as error:
        return Line("slack", False, f"{error.reason}: {TOKEN}")
    finally:
        await gateway.close()


async def _many(settings: Settings) -> list[Line]:
    """One line for all installs, and one for each; a workspace that Rondo was removed from is worth a word, no failure."""
    from adapters.mount_slack import tokens_of
    from storage.engine import open_engine

    engine = open_engine(settings.database_url.get_secret_value(), connections=1)
    try:
        tokens, client = tokens_of(settings, engine)
        try:
            known = tokens.installs.workspaces()
            served = "only those in RONDO_SLACK_WORKSPACES"
            if not settings.slack_workspaces:
                served = "warning: whatever Slack lets install it; RONDO_SLACK_WORKSPACES can name the ones that are yours"
            lines = [Line("slack installs", True, f"ok ({len(known)} known; new ones: {served})")]
            for one in known:
                installation = tokens.installs.find(one.id)
                if one.removed or installation is None:
                    lines.append(Line(f"slack {one.id}", True, f"warning: removed ({one.removed or 'no token'}): {AGAIN}"))
                elif not tokens.may(one.id, one.enterprise):
                    lines.append(Line(f"slack {one.id}", True, "warning: installed, and not in RONDO_SLACK_WORKSPACES: it rests"))
                else:
                    wrong = await _wrong(tokens, installation)
                    lines.append(Line(f"slack {one.id}", not wrong, f"{wrong}: {AGAIN}" if wrong else f"ok ({one.name})"))
            return lines
        finally:
            await client.close()
    finally:
        engine.dispose()


async def _wrong(tokens: "Tokens", installation: "Installation") -> str:
    """What Slack says to its token; empty: all is well."""
    try:
        return await tokens.alive(installation)
    except DeliveryError as error:
        return error.reason


async def _socket(settings: Settings) -> Line:
    from adapters import outgoing_aiohttp
    from adapters.slack.client import Client
    from adapters.slack.meaning import meaning

    assert settings.slack_app_token is not None
    client = Client(settings.slack_api_url, outgoing_aiohttp.sessions(destinations.slack(settings)))
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except Exception as error:
        return Line("slack socket", False, f"{meaning(error, posting=False).reason}: {APP_TOKEN}")
    finally:
        await client.close()
    return Line("slack socket", True, "ok (Socket Mode)")
