"""Power loss: what the disk holds at the moment of an acknowledgement, by the system calls of a real process, is all it needs.

`python -m tests.chaos.power` (needs `strace`) answers for somebody on SQLite, and after each acknowledged answer rebuilds
the files as of their last fsync, without what was written since and with random parts of it, and opens them.
"""

import argparse
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import event

from bot.decision import Decision, Link
from bot.events import Address, Platform, Said
from bot.model import Company, Goal, GoalType, KeyResult, Person
from bot.turn import Turn
from storage import effects
from storage.engine import open_engine, writing
from storage.store import SqlStore
from tests.chaos.report import at_most, note, publish
from tests.chaos.stage import durable_sqlite

CALLS = "pwrite64,write,fdatasync,fsync,ftruncate"
_LINE = re.compile(r"(?P<call>\w+)\(\d+<(?P<path>[^>]*)>(?:, (?P<rest>.*))?\) += ")
_WRITE = re.compile(r'"(?P<data>(?:\\x[0-9a-f]{2})*)", \d+(?:, (?P<offset>\d+))?$')
ADA = Address(platform=Platform.SLACK, tenant="T1", user="U1")


# ------------------------------------------------------------------------------------------ the process that is traced


def answer(path: str, answers: int, synchronous: str) -> None:
    """Take so many answers and acknowledge each on standard output. `synchronous`: SQLite's, to break it on purpose."""
    from prompts import loader

    engine = open_engine(f"sqlite:///{path}")
    if synchronous:

        @event.listens_for(engine, "connect")
        def careless(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(f"PRAGMA synchronous = {synchronous}").close()

    now = datetime.now(UTC)
    person = Person(id="ada@chaos.example", email="ada@chaos.example", name="Ada", known_since=now, welcomed=True)
    result = KeyResult(id="K1", goal_id="G1", text="Lessons", start=Decimal(0), target=Decimal(5_000))
    goal = Goal(id="G1", owner_id=person.id, title="Learn", type=GoalType.LEARNING, cycle=f"{now.year}-Q{(now.month + 2) // 3}",
                updated_at=now, key_results=(result,))  # fmt: skip
    founded = Decision(changes=(person, goal), links=(Link(address=ADA, person_id=person.id),))
    with writing(engine) as connection:
        effects.write(connection, Said(id="founded", at=now, by=ADA, text=""), founded)
    turn = Turn(SqlStore(engine, Company(), _no_holidays), loader.load(), committed=lambda: None)
    for number in range(1, answers + 1):
        turn.take(Said(id=f"power:{number}", at=datetime.now(UTC), by=ADA, text=f"lessons at {number}, on track"))
        sys.stdout.write(f"ack {number}\n")
        sys.stdout.flush()


# ------------------------------------------------------------------------------------------ what the disk holds


@dataclass
class Disk:
    """Files as a power cut leaves them: what was synced, and what was written since and may or may not be there."""

    synced: dict[str, bytearray] = field(default_factory=dict)
    since: dict[str, list[tuple[int, bytes | None]]] = field(default_factory=dict)  # offset and data; no data: cut off there

    def write(self, path: str, offset: int, data: bytes | None) -> None:
        """A write, or (no data) a truncation."""
        self.since.setdefault(path, []).append((offset, data))

    def sync(self, path: str) -> None:
        """Everything written to this file so far is safe."""
        for offset, data in self.since.pop(path, []):
            _apply(self.synced.setdefault(path, bytearray()), offset, data)

    def after_power_cut(self, chance: random.Random, share: float) -> dict[str, bytes]:
        """The files; each write since the last sync survived with a probability of `share`."""
        files = {path: bytearray(data) for path, data in self.synced.items()}
        for path, writes in self.since.items():
            for offset, data in writes:
                if chance.random() < share:
                    _apply(files.setdefault(path, bytearray()), offset, data)
        return {path: bytes(data) for path, data in files.items()}


def replayed(trace: Iterator[str], disk: Disk) -> Iterator[int]:
    """Follow a trace; yields the number of each acknowledgement with `disk` as it is then."""
    for line in trace:
        call = _LINE.match(line)
        if call is None:
            continue
        path, rest = _unhexed(call["path"]), call["rest"] or ""
        match call["call"]:
            case "fsync" | "fdatasync":
                disk.sync(path)
            case "ftruncate":
                disk.write(path, int(rest), None)
            case "pwrite64" | "write":
                written = _WRITE.match(rest)
                if written is None:
                    continue
                data = bytes.fromhex(written["data"].replace("\\x", ""))
                if written["offset"] is not None:
                    disk.write(path, int(written["offset"]), data)
                elif data.startswith(b"ack "):
                    yield int(data[4:])
            case _:
                pass


def missing(files: dict[str, bytes], path: str, acknowledged: int, folder: Path) -> list[str]:
    """What is wrong with the database after the power came back; empty: every acknowledged answer is there."""
    copy = folder / "rondo.db"
    for end in ("", "-wal", "-shm"):
        Path(f"{copy}{end}").unlink(missing_ok=True)
    for end in ("", "-wal"):
        if f"{path}{end}" in files:
            Path(f"{copy}{end}").write_bytes(files[f"{path}{end}"])
    try:
        with closing(sqlite3.connect(copy)) as connection:
            [(sound,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
            found = {int(id.partition(":")[2]) for (id,) in connection.execute("SELECT id FROM inbox WHERE id LIKE 'power:%'")}
            told = {
                int(id.partition(":")[2]) for (id,) in connection.execute("SELECT cause FROM ledger WHERE cause LIKE 'power:%'")
            }
    except sqlite3.DatabaseError as error:
        return [f"after answer {acknowledged}: {error}"]
    lost = set(range(1, acknowledged + 1)) - (found & told)
    return [f"after answer {acknowledged}: {sound}"] * (sound != "ok") + [
        f"answer {one} of {acknowledged} is lost" for one in lost
    ]


def cut(answers: int, synchronous: str = "", seed: int = 1) -> tuple[int, list[str]]:
    """Number of power cuts tried and what they lost. Raises FileNotFoundError where there is no strace."""
    chance, faults, cuts = random.Random(seed), [], 0
    folder = Path(tempfile.mkdtemp(prefix="rondo-power-"))
    try:
        with durable_sqlite() as url:
            path = url.removeprefix("sqlite:///")
            disk = Disk(synced={path: bytearray(Path(path).read_bytes())})
            me = [sys.executable, "-m", "tests.chaos.power", "--child", path, "--answers", str(answers)]
            tracer = ["strace", "-f", "-y", "-xx", "-s", "200000", "-e", f"trace={CALLS}", "-o", str(folder / "trace")]
            subprocess.run([*tracer, *me, "--synchronous", synchronous], check=True, stdout=subprocess.DEVNULL)
            with (folder / "trace").open() as trace:
                for number in replayed((line.partition(" ")[2].lstrip() for line in trace), disk):
                    for share in (0.0, 0.5):
                        faults += missing(disk.after_power_cut(chance, share), path, number, folder)
                        cuts += 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return cuts, faults


def _apply(file: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del file[offset:]
        return
    file.extend(b"\0" * (offset - len(file)))
    file[offset : offset + len(data)] = data


def _unhexed(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode(errors="replace") if text.startswith("\\x") else text


def _no_holidays(country: str, year: int) -> frozenset[date]:
    return frozenset()


def main() -> int:
    """Run and report."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--answers", type=int, default=300)
    options.add_argument("--synchronous", default="", help="break it: NORMAL or OFF")
    options.add_argument("--child", default="")
    given = options.parse_args()
    if given.child:
        answer(given.child, given.answers, given.synchronous)
        return 0
    if shutil.which("strace") is None:
        print("strace is needed to see what is written when: install it (Linux only)", file=sys.stderr)
        return 2
    cuts, faults = cut(given.answers, given.synchronous)
    lines = [note("power cuts", cuts), at_most("acknowledged answers lost, or databases broken", len(faults), 0)]
    return publish(lines, faults)


if __name__ == "__main__":
    sys.exit(main())
