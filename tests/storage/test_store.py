"""One event has one effect; one transaction makes it true or nothing of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from bot.decision import Decision, Entry, Link, Look, LookAtAll
from bot.events import Event, Pressed, Ticked
from bot.model import (
    Absence,
    CheckIn,
    Choice,
    Escalation,
    EscalationState,
    KeyResult,
    PolicyChange,
    Scope,
    ScopeKind,
    Shown,
)
from bot.ports import Conflict
from bot.talk.actions import Action, Verb
from storage.agenda import SqlAgenda
from storage.engine import open_engine
from storage.schema import address, agenda, inbox, ledger
from storage.schema import person as person_table
from storage.store import SqlStore
from tests.storage.seeds import (
    COMPANY,
    MONDAY,
    HandClock,
    accept,
    event_of,
    goal,
    message,
    no_holidays,
    outbox_on,
    person,
    put,
    said,
    see,
    seen,
    slack,
    store_on,
    teams,
)

ANNA = person("anna", team="Sales", department="Field")
BEN = person("ben", team="Ops")


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def test_the_same_event_has_one_effect(engine: Engine) -> None:
    put(engine, ANNA, links=[(slack("UA"), ANNA)])
    assert accept(engine, said(slack("UA")))
    assert not accept(engine, said(slack("UA")))
    assert accept(engine, said(slack("UA"), id="e2"))
    assert count(engine, inbox) == 2


def test_an_error_leaves_nothing_behind(engine: Engine) -> None:
    put(engine, ANNA, links=[(slack("UA"), ANNA)])
    decision = Decision(
        changes=(replace(ANNA, name="Other"), goal("g1", ANNA)),
        messages=(message("k", ANNA),),
        looks=(Look(subject="s", at=MONDAY),),
        entries=(Entry(name="a:b:c", subject="s"),),
    )
    event = said(slack("UA"))
    with pytest.raises(ZeroDivisionError), store_on(engine).work() as work:  # noqa: PT012
        assert work.accept(event)
        work.apply(event, decision)
        raise ZeroDivisionError
    assert accept(engine, event), "it may come again"
    assert seen(engine, event).person == ANNA
    assert count(engine, ledger) == count(engine, agenda) == outbox_on(engine).waiting() == 0


def test_of_two_at_once_the_second_waits_and_sees_the_first(database_url: str) -> None:
    """Two replicas get the same event: the second may not answer before the first has committed."""
    one, two = open_engine(database_url), open_engine(database_url)
    order: list[str] = []
    begun = threading.Event()

    def second() -> bool:
        begun.wait(5)
        new = accept(two, said(slack("U")))
        order.append("second")
        return new

    with ThreadPoolExecutor(1) as pool:
        with store_on(one).work() as work:
            assert work.accept(said(slack("U")))
            future = pool.submit(second)
            begun.set()
            with pytest.raises(TimeoutError):
                future.result(timeout=0.3)
            order.append("first")
        assert future.result(timeout=10) is False
    assert order == ["first", "second"]
    one.dispose()
    two.dispose()


def test_of_two_at_once_the_second_has_its_turn_when_the_first_fails(database_url: str) -> None:
    one, two = open_engine(database_url), open_engine(database_url)
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ZeroDivisionError), store_on(one).work() as work:  # noqa: PT012
            assert work.accept(said(slack("U")))
            future = pool.submit(accept, two, said(slack("U")))
            raise ZeroDivisionError
        assert future.result(timeout=10) is True
    one.dispose()
    two.dispose()


@pytest.mark.parametrize("memory", [False, True])
def test_many_threads_lose_no_update(database_url: str, memory: bool) -> None:
    """Each turn reads a number and writes it one higher; serial turns of one person lose none."""
    engine = open_engine("sqlite://" if memory else database_url)
    if memory:
        from storage.migrate import migrate

        migrate(engine)
    put(engine, ANNA, goal("g1", ANNA, why="0"), links=[(slack("UA"), ANNA)])
    store = store_on(engine)

    def turn(number: int) -> None:
        event = said(slack("UA"), id=f"e{number}")
        while True:
            try:
                with store.work() as work:
                    assert work.accept(event)
                    situation = work.situation(event)
                    assert situation is not None
                    was = situation.goals[0]
                    work.apply(event, Decision(changes=(replace(was, why=str(int(was.why) + 1)),)))
                return
            except Conflict:
                continue

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(turn, range(40)))
    assert seen(engine, said(slack("UA"))).goals[0].why == "40"
    engine.dispose()


def test_turns_of_other_people_do_not_wait(postgres_engine: Engine) -> None:
    put(postgres_engine, ANNA, BEN, links=[(slack("UA"), ANNA), (slack("UB"), BEN)])
    with store_on(postgres_engine).work() as work:
        assert work.situation(said(slack("UA"))) is not None
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(see, postgres_engine, said(slack("UB"))).result(timeout=5) is not None


def test_a_tick_takes_its_agenda_row_once(engine: Engine) -> None:
    put(engine, ANNA, looks=[Look(subject=f"desk:{ANNA.id}", at=MONDAY)])
    [due] = SqlAgenda(engine, HandClock()).claim_due(MONDAY, limit=5)
    tick = Ticked(id="t", at=MONDAY, subject=due.subject, due=due.due, fence=due.fence)
    assert not accept(engine, replace(tick, fence=due.fence - 1))
    assert accept(engine, tick)
    assert not accept(engine, tick)
    assert count(engine, inbox) == 0
    assert SqlAgenda(engine, HandClock()).next_due() is None


def test_a_tick_of_a_row_that_moved_is_void(engine: Engine) -> None:
    subject = f"desk:{ANNA.id}"
    put(engine, ANNA, looks=[Look(subject=subject, at=MONDAY)])
    [due] = SqlAgenda(engine, HandClock()).claim_due(MONDAY, limit=5)
    put(engine, looks=[Look(subject=subject, at=MONDAY + timedelta(hours=1))])
    assert not accept(engine, Ticked(id="t", at=MONDAY, subject=subject, due=due.due, fence=due.fence))
    assert SqlAgenda(engine, HandClock()).next_due() == MONDAY + timedelta(hours=1)


def test_a_tick_about_nobody_is_forgotten_without_a_turn(engine: Engine) -> None:
    subjects = ("desk:nobody", "escalation:none", "odd", "desk:")
    put(engine, looks=[Look(subject=subject, at=MONDAY) for subject in subjects])
    for due in SqlAgenda(engine, HandClock()).claim_due(MONDAY, limit=9):
        assert not accept(engine, Ticked(id="t", at=MONDAY, subject=due.subject, due=due.due, fence=due.fence))
    assert count(engine, agenda) == 0


def test_looks_replace_keep_the_earlier_or_forget(engine: Engine) -> None:
    def due() -> object:
        return SqlAgenda(engine, HandClock()).next_due()

    later, sooner = MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=1)
    put(engine, looks=[Look(subject="s", at=sooner)])
    put(engine, looks=[Look(subject="s", at=later, sooner=True)])
    assert due() == sooner
    put(engine, looks=[Look(subject="s", at=later, zone="Nowhere/Land")])
    assert due() == later
    put(engine, looks=[Look(subject="s", at=MONDAY, sooner=True, zone="Asia/Kathmandu")])
    assert due() == MONDAY
    with engine.connect() as connection:
        row = connection.execute(select(agenda)).one()
    assert (row.local_time, row.zone) == ("2026-11-23T14:45", "Asia/Kathmandu")
    put(engine, looks=[Look(subject="s", at=None)])
    assert due() is None


@pytest.mark.parametrize(
    ("scope", "who"),
    [
        (Scope(), {ANNA, BEN}),
        (Scope(ScopeKind.TEAM, "Sales"), {ANNA}),
        (Scope(ScopeKind.DEPARTMENT, "Field"), {ANNA}),
        (Scope(ScopeKind.PERSON, BEN.id), {BEN}),
        (Scope(ScopeKind.TEAM, "Nobody"), set()),
    ],
)
def test_a_scope_is_looked_at_as_a_whole(engine: Engine, scope: Scope, who: set[object]) -> None:
    late, early = MONDAY + timedelta(days=3), MONDAY - timedelta(days=3)
    put(engine, ANNA, BEN, looks=[Look(subject=f"desk:{ANNA.id}", at=late)])
    put(engine, looks=[LookAtAll(scope=scope, at=MONDAY)])
    due = SqlAgenda(engine, HandClock()).claim_due(MONDAY, limit=9)
    assert {one.subject for one in due} == {f"desk:{one.id}" for one in (ANNA, BEN) if one in who}
    put(engine, looks=[Look(subject=f"desk:{ANNA.id}", at=early), LookAtAll(scope=scope, at=MONDAY)])
    assert SqlAgenda(engine, HandClock()).next_due() == early


def test_values_come_back_as_they_were_written(engine: Engine) -> None:
    away = Absence(first=date(2026, 12, 24), last=date(2026, 12, 31), source="chat")
    anna = replace(ANNA, absences=(away, replace(away, source="import")), work_days=frozenset(), language="ko")
    values = tuple(Decimal(one) for one in ("-0.10", "1E+20", "123456789012345678901234567890.123456789"))
    parts = tuple(KeyResult(id=f"k{n}", goal_id="g1", text="⟨x⟩", current=value, position=n) for n, value in enumerate(values))
    mine = goal("g1", anna, key_results=parts, answered_at=MONDAY + timedelta(microseconds=1))
    escalation = Escalation(
        id="x1",
        goal_id="g1",
        owner_id=anna.id,
        opened_at=MONDAY,
        ladder=(BEN.id,),
        state=EscalationState.ACKNOWLEDGED,
        choice=Choice.KEEP,
        due=date(2026, 12, 1),
        requested=True,
        cards=(Shown(person_id=BEN.id, key="k"),),
    )
    checkin = CheckIn(person_id=anna.id, period="2026-W48", draft={"a": "\0\ud800"}, reminders=("r",))
    put(engine, anna, BEN, mine, escalation, checkin, links=[(slack("UA"), anna)])
    situation = seen(engine, said(slack("UA")))
    assert situation.person == anna
    assert situation.goals == (mine,)
    assert [str(part.current) for part in situation.goals[0].key_results[:1]] == ["-0.10"]
    assert situation.escalations == (escalation,)
    assert situation.checkins == (checkin,)
    put(engine, replace(anna, absences=()), replace(mine, key_results=parts[1:]))
    again = seen(engine, said(slack("UA")))
    assert again.person is not None
    assert again.person.absences == ()
    assert again.goals[0].key_results == parts[1:]


def test_two_people_cannot_have_one_email(engine: Engine) -> None:
    put(engine, ANNA)
    with pytest.raises(IntegrityError):
        put(engine, replace(BEN, email="ANNA@acme.example"))


def test_a_goal_needs_an_owner(engine: Engine) -> None:
    with pytest.raises(IntegrityError):
        put(engine, goal("g1", ANNA))


def test_naive_instants_are_refused(engine: Engine) -> None:
    with pytest.raises(Exception, match="naive"):
        put(engine, replace(ANNA, known_since=MONDAY.replace(tzinfo=None)))
    assert count(engine, person_table) == 0


def test_two_authors_of_one_policy_version_conflict(engine: Engine) -> None:
    change = PolicyChange(version=1, at=MONDAY, author=ANNA.id, threshold="t", scope=Scope(), value="1d")
    put(engine, change)
    with pytest.raises(Conflict):
        put(engine, change)


def test_a_stale_policy_is_never_decided_on(engine: Engine) -> None:
    """The store remembers versions: another replica's new one must show at once, a rolled back one never."""
    put(engine, ANNA, links=[(slack("UA"), ANNA)])
    store = store_on(engine)

    def versions() -> list[int]:
        with store.work() as work:
            situation = work.situation(said(slack("UA")))
            assert situation is not None
            return [change.version for change in situation.policies]

    change = PolicyChange(version=1, at=MONDAY, author=ANNA.id, threshold="t", scope=Scope(), value="1d")
    assert versions() == []
    with pytest.raises(ZeroDivisionError), store.work() as work:  # noqa: PT012
        work.apply(event_of("e"), Decision(changes=(change,)))
        work.situation(said(slack("UA")))
        raise ZeroDivisionError
    assert versions() == []
    put(engine, change)
    assert versions() == [1]


