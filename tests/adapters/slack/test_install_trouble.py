"""An install meets trouble: the database is away at any step, or somebody began twice. A page says so, and a new try works."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import Engine

from adapters.installs import SqlInstalls
from adapters.slack.client import Client
from adapters.slack.install import authorize_url_of, install_router
from adapters.slack.tokens import Tokens
from prompts import loader
from tests.adapters.slack.conftest import served
from tests.adapters.slack.test_installs import KEY
from tests.fakes.slack_oauth import SlackCity

PHRASES = loader.load()


class Shaky(SqlInstalls):
    """A database that is away at one step."""

    away = ""

    def _step(self, name: str) -> None:
        if name == self.away:
            raise OSError(f"away at {name}")

    def new_state(self) -> str:
        self._step("begin")
        return super().new_state()

    def use_state(self, state: str) -> bool:
        self._step("state")
        return super().use_state(state)

    def save(self, installation: Installation) -> None:
        self._step("save")
        super().save(installation)


@dataclass
class World:
    city: SlackCity
    installs: Shaky
    url: str


@pytest.fixture
async def world(engine: Engine) -> AsyncIterator[World]:
    async with SlackCity() as city:
        city.add("T1")
        client, slack_app = Client(city.api_url), city.slack_app
        installs = Shaky(engine, slack_app.client_id, [KEY])
        tokens = Tokens(installs, client, client_id=slack_app.client_id, client_secret=slack_app.client_secret)

        async def installed(installation: Installation) -> None:
            installs._step("around")

        app, ask = FastAPI(), authorize_url_of(city.api_url)
        app.include_router(install_router(tokens, client, phrases=PHRASES, authorize_url=ask, secure=False, installed=installed))
        async with served(app) as url:
            yield World(city=city, installs=installs, url=url)
        await client.close()


@pytest.mark.parametrize("step", ["state", "save"])
async def test_while_the_database_is_away_a_page_says_so_and_later_it_works(world: World, step: str) -> None:
    world.installs.away = step
    page = await world.city.install(world.url, "T1")
    assert page.status_code == 503 and "Its database does not answer" in page.text and "Start again" in page.text
    assert "Nothing was changed" in page.text and world.installs.find("T1") is None
    korean = await world.city.install(world.url, "T1", language="ko")
    assert korean.status_code == 503 and "데이터베이스가 응답하지 않습니다" in korean.text
    world.installs.away = ""
    assert (await world.city.install(world.url, "T1")).status_code == 200
    assert world.installs.find("T1") is not None


async def test_an_install_that_cannot_begin_ends_in_a_page_too(world: World) -> None:
    world.installs.away = "begin"
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(f"{world.url}/slack/install")
    assert page.status_code == 503 and "Its database does not answer" in page.text and "set-cookie" not in page.headers


async def test_what_follows_an_install_cannot_undo_it(world: World) -> None:
    world.installs.away = "around"
    page = await world.city.install(world.url, "T1")
    assert page.status_code == 200 and "Rondo is installed in T1" in page.text
    assert world.installs.find("T1") is not None


async def test_of_two_tabs_of_one_browser_the_newer_install_can_be_finished(world: World) -> None:
    async with httpx.AsyncClient(trust_env=False) as browser:
        older = await world.city.begin(browser, world.url, "T1")
        newer = await world.city.begin(browser, world.url, "T1")
        assert (await world.city.finish(browser, older)).status_code == 400
        assert (await world.city.finish(browser, newer)).status_code == 200


async def test_of_two_clicks_on_one_answer_one_installs(world: World) -> None:
    async with httpx.AsyncClient(trust_env=False) as browser:
        answer = await world.city.begin(browser, world.url, "T1")
        pages = await asyncio.gather(*(world.city.finish(browser, answer) for _ in range(4)))
    assert sorted(page.status_code for page in pages) == [200, 400, 400, 400]
    assert len(world.city.calls_of("oauth.v2.access")) == 1
