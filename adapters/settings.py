"""Every setting (INTERFACES, "Settings"), read from the environment and `.env`, checked before anything starts.

Fails closed: what is missing, empty or contradictory raises ConfigurationError, one line with the setting and remedy.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url

from adapters.settings_checks import PREFIX, addresses, is_loopback, problems
from bot.model import Company
from bot.talk.text import fold_email

SLACK_API_URL = "https://slack.com/api/"
Commas = Annotated[tuple[str, ...], NoDecode]

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
        for problem in problems(settings):
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
        for name, url in addresses(self):
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


def _present() -> dict[str, str]:
    """All RONDO_* names of the environment and `.env`, in capitals, with their values."""
    from_file = dotenv_values(".env") if Path(".env").is_file() else {}
    merged = {name.upper(): value or "" for name, value in {**from_file, **os.environ}.items()}
    return {name: value for name, value in merged.items() if name.startswith(PREFIX)}
