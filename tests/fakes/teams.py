"""A loopback Teams: token endpoint, signing keys and Bot Connector, with Teams' limits enforced and breaches recorded.

One `FakeTeams` is one tenant with one single-tenant bot. `teams.driver(...)` acts as Teams toward the bot.
"""

import itertools
import json
import time
import uuid
from collections.abc import Callable, Iterable
from math import ceil
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .loopback import Clock, Json, Loopback, Reply, Windows
from .teams_cards import CARD, Validator, card_breaches, schema_errors, schema_validator
from .teams_driver import TeamsDriver
from .teams_graph import Graph
from .teams_keys import Forge, Keys
from .teams_state import Channel, Dialog, Message, Person, Team, dump, error_body, member_payload

__all__ = ["Dialog", "FakeTeams", "Forge", "Message", "Person", "dump", "schema_errors", "schema_validator"]

# msteams-docs "Rate limiting for agents": (calls, seconds), per conversation, and per app and tenant.
SEND_WINDOWS = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
MEMBER_WINDOWS = ((14, 1.0), (16, 2.0), (120, 30.0), (3600, 3600.0))
TENANT_WINDOWS = ((50, 1.0),)
MESSAGE_BYTES = 100 * 1024  # in UTF-16
SCOPE = "https://api.botframework.com/.default"
STATUS_OF = {"MessageWritesBlocked": 403, "BotNotInConversationRoster": 403, "ConversationNotFound": 404}


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


