"""Who the people of the company are and what was seen of them: from the files alone, with arithmetic of its own."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as Clock
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays

DATA = Path(__file__).parents[3] / "shared" / "data"
QUARTER = timedelta(minutes=15)
MORNING, EVENING, ASKED = Clock(9), Clock(18), Clock(10)
THURSDAY = 3
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHAT_ZONES = ("Asia/Kathmandu", "Pacific/Auckland", "America/Caracas", "Africa/Nairobi", "Australia/Eucla", "Europe/Lisbon")
"""For people without a zone in the file: what their chat profile says."""
RULES = {"checkin": "checkin.prompt", "reminder": "checkin.reminder"}
"""First word of the key behind *Why?* on a card that Rondo sent by itself; other rules' keys begin with `RULE.STAGE`."""
COUNTED = ("checkin.prompt", "checkin.reminder", "goal.stalled")
"""What the oracle reckons from the files alone. The other rules' messages are held to time, budget and the ledger."""
SILENT_FOR = ("You haven't checked in on this goal in", "이 목표에 체크인하지 않으신 지", "has not checked in on this goal in")


DIGEST = "decisions:digest:"


def rule_behind(key: str | None, words: str) -> str | None:
    """The rule of a message by its key; with a stalled goal among its parts it is `goal.stalled`. None: a reply."""
    if key is None:
        return None
    if key.startswith(DIGEST):  # it names again what was told before
        return "manager.digest"
    if any(silent in words for silent in SILENT_FOR):
        return "goal.stalled"
    word = key.partition(":")[0]
    return RULES.get(word) or (word.rpartition(".")[0] if word.count(".") == 2 else None)


ANSWERING = 10
"""So many people answer every prompt at once; the others never do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A row of the people file, and this person's working time by PRODUCT section 2."""

    email: str
    manager: str
    zone: ZoneInfo
    country: str
    days: frozenset[int]
    first: date | None
    last: date | None

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def at(self, day: date, clock: Clock) -> datetime:
        """UTC. No zone changes its clocks between 09:00 and 18:00."""
        return datetime.combine(day, clock, tzinfo=self.zone).astimezone(UTC)

    def works(self, day: date) -> bool:
        employed = (self.first is None or self.first <= day) and (self.last is None or day <= self.last)
        return employed and day.weekday() in self.days and day not in _holidays(self.country, day.year)

    def polite(self, at: datetime) -> bool:
        local = self.local(at)
        return self.works(local.date()) and MORNING <= local.time() < EVENING

    def week(self, at: datetime) -> tuple[int, int]:
        return self.local(at).isocalendar()[:2]

    def asked_in_week_of(self, monday: date) -> datetime | None:
        """Thursday 10:00; where it is not worked this week, the start of the next working day before the week ends, else
        10:00 of the last one before."""
        thursday = monday + timedelta(days=THURSDAY)
        if self.works(thursday):
            return self.at(thursday, ASKED)
        rest = (monday + timedelta(days=number) for number in range(THURSDAY + 1, 7))
        before = (monday + timedelta(days=number) for number in range(THURSDAY - 1, -1, -1))
        later = next((self.at(day, MORNING) for day in rest if self.works(day)), None)
        return later or next((self.at(day, ASKED) for day in before if self.works(day)), None)

    def after_hours(self, at: datetime, hours: int) -> datetime:
        """`hours` of working time later."""
        left, day = timedelta(hours=hours), self.local(at).date()
        while True:
            if self.works(day):
                start, end = max(at, self.at(day, MORNING)), self.at(day, EVENING)
                if start < end and end - start >= left:
                    return start + left
                left -= max(end - start, timedelta())
            day += timedelta(days=1)

    def after_day(self, at: datetime) -> datetime:
        """The same time of day on the next working day."""
        local = self.local(at)
        day = local.date() + timedelta(days=1)
        while not self.works(day):
            day += timedelta(days=1)
        return self.at(day, local.time())

    def after_dates(self, at: datetime, days: int) -> datetime:
        """The same local time so many calendar days later."""
        local = self.local(at)
        return datetime.combine(local.date() + timedelta(days=days), local.time(), tzinfo=self.zone).astimezone(UTC)


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()
    except NotImplementedError:
        return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message Rondo started by itself, as Slack saw it. `step` is the instant at which the clock stood."""

    email: str
    rule: str
    key: str
    step: datetime
    week: tuple[int, int]


@dataclass(slots=True)
class Walk:
    """What was done and seen."""

    people: dict[str, Human]
    owners: frozenset[str]
    """Who owns a goal of a cycle that runs all the time."""
    imported: datetime
    step: str
    steps: list[datetime] = field(default_factory=list)
    arrived: list[Arrived] = field(default_factory=list)
    answering: frozenset[str] = frozenset()
    answers: int = 0
    queued: Counter[tuple[str, str, datetime]] = field(default_factory=Counter)
    """The ledger's word: rule, person and instant of every message that was queued."""
    idle: list[float] = field(default_factory=list)
    busy: list[tuple[float, int]] = field(default_factory=list)
    memory: str = ""
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)


# ------------------------------------------------------------------------------------------------ the company


def read_people(data: Path) -> dict[str, Human]:
    """Everybody by e-mail; the zone of a person without one is that of their chat profile."""
    found: dict[str, Human] = {}
    with (data / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            assert not row["work_hours"], "only the usual hours are worked out here"
            found[row["email"]] = Human(
                email=row["email"],
                manager=row["manager_email"],
                zone=ZoneInfo(row["timezone"] or CHAT_ZONES[number % len(CHAT_ZONES)]),
                country=row["country"],
                days=_days(row["work_days"] or "Mon-Fri"),
                first=date.fromisoformat(row["start_date"]) if row["start_date"] else None,
                last=date.fromisoformat(row["end_date"]) if row["end_date"] else None,
            )
            assert THURSDAY in found[row["email"]].days, "only weeks with a Thursday are worked out here"
    return found


def _days(text: str) -> frozenset[int]:
    first, last = (DAYS.index(name.lower()) for name in text.split("-"))
    return frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))


def read_owners(data: Path, cycle: str) -> frozenset[str]:
    with (data / "goals.csv").open(encoding="utf-8-sig", newline="") as file:
        return frozenset(row["owner_email"] for row in csv.DictReader(file) if row["cycle"] == cycle)
