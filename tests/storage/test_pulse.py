"""A database that was restored from a backup is noticed, one that was only restarted is not; and what is doubted then."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url, select, update

from bot.decision import Decision, Lane, Look, OnDoubt
from bot.events import Delivered, Receipt, Said, Ticked
from bot.model import Channel, Escalation, Person
from storage import schema
from storage.engine import open_engine, writing
from storage.pulse import SqlPulse
from storage.restored import CATCHING_UP, Restored
from tests.backups import back_up, recovered, restore
from tests.storage.seeds import (
    COMPANY,
    MONDAY,
    HandClock,
    accept,
    goal,
    message,
    no_holidays,
    outbox_on,
    person,
    put,
    row_of,
    slack,
    store_on,
)

ANNA = person("anna", manager_id=person("max").id)
MAX = person("max", deputy_id=person("dana").id)
DANA = person("dana")
BEN = person("ben")


class Servers:
    """Processes that beat one database, each with an engine of its own; `at` is due-time."""

    def __init__(self, url: str) -> None:
        self.url, self.clock, self.at = url, HandClock(), MONDAY
        self.engines: list[Engine] = []

    def start(self) -> SqlPulse:
        self.engines.append(open_engine(self.url))
        return SqlPulse(self.engines[-1], COMPANY, no_holidays, clock=self.clock, now=lambda: self.at)

    def once(self) -> Restored | None:
        """A process that starts, and ends."""
        found = self.start().beat()
        self.stop()
        return found

    def stop(self) -> None:
        for engine in self.engines:
            engine.dispose()
        self.engines.clear()


@pytest.fixture
def servers(database_url: str) -> Iterator[Servers]:
    made = Servers(database_url)
    yield made
    made.stop()


def beside(url: str) -> Path:
    return Path(f"{make_url(url).database}-pulse")


def test_a_restart_is_no_restore_however_long_the_outage(servers: Servers) -> None:
    for _ in range(3):
        assert servers.once() is None
        servers.clock.pass_by(86_400)
    first, second = servers.start(), servers.start()  # replicas
    assert [first.beat(), second.beat(), first.beat(), second.beat()] == [None] * 4


def test_a_restored_backup_is_noticed_once_and_says_how_old_it_is(servers: Servers, tmp_path: Path) -> None:
    servers.once()
    with servers.start()._engine.connect() as connection:
        before = connection.scalar(select(schema.pulse.c.beat_at))
    backup = back_up(servers.url, tmp_path)
    servers.stop()
    servers.clock.pass_by(3_600)
    assert servers.once() is None
    restore(backup, servers.url)
    found = servers.once()
    assert found is not None
    assert found.since == before
    assert servers.once() is None, "known by now"


@pytest.mark.postgres
def test_recovery_to_a_point_in_time_is_noticed(postgres_url: str) -> None:
    Servers(postgres_url).once()
    with recovered(postgres_url) as url:
        servers = Servers(url)
        assert servers.once() is not None
        assert servers.once() is None


@pytest.mark.postgres
def test_a_failover_under_a_running_server_that_lost_nothing_is_no_restore(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = Servers(postgres_url)
    running, other = servers.start(), servers.start()
    running.beat()
    other.beat()
    for server in (running, other):
        monkeypatch.setattr(server, "_timeline", lambda: "00000002")
    assert [other.beat(), running.beat()] == [None, None]
    monkeypatch.setattr(running, "_seen", running._seen + 1)  # the new primary does not know of a beat that this one made
    assert running.beat() is not None
    servers.stop()


@pytest.mark.postgres
def test_the_mark_outlives_a_vacuum_that_freezes_rows(postgres_url: str) -> None:
    servers = Servers(postgres_url)
    servers.once()
    with servers.start()._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (FULL, FREEZE) pulse")
        connection.exec_driver_sql("VACUUM (FREEZE) pulse")
    servers.stop()
    assert servers.once() is None


def test_a_backup_nobody_used_since_lacks_nothing_on_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    servers = Servers(sqlite_url)
    servers.once()
    restore(back_up(sqlite_url, tmp_path), sqlite_url)
    assert servers.once() is None


def test_an_older_database_under_a_running_server_is_noticed(sqlite_url: str, tmp_path: Path) -> None:
    servers = Servers(sqlite_url)
    running = servers.start()
    running.beat()
    backup = back_up(sqlite_url, tmp_path)
    assert running.beat() is None
    running._engine.dispose()
    restore(backup, sqlite_url)
    beside(sqlite_url).unlink()
    assert running.beat() is not None
    servers.stop()


def test_a_file_that_was_copied_elsewhere_or_back_is_noticed(sqlite_url: str, tmp_path: Path) -> None:
    Servers(sqlite_url).once()
    database = Path(str(make_url(sqlite_url).database))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(database, elsewhere / "rondo.db")
    other = Servers(f"sqlite:///{elsewhere}/rondo.db")
    assert other.once() is not None, "the file beside it stayed where it was"
    shutil.copytree(elsewhere, tmp_path / "archive")
    assert other.once() is None
    elsewhere.rename(tmp_path / "broken")  # kept: otherwise the file system may hand out the very same inodes again
    shutil.copytree(tmp_path / "archive", elsewhere)
    assert other.once() is not None, "both files came back from an archive, older than they were"


def test_a_database_that_was_moved_with_its_files_is_the_same(sqlite_url: str) -> None:
    Servers(sqlite_url).once()
    folder = Path(str(make_url(sqlite_url).database)).parent
    folder.rename(folder.with_name("moved"))
    assert Servers(f"sqlite:///{folder.with_name('moved')}/rondo.db").once() is None


@pytest.mark.parametrize("left", ["as it was before the beat", "empty"])
def test_a_crash_between_database_and_file_does_not_look_like_a_restore(sqlite_url: str, left: str) -> None:
    servers = Servers(sqlite_url)
    servers.once()
    before = beside(sqlite_url).read_text()
    servers.once()
    if left == "empty":
        beside(sqlite_url).write_text("")
    else:
        said = json.loads(before)
        beside(sqlite_url).write_text(json.dumps(said | {"files": [said["files"][0], beside(sqlite_url).stat().st_ino]}))
    assert servers.once() is None
    assert json.loads(beside(sqlite_url).read_text())["generation"] == 3


def test_a_crash_in_the_very_first_beat_does_not_look_like_a_restore(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    servers = Servers(sqlite_url)
    server = servers.start()
    written = server._write_beside
    monkeypatch.setattr(server, "_write_beside", lambda generation: written(generation) if generation == 0 else None)
    server.beat()
    assert json.loads(beside(sqlite_url).read_text())["generation"] == 0
    assert servers.once() is None


def test_a_backup_from_before_there_was_a_pulse_is_noticed_on_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    backup = back_up(sqlite_url, tmp_path)
    servers = Servers(sqlite_url)
    servers.once()
    restore(backup, sqlite_url)
    found = servers.once()
    assert found is not None
    assert found.noticed_at - found.since == timedelta(days=30)


def test_memory_has_no_file() -> None:
    from storage.migrate import migrate

    engine = open_engine("sqlite://")
    migrate(engine)
    made = [SqlPulse(engine, COMPANY, no_holidays, clock=HandClock(), now=lambda: MONDAY) for _ in range(2)]
    assert [one.beat() for one in made] == [None, None]
    engine.dispose()


def test_a_person_may_say_it_by_hand(servers: Servers) -> None:
    servers.once()
    since = datetime(2026, 11, 20, 2, tzinfo=UTC)
    found = servers.start().declare(since)
    assert found.since == since
    assert servers.once() is None, "said already"


# ------------------------------------------------------------------------------------------- what is doubted


@contextmanager
def restored(engine: Engine, at: datetime = MONDAY, since: datetime | None = None) -> Iterator[Restored]:
    pulse = SqlPulse(engine, COMPANY, no_holidays, clock=HandClock(), now=lambda: at)
    pulse.beat()
    yield pulse.declare(since)


def doubts(engine: Engine) -> dict[str, timedelta]:
    """Until when after MONDAY, by recipient."""
    with engine.connect() as connection:
        return {row.recipient_id: row.until - MONDAY for row in connection.execute(select(schema.doubted))}


def overdue(one: Person, at: datetime = MONDAY) -> Look:
    return Look(subject=f"desk:{one.id}", at=at - timedelta(minutes=5))


def test_who_is_overdue_is_doubted_and_whoever_hears_of_it_next(engine: Engine) -> None:
    later = Look(subject=f"desk:{BEN.id}", at=MONDAY + timedelta(hours=1))
    put(engine, ANNA, MAX, DANA, BEN, looks=[overdue(ANNA), later])
    with restored(engine):
        assert doubts(engine) == {one.id: CATCHING_UP for one in (ANNA, MAX, DANA)}


def test_at_an_impolite_hour_it_lasts_into_the_next_polite_one(engine: Engine) -> None:
    friday_evening = datetime(2026, 11, 20, 16, 45, tzinfo=UTC)  # a quarter to six in Berlin, Rondo's evening begins at six
    put(engine, BEN, looks=[overdue(BEN, friday_evening)])
    with restored(engine, friday_evening):
        assert doubts(engine) == {BEN.id: timedelta(0)}  # ten on Monday morning


def test_everybody_on_the_ladder_of_an_overdue_request_is_doubted(engine: Engine) -> None:
    asked = Escalation(
        id="E1", goal_id="G1", owner_id=ANNA.id, opened_at=MONDAY, ladder=(MAX.id, BEN.id), holder_id=MAX.id,
        acknowledge_within="4h", decide_within="2d",
    )  # fmt: skip
    put(engine, ANNA, MAX, DANA, BEN)
    put(engine, goal("G1", ANNA))
    put(engine, asked, looks=[Look(subject="escalation:E1", at=MONDAY)])
    with restored(engine):
        assert doubts(engine).keys() == {one.id for one in (ANNA, MAX, DANA, BEN)}


def test_a_team_whose_post_is_overdue_is_doubted_at_its_openers_hours(engine: Engine) -> None:
    address = slack("C1")
    channel = Channel(
        team="Web", platform=address.platform, tenant=address.tenant, place=address.user, route=address.route,
        opened_by=BEN.id, at=MONDAY,
    )  # fmt: skip
    put(engine, BEN)
    put(engine, channel, looks=[Look(subject="team:Web", at=MONDAY)])
    with restored(engine):
        assert doubts(engine) == {"team:Web": CATCHING_UP}


def test_what_waits_may_have_left_and_what_arrived_did(engine: Engine) -> None:
    put(engine, ANNA, MAX, DANA, BEN, links=[(slack("UA"), ANNA), (slack("UB"), BEN)])
    put(engine, messages=[message("seen", BEN)])
    [parcel] = outbox_on(engine).claim(now=MONDAY, limit=1)
    receipt = Receipt(address=slack("UB"), place="DUB", id="1.1")
    accept(engine, Delivered(id="d", at=MONDAY, key="seen", fence=parcel.fence, revision=1, receipt=receipt))
    put(engine, messages=[message("waits", ANNA), message("reply", ANNA, lane=Lane.REPLY)])
    since = MONDAY - timedelta(hours=3)
    with restored(engine, since=since) as found:
        assert (found.messages, found.recipients) == (2, 3)
        assert row_of(engine, "seen")["lost_until"] is None
        for key in ("waits", "reply"):
            assert (row_of(engine, key)["doubtful_since"], row_of(engine, key)["lost_until"]) == (since, found.noticed_at)
        parcels = {one.key: one for one in outbox_on(engine).claim(now=MONDAY, limit=9)}
        assert parcels["reply"].lost_until == found.noticed_at


def test_it_stands_in_the_ledger(engine: Engine) -> None:
    put(engine, BEN, looks=[overdue(BEN)])
    with restored(engine) as found, engine.connect() as connection:
        [line] = connection.execute(select(schema.ledger).where(schema.ledger.c.name == "delivery:restored")).mappings()
        assert (line["subject"], line["person_id"], line["outcome"]) == ("database", "", "doubted")
        assert line["facts"]["since"] == found.since.isoformat()
        assert (line["facts"]["recipients"], line["facts"]["messages"]) == ("1", "0")


def say(engine: Engine, key: str, to: Person, *, at: datetime = MONDAY, acted: bool = False, lane: Lane = Lane.NUDGE) -> object:
    """Decide a message at a look, or because somebody did something; whether it is doubted."""
    looked = Ticked(id=f"t:{key}", at=at, subject=f"desk:{to.id}", due=at, fence=1)
    did = Said(id=f"s:{key}", at=at, by=slack("UB"), text="hello")
    with store_on(engine).work() as work:
        work.apply(did if acted else looked, Decision(messages=(message(key, to, lane=lane),)))
    return row_of(engine, key)["lost_until"]


def test_only_what_a_look_says_for_a_while_to_the_doubted_is_looked_for(engine: Engine) -> None:
    put(engine, ANNA, BEN, MAX, DANA, looks=[overdue(BEN)])
    with restored(engine) as found:
        assert say(engine, "now", BEN) == found.noticed_at
        assert row_of(engine, "now")["doubtful_since"] == found.since
        assert say(engine, "asked for now", BEN, acted=True) is None
        assert say(engine, "answer", BEN, lane=Lane.REPLY) is None
        assert row_of(engine, "answer")["doubtful_since"] is None
        assert say(engine, "to somebody else", ANNA) is None
        assert say(engine, "later", BEN, at=MONDAY + CATCHING_UP) is None


def test_the_greeting_that_everybody_gets_once_is_looked_for_and_sent_where_nobody_can_look(engine: Engine) -> None:
    put(engine, BEN, looks=[overdue(BEN)])
    with restored(engine) as found, store_on(engine).work() as work:
        hello = message("welcome", BEN, lane=Lane.REPLY, on_doubt=OnDoubt.RESEND)
        work.apply(Said(id="s", at=MONDAY, by=slack("UB"), text="hello"), Decision(messages=(hello,)))
    assert (row_of(engine, "welcome")["doubtful_since"], row_of(engine, "welcome")["lost_until"]) == (found.since, None)


def test_what_expired_in_the_backup_and_is_decided_again_is_looked_for_too(engine: Engine) -> None:
    put(engine, BEN, looks=[overdue(BEN)])
    say(engine, "late", BEN)
    with writing(engine) as connection:
        given_up = {"state": schema.OutboxState.EXPIRED, "ready_at": None}
        connection.execute(update(schema.outbox).values(**given_up))
    with restored(engine) as found:
        put(engine, looks=[])
        assert row_of(engine, "late")["lost_until"] is None
        assert say(engine, "late", BEN, at=MONDAY + timedelta(minutes=1)) == found.noticed_at


def test_restored_twice_the_older_backup_counts(engine: Engine) -> None:
    put(engine, BEN, looks=[overdue(BEN)])
    day = timedelta(days=1)
    with restored(engine, since=MONDAY - 2 * day), restored(engine, since=MONDAY - day), engine.connect() as connection:
        assert connection.scalar(select(schema.doubted.c.since)) == MONDAY - 2 * day
