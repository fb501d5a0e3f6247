"""`POST /slack/events`: a guard (size, signature over the raw bytes, well-formedness), then Bolt, then the one door.

Bolt's own checks are off because it parses before it verifies and answers 5xx to bad input. It acknowledges after our
listener, that is after the commit: where nothing could be written Slack gets 503 and sends again.
"""

import asyncio
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, assert_never
from urllib.parse import parse_qsl

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from starlette.requests import ClientDisconnect, Request

from adapters.slack import inbound
from adapters.slack.characters import escape
from adapters.slack.render import LIMITS
from bot.decision import FieldErrors, ShowForm, ShowHome
from bot.events import Address, ByPerson, FormFailed, Pressed, Said, Submitted
from bot.ports import Clock, Conflict, DeliveryError, Inbound, TooSlow
from bot.talk.cards import Card, Form, Paragraph
from bot.talk.text import plain

log = logging.getLogger("rondo.slack")

BODY_LIMIT: Final = 1024 * 1024  # bytes (INTERFACES, HTTP)
READ_LIMIT: Final = 10.0  # seconds for the whole body
WINDOW: Final = 300.0  # seconds a timestamp may be off; docs.slack.dev/authentication/verifying-requests-from-slack
FORM_TYPE: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """What is said in the very answer to a command, where no direct message can say it: plain words."""

    elsewhere: str  # the command was typed in a channel; the answer is in the direct message
    stranger: str  # nobody here knows this account


class Slack(Protocol):
    """What the routes need of a gateway, for one workspace or many."""

    async def ours(self, by: Address, enterprise: str = "") -> Address | None:
        """Whose a request is, as the address is kept; None: no workspace of ours. Raises a DeliveryError."""
        ...

    async def open_form(self, trigger: str, form: Form, *, by: Address | None = None) -> None:
        """Show a form to whoever pressed. Raises a DeliveryError, ValueError."""
        ...

    async def show_home(self, address: Address, card: Card) -> None:
        """Publish somebody's App Home. Raises a DeliveryError, ValueError."""
        ...

    async def send(self, address: Address, card: Card, *, key: str) -> object:
        """Post to somebody's direct message. Raises a DeliveryError."""
        ...

    async def changed(self, payload: Mapping[str, Any]) -> None:
        """An install ended or began. Raises a DeliveryError: the event is to come again."""
        ...


Take = Callable[[dict[str, Any]], Awaitable[BoltResponse]]
"""Takes a payload that is certainly Slack's, and answers when it is written down."""

INSTALLS: Final = frozenset({"app_uninstalled", "tokens_revoked", "team_access_granted", "team_access_revoked"})
"""Events about an install, not about a person."""


def listener(door: Inbound, gateway: Slack, *, clock: Clock, notes: Notes) -> Take:
    """What `/slack/events` and Socket Mode share: everything behind the proof that a payload is Slack's."""
    listen = _Listener(door, gateway, clock, notes)
    bolt = _bolt(listen)

    async def take(payload: dict[str, Any]) -> BoltResponse:
        return await _dispatch(bolt, listen, payload)

    return take


def slack_router(
    door: Inbound,
    gateway: Slack,
    *,
    signing_secrets: Sequence[str],
    clock: Clock,
    notes: Notes,
) -> APIRouter:
    """The route. `signing_secrets`: any of them is accepted (rotation); raises ValueError where one is empty."""
    return events_router(listener(door, gateway, clock=clock, notes=notes), signing_secrets)


def events_router(take: Take, signing_secrets: Sequence[str]) -> APIRouter:
    """`POST /slack/events`, guarded. Raises ValueError where a secret is empty."""
    if not signing_secrets or not all(secret.strip() for secret in signing_secrets):
        raise ValueError("RONDO_SLACK_SIGNING_SECRET is empty: requests could not be told from forgeries")
    router = APIRouter()

    @router.post("/slack/events", include_in_schema=False)
    async def events(request: Request) -> Response:
        try:
            body = await _body(request)
            if not verified(body, request.headers, signing_secrets, time.time()):
                raise _Problem(401, "Signature missing, wrong or too old")
            payload = _payload(body, request.headers.get("content-type", ""))
        except _Problem as problem:
            return problem.response()
        answer = await take(payload)
        return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())

    return router


# ------------------------------------------------------------------------------------------ the guard


_TITLES: Final = {
    400: "Bad Request",
    401: "Unauthorized",
    408: "Request Timeout",
    413: "Content Too Large",
    503: "Service Unavailable",
}


