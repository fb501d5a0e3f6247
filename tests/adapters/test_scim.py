"""An HR system pushes people over SCIM: both dialects, the same rules as the People CSV, nothing written on any refusal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import Engine, func, select
from starlette.testclient import TestClient

from adapters.directories import Directories, ScimPeople
from adapters.importer import DatabaseImporter
from adapters.scim.routes import MEDIA, scim_router
from adapters.scim.words import ENTERPRISE, RONDO, USER
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


def test_a_user_is_made_found_and_read_back_as_it_was_said(hr: Hr) -> None:
    boss = hr.make("boss")
    made = hr.make(
        "zoe",
        name={"givenName": "Zoë", "familyName": "Kim"},
        locale="ko-KR",
        timezone="Asia/Seoul",
        enterprise={"department": "R&D", "manager": {"value": boss}, "employeeNumber": "0042"},
        **{RONDO: {"team": "Core", "deputy": boss, "workDays": "Mon-Thu", "workHours": "10:00-17:00", "startDate": "2026-01-05"}},
    )
    zoe = hr.people()["zoe"]
    assert (zoe.name, zoe.department, zoe.team, zoe.zone, zoe.manager_id, zoe.deputy_id) == (
        "Zoe", "R&D", "Core", "Asia/Seoul", boss, boss,
    )  # fmt: skip
    assert (zoe.start_date, zoe.work_days) == (date(2026, 1, 5), frozenset({0, 1, 2, 3}))
    shown = hr.ask("GET", f"/Users/{made}")
    assert shown["externalId"] == "hr-zoe"
    assert shown["name"] == {"formatted": "Zoe", "givenName": "Zoë", "familyName": "Kim"}
    assert shown[ENTERPRISE]["employeeNumber"] == "0042"
    assert shown[ENTERPRISE]["manager"]["value"] == boss
    assert shown[RONDO] == {
        "team": "Core", "deputy": "boss@acme.example", "workDays": "Mon,Tue,Wed,Thu", "workHours": "10:00-17:00",
        "startDate": "2026-01-05",
    }  # fmt: skip
    for asked in ('userName eq "ZOE@acme.example"', 'externalId eq "hr-zoe"', 'emails.value eq "zoe@acme.example"'):
        found = hr.ask("GET", f"/Users?filter={asked}".replace(" ", "%20").replace('"', "%22").replace("&", "%26"))
        assert [one["id"] for one in found["Resources"]] == [made], asked
    again = hr.rows()
    hr.ask("PUT", f"/Users/{made}", shown)
    assert hr.rows() == again  # what is so already writes nothing, not even a line in the ledger
    assert hr.told


def test_a_list_comes_in_pages(hr: Hr) -> None:
    ids = sorted(hr.make(name) for name in ("ann", "ben", "cem"))
    first = hr.ask("GET", "/Users?startIndex=1&count=2")
    assert (first["totalResults"], first["itemsPerPage"], [one["id"] for one in first["Resources"]]) == (3, 2, ids[:2])
    rest = hr.ask("GET", "/Users?startIndex=3&count=2")
    assert [one["id"] for one in rest["Resources"]] == ids[2:]
    assert hr.ask("GET", "/Users?count=0")["Resources"] == []


def test_entra_patches_in_its_own_way(hr: Hr) -> None:
    boss, ann = hr.make("boss"), hr.make("ann")
    hr.patch(
        ann,
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": boss},
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Sales"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ann.new@acme.example"},
        {"op": "Add", "value": {"displayName": "Ann New", f"{RONDO}:team": "North"}},
    )
    one = hr.people()["ann.new"]
    assert (one.id, one.manager_id, one.department, one.name, one.team) == (ann, boss, "Sales", "Ann New", "North")
    hr.patch(ann, {"op": "Remove", "path": f"{ENTERPRISE}:manager"})
    assert hr.people()["ann.new"].manager_id is None
    assert hr.patch(ann, {"op": "Replace", "path": "active", "value": "False"})["active"] is False
    assert hr.patch(ann, {"op": "Replace", "path": "active", "value": "True"})["active"] is True


def test_okta_patches_with_objects(hr: Hr) -> None:
    ann = hr.make("ann")
    hr.patch(ann, {"op": "replace", "value": {"active": False}})
    assert hr.people()["ann"].end_date == date(2026, 11, 22)
    hr.patch(ann, {"op": "replace", "value": {"active": True, ENTERPRISE: {"department": "Ops"}}})
    one = hr.people()["ann"]
    assert (one.end_date, one.department) == (None, "Ops")


def test_a_manager_who_comes_later_is_waited_for(hr: Hr) -> None:
    ann = hr.make("ann", enterprise={"manager": {"value": "hr-boss"}})
    assert hr.people()["ann"].manager_id is None
    boss = hr.make("boss")
    assert hr.people()["ann"].manager_id == boss
    assert hr.ask("GET", f"/Users/{ann}")[ENTERPRISE]["manager"]["value"] == boss


def test_who_is_deleted_has_left_and_comes_back_as_the_same_person(hr: Hr) -> None:
    ann = hr.make("ann")
    hr.ask("DELETE", f"/Users/{ann}", status=204)
    hr.ask("GET", f"/Users/{ann}", status=404)
    hr.ask("DELETE", f"/Users/{ann}", status=404)
    assert hr.people()["ann"].end_date == date(2026, 11, 22)
    assert hr.make("ann", externalId="hr-ann-2") == ann
    assert hr.people()["ann"].end_date is None


def test_reports_of_who_left_have_the_next_manager_from_then_on(hr: Hr) -> None:
    top = hr.make("top")
    boss = hr.make("boss", enterprise={"manager": {"value": top}})
    hr.patch(boss, {"op": "replace", "path": "active", "value": False})
    hr.make("ann", enterprise={"manager": {"value": boss}})
    assert hr.people()["ann"].manager_id == top


def test_the_people_csv_and_scim_are_about_the_same_people(hr: Hr) -> None:
    importer = DatabaseImporter(hr.engine, StoppedClock(), COMPANY)
    importer.people(b"email,name,department\nann@acme.example,Ann,Sales\n", dry_run=False)
    known = hr.people()["ann"].id
    assert hr.ask("GET", "/Users?filter=userName%20eq%20%22ann@acme.example%22")["Resources"][0]["id"] == known
    assert hr.make("ann", enterprise={"department": "Ops"}) == known
    assert hr.people()["ann"].department == "Ops"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "scim_type"),
    [
        ("POST", "/Users", {"displayName": "Nobody"}, 400, "invalidValue"),
        ("POST", "/Users", {"userName": "new@acme.example", "timezone": "Mars/Olympus"}, 400, "invalidValue"),
        ("POST", "/Users", {"userName": "new@acme.example", "active": "perhaps"}, 400, "invalidValue"),
        ("POST", "/Users", {"userName": "new@acme.example", RONDO: {"role": "king"}}, 400, "invalidValue"),
        ("POST", "/Users", {"userName": "ann@acme.example"}, 409, "uniqueness"),
        ("POST", "/Users", {"userName": "new@acme.example", "externalId": "hr-ann"}, 409, "uniqueness"),
        ("POST", "/Users", ["no", "object"], 400, "invalidSyntax"),
        ("PATCH", f"{USERS}/ANN", {"Operations": []}, 400, "invalidSyntax"),
        ("PATCH", f"{USERS}/ANN", {"Operations": [{"op": "shout", "path": "active"}]}, 400, "invalidSyntax"),
        ("PATCH", f"{USERS}/ANN", {"Operations": [{"op": "remove"}]}, 400, "noTarget"),
        ("PATCH", f"{USERS}/ANN", {"Operations": [{"op": "replace", "path": "a[b", "value": 1}]}, 400, "invalidPath"),
        (
            "PATCH", f"{USERS}/ANN",
            {"Operations": [{"op": "replace", "path": f"{ENTERPRISE}:manager", "value": "ANN"}]}, 400, "invalidValue",
        ),
        (
            "PATCH", f"{USERS}/ANN",
            {"Operations": [{"op": "replace", "path": "emails", "value": [{"value": "ben@acme.example"}]}]}, 409, "uniqueness",
        ),
        ("GET", "/Users?filter=name%20co%20%22a%22", None, 400, "invalidFilter"),
        ("GET", "/Users?startIndex=one", None, 400, "invalidValue"),
        ("GET", f"{USERS}/nobody", None, 404, ""),
        ("PUT", f"{USERS}/nobody", {"userName": "x@acme.example"}, 404, ""),
        ("POST", "/Groups", {"displayName": "A"}, 404, ""),
    ],
)  # fmt: skip
def test_what_is_refused_says_why_and_writes_nothing(
    hr: Hr, method: str, path: str, body: Any, status: int, scim_type: str
) -> None:
    ann, _ = hr.make("ann"), hr.make("ben")
    before, told = hr.rows(), len(hr.told)
    if isinstance(body, dict) and "Operations" in body:
        body = {"Operations": [{k: ann if v == "ANN" else v for k, v in one.items()} for one in body["Operations"]]}
    error = hr.ask(method, path.replace("ANN", ann), body, status)
    assert error["status"] == str(status)
    assert error.get("scimType", "") == scim_type
    assert error["detail"]
    assert hr.rows() == before
    assert len(hr.told) == told


def test_nobody_comes_in_without_the_token(hr: Hr) -> None:
    for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = hr.client.get("/scim/v2/Users", headers=given)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_a_client_learns_what_there_is(hr: Hr) -> None:
    assert hr.ask("GET", "/ServiceProviderConfig")["patch"] == {"supported": True}
    assert hr.ask("GET", "/ResourceTypes")["Resources"][0]["endpoint"] == "/Users"
    assert {one["id"] for one in hr.ask("GET", "/Schemas")["Resources"]} == {USER, ENTERPRISE, RONDO}
    assert hr.ask("GET", f"/Schemas/{RONDO}")["name"] == "RondoUser"
