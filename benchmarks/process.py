"""The process itself: how long it takes to import everything a server needs, and how much memory that is."""

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.row import Row, at_most

_MEASURE = """
import resource, sys, time
began = time.perf_counter()
{imports}
print(time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_PEER = "import fastapi, uvicorn, sqlalchemy, slack_bolt.async_app, apscheduler.schedulers.asyncio, httpx"
_OURS = "import adapters.app"
RUNS = 5


def _measure(imports: str) -> tuple[float, float]:
    """Median seconds and peak MiB of a fresh interpreter."""
    figures = []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", _MEASURE.format(imports=imports)], capture_output=True, text=True, check=True
        )
        seconds, memory = done.stdout.split()
        figures.append((float(seconds), float(memory)))
    figures.sort()
    return figures[RUNS // 2]


def start_and_memory() -> Iterator[Row]:
    """Importing the server against importing the bare stack it stands on (RELIABILITY P9)."""
    (ours, memory), (bare, _) = _measure(_OURS), _measure(_PEER)
    yield at_most("process: import time against the bare stack", ours / bare, "x", 1.5)
    yield at_most("process: memory after import", memory, "MiB", 150)
