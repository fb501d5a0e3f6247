"""What an HR system may ask, and what it is refused: in words of SCIM, with nothing written."""

import time
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from adapters.scim.routes import PREFIX
from adapters.scim.words import ENTERPRISE, RONDO, USER
from bot.ports import Conflict
from tests.adapters.scim.conftest import TOKEN, USERS, Hr, wanted


def test_a_list_comes_in_pages(hr: Hr) -> None:
    ids = sorted(hr.make(name) for name in ("ann", "ben", "cem"))
    first = hr.ask("GET", "/Users?startIndex=1&count=2")
    assert (first["totalResults"], first["itemsPerPage"], [one["id"] for one in first["Resources"]]) == (3, 2, ids[:2])
    rest = hr.ask("GET", "/Users?startIndex=3&count=2")
    assert [one["id"] for one in rest["Resources"]] == ids[2:]
    assert hr.ask("GET", "/Users?count=0")["Resources"] == []


def test_entra_asks_whether_somebody_has_this_manager_in_words_with_and_without_quotation_marks(hr: Hr) -> None:
    boss, other = hr.make("boss"), hr.make("other")
    ann = hr.make("ann", enterprise={"manager": {"value": boss}})
    for manager in (
        f'manager eq "{boss}"',
        f"manager eq {boss}",
        'manager eq "hr-boss"',
        f'{ENTERPRISE}:manager.value EQ "{boss}"',
    ):
        for who in (f'id eq "{ann}"', f"id eq {ann}", '(userName eq "ann@acme.example")'):
            assert [one["id"] for one in wanted(hr, f"{who} and {manager}", attributes="id")] == [ann], (who, manager)
            assert [one["id"] for one in wanted(hr, f"{manager} and {who}")] == [ann]
        assert wanted(hr, f'id eq "{other}" and {manager}') == []
    assert wanted(hr, f'id eq "{ann}" and manager eq "{other}"') == []
    assert len(wanted(hr, 'userName eq "ann@acme.example" and active eq true and externalId eq "hr-ann"')) == 1
    assert wanted(hr, 'userName eq "ann@acme.example" and active eq false') == []
    assert wanted(hr, 'userName eq "ann@acme.example" and externalId eq "hr-boss"') == []


@pytest.mark.parametrize(
    "filter",
    [
        'name co "a"', "active eq true", 'manager eq "x"', 'userName eq "a" or userName eq "b"', 'userName eq "a" and',
        'userName eq "a" and title eq "b"', 'userName eq "\\x"', 'userName eq "a" userName eq "a"', "userName pr", '"', "and",
        "userName eq",
    ],
)  # fmt: skip
def test_a_filter_that_is_not_understood_is_refused_and_never_guessed(hr: Hr, filter: str) -> None:
    hr.make("ann")
    error = hr.ask("GET", f"/Users?{urlencode({'filter': filter})}", status=400)
    assert error["scimType"] == "invalidFilter"


def test_a_filter_or_path_made_to_be_slow_is_refused_as_fast_as_any(hr: Hr) -> None:
    ann = hr.make("ann")
    began = time.perf_counter()
    for words in (" " * 30_000 + "!", "(" * 15_000, 'userName eq "a"' + " " * 30_000 + "!", "a." * 15_000 + " eq", "a[" * 10_000):
        hr.ask("GET", f"/Users?{urlencode({'filter': words})}", status=400)
    for path in ("a." * 400_000 + "!", "a" * 900_000, "emails[" + " " * 900_000 + "]"):
        hr.patch(ann, {"op": "replace", "path": path, "value": "x"}, status=400)
    assert time.perf_counter() - began < 10  # the square of these lengths would take hours


def test_a_client_reads_only_the_attributes_it_names(hr: Hr) -> None:
    boss = hr.make("boss")
    ann = hr.make("ann", name={"givenName": "Ann", "familyName": "Lee"}, enterprise={"department": "R&D", "manager": boss})
    whole = hr.ask("GET", f"/Users/{ann}")

    def asked(**query: str) -> dict[str, Any]:
        one: dict[str, Any] = hr.ask("GET", f"/Users/{ann}?{urlencode(query)}")
        assert (one.pop("id"), one.pop("schemas")) == (ann, whole["schemas"])
        return one

    assert asked(attributes="id") == {}
    assert asked(attributes=f"username, Name.familyName,{USER}:active,{ENTERPRISE}:department") == {
        "userName": "ann@acme.example", "name": {"familyName": "Lee"}, "active": True, ENTERPRISE: {"department": "R&D"},
    }  # fmt: skip
    assert asked(attributes=f"emails.value,{ENTERPRISE}:manager.value,nothing") == {
        "emails": [{"value": "ann@acme.example"}], ENTERPRISE: {"manager": {"value": boss}},
    }  # fmt: skip
    left = asked(excludedAttributes=f"emails,name.givenName,{ENTERPRISE}:manager,id,meta")
    assert (left["name"], left[ENTERPRISE]) == ({"formatted": whole["displayName"], "familyName": "Lee"}, {"department": "R&D"})
    assert not {"emails", "meta"} & left.keys()
    patched = {"Operations": [{"op": "replace", "path": "displayName", "value": "Ann L."}]}
    assert hr.ask("PATCH", f"/Users/{ann}?attributes=displayName", patched)["displayName"] == "Ann L."
    assert wanted(hr, f'id eq "{ann}"', attributes="active") == [{"schemas": whole["schemas"], "id": ann, "active": True}]


def test_a_client_that_looks_for_groups_finds_none(hr: Hr) -> None:
    found = hr.ask("GET", "/Groups?startIndex=1&count=100&excludedAttributes=members")
    assert (found["totalResults"], found["Resources"]) == (0, [])


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
        ("GET", "/Users?startIndex=one", None, 400, "invalidValue"),
        ("GET", f"{USERS}/nobody", None, 404, ""),
        ("PUT", f"{USERS}/nobody", {"userName": "x@acme.example"}, 404, ""),
        ("POST", "/Groups", {"displayName": "A"}, 405, ""),
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


def test_every_error_below_the_address_is_a_scim_document(hr: Hr) -> None:
    def busy() -> None:
        raise Conflict("somebody else was faster")

    assert isinstance(hr.client.app, FastAPI)
    hr.client.app.add_api_route(f"{PREFIX}/busy", busy)
    for method, path, status in (
        ("GET", "/Nowhere", 404), ("GET", "/Me", 404), ("PUT", "/Users", 405), ("DELETE", "/Schemas", 405), ("GET", "/busy", 503),
    ):  # fmt: skip
        error = hr.ask(method, path, status=status)
        assert (error["schemas"], error["status"]) == (["urn:ietf:params:scim:api:messages:2.0:Error"], str(status))
        assert error["detail"]


def test_a_client_learns_what_there_is(hr: Hr) -> None:
    assert hr.ask("GET", "/ServiceProviderConfig")["patch"] == {"supported": True}
    assert hr.ask("GET", "/ResourceTypes")["Resources"][0]["endpoint"] == "/Users"
    assert {one["id"] for one in hr.ask("GET", "/Schemas")["Resources"]} == {USER, ENTERPRISE, RONDO}
    assert hr.ask("GET", f"/Schemas/{RONDO}")["name"] == "RondoUser"
