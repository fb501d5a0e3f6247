"""What `rondo check` says of Slack: each workspace and its token, Socket Mode. Part of the composition root."""

import asyncio
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from adapters import destinations
from adapters.settings import ConfigurationError, Settings
from bot.ports import DeliveryError, Later

if TYPE_CHECKING:
    from slack_sdk.oauth.installation_store import Installation

    from adapters.slack.kept import Workspace
    from adapters.slack.tokens import Tokens

TOKEN = "compare RONDO_SLACK_BOT_TOKEN with the app's OAuth page, and whether the app is installed"
AGAIN = "install Rondo there again at /slack/install"
APP_TOKEN = "compare RONDO_SLACK_APP_TOKEN with the app's Basic Information page; it needs the scope connections:write"
OVERDUE = timedelta(minutes=10)
"""So long after a server should have renewed a token something is wrong, or no server ran."""
UNHEARD = "nobody said no: may this machine reach it (DNS, firewall, proxy)? Then try again"


def remedy(error: DeliveryError, refused: str) -> str:
    """What to do about it; `refused` where the platform answered. Silence says nothing about a token."""
    return UNHEARD if isinstance(error, Later) and not error.broken else refused


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
    from adapters.slack.client import Client
    from adapters.slack.meaning import meaning

    assert settings.slack_bot_token is not None
    client = Client(settings.slack_api_url, outgoing_aiohttp.sessions(destinations.slack(settings)))
    try:
        answer = await client.auth_test(token=settings.slack_bot_token.get_secret_value())
        granted = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", "")
        return Line("slack", True, f"ok (workspace {answer.get('team_id')}){_lacking(granted.split(','))}")
    except Exception as error:
        meant = meaning(error, posting=False)
        return Line("slack", False, f"{meant.reason}: {remedy(meant, TOKEN)}")
    finally:
        await client.close()


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
                    lines.append(await _installed(tokens, installation, one))
            return lines
        finally:
            await client.close()
    finally:
        engine.dispose()


async def _installed(tokens: "Tokens", installation: "Installation", workspace: "Workspace") -> Line:
    """What Slack says to its token, and what to do."""
    name = f"slack {workspace.id}"
    try:
        said = await tokens.alive(installation)
    except DeliveryError as error:
        return Line(name, False, f"{error.reason}: {remedy(error, AGAIN)}")
    if said in ("", "token_expired") and (late := _late(installation)):
        return Line(name, True, late)
    if said:
        return Line(name, False, f"{said}: {AGAIN}")
    return Line(name, True, f"ok ({workspace.name}){_lacking(installation.bot_scopes or ())}")


def _late(installation: "Installation") -> str:
    """What to say of a token that a server would have renewed by now; empty: all is well. No failure: it may not have run."""
    from adapters.slack.kept import left
    from adapters.slack.tokens import AHEAD

    seconds = left(installation)
    if seconds > AHEAD - OVERDUE.total_seconds():
        return ""
    ends = datetime.fromtimestamp(installation.bot_token_expires_at or 0, UTC).strftime("%Y-%m-%d %H:%M UTC")
    runs = f"runs out at {ends}" if seconds > 0 else f"ran out at {ends}"
    return f"warning: its token {runs} and was not renewed. `rondo serve` does it at its start; if that runs, {AGAIN}"


def _lacking(granted: Collection[str]) -> str:
    """Scopes that Rondo asks for today and was not given; empty where Slack does not say what it was given."""
    from adapters.slack.manifest import SCOPES

    given = {one.strip() for one in granted} - {""}
    missing = [scope for scope in SCOPES if scope not in given] if given else []
    return f"; warning: without {', '.join(missing)}: add them in the app's OAuth page and install it again" if missing else ""


async def _socket(settings: Settings) -> Line:
    from adapters import outgoing_aiohttp
    from adapters.slack.client import Client
    from adapters.slack.meaning import meaning

    assert settings.slack_app_token is not None
    client = Client(settings.slack_api_url, outgoing_aiohttp.sessions(destinations.slack(settings)))
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except Exception as error:
        meant = meaning(error, posting=False)
        return Line("slack socket", False, f"{meant.reason}: {remedy(meant, APP_TOKEN)}")
    finally:
        await client.close()
    return Line("slack socket", True, "ok (Socket Mode)")