def test_who_writes_is_there_again(engine: Engine) -> None:
    put(engine, ANNA, links=[(slack("UA"), ANNA), (teams("ua"), ANNA)])
    with engine.begin() as connection:
        connection.execute(address.update().values(gone_count=3))
    moved = replace(teams("ua"), route={"service": "https://other.example"})
    event = said(moved, at=MONDAY + timedelta(minutes=1))
    with store_on(engine).work() as work:
        work.apply(event, Decision(messages=(message("k", ANNA),)))
    [parcel] = outbox_on(engine).claim(now=MONDAY, limit=1)
    assert parcel.addresses == (moved,)
    assert parcel.addresses[0].route == {"service": "https://other.example"}
    with store_on(engine).work() as work:
        event = said(replace(slack("UA"), route={}), at=MONDAY + timedelta(minutes=2))
        work.apply(event, Decision(messages=(message("k2", ANNA),)))
    with engine.connect() as connection:
        routes = {row.user: row.route for row in connection.execute(select(address))}
    assert routes["UA"] == {"channel": "DUA"}, "an event that knows no route does not erase it"


def test_an_account_can_change_hands(engine: Engine) -> None:
    put(engine, ANNA, BEN, links=[(slack("U"), ANNA)])
    with store_on(engine).work() as work:
        work.apply(event_of("e"), Decision(links=(Link(address=slack("U"), person_id=BEN.id),)))
    assert seen(engine, said(slack("U"))).person == BEN


