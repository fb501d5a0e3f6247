"""All that is stored, read at one instant; and plain arithmetic about people's days that does not use the rules it judges."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, RowMapping, Table, func, or_, select

from bot.model import CheckIn, Duty, Escalation, Goal, Nudged, Person, PolicyChange, Scope, ScopeKind
from bot.rules import checkin as checkin_rules
from bot.rules import policy, registry
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
    def nudged(self) -> tuple[Nudged, ...]:
        return tuple(map(rows.nudged, self._rows(schema.nudged)))

    @cached_property
    def duties(self) -> dict[str, Duty]:
        return {one.id: one for one in map(rows.duty, self._rows(schema.duty))}

    @cached_property
    def agenda(self) -> dict[str, datetime]:
        return {row["subject"]: row["due_at"] for row in self._rows(schema.agenda)}

    @cached_property
    def outbox(self) -> dict[str, RowMapping]:
        """Messages that are or may yet be in front of somebody and carry an escalation's buttons."""
        named = or_(*(schema.outbox.c.key.like(f"{one}:%") for one in ("escalation", "decisions")))
        return {row["key"]: row for row in self._rows(schema.outbox, named)}

    def said(self) -> tuple[object, ...]:
        """Everything anybody can notice: ledger, messages with their contents."""
        with reading(self.engine) as connection:
            entries = connection.scalar(select(func.count()).select_from(schema.ledger))
            columns = (schema.outbox.c.key, schema.outbox.c.revision, schema.outbox.c.decided_at)
            messages = connection.execute(select(*columns).order_by(schema.outbox.c.key)).all()
        return (entries, *map(tuple, messages))

    def setting(self, person: Person, threshold: Threshold) -> policy.Setting:
        return policy.for_person(self.policies, person, threshold)

    def is_open(self, part: Nudged) -> bool:
        """What was decided to say then is still to be said: neither over nor said in another message since."""
        names = (part.recipient_id, part.rule, part.stage, part.subject)
        row = next((one for one in self.nudged if (one.recipient_id, one.rule, one.stage, one.subject) == names), None)
        return row is not None and row.key == part.key and row.done_at is None

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
    """Joined, not left, not on leave for the whole day."""
    return employed(person, day) and free_parts(person, day) < {"morning", "afternoon"}


def free_parts(person: Person, day: date) -> set[str]:
    """The halves of a day that are leave."""
    parts = {one.part.value for one in person.absences if one.first <= day <= one.last}
    return {"morning", "afternoon"} if "" in parts else parts


def hours(person: Person, day: date) -> tuple[time, time]:
    """From when to when somebody works on a day that is worked; the halves meet in the middle, to the minute."""
    start, end = person.work_hours or (time(9), time(18))
    minutes = (start.hour * 60 + start.minute + end.hour * 60 + end.minute) // 2
    middle, free = time(minutes // 60, minutes % 60), free_parts(person, day)
    return (middle if "morning" in free else start), (middle if "afternoon" in free else end)


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
    start, end = hours(person, local.date())
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


def said_by_hr(policies: Sequence[PolicyChange], person: Person, name: str) -> list[str]:
    """The newest values under a name in the person's scopes, the most specific first; taken back where None was newest."""
    kinds = ((ScopeKind.PERSON, person.id), (ScopeKind.TEAM, person.team), (ScopeKind.DEPARTMENT, person.department))
    scopes = [Scope(kind, unit) for kind, unit in kinds if unit] + [Scope()]
    newest = {change.scope: change.value for change in policies if change.threshold == name}
    return [value for scope in scopes if (value := newest.get(scope)) is not None]


def paused(policies: Sequence[PolicyChange], person: Person) -> bool:
    """HR's most specific word about it is that Rondo says nothing."""
    return said_by_hr(policies, person, "pause")[:1] == ["on"]


def muted(policies: Sequence[PolicyChange], person: Person, rule: str, at: datetime) -> bool:
    """The person does not want to hear of a rule, may say so, and HR did not lock it."""
    spec = registry.rule(rule)
    locks = [said_by_hr(policies, person, f"lock:{name}") for name in (rule, spec.thresholds[0].full_name)]
    wanted = any(mute.rule == rule and (mute.until is None or mute.until > at) for mute in person.mutes)
    return wanted and spec.mutable and not any("on" in lock for lock in locks)


def local_day(person: Person, at: datetime) -> date:
    return at.astimezone(zone_of(person)).date()


def silent_since(person: Person, goal: Goal, at: datetime) -> datetime:
    """When a silence about a goal began: its last update, or its owner's return from five days of leave or more."""
    whole = [one for one in person.absences if not one.part]
    off = {one.first + timedelta(days=day) for one in whole for day in range((one.last - one.first).days + 1)}
    since = goal.updated_at
    for last in (one.last for one in whole):
        first = last
        while (day := first - timedelta(days=1)) in off or (employed(person, day) and not works(person, day)):
            first = day  # leave that goes on over a weekend
        first = min(day for day in off if day >= first)
        back = datetime.combine(last + timedelta(days=1), time(), zone_of(person))
        if (last - first).days >= 4 and since < back <= at:
            since = back
    return since.astimezone(UTC)


class Settings(Protocol):
    """Knows which value is in force for whom."""

    def setting(self, person: Person, threshold: Threshold) -> policy.Setting: ...


def asked_from(world: Settings, person: Person, period: str) -> date | None:
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
