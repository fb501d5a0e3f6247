"""Who may write what about whom: HR before a directory before nothing; renamed, re-hired, two of one name, not yet there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.flows.imports import plan_people
from bot.flows.imports.records import TAKEN, Changes, Identity, Known, Record, Source, plan_records
from bot.model import Company, Person, person_id

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HR, GRAPH = Source(name="scim", hr=True), Source(name="graph:t", hr=False)
LINKS = Source(name="graph:t", hr=False, writes=False)
COMPANY = Company(zone="Europe/Berlin")


class Stored:
    """What a database would keep between batches."""

    def __init__(self, *people: Person) -> None:
        self.people = {one.id: one for one in people}
        self.identities: dict[tuple[str, str], Identity] = {}

    def take(self, source: Source, *records: Record) -> Changes:
        mine = {id: one for (name, id), one in self.identities.items() if name == source.name}
        new = {one.external_id for one in records}
        waiting = [one for one in mine.values() if one.manager_ref in new]
        known = Known(people=self.people, identities=mine, waiting=waiting)
        changes = plan_records(source, records, known=known, company=COMPANY, now=NOW, countries=frozenset({"DE", "KR"}))
        self.people |= {one.id: one for one in changes.people}
        self.identities |= {(source.name, one.external_id): one for one in changes.identities}
        return changes

    def __getitem__(self, name: str) -> Person:
        return next(one for one in self.people.values() if one.email == email(name))


def email(name: str) -> str:
    return f"{name}@acme.example"


def person(name: str, **fields: Any) -> Person:
    return replace(Person(id=person_id(email(name)), email=email(name), name=name.title(), known_since=NOW), **fields)


def said(name: str, *, id: str = "", manager: str | None = None, active: bool | None = True, **cells: str) -> Record:
    return Record(
        external_id=id or f"x-{name}",
        cells={"email": email(name), "name": name.title(), **cells},
        manager=manager,
        active=active,
        user_name=f"{name}@acme.onmicrosoft.example",
    )


def test_hr_writes_everything_and_a_directory_what_is_blank_or_its_own() -> None:
    stored = Stored(person("ann", department="Sales"))
    stored.take(GRAPH, said("ann", department="Marketing", country="DE"))
    assert (stored["ann"].department, stored["ann"].country) == ("Sales", "DE")
    stored.take(GRAPH, said("ann", department="Marketing", country="KR"))
    assert stored["ann"].country == "KR"  # its own word may change
    stored.take(HR, said("ann", country="DE", department="Ops"))
    stored.take(GRAPH, said("ann", country="KR", department="Marketing"))
    assert (stored["ann"].department, stored["ann"].country) == ("Ops", "DE")


def test_a_manager_of_hrs_stays_and_a_directorys_own_may_change() -> None:
    stored = Stored(person("top"), person("eve"), person("ann"))
    for name in ("top", "eve"):
        stored.take(GRAPH, said(name))
    stored.take(GRAPH, said("ann", manager="x-eve"))
    assert stored["ann"].manager_id == stored["eve"].id
    stored.take(GRAPH, said("ann", manager="x-top"))
    assert stored["ann"].manager_id == stored["top"].id
    stored.take(HR, said("ann", manager=stored["eve"].id))
    stored.take(GRAPH, said("ann", manager="x-top"))
    assert stored["ann"].manager_id == stored["eve"].id


def test_a_new_e_mail_is_the_same_person_by_the_name_the_source_has_for_them() -> None:
    stored = Stored(person("ann"))
    known = stored["ann"].id
    stored.take(HR, said("ann"))
    stored.take(HR, said("ann.new", id="x-ann"))
    assert stored["ann.new"].id == known
    assert len(stored.people) == 1
    stored.take(HR, said("ann", id="x-other"))  # somebody new gets the address that is free again
    assert stored["ann"].id != known


def test_a_directory_renames_only_whom_it_named() -> None:
    stored = Stored(person("ann"))
    stored.take(GRAPH, said("ann"), said("ben"))
    stored.take(HR, replace(said("ann.hr", id="hr-1"), person_id=stored["ann"].id))
    stored.take(GRAPH, said("ann.graph", id="x-ann"), said("ben.new", id="x-ben"))
    assert {one.email for one in stored.people.values()} == {email("ann.hr"), email("ben.new")}


def test_two_people_are_never_made_one() -> None:
    stored = Stored(person("ann"), person("ben"))
    stored.take(HR, said("ann"), said("ben"))
    changes = stored.take(HR, said("ben", id="x-ann"))
    assert [issue.detail for issue in changes.issues] == ['"ben@acme.example" is the e-mail of somebody else.']
    changes = stored.take(HR, said("ann", id="x-third"))
    assert [issue.detail for issue in changes.issues] == ['"ann@acme.example" is somebody else in this directory already.']
    assert len(stored.people) == 2


def test_who_comes_back_under_the_same_e_mail_is_the_same_person_also_under_another_name_of_the_source() -> None:
    stored = Stored(person("ann", welcomed=True))
    stored.take(HR, said("ann"))
    stored.take(HR, replace(said("ann", active=False), deleted=True))
    assert stored["ann"].end_date == date(2026, 11, 22)
    stored.take(HR, said("ann", id="x-again"))
    back = stored["ann"]
    assert back.end_date is None and back.welcomed


def test_a_directory_brings_back_only_whom_it_had_sent_away() -> None:
    stored = Stored(person("ann", end_date=date(2026, 1, 31)), person("ben"))
    stored.take(GRAPH, said("ann"), said("ben"))
    assert stored["ann"].end_date == date(2026, 1, 31)  # HR says so
    stored.take(GRAPH, said("ben", active=False))
    assert stored["ben"].end_date == date(2026, 11, 22)
    stored.take(GRAPH, said("ben"))
    assert stored["ben"].end_date is None


def test_who_begins_today_and_leaves_today_was_never_here() -> None:
    stored = Stored(person("ann", start_date=date(2026, 11, 23)))
    stored.take(HR, said("ann", active=False))
    assert (stored["ann"].start_date, stored["ann"].end_date) == (date(2026, 11, 22), date(2026, 11, 22))


def test_a_manager_nobody_has_yet_is_waited_for_and_the_old_one_kept() -> None:
    stored = Stored(person("eve"))
    stored.take(HR, said("eve"))
    stored.take(HR, said("ann", manager="x-eve"))
    stored.take(HR, said("ann", manager="x-new"))
    assert stored["ann"].manager_id == stored["eve"].id
    stored.take(HR, said("new"))
    assert stored["ann"].manager_id == stored["new"].id
    stored.take(HR, said("ann", manager=""))
    assert stored["ann"].manager_id is None


def test_a_circle_of_managers_is_refused_and_the_rest_of_the_record_kept() -> None:
    stored = Stored()
    stored.take(HR, said("ann"), said("ben", manager="x-ann"))
    changes = stored.take(HR, said("ann", manager="x-ben", department="Ops"))
    assert [issue.column for issue in changes.issues] == ["manager_email"]
    assert (stored["ann"].manager_id, stored["ann"].department) == (None, "Ops")
    changes = stored.take(HR, said("ann", manager="x-ann"))
    assert "their own manager" in changes.issues[0].detail
    assert changes.issues[0].detail.startswith('"'), "what names somebody stands in quotation marks, where logs cut it off"


def test_one_bad_record_costs_the_others_nothing() -> None:
    stored = Stored()
    changes = stored.take(HR, said("ann", timezone="Mars/Base"), said("ben", timezone="Asia/Seoul"))
    assert [one.email for one in changes.people] == [email("ben")]
    assert [(issue.row, issue.column) for issue in changes.issues] == [(1, "timezone")]
    assert [one.email for one in stored.take(HR, said("ann")).created] == [email("ann")]


def test_a_record_that_is_refused_is_still_about_somebody() -> None:
    stored = Stored(person("ann"))
    stored.take(GRAPH, said("ann"))
    changes = stored.take(GRAPH, said("ann", country="Atlantis"))
    assert changes.issues
    assert changes.who == {"x-ann": stored["ann"].id}  # their accounts stay theirs


def test_a_directory_leaves_out_a_country_or_a_first_day_that_is_none_and_keeps_the_rest() -> None:
    stored = Stored()
    changes = stored.take(GRAPH, said("ann", department="Sales", country="Atlantis", start_date="0001-01-01"))
    assert (stored["ann"].department, stored["ann"].country, stored["ann"].start_date) == ("Sales", None, None)
    assert [issue.column for issue in changes.issues] == ["country", "start_date"]
    assert stored.take(HR, said("ben", country="Atlantis")).people == ()


def test_an_account_without_a_mailbox_makes_nobody_and_is_whose_sign_in_name_it_has() -> None:
    stored = Stored(person("ann"))
    service = replace(said("backup"), cells={"name": "Backup"}, user_name="backup@acme.onmicrosoft.example")
    assert stored.take(GRAPH, service).people == ()
    theirs = replace(service, external_id="x-ann", cells={"department": "Sales"}, user_name=email("ann"))
    assert stored.take(GRAPH, theirs).who == {"x-ann": stored["ann"].id}
    assert stored["ann"].department == "Sales"


def test_a_mere_change_of_somebody_unknown_makes_nobody() -> None:
    """A guest whose address changed: what says that they are one does not come along."""
    assert Stored().take(GRAPH, Record(external_id="x-guest", cells={"email": "guest@partner.example"})).people == ()


def test_a_directory_that_only_links_writes_nobody() -> None:
    stored = Stored(person("ann"), person("ben"))
    changes = stored.take(LINKS, said("ann", department="Sales", manager="x-ben", active=False), said("stranger"))
    assert changes.people == ()
    assert changes.who == {"x-ann": stored["ann"].id}
    changes = stored.take(LINKS, said("ben", id="x-ann"))  # its mailbox was given to somebody else
    assert changes.who == {"x-ann": stored["ben"].id}
    assert stored.take(LINKS, said("stranger", id="x-ann")).who == {}


@pytest.mark.parametrize("cells", [{"email": ""}, {"email": "no address"}])
def test_what_has_no_mailbox_is_nobody_to_a_directory_and_an_error_to_hr(cells: dict[str, str]) -> None:
    room = Record(external_id="room", cells={"name": "Room 1", **cells}, active=True)
    assert Stored().take(GRAPH, room).issues == ()
    assert [issue.column for issue in Stored().take(HR, room).issues] == ["email"]


class TestThePeopleCsv:
    """The file's side of the same rules."""

    def plan(self, text: str, people: Sequence[Person], **moved: str) -> tuple[dict[str, Person], list[str]]:
        found = plan_people(
            text.encode(), existing=people, now=NOW, countries=frozenset(), company=COMPANY,
            moved={email(name): id for name, id in moved.items()},
        )  # fmt: skip
        assert not found.rejections, found.rejections
        return {one.email: one for one in found.values}, [one.detail for one in found.warnings]

    def test_the_file_says_under_which_e_mail_somebody_was_known(self) -> None:
        ann = person("ann", welcomed=True)
        text = f"email,name,former_email\n{email('ann.new')},Ann New,{email('ann')}\n"
        people, warnings = self.plan(text, [ann])
        assert people[email("ann.new")].id == ann.id
        assert warnings == ['The same person as "ann@acme.example", with a new e-mail.']
        people, _ = self.plan(text, list(people.values()))
        assert people == {}  # a second import changes nothing

    def test_a_chat_account_under_the_new_e_mail_says_it_too(self) -> None:
        ann = person("ann")
        people, _ = self.plan(f"email,name\n{email('new')},Ann\n", [ann], new=ann.id)
        assert people[email("new")].id == ann.id
        both = f"email,name\n{email('new')},Ann\n{email('ann')},Ann\n"
        people, _ = self.plan(both, [ann], new=ann.id)
        assert people[email("new")].id != ann.id  # the file has both: they are two

    def test_two_people_stay_two_whatever_the_file_says_of_former_times(self) -> None:
        text = f"email,name,former_email\n{email('ben')},Ben,{email('ann')}\n"
        people, warnings = self.plan(text, [person("ann"), person("ben")])
        assert people == {}
        assert warnings == ['"ben@acme.example" and "ann@acme.example" are two people already and stay two.']

    def test_a_manager_who_left_is_replaced_by_the_next_one_up(self) -> None:
        top, boss = person("top"), person("boss", manager_id=person_id(email("top")), end_date=date(2026, 11, 1))
        people, warnings = self.plan(f"email,name,manager_email\n{email('ann')},Ann,{email('boss')}\n", [top, boss])
        assert people[email("ann")].manager_id == top.id
        assert warnings == ["Boss has left; Top is the manager."]


def test_whom_a_source_has_already_it_does_not_make_again() -> None:
    """Two requests at once both find nobody; the second one is refused where it counts."""
    stored = Stored()
    ann = replace(said("ann"), new=True)
    assert len(stored.take(HR, ann).created) == 1
    for again in (ann, replace(ann, external_id="x-2"), replace(ann, cells={"email": email("ann.new")})):
        assert [issue.detail.endswith(TAKEN) for issue in stored.take(HR, again).issues] == [True]
    assert list(stored.people.values()) == [stored["ann"]]
    stored.take(HR, replace(said("ann", active=False), deleted=True))
    assert stored.take(HR, ann).issues == ()
    known = Stored(person("ben"))
    assert known.take(HR, replace(said("ben"), new=True)).issues == ()  # of another source
