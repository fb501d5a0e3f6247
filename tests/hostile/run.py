"""Sends generated requests over many kept connections and judges what comes back."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile.stage import Stage
from tests.hostile.wire import Answer, Line, Request

LINES = 16
REPEATS = 5
"""How often what the server was too busy for is sent again, before it counts as an answer of 5xx."""
SHOWN = 2_500  # bytes
KEPT = 20
"""Failures whose requests are shown."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A request that was not answered as it should be."""

    number: int
    request: Request
    answer: Answer

    def __str__(self) -> str:
        shown = repr(self.request.wire[:SHOWN])[2:-1] + (" …" if len(self.request.wire) > SHOWN else "")
        return (
            f"request {self.number} ({self.request.kind}; {self.request.what}): {self.answer.status or 'no answer'} "
            f"after {self.answer.seconds:.2f} s, allowed: {sorted(self.request.allowed)[:5]}\n  sent: {shown}\n"
            f"  got: {self.answer.body[:300]!r}"
        )


@dataclass
class Tally:
    """What was counted."""

    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    wrong: int = 0
    server_errors: int = 0
    lost: int = 0
    busy: int = 0
    sent: int = 0
    slowest: float = 0.0
    times: list[float] = field(default_factory=list)

    def note(self, number: int, request: Request, answer: Answer) -> None:
        """Count one."""
        self.sent += 1
        self.statuses[request.kind, f"{answer.status // 100}xx" if answer.status else "lost"] += 1
        self.slowest = max(self.slowest, answer.seconds)
        if number % 17 == 0:
            self.times.append(answer.seconds)
        if answer.status in request.allowed:
            return
        self.wrong += 1
        self.server_errors += answer.status >= 500
        self.lost += answer.status == 0
        if len(self.failures) < KEPT:
            self.failures.append(Failure(number, request, answer))


async def attack(stage: Stage, seed: int, numbers: Iterable[int], tally: Tally, *, lines: int = LINES) -> float:
    """Send these requests; seconds it took."""
    rest = iter(numbers)
    began = time.perf_counter()
    await asyncio.gather(*(_worker(stage, seed, rest, tally) for _ in range(lines)))
    return time.perf_counter() - began


async def _worker(stage: Stage, seed: int, numbers: Iterator[int], tally: Tally) -> None:
    line = Line(stage.server.port)
    local = Line(stage.playground.port) if stage.playground is not None else line
    for number in numbers:
        request = stage.request(seed, number)
        end = local if request.playground else line
        answer = await end.ask(request.wire, request.patience)
        for _ in range(REPEATS):
            if answer.status != 503 or b"send it again" not in answer.body:
                break
            tally.busy += 1  # "nothing was written": platforms send it again, and so do we
            await asyncio.sleep(0.3)
            answer = await end.ask(request.wire, request.patience)
        tally.note(number, request, answer)
    line.close()
    local.close()


def resident(pid: int) -> float:
    """MiB of memory a process holds now."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


async def median_ms(work: Callable[[], "asyncio.Future[Answer] | asyncio.Task[Answer]"], runs: int) -> float:
    """The median of the answers' times."""
    times = sorted([(await work()).seconds for _ in range(runs)])
    return times[len(times) // 2] * 1000
