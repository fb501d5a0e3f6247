"""What routes that ask for a token of ours have in common: who comes in, and what is answered to a request that is refused.

A refusal becomes a problem document (RFC 9457), or what a protocol has in its place; see `adapters.web.add_problems`.
"""

import hmac
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final, Protocol

from fastapi import Header
from fastapi.responses import JSONResponse

from bot.talk.text import clean

PROBLEM: Final = "application/problem+json"
_PHRASES: Final = {413: "Content Too Large", 422: "Unprocessable Content"}
"""RFC 9110's; older Pythons have older words."""


class Refusal(Exception):
    """Ends a request. `status` is 4xx and nothing was written; `members` are more of the document."""

    def __init__(self, status: int, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.status, self.detail, self.members = status, detail, members


class Document(Protocol):
    """How an error is written down."""

    def __call__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, /, **members: object
    ) -> JSONResponse: ...


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, /, **members: object) -> JSONResponse:
    """A problem document (RFC 9457)."""
    title = _PHRASES.get(status) or HTTPStatus(status).phrase
    # the detail may quote what was sent, lone surrogates included
    body = {"type": "about:blank", "title": title, "status": status, "detail": clean(detail), **members}
    return JSONResponse(body, status, headers, media_type=PROBLEM)


def bears(authorization: str, token: str) -> bool:
    """Whether a header `Authorization`, its bytes read as Latin-1, brings this token; takes equally long for every wrong one."""
    scheme, _, given = authorization.partition(" ")
    known = hmac.compare_digest(given.strip().encode("latin-1", "replace"), token.encode())
    return known and scheme.lower() == "bearer"


def only_with(token: str, setting: str) -> Callable[[str], None]:
    """A dependency that lets in whoever bears the token of a setting. ValueError without one: then there must be no router."""
    if not token:
        raise ValueError(f"Without {setting} these routes must not exist.")

    def authorised(authorization: str = Header("")) -> None:
        if not bears(authorization, token):
            raise Refusal(401, f"This needs the header `Authorization: Bearer` with the value of {setting}.")

    return authorised
