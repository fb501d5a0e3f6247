"""The playground's HTTP: the page, and the few calls it makes. No accounts, no passwords, so this machine only.

Every request must name this machine as its host (a page elsewhere cannot, whatever its DNS says) and every POST must be
JSON from our own page (another page cannot send that without asking first, and we never answer such a question).
"""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar, assert_never
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute

from adapters.local import inbound as read
from adapters.local import render
from adapters.local.gateway import Heard, Line, LocalGateway, Posted
from adapters.local.passage import Busy, Passage
from bot.decision import FieldErrors, ShowForm, ShowHome
from bot.events import ByPerson
from bot.model import Company, Person, Role
from bot.ports import Clock, Conflict, DeliveryError, Inbound, Outcome, TooSlow
from bot.rules.people import locale_of, zone_of
from bot.talk.cards import Card, Form
from bot.talk.text import fold_email

log = logging.getLogger("rondo.local")

Json = dict[str, Any]
T = TypeVar("T")
Entries = Sequence[Mapping[str, object]]
DrawForm = Callable[[Form, Mapping[str, str]], object]
"""Draws a form as a platform gets it, with what is wrong at each field."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_BODY = 256 * 1024
HEARTBEAT_SECONDS = 15.0
LOOK_SECONDS = 0.5
"""How often an open stream looks at the clock and whether the server ends."""

SPANS = {"PT1H": timedelta(hours=1), "PT4H": timedelta(hours=4), "P1D": timedelta(days=1), "P7D": timedelta(days=7)}

PAGE = Path(__file__).parent / "page"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refusal(Exception):
    """An answer that says what was wrong and what to do."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = HTTPStatus(status), detail


