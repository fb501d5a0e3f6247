"""Who has which account. Asks the platforms for their directories and makes known what is new about people we know."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from uuid import uuid4

from bot.events import Address, Event, Introduced, Platform, Profile
from bot.ports import Clock, DeliveryError, Gateway, Outcome

log = logging.getLogger("rondo.directory")

Account = tuple[Address, Profile]
ChangedAccounts = Callable[[Sequence[Account]], Sequence[Account]]
"""Of these accounts, those that are new or different for a person we know."""

EVERY, RETRY = 3600.0, 60.0
"""Seconds between two syncs, and after one that failed."""


class Directory:
    """Directory sync: at start, after an import (`changed`), and hourly."""

    def __init__(
        self,
        gateways: Mapping[Platform, Gateway],
        changed_accounts: ChangedAccounts,
        unlinked: Callable[[], Collection[str]],
        take: Callable[[Event], Outcome],
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._gateways = gateways
        self._changed_accounts = changed_accounts
        self._unlinked = unlinked
        self._take = take
        self._clock = clock
        self._monotonic = monotonic
        self._one = asyncio.Lock()
        self._lock = threading.Lock()
        self._nowhere: frozenset[str] = frozenset()  # people whom the last complete sync did not find
        self._next = monotonic()

    def changed(self) -> None:
        """People were imported. Any thread."""
        with self._lock:
            self._next = self._monotonic()

    async def tick(self) -> None:
        """Sync if it is time to."""
        if self._monotonic() >= self._next and not self._one.locked():
            await self.run_once()

    async def sync_if_needed(self) -> int:
        """Sync if there are people without an account whom no sync has looked for yet; how many accounts were new."""
        async with self._one:
            if frozenset(await asyncio.to_thread(self._unlinked)) <= self._nowhere:
                return 0
            return await self._sync()

    async def run_once(self) -> int:
        """Read every directory now; how many accounts were made known."""
        async with self._one:
            return await self._sync()

    async def _sync(self) -> int:
        with self._lock:
            self._next = self._monotonic() + EVERY
        known, wrong = 0, False
        for platform, gateway in self._gateways.items():
            try:
                accounts = await gateway.directory()
                known += await asyncio.to_thread(self._introduce, accounts)
            except DeliveryError as error:
                wrong = True
                log.warning("no directory", extra={"platform": platform.value, "reason": error.reason})
            except Exception:
                wrong = True
                log.exception("no directory", extra={"platform": platform.value})
        if wrong:
            with self._lock:
                self._next = min(self._next, self._monotonic() + RETRY)
        else:
            self._nowhere = frozenset(await asyncio.to_thread(self._unlinked))
        if known:
            log.info("directory", extra={"introduced": known})
        return known

    def _introduce(self, accounts: Sequence[Account]) -> int:
        known = 0
        for address, profile in self._changed_accounts(accounts) if accounts else ():
            event = Introduced(id=f"directory:{uuid4()}", at=self._clock.now(), by=address, profile=profile)
            try:
                known += self._take(event).known
            except Exception:
                log.exception("cannot introduce", extra={"platform": address.platform.value, "user": address.user})
        return known
