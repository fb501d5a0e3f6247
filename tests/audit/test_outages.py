"""Outages, jumps of the clock and changes of mind are legitimate: the facts of their end count, and nothing is alarmed about."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select

from bot.audit.facts import Span
from bot.model import Scope, ScopeKind
from storage.engine import writing
from storage.schema import agenda, metadata, person
from tests.audit.company import audited, found
from tests.play.company import MONDAY, berlin, email_of, no_holidays
from tests.play.company import person as somebody
from tests.simulated.town import Town, in_memory

MAX = somebody("max")


@pytest.fixture
def town() -> Iterator[Town]:
    """Dana and Max, on a Monday."""
    with in_memory() as engine:
        made = Town(engine, now=MONDAY, holidays=no_holidays)
        made.with_people(somebody("dana"), somebody("max", manager="dana"))
        made.known()
        yield made


def test_who_is_asked_a_day_late_after_an_outage_was_asked_in_time(town: Town) -> None:
    town.move_to(berlin(25, 12))
    town.jump_to(berlin(27, 11))
    assert [key for _, _, key in town.sent if "2026-W48" in key], "they are asked on Friday"
    awake = (Span(began=MONDAY, seen=berlin(25, 12)), Span(began=berlin(27, 11), seen=berlin(27, 12)))
    assert audited(town.engine, berlin(27, 12), awake=awake).findings == ()
    assert "late prompt" in found(audited(town.engine, berlin(27, 12))), "had somebody looked, it would have been late"


def test_a_week_that_nobody_looked_at_is_not_missing(town: Town) -> None:
    town.move_to(berlin(25, 12))
    town.jump_to(berlin(1, 9, month=12))
    awake = (Span(began=MONDAY, seen=berlin(25, 12)), Span(began=berlin(1, 9, month=12), seen=berlin(1, 9, month=12)))
    assert audited(town.engine, town.now, awake=awake).findings == ()
    assert "missing prompt" in found(audited(town.engine, town.now))


def test_nothing_is_missing_before_there_was_time_to_ask(town: Town) -> None:
    town.move_to(berlin(26, 9))
    with writing(town.engine) as connection:
        connection.execute(delete(agenda))
    for minutes, expected in ((0, False), (9, False), (11, True)):
        now = berlin(26, 10) + timedelta(minutes=minutes)
        assert ("missing prompt" in found(audited(town.engine, now))) is expected, minutes


def test_whoever_is_away_or_gone_is_not_missed(town: Town) -> None:
    town.says(somebody("dana"), "/away 2026-11-24..2026-11-29")
    town.leaves(MAX.id, berlin(24, 0).date())
    town.move_to(berlin(1, 12, month=12))
    assert audited(town.engine, town.now).findings == ()


def test_pauses_mutes_and_switches_are_reasons(town: Town) -> None:
    town.sets("pause", "on", Scope(ScopeKind.PERSON, MAX.id))
    town.says(somebody("dana"), "/rondo mute checkin.prompt")
    town.move_to(berlin(28, 12))
    assert audited(town.engine, town.now).findings == ()
    town.sets("pause", None, Scope(ScopeKind.PERSON, MAX.id))
    town.sets("checkin.prompt.when", "off")
    town.move_to(berlin(5, 12, month=12))
    assert audited(town.engine, town.now).findings == ()


def test_a_lock_on_the_prompt_makes_a_mute_no_reason(town: Town) -> None:
    town.says(somebody("dana"), "/rondo mute checkin.prompt")
    town.sets("lock:checkin.prompt", "on")
    town.move_to(berlin(27, 12))
    assert any(email_of("dana") == to for _, to, key in town.sent if "2026-W48" in key)
    assert audited(town.engine, town.now).findings == ()


def test_a_move_to_another_zone_is_a_reason(town: Town) -> None:
    town.move_to(berlin(26, 9))
    town.changes(somebody("max", manager="dana", zone="America/New_York"))
    town.move_to(berlin(26, 18))
    assert audited(town.engine, town.now).findings == ()
    with writing(town.engine) as connection:  # had the row always been like that, ten in Berlin would have been too early
        connection.execute(person.update().values(changed_at=MONDAY, zone="Pacific/Honolulu"))
    assert "unfounded prompt_early" in found(audited(town.engine, town.now))


def test_a_move_that_a_process_with_a_slow_clock_wrote_down_is_a_reason(town: Town) -> None:
    town.move_to(berlin(26, 11))
    moved = person.update().where(person.c.id == MAX.id).values(zone="Pacific/Honolulu")
    for before, alarm in ((timedelta(minutes=9), False), (timedelta(minutes=11), True)):
        with writing(town.engine) as connection:
            connection.execute(moved.values(changed_at=berlin(26, 10) - before))
        assert ("unfounded prompt_early" in found(audited(town.engine, town.now))) is alarm


def test_a_development_clock_that_was_not_told_the_time_is_no_reason_for_alarm(town: Town) -> None:
    town.move_to(berlin(27, 12))
    assert audited(town.engine, MONDAY - timedelta(days=2), awake=()).findings == ()


def test_an_audit_writes_nothing(town: Town) -> None:
    town.move_to(berlin(27, 12))
    before = _everything(town.engine)
    audited(town.engine, town.now)
    assert _everything(town.engine) == before


def _everything(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return [connection.execute(select(table)).all() for table in metadata.sorted_tables]
