"""What an audit is told, and what it answers. Plain values: whoever reads a database or simulates one fills them in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.model import Escalation, Person

GRACE = timedelta(minutes=10)
"""So long after its time something may still be on its way: a sweep, a send, a report."""

Holidays = Callable[[str, int], frozenset[date]]
Window = Callable[[int], timedelta]


class Kind(StrEnum):
    """What is wrong. Everything but INFO is for somebody to look at."""

    MISSING = "missing"  # should have been sent or asked, and was not
    DOUBLED = "doubled"  # was sent more often than it should
    LATE = "late"  # happened, or will happen, after its time
    LOST = "lost"  # nobody will ever look at it again
    TAMPERED = "tampered"  # ledger, outbox and state tell different stories
    UNFOUNDED = "unfounded"  # was sent and should not have been
    INFO = "info"  # worth knowing: refused, perhaps delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be. `kind`, `what` and `subject` name it from one audit to the next."""

    kind: Kind
    what: str
    subject: str
    words: str
    remedy: str = ""
    who: str = ""  # e-mail, for people at a command line; never logged

    @property
    def name(self) -> str:
        """The same in every audit that finds it."""
        return f"{self.kind}:{self.what}:{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `began` to `seen` somebody looked at what was due."""

    began: datetime
    seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One message Rondo started, as the outbox has it. `subjects` as decided; `doubted`: an attempt may have arrived unseen."""

    key: str
    to: str
    rule: str
    stage: str = ""
    subjects: tuple[str, ...] = ()
    snoozed: bool = False
    state: str
    reason: str = ""
    decided_at: datetime
    delivered_at: datetime | None = None
    expires_at: datetime | None = None
    doubted: bool = False

    @property
    def subject(self) -> str:
        """What it is about, first of all."""
        return self.subjects[0] if self.subjects else ""

    @property
    def counts(self) -> bool:
        """It was seen, may have been, or will be."""
        return self.delivered_at is not None or self.state not in ("expired", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the ledger."""

    at: datetime
    name: str
    subject: str
    person: str
    outcome: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What is stored of one person's check-in of a week."""

    period: str
    state: str
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    skip_reason: str = ""
    reminders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One person with everything that was decided about them lately. `rows` and `lines` reach back to `World.known_from`."""

    person: Person
    changed_at: datetime | None = None  # when the person's row was written last; None: long ago
    weeks: Mapping[str, Week] = field(default_factory=dict)  # by period
    rows: Sequence[Row] = ()
    lines: Sequence[Line] = ()  # about the person's check-ins and about the keys and first subjects of `rows`
    due_at: datetime | None = None  # when the desk is looked at next; None: never
    lost_keys: Sequence[str] = ()  # of messages that were said and that the outbox does not know
    answered_at: datetime | None = None  # when they last said something about a goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request for a decision, with whoever it concerns. `rows`: of its cards, by key."""

    escalation: Escalation
    owner: Person | None
    holder: Person | None
    holder_changed_at: datetime | None = None
    goal_active: bool = True
    heard_at: datetime | None = None  # when anything of ours first reached the owner
    rows: Mapping[str, Row] = field(default_factory=dict)
    lines: Sequence[Line] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A message that should have moved on by now. `since`: by the application's clock."""

    key: str
    to: str
    what: str  # `expired`: waits beyond its time; `lease`, `settle`: nobody comes back to it
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is no single desk's."""

    unsent: Sequence[Line] = ()  # "delivered", says the ledger, of a message the outbox does not know
    overdue: Mapping[str, datetime] = field(default_factory=dict)  # agenda subjects that are due since then
    stuck: Sequence[Stuck] = ()
    teams: Sequence[str] = ()  # that have a channel and are never looked at
    posts: Sequence[Row] = ()  # what was posted to channels
    lines: Sequence[Line] = ()  # about the keys and first subjects of `posts`
    lost_keys: Sequence[str] = ()  # posts that were decided and that the outbox does not know
    settled: Sequence[Row] = ()  # refused, or perhaps delivered: nothing more will happen
