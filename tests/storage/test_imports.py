"""An import is one transaction: all rows, a line in the ledger, a look at everybody it concerns, or nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from time import perf_counter

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from bot.decision import Decision, Look
from bot.model import Absence, Person
from storage.agenda import SqlAgenda
from storage.imports import SqlImports
from storage.reports import SqlReports
from storage.schema import ledger
from tests.storage.seeds import MONDAY, HandClock, goal, person, put, said, slack, store_on

IMPORTED = {"updated": "2026-11-23T09:00:00.000000Z", "values": ""}
ANNA = person("anna", absences=(Absence(first=date(2026, 12, 24), last=date(2026, 12, 31)),))
BEN = person("ben", manager_id=ANNA.id)


def due(engine: Engine) -> list[str]:
    return [row.subject for row in SqlAgenda(engine, HandClock()).claim_due(MONDAY, limit=99)]


def by_id(people: tuple[Person, ...]) -> list[Person]:
    return sorted(people, key=lambda one: one.id)


def test_what_was_imported_is_read_again(engine: Engine) -> None:
    imports = SqlImports(engine)
    with imports.begin() as one:
        assert not one.read_people()
        assert not one.read_goals()
        one.apply_people([BEN, ANNA], at=MONDAY, cause="people.csv", counts={"created": 2, "changed": 0})
        one.apply_goals([goal("g1", ANNA), goal("g2", ANNA)], at=MONDAY, cause="goals.csv")
    assert list(imports.read_people()) == by_id((ANNA, BEN))
    assert imports.read_goals() == (goal("g1", ANNA), goal("g2", ANNA))
    assert sorted(due(engine)) == sorted([f"desk:{ANNA.id}", f"desk:{BEN.id}"])
    with engine.connect() as connection:
        lines = connection.execute(select(ledger).order_by(ledger.c.id)).all()
    assert [(line.name, line.cause, line.at, line.facts) for line in lines] == [
        ("import:people:applied", "people.csv", MONDAY, {"created": "2", "changed": "0"}),
        ("goal:imported", "goals.csv", MONDAY, IMPORTED),
        ("goal:imported", "goals.csv", MONDAY, IMPORTED),
        ("import:goals:applied", "goals.csv", MONDAY, {"applied": "2"}),
    ]


def test_an_import_changes_only_what_changed(engine: Engine) -> None:
    put(engine, ANNA, BEN, goal("g1", ANNA), looks=[Look(subject=f"desk:{ANNA.id}", at=MONDAY + timedelta(days=1))])
    moved = replace(BEN, team="Ops", absences=())
    with SqlImports(engine).begin() as one:
        one.apply_people([moved], at=MONDAY, cause="c")
    assert due(engine) == [f"desk:{BEN.id}"]
    shorter = replace(goal("g1", ANNA), key_results=goal("g1", ANNA).key_results[:1])
    with SqlImports(engine).begin() as one:
        one.apply_goals([shorter], at=MONDAY, cause="c")
    assert list(SqlImports(engine).read_people()) == by_id((ANNA, moved))
    assert SqlImports(engine).read_goals() == (shorter,)


def test_a_failed_import_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(IntegrityError), SqlImports(engine).begin() as one:  # noqa: PT012
        one.apply_people([ANNA], at=MONDAY, cause="c")
        one.apply_goals([goal("g1", ANNA), goal("g2", person("stranger"))], at=MONDAY, cause="c")
    assert SqlReports(engine).is_empty()
    assert due(engine) == []


def test_nothing_imported_is_fine(engine: Engine) -> None:
    with SqlImports(engine).begin() as one:
        one.apply_people([], at=MONDAY, cause="c")
        one.apply_goals([], at=MONDAY, cause="c")


def test_a_turn_waits_for_an_import_and_loses_no_update(engine: Engine) -> None:
    put(engine, ANNA, goal("g1", ANNA), links=[(slack("UA"), ANNA)])

    def turn() -> None:
        with store_on(engine).work() as work:
            situation = work.situation(said(slack("UA")))
            assert situation is not None
            work.apply(said(slack("UA")), Decision(changes=(replace(situation.goals[0], why="mine"),)))

    with ThreadPoolExecutor(1) as pool:
        with SqlImports(engine).begin() as one:
            [was] = one.read_goals()
            waiting = pool.submit(turn)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            one.apply_goals([replace(was, title="Imported")], at=MONDAY, cause="c")
        waiting.result(timeout=10)
    [now] = SqlImports(engine).read_goals()
    assert (now.title, now.why) == ("Imported", "mine")


def test_ten_thousand_people_take_seconds(engine: Engine) -> None:
    people = [person(f"p{n}", team=f"t{n % 50}") for n in range(10_000)]
    started = perf_counter()
    with SqlImports(engine).begin() as one:
        one.apply_people(people, at=MONDAY, cause="c")
        one.apply_goals([goal(f"g{n}", one) for n, one in enumerate(people)], at=MONDAY, cause="c")
    assert perf_counter() - started < 20
