"""`rondo backup`: a whole, current copy while others write; where it cannot be made, a line that says what to do."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from storage.backup import NotHere, copy_to
from storage.engine import open_engine, reading, writing
from storage.schema import person


def test_a_copy_is_whole_while_somebody_writes(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE pair (n INTEGER PRIMARY KEY, twin INTEGER)"))
    done = threading.Event()

    def write() -> None:
        for n in range(100_000):
            if done.is_set():
                return
            with writing(engine) as connection:
                connection.execute(text("INSERT INTO pair VALUES (:n, :n)"), {"n": 2 * n})
                connection.execute(text("INSERT INTO pair VALUES (:m, :n)"), {"n": 2 * n, "m": 2 * n + 1})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            file = tmp_path / f"copy-{number}.db"
            assert copy_to(engine, file) == file.stat().st_size
            assert file.stat().st_mode & 0o777 == 0o600
            copy = open_engine(f"sqlite:///{file}")
            with reading(copy) as connection:
                assert connection.scalar(text("SELECT count(*) % 2 FROM pair")) == 0, "half a transaction"
                assert connection.scalar(select(func.count()).select_from(person)) == 0
            copy.dispose()
    finally:
        done.set()
        writer.join()
        engine.dispose()


def test_an_older_copy_is_never_written_over(sqlite_url: str, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    file.write_text("last week's")
    engine = open_engine(sqlite_url)
    with pytest.raises(FileExistsError):
        copy_to(engine, file)
    engine.dispose()
    assert file.read_text() == "last week's"


def test_postgresql_is_copied_by_its_own_tools(postgres_url: str, tmp_path: Path) -> None:
    engine = open_engine(postgres_url)
    with pytest.raises(NotHere, match="pg_dump"):
        copy_to(engine, tmp_path / "copy.db")
    engine.dispose()
    assert not (tmp_path / "copy.db").exists()


def test_the_command_says_what_it_did_or_why_not(sqlite_url: str, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("RONDO_")}
    environment |= {"PYTHONPATH": str(root), "RONDO_DATABASE_URL": sqlite_url}

    def run(file: Path, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "adapters.cli", "backup", str(file)]
        return subprocess.run(command, cwd=tmp_path, env=environment | more, capture_output=True, text=True, check=False)

    file = tmp_path / "copy.db"
    done = run(file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "whole and sound" in done.stdout
    again = run(file)
    assert again.returncode == 1
    assert again.stderr.startswith("rondo: File exists")
    nothing = run(tmp_path / "other.db", RONDO_DATABASE_URL=f"sqlite:///{tmp_path / 'nothing.db'}")
    assert nothing.returncode == 1
    assert "nothing to copy" in nothing.stderr
    assert not (tmp_path / "other.db").exists()
