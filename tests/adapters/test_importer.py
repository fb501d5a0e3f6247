"""Imports and the read side of the admin API on real databases, as the composition root joins them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, func, select

from adapters.api import api_router
from adapters.calendars import countries
from adapters.importer import DatabaseImporter
from adapters.web import add_problems
from bot.decision import NOTHING
from bot.model import Company, Goal
from bot.ports import Outcome
from storage.imports import SqlImports
from storage.reports import SqlReports
from storage.schema import agenda, ledger, person

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
COMPANY = Path(__file__).resolve().parents[3] / "shared" / "data"
PEOPLE = b"email,name,manager_email\nann@e.org,Ann,ben@e.org\nben@e.org,Ben,\n"
GOALS = b"""objective_id,owner_email,cycle,type,objective,kr_id,key_result,target,current
O1,ann@e.org,2026-Q4,committed,Fly,K1,Height,100,
"""


class StoppedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture
def importer(engine: Engine) -> DatabaseImporter:
    return DatabaseImporter(engine, StoppedClock(), Company(), hr_admins=["BEN@e.org"])


@pytest.fixture
async def api(engine: Engine, importer: DatabaseImporter) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_problems(app)
    router = api_router(
        token="t" * 16,
        importer=importer,
        reader=SqlReports(engine),
        take=lambda event: Outcome(known=True, decision=NOTHING),
        clock=StoppedClock(),
        imported=lambda: None,
    )
    app.include_router(router)
    headers = {"Authorization": f"Bearer {'t' * 16}"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rondo", headers=headers) as client:
        yield client


def count(engine: Engine, table: object) -> int:
    """Rows of a table."""
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


@pytest.mark.skipif(not COMPANY.exists(), reason="needs ../shared/data beside the checkout")
async def test_the_company_is_imported_once_and_everybody_is_looked_at(api: httpx.AsyncClient, engine: Engine) -> None:
    for what, number in (("people", 240), ("goals", 27)):
        data = (COMPANY / f"{what}.csv").read_bytes()
        first = (await api.post(f"/api/v1/{what}:import", content=data)).json()
        assert (first["created"], first["warnings"]) == (number, [])
        again = (await api.post(f"/api/v1/{what}:import", content=data)).json()
        assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, number)
    assert count(engine, agenda) == 240
    names = [item["name"] for item in (await api.get("/api/v1/ledger")).json()["items"]]
    assert names == ["import:people:applied", *["goal:imported"] * 27, "import:goals:applied"]
    result = await api.patch("/api/v1/key-results/2026-Q4-O26-K2", json={"current": 50})
    assert (result.status_code, result.json()["current"], result.json()["start"]) == (200, 50.46, 72.3)


async def test_a_refused_file_and_a_dry_run_write_nothing(api: httpx.AsyncClient, engine: Engine) -> None:
    assert (await api.post("/api/v1/people:import", content=PEOPLE + b"cim,Cim,\n")).status_code == 422
    assert (await api.post("/api/v1/people:import?dry_run=true", content=PEOPLE)).json()["created"] == 2
    assert (await api.post("/api/v1/goals:import", content=GOALS)).status_code == 422  # ann is not known yet
    assert [count(engine, table) for table in (person, agenda, ledger)] == [0, 0, 0]


async def test_bad_cursors_states_and_ids_are_refused(api: httpx.AsyncClient) -> None:
    for path in ("policies", "ledger", "checkins", "outbox"):
        assert (await api.get(f"/api/v1/{path}")).json() == {"items": [], "next": None}
        for cursor in ("x", "%00", "é", "W10", "WzFd" * 20):
            assert (await api.get(f"/api/v1/{path}?cursor={cursor}")).status_code == 400
    assert (await api.get("/api/v1/outbox?state=lost")).status_code == 400
    assert (await api.patch("/api/v1/key-results/%00", json={"current": 1})).status_code == 404


def test_what_people_reported_survives_an_import(importer: DatabaseImporter, engine: Engine) -> None:
    importer.people(PEOPLE, dry_run=False)
    importer.goals(GOALS, dry_run=False)
    store = SqlImports(engine)
    (goal,) = store.read_goals()
    told: Goal = replace(goal, answered_at=NOW, key_results=(replace(goal.key_results[0], current=Decimal(40)),))
    with store.begin() as work:
        work.apply_goals([told], at=NOW, cause="test")
    assert importer.goals(GOALS, dry_run=False).unchanged == 1
    assert store.read_goals() == (told,)


def test_hr_admins_by_setting_get_their_role_with_the_import(importer: DatabaseImporter, engine: Engine) -> None:
    importer.people(PEOPLE, dry_run=False)
    assert {one.name: one.role.value for one in SqlImports(engine).read_people()} == {"Ann": "", "Ben": "hr_admin"}


def test_countries_are_those_of_iso_3166() -> None:
    assert len(countries()) == 250  # 249 officially assigned, and XK
    assert {"DE", "KR", "GB", "TW", "XK"} <= countries()
    assert not {"EU", "UN", "ZZ", "UK"} & countries()
