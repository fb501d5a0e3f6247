"""What time it is: the system's clock, or in development one that is told (INTERFACES, "HTTP" and "Precise meanings").

Only due-ness follows it. Leases, pacing, signatures and tokens follow real time.
"""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from adapters.answers import problem
from adapters.outgoing import LOOPBACK

EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2199, 12, 31, tzinfo=UTC)

_DURATION = re.compile(
    r"P(?!$)(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,10}(?:[.,]\d{1,6})?)S)?)?",
    re.ASCII,
)


class SystemClock:
    """Wall time; once the database has said what time it is, that, carried on by a clock which nobody sets.

    Replicas agree on the time then, however wrong their machines are about it. Where the database is silent for a while
    the last thing it said goes on to count.
    """

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._said: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """An aware UTC instant. Any thread."""
        if self._said is None:
            return datetime.now(UTC)
        at, measured = self._said
        return at + timedelta(seconds=self._monotonic() - measured)

    def synchronise(self, at: datetime, measured: float) -> timedelta:
        """The database's time when `monotonic()` was `measured`. By how much this machine is ahead of it."""
        self._said = (at.astimezone(UTC), measured)
        return datetime.now(UTC) - self.now()


class DevClock:
    """A clock that stands still until it is told. Starts at `start`, or at wall time."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = (start or datetime.now(UTC)).astimezone(UTC)
        self.told = False

    def now(self) -> datetime:
        """An aware UTC instant."""
        return self._now

    def tell(self, instant: datetime) -> None:
        """It is `instant` now. The caller has made sure that this is allowed."""
        self._now = instant.astimezone(UTC)
        self.told = True


class BadInstant(ValueError):
    """What was sent is no instant and no duration we take (400)."""


class Backwards(Exception):
    """Time would turn back (409)."""


class Timekeeper:
    """Moves a DevClock, one move at a time, and waits each time until all that follows has been done."""

    def __init__(
        self,
        clock: DevClock,
        *,
        settle: Callable[[], Awaitable[bool]],
        empty: Callable[[], bool],
        last_recorded: Callable[[], datetime | None],
        remember: Callable[[datetime], None] = lambda instant: None,
    ) -> None:
        """`remember` keeps the instant where commands on the same database find it. All but `settle` are blocking."""
        self._clock = clock
        self._remember = remember
        self._settle = settle
        self._empty = empty
        self._last_recorded = last_recorded
        self._moving = asyncio.Lock()

    async def move(self, *, to: datetime | None = None, by: timedelta = timedelta()) -> tuple[datetime, bool]:
        """Set the clock `to` an instant or `by` a span; when it is quiet, the time and whether everything settled.

        Raises Backwards, and BadInstant outside the years 1971 to 2199.
        """
        async with self._moving:
            try:
                instant = self._clock.now() + by if to is None else to.astimezone(UTC)
            except OverflowError as error:
                raise BadInstant("that is too far away") from error
            if not EARLIEST <= instant <= LATEST:
                raise BadInstant("the years 1971 to 2199 are understood")
            floor = await self._floor()
            if floor is not None and instant < floor:
                raise Backwards(f"It is {iso(floor)} already, and time does not turn back; start with an empty database.")
            if not self._clock.told or instant != self._clock.now():
                await asyncio.to_thread(self._remember, instant)
            self._clock.tell(instant)
            settled = await self._settle()
            return self._clock.now(), settled

    async def between_moves(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do `work` unless the clock is being moved, which does it itself (and in its own order)."""
        if not self._moving.locked():
            await work()

    async def _floor(self) -> datetime | None:
        if await asyncio.to_thread(self._empty):
            return None
        return self._clock.now() if self._clock.told else await asyncio.to_thread(self._last_recorded)


def clock_router(clock: DevClock, keeper: Timekeeper) -> APIRouter:
    """`GET` and `POST /dev/clock`."""
    router = APIRouter()

    @router.get("/dev/clock")
    async def read() -> JSONResponse:
        return JSONResponse({"now": iso(clock.now())})

    @router.post("/dev/clock")
    async def move(request: Request) -> JSONResponse:
        if _is_of_a_page_elsewhere(request):
            return problem(403, "The clock is moved from this machine, not by a page elsewhere.")
        try:
            to, by = _wanted(await request.body())
            now, settled = await keeper.move(to=to, by=by)
        except BadInstant as error:
            return problem(400, f"{error}.")
        except Backwards as error:
            return problem(409, str(error))
        return JSONResponse({"now": iso(now)} if settled else {"now": iso(now), "settled": False})

    return router


def _is_of_a_page_elsewhere(request: Request) -> bool:
    """Whether a browser sent this from another place than this machine, whatever the DNS says. Whoever is no browser has no
    `Origin`.
    """
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    if origin is not None and (urlsplit(origin).netloc != host or urlsplit(f"//{host}").hostname not in LOOPBACK):
        return True
    return request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def parse_duration(text: str) -> timedelta:
    """An ISO 8601 duration of weeks down to seconds. Raises BadInstant, for months and years too: no fixed length."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise BadInstant(f"{text[:40]!r} is no duration; write weeks to seconds like PT24H or P1DT2H (no months, no years)")
    parts = {name: float((value or "0").replace(",", ".")) for name, value in match.groupdict().items()}
    return timedelta(**parts)


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with `Z` or an offset. Raises BadInstant."""
    try:
        instant = datetime.fromisoformat(text.strip())
        if instant.tzinfo is None:
            raise BadInstant(f"{text[:40]!r} has no offset; write UTC like 2026-03-02T09:00:00Z")
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadInstant):
            raise
        raise BadInstant(f"{text[:40]!r} is no instant; write one like 2026-03-02T09:00:00Z") from error


def iso(instant: datetime) -> str:
    """UTC with `Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _wanted(body: bytes) -> tuple[datetime | None, timedelta]:
    try:
        fields: Any = json.loads(body.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadInstant("the body is no JSON") from error
    match fields:
        case {"now": str(text), **rest} if not rest:
            return parse_instant(text), timedelta()
        case {"advance": str(text), **rest} if not rest:
            return None, parse_duration(text)
        case _:
            raise BadInstant('send {"now": "2026-03-02T09:00:00Z"} or {"advance": "PT24H"}')


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
