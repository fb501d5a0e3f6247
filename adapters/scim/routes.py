"""SCIM over HTTP under /scim/v2, for whoever bears RONDO_SCIM_TOKEN. Every error is a SCIM error document.

Nothing is written on any 4xx. A user who is not active, or deleted, has left: at once, for everything Rondo does.
"""

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn, Protocol

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from adapters.scim import about
from adapters.scim.words import Said, Unacceptable, document, read_document, read_patch, record
from bot.flows.imports.records import TAKEN, Changes, Identity, Record
from bot.model import Company, Person
from bot.ports import Clock
from bot.talk.text import clean

MEDIA = "application/scim+json"
PREFIX = "/scim/v2"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
_FILTER = re.compile(r'\s*(?P<what>[\w.:]+|emails\[[^\]]*\]\.value)\s+eq\s+"(?P<value>(?:[^"\\]|\\.)*)"\s*', re.IGNORECASE)
_LOOKED_FOR = {
    "id": "id",
    "username": "user_name",
    "externalid": "external_id",
    "emails.value": "email",
    "emails": "email",
    'emails[type eq "work"].value': "email",
    "emails[primary eq true].value": "email",
}
Found = tuple[Person, Identity | None]


class People(Protocol):
    """Who is known, and how what an HR system says comes true. Blocking."""

    def find(self, what: str, value: str, *, first: int, most: int) -> tuple[int, Sequence[Found]]:
        """How many meet the condition (`what` is id, user_name, external_id, email or empty), and some of them."""
        ...

    def take(self, record: Record) -> Changes:
        """Plan one record and write what it changes; with issues nothing was written."""
        ...

    def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """People by id."""
        ...


