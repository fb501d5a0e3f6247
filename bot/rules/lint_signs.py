"""What the goal lint's two readers (`lint_en.py`, `lint_ko.py`) hand back: the signs in a text, added up."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Family(StrEnum):
    """Which outcome form fits: one per kind of doing, and one per missing part. `lint-suggestion` has words for each."""

    TEACH = "teach"
    MEET = "meet"
    PUBLISH = "publish"
    PROMOTE = "promote"
    BUILD = "build"
    STUDY = "study"
    ARRANGE = "arrange"
    HIRE = "hire"
    HELP = "help"
    KEEP = "keep"
    FINISH = "finish"
    LEARN = "learn"  # any doing, in a learning goal
    NUMBER = "number"
    BASELINE = "baseline"
    DATE = "date"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a key result says beside its words. An objective has none of it."""

    unit: str = ""
    start: Decimal | None = None
    target: Decimal | None = None

    @property
    def counts_doneness(self) -> bool:
        """From 0 to 100 %: as a rule how much of the work is done, not something that is measured."""
        return self.unit.strip() in ("%", "％") and not self.start and self.target == 100

    @property
    def moves_a_level(self) -> bool:
        """From where it stands today to somewhere else: something is measured already."""
        return bool(self.start) and self.target is not None and self.target != self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """A text weighed: above 0 it names an activity, else an outcome; the further from 0, the surer."""

    score: int
    word: str = ""  # the word that says what will be done, as it was typed; empty: no single word does
    family: Family = Family.FINISH
    thing: str = ""  # what it will be done to, as it was typed
