"""What `rondo check` says of Slack: each token, what was not renewed, and what the app was not allowed."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Engine

from adapters import checks_slack
from adapters.checks_slack import Line
from adapters.installs import SqlInstalls
from adapters.settings import Settings
from adapters.slack.manifest import SCOPES
from tests.adapters.slack.test_installs import World
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_oauth import SlackCity

TEXT_KEY = base64.urlsafe_b64encode(b"7" * 32).decode()


@pytest.fixture
async def world(engine: Engine) -> AsyncIterator[World]:
    async with SlackCity() as city:
        yield World(city=city, engine=engine)


async def said(**given: object) -> list[Line]:
    settings = Settings.load(env="development", slack_signing_secret="s" * 32, **given)
    return await asyncio.to_thread(lambda: list(checks_slack.slack(settings, schema=True)))


async def of_installs(world: World) -> list[str]:
    app = world.city.slack_app
    lines = await said(
        database_url=world.engine.url.render_as_string(hide_password=False), slack_api_url=world.city.api_url,
        slack_client_id=app.client_id, slack_client_secret=app.client_secret, secret_key=TEXT_KEY,
    )  # fmt: skip
    assert lines[0].name == "slack installs"
    return [f"{line.name}: {line.words}" if line.well else f"FAILED {line.name}: {line.words}" for line in lines[1:]]


def install(world: World, *, ends: float, scopes: tuple[str, ...] = tuple(SCOPES)) -> None:
    installed = world.install("T1")
    installed.bot_scopes, installed.bot_token_expires_at = list(scopes), int(time.time() + ends)
    SqlInstalls(world.engine, world.city.slack_app.client_id, [Fernet(TEXT_KEY)]).save(installed)


async def test_a_token_with_hours_to_go_is_well(world: World) -> None:
    install(world, ends=7_190.0)  # a server renews it within this minute
    assert await of_installs(world) == ["slack T1: ok (T1)"]


@pytest.mark.parametrize(("ends", "words"), [(6_000.0, "runs out at"), (-60.0, "ran out at")])
async def test_a_token_that_was_not_renewed_is_a_warning_while_a_start_may_still_renew_it(
    world: World, ends: float, words: str
) -> None:
    install(world, ends=ends)
    for token in world.city.tokens.values():
        token.ends = time.time() + ends
    (line,) = await of_installs(world)
    assert line.startswith(f"slack T1: warning: its token {words} 20") and "`rondo serve`" in line and "/slack/install" in line


async def test_a_dead_token_is_a_failure_with_the_remedy(world: World) -> None:
    install(world, ends=30_000.0)
    world.city.revoke("T1")
    assert await of_installs(world) == ["FAILED slack T1: token_revoked: install Rondo there again at /slack/install"]


async def test_an_install_from_before_a_scope_was_asked_for_says_so(world: World) -> None:
    install(world, ends=30_000.0, scopes=tuple(set(SCOPES) - {"files:write"}))
    (line,) = await of_installs(world)
    assert line.startswith("slack T1: ok (T1); warning: without files:write: add")


async def test_an_app_that_was_made_by_hand_without_a_scope_says_so() -> None:
    async with FakeSlack() as slack:
        given = {"slack_bot_token": slack.bot_token, "slack_api_url": slack.api_url}
        (line,) = await said(**given)
        assert line == Line("slack", True, f"ok (workspace {slack.team})")
        slack.scopes -= {"users:read.email", "im:history"}
        (line,) = await said(**given)
        assert line.well and "warning: without im:history, users:read.email: add them" in line.words
        slack.token_error = "invalid_auth"
        (line,) = await said(**given)
        assert not line.well and line.words.startswith("invalid_auth: compare RONDO_SLACK_BOT_TOKEN")
