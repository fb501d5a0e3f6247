"""The read side for the admin token and the server's commands: each page with people's words is noted in the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from bot.decision import Entry
from bot.ports import Clock
from bot.rules.access import MACHINE, Act, Grant
from storage.effects import write_entries
from storage.engine import writing
from storage.reports import Page, SqlReports


class NotedReports(SqlReports):
    """As `SqlReports`; check-ins and goals stand in the ledger as read by `by` (what the operator's hand is called)."""

    def __init__(self, engine: Engine, clock: Clock, by: str, *, sees_own: bool = True) -> None:
        super().__init__(engine)
        self._writes, self._clock, self._by = engine, clock, by
        self._own = None if sees_own else by

    def ledger(
        self, *, cursor: str | None = None, limit: int = 100, since: datetime | None = None, reads_by: str | None = None
    ) -> Page:
        """As the method it overrides, without its own reads: whoever follows the ledger would only ever find themselves."""
        return super().ledger(cursor=cursor, limit=limit, since=since, reads_by=reads_by or self._own)

    def checkins(self, *, cursor: str | None = None, limit: int = 100, since: datetime | None = None) -> Page:
        """As the method it overrides."""
        return self._noted("check-ins", Act.CHECKIN_WORDS, super().checkins(cursor=cursor, limit=limit, since=since))

    def goals(self, **query: Any) -> Page:
        """As the method it overrides."""
        return self._noted("goals", Act.GOAL_WORDS, super().goals(**query))

    def _noted(self, what: str, act: Act, page: Page) -> Page:
        grant = MACHINE.grant(act)
        if grant is Grant.NO:
            raise PermissionError(what)
        if page.items and grant is Grant.NOTED:
            facts = {"by": self._by, "items": str(len(page.items))}
            entry = Entry(name="privacy:read", subject=what, outcome=what, facts=facts)
            with writing(self._writes) as connection:
                write_entries(connection, [entry], at=self._clock.now(), cause=self._by)
        return page
