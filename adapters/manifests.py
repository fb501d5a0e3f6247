"""`rondo manifest slack|teams`: what an administrator pastes or uploads. Part of the composition root; reads no database."""

import json
from importlib.metadata import version
from urllib.parse import urlsplit

from adapters.settings import ConfigurationError, given
from adapters.settings_checks import is_loopback


def checked(base_url: str) -> str:
    """A public address without its last slash. Raises ConfigurationError: https, or http on this machine; a host, no more."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    odd = parts.query or parts.fragment or parts.username is not None or parts.path not in ("", "/") if host else True
    if odd or not base_url.isascii() or any(c.isspace() for c in base_url):
        raise ConfigurationError(f"--base-url {base_url!r} is no address; write one like https://rondo.example.com.")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ConfigurationError(f"--base-url {base_url}: https is needed (http only on this machine).")
    return base_url.rstrip("/")


def slack(base_url: str, *, socket: bool, one_workspace: bool = False) -> bytes:
    """JSON for Slack's form *Create from a manifest*. `socket`: Socket Mode, without any address. Raises ConfigurationError.

    `one_workspace`: for RONDO_SLACK_BOT_TOKEN.
    """
    from adapters.slack.manifest import manifest

    address = base_url if socket and not base_url else checked(base_url)
    made = manifest(address, socket=socket, one_workspace=one_workspace)
    return (json.dumps(made, ensure_ascii=False, indent=2) + "\n").encode()


def teams(base_url: str) -> bytes:
    """The zip for the Teams admin center. Raises ConfigurationError."""
    from adapters import mark
    from adapters.teams.manifest import package

    app_id = given("RONDO_TEAMS_APP_ID").strip()
    if not app_id:
        raise ConfigurationError("RONDO_TEAMS_APP_ID is missing: set it to the Application (client) ID of the Entra app.")
    try:
        return package(
            app_id=app_id,
            base_url=checked(base_url),
            version=version("rondo"),
            color=mark.colour(),
            outline=mark.outline(),
        )
    except ValueError as error:
        raise ConfigurationError(f"{error}.") from None
