"""A virtual loop with several processes in it, each of which can be stopped, continued or killed between any two steps.

A killed process simply never runs again: none of its cleanup happens. A stopped one does all it missed when it continues.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextvars import Context, ContextVar, copy_context
from typing import Any, TypeVar, TypeVarTuple, Unpack

from adapters.simulate.loop import VirtualLoop

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

HOST: ContextVar["Host | None"] = ContextVar("host", default=None)
"""The process whose step is running; None: the world outside."""


class Killed(BaseException):
    """The process died here. No product code catches it, so what it was about to do is not done."""


class Host:
    """One process as the operating system sees it."""

    def __init__(self, loop: "Machine", name: str) -> None:
        self.name = name
        self.alive = True
        self.stopped = False
        self._loop = loop
        self._missed: list[_Step] = []

    def spawn(self, coroutine: Coroutine[Any, Any, object]) -> None:
        """Run something as this process."""
        context = copy_context()
        context.run(HOST.set, self)
        self._loop.create_task(coroutine, context=context)

    def kill(self) -> None:
        """As `kill -9`."""
        self.alive = False
        self._missed.clear()

    def stop(self) -> None:
        """As SIGSTOP."""
        self.stopped = True

    def go_on(self) -> None:
        """As SIGCONT."""
        self.stopped = False
        missed, self._missed = self._missed, []
        for step in missed:
            self._loop.again(step)

    def has_missed(self, step: "_Step") -> None:
        """It will run when the process continues."""
        self._missed.append(step)


class _Step:
    """A callback that only runs while its process does."""

    __slots__ = ("args", "callback", "context", "handle", "host")

    def __init__(self, host: Host, callback: Callable[..., object], args: tuple[Any, ...], context: Context) -> None:
        self.host, self.callback, self.args, self.context = host, callback, args, context
        self.handle: asyncio.Handle | None = None

    def run(self) -> None:
        host = self.host
        if not host.alive:
            return
        if host.stopped:
            host.has_missed(self)
            return
        if self.handle is not None and self.handle.cancelled():
            return  # cancelled by a step that ran after the stop, before this one
        self.callback(*self.args)


class Machine(VirtualLoop):
    """`latency`: seconds a call to the database (or any other thread) takes until its caller goes on."""

    def __init__(self, latency: Callable[[], float]) -> None:
        self._latency = latency
        self.begun: list[asyncio.Task[Any]] = []
        """Tasks that may still be at work: a dead process's stay, so that nothing of it is ever cleaned up."""
        super().__init__()

    def create_task(self, coro: Any, *, name: object = None, context: Context | None = None) -> "asyncio.Task[Any]":
        """As ever, and remembered."""
        task: asyncio.Task[Any] = super().create_task(coro, name=name, context=context)
        if len(self.begun) > 5000:
            self.begun = [one for one in self.begun if not one.done()]
        self.begun.append(task)
        return task

    def call_soon(self, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None) -> asyncio.Handle:
        """As soon as the process runs."""
        context = copy_context() if context is None else context
        host = context.get(HOST)
        if host is None:
            return super().call_soon(callback, *args, context=context)
        step = _Step(host, callback, args, context)
        step.handle = super().call_soon(step.run, context=context)
        return step.handle

    def call_at(
        self, when: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """At an instant, if the process runs then, or when it runs again."""
        context = copy_context() if context is None else context
        host = context.get(HOST)
        if host is None:
            return super().call_at(when, callback, *args, context=context)
        step = _Step(host, callback, args, context)
        handle = super().call_at(when, step.run, context=context)
        step.handle = handle
        return handle

    def again(self, step: _Step) -> None:
        """A step that was missed."""
        super().call_soon(step.run, context=step.context)

    def outside(self, seconds: float, callback: Callable[[Unpack[Ts]], object], *args: *Ts) -> asyncio.TimerHandle:
        """Something the world does by itself, whoever asked for it and whatever becomes of them."""
        return self.call_at(self.seconds + seconds, callback, *args, context=Context())

    def run_in_executor(self, executor: Executor | None, func: Callable[[Unpack[Ts]], T], *args: *Ts) -> "asyncio.Future[T]":
        """Run `func` now; whoever awaits it goes on a little later. `Killed` goes up at once."""
        future: asyncio.Future[T] = self.create_future()
        try:
            result = func(*args)
        except Exception as error:
            self.call_later(self._latency(), _fail, future, error)
        else:
            self.call_later(self._latency(), _answer, future, result)
        return future


def _answer(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
