"""The machine's cells: what the admin token opens over HTTP, what the server's own commands open, and nothing else."""

import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import Engine, text

from adapters.api import api_router
from adapters.importer import DatabaseImporter
from adapters.web import add_problems
from bot.model import Company
from bot.rules.access import Act, Grant, Hat, Relation, granted
from storage.dossier import SqlDossier
from storage.noted import NotedReports
from tests.access.doors import Door
from tests.access.stage import TUESDAY, a_company, fresh_engine
from tests.play.seen import pid

TOKEN = "correct-horse-battery-staple"
READS = ("/policies", "/ledger", "/checkins", "/outbox")
ROUTES = {
    ("POST", "/people:import"): Act.IMPORT,
    ("POST", "/leave:import"): Act.IMPORT,
    ("POST", "/goals:import"): Act.GOAL_CHANGE,
    ("POST", "/key-results:import"): Act.GOAL_MEASURE,
    ("PATCH", "/key-results/{id:path}"): Act.GOAL_MEASURE,
    ("GET", "/policies"): Act.POLICY_READ,
    ("GET", "/ledger"): Act.LEDGER,
    ("GET", "/checkins"): Act.CHECKIN_WORDS,
    ("GET", "/outbox"): Act.PARTICIPATION,
}
"""Every route there is, and the act of the table that it is."""
BY_COMMANDS = {Act.GOAL_NUMBERS, Act.GOAL_WORDS, Act.GOAL_DRAFT, Act.PRIVACY, Act.PARTICIPATION}
"""What else `rondo export` opens."""


class StoppedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        return TUESDAY


@asynccontextmanager
async def api(engine: Engine, play: Door, token: str = TOKEN) -> AsyncIterator[tuple[httpx.AsyncClient, APIRouter]]:
    """The admin API on the company's database."""
    router = api_router(
        token=TOKEN,
        importer=DatabaseImporter(engine, StoppedClock(), Company(zone="Europe/Berlin")),
        reader=NotedReports(engine, StoppedClock(), "admin token"),
        take=play.turn.take,
        clock=StoppedClock(),
        imported=lambda: None,
    )
    app = FastAPI()
    add_problems(app)
    app.include_router(router)
    transport = httpx.ASGITransport(app)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://rondo/api/v1", headers=headers) as client:
        yield client, router


def read_notes(engine: Engine, subject: str) -> int:
    with engine.connect() as connection:
        query = text("select count(*) from ledger where name = 'privacy:read' and subject = :s and facts like '%admin token%'")
        return connection.scalar(query, {"s": subject}) or 0


async def observed(engine: Engine) -> Mapping[Act, Grant]:
    """What a machine gets, act by act."""
    play, _ = a_company(engine, Hat.EMPLOYEE, Relation.STRANGER, "playground")
    found = dict.fromkeys(Act, Grant.NO)
    async with api(engine, play) as (client, _):
        policies, ledger, checkins = [(await client.get(path)) for path in ("/policies", "/ledger", "/checkins")]
        found[Act.POLICY_READ] = _yes(policies.status_code == 200)
        found[Act.LEDGER] = _yes("identity:linked" in ledger.text)
        found[Act.CHECKIN_WORDS] = _noted("NOTEWORD" in checkins.text, read_notes(engine, "check-ins"))
        found[Act.CHECKIN_PRIVATE] = _yes("PRIVWORD" in checkins.text + ledger.text)
        found[Act.CONCERN_READ] = _yes("CONCWORD" in checkins.text + ledger.text + (await client.get("/outbox")).text)
        found[Act.PARTICIPATION] = _yes('"missed"' in checkins.text and "otto@acme.example" in checkins.text)
        people = await client.post("/people:import", content="email,name,team\nolga@acme.example,Olga,Other\n")
        found[Act.IMPORT] = _yes(people.json()["changed"] == 1)
        measured = await client.patch("/key-results/K1", json={"current": 55})
        found[Act.GOAL_MEASURE] = _yes(measured.json()["current"] == 55)
        header = "objective_id,owner_email,cycle,type,objective,kr_id,key_result\n"
        goals = await client.post("/goals:import", content=f"{header}ALPHA,olga@acme.example,2026-Q4,committed,Other,K1,Pages\n")
        found[Act.GOAL_CHANGE] = _yes(goals.json()["changed"] == 1)
    listed = NotedReports(engine, StoppedClock(), "admin token").goals(company=Company(), now=TUESDAY)
    exported = str(listed.items)
    notes = read_notes(engine, "goals")
    found[Act.GOAL_NUMBERS] = _yes("ESCGOAL" in exported)
    found[Act.GOAL_WORDS] = _noted("WHYWORD" in exported, notes)
    found[Act.GOAL_DRAFT] = _noted("DRAFTGOAL" in exported, notes)
    found[Act.PRIVACY] = _yes("PRIVWORD" in str(SqlDossier(engine).of(pid("olga"))))
    return found


def _yes(is_so: bool) -> Grant:
    return Grant.YES if is_so else Grant.NO


def _noted(is_seen: bool, notes: int) -> Grant:
    return Grant.NO if not is_seen else Grant.NOTED if notes else Grant.YES


async def test_every_cell_of_the_machine_holds() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = fresh_engine(Path(folder))
        got = await observed(engine)
        engine.dispose()
    assert got == {act: granted(act, {Hat.MACHINE}, {Relation.STRANGER}) for act in Act}


async def test_without_the_token_no_route_answers_and_every_route_is_in_the_table() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = fresh_engine(Path(folder))
        play, _ = a_company(engine, Hat.EMPLOYEE, Relation.STRANGER, "playground")
        async with api(engine, play, "wrong") as (client, router):
            routes = [one for one in router.routes if isinstance(one, APIRoute)]
            there = {(method, one.path.removeprefix("/api/v1")) for one in routes for method in one.methods or ()}
            assert there == ROUTES.keys()
            for method, path in there:
                answer = await client.request(method, path.replace("{id:path}", "K1"), content="{}")
                assert answer.status_code == 401, path
        engine.dispose()
    opened = set(ROUTES.values()) | BY_COMMANDS
    assert opened == {act for act in Act if granted(act, {Hat.MACHINE}, {Relation.STRANGER}) is not Grant.NO}
    assert all(granted(act, {Hat.MACHINE}, {Relation.OUTSIDE}) is Grant.NO for act in Act)


@pytest.mark.parametrize("path", READS)
async def test_messages_and_ledger_show_nobodys_words(path: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = fresh_engine(Path(folder))
        play, _ = a_company(engine, Hat.ASKED, Relation.DIRECT, "playground")
        async with api(engine, play) as (client, _):
            words = (await client.get(path)).text
        engine.dispose()
    assert "PRIVWORD" not in words and "CONCWORD" not in words
    assert path == "/checkins" or "NOTEWORD" not in words
