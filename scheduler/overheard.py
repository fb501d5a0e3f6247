"""What people wrote while nobody listened: read back where the platform can, and taken through the door.

Platforms repeat an event for some minutes only. After a longer silence (our outage, the database's, a restore) the
conversations in which an answer may stand are read; what was told as well has no second effect.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from bot.decision import Lane
from bot.events import Address, Platform, Said
from bot.ports import Clock, Conflict, DeliveryError, History, Inbound, Later, TooSlow, Unreadable
from scheduler.pace import Kind, NotNow, Pace

log = logging.getLogger("rondo.overheard")

REPEATED: Final = timedelta(minutes=6)
"""So long Slack repeats an event (PLATFORMS A2): what was said shortly before the silence may have been lost in it."""
LONGEST: Final = timedelta(days=3)
"""Words older than that are not taken for an answer any more."""
AT_MOST: Final = 2_000
"""Conversations that are read; at the pace of reading that is three quarters of an hour."""
PATIENCE: Final = 120.0
"""Seconds one conversation may wait for its turn to be read: what is in doubt is read back through the same gate."""


class Silence(Protocol):
    """When nobody listened. Real time."""

    def deaf_since(self) -> datetime | None:
        """Since when something may have been missed; None: nothing."""
        ...

    def heard(self, since: datetime) -> None:
        """What was missed since then is made up for."""
        ...


class Overheard:
    """`tick` belongs into the heartbeat. `asked(platform, limit)`: whose answer may stand in their conversation, newest first."""

    def __init__(
        self,
        silence: Silence,
        histories: Mapping[Platform, History],
        asked: Callable[[Platform, int], Sequence[Address]],
        door: Inbound,
        clock: Clock,
        *,
        pace: Pace,
        real: Clock,
    ) -> None:
        self._silence, self._histories, self._asked, self._door = silence, histories, asked, door
        self._clock, self._real, self._pace = clock, real, pace
        self._one = asyncio.Lock()
        self._done: set[Address] = set()
        self._taken = 0

    async def tick(self) -> int | None:
        """Make up for a silence, if there was one. How many messages counts; None: nothing to do, or not done yet."""
        if self._one.locked():
            return None
        async with self._one:
            since = await asyncio.to_thread(self._silence.deaf_since)
            if since is None:
                return None
            from_then = max(since - REPEATED, self._real.now() - LONGEST)
            for platform, history in self._histories.items():
                people = await asyncio.to_thread(self._asked, platform, AT_MOST)
                if not await self._all(history, [one for one in people if one not in self._done], from_then):
                    return None  # the next tick goes on
            await asyncio.to_thread(self._silence.heard, since)
            facts = {"since": since.isoformat(), "conversations": len(self._done), "messages": self._taken}
            log.info("read back what was written while nobody listened", extra=facts)
            taken, self._taken, self._done = self._taken, 0, set()
            return taken

    async def _all(self, history: History, people: Sequence[Address], since: datetime) -> bool:
        for address in people:
            try:
                await self._read(history, address, since)
            except (Later, NotNow, Conflict, TooSlow) as error:
                log.info("reading back waits", extra={"reason": str(error)[:100], "read": len(self._done)})
                return False
            except Unreadable as error:
                log.warning("what people wrote meanwhile cannot be read", extra={"reason": error.reason})
                return True
            except DeliveryError as error:  # this one conversation is gone
                log.info("a conversation cannot be read", extra={"reason": error.reason})
            self._done.add(address)
        return True

    async def _read(self, history: History, address: Address, since: datetime) -> None:
        gate = self._pace.gate(address.platform, address.tenant, Kind.READ)
        await gate.enter(Lane.ESCALATION, PATIENCE)
        try:
            said: Sequence[Said] = await history.overheard(address, since=since, now=self._clock.now())
        except Later as error:
            if error.seconds is not None and error.whole_tenant:
                gate.limited(error.seconds)
            raise
        finally:
            gate.leave()
        for one in said:
            outcome = await self._door.receive(one)
            self._taken += outcome.decision is not None
