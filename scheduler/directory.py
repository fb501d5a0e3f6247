"""Who has which account. Asks the platforms for their directories and makes known what is new about people we know.

An account that a complete directory does not have any more, or has under an e-mail of nobody we know, is unlinked.
"""

import asyncio
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from bot.events import Address, Event, Introduced, Platform, Profile, Unlinked
from bot.ports import Clock, DeliveryError, Gateway, Outcome
from bot.talk.text import fold_email

log = logging.getLogger("rondo.directory")

Account = tuple[Address, Profile]
T = TypeVar("T")
ChangedAccounts = Callable[[Sequence[Account]], Sequence[Account]]
"""Of these accounts, those that are new or different for a person we know."""

Linked = Callable[[Platform, str], Mapping[str, tuple[str, str]]]
"""Accounts of a workspace that belong to somebody: the account's e-mail as noted (may be empty) and its owner's, by user."""

FEW, SHARE = 20, 0.1
"""More linked accounts than that many, and than that share of a workspace's, are never unlinked at once: a directory that
suddenly lacks them is broken (a scope was taken away), not the company."""

PARTIAL = frozenset({Platform.TEAMS})
"""Platforms whose directory is only a part of it (the teams that have the app): who is missing there may be elsewhere."""

MANY = 50
"""More new accounts than that are linked together; the first reading of a company would take a turn for each."""
EVERY, RETRY, SOON = 3600.0, 60.0, 600.0
"""Seconds between two syncs, after one that failed, and between two for the sake of single people who changed."""


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
        link_all: Callable[[Sequence[Account], datetime], int] | None = None,
        linked: Linked = lambda platform, tenant: {},
        most_missing: float = SHARE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._link_all = link_all
        self._linked, self._most_missing = linked, most_missing
        self._gateways = gateways
        self._changed_accounts = changed_accounts
        self._unlinked = unlinked
        self._take = take
        self._clock = clock
        self._monotonic = monotonic
        self._one = asyncio.Lock()
        self._work: asyncio.Future[Any] | None = None
        self._lock = threading.Lock()
        self._nowhere: frozenset[str] = frozenset()  # people whom the last complete sync did not find
        self._next = self._began = monotonic()

    def changed(self) -> None:
        """People were imported, or a platform shows more of them. Any thread."""
        with self._lock:
            self._next = self._monotonic()
            self._nowhere = frozenset()

    def pushed(self) -> None:
        """Somebody changed by themselves, perhaps one of very many: looked for soon, not after each of them. Any thread."""
        with self._lock:
            self._next = min(self._next, max(self._monotonic(), self._began + SOON))

    async def tick(self) -> None:
        """Sync if it is time to."""
        if self._monotonic() >= self._next and not self._one.locked():
            await self.run_once()

    async def sync_if_needed(self) -> int:
        """Sync if there are people without an account whom no sync has looked for yet; how many accounts were new."""
        async with self._one:
            if frozenset(await self._in_thread(self._unlinked)) <= self._nowhere:
                return 0
            return await self._sync()

    async def run_once(self) -> int:
        """Read every directory now; how many accounts were made known."""
        async with self._one:
            return await self._sync()

    async def stop(self, seconds: float) -> None:
        """Wait for what has begun in a thread: it holds a connection to the database."""
        if self._work is not None:
            await asyncio.wait({self._work}, timeout=seconds)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Cancelled, it goes on to its end all the same."""
        begun = asyncio.ensure_future(asyncio.to_thread(work))
        self._work = begun
        return await asyncio.shield(begun)

    async def _sync(self) -> int:
        with self._lock:
            self._began = self._monotonic()
            self._next = self._began + EVERY
        known, wrong = 0, False
        for platform, gateway in self._gateways.items():
            try:
                accounts = await gateway.directory()
                known += await self._in_thread(partial(self._introduce, accounts))
                if platform not in PARTIAL:
                    await self._in_thread(partial(self._part, platform, accounts))
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
            self._nowhere = frozenset(await self._in_thread(self._unlinked))
        if known:
            log.info("directory", extra={"introduced": known})
        return known

    def _introduce(self, accounts: Sequence[Account]) -> int:
        news = self._changed_accounts(accounts) if accounts else ()
        if self._link_all is not None and len(news) > MANY:
            return self._link_all(news, self._clock.now())
        known = 0
        for address, profile in news:
            event = Introduced(id=f"directory:{uuid4()}", at=self._clock.now(), by=address, profile=profile, listed=True)
            try:
                known += self._take(event).known
            except Exception:
                log.exception("cannot introduce", extra={"platform": address.platform.value, "user": address.user})
        return known

    def _part(self, platform: Platform, accounts: Sequence[Account]) -> None:
        """Unlink what is not there any more, workspace by workspace; one that was not read is not judged."""
        listed: dict[str, dict[str, str]] = defaultdict(dict)
        for address, profile in accounts:
            listed[address.tenant][address.user] = fold_email(profile.email or "")
        for tenant, emails in listed.items():
            linked = self._linked(platform, tenant)
            gone = dict.fromkeys(linked.keys() - emails.keys(), "")
            if len(gone) > max(FEW, self._most_missing * len(linked)):
                facts = {"platform": platform.value, "tenant": tenant, "missing": len(gone), "linked": len(linked)}
                log.error("a directory lacks too many accounts at once: none of them is unlinked", extra=facts)
                gone = {}
            for user, (noted, owner) in linked.items():
                here = emails.get(user, owner)
                if here != owner and noted and noted != here:  # noted and unchanged: HR gave the person a new e-mail
                    gone[user] = here
            for user, email in sorted(gone.items()):
                account = Address(platform=platform, tenant=tenant, user=user)
                reason = "another e-mail" if email else "not in the directory any more"
                event = Unlinked(id=f"unlinked:{uuid4()}", at=self._clock.now(), account=account, reason=reason, email=email)
                try:
                    self._take(event)
                except Exception:
                    log.exception("cannot unlink", extra={"platform": platform.value, "user": user})
