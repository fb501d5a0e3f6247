"""Real processes to measure: `rondo serve`, its peer, and what stands in for Slack."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Of a process that runs this tree's code: nobody else's settings, and bytecode is kept as in an installed package."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("RONDO_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return inherited | {"PYTHONPATH": str(ROOT)} | dict(settings or {})


@contextmanager
def process(words: Sequence[str], settings: Mapping[str, str], folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A Python process in a folder of its own (no `.env` of the developer's); ended at the end."""
    with (folder / f"{words[1].rpartition('.')[2]}-{time.monotonic_ns()}.log").open("ab") as log:
        started = subprocess.Popen(
            [sys.executable, *words], cwd=folder, env=environment(settings), stdout=log, stderr=subprocess.STDOUT
        )
    try:
        yield started
    finally:
        started.terminate()
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def wait_ready(port: int, started: "subprocess.Popen[bytes]", path: str = "/readyz") -> None:
    """Until the server says 200."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        if started.poll() is not None:
            raise RuntimeError(f"the server ended at once: {started.args!r}")
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asked.request("GET", path)
            if asked.getresponse().status == 200:
                return
        except (http.client.HTTPException, OSError):
            pass
        finally:
            asked.close()
        time.sleep(0.005)
    raise RuntimeError(f"not ready within {START_SECONDS:g} s: {started.args!r}")


def wait_listening(port: int) -> None:
    """Until somebody takes connections."""
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError(f"nobody listens on {port}")
