"""What is true in the database, kept up to date from the decisions that were committed: for people who act, and for the judge."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine, select

from adapters.simulate.days import QUIET, Days
from bot.decision import Decision, LookAtAll
from bot.model import CheckIn, Company, Escalation, Person, PolicyChange
from bot.ports import Holidays
from bot.rules import checkin, policy
from storage import rows, schema
from storage.engine import reading


class Known:
    """People, check-ins, requests for decisions and policies by id. `changed_at`: when something about a person was last said."""

    def __init__(self, engine: Engine, company: Company, holidays: Holidays) -> None:
        self.engine, self.company, self.holidays = engine, company, holidays
        self.people: dict[str, Person] = {}
        self.by_email: dict[str, str] = {}
        self.checkins: dict[str, CheckIn] = {}
        self.escalations: dict[str, Escalation] = {}
        self.policies: tuple[PolicyChange, ...] = ()
        self.changed_at: dict[str, datetime] = {}
        self.held: dict[tuple[str, str], str] = {}  # why somebody was not asked, by person and week
        self.reports: dict[str, set[str]] = defaultdict(set)

    def days(self, person_id: str) -> Days:
        """Somebody's days."""
        person = self.people[person_id]
        if not self.policies:
            return Days(person, self.company, self.holidays)
        quiet = policy.for_person(self.policies, person, policy.QUIET_HOURS)
        hours = (QUIET[1], QUIET[1]) if quiet.off else (quiet.quiet.start, quiet.quiet.end)
        return Days(person, self.company, self.holidays, hours)

    def slot(self, person_id: str, period: str) -> datetime | None:
        """When somebody is asked about a week, as things stand; None: they are not."""
        when = policy.for_person(self.policies, self.people[person_id], checkin.WHEN)
        return None if when.off else self.days(person_id).slot(period, *when.weekly)

    def noted(self, decision: Decision, at: datetime) -> None:
        """This is true from now on."""
        for change in decision.changes:
            match change:
                case Person():
                    self._person(change, at)
                case CheckIn():
                    self.checkins[change.id] = change
                case Escalation():
                    self.escalations[change.id] = change
                case PolicyChange():
                    self.policies = (*self.policies, change)
                case _:
                    pass
        for entry in decision.entries:
            if entry.name == "nudge:checkin.prompt:held":
                self.held[entry.person, entry.facts.get("period", "")] = entry.outcome
        if any(isinstance(look, LookAtAll) for look in decision.looks):
            self.changed_at = dict.fromkeys(self.people, at)

    def _person(self, person: Person, at: datetime) -> None:
        before = self.people.get(person.id)
        self.people[person.id] = person
        self.by_email[person.email] = person.id
        if before is None or _place(before) != _place(person):
            self.changed_at[person.id] = at

    def imported(self, emails: Iterable[str] | None, at: datetime) -> None:
        """Read people again: these, or all."""
        wanted = select(schema.person)
        if emails is not None:
            wanted = wanted.where(schema.person.c.email.in_(list(emails)))
        with reading(self.engine) as connection:
            for row in connection.execute(wanted).mappings():
                self._person(rows.person(row), at)

    def reload(self, at: datetime) -> None:
        """Something was committed that nobody saw being decided: read all of it."""
        self.imported(None, at)
        with reading(self.engine) as connection:
            self.checkins = {one.id: one for one in map(rows.checkin, connection.execute(select(schema.checkin)).mappings())}
            found = connection.execute(select(schema.escalation)).mappings()
            self.escalations = {one.id: one for one in map(rows.escalation, found)}
            policies = connection.execute(select(schema.policy_change).order_by(schema.policy_change.c.version)).mappings()
            self.policies = tuple(map(rows.policy, policies))


def _place(person: Person) -> tuple[object, ...]:
    """What decides when and whether somebody is spoken to."""
    return (
        person.zone, person.chat_zone, person.country, person.work_days, person.work_hours, person.start_date, person.end_date,
        person.absences, person.mutes, person.manager_id,
    )  # fmt: skip