def test_the_ledger_says_when_and_why(engine: Engine) -> None:
    entry = Entry(name="a:b:c", subject="s", person=ANNA.id, rule="r", policy=2, facts={"x": "1"}, outcome="held")
    with store_on(engine).work() as work:
        work.apply(said(slack("U"), id="cause"), Decision(entries=(entry, replace(entry, outcome="sent"))))
    with engine.connect() as connection:
        first, second = connection.execute(select(ledger).order_by(ledger.c.id)).mappings().all()
    assert (first["at"], first["cause"], first["facts"], first["outcome"]) == (MONDAY, "cause", {"x": "1"}, "held")
    assert second["outcome"] == "sent"


def test_odd_text_in_ids_is_no_error(engine: Engine) -> None:
    put(engine, ANNA, links=[(slack("UA"), ANNA)])
    assert accept(engine, said(slack("UA"), id="odd\0\ud800"))
    assert not accept(engine, said(slack("UA"), id="odd\0\ud800"))
    for args in (("\0",), ("\ud800",), ("x" * 1900,), ("'; DROP TABLE person; --",)):
        for verb in Verb:
            assert see(engine, Pressed(id="p", at=MONDAY, by=slack("UA"), action=Action(verb, args))) is not None


def test_the_other_replica_changing_the_manager_is_a_conflict(postgres_url: str) -> None:
    """The manager is part of the desk: if it changes while we wait for the lock, we decide again."""
    one, two = open_engine(postgres_url), open_engine(postgres_url)
    put(one, ANNA, BEN, links=[(slack("UA"), ANNA)])

    def second() -> str:
        try:
            with SqlStore(two, COMPANY, no_holidays).work() as work:
                work.situation(said(slack("UA")))
        except Conflict:
            return "conflict"
        return "fine"

    with ThreadPoolExecutor(1) as pool:
        with store_on(one).work() as work:
            event: Event = said(slack("UA"))
            work.situation(event)
            work.apply(event, Decision(changes=(replace(ANNA, manager_id=BEN.id),)))
            future = pool.submit(second)
            with pytest.raises(TimeoutError):
                future.result(timeout=0.3)
        assert future.result(timeout=10) == "conflict"
    one.dispose()
    two.dispose()
