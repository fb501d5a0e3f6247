"""The times of a proof: those of production, divided, so that a thousand crashes fit into half an hour.

What makes delivery right is not how long the times are but their order; `Times` refuses any other order.
"""

from dataclasses import dataclass

LEASE, HOLD, HTTP, SETTLE = 120.0, 20.0, 10.0, 60.0
"""Production, in seconds: how long a claim holds, may wait before its first byte, and waits for an answer; the settle time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """All in seconds. `commit` and `late` are the platform's: until a post is kept, and from then until it can be read back."""

    lease: float
    hold: float
    http: float
    settle: float
    commit: float
    late: float

    def problems(self) -> list[str]:
        """Why read-back could miss a message that is there; empty where it cannot."""
        found = []
        if self.commit + self.late >= self.settle:
            found.append("the settle time is not longer than the platform takes to show a message")
        if self.hold + self.http + self.settle > self.lease:
            found.append("a claim may end before what was sent under it can be read back")
        return found


def divided(by: float) -> Times:
    """Production's times divided; the platform takes up to half of the settle time to show a message."""
    settle = SETTLE / by
    return Times(lease=LEASE / by, hold=HOLD / by, http=HTTP / by, settle=settle, commit=settle / 16, late=settle / 2)
