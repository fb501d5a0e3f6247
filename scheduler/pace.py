"""How fast we may talk: one token bucket per platform and tenant, and who goes next when it is short.

A `Gate` lets coroutines through its bucket, best lane first. Where several replicas send, each uses its share of the
allowance (`Pace.share`).
"""

import asyncio
import heapq
import math
import time
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from enum import StrEnum

from bot.decision import Lane
from bot.events import Address, Platform
from bot.ports import Room
from scheduler.bucket import Allowance, Bucket
from scheduler.workspace import Rest, Workspace

Monotonic = Callable[[], float]

PATIENCE = 2.0
"""Seconds a claimed message may wait at its gate; whatever would wait longer goes back to the outbox instead."""

AHEAD = 0.5
"""Seconds' worth of messages that wait at a gate: enough that it never stands idle while more are fetched, and so few that
what is urgent overtakes nearly all of them in the outbox already."""
UNLIMITED = 64
"""Messages under way at once on a platform without an allowance."""
URGENT = 8
"""So many more may be claimed of what goes before nudges: it must not wait for nudges to leave."""

RANKS: Mapping[Lane, int] = {Lane.REPLY: 0, Lane.ESCALATION: 1, Lane.NUDGE: 2}


class Kind(StrEnum):
    """What a call does; platforms count these apart."""

    POST = "post"
    EDIT = "edit"
    READ = "read"
    LOOKUP = "lookup"


def slack_posts(per_minute: int) -> Allowance:
    """What stays safely inside a workspace's allowance of `per_minute` (20 or more) messages."""
    return Allowance(rate=(per_minute - 9) / 60, burst=5, per_minute=per_minute - 4)


SLACK_POSTS = slack_posts(300)  # "several hundred messages per minute" (PLATFORMS A3)
SLACK_EDITS = Allowance(rate=5, burst=10, per_minute=48)  # chat.update is tier 3: 50+ a minute
SLACK_READS = Allowance(rate=0.75, burst=10, per_minute=48)  # conversations.history is tier 3, as conversations.open
SLACK_LOOKUPS = Allowance(rate=20, burst=50)  # mostly answered from a listing the gateway keeps
TEAMS_CALLS = Allowance(rate=47.8, burst=1, shared=0.982)
"""50/s per app and tenant (PLATFORMS B5). What leaves evenly arrives in bunches: as many as stay inside any second of a strict
50 when the way takes 20 to 60 ms (`python -m tests.pacing --only "R8 teams"`)."""
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
    (Platform.SLACK, Kind.READ): SLACK_READS,
    (Platform.SLACK, Kind.LOOKUP): SLACK_LOOKUPS,
    (Platform.TEAMS, Kind.POST): TEAMS_CALLS,
}
"""What is not here shares the platform's POST allowance; a platform without one is not limited."""


_PLATFORMS = {platform.value: platform for platform in Platform}

__all__ = ["ALLOWANCES", "Allowance", "Bucket", "Gate", "Kind", "NotNow", "Pace", "send_window", "slack_posts"]


