"""Slack by OAuth, from outside: installs into several workspaces, an uninstall, a new install, tokens that run out.

The workspaces share ids of people and channels. Every token ever given is a canary: it stands nowhere in clear.
"""

import asyncio
import base64
import json
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import MetaData, make_url, select

from storage.engine import open_engine
from tests.e2e import story
from tests.e2e.company import MONDAY, people_csv
from tests.e2e.hands import SIGNING_SECRET, SlackHands
from tests.e2e.server import RONDO, Server
from tests.fakes.slack_oauth import SlackCity

KEY, NEWER_KEY = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (7, 8))


@dataclass
class World:
    city: SlackCity
    server: Server
    pages: list[str]

    def hands(self, team: str) -> SlackHands:
        return SlackHands(self.city.workspaces[team], self.server)

    async def install(self, team: str = "", **more: str) -> httpx.Response:
        page = await self.city.install(self.server.url, team, **more)
        self.pages.append(page.text)
        return page

    def posts(self, team: str) -> list[str]:
        return [str(call.args.get("text")) for call in self.city.workspaces[team].calls_of("chat.postMessage")]

    def restart(self, **settings: str) -> None:
        self.server.terminate()
        self.server.settings |= settings
        self.server.start()

    def canaries_found(self) -> list[str]:
        """Where a token stands in clear: database, its files, log, pages."""
        url = self.server.settings["RONDO_DATABASE_URL"]
        texts = {"log": self.server.log(), "pages": "".join(self.pages), "rows": _everything(url)}
        if url.startswith("sqlite"):
            file = Path(str(make_url(url).database))
            texts |= {one.name: one.read_bytes().decode("latin-1") for one in file.parent.glob(f"{file.name}*")}
        secrets = [*self.city.secrets, self.city.slack_app.client_secret, KEY, NEWER_KEY]
        return [f"{name}: {secret[:12]}…" for name, text in texts.items() for secret in secrets if secret in text]

    def check(self) -> tuple[int, str]:
        """`rondo check` beside the server."""
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith("RONDO_")}
        done = subprocess.run(
            [str(RONDO), "check"], cwd=self.server.folder, env=inherited | self.server.settings, capture_output=True, text=True
        )
        self.pages += [done.stdout, done.stderr]
        return done.returncode, done.stdout + done.stderr


def _everything(url: str) -> str:
    engine = open_engine(url)
    tables = MetaData()
    try:
        with engine.connect() as connection:
            tables.reflect(connection)
            return "\n".join(str(row) for table in tables.sorted_tables for row in connection.execute(select(table)))
    finally:
        engine.dispose()


@pytest.fixture
async def world(tmp_path: Path, database_url: str) -> AsyncIterator[World]:
    async with SlackCity() as city:
        city.slack_app.signing_secret = SIGNING_SECRET
        for team in ("T1", "T2", "T3"):
            city.add(team)
        settings = {
            "RONDO_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "RONDO_SLACK_CLIENT_ID": city.slack_app.client_id,
            "RONDO_SLACK_CLIENT_SECRET": city.slack_app.client_secret,
            "RONDO_SECRET_KEY": KEY,
            "RONDO_SLACK_API_URL": city.api_url,
        }
        async with Server(tmp_path, database_url, settings) as server:
            made = World(city=city, server=server, pages=[])
            yield made
            assert made.canaries_found() == []
            assert [str(one) for slack in city.workspaces.values() for one in slack.violations] == []


