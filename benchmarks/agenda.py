"""Time on the agenda: what a look costs when nothing is due, and per due item against one scheduler job per person."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection, Engine, Integer, String, cast, event, func, insert, literal, make_url, select, text
from sqlalchemy.pool import ConnectionPoolEntry

from adapters.app import build
from adapters.mount import Parts
from adapters.settings import Settings
from adapters.simulate.loop import VirtualLoop
from benchmarks import company
from benchmarks.databases import database, empty
from benchmarks.row import Row, Run, at_least, at_most, median_ratio, seconds_of
from storage.agenda import SqlAgenda
from storage.engine import open_engine
from storage.schema import agenda, outbox

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 10, 50, tzinfo=UTC)
"""Everybody in Berlin was to be asked at ten, within less than an hour: all are due, and all of them are asked."""

TICK_LIMITS = {"sqlite": 0.1, "postgresql": 1.0}  # ms


class Standing:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


# ------------------------------------------------------------------------------------------------ P3


def idle_ticks(run: Run) -> Iterator[Row]:
    """A look that finds nothing due costs the same whether few or very many people wait (RELIABILITY P3)."""
    few, many = run.sizes.waiting
    for kind in run.sizes.databases:
        with ExitStack() as stack:
            small, large = (_tick(stack, kind, count) for count in (few, many))
            with run.ours():
                # many short pairs: one alone takes microseconds
                ratio, taken, _ = median_ratio(large, small, pairs=40 * run.sizes.pairs)
        yield at_most(f"idle tick {kind}: {many:,} against {few:,} people", ratio, "x", 1.25)
        yield at_least(f"idle tick {kind}: {many:,} against {few:,} people, not less", ratio, "x", 0.75)
        yield at_most(f"idle tick {kind}: {many:,} people", taken * 1000, "ms", TICK_LIMITS[kind])


def _tick(stack: ExitStack, kind: str, waiting: int) -> Callable[[], float]:
    engine = open_engine(stack.enter_context(database(kind)))
    stack.callback(engine.dispose)
    numbers = select(literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.number + 1).where(numbers.c.number < waiting))
    rows = select(
        literal("desk:") + cast(numbers.c.number, String), literal(THURSDAY, agenda.c.due_at.type), literal(""),
        literal("UTC"), literal(1, Integer),
    )  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(agenda).from_select(["subject", "due_at", "local_time", "zone", "fence"], rows))
        connection.execute(text("ANALYZE agenda"))
    held = SqlAgenda(engine, lambda: datetime.now(UTC))

    def ticks() -> float:
        return seconds_of(lambda: [held.claim_due(MONDAY, limit=100) for _ in range(10)]) / 10

    ticks()
    return ticks


# ------------------------------------------------------------------------------------------------ P4


@dataclass
class Planner:
    """Our whole path: the application as it is wired, but without its heartbeat; each round takes the next people."""

    engine: Engine
    parts: Parts
    clock: Standing
    run: Run
    due: int
    _next: int = 0
    figures: list[float] = field(default_factory=list)
    """Seconds per item of each round."""
    transactions: list[float] = field(default_factory=list)
    """Seconds each transaction that wrote was open."""
    blocked: list[float] = field(default_factory=list)
    """Of each round, the longest time for which the event loop could do nothing else."""

    def round(self) -> float:
        """Seconds per due item."""
        numbers = range(self._next, self._next + self.due)
        self._next += self.due
        company.look_at(self.engine, numbers, self.clock.at)
        # a profiler sees one thread: there the loop does the threads' work
        factory = VirtualLoop if self.run.profiler is not None else None
        with self.run.ours(), asyncio.Runner(loop_factory=factory) as runner:
            decided, seconds, blocked = runner.run(self._sweep())
        with self.engine.connect() as connection:
            asked = connection.scalar(select(func.count()).select_from(outbox)) or 0
        if decided < self.due or asked < self._next:
            raise AssertionError(f"{self._next} were due, {decided} of {self.due} were decided and {asked} were asked")
        self.blocked.append(blocked)
        self.figures.append(seconds / decided)
        return self.figures[-1]

    async def _sweep(self) -> tuple[int, float, float]:
        late = 0.0

        async def listen() -> None:
            nonlocal late
            while True:
                began = time.perf_counter()
                await asyncio.sleep(0.001)
                late = max(late, time.perf_counter() - began - 0.001)

        listener = asyncio.create_task(listen())
        began = time.perf_counter()
        decided = await self.parts.sweep.run_once()
        seconds = time.perf_counter() - began
        listener.cancel()
        return decided, seconds, late


@contextmanager
def planner(run: Run, kind: str, people: int, *, due: int) -> Iterator[Planner]:
    """A company of so many people, `due` of whom were looked at already; a round looks at so many others."""
    with database(kind) as url:
        clock = Standing(MONDAY)
        settings = Settings.load(
            _env_file=None, env="production", database_url=url, company_zone="Europe/Berlin", slack_signing_secret=None,
            slack_bot_token=None, teams_app_id=None, teams_app_password=None, teams_tenant_id=(), admin_token=None,
        )  # fmt: skip
        parts: Parts = build(settings, clock=clock).state.rondo
        engine = parts.engine
        reporting = due * (run.sizes.pairs + 1)
        company.found(engine, min(people, reporting), MONDAY)
        if people > reporting:
            company.crowd(engine, people - reporting, MONDAY, goals=people - reporting)
        company.look_later(engine, THURSDAY)
        clock.at = THURSDAY
        found = Planner(engine, parts, clock, run, due)
        found.round()  # caches are warm in a server that runs
        found.blocked.clear()
        found.figures.clear()
        _watch(engine, found.transactions)
        try:
            yield found
        finally:
            engine.dispose()


def _watch(engine: Engine, transactions: list[float]) -> None:
    """Note how long each transaction is open, from its lock to its commit."""

    @event.listens_for(engine, "begin")
    def begins(connection: Connection) -> None:
        connection.info["began"] = time.perf_counter()

    @event.listens_for(engine, "checkin")
    def ends(_connection: object, record: ConnectionPoolEntry) -> None:
        began = record.info.pop("began", None)
        if began is not None:
            transactions.append(time.perf_counter() - began)


def due_items(run: Run) -> Iterator[Row]:
    """A due person (claim, load, decide, write, commit) in companies of two sizes, against an empty job in a job store (P4)."""
    sizes = run.sizes
    for kind in sizes.databases:
        with ExitStack() as stack:
            small, large = (stack.enter_context(planner(run, kind, people, due=sizes.due)) for people in (sizes.few, sizes.many))
            theirs = stack.enter_context(_job_store(kind, sizes.due // 3))
            jobs: list[float] = []

            def small_then_jobs(small: Planner = small, theirs: Callable[[], float] = theirs, jobs: list[float] = jobs) -> float:
                jobs.append(theirs())
                return small.round()

            ratio, many, few = median_ratio(large.round, small_then_jobs, pairs=sizes.pairs)
            store = statistics.median(job / ours for job, ours in zip(jobs, small.figures, strict=True))
        yield at_most(f"due item {kind}: whole path, {sizes.few:,} people", few * 1e6, "us", 300)
        yield at_most(f"due item {kind}: whole path, {sizes.many:,} people", many * 1e6, "us", 300)
        yield at_most(f"due item {kind}: {sizes.many:,} against {sizes.few:,} people", ratio, "x", 1.3)
        yield at_least(f"due item {kind}: APScheduler's job store / ours", store, "x", 6)
        yield at_most(f"due item {kind}: longest transaction", max(large.transactions + small.transactions) * 1000, "ms", 100)
        blocked = statistics.median(large.blocked + small.blocked)
        yield at_most(f"due item {kind}: event loop blocked, worst of a sweep", blocked * 1000, "ms", 20)


# ------------------------------------------------------------------------------------------------ the peer

_ran: list[float] = []


def run_job() -> None:
    """The job of the peer: it only says when it ran."""
    _ran.append(time.perf_counter())


@contextmanager
def _job_store(kind: str, due: int) -> Iterator[Callable[[], float]]:
    """Seconds per due job of APScheduler with its SQL store on a database of the same kind."""
    with empty(kind) as url:
        parsed = make_url(url)
        address = parsed.set(drivername="postgresql+psycopg") if kind == "postgresql" else parsed
        store = SQLAlchemyJobStore(url=address.render_as_string(hide_password=False))
        scheduler = BackgroundScheduler(jobstores={"default": store}, timezone=UTC, job_defaults={"misfire_grace_time": None})
        scheduler.start(paused=True)

        def work() -> float:
            past = datetime.now(UTC) - timedelta(seconds=1)
            for number in range(due):
                scheduler.add_job(run_job, "interval", weeks=1, id=str(number), next_run_time=past, replace_existing=True)
            _ran.clear()
            began = time.perf_counter()
            scheduler.resume()
            while len(_ran) < due:
                time.sleep(0.01)
            scheduler.pause()
            return (max(_ran) - began) / due

        try:
            yield work
        finally:
            scheduler.shutdown()
