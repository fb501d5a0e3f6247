"""R6 in small, and what the count says when the inbox forgets what it saw."""

import asyncio
import threading

import pytest
from sqlalchemy import delete, select

from storage.engine import open_engine, writing
from storage.schema import inbox, ledger
from tests.chaos.gestures import Gesture
from tests.chaos.inbound import NAMES, TIMES, Trial, counted, stormed

SMALL = Trial(events=300, replicas=3, kills=2, writers=20, pressers=30, seed=3)


@pytest.mark.slow
@pytest.mark.postgres
def test_three_hundred_gestures_have_their_effect_once(postgres_url: str) -> None:
    result = asyncio.run(stormed(postgres_url, SMALL, times=TIMES))
    assert (result.gestures, result.lost, result.doubled, result.posted_twice) == (300, 0, 0, 0)
    assert result.kills == 2
    assert result.deliveries > 600
    assert len(result.effects) == 6


@pytest.mark.slow
@pytest.mark.postgres
def test_inbox_that_forgets_doubles_and_the_count_says_so(postgres_url: str) -> None:
    ended = threading.Event()

    def forget() -> None:
        engine = open_engine(postgres_url, connections=1)
        while not ended.wait(0.02):
            with writing(engine) as connection:
                connection.execute(delete(inbox))
        engine.dispose()

    thread = threading.Thread(target=forget)
    thread.start()
    try:
        trial = Trial(events=60, replicas=1, kills=0, writers=10, pressers=5, seed=3)
        result = asyncio.run(stormed(postgres_url, trial, times=TIMES))
    finally:
        ended.set()
        thread.join()
    assert result.doubled > 0
    engine = open_engine(postgres_url, connections=1)
    with writing(engine) as connection:
        rows = connection.execute(select(ledger.c.person_id, ledger.c.facts).where(ledger.c.name.in_(NAMES))).mappings().all()
        row = next(row for row in rows if "=" in row["facts"].get("values", ""))
        connection.execute(delete(ledger))
    gesture = Gesture("words", row["person_id"], int(row["facts"]["values"].rpartition("=")[2]), ())
    assert counted(engine, [gesture])["words"] == {0: 1}, "an effect that is gone is counted as lost"
    engine.dispose()
