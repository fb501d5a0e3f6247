"""`POST /api/messages`: size, token, shape, then the turn, then the answer. 200 means it is on disk.

Bad input is refused with 4xx and nothing is written; 503 asks Teams to repeat what could not be taken now.
"""

import asyncio
import ipaddress
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from adapters.teams import inbound, sdk
from adapters.teams.answers import Answers
from adapters.teams.auth import Auth, Caller, Forbidden, KeysUnavailable, Unauthorized
from adapters.teams.gateway import TeamsGateway
from adapters.teams.words import say
from bot.events import Address, Removed, Said
from bot.ports import Clock, Conflict, DeliveryError, Entrance, Outcome, TooSlow

log = logging.getLogger("rondo.teams")

LARGEST_BODY = 1024 * 1024

_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    413: "Content Too Large",
    503: "Service Unavailable",
}


class _Problem(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


def teams_router(
    *,
    inbound: Entrance,
    gateway: TeamsGateway,
    auth: Auth,
    clock: Clock,
    allow_anonymous: bool = False,
    teams_changed: Callable[[Address, bool], Awaitable[None]] | None = None,
) -> APIRouter:
    """The route. `allow_anonymous` (development): activities without a token are taken from this machine.

    `teams_changed` is told of a team that has the app from now on (True), or no more. Raises Conflict.
    """
    router = APIRouter()
    endpoint = _Endpoint(inbound, gateway, auth, clock, allow_anonymous, teams_changed)

    @router.post("/api/messages", include_in_schema=False)
    async def messages(request: Request) -> Response:
        try:
            answer = await endpoint.take(request)
        except _Problem as problem:
            return _document(problem)
        if answer.body is None:
            return Response(status_code=answer.status)
        # Escaped: a lone surrogate in somebody's words must not break the answer.
        return Response(json.dumps(answer.body).encode(), status_code=answer.status, media_type="application/json")

    return router


class _Endpoint:
    def __init__(
        self,
        door: Entrance,
        gateway: TeamsGateway,
        auth: Auth,
        clock: Clock,
        allow_anonymous: bool,
        teams_changed: Callable[[Address, bool], Awaitable[None]] | None,
    ) -> None:
        self._door = door
        self._gateway = gateway
        self._answers = Answers(gateway)
        self._teams_changed = teams_changed
        self._notes: set[asyncio.Task[None]] = set()
        self._auth = auth
        self._clock = clock
        self._allow_anonymous = allow_anonymous
        self._turns = sdk.Turns()

    async def take(self, request: Request) -> sdk.Answer:
        """Raises _Problem."""
        raw = await _body(request)
        caller = await self._caller(request)
        body = _json(raw)
        try:
            activity = sdk.read(body)
        except sdk.Unreadable as error:
            raise _Problem(400, str(error)) from error
        try:
            for tenant in inbound.tenants_of(body):
                self._auth.admit(
                    caller,
                    channel=_text(body, "channelId"),
                    service_url=_text(body, "serviceUrl"),
                    tenant=tenant,
                )
        except Unauthorized as error:
            _refused(401, error)
        except Forbidden as error:
            _refused(403, error)
        return await self._turns.run(caller, activity, lambda: self._hear(body))

    async def _caller(self, request: Request) -> Caller:
        header = request.headers.get("authorization", "")
        # a browser says where its page is from, and a page elsewhere is nobody's simulator
        if not header and self._allow_anonymous and _is_local(request) and "origin" not in request.headers:
            return Caller(claims={}, anonymous=True)
        try:
            return await self._auth.verify(header)
        except Unauthorized as error:
            _refused(401, error)
        except KeysUnavailable as error:
            raise _Problem(503, str(error)) from error

    async def _hear(self, activity: dict[str, Any]) -> sdk.Answer:
        event = inbound.read(activity, self._clock.now())
        outcome = None
        try:
            team = inbound.team_of(activity)
            if team is not None and self._teams_changed is not None:
                await self._teams_changed(*team)
            if event is not None:
                self._gateway.heard(event.by)
                taken = self._door.removed(event) if isinstance(event, Removed) else self._door.receive(event)
                outcome = await taken
        except (DeliveryError, Conflict, TooSlow) as error:
            log.warning("teams event not taken", extra={"event_id": event.id if event else "", "reason": str(error)})
            detail = "too slow, it may be stored" if isinstance(error, TooSlow) else "nothing was stored"
            raise _Problem(503, f"{detail}; please send it again") from error
        if isinstance(event, Said) and outcome is not None:
            self._note(activity, event, outcome)
        return self._answers.to(activity, event, outcome)

    def _note(self, activity: dict[str, Any], event: Said, outcome: Outcome) -> None:
        """Where nothing would be seen in answer to words: a stranger wrote, or it was not their own chat."""
        elsewhere = "conversation" not in event.by.route
        is_answered_elsewhere = outcome.known and outcome.decision is not None and elsewhere
        if not (outcome.tell or is_answered_elsewhere):
            return
        line = say("elsewhere" if outcome.known else "unknown", _text(activity, "locale"))
        recipient = activity.get("recipient")
        targeted = elsewhere and isinstance(recipient, dict) and recipient.get("isTargeted") is True
        place = _text(activity.get("conversation") or {}, "id")
        sent = self._gateway.note(event.by, place, line, reply_to=_text(activity, "id"), targeted=targeted)
        task = asyncio.create_task(_quietly(sent))
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)


async def _quietly(sent: Awaitable[None]) -> None:
    try:
        await sent
    except DeliveryError as error:
        log.info("note not sent", extra={"reason": error.reason})


async def _body(request: Request) -> bytes:
    raw = bytearray()
    try:
        async for chunk in request.stream():
            raw += chunk
            if len(raw) > LARGEST_BODY:
                raise _Problem(413, f"a body may have {LARGEST_BODY} bytes")
    except ClientDisconnect as error:
        raise _Problem(400, "the body ended early") from error
    return bytes(raw)


def _json(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _Problem(400, "the body is not JSON") from error
    if not isinstance(body, dict):
        raise _Problem(400, "the body is not a JSON object")
    return body


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    return value if isinstance(value, str) else ""


def _is_local(request: Request) -> bool:
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _refused(status: int, error: Exception) -> NoReturn:
    log.warning("teams request refused", extra={"status": status, "reason": str(error)})
    raise _Problem(status, str(error)) from error


def _document(problem: _Problem) -> Response:
    status = problem.status
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {"Retry-After": "5"} if status == 503 else {}
    body = {"type": "about:blank", "title": _TITLES[status], "status": status, "detail": problem.detail}
    return Response(json.dumps(body).encode(), status, headers, media_type="application/problem+json")
