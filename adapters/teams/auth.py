"""Who is calling: Bot Framework tokens, checked by ourselves (PLATFORMS.md B3; RFC 7519, RFC 8725).

botframework-connector's own check answers 500 to half of the bad tokens, blocks the event loop while it fetches keys,
and never learns a new key within a day. Nothing here parses the body: `verify` takes the header, `admit` three names.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from adapters.teams.tokens import CONNECTOR

log = logging.getLogger("rondo.teams.auth")

OPENID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
SERVICE_HOSTS = frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})
"""Where Teams' Connector lives: public cloud and GCC. Sovereign clouds name theirs in RONDO_TEAMS_SERVICE_HOSTS."""

CHANNEL = "msteams"
LEEWAY = 300  # seconds of clock skew that Microsoft asks for
FRESH = 24 * 3600.0  # seconds after which keys are fetched again even when all tokens fit
AT_MOST_EVERY = 60.0  # seconds between two fetches, whatever strangers put into `kid`
WHILE_EMPTY = 1.0  # the same while there is no key at all and nobody can be let in
PATIENCE = 5.0  # seconds for a fetch, all of it: whoever calls waits for it, and Teams for ten to fifteen seconds only
LONGEST_TOKEN = 16 * 1024


class Unauthorized(Exception):
    """401: the token is missing, false, or not for us."""


class Forbidden(Exception):
    """403: a true token for a tenant, channel or host that we do not serve."""


class KeysUnavailable(Exception):
    """503: nobody can be checked, because Microsoft's keys could never be fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A token whose signature, issuer, audience and times are right. `anonymous`: development only, there was none."""

    claims: Mapping[str, Any]
    endorsements: frozenset[str] = frozenset()
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class _Key:
    public: RSAPublicKey
    endorsements: frozenset[str]


class Keys:
    """The issuer's public keys, fetched when needed, kept while its host is down."""

    def __init__(self, openid_url: str, http: httpx.AsyncClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._openid_url = openid_url
        self._http = http
        self._clock = clock
        self._keys: dict[str, _Key] = {}
        self._fetched_at = self._first_try_at = self._renewal_at = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self, kid: str) -> _Key | None:
        """The key with this id; None where the issuer has none. Raises KeysUnavailable."""
        if kid not in self._keys or (self._clock() - self._fetched_at > FRESH and not self._lock.locked()):
            await self._refresh(kid)  # of those whose key is merely old one asks, and the others go on with it
        if not self._keys:
            raise KeysUnavailable("the Bot Framework's signing keys could not be fetched yet")
        return self._keys.get(kid)

    async def _refresh(self, kid: str) -> None:
        async with self._lock:
            if kid in self._keys and self._clock() - self._fetched_at <= FRESH:
                return  # somebody else fetched while we waited
            now = self._clock()
            if self._keys:
                # The first fetch does not count: a key that changes right after a start is learned at once.
                if now - self._renewal_at < AT_MOST_EVERY:
                    return
                self._renewal_at = now
            else:
                if now - self._first_try_at < WHILE_EMPTY:
                    return
                self._first_try_at = now
            try:
                async with asyncio.timeout(PATIENCE):
                    self._keys = await self._fetch()
                self._fetched_at = self._clock()
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, KeyError, TypeError, RecursionError) as error:
                log.warning("teams signing keys not fetched", extra={"reason": repr(error), "kept": len(self._keys)})

    async def _fetch(self) -> dict[str, _Key]:
        jwks_url = (await self._json(self._openid_url))["jwks_uri"]
        keys: dict[str, _Key] = {}
        for entry in (await self._json(str(jwks_url)))["keys"]:
            try:
                public = jwt.PyJWK(entry, algorithm="RS256").key
            except jwt.PyJWTError:
                continue  # some other kind of key
            if isinstance(public, RSAPublicKey):
                keys[str(entry["kid"])] = _Key(public, frozenset(map(str, entry.get("endorsements") or ())))
        if not keys:
            raise ValueError("no usable key in the key document")
        return keys

    async def _json(self, url: str) -> Any:
        answer = await self._http.get(url, timeout=PATIENCE, follow_redirects=False)
        answer.raise_for_status()
        return json.loads(answer.content)


class Auth:
    """The door of `/api/messages`. `tenants`: whom we serve; `service_hosts`: where answers may go."""

    def __init__(
        self,
        *,
        app_id: str,
        tenants: Collection[str],
        keys: Keys,
        service_hosts: Collection[str] = SERVICE_HOSTS,
        issuer: str = CONNECTOR,
        development: bool = False,
    ) -> None:
        if not app_id:
            raise ValueError("RONDO_TEAMS_APP_ID is empty: anybody could speak for Teams. Set it to the bot's app id")
        if not tenants:
            raise ValueError("RONDO_TEAMS_TENANT_ID is empty: set it to the tenant (or tenants) Rondo serves")
        # Ids are the same in capitals, however somebody copied them.
        self._audiences = (app_id, app_id.lower())
        self._tenants = frozenset(tenant.lower() for tenant in tenants)
        self._keys = keys
        self._service_hosts = frozenset(service_hosts)
        self._issuer = issuer
        self._development = development

    async def verify(self, header: str) -> Caller:
        """Who sent this Authorization header. Raises Unauthorized or KeysUnavailable."""
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise Unauthorized("a bearer token is needed")
        try:
            head = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise Unauthorized("the token is malformed") from error
        kid = head.get("kid")
        if head.get("alg") != "RS256" or not isinstance(kid, str):
            raise Unauthorized("the token is not signed with RS256 and a named key")
        key = await self._keys.get(kid)
        if key is None:
            raise Unauthorized("the token is signed with a key nobody knows")
        try:
            claims = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._audiences,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise Unauthorized(f"the token is not valid: {type(error).__name__}") from error
        return Caller(claims=claims, endorsements=key.endorsements)

    def admit(self, caller: Caller, *, channel: str, service_url: str, tenant: str) -> None:
        """Check what the token says against what the activity says. Raises Unauthorized or Forbidden."""
        if not caller.anonymous:
            if channel not in caller.endorsements:
                raise Unauthorized("the signing key is not endorsed for this channel")
            if not service_url or caller.claims.get("serviceurl") != service_url:
                raise Unauthorized("the token was given for another service URL")
            if channel != CHANNEL:
                raise Forbidden("only the Microsoft Teams channel is served")
            if tenant.lower() not in self._tenants:
                raise Forbidden("this tenant is not in RONDO_TEAMS_TENANT_ID")
        if not host_allowed(service_url, self._service_hosts, development=self._development):
            raise Forbidden("this service host is not in RONDO_TEAMS_SERVICE_HOSTS")


def host_allowed(url: str, hosts: Collection[str], *, development: bool = False) -> bool:
    """Whether a token of ours may be sent to `url`: https to a listed host, or 127.0.0.1 in development."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError on a port that is none
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or "\\" in url or not url.isprintable():
        return False
    if parts.hostname == "127.0.0.1" and parts.scheme in ("http", "https"):
        return development
    return parts.scheme == "https" and parts.hostname is not None and parts.hostname in hosts
