"""Every setting (INTERFACES, "Settings"), read from the environment and `.env`, checked before anything starts.

Fails closed: what is missing, empty or contradictory raises ConfigurationError, one line with the setting and remedy.
"""

import difflib
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import URL, make_url

from adapters import settings_files
from adapters.settings_checks import PREFIX, addresses, is_loopback, problems
from bot.model import Company
from bot.talk.text import fold_email

SLACK_API_URL = "https://slack.com/api/"
Commas = Annotated[tuple[str, ...], NoDecode]

_MAY_BE_EMPTY = frozenset(
    {
        "slack_api_url",
        "slack_workspaces",
        "teams_issuer",
        "teams_service_hosts",
        "teams_openid_url",
        "teams_token_url",
        "teams_catalog_id",
        "graph_url",
        "hr_admins",
    }
)


logging.getLogger("dotenv").setLevel(logging.ERROR)  # what it cannot read of ours stops the start; the rest is not ours


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
    slack_workspaces: Commas = ()
    """Workspaces and organisations that Rondo may be installed in, by id; empty: all that Slack lets install it."""
    slack_app_token: SecretStr | None = None
    """Turns Socket Mode on: no public address needed."""
    slack_api_url: str = SLACK_API_URL
    slack_messages_per_minute: int = 300
    """What a workspace lets through; replicas share it by themselves."""
    teams_app_id: str | None = None
    teams_app_password: SecretStr | None = None
    teams_tenant_id: Commas = ()
    teams_service_hosts: Commas = ()
    """Empty: Microsoft's."""
    teams_openid_url: str = ""
    teams_token_url: str = ""
    teams_issuer: str = ""
    """Empty: the public cloud's. How tokens name the Connector of another cloud."""
    teams_allow_anonymous: bool = False
    teams_graph: bool = False
    """Whether the app may ask Microsoft Graph: it installs itself for people to whom there is something to say."""
    teams_directory: Literal["off", "link", "people"] = "off"
    """What is read from Microsoft Graph: nothing, whose account is whose, or also who works here and who leads them."""
    teams_catalog_id: str = ""
    """The app's id in the organisation's app catalogue; empty: looked up there by the app id."""
    graph_url: str = ""
    """Empty: Microsoft's. Sovereign clouds have their own."""
    admin_token: SecretStr | None = None
    scim_token: SecretStr | None = None
    """Turns the SCIM server on, with which an HR system pushes people."""
    directory_most_leavers: int = 10
    """Percent of a directory that may be missing at once before it is taken for broken."""
    hr_admins: Commas = ()
    concern_contact: str = ""
    """E-mail of who gets what `/rondo concern` says; empty: an HR admin."""
    log: Literal["json", "console"] = "json"
    dev_clock: bool = False
    heartbeat_url: SecretStr | None = None
    """A monitor that alarms when pings stop; such addresses are secrets."""
    private_hosts: Commas = ()
    """Platform hosts that may resolve to addresses of the company's own network (a private link, a gateway)."""
    trusted_proxies: Commas = ()
    """Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: addresses or networks."""
    company_name: str = "Rondo"
    company_zone: str = "UTC"
    company_country: str | None = None
    company_locale: str = "en"
    fiscal_year_start: int = 1

    @field_validator(
        "slack_workspaces",
        "teams_tenant_id",
        "teams_service_hosts",
        "hr_admins",
        "private_hosts",
        "trusted_proxies",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @classmethod
    def load(cls, **given: Any) -> Self:
        """Read and check everything; `given` wins over environment and `.env`. Raises ConfigurationError."""
        present = _present()
        for name, value in present.items():
            field = name.removeprefix(PREFIX).lower()
            if field in cls.model_fields and field not in _MAY_BE_EMPTY and field not in given and not value.strip():
                raise ConfigurationError(f"{name} is set but empty: give it a value or remove it.")
        try:
            from_files: dict[str, Any] = dict(settings_files.read([one for one in cls.secrets() if one not in given], present))
            settings = cls(**from_files, **given)
        except settings_files.BadFile as error:
            raise ConfigurationError(str(error)) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = f"{PREFIX}{first['loc'][0]}".upper() if first["loc"] else "A setting"
            raise ConfigurationError(f"{name}: {' '.join(str(first['msg']).split())}.") from None
        for problem in problems(settings):
            raise ConfigurationError(problem)
        return settings

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """The fields that hold secrets; each may be given as a file (`RONDO_…_FILE`)."""
        return tuple(name for name, field in cls.model_fields.items() if "SecretStr" in str(field.annotation))

    @property
    def development(self) -> bool:
        """Whether what is marked *dev* is allowed."""
        return self.env == "development"

    @property
    def slack_on(self) -> bool:
        """Whether Slack is configured."""
        return self.slack_signing_secret is not None or self.slack_app_token is not None

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
            locale=self.company_locale.replace("_", "-").partition("-")[0].lower(),
            fiscal_month=self.fiscal_year_start,
            concern_contact=self.concern_contact,
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
        for name, url in addresses(self):
            if urlsplit(url).scheme == "http":
                raise ConfigurationError(
                    f"{PREFIX}{name.upper()} is plain http: serve with --host 127.0.0.1, not {host}, or use https."
                )

    def warnings(self) -> tuple[str, ...]:
        """What is allowed and yet unwise, a line each; first of all RONDO_* names that nobody reads."""
        known = [f"{PREFIX}{field}".upper() for field in type(self).model_fields]
        known += [f"{PREFIX}{field}{settings_files.SUFFIX}".upper() for field in self.secrets()]
        lines = []
        for name in sorted(_present()):
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                lines.append(f"{name} is no setting of Rondo{f'; did you mean {near[0]}?' if near else '.'}")
        if self.admin_token is not None and len(self.admin_token.get_secret_value()) < 16 and not self.development:
            lines.append("RONDO_ADMIN_TOKEN is shorter than 16 characters: use a long random one (openssl rand -hex 32).")
        if self.scim_token is not None and len(self.scim_token.get_secret_value()) < 16 and not self.development:
            lines.append("RONDO_SCIM_TOKEN is shorter than 16 characters: use a long random one (openssl rand -hex 32).")
        if not self.development and self._env_file_is_open():
            lines.append(".env holds secrets and everybody on this machine may read it: chmod 600 .env")
        return tuple(lines)

    def _env_file_is_open(self) -> bool:
        file = Path(".env")
        if not file.is_file() or not settings_files.is_open(file):
            return False
        secret = {f"{PREFIX}{field}".upper() for field in self.secrets()}
        return any(value for name, value in dotenv_values(file).items() if name.upper() in secret)

    def listing(self) -> Mapping[str, str]:
        """What is in force by name, secrets masked, for `rondo check`."""
        shown = {}
        for field in type(self).model_fields:
            value = getattr(self, field)
            if field == "database_url":
                text = _masked(make_url(value.get_secret_value()))
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


def _masked(url: URL) -> str:
    """A database's address without its password, wherever that stands in it."""
    hidden = {name: "***" for name in url.query if "pass" in name.lower()}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def given(name: str) -> str:
    """One RONDO_* name as environment or `.env` have it, unchecked; empty: it is not there."""
    return _present().get(name, "")


def _present() -> dict[str, str]:
    """All RONDO_* names of the environment and `.env`, in capitals, with their values. Raises ConfigurationError."""
    from_file = _env_file(Path(".env"))
    merged = {name.upper(): value or "" for name, value in {**from_file, **os.environ}.items()}
    return {name: value for name, value in merged.items() if name.startswith(PREFIX)}


def _env_file(file: Path) -> dict[str, str | None]:
    """What `.env` says. Raises ConfigurationError where a line of ours says nothing: it would be left out in silence."""
    if not file.is_file():
        return {}
    try:
        with file.open(encoding="utf-8") as lines:
            bindings = list(parse_stream(lines))
    except UnicodeDecodeError:
        raise ConfigurationError(".env is not UTF-8: save it as UTF-8.") from None
    for one in bindings:
        if one.error and PREFIX in one.original.string.upper():
            raise ConfigurationError(f".env, line {one.original.line}: write it like RONDO_NAME=value, quotes in pairs.")
    return dict(dotenv_values(file))
