"""The outbox: claiming a hundred messages and marking them as sent, against the bare drivers and a general job queue.

Alone, it is the two functions of the delivery path that move a row: `SqlOutbox.claim` and `settle.report_all`, each with
its commit. On the whole path the reports come through the one door, with the ledger, check-ins and the agenda.
"""

import asyncio
import json
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime

import psycopg
from sqlalchemy import make_url, select, update

from benchmarks.agenda import THURSDAY, Planner, planner
from benchmarks.databases import empty
from benchmarks.row import Row, Run, as_served, at_least, median_ratio
from bot.events import Address, Delivered, Platform, Receipt
from bot.ports import Parcel
from storage import settle
from storage.engine import writing
from storage.outbox import SqlOutbox
from storage.schema import OutboxState, outbox
from storage.settle import NOW

BATCH = 100
WHOLE_PATH = 1_000
"""Items a second: twenty times what Teams allows."""
AT = Address(platform=Platform.SLACK, tenant="T1", user="U1")


def claim_and_mark(run: Run) -> Iterator[Row]:
    """Items a second: `sending` committed, then `sent` committed, a hundred at a time (RELIABILITY P5)."""
    rows = run.sizes.batches * BATCH
    for kind in run.sizes.databases:
        with ExitStack() as stack:
            asked = stack.enter_context(planner(run, kind, rows, due=rows))
            ours = _Ours(asked, run)
            raw = stack.enter_context(_raw(kind, ours.cards()))
            stack.enter_context(as_served())
            ratio, rate, _ = median_ratio(ours.alone, raw, pairs=run.sizes.pairs)
            claims = statistics.median(ours.claims)
            whole = statistics.median(ours.whole_path() for _ in range(run.sizes.pairs))
            queue = stack.enter_context(_job_queue(run.sizes.jobs)) if kind == "postgresql" else None
            times = median_ratio(ours.alone, queue, pairs=min(3, run.sizes.pairs))[0] if queue is not None else None
        yield at_least(f"outbox {kind}: the outbox alone, claim and mark", rate, "items/s", 10_000)
        yield at_least(f"outbox {kind}: the outbox alone, ours / bare driver", ratio, "x", 0.5)
        yield at_least(f"outbox {kind}: the claim alone", claims, "items/s", 10_000)
        if times is not None:
            yield at_least(f"outbox {kind}: the outbox alone, ours / procrastinate", times, "x", 25)
        yield at_least(f"outbox {kind}: claim, and reports with ledger and agenda", whole, "items/s", WHOLE_PATH)


class _Ours:
    """Real prompts, claimed as `Deliver` claims them."""

    def __init__(self, asked: Planner, run: Run) -> None:
        self._engine, self._turn, self._run = asked.engine, asked.parts.turn, run
        self._outbox = SqlOutbox(asked.engine, lambda: datetime.now(UTC))
        self.claims: list[float] = []
        """Items a second of the claims alone, of each round."""

    def cards(self) -> list[str]:
        """What the messages look like, for the bare drivers to carry as well."""
        with self._engine.connect() as connection:
            found = [json.dumps(str(card)) for card in connection.scalars(select(outbox.c.card))]
        assert found, "nobody was asked"
        return found

    def alone(self) -> float:
        """Items a second of the outbox."""
        return self._round(self._settle)

    def whole_path(self) -> float:
        """Items a second, with all that follows from a receipt."""
        return self._round(self._report)

    def _round(self, mark: Callable[[list[Delivered]], None]) -> float:
        with self._engine.begin() as connection:
            connection.execute(
                update(outbox).values(
                    state=OutboxState.PENDING, ready_at=NOW, delivered_at=None, receipt=None, sent_revision=0, expires_at=None
                )
            )
        spent = claiming = 0.0
        done = 0
        with self._run.ours():
            while True:
                began = time.perf_counter()
                parcels = self._outbox.claim(now=THURSDAY, limit=BATCH)
                claimed = time.perf_counter()
                if not parcels:
                    break
                mark([_delivered(parcel) for parcel in parcels])
                spent += time.perf_counter() - began
                claiming += claimed - began
                done += len(parcels)
        self.claims.append(done / claiming)
        return done / spent

    def _settle(self, reports: list[Delivered]) -> None:
        with writing(self._engine) as connection:
            if None in settle.report_all(connection, reports):
                raise AssertionError("a report did not count")

    def _report(self, reports: list[Delivered]) -> None:
        for outcome in self._turn.take_all(reports):
            if isinstance(outcome, Exception):
                raise outcome
            if outcome.decision is None:
                raise AssertionError("a report did not count")


