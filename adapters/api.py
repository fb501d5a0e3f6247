"""The admin API under /api/v1 (INTERFACES, "HTTP"): imports, machine-fed key results, the read side.

Knows no database: the composition root hands in what reads and writes, as blocking calls that run in worker threads.
Every error is an RFC 9457 problem document, and nothing is written on any 4xx.
"""

import asyncio
import hmac
import json
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, NoReturn, Protocol

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute

from bot.events import Measured
from bot.flows.imports import Issue
from bot.ports import Clock, Outcome
from bot.talk.numbers import NotANumber, fit, parse_number
from bot.talk.text import clean

MAX_BODY = 1 << 20
MAX_IMPORT = 64 << 20
MAX_PAGE = 500
_MAX_NOTE, _MAX_SOURCE, _MAX_KEY = 3000, 100, 200
_TITLES = {
    400: "Bad request",
    401: "Not authorised",
    404: "Not found",
    413: "Body too large",
    415: "Unsupported body",
    422: "Not accepted",
}


class Report(Protocol):
    """What an import did, or (dry run, or with rejections) would have done; see `bot.flows.imports.Plan`."""

    @property
    def created(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def warnings(self) -> Sequence[Issue]: ...
    @property
    def rejections(self) -> Sequence[Issue]: ...


class Importer(Protocol):
    """Plans a file and, unless `dry_run` or anything is rejected, makes the plan true in one transaction. Blocking."""

    def people(self, data: bytes, *, dry_run: bool) -> Report: ...
    def goals(self, data: bytes, *, dry_run: bool) -> Report: ...
    def leave(self, data: bytes, *, dry_run: bool) -> Report: ...
    def values(self, data: bytes, *, dry_run: bool) -> Report: ...


class Page(Protocol):
    """Some items, as plain JSON values, and where the next ones start (None: these were the last)."""

    @property
    def items(self) -> Sequence[Mapping[str, object]]: ...
    @property
    def next(self) -> str | None: ...


class Reader(Protocol):
    """The read side. Blocking. ValueError for a cursor that is none."""

    def policies(self, *, cursor: str | None, limit: int) -> Page: ...
    def ledger(self, *, cursor: str | None, limit: int) -> Page: ...
    def checkins(self, *, cursor: str | None, limit: int) -> Page: ...
    def outbox(self, *, state: str | None, cursor: str | None, limit: int) -> Page:
        """ValueError also for a state there is none of."""
        ...

    def key_result(self, id: str) -> Mapping[str, object] | None:
        """A key result as it is now, or None."""
        ...


class Problem(Exception):
    """An answer that is an RFC 9457 problem document."""

    def __init__(self, status: int, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.members = members

    def response(self) -> JSONResponse:
        """The document."""
        title = _TITLES.get(self.status, "Error")
        detail = clean(self.detail)  # it may quote what was sent, lone surrogates included
        body = {"type": "about:blank", "title": title, "status": self.status, "detail": detail, **self.members}
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else None
        return JSONResponse(body, self.status, headers, media_type="application/problem+json")


class _ProblemRoute(APIRoute):
    """A route whose errors, FastAPI's own included, are problem documents."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return problem.response()
            except RequestValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                return Problem(422, f"{where}: {first['msg']}").response()
            except HTTPException as error:
                return Problem(error.status_code, str(error.detail)).response()

        return answered


def api_router(
    *,
    token: str,
    importer: Importer,
    reader: Reader,
    take: Callable[[Measured], Outcome],
    clock: Clock,
    imported: Callable[[], Awaitable[None] | None],
) -> APIRouter:
    """The routes, open to whoever bears `token` (RONDO_ADMIN_TOKEN; without one there must be no router).

    `take` is the one door, blocking; `imported` is called after an import changed something: look at the directory and
    the agenda now.
    """
    if not token:
        raise ValueError("The admin API needs RONDO_ADMIN_TOKEN.")

    def authorised(authorization: str = Header("")) -> None:
        scheme, _, given = authorization.partition(" ")
        known = hmac.compare_digest(given.strip().encode(), token.encode())
        if not known or scheme.lower() != "bearer":
            raise Problem(401, "This needs the header `Authorization: Bearer` with the value of RONDO_ADMIN_TOKEN.")

    router = APIRouter(prefix="/api/v1", route_class=_ProblemRoute, dependencies=[Depends(authorised)])
    _add_imports(router, importer, imported)
    _add_reads(router, reader)

    @router.patch("/key-results/{id:path}")
    async def measure(request: Request, id: str, idempotency_key: str = Header("")) -> JSONResponse:
        """A machine reports a key result. The same Idempotency-Key for the same key result has one effect."""
        if len(idempotency_key) > _MAX_KEY:
            raise Problem(400, f"An Idempotency-Key has at most {_MAX_KEY} characters.")
        value, note, source = _measurement(await _body(request, MAX_BODY))
        unknown = Problem(404, f'There is no key result "{id[:100]}".')
        if id != clean(id) or await asyncio.to_thread(reader.key_result, id) is None:  # no NUL ever reaches a database
            raise unknown
        key = f"api:{id}:{idempotency_key or uuid.uuid4()}"
        event = Measured(id=key, at=clock.now(), key_result=id, value=value, note=note, source=source)
        outcome = await asyncio.to_thread(take, event)
        state = await asyncio.to_thread(reader.key_result, id)
        if not outcome.known or state is None:
            raise unknown
        return JSONResponse(dict(state))

    return router


def _add_imports(router: APIRouter, importer: Importer, imported: Callable[[], Awaitable[None] | None]) -> None:
    async def run(request: Request, plan: Callable[..., Report], dry_run: bool) -> JSONResponse:
        if request.headers.get("content-type", "").startswith("multipart/"):
            raise Problem(415, "Send the file itself as the body (curl --data-binary @FILE), not as a form upload.")
        report = await asyncio.to_thread(plan, await _body(request, MAX_IMPORT), dry_run=dry_run)
        if report.rejections:
            bad = len({issue.row for issue in report.rejections})
            detail = f"Nothing was imported: {bad} {'row' if bad == 1 else 'rows'} cannot be accepted."
            raise Problem(422, detail, rejected=bad, errors=_issues(report.rejections), warnings=_issues(report.warnings))
        if not dry_run and report.created + report.changed:
            wake = imported()
            if wake is not None:
                await wake
        counts = {"created": report.created, "changed": report.changed, "unchanged": report.unchanged}
        return JSONResponse({**counts, "rejected": 0, "warnings": _issues(report.warnings), "dry_run": dry_run})

    @router.post("/people:import")
    async def import_people(request: Request, dry_run: bool = Query(False)) -> JSONResponse:
        return await run(request, importer.people, dry_run)

    @router.post("/goals:import")
    async def import_goals(request: Request, dry_run: bool = Query(False)) -> JSONResponse:
        return await run(request, importer.goals, dry_run)

    @router.post("/leave:import")
    async def import_leave(request: Request, dry_run: bool = Query(False)) -> JSONResponse:
        return await run(request, importer.leave, dry_run)

    @router.post("/key-results:import")
    async def import_values(request: Request, dry_run: bool = Query(False)) -> JSONResponse:
        return await run(request, importer.values, dry_run)


def _add_reads(router: APIRouter, reader: Reader) -> None:
    async def page(read: Callable[..., Page], **query: object) -> JSONResponse:
        try:
            found = await asyncio.to_thread(read, **query)
        except ValueError as error:
            raise Problem(400, str(error)) from error
        return JSONResponse({"items": list(found.items), "next": found.next})

    cursors = Query(None, max_length=400)
    limits = Query(100, ge=1, le=MAX_PAGE)

    @router.get("/policies")
    async def policies(cursor: str | None = cursors, limit: int = limits) -> JSONResponse:
        return await page(reader.policies, cursor=cursor, limit=limit)

    @router.get("/ledger")
    async def ledger(cursor: str | None = cursors, limit: int = limits) -> JSONResponse:
        return await page(reader.ledger, cursor=cursor, limit=limit)

    @router.get("/checkins")
    async def checkins(cursor: str | None = cursors, limit: int = limits) -> JSONResponse:
        return await page(reader.checkins, cursor=cursor, limit=limit)

    @router.get("/outbox")
    async def outbox(state: str | None = None, cursor: str | None = cursors, limit: int = limits) -> JSONResponse:
        return await page(reader.outbox, state=state, cursor=cursor, limit=limit)


async def _body(request: Request, limit: int) -> bytes:
    """The body, read no further than the limit."""
    too_large = Problem(413, f"A body here has at most {limit >> 20} MiB.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > 18 or int(declared) > limit):
        raise too_large
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > limit:
            raise too_large
    return bytes(chunks)


def _measurement(body: bytes) -> tuple[Decimal, str, str]:
    """Value, note and source of a PATCH body."""
    try:
        fields = json.loads(
            body.decode(),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_once_each,
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Problem(400, f"The body is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise Problem(422, 'The body must be an object such as {"current": 42}.')
    unknown = sorted(set(fields) - {"current", "note", "source"})
    if unknown:
        raise Problem(422, f'Unknown field "{unknown[0][:60]}"; there are current, note and source.')
    return (
        _value(fields.get("current")),
        _words(fields, "note", _MAX_NOTE),
        _words(fields, "source", _MAX_SOURCE) or "api",
    )


def _value(given: object) -> Decimal:
    try:
        match given:
            case Decimal():
                return fit(given)
            case str():
                return parse_number(given, plain=True)
            case _:
                raise Problem(422, "current: a number is needed.")
    except NotANumber as error:
        raise Problem(422, f"current: {error}") from error


def _words(fields: Mapping[str, object], name: str, limit: int) -> str:
    given = fields.get(name)
    if given is not None and not isinstance(given, str):
        raise Problem(422, f"{name}: a text is needed.")
    if given and len(given) > limit:
        raise Problem(422, f"{name}: at most {limit:,} characters fit.")
    return clean(given or "", limit=2 * limit)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number.")


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field stands in it twice.")
    return fields


def _issues(issues: Sequence[Issue]) -> list[dict[str, object]]:
    return [asdict(issue) for issue in issues]
