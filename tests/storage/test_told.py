"""The development clock's last instant, kept for commands."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from storage.told import SqlTold


def test_the_last_instant_is_kept_until_it_is_forgotten(engine: Engine) -> None:
    told = SqlTold(engine)
    assert told.read() is None
    told.forget()
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for hours in (0, 1):
        told.write(start + timedelta(hours=hours))
    assert SqlTold(engine).read() == start + timedelta(hours=1)
    told.forget()
    assert told.read() is None
