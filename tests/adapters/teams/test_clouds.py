"""What is set for Teams fits together, and tokens are asked for as the cloud wants them."""

import pytest

from adapters.settings import ConfigurationError, Settings
from adapters.teams.gateway import TeamsGateway
from adapters.teams.tokens import token_url
from bot.ports import Later
from tests.adapters.teams.conftest import APP_ID, TENANT
from tests.fakes.teams import FakeTeams

TEAMS = {"teams_app_id": APP_ID, "teams_app_password": "word", "teams_tenant_id": (TENANT,)}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"teams_graph": True}, "RONDO_TEAMS_APP_ID is missing"),
        ({**TEAMS, "graph_url": "https://graph.microsoft.us"}, "RONDO_GRAPH_URL must end in /v1.0/"),
        ({**TEAMS, "graph_url": "http://graph.microsoft.us/v1.0/"}, "RONDO_GRAPH_URL"),
        ({**TEAMS, "teams_issuer": "api.botframework.us"}, "RONDO_TEAMS_ISSUER"),
        ({**TEAMS, "teams_issuer": "https://api.botframework.us/"}, "RONDO_TEAMS_ISSUER"),
    ],
)
def test_what_contradicts_stops_the_start_in_one_line(given: dict[str, object], says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as stopped:
        Settings.load(**given)
    assert "\n" not in str(stopped.value)


def test_a_token_is_asked_for_at_the_tenants_own_authority_in_whatever_cloud() -> None:
    assert token_url("t1") == "https://login.microsoftonline.com/t1/oauth2/v2.0/token"
    given = "https://login.microsoftonline.us/first/oauth2/v2.0/token"
    assert token_url("t2", given) == "https://login.microsoftonline.us/t2/oauth2/v2.0/token"
    assert token_url("a/b", given) == "https://login.microsoftonline.us/a%2Fb/oauth2/v2.0/token"


async def test_the_token_is_for_the_connector_of_the_cloud(teams: FakeTeams) -> None:
    gateway = TeamsGateway(
        app_id=APP_ID,
        password=teams.app_password,
        tenant=TENANT,
        token_url=teams.token_url,
        development=True,
        issuer="https://api.botframework.us",
    )
    with pytest.raises(Later, match="invalid_scope"):  # the loopback is the public cloud
        await gateway.check()
    await gateway.aclose()
    assert [call.args["scope"] for call in teams.calls_of("token")] == ["https://api.botframework.us/.default"]
