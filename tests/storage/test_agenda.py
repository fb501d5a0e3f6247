"""Two workers, one agenda: each due row is looked at by one of them, and by another one when that one dies."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine, update

from bot.decision import Look
from bot.ports import Due
from storage.agenda import LEASE, SqlAgenda
from storage.engine import open_engine
from storage.schema import agenda
from tests.storage.seeds import MONDAY, HandClock, put


def looks(number: int) -> list[Look]:
    return [Look(subject=f"s{n:03}", at=MONDAY + timedelta(minutes=n)) for n in reversed(range(number))]


def test_an_empty_agenda_is_due_never(engine: Engine) -> None:
    one = SqlAgenda(engine, HandClock())
    assert one.next_due() is None
    assert one.claim_due(MONDAY, limit=10) == ()


def test_rows_are_claimed_when_due_earliest_first(engine: Engine) -> None:
    put(engine, looks=looks(5))
    one = SqlAgenda(engine, HandClock())
    assert one.next_due() == MONDAY
    assert one.claim_due(MONDAY - timedelta(microseconds=1), limit=9) == ()
    assert one.claim_due(MONDAY + timedelta(minutes=2), limit=2) == (
        Due(subject="s000", due=MONDAY, fence=1),
        Due(subject="s001", due=MONDAY + timedelta(minutes=1), fence=1),
    )
    assert [due.subject for due in one.claim_due(MONDAY + timedelta(minutes=2), limit=9)] == ["s002"]
    assert one.claim_due(MONDAY + timedelta(minutes=2), limit=9) == ()
    assert one.next_due() == MONDAY, "claimed is not done"


def test_a_row_whose_worker_died_is_claimed_again(engine: Engine) -> None:
    put(engine, looks=looks(1))
    clock = HandClock()
    one = SqlAgenda(engine, clock)
    [first] = one.claim_due(MONDAY, limit=1)
    clock.pass_by(LEASE.total_seconds() + 1)
    if engine.dialect.name == "postgresql":  # leases follow the database's clock there
        with engine.begin() as connection:
            connection.execute(update(agenda).values(lease_until=MONDAY - timedelta(days=9999)))
    assert one.claim_due(MONDAY, limit=1) == (first,)


def test_two_workers_share_the_work(database_url: str) -> None:
    engines = [open_engine(database_url) for _ in range(3)]
    put(engines[0], looks=looks(100))
    start = threading.Barrier(len(engines))

    def work(engine: Engine) -> list[str]:
        start.wait(5)
        one, taken = SqlAgenda(engine, HandClock()), list[str]()
        while due := one.claim_due(MONDAY + timedelta(days=1), limit=7):
            taken.extend(row.subject for row in due)
        return taken

    with ThreadPoolExecutor(len(engines)) as pool:
        taken = [subject for subjects in pool.map(work, engines) for subject in subjects]
    assert sorted(taken) == [f"s{n:03}" for n in range(100)]
    for engine in engines:
        engine.dispose()
