"""Several processes in one virtual time, each with an event loop of its own: one can be stopped as SIGSTOP stops it.

A stopped machine does nothing at all while time passes for the others; when it goes on, all its timers are overdue.
"""

import asyncio
import math
import selectors
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from adapters.simulate.loop import VirtualLoop


class Machine(VirtualLoop):
    """One process. `skew`: how far its wall clock is off, in seconds."""

    def __init__(self, name: str, skew: float = 0.0) -> None:
        self.seconds = 0.0
        self.idle_until = 0.0
        self.stopped = False
        self.name, self.skew = name, skew
        asyncio.SelectorEventLoop.__init__(self, _Idle(self))

    def sigstop(self) -> None:
        """Nothing more happens here until `Machines` lets it go on."""
        self.stopped = True
        self.stop()

    def work(self, now: float) -> None:
        """Do what can be done at this instant."""
        self.seconds = now
        self.idle_until = now
        self.run_forever()


class _Idle(selectors.DefaultSelector):
    """Where a loop would wait, it hands back to whoever keeps the time."""

    def __init__(self, machine: Machine) -> None:
        super().__init__()
        self._machine = machine

    def select(self, timeout: float | None = None) -> Sequence[Any]:  # type: ignore[override]
        if timeout is None or timeout > 0:
            self._machine.idle_until = math.inf if timeout is None else self._machine.seconds + timeout
            self._machine.stop()
        return ()


class Machines:
    """Keeps one time for all of them. `start`: what the wall clocks say at second 0."""

    def __init__(self, start: datetime) -> None:
        self.now = 0.0
        self._start = start
        self._all: list[Machine] = []
        self._dead: list[Machine] = []

    def add(self, name: str, skew: float = 0.0) -> Machine:
        """A process that begins now."""
        machine = Machine(name, skew)
        machine.seconds = machine.idle_until = self.now
        self._all.append(machine)
        return machine

    def kill(self, machine: Machine) -> None:
        """As `kill -9`: what it was doing is never finished."""
        self._all.remove(machine)
        self._dead.append(machine)

    def resume(self, machine: Machine) -> None:
        """SIGCONT."""
        machine.stopped = False
        machine.idle_until = self.now

    def wall(self, machine: Machine | None = None) -> Callable[[], datetime]:
        """The wall clock of a machine; the database's where none is named."""
        skew = 0.0 if machine is None else machine.skew
        return lambda: self._start + timedelta(seconds=self.now + skew)

    def run(self, until: float, ready: Callable[[], object] = lambda: False) -> bool:
        """Let time pass until that second, or until `ready()`: whether it became true."""
        while True:
            for machine in [one for one in self._all if not one.stopped and one.idle_until <= self.now]:
                machine.work(self.now)
            if ready():
                return True
            coming = min((one.idle_until for one in self._all if not one.stopped), default=math.inf)
            if coming > until:
                self.now = max(self.now, until)
                return False
            self.now = max(self.now, coming)

    def close(self) -> None:
        """The end: whatever hangs is dropped."""
        for machine in [*self._all, *self._dead]:
            for task in asyncio.all_tasks(machine):
                task.cancel()
            machine.stopped = False
            machine.work(self.now)
            machine.close()