class NotNow(Exception):
    """The gate is shut: put the message back for `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Gate:
    """Lets calls to one tenant through its bucket, one after another, best lane first.

    `claimed` counts the messages that were claimed to go through here and are not done; `on_room` is called when more of
    them may be claimed.
    """

    def __init__(
        self,
        allowance: Allowance | None,
        monotonic: Monotonic = time.monotonic,
        *,
        share: float = 1.0,
        on_room: Callable[[], None] = lambda: None,
    ) -> None:
        self._now = monotonic
        self._on_room = on_room
        self._allowance = allowance
        self._bucket = None if allowance is None else Bucket(allowance, monotonic(), share)
        self.claimed = 0
        self._queue: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = 0
        self._inside = 0
        self._booked_until = monotonic()
        self._timer: asyncio.TimerHandle | None = None
        self._set_room(share)

    def _set_room(self, share: float) -> None:
        rate = math.inf if self._allowance is None else self._allowance.rate * share
        # as many under way as the bucket lets through within our patience, but enough to ride out a slow platform
        self._most = UNLIMITED if self._allowance is None else max(16, int(rate * PATIENCE))
        self._ahead = self._most if self._allowance is None else max(2, math.ceil(rate * AHEAD))

    def share(self, share: float) -> None:
        """From now on this part of the allowance is ours."""
        if self._bucket is not None:
            self._bucket.share(self._now(), share)
            self._set_room(share)

    def paused(self) -> float:
        """Seconds until anything goes again; 0 when nothing is paused."""
        return 0.0 if self._bucket is None else self._bucket.paused(self._now())

    def room(self) -> Room:
        """How many messages may be claimed to go through here. Nudges only by the handful: a claim costs more than a row."""
        if self.paused() > PATIENCE:
            return Room(rows=0, urgent=0)
        free = min(self._ahead - (self.claimed - self._inside), self._most - self.claimed)
        return Room(rows=free if 2 * free >= self._ahead else 0, urgent=max(free, self._most + URGENT - self.claimed, 0))

    def full(self) -> bool:
        """Whether a newcomer should rather go back to the outbox."""
        return self.paused() > PATIENCE or max(self.claimed, self._inside + len(self._queue)) >= self._most + URGENT

    def leave_claim(self) -> None:
        """A claimed message is done."""
        self.claimed -= 1
        if self.room().rows:
            self._on_room()

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
        """The platform answered 429: nothing goes for `seconds`, then more slowly. Whoever waits is sent back.

        Of several that were under way together the longest wait counts, and they slow us once.
        """
        if self._bucket is not None:
            if not self.paused():
                self._bucket.slow(self._now())
            self._bucket.pause(self._now(), seconds)
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
            if self.room().rows:
                self._on_room()


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
        self._share = 1.0
        self.on_room: Callable[[], None] = lambda: None
        """Called when more messages may be claimed."""
        self.on_rest: Callable[[float], None] = lambda seconds: None
        """Called when a workspace begins to rest, for so many seconds."""
        self._gates: dict[tuple[Platform, str, Kind], Gate] = {}
        self._workspaces: dict[tuple[Platform, str], Workspace] = {}
        self._conversations: dict[tuple[Platform, str, str], Bucket] = {}

    def share(self, share: float) -> None:
        """From now on this part of every allowance is this process's: one over the number of replicas at work."""
        if share != self._share:
            self._share = share
            for gate in self._gates.values():
                gate.share(share)

    def room(self, queue: str) -> Room:
        """How many messages of this queue (see `bot.ports.queue_of`) may be claimed. Any thread."""
        name, _, tenant = queue.partition("/")
        if name not in _PLATFORMS:
            return Room(rows=UNLIMITED, urgent=UNLIMITED)
        platform, kind = _PLATFORMS[name], Kind.EDIT if tenant.endswith("/edit") else Kind.POST
        tenant = tenant.removesuffix("/edit")
        gate = self._gates.get((platform, tenant, self._counted(platform, kind)))
        room = Room(rows=URGENT, urgent=URGENT) if gate is None else gate.room()
        workspace = self._workspaces.get((platform, tenant))
        if workspace is None or not workspace.trying:
            return room
        few = 0 if workspace.paused(self._now()) else workspace.free
        return Room(rows=min(few, room.urgent), urgent=min(few, room.urgent))

    def workspace(self, address: Address) -> Workspace:
        """How the workspace of an address does."""
        return self._workspaces.setdefault((address.platform, address.tenant), Workspace())

    def rest(self, address: Address, seconds: float) -> None:
        """Send back whoever waits for this workspace: it rests."""
        for (platform, tenant, _), gate in self._gates.items():
            if (platform, tenant) == (address.platform, address.tenant):
                gate.shut(seconds)
        self.on_rest(seconds)

    def try_again(self) -> Collection[str]:
        """End every rest, but no wait after a 429; the queues (see `bot.ports.queue_of`) of workspaces that are not well."""
        ill = [key for key, workspace in list(self._workspaces.items()) if workspace.try_again()]
        return {f"{platform.value}/{tenant}{edit}" for platform, tenant in ill for edit in ("", "/edit")}

    def shut_for(self, seconds: float) -> Collection[str]:
        """Queues (see `bot.ports.queue_of`) from which nothing goes for at least so long."""
        now, found = self._now(), set[str]()
        for (platform, tenant), workspace in list(self._workspaces.items()):
            if workspace.paused(now) >= seconds:
                found |= {f"{platform.value}/{tenant}", f"{platform.value}/{tenant}/edit"}
        for (platform, tenant, kind), gate in list(self._gates.items()):
            if gate.paused() >= seconds and kind in (Kind.POST, Kind.EDIT):
                found.add(f"{platform.value}/{tenant}{'/edit' if kind is Kind.EDIT else ''}")
        return found

    def resting(self) -> Mapping[tuple[Platform, str], Rest]:
        """Workspaces that are not well. Any thread."""
        now = self._now()
        found = ((key, workspace.standing(now)) for key, workspace in list(self._workspaces.items()))
        return {key: rest for key, rest in found if rest is not None}

    def gate(self, platform: Platform, tenant: str, kind: Kind) -> Gate:
        """The gate for one kind of call to one tenant."""
        counted = self._counted(platform, kind)
        key = (platform, tenant, counted)
        if key not in self._gates:
            self._gates[key] = Gate(
                self._allowances.get((platform, counted)), self._now, share=self._share, on_room=lambda: self.on_room()
            )
        return self._gates[key]

    def _counted(self, platform: Platform, kind: Kind) -> Kind:
        return kind if (platform, kind) in self._allowances else Kind.POST

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
