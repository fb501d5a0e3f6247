"""A token bucket as plain arithmetic on monotonic seconds: who may talk when, under one allowance of a platform."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`rate` a second on average, `burst` at once, and never more than `per_minute` in any 60 seconds.

    `shared`: the part of the rate that several processes use between them: by chance their calls bunch up.
    """

    rate: float
    burst: int
    per_minute: int | None = None
    shared: float = 1.0


SLOWER, SLOWEST = 0.9, 0.5
"""What one 429 leaves of the speed, and what is left at least: the platform says with `Retry-After` how long to be silent,
so that this only keeps the next burst from meeting the same limit."""
AGAIN = 300.0
"""Seconds in which the speed would grow from nothing to all: one 429 is forgotten after half a minute."""


class Bucket:
    """A token bucket that can be paused, shared, and slowed after a 429. Times are monotonic seconds."""

    def __init__(self, allowance: Allowance, now: float, share: float = 1.0) -> None:
        self._allowance = allowance
        self._share = share
        self._level = self._burst
        self._at = now
        self._recent: deque[float] = deque()
        self._paused_until = now
        self._factor, self._slowed_at = 1.0, now

    @property
    def _burst(self) -> float:
        return max(1.0, self._allowance.burst * self._share)

    def rate(self, now: float) -> float:
        """The rate in force: our share of the allowance, less for a while after a 429."""
        rate = self._allowance.rate * self._share * self._speed(now)
        return rate if self._share == 1.0 else rate * self._allowance.shared

    def _speed(self, now: float) -> float:
        return min(1.0, self._factor + (now - self._slowed_at) / AGAIN)

    def share(self, now: float, share: float) -> None:
        """From now on this part (above 0, up to 1) of the allowance is ours."""
        self._refill(now)
        self._share = share
        self._level = min(self._level, self._burst)

    def slow(self, now: float) -> None:
        """The platform said we were too fast. Several answers within a second say it once."""
        if self._factor < 1.0 and now - self._slowed_at < 1.0:
            return
        self._factor = max(SLOWEST, SLOWER * self._speed(now))
        self._slowed_at = now

    def pause(self, now: float, seconds: float) -> None:
        """Nothing goes for `seconds`; a shorter pause never ends a longer one."""
        self._paused_until = max(self._paused_until, now + seconds)

    def paused(self, now: float) -> float:
        """Seconds until the pause ends; 0 when there is none."""
        return max(0.0, self._paused_until - now)

    def wait(self, now: float) -> float:
        """Seconds until one more may go; 0: now."""
        self._refill(now)
        rate = self.rate(now)
        # a hair of tolerance, or a timer that fires a rounding error early would wait again
        short = 0.0 if self._level > 1 - 1e-6 else (1 - self._level) / rate
        full = 0.0
        if self._allowance.per_minute is not None:
            limit = max(1, int(self._allowance.per_minute * self._share))
            while self._recent and self._recent[0] <= now - 60:
                self._recent.popleft()
            if len(self._recent) >= limit:
                full = self._recent[-limit] + 60 - now
        return max(self.paused(now), short, full)

    def take(self, now: float) -> None:
        """One goes."""
        self._refill(now)
        self._level -= 1
        if self._allowance.per_minute is not None:
            self._recent.append(now)

    def idle(self, now: float) -> bool:
        """Nothing to remember: forgetting this bucket and making a new one changes nothing."""
        self._refill(now)
        return self._level >= self._burst and self._speed(now) == 1.0 and self.paused(now) == 0

    def _refill(self, now: float) -> None:
        self._level = min(self._burst, self._level + max(0.0, now - self._at) * self.rate(now))
        self._at = max(self._at, now)
