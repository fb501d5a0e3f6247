"""The release before: its code out of the history, a database as it would have filled it, its processes."""

import io
import os
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import httpx
from sqlalchemy import Engine, text

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = "storage/migrations/versions"
ACTIVE = 100
"""So many people write while it all happens; the others are there."""


def newest_but_one() -> str:
    """The last commit without the newest migration."""
    newest = sorted((ROOT / MIGRATIONS).glob("[0-9]*.py"))[-1]
    added = _git("log", "--diff-filter=A", "--format=%H", "-1", "--", f"{MIGRATIONS}/{newest.name}").decode().strip()
    return f"{added}^" if added else "HEAD"


def check_out(revision: str, folder: Path) -> Path:
    """The code of a revision, in a folder of its own."""
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", revision))) as archive:
        archive.extractall(folder, filter="data")
    return folder


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *arguments], check=True, capture_output=True).stdout


class Rondo:
    """Runs commands of one release."""

    def __init__(self, name: str, code: Path, folder: Path, settings: dict[str, str]) -> None:
        self.name, self._code, self._folder, self._settings = name, code, folder, settings
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / f"{name}.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> float:
        """A command to its end; seconds it took."""
        began = time.monotonic()
        done = subprocess.run(self._line(*command), cwd=self._folder, env=self._environment(), capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name} {' '.join(command)}: {done.stderr[-2000:]}")
        return time.monotonic() - began

    def serve(self, port: int) -> None:
        """Start a server; `wait_ready` says when it is up."""
        self.port = port
        with self.log.open("ab") as log:
            line = self._line("serve", "--port", str(port), "--no-migrate")
            self.process = subprocess.Popen(line, cwd=self._folder, env=self._environment(), stdout=log, stderr=subprocess.STDOUT)

    def ready(self) -> bool:
        """Whether a load balancer would send requests there."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def wait_ready(self, seconds: float = 60.0) -> float:
        """Seconds until it was."""
        began = time.monotonic()
        while not self.ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() - began > seconds:
                raise RuntimeError(f"{self.name} is not ready: {self.log.read_text()[-3000:]}")
            time.sleep(0.1)
        return time.monotonic() - began

    def stop(self) -> float:
        """SIGTERM; seconds until its end."""
        began = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)
        return time.monotonic() - began

    def complaints(self) -> list[str]:
        """Lines at level error."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return [line for line in lines if '"level": "error"' in line or not line.startswith("{")]

    def _line(self, *command: str) -> list[str]:
        return [sys.executable, "-c", "from adapters.cli import main; main()", *command]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.upper().startswith("RONDO_")}
        return inherited | self._settings | {"PYTHONPATH": str(self._code)}


FILL = (
    """
    INSERT INTO person (id, email, folded_email, name, department, team, zone, locale, role, known_since, welcomed,
                        absences, mutes)
    SELECT 'p' || n, 'p' || n || '@upgrade.example', 'p' || n || '@upgrade.example', 'Person ' || n, 'D' || n % 40,
           'T' || n % 20000, 'Europe/Berlin', 'en', '', now() - interval '1 year', TRUE, '[]', '[]'
    FROM generate_series(1, :people) AS n
    """,
    """
    INSERT INTO address (platform, tenant, "user", person_id, route, last_seen, gone_count)
    SELECT 'slack', :team, 'U' || lpad(n::text, 8, '0'), 'p' || n, '{}', now(), 0 FROM generate_series(1, :people) AS n
    """,
    """
    INSERT INTO goal (id, owner_id, title, type, cycle, why, team, updated_at)
    SELECT 'g' || n, 'p' || n, 'Learn ' || n, 'learning', :cycle, '', 'T' || n % 20000, now()
    FROM generate_series(1, :people) AS n
    """,
    """
    INSERT INTO key_result (id, goal_id, text, unit, start, target, current, position, source)
    SELECT 'k' || n, 'g' || n, 'Lessons', '', 0, 100000, 0, 0, '' FROM generate_series(1, :people) AS n
    """,
    """
    INSERT INTO checkin (person_id, period, state, answered_at, answers, wins, adjust, loss, private_note, skip_reason, reminders,
                         card, shown, draft, policy)
    SELECT 'p' || n, '2026-W01', 'on_time', now() - interval '30 days', '[]', '', '', '', '', '', '[]', '', 1, '{}', 0
    FROM generate_series(1, :people) AS n
    """,
    # every fiftieth desk comes due while it all happens
    """
    INSERT INTO agenda (subject, due_at, local_time, zone, fence)
    SELECT 'desk:p' || n, now() + CASE WHEN n % 50 = 0 THEN random() * interval '120 seconds' ELSE interval '2 hours' END,
           '2026-12-01T09:00', 'Europe/Berlin', 1
    FROM generate_series(1, :people) AS n
    """,
    """
    INSERT INTO outbox (key, recipient_id, card, lane, rule, subjects, facts, policy, on_doubt, revision, sent_revision,
                        state, fence, attempt, decided_at, place, delivered_at, reason)
    SELECT 'old:' || n || ':' || m, 'p' || n, '{"summary":"Check-in for the week","elements":[]}', 2, 'checkin.prompt', '[]',
           '{}', 0, 'drop', 1, 1, 'sent', 1, 0, at, 0, at, ''
    FROM generate_series(1, :people) AS n, generate_series(1, :messages) AS m,
         LATERAL (SELECT now() - m * interval '8 days' - interval '40 days' AS at) AS past
    """,
    """
    INSERT INTO ledger (at, name, subject, person_id, rule, policy, cause, facts, outcome)
    SELECT delivered_at, 'nudge:checkin.prompt:delivered', key, recipient_id, 'checkin.prompt', 0, 'old', '{}', 'delivered'
    FROM outbox
    """,
)


def fill(engine: Engine, *, people: int, messages: int, team: str, cycle: str) -> float:
    """A company with a past, `messages` per person, in the tables of the release before; seconds it took."""
    began = time.monotonic()
    with engine.begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), {"people": people, "messages": messages, "team": team, "cycle": cycle})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return time.monotonic() - began
