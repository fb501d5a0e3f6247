"""The Bot Framework's side of authentication: signing keys, the tokens a channel sends, and every way to forge one."""

import base64
import functools
import hashlib
import hmac
import json
from typing import Literal

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .loopback import Json

ISSUER = "https://api.botframework.com"
FAR = 3600  # seconds, beyond every leeway

Forge = Literal[
    "missing", "garbage", "not_bearer", "wrong_key", "unknown_kid", "no_kid", "no_endorsement", "alg_none",
    "hs256_public_key", "wrong_aud", "wrong_issuer", "wrong_serviceurl", "missing_serviceurl", "expired",
    "not_yet_valid",
]  # fmt: skip


@functools.cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """Made once per process: a key takes a tenth of a second."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Keys:
    """The published key (endorsed for Teams), one published without endorsement, and one never published."""

    def __init__(self) -> None:
        self.number = 0

    def rotate(self) -> None:
        self.number += 1

    @property
    def kid(self) -> str:
        return f"loopback-{self.number}"

    def key_set(self) -> Json:
        good = _public(rsa_key(self.number), self.kid) | {"endorsements": ["msteams", "webchat"]}
        return {"keys": [good, _public(rsa_key(-1), "loopback-unendorsed") | {"endorsements": ["webchat"]}]}

    def authorization(self, *, app_id: str, service_url: str, now: int, forge: Forge | None = None) -> str | None:
        """The Authorization header of a request, or None for none at all."""
        claims: Json = {
            "iss": ISSUER, "aud": app_id, "nbf": now - 60, "iat": now - 60, "exp": now + FAR, "serviceurl": service_url,
        }  # fmt: skip
        key, headers = rsa_key(self.number), {"kid": self.kid, "x5t": self.kid}
        match forge:
            case "missing":
                return None
            case "garbage":
                return "Bearer not.a.token"
            case "not_bearer":
                return "Basic cm9uZG86cm9uZG8="
            case "wrong_key":
                key = rsa_key(-2)
            case "unknown_kid":
                key, headers = rsa_key(-2), {"kid": "loopback-unknown"}
            case "no_kid":
                headers = {}
            case "no_endorsement":
                key, headers = rsa_key(-1), {"kid": "loopback-unendorsed"}
            case "wrong_aud":
                claims["aud"] = "99999999-0000-0000-0000-000000000000"
            case "wrong_issuer":
                claims["iss"] = "https://evil.example"
            case "wrong_serviceurl":
                claims["serviceurl"] = "https://evil.example/teams/"
            case "missing_serviceurl":
                del claims["serviceurl"]
            case "expired":
                claims |= {"nbf": now - 2 * FAR, "iat": now - 2 * FAR, "exp": now - FAR}
            case "not_yet_valid":
                claims |= {"nbf": now + FAR, "iat": now + FAR, "exp": now + 2 * FAR}
            case "alg_none":
                return f"Bearer {jwt.encode(claims, None, algorithm='none', headers=headers)}"  # type: ignore[arg-type]
            case "hs256_public_key":
                return f"Bearer {_hs256(claims, headers, key)}"
            case None:
                pass
        return f"Bearer {jwt.encode(claims, key, algorithm='RS256', headers=headers)}"


def _public(key: rsa.RSAPrivateKey, kid: str) -> Json:
    numbers = key.public_key().public_numbers()
    return {
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "x5t": kid,
        "n": _b64(numbers.n.to_bytes(256, "big")), "e": _b64(numbers.e.to_bytes(3, "big")),
    }  # fmt: skip


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _hs256(claims: Json, headers: dict[str, str], key: rsa.RSAPrivateKey) -> str:
    """Signed with the public key as if it were a shared secret; PyJWT refuses to make one."""
    secret = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    parts = [{"alg": "HS256", "typ": "JWT", **headers}, claims]
    head = ".".join(_b64(json.dumps(part).encode()) for part in parts)
    return f"{head}.{_b64(hmac.new(secret, head.encode(), hashlib.sha256).digest())}"
