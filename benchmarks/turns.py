"""A person's button press through real servers: ours writes it to a database before it answers, Bolt alone only answers."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import func, make_url, select

from benchmarks import client, company
from benchmarks.client import Answered, Load
from benchmarks.databases import database
from benchmarks.presses import SECRET, STATUSES, TEAM, user
from benchmarks.row import Row, Run, at_least, at_most, median_ratio
from benchmarks.server import free_port, process, wait_listening, wait_ready
from bot.events import Address, Introduced, Platform, Pressed, Profile
from bot.model import Company, person_id
from bot.talk.actions import Action, Verb
from bot.turn import Turn
from prompts.loader import load
from storage.engine import open_engine
from storage.schema import ledger
from storage.store import SqlStore

STARTED = 1.0
"""Seconds after which a load process has started and sends."""


@dataclass
class _Servers:
    """Ours on a database, and the bare one."""

    ours: int
    bare: int
    url: str
    people: int
    run: Run
    pressed: int = 0
    refused: int = 0
    """503: told to send again."""
    _loads: int = 0

    def load(self, port: int, **more: int) -> Load:
        self._loads += 1
        return Load(
            port=port, people=self.people, seconds=self.run.sizes.seconds, seed=f"{int(time.time())}{self._loads}", **more
        )

    def put(self, port: int, **more: int) -> Answered:
        answered = client.put(self.load(port, **more))
        if not answered.statuses.keys() <= {"200", "503"}:
            raise AssertionError(f"neither acknowledged nor refused: {answered.statuses}")
        if port == self.ours:
            self.pressed += answered.statuses.get("200", 0)
            self.refused += answered.statuses.get("503", 0)
        return answered

    def turns(self) -> float:
        """Ours a second, as many as it can."""
        return self.put(self.ours).rate

    def echoes(self) -> float:
        """Bare ones a second."""
        return self.put(self.bare).rate

    def lateness(self) -> float:
        """The 99th percentile of ours at a steady rate, in seconds."""
        return self.put(self.ours, rate=self.run.sizes.rate).percentile(0.99)

    def echo_lateness(self) -> float:
        """The same of bare ones."""
        return self.put(self.bare, rate=self.run.sizes.rate).percentile(0.99)

    def written(self) -> int:
        """How many presses the ledger knows."""
        engine = open_engine(self.url)
        try:
            with engine.connect() as connection:
                names = ledger.c.name.in_(("checkin:answered", "checkin:edited"))
                return connection.scalar(select(func.count()).select_from(ledger).where(names)) or 0
        finally:
            engine.dispose()


@contextmanager
def _servers(run: Run, kind: str) -> Iterator[_Servers]:
    people = run.sizes.people
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rondo-bench-")))
        url = stack.enter_context(database(kind))
        engine = open_engine(url)
        at = datetime.now(UTC) - timedelta(days=3)
        company.found(engine, people, at)
        company.look_later(engine, at)  # what is measured is answers, not what Rondo starts by itself
        engine.dispose()
        slack, ours, bare = free_port(), free_port(), free_port()
        stack.enter_context(process(["-m", "benchmarks.slack_api", str(slack), str(people), "0"], {}, folder))
        settings = {
            "RONDO_ENV": "development", "RONDO_DATABASE_URL": url, "RONDO_SLACK_SIGNING_SECRET": SECRET,
            "RONDO_SLACK_BOT_TOKEN": "xoxb-benchmark", "RONDO_SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
        }  # fmt: skip
        wait_listening(slack)
        rondo = stack.enter_context(process(["-m", "adapters.cli", "serve", "--port", str(ours)], settings, folder))
        echo = stack.enter_context(process(["-m", "benchmarks.echo", str(bare)], {"ECHO_SECRET": SECRET}, folder))
        wait_ready(ours, rondo)
        wait_ready(bare, echo)
        servers = _Servers(ours, bare, url, people, run)
        for port in (ours, bare):  # everybody is introduced, caches are warm
            servers.put(port, requests=2 * people, connections=4)
        yield servers


def whole_turns(run: Run) -> Iterator[Row]:
    """Signature, load, decide, commit, acknowledge: as many a second as half of what Bolt alone echoes (RELIABILITY P1)."""
    for kind in run.sizes.databases:
        if run.profiler is not None:
            _profile(run, kind)
            continue
        with _servers(run, kind) as servers:
            ratio, _, _ = median_ratio(servers.turns, servers.echoes, pairs=run.sizes.pairs)
            written = servers.written()
        yield at_least(f"turns {kind}: ours / bare Bolt", ratio, "x", 0.5)
        yield at_least(f"turns {kind}: of all acknowledged presses, in the ledger", written / servers.pressed, "x", 1)


def _profile(run: Run, kind: str) -> None:
    """The same presses in this process and thread, without HTTP: what a turn itself costs."""
    with database(kind) as url:
        engine = open_engine(url)
        at = datetime.now(UTC)
        company.found(engine, run.sizes.people, at)
        turn = Turn(SqlStore(engine, Company(), lambda country, year: frozenset()), load(), committed=lambda: None)
        accounts = [Address(platform=Platform.SLACK, tenant=TEAM, user=user(number)) for number in range(run.sizes.people)]
        for number, account in enumerate(accounts):
            profile = Profile(email=company.email(number))
            turn.take(Introduced(id=f"introduced:{number}", at=at, by=account, profile=profile))
        with run.ours():
            for count in range(4 * len(accounts)):
                number = count % len(accounts)
                args = f"{person_id(company.email(number))}/now", company.goal_of(number), STATUSES[count // len(accounts) % 2]
                action = Action(Verb.REPORT, args)
                outcome = turn.take(Pressed(id=f"press:{count}", at=datetime.now(UTC), by=accounts[number], action=action))
                assert outcome.decision is not None
                assert outcome.decision.changes
        engine.dispose()


def acknowledgements(run: Run) -> Iterator[Row]:
    """How late answers are at a steady rate, and while the database is locked for two seconds (RELIABILITY P2)."""
    rate = run.sizes.rate
    for kind in run.sizes.databases:
        with _servers(run, kind) as servers:
            ratio, ours, _ = median_ratio(servers.lateness, servers.echo_lateness, pairs=min(5, run.sizes.pairs))
            refused = servers.refused
            held = _while_locked(servers, rate)
        yield at_most(f"acks {kind}: p99 at {rate}/s, ours / bare Bolt", ratio, "x", 3)
        yield at_most(f"acks {kind}: p99 at {rate}/s", ours * 1000, "ms", 1000)
        yield at_most(f"acks {kind}: refused at {rate}/s", refused, "acks", 0)
        late = sum(seconds > 1 for seconds in held.latencies)
        yield at_most(f"acks {kind}: later than 1 s while the database is locked", late, "acks", 0)
        strange = sum(count for status, count in held.statuses.items() if status not in ("200", "503"))
        yield at_most(f"acks {kind}: neither 200 nor 503 while it is locked", strange, "acks", 0)


def _while_locked(servers: _Servers, rate: int) -> Answered:
    """An open loop in the middle of which the database is locked."""
    held = servers.run.sizes.held
    load = replace(servers.load(servers.ours, rate=rate), seconds=2 * STARTED + held + 1)
    process = client.begun(load)
    time.sleep(2 * STARTED)
    with _locked(servers.url):
        time.sleep(held)
    with process:
        return client.answered(process)


@contextmanager
def _locked(url: str) -> Iterator[None]:
    """Nobody else can write."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        assert parsed.database is not None
        with closing(sqlite3.connect(parsed.database, isolation_level=None, timeout=10)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        return
    with psycopg.connect(parsed.render_as_string(hide_password=False)) as connection:
        connection.execute("LOCK TABLE inbox, person IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()
