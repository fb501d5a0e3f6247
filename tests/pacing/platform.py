"""What Slack and Teams let through, strictly: rolling windows per workspace and per conversation, counted at arrival.

Sources: docs.slack.dev/apis/web-api/rate-limits; msteams-docs "Rate limiting for agents".
"""

import asyncio
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from random import Random

from adapters.slack.meaning import retry_after
from bot.events import Address, Platform, Profile, Receipt
from bot.ports import InDoubt, Later
from bot.talk.cards import Card

Limits = Sequence[tuple[int, float]]

SLACK_CONVERSATION: Limits = ((4, 1.0), (7, 4.0), (33, 30.0))
"""One a second, and short bursts: a bucket of four, as windows."""
TEAMS_CONVERSATION: Limits = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
TEAMS_TENANT: Limits = ((50, 1.0),)
CALL_SECONDS = 10.0
"""How long our clients wait for an answer."""


def slack_workspace(per_minute: int) -> Limits:
    """So many in any sixty seconds."""
    return ((per_minute, 60.0),)


class Windows:
    """Rolling windows, all of which must have room."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._most = max(count for count, _ in limits)
        self._taken: list[float] = []

    def wait(self, now: float) -> float:
        """Seconds until there is room; 0: now."""
        taken = self._taken
        if len(taken) > 4 * self._most:
            del taken[: -self._most]
        return max((taken[-count] + span - now for count, span in self._limits if len(taken) >= count), default=0.0)

    def take(self, now: float) -> None:
        """One more."""
        self._taken.append(now)


@dataclass(kw_only=True)
class Tenant:
    """One workspace, whoever sends to it. `troubles`: what befalls calls that arrive between two seconds."""

    platform: Platform
    name: str
    limits: Limits
    conversation: Limits
    posts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    accepted: list[float] = field(default_factory=list)
    limited: list[float] = field(default_factory=list)
    tried: list[float] = field(default_factory=list)
    troubles: list[tuple[float, float, str]] = field(default_factory=list)
    chance: Callable[[Random], str] = lambda rng: ""
    _windows: Windows = field(init=False)
    _conversations: dict[str, Windows] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._windows = Windows(self.limits)

    def trouble(self, now: float, rng: Random) -> str:
        """What befalls a call now: `refused` (no connection), `silent`, `error`, `lost`, a Retry-After to answer, or nothing."""
        return next((kind for begin, end, kind in self.troubles if begin <= now < end), "") or self.chance(rng)

    def over(self, now: float, user: str) -> float:
        """Seconds a caller must wait because of the limits; 0: taken."""
        own = self._conversations.get(user)
        if own is None:
            own = self._conversations[user] = Windows(self.conversation)
        wait = max(self._windows.wait(now), own.wait(now))
        if wait <= 0:
            self._windows.take(now)
            own.take(now)
        return max(0.0, wait)

    @property
    def doubled(self) -> int:
        """Copies too many."""
        return sum(len(times) - 1 for times in self.posts.values())

    def used(self, begin: float, end: float, per_second: float) -> float:
        """Which share of the allowance was used between two seconds."""
        return sum(begin <= at < end for at in self.accepted) / (per_second * (end - begin))


def slack(name: str = "T1", per_minute: int = 300) -> Tenant:
    """A Slack workspace."""
    return Tenant(platform=Platform.SLACK, name=name, limits=slack_workspace(per_minute), conversation=SLACK_CONVERSATION)


def teams(name: str = "tenant") -> Tenant:
    """A Teams tenant."""
    return Tenant(platform=Platform.TEAMS, name=name, limits=TEAMS_TENANT, conversation=TEAMS_CONVERSATION)


class Way:
    """How one process reaches the tenants of one platform: implements `bot.ports.Gateway`. `leg`: seconds one way."""

    def __init__(self, tenants: Sequence[Tenant], rng: Random, *, leg: tuple[float, float] = (0.02, 0.06)) -> None:
        self.platform = tenants[0].platform
        self.can_read_back = self.platform is Platform.SLACK
        self.visible_after = 0.5
        self.tenants = {tenant.name: tenant for tenant in tenants}
        self.found = Counter[str]()
        self.written: Callable[[], None] = lambda: None
        self._rng, self._leg = rng, leg

    async def send(self, address: Address, card: Card, *, key: str) -> Receipt:
        tenant = self.tenants[address.tenant]
        written = False
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._travel()
                self._arrive(tenant, address, key)
                written = True
                trouble = tenant.trouble(self._now(), self._rng)
                if trouble == "silent":
                    await asyncio.sleep(math.inf)
                if trouble == "error":
                    raise InDoubt("503")
                tenant.posts[key].append(self._now())
                tenant.accepted.append(self._now())
                self.written()
                if trouble == "lost":
                    await asyncio.sleep(math.inf)
                await self._travel()
        except TimeoutError:
            raise InDoubt("no answer") if written else Later("not connected") from None
        return Receipt(address=address, place=f"dm-{address.user}", id=f"id-{key}")

    def _arrive(self, tenant: Tenant, address: Address, key: str) -> None:
        """At the door: no connection, or too fast."""
        now = self._now()
        tenant.tried.append(now)
        trouble = tenant.trouble(now, self._rng)
        if trouble == "refused":
            raise Later("not connected")
        whole = self.platform is Platform.SLACK
        if trouble.startswith("retry-after"):
            tenant.limited.append(now)
            raise Later("ratelimited", seconds=told(trouble.removeprefix("retry-after").strip()), whole_tenant=whole)
        if wait := tenant.over(now, address.user):
            tenant.limited.append(now)
            raise Later("ratelimited", seconds=told(str(math.ceil(wait))), whole_tenant=whole)

    async def edit(self, receipt: Receipt, card: Card, *, key: str) -> Receipt:
        await self._travel()
        return receipt

    async def find(self, address: Address, *, key: str, since: datetime, lost_until: datetime | None = None) -> Receipt | None:
        tenant = self.tenants[address.tenant]
        await self._travel()
        if tenant.trouble(self._now(), self._rng) in ("refused", "silent", "error"):
            raise Later("not connected")
        self.found[key] += 1
        seen = [at for at in tenant.posts.get(key, ()) if at <= self._now() - self.visible_after]
        return Receipt(address=address, place=f"dm-{address.user}", id=f"id-{key}") if seen else None

    async def profile(self, address: Address) -> Profile | None:
        return None

    async def locate(self, email: str) -> tuple[Address, Profile] | None:
        return None

    async def directory(self) -> Sequence[tuple[Address, Profile]]:
        return ()

    async def _travel(self) -> None:
        await asyncio.sleep(self._rng.uniform(*self._leg))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


def told(header: str) -> float | None:
    """What our client makes of a Retry-After header; `in N` is a date so many seconds ahead, empty: there is none."""
    if header.startswith("in "):
        header = formatdate(datetime.now(UTC).timestamp() + float(header[3:]), usegmt=True)
    return retry_after({"Retry-After": header} if header else {})