async def test_two_workspaces_are_installed_and_nothing_of_one_reaches_the_other(world: World) -> None:
    await world.server.now(MONDAY)
    max_, ana, ben = world.hands("T1"), world.hands("T2"), world.hands("T3")
    await max_.arrive("max")
    await ana.arrive("ana")
    await ben.arrive("ben")
    assert max_.ids["max"] == ana.ids["ana"] == ben.ids["ben"]  # Slack's ids are unique in a workspace only
    await world.server.import_people(people_csv())
    done = await world.install("T1")
    assert done.status_code == 200 and "Rondo is installed in T1" in done.text
    assert "team=T1" in done.text and done.headers["content-security-policy"].startswith("default-src 'none'")
    assert "T2에 Rondo를 설치했습니다" in (await world.install("T2", language="ko-KR,en;q=0.5")).text
    await story.met(max_, "max")
    await story.met(ana, "ana")
    await world.server.now(story.BERLIN_TEN)
    assert (story.counts(max_, "max"), story.counts(ana, "ana")) == ([1], [1])
    # a workspace that nobody installed: answered, and nothing comes of it
    await ben.driver.message_im(ben.ids["ben"], "hello")
    await world.server.settle()
    assert ben.chat("ben") == [] and world.city.workspaces["T3"].calls == []
    for team, others in (("T1", "Ana"), ("T2", "Max")):
        assert not any(others in text for text in world.posts(team))
    assert world.server.complaints() == []


@pytest.mark.parametrize("guest", ["one", "several"])
async def test_a_guest_is_asked_where_hr_imported_them_and_is_a_stranger_otherwise(world: World, guest: str) -> None:
    await world.server.now(MONDAY)
    hands = world.hands("T1")
    await hands.arrive("max")
    await hands.arrive("nobody")
    for name in ("max", "nobody"):
        hands.slack.users[hands.ids[name]].guest = guest
    await world.server.import_people(people_csv())
    await world.install("T1")
    await story.met(hands, "max")
    await hands.driver.message_im(hands.ids["nobody"], "hello")
    await world.server.now(story.BERLIN_TEN)
    assert story.counts(hands, "max") == [1]
    assert story.counts(hands, "nobody") == [0]
    assert all("does not know you" in seen.words for seen in hands.chat("nobody"))


async def test_what_goes_wrong_in_an_install_ends_in_a_page_and_writes_nothing(world: World) -> None:
    url, city = world.server.url, world.city
    async with httpx.AsyncClient(trust_env=False) as browser, httpx.AsyncClient(trust_env=False) as other:
        answer = await city.begin(browser, url, "T1")
        stolen = await city.finish(other, answer)  # a link sent to somebody else
        assert stolen.status_code == 400 and "another browser" in stolen.text
        assert (await city.finish(browser, answer)).status_code == 200
        again = await city.finish(browser, answer)
        assert again.status_code == 400 and "Nothing was changed" in again.text and "Start again" in again.text
        denied = await city.finish(browser, await city.begin(browser, url, "T2", deny="1"))
        assert denied.status_code == 400 and "declined or cancelled" in denied.text
        address = await city.begin(browser, url, "T2")
        city.codes.clear()
        assert "has run out" in (await city.finish(browser, address)).text
        city.faults.server_error(1, method="oauth.v2.access")
        away = await city.finish(browser, await city.begin(browser, url, "T2"))
        assert away.status_code == 503 and "does not answer" in away.text
        city.slack_app.client_secret, good = "another", city.slack_app.client_secret
        wrong = await city.finish(browser, await city.begin(browser, url, "T2"))
        assert "bad_client_secret" in wrong.text and "RONDO_SLACK_CLIENT_SECRET" in wrong.text
        city.slack_app.client_secret = good
        for query in ("", "?state=x&code=y", "?state=%00&code=%ff", "?error=<script>"):
            page = await browser.get(f"{url}/slack/oauth_redirect{query}")
            assert page.status_code == 400 and "<script>" not in page.text
    rows = _everything(world.server.settings["RONDO_DATABASE_URL"])
    assert "'T1'" in rows and "'T2'" not in rows
    assert world.server.complaints() == []


async def test_a_workspace_that_is_not_allowed_gets_its_token_back(world: World) -> None:
    world.restart(RONDO_SLACK_WORKSPACES="T1")
    assert (await world.install("T1")).status_code == 200
    refused = await world.install("T2")
    assert refused.status_code == 403 and "RONDO_SLACK_WORKSPACES" in refused.text and "T2" in refused.text
    given = [token for token in world.city.tokens.values() if token.team == "T2"]
    assert [token.revoked for token in given] == ["token_revoked"]


