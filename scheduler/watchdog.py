"""Knows when each of the scheduler's loops last came round, and says which one has not for too long."""

import threading
import time
from collections.abc import Callable, Mapping


class Watchdog:
    """`limits` are seconds of real time per loop; being made counts as the first round of each."""

    def __init__(self, limits: Mapping[str, float], *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limits = dict(limits)
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._beats = dict.fromkeys(limits, monotonic())

    def beat(self, name: str) -> None:
        """This loop came round. Any thread."""
        with self._lock:
            self._beats[name] = self._monotonic()

    def beater(self, name: str) -> Callable[[], None]:
        """`beat` of one loop as a callable."""
        return lambda: self.beat(name)

    def standing(self) -> Mapping[str, str | None]:
        """Per loop None (well) or what is wrong."""
        now = self._monotonic()
        with self._lock:
            ages = {name: now - self._beats[name] for name in self._limits}
        return {
            name: None if age <= self._limits[name] else f"last completed {age:.0f} s ago, at most {self._limits[name]:.0f} s"
            for name, age in ages.items()
        }