class _Route(APIRoute):
    """Refusals become problem documents (RFC 9457); every answer carries the security headers."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                response = await handle(request)
            except Refusal as refusal:
                body = {"type": "about:blank", "title": refusal.status.phrase, "status": refusal.status, "detail": refusal.detail}
                response = JSONResponse(body, refusal.status, media_type="application/problem+json")
            response.headers.update(HEADERS)
            return response

        return answered


def local_router(
    inbound: Inbound,
    gateway: LocalGateway,
    clock: Clock,
    *,
    people: Callable[[], Sequence[Person]],
    company: Company,
    next_due: Callable[[], datetime | None],
    move: Callable[[datetime], Awaitable[None]],
    previews: Mapping[str, Callable[[Card], object]],
    form_previews: Mapping[str, DrawForm] | None = None,
    ledger: Callable[[], Entries] | None = None,
    captions: Mapping[str, str] | None = None,
    first: str = "",
    picture: render.Picture | None = None,
    stopping: Callable[[], bool] = lambda: False,
    hosts: Collection[str] = LOOPBACK,
) -> APIRouter:
    """The routes of the playground.

    `people`, `next_due` and `ledger` (the newest entries, newest first, as INTERFACES shows them) are blocking and run
    in worker threads; `move` takes the clock to an instant and returns when all that is due was decided and delivered.
    `previews` and `form_previews` draw a card or form as another platform gets it, `picture` a chart. `captions` tells
    who is who, in the order they are shown; `first` is shown first. Open streams end soon after `stopping` says so.
    """
    passage = Passage(gateway, clock, next_due=next_due, move=move)
    desk = _Desk(inbound, gateway, clock, previews, form_previews or {}, picture)
    router = APIRouter(route_class=_Route, dependencies=[Depends(_guard(hosts))], include_in_schema=False)
    _add_page(router)
    _add_gestures(router, desk)
    _add_clock(router, clock, passage)
    _add_stream(router, gateway, clock, passage, stopping)

    @router.get("/local/people")
    async def everybody() -> JSONResponse:
        found = await asyncio.to_thread(people)
        about = {fold_email(email): words for email, words in (captions or {}).items()}
        order = {email: number for number, email in enumerate(about)}
        found = sorted(found, key=lambda one: (order.get(fold_email(one.email), len(order)), one.team, one.name))
        shown = [_resident(person, found, company, clock.now(), about, gateway) for person in found]
        return JSONResponse({"company": company.name, "first": fold_email(first), "people": shown, **gateway.channels(found)})

    @router.get("/local/conversations/{email}")
    async def conversation(email: str) -> JSONResponse:
        return JSONResponse({"email": email, "lines": [_line(line, picture) for line in gateway.lines(email)]})

    @router.get("/local/card/{key:path}")
    async def views(key: str) -> JSONResponse:
        posted = gateway.posted(key)
        if posted is None:
            raise Refusal(404, "There is no such message any more; reload the page.")
        return JSONResponse({"key": key, "revision": posted.revision, "views": _views(previews, posted.card)})

    @router.get("/local/ledger")
    async def happened() -> JSONResponse:
        if ledger is None:
            return JSONResponse({"items": None})
        return JSONResponse({"items": json.loads(json.dumps(list(await asyncio.to_thread(ledger)), default=str))})

    return router


# ------------------------------------------------------------------------------------------------ who may call


def _guard(hosts: Collection[str]) -> Callable[[Request], None]:
    def guard(request: Request) -> None:
        host = request.headers.get("host", "")
        if urlsplit(f"//{host}").hostname not in hosts:
            raise Refusal(403, "The playground answers this machine only: open it as http://localhost and its port.")
        if request.method != "POST":
            return
        origin, site = request.headers.get("origin", f"//{host}"), request.headers.get("sec-fetch-site", "same-origin")
        if urlsplit(origin).netloc != host or site not in ("same-origin", "none"):
            raise Refusal(403, "This came from another page.")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise Refusal(415, "Send JSON.")

    return guard


async def _body(request: Request) -> Json:
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > MAX_BODY:
            raise Refusal(413, "That is more than the playground takes.")
    try:
        payload = json.loads(chunks)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "The body is not JSON.") from error
    if not isinstance(payload, dict):
        raise Refusal(422, "The body must be an object.")
    return payload


# ------------------------------------------------------------------------------------------------ the routes


def _add_page(router: APIRouter) -> None:
    files = {path.name: path.read_bytes() for path in sorted(PAGE.iterdir()) if path.suffix in KINDS}

    @router.get("/")
    async def page() -> Response:
        return Response(files["index.html"], media_type=KINDS[".html"])

    @router.get("/local/page/{name}")
    async def static(name: str) -> Response:
        if name not in files:
            raise Refusal(404, "There is no such file.")
        return Response(files[name], media_type=KINDS[Path(name).suffix])


def _add_gestures(router: APIRouter, desk: "_Desk") -> None:
    @router.post("/local/say")
    async def say(request: Request) -> JSONResponse:
        event = _read(read.said(await _body(request), desk.now()))
        desk.gateway.hear((event.place or event.by).user, Heard(id=event.id, text=event.text, at=event.at))
        return await desk.take(event)

    @router.post("/local/press")
    async def press(request: Request) -> JSONResponse:
        return await desk.take(_read(read.pressed(await _body(request), desk.now())))

    @router.post("/local/submit")
    async def submit(request: Request) -> JSONResponse:
        return await desk.take(_read(read.submitted(await _body(request), desk.now())))

    @router.post("/local/close")
    async def close(request: Request) -> JSONResponse:
        return await desk.take(_read(read.closed(await _body(request), desk.now())))

    @router.post("/local/open")
    async def home(request: Request) -> JSONResponse:
        return await desk.take(_read(read.opened(await _body(request), desk.now())))

    @router.post("/local/read")
    async def seen(request: Request) -> JSONResponse:
        email = (await _body(request)).get("email")
        if not isinstance(email, str):
            raise Refusal(422, "email: a text is needed.")
        desk.gateway.read(email)
        return JSONResponse({})


def _add_clock(router: APIRouter, clock: Clock, passage: Passage) -> None:
    @router.get("/local/clock")
    async def now() -> JSONResponse:
        return JSONResponse(await _time(clock, passage))

    @router.post("/local/clock")
    async def advance(request: Request) -> JSONResponse:
        wanted = (await _body(request)).get("advance")
        if wanted != "next" and wanted not in SPANS:
            raise Refusal(422, f"advance: one of next, {', '.join(SPANS)}.")
        try:
            changed = await (passage.to_next() if wanted == "next" else passage.by(SPANS[wanted]))
        except Busy as busy:
            raise Refusal(409, "Time is moving already.") from busy
        return JSONResponse({**await _time(clock, passage), "changed": list(changed)})


def _add_stream(router: APIRouter, gateway: LocalGateway, clock: Clock, passage: Passage, stopping: Callable[[], bool]) -> None:
    async def stream() -> AsyncIterator[str]:
        told: tuple[str, object] | None = None
        beat = time.monotonic()
        async with gateway.watch() as watch:
            yield "retry: 1500\n\n"
            while not gateway.closed and not stopping():
                state = await _time(clock, passage)
                seen = (clock.now().isoformat(timespec="minutes"), state["next"])
                if seen != told:
                    told = seen
                    yield _event("clock", state)
                for email in await watch.changes(LOOK_SECONDS):
                    yield _event("conversation", {"email": email, "unread": gateway.unread(email)})
                if time.monotonic() - beat > HEARTBEAT_SECONDS:
                    beat = time.monotonic()
                    yield ": still here\n\n"

    @router.get("/local/events")
    async def events() -> StreamingResponse:
        return StreamingResponse(stream(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


class _Desk:
    """Takes what the page sends through the one door, and words the answer for the page."""

    def __init__(
        self,
        inbound: Inbound,
        gateway: LocalGateway,
        clock: Clock,
        previews: Mapping[str, Callable[[Card], object]],
        form_previews: Mapping[str, DrawForm],
        picture: render.Picture | None,
    ) -> None:
        self.gateway = gateway
        self.now = clock.now
        self._inbound = inbound
        self._previews = previews
        self._form_previews = form_previews
        self._picture = picture

    async def take(self, event: ByPerson) -> JSONResponse:
        try:
            outcome = await self._inbound.receive(event)
        except (Conflict, DeliveryError) as error:
            raise Refusal(503, "Rondo was busy and nothing was changed. Try again.") from error
        except TooSlow as error:
            raise Refusal(503, "Rondo was too slow to tell. It may be saved: look again before you repeat it.") from error
        if not outcome.known:
            raise Refusal(404, "Rondo does not know this person. Import them first.")
        return JSONResponse(self._answer(outcome))

    def _answer(self, outcome: Outcome) -> Json:
        reply = outcome.decision.reply if outcome.decision else None
        match reply:
            case ShowForm(form=form):
                return {"form": render.form(form), "views": self._form_views(form, {})}
            case FieldErrors(errors=errors, form=form):
                return {"form": render.form(form), "views": self._form_views(form, errors), "errors": dict(errors)}
            case ShowHome(card=card):
                return {"home": render.card(card, self._picture), "views": _views(self._previews, card)}
            case None:
                return {}
            case _:
                assert_never(reply)

    def _form_views(self, form: Form, errors: Mapping[str, str]) -> Json:
        return {name: _drawn(name, partial(draw, form, errors)) for name, draw in self._form_previews.items()}


# ------------------------------------------------------------------------------------------------ as JSON


def _read(event: T | None) -> T:
    if event is None:
        raise Refusal(422, "The page sent something Rondo cannot read; reload it.")
    return event


async def _time(clock: Clock, passage: Passage) -> Json:
    due = await passage.due()
    return {"now": _instant(clock.now()), "next": None if due is None else _instant(due)}


def _line(line: Line, picture: render.Picture | None) -> Json:
    match line:
        case Posted():
            return {
                "from": "rondo",
                "id": line.id,
                "key": line.key,
                "at": _instant(line.at),
                "revision": line.revision,
                "edited_at": None if line.edited_at is None else _instant(line.edited_at),
                "card": render.card(line.card, picture),
            }
        case Heard():
            return {"from": "person", "id": line.id, "at": _instant(line.at), "text": line.text}


def _resident(
    person: Person,
    people: Sequence[Person],
    company: Company,
    now: datetime,
    captions: Mapping[str, str],
    gateway: LocalGateway,
) -> Json:
    zone = zone_of(person, company)
    manager = next((other.name for other in people if other.id == person.manager_id), "")
    leads = any(other.manager_id == person.id for other in people)
    role = "hr_admin" if person.role is Role.HR_ADMIN else "manager" if leads else "employee"
    return {
        "email": fold_email(person.email),
        "name": person.name,
        "role": role,
        "caption": captions.get(fold_email(person.email), ""),
        "manager": manager,
        "team": person.team,
        "department": person.department,
        "zone": zone.key,
        "local_time": now.astimezone(zone).isoformat(timespec="minutes"),
        "language": locale_of(person, company),
        "unread": gateway.unread(person.email),
    }


def _views(previews: Mapping[str, Callable[[Card], object]], card: Card) -> Json:
    return {name: _drawn(name, partial(draw, card)) for name, draw in previews.items()}


def _drawn(name: str, draw: Callable[[], object]) -> object:
    """What another platform gets; one that cannot draw it says so instead of taking the page down."""
    try:
        return draw()
    except Exception as error:
        log.exception("preview failed", extra={"preview": name})
        return {"error": f"{type(error).__name__}: {error}"}


def _event(name: str, data: Json) -> str:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
