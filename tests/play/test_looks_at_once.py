"""Several desks in one transaction: who shares one, who does not, and what a broken or busy desk means for the others."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, text, update

from bot.decision import Decision, Look
from bot.events import Said, Ticked
from bot.model import person_id
from bot.ports import Outcome
from bot.turn import TOGETHER
from storage import effects
from storage.engine import open_engine, writing
from storage.schema import agenda, outbox
from storage.schema import person as people
from tests.play.company import MONDAY, Play, berlin, email_of, goal, person, result
from tests.play.together import Noted, ticks_of

NAMES = tuple(f"n{number}" for number in range(12))


@pytest.fixture
def crowd(engine: Engine) -> Play:
    """Twelve people whom nobody leads, all due on Thursday at ten."""
    play = Play(engine)
    with play.imports.begin() as imported:
        imported.apply_people([person(name) for name in NAMES], at=MONDAY, cause="import")
    play.with_goals(*(goal(f"G{name}", name, "A goal", result(f"K{name}", "Done")) for name in NAMES))
    play.now = berlin(23, 8)
    play.tick()
    play.now = berlin(26, 10)
    play.turn = Noted(play)
    return play


def desk(name: str) -> str:
    return f"desk:{person_id(email_of(name))}"


def decided(outcomes: Sequence[Outcome | Exception]) -> list[bool]:
    return [isinstance(one, Outcome) and one.decision is not None for one in outcomes]


def test_desks_that_have_nothing_in_common_share_one_transaction(crowd: Play) -> None:
    commits: list[object] = []
    event.listen(crowd.engine, "commit", commits.append)
    due = ticks_of(crowd)
    commits.clear()
    assert all(decided(crowd.turn.take_all(due)))
    assert len(due) == len(NAMES) <= TOGETHER
    assert len(commits) == 1
    assert not ticks_of(crowd)


@pytest.mark.parametrize("people_due", [2, 12])
def test_how_many_statements_it_takes_does_not_depend_on_how_many_desks(crowd: Play, people_due: int) -> None:
    due = ticks_of(crowd)[:people_due]
    statements: list[str] = []
    event.listen(crowd.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    crowd.turn.take_all(due)
    assert len(statements) <= 24


def test_whoever_cannot_be_decided_about_holds_up_nobody_else(crowd: Play) -> None:
    broken = desk(NAMES[4])
    with writing(crowd.engine) as connection:
        connection.execute(
            text("UPDATE goal SET contributions = 'nonsense' WHERE owner_id = :id"), {"id": broken.removeprefix("desk:")}
        )
    due = ticks_of(crowd)
    outcomes = crowd.turn.take_all(due)
    failed = [
        tick.subject for tick, one in zip(due, outcomes, strict=True) if isinstance(tick, Ticked) and isinstance(one, Exception)
    ]
    assert failed == [broken]
    assert sum(decided(outcomes)) == len(NAMES) - 1
    with crowd.engine.connect() as connection:
        waiting = set(connection.scalars(select(agenda.c.subject).where(agenda.c.due_at <= crowd.now)))
    assert waiting == {broken}


def test_a_row_that_was_moved_meanwhile_is_left_alone(crowd: Play) -> None:
    due = ticks_of(crowd)
    moved = desk(NAMES[2])
    later = crowd.now + timedelta(hours=1)
    with writing(crowd.engine) as connection:
        effects.write(connection, due[0], Decision(looks=(Look(subject=moved, at=later),)))
    outcomes = crowd.turn.take_all(due)
    seen = [tick.subject for tick, one in zip(due, decided(outcomes), strict=True) if isinstance(tick, Ticked) and not one]
    assert seen == [moved]
    with crowd.engine.connect() as connection:
        assert connection.scalar(select(agenda.c.due_at).where(agenda.c.subject == moved)) == later
        asked = connection.scalars(select(outbox.c.recipient_id)).all()
    assert moved.removeprefix("desk:") not in asked
    assert len(asked) == len(NAMES) - 1


def test_a_desk_of_nobody_is_forgotten(crowd: Play) -> None:
    nobody = Look(subject="desk:nobody", at=crowd.now)
    with writing(crowd.engine) as connection:
        effects.write(connection, Said(id="e", at=crowd.now, by=crowd.address(""), text=""), Decision(looks=(nobody,)))
    due = ticks_of(crowd)
    found = dict(zip([tick.subject for tick in due if isinstance(tick, Ticked)], crowd.turn.take_all(due), strict=True))
    assert found.pop("desk:nobody") == Outcome(known=True, decision=None)
    assert sum(decided(list(found.values()))) == len(NAMES)
    with crowd.engine.connect() as connection:
        assert not connection.scalar(select(func.count()).select_from(agenda).where(agenda.c.subject == "desk:nobody"))


def test_a_manager_is_looked_at_after_a_report_whose_facts_have_changed(engine: Engine) -> None:
    play = Play(engine)
    with play.imports.begin() as imported:
        staff = [person("lead"), *(person(name, manager="lead") for name in NAMES)]
        imported.apply_people(staff, at=MONDAY, cause="import")
    play.now = berlin(23, 8)
    play.tick()
    play.now = berlin(26, 10)
    play.turn = noted = Noted(play)
    due = sorted(ticks_of(play), key=lambda tick: isinstance(tick, Ticked) and tick.subject == desk("lead"))
    assert isinstance(due[-1], Ticked)
    assert due[-1].subject == desk("lead")
    assert all(decided(play.turn.take_all(due)))
    assert noted.together_at_once == [len(NAMES)]
    assert noted.order[-1] == due[-1]


# ------------------------------------------------------------------------------------------------- two replicas


@pytest.fixture
def replicas(postgres_url: str) -> Iterator[tuple[Play, Engine]]:
    """One with twelve people who are due, and the engine of another one."""
    engine, other = open_engine(postgres_url), open_engine(postgres_url)
    play = Play(engine)
    with play.imports.begin() as imported:
        imported.apply_people([person(name) for name in NAMES], at=MONDAY, cause="import")
    play.tick()
    play.now = berlin(26, 10)
    play.turn = Noted(play)
    yield play, other
    for one in (engine, other):
        one.dispose()


@pytest.mark.postgres
def test_whose_manager_changes_before_the_locks_is_decided_by_themselves(replicas: tuple[Play, Engine]) -> None:
    play, other = replicas
    due = ticks_of(play)
    moved = person_id(email_of(NAMES[3]))
    races = iter([True])

    def race(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "FOR NO KEY UPDATE" in statement and "person" in statement and next(races, False):
            with writing(other) as theirs:
                theirs.execute(update(people).where(people.c.id == moved).values(manager_id=person_id(email_of(NAMES[5]))))

    event.listen(play.engine, "before_cursor_execute", race)
    assert all(decided(play.turn.take_all(due)))
    assert isinstance(play.turn, Noted)
    assert play.turn.together_at_once == [len(NAMES) - 1]
    assert play.turn.order[-1].id == f"tick:desk:{moved}:1"


@pytest.mark.postgres
def test_a_race_lost_for_good_is_run_again_one_by_one(replicas: tuple[Play, Engine]) -> None:
    """A conflict while several desks are written: nothing of it is kept, and each is decided by itself."""
    play, other = replicas
    due = ticks_of(play)
    races = iter([True])

    def race(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT INTO ledger") and next(races, False):
            connection.exec_driver_sql("SET LOCAL lock_timeout = '1ms'")
            with other.connect() as holder, holder.begin():
                holder.execute(text("LOCK TABLE address IN ACCESS EXCLUSIVE MODE"))
                connection.exec_driver_sql("SELECT 1 FROM address")

    event.listen(play.engine, "before_cursor_execute", race)
    assert all(decided(play.turn.take_all(due)))
    assert isinstance(play.turn, Noted)
    assert play.turn.together_at_once == []
    assert len(play.turn.order) == len(NAMES)
    with other.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(outbox)) == len(NAMES)


@pytest.mark.postgres
def test_several_desks_wait_for_nobody(replicas: tuple[Play, Engine]) -> None:
    """Somebody presses a button: the others are decided meanwhile, and they as soon as that is done."""
    play, other = replicas
    due = ticks_of(play)
    busy = person_id(email_of(NAMES[7]))
    done = threading.Event()
    event.listen(play.engine, "checkin", lambda connection, record: done.set())  # "commit" comes before it is done
    with ThreadPoolExecutor(max_workers=1) as threads:
        with other.begin() as theirs:
            theirs.execute(select(people.c.id).where(people.c.id == busy).with_for_update(key_share=True))
            done.clear()
            taking = threads.submit(play.turn.take_all, due)
            assert done.wait(30)
            with other.connect() as connection:
                asked = set(connection.scalars(select(outbox.c.recipient_id)))
            assert busy not in asked
            assert len(asked) == len(NAMES) - 1
        assert all(decided(taking.result(30)))


@pytest.mark.postgres
def test_two_replicas_that_hold_the_same_ticks_decide_each_once(postgres_url: str) -> None:
    """A lease ran out while its replica was slow: both hold everything, in different orders."""
    engines = [open_engine(postgres_url) for _ in range(2)]
    plays = [Play(engine) for engine in engines]
    first = plays[0]
    with first.imports.begin() as imported:
        staff = [person("lead"), *(person(name, manager="lead") for name in NAMES)]
        imported.apply_people(staff, at=MONDAY, cause="import")
    first.tick()
    for play in plays:
        play.now = berlin(26, 10)
    due = ticks_of(first)
    taken = in_parallel([lambda: first.turn.take_all(due), lambda: plays[1].turn.take_all(list(reversed(due)))])
    assert sum(sum(decided(outcomes)) for outcomes in taken) == len(due) == len(NAMES) + 1
    assert not [one for outcomes in taken for one in outcomes if isinstance(one, Exception)]
    with engines[0].connect() as connection:
        asked = connection.execute(text("SELECT recipient_id, count(*) FROM outbox GROUP BY recipient_id")).all()
    assert {count for _, count in asked} == {1}
    for engine in engines:
        engine.dispose()


def in_parallel(jobs: Sequence[Any]) -> list[Sequence[Outcome | Exception]]:
    with ThreadPoolExecutor(max_workers=len(jobs)) as threads:
        return [job.result(60) for job in [threads.submit(job) for job in jobs]]
