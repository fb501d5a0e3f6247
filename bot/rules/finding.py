"""What a rule finds at a desk: something to do or say, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.model import Duty
from bot.rules.worktime import Span


class Weight(IntEnum):
    """What goes first when the budget is short; lower goes first."""

    CHECKIN = 0
    REMINDER = 1
    BLOCKER = 2
    MANAGER = 3
    OWNER = 4
    DIGEST = 5


class Offer(StrEnum):
    """What can be done about a finding from the message itself."""

    ANSWER = "answer"  # the quick answers for the goal, and its form
    ASK_OWNER = "ask_owner"  # ask the goal's owner what should be adjusted
    NEED_DECISION = "need_decision"  # bring the goal to who can decide
    TALK = "talk"  # put the goal, or what there is with this person, on the list for the next 1:1
    DONE = "done"  # the duty is done: item talked about, review held, obstacle removed
    SHOW_GOALS = "show_goals"  # the recipient's own goals
    FILL_IN = "fill_in"  # the duty's form: a leader's questions, an owner's wrap-up
    PROPOSE = "propose"  # change a draft, or send it for approval
    GRADE = "grade"  # say what the goals a review is about came to
    ADD_GOAL = "add_goal"  # write a new goal
    APPROVE = "approve"  # a goal, or a change of one, with all that is needed to decide: say yes, ask for a change, look at it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule holds from `at` on (UTC; in the future: it will). `says` False: it changes something and sends nothing.

    `stage` tells the rule's cases apart (`owner`, `manager`, `first`); `subject` is `goal:ID`, `checkin:PERSON/PERIOD`,
    `duty:ID` or `person:ID`. What was said once about a subject is not said again while `basis` (what it is true of: this
    silence, this period) stays the same; with `again` it is, after that span, then twice, then four times that span.
    `args` go into the texts `nudge-RULE-STAGE` and `nudge-RULE-STAGE-summary`. Saying it opens the duty `opens` and keeps
    `marks`. What is not delivered by `until` is not sent any more.
    """

    rule: str
    stage: str
    subject: str
    at: datetime
    policy: int
    weight: Weight = Weight.OWNER
    says: bool = True
    basis: str = ""
    again: Span | None = None
    offers: tuple[Offer, ...] = ()
    args: Mapping[str, str | int] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    opens: Duty | None = None
    marks: tuple[Duty, ...] = ()
    until: datetime | None = None

    @property
    def about(self) -> str:
        """The id in `subject`."""
        return self.subject.partition(":")[2]
