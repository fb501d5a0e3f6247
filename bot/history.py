"""What happened to people in the last months, as far as the ledger and the check-ins tell: what a backtest replays.

Loaded only when somebody asks what another threshold would have done. Frozen values, oldest first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from bot.model import CheckIn, Duty, Escalation, Goal, Person, Scope, ScopeKind


class Deed(StrEnum):
    """What somebody (or a machine) did that rules depend on."""

    ANSWERED = "answered"  # a check-in, also a change of its answers
    SKIPPED = "skipped"
    EXCUSED = "excused"  # by leave
    MISSED = "missed"
    SNOOZED = "snoozed"
    MEASURED = "measured"  # a machine reported a key result
    IMPORTED = "imported"  # a goal came or changed by an import


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One deed about a person's check-in or goals."""

    at: datetime
    what: Deed
    period: str = ""  # of the check-in
    goals: tuple[str, ...] = ()  # ids of the goals it moved
    state: str = ""  # of the check-in afterwards
    values: Mapping[str, Decimal] = field(default_factory=dict)  # by key result id
    until: datetime | None = None  # snoozed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A rule was said to the person; with `held` it was not, for that reason."""

    at: datetime
    rule: str
    stage: str
    subject: str
    message: str = ""  # its key: parts of one message share it
    held: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One person's months. `person`, `goals`, `checkins` and `duties` are as they are now."""

    person: Person
    goals: tuple[Goal, ...] = ()
    checkins: tuple[CheckIn, ...] = ()
    done: tuple[Done, ...] = ()
    sent: tuple[Sent, ...] = ()
    duties: tuple[Duty, ...] = ()  # about the person
    escalations: tuple[Escalation, ...] = ()  # about their goals


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody who works here belongs."""

    person_id: str
    department: str = ""
    team: str = ""

    def lies_in(self, scope: Scope) -> bool:
        """Whether a scope holds for them."""
        match scope.kind:
            case ScopeKind.COMPANY:
                return True
            case ScopeKind.DEPARTMENT:
                return self.department.casefold() == scope.name.casefold()
            case ScopeKind.TEAM:
                return self.team.casefold() == scope.name.casefold()
            case ScopeKind.PERSON:
                return self.person_id == scope.name


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The company's last months. `since`: from when on the ledger knows; `people` may be a sample of `places`."""

    since: datetime
    places: tuple[Place, ...] = ()
    people: tuple[Past, ...] = ()  # by person id
    around: Mapping[str, Person] = field(
        default_factory=dict
    )  # those people, their managers, the managers' deputies, who owes them something


def written_values(goals: Iterable[Goal]) -> str:
    """The values of key results as the ledger keeps them: `K1=40;K2=3.5`."""
    parts = (part for goal in goals for part in goal.key_results if part.current is not None)
    return ";".join(f"{part.id}={part.current}" for part in parts)


def read_values(text: str) -> dict[str, Decimal]:
    """What `written_values` wrote; anything else is left out."""
    found: dict[str, Decimal] = {}
    for part in text.split(";"):
        name, _, value = part.rpartition("=")
        try:
            found |= {name: Decimal(value)} if name else {}
        except InvalidOperation:
            continue
    return found
