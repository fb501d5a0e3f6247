"""What became of nudges: counts by rule and week over everybody, never about one person.

Loaded only when HR asks for it. What is counted is one finding said to one person; a message may hold several.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.events import Failure
from bot.rules.access import FEWEST

WEEKS = 8
"""How far back, in stretches of seven days that end now (PRODUCT.md section 6)."""
IN_TIME_DAYS = 3
"""Acted on within so many days counts as wanted (PRODUCT.md section 6)."""
FEWEST_PEOPLE = FEWEST
"""Counts and rates of fewer people would say something about single ones."""


LETTERS = "letters:"
"""How an agenda's subject about messages that did not arrive is written, before the id of who is told."""
DEAD = (Failure.REFUSED, Failure.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One rule in one week (0 is the oldest) or, with `week` None, in all weeks.

    `delivered` counts what arrived; `ripe` those of them that are older than `IN_TIME_DAYS`, so that there was time to
    act; `acted` those of the ripe ones that were acted on in time. `held` is by reason, once per subject and week.
    """

    rule: str
    week: int | None = None
    delivered: int = 0
    ripe: int = 0
    acted: int = 0
    unreachable: int = 0
    refused: int = 0  # by a platform: a bug of ours, or of a setting
    unknown: int = 0  # perhaps delivered, nobody can tell
    recipients: int = 0  # different people it reached
    people: int = 0  # at least so many different people it was about, reached or not
    actions: int = 0  # how many were acted on, in time or later
    minutes: int | None = None  # median from arrival to action; None: nobody acted
    held: Mapping[str, int] = field(default_factory=dict)
    snoozed: int = 0
    muted: int = 0
    not_useful: int = 0

    @property
    def tells(self) -> bool:
        """Enough people for counts; of fewer nothing is told (PRODUCT.md section 7)."""
        return self.empty or max(self.people, self.recipients) >= FEWEST_PEOPLE

    @property
    def tells_rates(self) -> bool:
        """Enough people for a share."""
        return self.recipients >= FEWEST_PEOPLE

    @property
    def tells_time(self) -> bool:
        """Enough people and actions for a median."""
        return self.tells_rates and self.actions >= FEWEST_PEOPLE

    @property
    def share(self) -> int | None:
        """Percent acted on in time; None where too few people or nothing old enough."""
        return round(100 * self.acted / self.ripe) if self.ripe and self.tells_rates else None

    @property
    def empty(self) -> bool:
        """Nothing happened."""
        lost = self.unreachable or self.refused or self.unknown
        return not (self.delivered or lost or self.held or self.snoozed or self.muted or self.not_useful)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """So many messages of a rule were refused for the platform's `reason`, or perhaps arrived (no reason then)."""

    rule: str
    failure: Failure
    reason: str
    count: int


class Why(StrEnum):
    """Why nothing reaches a person, as far as a platform says."""

    REMOVED = "removed"  # they took the app away
    BLOCKED = "blocked"  # they blocked it, or took it away earlier
    NOT_INSTALLED = "not-installed"  # the app is not there for them
    DEACTIVATED = "deactivated"  # the account is closed
    NO_ACCOUNT = "no-account"  # no platform knows their e-mail
    OTHER = "other"


_SIGNS = {
    "MessageWritesBlocked": Why.BLOCKED,
    "UserBlockedBot": Why.BLOCKED,
    "ConversationBlockedByUser": Why.BLOCKED,
    "BotNotInConversationRoster": Why.NOT_INSTALLED,
    "ConversationNotFound": Why.NOT_INSTALLED,
    "ForbiddenOperationException": Why.NOT_INSTALLED,
    "user_disabled": Why.DEACTIVATED,
    "account_inactive": Why.DEACTIVATED,
    "UserNotFound": Why.DEACTIVATED,
    "user_not_found": Why.DEACTIVATED,
}
_TELLING = (Why.REMOVED, Why.BLOCKED, Why.NOT_INSTALLED, Why.DEACTIVATED, Why.OTHER, Why.NO_ACCOUNT)


def why(reasons: Iterable[str], *, removed: bool, has_account: bool) -> Why:
    """What a person's failed messages say together; the most telling reason counts."""
    found = {Why.REMOVED} if removed else set()
    for reason in reasons:
        found.add(next((known for sign, known in _SIGNS.items() if sign in reason), Why.OTHER))
    if not has_account:
        found = {Why.NO_ACCOUNT}
    return next((known for known in _TELLING if known in found), Why.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lone:
    """Somebody who works here and whom nothing reaches on any platform."""

    name: str
    email: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """What did not arrive since somebody was told of such messages last.

    `alone`: people whom nothing reaches since then, by name; `still`: how many were told of before and still are.
    """

    told_at: datetime | None = None
    lost: tuple[Lost, ...] = ()
    alone: tuple[Lone, ...] = ()
    still: int = 0
    ended: tuple[str, ...] = ()
    """Workspaces that Rondo was removed from since then, by name."""
