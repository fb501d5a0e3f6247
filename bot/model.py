"""What there is: people, goals, check-ins, escalations, policies, and what was already said. Frozen values, no behaviour
beyond what follows from their own fields. Instants are aware UTC; dates are local to the person they belong to.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

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


def person_id(email: str) -> str:
    """The stable id of a person, derived from the folded e-mail under which they were first known."""
    return "p" + hashlib.sha256(fold_email(email).encode()).hexdigest()[:14]


class GoalType(StrEnum):
    """How a goal is meant, and so how it may be judged (PRODUCT.md section 3)."""

    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"
    LEARNING = "learning"


class Status(StrEnum):
    """What the owner reported."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyResult:
    """How we see that something changed. `start` None: no baseline. `current` None: not reported yet."""

    id: str
    goal_id: str
    text: str
    unit: str = ""
    start: Decimal | None = None
    target: Decimal | None = None
    current: Decimal | None = None
    due: date | None = None
    position: int = 0
    source: str = ""  # the machine that feeds it; empty: the owner reports it


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """An objective with its key results.

    `updated_at` is the last update of any kind, an import included; `answered_at` the last one by a person or a
    machine, an import not included (INTERFACES, "Updated").
    """

    id: str
    owner_id: str
    title: str
    type: GoalType
    cycle: str
    why: str = ""
    team: str = ""
    parent_id: str | None = None
    coordinator_id: str | None = None
    status: Status | None = None
    updated_at: datetime
    answered_at: datetime | None = None
    key_results: tuple[KeyResult, ...] = ()


class Cause(StrEnum):
    """Why a goal is blocked (PRODUCT.md section 4)."""

    PRIORITY = "priority"
    PEOPLE = "people"
    TIME = "time"
    MONEY = "money"
    DEPENDENCY = "dependency"
    GOAL = "goal"
    MARKET = "market"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """An obstacle with a cause and the person who can remove it (their words; empty where not said)."""

    text: str
    cause: Cause | None = None
    remover: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one person said about one goal in one period."""

    goal_id: str
    status: Status | None = None
    values: Mapping[str, Decimal] = field(default_factory=dict)  # by key result id
    confidence: int | None = None  # 0 to 10
    note: str = ""
    blocker: Blocker | None = None


class CheckInState(StrEnum):
    """Where a check-in stands; the names are those of the read route."""

    OPEN = "open"
    ON_TIME = "on_time"
    LATE = "late"
    SKIPPED = "skipped"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """One person's answer for one period (a local ISO week such as `2026-W47`)."""

    person_id: str
    period: str
    state: CheckInState = CheckInState.OPEN
    asked_at: datetime | None = None
    grace_ends_at: datetime | None = None
    answered_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    wins: str = ""
    adjust: str = ""
    loss: str = ""
    private_note: str = ""
    skip_reason: str = ""
    snoozed_until: datetime | None = None
    reminders: tuple[str, ...] = ()  # keys of the reminder messages
    card: str = ""  # key of the message that shows the live card
    shown: int = 0  # how often the card was put out
    draft: Mapping[str, str] = field(default_factory=dict)
    policy: int = 0

    @property
    def id(self) -> str:
        """`PERSON/PERIOD`."""
        return f"{self.person_id}/{self.period}"

    def answer_for(self, goal_id: str) -> Answer | None:
        """The answer about one goal, if there is one."""
        return next((answer for answer in self.answers if answer.goal_id == goal_id), None)


class EscalationState(StrEnum):
    """Where an escalation stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"


class Choice(StrEnum):
    """What a manager may decide (PRODUCT.md section 5)."""

    PRIORITIES = "priorities"
    RESOURCES = "resources"
    DEPENDENCY = "dependency"
    REVISE = "revise"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message on which an escalation is shown."""

    person_id: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """A request for a decision that climbs a ladder until somebody decides. Rules are frozen when it opens."""

    id: str
    goal_id: str
    owner_id: str
    opened_at: datetime
    ladder: tuple[str, ...]  # person ids, first to last
    step: int = 0
    holder_id: str = ""
    state: EscalationState = EscalationState.OPEN
    shown_at: datetime | None = None  # when the holder's card was delivered; the acknowledge clock starts here
    acknowledged_at: datetime | None = None
    reminded_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    choice: Choice | None = None
    note: str = ""
    due: date | None = None
    cause: str = ""
    loss: str = ""
    requested: bool = False  # the owner pressed "I need a decision"
    acknowledge_within: str = "1d"  # frozen policy values, as written in the policy
    decide_within: str = "3d"
    policy: int = 0
    cards: tuple[Shown, ...] = ()


class DutyKind(StrEnum):
    """What one person owes another besides goals and check-ins."""

    BLOCKER = "blocker"  # an obstacle to remove; `goal_id` is what it blocks
    ONE_ON_ONE = "one_on_one"  # something to talk about in the next 1:1
    REVIEW = "review"  # a new hire's review
    PREPARE = "prepare"  # a leader's questions before the next cycle
    WRAP_UP = "wrap_up"  # what an owner's cycle came to


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something to be done by `holder_id`, about or for `person_id`. Reviews, prepare and wrap-up are kept once they are done.

    `next_holder_id` hears of it when the holder does nothing (a blocker's coordinator or manager; empty: nobody).
    """

    id: str
    kind: DutyKind
    person_id: str
    holder_id: str
    next_holder_id: str = ""
    goal_id: str = ""
    text: str = ""
    opened_at: datetime
    done_at: datetime | None = None
    done_by: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudged:
    """A rule was said once to somebody about a subject: what keeps it from being said again, see `bot.rules.finding`."""

    recipient_id: str
    rule: str
    stage: str
    subject: str
    basis: str
    key: str  # of the message it stands in; empty: that message was never seen
    times: int = 1
    decided_at: datetime
    delivered_at: datetime | None = None
    done_at: datetime | None = None  # when it was seen to be no longer true


class ScopeKind(StrEnum):
    """For whom a policy value holds; later is more specific (PRODUCT.md section 1)."""

    COMPANY = "company"
    DEPARTMENT = "department"
    TEAM = "team"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Scope:
    """A kind and, except for the company, a name (for a person: their id)."""

    kind: ScopeKind = ScopeKind.COMPANY
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One immutable policy version: one threshold in one scope got a value. `value` None: back to what lies above."""

    version: int
    at: datetime
    author: str  # person id
    threshold: str  # `goal.stalled.owner`
    scope: Scope
    value: str | None  # canonical form, see bot.rules.policy
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A message that went (or is on its way) to a person. `rule` is empty for replies."""

    key: str
    to: str
    rule: str
    subjects: tuple[str, ...]
    policy: int
    facts: Mapping[str, str]
    decided_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The deployment's own defaults."""

    name: str = "Rondo"
    zone: str = "UTC"
    country: str | None = None
    locale: str = "en"
    fiscal_month: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department or team by name, with how many people it has. `departments`: for a team, how many of them sit in which."""

    kind: ScopeKind
    name: str
    people: int
    departments: Mapping[str, int] = field(default_factory=dict)
