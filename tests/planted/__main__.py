"""`python -m tests.planted [NAME …]`: how many of the planted mistakes the simulator finds, and how soon. Exit 1 below 95 %."""

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.planted.bugs import BUGS, Bug
from tests.planted.hunt import Found, hunt, planted

WANTED = 0.95
"""RELIABILITY R4."""


def main() -> int:
    """Hunt, and report each as it is found."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("names", nargs="*", help="only bugs whose name contains one of these")
    words.add_argument("--seeds", type=int, default=1_000, help="so many companies at most, per bug")
    words.add_argument("--people", type=int, default=24)
    words.add_argument("--weeks", type=int, default=2)
    words.add_argument("--jobs", type=int, default=2)
    asked = words.parse_args()
    bugs = [bug for bug in BUGS if not asked.names or any(name in bug.name for name in asked.names)]

    def one(bug: Bug) -> tuple[Bug, Found, float]:
        began = time.monotonic()
        size = {"people": bug.people or asked.people, "weeks": bug.weeks or asked.weeks}
        return bug, hunt(bug, first=1, last=asked.seeds, faults=bug.faults, root=now, **size), time.monotonic() - began

    found = 0
    with planted(None) as now, ThreadPoolExecutor(asked.jobs) as pool:  # all of them in the code as it is now
        for bug, result, seconds in pool.map(one, bugs):
            found += result.seed is not None
            seed = f"seed {result.seed}" if result.seed is not None else f"not in {asked.seeds} seeds"
            print(f"{bug.name:<70} {seed:<18} {seconds:>6.0f} s  {', '.join(result.broken)[:90]}", flush=True)
    print(f"found {found} of {len(bugs)} planted mistakes ({found / len(bugs):.0%}; wanted: {WANTED:.0%})")
    return 0 if found >= WANTED * len(bugs) else 1


if __name__ == "__main__":
    sys.exit(main())
