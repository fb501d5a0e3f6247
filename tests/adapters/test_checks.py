"""What `rondo check` says about the send window, and about Teams."""

import asyncio

import pytest
from sqlalchemy import Engine

from adapters import checks
from adapters.settings import Settings
from storage.imports import SqlImports
from tests.e2e.server import free_port
from tests.fakes.slack import FakeSlack
from tests.fakes.teams import FakeTeams
from tests.storage.seeds import MONDAY, person


def settings(engine: Engine, **given: object) -> Settings:
    url = engine.url.render_as_string(hide_password=False)
    return Settings.load(database_url=url, **given)


def slack(per_minute: int) -> dict[str, object]:
    return {"slack_signing_secret": "s" * 32, "slack_bot_token": "xoxb-1", "slack_messages_per_minute": per_minute}


TEAMS = {"teams_app_id": "app", "teams_app_password": "word", "teams_tenant_id": ("tenant",)}


@pytest.fixture
def company(engine: Engine) -> Engine:
    """700 people in Berlin, 20 in Paris, 5 in Seoul."""
    where = [("Europe/Berlin", 700), ("Europe/Paris", 20), ("Asia/Seoul", 5)]
    with SqlImports(engine).begin() as one:
        one.apply_people(
            [person(f"{zone[-3:]}{number}", zone=zone) for zone, people in where for number in range(people)],
            at=MONDAY,
            cause="c",
        )
    return engine


def test_it_names_the_largest_crowd_and_its_window(company: Engine) -> None:
    found = checks.spreading(settings(company, **slack(300)))
    assert (found.name, found.well) == ("send window", True)
    assert found.words == "ok, 720 people share 10:00 in Europe/Berlin and 1 other zone at the same instant: 3 minutes"
    assert "at the same instant: 0 minutes" in checks.spreading(settings(company)).words, "no platform, nothing to wait for"


def test_it_warns_with_the_remedy_above_an_hour(company: Engine) -> None:
    found = checks.spreading(settings(company, **slack(20)))
    assert found.words.startswith("warning: 720 people share 10:00 in Europe/Berlin")
    assert "66 minutes, more than an hour" in found.words
    assert "/nudges set checkin.prompt Thursday 14:00 for department NAME" in found.words
    assert "RONDO_SLACK_MESSAGES_PER_MINUTE" in found.words
    assert found.well, "a warning fails no deployment"


def test_an_empty_company_has_no_window(engine: Engine) -> None:
    assert checks.spreading(settings(engine, **slack(20))).words == "ok, nobody is asked yet"


def test_the_slowest_platform_counts(company: Engine) -> None:
    both, teams = checks.window_for(settings(company, **slack(300), **TEAMS)), checks.window_for(settings(company, **TEAMS))
    assert checks.window_for(settings(company)) is None
    assert both is not None
    assert teams is not None
    assert both(301) > teams(2_400) == both(300)


@pytest.mark.parametrize("graph", ["off", "on", "not consented", "not uploaded", "no secret"])
async def test_it_says_whether_teams_and_graph_are_well_or_what_to_do(engine: Engine, graph: str) -> None:
    async with FakeTeams() as teams:
        teams.graph.allowed, teams.graph.in_catalog = graph != "not consented", graph != "not uploaded"
        given = {
            "env": "development",
            "teams_app_id": teams.app_id,
            "teams_app_password": "another" if graph == "no secret" else teams.app_password,
            "teams_tenant_id": (teams.tenant_id,),
            "teams_token_url": teams.token_url,
            "teams_openid_url": teams.openid_url,
            "teams_service_hosts": ("127.0.0.1",),
            "teams_graph": graph != "off",
            "graph_url": teams.graph_url,
        }
        found = await asyncio.to_thread(lambda: list(checks.look(settings(engine, **given))))
    of_teams = next(one for one in found if one.name == "teams")
    of_graph = next(one for one in found if one.name == "graph")
    assert of_teams.well is (graph != "no secret")
    assert of_graph.well is (graph in ("off", "on"))
    said = {
        "off": "ok (off",
        "on": f"ok (tenant {teams.tenant_id}",
        "not consented": "give admin consent",
        "not uploaded": "upload it in the Teams admin center: or set RONDO_TEAMS_CATALOG_ID",
        "no secret": "401 invalid_client",
    }
    assert said[graph] in of_graph.words
    assert teams.app_password not in f"{of_teams.words} {of_graph.words}"


async def test_without_the_keys_that_prove_what_comes_in_teams_is_not_well(engine: Engine) -> None:
    async with FakeTeams() as teams:
        teams.faults.server_error(9, method="keys")
        given = {
            "env": "development",
            "teams_app_id": teams.app_id,
            "teams_app_password": teams.app_password,
            "teams_tenant_id": (teams.tenant_id,),
            "teams_token_url": teams.token_url,
            "teams_openid_url": teams.openid_url,
            "teams_service_hosts": ("127.0.0.1",),
        }
        found = await asyncio.to_thread(lambda: list(checks.look(settings(engine, **given))))
    of_teams = next(one for one in found if one.name == "teams")
    assert not of_teams.well
    assert of_teams.words.startswith("no signing keys from 127.0.0.1: ")
    assert "may this machine reach it" in of_teams.words


@pytest.mark.parametrize("answering", [True, False])
async def test_only_a_platform_that_answered_makes_one_look_at_the_credentials(engine: Engine, answering: bool) -> None:
    async with FakeSlack() as slack_there, FakeTeams() as teams_there:
        api, token = slack_there.api_url, teams_there.token_url
        if not answering:
            api, token = (f"http://127.0.0.1:{free_port()}/{end}" for end in ("api/", "token"))
        given = {**slack(300), **TEAMS, "slack_api_url": api, "teams_token_url": token, "env": "development"}
        found = await asyncio.to_thread(lambda: list(checks.look(settings(engine, **given))))
    for name, credential in (("slack", "RONDO_SLACK_BOT_TOKEN"), ("teams", "RONDO_TEAMS_APP_PASSWORD")):
        said = next(one for one in found if one.name == name)
        assert not said.well
        assert (credential in said.words) is answering, said.words
        assert ("DNS, firewall, proxy" in said.words) is not answering, said.words
