"""A real server: `rondo serve` as a process of its own, on a free port, with a clock that can be moved.

Knows only what INTERFACES promises: commands, settings, HTTP routes, signals.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

Json = dict[str, Any]

ADMIN = "e2e-admin-token-of-some-length"
RONDO = Path(sys.executable).with_name("rondo")
START_SECONDS = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def utc(text: str) -> datetime:
    """`2031-01-09T09:00` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Server:
    """One server on one database; the port stays the same over restarts."""

    def __init__(self, folder: Path, database_url: str, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_file = folder / f"server-{self.port}.log"
        self.settings = {
            "RONDO_ENV": "development",
            "RONDO_DEV_CLOCK": "true",
            "RONDO_ADMIN_TOKEN": ADMIN,
            "RONDO_DATABASE_URL": database_url,
            "RONDO_COMPANY_ZONE": "Europe/Berlin",
            **(settings or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._http: httpx.AsyncClient | None = None

    # ------------------------------------------------------------------------------------------ life

    def launch(self) -> Self:
        """Start without waiting."""
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith("RONDO_")}
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [str(RONDO), "serve", "--port", str(self.port)],
                cwd=self.folder,  # no `.env` of the developer's
                env=inherited | self.settings,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self

    def start(self) -> Self:
        """Start and wait until it is ready."""
        return self.launch().wait_ready()

    def wait_ready(self) -> Self:
        assert self.process is not None
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            assert self.process.poll() is None, f"the server ended at once:\n{self.log()}"
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"not ready within {START_SECONDS:g} s:\n{self.log()}")

    def kill(self) -> None:
        """As a power cut: no chance to do anything."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def terminate(self) -> tuple[float, int]:
        """SIGTERM; seconds until the end, and the exit code."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        return time.monotonic() - began, code

    async def __aenter__(self) -> Self:
        self._http = httpx.AsyncClient(base_url=self.url, timeout=120, trust_env=False)
        return self.start()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._http is not None:
            await self._http.aclose()
        if self.process is not None and self.process.poll() is None:
            self.kill()
        if error is not None:
            error.add_note(f"end of {self.log_file}:\n{self.log()[-4000:]}")

    # ------------------------------------------------------------------------------------------ log

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def complaints(self) -> list[str]:
        """Lines at level error and worse, and what is no log line at all (a traceback that escaped)."""
        found = []
        for line in self.log().splitlines():
            try:
                level = json.loads(line).get("level", "")
            except (ValueError, AttributeError):
                level = "unreadable"
            if level.lower() not in ("debug", "info", "warning"):
                found.append(line[:600])
        return found

    # ------------------------------------------------------------------------------------------ clock

    @property
    def http(self) -> httpx.AsyncClient:
        assert self._http is not None, "use `async with`"
        return self._http

    async def now(self, instant: datetime | str) -> datetime:
        """Move the clock to an instant; comes back when everything due was decided and sent."""
        at = utc(instant) if isinstance(instant, str) else instant
        return await self._clock({"now": at.astimezone(UTC).isoformat().replace("+00:00", "Z")})

    async def advance(self, duration: str) -> datetime:
        """Move it by `PT24H` and the like."""
        return await self._clock({"advance": duration})

    async def settle(self) -> datetime:
        """Wait until everything is decided and sent."""
        return await self._clock({"advance": "PT0S"})

    async def _clock(self, body: Json) -> datetime:
        answer = await self.http.post("/dev/clock", json=body)
        assert answer.status_code == 200, answer.text
        if answer.json().keys() != {"now"}:
            stuck = [row for row in await self.items("outbox") if row["state"] in ("pending", "sending", "unknown")]
            raise AssertionError(f"it did not settle: {answer.text}; outbox: {stuck}")
        return datetime.fromisoformat(answer.json()["now"])

    # ------------------------------------------------------------------------------------------ admin API

    async def api(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {ADMIN}", **more.pop("headers", {})}
        return await self.http.request(method, f"/api/v1/{path}", headers=headers, **more)

    async def import_people(self, text: str) -> Json:
        return await self._import("people", text)

    async def import_goals(self, text: str) -> Json:
        return await self._import("goals", text)

    async def _import(self, what: str, text: str) -> Json:
        answer = await self.api("POST", f"{what}:import", content=text.encode())
        assert answer.status_code == 200, answer.text
        report: Json = answer.json()
        return report

    async def items(self, route: str, **query: str) -> list[Json]:
        """All pages of a read route."""
        found: list[Json] = []
        cursor: str | None = None
        while True:
            params = {"limit": "200", **query} | ({"cursor": cursor} if cursor else {})
            answer = await self.api("GET", route, params=params)
            assert answer.status_code == 200, answer.text
            found += answer.json()["items"]
            cursor = answer.json()["next"]
            if cursor is None:
                return found
