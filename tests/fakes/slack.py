"""A loopback Slack workspace: the Web API and `response_url`s, with Slack's limits enforced and every breach recorded.

One `FakeSlack` is one workspace with one installed app. `slack.driver(...)` acts as Slack toward the bot.
"""

from dataclasses import replace
from math import ceil
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .loopback import Json, Reply
from .slack_driver import SlackDriver
from .slack_files import Files
from .slack_read import dump
from .slack_state import Message, User, View
from .slack_workspace import RESPONSE_URL_LIFE, RESPONSE_URL_USES, TIERS, Refused, decoded, decoded_if_text

__all__ = ["TIERS", "FakeSlack", "Message", "User", "View", "dump"]


class FakeSlack(Files):
    """Base URL in `api_url` (ends in `/api/`), token in `bot_token`."""

    def driver(self, bot_url: str, signing_secret: str, *, path: str = "/slack/events") -> SlackDriver:
        return SlackDriver(self, bot_url.rstrip("/") + path, signing_secret)

    dump = staticmethod(dump)

    # ------------------------------------------------------------------------------------------ HTTP

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/api/{method}", self._serve_api, methods=["GET", "POST"]),
                Route("/response/{key}", self._serve_response_url, methods=["POST"]),
                Route("/upload/{file}", self._serve_upload, methods=["POST"]),
            ]
        )

    async def _serve_api(self, request: Request) -> Response:
        method = request.path_params["method"]
        args, token = _arguments(request, await request.body())
        return await self.perform(method, args, lambda: self._dispatch(method, args, token))

    def _dispatch(self, method: str, args: Json, token: str) -> Reply:
        try:
            handler = getattr(self, "_api_" + method.replace(".", "_"), None)
            if handler is None:
                raise Refused("unknown_method")
            if not token:
                raise Refused("not_authed")
            if token != self.bot_token:
                raise Refused("invalid_auth")
            if self.token_error:
                raise Refused(self.token_error)
            if method in self.per_method and (wait := self.per_method[method].wait()):
                return self.failure(429, "", str(ceil(wait)))
            body = handler(args)
            said = {"x-oauth-scopes": ",".join(sorted(self.scopes))}
            return body if isinstance(body, Reply) else Reply(body={"ok": True, **body}, headers=said)
        except Refused as refused:
            body = {"ok": False, "error": refused.error}
            if refused.messages:
                body |= {"errors": refused.messages, "response_metadata": {"messages": refused.messages}}
            return Reply(body=body, error=refused.error)

    async def _serve_response_url(self, request: Request) -> Response:
        key, body = request.path_params["key"], await request.body()
        args = decoded(body.decode() or "{}")
        return await self.perform("response_url", args, lambda: self._respond(key, args))

    def _respond(self, key: str, args: Json) -> Reply:
        url = self.response_urls.get(key)
        if url is None:
            return Reply(status=404, body="invalid_url", error="invalid_url")
        if self.clock() - url.at > RESPONSE_URL_LIFE:
            return Reply(status=404, body="expired_url", error="expired_url")
        if url.uses >= RESPONSE_URL_USES:
            self.violate("response_url", "", f"used more than {RESPONSE_URL_USES} times")
            return Reply(status=404, body="used_url", error="used_url")
        url.uses += 1
        if args.get("delete_original"):
            if url.source is not None:
                url.source.deleted = True
            return Reply(body="ok")
        try:
            text, blocks = self.checked_message("response_url", args)
        except Refused as refused:
            return Reply(status=400, body=refused.error, error=refused.error)
        if args.get("replace_original") and url.source is not None:
            url.source.edit(text, blocks)
        else:
            everybody = args.get("response_type") == "in_channel"
            self.post(url.channel, text, blocks, only_for=None if everybody else url.user)
        return Reply(body="ok")

    # ------------------------------------------------------------------------------------------ methods

    def _api_auth_test(self, _: Json) -> Json:
        return {
            "url": "https://rondo-loopback.slack.com/", "team": "Loopback", "team_id": self.team, "user": "rondo",
            "user_id": self.bot_user, "bot_id": self.bot_id, "is_enterprise_install": False,
        }  # fmt: skip

    def _api_users_info(self, args: Json) -> Json:
        user = self.users.get(str(args.get("user")))
        if user is None:
            raise Refused("user_not_found")
        return {"user": self.user_payload(user, args)}

    def _api_users_lookupByEmail(self, args: Json) -> Json:
        wanted = str(args.get("email", "")).casefold()
        user = next((u for u in self.users.values() if u.email.casefold() == wanted and not u.deleted), None)
        if user is None:
            raise Refused("users_not_found")
        return {"user": self.user_payload(user, args)}

    def _api_users_list(self, args: Json) -> Json:
        limit, start = int(args.get("limit") or 0), _cursor(args)
        if limit >= 1000:
            self.violate("users.list", "limit", "under 1000")
            raise Refused("invalid_arguments")
        if not limit and len(self.users) > 1000:
            raise Refused("limit_required")
        everybody = list(self.users.values())
        page = everybody[start : start + limit] if limit else everybody
        more = bool(limit) and start + limit < len(everybody)
        return {
            "members": [self.user_payload(user, args) for user in page], "cache_ts": int(self.clock()),
            "response_metadata": {"next_cursor": f"n{start + limit}" if more else ""},
        }  # fmt: skip

    def _api_conversations_open(self, args: Json) -> Json:
        users = [u for u in str(args.get("users") or "").split(",") if u]
        if len(users) != 1 or users[0] not in self.users:
            raise Refused("user_not_found" if users else "users_list_not_supplied")
        if error := self.refused.get(users[0]):
            raise Refused(error)
        return {"channel": {"id": self.users[users[0]].dm, "is_im": True}}

    def _api_chat_postMessage(self, args: Json) -> Json | Reply:
        channel = self.channel_of(args, user_ids=True)
        text, blocks = self.checked_message("chat.postMessage", args)
        if wait := self.send_wait(channel):
            return self.failure(429, "", str(ceil(wait)))
        message = self.post(
            channel, text, blocks, metadata=decoded_if_text(args.get("metadata")), thread_ts=args.get("thread_ts")
        )
        message.visible_at = self.clock() + self.visible_after
        return {"channel": channel, "ts": message.ts, "message": self.message_payload(message)}

    def _api_chat_postEphemeral(self, args: Json) -> Json:
        channel, user = self.channel_of(args, user_ids=False), str(args.get("user"))
        if user not in self.channels[channel]:
            raise Refused("user_not_in_channel")
        text, blocks = self.checked_message("chat.postEphemeral", args)
        return {"message_ts": self.post(channel, text, blocks, only_for=user).ts}

    def _api_chat_update(self, args: Json) -> Json:
        channel = self.channel_of(args, user_ids=False)
        message = self.own_message(channel, args, "cant_update_message")
        text, blocks = self.checked_message("chat.update", args, kept=message)
        message.edit(text, blocks)
        if args.get("metadata") is not None:
            message.metadata = decoded_if_text(args["metadata"])
        return {"channel": channel, "ts": message.ts, "text": text, "message": self.message_payload(message)}

    def _api_chat_delete(self, args: Json) -> Json:
        channel = self.channel_of(args, user_ids=False)
        message = self.own_message(channel, args, "cant_delete_message")
        message.deleted = True
        return {"channel": channel, "ts": message.ts}

    def _api_conversations_history(self, args: Json) -> Json:
        channel = self.channel_of(args, user_ids=False)
        if channel.startswith("C") and "channels:history" not in self.scopes:
            raise Refused("missing_scope")
        oldest, latest = _ts(args.get("oldest"), 0), _ts(args.get("latest"), 1 << 62)
        edge = 0 if str(args.get("inclusive", "")).lower() in ("true", "1") else 1
        found = [
            m for m in self.messages_in(channel)
            if m.only_for is None and oldest + edge <= _ts(m.ts, 0) <= latest - edge and m.visible_at <= self.clock()
            and (m.thread_ts is None or m.thread_ts == m.ts)
        ]  # fmt: skip
        found.sort(key=lambda m: _ts(m.ts, 0), reverse=True)
        limit, start = min(int(args.get("limit") or 100), 999), _cursor(args)
        more = start + limit < len(found)
        shown = []
        for message in found[start : start + limit]:
            body = self.message_payload(message)
            if message.metadata and str(args.get("include_all_metadata", "")).lower() in ("true", "1"):
                body["metadata"] = message.metadata
            shown.append(body)
        cursor = {"next_cursor": f"n{start + limit}" if more else ""}
        return {"messages": shown, "has_more": more, "response_metadata": cursor}

    def _api_views_open(self, args: Json) -> Json:
        trigger = self.exchange(args)
        body = self.check_view("views.open", args.get("view"), "modal")
        for view in self.views.values():
            if view.user == trigger.user:
                view.open = False  # a new root modal takes the place of the old stack
        view = self.show(trigger.user, body)
        return {"view": self.view_payload(view, {})}

    def _api_views_push(self, args: Json) -> Json:
        trigger = self.exchange(args)
        top = self.open_view(trigger.user)
        if top is None:
            raise Refused("not_found")
        self.check_stack("views.push", top)
        view = self.show(trigger.user, self.check_view("views.push", args.get("view"), "modal"), previous=top)
        return {"view": self.view_payload(view, {})}

    def _api_views_update(self, args: Json) -> Json:
        view = self.views.get(str(args.get("view_id")))
        if view is None and args.get("external_id"):
            wanted = args["external_id"]
            view = next((v for v in self.views.values() if v.open and v.body.get("external_id") == wanted), None)
        if view is None or not view.open:
            raise Refused("not_found")
        if args.get("hash") and args["hash"] != view.hash:
            raise Refused("hash_conflict")
        self.show(view.user, self.check_view("views.update", args.get("view"), "modal"), view_id=view.id)
        return {"view": self.view_payload(view, {})}

    def _api_views_publish(self, args: Json) -> Json:
        user = str(args.get("user_id"))
        if user not in self.users:
            raise Refused("invalid_arguments", ["[ERROR] user_id: no such user"])
        body = self.check_view("views.publish", args.get("view"), "home")
        old = self.homes.get(user)
        if old and args.get("hash") and args["hash"] != old.hash:
            raise Refused("hash_conflict")
        view = View(id=old.id if old else self.next_id("V"), user=user, body=self.filled(body), hash=self.next_ts(),
                    root="", history=[*old.history, old.body] if old else [])  # fmt: skip
        self.homes[user] = replace(view, root=view.id)
        return {"view": self.view_payload(self.homes[user], {})}


def _cursor(args: Json) -> int:
    cursor = str(args.get("cursor") or "n0")
    if not cursor[1:].isdigit():
        raise Refused("invalid_cursor")
    return int(cursor[1:])


def _ts(value: object, default: int) -> int:
    """Microseconds of a Slack timestamp, `1700000000.000100` or `1700000000`."""
    if not value:
        return default
    whole, _, rest = str(value).partition(".")
    return int(whole) * 1_000_000 + int((rest + "000000")[:6])


def _arguments(request: Request, body: bytes) -> tuple[Json, str]:
    args: Json = dict(request.query_params)
    if "json" in request.headers.get("content-type", ""):
        args |= decoded(body.decode() or "{}") or {}
    else:
        args |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = ""
    given = str(args.pop("token", "") or "")
    return args, token or given
