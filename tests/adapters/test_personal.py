"""`rondo erase`, `rondo export person` and `rondo check --ledger` at the command line, and the upkeep of a server."""

import csv
import io
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text, update

from adapters.app import build
from adapters.clock import DevClock
from adapters.export import COLUMNS
from adapters.importer import DatabaseImporter
from adapters.settings import Settings
from adapters.upkeep import AT_ONCE, ERASURES, Upkeep
from bot.decision import Entry
from bot.flows.imports.people import PEOPLE_COLUMNS
from bot.model import Company, Person, person_id
from storage import wipe
from storage.chain import SqlChain
from storage.chain_check import check
from storage.effects import write_entries, write_people
from storage.engine import open_engine, writing
from storage.imports import SqlImports
from storage.schema import ledger, person, upkeep
from storage.told import SqlTold
from storage.wipe import since as waiting_since
from tests.adapters.test_cli import Shell, failed

COMPANY = Company(name="Acme", zone="Europe/Berlin")
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
HEAD = ",".join(PEOPLE_COLUMNS) + "\n"
BOSS = "boss@e.org,Bo Sson,,,,,,,,,,,,hr_admin\n"
ANN = 'ann@e.org,"Ann ""Q"" Lee",boss@e.org,boss@e.org,Product,Web,DE,Europe/Berlin,ko,"Mon,Tue,Thu",09:00-15:30,2026-01-01,,\n'
PEOPLE = HEAD + BOSS + ANN
GOALS = (
    ",".join(COLUMNS["goals"]) + "\n"
    "O1,ann@e.org,Web,2026-Q4,committed,=Fly,because,,,K1,Height,m,0,100.5,-5,2026-12-31\n"
    ",,,,,,,,,K2,Width,m,,3,,\n"
    "O2,boss@e.org,Web,2026-Q4,aspirational,Swim,,O1,,K3,Depth,m,0,10,1,\n"
)


@pytest.fixture
def shell(tmp_path: Path, sqlite_url: str) -> Shell:
    """A company on a migrated database."""
    shell = Shell(tmp_path, sqlite_url)
    for what, words in (("people", PEOPLE), ("goals", GOALS)):
        done = shell("import", what, shell.file(words))
        assert done.returncode == 0, done.stderr
    return shell


def exported(shell: Shell, email: str) -> dict[str, Any]:
    done = shell("export", "person", email)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_persons_export_is_complete_and_imports_again_to_an_equal_state(
    shell: Shell, tmp_path: Path, sqlite_template: Path
) -> None:
    found = exported(shell, "Ann@E.org")
    assert (found["profile"]["name"], found["profile"]["manager_id"]) == ('Ann "Q" Lee', "boss@e.org")
    assert [result["id"] for one in found["goals"] for result in one["key_results"]] == ["K1", "K2"]
    assert {one["name"] for one in found["ledger"]} >= {"goal:imported"}
    other = Shell(tmp_path / "other", f"sqlite:///{tmp_path}/other.db")
    other.folder.mkdir()
    (tmp_path / "other.db").write_bytes(sqlite_template.read_bytes())
    for what, words in (("people", HEAD + BOSS), ("people", found["csv"]["people"]), ("goals", found["csv"]["goals"])):
        done = other("import", what, other.file(words))
        assert done.returncode == 0, done.stderr
    again = exported(other, "ann@e.org")
    assert again["csv"] == found["csv"]

    def lasting(document: dict[str, Any]) -> Any:
        moments = {"known_since", "changed_at", "updated_at", "id", "goal_id", "at", "cause"}
        kept = {name: document[name] for name in ("profile", "goals", "accounts", "check_ins", "policies")}
        return json.loads(json.dumps(kept), object_hook=lambda one: {k: v for k, v in one.items() if k not in moments})

    assert lasting(again) == lasting(found)


def test_who_exported_a_persons_data_stands_in_it_the_next_time(shell: Shell) -> None:
    assert exported(shell, "ann@e.org")["reads"] == []
    (read,) = exported(shell, "ann@e.org")["reads"]
    assert (read["facts"]["by"], read["outcome"], read["person_id"]) == ("rondo export", "everything", "ann@e.org")


def test_an_export_of_a_person_needs_an_e_mail_that_somebody_has(shell: Shell) -> None:
    assert failed(shell("export", "person", "nobody@e.org")) == "rondo: nobody@e.org: nobody has this e-mail here."
    assert shell("export", "person").returncode == 2
    assert shell("export", "goals", "ann@e.org").returncode == 2


