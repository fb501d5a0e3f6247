"""Requests to `/api/messages`: tokens that are not right, and right tokens over activities that Teams would not send."""

import base64
import gzip
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, cast, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.teams_keys import ISSUER, Forge, Keys, rsa_key
from tests.hostile import strange
from tests.hostile.from_slack import forged_action
from tests.hostile.strange import Json
from tests.hostile.wire import Request, http
from tests.hostile.words import RAW

REFUSED, TAKEN = frozenset({401, 403, 413}), frozenset({200, 400, 401, 403, 413})
"""A changed serviceUrl, channel or tenant is refused although the token is right."""
SIGNED = frozenset({"no_endorsement", "wrong_serviceurl", "missing_serviceurl", "serviceurl is a list"})
"""The signature is right: whether the rest is shows only together with the body, which may then be called bad first."""
LIFE = 60.0
"""Seconds for which a made token is used again: one costs as much as ten requests."""


@dataclass(kw_only=True)
class Known:
    """What a forger may know."""

    keys: Keys
    app_id: str
    service_url: str
    activities: Sequence[Json]
    crowd: Sequence[Json]  # `from` and `conversation` of accounts
    depth: float  # which share of the gestures is made anew
    _made: dict[str, tuple[float, str]] = field(default_factory=dict)

    def token(self, name: str) -> str | None:
        """An Authorization header: `good`, a `Forge`, or one of `WAYS`."""
        made_at, header = self._made.get(name, (0.0, ""))
        now = time.time()
        if now - made_at > LIFE:
            made = self._make(name, int(now))
            if made is None:
                return None
            header = made
            self._made[name] = now, header
        return header

    def _make(self, name: str, now: int) -> str | None:
        if name in get_args(Forge):
            forge = cast(Forge, name)
            return self.keys.authorization(app_id=self.app_id, service_url=self.service_url, now=now, forge=forge)
        claims: Json = {
            "iss": ISSUER,
            "aud": self.app_id,
            "nbf": now - 60,
            "iat": now - 60,
            "exp": now + 3600,
            "serviceurl": self.service_url,
        }
        if name == "good":
            return self.keys.authorization(app_id=self.app_id, service_url=self.service_url, now=now)
        return f"Bearer {_forged(name, claims, {'kid': self.keys.kid}, now)}"


WAYS = (
    "expired 301 s ago",
    "not valid yet",
    "key in the header",
    "jku, foreign key",
    "x5u, foreign key",
    "kid is a list",
    "kid is a path",
    "kid is SQL",
    "aud is a list of others",
    "iss is a list",
    "exp is text",
    "exp is missing",
    "nbf is text",
    "crit unknown",
    "claims are a list",
    "claims are deep",
    "serviceurl is a list",
    "algorithm RS512",
    "two dots more",
    "a huge token",
    "no padding",
    "bytes",
)


