"""The part of Microsoft Graph that installs apps: users by e-mail, the catalogue, a person's installed apps and chat."""

import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .loopback import Json, Reply

if TYPE_CHECKING:
    from .teams import FakeTeams
    from .teams_state import Person

BASE = "/v1.0"


class GraphError(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Graph:
    """`allowed` False: an administrator has not consented. `chat_after`: looks at a new chat that find nothing yet."""

    def __init__(self, teams: "FakeTeams") -> None:
        self.teams = teams
        self.tokens: dict[str, float] = {}
        self.allowed = True
        self.catalog_id = str(uuid.UUID(int=0xCA7A))
        self.in_catalog = True
        self.chat_after = 0

    def routes(self) -> list[Route]:
        user = f"{BASE}/users/{{user}}/teamwork/installedApps"
        return [
            Route(f"{BASE}/users", self._serve("graph.users", self._users)),
            Route(f"{BASE}/appCatalogs/teamsApps", self._serve("graph.catalog", self._catalog)),
            Route(user, self._serve("graph.install", self._install), methods=["POST"]),
            Route(user, self._serve("graph.installed", self._installed)),
            Route(f"{user}/{{id}}/chat", self._serve("graph.chat", self._chat)),
        ]

    def _serve(self, method: str, work: Callable[[Json], Reply]) -> Callable[[Request], Any]:
        async def serve(request: Request) -> Response:
            args: Json = {**request.path_params, **request.query_params}
            if request.method == "POST":
                args["body"] = await request.json()
            token = request.headers.get("authorization", "").removeprefix("Bearer ")

            def guarded() -> Reply:
                try:
                    if self.tokens.get(token, 0.0) <= self.teams.clock():
                        raise GraphError(401, "InvalidAuthenticationToken")
                    if not self.allowed:
                        raise GraphError(403, "Authorization_RequestDenied")
                    return work(args)
                except GraphError as error:
                    body = {"error": {"code": error.code, "message": error.code}}
                    return Reply(status=error.status, body=body, error=error.code)

            return await self.teams.perform(method, args, guarded)

        return serve

    def _users(self, args: Json) -> Reply:
        if "$filter" not in args:
            return Reply(body={"value": [{"id": one.aad_object_id} for one in self.teams.people.values()][: int(args["$top"])]})
        asked = re.fullmatch(r"mail eq '(.*)' or userPrincipalName eq '(.*)'", args["$filter"])
        assert asked and asked[1] == asked[2], args
        wanted = asked[1].replace("''", "'").casefold()
        found = [
            {"id": one.aad_object_id, "accountEnabled": one.enabled, "userType": "Guest" if one.role == "guest" else "Member"}
            for one in self.teams.people.values()
            if one.email.casefold() == wanted
        ]
        return Reply(body={"value": found})

    def _catalog(self, args: Json) -> Reply:
        assert args["$filter"] == f"externalId eq '{self.teams.app_id}'", args
        return Reply(body={"value": [{"id": self.catalog_id}] if self.in_catalog else []})

    def _install(self, args: Json) -> Reply:
        person = self._person(args)
        if not str(args["body"].get("teamsApp@odata.bind", "")).endswith(f"/appCatalogs/teamsApps/{self.catalog_id}"):
            raise GraphError(400, "BadRequest")
        if person.installed:
            raise GraphError(409, "Conflict")
        person.installed = True
        return Reply(status=201, body={})

    def _installed(self, args: Json) -> Reply:
        assert args["$filter"] == f"teamsApp/id eq '{self.catalog_id}'", args
        return Reply(body={"value": [{"id": "installation"}] if self._person(args).installed else []})

    def _chat(self, args: Json) -> Reply:
        person = self._person(args)
        if self.chat_after > 0 or not person.installed:
            self.chat_after -= 1
            raise GraphError(404, "NotFound")
        return Reply(body={"id": person.conversation, "chatType": "oneOnOne"})

    def _person(self, args: Json) -> "Person":
        found = [one for one in self.teams.people.values() if one.aad_object_id == args["user"]]
        if not found:
            raise GraphError(404, "Request_ResourceNotFound")
        return found[0]
