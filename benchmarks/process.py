"""The process itself: how long it takes to be imported and to be ready, and how much memory it holds."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import company
from benchmarks.databases import database
from benchmarks.presses import SECRET
from benchmarks.row import Row, Run, at_most, median_ratio, seconds_of
from benchmarks.server import environment, free_port, process, wait_listening, wait_ready
from storage.engine import open_engine

STACK = "fastapi, uvicorn, sqlalchemy, slack_bolt.async_app, apscheduler.schedulers.asyncio, httpx"
"""What a server like this stands on; `BOTH` with the Teams SDK."""
BOTH = f"{STACK}, botbuilder.core, botbuilder.schema, botframework.connector"
OURS = "adapters.cli, adapters.app, adapters.slack.routes, adapters.slack.gateway, adapters.teams.routes, adapters.teams.gateway"
AS_SERVED = "gc.disable()\n"
"""`rondo serve` does that before it imports anything that takes long."""
NOWHERE = "http://127.0.0.1:1"
"""Nobody listens there: nothing leaves this machine."""
SLACK = {
    "RONDO_ENV": "development", "RONDO_SLACK_SIGNING_SECRET": SECRET, "RONDO_SLACK_BOT_TOKEN": "xoxb-benchmark",
    "RONDO_SLACK_API_URL": f"{NOWHERE}/api/",
}  # fmt: skip
TEAMS = {
    "RONDO_TEAMS_APP_ID": "00000000-0000-0000-0000-000000000001", "RONDO_TEAMS_APP_PASSWORD": "benchmark",
    "RONDO_TEAMS_TENANT_ID": "00000000-0000-0000-0000-000000000002", "RONDO_TEAMS_OPENID_URL": f"{NOWHERE}/openid",
    "RONDO_TEAMS_TOKEN_URL": f"{NOWHERE}/token",
}  # fmt: skip
_LOADED = """
import sys
from adapters.app import build
from adapters.settings import Settings
build(Settings.load())
print(sum(name.partition(".")[0] in ("botbuilder", "botframework", "msal", "msrest") for name in sys.modules))
"""


def start_and_memory(run: Run) -> Iterator[Row]:
    """Importing and starting the server against importing the bare stack it stands on, and its memory (RELIABILITY P9)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rondo-bench-")))
        url = stack.enter_context(database("sqlite"))
        slack = SLACK | {"RONDO_DATABASE_URL": url}
        both, starts = slack | TEAMS, run.sizes.starts
        _imported(OURS)  # not counted: what was changed since the last run is compiled
        _imported(BOTH)

        ratio, _, _ = median_ratio(lambda: _imported(OURS, before=AS_SERVED), lambda: _imported(BOTH), pairs=starts)
        yield at_most("start: import, against the bare stack", ratio, "x", 1.5)

        ratio, ready, _ = median_ratio(lambda: _ready(folder, both), lambda: _whole(BOTH), pairs=starts)
        yield at_most("start: ready with Slack and Teams, against importing the stack", ratio, "x", 1.5)
        yield at_most("start: ready with Slack and Teams", ready, "s", 1.8)

        ratio, ready, _ = median_ratio(lambda: _ready(folder, slack), lambda: _whole(STACK), pairs=starts)
        yield at_most("start: ready with Slack alone, against importing its stack", ratio, "x", 1.5)
        yield at_most("start: ready with Slack alone", ready, "s", 0.9)

        loaded = subprocess.run(
            [sys.executable, "-c", _LOADED], env=environment(slack), cwd=folder, capture_output=True, text=True, check=True
        )
        yield at_most("start: modules of the Teams SDK with Teams off", float(loaded.stdout), "modules", 0)
        yield at_most("memory: idle with Slack and Teams", _idle(run, folder, both), "MiB", 150)
        yield at_most("memory: idle with Slack alone", _idle(run, folder, slack), "MiB", 100)
        yield at_most(*_crowded(run, folder, slack), "MiB", 256)


def _imported(modules: str, before: str = "") -> float:
    """Seconds a fresh interpreter takes to import them."""
    script = f"import gc, time; began = time.perf_counter()\n{before}import {modules}\nprint(time.perf_counter() - began)"
    done = subprocess.run([sys.executable, "-c", script], env=environment(), capture_output=True, text=True, check=True)
    return float(done.stdout)


def _whole(modules: str) -> float:
    """Seconds of the whole process that imports them and ends."""
    words = [sys.executable, "-c", f"import os, {modules}\nos._exit(0)"]
    return seconds_of(lambda: subprocess.run(words, env=environment(), check=True))


def _ready(folder: Path, settings: Mapping[str, str]) -> float:
    """Seconds from starting the process to its first `ready`."""
    port = free_port()
    began = time.perf_counter()
    with process(["-m", "adapters.cli", "serve", "--port", str(port)], settings, folder) as started:
        wait_ready(port, started)
        return time.perf_counter() - began


def _idle(run: Run, folder: Path, settings: Mapping[str, str]) -> float:
    """MiB after a few heartbeats with nothing to do."""
    port = free_port()
    with process(["-m", "adapters.cli", "serve", "--port", str(port)], settings, folder) as started:
        wait_ready(port, started)
        time.sleep(min(3.0, run.sizes.idle_seconds))
        return resident(started.pid)


def _crowded(run: Run, folder: Path, slack: Mapping[str, str]) -> tuple[str, float]:
    """The most MiB with very many people and goals in the database, while Slack's whole directory is read."""
    people, goals = run.sizes.many, run.sizes.goals
    with ExitStack() as stack:
        url = stack.enter_context(database("sqlite"))
        engine = open_engine(url)
        at = datetime.now(UTC) - timedelta(days=1)
        company.found(engine, 1, at)
        company.crowd(engine, people, at, goals=goals)
        engine.dispose()
        port, api = free_port(), free_port()
        stack.enter_context(process(["-m", "benchmarks.slack_api", str(api), "1", str(people)], {}, folder))
        wait_listening(api)
        settings = dict(slack) | {"RONDO_DATABASE_URL": url, "RONDO_SLACK_API_URL": f"http://127.0.0.1:{api}/api/"}
        started = stack.enter_context(process(["-m", "adapters.cli", "serve", "--port", str(port)], settings, folder))
        wait_ready(port, started)
        time.sleep(run.sizes.idle_seconds)
        return f"memory: most with {people:,} people and {goals:,} goals", resident(started.pid, "VmHWM")


def resident(pid: int, what: str = "VmRSS") -> float:
    """MiB of a process: now, or the most so far (`VmHWM`)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no {what}")
