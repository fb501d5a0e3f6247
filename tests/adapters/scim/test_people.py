"""What an HR system says of people comes true: in both dialects, by the same rules as the People CSV."""

from datetime import date
from typing import Any

from adapters.directories import Directories, ScimPeople
from adapters.importer import DatabaseImporter
from adapters.scim.words import ENTERPRISE, RONDO, record
from tests.adapters.scim.conftest import COMPANY, Hr, StoppedClock, wanted


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


def test_a_manager_is_named_by_id_by_address_or_by_e_mail_and_never_lost_to_a_mere_name(hr: Hr) -> None:
    boss, ann = hr.make("boss"), hr.make("ann")
    none: list[Any] = ["", None, [], {}, {"value": None}]
    for value in (
        boss, {"value": boss}, [{"$ref": None, "value": boss}], {"$ref": f"https://rondo.example/scim/v2/Users/{boss}"},
        {"value": "", "$ref": f"../Users/{boss}"}, "hr-boss", "BOSS@acme.example", {"value": "boss@acme.example"},
    ):  # fmt: skip
        shown = hr.patch(ann, {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": value})
        assert shown[ENTERPRISE]["manager"]["value"] == boss, value
        hr.patch(ann, {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": {"displayName": "The Boss"}})
        assert hr.people()["ann"].manager_id == boss
        hr.patch(ann, {"op": "add", "path": f"{ENTERPRISE}:manager", "value": none.pop() if none else ""})
        assert hr.people()["ann"].manager_id is None
    hr.patch(ann, {"op": "replace", "path": f"{ENTERPRISE}:manager.$ref", "value": f"../Users/{boss}"})
    assert hr.people()["ann"].manager_id == boss
    zoe = hr.make("zoe", enterprise={"manager": {"value": "later@acme.example"}})
    later = hr.make("later")
    assert hr.ask("GET", f"/Users/{zoe}")[ENTERPRISE]["manager"]["value"] == later


def test_an_external_id_is_one_persons_and_a_new_one_keeps_what_was_said(hr: Hr) -> None:
    boss = hr.make("boss")
    ann = hr.make("ann", name={"givenName": "Ann", "familyName": "Lee"}, enterprise={"employeeNumber": "7", "manager": "hr-late"})
    before = hr.ask("GET", f"/Users/{ann}")
    error = hr.patch(ann, {"op": "Replace", "path": "externalId", "value": "hr-boss"}, status=409)
    assert error["scimType"] == "uniqueness"
    assert wanted(hr, 'externalId eq "hr-boss"')[0]["id"] == boss
    after = hr.patch(ann, {"op": "Replace", "path": "externalId", "value": "new-ann"})
    assert {**after, "meta": 0} == {**before, "meta": 0, "externalId": "new-ann"}
    assert wanted(hr, 'externalId eq "hr-ann"') == []
    assert [one["id"] for one in wanted(hr, 'externalId eq "new-ann" and userName eq "ann@acme.example"')] == [ann]
    late = hr.make("late")
    assert hr.people()["ann"].manager_id == late  # who waits for a manager goes on waiting


def test_a_user_name_that_became_free_is_somebody_elses_without_any_external_id(hr: Hr) -> None:
    first = hr.make("sam", externalId=None)
    hr.patch(first, {"op": "replace", "path": "userName", "value": "samuel@acme.example"})
    second = hr.make("sam", externalId=None)
    assert second != first
    assert {one.id: one.email for one in hr.people().values()} == {first: "samuel@acme.example", second: "sam@acme.example"}


def test_somebody_made_inactive_is_not_here_until_they_are_made_active(hr: Hr) -> None:
    new = hr.make("new", active=False)
    assert hr.ask("GET", f"/Users/{new}")["active"] is False
    assert hr.people()["new"].end_date == date(2026, 11, 22)
    assert hr.patch(new, {"op": "Replace", "path": "active", "value": "True"})["active"] is True
    assert hr.people()["new"].end_date is None


def test_a_patch_says_nothing_about_an_e_mail_that_somebody_else_changes_meanwhile(hr: Hr) -> None:
    ann = hr.make("ann")
    people = ScimPeople(Directories(hr.engine, StoppedClock(), COMPANY, real=StoppedClock().now))
    _, ((person, theirs),) = people.find("id", ann, first=0, most=1)
    late = record({"enterprise:department": "Sales"}, person, theirs)
    hr.patch(ann, {"op": "replace", "path": 'emails[type eq "work"].value', "value": "ann.new@acme.example"})
    assert people.take(late).issues == ()
    assert (hr.people()["ann.new"].id, hr.people()["ann.new"].department) == (ann, "Sales")


def test_of_several_e_mails_the_one_of_work_counts(hr: Hr) -> None:
    home = {"type": "home", "primary": True, "value": "ann@home.example"}
    ann = hr.make("ann", emails=[home, {"type": "work", "value": "ann.lee@acme.example"}])
    assert hr.people()["ann.lee"].id == ann
    path = 'emails[type eq "work" and primary eq true].value'
    hr.patch(ann, {"op": "replace", "path": path, "value": "ann.new@acme.example"})
    hr.patch(ann, {"op": "replace", "path": 'emails[type eq "home"].value', "value": "ann@other.example"})
    assert hr.people()["ann.new"].id == ann


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
