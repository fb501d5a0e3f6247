"""What a rule is: a name, thresholds, who hears of it, and an evaluator. One file each, listed in `bot.rules.registry`.

Its texts stand in `prompts` under names that follow from its own: `rule-NAME` (what it is for), `threshold-NAME`,
`nudge-NAME-STAGE` and `nudge-NAME-STAGE-summary`, `why-NAME`, dots written as dashes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.rules.finding import Finding
from bot.rules.threshold import Threshold
from bot.scene import Scene


class Recipient(StrEnum):
    """Who hears of a rule."""

    PERSON = "person"
    OWNER = "owner"
    MANAGER = "manager"
    HOLDER = "holder"  # whoever holds an escalation
    REMOVER = "remover"  # whoever can remove a blocker
    COORDINATOR = "coordinator"
    LEADER = "leader"  # everybody somebody reports to
    NEWCOMER = "newcomer"
    TEAM = "team"  # in its channel


def silent(scene: Scene) -> Iterator[Finding]:
    """The evaluator of rules that are applied elsewhere: limits, and what follows at once from an answer."""
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of PRODUCT.md section 2. `facts` names what its findings rest on; `find` yields what holds now or will.

    `mutable`: a person may mute it for themselves (where HR did not lock it). `steady`: what it finds does not
    depend on the check-ins of the desk's owner nor on what they were told, so that a look that asks them need not find again.
    """

    name: str
    thresholds: tuple[Threshold, ...]
    recipients: tuple[Recipient, ...]
    facts: tuple[str, ...] = ()
    find: Callable[[Scene], Iterator[Finding]] = silent
    mutable: bool = False
    steady: bool = False

    @property
    def phrase(self) -> str:
        """Its name as it stands in the names of texts."""
        return self.name.replace(".", "-")