def test_erase_leaves_numbers_and_no_name_in_any_file_and_the_ledger_checks(shell: Shell, tmp_path: Path) -> None:
    done = shell("erase", "ann@e.org", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Erased: ") and "erased-" in done.stdout
    data = b"".join(one.read_bytes() for one in tmp_path.glob("rondo.db*"))
    assert [one for one in (b"ann@e.org", b"Lee", b"=Fly", person_id("ann@e.org").encode()) if one in data] == []
    goals = list(csv.DictReader(io.StringIO(shell("export", "goals").stdout)))
    numbers = [("K1", "-5", "100.5"), ("K2", "", "3"), ("K3", "1", "10")]
    assert [(row["kr_id"], row["current"], row["target"]) for row in goals] == numbers
    checked = shell("check", "--ledger")
    assert "ledger: ok, " in checked.stdout
    assert failed(shell("erase", "ann@e.org", "--yes")) == "rondo: ann@e.org: nobody has this e-mail here."


def test_an_e_mail_of_earlier_years_goes_as_well(shell: Shell, tmp_path: Path) -> None:
    renamed = "email,name,former_email\nann.new@e.org,Ann New,ann@e.org\n"
    assert shell("import", "people", shell.file(renamed)).returncode == 0
    (tmp_path / "in.csv").unlink()
    engine = open_engine(f"sqlite:///{tmp_path}/rondo.db")
    with writing(engine) as connection:
        write_entries(connection, [Entry(name="goal:edited", subject="goal:O2", facts={"by": "ann@e.org"})], at=NOON, cause="x")
    engine.dispose()
    assert shell("erase", "ann.new@e.org", "--yes").returncode == 0
    data = b"".join(one.read_bytes() for one in tmp_path.glob("rondo.db*"))
    assert [one for one in (b"ann.new@e.org", b"ann@e.org", person_id("ann@e.org").encode()) if one in data] == []


def test_erase_asks_first(shell: Shell) -> None:
    assert shell("erase", "ann@e.org").returncode == 1
    assert exported(shell, "ann@e.org")["profile"]["email"] == "ann@e.org"


def test_check_of_the_ledger_names_a_changed_line_and_a_head_that_is_gone(shell: Shell, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/rondo.db")
    SqlChain(engine).seal()
    head = SqlChain(engine).head()
    well = shell("check", "--ledger", "--head", str(head))
    assert well.returncode == 0, well
    assert f"the noted head is at position {head.position}" in well.stdout and f"head {head}" in well.stdout
    with engine.begin() as connection:
        first = connection.scalar(select(func.min(ledger.c.id)))
        connection.execute(update(ledger).where(ledger.c.id == first).values(outcome="forged"))
    engine.dispose()
    done = shell("check", "--ledger")
    assert f"ledger: line {first}, position 1: person, subject, cause, facts or outcome was changed" in done.stdout
    assert "1 check failed" in failed(done)
    assert "is not part of it" in shell("check", "--head", "0" * 64).stdout


def test_check_of_a_ledger_that_cannot_be_read_says_so_in_one_line(shell: Shell, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/rondo.db")
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE ledger_head"))
    engine.dispose()
    done = shell("check", "--ledger")
    assert "ledger: not ok, it cannot be read: no such table: ledger_head" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr and done.returncode == 1


def test_where_the_clock_was_moved_by_hand_the_check_says_that_it_judges_no_times(shell: Shell, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/rondo.db")
    SqlChain(engine).seal()
    SqlTold(engine).write(datetime(2036, 1, 1, tzinfo=UTC))
    with writing(engine) as connection:
        write_entries(connection, [Entry(name="goal:edited", subject="goal:O1")], at=NOON, cause="x")
    engine.dispose()
    done = shell("check", "--ledger")
    assert done.returncode == 0 and "1 wait for their link, times are not judged" in done.stdout


# -------------------------------------------------------------------------------------------------- the server's upkeep


@pytest.fixture
def company(engine: Engine) -> Engine:
    clock = DevClock(NOON)
    importer = DatabaseImporter(engine, clock, COMPANY)
    assert not importer.people(PEOPLE.encode(), dry_run=False).rejections
    assert not importer.goals(GOALS.encode(), dry_run=False).rejections
    return engine


def upkeep_of(engine: Engine, at: datetime) -> Upkeep:
    return Upkeep(engine, COMPANY, DevClock(at), real=DevClock(at), word="(erased)")


def ann(engine: Engine) -> Person | None:
    return next((one for one in SqlImports(engine).read_people() if one.email == "ann@e.org"), None)


def wish(engine: Engine, at: datetime | None) -> None:
    who = ann(engine)
    assert who is not None
    with writing(engine) as connection:
        write_people(connection, [replace(who, erase_at=at)], at=NOON)


def test_a_wish_is_carried_out_after_its_week_and_large_files_follow_at_night(
    company: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wipe, "QUICK", 1)
    wish(company, NOON + timedelta(days=7))
    upkeep_of(company, NOON + timedelta(days=6)).run_once()
    assert ann(company) is not None
    upkeep_of(company, NOON + timedelta(days=7)).run_once()
    assert ann(company) is None
    assert waiting_since(company) is not None
    night = NOON.replace(hour=2) + timedelta(days=8)
    upkeep_of(company, night).run_once()
    assert waiting_since(company) is None
    SqlChain(company).seal()
    assert check(company, now=night).flaws == []


def test_small_files_are_made_anew_at_once(company: Engine) -> None:
    wish(company, NOON)
    upkeep_of(company, NOON).run_once()
    assert ann(company) is None
    assert waiting_since(company) is None


def test_a_wish_that_was_taken_back_is_not_carried_out(company: Engine) -> None:
    wish(company, NOON + timedelta(days=7))
    wish(company, None)
    upkeep_of(company, NOON + timedelta(days=8)).run_once()
    assert ann(company) is not None


def test_old_rows_go_once_a_night(company: Engine) -> None:
    def last() -> datetime | None:
        with company.connect() as connection:
            return connection.scalar(select(upkeep.c.at).where(upkeep.c.name == "purge"))

    upkeep_of(company, NOON).run_once()
    assert last() == NOON  # the first time at once
    upkeep_of(company, NOON + timedelta(hours=8)).run_once()
    assert last() == NOON
    night = NOON.replace(hour=2) + timedelta(days=1)
    upkeep_of(company, night).run_once()
    assert last() == night
    upkeep_of(company, night + timedelta(minutes=30)).run_once()
    assert last() == night
    upkeep_of(company, night + timedelta(hours=36)).run_once()  # nobody was there at night
    assert last() == night + timedelta(hours=36)


def test_lines_get_their_links_and_the_head_is_said_once_an_hour(company: Engine, caplog: pytest.LogCaptureFixture) -> None:
    one = upkeep_of(company, NOON)
    with caplog.at_level(logging.INFO, logger="rondo.upkeep"):
        for _ in range(ERASURES + 1):
            one.run_once()
    assert not SqlChain(company).is_behind()
    heads = [record.__dict__ for record in caplog.records if record.message == "ledger head"]
    head = SqlChain(company).head()
    assert [(record["position"], record["hash"]) for record in heads] == [(head.position, head.hash.hex())]
    assert check(company, now=NOON).count == 0
    with writing(company) as connection:
        write_entries(connection, [Entry(name="goal:edited", subject="goal:O1")] * 3, at=NOON, cause="x")
    one.run_once()
    assert check(company, now=NOON).waiting == 0
    assert AT_ONCE >= 3


def test_names_are_not_in_the_log_of_an_erasure(company: Engine, caplog: pytest.LogCaptureFixture) -> None:
    wish(company, NOON)
    with caplog.at_level(logging.DEBUG):
        upkeep_of(company, NOON).run_once()
    said = "\n".join(str(record.__dict__) for record in caplog.records)
    assert "a person was erased" in said
    assert [one for one in ("ann@e.org", "Lee", person_id("ann@e.org")) if one in said] == []


def test_two_servers_do_not_erase_the_same_person_twice(company: Engine) -> None:
    wish(company, NOON)
    servers = [upkeep_of(company, NOON) for _ in range(2)]
    for one in servers:
        one.run_once()
    with company.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(ledger).where(ledger.c.name == "privacy:erased")) == 1
        assert connection.scalar(select(func.count()).select_from(person)) == 2


async def test_a_moved_clock_brings_what_came_due_and_lines_have_their_links(company: Engine) -> None:
    wish(company, NOON + timedelta(days=7))
    clock, quiet = DevClock(NOON), []
    one = Upkeep(company, COMPANY, clock, real=clock, word="(erased)")

    async def reach() -> bool:
        quiet.append(ann(company) is None)
        return True

    assert await one.settled(reach)
    assert (check(company, now=NOON).waiting, check(company, now=NOON).lines > 0) == (0, True)
    clock.tell(NOON + timedelta(days=8))
    assert await one.settled(reach)
    assert quiet == [False, False, True], "what follows from an erasure is decided and sent, too"
    assert check(company, now=clock.now()).flaws == []
    with writing(company) as connection:
        write_entries(connection, [Entry(name="goal:edited", subject="goal:O1")], at=clock.now(), cause="x")
    assert await one.settled(reach)
    assert check(company, now=clock.now()).waiting == 0


def test_a_server_does_its_upkeep(sqlite_url: str) -> None:
    parts = build(Settings.load(database_url=sqlite_url)).state.rondo
    assert [(tick.name, tick.seconds) for tick in parts.ticks if tick.name == "upkeep"] == [("upkeep", 30.0)]
    parts.engine.dispose()
