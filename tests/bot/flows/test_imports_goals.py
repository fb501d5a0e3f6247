"""Import of goals: objectives carried down, numbers, links between goals, and what an import may not undo."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.flows.imports import Plan, plan_goals
from bot.flows.imports.goals import KEY_RESULT_COLUMNS, OBJECTIVE_COLUMNS
from bot.model import Goal, GoalType, KeyResult, Person, Status, person_id
from bot.talk.text import fold_email

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
COMPANY = Path(__file__).resolve().parents[4] / "shared" / "data" / "goals.csv"
HEADER = ",".join(OBJECTIVE_COLUMNS + KEY_RESULT_COLUMNS)
ANN, BEN = (Person(id=person_id(email), email=email, name=email[:3], known_since=NOW) for email in ("ann@e.org", "ben@e.org"))
FIRST = "O1,ann@e.org,Core,2026-Q4,committed,Fewer crashes,Users suffer,,,K1,Crash rate,%,5,1,,2026-12-31"


def rows(*records: str) -> bytes:
    """A file with the full header."""
    return "\n".join([HEADER, *records]).encode()


def plan(data: bytes, existing: Sequence[Goal] = (), now: datetime = NOW, fiscal_month: int = 1) -> Plan[Goal]:
    """The plan of a file, with the constants of these tests."""
    return plan_goals(data, existing=existing, people=(ANN, BEN), now=now, fiscal_month=fiscal_month)


def accepted(data: bytes, existing: Sequence[Goal] = (), now: datetime = NOW) -> tuple[Goal, ...]:
    """The goals to be written."""
    found = plan(data, existing, now)
    assert found.rejections == ()
    return found.values


def refused(data: bytes, existing: Sequence[Goal] = ()) -> list[tuple[int, str]]:
    """Row and column of everything that is wrong; nothing may be written then."""
    found = plan(data, existing)
    assert not found.accepted
    assert found.values == ()
    assert all(issue.detail.endswith(".") for issue in found.rejections)
    return [(issue.row, issue.column) for issue in found.rejections]


def cell(column: str, value: str) -> bytes:
    """The first row with one cell replaced."""
    cells = dict(zip(HEADER.split(","), FIRST.split(","), strict=True)) | {column: value}
    return rows(",".join(cells.values()))


@pytest.mark.skipif(not COMPANY.exists(), reason="needs ../shared/data beside the checkout")
def test_the_company_file_is_imported_once_and_then_unchanged() -> None:
    data = COMPANY.read_bytes()
    emails = {line.split(",")[1] for line in data.decode().splitlines()[1:]}
    emails |= {
        line.rsplit("@example.com", 2)[-2].split(",")[-1] + "@example.com" for line in data.decode().splitlines() if "@" in line
    }
    people = [Person(id=person_id(email), email=email, name=email, known_since=NOW) for email in emails if email]
    first = plan_goals(data, existing=(), people=people, now=NOW, fiscal_month=1)
    assert first.rejections == ()
    assert (first.created, first.warnings) == (27, ())
    results = [result for goal in first.values for result in goal.key_results]
    assert len(results) == 61
    assert sum(result.current is not None for result in results) == 23
    assert sum(result.start is None for result in results) == 2
    assert Decimal("51.279") in [result.current for result in results]
    again = plan_goals(data, existing=first.values, people=people, now=LATER, fiscal_month=1)
    assert (again.created, again.changed, again.unchanged, again.values) == (0, 0, 27, ())


def test_a_row_becomes_a_goal_with_its_key_result() -> None:
    assert accepted(rows(FIRST)) == (
        Goal(
            id="O1",
            owner_id=ANN.id,
            title="Fewer crashes",
            type=GoalType.COMMITTED,
            cycle="2026-Q4",
            why="Users suffer",
            team="Core",
            updated_at=NOW,
            key_results=(
                KeyResult(
                    id="K1",
                    goal_id="O1",
                    text="Crash rate",
                    unit="%",
                    start=Decimal(5),
                    target=Decimal(1),
                    due=date(2026, 12, 31),
                ),
            ),
        ),
    )


def test_the_columns_of_an_objective_are_carried_down_or_repeated() -> None:
    empty = "," * 8
    (goal,) = accepted(
        rows(
            FIRST,
            f"{empty},K2,Second,%,0,10,,",
            "O1,ANN@e.org,Core,2026-q4,Committed,Fewer  crashes,Users suffer,,,K3,Third,%,0,10,,",
            f"O1{empty},K4,Fourth,%,0,10,,",
        )
    )
    assert [(result.id, result.position) for result in goal.key_results] == [("K1", 0), ("K2", 1), ("K3", 2), ("K4", 3)]


def test_a_row_that_contradicts_its_objective_is_refused() -> None:
    assert refused(rows(FIRST, "O1,ben@e.org,Core,2026-Q3,committed,Other,,,,K2,Second,%,0,10,,")) == [
        (3, "cycle"),
        (3, "objective"),
        (3, "owner_email"),
    ]


def test_the_first_row_needs_an_objective() -> None:
    assert refused(rows("," * 8 + ",K1,First,%,0,10,,")) == [(2, "objective_id")]


def test_blank_start_is_no_baseline_and_values_may_lie_anywhere() -> None:
    (goal,) = accepted(
        rows(FIRST.replace(",5,1,,", ",,90,,"), "," * 8 + ",K2,Down,min,72.3,45,-50.4,", "," * 8 + ",K3,Over,,0,100,200,")
    )
    first, second, third = goal.key_results
    assert (first.start, first.target, first.current) == (None, Decimal(90), None)
    assert (second.start, second.current) == (Decimal("72.3"), Decimal("-50.4"))
    assert third.current == Decimal(200)


def test_a_blank_current_keeps_what_was_reported_and_a_given_one_replaces_it_with_a_warning() -> None:
    (goal,) = accepted(rows(FIRST))
    told = replace(goal, answered_at=NOW, key_results=(replace(goal.key_results[0], current=Decimal(3)),))
    assert plan(rows(FIRST), (told,)).unchanged == 1
    found = plan(cell("current", "2"), (told,), LATER)
    assert found.values[0].key_results[0].current == Decimal(2)
    assert [(issue.row, issue.column) for issue in found.warnings] == [(2, "current")]


def test_an_import_is_an_update_but_never_an_answer() -> None:
    (goal,) = accepted(rows(FIRST))
    lived = replace(goal, status=Status.AT_RISK, answered_at=NOW)
    assert accepted(rows(FIRST), (lived,), LATER) == ()
    (after,) = accepted(cell("objective", "No crashes"), (lived,), LATER)
    assert (after.updated_at, after.answered_at, after.status) == (LATER, NOW, Status.AT_RISK)


def test_a_key_result_fed_by_a_machine_stays_so_and_one_not_in_the_file_stays() -> None:
    (goal,) = accepted(rows(FIRST, "," * 8 + ",K2,Second,%,0,10,,"))
    fed = replace(goal, key_results=(goal.key_results[0], replace(goal.key_results[1], source="ci")))
    found = plan(cell("key_result", "Crashes"), (fed,))
    assert [(result.id, result.text, result.source) for result in found.values[0].key_results] == [
        ("K1", "Crashes", ""),
        ("K2", "Second", "ci"),
    ]
    assert "K2" in found.warnings[0].detail


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("owner_email", ""),
        ("owner_email", "nobody@e.org"),
        ("coordinator_email", "nobody@e.org"),
        ("type", ""),
        ("type", "stretch"),
        ("cycle", ""),
        ("cycle", "2026-Q5"),
        ("objective", ""),
        ("objective", "x" * 501),
        ("parent_id", "O9"),
        ("parent_id", "O1"),
        ("key_result", ""),
        ("kr_id", ""),
        ("start", "NaN"),
        ("target", "ten"),
        ("target", "1e999"),
        ("current", '"1,234"'),
        ("current", "9" * 50),
        ("current", "45 €"),
        ("due", "31/12/2026"),
    ],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(column: str, value: str) -> None:
    assert refused(cell(column, value)) == [(2, column)]


def test_a_key_result_has_one_id_and_one_objective() -> None:
    other = FIRST.replace("O1", "O2")
    assert refused(rows(FIRST, "," * 8 + ",K1,Again,%,0,1,,")) == [(3, "kr_id")]
    assert refused(rows(FIRST, other)) == [(3, "kr_id")]
    assert refused(rows(other), accepted(rows(FIRST))) == [(2, "kr_id")]


def test_a_parent_may_be_in_the_file_or_known_and_stands_in_no_circle() -> None:
    child = "O2,ben@e.org,,2026-Q4,learning,Learn,,O1,,K2,Second,,0,1,,"
    goals = accepted(rows(child, FIRST))
    assert {goal.id: goal.parent_id for goal in goals} == {"O2": "O1", "O1": None}
    assert accepted(rows(child), accepted(rows(FIRST)))[0].parent_id == "O1"
    assert refused(rows(child, FIRST.replace("suffer,,", "suffer,O2,"))) == [(2, "parent_id"), (3, "parent_id")]
    assert refused(cell("parent_id", "O2"), goals) == [(2, "parent_id")]


def test_an_objective_without_a_key_result_and_a_due_date_outside_the_cycle_are_accepted_with_a_warning() -> None:
    bare = "O2,ben@e.org,,2026-Q4,learning,Learn" + "," * 10
    found = plan(rows(cell("due", "2027-01-01").decode().split("\n")[1], bare))
    assert found.created == 2
    assert [(issue.row, issue.column) for issue in found.warnings] == [(2, "due"), (3, "kr_id")]
    assert plan(cell("due", "2026-09-30"), fiscal_month=4).warnings[0].column == "due"
    assert plan(cell("due", "2026-03-31"), fiscal_month=4).warnings == ()


def test_a_fourth_objective_of_one_person_in_one_cycle_is_accepted_with_a_warning() -> None:
    four = [FIRST.replace("O1", f"O{n}").replace("K1", f"K{n}") for n in range(4)]
    found = plan(rows(*four))
    assert (found.created, [issue.row for issue in found.warnings]) == (4, [5])
    other_cycle = [*four[:3], four[3].replace("2026-Q4", "2027-Q1").replace("2026-12-31", "")]
    assert plan(rows(*other_cycle)).warnings == ()
    assert [issue.row for issue in plan(rows(four[3]), accepted(rows(*four[:3]))).warnings] == [2]


def test_addresses_are_compared_folded() -> None:
    assert fold_email("ANN@e.org") == ANN.email
    assert accepted(cell("owner_email", "ANN@E.ORG"))[0].owner_id == ANN.id
