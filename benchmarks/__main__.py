"""Runs every benchmark: a table for people on standard error, JSON lines on standard output, exit 1 when a limit is missed."""

import json
import sys
from dataclasses import asdict

from benchmarks.agenda import due_items_against_job_store, idle_ticks
from benchmarks.process import start_and_memory

# Memory first: Linux lets a new process inherit its parent's peak, and ours is small only before the others ran.
BENCHMARKS = (start_and_memory, idle_ticks, due_items_against_job_store)


def main() -> int:
    """Run all and report."""
    missed = 0
    print(f"{'benchmark':<44}{'value':>12} {'unit':<8}{'limit':>10}  ", file=sys.stderr)
    for benchmark in BENCHMARKS:
        for row in benchmark():
            missed += not row.ok
            print(json.dumps(asdict(row)), flush=True)
            mark = "ok" if row.ok else "MISSED"
            print(f"{row.name:<44}{row.value:>12.3f} {row.unit:<8}{row.limit:>10}  {mark}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
