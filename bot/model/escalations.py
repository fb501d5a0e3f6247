"""Requests for a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class EscalationState(StrEnum):
    """Where an escalation stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"  # no decision is needed any more: `ended` says why
    UNANSWERED = "unanswered"  # nobody on the ladder decided, however often they were asked: `ended` says so


OVER = frozenset({EscalationState.DECIDED, EscalationState.WITHDRAWN, EscalationState.UNANSWERED})
"""States in which nobody is asked for the decision any more."""


class EscalationStep(StrEnum):
    """What can happen to an escalation; `bot.rules.escalation_states` says when, and what follows."""

    OPENED = "opened"  # asked for, and given to the first of the ladder who is there
    SHOWN = "shown"  # the holder's card arrived: the acknowledge clock runs
    ACKNOWLEDGED = "acknowledged"
    TALK_FIRST = "talk_first"  # the holder put it on the list for the next 1:1
    REMINDED = "reminded"
    CLIMBED = "climbed"  # a clock ran out, or nobody is there at this step: the next one has it
    COVERED = "covered"  # the holder is away: who stands in has it
    HANDED_OVER = "handed_over"
    STRANDED = "stranded"  # the last step's clock ran out
    ASKED_AGAIN = "asked_again"
    DECIDED = "decided"
    FOLLOWED = "followed"  # the decision's date passed and something had changed
    REOPENED = "reopened"  # the decision's date passed and nothing had changed
    WITHDRAWN = "withdrawn"
    UNANSWERED = "unanswered"


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
class Logged:
    """One step that was taken. `who` holds it from then on, or did it; `facts` is what belongs to the step."""

    at: datetime
    step: EscalationStep
    who: str = ""  # person id
    facts: Mapping[str, str] = field(default_factory=dict)


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
    handed_by: str = ""  # who handed it to the present holder with *Hand over*; empty: the ladder did
    suggested_id: str = ""  # who can remove the obstacle, as its owner named them
    waits: int = 0  # how often the last holder was asked again after the ladder's end
    reopened: int = 0  # how often a decision's due date passed without a change
    followed_at: datetime | None = None  # when the due date was looked at and something had changed
    ended: str = ""  # why it ended without a decision: a phrase name, see bot.flows.escalation
    log: tuple[Logged, ...] = ()  # every step, oldest first
