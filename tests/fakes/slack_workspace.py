"""The state of a loopback Slack workspace and the rules on it; `slack.py` puts the Web API on top."""

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import slack_limits
from .loopback import Bucket, Clock, Json, Loopback, Reply, Windows
from .slack_state import File, Message, User, View

# Calls per minute; docs.slack.dev/apis/web-api/rate-limits and each method's page. "20+" is read as 20.
TIERS: Mapping[str, int] = {
    "users.list": 20, "users.info": 100, "users.lookupByEmail": 50, "conversations.open": 50,
    "conversations.history": 50,
    "chat.update": 50, "chat.delete": 50, "chat.postEphemeral": 100, "views.open": 100, "views.update": 100,
    "views.push": 100, "views.publish": 100,
}  # fmt: skip
SCOPES = ("chat:write", "im:write", "im:history", "users:read", "users:read.email", "commands", "files:write")
TRIGGER_LIFE = 3.0  # seconds; docs.slack.dev/surfaces/modals
RESPONSE_URL_USES, RESPONSE_URL_LIFE = 5, 30 * 60.0


@dataclass(slots=True, kw_only=True)
class Trigger:
    user: str
    at: float
    view: str | None
    used: bool = False


@dataclass(slots=True, kw_only=True)
class ResponseUrl:
    user: str
    channel: str
    at: float
    source: Message | None  # the message whose button was pressed
    uses: int = 0


class Refused(Exception):
    """`{"ok": false, "error": …}`"""

    def __init__(self, error: str, messages: Iterable[str] = ()) -> None:
        super().__init__(error)
        self.error, self.messages = error, list(messages)


