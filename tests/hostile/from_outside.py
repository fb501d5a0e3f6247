"""Requests to everything else: the admin API with and without its token, the development clock, the playground, odd HTTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from tests.e2e.company import GOALS_HEADER, PEOPLE_HEADER
from tests.e2e.server import ADMIN
from tests.hostile import strange
from tests.hostile.from_slack import forged_action
from tests.hostile.wire import Request, http

READS = ("policies", "ledger", "checkins", "outbox")
NOT_LET_IN = frozenset({400, 401, 404, 405, 413})
"""The addresses and methods there are ask for the token first; what is no address is none for anybody."""
BELOW_500 = frozenset(range(200, 500))
ODD_HTTP = frozenset({0, *range(400, 500)})
"""Bytes that are no request may be answered by hanging up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a stranger may know."""

    people: Sequence[str]
    results: Sequence[str]


def without_token(rng: Random, known: Known, number: int) -> Request:
    """The admin API asked by nobody."""
    token = rng.choice(
        ("", "Bearer", "Bearer wrong", f"Basic {ADMIN}", f"Bearer {ADMIN}x", ADMIN, "Bearer é", f"bearer\t{ADMIN}")
    )
    method, path, body = _asked(rng, known)
    headers: list[tuple[str, str | bytes]] = [("Authorization", token)] if rng.random() < 0.9 else []
    allowed = NOT_LET_IN if method not in ("GET", "PATCH") else NOT_LET_IN - {400}
    return Request("admin api, no token", method, http(method, path, headers, body), allowed)


def with_token(rng: Random, known: Known, number: int) -> Request:
    """The admin API asked for nonsense by somebody who may."""
    method, path, body = _asked(rng, known)
    headers: list[tuple[str, str | bytes]] = [("Authorization", f"Bearer {ADMIN}")]
    if rng.random() < 0.3:
        headers.append(("Idempotency-Key", strange.words(rng)[:250].replace("\n", "").replace("\r", "").replace("\0", "")))
    if rng.random() < 0.1:
        headers.append(
            ("Content-Type", rng.choice(("multipart/form-data; boundary=x", "application/json", "text/csv; charset=utf-16")))
        )
    return Request("admin api, token", f"{method} {path[:40]}", http(method, path, headers, body), BELOW_500)


def _asked(rng: Random, known: Known) -> tuple[str, str, bytes]:
    match rng.randrange(4):
        case 0:
            name = rng.choice(("cursor", "limit", "state", "other", "cursor"))
            query = f"{name}={quote(_escaped(strange.words(rng)[:500]))}"
            return (
                "GET",
                f"/api/v1/{rng.choice(READS)}?{query}" + (f"&limit={rng.randrange(1, 3)}" if name != "limit" else ""),
                b"",
            )
        case 1:
            id = rng.choice(known.results) if rng.random() < 0.6 else quote(_escaped(strange.words(rng)[:600]), safe="")
            payload = {"current": rng.choice((1, 42.5, "45%")), "note": "n", "source": "s"}
            body = strange.written(rng, strange.mutated(rng, payload, [payload], rng.randrange(4)))
            return "PATCH", f"/api/v1/key-results/{id}", body
        case 2:
            kind = rng.choice(("people", "goals", "leave", "key-results"))
            return "POST", f"/api/v1/{kind}:import?dry_run=true", _csv(rng, known)
        case _:
            path = rng.choice(
                (
                    "/api/v1/",
                    "/api/v1/none",
                    "/api/v1/people:import",
                    "/api/v1/ledger/",
                    "/api/v1/ledger%00",
                    "/api/v1/../healthz",
                )
            )
            return rng.choice(("GET", "PUT", "DELETE", "OPTIONS", "POST", "BREW")), path, strange.rng_bytes(rng)[:20]


def _escaped(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _csv(rng: Random, known: Known) -> bytes:
    """A file of people or goals with strange cells, or bytes that are no file."""
    if rng.random() < 0.2:
        return rng.choice((strange.rng_bytes(rng), b"\xff\xfe", b"", b"\0" * 50, b'"' * 999, b",\n" * 500))
    header = rng.choice((PEOPLE_HEADER, GOALS_HEADER, "email,from,to\n", "kr_id,current\n", "a,b\n"))
    width = header.count(",") + 1
    rows = []
    for _ in range(rng.randrange(1, 5)):
        cells = [
            rng.choice(("", rng.choice(known.people), strange.words(rng)[:300]))
            for _ in range(width + rng.choice((-1, 0, 0, 0, 1)))
        ]
        rows.append(",".join(f'"{cell}"' if rng.random() < 0.7 else cell for cell in cells))
    return (header + "\n".join(rows)).encode("utf-8", "surrogatepass" if rng.random() < 0.5 else "replace")


def elsewhere(rng: Random, known: Known, number: int) -> Request:
    """The clock that may be moved (never by these), addresses that are none, and bytes that are no HTTP."""
    match rng.randrange(4):
        case 0:
            junk = {
                rng.choice(("advance", "now", "x")): rng.choice(
                    ("P1Y", "PT", "-PT1H", "P999999W", "PT1e9H", "2031-13-01", None, 7, "x" * 999)
                )
            }
            body = strange.spoilt(rng, json.dumps(junk).encode()) if rng.random() < 0.5 else json.dumps(junk).encode()
            return Request("elsewhere", "dev clock", http("POST", "/dev/clock", (), body), frozenset(range(400, 500)))
        case 1:
            path = rng.choice(
                (
                    "/",
                    "/.env",
                    "/slack",
                    "/slack/events/",
                    "/api/messages/x",
                    "/" + "a" * 9_000,
                    "/%00",
                    "/%ff%fe",
                    "/..%2f..",
                    "*",
                )
            )
            method = rng.choice(("GET", "POST", "PUT", "TRACE", "DELETE"))
            return Request("elsewhere", path[:20], http(method, path, (), b"x"), ODD_HTTP)
        case 2:
            method, path = rng.choice(
                (("GET", "/slack/events"), ("PUT", "/api/messages"), ("PATCH", "/healthz"), ("POST", "/metrics"))
            )
            return Request("elsewhere", "method", http(method, path, (), strange.rng_bytes(rng)), frozenset({405}))
        case _:
            wire = rng.choice(_NO_HTTP)
            return Request("elsewhere", "no HTTP", wire + b"\r\n\r\n", ODD_HTTP, patience=0.3)  # some wait for more to come


_NO_HTTP = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
    b"GET / HTTP/9.9",
    b"GET /\0 HTTP/1.1\r\nHost: x",
    b"POST /slack/events HTTP/1.1\r\nContent-Length: -1",
    b"POST /slack/events HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6",
    b"POST /slack/events HTTP/1.1\r\nContent-Length: 1e3",
    b"POST /slack/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz",
    b"GET / HTTP/1.1\r\nA" + b"a" * 9_000 + b"\x01: b",
    b"POST /api/messages HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff",
    b"\r\n" * 20 + b"X",
    b"PRI * HTTP/2.0",
)


def playground(rng: Random, known: Known, number: int) -> Request:
    """What the page of the playground might send, if somebody else had written it."""
    good = {
        "id": f"hostile-{number:09d}",
        "email": rng.choice(known.people),
        "text": strange.words(rng),
        "action": forged_action(rng, form=rng.random() < 0.5),
        "values": {strange.words(rng)[:50]: strange.words(rng) for _ in range(rng.randrange(4))},
        "place": rng.choice(("#web", "#", "web", "#\ud800", None)),
    }
    headers: list[tuple[str, str | bytes]] = [("Content-Type", "application/json"), ("Sec-Fetch-Site", "same-origin")]
    if rng.random() < 0.1:
        headers = [
            ("Content-Type", rng.choice(("text/plain", "application/json"))),
            ("Origin", rng.choice(("https://evil.example", "null"))),
        ]
    if rng.random() < 0.15:
        name = quote(_escaped(strange.words(rng)[:300]), safe="")
        path = rng.choice(("/local/conversations/", "/local/card/", "/local/page/")) + name
        return Request("playground", path[:20], http("GET", path, headers), BELOW_500, playground=True)
    path = rng.choice(("say", "press", "submit", "close", "open", "read"))
    body = strange.written(rng, strange.mutated(rng, good, [good], rng.choice((0, 0, 1, 2))))
    return Request("playground", path, http("POST", f"/local/{path}", headers, body), BELOW_500, playground=True)
