"""Reports that share a transaction: each counts as by itself, whatever becomes of the others."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, func, select, text

from bot.decision import Message, Withdraw
from bot.events import Delivered, Failure, Receipt, Undelivered
from bot.model import CheckIn, CheckInState, Person
from bot.ports import Outcome, Parcel
from bot.rules import stalled
from bot.rules.checkin import PROMPT
from bot.turn import Turn
from prompts.loader import load
from storage.schema import agenda, checkin, ledger
from tests.storage.seeds import MONDAY, message, outbox_on, person, put, row_of, said, slack, store_on

PHRASES = load()
PEOPLE = tuple(person(name) for name in ("anna", "ben", "cleo", "dan", "eve"))
WEEK = "2026-W48"


def asked(who: Person, period: str = WEEK, **fields: object) -> CheckIn:
    standard = {
        "asked_at": MONDAY,
        "grace_ends_at": MONDAY + timedelta(days=2),
        "card": f"checkin:{who.id}/{period}:1",
        "shown": 1,
    }
    return CheckIn(person_id=who.id, period=period, **{**standard, **fields})  # type: ignore[arg-type]


def question(check_in: CheckIn, who: Person) -> Message:
    return message(check_in.card, who, rule=PROMPT.name, subjects=(f"checkin:{check_in.id}",))


@pytest.fixture
def company(engine: Engine) -> Engine:
    everybody_was_asked(engine)
    return engine


def everybody_was_asked(engine: Engine) -> None:
    """And nothing has left yet."""
    put(
        engine,
        *PEOPLE,
        *map(asked, PEOPLE),
        links=[(slack(f"U{who.name}"), who) for who in PEOPLE],
        messages=[question(asked(who), who) for who in PEOPLE],
    )


def claim(engine: Engine) -> list[Parcel]:
    found = {parcel.to: parcel for parcel in outbox_on(engine).claim(now=MONDAY, limit=50)}
    return [found[who.id] for who in PEOPLE if who.id in found]


def delivered(parcel: Parcel, **fields: object) -> Delivered:
    receipt = Receipt(address=parcel.addresses[0], place="D1", id="1.1")
    standard = {"key": parcel.key, "fence": parcel.fence, "revision": parcel.revision, "receipt": receipt}
    return Delivered(id=f"d:{parcel.key}:{parcel.fence}", at=MONDAY, **{**standard, **fields})  # type: ignore[arg-type]


def undelivered(parcel: Parcel, failure: Failure) -> Undelivered:
    return Undelivered(
        id=f"u:{parcel.key}",
        at=MONDAY,
        key=parcel.key,
        fence=parcel.fence,
        revision=parcel.revision,
        failure=failure,
        reason="so",
    )


def turn_on(engine: Engine) -> Turn:
    return Turn(store_on(engine), PHRASES, committed=lambda: None)


def counted(outcomes: Sequence[Outcome | Exception]) -> list[bool]:
    return [isinstance(one, Outcome) and one.decision is not None for one in outcomes]


def heard(engine: Engine) -> list[str]:
    """Whose question arrived, in the order in which the ledger has it."""
    names = {f"checkin:{who.id}/{WEEK}:1": who.name for who in PEOPLE}
    with engine.connect() as connection:
        lines = select(ledger.c.subject).where(ledger.c.name == "nudge:checkin.prompt:delivered").order_by(ledger.c.id)
        return [names[subject] for subject in connection.scalars(lines)]


def commits(engine: Engine) -> list[int]:
    """A list that grows with every commit."""
    seen: list[int] = []
    event.listen(engine, "commit", lambda connection: seen.append(1))
    return seen


def test_reports_of_different_people_are_one_transaction(company: Engine) -> None:
    reports = [delivered(parcel) for parcel in claim(company)]
    seen = commits(company)
    assert counted(turn_on(company).take_all(reports)) == [True] * 5
    assert len(seen) == 1
    assert sorted(heard(company)) == sorted(who.name for who in PEOPLE)
    assert {row_of(company, report.key)["state"] for report in reports} == {"sent"}
    with company.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(agenda)) == 5, "the reminders' clocks began"


def test_a_report_under_an_old_fence_is_void_and_the_others_count(company: Engine) -> None:
    reports = [delivered(parcel) for parcel in claim(company)]
    reports[2] = replace(reports[2], fence=7)
    assert counted(turn_on(company).take_all(reports)) == [True, True, False, True, True]
    assert row_of(company, reports[2].key)["state"] == "sending"
    assert "Cleo" not in heard(company)
    again = turn_on(company).take_all([*reports[:2], *reports[3:]])
    assert counted(again) == [False] * 4, "what was reported once is void the second time"
    assert len(heard(company)) == 4


def test_two_reports_to_one_person_count_in_the_order_in_which_they_came(company: Engine) -> None:
    first = claim(company)
    goal = message("stalled", PEOPLE[1], rule=stalled.NAME)
    put(company, messages=[goal])
    with company.begin() as connection:  # Ben's question is in doubt and ready: a second message to him may leave
        connection.execute(text("UPDATE outbox SET state = 'unknown' WHERE key = :key"), {"key": first[1].key})
    [second] = claim(company)
    reports = [delivered(second), *(delivered(parcel) for parcel in first)]
    assert counted(turn_on(company).take_all(reports)) == [True] * 6
    with company.connect() as connection:
        lines = select(ledger.c.subject).where(ledger.c.person_id == PEOPLE[1].id, ledger.c.outcome == "delivered")
        assert connection.scalars(lines.order_by(ledger.c.id)).all() == ["stalled", first[1].key]


def test_one_that_cannot_be_decided_costs_the_others_nothing(company: Engine, caplog: pytest.LogCaptureFixture) -> None:
    reports = [delivered(parcel) for parcel in claim(company)]
    with company.begin() as connection:  # what a newer release may write
        connection.execute(text("UPDATE checkin SET state = 'dreamt' WHERE person_id = :id"), {"id": PEOPLE[3].id})
    outcomes = turn_on(company).take_all(reports)
    assert counted(outcomes) == [True, True, True, False, True]
    assert isinstance(outcomes[3], Exception)
    assert row_of(company, reports[3].key)["state"] == "sending", "the lease decides"
    assert sorted(heard(company)) == ["Anna", "Ben", "Cleo", "Eve"]
    assert "one by one" in caplog.messages


def test_a_crash_before_the_commit_leaves_every_message_under_way(company: Engine) -> None:
    reports = [delivered(parcel) for parcel in claim(company)]
    with pytest.raises(ZeroDivisionError), store_on(company).work() as work:  # noqa: PT012
        assert len(work.reports(reports)) == 5
        raise ZeroDivisionError
    assert {row_of(company, report.key)["state"] for report in reports} == {"sending"}
    assert counted(turn_on(company).take_all(reports)) == [True] * 5


def test_a_message_withdrawn_while_it_was_sent_is_sent(company: Engine) -> None:
    reports = [delivered(parcel) for parcel in claim(company)]
    put(company, withdrawals=[Withdraw(key=reports[0].key)])
    assert counted(turn_on(company).take_all(reports)) == [True] * 5
    assert row_of(company, reports[0].key)["state"] == "sent"


def test_what_concerns_others_as_well_is_taken_by_itself(company: Engine) -> None:
    """Who is gone or refused is news for HR, a nudge may start a manager's clock: these know their whole desk."""
    parcels = claim(company)
    reports: list[Delivered | Undelivered] = [
        delivered(parcels[0]),
        undelivered(parcels[1], Failure.REFUSED),
        delivered(parcels[2]),
        undelivered(parcels[3], Failure.GONE),
        undelivered(parcels[4], Failure.EXPIRED),
    ]
    with store_on(company).work() as work:
        assert set(work.reports(reports)) == {0, 2, 4}
    with company.connect() as connection:
        states: dict[str, str] = dict(connection.execute(text("SELECT recipient_id, state FROM outbox")).all())
    assert [states[who.id] for who in PEOPLE] == ["sent", "sending", "sent", "sending", "expired"]


