"""Several loopback workspaces behind one address, as Slack is: installs by OAuth, rotating tokens, Socket Mode.

`SlackCity` owns `FakeSlack` workspaces and sends each call to the one its token belongs to. What a browser does when people
install an app is `install`.
"""

import asyncio
import contextlib
import itertools
import json
import secrets
import threading
import time
import urllib.parse
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp.web
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .loopback import Json, Loopback, Reply
from .slack import FakeSlack, _arguments
from .slack_workspace import Refused

CODE_LIFE = 600.0  # seconds; docs.slack.dev/authentication/installing-with-oauth


@dataclass(slots=True, kw_only=True)
class Token:
    """A bot token: of a workspace, or (`enterprise` without `team`) of a whole organisation."""

    team: str
    enterprise: str
    refresh: str = ""  # empty: it does not rotate
    ends: float = float("inf")  # platform clock
    revoked: str = ""  # what Slack says to it


@dataclass(slots=True, kw_only=True)
class Code:
    team: str
    enterprise: str
    at: float
    used: bool = False


@dataclass(slots=True, kw_only=True)
class App:
    """The Slack app: what its configuration pages say."""

    client_id: str = "111.222"
    client_secret: str = "client-secret-of-the-loopback"
    signing_secret: str = "signing-secret-of-the-loopback"
    app_token: str = "xapp-1-loopback"
    redirect_url: str = ""
    rotates: bool = True
    lives: float = 43_200.0  # seconds a rotating token lives
    scopes: list[str] = field(default_factory=list)  # as asked for by the last install


