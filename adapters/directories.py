"""What HR systems and directories say comes true: load whom it names, plan, write; in one transaction for each batch.

Joins the pure plan of `bot.flows.imports.records` with `storage`; belongs to the composition root.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine

from adapters.calendars import countries
from bot.events import Address, Platform
from bot.flows.imports.records import Changes, Identity, Record, Source, plan_records
from bot.model import Company, Person
from bot.ports import Clock, Conflict
from scheduler.people import Leaf, Taken
from storage.directory import SqlDirectory

ATTEMPTS = 8
BATCH = 500
"""Records that share a transaction: it stays short for those who wait for it."""
SCIM = Source(name="scim", hr=True)
LEASE = timedelta(minutes=5)
"""Of real time: so long after its last page another replica may take over a reading."""


class Directories:
    """Takes records. Blocking; raises Conflict after `ATTEMPTS` lost races."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        company: Company,
        hr_admins: Collection[str] = (),
        *,
        real: Callable[[], datetime],
    ) -> None:
        """`real`: real time, whatever `clock` says: replicas take turns by it."""
        self.stored = SqlDirectory(engine, real)
        self._clock, self._company, self._hr_admins = clock, company, hr_admins
        self._countries = countries()

    def take(self, source: Source, records: Sequence[Record], *, all_or_none: bool = False) -> Changes:
        """What one batch changes, written. `all_or_none`: with an issue nothing is."""
        for attempt in range(ATTEMPTS):
            try:
                return self._once(source, records, all_or_none)
            except Conflict:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")

    def _once(self, source: Source, records: Sequence[Record], all_or_none: bool) -> Changes:
        now = self._clock.now()
        with self.stored.begin() as batch:
            changes = plan_records(
                source,
                records,
                known=batch.known(source, records),
                company=self._company,
                now=now,
                countries=self._countries,
                hr_admins=self._hr_admins,
            )
            if changes.issues and all_or_none:
                return changes
            batch.apply(source, changes, at=now)
        return changes


class ScimPeople:
    """Implements `adapters.scim.routes.People`."""

    def __init__(self, directories: Directories) -> None:
        self._directories = directories

    def find(self, what: str, value: str, *, first: int, most: int) -> tuple[int, Sequence[tuple[Person, Identity | None]]]:
        """Who meets a condition."""
        return self._directories.stored.find(SCIM.name, what, value, first=first, most=most)

    def take(self, record: Record) -> Changes:
        """One record, or nothing."""
        return self._directories.take(SCIM, [record], all_or_none=True)

    def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """People by id."""
        return self._directories.stored.people(ids)


class GraphPeople:
    """One tenant of Microsoft Graph. Implements `scheduler.people.Books`."""

    def __init__(self, directories: Directories, tenant: str, *, writes: bool, every: timedelta) -> None:
        self.source = Source(name=f"graph:{tenant}", hr=False, writes=writes)
        self._directories, self._tenant, self._every = directories, tenant, every
        self._stored = directories.stored

    def begin(self) -> str | None:
        """Where to begin (empty: at the start); None: not now."""
        return self._stored.begin_reading(self.source.name, every=self._every, lease=LEASE)

    def go_on(self, cursor: str) -> None:
        """Everything up to there is written."""
        self._stored.go_on_reading(self.source.name, cursor, lease=LEASE)

    def end(self, cursor: str, *, complete: bool) -> None:
        """Reading stops."""
        self._stored.end_reading(self.source.name, cursor, complete=complete)

    def known(self) -> frozenset[str]:
        """All whom the directory had."""
        return self._stored.names(self.source.name)

    def take(self, records: Sequence[Record]) -> Taken:
        """Write what records say; whose Teams accounts are nobody's any more follows."""
        made = changed = 0
        issues: list[str] = []
        lost: list[Address] = []
        for start in range(0, len(records), BATCH):
            some = records[start : start + BATCH]
            names = [one.external_id for one in some]
            before = self._stored.accounts_of(self.source.name, names, Platform.TEAMS, self._tenant)
            changes = self._directories.take(self.source, some)
            made += len(changes.created)
            changed += len(changes.people) - len(changes.created)
            issues += [issue.detail for issue in changes.issues]
            gone = {one.external_id for one in some if one.deleted or one.active is False}
            lost += [
                account
                for name, (account, owner) in before.items()
                if name in gone or (name in names and changes.who.get(name) != owner)
            ]
        return Taken(created=made, changed=changed, issues=tuple(issues), lost=tuple(lost))


class GraphSource:
    """Implements `scheduler.people.PeopleSource` on what reads a page of Graph."""

    def __init__(self, read: Callable[[str], Awaitable[tuple[tuple[Record, ...], str, str]]]) -> None:
        self._read = read

    async def page(self, where: str) -> Leaf:
        """The page at `where`."""
        records, following, done = await self._read(where)
        return Leaf(records=records, next=following, done=done)
