"""Who may speak for Teams: every trap of the SDK, mended (RELIABILITY.md section 5, "Teams in")."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any, get_args

import httpx
import jwt
import pytest

from adapters.teams.auth import Auth, Caller, Forbidden, Keys, KeysUnavailable, Unauthorized, host_allowed
from tests.adapters.teams.conftest import APP_ID, TENANT
from tests.fakes.teams import FakeTeams, Forge
from tests.fakes.teams_keys import ISSUER, rsa_key

HOSTS = {"smba.trafficmanager.net"}


class Seconds:
    """A monotonic clock set by hand."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def auth_for(teams: FakeTeams, http: httpx.AsyncClient, seconds: Seconds | None = None) -> Auth:
    keys = Keys(teams.openid_url, http, clock=seconds or Seconds())
    return Auth(app_id=APP_ID, tenants={TENANT}, keys=keys, service_hosts=HOSTS, development=True)


async def enter(auth: Auth, teams: FakeTeams, forge: Forge | None = None, /, **changed: str) -> None:
    """The whole door, as the route walks through it."""
    url = teams.service_url
    header = teams.keys.authorization(app_id=APP_ID, service_url=url, now=int(time.time()), forge=forge)
    caller = await auth.verify(header or "")
    auth.admit(caller, **({"channel": "msteams", "service_url": url, "tenant": TENANT} | changed))


def token(key_number: int = 0, headers: dict[str, str] | None = None, **claims: Any) -> str:
    now = int(time.time())
    body = {"iss": ISSUER, "aud": APP_ID, "nbf": now, "exp": now + 60} | claims
    body = {name: value for name, value in body.items() if value is not None}
    made = jwt.encode(body, rsa_key(key_number), "RS256", headers={"kid": "loopback-0"} | (headers or {}))
    return f"Bearer {made}"


async def test_teams_itself_may_enter(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    await enter(auth_for(teams, http), teams)


@pytest.mark.parametrize("forge", get_args(Forge))
async def test_no_forged_token_enters(teams: FakeTeams, http: httpx.AsyncClient, forge: Forge) -> None:
    with pytest.raises(Unauthorized):
        await enter(auth_for(teams, http), teams, forge)


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "bearer a.b.c", "Bearer " + "x" * 20_000, "Bearer \ud800", "Bearer é.é.é", "Bearer ..",
     "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6W119.e30.AA", "Bearer bnVsbA.bnVsbA.AA"],
)  # fmt: skip
async def test_no_garbage_enters(teams: FakeTeams, http: httpx.AsyncClient, header: str) -> None:
    with pytest.raises(Unauthorized):
        await auth_for(teams, http).verify(header)


@pytest.mark.parametrize(
    "claims",
    [{"exp": None}, {"iss": None}, {"aud": None}, {"exp": "soon"}, {"exp": -301.0}, {"nbf": 330.0}],
)
async def test_a_token_needs_its_claims_and_its_time(teams: FakeTeams, http: httpx.AsyncClient, claims: dict[str, Any]) -> None:
    for name in ("exp", "nbf"):
        if isinstance(claims.get(name), float):  # seconds from now
            claims = {**claims, name: time.time() + claims[name]}
    with pytest.raises(Unauthorized):
        await auth_for(teams, http).verify(token(**claims))


