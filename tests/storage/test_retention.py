"""Old rows go as HR wants it, in small steps; what is younger stays, and the chain over the ledger still holds."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func, insert, select

from bot.decision import Entry
from bot.model import Answer, Blocker, Cause, CheckIn, CheckInState, PolicyChange, Scope
from bot.rules import retention
from bot.rules.worktime import iso_period
from storage import chain_check
from storage.chain import SqlChain
from storage.effects import write_entries
from storage.engine import writing
from storage.retention import SqlRetention
from storage.schema import checkin, inbox, ledger, ledger_link, outbox
from tests.storage.seeds import COMPANY, MONDAY, message, person, put

ANA = person("ana")
NOW = MONDAY
DAY = timedelta(days=1)
ZONE = ZoneInfo(COMPANY.zone)


def asked(weeks_ago: int) -> CheckIn:
    at = NOW - timedelta(weeks=weeks_ago)
    return CheckIn(
        person_id=ANA.id,
        period=iso_period(at, ZONE),
        state=CheckInState.ON_TIME,
        asked_at=at,
        answered_at=at,
        answers=(
            Answer(goal_id="g", confidence=7, note="a note", blocker=Blocker(text="legal", cause=Cause.MONEY, remover="Bo")),
        ),
        wins="a win",
        private_note="in private",
        draft={"x": "typed"},
    )


def kept(engine: Engine) -> SqlRetention:
    return SqlRetention(engine, zone=COMPANY.zone, word="(gone)")


def lines(engine: Engine, days_ago: list[int]) -> None:
    with writing(engine) as connection:
        for days in days_ago:
            entry = Entry(name="checkin:answered", subject=f"checkin:{days}", person=ANA.id)
            write_entries(connection, [entry], at=NOW - days * DAY, cause="test")


def names(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(ledger.c.subject).where(ledger.c.name == "checkin:answered").order_by(ledger.c.id)))


def count(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(ledger).where(ledger.c.name == name)) or 0


def test_words_of_old_check_ins_go_and_their_numbers_stay(engine: Engine) -> None:
    put(engine, ANA, *(asked(weeks) for weeks in (1, 103, 105, 106, 200)))
    assert kept(engine).purge(NOW)["words"] == 2
    with engine.connect() as connection:
        rows = connection.execute(select(checkin).order_by(checkin.c.asked_at)).all()
    written = [(row.wins, row.private_note, bool(row.draft)) for row in rows]
    assert written == [("", "", False)] * 2 + [("a win", "in private", True)] * 3
    (answer,) = rows[0].answers
    assert (answer.confidence, answer.note, answer.blocker) == (7, "", Blocker(text="(gone)", cause=Cause.MONEY, remover=""))
    assert rows[2].answers[0].note == "a note"
    assert kept(engine).purge(NOW + DAY)["words"] == 0
    assert kept(engine).purge(NOW + 14 * DAY)["words"] == 1
    assert count(engine, "privacy:purged") == 2


def test_hr_says_how_long_and_off_keeps_everything(engine: Engine) -> None:
    def change(version: int, name: str, value: str) -> PolicyChange:
        return PolicyChange(version=version, at=NOW, author=ANA.id, threshold=name, scope=Scope(), value=value)

    put(engine, ANA, *(asked(weeks) for weeks in (1, 30, 105)))
    put(engine, change(1, "privacy.retention.words", "off"))
    assert kept(engine).purge(NOW)["words"] == 0
    put(engine, change(2, "privacy.retention.words", "180cd"))
    assert kept(engine).purge(NOW)["words"] == 2


def test_old_messages_go_once_they_are_settled(engine: Engine) -> None:
    put(engine, ANA, messages=[message("old", ANA), message("waits", ANA), message("young", ANA)])
    with engine.begin() as connection:
        long_ago = {"decided_at": NOW - 500 * DAY}
        connection.execute(outbox.update().where(outbox.c.key.in_(["old", "waits"])).values(**long_ago))
        connection.execute(outbox.update().where(outbox.c.key != "waits").values(ready_at=None))
    assert kept(engine).purge(NOW)["messages"] == 1
    with engine.connect() as connection:
        assert set(connection.scalars(select(outbox.c.key))) == {"waits", "young"}
    with engine.begin() as connection:
        connection.execute(outbox.update().values(decided_at=NOW - 500 * DAY, ready_at=None))
    assert kept(engine).purge(NOW + DAY)["messages"] == 0  # once a week
    assert kept(engine).purge(NOW + 7 * DAY)["messages"] == 2


def test_the_ledgers_oldest_lines_go_and_the_chain_begins_where_a_line_says(engine: Engine) -> None:
    lines(engine, [1300, 1200, 1100, 1000, 10])
    SqlChain(engine).seal()
    head = str(SqlChain(engine).head())
    assert kept(engine).purge(NOW)["lines"] == 3
    assert names(engine) == ["checkin:1000", "checkin:10"]
    SqlChain(engine).seal()
    verdict = chain_check.check(engine, now=NOW, noted=head)
    assert (verdict.flaws, verdict.first, verdict.noted) == ([], 4, 5)
    assert kept(engine).purge(NOW + 200 * DAY)["lines"] == 1
    SqlChain(engine).seal()
    verdict = chain_check.check(engine, now=NOW + 200 * DAY)
    assert (verdict.flaws, verdict.first) == ([], 5)
    with engine.begin() as connection:
        connection.execute(ledger_link.delete().where(ledger_link.c.position == 5))
        connection.execute(ledger.delete().where(ledger.c.subject == "checkin:10"))
    assert "no line ledger:trimmed says so" in str(chain_check.check(engine, now=NOW + 200 * DAY).flaws[0])


def test_lines_without_a_link_are_not_let_go(engine: Engine) -> None:
    lines(engine, [1300, 1200])
    assert kept(engine).purge(NOW)["lines"] == 0
    SqlChain(engine).seal()
    assert kept(engine).purge(NOW + DAY)["lines"] == 1  # the newest link stays, the chain goes on from it
    SqlChain(engine).seal()
    assert chain_check.check(engine, now=NOW + DAY).flaws == []


def test_events_are_forgotten_after_a_month(engine: Engine) -> None:
    ages = [31 * DAY] * 700 + [29 * DAY]
    with engine.begin() as connection:
        connection.execute(insert(inbox), [{"id": f"e{n}", "at": NOW - age} for n, age in enumerate(ages)])
    assert kept(engine).purge(NOW)["events"] == 700
    assert count(engine, "privacy:purged") == 0


def test_who_left_long_ago_is_named_only_where_hr_wants_it(engine: Engine) -> None:
    put(engine, ANA, person("bo", end_date=(NOW - 400 * DAY).date()), person("cy", end_date=(NOW - 10 * DAY).date()))
    assert kept(engine).leavers(NOW) == ()
    leavers = PolicyChange(version=1, at=NOW, author=ANA.id, threshold=retention.LEAVERS.full_name, scope=Scope(), value="365cd")
    put(engine, leavers)
    assert kept(engine).leavers(NOW) == [person("bo").id]


def test_wishes_are_due_after_their_week(engine: Engine) -> None:
    def wish(at: datetime | None) -> list[str]:
        put(engine, person("ana", erase_at=at))
        return list(kept(engine).wishes(NOW))

    assert wish(NOW + DAY) == []
    assert wish(NOW) == [ANA.id]
    assert wish(None) == []
