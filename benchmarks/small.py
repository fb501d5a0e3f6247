"""A company of fifty on the smallest machine: what it costs when nobody says anything, and how its database grows."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import event, make_url

from adapters.calendars import public_holidays
from benchmarks import company
from benchmarks.databases import database
from benchmarks.process import TEAMS
from benchmarks.row import Row, Run, at_most
from benchmarks.server import free_port, process, wait_ready
from bot.model import Company
from storage.engine import open_engine
from tests.simulated.habits import Habits
from tests.simulated.town import Town

PEOPLE = 50
MONDAY = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
SETTLED = 8.0
"""Seconds until a started server has done whatever its start brings with it."""


def company_of_fifty(run: Run) -> Iterator[Row]:
    """Idle processor time and wake-ups of a real server, and the size of its database after a year (RELIABILITY P12)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rondo-bench-")))
        url = stack.enter_context(database("sqlite"))
        engine = open_engine(url)
        at = datetime.now(UTC) - timedelta(days=1)
        company.found(engine, PEOPLE, at)
        company.look_later(engine, at)
        engine.dispose()
        port = free_port()
        settings = TEAMS | {"RONDO_DATABASE_URL": url}
        for name in ("RONDO_TEAMS_OPENID_URL", "RONDO_TEAMS_TOKEN_URL"):
            del settings[name]  # plain http is for development; nothing is asked of Microsoft while nobody says anything
        started = stack.enter_context(process(["-m", "adapters.cli", "serve", "--port", str(port)], settings, folder))
        wait_ready(port, started)
        time.sleep(min(SETTLED, run.sizes.idle_seconds))
        busy, began = _busy(started.pid), time.perf_counter()
        woken = _woken(started.pid, run.sizes.idle_seconds)
        seconds = time.perf_counter() - began
        yield at_most("fifty people: idle processor time", (_busy(started.pid) - busy) / seconds * 100, "%", 0.2)
        yield at_most("fifty people: wake-ups a second", woken / seconds, "/s", 1)
    yield _year(run)


def _busy(pid: int) -> float:
    """Seconds of processor time of all threads, kernel included."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def _woken(pid: int, seconds: float) -> int:
    """How often it woke up: what follows within a twentieth of a second (the threads of one heartbeat) is the same time."""
    ends, woken, before = time.perf_counter() + seconds, 0, _switches(pid)
    while time.perf_counter() < ends:
        time.sleep(0.05)
        now = _switches(pid)
        woken += now != before
        before = now
    return woken


def _switches(pid: int) -> int:
    """How often its threads went to sleep."""
    lines = [line for task in Path(f"/proc/{pid}/task").iterdir() for line in (task / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches:"))


def _year(run: Run) -> Row:
    """People who answer, are late, report obstacles and go on leave, in virtual time; a year is so many weeks of growth."""
    weeks = run.sizes.weeks
    with database("sqlite") as url:
        engine = open_engine(url)
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = off"))  # its size counts
        town = Town(engine, now=MONDAY, holidays=public_holidays)
        company.found(engine, PEOPLE, MONDAY)
        town.joined(*town.imports.read_people())
        Habits(town, Company(name="Acme", zone="Europe/Berlin"), public_holidays, "1")
        town.live(MONDAY + timedelta(weeks=1))
        first = _size(url)
        town.live(MONDAY + timedelta(weeks=1 + weeks))
        grown = _size(url) - first
        engine.dispose()
    return at_most(f"fifty people: database after a year, from {weeks} weeks", first + 51 * grown / weeks, "MiB", 20)


def _size(url: str) -> float:
    """MiB of the file, its log written back."""
    path = make_url(url).database
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(path).stat().st_size / 2**20
