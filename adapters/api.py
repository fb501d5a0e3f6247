"""The admin API under /api/v1 (INTERFACES, "HTTP"): imports, machine-fed key results, the read side.

Knows no database: the composition root hands in what reads and writes, as blocking calls that run in worker threads.
Every error is a `Refusal`, and nothing is written on any 4xx. How large a body may be is `adapters.web.BodyLimit`'s.
"""

import asyncio
import json
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import NoReturn, Protocol

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse

from adapters.answers import Refusal, only_with
from bot.events import Measured
from bot.flows.imports import Issue
from bot.ports import Clock, Outcome
from bot.talk.numbers import NotANumber, fit, parse_number
from bot.talk.text import clean

PREFIX = "/api/v1"
MAX_PAGE = 500
_MAX_NOTE, _MAX_SOURCE, _MAX_KEY = 3000, 100, 200


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
    router = APIRouter(prefix=PREFIX, dependencies=[Depends(only_with(token, "RONDO_ADMIN_TOKEN"))])
    _add_imports(router, importer, imported)
    _add_reads(router, reader)

    @router.patch("/key-results/{id:path}")
    async def measure(request: Request, id: str, idempotency_key: str = Header("")) -> JSONResponse:
        """A machine reports a key result. The same Idempotency-Key for the same key result has one effect."""
        if len(idempotency_key) > _MAX_KEY:
            raise Refusal(400, f"An Idempotency-Key has at most {_MAX_KEY} characters.")
        given, note, source = _measurement(await request.body())
        unknown = Refusal(404, f'There is no key result "{id[:100]}".')
        before = await asyncio.to_thread(reader.key_result, id) if id == clean(id) else None  # no NUL ever reaches a database
        if before is None:
            raise unknown
        value = _value(given, unit=str(before.get("unit", "")))
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
            raise Refusal(415, "Send the file itself as the body (curl --data-binary @FILE), not as a form upload.")
        report = await asyncio.to_thread(plan, await request.body(), dry_run=dry_run)
        if report.rejections:
            bad = len({issue.row for issue in report.rejections})
            detail = f"Nothing was imported: {bad} {'row' if bad == 1 else 'rows'} cannot be accepted."
            raise Refusal(422, detail, rejected=bad, errors=_issues(report.rejections), warnings=_issues(report.warnings))
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
            raise Refusal(400, str(error)) from error
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


def _measurement(body: bytes) -> tuple[Decimal | str, str, str]:
    """What stands in a PATCH body as value, note and source."""
    try:
        fields = json.loads(
            body.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_once_each,
        )
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise Refusal(400, f"The body is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise Refusal(422, 'The body must be an object such as {"current": 42}.')
    unknown = sorted(set(fields) - {"current", "note", "source"})
    if unknown:
        raise Refusal(422, f'Unknown field "{unknown[0][:60]}"; there are current, note and source.')
    given = fields.get("current")
    if not isinstance(given, Decimal | str):
        raise Refusal(422, "current: a number is needed.")
    return (
        given,
        _words(fields, "note", _MAX_NOTE),
        _words(fields, "source", _MAX_SOURCE) or "api",
    )


def _value(given: Decimal | str, *, unit: str) -> Decimal:
    try:
        return fit(given) if isinstance(given, Decimal) else parse_number(given, unit=unit, plain=True)
    except NotANumber as error:
        raise Refusal(422, f"current: {error}") from error


def _words(fields: Mapping[str, object], name: str, limit: int) -> str:
    given = fields.get(name)
    if given is not None and not isinstance(given, str):
        raise Refusal(422, f"{name}: a text is needed.")
    if given and len(given) > limit:
        raise Refusal(422, f"{name}: at most {limit:,} characters fit.")
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
