"""`python -m tests.pacing [--waiting 200000] [--messages 20000] [--trials 60] [--only R9]`: R8, R9, R10, R12 and P7.

A table on standard error, JSON lines on standard output. Exit code 1 where a limit was missed.
"""

import argparse
import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial

from benchmarks.row import Row
from tests.pacing import outages, rates, replicas, urgent
from tests.pacing.platform import slack, teams

Work = Callable[[], Iterator[Row]]
HOUR = {"slack": 1, "teams": 10}
"""So that a fleet takes as long on either platform: an hour and seven minutes by default, as 200,000 people do on Teams."""


def proofs(waiting: int, messages: int, trials: int) -> dict[str, Work]:
    """Every proof, by the goal it belongs to."""
    found: dict[str, Work] = {}
    for make in (slack, teams):
        name = make.__name__
        found[f"R8 {name}"] = partial(rates.whole_allowance, make, messages)
        found[f"R8 {name}, 3 processes"] = partial(rates.whole_allowance, make, messages, replicas=3)
        found[f"R9 {name}"] = partial(urgent.overtakes, make, waiting)
        found[f"R9 {name}, nobody starves"] = partial(urgent.starves_nobody, make, max(500, messages // 10))
        for trouble in ("refused", "silent", "error"):
            found[f"R10 {name} {trouble}"] = partial(outages.platform_down, make, trouble, 240)
        found[f"R10 {name}, service"] = partial(outages.service_down, make, 240)
        found[f"R10 {name}, database"] = partial(outages.database_down, make, 600)
        found[f"P7 {name}"] = partial(rates.fleet, make, messages * HOUR[name])
    for header in rates.HEADERS:
        found[f"R8 Retry-After {header!r}"] = partial(rates.retry_after, header)
    found["R8 alone"] = lambda: rates.alone(max(500, messages // 20))
    found["R12 stopped"] = lambda: replicas.stopped(trials)
    found["R12 claimed"] = lambda: replicas.stopped_at("claimed", max(3, trials // 3))
    found["R12 written"] = lambda: replicas.stopped_at("written", max(3, trials // 3))
    found["R12 split"] = lambda: replicas.split(max(3, trials // 2))
    return found


def main() -> None:
    """Parse, prove, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.pacing", description=__doc__)
    parser.add_argument("--waiting", type=int, default=200_000)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--only", default="", help="proofs whose name begins so")
    given = parser.parse_args()
    logging.disable(logging.ERROR)
    missed = 0
    for name, work in proofs(given.waiting, given.messages, given.trials).items():
        if not name.startswith(given.only):
            continue
        began = time.perf_counter()
        for row in work():
            missed += not row.ok
            print(json.dumps(asdict(row)), flush=True)
            print(
                f"{'ok    ' if row.ok else 'MISSED'} {row.name:<95} {row.value:>10g} {row.unit} (limit {row.limit:g})",
                file=sys.stderr,
            )
        print(f"       {name}: {time.perf_counter() - began:.0f} s of real time", file=sys.stderr, flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
