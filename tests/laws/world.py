"""All that is stored, read at one instant; and plain arithmetic about people's days that does not use the rules it judges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, RowMapping, func, select

from bot.model import CheckIn, Escalation, Goal, Person, PolicyChange
from bot.rules import policy
from storage import facts, rows, schema
from storage.engine import reading
from storage.imports import Import

COMPANY_ZONE = "Europe/Berlin"

HOLIDAYS = {
    "US": {(11, 26), (12, 25), (1, 1)},
    "KR": {(1, 1), (3, 1), (10, 9), (12, 25)},
    "DE": {(12, 24), (12, 25), (1, 1)},
    # a country whose people are off for weeks
    "NZ": {(12, day) for day in range(21, 32)} | {(1, 1), (1, 2)},
}


def holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(date(year, month, day) for month, day in HOLIDAYS.get(country, ()))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the database says now."""

    now: datetime
    people: dict[str, Person]
    goals: dict[str, Goal]
    checkins: dict[str, CheckIn]
    escalations: dict[str, Escalation]
    policies: tuple[PolicyChange, ...]
    outbox: dict[str, RowMapping]
    agenda: dict[str, datetime]
    entries: int

    def said(self) -> tuple[object, ...]:
        """Everything anybody can notice: ledger, messages with their contents."""
        return (self.entries, tuple((key, row["revision"], row["decided_at"]) for key, row in sorted(self.outbox.items())))

    def setting(self, person: Person, name: str) -> policy.Setting:
        return policy.for_person(self.policies, person, name)


def read_world(engine: Engine, now: datetime) -> World:
    with reading(engine) as connection:
        imported = Import(connection)

        def every(table: str) -> Iterable[RowMapping]:
            return connection.execute(select(schema.metadata.tables[table])).mappings().all()

        return World(
            now=now,
            people={one.id: one for one in imported.read_people()},
            goals={one.id: one for one in imported.read_goals()},
            checkins={one.id: one for one in map(rows.checkin, every("checkin"))},
            escalations={one.id: one for one in map(rows.escalation, every("escalation"))},
            policies=facts.policies(connection),
            outbox={row["key"]: row for row in every("outbox")},
            agenda={row["subject"]: row["due_at"] for row in every("agenda")},
            entries=connection.scalar(select(func.count()).select_from(schema.ledger)) or 0,
        )


def zone_of(person: Person) -> ZoneInfo:
    return ZoneInfo(person.zone or person.chat_zone or COMPANY_ZONE)


def week_of(person: Person, at: datetime) -> str:
    year, week, _ = at.astimezone(zone_of(person)).date().isocalendar()
    return f"{year:04}-W{week:02}"


def days_of(period: str) -> list[date]:
    year, week = period.split("-W")
    return [date.fromisocalendar(int(year), int(week), day) for day in range(1, 8)]


def employed(person: Person, day: date) -> bool:
    return (person.start_date is None or person.start_date <= day) and (person.end_date is None or day <= person.end_date)


def present(person: Person, day: date) -> bool:
    """Joined, not left, not on leave."""
    return employed(person, day) and not any(one.first <= day <= one.last for one in person.absences)


def pattern(person: Person) -> frozenset[int]:
    return person.work_days or frozenset(range(5))


def works(person: Person, day: date) -> bool:
    return (
        present(person, day)
        and day.weekday() in pattern(person)
        and day not in (holidays(person.country, day.year) if person.country else ())
    )


def polite(world: World, person: Person, at: datetime) -> bool:
    """At work, outside quiet hours; who only ever works in quiet hours is reached at work."""
    local = at.astimezone(zone_of(person))
    start, end = person.work_hours or (time(9), time(18))
    clock = local.time().replace(tzinfo=None)
    if not works(person, local.date()) or not start <= clock < end:
        return False
    quiet = world.setting(person, "quiet_hours").quiet

    def silent(minute: time) -> bool:
        if quiet.start <= quiet.end:
            return quiet.start <= minute < quiet.end
        return minute >= quiet.start or minute < quiet.end

    minutes = (time(hour, minute) for hour in range(24) for minute in (0, 30))
    only_quiet = all(silent(minute) for minute in minutes if start <= minute < end)
    return only_quiet or not silent(clock)


def local_day(person: Person, at: datetime) -> date:
    return at.astimezone(zone_of(person)).date()


def asked_from(world: World, person: Person, period: str) -> date | None:
    """The first worked day of a week on which the person may be asked; None: nobody asks them that week."""
    setting = world.setting(person, "checkin.prompt.when")
    if setting.off:
        return None
    weekday, _ = setting.weekly
    days = [day for day in days_of(period) if day.weekday() in pattern(person)]
    base = next((day for day in days if day.weekday() >= weekday), days[-1])
    return next((day for day in days if day >= base and works(person, day)), None)


DAY = timedelta(days=1)
