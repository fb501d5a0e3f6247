"""What Slack gives for a refresh token is not let go of on the way, and where it was lost somebody hears of it in time."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import Engine, update

from adapters.installs import SqlInstalls
from adapters.slack import renewing
from adapters.slack.client import Client
from adapters.slack.gateway import SlackGateway
from adapters.slack.tokens import Tokens
from bot.events import Address, Platform
from bot.ports import DeliveryError, Later
from bot.talk.actions import Action, Verb
from bot.talk.cards import Card, Form, Paragraph, TextField
from bot.talk.text import plain
from storage.schema import slack_workspace
from tests.adapters.slack.test_installs import KEY, World
from tests.fakes.slack_oauth import SlackCity

FORM = Form(action=Action(Verb.ANSWER, ("c",)), title="t", submit="s", cancel="c", parts=(TextField(id="note", label="Note"),))


@pytest.fixture
async def world(engine: Engine) -> AsyncIterator[World]:
    async with SlackCity() as city:
        made = World(city=city, engine=engine)
        yield made
        for client in made.clients:
            await client.close()


class Away(SqlInstalls):
    """A database that takes nothing for a while."""

    refuses = 0

    def renewed(self, old: Installation, new: Installation | None) -> bool:
        if self.refuses:
            self.refuses -= 1
            raise OSError("the database is away")
        return super().renewed(old, new)


def _ending(world: World, seconds: float) -> Installation:
    """An install whose token runs out so soon."""
    world.city.slack_app.lives = seconds
    installed = world.install("T1")
    world.city.slack_app.lives = 43_200.0
    return installed


def _kept(world: World) -> str | None:
    found = world.installs().find("T1")
    assert found is not None
    return found.bot_token


async def _crash(world: World, old: Installation) -> None:
    """Another replica has asked Slack, and ended before it could write the answer down."""
    app, client = world.city.slack_app, Client(world.city.api_url)
    assert world.installs().claim(old)
    await client.oauth_v2_access(
        client_id=app.client_id, client_secret=app.client_secret, grant_type="refresh_token",
        refresh_token=str(old.bot_refresh_token),
    )  # fmt: skip
    await client.close()
    with world.engine.begin() as connection:
        connection.execute(update(slack_workspace).values(lease_until=None))  # half a minute later


# ------------------------------------------------------------------------------------------ nothing is let go of


async def test_whoever_stops_waiting_does_not_stop_the_renewal(world: World) -> None:
    old = _ending(world, 30.0)
    world.city.faults.delay(0.3, method="oauth.v2.access", after_commit=True)
    replica = world.replica()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):  # as where a form has to be shown within Slack's three seconds
            await replica.get("T1")
    newer = await replica.get("T1")
    assert newer != old.bot_token and _kept(world) == newer
    assert len(world.city.calls_of("oauth.v2.access")) == 1


async def test_a_form_that_came_too_late_costs_no_token(world: World) -> None:
    old = _ending(world, 30.0)
    trigger = world.city.workspaces["T1"].issue_trigger("U00000001")
    replica = world.replica()
    gateway = SlackGateway(replica.of("T1"), team="T1", api_url=world.city.api_url)
    world.city.faults.delay(2.6, method="oauth.v2.access", after_commit=True)
    with pytest.raises(DeliveryError):
        await gateway.open_form(trigger, FORM)
    await replica.renewals.settle()
    assert _kept(world) != old.bot_token and await replica.get("T1") == _kept(world)
    await gateway.close()


async def test_the_end_of_the_process_waits_a_moment_for_a_new_token(world: World) -> None:
    old = _ending(world, 3_600.0)
    replica = world.replica()
    world.city.faults.delay(0.4, method="oauth.v2.access", after_commit=True)
    tick = asyncio.create_task(replica.renew_due())
    await world.city.until(lambda: old.bot_refresh_token not in world.city.refreshes, "asked")
    tick.cancel()
    await replica.renewals.settle()
    assert _kept(world) != old.bot_token


async def test_a_token_that_cannot_be_written_down_is_used_and_written_when_that_can_be_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewing, "PAUSES", (0.01,))
    old = _ending(world, 3_600.0)
    app, client = world.city.slack_app, Client(world.city.api_url)
    installs = Away(world.engine, app.client_id, [KEY])
    installs.refuses = 3
    tokens = Tokens(installs, client, client_id=app.client_id, client_secret=app.client_secret)
    await tokens.renew_due()
    assert _kept(world) == old.bot_token
    with pytest.raises(OSError, match="away"):
        await tokens.renew_due()
    await tokens.renew_due()
    assert _kept(world) != old.bot_token and _kept(world) in world.city.tokens
    assert len(world.city.calls_of("oauth.v2.access")) == 1
    await client.close()


async def test_a_workspace_that_is_renamed_meanwhile_lets_nobody_else_renew(world: World) -> None:
    old = world.install("T1", enterprise="E1")
    assert world.installs().claim(old)
    world.installs().cover("E1", {"T1": "Another name"})
    assert not world.installs().claim(old)


def test_the_install_that_comes_last_counts_whatever_clocks_say(world: World) -> None:
    world.install("T1", at=time.time() + 300)  # by a replica whose clock is ahead
    newer = world.install("T1")
    assert _kept(world) == newer.bot_token


# ------------------------------------------------------------------------------------------ what is lost is told


async def test_a_refresh_token_whose_answer_was_lost_is_told_while_the_old_token_works(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    old = _ending(world, 3_600.0)
    await _crash(world, old)
    replica, calls = world.replica(), len(world.city.calls_of("oauth.v2.access"))
    for _ in range(3):
        await replica.renew_due()
    assert len(world.city.calls_of("oauth.v2.access")) == calls + 1  # asking again is of no use
    assert await replica.get("T1") == old.bot_token
    said = replica.renewals.ending()["T1"]
    assert "invalid_refresh_token" in said and "works until" in said and "/slack/install" in said
    assert caplog.text.count("a Slack token could not be renewed") == 1
    assert not any(secret in caplog.text + said for secret in world.city.secrets)
    newer = world.install("T1")  # at another replica
    await replica.renew_due()
    assert replica.renewals.ending() == {}
    replica.forget()
    assert await replica.get("T1") == newer.bot_token


async def test_a_failure_that_may_pass_is_tried_again_and_forgotten(world: World) -> None:
    old = _ending(world, 3_600.0)
    world.city.faults.server_error(1, method="oauth.v2.access")
    replica = world.replica()
    await replica.renew_due()
    assert "tried again every minute" in replica.renewals.ending()["T1"]
    await replica.renew_due()
    assert replica.renewals.ending() == {} and _kept(world) != old.bot_token


async def test_a_replica_without_the_newer_key_leaves_no_message_in_doubt(world: World) -> None:
    world.install("T1")
    user = world.city.workspaces["T1"].add_user(email="ana@example.com", name="Ana")
    newer = Fernet(Fernet.generate_key())
    world.installs(newer, KEY).rekey()  # another replica has the new key in front already
    app, client, gateways = world.city.slack_app, Client(world.city.api_url), list[SlackGateway]()
    for keys in ([KEY], [KEY, newer]):
        installs = SqlInstalls(world.engine, app.client_id, keys)
        tokens = Tokens(installs, client, client_id=app.client_id, client_secret=app.client_secret)
        gateways.append(SlackGateway(tokens.of("T1"), team="T1", api_url=world.city.api_url))
    card = Card(summary="Hello", elements=(Paragraph(text=plain("Hello")),))
    at = Address(platform=Platform.SLACK, tenant="T1", user=user)
    with pytest.raises(Later, match="no token"):
        await gateways[0].send(at, card, key="k")
    assert world.city.workspaces["T1"].messages_to(user) == []
    await gateways[1].send(at, card, key="k")
    for gateway in gateways:
        await gateway.close()
    await client.close()


# ------------------------------------------------------------------------------------------ an end, or only old


async def test_a_late_word_of_an_end_does_not_end_an_install_whose_token_only_ran_out(world: World) -> None:
    old = world.install("T1")
    world.city.tokens[str(old.bot_token)].ends = 0.0  # Rondo was off for half a day
    replica = world.replica()
    await replica.check("T1", "")
    assert _kept(world) != old.bot_token and world.lost == []


async def test_an_end_whose_token_ran_out_is_believed_where_it_cannot_be_renewed(world: World) -> None:
    old = world.install("T1")
    world.city.tokens[str(old.bot_token)].ends = 0.0
    world.city.refreshes.clear()
    await world.replica().check("T1", "")
    assert world.lost == ["T1"] and world.installs().find("T1") is None


async def test_an_end_comes_again_where_slack_cannot_say_whether_a_token_only_ran_out(world: World) -> None:
    old = world.install("T1")
    world.city.tokens[str(old.bot_token)].ends = 0.0
    world.city.faults.server_error(1, method="oauth.v2.access")
    with pytest.raises(Later):
        await world.replica().check("T1", "")
    assert _kept(world) == old.bot_token
