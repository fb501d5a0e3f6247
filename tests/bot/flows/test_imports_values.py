"""The values CSV: what machines report about key results, all rows or none, and the same file twice changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.flows.imports import Fed, Plan, plan_values
from bot.model import Goal, GoalState, GoalType, KeyResult

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
BEFORE = datetime(2026, 11, 2, 9, tzinfo=UTC)
HEADER = "kr_id,current,note,source"


def goal(id: str, *results: KeyResult, **fields: object) -> Goal:
    made = Goal(id=id, owner_id="ann", title=id, type=GoalType.COMMITTED, cycle="2026-Q4", updated_at=BEFORE, key_results=results)
    return replace(made, **fields)  # type: ignore[arg-type]


def result(id: str, goal_id: str, **fields: object) -> KeyResult:
    made = KeyResult(id=id, goal_id=goal_id, text=id, unit="%", start=Decimal(0), target=Decimal(100))
    return replace(made, **fields)  # type: ignore[arg-type]


PORTAL = goal("O1", result("K1", "O1"), result("K2", "O1", current=Decimal(30), source="grafana"))
CUSTOMERS = goal("O2", result("K3", "O2", current=Decimal(20)))


def plan(*rows: str, goals: tuple[Goal, ...] = (PORTAL, CUSTOMERS), header: str = HEADER) -> Plan[Fed]:
    return plan_values("\n".join([header, *rows, ""]).encode(), existing=goals, now=NOW)


def counts(found: Plan[Fed]) -> tuple[int, int, int]:
    return found.created, found.changed, found.unchanged


def test_first_values_other_values_and_the_same_file_again() -> None:
    rows = ("K1,40 %,nightly,jira", "K2,35,,", "K3,20,,helpdesk")
    first = plan(*rows)
    assert counts(first) == (1, 2, 0), "a source that is new is a change: its owner is not asked for the number any more"
    portal, customers = (fed.goal for fed in first.values)
    assert [(one.current, one.source) for one in portal.key_results] == [(Decimal(40), "jira"), (Decimal(35), "grafana")]
    assert [(one.current, one.source) for one in customers.key_results] == [(Decimal(20), "helpdesk")]
    assert (portal.updated_at, portal.answered_at) == (NOW, NOW)
    assert first.values[0].notes == {"K1": "nightly", "K2": ""}
    again = plan(*rows, goals=(portal, customers))
    assert counts(again) == (0, 0, 3)
    assert not again.values


def test_columns_that_may_be_missing_and_a_source_nobody_names() -> None:
    found = plan("K1,40", header="kr_id,current")
    assert found.values[0].goal.key_results[0].source == "csv"
    assert [fed.goal.id for fed in found.values] == ["O1"], "goals that are not in the file stay as they are"


def test_a_goal_that_is_over_keeps_its_grade_with_a_warning() -> None:
    over = replace(CUSTOMERS, state=GoalState.CLOSED)
    found = plan("K3,25,,", goals=(over,))
    assert [(issue.row, issue.column) for issue in found.warnings] == [(2, "kr_id")]
    assert found.values[0].goal.state is GoalState.CLOSED


@pytest.mark.parametrize(
    ("rows", "where"),
    [
        (["K9,1,,"], [(2, "kr_id")]),
        ([",1,,"], [(2, "kr_id")]),
        (["K1,,,"], [(2, "current")]),
        (["K1,many,,"], [(2, "current")]),
        (["K1,1 2,,"], [(2, "current")]),
        (["K1,40,,", "K1,41,,"], [(3, "kr_id")]),
        (["K1,40,,", "K1,40,,"], [(3, "kr_id")]),
        (["K1,40,,", "K2,x,,", "K9,1,,"], [(3, "current"), (4, "kr_id")]),
        (["K1,40,," + "s" * 101], [(2, "source")]),
    ],
)
def test_bad_rows_are_named_and_nothing_is_imported(rows: list[str], where: list[tuple[int, str]]) -> None:
    found = plan(*rows)
    assert not found.values
    assert sorted({(issue.row, issue.column) for issue in found.rejections}) == where


def test_a_file_without_its_columns_is_refused() -> None:
    assert [(issue.row, issue.column) for issue in plan("K1", header="kr_id").rejections] == [(1, "current")]
    assert [issue.row for issue in plan("K1,1,x", header="kr_id,current,owner").rejections] == [1]