def _delivered(parcel: Parcel) -> Delivered:
    receipt = Receipt(address=AT, place="D1", id=f"{parcel.key}.1")
    return Delivered(
        id=f"delivered:{parcel.key}:{parcel.fence}", at=THURSDAY, key=parcel.key, fence=parcel.fence, revision=parcel.revision,
        receipt=receipt,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ the bare drivers

_TABLE = (
    "CREATE TABLE queue (key text PRIMARY KEY, state text NOT NULL, fence integer NOT NULL, ready_at bigint, "
    "lane integer NOT NULL, decided_at bigint NOT NULL, card text NOT NULL, receipt text)"
)
_INDEX = "CREATE INDEX ready ON queue (lane, decided_at) WHERE ready_at IS NOT NULL"
_AGAIN = "UPDATE queue SET state = 'pending', ready_at = 0, receipt = NULL"
_LONG = 2**40


@contextmanager
def _raw(kind: str, cards: list[str]) -> Iterator[Callable[[], float]]:
    """Items a second of the least SQL that claims and marks durably; the drivers' own paths for many rows at once."""
    rows = [(f"message:{number}", number, card) for number, card in enumerate(cards)]
    with empty(kind) as url:
        if kind == "sqlite":
            path = make_url(url).database
            assert path is not None
            with closing(sqlite3.connect(path, isolation_level=None)) as lite:
                lite.execute("PRAGMA journal_mode = wal")
                lite.execute("PRAGMA synchronous = full")
                lite.execute(_TABLE)
                lite.execute(_INDEX)
                lite.executemany("INSERT INTO queue VALUES (?, 'pending', 0, 0, 1, ?, ?, NULL)", rows)
                yield lambda: _lite(lite)
        else:
            with psycopg.connect(url) as postgres:
                postgres.execute(_TABLE)
                postgres.execute(_INDEX)
                postgres.cursor().executemany("INSERT INTO queue VALUES (%s, 'pending', 0, 0, 1, %s, %s, NULL)", rows)
                postgres.execute("ANALYZE queue")
                postgres.commit()
                yield lambda: _postgres(postgres)


def _lite(lite: sqlite3.Connection) -> float:
    lite.execute(_AGAIN)
    done, began = 0, time.perf_counter()
    while True:
        lite.execute("BEGIN IMMEDIATE")
        found = lite.execute(
            "SELECT key, fence, card FROM queue WHERE ready_at <= 1 ORDER BY lane, decided_at LIMIT ?", (BATCH,)
        ).fetchall()
        marks = ",".join("?" * len(found))
        lite.execute(
            f"UPDATE queue SET state = 'sending', fence = fence + 1, ready_at = {_LONG} WHERE key IN ({marks})",
            [key for key, _, _ in found],
        )
        lite.execute("COMMIT")
        if not found:
            break
        lite.execute("BEGIN IMMEDIATE")
        lite.executemany(
            "UPDATE queue SET state = 'sent', ready_at = NULL, receipt = ? WHERE key = ? AND fence = ?",
            [(f"{key}.1", key, fence + 1) for key, fence, _ in found],
        )
        lite.execute("COMMIT")
        done += len(found)
    return done / (time.perf_counter() - began)


def _postgres(postgres: psycopg.Connection) -> float:
    postgres.execute(_AGAIN)
    postgres.commit()
    done, began = 0, time.perf_counter()
    while True:
        found = postgres.execute(
            f"UPDATE queue SET state = 'sending', fence = fence + 1, ready_at = {_LONG} WHERE key IN (SELECT key FROM queue "
            "WHERE ready_at <= 1 ORDER BY lane, decided_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING key, fence, card",
            (BATCH,),
        ).fetchall()
        postgres.commit()
        if not found:
            break
        postgres.execute(
            "UPDATE queue SET state = 'sent', ready_at = NULL, receipt = mine.receipt FROM unnest(%s::text[], %s::int[], "
            "%s::text[]) AS mine (key, fence, receipt) WHERE queue.key = mine.key AND queue.fence = mine.fence",
            ([key for key, _, _ in found], [fence for _, fence, _ in found], [f"{key}.1" for key, _, _ in found]),
        )
        postgres.commit()
        done += len(found)
    return done / (time.perf_counter() - began)


# ------------------------------------------------------------------------------------------------ the job queue


@contextmanager
def _job_queue(jobs: int) -> Iterator[Callable[[], float]]:
    """Jobs a second of procrastinate that do nothing, ten at a time, on the same server."""
    from procrastinate import App, PsycopgConnector

    async def work(url: str) -> float:
        app = App(connector=PsycopgConnector(conninfo=url))

        @app.task(name="nothing")
        async def nothing() -> None:
            """The job."""

        async with app.open_async():
            await nothing.batch_defer_async(*({} for _ in range(jobs)))
            began = time.perf_counter()
            await app.run_worker_async(concurrency=10, wait=False, install_signal_handlers=False, listen_notify=False)
            return jobs / (time.perf_counter() - began)

    async def prepare(url: str) -> None:
        app = App(connector=PsycopgConnector(conninfo=url))
        async with app.open_async():
            await app.schema_manager.apply_schema_async()

    with empty("postgresql") as url:
        asyncio.run(prepare(url))
        yield lambda: asyncio.run(work(url))
