"""Imports into the database: read, plan and write in one transaction, so that the plan is about what is there.

Joins the pure plans of `bot.flows.imports` with `storage`; belongs to the composition root, as the command line does.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import Engine

from adapters.calendars import countries
from bot.flows.imports import Fed, Plan, plan_goals, plan_leave, plan_people, plan_values
from bot.model import Company, Goal, Person
from bot.ports import Clock, Conflict
from storage.imports import Import, SqlImports

T = TypeVar("T")
V = TypeVar("V", contravariant=True)

ATTEMPTS = 5


class Source(Protocol):
    """What is stored."""

    def read_people(self) -> Sequence[Person]: ...
    def read_goals(self) -> Sequence[Goal]: ...
    def moved_accounts(self) -> Mapping[str, str]: ...


class Apply(Protocol[V]):
    """Writes the values of a plan."""

    def __call__(self, work: Import, changed: Sequence[V], /, *, at: datetime, cause: str, counts: Mapping[str, int]) -> None: ...


class DatabaseImporter:
    """Implements `adapters.api.Importer`. Blocking; raises Conflict when others keep changing what a file is about."""

    def __init__(self, engine: Engine, clock: Clock, company: Company, hr_admins: Collection[str] = ()) -> None:
        self._imports = SqlImports(engine)
        self._clock = clock
        self._company = company
        self._hr_admins = hr_admins
        self._countries = countries()

    def people(self, data: bytes, *, dry_run: bool) -> Plan[Person]:
        """Import a People CSV."""

        def plan(source: Source, now: datetime) -> Plan[Person]:
            existing = source.read_people()
            return plan_people(
                data,
                existing=existing,
                now=now,
                countries=self._countries,
                hr_admins=self._hr_admins,
                company=self._company,
                moved=source.moved_accounts(),
            )

        return self._run(plan, Import.apply_people, data, dry_run)

    def goals(self, data: bytes, *, dry_run: bool) -> Plan[Goal]:
        """Import a Goals CSV."""

        def plan(source: Source, now: datetime) -> Plan[Goal]:
            people, existing = source.read_people(), source.read_goals()
            return plan_goals(data, existing=existing, people=people, now=now, fiscal_month=self._company.fiscal_month)

        return self._run(plan, Import.apply_goals, data, dry_run)

    def leave(self, data: bytes, *, dry_run: bool) -> Plan[Person]:
        """Import a leave CSV."""

        def plan(source: Source, now: datetime) -> Plan[Person]:
            return plan_leave(data, people=source.read_people(), company=self._company, now=now)

        return self._run(plan, Import.apply_leave, data, dry_run)

    def values(self, data: bytes, *, dry_run: bool) -> Plan[Fed]:
        """Import a CSV of what machines report."""

        def plan(source: Source, now: datetime) -> Plan[Fed]:
            return plan_values(data, existing=source.read_goals(), now=now)

        return self._run(plan, Import.apply_values, data, dry_run)

    def _run(self, plan: Callable[[Source, datetime], Plan[T]], apply: Apply[T], data: bytes, dry_run: bool) -> Plan[T]:
        now = self._clock.now()
        if dry_run:
            return plan(self._imports, now)
        for attempt in range(ATTEMPTS):
            try:
                with self._imports.begin() as work:
                    found = plan(work, now)
                    if found.values:
                        # the file's fingerprint: who keeps the files can tell which one did it
                        cause = f"import:{hashlib.sha256(data).hexdigest()[:16]}"
                        counts = {"created": found.created, "changed": found.changed, "unchanged": found.unchanged}
                        apply(work, found.values, at=now, cause=cause, counts=counts)
                return found
            except Conflict:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError("unreachable")
