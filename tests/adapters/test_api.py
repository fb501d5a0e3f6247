"""The admin API over HTTP: who may, what comes back, and that nothing is written on any refusal."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from adapters.api import api_router
from adapters.web import BODY_LIMIT, IMPORT_LIMIT, BodyLimit, add_problems
from bot.decision import NOTHING
from bot.events import Measured
from bot.flows.imports import Fed, Plan, plan_goals, plan_leave, plan_people, plan_values
from bot.model import Company, Goal, Person
from bot.ports import Outcome

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
TOKEN = "correct-horse-battery-staple"
PEOPLE = "email,name,manager_email\nann@e.org,Ann,\nben@e.org,Ben,ann@e.org\n"
GOALS = "objective_id,owner_email,cycle,type,objective,kr_id,key_result\nO1,ann@e.org,2026-Q4,committed,Fly,K1,Height\n"


class StoppedClock:
    """Always the same instant."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Leaf:
    """One page of the read side."""

    items: Sequence[Mapping[str, object]]
    next: str | None


@dataclass
class House:
    """What the API is given: a company in memory, and a record of everything that reached it."""

    company: dict[str, Person] = field(default_factory=dict)
    aims: dict[str, Goal] = field(default_factory=dict)
    results: dict[str, dict[str, object]] = field(default_factory=lambda: {"K/1 é": {"id": "K/1 é", "current": None}})
    events: list[Measured] = field(default_factory=list)
    wakes: int = 0
    asked: list[Mapping[str, object]] = field(default_factory=list)

    def people(self, data: bytes, *, dry_run: bool) -> Plan[Person]:
        plan = plan_people(data, existing=self.company.values(), now=NOW, countries=frozenset({"DE"}))
        if not dry_run:
            self.company |= {person.id: person for person in plan.values}
        return plan

    def goals(self, data: bytes, *, dry_run: bool) -> Plan[Goal]:
        plan = plan_goals(data, existing=self.aims.values(), people=self.company.values(), now=NOW, fiscal_month=1)
        if not dry_run:
            self.aims |= {goal.id: goal for goal in plan.values}
        return plan

    def leave(self, data: bytes, *, dry_run: bool) -> Plan[Person]:
        plan = plan_leave(data, people=self.company.values(), company=Company(), now=NOW)
        if not dry_run:
            self.company |= {person.id: person for person in plan.values}
        return plan

    def values(self, data: bytes, *, dry_run: bool) -> Plan[Fed]:
        plan = plan_values(data, existing=self.aims.values(), now=NOW)
        if not dry_run:
            self.aims |= {fed.goal.id: fed.goal for fed in plan.values}
        return plan

    def take(self, event: Measured) -> Outcome:
        if any(event.id == seen.id for seen in self.events):
            return Outcome(known=True, decision=None)
        self.events.append(event)
        self.results[event.key_result]["current"] = int(event.value)
        return Outcome(known=True, decision=NOTHING)

    def imported(self) -> None:
        self.wakes += 1

    def key_result(self, id: str) -> Mapping[str, object] | None:
        return self.results.get(id)

    def policies(self, *, cursor: str | None, limit: int) -> Leaf:
        self.asked.append({"cursor": cursor, "limit": limit})
        if cursor not in (None, "2"):
            raise ValueError("The cursor is not one of ours.")
        return Leaf([{"version": 1, "scope": {"kind": "company"}}], None if cursor else "2")

    ledger = checkins = policies

    def outbox(self, *, state: str | None, cursor: str | None, limit: int) -> Leaf:
        self.asked.append({"state": state, "cursor": cursor, "limit": limit})
        return Leaf([], None)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def api(house: House) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    add_problems(app)
    app.add_middleware(BodyLimit)
    app.include_router(
        api_router(token=TOKEN, importer=house, reader=house, take=house.take, clock=StoppedClock(), imported=house.imported)
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=True)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://rondo", headers=headers) as client:
        yield client


