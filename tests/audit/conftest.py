"""The databases, and a company that was lived once and is copied for every test."""

import sqlite3
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from storage.engine import open_engine
from tests.audit.company import lived
from tests.simulated.town import in_memory


@pytest.fixture(scope="session")
def template() -> Iterator[sqlite3.Connection]:
    """The books of the company."""
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with in_memory() as made:
        lived(made)
        with made.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.commit()
            driver.backup(copy)
    yield copy
    copy.close()


@pytest.fixture
def company(template: sqlite3.Connection) -> Iterator[Engine]:
    """A copy of them."""
    copy = open_engine("sqlite://")
    raw = copy.raw_connection()
    assert isinstance(raw.driver_connection, sqlite3.Connection)
    template.backup(raw.driver_connection)
    raw.close()
    yield copy
    copy.dispose()
