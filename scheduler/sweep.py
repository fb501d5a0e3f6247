"""Agenda → events. Claims what is due and takes each row through the one door; decides nothing itself."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.events import Event, Ticked
from bot.ports import Agenda, Clock, Due, Outcome

log = logging.getLogger("rondo.sweep")

BATCH = 100
"""Rows claimed at once per thread: their turns take a fraction of the lease (a minute)."""
TOGETHER = 50
"""Rows handed over at once: whoever stops the sweep waits for no more than these."""
LOOPS = 20
"""A subject that comes due this often within one sweep does not move on: left alone until the next sweep."""


class Sweep:
    """Looks at everything that is due. One sweep at a time; a second caller waits for the first."""

    def __init__(
        self,
        agenda: Agenda,
        take: Callable[[Event], Outcome],
        clock: Clock,
        *,
        take_all: Callable[[Sequence[Event]], Iterable[Outcome | Exception]] | None = None,
        threads: int = 1,
        batch: int = BATCH,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        """`take_all` takes several events in fewer transactions; without it they are taken one by one."""
        self._agenda = agenda
        self._take = take
        self._take_all = take_all or self._one_by_one
        self._clock = clock
        self._count = threads
        self._batch = batch * threads
        self._beat = beat
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="sweep")
        self._one = asyncio.Lock()
        self._stopping = False
        self.failed = 0
        """Rows that raised in the last sweep; their lease brings them back."""

    async def run_once(self) -> int:
        """Decide what is due until nothing is; how many rows were decided."""
        async with self._one:
            decided, seen = 0, Counter[str]()
            self.failed = 0
            loop = asyncio.get_running_loop()
            started = time.monotonic()
            while not self._stopping:
                rows = await loop.run_in_executor(self._threads, self._claim)
                self._beat()
                seen.update(row.subject for row in rows)
                rows = [row for row in rows if not self._stuck(row, seen[row.subject])]
                if not rows:
                    break
                shares = [rows[i :: self._count] for i in range(self._count)]
                counts = await asyncio.gather(
                    *(loop.run_in_executor(self._threads, self._decide, share) for share in shares if share)
                )
                decided += sum(done for done, _ in counts)
                self.failed += sum(failed for _, failed in counts)
            if decided or self.failed:
                spent = round(time.monotonic() - started, 3)
                log.info("sweep", extra={"decided": decided, "failed": self.failed, "seconds": spent})
            return decided

    async def stop(self) -> None:
        """Claim no more, and wait for the batch under way; rows claimed and not decided come back by their lease."""
        self._stopping = True
        async with self._one:
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _claim(self) -> Sequence[Due]:
        return self._agenda.claim_due(self._clock.now(), limit=self._batch)

    def _decide(self, rows: Sequence[Due]) -> tuple[int, int]:
        decided = failed = 0
        for start in range(0, len(rows), TOGETHER):
            if self._stopping:
                break
            ticks = [self._tick(row) for row in rows[start : start + TOGETHER]]
            for tick, outcome in zip(ticks, self._take_all(ticks), strict=False):
                if isinstance(outcome, Exception):
                    failed += 1
                    log.error("cannot decide", extra={"subject": tick.subject}, exc_info=outcome)
                else:
                    decided += outcome.decision is not None
        return decided, failed

    def _tick(self, row: Due) -> Ticked:
        return Ticked(
            id=f"tick:{row.subject}:{row.fence}", at=self._clock.now(), subject=row.subject, due=row.due, fence=row.fence
        )

    def _one_by_one(self, events: Sequence[Event]) -> Iterator[Outcome | Exception]:
        for event in events:
            if self._stopping:
                return
            try:
                yield self._take(event)
            except Exception as error:
                yield error

    def _stuck(self, row: Due, times: int) -> bool:
        if times <= LOOPS:
            return False
        log.error("comes due again and again", extra={"subject": row.subject, "due": row.due.isoformat()})
        return True
