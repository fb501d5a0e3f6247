"""When somebody looked, and whose turn it is to audit."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.audit.facts import Span
from storage.engine import open_engine
from storage.watch import SqlWatch
from tests.databases import fresh_postgres
from tests.storage.seeds import MONDAY

MINUTE = timedelta(minutes=1)


class Hands:
    """Real time, set by hand; PostgreSQL has its own."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def real() -> Hands:
    return Hands()


def test_while_somebody_looks_it_is_one_span(engine: Engine, real: Hands) -> None:
    watch = SqlWatch(engine, real)
    for minute in range(10):
        watch.beat(MONDAY + minute * MINUTE)
    assert watch.spans(MONDAY + 10 * MINUTE) == (Span(began=MONDAY, seen=MONDAY + 10 * MINUTE),), "and still does"


def test_a_jump_of_the_clock_is_time_in_which_nobody_looked(engine: Engine, real: Hands) -> None:
    watch = SqlWatch(engine, real)
    later = MONDAY + timedelta(hours=24)
    for at in (MONDAY, MONDAY + MINUTE, later):
        watch.beat(at)
    assert watch.spans(later) == (Span(began=MONDAY, seen=MONDAY + MINUTE), Span(began=later, seen=later))


def test_a_stop_is_time_in_which_nobody_looked(sqlite_engine: Engine, real: Hands) -> None:
    watch = SqlWatch(sqlite_engine, real)
    watch.beat(MONDAY)
    real.at += timedelta(hours=1)
    watch.beat(MONDAY + MINUTE)  # development's clock stood still meanwhile
    assert len(watch.spans(MONDAY + MINUTE)) == 2


def test_after_a_stop_nobody_is_taken_to_look(sqlite_engine: Engine, real: Hands) -> None:
    watch = SqlWatch(sqlite_engine, real)
    watch.beat(MONDAY)
    real.at += timedelta(minutes=4)
    assert watch.spans(MONDAY + 4 * MINUTE) == (Span(began=MONDAY, seen=MONDAY),)


def test_other_settings_and_another_release_begin_a_span(engine: Engine, real: Hands) -> None:
    SqlWatch(engine, real, under="1.0 Europe/Berlin").beat(MONDAY)
    SqlWatch(engine, real, under="1.0 Asia/Seoul").beat(MONDAY + MINUTE)
    spans = SqlWatch(engine, real).spans(MONDAY + MINUTE)
    assert [span.began for span in spans] == [MONDAY, MONDAY + MINUTE]


def test_a_replica_that_was_not_told_the_time_yet_says_nothing(engine: Engine, real: Hands) -> None:
    watch = SqlWatch(engine, real)
    watch.beat(MONDAY + MINUTE)
    watch.beat(MONDAY)
    assert watch.spans(MONDAY + MINUTE) == (Span(began=MONDAY + MINUTE, seen=MONDAY + MINUTE),)


def test_old_spans_are_forgotten(engine: Engine, real: Hands) -> None:
    watch = SqlWatch(engine, real)
    watch.beat(MONDAY)
    later = MONDAY + timedelta(days=100)
    watch.beat(later)
    assert watch.spans(later) == (Span(began=later, seen=later),)


def test_an_audit_is_nobodys_turn_right_after_one(engine: Engine, real: Hands) -> None:
    watch = SqlWatch(engine, real)
    with watch.turn(5 * MINUTE) as mine:
        assert mine
        watch.done({"missing": 2})
    with watch.turn(5 * MINUTE) as mine:
        assert not mine
    with watch.turn(timedelta(0)) as mine:
        assert mine
    last = watch.last_audit()
    assert last is not None
    assert last[1] == {"missing": 2}


@pytest.mark.postgres
def test_two_replicas_do_not_audit_at_the_same_time(postgres_server: str, postgres_template: str, real: Hands) -> None:
    with fresh_postgres(postgres_server, postgres_template) as url:
        one, other = open_engine(url), open_engine(url)
        with SqlWatch(one, real).turn(5 * MINUTE) as first, SqlWatch(other, real).turn(5 * MINUTE) as second:
            assert (first, second) == (True, False)
        with SqlWatch(other, real).turn(5 * MINUTE) as again:
            assert again, "the lock went with the first one's turn"
        one.dispose()
        other.dispose()


def test_a_long_stop_may_have_left_words_unheard_until_that_is_made_up_for(sqlite_engine: Engine, real: Hands) -> None:
    watch = SqlWatch(sqlite_engine, real)
    watch.beat(MONDAY)
    stopped = real.at
    assert watch.deaf_since() is None
    real.at += timedelta(hours=2)
    watch.beat(MONDAY + 2 * timedelta(hours=1))
    assert watch.deaf_since() == stopped
    real.at += timedelta(minutes=10)  # and stops again before anything was read back
    watch.beat(MONDAY + timedelta(hours=3))
    assert watch.deaf_since() == stopped
    watch.heard(stopped)
    assert watch.deaf_since() is None


def test_a_short_stop_or_another_release_leaves_nothing_unheard(sqlite_engine: Engine, real: Hands) -> None:
    SqlWatch(sqlite_engine, real, under="one").beat(MONDAY)
    real.at += timedelta(minutes=2)
    watch = SqlWatch(sqlite_engine, real, under="two")
    watch.beat(MONDAY + timedelta(minutes=2))
    watch.beat(MONDAY + timedelta(days=1))  # development's clock is moved
    assert watch.deaf_since() is None
