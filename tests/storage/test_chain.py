"""The ledger's chain: whatever is changed, removed, put in or cut off afterwards is found and named."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update

from bot.decision import Entry
from storage import chain, chain_check
from storage.chain import SqlChain
from storage.effects import write_entries
from storage.engine import writing
from storage.schema import ledger, ledger_erased, ledger_head, ledger_link, outbox
from tests.storage.seeds import MONDAY, message, person, put

NOW = MONDAY + timedelta(hours=3)


def told(engine: Engine, count: int = 9, *, begin: int = 0) -> list[int]:
    """So many lines, a minute apart; their ids."""
    with writing(engine) as connection:
        for number in range(begin, begin + count):
            entry = Entry(
                name="checkin:answered",
                subject=f"checkin:p{number}/2026-W48",
                person=f"p{number}",
                rule="checkin.prompt",
                policy=number,
                facts={"note": f"words {number}"},
                outcome="on_time",
            )
            write_entries(connection, [entry], at=MONDAY + timedelta(minutes=number), cause=f"event:{number}")
        return list(connection.scalars(select(ledger.c.id).order_by(ledger.c.id)))


def sealed(engine: Engine, count: int = 9) -> list[int]:
    ids = told(engine, count)
    assert SqlChain(engine).seal() == count
    return ids


def flaws(engine: Engine, noted: str = "") -> Sequence[str]:
    return [str(flaw) for flaw in chain_check.check(engine, now=NOW, noted=noted).flaws]


def run(engine: Engine, *statements: object) -> None:
    with engine.begin() as connection:
        for one in statements:
            connection.execute(one)  # type: ignore[call-overload]


def test_a_ledger_that_nobody_touched_is_found_in_order(engine: Engine) -> None:
    sealed(engine, 12)
    told(engine, 3, begin=12)
    assert SqlChain(engine).seal() == 3
    assert SqlChain(engine).seal() == 0
    verdict = chain_check.check(engine, now=NOW)
    assert (verdict.count, verdict.lines, verdict.head.position) == (0, 15, 15)
    assert chain_check.lines_of(verdict) == [f"ledger: ok, 15 lines sealed; head {SqlChain(engine).head()}"]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", MONDAY + timedelta(minutes=4, seconds=1)),
        ("name", "checkin:skipped"),
        ("subject", "checkin:p5/2026-W48"),
        ("person_id", "p5"),
        ("rule", ""),
        ("policy", 7),
        ("cause", "event:5"),
        ("facts", {"note": "other words"}),
        ("outcome", "late"),
    ],
)
def test_an_edit_of_any_column_is_found_and_the_line_named(engine: Engine, column: str, value: object) -> None:
    ids = sealed(engine)
    run(engine, update(ledger).where(ledger.c.id == ids[4]).values({column: value}))
    (found,) = flaws(engine)
    assert found.startswith(f"line {ids[4]}, position 5: ")
    assert "was changed" in found


def test_another_id_for_a_line_is_found(engine: Engine) -> None:
    ids = sealed(engine)
    run(engine, update(ledger).where(ledger.c.id == ids[4]).values(id=ids[-1] + 7))
    assert [one.partition(": ")[0] for one in flaws(engine)] == [f"line {ids[4]}, position 5", f"line {ids[-1] + 7}"]


@pytest.mark.parametrize("place", [0, 4, 8])
def test_a_line_that_was_removed_is_named(engine: Engine, place: int) -> None:
    ids = sealed(engine)
    run(engine, delete(ledger).where(ledger.c.id == ids[place]))
    assert flaws(engine) == [f"line {ids[place]}, position {place + 1}: the line was removed"]


@pytest.mark.parametrize("place", [0, 4, 8])
def test_a_line_that_was_removed_together_with_its_link_is_missed(engine: Engine, place: int) -> None:
    ids = sealed(engine)
    run(engine, delete(ledger).where(ledger.c.id == ids[place]), delete(ledger_link).where(ledger_link.c.ledger_id == ids[place]))
    (found,) = flaws(engine)
    assert ("missing" in found) if place < 8 else ("cut off" in found)


def test_two_lines_that_changed_places_are_both_named(engine: Engine) -> None:
    ids = sealed(engine)
    for one, other in ((ids[2], -1), (ids[6], ids[2]), (-1, ids[6])):
        run(engine, update(ledger).where(ledger.c.id == one).values(id=other))
    named = {one.partition(",")[0] for one in flaws(engine)}
    assert named == {f"line {ids[2]}", f"line {ids[6]}"}


def test_two_links_that_changed_places_are_found(engine: Engine) -> None:
    sealed(engine)
    for one, other in ((3, -1), (7, 3), (-1, 7)):
        run(engine, update(ledger_link).where(ledger_link.c.position == one).values(position=other))
    assert {"position 3", "position 7"} <= {one.split(", ")[1].partition(":")[0] for one in flaws(engine)}


def forged(connection: Connection, id: int, minutes: int) -> None:
    connection.execute(
        insert(ledger).values(
            id=id, at=MONDAY + timedelta(minutes=minutes), name="policy:changed", subject="", person_id="p1", rule="", policy=1,
            cause="event:x", facts={}, outcome="",
        )
    )  # fmt: skip


def test_a_line_put_in_between_is_found_before_and_after_it_is_sealed(engine: Engine) -> None:
    ids = sealed(engine)
    SqlChain(engine).seal()  # on PostgreSQL what was there when it last looked is settled now
    run(engine, delete(ledger).where(ledger.c.id == ids[4]))
    with engine.begin() as connection:
        forged(connection, ids[4], 4)
    assert [one.partition(",")[0] for one in flaws(engine)] == [f"line {ids[4]}"] * 2
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger"))
        forged(connection, ids[0] - 1, 4)
    assert any("was put in between" in one for one in flaws(engine))


def test_a_line_that_says_it_is_older_than_it_is_is_found(engine: Engine) -> None:
    ids = sealed(engine)
    told(engine, 1, begin=170)
    SqlChain(engine).seal()
    with engine.begin() as connection:
        forged(connection, ids[-1] + 50, 3)
    SqlChain(engine).seal()
    (found,) = flaws(engine)
    assert found.startswith(f"line {ids[-1] + 50}, position 11: it says 2026-11-23 09:03 and was sealed after a line of")


def test_a_cut_off_end_is_found_by_the_head_and_by_one_that_was_noted(engine: Engine) -> None:
    ids = sealed(engine)
    noted = str(SqlChain(engine).head())
    assert flaws(engine, noted) == []
    run(engine, delete(ledger).where(ledger.c.id > ids[5]), delete(ledger_link).where(ledger_link.c.position > 6))
    assert flaws(engine) == ["chain: its end was cut off: it had come to position 9, and ends at 6"]
    sixth = select(ledger_link.c.hash).where(ledger_link.c.position == 6).scalar_subquery()
    run(engine, update(ledger_head).values(position=6, hash=sixth))
    assert flaws(engine) == []  # which is why a head is noted
    (found,) = flaws(engine, noted)
    assert "is not part of it" in found


def test_a_chain_made_anew_is_found_by_a_noted_head(engine: Engine) -> None:
    ids = sealed(engine)
    noted = SqlChain(engine).head().hash.hex()
    run(engine, update(ledger).where(ledger.c.id == ids[2]).values(outcome="forged"), delete(ledger_link), delete(ledger_head))
    SqlChain(engine).seal()
    assert flaws(engine) == []
    assert "is not part of it" in flaws(engine, noted)[0]
    assert "too short" in flaws(engine, noted[:6])[0]


@pytest.mark.parametrize("column", ["salt", "personal", "hash"])
def test_a_link_that_was_changed_is_named(engine: Engine, column: str) -> None:
    ids = sealed(engine)
    run(engine, update(ledger_link).where(ledger_link.c.position == 5).values({column: b"x" * 32}))
    assert {one.partition(":")[0] for one in flaws(engine)} == {f"line {ids[4]}, position 5"}


def erase(engine: Engine, ids: Sequence[int], name: str = "20261123-1") -> None:
    with writing(engine) as connection:
        connection.execute(update(ledger).where(ledger.c.id.in_(ids)).values(person_id="erased-1", facts={"note": ""}))
        chain.reseal(connection, name, ids)
        facts = chain.erased_facts(connection, name)
        entry = Entry(name=chain.ERASED, subject="person:erased-1", person="erased-1", facts=facts)
        write_entries(connection, [entry], at=NOW, cause="erase")
    SqlChain(engine).seal()


def test_words_that_an_erasure_took_leave_the_chain_whole(engine: Engine) -> None:
    ids = sealed(engine)
    erase(engine, ids[2:5])
    erase(engine, ids[4:6], "20261124-2")
    verdict = chain_check.check(engine, now=NOW)
    assert (verdict.flaws, verdict.lines, verdict.erased) == ([], 11, 4)


PRETENCES: Sequence[tuple[str, Callable[[Sequence[int]], Sequence[object]]]] = (
    ("other words", lambda ids: [update(ledger).where(ledger.c.id == ids[3]).values(facts={"note": "forged"})]),
    ("another name", lambda ids: [update(ledger).where(ledger.c.id == ids[3]).values(name="policy:changed")]),
    ("no salt", lambda ids: [update(ledger_link).where(ledger_link.c.position == 7).values(salt=b"")]),
    (
        "one line more",
        lambda ids: [
            update(ledger_link).where(ledger_link.c.position == 7).values(salt=b""),
            insert(ledger_erased).values(erasure="20261123-1", position=7, digest=b"x" * 32),
        ],
    ),
    ("a line less", lambda ids: [delete(ledger_erased).where(ledger_erased.c.position == 3)]),
    ("no erasure at all", lambda ids: [delete(ledger).where(ledger.c.name == chain.ERASED)]),
)


@pytest.mark.parametrize(("what", "statements"), PRETENCES, ids=[what for what, _ in PRETENCES])
def test_nobody_changes_a_line_and_calls_it_an_erasure(
    engine: Engine, what: str, statements: Callable[[Sequence[int]], Sequence[object]]
) -> None:
    ids = sealed(engine)
    erase(engine, ids[2:5])
    assert flaws(engine) == []
    run(engine, *statements(ids))
    assert flaws(engine) != []


RUBBISH = (
    "UPDATE ledger SET name = 'privacy:erased', facts = 'rubbish' WHERE id = :line",
    "UPDATE ledger SET name = 'privacy:erased', facts = '[]' WHERE id = :line",
    "UPDATE ledger SET name = 'ledger:trimmed', facts = '[1]' WHERE id = :line",
    "DELETE FROM ledger_link WHERE position < 4; UPDATE ledger SET name = 'ledger:trimmed', facts = '[1]' WHERE id = :line",
    "DELETE FROM ledger_link WHERE position < 4; "
    """UPDATE ledger SET name = 'ledger:trimmed', facts = '{"position": "3"}' WHERE id = :line""",
    "DELETE FROM ledger_link WHERE position < 4; "
    """UPDATE ledger SET name = 'ledger:trimmed', facts = '{"position": "3", "hash": "zz"}' WHERE id = :line""",
    "INSERT INTO ledger_erased (erasure, position, digest) VALUES ('x', -3, '')",
    "UPDATE ledger_head SET settled_id = -1, position = -1",
)
RUBBISH_THAT_ONLY_SQLITE_TAKES = (
    "UPDATE ledger SET at = 'yesterday' WHERE id = :line",
    "UPDATE ledger SET facts = x'00ff' WHERE id = :line",
    "UPDATE ledger SET policy = 'abc' WHERE id = :line",
    "UPDATE ledger_link SET hash = 5 WHERE ledger_id = :line",
    "UPDATE ledger_link SET hash = 'abc' WHERE ledger_id = :line",
    "UPDATE ledger_link SET salt = 'abc' WHERE ledger_id = :line",
    "UPDATE ledger_link SET personal = 'abc' WHERE ledger_id = :line",
    "UPDATE ledger_link SET position = 'abc' WHERE ledger_id = :line",
    "INSERT INTO ledger_erased (erasure, position, digest) VALUES ('x', 3, 'abc')",
    "UPDATE ledger_head SET hash = 'abc', position = 'abc'",
)


@pytest.mark.parametrize("statements", RUBBISH)
def test_rubbish_is_a_finding_and_stops_no_check(engine: Engine, statements: str) -> None:
    ids = sealed(engine)
    run(engine, *(text(one).bindparams(**{"line": ids[4]} if ":line" in one else {}) for one in statements.split("; ")))
    assert flaws(engine) != []


@pytest.mark.parametrize("statement", RUBBISH_THAT_ONLY_SQLITE_TAKES)
def test_rubbish_of_another_type_is_a_finding_too(sqlite_engine: Engine, statement: str) -> None:
    ids = sealed(sqlite_engine)
    run(sqlite_engine, text(statement).bindparams(**{"line": ids[4]} if ":line" in statement else {}))
    assert flaws(sqlite_engine) != []


def test_a_line_without_a_time_is_sealed_as_it_is_and_named(sqlite_engine: Engine) -> None:
    ids = told(sqlite_engine, 3)
    run(sqlite_engine, text(f"UPDATE ledger SET at = 'yesterday' WHERE id = {ids[1]}"))
    assert [one.partition(": ")[2] for one in flaws(sqlite_engine)] == [
        "it waits for its link since 2026-11-23 09:00 (checkin:answered): does the server run?",
        "it waits for its link since no time: 'yesterday' (checkin:answered): does the server run?",
        "it waits for its link since 2026-11-23 09:02 (checkin:answered): does the server run?",
    ]
    assert SqlChain(sqlite_engine).seal() == 3, "one bad line keeps no other from its link"


def test_a_head_that_was_taken_away_is_found_and_stays_found(engine: Engine) -> None:
    ids = sealed(engine)
    run(engine, delete(ledger).where(ledger.c.id > ids[5]), delete(ledger_link).where(ledger_link.c.position > 6))
    run(engine, delete(ledger_head))
    assert flaws(engine) == ["chain: the row that knows its end was removed: lines may have been cut off"]
    told(engine, 2, begin=9)
    assert SqlChain(engine).seal() == 2
    assert flaws(engine) == ["position 7: position 7 is missing: lines were removed together with their links"]


def test_an_emptied_ledger_is_found_where_there_are_people(engine: Engine) -> None:
    assert flaws(engine) == []
    put(engine, person("ana"), person("bo"))
    sealed(engine)
    run(engine, delete(ledger), delete(ledger_link), delete(ledger_head))
    assert flaws(engine) == ["chain: it is empty, and there are 2 people: all of its lines were removed"]


def test_a_ledger_put_back_to_what_it_was_is_found_by_what_was_decided_since(engine: Engine) -> None:
    put(engine, person("ana"), messages=[message("m1", person("ana"))])
    sealed(engine)
    run(engine, update(outbox).values(decided_at=MONDAY + timedelta(minutes=8)))
    assert flaws(engine) == []
    run(engine, update(outbox).values(decided_at=MONDAY + timedelta(hours=30), rule="checkin.prompt"))
    (found,) = flaws(engine)
    assert (
        found == "chain: its newest line is of 2026-11-23 09:08, and a nudge was decided at 2026-11-24 15:00: its end was cut off"
    )


def test_where_the_clock_was_moved_by_hand_times_are_not_judged(engine: Engine) -> None:
    sealed(engine)
    told(engine, 1, begin=170)
    SqlChain(engine).seal()
    told(engine, 1, begin=-10_000)
    SqlChain(engine).seal()
    told(engine, 1, begin=0)
    assert len(flaws(engine)) == 2
    verdict = chain_check.check(engine, now=NOW, clock_moved=True)
    assert (verdict.flaws, verdict.waiting) == ([], 1)
    assert "times are not judged" in chain_check.lines_of(verdict)[-1]


def test_a_chain_restored_into_another_server_settles_again(postgres_engine: Engine) -> None:
    sealed(postgres_engine)
    run(postgres_engine, update(ledger_head).values(mark_xid=2**60, settled_id=0))  # as after a dump from an older server
    told(postgres_engine, 1, begin=9)
    chain_of = SqlChain(postgres_engine)
    chain_of.seal()
    chain_of.seal()
    assert not chain_of.is_behind()


def test_a_line_that_waits_too_long_for_its_link_is_a_finding(engine: Engine) -> None:
    sealed(engine)
    told(engine, 1, begin=9)
    assert chain_check.check(engine, now=MONDAY + timedelta(minutes=12)).waiting == 1
    (found,) = flaws(engine)
    assert "waits for its link since 2026-11-23 09:09" in found


def test_lines_that_become_visible_late_get_later_links(postgres_engine: Engine) -> None:
    told(postgres_engine, 2)
    late = postgres_engine.connect()
    write_entries(late, [Entry(name="goal:edited", subject="goal:1")], at=NOW, cause="late")
    told(postgres_engine, 2, begin=2)
    chain_of = SqlChain(postgres_engine)
    assert chain_of.seal() == 4
    assert chain_of.seal() == 0
    assert chain_of.is_behind()  # somebody's line may still turn up
    late.commit()
    late.close()
    assert chain_of.seal() == 1
    assert chain_of.seal() == 0
    chain_of.seal()
    assert not chain_of.is_behind()
    verdict = chain_check.check(postgres_engine, now=NOW)
    assert [one.words.partition(" (")[0] for one in verdict.flaws] == []
    assert verdict.lines == 5


def test_several_sealers_make_one_chain(engine: Engine) -> None:
    told(engine, 300)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                SqlChain(engine).seal()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert errors == []
    assert chain_check.check(engine, now=NOW + timedelta(days=1)).lines == 300
    assert flaws(engine) == []


def test_a_sealed_ledger_costs_one_look(engine: Engine) -> None:
    sealed(engine)
    SqlChain(engine).seal()
    assert not SqlChain(engine).is_behind()


def test_a_long_ledger_is_sealed_and_walked_in_pieces(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain_check, "_LINKS", chain_check._LINKS.limit(7))
    monkeypatch.setattr(chain, "_OPEN", chain._OPEN.limit(7))
    monkeypatch.setattr(chain, "AT_ONCE", 7)
    ids = sealed(engine, 30)
    verdict = chain_check.check(engine, now=NOW)
    assert (verdict.flaws, verdict.lines) == ([], 30)
    run(engine, delete(ledger).where(ledger.c.id == ids[20]))
    assert flaws(engine) == [f"line {ids[20]}, position 21: the line was removed"]
