"""What every HTTP answer has in common: a date, a size limit before anything is read, and problem documents (RFC 9457)."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate
from functools import lru_cache
from types import MappingProxyType

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.answers import Document, Refusal, problem
from bot.ports import Conflict, DeliveryError

log = logging.getLogger("rondo.web")

BODY_LIMIT = 1 << 20
IMPORT_LIMIT = 64 << 20
READ_SECONDS, IMPORT_SECONDS = 10.0, 120.0
"""How long a body may take to arrive."""
DISCARDED, DISCARD_SECONDS = 2 * IMPORT_LIMIT, 5.0
"""Bytes and seconds for which what is too large is read and thrown away after the answer: many clients read none before
they have sent everything, and would see a broken connection in its place."""
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ANSWER_SECONDS = 25.0
"""How long an answer may take, imports aside. A database that is there and says nothing would otherwise keep callers for ever."""


class BodyLimit:
    """Raw ASGI: answers 413 by the declared length at once, and as soon as more than allowed has come; 408 when a body drips."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, guarded."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        large = scope["path"].endswith(":import")
        limit, seconds = (IMPORT_LIMIT, IMPORT_SECONDS) if large else (BODY_LIMIT, READ_SECONDS)
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and (len(declared) > 18 or int(declared) > limit):
            await _too_large(limit, receive, send)
            return
        read, begun, refused, whole = 0, False, False, False
        ends = asyncio.get_running_loop().time() + seconds

        async def counted() -> Message:
            nonlocal read, refused, whole
            if refused:
                return {"type": "http.disconnect"}
            try:
                async with asyncio.timeout_at(None if whole or begun else ends):
                    message = await receive()
            except TimeoutError:
                refused = True
                late = problem(408, "The body did not arrive in time.", {"Connection": "close"})
                await late(scope, receive, send)
                return {"type": "http.disconnect"}
            whole = not message.get("more_body")
            read += len(message.get("body", b""))
            if read > limit and not begun:
                refused = True
                await _too_large(limit, receive, send)
                return {"type": "http.disconnect"}
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            if not refused:
                begun = True
                await send(message)

        try:
            await self._app(scope, counted, noted)
        except Exception:
            if not refused:  # otherwise: the application noticed that nobody listens any more
                raise


class Bounded:
    """Raw ASGI: 503 where no answer has begun after so many seconds, or by the end of the server; imports take what they take.

    A thread that waits for the database goes on waiting.
    """

    def __init__(self, app: ASGIApp, *, seconds: float | None) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, for so long."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def begun(message: Message) -> None:
            nonlocal has_begun
            if not limit.expired():
                has_begun = True
                limit.reschedule(None)
                await send(message)

        try:
            async with asyncio.timeout(None if scope["path"].endswith(":import") else self._seconds) as limit:
                await self._app(scope, receive, begun)
        except (TimeoutError, asyncio.CancelledError):  # cancelled: the server ends and waits no longer
            if has_begun:
                raise
            log.warning("no answer in time", extra={"path": scope["path"][:100]})
            words = "No answer in time; whether it was done is not known. Please send it again."
            await problem(503, words, {"Retry-After": "5"})(scope, receive, send)


class Dated:
    """Raw ASGI: every answer says when it was made (RFC 9110, 6.6.1). uvicorn would wake up all the time to know it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and date what comes back."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [(b"date", _date(int(time.time()))), *message.get("headers", ())]}
            await send(message)

        await self._app(scope, receive, dated)


@lru_cache(maxsize=1)
def _date(second: int) -> bytes:
    return formatdate(second, usegmt=True).encode()


def add_problems(app: FastAPI, others: Mapping[str, Document] = MappingProxyType({})) -> None:
    """Make every error of the application a problem document; below the paths of `others`, what they say in its place."""

    def document(request: Request) -> Document:
        return next((one for path, one in others.items() if request.url.path.startswith(path)), problem)

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        return document(request)(error.status, error.detail, headers, **error.members)

    async def not_here(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        known = {404: "There is nothing at this address.", 405: "This address takes other methods, see Allow."}
        headers = {"Allow": _allowed(app, request)} if error.status_code == 405 else error.headers
        return document(request)(error.status_code, known.get(error.status_code, str(error.detail)), headers)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        return document(request)(422, f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}")

    async def busy(request: Request, error: Exception) -> JSONResponse:
        log.warning("not taken", extra={"path": request.url.path, "error": type(error).__name__})
        return document(request)(503, "Nothing was changed. Please send it again.", {"Retry-After": "5"})

    async def broken(request: Request, error: Exception) -> JSONResponse:
        return document(request)(500, "Something is wrong on our side; the log says what. Nothing was changed.")

    handlers: list[tuple[type[Exception], Callable[[Request, Exception], Awaitable[JSONResponse]]]] = [
        (Refusal, refused),
        (HTTPException, not_here),
        (RequestValidationError, invalid),
        (Conflict, busy),
        (DeliveryError, busy),
        (OperationalError, busy),  # full, read-only, gone: whatever was begun was rolled back
        (Exception, broken),
    ]
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)


def _allowed(app: FastAPI, request: Request) -> str:
    """Every method of an address. The framework names those of the first route there, and each method has one of its own."""
    scopes = [{**request.scope, "method": method} for method in _METHODS]
    found = [one["method"] for one in scopes if any(route.matches(one)[0] is Match.FULL for route in app.router.routes)]
    return ", ".join(found)


async def _too_large(limit: int, receive: Receive, send: Send) -> None:
    """Answer at once; hang up only when the rest has come. Who still sends would otherwise never see the answer."""
    answer = problem(413, f"A body here has at most {limit >> 20} MiB.", {"Connection": "close"})
    await send({"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": True})
    left = DISCARDED
    try:
        async with asyncio.timeout(DISCARD_SECONDS):
            while left > 0 and (message := await receive())["type"] == "http.request" and message.get("more_body"):
                left -= len(message.get("body", b""))
    except TimeoutError:
        log.debug("hung up on a body that is too large")
    await send({"type": "http.response.body", "body": b"", "more_body": False})
