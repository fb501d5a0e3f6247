"""Every setting (INTERFACES, "Settings"), read from the environment and `.env`, checked before anything starts.

Fails closed: what is missing, empty or contradictory raises ConfigurationError, one line with the setting and remedy.
"""

import base64
import binascii
import difflib
import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.model import Company
from bot.talk.text import fold_email

PREFIX = "RONDO_"
SLACK_API_URL = "https://slack.com/api/"
Commas = Annotated[tuple[str, ...], NoDecode]

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_MAY_BE_EMPTY = frozenset({"slack_api_url", "teams_service_hosts", "teams_openid_url", "teams_token_url", "hr_admins"})


class ConfigurationError(Exception):
    """One line: the setting and what to do about it."""


class Settings(BaseSettings):
    """What is in force. Make it with `Settings.load()`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    env: Literal["production", "development"] = "production"
    database_url: SecretStr = SecretStr("sqlite:///rondo.db")
    secret_key: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_api_url: str = SLACK_API_URL
    slack_messages_per_minute: int = 300
    """What one process may post to a workspace; replicas share Slack's allowance."""
    teams_app_id: str | None = None
    teams_app_password: SecretStr | None = None
    teams_tenant_id: Commas = ()
    teams_service_hosts: Commas = ()
    """Empty: Microsoft's."""
    teams_openid_url: str = ""
    teams_token_url: str = ""
    teams_allow_anonymous: bool = False
    admin_token: SecretStr | None = None
    hr_admins: Commas = ()
    log: Literal["json", "console"] = "json"
    dev_clock: bool = False
    heartbeat_url: SecretStr | None = None
    """A monitor that alarms when pings stop; such addresses are secrets."""
    company_name: str = "Rondo"
    company_zone: str = "UTC"
    company_country: str | None = None
    company_locale: str = "en"
    fiscal_year_start: int = 1

    @field_validator("teams_tenant_id", "teams_service_hosts", "hr_admins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Read and check everything; `given` wins over environment and `.env`. Raises ConfigurationError."""
        for name, value in _present().items():
            field = name.removeprefix(PREFIX).lower()
            if field in cls.model_fields and field not in _MAY_BE_EMPTY and field not in given and not value.strip():
                raise ConfigurationError(f"{name} is set but empty: give it a value or remove it.")
        try:
            settings = cls(**given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = f"{PREFIX}{first['loc'][0]}".upper() if first["loc"] else "A setting"
            raise ConfigurationError(f"{name}: {' '.join(str(first['msg']).split())}.") from None
        for problem in _problems(settings):
            raise ConfigurationError(problem)
        return settings

    @property
    def development(self) -> bool:
        """Whether what is marked *dev* is allowed."""
        return self.env == "development"

    @property
    def slack_on(self) -> bool:
        """Whether Slack is configured."""
        return self.slack_signing_secret is not None

    @property
    def teams_on(self) -> bool:
        """Whether Teams is configured."""
        return self.teams_app_id is not None

    @property
    def postgresql(self) -> bool:
        """Whether the database is PostgreSQL (several replicas, parallel turns)."""
        return make_url(self.database_url.get_secret_value()).get_backend_name() == "postgresql"

    def secret_keys(self) -> tuple[str, ...]:
        """Keys for tokens at rest, the newest first."""
        keys = self.secret_key.get_secret_value() if self.secret_key else ""
        return tuple(key.strip() for key in keys.split(",") if key.strip())

    def hr_admin_emails(self) -> frozenset[str]:
        """Folded e-mails that start with the HR admin role."""
        return frozenset(fold_email(email) for email in self.hr_admins)

    def company(self) -> Company:
        """The deployment's defaults as the core sees them."""
        return Company(
            name=self.company_name,
            zone=self.company_zone,
            country=self.company_country.upper() if self.company_country else None,
            locale=self.company_locale,
            fiscal_month=self.fiscal_year_start,
        )

    def check_host(self, host: str) -> None:
        """Raises ConfigurationError where what is *dev* would be reachable from other machines."""
        if is_loopback(host):
            return
        for name in ("teams_allow_anonymous", "dev_clock"):
            if getattr(self, name):
                raise ConfigurationError(
                    f"{PREFIX}{name.upper()} is for this machine only: serve with --host 127.0.0.1, not {host}."
                )
        for name, url in _addresses(self):
            if urlsplit(url).scheme == "http":
                raise ConfigurationError(
                    f"{PREFIX}{name.upper()} is plain http: serve with --host 127.0.0.1, not {host}, or use https."
                )

    def warnings(self) -> tuple[str, ...]:
        """What is allowed and yet unwise, a line each; first of all RONDO_* names that nobody reads."""
        known = [f"{PREFIX}{field}".upper() for field in type(self).model_fields]
        lines = []
        for name in sorted(_present()):
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                lines.append(f"{name} is no setting of Rondo{f'; did you mean {near[0]}?' if near else '.'}")
        if self.admin_token is not None and len(self.admin_token.get_secret_value()) < 16 and not self.development:
            lines.append("RONDO_ADMIN_TOKEN is shorter than 16 characters: use a long random one (openssl rand -hex 32).")
        return tuple(lines)

    def listing(self) -> Mapping[str, str]:
        """What is in force by name, secrets masked, for `rondo check`."""
        shown = {}
        for field in type(self).model_fields:
            value = getattr(self, field)
            if field == "database_url":
                text = make_url(value.get_secret_value()).render_as_string(hide_password=True)
            elif isinstance(value, SecretStr):
                text = "******** (set)"
            elif isinstance(value, tuple):
                text = ", ".join(value) or "(none)"
            elif isinstance(value, bool):
                text = str(value).lower()
            else:
                text = "(none)" if value in (None, "") else str(value)
            shown[f"{PREFIX}{field}".upper()] = text
        return shown


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server bound to `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _present() -> dict[str, str]:
    """All RONDO_* names of the environment and `.env`, in capitals, with their values."""
    from_file = dotenv_values(".env") if Path(".env").is_file() else {}
    merged = {name.upper(): value or "" for name, value in {**from_file, **os.environ}.items()}
    return {name: value for name, value in merged.items() if name.startswith(PREFIX)}


def _addresses(settings: Settings) -> Iterator[tuple[str, str]]:
    for name in ("slack_api_url", "teams_openid_url", "teams_token_url"):
        if url := getattr(settings, name):
            yield name, url
    if settings.heartbeat_url is not None:
        yield "heartbeat_url", settings.heartbeat_url.get_secret_value()


def _problems(s: Settings) -> Iterator[str]:
    """Everything wrong, the first one first: each a line with the setting and the remedy."""
    yield from _database_problems(s)
    yield from _key_problems(s)
    yield from _slack_problems(s)
    yield from _teams_problems(s)
    yield from _company_problems(s)
    if s.dev_clock and not s.development:
        yield "RONDO_DEV_CLOCK is for development only: remove it, or set RONDO_ENV=development."
    for email in s.hr_admins:
        if email.count("@") != 1:
            yield f"RONDO_HR_ADMINS: {email!r} is no e-mail address; write them separated by commas."
    for name, url in _addresses(s):
        yield from _address_problems(s, f"{PREFIX}{name.upper()}", url)


def _database_problems(s: Settings) -> Iterator[str]:
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


def _key_problems(s: Settings) -> Iterator[str]:
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


def _slack_problems(s: Settings) -> Iterator[str]:
    oauth = s.slack_client_id is not None or s.slack_client_secret is not None
    if s.slack_signing_secret is None and s.slack_bot_token is not None:
        yield "RONDO_SLACK_SIGNING_SECRET is missing: copy it from the Slack app's Basic Information page."
    if s.slack_signing_secret is None and oauth:
        yield "RONDO_SLACK_SIGNING_SECRET is missing: copy it from the Slack app's Basic Information page."
    if s.slack_signing_secret is not None and s.slack_bot_token is None and not oauth:
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


def _teams_problems(s: Settings) -> Iterator[str]:
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
    for host in s.teams_service_hosts:
        if not _HOST.fullmatch(host):
            yield f"RONDO_TEAMS_SERVICE_HOSTS: {host!r} is no host name; write names without scheme, port or path."
        elif is_loopback(host) and not s.development:
            yield "RONDO_TEAMS_SERVICE_HOSTS: this machine is a Connector only with RONDO_ENV=development."


def _company_problems(s: Settings) -> Iterator[str]:
    try:
        ZoneInfo(s.company_zone)
    except (KeyError, ValueError, OSError):  # unknown name, path outside the database, a folder of it
        yield f"RONDO_COMPANY_ZONE: {s.company_zone!r} is no IANA time zone; write one like Europe/Berlin."
    if s.company_country is not None and not re.fullmatch(r"[A-Za-z]{2}", s.company_country):
        yield f"RONDO_COMPANY_COUNTRY: {s.company_country!r} is no ISO 3166 country; write two letters like DE."
    if not _LANGUAGE.fullmatch(s.company_locale):
        yield f"RONDO_COMPANY_LOCALE: {s.company_locale!r} is no language; write en or ko."
    if not 1 <= s.fiscal_year_start <= 12:
        yield "RONDO_FISCAL_YEAR_START: a month from 1 to 12 is needed."


def _address_problems(s: Settings, name: str, url: str) -> Iterator[str]:
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
