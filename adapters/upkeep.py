"""What a server does beside its work: seals the ledger, erases who asked for it, and lets go at night what is old.

Belongs to the composition root. Blocking parts run in a thread; replicas take turns in the database.
"""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from adapters.clock import SystemClock
from bot.model import Company
from bot.ports import Clock, Conflict
from bot.talk.voice import Phrases
from scheduler.heartbeat import Tick
from storage import wipe
from storage.chain import SqlChain
from storage.erasure import SqlErasure
from storage.retention import SqlRetention
from storage.upkeep import SqlUpkeep

log = logging.getLogger("rondo.upkeep")

TICK: Final = 30.0
"""Seconds between two looks: so long a line of the ledger waits for its link."""
ERASURES: Final = 10
"""So many ticks lie between two looks for people who asked to be forgotten."""
NIGHT: Final = (2, 5)
"""Hours of the company's day in which what keeps others waiting is done: old rows go, files are made anew."""
OVERDUE: Final = timedelta(hours=36)
"""A server that never runs at night does it in the day."""
AT_ONCE: Final = 20_000
"""Lines sealed per tick at most, a second or two of work: an old ledger of a million gets its links within the half hour."""
HEAD_EVERY: Final = timedelta(hours=1)


class Upkeep:
    """`tick` belongs into the heartbeat, every `TICK` seconds."""

    def __init__(self, engine: Engine, company: Company, clock: Clock, *, real: Clock, word: str) -> None:
        """`clock`: by which things are due; `word` stands where somebody's words were."""
        self._engine, self._clock, self._real = engine, clock, real
        self._zone = ZoneInfo(company.zone)
        self._chain = SqlChain(engine)
        self._erasure = SqlErasure(engine, word=word)
        self._retention = SqlRetention(engine, zone=company.zone, word=word)
        self._done = SqlUpkeep(engine)
        self._ticks = 0
        self._noted: datetime | None = None
        self._moved_to: datetime | None = None
        self._one_at_a_time = threading.Lock()

    async def tick(self) -> None:
        """Whatever is due."""
        await asyncio.to_thread(self.run_once)

    def run_once(self) -> None:
        """Blocking. What finds the database busy is left to the next tick."""
        try:
            with self._one_at_a_time:
                self._seal()
                if self._ticks % ERASURES == 0:
                    self._forget()
                self._ticks += 1
        except Conflict:
            log.info("the database is busy, the upkeep waits")

    def moved(self) -> bool:
        """Blocking. The clock was moved (development): all that came due is done now; whether somebody was erased."""
        with self._one_at_a_time:
            now, some = self._clock.now(), False
            if now != self._moved_to:
                some, self._moved_to = self._forget(), now
            self._seal()
        return some

    async def settled(self, reach: Callable[[], Awaitable[bool]]) -> bool:
        """After a move of the clock: quiet is reached, what is due here is done, and what follows from that, too."""
        try:
            is_quiet = await reach()
            if not await asyncio.to_thread(self.moved):
                return is_quiet
            is_quiet = await reach()
            await asyncio.to_thread(self.moved)
            return is_quiet
        except Conflict:
            log.info("the database is busy, the upkeep waits")
            return False

    def _seal(self) -> None:
        if self._chain.is_behind():
            self._chain.seal(most=AT_ONCE)
        now = self._real.now()
        if self._noted is None or now - self._noted >= HEAD_EVERY:
            self._noted = now
            head = self._chain.head()
            log.info("ledger head", extra={"position": head.position, "hash": head.hash.hex()})

    def _forget(self) -> bool:
        """Erasures that are due or were interrupted at once; old rows and large files at night. Whether anybody was erased."""
        now, some = self._clock.now(), False
        with self._done.turn() as mine:
            if not mine:
                return False
            for done in self._erasure.go_on(files=False):
                some = True
                log.info("a person was erased", extra={"rows": sum(done.rows.values()), "lines": done.lines})
            for who, by in [*((one, "person") for one in self._retention.wishes(now)),
                            *((one, "retention") for one in self._retention.leavers(now))]:  # fmt: skip
                done = self._erasure.erase(who, at=now, by=by, files=False)
                some = True
                log.info("a person was erased", extra={"by": by, "rows": sum(done.rows.values()), "lines": done.lines})
            if self._is_time("purge", now):
                counts = self._retention.purge(now)
                self._done.note("purge", now)
                log.info("old rows went", extra=counts)
            since = wipe.since(self._engine)
            if since is not None and (self._is_night(now) or now - since >= OVERDUE or wipe.is_quick(self._engine)):
                wipe.files(self._engine)
        return some

    def _is_night(self, now: datetime) -> bool:
        return NIGHT[0] <= now.astimezone(self._zone).hour < NIGHT[1]

    def _is_time(self, name: str, now: datetime) -> bool:
        """Once a night; in the day where a night went by without it."""
        last = self._done.last(name)
        if last is None or now - last >= OVERDUE:
            return True
        return self._is_night(now) and now - last >= timedelta(hours=12)


def upkeep_of(engine: Engine, company: Company, clock: Clock, phrases: Phrases) -> Upkeep:
    """The upkeep of a server."""
    word = phrases[company.locale if company.locale in phrases else "en"].line("erased-word")
    return Upkeep(engine, company, clock, real=SystemClock(), word=word)


def ticking(upkeep: Upkeep) -> Tick:
    """What its heartbeat does of it."""
    return Tick(name="upkeep", seconds=TICK, work=upkeep.tick, at_once=False)