async def test_uninstalled_and_installed_again(world: World) -> None:
    await world.server.now(MONDAY)
    hands, others = world.hands("T1"), world.hands("T2")
    await hands.arrive("max")
    await others.arrive("ana")
    await others.arrive("vera")  # HR
    await world.server.import_people(people_csv())
    await world.install("T1")
    await world.install("T2")
    await world.server.settle()
    await story.met(hands, "max")
    world.city.revoke("T1")
    for event in ("tokens_revoked", "app_uninstalled", "tokens_revoked", "app_uninstalled"):
        await hands.driver.event({"type": event, "tokens": {"bot": ["U0RONDOBOT"]}})
    assert world.canaries_found() == []
    assert "'T1'" not in _of_table(world, "slack_bots") + _of_table(world, "slack_installations")
    await world.server.now(story.BERLIN_TEN)  # what is due for people there waits; the others do not
    assert (story.counts(hands, "max"), story.counts(others, "ana")) == ([0], [1])
    code, said = world.check()
    assert code == 0 and "slack T1: warning: removed (" in said and "slack T2: ok (T2)" in said
    assert "/slack/install" in said
    told = [seen for seen in others.chat("vera") if "Rondo was removed from Slack" in seen.words]
    assert len(told) == 1 and "from T1" in told[0].words  # HR hears of it once, where they are
    await world.install("T1")
    await world.server.settle()
    assert (story.counts(hands, "max"), story.counts(others, "ana")) == ([1], [1])
    code, said = world.check()
    assert code == 0 and "slack T1: ok" in said
    ledger = [row["name"] for row in await world.server.items("ledger") if row["subject"] == "workspace:T1"]
    assert ledger == ["workspace:installed", "workspace:removed", "workspace:installed"]
    complaints = "\n".join(world.server.complaints())
    assert complaints.count("Rondo was removed from a Slack workspace") == 1


async def test_tokens_that_run_out_are_exchanged_and_nobody_notices(world: World) -> None:
    await world.server.now(MONDAY)
    hands = world.hands("T1")
    await hands.arrive("max")
    await world.server.import_people(people_csv())
    await world.install("T1")
    await world.server.settle()
    for token in world.city.tokens.values():
        token.ends = 0.0  # hours early: the server learns of it by `token_expired`
    await story.met(hands, "max")
    assert len([token for token in world.city.tokens.values() if token.ends > 0]) == 1
    world.restart(RONDO_SECRET_KEY=f"{NEWER_KEY},{KEY}")  # a new key: what is kept is encrypted anew
    world.restart(RONDO_SECRET_KEY=NEWER_KEY)
    await world.server.now(story.BERLIN_TEN)
    assert story.counts(hands, "max") == [1]
    assert world.server.complaints() == []
    world.server.terminate()
    world.server.settings["RONDO_SECRET_KEY"] = KEY
    world.server.launch()
    assert world.server.process is not None and world.server.process.wait(30) == 1
    assert "rondo: RONDO_SECRET_KEY: no key in it opens the Slack tokens" in world.server.log().splitlines()[-1]


async def test_a_token_that_cannot_be_renewed_is_told_while_it_still_works(world: World) -> None:
    world.city.slack_app.lives = 3_600.0
    await world.install("T1")
    world.city.refreshes.clear()  # used by a replica that ended before it could write down what it got
    world.restart()
    ready: dict[str, object] = {}
    for _ in range(200):
        ready = (await world.server.http.get("/readyz")).json()
        if "workspaces" in ready:
            break
        await asyncio.sleep(0.05)
    assert ready["ready"] is True and "install Rondo there again at /slack/install" in str(ready["workspaces"])
    assert 'rondo_workspace_ending{platform="slack",tenant="T1"} 1.0' in (await world.server.http.get("/metrics")).text
    code, said = world.check()
    assert code == 0 and "slack T1: warning: its token runs out at" in said
    world.city.slack_app.lives = 43_200.0
    await world.install("T1")
    assert "workspaces" not in (await world.server.http.get("/readyz")).json()
    assert "rondo_workspace_ending{" not in (await world.server.http.get("/metrics")).text
    code, said = world.check()
    assert code == 0 and "slack T1: ok (T1)" in said
    assert [one for one in world.server.complaints() if "could not be renewed" not in one] == []