class SlackCity(Loopback):
    """Base URL in `api_url`. Tokens are new at every install and refresh; a refresh token works once."""

    def __init__(self, *, clock: Callable[[], float] = time.time, port: int = 0) -> None:
        super().__init__(clock=clock, port=port)
        self.slack_app = App()
        self.workspaces: dict[str, FakeSlack] = {}
        self.organisations: dict[str, set[str]] = {}  # workspaces an organisation let the app into
        self.tokens: dict[str, Token] = {}
        self.refreshes: dict[str, str] = {}  # refresh token → bot token
        self.codes: dict[str, Code] = {}
        self.secrets = [self.slack_app.app_token]  # every token ever given: canaries
        self.sockets = Sockets()
        self._names = itertools.count(1)

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    def add(self, team: str, *, enterprise: str = "") -> FakeSlack:
        """A workspace; in an organisation, one the app was let into."""
        slack = FakeSlack(team=team, bot_token=f"inside-{team}", clock=self.clock)
        slack.enterprise, slack.base_url, slack.names = enterprise, self.base_url, self._names
        slack.homes_of = lambda user: sorted(one for one, there in self.workspaces.items() if user in there.users)
        self.workspaces[team] = slack
        if enterprise:
            self.organisations.setdefault(enterprise, set()).add(team)
        return slack

    def start(self) -> None:
        self.sockets.start()
        super().start()

    def stop(self) -> None:
        self.sockets.stop()
        for slack in self.workspaces.values():
            slack.stop()
        super().stop()

    async def __aexit__(self, *error: object) -> None:
        for slack in self.workspaces.values():
            for client in slack._closers:
                await client.aclose()
        await super().__aexit__(*error)

    # ------------------------------------------------------------------------------------------ tokens

    def give(self, team: str, enterprise: str) -> tuple[str, Token]:
        mark = secrets.token_hex(12)
        name = f"xoxe.xoxb-{mark}" if self.slack_app.rotates else f"xoxb-{mark}"
        token = Token(team=team, enterprise=enterprise)
        self.secrets.append(name)
        if self.slack_app.rotates:
            token.refresh, token.ends = f"xoxe-1-{secrets.token_hex(12)}", self.clock() + self.slack_app.lives
            self.refreshes[token.refresh] = name
            self.secrets.append(token.refresh)
        self.tokens[name] = token
        return name, token

    def revoke(self, team: str = "", *, enterprise: str = "", reason: str = "token_revoked") -> None:
        """Uninstalled, or the token taken away: everything given to this workspace or organisation is dead."""
        for token in self.tokens.values():
            if (token.team, token.enterprise if not token.team else "") == (team, enterprise):
                token.revoked = token.revoked or reason
                self.refreshes.pop(token.refresh, None)

    def _checked(self, name: str) -> Token:
        token = self.tokens.get(name)
        if token is None:
            raise Refused("invalid_auth" if name else "not_authed")
        if token.revoked:
            raise Refused(token.revoked)
        if token.ends <= self.clock():
            raise Refused("token_expired")
        return token

    # ------------------------------------------------------------------------------------------ HTTP

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/oauth/v2/authorize", self._authorize),
                Route("/api/{method}", self._serve, methods=["GET", "POST"]),
                Route("/upload/{file}", self._upload, methods=["POST"]),
            ]
        )

    async def _authorize(self, request: Request) -> Response:
        """The consent page, whose *Allow* somebody presses at once; `as_team` and `as_org` say where, `deny` that not."""
        asked = request.query_params
        assert asked["client_id"] == self.slack_app.client_id
        self.slack_app.scopes = asked["scope"].split(",")
        back = {"state": asked.get("state", "")}
        if asked.get("deny"):
            back["error"] = "access_denied"
        else:
            code = secrets.token_hex(8)
            self.codes[code] = Code(team=asked.get("as_team", ""), enterprise=asked.get("as_org", ""), at=self.clock())
            back["code"] = code
        return RedirectResponse(f"{self.slack_app.redirect_url}?{urllib.parse.urlencode(back)}", 302)

    async def _serve(self, request: Request) -> Response:
        method, body = request.path_params["method"], await request.body()
        args, token = _arguments(request, body)
        basic = request.headers.get("authorization", "")
        return await self.perform(method, args, lambda: self._dispatch(method, args, token, basic))

    async def _upload(self, request: Request) -> Response:
        for slack in self.workspaces.values():
            if request.path_params["file"] in slack.files:
                return await slack._serve_upload(request)
        return Response(status_code=404)

    def _dispatch(self, method: str, args: Json, token: str, basic: str) -> Reply:
        try:
            if method == "oauth.v2.access":
                return Reply(body={"ok": True, **self._oauth(args, basic)})
            if method == "apps.connections.open":
                return Reply(body={"ok": True, "url": self.sockets.ticket(token == self.slack_app.app_token)})
            held = self._checked(token)
            if method == "auth.revoke":
                held.revoked = "token_revoked"
                return Reply(body={"ok": True, "revoked": True})
            if method == "auth.teams.list":
                teams = sorted(self.organisations.get(held.enterprise, set()) if not held.team else {held.team})
                return Reply(body={"ok": True, "teams": [{"id": one, "name": one.title()} for one in teams]})
            if method == "auth.test" and not held.team:
                return Reply(body={"ok": True, "team_id": held.enterprise, "is_enterprise_install": True})
            return self._in_workspace(method, args, held)
        except Refused as refused:
            return Reply(body={"ok": False, "error": refused.error}, error=refused.error)

    def _in_workspace(self, method: str, args: Json, held: Token) -> Reply:
        """To the workspace the token, or `team_id`, names. An organisation's token finds people and their messages itself."""
        team = held.team or str(args.get("team_id") or "")
        if not team:
            within = self.organisations.get(held.enterprise, set())
            who = str(args.get("user") or args.get("users") or args.get("user_id") or args.get("channel") or "")
            named = [one for one in sorted(within) if who in self.workspaces[one].users or who in self.workspaces[one].channels]
            if "trigger_id" in args:
                named = [one for one in within if args["trigger_id"] in self.workspaces[one]._triggers]
            if method == "users.list" or not named:
                raise Refused("missing_argument" if method == "users.list" else "channel_not_found")
            team = named[0]
        elif not held.team and team not in self.organisations.get(held.enterprise, set()):
            raise Refused("team_access_not_granted")
        slack = self.workspaces[team]
        reply = slack._dispatch(method, args, slack.bot_token)
        slack._record(method, args, reply)
        return reply

    def _oauth(self, args: Json, basic: str) -> Json:
        scheme, _, given = basic.partition(" ")
        if scheme != "Basic" or b64decode(given).decode() != f"{self.slack_app.client_id}:{self.slack_app.client_secret}":
            raise Refused("bad_client_secret")
        if args.get("grant_type") == "refresh_token":
            old = self.refreshes.pop(str(args.get("refresh_token")), None)
            if old is None:
                raise Refused("invalid_refresh_token")
            held = self.tokens[old]
        else:
            code = self.codes.get(str(args.get("code")))
            if code is None:
                raise Refused("invalid_code")
            if code.used:
                raise Refused("code_already_used")
            if self.clock() - code.at > CODE_LIFE:
                raise Refused("invalid_code")
            code.used = True
            held = Token(team=code.team, enterprise=code.enterprise)
        name, new = self.give(held.team, held.enterprise)
        rotating = {"refresh_token": new.refresh, "expires_in": int(self.slack_app.lives)} if new.refresh else {}
        slack = self.workspaces.get(new.team)
        within = new.enterprise or (slack.enterprise if slack is not None else "")
        return {
            "access_token": name, "token_type": "bot", "scope": ",".join(self.slack_app.scopes), "app_id": "A0RONDO00",
            "bot_user_id": "U0RONDOBOT", "team": {"id": new.team, "name": new.team.title()} if new.team else None,
            "enterprise": {"id": within, "name": within.title()} if within else None, "is_enterprise_install": not new.team,
            "authed_user": {"id": "U0INSTALLER"}, **rotating,
        }  # fmt: skip

    # ------------------------------------------------------------------------------------------ people

    async def install(self, bot_url: str, team: str = "", *, org: str = "", language: str = "en", **ask: str) -> httpx.Response:
        """Somebody clicks *Install* in a browser of their own and allows it; the page they end on."""
        async with httpx.AsyncClient(follow_redirects=False, trust_env=False, headers={"Accept-Language": language}) as browser:
            return await self.finish(browser, await self.begin(browser, bot_url, team, org=org, **ask))

    async def begin(self, browser: httpx.AsyncClient, bot_url: str, team: str = "", *, org: str = "", **ask: str) -> str:
        """As far as the address Slack sends the browser back to."""
        self.slack_app.redirect_url = f"{bot_url}/slack/oauth_redirect"
        first = await browser.get(f"{bot_url}/slack/install")
        assert first.status_code == 302, first.text
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(first.headers["location"]).query))
        asked = await browser.get(first.headers["location"], params={**query, "as_team": team, "as_org": org, **ask})
        assert asked.status_code == 302, asked.text
        return str(asked.headers["location"])

    async def finish(self, browser: httpx.AsyncClient, address: str) -> httpx.Response:
        return await browser.get(address)

    def failure(self, status: int, code: str, retry_after: str | None) -> Reply:
        if status == 429:
            headers = {} if retry_after is None else {"Retry-After": retry_after}
            return Reply(status=429, body={"ok": False, "error": "ratelimited"}, headers=headers, error="ratelimited")
        if code:
            return Reply(body={"ok": False, "error": code}, error=code)
        return Reply(status=status, body="<html>server error</html>", error=f"http_{status}")


