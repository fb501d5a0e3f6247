"""What HR can set: one threshold with its kind, unit, bounds, default and its values in the profiles."""

from dataclasses import dataclass
from enum import StrEnum

from bot.rules.worktime import Unit


class Kind(StrEnum):
    """What sort of value a threshold takes. Canonical: `14cd`, `thu 10:00`, `2`, `on`, `18:00-09:00`; `off` where allowed."""

    SPAN = "span"
    WEEKLY = "weekly"
    COUNT = "count"
    SWITCH = "switch"
    HOURS = "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One value HR can change. `low` and `high` are bounds in `unit` (for hours given as days: one day is 8 hours).

    `light` and `active` are its values in these profiles; empty: profiles leave it alone. `counts` names what a count counts.
    """

    rule: str
    name: str = ""
    kind: Kind
    default: str
    light: str = ""
    active: str = ""
    unit: Unit = Unit.DAYS
    counts: str = ""
    low: int = 0
    high: int = 0
    may_be_off: bool = False
    for_all: bool = False  # it holds for the whole company, and for nobody alone
    below: str = ""  # another threshold of the rule that must stay greater than this one
    above: str = ""  # another threshold of the rule that must stay less than this one

    @property
    def full_name(self) -> str:
        """`goal.stalled.owner`; for a rule with one nameless threshold the rule's name."""
        return f"{self.rule}.{self.name}" if self.name else self.rule

    def under(self, profile: str) -> str | None:
        """Its value in a profile; None where profiles leave it alone."""
        if not self.light and not self.active:
            return None
        return {"light": self.light, "active": self.active}.get(profile) or self.default


PROFILES = ("light", "standard", "active")
"""Preset bundles of thresholds (PRODUCT.md section 2); `standard` holds the defaults."""
