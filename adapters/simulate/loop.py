"""An event loop in which time passes only when nobody has anything to do, and threads do their work at once.

Everything that awaits, sleeps or sets a timer works unchanged; a run depends on nothing but what is put in.
"""

import asyncio
import selectors
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextvars import Context
from datetime import datetime, timedelta
from typing import Any, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class VirtualLoop(asyncio.SelectorEventLoop):
    """`time()` is virtual seconds since the loop was made. Work for an executor runs at once, in this thread."""

    def __init__(self) -> None:
        self.seconds = 0.0
        super().__init__(_Leap(self))

    def time(self) -> float:
        """Virtual seconds."""
        return self.seconds

    def run_in_executor(self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts) -> "asyncio.Future[T]":
        """Run `func` now. It is done when this returns, but whoever awaits it gives way once, as with a thread."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    def call_soon_threadsafe(
        self, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """There is one thread."""
        return self.call_soon(callback, *args, context=context)


class VirtualClock:
    """What time it is for the core while a `VirtualLoop` runs: `start` plus the loop's seconds."""

    def __init__(self, loop: VirtualLoop, start: datetime) -> None:
        self._loop = loop
        self._start = start

    def now(self) -> datetime:
        """An aware UTC instant."""
        return self._start + timedelta(seconds=self._loop.seconds)


class _Leap(selectors.DefaultSelector):
    """Instead of waiting for the next timer, makes it that time."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Sequence[Any]:  # type: ignore[override]
        if timeout is None:
            raise RuntimeError("nothing will ever happen again: everybody waits and no timer is set")
        self._loop.seconds += max(0.0, timeout)
        return ()