class Sockets:
    """Slack's end of Socket Mode: a WebSocket server in a thread of its own."""

    def __init__(self) -> None:
        self.tickets: set[str] = set()
        self.open: list[aiohttp.web.WebSocketResponse] = []
        self.answers: dict[str, Json] = {}
        self.port = 0
        self.given = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._halt: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def ticket(self, good: bool) -> str:
        if not good:
            raise Refused("invalid_auth")
        self.given += 1
        ticket = secrets.token_hex(8)
        self.tickets.add(ticket)
        return f"ws://127.0.0.1:{self.port}/link?ticket={ticket}"

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        if self._loop is not None and self._thread is not None and self._halt is not None:
            self._loop.call_soon_threadsafe(self._halt.set)
            self._thread.join(10)

    async def _main(self, ready: threading.Event) -> None:
        self._loop, self._halt = asyncio.get_running_loop(), asyncio.Event()
        app = aiohttp.web.Application()
        app.router.add_get("/link", self._link)
        runner = aiohttp.web.AppRunner(app)
        await runner.setup()
        site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        ready.set()
        await self._halt.wait()
        for socket in list(self.open):
            with contextlib.suppress(Exception):
                await asyncio.wait_for(socket.close(), 1)
        await runner.cleanup()

    async def _link(self, request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return aiohttp.web.Response(status=408)
        self.tickets.discard(ticket)  # good for one connection
        socket = aiohttp.web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self.open.append(socket)
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    answer = json.loads(message.data)
                    self.answers[answer["envelope_id"]] = answer
        finally:
            self.open.remove(socket)
        return socket

    async def send(self, kind: str, payload: Json, *, wait: float = 5.0, which: int = 0) -> Json | None:
        """Deliver a payload over one of the open connections; its acknowledgement, None where none came."""
        envelope = secrets.token_hex(8)
        body = {"type": kind, "envelope_id": envelope, "payload": payload, "accepts_response_payload": kind != "events_api"}
        self._run(self.open[which].send_json(body))
        ends = time.monotonic() + wait
        while envelope not in self.answers:
            if time.monotonic() > ends:
                return None
            await asyncio.sleep(0.01)
        return self.answers[envelope]

    def drop(self, *, politely: bool) -> None:
        """Slack replaces a connection (`disconnect`), or it breaks."""
        for socket in list(self.open):
            self._run(socket.send_json({"type": "disconnect", "reason": "refresh_requested"}) if politely else socket.close())

    def _run(self, work: Any) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(work, self._loop)
