"""The truth as the core sees it: `Store` and `Work` on SQL. One unit of work is one transaction."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine

from bot.decision import Decision
from bot.events import Delivered, Event, Ticked, Undelivered
from bot.model import Company, PolicyChange
from bot.ports import Conflict, Holidays
from bot.situation import Situation
from storage import effects, facts, settle
from storage.crowd import Crowds
from storage.desk import Desk, find_desk, last_policy, lock
from storage.engine import insert_new, writing
from storage.schema import inbox


class SqlStore:
    """Units of work on one database. Safe to share between threads."""

    def __init__(
        self, engine: Engine, company: Company, holidays: Holidays, *, window: Callable[[int], timedelta] | None = None
    ) -> None:
        """`window`: over how long so many people who are asked at one instant have to be spread; None: nothing limits it."""
        self._engine = engine
        self.window = window
        self._crowds = Crowds(company)
        self._company = company
        self._holidays = holidays
        self._policies: tuple[PolicyChange, ...] = ()
        self._guard = threading.Lock()

    @contextmanager
    def work(self) -> Iterator["SqlWork"]:
        """Begin a unit of work; raises Conflict when somebody else was faster."""
        with writing(self._engine) as connection:
            yield SqlWork(connection, self)

    def situation(self, connection: Connection, event: Event, desk: Desk) -> Situation:
        """The facts of a desk, with what is the same for all desks."""
        policies = self._all_policies(connection)
        situation = facts.load(
            connection,
            event,
            desk,
            company=self._company,
            holidays=self._holidays,
            known_policies=policies,
        )
        if self.window is None or situation.person is None:
            return situation
        return replace(situation, send_window=self.window(self._crowds.around(connection, situation.person, policies, event.at)))

    def _all_policies(self, connection: Connection) -> tuple[PolicyChange, ...]:
        """Versions are immutable and only ever added: they are read again when there is a new one."""
        last = last_policy(connection)
        with self._guard:
            known = self._policies
        if (known[-1].version if known else 0) != last:
            known = facts.policies(connection)
            with self._guard:
                self._policies = known
        return known


class SqlWork:
    """One unit of work: `accept`, then `situation`, then `apply`, of one event."""

    def __init__(self, connection: Connection, store: SqlStore) -> None:
        self._connection = connection
        self._store = store
        self._desk: Desk | None = None

    def accept(self, event: Event) -> bool:
        """Record the event as seen. False: it was seen before, or its fence is stale."""
        connection = self._connection
        if isinstance(event, Ticked | Delivered | Undelivered):
            # The person is locked before the row, as in every other turn: no deadlock.
            self._desk = find_desk(connection, event)
            if self._desk is not None:
                lock(connection, self._desk, event)
            if isinstance(event, Ticked):
                # A subject that is no more is forgotten, without a turn.
                return settle.tick(connection, event) and self._desk is not None
            return self._desk is not None and settle.report(connection, event)
        new = connection.execute(insert_new(connection.dialect.name, inbox), {"id": event.id, "at": event.at})
        return new.first() is not None

    def situation(self, event: Event) -> Situation | None:
        """All that `decide` needs to know; None when the event concerns nobody we know."""
        if self._desk is None:
            self._desk = find_desk(self._connection, event)
            if self._desk is None:
                return None
            lock(self._connection, self._desk, event)
        return self._store.situation(self._connection, event, self._desk)

    def apply(self, event: Event, decision: Decision) -> None:
        """Write state, ledger, outbox and agenda."""
        effects.write(self._connection, event, decision)


__all__ = ["Conflict", "SqlStore", "SqlWork"]
