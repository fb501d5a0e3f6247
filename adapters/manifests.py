"""`rondo manifest slack|teams`: what an administrator pastes or uploads. Part of the composition root; reads no database."""

import ipaddress
import json
import re
from importlib.metadata import version
from urllib.parse import urlsplit

from adapters.settings import ConfigurationError, given
from adapters.settings_checks import is_loopback

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def checked(base_url: str) -> str:
    """A public address as a manifest has it: scheme and host in small letters, no slash at the end.

    Raises ConfigurationError: https, or http on this machine; a host and perhaps a port, no more.
    """
    try:
        parts = urlsplit(base_url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    if not _is_host(host) or port == 0 or parts.username is not None or any(c.isspace() for c in base_url):
        raise ConfigurationError(f"--base-url {base_url!r} is no address; write one like https://rondo.example.com.")
    if parts.path not in ("", "/") or "?" in base_url or "#" in base_url:
        raise ConfigurationError(
            f"--base-url {base_url!r}: Rondo's own paths follow the host; leave out what comes after it, as in https://{host}."
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ConfigurationError(f"--base-url {base_url}: https is needed (http only on this machine).")
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}{f':{port}' if port is not None else ''}"


def _is_host(text: str) -> bool:
    """A name that DNS could have, or an address."""
    try:
        return bool(ipaddress.ip_address(text))
    except ValueError:
        return len(text) <= 253 and _HOST.fullmatch(text) is not None


def slack(base_url: str, *, socket: bool, one_workspace: bool = False) -> bytes:
    """JSON for Slack's form *Create from a manifest*. `socket`: Socket Mode, without any address. Raises ConfigurationError.

    `one_workspace`: for RONDO_SLACK_BOT_TOKEN; so is whatever has no address, where no install by OAuth could come back to.
    """
    from adapters.slack.manifest import manifest

    address = base_url if socket and not base_url else checked(base_url)
    made = manifest(address, socket=socket, one_workspace=one_workspace or not address)
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
