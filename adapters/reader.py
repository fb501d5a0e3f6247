"""What the playground, the metrics and the scheduler want to read, over `storage.reports`. Writes nothing."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, func, select

from bot.events import Platform
from bot.model import Person
from bot.ports import Clock
from storage import rows
from storage.engine import reading
from storage.imports import SqlImports
from storage.reports import SqlReports
from storage.schema import outbox, person

Items = Sequence[Mapping[str, object]]


class DatabaseReader:
    """Every method is blocking. `reports` is the read side of the admin API."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock
        self.reports = SqlReports(engine)
        self._imports = SqlImports(engine)
        self._lock = threading.Lock()
        self._read_to: str | None = None
        self._newest: deque[Mapping[str, object]] = deque(maxlen=200)

    def outbox_states(self) -> Mapping[str, int]:
        """How many messages are in each state."""
        with reading(self._engine) as connection:
            found = connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state))
            return {state.value: count for state, count in found}

    def people(self) -> Sequence[Person]:
        """Everybody who works here today."""
        today = self._clock.now().date()
        everybody = self._imports.read_people()
        return tuple(one for one in everybody if one.end_date is None or one.end_date >= today)

    def person(self, id: str) -> Person | None:
        """Who has this id, also where they left; None: nobody, or a team."""
        with reading(self._engine) as connection:
            row = connection.execute(select(person).where(person.c.id == id)).mappings().first()
        return None if row is None else rows.person(row)

    def unlinked(self, platforms: Sequence[Platform]) -> frozenset[str]:
        """E-mails of those who work here and have no account on one of the platforms, each with the platform's name."""
        today = self._clock.now().date()
        return frozenset(
            f"{platform}:{email}" for platform in platforms for email in self.reports.unlinked_people(platform, on=today)
        )

    def newest_entries(self) -> Items:
        """The newest lines of the ledger, newest first; reads on from where it read before."""
        with self._lock:
            while True:
                page = self.reports.ledger(cursor=self._read_to, limit=200)
                if page.next is None:
                    return (*reversed(page.items), *reversed(self._newest))[:200]
                self._newest.extend(page.items)
                self._read_to = page.next
