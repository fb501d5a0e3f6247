"""What is stored about a person, as they asked to see it: counts with the newest example, who read it, and all of it.

Loaded only when somebody asks for what is theirs. Frozen values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

READ_DAYS = 90
"""So far back it is told who read somebody's words; the ledger, and the export, have all of it."""

EXAMPLE = 160
"""So many characters of the newest example are shown."""


class Kind(StrEnum):
    """What sorts of things are stored about a person."""

    ACCOUNTS = "accounts"
    GOALS = "goals"
    FIGURES = "figures"
    CHECKINS = "checkins"
    NOTES = "notes"
    DECISIONS = "decisions"
    DUTIES = "duties"
    MESSAGES = "messages"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """So many things of a kind; `example`: the newest one, in words."""

    kind: Kind
    count: int
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Somebody read the person's words. `by` is who, by e-mail (or what the operator's hand is called), `where` on what."""

    at: datetime
    by: str
    where: str
    person_id: str = ""  # of the reader, where they are known here


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The answer to `/rondo privacy`; for `/rondo export` only `dossier`: everything, by kind, as plain JSON values."""

    stored: tuple[Stored, ...] = ()
    readings: tuple[Reading, ...] = ()  # newest first
    more_readings: int = 0
    dossier: Mapping[str, Any] | None = None
