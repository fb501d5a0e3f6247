"""The truth as the core sees it: `Store` and `Work` on SQL. One unit of work is one transaction."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, select

from bot.decision import Decision
from bot.events import Delivered, Event, Said, Ticked, Undelivered
from bot.model import Company, Person, PolicyChange
from bot.ports import Conflict, Holidays
from bot.situation import Situation
from storage import agenda, effects, facts, lean, receipts, settle
from storage.crowd import Crowds
from storage.desk import Desk, find_desk, last_policy, lock, lock_together
from storage.engine import insert_new, writing
from storage.schema import inbox

POLICIES_KEPT = 60.0
"""Seconds of real time. An erasure takes an author out of versions that stay what they are."""


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
        self._read_at = 0.0
        self._guard = threading.Lock()

    @contextmanager
    def work(self, *, several: bool = False) -> Iterator["SqlWork"]:
        """Begin a unit of work; raises Conflict when somebody else was faster. `several`: it takes its time."""
        with writing(self._engine, shared=not several) as connection:
            yield SqlWork(connection, self)

    def situations(self, connection: Connection, asked: Sequence[tuple[Event, Desk]]) -> list[Situation]:
        """The facts of desks, with what is the same for all of them. Of many, only the first may be answered."""
        policies = self._all_policies(connection)
        window = None
        if self.window is not None:
            spread, around = self.window, self._crowds.at(connection, policies, asked[0][0].at)

            def window(who: Person) -> timedelta:
                return spread(around(who))

        return facts.load(
            connection, asked, company=self._company, holidays=self._holidays, known_policies=policies, window=window
        )

    def on_receipts(self, connection: Connection, found: Sequence[receipts.Receipt]) -> list[Situation]:
        """The facts of reports that concern their recipients alone."""

        def policies() -> tuple[PolicyChange, ...]:
            return self._all_policies(connection)

        return receipts.situations(connection, found, company=self._company, holidays=self._holidays, policies=policies)

    def _all_policies(self, connection: Connection) -> tuple[PolicyChange, ...]:
        """Versions are only ever added: they are read again when there is a new one; and once a minute, as people are erased."""
        last = last_policy(connection)
        with self._guard:
            known, is_old = self._policies, time.monotonic() - self._read_at > POLICIES_KEPT
        if (known[-1].version if known else 0) != last or (known and is_old):
            known = facts.policies(connection)
            with self._guard:
                self._policies, self._read_at = known, time.monotonic()
        return known


class SqlWork:
    """One unit of work: `accept`, `situation`, `apply` of one event; or `looks` or `reports`, and `apply_all`, of several."""

    def __init__(self, connection: Connection, store: SqlStore) -> None:
        self._connection = connection
        self._store = store
        self._desk: Desk | None = None
        self._known: Situation | None = None

    def accept(self, event: Event) -> bool:
        """Record the event as seen. False: it was seen before, or its fence is stale."""
        connection = self._connection
        if isinstance(event, Delivered | Undelivered) and (found := self.reports([event], wait=True)):
            self._known = found[0]
            return self._known is not None
        if isinstance(event, Ticked | Delivered | Undelivered):
            # The person is locked before the row, as in every other turn: no deadlock.
            self._desk = find_desk(connection, event)
            if self._desk is not None:
                lock(connection, self._desk, event)
            if isinstance(event, Ticked):
                # A subject that is no more is forgotten, without a turn.
                return settle.tick(connection, event) and self._desk is not None
            return self._desk is not None and settle.report(connection, event)
        if not self._note(event.id, event.at):
            return False
        return not isinstance(event, Said) or not event.message or self._is_first(event)

    def _note(self, id: str, at: datetime) -> bool:
        """Write down that this was seen. False: it was before."""
        return lean.first(self._connection, insert_new(self._connection.dialect.name, inbox), {"id": id, "at": at}) is not None

    def _is_first(self, event: Said) -> bool:
        """Whether the message itself was not taken the other way: told, or overheard. Both write the first of two names."""
        told = not self._note(f"message:{event.message}", event.at)
        if event.overheard:
            return not told
        # Told under several ids it would be several messages: only what was overheard is certain to be this one.
        other = self._connection.scalar(select(inbox.c.id).where(inbox.c.id == f"overheard:{event.message}"))
        return other is None

    def situation(self, event: Event) -> Situation | None:
        """All that `decide` needs to know; None when the event concerns nobody we know."""
        if self._known is not None:
            return self._known
        if self._desk is None:
            self._desk = find_desk(self._connection, event)
            if self._desk is None:
                return None
            lock(self._connection, self._desk, event)
        return self._store.situations(self._connection, [(event, self._desk)])[0]

    def apply(self, event: Event, decision: Decision) -> None:
        """Write state, ledger, outbox and agenda."""
        effects.write(self._connection, event, decision)

    def looks(self, ticks: Sequence[Ticked]) -> Mapping[str, Situation | None]:
        """By subject, what is known at desks that are looked at together; None where there is nothing to decide.

        Left out: to be taken later, because somebody else decides about them right now, or because these are enough.
        """
        connection = self._connection
        desks = lock_together(connection, (_name(tick) for tick in ticks))
        due = agenda.still_due(connection, [tick for tick in ticks if _name(tick) in desks])
        found: dict[str, Situation | None] = {subject: None for subject, is_due in due.items() if not is_due}
        # A subject that is no more is forgotten, without a turn.
        forgotten = {tick.subject for tick in ticks if due.get(tick.subject) and desks[_name(tick)] is None}
        agenda.take_out(connection, forgotten)
        found |= dict.fromkeys(forgotten)
        asked = [(tick, desk) for tick in ticks if due.get(tick.subject) and (desk := desks[_name(tick)]) is not None]
        known = self._store.situations(connection, asked) if asked else ()
        return found | {tick.subject: one for (tick, _), one in zip(asked, known, strict=False)}

    def reports(self, events: Sequence[Delivered | Undelivered], *, wait: bool = False) -> dict[int, Situation | None]:
        """By place, what is known about reports, settled; None where there is nothing to decide.

        Left out: to be taken alone. `wait`: also for a recipient whom somebody else decides about right now.
        """
        counted, void = receipts.settled(self._connection, events, wait=wait)
        known = self._store.on_receipts(self._connection, list(counted.values())) if counted else ()
        return dict(zip(counted, known, strict=True)) | dict.fromkeys(void)

    def apply_all(self, decided: Sequence[tuple[Event, Decision]]) -> None:
        """Take the ticks out of the agenda and write what follows from all of them."""
        agenda.take_out(self._connection, {event.subject for event, _ in decided if isinstance(event, Ticked)})
        effects.write_all(self._connection, decided)


def _name(tick: Ticked) -> str:
    return tick.subject.removeprefix("desk:")


__all__ = ["Conflict", "SqlStore", "SqlWork"]