async def test_five_minutes_of_skew_are_forgiven(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    auth = auth_for(teams, http)
    await auth.verify(token(exp=time.time() - 280))
    await auth.verify(token(nbf=time.time() + 280))


async def test_a_key_address_in_the_token_is_never_followed(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    evil = {"jku": f"{teams.base_url}/evil", "x5u": f"{teams.base_url}/evil"}
    with pytest.raises(Unauthorized):
        await auth_for(teams, http).verify(token(-2, evil))
    assert {call.method for call in teams.calls} == {"openid", "keys"}


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"tenant": "another"}, Forbidden),
        ({"tenant": ""}, Forbidden),
        ({"channel": "webchat"}, Forbidden),
        ({"channel": "emulator"}, Unauthorized),
        ({"service_url": "https://smba.trafficmanager.net/emea/"}, Unauthorized),
        ({"service_url": ""}, Unauthorized),
    ],
)
async def test_the_activity_must_fit_the_token_and_us(
    teams: FakeTeams, http: httpx.AsyncClient, changed: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await enter(auth_for(teams, http), teams, **changed)


async def test_ids_copied_in_capitals_are_the_same_ids(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    keys = Keys(teams.openid_url, http)
    await enter(Auth(app_id=APP_ID, tenants={TENANT.upper()}, keys=keys, development=True), teams)
    await Auth(app_id="ABCDEF01-2222", tenants={TENANT}, keys=keys).verify(token(aud="abcdef01-2222"))


async def test_a_host_not_listed_is_forbidden_even_with_a_true_token(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    auth = Auth(app_id=APP_ID, tenants={TENANT}, keys=Keys(teams.openid_url, http), service_hosts=HOSTS)
    with pytest.raises(Forbidden):
        await enter(auth, teams)


async def test_a_new_key_is_learned_and_strangers_cannot_make_us_ask_more_than_once_a_minute(
    teams: FakeTeams, http: httpx.AsyncClient
) -> None:
    seconds = Seconds()
    auth = auth_for(teams, http, seconds)
    await enter(auth, teams)
    teams.rotate_keys()
    await enter(auth, teams)
    for _ in range(20):
        with pytest.raises(Unauthorized):
            await enter(auth, teams, "unknown_kid")
    assert len(teams.calls_of("keys")) == 2

    seconds.now += 61
    teams.rotate_keys()
    await enter(auth, teams)
    assert len(teams.calls_of("keys")) == 3


async def test_a_withdrawn_key_is_forgotten_within_a_day(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    seconds = Seconds()
    auth = auth_for(teams, http, seconds)
    old = token()
    await auth.verify(old)
    teams.rotate_keys()
    seconds.now += 24 * 3600 + 1
    with pytest.raises(Unauthorized):
        await auth.verify(old)


async def test_while_the_key_host_is_down_known_keys_still_work(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    seconds = Seconds()
    auth = auth_for(teams, http, seconds)
    await enter(auth, teams)
    teams.faults.server_error(99, method="openid")
    seconds.now += 24 * 3600 + 1
    await enter(auth, teams)
    with pytest.raises(Unauthorized):
        await enter(auth, teams, "unknown_kid")


class Dripping(httpx.AsyncByteStream):
    """An answer that never ends, a byte now and then."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(0.02)
            yield b" "


async def test_a_key_host_that_drips_keeps_nobody_waiting_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every byte in time and yet no end: only a limit on all of it helps."""
    monkeypatch.setattr("adapters.teams.auth.PATIENCE", 0.2)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Dripping()))
    async with httpx.AsyncClient(transport=transport) as http, asyncio.timeout(5):
        auth = Auth(app_id=APP_ID, tenants={TENANT}, keys=Keys("https://keys.example/", http), service_hosts=HOSTS)
        with pytest.raises(KeysUnavailable):
            await auth.verify(token())


@pytest.mark.parametrize("method", ["openid", "keys"])
async def test_without_any_key_nobody_enters_and_teams_is_asked_to_repeat(
    teams: FakeTeams, http: httpx.AsyncClient, method: str
) -> None:
    seconds = Seconds()
    auth = auth_for(teams, http, seconds)
    teams.faults.server_error(1, method=method)
    with pytest.raises(KeysUnavailable):
        await enter(auth, teams)
    seconds.now += 2
    await enter(auth, teams)


@pytest.mark.parametrize("body", ["{}", "[]", "null", "<html>", '{"jwks_uri": 5}', '{"keys": [{"kty": "oct"}]}'])
async def test_a_nonsensical_key_document_is_no_key(body: str) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, text=body))
    auth = Auth(app_id=APP_ID, tenants={TENANT}, keys=Keys("https://x.example/", httpx.AsyncClient(transport=transport)))
    with pytest.raises(KeysUnavailable):
        await auth.verify(token())


@pytest.mark.parametrize("missing", [{"app_id": ""}, {"tenants": ()}])
def test_without_an_app_id_or_a_tenant_it_refuses_to_start(missing: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"app_id": APP_ID, "tenants": {TENANT}, "keys": Keys("https://x.example/", None)}  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="RONDO_TEAMS_"):
        Auth(**(settings | missing))


def test_an_anonymous_caller_is_still_bound_to_the_listed_hosts() -> None:
    auth = Auth(app_id=APP_ID, tenants={TENANT}, keys=Keys("https://x.example/", None), development=True)  # type: ignore[arg-type]
    nobody = Caller(claims={}, anonymous=True)
    auth.admit(nobody, channel="emulator", service_url="http://127.0.0.1:9/", tenant="any")
    with pytest.raises(Forbidden):
        auth.admit(nobody, channel="emulator", service_url="https://evil.example/", tenant="any")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://smba.trafficmanager.net/emea/", True),
        ("https://SMBA.trafficmanager.net:443/emea/", True),
        ("http://smba.trafficmanager.net/emea/", False),
        ("https://smba.trafficmanager.net.evil.example/", False),
        ("https://smba.trafficmanager.net@evil.example/", False),
        ("https://evil.example#@smba.trafficmanager.net/", False),
        ("https://evil.example\\@smba.trafficmanager.net/", False),
        ("https://user:pw@smba.trafficmanager.net/", False),
        ("https://smba.trafficmanager.net:port/", False),
        ("https://smba.trafficmanager.net/\n", False),
        ("//smba.trafficmanager.net/", False),
        ("https://[::1/", False),
        ("http://127.0.0.1:8080/", False),
        ("http://localhost/", False),
        ("", False),
    ],
)
def test_tokens_go_to_listed_hosts_over_https_alone(url: str, allowed: bool) -> None:
    assert host_allowed(url, HOSTS) is allowed


def test_in_development_this_machine_is_a_host_too() -> None:
    assert host_allowed("http://127.0.0.1:8080/", HOSTS, development=True)
    assert not host_allowed("http://127.0.0.1.evil.example/", HOSTS, development=True)


async def test_another_cloud_has_its_own_issuer_and_takes_no_other(teams: FakeTeams, http: httpx.AsyncClient) -> None:
    elsewhere = "https://api.botframework.us"
    keys = Keys(teams.openid_url, http, clock=Seconds())
    auth = Auth(app_id=APP_ID, tenants={TENANT}, keys=keys, service_hosts=HOSTS, development=True, issuer=elsewhere)
    assert (await auth.verify(token(iss=elsewhere))).claims["iss"] == elsewhere
    with pytest.raises(Unauthorized):
        await auth.verify(token())
