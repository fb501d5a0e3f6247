"""How fast we may talk: one token bucket per platform and tenant, and who goes next when it is short.

`Bucket` is plain arithmetic on monotonic seconds; `Gate` lets coroutines through it, best lane first. A replica knows
only what it sends itself: where several share an allowance, a 429 slows each of them down (`Bucket.slow`).
"""

import asyncio
import heapq
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.decision import Lane
from bot.events import Address, Platform

Monotonic = Callable[[], float]

PATIENCE = 2.0
"""Seconds a claimed message may wait at its gate; whatever would wait longer goes back to the outbox instead."""

RANKS: Mapping[Lane, int] = {Lane.REPLY: 0, Lane.ESCALATION: 1, Lane.NUDGE: 2}


class Kind(StrEnum):
    """What a call does; platforms count these apart."""

    POST = "post"
    EDIT = "edit"
    LOOKUP = "lookup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`rate` a second on average, `burst` at once, and never more than `per_minute` in any 60 seconds."""

    rate: float
    burst: int
    per_minute: int | None = None


def slack_posts(per_minute: int) -> Allowance:
    """What stays safely inside a workspace's allowance of `per_minute` (20 or more) messages."""
    return Allowance(rate=(per_minute - 9) / 60, burst=5, per_minute=per_minute - 4)


SLACK_POSTS = slack_posts(300)  # "several hundred messages per minute" (PLATFORMS A3)
SLACK_EDITS = Allowance(rate=5, burst=10, per_minute=48)  # chat.update is tier 3: 50+ a minute
SLACK_LOOKUPS = Allowance(rate=20, burst=50)  # mostly answered from a listing the gateway keeps
TEAMS_CALLS = Allowance(rate=40, burst=10)  # 50/s per app and tenant (PLATFORMS B5), with room for dialogs and lookups
CONVERSATION = Allowance(rate=1, burst=3)  # Slack: 1/s per channel, short bursts; Teams: 7/1 s, 60/30 s

TEAMS_PER_MINUTE = int(TEAMS_CALLS.rate * 60)


def send_window(people: int, per_minute: int) -> timedelta:
    """Over how long so many messages are spread: not at all where a minute's allowance takes them, else whole minutes.

    As wide as the allowance needs and no wider; what bunches up inside it by chance waits at the gate for seconds.
    """
    if people <= per_minute:
        return timedelta(0)
    return timedelta(minutes=math.ceil(people / (60 * slack_posts(per_minute).rate)))


ALLOWANCES: Mapping[tuple[Platform, Kind], Allowance] = {
    (Platform.SLACK, Kind.POST): SLACK_POSTS,
    (Platform.SLACK, Kind.EDIT): SLACK_EDITS,
    (Platform.SLACK, Kind.LOOKUP): SLACK_LOOKUPS,
    (Platform.TEAMS, Kind.POST): TEAMS_CALLS,
}
"""What is not here shares the platform's POST allowance; a platform without one is not limited."""


class Bucket:
    """A token bucket that can be paused, and slowed after a 429. Times are monotonic seconds."""

    def __init__(self, allowance: Allowance, now: float) -> None:
        self._allowance = allowance
        self._level = float(allowance.burst)
        self._at = now
        self._recent: deque[float] = deque()
        self._paused_until = now
        self._factor, self._slowed_at = 1.0, now

    def rate(self, now: float) -> float:
        """The rate in force: the allowance, less after a 429, all of it again ten minutes later."""
        return self._allowance.rate * min(1.0, self._factor + (now - self._slowed_at) / 600)

    def slow(self, now: float) -> None:
        """The platform said we were too fast. Several answers within a second say it once."""
        if self._factor < 1.0 and now - self._slowed_at < 1.0:
            return
        self._factor = max(0.2, 0.7 * self.rate(now) / self._allowance.rate)
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
        limit = self._allowance.per_minute
        if limit is not None:
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
        return self._level >= self._allowance.burst and self._factor == 1.0 and self.paused(now) == 0

    def _refill(self, now: float) -> None:
        self._level = min(float(self._allowance.burst), self._level + max(0.0, now - self._at) * self.rate(now))
        self._at = max(self._at, now)


