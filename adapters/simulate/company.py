"""A generated company as the CSV files HR would import, and what HR will import later: joiners, leavers, moves, new managers."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from bot.rules.cycles import bounds, cycle_of

DOMAIN = "acme.example"
HR = f"p0@{DOMAIN}"

PLACES = (
    ("Europe/Berlin", "DE", "en"), ("Asia/Seoul", "KR", "ko"), ("America/New_York", "US", "en"), ("Asia/Kolkata", "IN", "en"),
    ("America/Los_Angeles", "US", "en"), ("Europe/London", "GB", "en"), ("Asia/Singapore", "SG", "en"),
    ("America/Sao_Paulo", "BR", "en"), ("Asia/Tokyo", "JP", "en"), ("Australia/Sydney", "AU", "en"),
    ("Europe/Paris", "FR", "en"), ("America/Chicago", "US", "en"), ("Africa/Cairo", "EG", "en"), ("Asia/Dubai", "AE", "en"),
    ("America/Mexico_City", "MX", "en"), ("Asia/Kathmandu", "", "en"), ("Pacific/Auckland", "NZ", "en"),
    ("Africa/Lagos", "NG", "en"), ("America/Santiago", "CL", "en"), ("Asia/Shanghai", "CN", "en"),
    ("Pacific/Honolulu", "US", "en"), ("Africa/Casablanca", "MA", "en"), ("America/St_Johns", "CA", "en"),
    ("Asia/Tehran", "", "en"), ("Europe/Helsinki", "FI", "en"), ("Australia/Lord_Howe", "AU", "en"),
    ("Pacific/Kiritimati", "", "en"), ("America/Havana", "", "en"), ("Pacific/Apia", "", "en"), ("Asia/Riyadh", "SA", "en"),
)  # fmt: skip
"""Zone, country, language; the first ones are where most people work (Zipf)."""
_WEIGHTS = [1 / rank for rank in range(1, len(PLACES) + 1)]

STARTS = (date(2026, 10, 18), date(2026, 11, 8), date(2026, 12, 13), date(2027, 2, 28), date(2027, 3, 21), date(2026, 9, 20))
"""Sundays: clocks change, an ordinary month, holidays and the end of a cycle, Ramadan, clocks change, the end of a quarter."""

PEOPLE = (
    "email", "name", "manager_email", "deputy_email", "department", "team", "country", "timezone", "locale", "work_days",
    "work_hours", "start_date", "end_date", "role",
)  # fmt: skip
GOALS = (
    "objective_id", "owner_email", "team", "cycle", "type", "objective", "why", "parent_id", "coordinator_email", "kr_id",
    "key_result", "unit", "start", "target", "current", "due",
)  # fmt: skip
RESULTS = (
    ("Pages live", "%", 0, 100), ("NPS", "points", 20, 50), ("Build time", "min", 40, 10), ("New customers", "", 0, 80),
    ("출시 진행률", "%", 0, 100),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """One row of the people CSV, and where they chat."""

    email: str
    name: str
    manager: str = ""
    deputy: str = ""
    department: str = ""
    team: str = ""
    country: str = ""
    zone: str = ""
    locale: str = ""
    work_days: str = ""
    work_hours: str = ""
    starts: date | None = None
    ends: date | None = None
    role: str = ""
    platforms: tuple[str, ...] = ("slack",)

    def row(self) -> tuple[str, ...]:
        """As HR writes it."""
        return (
            self.email, self.name, self.manager, self.deputy, self.department, self.team, self.country, self.zone,
            self.locale, self.work_days, self.work_hours, str(self.starts or ""), str(self.ends or ""), self.role,
        )  # fmt: skip


def generated(dice: Random, count: int, first: date, weeks: int) -> list[Somebody]:
    """A tree of managers with four to nine reports each; `first` is the day on which the run begins."""
    everybody: list[Somebody] = []
    span = dice.randint(4, 9)
    last = first + timedelta(weeks=weeks)
    for number in range(count):
        zone, country, locale = dice.choices(PLACES, _WEIGHTS)[0]
        boss = everybody[(number - 1) // span].email if number else ""
        joins = first + timedelta(days=dice.randint(1, weeks * 7)) if dice.random() < 0.03 else None
        leaves = dice.random() < 0.07 and joins is None
        chance = dice.random()
        everybody.append(
            Somebody(
                email=f"p{number}@{DOMAIN}",
                name=f"Person {number}",
                manager=boss,
                deputy=f"p{dice.randrange(count)}@{DOMAIN}" if dice.random() < 0.2 else "",
                department=f"D{((number - 1) // span) // span}" if number else "",
                team=f"T{(number - 1) // span}" if number else "",
                country=country,
                zone=zone,
                locale=locale,
                work_days=dice.choice(("", "", "", "", "Mon-Thu", "Sun-Thu", "Tue,Wed,Fri")),
                work_hours=dice.choice(("", "", "", "08:00-17:00", "10:00-19:00", "13:00-21:00")),
                starts=joins if number else None,
                ends=dice.choice((first, last)) + timedelta(days=dice.randint(2, 9)) if leaves and number else None,
                role="hr_admin" if number == 0 else "",
                platforms=("slack",) if chance < 0.5 else ("teams",) if chance < 0.85 else ("slack", "teams"),
            )
        )
    return [replace(one, deputy="") if one.deputy == one.email else one for one in everybody]


def people_csv(everybody: Sequence[Somebody]) -> bytes:
    """The file for `rondo import people`."""
    return _csv(PEOPLE, (one.row() for one in everybody))


def goals_csv(dice: Random, everybody: Sequence[Somebody], start: datetime) -> tuple[bytes, bytes]:
    """Files for `rondo import goals`, goals forgotten for a while and new ones: nought to three each, near the end of a
    cycle also in the next one.
    """
    files: tuple[list[tuple[str, ...]], list[tuple[str, ...]]] = [], []
    for one in everybody:
        files[dice.random() < 0.6].extend(_goals(dice, one, start))
    return _csv(GOALS, files[0]), _csv(GOALS, files[1])


def _goals(dice: Random, owner: Somebody, start: datetime) -> Iterator[tuple[str, ...]]:
    this = cycle_of(start.date(), 1)
    _, ends = bounds(this, 1)
    following = cycle_of(ends + timedelta(days=3), 1)
    for number in range(dice.choice((0, 1, 1, 2, 3))):
        kind = dice.choice(("committed", "committed", "aspirational", "learning"))
        results = [dice.choice(RESULTS) for _ in range(dice.choice((1, 2)))]
        for cycle in (this, following) if (ends - start.date()).days < 30 else (this,):
            name = f"{owner.email.partition('@')[0]}-{number}-{cycle}"
            head = (name, owner.email, owner.team, cycle, kind, f"Objective {name}", "Because", "", "")
            for place, (words, unit, low, high) in enumerate(results):
                numbers = (str(low), str(high), str(low + (high - low) // 3))
                yield (*(head if place == 0 else ("",) * 9), f"{name}-{place}", words, unit, *numbers, "")


def _csv(header: Sequence[str], rows: Iterable[tuple[str, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What HR will import: `changed` fields of somebody, known at `at`."""

    at: datetime
    email: str
    changed: dict[str, object]


def coming(dice: Random, everybody: Sequence[Somebody], start: datetime, weeks: int) -> list[News]:
    """Moves between zones (a tenth per quarter), other managers, people who leave; one import a night."""
    news: list[News] = []
    share = max(weeks / 13, 0.4)
    for number, one in enumerate(everybody):
        when = start + timedelta(days=dice.randint(1, weeks * 7 - 1), hours=dice.randint(0, 23))
        chance = dice.random()
        if chance < 0.12 * share:
            zone, country, _ = dice.choice(PLACES)
            news.append(News(at=when, email=one.email, changed={"zone": zone, "country": country}))
        elif chance < 0.18 * share and one.manager:
            boss = everybody[dice.randrange(max(1, number))]  # somebody further up or beside: never a circle
            news.append(News(at=when, email=one.email, changed={"manager": boss.email}))
        elif chance < 0.22 * share and one.manager and one.starts is None:
            last = when.date() + timedelta(days=dice.choice((-4, -1, 0, 1, 3, 7)))  # HR may hear of it late
            news.append(News(at=when, email=one.email, changed={"ends": last}))
    return sorted(news, key=lambda one: (one.at, one.email))
