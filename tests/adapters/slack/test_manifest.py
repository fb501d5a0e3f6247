"""The Slack app's manifest: Slack would take it, it asks for what the code uses and for nothing else, and says why."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from slack_sdk.web.async_client import AsyncWebClient

from adapters import manifests
from adapters.settings import ConfigurationError
from adapters.slack import inbound, routes, workspaces
from adapters.slack.manifest import COMMANDS, FREE_EVENTS, FREE_METHODS, SCOPES, explained, manifest
from bot.talk.intents.tables import COMMANDS as UNDERSTOOD
from tests.fakes.slack_workspace import SCOPES as ENFORCED
from tests.schemas.slack_manifest import SCHEMA

ROOT = Path(__file__).parents[3]
SOURCES = {path.name: path.read_text() for path in (ROOT / "adapters" / "slack").glob("*.py")}
WAYS: list[dict[str, Any]] = [{}, {"socket": True}, {"one_workspace": True}, {"socket": True, "one_workspace": True}]


def problems(made: Any) -> list[str]:
    return [error.message for error in Draft7Validator(SCHEMA).iter_errors(made)]


@pytest.mark.parametrize("way", WAYS)
def test_slack_takes_the_manifest(way: dict[str, Any]) -> None:
    made = json.loads(manifests.slack("https://rondo.example.com/", **{"socket": False, **way}))
    assert problems(made) == []


def test_the_schema_would_notice_a_manifest_that_slack_refuses() -> None:
    made = manifest("https://rondo.example.com")
    made["display_information"]["long_description"] = "short"
    made["settings"]["socket_mode"] = True
    made["features"]["slash_commands"][0]["command"] = "checkin"
    assert len(problems(made)) == 3


def test_everything_comes_to_one_address_and_an_install_comes_back_to_another() -> None:
    made = manifest("https://rondo.example.com")
    events = "https://rondo.example.com/slack/events"
    assert made["settings"]["event_subscriptions"]["request_url"] == made["settings"]["interactivity"]["request_url"] == events
    assert {one["url"] for one in made["features"]["slash_commands"]} == {events}
    assert all(one["should_escape"] for one in made["features"]["slash_commands"])
    assert made["oauth_config"]["redirect_urls"] == ["https://rondo.example.com/slack/oauth_redirect"]
    assert made["settings"]["token_rotation_enabled"] and made["settings"]["org_deploy_enabled"]


def test_with_socket_mode_no_address_is_needed() -> None:
    made = json.loads(manifests.slack("", socket=True))
    assert made["settings"]["socket_mode_enabled"] and "http" not in json.dumps(made)


def test_without_an_address_for_installs_the_token_is_copied_and_must_not_run_out() -> None:
    settings = json.loads(manifests.slack("", socket=True))["settings"]
    assert not settings["token_rotation_enabled"] and not settings["org_deploy_enabled"]
    assert json.loads(manifests.slack("https://rondo.example.com", socket=True))["settings"]["token_rotation_enabled"]


def test_a_token_that_is_copied_by_hand_does_not_run_out() -> None:
    made = manifest("https://rondo.example.com", one_workspace=True)
    assert not made["settings"]["token_rotation_enabled"] and "redirect_urls" not in made["oauth_config"]


@pytest.mark.parametrize(
    "url",
    [
        "http://rondo.example.com", "rondo.example.com", "https://", "https://a b", "ftp://rondo.example", "https://a\\b.example",
        "https://-a..b", "https://a,b", "https://bücher.example", "https://u@a.example", "https://a.example:0", "https://a.example:x",
        "https://a.example/rondo", "https://a.example//", "https://a.example?", "https://a.example/#", "https://a.example/?q",
    ],
)  # fmt: skip
def test_an_address_that_slack_would_not_call_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="--base-url"):
        manifests.slack(url, socket=False)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://rondo.example.com/", "https://rondo.example.com"),
        ("HTTPS://Rondo.Example.com:8443/", "https://rondo.example.com:8443"),
        ("https://rondo.example.com:", "https://rondo.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_address_is_written_as_slack_takes_it_however_it_was_typed(url: str, address: str) -> None:
    made = json.loads(manifests.slack(url, socket=False))
    assert made["settings"]["interactivity"]["request_url"] == f"{address}/slack/events"
    assert problems(made) == []


def test_a_path_is_refused_with_the_address_that_is_meant() -> None:
    with pytest.raises(ConfigurationError, match=r"leave out what comes after it, as in https://rondo\.example\.com\."):
        manifests.slack("https://rondo.example.com/slack/events", socket=False)


# ------------------------------------------------------------------------------------------ nothing more, nothing less


def _methods_used() -> set[str]:
    """Web API methods that the code calls, as Slack writes them."""
    named = set(re.findall(r"client\.([a-z]+_[A-Za-z_0-9]+)\b", "\n".join(SOURCES.values())))
    called = {name for name in named if callable(getattr(AsyncWebClient, name, None)) and not name.startswith("api_")}
    return {name.replace("_", ".") for name in called} - {"apps.connections.open"}  # with the app's own token


def test_every_method_the_code_calls_is_allowed_by_a_scope_and_every_scope_is_used() -> None:
    needed = {method for scope in SCOPES.values() for method in scope.methods}
    assert _methods_used() == needed | FREE_METHODS
    assert not needed & FREE_METHODS
    assert set(SCOPES) == set(ENFORCED)


def test_every_event_that_is_asked_for_is_handled_and_every_handled_one_is_asked_for() -> None:
    asked = set(manifest("https://rondo.example.com")["settings"]["event_subscriptions"]["bot_events"])
    handled = routes.INSTALLS | set(re.findall(r'case "([a-z_]+)" if event\.get', SOURCES["inbound.py"]))
    assert {event.partition(".")[0] for event in asked} == handled
    assert workspaces.ENDINGS | workspaces.REACH == routes.INSTALLS
    assert inbound.read({"type": "event_callback"}, None) is None  # type: ignore[arg-type]
    assert set(FREE_EVENTS) | {"message.im"} == asked


def test_every_command_is_understood_and_every_understood_one_is_offered() -> None:
    assert set(COMMANDS) == {name for name in UNDERSTOOD.values() if name.startswith("/")}


def test_the_page_for_administrators_explains_each_scope_and_event() -> None:
    page = (ROOT / "docs" / "install-slack.md").read_text()
    assert explained() in page