class NotNow(Exception):
    """The gate is shut: put the message back for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Gate:
    """Lets calls to one tenant through its bucket, one after another, best lane first."""

    def __init__(self, allowance: Allowance | None, monotonic: Monotonic = time.monotonic) -> None:
        self._now = monotonic
        self._bucket = None if allowance is None else Bucket(allowance, monotonic())
        # as many as the bucket lets through within our patience, but enough to ride out a slow platform
        self._room = 64 if allowance is None else max(16, int(allowance.rate * PATIENCE))
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = 0
        self._inside = 0
        self._booked_until = monotonic()
        self._timer: asyncio.TimerHandle | None = None

    def paused(self) -> float:
        """Seconds until anything goes again; 0 when nothing is paused."""
        return 0.0 if self._bucket is None else self._bucket.paused(self._now())

    def full(self) -> bool:
        """Whether a newcomer should rather go back to the outbox."""
        if self.paused() > PATIENCE:
            return True
        return self._inside + len(self._queue) >= self._room

    def book(self) -> float:
        """Seconds after which a message that finds the gate full should come again: each gets a slot of its own."""
        now = self._now()
        if self._bucket is None:
            return 0.5
        start = max(self._booked_until, now + self._bucket.paused(now) + len(self._queue) / self._bucket.rate(now))
        self._booked_until = start + 1 / self._bucket.rate(now)
        return max(0.2, min(start - now, self._bucket.paused(now) + 900.0))

    async def enter(self, lane: Lane, within: float | None = None) -> None:
        """Wait for a slot. Raises NotNow when the gate was shut meanwhile, or none came `within` seconds: nothing of the
        allowance is used then. An `enter` that returned needs a `leave`.
        """
        if self._bucket is not None:
            if (paused := self.paused()) > PATIENCE:
                raise NotNow(paused)
            turn = asyncio.get_running_loop().create_future()
            self._arrivals += 1
            heapq.heappush(self._queue, (RANKS[lane], self._arrivals, turn))
            self._let_in()
            try:
                async with asyncio.timeout(within):
                    await turn
            except TimeoutError:
                turn.cancel()
                raise NotNow(max(0.2, self._bucket.wait(self._now()))) from None
            except asyncio.CancelledError:
                turn.cancel()
                raise
        self._inside += 1

    def leave(self) -> None:
        """A call that was let in has ended."""
        self._inside -= 1

    def limited(self, seconds: float) -> None:
        """The platform answered 429: nothing goes for `seconds`, then more slowly. Whoever waits is sent back."""
        if self._bucket is not None:
            self._bucket.pause(self._now(), seconds)
            self._bucket.slow(self._now())
            if seconds > PATIENCE:
                self.shut(seconds)

    def shut(self, seconds: float) -> None:
        """Send back everybody who waits."""
        for _, _, turn in self._queue:
            if not turn.done():
                turn.set_exception(NotNow(seconds))
        self._queue.clear()

    def _let_in(self) -> None:
        assert self._bucket is not None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._queue:
            if self._queue[0][2].done():
                heapq.heappop(self._queue)
                continue
            wait = self._bucket.wait(self._now())
            if wait > 0:
                self._timer = asyncio.get_running_loop().call_later(wait, self._let_in)
                return
            self._bucket.take(self._now())
            heapq.heappop(self._queue)[2].set_result(None)


class Pace:
    """All gates of this process, and how often one conversation is written to."""

    def __init__(
        self,
        allowances: Mapping[tuple[Platform, Kind], Allowance] = ALLOWANCES,
        *,
        conversation: Allowance = CONVERSATION,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._allowances = allowances
        self._conversation = conversation
        self._now = monotonic
        self._gates: dict[tuple[Platform, str, Kind], Gate] = {}
        self._conversations: dict[tuple[Platform, str, str], Bucket] = {}

    def gate(self, platform: Platform, tenant: str, kind: Kind) -> Gate:
        """The gate for one kind of call to one tenant."""
        counted = kind if (platform, kind) in self._allowances else Kind.POST
        key = (platform, tenant, counted)
        if key not in self._gates:
            self._gates[key] = Gate(self._allowances.get((platform, counted)), self._now)
        return self._gates[key]

    def conversation(self, address: Address) -> Bucket | None:
        """The bucket of one person's conversation; None where the platform has no limits."""
        if (address.platform, Kind.POST) not in self._allowances:
            return None
        if len(self._conversations) > 10_000:
            self._conversations = {key: bucket for key, bucket in self._conversations.items() if not bucket.idle(self._now())}
        key = (address.platform, address.tenant, address.user)
        if key not in self._conversations:
            self._conversations[key] = Bucket(self._conversation, self._now())
        return self._conversations[key]

    async def conversation_turn(self, address: Address) -> None:
        """Wait until one more message may go to this person. Raises NotNow when that is long."""
        bucket = self.conversation(address)
        if bucket is None:
            return
        while (wait := bucket.wait(self._now())) > 0:
            if wait > PATIENCE:
                raise NotNow(wait)
            await asyncio.sleep(wait)
        bucket.take(self._now())

    def conversation_limited(self, address: Address, seconds: float) -> None:
        """The platform answered 429 for this one conversation."""
        bucket = self.conversation(address)
        if bucket is not None:
            bucket.pause(self._now(), seconds)

    def shut(self) -> None:
        """Send back everybody who waits at any gate (the process stops)."""
        for gate in self._gates.values():
            gate.shut(0.0)
