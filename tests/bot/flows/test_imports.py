"""Import of people: what a file may say, what it changes, and what is refused, row by row."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.imports import Plan, plan_people
from bot.flows.imports.people import PEOPLE_COLUMNS
from bot.flows.imports.table import MAX_CELL, MAX_ROWS
from bot.model import Absence, Person, Role, person_id

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2)
COMPANY = Path(__file__).resolve().parents[4] / "shared" / "data" / "people.csv"


def rows(*records: str, header: str = "email,name,manager_email") -> bytes:
    """A file with a header and records."""
    return "\n".join([header, *records]).encode()


def plan(data: bytes, existing: Sequence[Person] = (), hr_admins: Sequence[str] = ()) -> Plan[Person]:
    """The plan of a file, with the constants of these tests."""
    return plan_people(data, existing=existing, now=NOW, countries=COUNTRIES, hr_admins=hr_admins)


def refused(data: bytes, existing: Sequence[Person] = ()) -> list[tuple[int, str]]:
    """Row and column of everything that is wrong; nothing may be written then."""
    found = plan(data, existing)
    assert not found.accepted
    assert found.values == ()
    assert all(issue.detail.endswith(".") and len(issue.detail) < 400 for issue in found.rejections)
    return [(issue.row, issue.column) for issue in found.rejections]


def counts(found: Plan[Person]) -> tuple[int, int, int]:
    """Created, changed, unchanged."""
    assert found.rejections == ()
    return found.created, found.changed, found.unchanged


@pytest.mark.skipif(not COMPANY.exists(), reason="needs ../shared/data beside the checkout")
def test_the_company_file_is_imported_once_and_then_unchanged() -> None:
    data = COMPANY.read_bytes()
    first = plan(data)
    assert counts(first) == (240, 0, 0)
    assert first.warnings == ()
    people = {person.id: person for person in first.values}
    assert sum(person.manager_id is None for person in people.values()) == 1
    assert len({person.manager_id for person in people.values()} - {None}) == 61
    assert {person.manager_id for person in people.values()} - {None} <= set(people)
    assert sum(person.role is Role.HR_ADMIN for person in people.values()) == 4
    assert sum(person.work_days == frozenset({6, 0, 1, 2, 3}) for person in people.values()) == 6
    assert sum(person.zone is None and person.country is None for person in people.values()) == 20
    again = plan(data, first.values)
    assert counts(again) == (0, 0, 240)
    assert again.values == ()


def test_a_row_becomes_a_person() -> None:
    data = rows(
        'zoë@example.com,"Zoë  de la Cruz\ny Ó",,,R&D,"Team, A",kr,Asia/Seoul,ko,"Mon,Tue,Thu",08:30-17:00,2026-01-05,,hr_admin',
        header=",".join(PEOPLE_COLUMNS),
    )
    assert plan(data).values == (
        Person(
            id=person_id("zoë@example.com"),
            email="zoë@example.com",
            name="Zoë de la Cruz y Ó",
            department="R&D",
            team="Team, A",
            country="KR",
            zone="Asia/Seoul",
            locale="ko",
            work_days=frozenset({0, 1, 3}),
            work_hours=(time(8, 30), time(17)),
            start_date=date(2026, 1, 5),
            role=Role.HR_ADMIN,
            known_since=NOW,
        ),
    )


def test_blank_cells_take_the_company_default() -> None:
    full = rows("a@example.com,A,,,D,T,DE,Europe/Berlin,de,Mon-Fri,09:00-17:00,,,", header=",".join(PEOPLE_COLUMNS))
    before = plan(full).values
    after = plan(rows("a@example.com,A" + "," * 12, header=",".join(PEOPLE_COLUMNS)), before).values[0]
    assert (after.country, after.zone, after.locale, after.work_days, after.work_hours) == (None,) * 5
    assert (after.department, after.team) == ("", "")


def test_a_column_the_file_does_not_have_is_not_changed() -> None:
    before = plan(rows("a@example.com,A,Europe/Berlin", header="email,name,timezone")).values
    assert counts(plan(rows("a@example.com,A", header="email,name"), before)) == (0, 0, 1)


def test_what_people_chose_in_chat_and_who_is_not_in_the_file_stay() -> None:
    first = plan(rows("a@example.com,A,", "b@example.com,B,")).values
    leave = Absence(first=date(2026, 12, 24), last=date(2026, 12, 31))
    chosen = replace(first[0], language="ko", chat_zone="Asia/Seoul", welcomed=True, absences=(leave,))
    after = plan_people(
        rows("a@example.com,Anna,"), existing=(chosen, first[1]), now=NOW + timedelta(days=9), countries=COUNTRIES
    )
    assert after.values == (replace(chosen, name="Anna"),)


def test_a_manager_may_come_after_their_reports_or_be_known_already() -> None:
    found = plan(rows("a@example.com,A,B@EXAMPLE.com", "b@example.com,B,"))
    assert found.values[0].manager_id == found.values[1].id
    later = plan(rows("c@example.com,C,a@example.com"), found.values)
    assert later.values[0].manager_id == found.values[0].id


def test_an_address_written_differently_is_the_same_person() -> None:
    first = plan(rows("o'brien.é@example.com,O,")).values
    decomposed = rows("O'BRIEN.E\u0301@Example.COM,O,")
    assert counts(plan(decomposed, first)) == (0, 0, 1)
    assert [row for row, _ in refused(rows("o'brien.é@example.com,O,", "O'BRIEN.E\u0301@Example.COM,O,"))] == [2, 3]


def test_names_need_not_be_unique() -> None:
    assert counts(plan(rows("a@example.com,Kim,", "b@example.com,Kim,"))) == (2, 0, 0)


def test_byte_order_mark_line_ends_blank_lines_and_column_order_do_not_matter() -> None:
    data = "\ufeffName,EMAIL\r\n\r\nA,a@example.com\r\n,\r\nB,bad\r\n"
    assert refused(data.encode()) == [(5, "email")]
    assert counts(plan(data.replace("bad", "b@example.com").encode())) == (2, 0, 0)


def test_rows_are_counted_by_records_not_by_lines() -> None:
    assert refused(rows('a@example.com,"two\nlines",', "bad,B,")) == [(3, "email")]


@pytest.mark.parametrize(
    "email",
    [
        "", "a", "a@", "@example.com", "a@b", "a@@example.com", "a b@example.com", "a@exa mple.com", "a..b@example.com",
        ".a@example.com", "A <a@example.com>", "a@example..com", "a@-example.com", "a@example.com.", "a,b@example.com",
        "a\u200d@example.com", "a" * 250 + "@example.com",
    ],
)  # fmt: skip
def test_a_malformed_address_is_refused(email: str) -> None:
    assert refused(rows(f'"{email}",A,')) == [(2, "email")]


@pytest.mark.parametrize(
    "email", ["o'neil@example.com", "o’neil@example.com", "用户@例え.jp", "a+b/c=d@x-y.example", "जॉन@उदाहरण.भारत"]
)
def test_an_unusual_address_is_legal(email: str) -> None:
    assert counts(plan(rows(f"{email},A,"))) == (1, 0, 0)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("manager_email", "nobody@example.com"),
        ("manager_email", "a@example.com"),
        ("deputy_email", "nobody@example.com"),
        ("country", "Germany"),
        ("country", "QQ"),
        ("timezone", "Europe/Atlantis"),
        ("timezone", "../etc/passwd"),
        ("work_days", "Mon-Fun"),
        ("work_hours", "9-5"),
        ("work_hours", "18:00-09:00"),
        ("work_hours", "09:00-24:30"),
        ("start_date", "16.11.2026"),
        ("start_date", "2026-11-31"),
        ("end_date", "0001-01-01"),
        ("role", "boss"),
        ("name", ""),
        ("name", "n" * 201),
        ("team", "\0"),
        ("team", "t" * (MAX_CELL + 1)),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(column: str, cell: str) -> None:
    record = {"email": "a@example.com", "name": "A", column: cell}
    data = rows("first@example.com,First" + "," * (len(record) - 2), ",".join(record.values()), header=",".join(record))
    assert refused(data) == [(3, column)]


def test_a_last_day_in_9999_is_none_as_hr_systems_write_it() -> None:
    known = plan(rows("a@example.com,A,2026-12-31", header="email,name,end_date")).values
    found = plan(rows("a@example.com,A,9999-12-31", header="email,name,end_date"), known)
    assert counts(found) == (0, 1, 0)
    assert found.values[0].end_date is None
    again = plan(rows("a@example.com,A,9999-12-31", header="email,name,end_date"), found.values)
    assert counts(again) == (0, 0, 1)


def test_a_date_out_of_reach_is_told_which_years_are_taken() -> None:
    for header, cell in (("start_date", "9999-12-31"), ("end_date", "2101-01-01"), ("end_date", "1899-12-31")):
        (issue,) = plan(rows(f"a@example.com,A,{cell}", header=f"email,name,{header}")).rejections
        assert "from 1900 to 2100" in issue.detail


def test_nobody_leaves_before_they_come() -> None:
    header = "email,name,start_date,end_date"
    assert refused(rows("a@example.com,A,2026-02-02,2026-02-01", header=header)) == [(2, "end_date")]
    joined = plan(rows("a@example.com,A,2026-02-02,", header=header)).values
    assert refused(rows("a@example.com,A,2026-02-01", header="email,name,end_date"), joined) == [(2, "end_date")]
    assert counts(plan(rows("a@example.com,A,2026-02-02,2026-02-02", header=header))) == (1, 0, 0)


def test_a_circle_of_managers_is_refused_at_every_row_in_it_and_at_no_other() -> None:
    circle = rows("x@e.org,X,a@e.org", "a@e.org,A,b@e.org", "b@e.org,B,c@e.org", "c@e.org,C,a@e.org", "d@e.org,D,")
    assert refused(circle) == [(3, "manager_email"), (4, "manager_email"), (5, "manager_email")]


def test_a_circle_across_people_who_are_stored_is_refused() -> None:
    stored = plan(rows("a@e.org,A,b@e.org", "b@e.org,B,")).values
    assert refused(rows("b@e.org,B,a@e.org"), stored) == [(2, "manager_email")]


def test_all_bad_rows_are_told_at_once() -> None:
    data = rows("a@e.org,,nobody@e.org", "b@e.org,B,", "b,B,", "c@e.org,C,,extra", "d@e.org")
    assert refused(data) == [(2, "manager_email"), (2, "name"), (4, "email"), (5, ""), (6, "")]


def test_a_deputy_who_is_the_person_is_left_out_with_a_warning() -> None:
    found = plan(rows("a@e.org,A,a@e.org", header="email,name,deputy_email"))
    assert found.values[0].deputy_id is None
    assert [issue.row for issue in found.warnings] == [2]


def test_an_hr_admin_by_setting_stays_one() -> None:
    found = plan(rows("Ann@e.org,A,", header="email,name,role"), hr_admins=["ann@E.ORG"])
    assert found.values[0].role is Role.HR_ADMIN


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"email,name\nz\xf6@example.com,Z\n", "not UTF-8 (line 2)"),
        ("email,name\n".encode("utf-16"), "UTF-16"),
        (b"email;name\na@e.org;A\n", "semicolons"),
        (b"email,name,shoe size\n", '"shoe size"'),
        (b"email,name,Email\n", "2 times"),
        (b"email\n", '"name" is missing'),
        (b'email,name\na@e.org,"A\nb@e.org,B\n', "never closed"),
        (b'email,name\na@e.org,"A"x\n', "Quotation marks"),
        (b"email,na\0me\n", "Unknown column"),
        (b"PK\x03\x04\x14", "Unknown column"),
    ],
)
def test_a_file_that_is_no_such_file_is_refused_in_plain_words(data: bytes, words: str) -> None:
    found = plan(data)
    assert not found.accepted
    assert any(words in issue.detail for issue in found.rejections), found.rejections


def test_a_file_with_a_header_alone_changes_nothing() -> None:
    found = plan(b"email,name\n")
    assert counts(found) == (0, 0, 0)
    assert found.warnings


cells = st.sampled_from(
    ["", "a@e.org", "b@e.org", "c@e.org", "A@E.ORG", "bad", "x" * 201, "Kim", 'q"q', "two\nlines", "Mon-Fri", "DE"]
)
tables = st.lists(st.tuples(st.sampled_from(["a@e.org", "b@e.org", "c@e.org", "B@e.org", "bad"]), cells, cells), max_size=6)


@given(tables, st.booleans())
def test_all_rows_or_none(table: list[tuple[str, str, str]], known: bool) -> None:
    existing = plan(rows("a@e.org,A,", "b@e.org,B,a@e.org")).values if known else ()
    written = io.StringIO()
    csv.writer(written).writerows([("email", "name", "manager_email"), *table])
    data = written.getvalue().encode()
    found = plan(data, existing)
    if not found.accepted:
        assert (found.values, found.created, found.changed, found.unchanged) == ((), 0, 0, 0)
        assert all(2 <= issue.row <= len(table) + 1 for issue in found.rejections)
        return
    assert found.created + found.changed + found.unchanged == len(table)
    after = {person.id: person for person in (*existing, *found.values)}
    assert counts(plan(data, tuple(after.values()))) == (0, 0, len(table))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_plan_or_a_refusal(data: bytes) -> None:
    for found in (plan(data), plan(b"email,name\n" + data)):
        assert found.accepted or found.values == ()


def test_a_file_longer_than_any_company_is_refused_before_it_fills_the_memory() -> None:
    first, last = rows("a@example.com,A,"), b"b@example.com,B,\n"
    assert plan(first + b"\n" * (MAX_ROWS - 1) + last).created == 2
    assert refused(first + b"\n" * MAX_ROWS + last + b"no row\n" * 3) == [(MAX_ROWS + 2, "")]
