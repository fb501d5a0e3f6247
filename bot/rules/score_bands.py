"""Where the score of an aspirational goal lies: what the field takes for success, and what was perhaps set too high or too low.

A band is said to the goal's owner, for planning the next cycle. It is never shown to others as a rating of a person.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from bot.model import Goal, GoalType

# Field practice of stretch goals: 0.6 to 0.7 is the sweet spot, what comes to 1.0 again and again was not ambitious, and a
# low score is data for the next plan (Google re:Work, "Set goals with OKRs"); below 0.4 next to nothing came of it
# (Doerr, "Measure What Matters", which grades 0.0-0.3, 0.4-0.6 and 0.7-1.0).
UNREALISTIC_BELOW = Decimal("0.3")
SUCCESS_FROM = Decimal("0.6")
SUCCESS_TO = Decimal("0.7")
EASY_ABOVE = Decimal("0.9")


class Band(StrEnum):
    """What a score says about how the goal was set; the value is the tail of a phrase's name."""

    UNREALISTIC = "unrealistic"
    PART = "part"
    SUCCESS = "success"
    BEYOND = "beyond"
    EASY = "easy"


def band(score: Decimal) -> Band:
    """The band of a score from 0 to 1."""
    if score < UNREALISTIC_BELOW:
        return Band.UNREALISTIC
    if score < SUCCESS_FROM:
        return Band.PART
    if score <= SUCCESS_TO:
        return Band.SUCCESS
    return Band.BEYOND if score <= EASY_ABOVE else Band.EASY


def mean_score(goals: Iterable[Goal]) -> Decimal | None:
    """The mean over aspirational goals that have a score, to two decimals; None for fewer than two of them."""
    graded = (goal.closing for goal in goals if goal.type is GoalType.ASPIRATIONAL)
    scores = [closing.score for closing in graded if closing is not None and closing.score is not None]
    return (sum(scores, Decimal(0)) / len(scores)).quantize(Decimal("0.01")) if len(scores) > 1 else None
