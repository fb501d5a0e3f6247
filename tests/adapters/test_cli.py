"""The command line as a person meets it: a process, its exit code, and one line where something is wrong."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.engine import open_engine
from storage.told import SqlTold

COMPANY = Path(__file__).resolve().parents[3] / "shared" / "data"
PEOPLE = "email,name,manager_email\nann@e.org,Ann,\nben@e.org,Ben,ann@e.org\n"
GOALS = (
    "objective_id,owner_email,cycle,type,objective,kr_id,key_result,start,target,current\n"
    "O1,ann@e.org,2026-Q4,committed,=Fly,K1,Height,0,100,-5\n"
)


class Shell:
    """Runs `rondo` in a directory of its own, with nothing of the machine's settings."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("RONDO_")}
        self.env |= {"RONDO_DATABASE_URL": database_url, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}

    def __call__(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "adapters.cli", *words]
        env = {**self.env, **settings}
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, timeout=60, encoding="utf-8")

    def file(self, words: str) -> str:
        """A file with these words."""
        (self.folder / "in.csv").write_text(words, encoding="utf-8")
        return "in.csv"


@pytest.fixture
def fresh(tmp_path: Path) -> Shell:
    """A shell whose database does not exist yet."""
    return Shell(tmp_path, f"sqlite:///{tmp_path}/rondo.db")


@pytest.fixture
def shell(tmp_path: Path, sqlite_url: str) -> Shell:
    """A shell with a migrated database."""
    return Shell(tmp_path, sqlite_url)


