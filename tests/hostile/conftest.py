"""One server for all of this folder's tests on SQLite: starting it costs more than what is sent to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.hostile.stage import Stage, stage


@pytest_asyncio.fixture
async def place(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Stage]:
    """A server on SQLite with people at work on it, and a playground."""
    async with stage(tmp_path, sqlite_url, crowd=12) as made:
        yield made
        assert made.server.process is not None and made.server.process.poll() is None
        assert made.server.complaints() == []
