"""What was already said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


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
