"""The door for people: takes an event through the turn, and asks the platform whose account it is where nobody knows."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.events import Address, ByPerson, Introduced, Platform, Profile, Removed
from bot.ports import Conflict, DeliveryError, Gateway, Outcome
from bot.turn import Turn

log = logging.getLogger("rondo.door")

REMEMBERED = 10_000
"""Accounts whose last route is kept in memory."""

WAITS: Mapping[Platform, float] = {Platform.SLACK: 0.9}
"""Seconds for which a platform is kept waiting for the database. Slack is to have its answer within one: it repeats what
it was refused, and takes a late answer for none. Who is not here waits longer by itself."""

SHARING = 16
"""So many events at once where they share a commit (SQLite, `storage.writers`): each of them waits anyway."""

Account = tuple[Address, Profile]


class Door:
    """Implements `bot.ports.Entrance`. `changed_accounts`: of these accounts, those that say something new."""

    def __init__(
        self,
        turn: Turn,
        gateways: Mapping[Platform, Gateway],
        changed_accounts: Callable[[Sequence[Account]], Sequence[Account]] = lambda accounts: (),
        *,
        threads: int | None = None,
    ) -> None:
        self._turn = turn
        self._gateways = gateways
        self._changed_accounts = changed_accounts
        self._routes: OrderedDict[tuple[Platform, str, str], Mapping[str, str]] = OrderedDict()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="door")

    async def receive(self, event: ByPerson) -> Outcome:
        """Take a person's event; an unknown account is introduced first, where its platform vouches for an e-mail.

        Raises a DeliveryError when the platform cannot be asked and Conflict after too many lost races: nothing was
        written then, and the platform should repeat the event.
        """
        await self._learn(event)
        outcome = await self._take(event)
        if outcome.known:
            return outcome
        profile = await self._gateways[event.by.platform].profile(event.by)
        if profile is None or profile.email is None:
            return outcome
        if not (await self._introduce(event, profile)).known:
            return outcome
        return await self._take(event)

    async def removed(self, event: Removed) -> Outcome:
        """Somebody took the app away. The platform is not asked: there is nothing left to ask about. Raises Conflict."""
        self._routes.pop((event.by.platform, event.by.tenant, event.by.user), None)
        return await self._take(event)

    async def _take(self, event: ByPerson | Removed) -> Outcome:
        """In a thread. Raises Conflict when that takes too long; what has begun by then may be written nevertheless."""
        try:
            async with asyncio.timeout(WAITS.get(event.by.platform)):
                return await asyncio.get_running_loop().run_in_executor(self._threads, self._turn.take, event)
        except TimeoutError as error:
            raise Conflict("the database was busy for too long") from error

    async def _learn(self, event: ByPerson) -> None:
        """Where a platform tells of an account with its events (Teams: zone and language), what is new is made known.

        An account is asked about when what came along differs from the last time; failures wait for the next event.
        """
        who = (event.by.platform, event.by.tenant, event.by.user)
        if not event.by.route or self._routes.get(who) == event.by.route:
            return
        try:
            profile = await self._gateways[event.by.platform].profile(event.by)
        except DeliveryError as error:
            log.warning("no profile", extra={"platform": event.by.platform.value, "reason": error.reason})
            return
        if profile is not None:
            account = event.by, profile
            if await asyncio.to_thread(lambda: self._changed_accounts([account])):
                await self._introduce(event, profile)
        self._routes[who] = event.by.route
        self._routes.move_to_end(who)
        if len(self._routes) > REMEMBERED:
            self._routes.popitem(last=False)

    async def _introduce(self, event: ByPerson, profile: Profile) -> Outcome:
        introduced = Introduced(id=f"introduced:{event.id}", at=event.at, by=event.by, profile=profile)
        return await asyncio.to_thread(self._turn.take, introduced)