def failed(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The last line on standard error of a command that failed without a traceback."""
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


def test_help_names_every_command_and_every_command_has_help(fresh: Shell) -> None:
    overview = fresh("--help")
    assert overview.returncode == 0
    for command in ("demo", "serve", "migrate", "import", "export", "check"):
        assert command in overview.stdout
        assert fresh(command, "--help").returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ["dance"],
        ["import"],
        ["import", "cats", "x.csv"],
        ["import", "people", "nothing.csv"],
        ["export", "ledger", "--format", "xml"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_usage_is_exit_code_2(fresh: Shell, words: list[str]) -> None:
    failed(fresh(*words), code=2)


def test_a_wrong_setting_is_one_line_that_names_it(fresh: Shell) -> None:
    done = fresh("migrate", RONDO_DATABASE_URL="mysql://x/y")
    assert "RONDO_DATABASE_URL" in failed(done)
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_cannot_be_reached_is_one_line(fresh: Shell) -> None:
    url = "postgresql+psycopg://nobody:secret@127.0.0.1:1/none"
    for words in (["migrate"], ["export", "ledger"], ["serve"]):
        done = fresh(*words, RONDO_DATABASE_URL=url)
        assert "RONDO_DATABASE_URL" in failed(done)
        assert len(done.stderr.splitlines()) == 1
        assert "secret" not in done.stderr
    assert failed(fresh("check", RONDO_DATABASE_URL=url)).startswith("rondo: 1 check failed")


def test_migrate_may_be_run_again(fresh: Shell) -> None:
    assert "newest schema" in fresh("migrate").stdout
    assert fresh("migrate").returncode == 0


def test_an_export_needs_a_schema_and_an_import_brings_it(fresh: Shell) -> None:
    assert "rondo migrate" in failed(fresh("export", "ledger"))
    assert fresh("import", "people", fresh.file(PEOPLE)).returncode == 0


def test_an_import_is_told_and_repeated_without_effect(shell: Shell) -> None:
    dry = shell("import", "people", shell.file(PEOPLE), "--dry-run")
    assert "created 2" in dry.stdout
    assert "created 2, changed 0, unchanged 0, rejected 0" in shell("import", "people", shell.file(PEOPLE)).stdout
    again = shell("import", "people", shell.file(PEOPLE))
    assert "created 0, changed 0, unchanged 2, rejected 0" in again.stdout
    assert "created 1" in shell("import", "goals", shell.file(GOALS)).stdout
    assert "unchanged 1" in shell("import", "goals", shell.file(GOALS)).stdout


def test_values_are_imported_by_command(shell: Shell) -> None:
    shell("import", "people", shell.file(PEOPLE))
    shell("import", "goals", shell.file(GOALS))
    values = "kr_id,current,note,source\nK1,12.5,nightly run,grafana\n"
    assert (
        "values: created 0, changed 1, unchanged 0, rejected 0 (dry run"
        in shell("import", "values", shell.file(values), "--dry-run").stdout
    )
    assert "changed 1" in shell("import", "values", shell.file(values)).stdout
    assert "unchanged 1" in shell("import", "values", shell.file(values)).stdout
    assert "row 2 (kr_id)" in shell("import", "values", shell.file(values.replace("K1", "K9"))).stderr
    (exported,) = shell("export", "goals", "--format", "jsonl").stdout.splitlines()
    (result,) = json.loads(exported)["key_results"]
    assert (result["current"], result["source"]) == (12.5, "grafana")
    lines = [json.loads(line) for line in shell("export", "ledger", "--format", "jsonl").stdout.splitlines()]
    (measured,) = [line for line in lines if line["name"] == "goal:measured"]
    assert (measured["person"], measured["outcome"]) == ("ann@e.org", "12.5")
    assert measured["facts"] == {"key_result": "K1", "source": "grafana", "note": "nightly run"}


def test_leave_is_imported_by_command(shell: Shell) -> None:
    shell("import", "people", shell.file(PEOPLE))
    leave = "email,first,last,part\nann@e.org,2026-12-24,2026-12-24,morning\nben@e.org,2026-12-01,2026-12-04,\n"
    assert (
        "created 2, changed 0, unchanged 0, rejected 0 (dry run"
        in shell("import", "leave", shell.file(leave), "--dry-run").stdout
    )
    assert "leave: created 2" in shell("import", "leave", shell.file(leave)).stdout
    assert "created 0, changed 0, unchanged 2" in shell("import", "leave", shell.file(leave)).stdout
    assert "row 3 (last): rejected:" in shell("import", "leave", shell.file(leave.replace("12-04", "11-04"))).stderr


def test_a_bad_row_refuses_the_file_and_is_named(shell: Shell) -> None:
    done = shell("import", "people", shell.file(f"{PEOPLE}cim,Cim,\n"))
    assert "nothing was imported: 1 row" in failed(done)
    assert done.stderr.startswith("row 4 (email): rejected:")
    assert "created 2" in shell("import", "people", shell.file(PEOPLE), "--dry-run").stdout


@pytest.mark.skipif(not COMPANY.exists(), reason="needs ../shared/data beside the checkout")
def test_the_company_files_are_imported(tmp_path: Path, database_url: str) -> None:
    shell = Shell(tmp_path, database_url)
    for what, count in (("people", 240), ("goals", 27)):
        file = str(COMPANY / f"{what}.csv")
        assert f"created {count}, changed 0, unchanged 0, rejected 0" in shell("import", what, file).stdout
        assert f"created 0, changed 0, unchanged {count}, rejected 0" in shell("import", what, file).stdout


def test_goals_are_exported_harmless_to_spreadsheets(shell: Shell) -> None:
    shell("import", "people", shell.file(PEOPLE))
    shell("import", "goals", shell.file(GOALS))
    done = shell("export", "goals")
    assert (done.returncode, done.stderr) == (0, "")
    assert "'=Fly" in done.stdout
    assert ",-5," in done.stdout
    assert '"=Fly"' in shell("export", "goals", "--format", "jsonl").stdout
    for kind in ("ledger", "checkins"):
        assert shell("export", kind, "--since", "2026-01-01").returncode == 0
    every = shell("export", "ledger", "--since", "2026-01-01T00:00:00Z").stdout
    assert "import:people:applied" in every
    assert "import:people:applied" not in shell("export", "ledger", "--since", "2099-01-01T09:00:00+09:00").stdout


def test_check_says_ok_or_what_to_do(fresh: Shell) -> None:
    assert "rondo migrate" in fresh("check").stdout
    fresh("migrate")
    done = fresh("check", RONDO_ADMIN_TOKEN="a-very-secret-token-indeed")
    assert done.returncode == 0, done
    assert "a-very-secret" not in done.stdout
    lines = done.stdout.splitlines()
    assert {"settings: ok", "database: ok (sqlite)", "schema: ok", "slack: ok (off)", "teams: ok (off)"} <= set(lines)


def test_check_asks_slack_and_teams(fresh: Shell) -> None:
    fresh("migrate")
    nowhere = {
        "RONDO_ENV": "development",
        "RONDO_SLACK_SIGNING_SECRET": "s" * 32,
        "RONDO_SLACK_BOT_TOKEN": "xoxb-1",
        "RONDO_SLACK_API_URL": "http://127.0.0.1:1/api/",
        "RONDO_TEAMS_APP_ID": "app",
        "RONDO_TEAMS_APP_PASSWORD": "word",
        "RONDO_TEAMS_TENANT_ID": "tenant",
        "RONDO_TEAMS_TOKEN_URL": "http://127.0.0.1:1/token",
    }
    done = fresh("check", **nowhere)
    assert failed(done) == "rondo: 2 checks failed, see above."
    said = [line for line in done.stdout.splitlines() if line.startswith(("slack: ", "teams: "))]
    assert len(said) == 2
    assert all("may this machine reach it (DNS, firewall, proxy)?" in line for line in said), said


def test_an_import_beside_a_server_with_a_development_clock_happens_at_its_time(shell: Shell) -> None:
    engine = open_engine(shell.env["RONDO_DATABASE_URL"])
    SqlTold(engine).write(datetime(2031, 3, 2, 9, tzinfo=UTC))
    engine.dispose()
    assert shell("import", "people", shell.file(PEOPLE)).returncode == 0
    entry = json.loads(shell("export", "ledger", "--format", "jsonl").stdout.splitlines()[0])
    assert entry["at"].startswith("2031-03-02T09:00:00")