class Workspace(Loopback):
    """Base URL in `api_url` (ends in `/api/`), token in `bot_token`."""

    def __init__(
        self,
        *,
        team: str = "T0RONDO00",
        bot_token: str = "xoxb-loopback-token",
        messages_per_minute: int = 300,
        channel_burst: int = 4,
        method_limits: Mapping[str, int] = TIERS,
        visible_after: float = 0.0,
        clock: Clock = time.time,
        port: int = 0,
    ) -> None:
        super().__init__(clock=clock, port=port)
        self.team, self.bot_token = team, bot_token
        self.enterprise = ""  # the organisation it is in
        self.homes_of: Callable[[str], list[str]] = lambda user: [team]  # there: workspaces a person is in
        self.bot_user, self.bot_id, self.app_id = "U0RONDOBOT", "B0RONDO00", "A0RONDO00"
        self.messages_per_minute, self.channel_burst = messages_per_minute, channel_burst
        self.method_limits, self.visible_after = method_limits, visible_after
        self.token_error = ""  # set to `token_revoked`, `account_inactive`, … to break the installation
        self.scopes = set(SCOPES)  # take one away to see `missing_scope`
        self.processing = 0.0  # seconds until a message may show a file that was uploaded
        self.files: dict[str, File] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, set[str]] = {}  # members, bot included
        self.messages: dict[tuple[str, str], Message] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.refused: dict[str, str] = {}
        self._triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self._numbers = itertools.count(1)
        self.names = self._numbers  # ids that Slack gives once in all workspaces: events, views, files
        self._ts_lock, self._last_ts = threading.Lock(), 0
        self._per_channel: dict[str, Bucket] = {}
        self._per_workspace = Windows([(messages_per_minute, 60.0)], clock)
        self.per_method = {name: Windows([(most, 60.0)], clock) for name, most in method_limits.items()}

    # ------------------------------------------------------------------------------------------ for tests

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    def add_user(
        self,
        *,
        email: str,
        name: str,
        tz: str | None = "Europe/Berlin",
        locale: str = "en-US",
        deleted: bool = False,
        is_bot: bool = False,
        email_confirmed: bool = True,
        guest: str = "",
    ) -> str:
        number = next(self._numbers)
        user = User(
            id=f"U{number:08d}", email=email, name=name, tz=tz, locale=locale, dm=f"D{number:08d}", deleted=deleted,
            is_bot=is_bot, email_confirmed=email_confirmed, guest=guest,
        )  # fmt: skip
        self.users[user.id] = user
        self.channels[user.dm] = {user.id, self.bot_user}
        return user.id

    def add_channel(self, *members: str, with_bot: bool = True) -> str:
        channel = f"C{next(self._numbers):08d}"
        self.channels[channel] = {*members, self.bot_user} if with_bot else set(members)
        return channel

    def refuse(self, user_or_channel: str, error: str) -> None:
        """Every message there fails with `error` (`user_disabled`, `channel_not_found`, `is_archived`, …)."""
        self.refused[user_or_channel] = error
        if user_or_channel in self.users:
            self.refused[self.users[user_or_channel].dm] = error

    def accept(self, user_or_channel: str) -> None:
        self.refused.pop(user_or_channel, None)
        if user_or_channel in self.users:
            self.refused.pop(self.users[user_or_channel].dm, None)

    def messages_to(self, user: str, *, deleted: bool = False) -> list[Message]:
        """The bot's messages in this person's direct message, oldest first, as they read now."""
        return [
            m for m in self.messages_in(self.users[user].dm, deleted=deleted)
            if m.sender == self.bot_user and m.only_for is None
        ]  # fmt: skip

    def messages_in(self, channel: str, *, deleted: bool = False) -> list[Message]:
        return [m for m in list(self.messages.values()) if m.channel == channel and (deleted or not m.deleted)]

    def ephemerals_to(self, user: str) -> list[Message]:
        return [m for m in list(self.messages.values()) if m.only_for == user and not m.deleted]

    def home(self, user: str) -> View | None:
        return self.homes.get(user)

    def open_view(self, user: str) -> View | None:
        """The modal on top of this person's screen."""
        return next((v for v in reversed(list(self.views.values())) if v.user == user and v.open), None)

    async def view(self, user: str, *, timeout: float = 5.0) -> View:  # noqa: ASYNC109
        """Wait for a modal on this person's screen."""
        await self.until(lambda: self.open_view(user), f"a view for {user}", timeout=timeout)
        view = self.open_view(user)
        assert view is not None
        return view

    # ------------------------------------------------------------------------------------------ for the driver

    def next_ts(self) -> str:
        with self._ts_lock:
            self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        return f"{prefix}{next(self.names):08d}"

    def issue_trigger(self, user: str, view: str | None = None) -> str:
        trigger = f"{next(self._numbers)}.{self.team[1:]}.{next(self._numbers):032x}"
        self._triggers[trigger] = Trigger(user=user, at=self.clock(), view=view)
        return trigger

    def issue_response_url(self, user: str, channel: str, source: Message | None = None) -> str:
        key = f"{next(self._numbers):024d}"
        self.response_urls[key] = ResponseUrl(user=user, channel=channel, at=self.clock(), source=source)
        return f"{self.base_url}/response/{key}"

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
        """A person's own message."""
        return self.post(channel, text, [], sender=user, thread_ts=thread_ts)

    def show(self, user: str, body: Json, *, previous: View | None = None, view_id: str | None = None) -> View:
        """Put a modal on the screen, or replace the one called `view_id`."""
        if view_id is not None:
            view = self.views[view_id]
            view.history.append(view.body)
            view.body, view.hash = self.filled(body), self.next_ts()
            return view
        new = self.next_id("V")
        root = previous.root if previous else new
        view = View(
            id=new, user=user, body=self.filled(body), hash=self.next_ts(), root=root,
            previous=previous.id if previous else None,
        )  # fmt: skip
        self.views[new] = view
        return view

    def view_payload(self, view: View, values: Json) -> Json:
        """A view as Slack sends it to the bot."""
        return {
            **{k: view.body.get(k, default) for k, default in _VIEW_DEFAULTS.items()},
            "id": view.id, "team_id": self.team, "state": {"values": values}, "hash": view.hash,
            "previous_view_id": view.previous, "root_view_id": view.root, "app_id": self.app_id,
            "app_installed_team_id": self.team, "bot_id": self.bot_id,
        }  # fmt: skip

    def message_payload(self, message: Message) -> Json:
        body: Json = {"type": "message", "ts": message.ts, "text": message.text, "team": self.team}
        if message.sender == self.bot_user:
            body |= {"user": self.bot_user, "bot_id": self.bot_id, "app_id": self.app_id, "blocks": message.blocks}
        else:
            body |= {"user": message.sender}
        if message.thread_ts:
            body["thread_ts"] = message.thread_ts
        if message.history:
            body["edited"] = {"user": message.sender, "ts": message.ts}
        return body

    def check_view(self, where: str, view: Any, kind: str) -> Json:
        if isinstance(view, str):
            view = decoded(view)
        self.refuse_breaches(where, slack_limits.view_breaches(view, kind), "invalid_arguments")
        if len(json.dumps(view).encode()) > slack_limits.VIEW_BYTES:
            self.violate(where, "view", f"at most {slack_limits.VIEW_BYTES} bytes")
            raise Refused("view_too_large")
        checked: Json = view
        return checked

    def take_answer(self, where: str, user: str, channel: str, args: Json) -> Message:
        """A message in the answer to a slash command."""
        try:
            text, blocks = self.checked_message(where, args)
        except Refused as refused:
            raise AssertionError(f"{where}: {refused.error} {refused.messages}") from refused
        everybody = args.get("response_type") == "in_channel"
        return self.post(channel, text, blocks, only_for=None if everybody else user)

    def failure(self, status: int, code: str, retry_after: str | None) -> Reply:
        if status == 429:
            headers = {} if retry_after is None else {"Retry-After": retry_after}
            body = {"ok": False, "error": "ratelimited"}
            return Reply(status=429, body=body, headers=headers, error="ratelimited")
        if code:
            return Reply(body={"ok": False, "error": code}, error=code)
        return Reply(status=status, body="<html>server error</html>", error=f"http_{status}")

    # ------------------------------------------------------------------------------------------ pieces

    def check_stack(self, where: str, top: View) -> None:
        depth, view = 1, top
        while view.previous:
            depth, view = depth + 1, self.views[view.previous]
        if depth >= 3:
            self.violate(where, "view", "a stack of at most 3 views")
            raise Refused("push_limit_reached")

    def exchange(self, args: Json) -> Trigger:
        trigger = self._triggers.get(str(args.get("trigger_id")))
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.clock() - trigger.at > TRIGGER_LIFE:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def channel_of(self, args: Json, *, user_ids: bool) -> str:
        channel = str(args.get("channel") or "")
        if error := self.refused.get(channel):
            raise Refused(error)
        if user_ids and channel in self.users:
            if self.users[channel].deleted:
                raise Refused("user_disabled")
            channel = self.users[channel].dm
        if channel not in self.channels:
            raise Refused("channel_not_found")
        if self.bot_user not in self.channels[channel]:
            raise Refused("not_in_channel")
        return channel

    def own_message(self, channel: str, args: Json, foreign: str) -> Message:
        message = self.messages.get((channel, str(args.get("ts"))))
        if message is None or message.deleted or message.only_for is not None:
            raise Refused("message_not_found")
        if message.sender != self.bot_user:
            raise Refused(foreign)
        return message

    def send_wait(self, channel: str) -> float:
        bucket = self._per_channel.setdefault(channel, Bucket(1.0, self.channel_burst, self.clock))
        if wait := bucket.wait():
            return wait
        wait = self._per_workspace.wait()
        if wait:
            bucket.level += 1
        return wait

    def checked_message(self, where: str, args: Json, kept: Message | None = None) -> tuple[str, list[Json]]:
        text, blocks = str(args.get("text") or ""), decoded_if_text(args.get("blocks"))
        if kept is not None and blocks is None:
            blocks = [] if text else kept.blocks  # chat.update with text alone drops the blocks
        if not text and not blocks and not args.get("attachments"):
            raise Refused("no_text")
        if not text.strip():
            self.violate(where, "text", "empty: notification and screen reader get nothing")
        if len(text) > slack_limits.TEXT_MAX:
            self.violate(where, "text", f"at most {slack_limits.TEXT_MAX} characters, {len(text)} came")
            raise Refused("msg_too_long")
        if len(text) > slack_limits.TEXT_SPLIT:
            self.violate(where, "text", f"over {slack_limits.TEXT_SPLIT} characters Slack may split or cut it")
        self.refuse_breaches(where, slack_limits.block_breaches(blocks or [], slack_limits.MESSAGE_BLOCKS), "invalid_blocks")
        self.shows(where, blocks or [])
        return text, self.filled({"blocks": blocks or []})["blocks"]

    def shows(self, where: str, blocks: list[Json]) -> None:
        """Refuses what cannot be shown; `slack_files` knows the files."""

    def refuse_breaches(self, where: str, breaches: Iterable[slack_limits.Breach], error: str) -> None:
        found = list(breaches)
        for path, rule in found:
            self.violate(where, path, rule)
        if found:
            raise Refused(error, [f"[ERROR] {rule} [json-pointer:{path}]" for path, rule in found])

    def filled(self, body: Json) -> Json:
        """Give every block and element an id, as Slack does."""
        filled: Json = json.loads(json.dumps(body))
        for block in filled.get("blocks") or []:
            block.setdefault("block_id", f"b{next(self._numbers)}")
            for element in slack_limits.elements_of(block):
                if element.get("type") != "image":
                    element.setdefault("action_id", f"a{next(self._numbers)}")
        return filled

    def post(
        self, channel: str, text: str, blocks: list[Json], *, sender: str | None = None, metadata: Json | None = None,
        thread_ts: str | None = None, only_for: str | None = None,
    ) -> Message:  # fmt: skip
        message = Message(
            channel=channel, ts=self.next_ts(), sender=sender or self.bot_user, text=text, blocks=blocks,
            metadata=metadata, thread_ts=thread_ts, only_for=only_for,
        )  # fmt: skip
        self.messages[channel, message.ts] = message
        return message

    def user_payload(self, user: User, args: Json) -> Json:
        body: Json = {
            "id": user.id, "team_id": self.team, "name": user.email.partition("@")[0], "real_name": user.name,
            "deleted": user.deleted, "is_bot": user.is_bot, "is_app_user": False,
            "is_restricted": bool(user.guest), "is_ultra_restricted": user.guest == "one", "is_stranger": False,
            "is_email_confirmed": user.email_confirmed, "updated": int(self.clock()),
            "profile": {"real_name": user.name, "display_name": user.name, "email": user.email, "team": self.team},
        }  # fmt: skip
        if user.tz is not None and not user.deleted:
            body |= {"tz": user.tz, "tz_label": user.tz, "tz_offset": 0}  # the offset is a trap: use `tz`
        if self.enterprise:
            body["enterprise_user"] = {"id": user.id, "enterprise_id": self.enterprise, "teams": self.homes_of(user.id)}
        if str(args.get("include_locale", "")).lower() in ("true", "1"):
            body["locale"] = user.locale
        return body


_VIEW_DEFAULTS: Json = {
    "type": "modal", "title": None, "blocks": [], "private_metadata": "", "callback_id": "", "external_id": "",
    "close": None, "submit": None, "clear_on_close": False, "notify_on_close": False,
}  # fmt: skip


def decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def decoded_if_text(value: Any) -> Any:
    return decoded(value) if isinstance(value, str) else value
