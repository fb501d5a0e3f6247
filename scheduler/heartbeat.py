"""The clockwork: one APScheduler with a handful of interval ticks in memory. The truth about "when" is the agenda's.

Nothing is scheduled per person here (RELIABILITY 1.5): a tick only says "look now", and a missed tick costs nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger("rondo.heartbeat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Something to do every `seconds`, the first time at once unless `at_once` is False."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]
    at_once: bool = True


class Heartbeat:
    """Runs ticks until `stop`. A tick that is still at work is not started again; one that fails is logged."""

    def __init__(self, ticks: Sequence[Tick], *, beat: Callable[[], None] = lambda: None) -> None:
        self._ticks = ticks
        self._beat = beat
        self._scheduler: AsyncIOScheduler | None = None

    def start(self) -> None:
        """Begin, in the running loop."""
        # a tick that is still at work when its next one comes is normal here, not a warning
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        now = datetime.now(UTC)
        for tick in self._ticks:
            # one beginning for all: ticks that come equally often wake the process together
            trigger = IntervalTrigger(seconds=tick.seconds, start_date=now, timezone=UTC)
            first = {"next_run_time": now} if tick.at_once else {}
            self._scheduler.add_job(self._guarded, trigger, args=(tick,), id=tick.name, name=tick.name, **first)
        self._scheduler.start()

    def stop(self) -> None:
        """No more ticks; what is under way is cancelled."""
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
            self._scheduler = None

    async def _guarded(self, tick: Tick) -> None:
        try:
            await tick.work()
        except asyncio.CancelledError:  # by `stop`; the scheduler would report it as an error
            log.info("tick cut short", extra={"tick": tick.name})
        except Exception:
            log.exception("tick failed", extra={"tick": tick.name})
        else:
            self._beat()
