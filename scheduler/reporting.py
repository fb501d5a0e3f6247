"""Outcomes of deliveries on their way to the one door: one transaction at a time, and what comes meanwhile shares the next.

So nobody waits for company: the first one goes at once, and only a busy database makes them travel together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.events import Delivered, Event, Undelivered
from bot.ports import Outcome

TOGETHER = 50
"""Outcomes that are handed over at once at most."""

Report = Delivered | Undelivered
Take = Callable[[Event], Outcome]
TakeAll = Callable[[Sequence[Event]], Sequence[Outcome | Exception]]
InThread = Callable[[Callable[[Sequence[Report]], list[Exception | None]], Sequence[Report]], Awaitable[list[Exception | None]]]


class Reporting:
    """Hands reports over, in the running loop. `take_all` None: `take` takes them one by one, also those that came together."""

    def __init__(self, take: Take, take_all: TakeAll | None, in_thread: InThread) -> None:
        self._take = take
        self._take_all = take_all
        self._in_thread = in_thread
        self._waiting: list[tuple[Report, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def report(self, report: Report) -> None:
        """Returns when it is written down; raises what kept it from that."""
        taken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((report, taken))
        if self._task is None:
            self._task = asyncio.create_task(self._hand_over(), name="reporting")
        await taken

    async def _hand_over(self) -> None:
        some: list[tuple[Report, asyncio.Future[None]]] = []
        try:
            while self._waiting:
                some, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                errors = await self._in_thread(self._write, [report for report, _ in some])
                for (_, taken), error in zip(some, errors, strict=True):
                    if taken.done():  # whoever waited for it was stopped; it is written all the same
                        continue
                    if error is None:
                        taken.set_result(None)
                    else:
                        taken.set_exception(error)
        finally:
            # Nothing is left unless this was stopped itself: then nobody else will tell them.
            for _, taken in (*some, *self._waiting):
                taken.cancel()
            self._waiting, self._task = [], None

    def _write(self, reports: Sequence[Report]) -> list[Exception | None]:
        """What went wrong with each."""
        if self._take_all is None or len(reports) == 1:
            return [self._alone(report) for report in reports]
        try:
            outcomes = self._take_all(reports)
        except Exception as error:
            return [error for _ in reports]
        return [one if isinstance(one, Exception) else None for one in outcomes]

    def _alone(self, report: Report) -> Exception | None:
        try:
            self._take(report)
        except Exception as error:
            return error
        return None
