"""SCIM over HTTP under /scim/v2, for whoever bears RONDO_SCIM_TOKEN. Every refusal is to become an `error` (`add_problems`).

Nothing is written on any 4xx. A user who is not active, or deleted, has left: at once, for everything Rondo does.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn, Protocol

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from adapters.answers import Refusal, only_with
from adapters.scim import about
from adapters.scim.asked import chosen, conditions, number
from adapters.scim.words import ENTERPRISE, Said, Unacceptable, document, read_document, read_patch, record
from bot.flows.imports.records import TAKEN, Changes, Identity, Record
from bot.model import Company, Person
from bot.ports import Clock
from bot.talk.text import clean

MEDIA = "application/scim+json"
PREFIX = "/scim/v2"
_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
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


def error(status: int, detail: str, headers: Mapping[str, str] | None = None, /, **members: object) -> JSONResponse:
    """A SCIM error document (RFC 7644, 3.12)."""
    body = {"schemas": [_ERROR], "status": str(status), "detail": clean(detail), **members}
    return JSONResponse(body, status, headers, media_type=MEDIA)


def scim_router(
    *, token: str, people: People, clock: Clock, company: Company, changed: Callable[[], Awaitable[None] | None]
) -> APIRouter:
    """The routes, open to whoever bears `token` (without one there must be no router). `changed`: somebody did."""
    router = APIRouter(prefix=PREFIX, dependencies=[Depends(only_with(token, "RONDO_SCIM_TOKEN"))], include_in_schema=False)
    _add_about(router)
    _add_users(router, _Users(people, clock, company, changed))

    @router.get("/Groups")
    async def groups() -> JSONResponse:
        """None: Okta and Entra look before they begin, and take an error for a server that is broken."""
        return _answer(_listed([]))

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
        return _answer(await asyncio.to_thread(users.listed, request.query_params, _base(request)))

    @router.post("/Users")
    async def created(request: Request) -> JSONResponse:
        return await said(request, read_document(await _body(request)), None)

    @router.get("/Users/{id}")
    async def one(request: Request, id: str) -> JSONResponse:
        return _answer(chosen(await asyncio.to_thread(users.one, id, _base(request)), request.query_params))

    @router.put("/Users/{id}")
    async def replaced(request: Request, id: str) -> JSONResponse:
        return await said(request, read_document(await _body(request)), id)

    @router.patch("/Users/{id}")
    async def patched(request: Request, id: str) -> JSONResponse:
        return await said(request, read_patch(await _body(request)), id)

    @router.delete("/Users/{id}")
    async def deleted(id: str) -> Response:
        await users.deleted(id)
        return Response(status_code=204)

    async def said(request: Request, words: Said, id: str | None) -> JSONResponse:
        shown = await users.said(words, id, _base(request))
        headers = {"Location": shown["meta"]["location"]}
        return JSONResponse(chosen(shown, request.query_params), 201 if id is None else 200, headers, MEDIA)


class _Users:
    """What the routes do, over the port."""

    def __init__(self, people: People, clock: Clock, company: Company, changed: Callable[[], Awaitable[None] | None]) -> None:
        self._people, self._clock, self._company, self._changed = people, clock, company, changed

    def listed(self, query: Mapping[str, str], base: str) -> dict[str, Any]:
        """Users that meet a filter, a page of them."""
        asked = conditions(query.get("filter", ""))
        start = max(1, number(query.get("startIndex"), 1))
        count = min(about.MOST, max(0, number(query.get("count"), 100)))
        if asked:
            _, found = self._people.find(*asked[0], first=0, most=about.MOST)  # a name or an e-mail: one person, or nobody
            met = [one for one in self._shown(found, base) if all(self._meets(one, *other) for other in asked[1:])]
            total, users = len(met), met[start - 1 : start - 1 + count]
        else:
            total, found = self._people.find("", "", first=start - 1, most=count)
            users = self._shown(found, base)
        return _listed([chosen(one, query) for one in users], total=total, start=start)

    def _meets(self, user: Mapping[str, Any], what: str, value: str) -> bool:
        """Whether a user that was found meets another condition."""
        if what == "active":
            return str(user["active"]).casefold() == value.casefold()
        if what == "manager":
            _, named = self._people.find("external_id", value, first=0, most=1)
            theirs = user.get(ENTERPRISE, {}).get("manager", {}).get("value")
            return theirs is not None and theirs in (value, *(one.id for one, _ in named))
        _, found = self._people.find(what, value, first=0, most=about.MOST)
        return user["id"] in {one.id for one, _ in found}

    def one(self, id: str, base: str) -> dict[str, Any]:
        """One user. Raises Refusal 404."""
        return self._shown([self._found(id)], base)[0]

    async def said(self, said: Said, id: str | None, base: str) -> dict[str, Any]:
        """A user is made (`id` None), replaced or patched; as they are then."""
        shown = await asyncio.to_thread(self._said, said, id, base)
        await self._tell()
        return shown

    async def deleted(self, id: str) -> None:
        """A user has left and is not shown any more. Raises Refusal 404."""

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
            wanted = replace(wanted, new=True, active=True if wanted.active is None else wanted.active)
        changes = self._people.take(wanted)
        _refuse(changes)
        return self.one(changes.who[wanted.external_id], base)

    def _refuse_known(self, wanted: Record) -> None:
        """Whoever this client made already is not made again; somebody HR knows otherwise becomes the client's."""
        for what, value in (
            ("external_id", wanted.external_id),
            ("user_name", wanted.user_name),
            ("email", wanted.cells["email"]),
        ):
            _, found = self._people.find(what, value, first=0, most=1)
            if value and found and found[0][1] is not None:
                raise Refusal(409, f"There is a user with this {what.replace('_', ' ')} already.", scimType="uniqueness")

    def _found(self, id: str) -> Found:
        found: Sequence[Found] = ()
        if id == clean(id):
            _, found = self._people.find("id", id, first=0, most=1)
        if not found:
            raise Refusal(404, f'There is no user "{clean(id, limit=60)}".')
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
    """Raises Refusal where something could not be accepted."""
    if not changes.issues:
        return
    if any(issue.detail.endswith(TAKEN) for issue in changes.issues):
        raise Refusal(409, changes.issues[0].detail, scimType="uniqueness")
    raise Unacceptable(" ".join(issue.detail for issue in changes.issues))


async def _body(request: Request) -> Mapping[str, Any]:
    """The body, a JSON object. Raises Refusal."""

    def refused(name: str) -> NoReturn:
        raise ValueError(name)

    try:
        found = json.loads((await request.body()).decode("utf-8-sig"), parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise Unacceptable("The body is no JSON.", "invalidSyntax") from error
    if not isinstance(found, dict):
        raise Unacceptable("The body is no JSON object.", "invalidSyntax")
    return found


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/") + PREFIX


def _one(items: Sequence[dict[str, Any]], id: str) -> dict[str, Any]:
    found = next((one for one in items if one["id"] == id), None)
    if found is None:
        raise Refusal(404, f'There is no "{clean(id, limit=60)}".')
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
