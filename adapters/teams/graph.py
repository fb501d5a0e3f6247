"""Microsoft Graph over HTTP: one token per tenant, one request, one verdict; pages by their links. Knows no people.

Only where RONDO_TEAMS_GRAPH is on. The token goes to the host of RONDO_GRAPH_URL and nowhere else, whatever a page's
link says; redirects are not followed; nothing is tried twice except once after a 401.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from adapters.teams.tokens import DEADLINE, Tokens, decoded, error_code, retry_after, token_url
from bot.ports import DeliveryError, Gone, Later, Refused

GRAPH_URL = "https://graph.microsoft.com/v1.0/"
LIMITED = 10.0  # seconds to wait after a 429 that does not say how long

Json = dict[str, Any]


class Expired(Refused):
    """A delta or next link is too old (410, `resyncRequired`): read from the beginning."""


class Already(Refused):
    """It is so already (409)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some items; `next` is the link of the following page, `delta` the one to ask for changes later; empty: none."""

    items: tuple[Json, ...]
    next: str = ""
    delta: str = ""


class Graph:
    """Requests to Graph as the app itself, in one tenant after the other."""

    def __init__(self, tokens: Tokens, http: httpx.AsyncClient, *, url: str = GRAPH_URL, token_url: str = "") -> None:
        """`url` ends in a slash. `token_url`: RONDO_TEAMS_TOKEN_URL; the tenant in it is replaced by each one's own."""
        self._tokens = tokens
        self._http = http
        self.url = url
        self._given = token_url
        parts = urlsplit(url)
        self._origin = (parts.scheme, parts.netloc)
        self._scope = f"{parts.scheme}://{parts.netloc}/.default"

    async def token(self, tenant: str, *, instead_of: str = "") -> str:
        """A token for Graph in a tenant. Raises Later."""
        return await self._tokens.get(token_url(tenant, self._given), self._scope, instead_of=instead_of)

    async def get(self, tenant: str, path: str, params: Mapping[str, str] | None = None) -> Json:
        """One object. `path` below the base address, without a leading slash. Raises a DeliveryError: Gone is 404."""
        return await self._call("GET", tenant, self.url + path, params=params)

    async def page(
        self, tenant: str, where: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Page:
        """One page of a collection: `where` is a path, or the `next` or `delta` of an earlier page (it brings its own query).

        Raises a DeliveryError: Later (429 with the seconds it asks for, an outage, no permission), Expired, Refused.
        """
        url = where if "://" in where else self.url + where
        got = await self._call("GET", tenant, url, params=params, headers=headers)
        value = got.get("value")
        items = tuple(one for one in value if isinstance(one, dict)) if isinstance(value, list) else ()
        return Page(items=items, next=_link(got, "@odata.nextLink"), delta=_link(got, "@odata.deltaLink"))

    async def post(self, tenant: str, path: str, body: Mapping[str, Any]) -> Json:
        """Create something. Raises a DeliveryError: Already is 409."""
        return await self._call("POST", tenant, self.url + path, body=body)

    async def _call(
        self,
        method: str,
        tenant: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Json:
        parts = urlsplit(url)
        if (parts.scheme, parts.netloc) != self._origin:
            raise Refused("the link leads to another host than RONDO_GRAPH_URL")
        token = await self.token(tenant)
        answer = await self._request(method, url, token, params, headers, body)
        if answer.status_code == 401:
            token = await self.token(tenant, instead_of=token)
            answer = await self._request(method, url, token, params, headers, body)
        if not answer.is_success:
            raise _verdict(answer)
        got = decoded(answer)
        return got if isinstance(got, dict) else {}

    async def _request(
        self,
        method: str,
        url: str,
        token: str,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
    ) -> httpx.Response:
        sent = {**(headers or {}), "Authorization": f"Bearer {token}", "Accept": "application/json"}
        content = None
        if body is not None:
            content = json.dumps(body, separators=(",", ":")).encode()
            sent["Content-Type"] = "application/json"
        try:
            async with asyncio.timeout(DEADLINE):
                return await self._http.request(method, url, params=params, headers=sent, content=content, follow_redirects=False)
        except httpx.InvalidURL as error:
            raise Refused(f"not an address: {error}") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise Later(f"Graph does not answer: {type(error).__name__}") from error


def _verdict(answer: httpx.Response) -> DeliveryError:
    """What an answer that is no success means. Nothing here creates what people see, so doubt is no matter."""
    status, code = answer.status_code, error_code(answer)
    reason = f"Graph: {status} {code}".rstrip()
    match status:
        case 429:
            return Later(reason, seconds=retry_after(answer) or LIMITED)
        case 401 | 403:
            return Later(reason, broken=True)
        case 404:
            return Gone(reason)
        case 409:
            return Already(reason)
        case 410:
            return Expired(reason)
        case _ if code.lower() in ("resyncrequired", "syncstatenotfound"):
            return Expired(reason)
        case 408 | 412:
            return Later(reason, seconds=retry_after(answer))
        case _ if 400 <= status < 500:
            return Refused(reason)
        case _:
            return Later(reason, seconds=retry_after(answer))


def _link(got: Json, name: str) -> str:
    value = got.get(name)
    return value if isinstance(value, str) else ""
