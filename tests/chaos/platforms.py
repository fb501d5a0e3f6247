"""Slack and Teams as a process that survives every crash: posts, edits and read-back, fast, with faults by chance.

It keeps what people would see. `GET /chaos/copies` tells; nothing else about it is for the bot. The fakes in `tests.fakes`
check every limit and are too slow for 100,000 messages; these two only do what delivery needs.
"""

import asyncio
import json
import os
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import parse_qsl, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.chaos.times import Times
from tests.fakes.loopback import Json, Loopback, Reply
from tests.fakes.teams_keys import ISSUER, Keys

TEAM, TENANT, APP = "T0CHAOS", "11111111-0000-0000-0000-000000000001", "22222222-0000-0000-0000-000000000002"
MARK = re.compile(r"copy (\d{6}) r(\d+)")
"""What every message says about itself, on every platform: its number and the revision of its card."""
GONE = "GONE"
"""In the name of an account that is no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """How often something goes wrong with a call that makes or changes a message, as a share; reads fail half as often."""

    lost: float = 0.01  # done, then the connection breaks
    reset: float = 0.01  # the connection breaks, nothing is done
    failed: float = 0.01  # 500, nothing is done
    failed_after: float = 0.01  # 502, and it is done
    slow: float = 0.01  # done, and the answer comes after the bot has given up
    busy: float = 0.002  # 429 with Retry-After 1
    hidden: float = 0.25  # visible only after a while
    seed: int = 0


CALM = Knobs(lost=0, reset=0, failed=0, failed_after=0, slow=0, busy=0)


@dataclass(slots=True)
class Copy:
    """One message on somebody's screen."""

    number: int
    revision: int
    platform: str
    place: str
    id: str
    digest: str
    shown_at: float
    edits: int = 0


class _Cut(Exception):
    """The connection breaks here."""


@dataclass
class State:
    """Everything the platforms know."""

    copies: dict[tuple[str, str], Copy] = field(default_factory=dict)  # by place and id
    by_place: dict[str, list[Copy]] = field(default_factory=lambda: defaultdict(list))
    calls: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    unclear: set[int] = field(default_factory=set)  # messages of which a client got no clear answer, or a late one


