"""Where a team wants its own messages: a channel that somebody of the team named."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.events import Address, Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The one channel of a team. Switched off it is kept, so that what stands there is known.

    `place` is the platform's name of the channel; `route` what its gateway needs, as in an `Address`.
    """

    team: str
    platform: Platform
    tenant: str
    place: str
    route: Mapping[str, str]
    opened_by: str  # person id; their zone, hours and language count
    at: datetime  # since when it is this one
    on: bool = True
    posted: str = ""  # the week whose post stands here, such as `2026-W47`; empty: none yet
    summed: str = ""  # the month whose summary stands here, such as `2026-11`
    lost: str = ""  # why it could not be reached, until `opened_by` was told

    @property
    def subject(self) -> str:
        """`team:NAME`: what the agenda looks at, and to whom its messages go."""
        return f"team:{self.team}"

    @property
    def address(self) -> Address:
        """The channel as a gateway knows it."""
        return Address(platform=self.platform, tenant=self.tenant, user=self.place, route=self.route)
