"""Goals with their key results, from draft to grade; health numbers beside them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class GoalType(StrEnum):
    """How a goal is meant, and so how it may be judged (PRODUCT.md section 3)."""

    COMMITTED = "committed"
    ASPIRATIONAL = "aspirational"
    LEARNING = "learning"


class GoalKind(StrEnum):
    """What a goal is for (PRODUCT.md section 1)."""

    OBJECTIVE = "objective"
    KPO = "kpo"  # a new hire's performance objective, reviewed at day 30, 60 and 90


class GoalState(StrEnum):
    """How far a goal has come between an idea and its grade."""

    DRAFT = "draft"  # being written; nobody but its owner sees it
    PROPOSED = "proposed"  # waits for the manager's approval
    ACTIVE = "active"
    CLOSED = "closed"  # graded
    DISCARDED = "discarded"


class Next(StrEnum):
    """What becomes of a goal after its cycle."""

    CARRY = "carry"
    REVISE = "revise"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one team delivers to a cross-team goal."""

    team: str
    deliverable: str
    due: date | None = None
    delivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One field of a goal before and after: `type`, `target:KR`, `due:KR`; values as text, dates as ISO."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A change of target, date or type inside the cycle: needs a reason and an approval, and stays visible.

    `approved` None: nobody answered yet.
    """

    number: int
    at: datetime
    by: str  # person id
    reason: str
    changes: tuple[Changed, ...]
    approved: bool | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    note: str = ""  # what the manager said


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a goal came to: `reached` for a committed one, `score` (0 to 1) for an aspirational one, words for a learning one."""

    at: datetime
    by: str  # person id
    learned: str
    reached: bool | None = None
    score: Decimal | None = None
    explanation: str = ""  # what a committed goal that was not reached needs next; never a penalty
    next: Next | None = None


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
    kind: GoalKind = GoalKind.OBJECTIVE
    state: GoalState = GoalState.ACTIVE
    question: str = ""  # what a learning goal wants to find out
    contributions: tuple[Contribution, ...] = ()  # of a cross-team goal
    revisions: tuple[Revision, ...] = ()  # oldest first
    closing: Closing | None = None
    carried_from: str = ""  # the goal of an earlier cycle it continues
    approved_at: datetime | None = None  # None: imported, or not approved yet
    approved_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A health number that is watched and never graded. Healthy lies between `low` and `high`; None: no limit there."""

    id: str
    owner_id: str
    name: str
    unit: str = ""
    current: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    updated_at: datetime
    promoted_to: str = ""  # the key result it became; it is still watched
    dropped_at: datetime | None = None
