"""Installs and their tokens: kept encrypted, renewed once however many ask, given up when they are dead. Both databases."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import Engine, func, select, text, update

from adapters.installs import STATES, SqlInstalls
from adapters.settings import ConfigurationError
from adapters.slack.client import Client
from adapters.slack.tokens import Tokens
from bot.ports import Later
from storage.schema import outbox, slack_workspace
from storage.schema_slack import slack_bots, slack_installations, slack_oauth_states
from tests.fakes.slack_oauth import SlackCity

KEY, OLD_KEY = Fernet(Fernet.generate_key()), Fernet(Fernet.generate_key())


@dataclass
class World:
    city: SlackCity
    engine: Engine
    lost: list[str] = field(default_factory=list)
    clients: list[Client] = field(default_factory=list)

    def installs(self, *keys: Fernet) -> SqlInstalls:
        return SqlInstalls(self.engine, self.city.slack_app.client_id, keys or (KEY,))

    def replica(self, **more: object) -> Tokens:
        """A process of its own on the same database."""
        client = Client(self.city.api_url)
        self.clients.append(client)
        app = self.city.slack_app
        return Tokens(
            self.installs(), client, client_id=app.client_id, client_secret=app.client_secret, lost=self.lost.append,
            allowed=tuple(more.get("allowed", ())),  # type: ignore[arg-type]
        )  # fmt: skip

    def install(self, team: str = "T1", *, enterprise: str = "", at: float | None = None, name: str = "") -> Installation:
        """As after the round trip; `team` empty: into the whole organisation."""
        if team and team not in self.city.workspaces:
            self.city.add(team, enterprise=enterprise)
        given, token = self.city.give(team, enterprise if not team else "")
        installation = Installation(
            app_id="A0RONDO00", enterprise_id=enterprise or None, team_id=team or None, team_name=name or team, bot_token=given,
            bot_refresh_token=token.refresh or None, bot_token_expires_at=int(token.ends) if token.refresh else None,
            user_id="U0", is_enterprise_install=not team, installed_at=at,
        )  # fmt: skip
        self.installs().save(installation)
        return installation


@pytest.fixture
async def world(engine: Engine) -> AsyncIterator[World]:
    async with SlackCity() as city:
        made = World(city=city, engine=engine)
        yield made
        for client in made.clients:
            await client.close()


def _raw(world: World) -> list[str]:
    """Every secret as it stands in the database."""
    found = []
    with world.engine.connect() as connection:
        for table in (slack_installations, slack_bots):
            for row in connection.execute(select(table)).mappings():
                found += [row[name] for name in ("bot_token", "bot_refresh_token") if row[name] is not None]
    return found


# ------------------------------------------------------------------------------------------ at rest


def test_what_was_saved_is_found_again_with_its_times(world: World) -> None:
    saved = world.install("T1")
    found = world.installs().find("T1")
    assert found is not None
    assert (found.bot_token, found.bot_refresh_token) == (saved.bot_token, saved.bot_refresh_token)
    assert found.bot_token_expires_at == saved.bot_token_expires_at
    assert abs(found.installed_at - saved.installed_at) < 0.001
    assert world.installs().find("T2") is None


def test_no_token_is_written_in_clear(world: World) -> None:
    world.install("T1")
    raw = _raw(world)
    assert len(raw) == 4 and all(value.startswith("gAAAA") for value in raw)
    assert not any(secret in value for secret in world.city.secrets for value in raw)


def test_both_keys_read_while_one_takes_the_place_of_the_other(world: World) -> None:
    world.installs(OLD_KEY).save(world.install("T1"))
    world.install("T2")  # under the new key
    both = world.installs(KEY, OLD_KEY)
    found = both.find("T1"), both.find("T2")
    assert all(one is not None and one.bot_token in world.city.tokens for one in found)
    assert both.rekey() == 4  # the two columns of T1 in both tables
    assert both.rekey() == 0
    assert world.installs(KEY).find("T1") is not None


def test_without_the_right_key_nothing_starts(world: World) -> None:
    world.install("T1")
    with pytest.raises(ConfigurationError, match=r"^RONDO_SECRET_KEY: no key in it opens"):
        world.installs(OLD_KEY).rekey()
    with pytest.raises(ConfigurationError, match=r"^RONDO_SECRET_KEY"):
        world.installs(OLD_KEY).find("T1")


def test_whose_key_is_lost_deletes_the_tokens_as_the_page_says_and_installs_again(world: World) -> None:
    world.install("T1")
    page = (Path(__file__).parents[3] / "docs" / "install-slack.md").read_text()
    statements = re.findall(r"DELETE FROM \w+", page)
    assert len(statements) == 2
    with world.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    installs = world.installs(OLD_KEY)
    assert installs.rekey() == 0 and installs.find("T1") is None and installs.everything() == []
    installs.save(world.install("T1"))
    assert installs.rekey() == 0 and installs.find("T1") is not None


def test_a_newer_install_takes_the_place_of_the_older_and_its_tokens(world: World) -> None:
    world.install("T1", at=time.time() - 60)
    newer = world.install("T1")
    found = world.installs().find("T1")
    assert found is not None and found.bot_token == newer.bot_token
    assert len(_raw(world)) == 4


def test_the_file_of_a_database_holds_no_token_even_after_they_were_deleted(world: World) -> None:
    world.installs().remove(world.install("T1"), "token_revoked")
    if world.engine.dialect.name == "sqlite":
        file = Path(str(world.engine.url.database))
        held = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        assert not [secret for secret in world.city.secrets if secret.encode() in held]


# ------------------------------------------------------------------------------------------ states


def test_a_state_works_once(world: World) -> None:
    installs = world.installs()
    state = installs.new_state()
    assert installs.use_state(state) and not installs.use_state(state)
    assert not installs.use_state("made up")


def test_a_state_is_too_old_after_ten_minutes(world: World) -> None:
    installs = world.installs()
    state = installs.new_state()
    with world.engine.begin() as connection:
        later = "datetime(expire_at, '-601 seconds')" if world.engine.dialect.name == "sqlite" else "expire_at - interval '601 s'"
        connection.execute(update(slack_oauth_states).values(expire_at=text(later)))
    assert not installs.use_state(state)


async def test_of_two_that_use_a_state_at_once_one_may(world: World) -> None:
    installs = world.installs()
    for _ in range(10):
        state = installs.new_state()
        assert sorted(await asyncio.gather(*(asyncio.to_thread(installs.use_state, state) for _ in range(4)))) == [False] * 3 + [
            True
        ]


def test_nobody_fills_the_database_by_clicking(world: World) -> None:
    with world.engine.begin() as connection:
        rows = [{"state": str(n), "expire_at": _naive(time.time() + 60)} for n in range(STATES)]
        connection.execute(slack_oauth_states.insert(), rows)
    installs = world.installs()
    state = installs.new_state()
    with world.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(slack_oauth_states)) == STATES
    for _ in range(STATES // 2):  # somebody goes on clicking meanwhile: whoever began in earnest is not shut out
        installs.new_state()
    assert installs.use_state(state) and not installs.use_state("0")


def _naive(at: float) -> object:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None)


# ------------------------------------------------------------------------------------------ renewing


async def test_replicas_that_ask_at_once_renew_once(world: World) -> None:
    world.city.slack_app.lives = 30.0  # runs out within the minute in which nobody uses a token any more
    world.install("T1")
    world.city.slack_app.lives = 43_200.0
    replicas = [world.replica() for _ in range(3)]
    got = await asyncio.gather(*(replica.get("T1") for replica in replicas for _ in range(4)))
    assert len(set(got)) == 1 and got[0] in world.city.tokens
    assert len(world.city.calls_of("oauth.v2.access")) == 1
    found = world.installs().find("T1")
    assert found is not None and found.bot_token == got[0] and found.bot_refresh_token in world.city.refreshes


async def test_a_token_is_renewed_in_the_background_well_before_its_end(world: World) -> None:
    world.city.slack_app.lives = 3_600.0
    old = world.install("T1")
    replica = world.replica()
    assert await replica.get("T1") == old.bot_token  # good for an hour: nobody waits
    world.city.slack_app.lives = 43_200.0
    await replica.renew_due()
    assert await replica.get("T1") != old.bot_token
    await replica.renew_due()
    assert len(world.city.calls_of("oauth.v2.access")) == 1


async def test_a_renewal_that_fails_keeps_the_old_token_and_says_so(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.city.slack_app.lives = 3_600.0
    old = world.install("T1")
    world.city.faults.server_error(1, method="oauth.v2.access")
    replica = world.replica()
    await replica.renew_due()
    assert "a Slack token could not be renewed; the old one is kept" in caplog.text
    assert await replica.get("T1") == old.bot_token
    assert not any(secret in caplog.text for secret in world.city.secrets)
    await replica.renew_due()  # the lease was given back: the next look tries again
    assert await replica.get("T1") != old.bot_token


async def test_a_renewal_never_takes_the_place_of_a_newer_install(world: World) -> None:
    old = world.install("T1", at=time.time() - 60)
    installs = world.installs()
    assert installs.claim(old) and not world.installs().claim(old)
    newer = world.install("T1")
    stale = Installation(**old.to_dict_for_copying())
    stale.bot_token, stale.bot_refresh_token = "xoxe.xoxb-stale", "xoxe-1-stale"
    assert not installs.renewed(old, stale)
    found = installs.find("T1")
    assert found is not None and found.bot_token == newer.bot_token


async def test_a_token_that_ran_out_early_is_renewed_and_the_call_goes_on(world: World) -> None:
    old = world.install("T1")
    world.city.tokens[str(old.bot_token)].ends = 0.0
    replica = world.replica()
    newer = await replica.of("T1").refused(str(old.bot_token), "token_expired")
    assert newer is not None and newer != old.bot_token
    assert await replica.get("T1") == newer


# ------------------------------------------------------------------------------------------ the end


async def test_an_uninstall_deletes_the_tokens_whatever_order_its_events_come_in(world: World) -> None:
    world.install("T1")
    world.install("T2")
    replica, other = world.replica(), world.replica()
    world.city.revoke("T1", reason="account_inactive")
    for event_team in ("T1", "T1", "T1"):
        await replica.check(event_team, "")
        await other.check(event_team, "")
    assert world.lost == ["T1"] and len(_raw(world)) == 4  # those of T2
    with pytest.raises(Later) as refused:
        await replica.get("T1")
    assert refused.value.broken
    assert await replica.get("T2") in world.city.tokens


async def test_an_event_about_an_install_of_yesterday_does_not_end_the_one_of_today(world: World) -> None:
    world.install("T1", at=time.time() - 60)
    world.city.revoke("T1")
    newer = world.install("T1")
    await world.replica().check("T1", "")
    assert await world.replica().get("T1") == newer.bot_token


async def test_an_event_that_cannot_be_checked_is_to_come_again(world: World) -> None:
    installed = world.install("T1")
    world.city.faults.server_error(1, method="auth.test")
    with pytest.raises(Later):
        await world.replica().check("T1", "")
    assert await world.replica().get("T1") == installed.bot_token


@pytest.mark.parametrize(
    ("reason", "kept"), [("token_revoked", 0), ("account_inactive", 0), ("invalid_auth", 4), ("missing_scope", 4)]
)
async def test_only_what_is_certainly_dead_is_deleted_without_an_event(world: World, reason: str, kept: int) -> None:
    installed = world.install("T1")
    assert await world.replica().refused("T1", str(installed.bot_token), reason) is None
    assert len(_raw(world)) == kept


async def test_a_token_refused_because_it_is_old_is_exchanged_for_the_newer_one(world: World) -> None:
    old = world.install("T1", at=time.time() - 60)
    replica = world.replica()
    assert await replica.get("T1") == old.bot_token
    newer = world.install("T1")
    assert await replica.refused("T1", str(old.bot_token), "token_revoked") == newer.bot_token
    assert world.lost == []


def test_what_waits_for_a_workspace_is_looked_at_anew_when_it_goes_and_when_it_comes_back(world: World) -> None:
    installed = world.install("T1")
    with world.engine.connect() as connection:
        assert connection.execute(select(slack_workspace.c.removed)).scalar_one() == ""
    world.installs().remove(installed, "token_revoked")
    with world.engine.connect() as connection:
        assert connection.execute(select(slack_workspace.c.removed)).scalar_one() == "token_revoked"
        assert connection.execute(select(outbox.c.key)).all() == []
    world.install("T1")
    with world.engine.connect() as connection:
        assert connection.execute(select(slack_workspace.c.removed)).scalar_one() == ""


# ------------------------------------------------------------------------------------------ organisations


async def test_an_organisations_install_serves_the_workspaces_it_reaches_and_no_other(world: World) -> None:
    for team in ("T1", "T2"):
        world.city.add(team, enterprise="E1")
    wide = world.install("", enterprise="E1")
    replica = world.replica()
    found = await replica.find("E1")
    assert found is not None
    assert sorted(await replica.reached(found)) == ["T1", "T2"]
    assert await replica.get("T1") == await replica.get("T2") == wide.bot_token
    assert await replica.find("T3") is None and await replica.find("T3", "E2") is None
    world.city.organisations["E1"].discard("T2")
    assert list(await replica.reached(found)) == []
    with pytest.raises(Later):
        await replica.get("T2")
    assert await replica.get("T1") == wide.bot_token
    world.city.organisations["E1"].add("T2")
    assert list(await replica.reached(found)) == ["T2"]


async def test_a_workspaces_own_install_goes_before_its_organisations(world: World) -> None:
    own = world.install("T1", enterprise="E1")
    wide = world.install("", enterprise="E1")
    replica = world.replica()
    found = await replica.find("E1")
    assert found is not None
    await replica.reached(found)
    assert await replica.get("T1") == own.bot_token
    world.city.revoke("", enterprise="E1")
    await replica.check("T1", "E1")
    assert await replica.get("T1") == own.bot_token and await replica.find("E1") is None
    assert wide.bot_token not in await asyncio.to_thread(lambda: [one.bot_token for one in world.installs().everything()])


async def test_only_allowed_workspaces_are_served(world: World) -> None:
    world.install("T1")
    world.install("T2")
    replica = world.replica(allowed=["T1"])
    assert await replica.find("T1") is not None and await replica.find("T2") is None
    assert replica.may("T9", "") is False and world.replica(allowed=["E1"]).may("T9", "E1")
