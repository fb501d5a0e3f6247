"""`rondo demo` as somebody meets it who has just cloned the repository, or who runs the real thing beside it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.house.files import ROOT

COMPANY = """RONDO_HEARTBEAT_URL=https://monitor.acme.example/x
RONDO_TEAMS_GRAPH=on
RONDO_TEAMS_APP_ID=app
RONDO_TEAMS_APP_PASSWORD=
RONDO_SCIM_TOKEN=0123456789abcdef
RONDO_COMPANY_NAME=Acme
RONDO_COMPANY_ZONE=Mars/Olympus
"""
"""Of a real company, with a mistake in it: enough to stop a real server."""


@contextmanager
def demo(folder: Path, given: Mapping[str, str] = {}) -> Iterator[tuple[str, list[str]]]:
    """The address it printed, and every line it has printed by its end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **given}
    command = [sys.executable, "-m", "adapters.cli", "demo", "--port", "0"]
    said: list[str] = []
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder) as process:
        assert process.stderr is not None
        try:
            for line in process.stderr:
                said.append(line)
                if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                    yield found[0], said
                    break
            else:
                raise AssertionError(said)
        finally:
            process.send_signal(signal.SIGTERM)
            said += process.stderr.readlines()


def test_the_address_is_the_one_line_that_the_playground_prints(tmp_path: Path) -> None:
    with demo(tmp_path) as (address, said), httpx.Client(base_url=address, trust_env=False) as browser:
        moved = browser.post("/dev/clock", json={"advance": "PT24H"}, timeout=60)
        assert moved.status_code == 200
    assert len(said) == 1, "a day went by and nothing pushed the address out of sight"
    assert said[0].startswith(f"Rondo's playground: open {address} in a browser")


def test_the_playground_starts_beside_the_settings_of_a_real_company_and_uses_none_of_them(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(COMPANY, encoding="utf-8")
    given = {"RONDO_SECRET_KEY_FILE": str(tmp_path / "nothing"), "RONDO_ADMIN_TOKEN": "0123456789abcdef0123456789abcdef"}
    with demo(tmp_path, given) as (address, _), httpx.Client(base_url=address, trust_env=False) as browser:
        assert browser.get("/readyz").status_code == 200
        for route in ("/scim/v2/Users", "/api/v1/policies", "/slack/install"):
            assert browser.get(route).status_code == 404, route
