"""What `rondo check` looks at: settings, database, schema, Slack, Teams. Each answers `ok …`, or what to do."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from adapters import checks_slack, destinations
from adapters.settings import Settings
from bot.ports import DeliveryError, Later
from bot.rules.spread import crowds, same_instant
from scheduler.pace import TEAMS_PER_MINUTE, send_window

if TYPE_CHECKING:
    from adapters.teams.gateway import TeamsGateway

LONGEST_WINDOW = timedelta(minutes=60)
"""A wider one is a late prompt for many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the answer."""

    name: str
    well: bool
    words: str


def look(settings: Settings) -> Iterator[Finding]:
    """All checks, one after the other; a broken one does not stop the others."""
    found = list(database(settings))
    yield from found
    if all(finding.well for finding in found):
        yield spreading(settings)
        yield in_doubt(settings)
    yield heartbeat(settings)
    readable = all(finding.well for finding in found)
    yield from (Finding(name=one.name, well=one.well, words=one.words) for one in checks_slack.slack(settings, schema=readable))
    yield _platform("teams", settings.teams_on, settings, _teams)
    if settings.teams_on:
        yield from graph(settings)


def database(settings: Settings) -> Iterator[Finding]:
    """Whether it answers, and whether its schema is this code's."""
    from sqlalchemy.exc import DBAPIError

    from bot.ports import Conflict
    from storage.engine import open_engine
    from storage.migrate import SchemaState, schema_state

    remedies = {
        SchemaState.EMPTY: "no tables yet: run `rondo migrate`",
        SchemaState.BEHIND: "older than this version: run `rondo migrate`",
        SchemaState.AHEAD: "written by a newer version: install that one, or restore a backup",
    }
    engine = open_engine(settings.database_url.get_secret_value(), connections=1)
    try:
        state = schema_state(engine)
    except (DBAPIError, Conflict, OSError) as error:
        yield Finding(name="database", well=False, words=f"RONDO_DATABASE_URL: cannot be reached: {one_line(error)}")
        return
    finally:
        engine.dispose()
    yield Finding(name="database", well=True, words=f"ok ({engine.dialect.name})")
    well = state is SchemaState.CURRENT
    yield Finding(name="schema", well=well, words="ok" if well else remedies[state])


def window_for(settings: Settings) -> Callable[[int], timedelta] | None:
    """How wide the send window is for so many people at the pace of the platforms that are on; the slowest one counts.

    None: no platform is on that would limit anything.
    """
    rates = [settings.slack_messages_per_minute] * settings.slack_on + [TEAMS_PER_MINUTE] * settings.teams_on
    return None if not rates else lambda people: send_window(people, min(rates))


def spreading(settings: Settings) -> Finding:
    """Whether everybody who is asked at the same instant can be, within the hour; a warning is no failure."""
    from adapters.clock import SystemClock
    from storage.crowd import count
    from storage.engine import open_engine, reading
    from storage.facts import policies
    from storage.told import SqlTold

    engine = open_engine(settings.database_url.get_secret_value(), connections=1)
    try:
        now = SqlTold(engine).read() or SystemClock().now()
        with reading(engine) as connection:
            people = count(connection, settings.company(), policies(connection), now)
    finally:
        engine.dispose()
    if not people:
        return Finding(name="send window", well=True, words="ok, nobody is asked yet")
    together = crowds(people, now)
    when = max(people, key=lambda one: (together[one], people[one], one.zone))
    crowd = together[when]
    others = sum(together[one] == crowd and one != when and same_instant(one, when, now) for one in people)
    window = (window_for(settings) or (lambda people: timedelta(0)))(crowd)
    elsewhere = f" and {others} other {'zone' if others == 1 else 'zones'} at the same instant" if others else ""
    words = f"{crowd} people share {when.at:%H:%M} in {when.zone}{elsewhere}: {window // timedelta(minutes=1)} minutes"
    if window <= LONGEST_WINDOW:
        return Finding(name="send window", well=True, words=f"ok, {words}")
    remedy = (
        "give some teams or departments a time of their own (/nudges set checkin.prompt Thursday 14:00 for department NAME), "
        "or get a larger allowance from the platform (RONDO_SLACK_MESSAGES_PER_MINUTE)"
    )
    return Finding(name="send window", well=True, words=f"warning: {words}, more than an hour: {remedy}")


def in_doubt(settings: Settings) -> Finding:
    """How many messages perhaps arrived, and how many of them because of a restore; a warning is no failure."""
    from sqlalchemy import func, select

    from storage.engine import open_engine, reading
    from storage.schema import OutboxState, outbox

    engine = open_engine(settings.database_url.get_secret_value(), connections=1)
    try:
        with reading(engine) as connection:
            unsettled = (outbox.c.state == OutboxState.UNKNOWN, outbox.c.ready_at.is_(None))
            count, restored = connection.execute(select(func.count(), func.count(outbox.c.lost_until)).where(*unsettled)).one()
    finally:
        engine.dispose()
    if not count:
        return Finding(name="outbox", well=True, words="ok, nothing in doubt")
    of_them = f", {restored} of them before the database was restored" if restored else ""
    words = f"warning: {count} messages were perhaps sent{of_them}, and nobody can read back: GET /api/v1/outbox?state=unknown"
    return Finding(name="outbox", well=True, words=words)


