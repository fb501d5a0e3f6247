"""Acts as Slack toward the bot: signed events, commands, button presses and modal submissions over real HTTP."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx

from . import slack_read
from .loopback import AckTooLate, ClientRefused, Json, NotAcknowledged
from .slack_read import FieldKey, Wanted
from .slack_state import Message, View

if TYPE_CHECKING:
    from .slack_workspace import Workspace

ACK_LIMIT = 3.0  # seconds; docs.slack.dev/apis/events-api, /interactivity/handling-user-interaction
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bot answered to one request. `status` 0: the connection failed."""

    status: int
    text: str
    seconds: float
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def acknowledged(self) -> bool:
        return self.status == 200 and self.seconds <= ACK_LIMIT

    @property
    def json(self) -> Json:
        try:
            body = json.loads(self.text)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """How the bot answered a submitted modal."""

    action: str  # `close`, `errors`, `update`, `push` or `clear`
    errors: dict[str, str]  # label of the field → the bot's words
    view: View | None  # what the person sees now
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAnswer:
    """What the person sees at once; `message` is None when the bot only acknowledged."""

    message: Message | None
    answer: Answer


class SlackDriver:
    """Every method plays one gesture and raises when the bot does not acknowledge it as Slack demands."""

    def __init__(self, slack: "Workspace", url: str, signing_secret: str) -> None:
        self.slack, self.url, self.signing_secret = slack, url, signing_secret
        self.ack_limit = ACK_LIMIT
        self._client = slack.client()
        self._last: tuple[bytes, str] | None = None
        self._chosen: dict[str, dict[tuple[str, str], Json]] = {}  # container and person → touched fields

    # ------------------------------------------------------------------------------------------ requests

    def sign(self, body: bytes, *, timestamp: int | None = None, secret: str | None = None) -> dict[str, str]:
        """`X-Slack-*` headers over the raw body."""
        at = str(int(time.time()) if timestamp is None else timestamp)
        base = b"v0:" + at.encode() + b":" + body
        digest = hmac.new((secret or self.signing_secret).encode(), base, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}

    async def raw(self, body: bytes, headers: Mapping[str, str] | None = None, *, content_type: str = JSON) -> Answer:
        """Send exactly this. `headers` None: signed properly; nothing is checked."""
        sent = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        sent |= self.sign(body) if headers is None else dict(headers)
        began = time.monotonic()
        try:
            response = await self._client.post(self.url, content=body, headers=sent)
        except httpx.TransportError as lost:
            return Answer(status=0, text=repr(lost), seconds=time.monotonic() - began)
        seconds = time.monotonic() - began
        return Answer(status=response.status_code, text=response.text, seconds=seconds, headers=response.headers)

    async def replay(self, times: int = 1, *, concurrent: bool = False) -> list[Answer]:
        """The last request again, signed afresh (a retry, or a second server's copy)."""
        assert self._last is not None, "nothing was sent yet"
        body, content_type = self._last
        if concurrent:
            return await asyncio.gather(*(self.raw(body, content_type=content_type) for _ in range(times)))
        return [await self.raw(body, content_type=content_type) for _ in range(times)]

    async def _gesture(self, what: str, fields: Json) -> Answer:
        body = urlencode(fields).encode()
        self._last = (body, FORM)
        answer = await self.raw(body, content_type=FORM)
        if answer.status == 0:
            raise NotAcknowledged(f"{what}: {answer.text}")
        if answer.seconds > self.ack_limit:
            raise AckTooLate(f"{what}: {answer.seconds:.2f} s, at most {self.ack_limit:g}")
        if answer.status != 200:
            raise NotAcknowledged(f"{what}: {answer.status} {answer.text[:300]}")
        return answer

    # ------------------------------------------------------------------------------------------ events

    async def event(
        self, event: Json, *, event_id: str | None = None, times: int = 1, retries: int = 3, concurrent: bool = False,
        retry_after: tuple[float, ...] = (0.0, 0.0, 0.0), check: bool = True,
    ) -> list[Answer]:  # fmt: skip
        """Deliver an Events API event `times` times (same `event_id`), each with up to `retries` retries when the
        answer is not 200 within 3 s. Slack's own pauses are about 0, 60 and 300 s; here `retry_after`."""
        body = json.dumps(self.envelope(event, event_id)).encode()
        self._last = (body, JSON)
        copies = [self._deliver(body, retries, retry_after, again=n > 0) for n in range(times)]
        if concurrent:
            series = await asyncio.gather(*copies)
        else:
            series = [await copy for copy in copies]
        if check:
            for tries in series:
                if tries[-1].seconds > self.ack_limit:
                    raise AckTooLate(f"event {event.get('type')}: {tries[-1].seconds:.2f} s")
                if tries[-1].status != 200:
                    raise NotAcknowledged(f"event {event.get('type')}: {[(a.status, a.text[:200]) for a in tries]}")
        return [answer for tries in series for answer in tries]

    def envelope(self, event: Json, event_id: str | None = None) -> Json:
        slack = self.slack
        return {
            "token": "unused", "team_id": slack.team, "api_app_id": slack.app_id, "event": event,
            **({"enterprise_id": slack.enterprise} if slack.enterprise else {}),
            "type": "event_callback", "event_id": event_id or slack.next_id("Ev"), "event_time": int(slack.clock()),
            "authorizations": [{"enterprise_id": None, "team_id": slack.team, "user_id": slack.bot_user, "is_bot": True,
                                "is_enterprise_install": False}],
            "is_ext_shared_channel": False, "event_context": f"4-{slack.next_id('ec')}",
        }  # fmt: skip

    async def _deliver(self, body: bytes, retries: int, pauses: tuple[float, ...], *, again: bool) -> list[Answer]:
        answers: list[Answer] = []
        reason = "http_timeout"
        for number in range(retries + 1):
            headers = self.sign(body)
            if number or again:
                headers |= {"x-slack-retry-num": str(max(number, 1)), "x-slack-retry-reason": reason}
            if number:
                await asyncio.sleep(pauses[min(number, len(pauses)) - 1])
            answers.append(await self.raw(body, headers))
            last = answers[-1]
            if last.acknowledged or last.headers.get("x-slack-no-retry") == "1":
                break
            late = last.status == 200
            reason = "connection_failed" if last.status == 0 else "http_timeout" if late else "http_error"
        return answers

    async def message_im(self, user: str, text: str, *, times: int = 1, thread_ts: str | None = None) -> Message:
        """The person writes to the bot; `text` as typed (Slack escapes `&`, `<` and `>`)."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        message = self.slack.say(user, self.slack.users[user].dm, escaped, thread_ts)
        event = {
            "type": "message", "channel_type": "im", "channel": message.channel, "user": user, "text": escaped,
            "ts": message.ts, "event_ts": message.ts, "team": self.slack.team, "client_msg_id": self.slack.next_id("c"),
        }  # fmt: skip
        if thread_ts:
            event["thread_ts"] = thread_ts
        await self.event(event, times=times)
        return message

    async def home_opened(self, user: str, *, tab: str = "home", times: int = 1) -> None:
        event: Json = {
            "type": "app_home_opened", "user": user, "channel": self.slack.users[user].dm, "tab": tab,
            "event_ts": self.slack.next_ts(),
        }  # fmt: skip
        home = self.slack.home(user)
        if home is not None:
            event["view"] = self.slack.view_payload(home, {})
        await self.event(event, times=times)

    # ------------------------------------------------------------------------------------------ commands

    async def command(self, user: str, command: str, text: str = "", *, channel: str | None = None) -> CommandAnswer:
        """A slash command. Where it was typed: the direct message with the bot unless `channel` says otherwise."""
        channel = channel or self.slack.users[user].dm
        who = self.slack.users[user]
        answer = await self._gesture(
            f"{command} {text}",
            {
                "token": "unused", "team_id": self.slack.team, "team_domain": "rondo-loopback", "channel_id": channel,
                "channel_name": "directmessage" if channel.startswith("D") else "team", "user_id": user,
                "user_name": who.email.partition("@")[0], "command": command, "text": text,
                "api_app_id": self.slack.app_id, "is_enterprise_install": "false",
                "response_url": self.slack.issue_response_url(user, channel),
                "trigger_id": self.slack.issue_trigger(user),
            },
        )  # fmt: skip
        body = answer.json or ({"text": answer.text} if answer.text.strip() else {})
        shown = body.get("text") or body.get("blocks")
        message = self.slack.take_answer(f"answer to {command}", user, channel, body) if shown else None
        return CommandAnswer(message=message, answer=answer)

    async def shortcut(self, user: str, callback_id: str, *, message: Message | None = None) -> Answer:
        """A global shortcut, or a message shortcut when a message is given."""
        payload = self._payload("message_action" if message else "shortcut", user)
        payload |= {"callback_id": callback_id, "action_ts": self.slack.next_ts()}
        if message is not None:
            payload |= {
                "message_ts": message.ts, "channel": {"id": message.channel, "name": "directmessage"},
                "message": self.slack.message_payload(message),
                "response_url": self.slack.issue_response_url(user, message.channel),
            }  # fmt: skip
        return await self._interact(f"shortcut {callback_id}", payload)

    # ------------------------------------------------------------------------------------------ buttons

    async def press(
        self, user: str, where: Message | View, button: Wanted, *, near: str | None = None, index: int | None = None
    ) -> Answer:
        """Press a button (or an overflow entry) as it is shown now, by its visible text or a predicate on the element.
        `near`: some text above it, back to the last divider or row of buttons."""
        control = slack_read.find_button(where.blocks, button, near, index)
        action: Json = {
            "type": control.element["type"], "block_id": control.block["block_id"],
            "action_id": control.element["action_id"],
        }  # fmt: skip
        if control.option is not None:
            action["selected_option"] = control.option
        else:
            action["text"] = control.element.get("text")
            for key in ("value", "style"):
                if key in control.element:
                    action[key] = control.element[key]
        return await self._act(user, where, action, f"button {button!r}")

    async def choose(self, user: str, where: Message | View, field: FieldKey, value: Any) -> Answer:
        """Pick a value in a select, a date picker, radio buttons or checkboxes outside a submitted form."""
        control = slack_read.find_field(where.blocks, field)
        state = slack_read.filled_state(control.element, value)
        key = (control.block["block_id"], control.element["action_id"])
        self._touched(where, user)[key] = state
        if control.block.get("type") == "input" and not control.block.get("dispatch_action"):
            return Answer(status=200, text="", seconds=0.0)  # Slack tells the bot only on submit
        return await self._act(user, where, {**state, "block_id": key[0], "action_id": key[1]}, f"choice {field!r}")

    async def _act(self, user: str, where: Message | View, action: Json, what: str) -> Answer:
        payload = self._payload("block_actions", user)
        state = slack_read.state_values(where.blocks, self._touched(where, user))
        payload |= {"actions": [{**action, "action_ts": self.slack.next_ts()}], "state": {"values": state}}
        if isinstance(where, Message):
            if where.deleted:
                raise ClientRefused("the message is gone")
            if where.only_for not in (None, user):
                raise ClientRefused("somebody else's ephemeral message")
            payload |= {
                "container": {"type": "message", "message_ts": where.ts, "channel_id": where.channel,
                              "is_ephemeral": where.only_for is not None},
                "channel": {"id": where.channel, "name": "directmessage" if where.channel[0] == "D" else "team"},
                "response_url": self.slack.issue_response_url(user, where.channel, where),
            }  # fmt: skip
            if where.only_for is None:
                payload["message"] = self.slack.message_payload(where)
        else:
            view = where
            payload |= {
                "container": {"type": "view", "view_id": view.id}, "view": self.slack.view_payload(view, state),
                "trigger_id": self.slack.issue_trigger(user, view.id),
            }  # fmt: skip
        return await self._interact(what, payload)

    # ------------------------------------------------------------------------------------------ modals

    async def submit(self, user: str, view: View, values: Mapping[FieldKey, Any] | None = None) -> Submission:
        """Fill fields and press the modal's submit button. A field is named by its label, `(section text, label)` or
        `(label, index)`; choices by their visible text. What is not named keeps its initial value."""
        if not view.open or view.user != user:
            raise ClientRefused("this modal is not on the person's screen")
        filled = self._touched(view, user)
        for key, value in (values or {}).items():
            control = slack_read.find_field(view.blocks, key)
            place = (control.block["block_id"], control.element["action_id"])
            filled[place] = slack_read.filled_state(control.element, value)
        state = slack_read.state_values(view.blocks, filled)
        if missing := slack_read.missing_fields(view.blocks, state):
            raise ClientRefused(f"required and empty: {missing}")
        payload = self._payload("view_submission", user)
        payload |= {"view": self.slack.view_payload(view, state), "response_urls": []}
        answer = await self._interact("view_submission", payload)
        return self._after_submit(user, view, answer)

    def _after_submit(self, user: str, view: View, answer: Answer) -> Submission:
        action = str(answer.json.get("response_action") or "close")
        errors: dict[str, str] = {}
        shown: View | None = view
        if action == "errors":
            errors = self._errors(view, answer.json.get("errors") or {})
        elif action == "update":
            body = self.slack.check_view("response_action update", answer.json.get("view"), "modal")
            shown = self.slack.show(user, body, view_id=view.id)
            self._chosen.pop(f"{view.id}/{user}", None)
        elif action == "push":
            body = self.slack.check_view("response_action push", answer.json.get("view"), "modal")
            self.slack.check_stack("response_action push", view)
            shown = self.slack.show(user, body, previous=view)
        elif action in ("close", "clear"):
            for other in self.slack.views.values():
                if other is view or (action == "clear" and other.user == user):
                    other.open = False
            shown = self.slack.open_view(user)
        else:
            raise NotAcknowledged(f"view_submission: unknown response_action {action!r}")
        return Submission(action=action, errors=errors, view=shown, answer=answer)

    def _errors(self, view: View, errors: Json) -> dict[str, str]:
        labels = {b["block_id"]: slack_read.block_text(b) for b in view.blocks if b.get("type") == "input"}
        if not errors:
            self.slack.violate("view_submission", "errors", "empty: the person sees Slack's own failure")
        for block_id in errors:
            if block_id not in labels:
                self.slack.violate("view_submission", f"errors.{block_id}", "not an input block of this view")
        return {labels.get(block_id, block_id): str(words) for block_id, words in errors.items()}

    async def close(self, user: str, view: View) -> Answer | None:
        """The person closes the modal; the bot hears of it only with `notify_on_close`."""
        view.open = False
        if not view.body.get("notify_on_close"):
            return None
        payload = self._payload("view_closed", user)
        state = slack_read.state_values(view.blocks, self._touched(view, user))
        payload |= {"view": self.slack.view_payload(view, state), "is_cleared": False}
        del payload["trigger_id"]
        return await self._interact("view_closed", payload)

    # ------------------------------------------------------------------------------------------ pieces

    def _payload(self, kind: str, user: str) -> Json:
        who = self.slack.users[user]
        name = who.email.partition("@")[0]
        return {
            "type": kind, "token": "unused", "api_app_id": self.slack.app_id,
            "enterprise": {"id": self.slack.enterprise, "name": "Loopback"} if self.slack.enterprise else None,
            "is_enterprise_install": False, "team": {"id": self.slack.team, "domain": "rondo-loopback"},
            "user": {"id": user, "username": name, "name": name, "team_id": self.slack.team},
            "trigger_id": self.slack.issue_trigger(user),
        }  # fmt: skip

    async def _interact(self, what: str, payload: Json) -> Answer:
        return await self._gesture(what, {"payload": json.dumps(payload)})

    def _touched(self, where: Message | View, user: str) -> dict[tuple[str, str], Json]:
        container = f"{where.channel}/{where.ts}" if isinstance(where, Message) else where.id
        return self._chosen.setdefault(f"{container}/{user}", {})
