"""A company of any size in a loopback Microsoft Graph and a loopback Slack, with the faults of both: 429, lost cursors.

One server of its own process-wide loop; the real clients talk to it over HTTP.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TENANT, WORKSPACE = "11111111-1111-1111-1111-111111111111", "T0ACME"
SPAN = 8
"""People who report to one manager."""
ZONES = ("Europe/Berlin", "Asia/Seoul", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo")
GRAPH_PAGE = 999


@dataclass
class Company:
    """People by number. `changed` are the numbers that Graph's next delta is about."""

    people: int
    every: int = 23
    """So often (in requests) a platform says 429."""
    expires: bool = True
    """Whether the first reading of each directory loses its cursor once, half way."""
    manager: dict[int, int] = field(default_factory=dict)
    department: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    epoch: int = 1
    requests: dict[str, int] = field(default_factory=lambda: {"graph": 0, "slack": 0, "limited": 0, "expired": 0})
    base: str = ""

    def __post_init__(self) -> None:
        self.manager |= {number: (number - 1) // SPAN for number in range(1, self.people)}

    def email(self, number: int) -> str:
        return f"p{number}@acme.example"

    def change(self, *, managers: int, departments: int, leavers: int, joiners: int) -> None:
        """What HR did since the last reading. Leavers lead nobody; joiners report to the top."""
        last = self.people - 1
        for number in range(last, last - managers, -1):
            self.manager[number] = 1
        for number in range(last - managers, last - managers - departments, -1):
            self.department[number] = "Moved"
        low = last - managers - departments
        self.gone.update(range(low, low - leavers, -1))
        self.changed.update(range(low - leavers + 1, last + 1))
        self.changed.update(range(self.people, self.people + joiners))
        self.manager |= dict.fromkeys(range(self.people, self.people + joiners), 0)
        self.people += joiners

    # ------------------------------------------------------------------------------------------ answers

    def user(self, number: int) -> dict[str, Any]:
        """One user as Graph says them."""
        name = f"oid-{number}"
        if number in self.gone:
            return {"id": name, "@removed": {"reason": "changed"}}
        boss = self.manager.get(number)
        return {
            "id": name,
            "displayName": f"Person {number}",
            "mail": self.email(number),
            "userPrincipalName": self.email(number),
            "userType": "Member",
            "accountEnabled": True,
            "department": self.department.get(number, f"Department {number % 40}"),
            "usageLocation": "DE",
            "preferredLanguage": "en-US",
            "employeeHireDate": "2020-01-06T00:00:00Z",
            "manager@delta": [{"@odata.type": "#microsoft.graph.user", "id": f"oid-{boss}"}] if boss is not None else [],
        }

    def _limited(self, platform: str) -> Response | None:
        self.requests[platform] += 1
        if self.requests[platform] % self.every:
            return None
        self.requests["limited"] += 1
        return JSONResponse({"error": {"code": "TooManyRequests"}, "ok": False}, 429, {"Retry-After": "1"})

    async def delta(self, request: Request) -> Response:
        """`users/delta`: everybody, a page from `$skiptoken`, or what changed since `$deltatoken`."""
        if answer := self._limited("graph"):
            return answer
        skip, token = request.query_params.get("$skiptoken"), request.query_params.get("$deltatoken")
        here = f"{self.base}/v1.0/users/delta"
        if token is not None and token != str(self.epoch):
            self.requests["expired"] += 1
            return JSONResponse({"error": {"code": "resyncRequired"}}, 410)
        if token is not None:
            items = [self.user(number) for number in sorted(self.changed)]
            self.changed.clear()
            return JSONResponse({"value": items, "@odata.deltaLink": f"{here}?$deltatoken={self.epoch}"})
        start = int(skip or 0)
        if self.expires and start > self.people // 2:
            self.expires = False
            self.requests["expired"] += 1
            return JSONResponse({"error": {"code": "resyncRequired"}}, 410)
        last = min(self.people, start + GRAPH_PAGE)
        items = [self.user(number) for number in range(start, last) if number not in self.gone]
        more = {"@odata.nextLink": f"{here}?$skiptoken={last}"} if last < self.people else {}
        self.changed = set() if not more else self.changed
        return JSONResponse({"value": items, **(more or {"@odata.deltaLink": f"{here}?$deltatoken={self.epoch}"})})

    async def token(self, request: Request) -> Response:
        """The identity platform's token endpoint."""
        return JSONResponse({"access_token": "t", "token_type": "Bearer", "expires_in": 3600})

    async def slack(self, request: Request) -> Response:
        """`auth.test` and `users.list`."""
        if request.path_params["method"] == "auth.test":
            return JSONResponse({"ok": True, "team_id": WORKSPACE, "user_id": "UBOT", "bot_id": "B1"})
        if answer := self._limited("slack"):
            return answer
        form = {**request.query_params, **dict(parse_qsl((await request.body()).decode()))}
        start, most = int(form.get("cursor") or 0), int(form.get("limit") or 500)
        last = min(self.people, start + most)
        members = [self.member(number) for number in range(start, last)]
        return JSONResponse(
            {"ok": True, "members": members, "response_metadata": {"next_cursor": str(last) if last < self.people else ""}}
        )

    def member(self, number: int) -> dict[str, Any]:
        """One member as Slack lists them."""
        return {
            "id": f"U{number:08d}",
            "team_id": WORKSPACE,
            "deleted": number in self.gone,
            "is_bot": False,
            "is_email_confirmed": True,
            "tz": ZONES[number % len(ZONES)],
            "locale": "en-US",
            "profile": {"email": self.email(number), "real_name": f"Person {number}"},
        }

    def app(self) -> Starlette:
        """Both platforms."""
        return Starlette(
            routes=[
                Route("/v1.0/users/delta", self.delta),
                Route("/{tenant}/oauth2/v2.0/token", self.token, methods=["POST"]),
                Route("/api/{method}", self.slack, methods=["GET", "POST"]),
            ]
        )

    def accounts(self) -> Iterator[int]:
        """The numbers of those who work here."""
        return (number for number in range(self.people) if number not in self.gone)
