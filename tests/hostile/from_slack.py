"""Requests to `/slack/events`: badly signed ones, and well signed ones whose payload is not what Slack would send."""

import hashlib
import hmac
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

from bot.talk.actions import FORMS, Verb
from tests.hostile import strange
from tests.hostile.strange import Json
from tests.hostile.wire import Request, http
from tests.hostile.words import RAW

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
TYPES = (
    FORM,
    JSON,
    "",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-7",
    FORM + "; charset=klingon",
)
REFUSED, TAKEN = frozenset({401, 413}), frozenset({200, 400, 413})
"""Without a good signature 401 whatever the body is: whoever parsed it first would say 400."""
_QUOTED = re.compile(rb"[^A-Za-z0-9_.:,{}\"-]")
ARGS = (
    "O1",
    "O2",
    "O5",
    "K1",
    "new",
    "company",
    "committed",
    "checkin",
    "week",
    "yes",
    "no",
    "",
    "x" * 300,
    "\ud800",
    "\0",
    "9" * 50,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a forger may know: payloads that once were good (events, interactions, commands), and ids of accounts."""

    secret: str
    payloads: Sequence[tuple[str, Json]]
    crowd: Sequence[str]
    depth: float  # which share of the gestures is made anew: the others were heard before and end at the inbox


def sign(secret: str, body: bytes, at: str, version: str = "v0") -> str:
    """Slack's signature."""
    base = version.encode() + b":" + at.encode("latin-1", "replace") + b":" + body
    return f"{version}=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def badly_signed(rng: Random, known: Known, number: int) -> Request:
    """A good or a bad body under a signature that is not one."""
    kind, body = _body(rng, known, number)
    now = int(time.time())
    stamp, secret, version = str(now), known.secret, "v0"
    how = rng.randrange(12)
    match how:
        case 0:
            secret = rng.choice(
                ("another", "", " ", known.secret + "x", known.secret.upper())
            )  # "\0" at its end is the same key to HMAC
        case 1:
            off = rng.choice((-301, -302, -400, -86_400, -now, -now - 5, 360, 400, 10**9))  # ahead: not by little, time passes
            stamp = str(now + off)
        case 2:
            version = rng.choice(("v1", "V0", "v", "", "v00"))
        case _:
            pass
    signature: str | bytes = sign(secret, body, stamp, version)
    match how:
        case 3:
            stamp = rng.choice(
                ("", "soon", "1e9", f"{now}.5", "9" * 5_000, f"+{now}", f"{now:_}", "NaN", "-1", "0x10", "٤٥", " ", f"{now} x")
            )
        case 4:
            signature = rng.choice(("", "v0=", "v0=" + "0" * 64, "x" * 4_000, str(signature)[:-1], str(signature).upper(), "v0"))
        case 5:
            signature = rng.choice((b"v0=\xff\xfe", "v0=é".encode(), b"\x80" * 67, "v0=" + "４" * 64))
        case 6:
            body += rng.choice((b" ", b"\0", b"x", b"&a=b", b"\n"))
        case 7:
            stamp = str(now + 1)
        case _:
            pass
    headers: list[tuple[str, str | bytes]] = [("Content-Type", rng.choice(TYPES) if rng.random() < 0.3 else kind)]
    if how not in (8, 9):
        headers.append(("X-Slack-Request-Timestamp", stamp))
    if how not in (9, 10):
        headers.append(("X-Slack-Signature", signature))
    if how in (8, 9, 10, 11):
        headers.append(("X-Slack-Retry-Num", str(rng.randrange(5))))
        if how == 11:
            headers[-2] = ("X-Slack-Signature", rng.randbytes(30).hex())
    return Request("slack, badly signed", f"way {how}", http("POST", "/slack/events", headers, body), REFUSED)


def well_signed(rng: Random, known: Known, number: int) -> Request:
    """Signed as Slack signs, and wrong inside."""
    kind, body = _body(rng, known, number)
    if rng.random() < 0.04:
        kind = rng.choice(TYPES)
    stamp = str(int(time.time()))
    headers: list[tuple[str, str | bytes]] = [
        ("Content-Type", kind),
        ("X-Slack-Request-Timestamp", stamp),
        ("X-Slack-Signature", sign(known.secret, body, stamp)),
    ]
    if rng.random() < 0.1:
        headers += [("X-Slack-Retry-Num", rng.choice(("1", "3", "x", "-1", "9" * 400))), ("X-Slack-Retry-Reason", "http_timeout")]
    return Request("slack, well signed", kind, http("POST", "/slack/events", headers, body), TAKEN)


def _body(rng: Random, known: Known, number: int) -> tuple[str, bytes]:
    kind, payload = rng.choice(known.payloads)
    others = [one for _, one in known.payloads]
    fresh = _renamed(payload, f"{number}", rng.choice(known.crowd)) if rng.random() < known.depth else payload
    draw = rng.random()
    if draw < 0.08:
        return JSON, rng.choice((json.dumps(strange.value(rng)).encode(), strange.rng_bytes(rng), rng.choice(RAW).encode()))
    if draw < 0.3 and kind == "interaction":
        fresh = _forged(rng, fresh)
    made = strange.mutated(rng, fresh, others, rng.choice((0, 1, 1, 1, 2, 2, 3, 6)))
    if kind == "event":
        return JSON, strange.written(rng, made)
    if kind == "command":
        return FORM, _form(rng, made)
    body = b"payload=" + _QUOTED.sub(lambda byte: b"%%%02X" % byte[0][0], strange.written(rng, made))
    if rng.random() < 0.03:
        body += rng.choice(
            (b"&payload=1", b"&foreign=%FF", b"&" + b"&".join(b"f%d=1" % n for n in range(150)), b"&ssl_check=1", b"&=&&=")
        )
    return FORM, body


def _form(rng: Random, fields: Json) -> bytes:
    """A form as a client would fill it, whatever the values are."""
    flat = [(str(name), item if isinstance(item, str) else json.dumps(item)) for name, item in fields.items()]
    if rng.random() < 0.1:
        flat += [(rng.choice(("text", "user_id", "command", "foreign", "")), strange.words(rng)[:9_000])]
    return urlencode([(a.encode("utf-8", "surrogatepass"), b.encode("utf-8", "surrogatepass")) for a, b in flat]).encode()


def _renamed(payload: Json, fresh: str, who: str) -> Json:
    """The same gesture made anew, by somebody: under names that were not heard yet."""
    made = dict(payload)
    if "user_id" in made:
        made["user_id"] = who
    for key, name in (("user", "id"), ("event", "user")):
        if isinstance(made.get(key), dict):
            made[key] = {**made[key], name: who}
    for key in ("event_id", "trigger_id"):
        if isinstance(made.get(key), str):
            made[key] = f"{made[key]}{fresh}"
    if isinstance(made.get("actions"), list) and made["actions"]:
        made["actions"] = [{**made["actions"][0], "action_ts": f"{fresh}.1"}]
    if isinstance(made.get("view"), dict):
        made["view"] = {**made["view"], "id": f"V{fresh}"}
    return made


def _forged(rng: Random, payload: Json) -> Json:
    """A button or form of our making: any verb with any names, any values in the fields."""
    made = dict(payload)
    if isinstance(made.get("actions"), list):
        made["actions"] = [{**made["actions"][0], "type": "button", "value": forged_action(rng)}]
    if isinstance(made.get("view"), dict):
        view = dict(made["view"])
        if rng.random() < 0.5:
            view["private_metadata"] = forged_action(rng, form=True)
        values: dict[str, Any] = {}
        for block, fields in ((view.get("state") or {}).get("values") or {}).items():
            values[block] = {name: {"type": "plain_text_input", "value": strange.words(rng)} for name in fields}
        view["state"] = {"values": values}
        made["view"] = view
    return made


def forged_action(rng: Random, *, form: bool = False) -> str:
    """The text a button carries, for a verb of ours with names that may or may not be real."""
    verb = rng.choice(sorted(FORMS) if form else list(Verb)).value if rng.random() < 0.95 else rng.choice(("eval", "", "REPORT"))
    args: list[Any] = [rng.choice(ARGS) if rng.random() < 0.8 else strange.words(rng)[:400] for _ in range(rng.randrange(9))]
    if rng.random() < 0.05:
        args.append(rng.choice((None, 5, [], {})))
    return json.dumps([verb, *args], ensure_ascii=rng.random() < 0.5)