class ChaosPlatform(Loopback):
    """Both platforms on one port: `/api/` is Slack's Web API, `/teams/` the Bot Connector, `/token` gives Teams tokens."""

    def __init__(self, times: Times, knobs: Knobs, keys: Keys | None = None) -> None:
        """`keys` sign what comes from Teams, where something does."""
        super().__init__()
        self._times, self._knobs, self._keys = times, knobs, keys
        self._chance = random.Random(knobs.seed)
        self._state = State()
        self._last_ts = 0.0

    def app(self) -> ASGIApp:
        """Plain ASGI: a framework would cost more than the work."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            body = b""
            while True:
                part = await receive()
                if part["type"] == "http.disconnect":
                    return
                body += part.get("body", b"")
                if not part.get("more_body"):
                    break
            try:
                reply = await self._answer(scope["method"], scope["path"], scope["query_string"], body)
            except _Cut:
                with suppress(OSError):  # the client was killed meanwhile
                    scope["extensions"]["loopback.cut"]()
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            await reply.response()(scope, receive, send)

        return app

    @property
    def copies(self) -> list[Copy]:
        """All that people see, for whoever runs the platform in a thread of its own."""
        return list(self._state.copies.values())

    async def _answer(self, verb: str, path: str, query: bytes, body: bytes) -> Reply:
        if path.startswith("/api/"):
            args = dict(parse_qsl(query.decode())) | _decoded(body)
            return await self._slack(path.removeprefix("/api/"), args)
        if path.startswith("/teams/v3/conversations/"):
            return await self._teams(verb, path.split("/")[4:], body.decode())
        if path == "/token":
            return Reply(body={"access_token": "t", "expires_in": 3600})
        if path == "/openid" and self._keys is not None:
            algorithms = ["RS256"]
            return Reply(body={"issuer": ISSUER, "jwks_uri": f"{self.base_url}/keys",
                               "id_token_signing_alg_values_supported": algorithms})  # fmt: skip
        if path == "/keys" and self._keys is not None:
            return Reply(body=self._keys.key_set())
        if path == "/chaos/copies":
            return Reply(body={"copies": [asdict(copy) for copy in self._state.copies.values()],
                               "calls": dict(self._state.calls), "faults": dict(self._state.faults),
                               "unclear": sorted(self._state.unclear)})  # fmt: skip
        return Reply(status=404)

    # ------------------------------------------------------------------------------------------ faults

    async def _do(
        self, call: str, work: Callable[[], Reply], *, about: str, changes: bool, failure: Callable[[int], Reply]
    ) -> Reply:
        """Do `work` after the commit delay, with whatever goes wrong this time. It goes on where the client went away."""
        self._state.calls[call] += 1
        began, number = time.monotonic(), MARK.search(about)
        try:
            return await self._done(work, about, changes=changes, failure=failure)
        finally:
            if number and time.monotonic() - began > self._times.http / 2:  # this machine was busy: too late, perhaps
                self._state.unclear.add(int(number[1]))

    async def _done(self, work: Callable[[], Reply], about: str, *, changes: bool, failure: Callable[[int], Reply]) -> Reply:
        fault = self._fault(changes=changes)
        if fault:
            self._state.faults[f"{fault} {'post or edit' if changes else 'read'}"] += 1
            if fault != "busy" and (number := MARK.search(about)):
                self._state.unclear.add(int(number[1]))
        if fault == "reset":
            raise _Cut
        if fault == "failed":
            return failure(500)
        if fault == "busy":
            return failure(429)
        if changes:
            await asyncio.sleep(self._chance.uniform(0, self._times.commit))
        done = work()
        if fault == "lost":
            raise _Cut
        if fault == "slow":
            await asyncio.sleep(self._times.http * 1.5)
        return failure(502) if fault == "failed_after" else done

    def _fault(self, *, changes: bool) -> str:
        point = self._chance.random() * (1 if changes else 2)
        for name in ("lost", "reset", "failed", "failed_after", "slow", "busy"):
            point -= getattr(self._knobs, name)
            if point < 0:
                return name
        return ""

    def _post(self, platform: str, place: str, text: str, digest: str) -> Copy:
        found = MARK.search(text)
        number, revision = (int(found[1]), int(found[2])) if found else (-1, 0)
        hidden = self._chance.random() < self._knobs.hidden
        wait = self._chance.uniform(0, self._times.late) if hidden else 0.0
        self._last_ts = max(time.time(), self._last_ts + 0.000_01)
        copy = Copy(number, revision, platform, place, f"{self._last_ts:.6f}", digest, time.time() + wait)
        self._state.copies[place, copy.id] = copy
        self._state.by_place[place].append(copy)
        return copy

    def _edit(self, place: str, id: str, text: str) -> bool:
        copy, found = self._state.copies.get((place, id)), MARK.search(text)
        if copy is None or found is None:
            return False
        # An edit that was decided earlier and arrives later wins on real platforms, too.
        copy.revision, copy.edits = int(found[2]), copy.edits + 1
        return True

    # ------------------------------------------------------------------------------------------ Slack

    async def _slack(self, method: str, args: Json) -> Reply:
        def failure(status: int) -> Reply:
            headers = {"Retry-After": "1"} if status == 429 else {}
            return Reply(status=status, body={"ok": False, "error": "ratelimited" if status == 429 else "oops"}, headers=headers)

        changes = method in ("chat.postMessage", "chat.update")
        return await self._do(
            f"slack {method}", lambda: self._slack_work(method, args), about=json.dumps(args), changes=changes, failure=failure
        )

    def _slack_work(self, method: str, args: Json) -> Reply:
        match method:
            case "auth.test":
                return _ok(team_id=TEAM, user_id="UBOT", bot_id="BBOT")
            case "users.list":
                return _ok(members=[])
            case "conversations.open":
                return _ok(channel={"id": f"D{args['users']}"})
            case "conversations.history":
                return self._history(args)
            case "chat.postMessage" if GONE in args["channel"]:
                return _no("user_not_found")
            case "chat.postMessage":
                digest = args["metadata"]["event_payload"]["id"]
                copy = self._post("slack", f"D{args['channel']}", json.dumps(args), digest)
                return _ok(channel=copy.place, ts=copy.id)
            case "chat.update":
                if not self._edit(args["channel"], args["ts"], json.dumps(args)):
                    return _no("message_not_found")
                return _ok(channel=args["channel"], ts=args["ts"])
            case _:
                return _no("users_not_found")

    def _history(self, args: Json) -> Reply:
        start, limit, now = int(args.get("cursor") or 0), int(args["limit"]), time.time()
        seen = [copy for copy in reversed(self._state.by_place.get(args["channel"], []))
                if copy.shown_at <= now and float(copy.id) > float(args["oldest"])]  # fmt: skip
        messages = [{"ts": copy.id, "metadata": {"event_type": "rondo_message", "event_payload": {"id": copy.digest}}}
                    for copy in seen[start : start + limit]]  # fmt: skip
        cursor = str(start + limit) if len(seen) > start + limit else ""
        return _ok(messages=messages, response_metadata={"next_cursor": cursor})

    # ------------------------------------------------------------------------------------------ Teams

    async def _teams(self, verb: str, path: list[str], body: str) -> Reply:
        def failure(status: int) -> Reply:
            headers = {"Retry-After": "1"} if status == 429 else {}
            return Reply(status=status, body={"error": {"code": "ServiceError"}}, headers=headers)

        def work() -> Reply:
            if verb == "GET":
                return Reply(body=member(unquote(path[2])))
            if GONE in path[0]:
                return Reply(status=403, body={"error": {"code": "ConversationBlockedByUser"}})
            if verb == "POST":
                return Reply(status=201, body={"id": self._post("teams", path[0], body, "").id})
            return Reply(body={"id": path[2]}) if self._edit(path[0], path[2], body) else Reply(status=404, body={})

        return await self._do(f"teams {verb}", work, about=body, changes=verb != "GET", failure=failure)


def member(user: str) -> Json:
    """An entry of the roster."""
    name = user.removeprefix("29:")
    return {"id": user, "name": name, "email": f"{name}@chaos.example", "tenantId": TENANT}


def serve(times: Times, knobs: Knobs, line: "Connection[Any, Any]") -> None:
    """Be the platform in a process of its own: tells its URL over `line`, and ends when that breaks."""
    platform = ChaosPlatform(times, knobs)
    platform.start()
    line.send(platform.base_url)
    with suppress(EOFError, OSError, KeyboardInterrupt):
        line.recv()
    os._exit(0)  # whatever is under way was for processes that are gone


def _decoded(body: bytes) -> Json:
    text = body.decode()
    try:
        found = json.loads(text)
    except ValueError:
        return dict(parse_qsl(text))
    return found if isinstance(found, dict) else {}


def _ok(**fields: Any) -> Reply:
    return Reply(body={"ok": True, **fields})


def _no(error: str) -> Reply:
    return Reply(body={"ok": False, "error": error}, error=error)
