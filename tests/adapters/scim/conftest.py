"""An HR system that pushes people over SCIM, against the real routes on a real database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from adapters.directories import Directories, ScimPeople
from adapters.scim.routes import MEDIA, PREFIX, error, scim_router
from adapters.scim.words import ENTERPRISE, USER
from adapters.web import add_problems
from bot.model import Company, Person
from storage.imports import SqlImports
from storage.schema import agenda, identity, ledger, person

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOKEN = "correct-horse-battery-staple"
COMPANY = Company(zone="Europe/Berlin")
USERS = "/Users"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


class StoppedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Hr:
    """An HR system with a token."""

    client: TestClient
    engine: Engine
    told: list[str]

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self.client.request(method, f"/scim/v2{path}", json=body, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == status, answer.text
        if status == 204:
            return None
        assert answer.headers["content-type"].startswith(MEDIA)
        return answer.json()

    def make(self, nick: str, **more: Any) -> str:
        email = f"{nick}@acme.example"
        extension = more.pop("enterprise", None)
        body = {
            "schemas": [USER],
            "userName": email,
            "externalId": f"hr-{nick}",
            "displayName": nick.title(),
            "emails": [{"value": email, "type": "work", "primary": True}],
            "active": True,
            **more,
        }
        if extension:
            body[ENTERPRISE] = extension
        made: str = self.ask("POST", "/Users", body, 201)["id"]
        return made

    def patch(self, id: str, *operations: dict[str, Any], status: int = 200) -> Any:
        return self.ask("PATCH", f"/Users/{id}", {"schemas": [PATCH], "Operations": list(operations)}, status)

    def people(self) -> dict[str, Person]:
        return {one.email.partition("@")[0]: one for one in SqlImports(self.engine).read_people()}

    def rows(self) -> tuple[int, ...]:
        with self.engine.connect() as connection:
            return tuple(
                connection.scalar(select(func.count()).select_from(table)) or 0 for table in (person, identity, ledger, agenda)
            )


@pytest.fixture
def hr(engine: Engine) -> Iterator[Hr]:
    told: list[str] = []
    directories = Directories(engine, StoppedClock(), COMPANY, real=StoppedClock().now)
    app = FastAPI()
    add_problems(app, {PREFIX: error})
    app.include_router(
        scim_router(
            token=TOKEN,
            people=ScimPeople(directories),
            clock=StoppedClock(),
            company=COMPANY,
            changed=lambda: told.append("changed"),
        )
    )
    with TestClient(app) as client:
        yield Hr(client, engine, told)


def wanted(hr: Hr, filter: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hr.ask("GET", f"/Users?{urlencode({'filter': filter, **query})}")["Resources"]
    return found