class _Problem(Exception):
    """A refused request; the body is an RFC 9457 document."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail

    def response(self) -> Response:
        document = _document(self.status, self.detail)
        return JSONResponse(document, self.status, media_type="application/problem+json")


def _document(status: int, detail: str) -> dict[str, Any]:
    return {"type": "about:blank", "title": _TITLES[status], "status": status, "detail": f"{detail}."}


async def _body(request: Request) -> bytes:
    """The raw bytes; not one more than `BODY_LIMIT` is kept."""
    declared = request.headers.get("content-length", "")
    if re.fullmatch("[0-9]+", declared) and (len(declared) > 9 or int(declared) > BODY_LIMIT):
        raise _Problem(413, f"At most {BODY_LIMIT} bytes")
    body = bytearray()
    try:
        async with asyncio.timeout(READ_LIMIT):
            async for chunk in request.stream():
                body += chunk
                if len(body) > BODY_LIMIT:
                    raise _Problem(413, f"At most {BODY_LIMIT} bytes")
    except (TimeoutError, ClientDisconnect) as error:
        raise _Problem(408, "The body did not arrive") from error
    return bytes(body)


def verified(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: float) -> bool:
    """Whether Slack signed these bytes with one of the secrets within `WINDOW` of `now` (real Unix seconds)."""
    stamp = headers.get("x-slack-request-timestamp", "")
    given = headers.get("x-slack-signature", "")
    if not re.fullmatch("[0-9]{1,12}", stamp) or not given.isascii() or abs(now - int(stamp)) > WINDOW:
        return False
    base = b"v0:" + stamp.encode() + b":" + body
    wanted = ["v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest() for secret in secrets]
    matches = [hmac.compare_digest(one, given) for one in wanted]  # all of them: the time does not say which
    return any(matches)


def _payload(body: bytes, content_type: str) -> dict[str, Any]:
    try:
        text = body.decode()
        if content_type.partition(";")[0].strip().lower() == FORM_TYPE:
            form = dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100))
            payload = json.loads(form["payload"]) if "payload" in form else form
            if payload is form and not form.keys() & {"command", "ssl_check"}:
                raise _Problem(400, "Neither payload nor command")
        else:
            payload = json.loads(text)
    except (ValueError, RecursionError) as error:  # malformed, not UTF-8, a number of 5,000 digits, nested too deep
        raise _Problem(400, "Malformed body") from error
    if not isinstance(payload, dict):
        raise _Problem(400, "Not an object")
    return payload


# ------------------------------------------------------------------------------------------ Bolt


async def _dispatch(bolt: AsyncApp, listen: "_Listener", payload: dict[str, Any]) -> BoltResponse:
    """Through Bolt to the listener; straight to it where Bolt has no kind for the payload or stumbles over its shape."""
    stumbled = ""
    if payload.get("type") == "app_rate_limited":  # events of a whole minute are lost; the sweep makes up for answers
        log.error(
            "Slack holds back events: more than 30,000 within an hour",
            extra={"minute": ascii(payload.get("minute_rate_limited"))},
        )
    try:
        # Not the socket mode: this is how Bolt takes a body that was parsed already.
        answer = await bolt.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
        if answer.status not in (404, 500):  # Bolt's own: the listener answers 200 or 503
            return answer
    except Exception as error:
        stumbled = type(error).__name__
    kind = ascii(payload.get("type"))[:50]  # a forger's type is no line of ours, whatever line ends are in it
    log.warning("payload unknown to Bolt", extra={"payload_type": kind, "error": stumbled})
    return await listen(payload)


def _bolt(listen: "_Listener") -> AsyncApp:
    async def authorize(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id)  # which workspace is ours the listener knows

    async def listener(body: dict[str, Any]) -> BoltResponse:
        return await listen(body)

    # Bolt gives the logger's level to the logger named like the app: a name of their own keeps ours as loud as they are.
    name = "rondo.slack.bolt"
    logger = logging.getLogger(name)
    logger.setLevel(logging.CRITICAL)  # below that it logs payloads, and with them what people wrote
    app = AsyncApp(
        name=name,
        logger=logger,
        process_before_response=True,
        signing_secret=" ",  # the guard has verified
        request_verification_enabled=False,
        authorize=authorize,
        ignoring_self_events_enabled=False,  # `inbound` does; this one stumbles over odd payloads
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    anything = re.compile("")
    app.event(anything)(listener)
    app.action(anything)(listener)
    app.view_submission(anything)(listener)
    app.view_closed(anything)(listener)
    app.command(anything)(listener)
    return app


# ------------------------------------------------------------------------------------------ the answers


class _Listener:
    """Takes a payload through the door and answers as its kind demands, within Slack's 3 seconds."""

    def __init__(self, door: Inbound, gateway: Slack, clock: Clock, notes: Notes) -> None:
        self._door, self._gateway, self._clock, self._notes = door, gateway, clock, notes
        self._telling: set[asyncio.Task[None]] = set()

    async def __call__(self, body: dict[str, Any]) -> BoltResponse:
        event = inbound.read(body, self._clock.now())
        name = event.id if event is not None else ascii(body.get("event_id"))[:100]
        detail = "Nothing was written; please send it again"
        try:
            if event is None:
                about = body.get("event")
                if body.get("type") == "event_callback" and isinstance(about, dict) and str(about.get("type")) in INSTALLS:
                    await self._gateway.changed(body)
                return BoltResponse(status=200)
            by = await self._gateway.ours(event.by, inbound.enterprise(body))
            if by is None:
                return BoltResponse(status=200)
            return await self._take(event if by == event.by else _at_home(event, by), body)
        except TooSlow as error:
            detail = "That took too long and may be written; please send it again"
            log.warning("not answered in time", extra={"event_id": name, "error": str(error)})
        except (DeliveryError, Conflict) as error:
            log.warning("not taken, Slack will repeat", extra={"event_id": name, "error": str(error)})
        except Exception:
            log.exception("not taken, Slack will repeat", extra={"event_id": name})
        return BoltResponse(status=503, body=_document(503, detail), headers={"content-type": "application/problem+json"})

    async def _take(self, event: ByPerson, body: dict[str, Any]) -> BoltResponse:
        outcome = await self._door.receive(event)
        if not outcome.known:
            if "command" in body:
                return self._note(self._notes.stranger)
            if outcome.tell:
                task = asyncio.create_task(self._tell(event))
                self._telling.add(task)
                task.add_done_callback(self._telling.discard)
            return BoltResponse(status=200)
        match outcome.decision.reply if outcome.decision is not None else None:
            case ShowForm(form=form):
                await self._open(event, form, body)
            case ShowHome(card=card):
                try:
                    await self._gateway.show_home(event.by, card)
                except (DeliveryError, ValueError) as error:  # the next opening draws it again
                    log.warning("home not shown", extra={"event_id": event.id, "error": str(error)})
            case FieldErrors() as refused if isinstance(event, Submitted):
                if errors := _errors(refused, body):
                    return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
            case FieldErrors() | None:
                pass
            case reply:
                assert_never(reply)
        if isinstance(event, Said) and "command" in body and body.get("channel_name") != "directmessage":
            return self._note(self._notes.elsewhere)
        return BoltResponse(status=200)

    async def _open(self, event: ByPerson, form: Form, body: dict[str, Any]) -> None:
        trigger = body.get("trigger_id")
        try:
            if isinstance(trigger, str) and trigger:
                await self._gateway.open_form(trigger, form, by=event.by)
                return
            error: Exception | None = None
        except (DeliveryError, ValueError) as failed:  # expired or used trigger, Slack away, a form too big
            error = failed
        log.warning("form not shown", extra={"event_id": event.id, "error": str(error)})
        action = event.action if isinstance(event, Pressed) else form.action
        failed_event = FormFailed(id=f"{event.id}:form", at=self._clock.now(), by=event.by, action=action)
        await self._door.receive(failed_event)

    async def _tell(self, event: ByPerson) -> None:
        """Outside the outbox, which knows people alone: lost, it is said another day."""
        words = self._notes.stranger
        card = Card(summary=words, elements=(Paragraph(text=plain(words)),))
        try:
            await self._gateway.send(event.by, card, key=f"stranger:{event.id}")
        except (DeliveryError, ValueError) as error:
            log.info("a stranger was not told", extra={"event_id": event.id, "error": str(error)})

    def _note(self, words: str) -> BoltResponse:
        answer = {"response_type": "ephemeral", "text": escape(words, LIMITS["message text"])}
        return BoltResponse(status=200, body=answer)


def _at_home(event: ByPerson, by: Address) -> ByPerson:
    """What came in an organisation's name, in the person's workspace; so is the channel it was typed in."""
    if isinstance(event, Said) and event.place is not None:
        return replace(event, by=by, place=replace(event.place, tenant=by.tenant))
    return replace(event, by=by)


def _errors(refused: FieldErrors, body: dict[str, Any]) -> dict[str, str]:
    """The errors by block id; what names no field of the shown form stands at its first one."""
    places = inbound.fields_of(body)
    first = next(iter(places.values()), None)
    errors: dict[str, str] = {}
    for field, words in refused.errors.items():
        place = places.get(field, first)
        if place is not None:
            said = f"{errors[place]} {words}" if place in errors else words
            errors[place] = said if len(said) <= LIMITS["field error"] else said[: LIMITS["field error"] - 1] + "…"
    return errors
