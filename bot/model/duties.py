"""What people owe each other besides goals and check-ins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class DutyKind(StrEnum):
    """What one person owes another besides goals and check-ins."""

    BLOCKER = "blocker"  # an obstacle to remove; `goal_id` is what it blocks
    ONE_ON_ONE = "one_on_one"  # something to talk about in the next 1:1
    REVIEW = "review"  # a new hire's review
    PREPARE = "prepare"  # a leader's questions before the next cycle
    WRAP_UP = "wrap_up"  # what an owner's cycle came to
    STOP = "stop"  # the stop list: what goes so that a goal has room
    CONCERN = "concern"  # what somebody told the named contact, for the two of them alone
    APPROVAL = "approval"  # a goal, or a change of one, that waits for its owner's manager


class Topic(StrEnum):
    """What an item for a 1:1 is about. Status is not among them: that is what check-ins are for."""

    SUPPORT = "support"
    OBSTACLE = "obstacle"
    DEVELOPMENT = "development"
    DECISION = "decision"  # *Talk first* on a request for a decision


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
    topic: Topic | None = None  # of an item for a 1:1
