"""Runs benchmarks: a table for people on standard error, JSON lines on standard output, exit 1 when a limit is missed.

`python -m benchmarks [NAME…]`; `--profile` shows where our own time goes instead, to explain a limit that was missed.
"""

import argparse
import cProfile
import importlib
import json
import pstats
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from benchmarks.row import FULL, TINY, Row, Run

BENCHMARKS: Mapping[str, tuple[str, str]] = {
    # Memory first: Linux lets a new process inherit its parent's peak, and ours is small only before the others ran.
    "start": ("process", "start_and_memory"),
    "small": ("small", "company_of_fifty"),
    "turns": ("turns", "whole_turns"),
    "acks": ("turns", "acknowledgements"),
    "idle": ("agenda", "idle_ticks"),
    "due": ("agenda", "due_items"),
    "outbox": ("outbox", "claim_and_mark"),
    "sending": ("sending", "sending"),
    "quarter": ("quarter", "simulated_quarter"),
}
"""Name: the module and the function that yields its rows. Imported when they run."""


def benchmark(name: str) -> Callable[[Run], Iterator[Row]]:
    """The benchmark of this name."""
    module, function = BENCHMARKS[name]
    found: Callable[[Run], Iterator[Row]] = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    return found


def main() -> int:
    """Run what is named, or everything, and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one or more of {', '.join(BENCHMARKS)}; none: all")
    parser.add_argument("--profile", action="store_true", help="where our own time goes; the figures mean nothing then")
    parser.add_argument("--tiny", action="store_true", help="only show that everything runs; the limits mean nothing then")
    given = parser.parse_args()
    if unknown := [name for name in given.names if name not in BENCHMARKS]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    run = Run(TINY if given.tiny else FULL, cProfile.Profile() if given.profile else None)
    missed, began = 0, time.monotonic()
    print(f"{'benchmark':<64}{'value':>12} {'unit':<8}{'limit':>10}", file=sys.stderr)
    for name in given.names or BENCHMARKS:
        for row in benchmark(name)(run):
            missed += not row.ok
            print(json.dumps(asdict(row)), flush=True)
            mark = "ok" if row.ok else "MISSED"
            print(f"{row.name:<64}{row.value:>12.3f} {row.unit:<8}{row.limit:>10}  {mark}", file=sys.stderr, flush=True)
    print(f"{missed} missed, {time.monotonic() - began:.0f} s", file=sys.stderr)
    if run.profiler is not None:
        pstats.Stats(run.profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(60)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