class FakeTeams(Loopback):
    """`service_url`, `token_url` and `openid_url` are complete addresses on 127.0.0.1."""

    def __init__(
        self,
        *,
        app_id: str = "11111111-2222-3333-4444-555555555555",
        app_password: str = "loopback-password",
        tenant_id: str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
        validator: Validator | None = None,
        send_windows: Iterable[tuple[int, float]] = SEND_WINDOWS,
        member_windows: Iterable[tuple[int, float]] = MEMBER_WINDOWS,
        tenant_windows: Iterable[tuple[int, float]] = TENANT_WINDOWS,
        token_life: float = 3600.0,
        clock: Clock = time.time,
        port: int = 0,
    ) -> None:
        super().__init__(clock=clock, port=port)
        self.app_id, self.app_password, self.tenant_id = app_id, app_password, tenant_id
        self.bot = {"id": f"28:{app_id}", "name": "Rondo"}
        self.validator, self.token_life = validator, token_life
        self.keys = Keys()
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.teams: dict[str, Team] = {}
        self.graph = Graph(self)
        self.messages: dict[str, Message] = {}
        self._conversations: dict[str, str] = {}  # conversation id → person
        self._tokens: dict[str, float] = {}  # token → end of its life
        self._numbers = itertools.count(1)
        self._send_windows, self._member_windows = tuple(send_windows), tuple(member_windows)
        self._windows: dict[tuple[str, str], Windows] = {}
        self._tenant_window = Windows(tenant_windows, clock)

    # ------------------------------------------------------------------------------------------ for tests

    @property
    def service_url(self) -> str:
        return f"{self.base_url}/teams/"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/{self.tenant_id}/oauth2/v2.0/token"

    @property
    def openid_url(self) -> str:
        return f"{self.base_url}/v1/.well-known/openidconfiguration"

    @property
    def graph_url(self) -> str:
        return f"{self.base_url}/v1.0/"

    @property
    def token_calls(self) -> int:
        return len(self.calls_of("token"))

    def add_user(
        self, *, email: str, name: str, tz: str = "Europe/Berlin", locale: str = "en-US", installed: bool = False
    ) -> str:
        """Returns the person's id, `29:…`. `installed`: the app is there already, though the bot was never told."""
        number = next(self._numbers)
        person = Person(
            id=f"29:1loopback{number:06d}", aad_object_id=str(uuid.UUID(int=number)), name=name, email=email, tz=tz,
            locale=locale, conversation=f"a:1chat-{number:06d}_x", installed=installed,
        )  # fmt: skip
        self.people[person.id] = person
        self._conversations[person.conversation] = person.id
        return person.id

    def refuse(self, user: str, code: str = "MessageWritesBlocked") -> None:
        """Everything sent to this person fails: `MessageWritesBlocked` or `BotNotInConversationRoster` (403), …"""
        self.people[user].refusal = code

    def accept(self, user: str) -> None:
        self.people[user].refusal = ""

    def add_channel(self, *, group: bool = False) -> str:
        """A channel of a team (or a group chat) that has the app; returns its id."""
        channel = Channel(id=f"19:loopback{next(self._numbers):06d}@thread.{'v2' if group else 'tacv2'}")
        self.channels[channel.id] = channel
        return channel.id

    def add_team(self, *members: str) -> str:
        """A team of people, as yet without the app: see the driver's `install_in_team`; returns its id."""
        team = Team(id=f"19:team{next(self._numbers):06d}@thread.tacv2", members=list(members))
        self.teams[team.id] = team
        return team.id

    def messages_in(self, channel: str) -> list[Message]:
        """The bot's posts in a channel, oldest first, as they read now."""
        return [m for m in list(self.messages.values()) if m.conversation == channel and not m.deleted]

    def rotate_keys(self) -> None:
        """From now on another key signs; the old one is no longer published."""
        self.keys.rotate()

    def expire_tokens(self) -> None:
        self._tokens = dict.fromkeys(self._tokens, 0.0)

    def messages_to(self, user: str, *, deleted: bool = False) -> list[Message]:
        """The bot's messages in this person's chat, oldest first, as they read now."""
        return [
            m for m in list(self.messages.values())
            if m.conversation == self.people[user].conversation and m.sender == self.bot["id"]
            and (deleted or not m.deleted) and m.activity.get("type") == "message"
        ]  # fmt: skip

    def driver(self, bot_url: str, *, path: str = "/api/messages") -> TeamsDriver:
        return TeamsDriver(self, bot_url.rstrip("/") + path)

    dump = staticmethod(dump)

    # ------------------------------------------------------------------------------------------ for the driver

    def next_id(self) -> str:
        return f"{int(self.clock() * 1000)}{next(self._numbers):04d}"

    def check_card(self, where: str, card: Any) -> None:
        for path, rule in card_breaches(card, self.validator):
            self.violate(where, path, rule)

    # ------------------------------------------------------------------------------------------ HTTP

    def app(self) -> ASGIApp:
        conversation = "/teams/v3/conversations/{conversation}"
        return Starlette(
            routes=[
                Route("/{tenant}/oauth2/v2.0/token", self._serve_token, methods=["POST"]),
                Route("/v1/.well-known/openidconfiguration", self._serve_openid),
                Route("/v1/.well-known/keys", self._serve_keys),
                Route("/teams/v3/conversations", self._serve("create", self._create), methods=["POST"]),
                Route(f"{conversation}/activities", self._serve("send", self._send), methods=["POST"]),
                Route(f"{conversation}/activities/{{id}}", self._serve("send", self._send), methods=["POST"]),
                Route(f"{conversation}/activities/{{id}}", self._serve("update", self._update), methods=["PUT"]),
                Route(f"{conversation}/activities/{{id}}", self._serve("delete", self._delete), methods=["DELETE"]),
                Route(f"{conversation}/members", self._serve("members", self._members)),
                Route(f"{conversation}/pagedmembers", self._serve("pagedmembers", self._paged)),
                Route(f"{conversation}/members/{{id}}", self._serve("member", self._member)),
                *self.graph.routes(),
            ]
        )

    async def _serve_token(self, request: Request) -> Response:
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode()).items()}
        shown = {key: value for key, value in form.items() if key != "client_secret"}
        tenant = request.path_params["tenant"]
        return await self.perform("token", shown, lambda: self._token(tenant, form))

    def _token(self, tenant: str, form: dict[str, str]) -> Reply:
        if tenant not in (self.tenant_id, "botframework.com"):
            return _token_error(400, "invalid_request", "AADSTS90002: tenant not found")
        if form.get("grant_type") != "client_credentials":
            return _token_error(400, "unsupported_grant_type", "client_credentials only")
        if form.get("client_id") != self.app_id:
            return _token_error(400, "unauthorized_client", "AADSTS700016: application not found")
        if form.get("client_secret") != self.app_password:
            return _token_error(401, "invalid_client", "AADSTS7000215: invalid client secret")
        token = f"loopback-token-{next(self._numbers)}"
        if form.get("scope") == f"{self.base_url}/.default":
            self.graph.tokens[token] = self.clock() + self.token_life
        elif form.get("scope") == SCOPE:
            self._tokens[token] = self.clock() + self.token_life
        else:
            return _token_error(400, "invalid_scope", f"AADSTS70011: {SCOPE} expected")
        life = int(self.token_life)
        body = {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life, "access_token": token}
        return Reply(body=body)

    async def _serve_openid(self, _: Request) -> Response:
        body = {
            "issuer": "https://api.botframework.com", "jwks_uri": f"{self.base_url}/v1/.well-known/keys",
            "authorization_endpoint": "https://invalid.botframework.com",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }  # fmt: skip
        return await self.perform("openid", {}, lambda: Reply(body=body))

    async def _serve_keys(self, _: Request) -> Response:
        return await self.perform("keys", {}, lambda: Reply(body=self.keys.key_set()))

    def _serve(self, method: str, work: Callable[[Json, Json], Reply]) -> Callable[[Request], Any]:
        async def serve(request: Request) -> Response:
            raw = (await request.body()).decode()
            try:
                body = json.loads(raw or "{}")
            except ValueError:
                body = None
            args = {**request.path_params, **request.query_params, "body": body}
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            return await self.perform(method, args, lambda: self._guarded(method, work, args, token))

        return serve

    def _guarded(self, method: str, work: Callable[[Json, Json], Reply], args: Json, token: str) -> Reply:
        try:
            if self._tokens.get(token, 0.0) <= self.clock():
                raise Refused(401, "Unauthorized", "Authorization has been denied for this request.")
            if wait := self._tenant_window.wait():
                return self.failure(429, "", str(ceil(wait)))
            if not isinstance(args["body"], dict):
                raise Refused(400, "BadSyntax", "the body is not a JSON object")
            return work(args, args["body"])
        except _Throttled as throttled:
            return self.failure(429, "", throttled.retry_after)
        except Refused as refused:
            return Reply(status=refused.status, body=error_body(refused.code, refused.message), error=refused.code)

    def failure(self, status: int, code: str, retry_after: str | None) -> Reply:
        code = code or {429: "TooManyRequests", 412: "PreconditionFailed"}.get(status, "ServiceError")
        status = status or STATUS_OF.get(code, 400)
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        return Reply(status=status, body={"error": {"code": code, "message": code}}, headers=headers, error=code)

    # ------------------------------------------------------------------------------------------ Connector

    def _create(self, _: Json, body: Json) -> Reply:
        members = body.get("members") or []
        tenant = body.get("tenantId") or ((body.get("channelData") or {}).get("tenant") or {}).get("id")
        if tenant != self.tenant_id:
            raise Refused(403, "Forbidden", "unknown tenant")
        if (body.get("channelData") or {}).get("channel"):
            return self._begin(body)
        if body.get("isGroup") or len(members) != 1:
            raise Refused(400, "BadArgument", "a personal chat has exactly one member")
        if (body.get("bot") or {}).get("id", self.bot["id"]) not in (self.bot["id"], self.app_id):
            raise Refused(400, "BadArgument", "not this bot")
        person = self.people.get(str(members[0].get("id")))
        if person is None:  # an e-mail, a UPN or another bot's id
            raise Refused(400, "BadArgument", "unknown user id")
        self._allowed(person)
        self._pace("create", person.conversation, self._send_windows)
        answer: Json = {"id": person.conversation}
        if body.get("activity"):
            answer["activityId"] = self._store(person.conversation, body["activity"]).id
        return Reply(status=201, body=answer)

    def _begin(self, body: Json) -> Reply:
        """A thread in a channel: needs its first message, and takes no members."""
        channel = self.channels.get(str(body["channelData"]["channel"].get("id")))
        if channel is None:
            raise Refused(404, "ConversationNotFound")
        if not body.get("isGroup") or body.get("members") or not body.get("activity"):
            raise Refused(400, "BadSyntax", "a thread in a channel begins with an activity, as a group")
        if channel.refusal:
            raise Refused(STATUS_OF.get(channel.refusal, 403), channel.refusal)
        self._pace("create", channel.id, self._send_windows)
        posted = self._store(channel.id, body["activity"]).id
        return Reply(status=201, body={"id": f"{channel.id};messageid={posted}", "activityId": posted})

    def _send(self, args: Json, body: Json) -> Reply:
        if args["conversation"].partition(";")[0] in self.channels:  # an answer in a thread or group chat
            self._pace("send", args["conversation"], self._send_windows)
            return Reply(status=201, body={"id": self._store(args["conversation"], body).id})
        person = self._person(args)
        self._pace("send", person.conversation, self._send_windows)
        return Reply(status=201, body={"id": self._store(person.conversation, body).id})

    def _update(self, args: Json, body: Json) -> Reply:
        channel = self.channels.get(args["conversation"].partition(";")[0])
        self._pace("send", channel.id if channel is not None else self._person(args).conversation, self._send_windows)
        message = self._own_message(args)
        self._check_activity("update", body)
        message.history.append(message.activity)
        message.activity = body
        message.for_user.clear()
        return Reply(status=200, body={"id": message.id})

    def _delete(self, args: Json, _: Json) -> Reply:
        person = self._person(args)
        self._pace("send", person.conversation, self._send_windows)
        self._own_message(args).deleted = True
        return Reply(status=200)

    def _members(self, args: Json, _: Json) -> Reply:
        return Reply(body=[member_payload(one, self.tenant_id) for one in self._roster(args)])

    def _paged(self, args: Json, _: Json) -> Reply:
        everybody, start = self._roster(args), int(args.get("continuationToken") or 0)
        size = min(max(int(args.get("pageSize") or 200), 50), 500)
        page = [member_payload(one, self.tenant_id) for one in everybody[start : start + size]]
        more = {"continuationToken": str(start + size)} if start + size < len(everybody) else {}
        return Reply(body={"members": page} | more)

    def _member(self, args: Json, _: Json) -> Reply:
        found = [one for one in self._roster(args) if args["id"] in (one.id, one.aad_object_id)]
        if not found:
            raise Refused(404, "MemberNotFoundInConversation")
        return Reply(body=member_payload(found[0], self.tenant_id))

    # ------------------------------------------------------------------------------------------ pieces

    def _person(self, args: Json) -> Person:
        user = self._conversations.get(args["conversation"].partition(";")[0])
        if user is None:
            raise Refused(404, "ConversationNotFound")
        self._allowed(self.people[user])
        return self.people[user]

    def _roster(self, args: Json) -> list[Person]:
        team = self.teams.get(args["conversation"])
        if team is not None and not team.installed:
            raise Refused(403, "BotNotInConversationRoster")
        self._pace("members", args["conversation"], self._member_windows)
        if args["conversation"] in self.channels:
            return list(self.people.values())
        return [self.people[one] for one in team.members] if team is not None else [self._person(args)]

    def _allowed(self, person: Person) -> None:
        has_app = person.installed or any(team.installed and person.id in team.members for team in self.teams.values())
        code = person.refusal or ("" if has_app else "BotNotInConversationRoster")
        if code:
            raise Refused(STATUS_OF.get(code, 403), code)

    def _pace(self, what: str, conversation: str, windows: Iterable[tuple[int, float]]) -> None:
        window = self._windows.setdefault((what, conversation), Windows(windows, self.clock))
        if wait := window.wait():
            raise _Throttled(str(ceil(wait)))

    def _own_message(self, args: Json) -> Message:
        message = self.messages.get(args["id"])
        here = args["conversation"].partition(";")[0]
        if message is None or message.deleted or message.conversation != here or message.sender != self.bot["id"]:
            raise Refused(404, "ActivityNotFoundInConversation")
        return message

    def _check_activity(self, where: str, activity: Json) -> None:
        size = len(json.dumps(activity, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le", "surrogatepass"))
        if size > MESSAGE_BYTES:
            self.violate(where, "activity", f"at most {MESSAGE_BYTES} bytes in UTF-16, {size} came")
            raise Refused(413, "MessageSizeTooBig")
        attachments = activity.get("attachments") or []
        if activity.get("type") == "message" and not activity.get("text") and not attachments:
            raise Refused(400, "BadSyntax", "a message needs text or an attachment")
        for attachment in attachments:
            if attachment.get("contentType") == CARD:
                before = len(self.violations)
                self.check_card(where, attachment.get("content"))
                if len(self.violations) > before and not isinstance(attachment.get("content"), dict):
                    raise Refused(400, "BadSyntax", "the card is not an object")

    def _store(self, conversation: str, activity: Json) -> Message:
        self._check_activity("send", activity)
        message = Message(id=self.next_id(), conversation=conversation, activity=activity, sender=self.bot["id"])
        self.messages[message.id] = message
        return message


class _Throttled(Refused):
    def __init__(self, retry_after: str) -> None:
        super().__init__(429, "TooManyRequests")
        self.retry_after = retry_after


def _token_error(status: int, error: str, words: str) -> Reply:
    return Reply(status=status, body={"error": error, "error_description": words}, error=error)
