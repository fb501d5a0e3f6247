"""Waiting until nothing is left to do at this instant: everything due decided, everything said delivered.

For whoever moves the clock (development, tests, simulation); a running server never waits for this.
"""

import asyncio
import time
from collections.abc import Callable

from bot.ports import Agenda, Clock
from scheduler.deliver import Deliver
from scheduler.directory import Directory
from scheduler.sweep import Sweep


class Quiet:
    """Directory, sweep, drain, and again, until a whole round changed nothing."""

    def __init__(
        self,
        agenda: Agenda,
        clock: Clock,
        sweep: Sweep,
        deliver: Deliver,
        directory: Directory,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._agenda = agenda
        self._clock = clock
        self._sweep = sweep
        self._deliver = deliver
        self._directory = directory
        self._monotonic = monotonic

    async def reach(self, limit_seconds: float = 600.0, *, stalled_seconds: float = 30.0) -> bool:
        """Whether it is quiet now. False: something does not settle, after `stalled_seconds` without any progress."""
        ends = self._monotonic() + limit_seconds
        progress_at = self._monotonic()
        while self._monotonic() < ends:
            synced = await self._directory.sync_if_needed()
            decided = await self._sweep.run_once()
            failed = self._sweep.failed
            drained = await self._deliver.drain(ends - self._monotonic(), stalled_seconds=stalled_seconds)
            if not drained:
                return False
            if synced or decided:
                progress_at = self._monotonic()
                continue
            due = await asyncio.to_thread(self._agenda.next_due)
            if due is None or due > self._clock.now():
                return True
            # due and not ours to claim: under another replica's lease, or its turn failed and the lease must end first
            if failed or self._monotonic() - progress_at > stalled_seconds:
                return False
            await asyncio.sleep(0.05)
        return False