def problem(answer: httpx.Response, status: int) -> Any:
    """The problem document of an answer, checked for form."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert document["status"] == status
    assert {"type", "title", "detail"} <= set(document)
    return document


@pytest.mark.parametrize(
    "given", [None, "", TOKEN, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ключ"]
)
async def test_nobody_gets_in_without_the_token(api: httpx.AsyncClient, house: House, given: str | None) -> None:
    del api.headers["authorization"]
    headers = {} if given is None else {"Authorization": given.encode()}
    for method, path in [
        ("POST", "people:import"),
        ("PATCH", "key-results/K"),
        ("GET", "ledger"),
        ("GET", "outbox?limit=x"),
    ]:
        answer = await api.request(method, f"/api/v1/{path}", content=PEOPLE, headers=headers)  # type: ignore[arg-type]
        assert TOKEN not in problem(answer, 401)["detail"]
        assert answer.headers["www-authenticate"] == "Bearer"
    assert (house.company, house.events, house.asked) == ({}, [], [])


def test_there_is_no_api_without_a_token(house: House) -> None:
    with pytest.raises(ValueError, match="RONDO_ADMIN_TOKEN"):
        api_router(token="", importer=house, reader=house, take=house.take, clock=StoppedClock(), imported=house.imported)


async def test_people_and_goals_are_imported_once_and_then_unchanged(api: httpx.AsyncClient, house: House) -> None:
    first = await api.post("/api/v1/people:import", content=PEOPLE.encode())
    assert (first.status_code, first.json()["created"], house.wakes) == (200, 2, 1)
    again = (await api.post("/api/v1/people:import", content=PEOPLE.encode())).json()
    assert (again["created"], again["changed"], again["unchanged"], again["warnings"]) == (0, 0, 2, [])
    goals = (await api.post("/api/v1/goals:import", content=GOALS.encode())).json()
    assert (goals["created"], house.aims["O1"].title, house.wakes) == (1, "Fly", 2)


async def test_leave_is_imported_like_people(api: httpx.AsyncClient, house: House) -> None:
    await api.post("/api/v1/people:import", content=PEOPLE.encode())
    leave = b"email,first,last,part\nann@e.org,2026-12-24,2026-12-31,\nben@e.org,2026-12-24,2026-12-24,afternoon\n"
    assert (await api.post("/api/v1/leave:import", content=leave)).json()["created"] == 2
    again = (await api.post("/api/v1/leave:import", content=leave)).json()
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    bad = await api.post("/api/v1/leave:import", content=leave + b"cim@e.org,2026-12-24,2026-12-31,\n")
    assert (bad.status_code, [error["row"] for error in bad.json()["errors"]]) == (422, [4])
    assert house.wakes == 2


async def test_values_are_imported_like_people(api: httpx.AsyncClient, house: House) -> None:
    await api.post("/api/v1/people:import", content=PEOPLE.encode())
    await api.post("/api/v1/goals:import", content=GOALS.encode())
    (id,) = (result.id for result in house.aims["O1"].key_results)
    values = f"kr_id,current,note,source\n{id},61.5,from the nightly run,grafana\n".encode()
    first = await api.post("/api/v1/key-results:import", content=values)
    assert (first.status_code, first.json()["created"], house.wakes) == (200, 1, 3)
    again = (await api.post("/api/v1/key-results:import", content=values)).json()
    assert (again["created"], again["changed"], again["unchanged"], house.wakes) == (0, 0, 1, 3)
    bad = await api.post("/api/v1/key-results:import", content=values + b"nobody,1,,\n")
    assert (bad.status_code, [(error["row"], error["column"]) for error in bad.json()["errors"]]) == (422, [(3, "kr_id")])


async def test_a_dry_run_tells_the_same_and_writes_nothing(api: httpx.AsyncClient, house: House) -> None:
    answer = await api.post("/api/v1/people:import?dry_run=true", content=PEOPLE.encode())
    assert (answer.json()["created"], answer.json()["dry_run"]) == (2, True)
    assert (house.company, house.wakes) == ({}, 0)


async def test_one_bad_row_refuses_the_file_and_all_bad_rows_are_listed(api: httpx.AsyncClient, house: House) -> None:
    answer = await api.post("/api/v1/people:import", content=f"{PEOPLE}bad,Bad,\ncim@e.org,,nobody@e.org\n".encode())
    document = problem(answer, 422)
    assert [(error["row"], error["column"]) for error in document["errors"]] == [
        (4, "email"),
        (5, "manager_email"),
        (5, "name"),
    ]
    assert document["rejected"] == 2
    assert (house.company, house.wakes) == ({}, 0)


async def test_a_form_upload_is_refused_with_the_remedy(api: httpx.AsyncClient) -> None:
    answer = await api.post("/api/v1/people:import", files={"file": PEOPLE.encode()})
    assert "--data-binary" in problem(answer, 415)["detail"]


async def endless(size: int) -> AsyncIterator[bytes]:
    """A body of `size` bytes whose length is not declared."""
    for _ in range(size >> 16):
        yield b"x" * (1 << 16)
    yield b"x"


async def test_a_body_over_the_limit_is_refused(api: httpx.AsyncClient, house: House) -> None:
    declared = {"Content-Length": str(IMPORT_LIMIT + 1)}
    problem(await api.post("/api/v1/people:import", content=b"", headers=declared), 413)
    problem(await api.post("/api/v1/people:import", content=endless(IMPORT_LIMIT)), 413)
    problem(await api.patch("/api/v1/key-results/K%2F1%20%C3%A9", content=endless(BODY_LIMIT)), 413)
    assert house.events == []


async def test_a_machine_reports_a_key_result(api: httpx.AsyncClient, house: House) -> None:
    body = {"current": 42, "note": "from the\0 build", "source": "ci"}
    answer = await api.patch("/api/v1/key-results/K%2F1%20%C3%A9", json=body)
    assert (answer.status_code, answer.json()) == (200, {"id": "K/1 é", "current": 42})
    (event,) = house.events
    assert (event.key_result, event.value, event.note, event.source, event.at) == (
        "K/1 é", Decimal(42), "from the build", "ci", NOW,
    )  # fmt: skip


async def test_the_same_idempotency_key_has_one_effect(api: httpx.AsyncClient, house: House) -> None:
    for value in (1, 2):
        headers = {"Idempotency-Key": "build-7"}
        answer = await api.patch("/api/v1/key-results/K%2F1%20%C3%A9", json={"current": value}, headers=headers)
        assert answer.json()["current"] == 1
    await api.patch("/api/v1/key-results/K%2F1%20%C3%A9", json={"current": 3})
    await api.patch("/api/v1/key-results/K%2F1%20%C3%A9", json={"current": 4})
    assert [event.value for event in house.events] == [1, 3, 4]


@pytest.mark.parametrize(
    ("written", "value"), [("-0", "0"), ("1e3", "1000"), ('"51.279"', "51.279"), ('"45,5"', "45.5"), ("0.1", "0.1")]
)
async def test_a_number_may_be_a_json_number_or_a_text(api: httpx.AsyncClient, house: House, written: str, value: str) -> None:
    answer = await api.patch("/api/v1/key-results/K%2F1%20%C3%A9", content=f'{{"current": {written}}}')
    assert answer.status_code == 200
    assert str(house.events[0].value) == value
    assert house.events[0].source == "api"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff", 400),
        (b"{", 400),
        (b"[" * 100_000, 400),
        (b'{"current": NaN}', 400),
        (b'{"current": -Infinity}', 400),
        (b'{"current": 1e99999999999999999999}', 400),
        (b'{"current": 1, "current": 2}', 400),
        (b"[]", 422),
        (b"42", 422),
        (b"{}", 422),
        (b'{"current": null}', 422),
        (b'{"current": true}', 422),
        (b'{"current": [1]}', 422),
        (b'{"current": 1e999}', 422),
        (b'{"current": "NaN"}', 422),
        (b'{"current": "1.234.5"}', 422),
        (b'{"current": "\\ud800"}', 422),
        (b'{"current": ' + b"9" * 5_000 + b"}", 422),
        (b'{"current": 1, "note": 5}', 422),
        (b'{"current": 1, "note": "' + b"n" * 3001 + b'"}', 422),
        (b'{"current": 1, "source": "' + b"s" * 101 + b'"}', 422),
        (b'{"current": 1, "\\ud800": 1}', 422),
    ],
)
async def test_a_bad_body_is_refused_and_nothing_happens(api: httpx.AsyncClient, house: House, body: bytes, status: int) -> None:
    problem(await api.patch("/api/v1/key-results/K%2F1%20%C3%A9", content=body), status)
    assert house.events == []


@pytest.mark.parametrize("written", ['"45%"', '"45 minutes"', '"$45"'])
async def test_a_number_in_another_unit_than_the_key_results_is_refused(
    api: httpx.AsyncClient, house: House, written: str
) -> None:
    house.results["K2"] = {"id": "K2", "unit": "candidates", "current": None}
    problem(await api.patch("/api/v1/key-results/K2", content=f'{{"current": {written}}}'), 422)
    assert house.events == []
    assert (await api.patch("/api/v1/key-results/K2", content='{"current": "45 candidates"}')).status_code == 200


async def test_a_refused_method_is_told_every_method_of_the_address() -> None:
    def nothing() -> None: ...

    app = FastAPI()
    app.get("/twice")(nothing)
    app.post("/twice")(nothing)
    add_problems(app)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rondo") as http:
        answer = await http.delete("/twice")
    problem(answer, 405)
    assert answer.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("id", ["nothing", "%00", "K%2F1%20%C3%A9%00", "a" * 3000])
async def test_an_unknown_key_result_is_not_found(api: httpx.AsyncClient, house: House, id: str) -> None:
    problem(await api.patch(f"/api/v1/key-results/{id}", json={"current": 1}), 404)
    assert house.events == []


@pytest.mark.parametrize("path", ["policies", "ledger", "checkins"])
async def test_the_read_side_comes_in_pages(api: httpx.AsyncClient, path: str) -> None:
    first = (await api.get(f"/api/v1/{path}")).json()
    item = {"version": 1, "scope": {"kind": "company"}}
    assert first == {"items": [item], "next": "2"}
    assert (await api.get(f"/api/v1/{path}", params={"cursor": first["next"]})).json()["next"] is None
    problem(await api.get(f"/api/v1/{path}?cursor=%00"), 400)


async def test_the_outbox_is_read_by_state(api: httpx.AsyncClient, house: House) -> None:
    assert (await api.get("/api/v1/outbox?state=pending&limit=7")).json() == {"items": [], "next": None}
    assert house.asked == [{"state": "pending", "cursor": None, "limit": 7}]


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "limit=1e9", f"cursor={'c' * 401}"])
async def test_a_bad_query_is_a_problem_document(api: httpx.AsyncClient, house: House, query: str) -> None:
    problem(await api.get(f"/api/v1/ledger?{query}"), 422)
    assert house.asked == []
