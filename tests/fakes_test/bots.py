"""A stand-in for the bot under test: answers as told and keeps what the platform sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.fakes.loopback import Json, Loopback, Reply

SECRET = "s3cret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    body: Json
    headers: dict[str, str]


class Bot(Loopback):
    """`answer(body)` returns None (empty 200), a dict (JSON 200) or an HTTP status."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Seen] = []
        self.answer: Callable[[Json], Any] = lambda body: None

    def app(self) -> ASGIApp:
        return Starlette(
            routes=[
                Route("/slack/events", self._slack, methods=["POST"]),
                Route("/api/messages", self._teams, methods=["POST"]),
            ]
        )

    async def _slack(self, request: Request) -> Response:
        raw = await request.body()
        if not SignatureVerifier(SECRET).is_valid_request(raw, dict(request.headers)):
            return Response(status_code=401)
        if "json" in request.headers["content-type"]:
            body = await request.json()
        else:
            form = {key: values[0] for key, values in parse_qs(raw.decode(), keep_blank_values=True).items()}
            body = decoded(form["payload"]) if "payload" in form else form
        return await self._answered(body, request)

    async def _teams(self, request: Request) -> Response:
        return await self._answered(await request.json(), request)

    async def _answered(self, body: Json, request: Request) -> Response:
        self.seen.append(Seen(body=body, headers=dict(request.headers)))
        given = self.answer(body)

        def reply() -> Reply:
            if isinstance(given, int):
                return Reply(status=given)
            return Reply(body=given)

        return await self.perform("bot", body, reply)

    def failure(self, status: int, code: str, retry_after: str | None) -> Reply:
        return Reply(status=status)


def decoded(text: str) -> Json:
    import json

    body: Json = json.loads(text)
    return body


class HandClock:
    """Seconds since 1970, moved by hand."""

    def __init__(self, at: float = 1_790_000_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at
