"""`privacy.retention`: how long what people wrote, messages and the ledger are kept; and when a person is erased.

Nothing is said to anybody: the nightly upkeep of the server goes by these values, for the whole company alike. The bounds leave
what a backtest and an audit look back at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import PolicyChange
from bot.rules.policy import COMPANY, in_force
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Unit

NAME = "privacy.retention"

ERASE_AFTER = timedelta(days=7)
"""Between somebody's wish to be forgotten and the erasure: so long they can take it back."""

LONGEST = 3_650


def _kept(name: str, default: str, low: int) -> Threshold:
    return Threshold(
        rule=NAME, name=name, kind=Kind.SPAN, unit=Unit.CALENDAR_DAYS, default=default, low=low, high=LONGEST,
        may_be_off=True, for_all=True,
    )  # fmt: skip


WORDS = _kept("words", "730cd", 180)
MESSAGES = _kept("messages", "400cd", 180)
LEDGER = _kept("ledger", "1095cd", 180)
LEAVERS = _kept("leavers", "off", 1)

RULE = Rule(name=NAME, thresholds=(WORDS, MESSAGES, LEDGER, LEAVERS), recipients=(Recipient.PERSON,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is older than these instants goes (UTC). None: it is kept."""

    words: datetime | None
    messages: datetime | None
    ledger: datetime | None
    leavers: datetime | None


def limits(policies: Sequence[PolicyChange], now: datetime) -> Limits:
    """What HR set for the whole company, as instants."""

    def until(threshold: Threshold) -> datetime | None:
        setting = in_force(policies, (COMPANY,), threshold)
        return None if setting.off else now - timedelta(days=setting.span.amount)

    return Limits(words=until(WORDS), messages=until(MESSAGES), ledger=until(LEDGER), leavers=until(LEAVERS))
