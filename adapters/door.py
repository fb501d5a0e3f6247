"""The door for people: takes an event through the turn, and asks the platform whose account it is where nobody knows."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.events import Address, ByPerson, Introduced, Platform, Profile, Removed, Said
from bot.ports import DeliveryError, Gateway, Outcome, TooSlow
from bot.turn import Turn

log = logging.getLogger("rondo.door")

REMEMBERED = 10_000
"""Accounts whose last route is kept in memory."""

WAITS: Mapping[Platform, float] = {Platform.SLACK: 0.9, Platform.TEAMS: 9.0, Platform.LOCAL: 9.0}
"""Seconds for which a platform is kept waiting for the database. Slack is to have its answer within one, Teams within ten to
fifteen: they repeat what they were refused, and take a late answer for none."""
WAITS_ONCE_BEGUN: Mapping[Platform, float] = {**WAITS, Platform.SLACK: 2.4}
"""The same where the database is ours and the answer is being worked out (a look back over eight weeks): Slack itself waits for
three seconds, and does not repeat commands and buttons."""

SHARING = 16
"""So many events at once where they share a commit (SQLite, `storage.writers`): each of them waits anyway."""

ASK_AGAIN = 10.0
"""Seconds for which what a platform said of a stranger holds. HR may import them meanwhile: that is looked at each time."""
TELL_AGAIN = 24 * 3600.0
"""Seconds after which a stranger who writes again is told again that nobody knows them."""

Account = tuple[Address, Profile]
Who = tuple[Platform, str, str]
T = TypeVar("T")


@dataclass(slots=True)
class _Stranger:
    """An account that nobody knows; nothing of it is written down. Times are monotonic seconds."""

    asked_at: float = float("-inf")
    profile: Profile | None = None
    told_at: float = float("-inf")


class Door:
    """Implements `bot.ports.Entrance`. `changed_accounts`: of these accounts, those that say something new."""

    def __init__(
        self,
        turn: Turn,
        gateways: Mapping[Platform, Gateway],
        changed_accounts: Callable[[Sequence[Account]], Sequence[Account]] = lambda accounts: (),
        *,
        threads: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._strangers: OrderedDict[Who, _Stranger] = OrderedDict()
        self._turn = turn
        self._gateways = gateways
        self._changed_accounts = changed_accounts
        self._routes: OrderedDict[tuple[Platform, str, str], Mapping[str, str]] = OrderedDict()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="door")
        self._waiting: dict[str, Callable[[], object]] = {}

    def began(self, id: str) -> None:
        """A turn is at this event: from now on its answer is worth a longer wait. Any thread."""
        if (longer := self._waiting.get(id)) is not None:
            longer()

    async def receive(self, event: ByPerson) -> Outcome:
        """Take a person's event; an unknown account is introduced first, where its platform vouches for an e-mail.

        Raises a DeliveryError when the platform cannot be asked and Conflict after too many lost races: nothing was
        written then, and the platform should repeat the event. Raises TooSlow when it takes longer than a platform waits.
        """
        who = _who(event.by)
        if who not in self._strangers:
            await self._learn(event)
        outcome = await self._take(event)
        if not outcome.known:
            profile = await self._profile(event.by)
            if profile is None or profile.email is None:
                return outcome
            if not (await self._introduce(event, profile)).known:
                return replace(outcome, tell=isinstance(event, Said) and self._is_told(who))
            outcome = await self._take(event)
        self._strangers.pop(who, None)
        return outcome

    async def _profile(self, by: Address) -> Profile | None:
        """What the platform says of somebody nobody knows. Raises a DeliveryError."""
        one = self._strangers.get(_who(by), _Stranger())
        if self._monotonic() - one.asked_at >= ASK_AGAIN:
            one.profile = await self._gateways[by.platform].profile(by)
            one.asked_at = self._monotonic()
            self._strangers[_who(by)] = one
            self._strangers.move_to_end(_who(by))
            if len(self._strangers) > REMEMBERED:
                self._strangers.popitem(last=False)
        return one.profile

    def _is_told(self, who: Who) -> bool:
        """Whether a stranger is told now that they are one."""
        one, now = self._strangers.get(who), self._monotonic()
        if one is None or now - one.told_at < TELL_AGAIN:
            return False
        one.told_at = now
        return True

    async def removed(self, event: Removed) -> Outcome:
        """Somebody took the app away. The platform is not asked: there is nothing left to ask about. Raises as `receive`."""
        self._routes.pop(_who(event.by), None)
        return await self._take(event)

    async def _take(self, event: ByPerson | Removed) -> Outcome:
        return await self._in_thread(event.by.platform, lambda: self._turn.take(event), id=event.id)

    async def _in_thread(self, platform: Platform, call: Callable[[], T], *, id: str = "") -> T:
        """Raises TooSlow when that takes too long; what waits or has begun by then goes on. `id`: of an event."""
        loop = asyncio.get_running_loop()
        latest = loop.time() + WAITS_ONCE_BEGUN[platform]
        try:
            async with asyncio.timeout(WAITS[platform]) as limit:

                def extend() -> None:
                    if self._waiting.get(id) is longer and not limit.expired():
                        limit.reschedule(latest)

                def longer() -> None:
                    with suppress(RuntimeError):  # the loop is closed: the process ends
                        loop.call_soon_threadsafe(extend)

                self._waiting[id] = longer
                try:
                    return await loop.run_in_executor(self._threads, call)
                finally:
                    if self._waiting.get(id) is longer:
                        del self._waiting[id]
        except TimeoutError as error:
            raise TooSlow("the database was busy for too long") from error

    async def _learn(self, event: ByPerson) -> None:
        """Where a platform tells of an account with its events (Teams: zone and language), what is new is made known.

        An account is asked about when what came along differs from the last time; failures wait for the next event.
        """
        who = _who(event.by)
        if not event.by.route or self._routes.get(who) == event.by.route:
            return
        try:
            profile = await self._gateways[event.by.platform].profile(event.by)
        except DeliveryError as error:
            log.warning("no profile", extra={"platform": event.by.platform.value, "reason": error.reason})
            return
        if profile is not None:
            account = event.by, profile
            if await self._in_thread(event.by.platform, lambda: self._changed_accounts([account])):
                await self._introduce(event, profile)
        self._routes[who] = event.by.route
        self._routes.move_to_end(who)
        if len(self._routes) > REMEMBERED:
            self._routes.popitem(last=False)

    async def _introduce(self, event: ByPerson, profile: Profile) -> Outcome:
        introduced = Introduced(id=f"introduced:{event.id}", at=event.at, by=event.by, profile=profile)
        return await self._in_thread(event.by.platform, lambda: self._turn.take(introduced))


def _who(at: Address) -> Who:
    return at.platform, at.tenant, at.user
