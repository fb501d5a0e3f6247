"""People, the company they work for, and its units."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from bot.model.policies import ScopeKind
from bot.talk.text import fold_email


class Role(StrEnum):
    """What a person may do beyond what their place in the organisation gives them."""

    EMPLOYEE = ""
    HR_ADMIN = "hr_admin"


class DayPart(StrEnum):
    """Which part of a working day; the halves meet in the middle of the person's working hours."""

    WHOLE = ""
    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Leave from `first` to `last`, both included, in the person's own days; of each of them only `part`."""

    first: date
    last: date
    source: str = "chat"  # or "csv"
    part: DayPart = DayPart.WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A person does not want to hear of a rule; `until` None: for good."""

    rule: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works here. Blank fields (None) take the company's default, see `bot.rules.people`."""

    id: str
    email: str
    name: str
    manager_id: str | None = None
    deputy_id: str | None = None
    department: str = ""
    team: str = ""
    country: str | None = None
    zone: str | None = None
    locale: str | None = None
    work_days: frozenset[int] | None = None
    work_hours: tuple[time, time] | None = None
    start_date: date | None = None
    end_date: date | None = None
    role: Role = Role.EMPLOYEE
    known_since: datetime
    language: str | None = None  # chosen with /rondo language; wins over locale and chat_locale
    chat_zone: str | None = None
    chat_locale: str | None = None
    welcomed: bool = False
    absences: tuple[Absence, ...] = ()
    mutes: tuple[Mute, ...] = ()
    digest_when: str | None = None  # `mon 09:00`: when they want to hear what can wait; None: as HR set it
    one_on_one: str | None = None  # when they meet their manager: `tue 14:00`, `tue 14:00 2026-W47` (every other week from then)
    prefers: str = ""  # the platform (`slack`, `teams`) on which Rondo writes to them first; empty: where they were last
    erase_at: datetime | None = None  # they asked to be forgotten: from then on everything about them is erased


def person_id(email: str) -> str:
    """The stable id of a person, derived from the folded e-mail under which they were first known."""
    return "p" + hashlib.sha256(fold_email(email).encode()).hexdigest()[:14]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The deployment's own defaults."""

    name: str = "Rondo"
    zone: str = "UTC"
    country: str | None = None
    locale: str = "en"
    fiscal_month: int = 1
    concern_contact: str = ""  # e-mail of who gets what `/rondo concern` says; empty: an HR admin


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department or team by name, with how many people it has. `departments`: for a team, how many of them sit in which."""

    kind: ScopeKind
    name: str
    people: int
    departments: Mapping[str, int] = field(default_factory=dict)
