"""Time on the agenda: what a look costs when nothing is due, and per due item against one scheduler job per person."""

import itertools
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine, insert

from benchmarks.row import Row, at_least, at_most, median_seconds
from bot.events import Ticked
from bot.model import Company, Person, person_id
from bot.turn import Turn
from prompts.loader import load
from storage.agenda import SqlAgenda
from storage.engine import open_engine
from storage.imports import SqlImports
from storage.migrate import migrate
from storage.schema import agenda
from storage.store import SqlStore

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)
SMALL, LARGE = 10_000, 200_000
DUE = 400


def _database(folder: str, name: str) -> Engine:
    engine = open_engine(f"sqlite:///{Path(folder) / name}")
    migrate(engine)
    return engine


def _now() -> datetime:
    return datetime.now(UTC)


def idle_ticks() -> Iterator[Row]:
    """A tick with nothing due costs the same with 10,000 and with 200,000 people waiting (RELIABILITY P3)."""
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        for people in (SMALL, LARGE):
            engine = _database(folder, f"{people}.db")
            later = MONDAY + timedelta(days=3)
            rows = [
                {"subject": f"desk:{n}", "due_at": later, "local_time": "", "zone": "UTC", "fence": 1, "lease_until": None}
                for n in range(people)
            ]
            with engine.begin() as connection:
                for start in range(0, people, 10_000):
                    connection.execute(insert(agenda), rows[start : start + 10_000])
            held = SqlAgenda(engine, _now)
            taken[people] = median_seconds(lambda held=held: held.claim_due(MONDAY, limit=500), runs=300)  # type: ignore[misc]
            engine.dispose()
    yield at_most("agenda: idle tick, 200k against 10k people", taken[LARGE] / taken[SMALL], "x", 1.25)


def due_items_against_job_store() -> Iterator[Row]:
    """The whole path of a due person (load, decide, write, commit) against an empty job in APScheduler's SQL store."""
    with tempfile.TemporaryDirectory() as folder:
        ours = _our_seconds_per_item(folder)
        theirs = _job_store_seconds_per_item(folder)
    yield at_least("agenda: due person, job store's time / ours", theirs / ours, "x", 1.0)


def _our_seconds_per_item(folder: str) -> float:
    engine = _database(folder, "ours.db")
    turn = Turn(SqlStore(engine, Company(), lambda country, year: frozenset()), load(), committed=lambda: None)
    emails = [f"p{n}@acme.example" for n in range(DUE)]
    people = [Person(id=person_id(email), email=email, name=email, known_since=MONDAY) for email in emails]
    with SqlImports(engine).begin() as imported:
        imported.apply_people(people, at=MONDAY, cause="benchmark")
    held = SqlAgenda(engine, _now)
    _take_all(turn, held, MONDAY)
    began = time.perf_counter()
    taken = _take_all(turn, held, THURSDAY)
    seconds = time.perf_counter() - began
    engine.dispose()
    return seconds / taken


def _take_all(turn: Turn, held: SqlAgenda, now: datetime) -> int:
    taken = 0
    while due := held.claim_due(now, limit=500):
        for row in due:
            turn.take(Ticked(id=f"{row.subject}:{row.fence}", at=now, subject=row.subject, due=row.due, fence=row.fence))
            taken += 1
    return taken


_ran = itertools.count()


def run() -> None:
    """The job of the peer: it only counts itself."""
    next(_ran)


def _job_store_seconds_per_item(folder: str) -> float:
    store = SQLAlchemyJobStore(url=f"sqlite:///{Path(folder) / 'theirs.db'}")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC, job_defaults={"misfire_grace_time": None})
    scheduler.start(paused=True)
    past = _now() - timedelta(seconds=1)
    for n in range(DUE):
        scheduler.add_job(run, "interval", weeks=1, id=str(n), next_run_time=past)
    began = time.perf_counter()
    scheduler.resume()
    while any(job.next_run_time <= past for job in scheduler.get_jobs()):
        time.sleep(0.05)
    seconds = time.perf_counter() - began
    scheduler.shutdown()
    return seconds / DUE
