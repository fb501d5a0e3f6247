"""`python -m tests.directory [--people N] [--database URL]`: a table, and JSON lines; exit 1 beyond a limit."""

import argparse
import json
import logging
import sys
import tempfile
from pathlib import Path

from storage.engine import open_engine
from storage.migrate import migrate
from tests.directory.company import Company
from tests.directory.proof import Result, prove


def main() -> int:
    """Run the proof; 0 when every limit holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.directory", description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--database", default="", help="default: a new SQLite file; a PostgreSQL database must be empty")
    given = parser.parse_args()
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(given.database or f"sqlite:///{Path(folder) / 'directory.db'}")
        migrate(engine)
        found = prove(engine, Company(given.people))
        engine.dispose()
    say = sys.stderr.write
    say(f"{'reading':<22}{'requests':>9}{'429':>6}{'rows written':>14}{'changed':>9}{'seconds':>9}{'CPU s':>8}\n")
    for one in found.costs:
        say(
            f"{one.name:<22}{one.requests:>9}{one.limited:>6}{one.written:>14}{one.changed:>9}{one.seconds:>9.1f}{one.cpu:>8.1f}\n"
        )
    say(f"{found.people} people, {found.linked} accounts, {found.gone} left; waited {found.waited:.0f} s where asked to;")
    say(f" {found.rss_mib:.0f} MiB at most\n")
    memory = {"name": "directory.memory", "value": round(found.rss_mib), "unit": "MiB", "limit": 768, "ok": found.rss_mib <= 768}
    lines = [*limits(found, given.people), memory]
    for line in lines:
        sys.stdout.write(json.dumps(line) + "\n")
    return 0 if all(line["ok"] for line in lines) else 1


def limits(found: Result, people: int) -> list[dict[str, object]]:
    """What must hold, whatever the size. Memory is not among it: only a process of its own can say what this took."""
    by_name = {one.name: one for one in found.costs}
    measured = [
        ("directory.people", found.people, "people", people + 20, found.people == people + 20),
        ("directory.accounts", found.linked, "accounts", people, found.linked == people),
        ("directory.left", found.gone, "people", 20, found.gone == 20),
        ("directory.again.rows", by_name["graph: nothing new"].written, "rows", 0, by_name["graph: nothing new"].written == 0),
        ("directory.again.slack", by_name["slack: nothing new"].written, "rows", 0, by_name["slack: nothing new"].written == 0),
        ("directory.changes.requests", by_name["graph: 200 changes"].requests, "requests", 3, _few(found, "graph", 3)),
        ("directory.changes.rows", by_name["graph: 200 changes"].written, "rows", 900, _few_rows(found, 900)),
        ("directory.lost.rows", by_name["graph: cursor lost"].written, "rows", 0, by_name["graph: cursor lost"].written == 0),
    ]
    return [{"name": n, "value": v, "unit": u, "limit": limit, "ok": ok} for n, v, u, limit, ok in measured]


def _few(found: Result, platform: str, most: int) -> bool:
    return next(one for one in found.costs if one.name == f"{platform}: 200 changes").requests <= most


def _few_rows(found: Result, most: int) -> bool:
    return next(one for one in found.costs if one.name == "graph: 200 changes").written <= most


if __name__ == "__main__":
    sys.exit(main())
