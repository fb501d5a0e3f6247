"""Claims of several replicas and workspaces: everybody has their turn, nobody's room is exceeded, nothing unreadable blocks."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, insert, select, text, update

from bot.decision import Lane, OnDoubt
from bot.events import Address, Failure, Platform, Undelivered
from bot.model import Person
from bot.ports import NOWHERE, Parcel, Room, plenty
from storage.engine import writing
from storage.outbox import _CANDIDATES, _CLAIM_LOCK, _RECIPIENT_LOCK
from storage.replicas import SqlReplicas
from storage.schema import OutboxState, outbox, replica
from storage.settle import NOW
from tests.storage.seeds import MONDAY, HandClock, accept, card, message, outbox_on, person, put, row_of, teams


def at(workspace: str, user: str) -> Address:
    return Address(platform=Platform.SLACK, tenant=workspace, user=user)


def company(engine: Engine, workspace: str, count: int, **fields: Any) -> list[Person]:
    """People of a workspace, each with a message waiting; in another one they were decided a little later."""
    people = [person(f"{workspace}{number:03}") for number in range(count)]
    put(engine, *people, links=[(at(workspace, one.id), one) for one in people])
    put(engine, messages=[message(f"{workspace}:{number:03}", one, **fields) for number, one in enumerate(people)])
    return people


def keys(parcels: object) -> list[str]:
    assert isinstance(parcels, tuple)
    return [parcel.key for parcel in parcels]


def only(**rooms: Room) -> object:
    """Room in these workspaces, and none elsewhere."""
    return lambda queue: rooms.get(queue.removeprefix("slack/"), Room(rows=0, urgent=0))


def test_workspaces_take_turns(engine: Engine) -> None:
    company(engine, "A", 40)
    company(engine, "B", 3)
    first = keys(outbox_on(engine).claim(now=MONDAY, limit=10))
    assert sum(key.startswith("B") for key in first) == 3
    box = outbox_on(engine)
    for workspace in "CDEFGH":
        company(engine, workspace, 2)
    seen = {key[0] for _ in range(3) for key in keys(box.claim(now=MONDAY, limit=3))}
    assert seen >= set("ACDEFGH"), "also where there are more workspaces than places"


def test_no_more_is_claimed_than_there_is_room_for_and_urgent_messages_have_some_of_their_own(engine: Engine) -> None:
    people = company(engine, "A", 5)
    put(engine, messages=[message("urgent", people[4], lane=Lane.ESCALATION)])
    box = outbox_on(engine)
    assert box.claim(now=MONDAY, limit=10, rooms=only()) == ()  # type: ignore[arg-type]
    urgent = only(A=Room(rows=0, urgent=2))
    assert keys(box.claim(now=MONDAY, limit=10, rooms=urgent)) == ["urgent"]  # type: ignore[arg-type]
    two = only(A=Room(rows=2, urgent=2))
    assert keys(box.claim(now=MONDAY, limit=10, rooms=two)) == ["A:000", "A:001"]  # type: ignore[arg-type]


def test_edits_wait_apart_from_new_messages(engine: Engine) -> None:
    from bot.events import Delivered, Receipt

    company(engine, "A", 2)
    [first, _] = outbox_on(engine).claim(now=MONDAY, limit=5)
    receipt = Receipt(address=first.addresses[0], place="D", id="1")
    report = Delivered(id="d", at=MONDAY, key=first.key, fence=first.fence, revision=1, receipt=receipt)
    assert accept(engine, report)
    put(engine, messages=[message(first.key, person("A000"), "changed")])
    assert row_of(engine, first.key)["queue"] == "slack/A/edit"
    rooms = only(**{"A/edit": Room(rows=5, urgent=5)})
    assert keys(outbox_on(engine).claim(now=MONDAY, limit=5, rooms=rooms)) == [first.key]  # type: ignore[arg-type]


def test_a_person_with_much_to_hear_keeps_nobody_waiting(engine: Engine) -> None:
    busy, other = person("busy"), person("other")
    put(engine, busy, other, links=[(at("A", "1"), busy), (at("A", "2"), other)])
    put(engine, messages=[message(f"{number:03}", busy) for number in range(100)])
    put(engine, messages=[message("other", other)], at=MONDAY + timedelta(seconds=1))
    assert keys(outbox_on(engine).claim(now=MONDAY, limit=10)) == ["000", "other"]


def test_rows_of_the_release_before_and_of_people_without_an_account_find_their_queue(engine: Engine) -> None:
    company(engine, "A", 2)
    ben = person("ben")
    put(engine, ben, messages=[message("ben", ben)])
    with engine.begin() as connection:
        connection.execute(update(outbox).values(queue=""))
    assert outbox_on(engine).claim(now=MONDAY, limit=5, rooms=only()) == ()  # type: ignore[arg-type]
    assert row_of(engine, "A:000")["queue"] == "slack/A"
    assert row_of(engine, "ben")["queue"] == NOWHERE
    put(engine, links=[(at("B", "ben"), ben)])
    two = only(B=Room(rows=2, urgent=2))
    assert keys(outbox_on(engine).claim(now=MONDAY, limit=5, rooms=two)) == ["ben"], "another account, another queue"  # type: ignore[arg-type]


# --------------------------------------------------------------------------------------------------------- doubts


def test_sending_again_is_counted_before_it_happens_and_only_for_who_has_the_message(engine: Engine) -> None:
    clock = HandClock()
    company(engine, "A", 1, on_doubt=OnDoubt.RESEND)
    box = outbox_on(engine, clock)
    [parcel] = box.claim(now=MONDAY, limit=1)
    assert box.resend(parcel)
    box.doubtful(parcel, settle_seconds=0, reason="504")
    clock.pass_by(1)
    [again] = box.claim(now=MONDAY, limit=1)
    assert (again.resent, again.reason) == (1, "504")
    assert not box.resend(parcel), "its claim is over"
    assert box.resend(again)
    box.later(again, seconds=0, reason="not connected")
    clock.pass_by(1)
    [third] = box.claim(now=MONDAY, limit=1)
    assert third.resent == 1, "it did not leave after all"
    gone = Undelivered(id="u", at=MONDAY, key=third.key, fence=third.fence, revision=1, failure=Failure.EXPIRED, reason="late")
    assert accept(engine, gone)
    put(engine, messages=[message("A:000", person("A000"), "once more", on_doubt=OnDoubt.RESEND)], at=MONDAY + timedelta(days=1))
    assert row_of(engine, "A:000")["resent"] == 0


# ------------------------------------------------------------------------------------------------------- upgrades


@pytest.mark.parametrize(
    "strange",
    [
        {"card": '{"summary":"x","elements":[{"is":"Hologram"}]}'},
        {"card": '{"summary":"x","elements":[],"sparkle":1}'},
        {"recipient_id": "'fax:12'"},
        {"on_doubt": "'ask'"},
        {"receipt": '{"address":{"platform":"pager"}}'},
    ],
    ids=str,
)
def test_what_only_a_newer_release_can_read_is_left_to_it_and_holds_up_nobody(
    engine: Engine, strange: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    company(engine, "A", 3)
    [(column, value)] = strange.items()
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE outbox SET {column} = :new WHERE key = 'A:000'"), {"new": value.strip("'")})
    box = outbox_on(engine)
    with caplog.at_level(logging.ERROR, "rondo.outbox"):
        assert keys(box.claim(now=MONDAY, limit=1)) == ["A:001"]
        assert keys(box.claim(now=MONDAY, limit=5)) == ["A:002"]
        assert box.claim(now=MONDAY, limit=5) == ()
    assert len(caplog.records) == 1, "said once"
    row = row_raw(engine, "A:000")
    assert (row["state"], row["fence"]) == ("pending", 0)


def row_raw(engine: Engine, key: str) -> dict[str, object]:
    with engine.connect() as connection:
        return dict(connection.execute(text("SELECT * FROM outbox WHERE key = :key"), {"key": key}).mappings().one())


# ------------------------------------------------------------------------------------------------------- replicas


def test_a_replica_in_the_middle_of_its_claim_holds_up_nobody_else(postgres_engine: Engine) -> None:
    people = company(postgres_engine, "A", 3)
    with postgres_engine.connect() as other, other.begin():
        other.execute(select(func.pg_try_advisory_xact_lock(_RECIPIENT_LOCK, func.hashtext(people[0].id))))
        assert keys(outbox_on(postgres_engine).claim(now=MONDAY, limit=5)) == ["A:001", "A:002"]
    assert keys(outbox_on(postgres_engine).claim(now=MONDAY, limit=5)) == ["A:000"]


def test_a_turn_that_holds_a_message_holds_up_no_claim(postgres_engine: Engine) -> None:
    company(postgres_engine, "A", 2)
    with postgres_engine.connect() as other, other.begin():
        other.execute(select(outbox).where(outbox.c.key == "A:000").with_for_update())
        assert keys(outbox_on(postgres_engine).claim(now=MONDAY, limit=5)) == ["A:001"]


def test_a_claim_of_the_release_before_goes_first(postgres_engine: Engine) -> None:
    """It knows of no other claims beside its own."""
    company(postgres_engine, "A", 1)

    def claim() -> tuple[Parcel, ...]:
        return tuple(outbox_on(postgres_engine).claim(now=MONDAY, limit=5))

    with ThreadPoolExecutor(1) as pool, postgres_engine.connect() as other:
        with other.begin():
            other.execute(select(func.pg_advisory_xact_lock(_CLAIM_LOCK)))
            ours = pool.submit(claim)
            real = other.execute(select(func.clock_timestamp())).scalar_one()
            other.execute(
                update(outbox).values(state=OutboxState.SENDING, fence=1, claimed_at=real, ready_at=real + timedelta(minutes=2))
            )
            assert not ours.done()
        assert ours.result(10) == ()


def test_many_waiting_messages_behind_resting_workspaces_are_not_even_looked_at(engine: Engine) -> None:
    ben = person("ben")
    put(engine, ben, links=[(teams("ben"), ben)], messages=[message("ben", ben)], at=MONDAY + timedelta(days=1))
    waiting = {
        "card": card(), "lane": 2, "rule": "", "subjects": (), "facts": {}, "policy": 0, "on_doubt": OnDoubt.DROP, "revision": 1,
        "sent_revision": 0, "state": OutboxState.PENDING, "fence": 0, "attempt": 0, "ready_at": NOW, "place": 0, "reason": "",
        "decided_at": MONDAY,
    }  # fmt: skip
    with writing(engine) as connection:
        rows = [{**waiting, "key": f"{n:06}", "recipient_id": f"p{n}", "queue": f"slack/T{n % 3}"} for n in range(20_000)]
        connection.execute(insert(outbox), rows)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE outbox"))
    rooms = lambda queue: Room(rows=0, urgent=0) if queue.startswith("slack") else plenty(queue)  # noqa: E731
    assert keys(outbox_on(engine).claim(now=MONDAY, limit=10, rooms=rooms)) == ["ben"]
    asked = {"queue": "slack/T1", "lowest": 2, "real": MONDAY, "now": MONDAY, "at_most": 100}
    assert "ix_outbox_queue" in plan(engine, asked)


def plan(engine: Engine, asked: dict[str, object]) -> str:
    """How the database means to find the rows to claim."""
    explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with engine.connect() as connection:
        event.listen(connection, "before_cursor_execute", _explained(explain), retval=True)
        found = connection.execute(_CANDIDATES.with_only_columns(outbox.c.key), asked)
        lines = found.cursor.fetchall()
    return "\n".join(" ".join(map(str, line)) for line in lines)


def _explained(explain: str) -> Callable[..., tuple[str, object]]:
    def changed(connection: object, cursor: object, statement: str, values: object, *rest: object) -> tuple[str, object]:
        return f"{explain} {statement}", values

    return changed


def test_replicas_count_themselves(postgres_engine: Engine) -> None:
    one, two = SqlReplicas(postgres_engine, "1"), SqlReplicas(postgres_engine, "2")
    first = one.beat()
    assert first.replicas == 1
    assert first.at is not None and abs(first.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (two.beat().replicas, one.beat().replicas) == (2, 2)
    with postgres_engine.begin() as connection:  # it was killed a while ago
        ago = text("UPDATE replica SET seen_at = seen_at - interval '21 s' WHERE id = :id")
        connection.execute(ago, {"id": two.id})
    assert one.beat().replicas == 1
    assert two.beat().replicas == 2
    two.leave()
    assert one.beat().replicas == 1


def test_on_sqlite_a_process_is_alone_and_writes_nothing(sqlite_engine: Engine) -> None:
    alone = SqlReplicas(sqlite_engine, "1")
    assert alone.beat().replicas == 1
    alone.leave()
    with sqlite_engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(replica)).scalar_one() == 0


def test_lanes_say_how_much_waits_and_since_when(engine: Engine) -> None:
    people = company(engine, "A", 3)
    put(engine, messages=[message("urgent", people[0], lane=Lane.ESCALATION)], at=MONDAY + timedelta(hours=1))
    assert outbox_on(engine).lanes() == {
        Lane.REPLY: (0, None),
        Lane.ESCALATION: (1, MONDAY + timedelta(hours=1)),
        Lane.NUDGE: (3, MONDAY),
    }