def _forged(name: str, claims: Json, head: Json, now: int) -> str:
    """A token that is wrong in one way, the rest of it as it should be."""
    key, algorithm = rsa_key(0), "RS256"
    changes: dict[str, Json] = {
        "expired 301 s ago": {"exp": now - 301, "nbf": now - 4000},
        "not valid yet": {"nbf": now + 301 + int(LIFE)},
        "aud is a list of others": {"aud": ["a", "b", None]},
        "iss is a list": {"iss": [ISSUER]},
        "exp is text": {"exp": "tomorrow"},
        "nbf is text": {"nbf": "x"},
        "serviceurl is a list": {"serviceurl": [claims["serviceurl"]]},
    }
    claims = {**claims, **changes.get(name, {})}
    match name:
        case "exp is missing":
            del claims["exp"]
        case "jku, foreign key" | "x5u, foreign key":
            key = rsa_key(-2)
            head = {**head, name[:3]: "https://evil.example/keys"}
        case "key in the header":
            key = rsa_key(-2)
            head = {**head, "jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}
        case "kid is a path" | "kid is SQL":
            head = {"kid": "../../dev/null" if name.endswith("path") else "' OR 1=1 --"}
        case "crit unknown":
            head = {**head, "crit": ["exp2"], "exp2": 1}
        case "algorithm RS512":
            algorithm = "RS512"
        case _:
            pass
    token = _signed(claims, key, head, algorithm)
    first, payload, signature = token.split(".")
    odd = {
        "kid is a list": {"alg": "RS256", "typ": "JWT", "kid": ["a"]},
        "claims are a list": [1, 2],
        "claims are deep": json.loads("[" * 500 + "]" * 500),
    }
    match name:
        case "kid is a list":
            return f"{_b64(odd[name])}.{payload}.{signature}"
        case "claims are a list" | "claims are deep":
            return _signed(odd[name], key, head)
        case "two dots more":
            return f"{token}.."
        case "a huge token":
            return token + "A" * 20_000
        case "no padding":
            return f"{first}=.{payload}==.{signature}==="
        case "bytes":
            return f"{first}.\x80\xff.{signature}"
        case _:
            return token


def _signed(claims: Any, key: rsa.RSAPrivateKey, head: Json, algorithm: str = "RS256") -> str:
    """Below `jwt.encode`, which would not sign most of this."""
    return jwt.api_jws.encode(json.dumps(claims).encode(), key, algorithm=algorithm, headers=head)


def _b64(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def not_trusted(rng: Random, known: Known, number: int) -> Request:
    """Any body under a token that must not be believed."""
    way = rng.choice((*get_args(Forge), *WAYS, "odd header"))
    header = known.token(way) if way != "odd header" else rng.choice(
        ("", "Bearer", "Bearer ", "bearer a.b", "Bearer a.b.c.d", "Basic x", "Negotiate", "Bearer " + "x" * 7_000, "Bearer é")
    )  # fmt: skip
    headers: list[tuple[str, str | bytes]] = [("Content-Type", "application/json; charset=utf-8")]
    if header is not None:
        headers.append(("Authorization", header))
    allowed = TAKEN - {200} if way in SIGNED else REFUSED
    return Request("teams, not trusted", way, http("POST", "/api/messages", headers, _body(rng, known, number)), allowed)


def trusted(rng: Random, known: Known, number: int) -> Request:
    """A right token over something strange."""
    body = _body(rng, known, number)
    kind = (
        "application/json; charset=utf-8"
        if rng.random() < 0.97
        else rng.choice(("", "text/plain", "application/json; charset=x"))
    )
    headers: list[tuple[str, str | bytes]] = [("Content-Type", kind), ("Authorization", known.token("good") or "")]
    allowed = TAKEN
    if rng.random() < 0.02:
        body, allowed = gzip.compress(body, 1), frozenset({413, 415})
        headers.append(("Content-Encoding", "gzip"))
    return Request("teams, trusted", kind, http("POST", "/api/messages", headers, body), allowed)


def _body(rng: Random, known: Known, number: int) -> bytes:
    draw = rng.random()
    if draw < 0.06:
        return rng.choice((json.dumps(strange.value(rng)).encode(), strange.rng_bytes(rng), rng.choice(RAW).encode()))
    activity = rng.choice(known.activities)
    fresh = dict(activity)
    if rng.random() < known.depth:
        fresh |= {**rng.choice(known.crowd), "id": f"{activity.get('id', '')}{number}"}
    if draw < 0.3 and rng.random() < 4 * known.depth and isinstance(fresh.get("value"), dict):
        fresh["value"] = _forged_value(rng, fresh["value"])
    times = rng.choice((0, 1, 1, 1, 2, 2, 3, 6))
    made = strange.mutated(rng, fresh, known.activities, times)
    if rng.random() < 0.7:  # most of what is changed elsewhere should come as far as the reading
        made |= {key: activity[key] for key in ("serviceUrl", "channelId", "channelData", "type") if key in activity}
    return strange.written(rng, made)


def _forged_value(rng: Random, value: Json) -> Json:
    """The data of a button or form with another action in it, and strange inputs beside it."""
    inner = value.get("action", value)
    data = dict(inner.get("data") or inner) if isinstance(inner, dict) else {}
    data = {key: item if rng.random() < 0.5 else strange.words(rng) for key, item in data.items()}
    data["rondo"] = forged_action(rng, form=rng.random() < 0.5)
    if "action" in value:
        return {**value, "action": {**value["action"], "data": data}}
    return {**value, "data": data} if "data" in value else data
