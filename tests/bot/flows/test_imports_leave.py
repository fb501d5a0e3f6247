"""The leave CSV: the file is the truth about leave that came by file, of the people it names, and of nothing else."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.flows.imports import Plan, plan_leave
from bot.model import Absence, Company, DayPart, Person, person_id

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)  # a Wednesday
HEADER = "email,first,last,part"


def someone(email: str, *absences: Absence) -> Person:
    return Person(id=person_id(email), email=email, name="N", known_since=NOW, zone="Europe/Berlin", absences=absences)


def csv(first: str, last: str, part: str = "") -> Absence:
    return Absence(first=date.fromisoformat(first), last=date.fromisoformat(last), source="csv", part=DayPart(part))


def plan(*rows: str, people: tuple[Person, ...], header: str = HEADER, now: datetime = NOW) -> Plan[Person]:
    data = "\n".join([header, *rows, ""]).encode()
    return plan_leave(data, people=people, company=Company(), now=now)


def counts(found: Plan[Person]) -> tuple[int, int, int]:
    return found.created, found.changed, found.unchanged


def bad(found: Plan[Person]) -> list[tuple[int, str]]:
    assert not found.values
    return [(issue.row, issue.column) for issue in found.rejections]


ANN, BEN = someone("ann@e.org"), someone("ben@e.org")


def test_new_leave_is_created_and_the_same_file_again_changes_nothing() -> None:
    rows = ("ann@e.org,2026-12-24,2026-12-31,", "Ann@E.org,2026-11-20,2026-11-20,Morning", "ben@e.org,2026-12-01,2026-12-01,")
    first = plan(*rows, people=(ANN, BEN))
    assert counts(first) == (3, 0, 0)
    ann, ben = first.values
    assert ann.absences == (csv("2026-11-20", "2026-11-20", "morning"), csv("2026-12-24", "2026-12-31"))
    assert ben.absences == (csv("2026-12-01", "2026-12-01"),)
    again = plan(*rows, people=(ann, ben))
    assert counts(again) == (0, 0, 3)
    assert not again.values


def test_leave_set_in_chat_is_kept_even_where_the_file_speaks_of_the_same_days() -> None:
    chat = Absence(first=date(2026, 12, 23), last=date(2026, 12, 27))
    [ann] = plan("ann@e.org,2026-12-24,2026-12-31,", people=(someone("ann@e.org", chat), BEN)).values
    assert ann.absences == (chat, csv("2026-12-24", "2026-12-31"))
    found = plan("ann@e.org,,,", people=(ann,))
    assert found.values[0].absences == (chat,)


def test_moved_leave_is_changed_and_leave_that_is_gone_from_the_file_is_taken_back_with_a_warning() -> None:
    ann = someone("ann@e.org", csv("2026-12-01", "2026-12-04"), csv("2026-12-24", "2026-12-31"))
    found = plan("ann@e.org,2026-12-02,2026-12-08,", people=(ann,))
    assert counts(found) == (0, 2, 0)
    assert found.values[0].absences == (csv("2026-12-02", "2026-12-08"),)
    assert [issue.row for issue in found.warnings] == [2]
    assert "2026-12-24" in found.warnings[0].detail


def test_people_who_are_not_in_the_file_keep_their_leave() -> None:
    ann = someone("ann@e.org", csv("2026-12-01", "2026-12-04"))
    found = plan("ben@e.org,2026-12-01,2026-12-04,", people=(ann, BEN))
    assert [one.email for one in found.values] == ["ben@e.org"]


def test_days_that_are_over_stay_so_that_a_return_starts_fresh() -> None:
    running, over = csv("2026-11-02", "2026-11-30"), csv("2026-10-05", "2026-10-09")
    found = plan("ann@e.org,2026-12-24,2026-12-24,", people=(someone("ann@e.org", over, running),))
    assert found.values[0].absences == (over, csv("2026-11-02", "2026-11-17"), csv("2026-12-24", "2026-12-24"))
    again = plan("ann@e.org,2026-12-24,2026-12-24,", people=found.values)
    assert not again.values
    assert counts(again) == (0, 0, 1)


def test_today_is_the_persons_own_day() -> None:
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)  # the 18th in Berlin
    ann = someone("ann@e.org", csv("2026-11-10", "2026-11-20"))
    assert plan("ann@e.org,,,", people=(ann,), now=late).values[0].absences == (csv("2026-11-10", "2026-11-17"),)
    west = replace(ann, zone="America/New_York")
    assert plan("ann@e.org,,,", people=(west,), now=late).values[0].absences == (csv("2026-11-10", "2026-11-16"),)


def test_two_halves_of_a_day_are_two_rows_and_a_row_without_days_is_no_leave() -> None:
    rows = ("ann@e.org,2026-12-24,2026-12-24,morning", "ann@e.org,2026-12-24,2026-12-24,afternoon")
    assert counts(plan(*rows, people=(ANN,))) == (2, 0, 0)
    assert counts(plan("ann@e.org,,,", people=(ANN,))) == (0, 0, 1)
    assert counts(plan("ann@e.org,,", people=(ANN,), header="email,first,last")) == (0, 0, 1)


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (["nobody@e.org,2026-12-01,2026-12-02,"], [(2, "email")]),
        ([",2026-12-01,2026-12-02,"], [(2, "email")]),
        (["ann@e.org,2026-12-02,2026-12-01,"], [(2, "last")]),
        (["ann@e.org,2026-12-02,,"], [(2, "last")]),
        (["ann@e.org,,2026-12-02,"], [(2, "first")]),
        (["ann@e.org,,,morning"], [(2, "first"), (2, "last")]),
        (["ann@e.org,24.12.2026,2026-12-31,"], [(2, "first")]),
        (["ann@e.org,2026-02-30,2026-12-31,"], [(2, "first")]),
        (["ann@e.org,2026-01-01,2029-12-31,"], [(2, "last")]),
        (["ann@e.org,2026-12-01,2026-12-02,evening"], [(2, "part")]),
        (["ann@e.org,2026-12-01,2026-12-04,", "ann@e.org,2026-12-04,2026-12-08,"], [(2, "first"), (3, "first")]),
        (["ann@e.org,2026-12-01,2026-12-04,", "ann@e.org,2026-12-02,2026-12-02,morning"], [(2, "first"), (3, "first")]),
        (["ann@e.org,2026-12-01,2026-12-04,", "ANN@e.org,2026-12-01,2026-12-04,"], [(2, "first"), (3, "first")]),
        (["ann@e.org,2026-12-01,2026-12-31,", "ann@e.org,2026-12-02,2026-12-02,", "ann@e.org,2026-12-09,2026-12-09,"],
         [(2, "first"), (3, "first"), (4, "first")]),
        (["ann@e.org,2026-12-01,2026-12-04,", "ann@e.org,,,"], [(3, "first")]),
        (["ben@e.org,2026-12-01,2026-12-04,", "ann@e.org,x,2026-12-01,later"], [(3, "first"), (3, "part")]),
    ],
)  # fmt: skip
def test_bad_rows_are_named_and_nothing_is_imported(rows: list[str], where: list[tuple[int, str]]) -> None:
    found = plan(*rows, people=(ANN, BEN))
    assert sorted(set(bad(found))) == where


def test_a_column_too_many_or_too_few_refuses_the_file() -> None:
    assert bad(plan("ann@e.org,2026-12-01", people=(ANN,), header="email,first")) == [(1, "last")]
    assert bad(plan("a,b,c,d,e", people=(ANN,), header=HEADER + ",kind")) == [(1, "")]
