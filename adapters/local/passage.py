"""How time passes in the playground: from one due thing to the next, as it would have, never as one long outage.

A jump of the development clock is an outage (INTERFACES, "Precise meanings"): what came due inside it is decided with
the facts of its end. Somebody who presses *+1 week* wants to see the week.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from adapters.local.gateway import LocalGateway
from bot.ports import Clock

STEP = timedelta(minutes=1)
"""The least that time moves: things due within it are decided together, and a row that stays due cannot stop time."""

HORIZON = timedelta(days=35)
"""How far *next* looks ahead before it says that nothing will happen."""

PATIENCE_SECONDS = 20.0
"""Real time after which the rest of the way becomes one jump: nobody waits longer for a page."""


class Busy(Exception):
    """Time is moving already."""


class Passage:
    """Moves the clock on. `next_due` is blocking; `move` decides and delivers everything due before it returns."""

    def __init__(
        self,
        gateway: LocalGateway,
        clock: Clock,
        *,
        next_due: Callable[[], datetime | None],
        move: Callable[[datetime], Awaitable[None]],
    ) -> None:
        self._gateway = gateway
        self._clock = clock
        self._next_due = next_due
        self._move = move
        self._moving = asyncio.Lock()

    async def due(self) -> datetime | None:
        """When Rondo looks at something next; what it finds then may be nothing to speak of."""
        return await asyncio.to_thread(self._next_due)

    async def by(self, span: timedelta) -> Sequence[str]:
        """Let `span` pass. Whose conversations changed. Raises Busy."""
        async with self._alone(), self._gateway.watch() as watch:
            target, ends = self._clock.now() + span, time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < ends:
                at = await self._step()
                if at is None or at >= target:
                    break
                await self._to(at)
            if self._clock.now() < target:
                await self._to(target)
            return await watch.changes(0)

    async def to_next(self) -> Sequence[str]:
        """Let time pass until something can be seen. Nobody's conversation: nothing happens within the horizon."""
        async with self._alone(), self._gateway.watch() as watch:
            before, ends = self._gateway.happened, time.monotonic() + PATIENCE_SECONDS
            horizon = self._clock.now() + HORIZON
            while self._gateway.happened == before and time.monotonic() < ends:
                at = await self._step()
                if at is None or at > horizon:
                    break
                await self._to(at)
            return await watch.changes(0)

    async def _step(self) -> datetime | None:
        due = await self.due()
        return None if due is None else max(due, self._clock.now() + STEP)

    async def _to(self, at: datetime) -> None:
        await self._move(at)
        self._gateway.wake()

    def _alone(self) -> asyncio.Lock:
        if self._moving.locked():
            raise Busy
        return self._moving