async def test_an_organisation_is_installed_once_and_its_people_are_reached_in_their_workspaces(world: World) -> None:
    for team in ("T7", "T8"):
        world.city.add(team, enterprise="E1")
    await world.server.now(MONDAY)
    seven, eight = world.hands("T7"), world.hands("T8")
    await seven.arrive("max")
    slack = world.city.workspaces["T8"]
    await eight.arrive("ana")
    slack.users["W0000ANA"] = slack.users.pop(eight.ids["ana"])
    slack.users["W0000ANA"].id = eight.ids["ana"] = "W0000ANA"
    slack.channels[slack.users["W0000ANA"].dm] = {"W0000ANA", slack.bot_user}
    await world.server.import_people(people_csv())
    done = await world.install(org="E1")
    assert "Choose workspaces" in done.text and "/manage/E1/" in done.text
    await world.server.settle()
    await story.met(seven, "max")
    await story.met(eight, "ana")
    # a request in the organisation's name
    body = eight.driver.envelope({"type": "app_home_opened", "user": "W0000ANA", "tab": "home", "channel": "D1"})
    answer = await eight.driver.raw(json.dumps(body | {"team_id": "E1"}).encode())
    assert answer.status == 200 and slack.home("W0000ANA") is not None
    await world.server.now(story.BERLIN_TEN)
    assert (story.counts(seven, "max"), story.counts(eight, "ana")) == ([1], [1])
    world.city.organisations["E1"].discard("T8")
    await eight.driver.event({"type": "team_access_revoked", "team_ids": ["T8"]})
    code, said = world.check()
    assert code == 0 and "slack T8: warning: removed (" in said and "slack T7: ok" in said, said
    assert world.server.complaints() == []


def _of_table(world: World, name: str) -> str:
    engine = open_engine(world.server.settings["RONDO_DATABASE_URL"])
    tables = MetaData()
    try:
        with engine.connect() as connection:
            tables.reflect(connection, only=[name])
            return "\n".join(str(row) for row in connection.execute(select(tables.tables[name])))
    finally:
        engine.dispose()


async def test_without_a_public_address_everything_comes_over_a_connection(world: World) -> None:
    """Socket Mode: no signing secret, no route for events; `/readyz` tells whether the connection stands."""
    world.city.slack_app.rotates = False
    for name in ("SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET"):
        del world.server.settings[f"RONDO_SLACK_{name}"]
    name, _ = world.city.give("T1", "")
    world.restart(RONDO_SLACK_APP_TOKEN=world.city.slack_app.app_token, RONDO_SLACK_BOT_TOKEN=name)  # ready: connected
    await world.server.now(MONDAY)
    hands = world.hands("T1")
    await hands.arrive("max")
    await world.server.import_people(people_csv())
    said = {"type": "message", "channel_type": "im", "channel": "D1", "user": hands.ids["max"], "text": "hello", "ts": "1.1"}
    assert await world.city.sockets.send("events_api", hands.driver.envelope(said)) is not None
    await world.server.settle()
    assert len(hands.chat("max")) == 2
    assert (await world.server.http.post("/slack/events", json={})).status_code == 404
    world.city.slack_app.app_token = "xapp-revoked"
    world.city.sockets.drop(politely=False)
    await world.city.until(lambda: not world.city.sockets.open, "closed")
    for _ in range(100):
        if (ready := await world.server.http.get("/readyz")).status_code == 503:
            break
        await asyncio.sleep(0.05)
    assert "RONDO_SLACK_APP_TOKEN" in ready.json()["checks"]["slack socket"]
    code, lines = world.check()
    assert code == 1 and "slack socket: invalid_auth" in lines and "slack: ok (workspace T1)" in lines