def test_an_expired_question_is_asked_again(company: Engine) -> None:
    reports = [undelivered(parcel, Failure.EXPIRED) for parcel in claim(company)]
    assert counted(turn_on(company).take_all(reports)) == [True] * 5
    with company.connect() as connection:
        assert connection.scalars(select(checkin.c.asked_at)).all() == [None] * 5
        assert connection.scalar(select(func.count()).select_from(agenda)) == 5


def test_whoever_still_has_time_for_an_older_question_keeps_it(company: Engine) -> None:
    """What is known is enough for every clock: the newest question's reminder, and the time of each that is open."""
    anna = PEOPLE[0]
    older = asked(anna, "2026-W47", grace_ends_at=MONDAY + timedelta(hours=1))
    answered = asked(anna, "2026-W46", state=CheckInState.ON_TIME)
    report, *_ = [delivered(parcel) for parcel in claim(company)]
    put(company, older, answered, messages=[question(older, anna)], at=MONDAY - timedelta(days=5))
    with company.begin() as connection:
        arrived = "UPDATE outbox SET state = 'sent', ready_at = NULL, delivered_at = decided_at WHERE key = :key"
        connection.execute(text(arrived), {"key": older.card})
    with store_on(company).work() as work:
        situation = work.reports([report])[0]
    assert situation is not None
    assert [one.period for one in situation.checkins] == [WEEK, "2026-W47"]
    assert {one.key for one in situation.told} == {report.key, older.card}
    assert situation.asked_about is not None
    assert situation.asked_about.delivered_at == MONDAY


@pytest.mark.postgres
def test_nobody_waits_for_one_who_is_being_decided_about(postgres_engine: Engine) -> None:
    everybody_was_asked(postgres_engine)
    reports = [delivered(parcel) for parcel in claim(postgres_engine)]
    others_are_through = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with store_on(postgres_engine).work() as work:
            assert work.situation(said(slack("UAnna"))) is not None
            event.listen(postgres_engine, "commit", lambda connection: others_are_through.set())
            taken = pool.submit(turn_on(postgres_engine).take_all, reports)
            assert others_are_through.wait(10)
            assert sorted(heard(postgres_engine)) == ["Ben", "Cleo", "Dan", "Eve"]
            assert not taken.done()
        assert counted(taken.result(timeout=10)) == [True] * 5
    assert "Anna" in heard(postgres_engine)
