"""What a rule finds at a desk: something to do or say, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class Weight(IntEnum):
    """What goes first when the budget is short; lower goes first."""

    CHECKIN = 0
    REMINDER = 1
    MANAGER = 2
    OWNER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule holds from `at` on (UTC; in the future: it will). `says` False: it changes something and sends nothing.

    `stage` tells the rule's cases apart (`owner`, `manager`, `first`), `about` is a period or a goal id.
    """

    rule: str
    stage: str
    about: str
    at: datetime
    policy: int
    weight: Weight = Weight.OWNER
    says: bool = True
    facts: Mapping[str, str] = field(default_factory=dict)
