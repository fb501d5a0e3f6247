"""What people say about their goals, one answer per period."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.model.goals import Status


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

    @property
    def is_answered(self) -> bool:
        """Every goal was answered."""
        return self in (CheckInState.ON_TIME, CheckInState.LATE)


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