def heartbeat(settings: Settings) -> Finding:
    """Who notices when everything stands still; the address is a secret, its host is none. Not pinged from here."""
    url = settings.heartbeat_url
    if url is None:
        words = "ok (off: nobody outside notices a standstill; RONDO_HEARTBEAT_URL names a monitor)"
    else:
        words = f"ok ({urlsplit(url.get_secret_value()).hostname} is pinged by the server while all is well)"
    return Finding(name="heartbeat", well=True, words=words)


def one_line(error: BaseException) -> str:
    """The first line of what an error says, for people; SQL and stack stay out."""
    cause = getattr(error, "orig", None) or error
    return (str(cause).strip() or type(error).__name__).splitlines()[0][:300]


def _platform(name: str, on: bool, settings: Settings, ask: Callable[[Settings], Coroutine[None, None, str]]) -> Finding:
    if not on:
        return Finding(name=name, well=True, words="ok (off)")
    try:
        return Finding(name=name, well=True, words=f"ok ({asyncio.run(ask(settings))})")
    except DeliveryError as error:
        return Finding(name=name, well=False, words=f"{error.reason}: {checks_slack.remedy(error, _REMEDIES[name])}")


_REMEDIES = {
    "teams": "compare RONDO_TEAMS_APP_ID, RONDO_TEAMS_APP_PASSWORD and RONDO_TEAMS_TENANT_ID with the Azure Bot",
}


async def _teams(settings: Settings) -> str:
    if settings.teams_app_id is None or settings.teams_app_password is None:
        return "anonymous, for development"
    await _with_teams(settings, lambda gateway: gateway.check())
    await _keys(settings)
    return "the Connector gives a token, and the keys that prove what comes in are there"


async def _keys(settings: Settings) -> None:
    from adapters.outgoing_httpx import client
    from adapters.teams.auth import OPENID_URL, Keys, KeysUnavailable

    url = settings.teams_openid_url or OPENID_URL
    async with client(destinations.teams(settings, ()), timeout=10.0) as http:
        try:
            await Keys(url, http).get("")
        except KeysUnavailable as error:
            raise Later(f"no signing keys from {urlsplit(url).hostname}") from error


def graph(settings: Settings) -> Iterator[Finding]:
    """Whether Microsoft Graph lets Rondo install itself for people, tenant by tenant. Off is a normal state."""
    if not settings.teams_graph:
        words = "ok (off: a first message needs the app to be installed for everybody, or in a team of theirs)"
        yield Finding(name="graph", well=True, words=words)
        return
    for tenant in settings.teams_tenant_id:
        try:
            asyncio.run(_with_teams(settings, partial(_looked, tenant)))
        except DeliveryError as error:
            yield Finding(name="graph", well=False, words=f"tenant {tenant}: {error.reason}: {_graph_remedy(error)}")
        else:
            words = f"ok (tenant {tenant}: people can be looked up, the app is in the catalogue)"
            yield Finding(name="graph", well=True, words=words)


async def _looked(tenant: str, gateway: "TeamsGateway") -> None:
    await gateway.check_graph(tenant)


def _graph_remedy(error: DeliveryError) -> str:
    if "catalogue" in error.reason:
        return "or set RONDO_TEAMS_CATALOG_ID to its id there"
    if getattr(error, "broken", False):
        return "grant the permissions of docs/install-teams.md to the app and give admin consent, or set RONDO_TEAMS_GRAPH=off"
    return "try again; see RONDO_GRAPH_URL and RONDO_TEAMS_TOKEN_URL"


async def _with_teams(settings: Settings, ask: "Callable[[TeamsGateway], Coroutine[None, None, None]]") -> None:
    from adapters.outgoing_httpx import client
    from adapters.teams.auth import SERVICE_HOSTS
    from adapters.teams.gateway import TeamsGateway
    from adapters.teams.graph import GRAPH_URL

    assert settings.teams_app_id is not None
    assert settings.teams_app_password is not None
    graph_url = (settings.graph_url or GRAPH_URL) if settings.teams_graph else ""
    hosts = settings.teams_service_hosts or SERVICE_HOSTS
    http = client(destinations.teams(settings, hosts, *([graph_url] if graph_url else [])), timeout=10.0)
    gateway = TeamsGateway(
        app_id=settings.teams_app_id,
        password=settings.teams_app_password.get_secret_value(),
        tenant=settings.teams_tenant_id[0],
        token_url=settings.teams_token_url,
        http=http,
        tenants=settings.teams_tenant_id,
        graph_url=graph_url,
        catalog_id=settings.teams_catalog_id,
        issuer=settings.teams_issuer,
    )
    try:
        await ask(gateway)
    finally:
        await http.aclose()
