"""How one workspace (Slack) or tenant (Teams) does: well, resting because nothing gets through, or being tried again.

Plain arithmetic on monotonic seconds. A broken one (token, installation) or one that does not answer rests alone: what
waits for it stays in the outbox and costs the others nothing.
"""

from dataclasses import dataclass

ENOUGH = 5
"""So many attempts in a row without a clear answer mean that the platform is down, not that one of them had bad luck."""
UNCLEAR_FIRST, UNCLEAR_LONGEST = 5.0, 60.0
BROKEN_FIRST, BROKEN_LONGEST = 15.0, 600.0
"""Seconds of the first rest and of the longest; each is twice the one before."""
ASIDE = 30.0
"""Seconds until a message comes again that finds another one trying."""
PROBES = 1
"""How many messages try at once whether a workspace that rested is well again: each may be left in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """Why a workspace rests, and for how many seconds more; 0: it is being tried."""

    reason: str
    seconds: float
    broken: bool


class Workspace:
    """One workspace's health."""

    def __init__(self) -> None:
        self.arrivals = 0
        """How often something got through."""
        self.probes = 0
        """Messages under way that try whether it is well again."""
        self._failures = 0
        self._rests = 0
        self._until = float("-inf")
        self._reason = ""
        self._broken = False

    def arrived(self) -> bool:
        """Something got through: all is well. True: it was not, before."""
        rested = self._rests > 0
        self.arrivals += 1
        self._failures = self._rests = 0
        self._reason, self._broken = "", False
        return rested

    def mended(self) -> None:
        """Somebody says that it is well again (installed anew): it is tried at once."""
        self.arrived()
        self._until = float("-inf")

    def try_again(self) -> bool:
        """A rest ends early; the next one is as long as it would have been. True: it is not known to be well."""
        self._until = float("-inf")
        return self.trying

    def unclear(self, now: float, reason: str) -> float:
        """No connection, or no clear answer. Seconds of rest that begin now or have begun; 0: none."""
        self._failures += 1
        if self._failures < ENOUGH and not self._rests:
            return 0.0
        return self._rest(now, reason, broken=False)

    def broken(self, now: float, reason: str) -> float:
        """It takes nothing from us. Seconds of rest."""
        return self._rest(now, reason, broken=True)

    def paused(self, now: float) -> float:
        """Seconds until it is tried again; 0: it may be tried."""
        return max(0.0, self._until - now)

    @property
    def free(self) -> int:
        """How many more may try at once."""
        return max(0, PROBES - self.probes)

    @property
    def trying(self) -> bool:
        """It rested and nothing has got through since."""
        return self._rests > 0

    def standing(self, now: float) -> Rest | None:
        """None: well."""
        return Rest(reason=self._reason, seconds=self.paused(now), broken=self._broken) if self._rests else None

    def _rest(self, now: float, reason: str, *, broken: bool) -> float:
        if now >= self._until:  # else: one of several that were under way together
            first, longest = (BROKEN_FIRST, BROKEN_LONGEST) if broken else (UNCLEAR_FIRST, UNCLEAR_LONGEST)
            self._until = now + min(longest, first * 2.0 ** min(self._rests, 10))
            self._rests += 1
        self._reason, self._broken = reason, broken
        return self._until - now
