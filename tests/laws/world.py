"""All that is stored, read at one instant; and plain arithmetic about people's days that does not use the rules it judges."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, RowMapping, Table, func, select

from bot.model import CheckIn, Escalation, Goal, Person, PolicyChange
from bot.rules import checkin as checkin_rules
from bot.rules import policy, stalled
from bot.rules.threshold import Threshold
from storage import rows, schema
from storage.engine import reading

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


class World:
    """What the database says now; each table is read when somebody asks for it, and then once."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine = engine
        self.now = now

    @cached_property
    def people(self) -> dict[str, Person]:
        return {row["id"]: rows.person(row) for row in self._rows(schema.person)}

    @cached_property
    def goals(self) -> dict[str, Goal]:
        found = rows.goals(self._rows(schema.goal), self._rows(schema.key_result))
        return {goal.id: goal for goal in found}

    @cached_property
    def checkins(self) -> dict[str, CheckIn]:
        return {one.id: one for one in map(rows.checkin, self._rows(schema.checkin))}

    @cached_property
    def escalations(self) -> dict[str, Escalation]:
        return {one.id: one for one in map(rows.escalation, self._rows(schema.escalation))}

    @cached_property
    def policies(self) -> tuple[PolicyChange, ...]:
        return tuple(sorted(map(rows.policy, self._rows(schema.policy_change)), key=lambda change: change.version))

    @cached_property
    def agenda(self) -> dict[str, datetime]:
        return {row["subject"]: row["due_at"] for row in self._rows(schema.agenda)}

    @cached_property
    def outbox(self) -> dict[str, RowMapping]:
        """Messages that are or may yet be in front of somebody and carry an escalation's buttons."""
        return {row["key"]: row for row in self._rows(schema.outbox, schema.outbox.c.key.like("escalation:%"))}

    def said(self) -> tuple[object, ...]:
        """Everything anybody can notice: ledger, messages with their contents."""
        with reading(self.engine) as connection:
            entries = connection.scalar(select(func.count()).select_from(schema.ledger))
            columns = (schema.outbox.c.key, schema.outbox.c.revision, schema.outbox.c.decided_at)
            messages = connection.execute(select(*columns).order_by(schema.outbox.c.key)).all()
        return (entries, *map(tuple, messages))

    def setting(self, person: Person, threshold: Threshold) -> policy.Setting:
        return policy.for_person(self.policies, person, threshold)

    def is_open(self, key: str, goal: Goal) -> bool:
        """The message under `key` speaks of the goal's present silence."""
        rows = self._rows(schema.nudged, schema.nudged.c.key == key)
        return any(row["subject"] == f"goal:{goal.id}" and row["basis"] == stalled.basis(goal) for row in rows)

    def _rows(self, table: Table, condition: ColumnElement[bool] | None = None) -> Sequence[RowMapping]:
        statement = select(table) if condition is None else select(table).where(condition)
        with reading(self.engine) as connection:
            return connection.execute(statement).mappings().all()


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
    quiet = world.setting(person, policy.QUIET_HOURS).quiet

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
    """The first day of a week on which the person may be asked; None: nobody asks them that week."""
    setting = world.setting(person, checkin_rules.WHEN)
    if setting.off:
        return None
    weekday, _ = setting.weekly
    days = [day for day in days_of(period) if day.weekday() in pattern(person)]
    base = next((day for day in days if day.weekday() >= weekday), days[-1])
    rest = [day for day in days_of(period) if day >= base]
    later = next((day for day in rest if works(person, day)), None)
    if later is not None or not all(present(person, day) for day in rest):
        return later
    return next((day for day in reversed(days) if day < base and works(person, day)), None)  # holidays to the end of the week
