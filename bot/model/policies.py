"""Thresholds as HR set them: immutable versions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ScopeKind(StrEnum):
    """For whom a policy value holds; later is more specific (PRODUCT.md section 1)."""

    COMPANY = "company"
    DEPARTMENT = "department"
    TEAM = "team"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Scope:
    """A kind and, except for the company, a name (for a person: their id)."""

    kind: ScopeKind = ScopeKind.COMPANY
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One immutable policy version: one threshold in one scope got a value. `value` None: back to what lies above."""

    version: int
    at: datetime
    author: str  # person id
    threshold: str  # `goal.stalled.owner`
    scope: Scope
    value: str | None  # canonical form, see bot.rules.policy
    reason: str = ""
