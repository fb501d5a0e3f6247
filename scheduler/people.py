"""Reads who works here from a directory: everything once, then what changed. Pages are written as they come.

Who is missing is gone only after a complete reading, and never many at once: then the directory, not the company, is broken.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from bot.events import Address, Event, Unlinked
from bot.flows.imports.records import Record
from bot.ports import Clock, DeliveryError, Later, Outcome, StartAgain

log = logging.getLogger("rondo.people")

TRIES = 8
"""How often one page is asked for again before the reading waits for the next tick."""
BACKOFF, LONGEST = 2.0, 300.0
"""Seconds between tries where the directory does not say, doubling; and the longest wait within one reading."""
FEW = 20
"""So many may be missing whatever share that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page: `next` is where the reading goes on, `done` where the next one begins; one of them is empty."""

    records: tuple[Record, ...]
    next: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of records. `lost`: chat accounts that are nobody's any more."""

    created: int = 0
    changed: int = 0
    issues: tuple[str, ...] = ()
    lost: tuple[Address, ...] = ()


class PeopleSource(Protocol):
    """A directory that can be read in pages."""

    async def page(self, where: str) -> Leaf:
        """The page at `where` (empty: the first of all). Raises StartAgain, Later and other DeliveryErrors."""
        ...


class Books(Protocol):
    """What is kept of a directory. Blocking; how far it was read is shared by all replicas."""

    def begin(self) -> str | None: ...
    def go_on(self, cursor: str) -> None: ...
    def end(self, cursor: str, *, complete: bool) -> None: ...
    def known(self) -> frozenset[str]: ...
    def take(self, records: Sequence[Record]) -> Taken: ...


class People:
    """One directory. `tick` belongs into the heartbeat. `most_missing`: the share (0 to 1) that may be missing at once."""

    def __init__(
        self,
        source: PeopleSource,
        books: Books,
        take: Callable[[Event], Outcome],
        clock: Clock,
        *,
        changed: Callable[[], None] = lambda: None,
        most_missing: float = 0.1,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source, self._books, self._take, self._clock = source, books, take, clock
        self._changed, self._most_missing = changed, most_missing
        self._sleep, self._monotonic = sleep, monotonic
        self._not_before = 0.0
        self._reached = ""  # up to where everything is written
        self._one = asyncio.Lock()

    async def tick(self) -> Taken | None:
        """Read what is new, if it is time to; None: it is not, or it did not get to the end."""
        if self._one.locked() or self._monotonic() < self._not_before:
            return None
        async with self._one:
            cursor = await asyncio.to_thread(self._books.begin)
            return None if cursor is None else await self._read(cursor)

    async def _read(self, cursor: str) -> Taken | None:
        """From a cursor to the end; from the start, twice at most, where it has run out."""
        for where in (cursor, "", ""):
            try:
                return await self._all(where)
            except StartAgain as error:
                log.info("a directory is read from the start", extra={"reason": error.reason})
                await asyncio.to_thread(self._books.go_on, "")
            except DeliveryError as error:
                # a reading from the start begins again: who is missing shows only in a complete one
                seconds = getattr(error, "seconds", None) or LONGEST / 5
                self._not_before = self._monotonic() + seconds
                log.warning("a directory could not be read", extra={"reason": error.reason})
                await asyncio.to_thread(self._books.end, self._reached, complete=False)
                return None
            except BaseException:
                await asyncio.to_thread(self._books.end, self._reached, complete=False)
                raise
        await asyncio.to_thread(self._books.end, "", complete=False)
        self._not_before = self._monotonic() + LONGEST
        return None

    async def _all(self, where: str) -> Taken:
        whole = not where
        self._reached = where
        seen: set[str] = set()
        asked: set[str] = set()
        known = await asyncio.to_thread(self._books.known) if whole else frozenset()
        total = Taken()
        while True:
            if where in asked:
                raise StartAgain("its pages lead in a circle")
            asked.add(where)
            leaf = await self._page(where)
            total = _sum(total, await self._write(leaf.records))
            if whole:
                seen.update(one.external_id for one in leaf.records if not one.deleted)
            if leaf.done or not leaf.next:
                break
            where = leaf.next
            if not whole:
                self._reached = where
                await asyncio.to_thread(self._books.go_on, where)
        missing = known - seen
        done = leaf.done
        if missing and len(missing) > max(FEW, self._most_missing * len(known)):
            facts = {"missing": len(missing), "known": len(known)}
            log.error("a directory lacks too many people at once: nobody of them is taken for gone", extra=facts)
            done = ""  # the next reading is a complete one again
        elif missing:
            gone = [Record(external_id=one, cells={}, active=False, deleted=True) for one in sorted(missing)]
            total = _sum(total, await self._write(gone))
        await asyncio.to_thread(self._books.end, done, complete=True)
        if total.created or total.changed:
            log.info("people", extra={"joined": total.created, "changed": total.changed, "refused": len(total.issues)})
            self._changed()
        return total

    async def _page(self, where: str) -> Leaf:
        """One page, asked for again where the directory wants us to wait."""
        tries = 0
        while True:
            try:
                return await self._source.page(where)
            except Later as error:
                seconds = error.seconds if error.seconds is not None else BACKOFF * 2.0**tries
                tries += 1
                if error.broken or tries >= TRIES or seconds > LONGEST:
                    raise
                await self._sleep(seconds)

    async def _write(self, records: Sequence[Record]) -> Taken:
        taken = await asyncio.to_thread(self._books.take, records)
        for detail in taken.issues[:20]:
            log.warning("a directory says what cannot be kept", extra={"detail_count": len(taken.issues), "rule": _rule(detail)})
        for account in taken.lost:
            gone = Unlinked(id=f"unlinked:{uuid4()}", at=self._clock.now(), account=account, reason="gone in its directory")
            await asyncio.to_thread(self._take, gone)
        return taken


def _rule(detail: str) -> str:
    """What is wrong, without whom it is about: logs name nobody."""
    return detail.rpartition('"')[2].strip() or "not acceptable"


def _sum(one: Taken, other: Taken) -> Taken:
    return Taken(
        created=one.created + other.created,
        changed=one.changed + other.changed,
        issues=(*one.issues, *other.issues)[:1_000],
        lost=(*one.lost, *other.lost),
    )
