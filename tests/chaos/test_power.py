"""The power cut in small: what was not synced is gone, what was acknowledged is asked for. The real one: `tests.chaos.power`."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.chaos.power import Disk, missing, replayed

NOBODY = random.Random(1)


def _traced(call: str, path: str, rest: str = "") -> str:
    name = "".join(f"\\x{byte:02x}" for byte in path.encode())
    return f"{call}(7<{name}>{f', {rest}' if rest else ''}) = 0"


def _hex(data: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in data)


def test_only_what_was_synced_is_there_after_a_power_cut() -> None:
    disk = Disk()
    trace = [
        _traced("pwrite64", "/a", f'"{_hex(b"one")}", 3, 0'),
        _traced("fdatasync", "/a"),
        _traced("pwrite64", "/a", f'"{_hex(b"two")}", 3, 3'),
        _traced("write", "pipe:[1]", f'"{_hex(b"ack 1")}", 5'),
        _traced("ftruncate", "/a", "2"),
        _traced("fsync", "/a"),
        _traced("write", "pipe:[1]", f'"{_hex(b"ack 2")}", 5'),
    ]
    seen = [(number, disk.after_power_cut(NOBODY, 0.0)["/a"]) for number in replayed(iter(trace), disk)]
    assert seen == [(1, b"one"), (2, b"on")]
    assert Disk({"/a": bytearray(b"x")}, {"/a": [(1, b"y")]}).after_power_cut(NOBODY, 1.0) == {"/a": b"xy"}


def test_answer_that_is_gone_and_database_that_is_broken_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "source.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE inbox (id TEXT)")
        connection.execute("CREATE TABLE ledger (cause TEXT)")
        for table in ("inbox", "ledger"):
            connection.execute(f"INSERT INTO {table} VALUES ('power:1')")
    files = {str(path): path.read_bytes()}
    assert missing(files, str(path), 1, tmp_path) == []
    assert missing(files, str(path), 2, tmp_path) == ["answer 2 of 2 is lost"]
    assert missing({str(path): files[str(path)][:3_000]}, str(path), 1, tmp_path) != []