class Problem(Exception):
    """An answer that is a SCIM error document."""

    def __init__(self, status: int, detail: str, scim_type: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.scim_type = status, detail, scim_type

    def response(self) -> JSONResponse:
        """The document."""
        body = {"schemas": [_ERROR], "status": str(self.status), "detail": clean(self.detail)}
        headers = {"WWW-Authenticate": "Bearer"} if self.status == 401 else None
        return JSONResponse(body | ({"scimType": self.scim_type} if self.scim_type else {}), self.status, headers, MEDIA)


class _Route(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except Problem as problem:
                return problem.response()
            except Unacceptable as error:
                return Problem(400, str(error), error.scim_type).response()
            except HTTPException as error:
                return Problem(error.status_code, str(error.detail)).response()

        return answered


def scim_router(
    *, token: str, people: People, clock: Clock, company: Company, changed: Callable[[], Awaitable[None] | None]
) -> APIRouter:
    """The routes, open to whoever bears `token` (without one there must be no router). `changed`: somebody did."""
    if not token:
        raise ValueError("SCIM needs RONDO_SCIM_TOKEN.")

    def authorised(authorization: str = Header("")) -> None:
        scheme, _, given = authorization.partition(" ")
        known = hmac.compare_digest(given.strip().encode(), token.encode())
        if not known or scheme.casefold() != "bearer":
            raise Problem(401, "This needs the header `Authorization: Bearer` with the value of RONDO_SCIM_TOKEN.")

    router = APIRouter(prefix=PREFIX, route_class=_Route, dependencies=[Depends(authorised)], include_in_schema=False)
    _add_about(router)
    _add_users(router, _Users(people, clock, company, changed))

    @router.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def elsewhere(path: str) -> JSONResponse:
        raise Problem(404, "There are Users here, ServiceProviderConfig, ResourceTypes and Schemas; nothing else.")

    return router


def _add_about(router: APIRouter) -> None:
    @router.get("/ServiceProviderConfig")
    async def config(request: Request) -> JSONResponse:
        return _answer(about.config(_base(request)))

    @router.get("/ResourceTypes")
    async def resource_types(request: Request) -> JSONResponse:
        return _answer(_listed(about.resource_types(_base(request))))

    @router.get("/ResourceTypes/{name}")
    async def resource_type(request: Request, name: str) -> JSONResponse:
        return _answer(_one(about.resource_types(_base(request)), name))

    @router.get("/Schemas")
    async def schemas(request: Request) -> JSONResponse:
        return _answer(_listed(about.schemas(_base(request))))

    @router.get("/Schemas/{urn}")
    async def schema(request: Request, urn: str) -> JSONResponse:
        return _answer(_one(about.schemas(_base(request)), urn))


def _add_users(router: APIRouter, users: "_Users") -> None:
    @router.get("/Users")
    async def listed(request: Request) -> JSONResponse:
        return await asyncio.to_thread(users.listed, request.query_params, _base(request))

    @router.post("/Users")
    async def created(request: Request) -> JSONResponse:
        return await users.said(read_document(await _body(request)), None, _base(request))

    @router.get("/Users/{id}")
    async def one(request: Request, id: str) -> JSONResponse:
        return _answer(await asyncio.to_thread(users.one, id, _base(request)))

    @router.put("/Users/{id}")
    async def replaced(request: Request, id: str) -> JSONResponse:
        return await users.said(read_document(await _body(request)), id, _base(request))

    @router.patch("/Users/{id}")
    async def patched(request: Request, id: str) -> JSONResponse:
        return await users.said(read_patch(await _body(request)), id, _base(request))

    @router.delete("/Users/{id}")
    async def deleted(id: str) -> Response:
        await users.deleted(id)
        return Response(status_code=204)


class _Users:
    """What the routes do, over the port."""

    def __init__(self, people: People, clock: Clock, company: Company, changed: Callable[[], Awaitable[None] | None]) -> None:
        self._people, self._clock, self._company, self._changed = people, clock, company, changed

    def listed(self, query: Mapping[str, str], base: str) -> JSONResponse:
        """Users that meet a filter, a page of them."""
        what, value = _looked_for(query.get("filter", ""))
        start = max(1, _number(query.get("startIndex"), 1))
        count = min(about.MOST, max(0, _number(query.get("count"), 100)))
        total, found = self._people.find(what, value, first=start - 1, most=count)
        return _answer(_listed(self._shown(found, base), total=total, start=start))

    def one(self, id: str, base: str) -> dict[str, Any]:
        """One user. Raises Problem 404."""
        return self._shown([self._found(id)], base)[0]

    async def said(self, said: Said, id: str | None, base: str) -> JSONResponse:
        """A user is made (`id` None), replaced or patched."""
        shown = await asyncio.to_thread(self._said, said, id, base)
        await self._tell()
        headers = {"Location": shown["meta"]["location"]}
        return JSONResponse(shown, 201 if id is None else 200, headers, MEDIA)

    async def deleted(self, id: str) -> None:
        """A user has left and is not shown any more. Raises Problem 404."""

        def take() -> None:
            person, identity = self._found(id)
            gone = replace(record({}, person, identity), active=False, deleted=True)
            _refuse(self._people.take(gone))

        await asyncio.to_thread(take)
        await self._tell()

    def _said(self, said: Said, id: str | None, base: str) -> dict[str, Any]:
        person, identity = self._found(id) if id is not None else (None, None)
        if deputy := said.get("rondo:deputy"):
            said = said | {"rondo:deputy": self._email(deputy)}
        wanted = record(said, person, identity)
        if id is None:
            self._refuse_known(wanted)
            wanted = replace(wanted, active=True if wanted.active is None else wanted.active)
        changes = self._people.take(wanted)
        _refuse(changes)
        made = changes.who.get(wanted.external_id) or (person.id if person is not None else "")
        if not made:
            raise Problem(400, "Somebody nobody knew who is not active: there is nothing to keep.", "invalidValue")
        return self.one(made, base)

    def _refuse_known(self, wanted: Record) -> None:
        """Whoever this client made already is not made again; somebody HR knows otherwise becomes the client's."""
        for what, value in (
            ("external_id", wanted.external_id),
            ("user_name", wanted.user_name),
            ("email", wanted.cells["email"]),
        ):
            _, found = self._people.find(what, value, first=0, most=1)
            if value and found and found[0][1] is not None:
                raise Problem(409, f"There is a user with this {what.replace('_', ' ')} already.", "uniqueness")

    def _found(self, id: str) -> Found:
        found: Sequence[Found] = ()
        if id == clean(id):
            _, found = self._people.find("id", id, first=0, most=1)
        if not found:
            raise Problem(404, f'There is no user "{clean(id, limit=60)}".')
        return found[0]

    def _email(self, name: str) -> str:
        """The e-mail of a deputy, who may be named by their id."""
        found = None if "@" in name else self._people.people([name]).get(name)
        return found.email if found is not None else name

    def _shown(self, found: Sequence[Found], base: str) -> list[dict[str, Any]]:
        deputies = self._people.people(one.deputy_id for one, _ in found if one.deputy_id)
        now = self._clock.now()
        return [
            document(
                one, theirs, now=now, company=self._company, deputy=deputies.get(one.deputy_id or ""), base=base
            )
            for one, theirs in found
        ]  # fmt: skip

    async def _tell(self) -> None:
        wake = self._changed()
        if wake is not None:
            await wake


def _refuse(changes: Changes) -> None:
    """Raises Problem where something could not be accepted."""
    if not changes.issues:
        return
    if any(issue.detail.endswith(TAKEN) for issue in changes.issues):
        raise Problem(409, changes.issues[0].detail, "uniqueness")
    raise Problem(400, " ".join(issue.detail for issue in changes.issues), "invalidValue")


def _looked_for(words: str) -> tuple[str, str]:
    """What a filter asks for. Raises Problem for one that is not understood."""
    if not words.strip():
        return "", ""
    found = _FILTER.fullmatch(words)
    what = (
        _LOOKED_FOR.get(found["what"].casefold().removeprefix("urn:ietf:params:scim:schemas:core:2.0:user:")) if found else None
    )
    if found is None or what is None:
        raise Problem(400, 'Filters here are like userName eq "…", externalId eq "…" or emails.value eq "…".', "invalidFilter")
    return what, clean(re.sub(r"\\(.)", r"\1", found["value"]))


def _number(text: str | None, default: int) -> int:
    if text is None:
        return default
    if not re.fullmatch(r"-?\d{1,9}", text, re.ASCII):
        raise Problem(400, "startIndex and count are numbers.", "invalidValue")
    return int(text)


async def _body(request: Request) -> Mapping[str, Any]:
    """The body, a JSON object. Raises Problem."""

    def refused(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        found = json.loads((await request.body()).decode(), parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise Problem(400, "The body is no JSON.", "invalidSyntax") from error
    if not isinstance(found, dict):
        raise Problem(400, "The body is no JSON object.", "invalidSyntax")
    return found


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/") + PREFIX


def _one(items: Sequence[dict[str, Any]], id: str) -> dict[str, Any]:
    found = next((one for one in items if one["id"] == id), None)
    if found is None:
        raise Problem(404, f'There is no "{clean(id, limit=60)}".')
    return found


def _listed(items: Sequence[dict[str, Any]], *, total: int | None = None, start: int = 1) -> dict[str, Any]:
    return {
        "schemas": [_LIST],
        "totalResults": len(items) if total is None else total,
        "startIndex": start,
        "itemsPerPage": len(items),
        "Resources": list(items),
    }


def _answer(body: Mapping[str, Any]) -> JSONResponse:
    return JSONResponse(dict(body), media_type=MEDIA)
