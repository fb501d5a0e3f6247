"""What contradicts what among the settings, and what is none: each a line that names the setting and the remedy.

Nothing starts while there is one (`adapters.settings`). Reads nothing but the settings it is given.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from adapters.calendars import countries
from adapters.outgoing import is_name
from bot.flows.imports.table import parse_email
from bot.rules.people import LOCALES

if TYPE_CHECKING:
    from adapters.settings import Settings

PREFIX = "RONDO_"
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def addresses(s: "Settings") -> Iterator[tuple[str, str]]:
    for name in ("slack_api_url", "teams_openid_url", "teams_token_url", "graph_url"):
        if url := getattr(s, name):
            yield name, url
    if s.heartbeat_url is not None:
        yield "heartbeat_url", s.heartbeat_url.get_secret_value()


def problems(s: "Settings") -> Iterator[str]:
    """Everything wrong, the first one first: each a line with the setting and the remedy."""
    yield from _database_problems(s)
    yield from _key_problems(s)
    yield from _slack_problems(s)
    yield from _teams_problems(s)
    yield from _company_problems(s)
    if not 1 <= s.directory_most_leavers <= 100:
        yield "RONDO_DIRECTORY_MOST_LEAVERS: a percentage from 1 to 100 is needed; leave it out for 10."
    if s.dev_clock and not s.development:
        yield "RONDO_DEV_CLOCK is for development only: remove it, or set RONDO_ENV=development."
    for name, token in (("ADMIN", s.admin_token), ("SCIM", s.scim_token)):
        if token is not None and not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            yield f"RONDO_{name}_TOKEN: no header can carry it: letters, digits and signs of ASCII, without spaces."
    for email in s.hr_admins:
        if not _is_email(email):
            yield f"RONDO_HR_ADMINS: {email!r} is no e-mail address; write them separated by commas."
    if s.concern_contact and not _is_email(s.concern_contact):
        yield f"RONDO_CONCERN_CONTACT: {s.concern_contact!r} is no e-mail address; name one person of yours, or leave it out."
    yield from _network_problems(s)
    for name, url in addresses(s):
        yield from _address_problems(s, f"{PREFIX}{name.upper()}", url)


def _is_email(text: str) -> bool:
    try:
        return bool(parse_email(text))
    except ValueError:
        return False


def _database_problems(s: "Settings") -> Iterator[str]:
    remedy = "use sqlite:///rondo.db or postgresql+psycopg://USER:PASSWORD@HOST/NAME."
    try:
        url = make_url(s.database_url.get_secret_value())
    except (ArgumentError, ValueError):
        yield f"RONDO_DATABASE_URL is no database URL: {remedy}"
        return
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg"):
        yield f"RONDO_DATABASE_URL: {url.drivername} is not supported: {remedy}"
    elif url.get_backend_name() == "postgresql" and not url.database:
        yield f"RONDO_DATABASE_URL names no database: {remedy}"
    elif url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:") and not s.development:
        yield f"RONDO_DATABASE_URL is a database in memory, which forgets everything at the end: {remedy}"
    elif url.get_backend_name() == "sqlite" and url.query:
        yield f"RONDO_DATABASE_URL: a SQLite file takes no settings behind a question mark: {remedy}"


def _key_problems(s: "Settings") -> Iterator[str]:
    if s.secret_key is None:
        return
    make = 'make one with: python3 -c "import base64,os;print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
    keys = s.secret_keys()
    if not keys:
        yield f"RONDO_SECRET_KEY holds no key: {make}"
    for position, key in enumerate(keys, 1):
        try:
            good = re.fullmatch(r"[A-Za-z0-9_-]{43}=?", key) and len(base64.urlsafe_b64decode(key[:43] + "=")) == 32
        except (binascii.Error, ValueError):
            good = False
        if not good:
            yield f"RONDO_SECRET_KEY: key {position} is not 32 bytes in URL-safe base64; {make}"


def _slack_problems(s: "Settings") -> Iterator[str]:
    oauth = s.slack_client_id is not None or s.slack_client_secret is not None
    on = s.slack_signing_secret is not None or s.slack_app_token is not None
    if not on and (s.slack_bot_token is not None or oauth):
        yield (
            "RONDO_SLACK_SIGNING_SECRET is missing: copy it from the Slack app's Basic Information page "
            "(or set RONDO_SLACK_APP_TOKEN, for Socket Mode)."
        )
    if s.slack_app_token is not None and not s.slack_app_token.get_secret_value().startswith("xapp-"):
        yield "RONDO_SLACK_APP_TOKEN is no app-level token: copy the one that starts with xapp- from Basic Information."
    if s.slack_bot_token is not None and s.slack_bot_token.get_secret_value().startswith("xoxe"):
        yield (
            "RONDO_SLACK_BOT_TOKEN runs out within hours, because the app rotates its tokens: install by OAuth "
            "(RONDO_SLACK_CLIENT_ID), or make the app anew with `rondo manifest slack --one-workspace`."
        )
    for one in s.slack_workspaces:
        if not re.fullmatch(r"[TE][A-Z0-9]{1,31}", one):
            yield f"RONDO_SLACK_WORKSPACES: {one!r} is no id of a workspace (T…) or an organisation (E…)."
    if s.slack_workspaces and s.slack_bot_token is not None:
        yield "RONDO_SLACK_WORKSPACES is for OAuth installs: RONDO_SLACK_BOT_TOKEN is of one workspace anyway; remove one."
    if on and s.slack_bot_token is None and not oauth:
        yield "RONDO_SLACK_BOT_TOKEN is missing: set it (xoxb-…), or RONDO_SLACK_CLIENT_ID and its secret."
    if oauth and s.slack_client_id is None:
        yield "RONDO_SLACK_CLIENT_ID is missing: OAuth installs need it beside RONDO_SLACK_CLIENT_SECRET."
    if oauth and s.slack_client_secret is None:
        yield "RONDO_SLACK_CLIENT_SECRET is missing: OAuth installs need it beside RONDO_SLACK_CLIENT_ID."
    if oauth and s.slack_bot_token is not None:
        yield "RONDO_SLACK_BOT_TOKEN is for one workspace, RONDO_SLACK_CLIENT_ID for many: remove one of them."
    if oauth and s.secret_key is None:
        yield "RONDO_SECRET_KEY is missing: OAuth installs keep tokens, which it encrypts (32 bytes, URL-safe base64)."
    if not 20 <= s.slack_messages_per_minute <= 100_000:
        yield "RONDO_SLACK_MESSAGES_PER_MINUTE: a number from 20 to 100000 is needed; leave it out for 300."
    if not s.slack_api_url.endswith("/api/"):
        yield "RONDO_SLACK_API_URL must end in /api/: leave it out for Slack itself."


def _teams_problems(s: "Settings") -> Iterator[str]:
    parts = {
        "RONDO_TEAMS_APP_ID": s.teams_app_id,
        "RONDO_TEAMS_APP_PASSWORD": s.teams_app_password,
        "RONDO_TEAMS_TENANT_ID": s.teams_tenant_id,
    }
    given = [name for name, value in parts.items() if value]
    missing = [name for name, value in parts.items() if not value]
    if given and missing:
        yield f"{missing[0]} is missing: {given[0]} is set, and Teams needs app id, password and tenant id."
    if s.teams_allow_anonymous and not s.development:
        yield "RONDO_TEAMS_ALLOW_ANONYMOUS accepts anybody: remove it, or set RONDO_ENV=development."
    if s.teams_allow_anonymous and not given:
        yield "RONDO_TEAMS_APP_ID is missing: RONDO_TEAMS_ALLOW_ANONYMOUS lets activities in, sending needs the app's own."
    if s.teams_directory != "off" and not s.teams_graph:
        yield "RONDO_TEAMS_DIRECTORY reads from Microsoft Graph: set RONDO_TEAMS_GRAPH=on too, or leave it out."
    if s.teams_graph and not given:
        yield "RONDO_TEAMS_APP_ID is missing: RONDO_TEAMS_GRAPH asks Microsoft Graph as that app."
    if s.graph_url and not s.graph_url.endswith("/v1.0/"):
        yield "RONDO_GRAPH_URL must end in /v1.0/: leave it out for https://graph.microsoft.com/v1.0/."
    if s.teams_issuer and (not s.teams_issuer.startswith("https://") or s.teams_issuer.endswith("/")):
        yield "RONDO_TEAMS_ISSUER: write https and a host without a last slash, like https://api.botframework.us."
    for host in s.teams_service_hosts:
        if not _HOST.fullmatch(host):
            yield f"RONDO_TEAMS_SERVICE_HOSTS: {host!r} is no host name; write names without scheme, port or path."
        elif is_loopback(host) and not s.development:
            yield "RONDO_TEAMS_SERVICE_HOSTS: this machine is a Connector only with RONDO_ENV=development."
        elif not is_name(host.lower()) and not is_loopback(host):
            yield f"RONDO_TEAMS_SERVICE_HOSTS: {host} is an address in numbers, which is never asked: write the host's name."


def _network_problems(s: "Settings") -> Iterator[str]:
    for host in s.private_hosts:
        if not _HOST.fullmatch(host):
            yield f"RONDO_PRIVATE_HOSTS: {host!r} is no host name; write names without scheme, port or path."
    for proxy in s.trusted_proxies:
        try:
            everybody = ipaddress.ip_network(proxy, strict=False).prefixlen == 0
        except ValueError:
            yield f"RONDO_TRUSTED_PROXIES: {proxy!r} is no address or network; write one like 10.0.0.5 or 172.16.0.0/12."
        else:
            if everybody:
                yield f"RONDO_TRUSTED_PROXIES: {proxy} is everybody: name your proxy's own address or network."


def _company_problems(s: "Settings") -> Iterator[str]:
    try:
        ZoneInfo(s.company_zone)
    except (KeyError, ValueError, OSError):  # unknown name, path outside the database, a folder of it
        yield f"RONDO_COMPANY_ZONE: {s.company_zone!r} is no IANA time zone; write one like Europe/Berlin."
    if s.company_country is not None and not _is_country(s.company_country):
        yield f"RONDO_COMPANY_COUNTRY: {s.company_country!r} is no ISO 3166 country; write two letters like DE."
    if s.company().locale not in LOCALES:
        yield f"RONDO_COMPANY_LOCALE: {s.company_locale!r} is no language that Rondo speaks; write en or ko."
    if not 1 <= s.fiscal_year_start <= 12:
        yield "RONDO_FISCAL_YEAR_START: a month from 1 to 12 is needed."


def _is_country(code: str) -> bool:
    if not re.fullmatch(r"[A-Za-z]{2}", code):
        return False
    return code.upper() in countries()


def _address_problems(s: "Settings", name: str, url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        yield f"{name} is no address: write a complete one that starts with https://."
        return
    if parts.scheme not in ("https", "http") or not parts.hostname:
        yield f"{name} is no address: write a complete one that starts with https://."
    elif parts.scheme == "http" and not (s.development and is_loopback(parts.hostname)):
        yield f"{name} is plain http: use https (http is for 127.0.0.1 with RONDO_ENV=development)."
    elif "@" in parts.netloc:
        yield f"{name} has a user's name before the host, and no such address is asked: leave it out."
    elif not is_name(parts.hostname) and not is_loopback(parts.hostname):
        yield f"{name} is an address in numbers, or no host name, which is never asked: write the host's name."
