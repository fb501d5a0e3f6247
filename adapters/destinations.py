"""To which hosts each client of ours may speak, by the settings. The whole list: docs/security.md, "Outgoing requests"."""

from collections.abc import Collection

from adapters.outgoing import LOOPBACK, Rules, entry_of, host_of
from adapters.settings import Settings

MICROSOFT_LOGIN = "login.microsoftonline.com"
BOT_FRAMEWORK_LOGIN = "login.botframework.com"


def slack(settings: Settings) -> Rules:
    """The Web API's host and the names below it (files, sockets)."""
    host = host_of(settings.slack_api_url)
    return _rules(settings, {entry_of(settings.slack_api_url), f".{host}"})


def teams(settings: Settings, service_hosts: Collection[str], *more: str) -> Rules:
    """The Connector's hosts, where its keys are, where its tokens come from, and what else is configured (`more`: addresses)."""
    keys = entry_of(settings.teams_openid_url) if settings.teams_openid_url else BOT_FRAMEWORK_LOGIN
    tokens = entry_of(settings.teams_token_url) if settings.teams_token_url else MICROSOFT_LOGIN
    return _rules(settings, {keys, tokens, *(host.lower() for host in service_hosts), *map(entry_of, more)})


def own(url: str) -> Rules:
    """A host the operator runs or chose (the monitor): it may lie in the company's network, or on this machine."""
    host = host_of(url)
    return Rules(hosts=frozenset({entry_of(url)}), private=frozenset({host}), development=host in LOOPBACK)


def _rules(settings: Settings, hosts: set[str]) -> Rules:
    return Rules(hosts=frozenset(hosts - {""}), private=_private(settings), development=settings.development)


def _private(settings: Settings) -> frozenset[str]:
    return frozenset(host.lower() for host in settings.private_hosts)
