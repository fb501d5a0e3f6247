"""What becomes of one attempt to send a message, and how far it got. The table is RELIABILITY 2.2."""

from dataclasses import dataclass

from bot.events import Failure, Platform, Receipt
from bot.ports import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """People see it. `older`: it was found, and may show less than the row says: an edit follows."""

    receipt: Receipt
    older: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It will not arrive."""

    failure: Failure
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Certainly not posted; ready again after `seconds`."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """Perhaps posted. `seconds` None: the usual settle time."""

    reason: str
    seconds: float | None = None


Verdict = Arrived | Failed | Again | Doubtful


class Attempt:
    """A claimed parcel and how far it got.

    `left` is set just before the first byte of a new post may leave; `platform` is where it was tried last; `counted`:
    that it leaves once more after a doubt is written down; `perhaps`: it may have arrived before, and nobody can say.
    """

    __slots__ = ("claimed_at", "counted", "left", "parcel", "perhaps", "platform")

    def __init__(self, parcel: Parcel, claimed_at: float) -> None:
        self.parcel = parcel
        self.claimed_at = claimed_at
        self.left = False
        self.counted = False
        self.perhaps = False
        self.platform: Platform | None = None
