"""The door for people, on a real database that somebody else holds."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, make_url

from adapters.door import Door
from bot.events import Address, Opened, Platform
from bot.model import Company
from bot.ports import Conflict
from bot.turn import Turn
from prompts.loader import load
from storage.engine import open_engine
from storage.store import SqlStore
from tests.fakes.gateway import RecordingGateway

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)


def opened(number: int) -> Opened:
    by = Address(platform=Platform.SLACK, tenant="T1", user="U1")
    return Opened(id=f"slack:Ev{number}", at=NOW, by=by)


@contextmanager
def locked(url: str) -> Iterator[None]:
    path = make_url(url).database
    assert path is not None
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


def test_slack_is_told_within_a_second_that_the_database_is_busy_and_later_that_it_is_not(
    engine: Engine, sqlite_url: str
) -> None:
    turn = Turn(SqlStore(engine, Company(), lambda country, year: frozenset()), load(), committed=lambda: None)
    door = Door(turn, {Platform.SLACK: RecordingGateway()})

    async def many() -> list[BaseException | object]:
        return await asyncio.gather(*(door.receive(opened(number)) for number in range(40)), return_exceptions=True)

    async def both() -> tuple[float, list[BaseException | object], list[BaseException | object]]:
        with locked(sqlite_url):
            began = time.monotonic()
            refused = await many()
            taken = time.monotonic() - began
        return taken, refused, await many()

    taken, refused, accepted = asyncio.run(both())
    assert all(isinstance(one, Conflict) for one in refused), refused
    assert taken < 1.5  # 0.9 and what a busy machine adds; without a limit it is ten seconds
    assert not any(isinstance(one, BaseException) for one in accepted), accepted
