"""Two weeks of the company in `../shared/data`: real server, real commands, on both databases. See `two_weeks`.

Slack's workspace allows twenty times the usual here, and the server is told so; otherwise 1,400 messages would take five
minutes of real time each. `python -m tests.e2e.two_weeks` walks at the usual pace, `--crowd 300` measures it.
"""

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from tests.e2e import two_weeks
from tests.e2e.two_weeks_expected import table
from tests.e2e.two_weeks_people import COUNTED, DATA, Walk

PER_MINUTE = 6000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (DATA / "people.csv").exists(),
        reason=f"the company's files are not part of the project: no people.csv in {DATA}",
    ),
]

_numbers = itertools.count(1)


@pytest.fixture
def fresh_postgres_url(postgres_server: str) -> str:
    """A database without any table: `rondo serve` makes them."""
    name = f"two_weeks_{next(_numbers)}"
    server = make_url(postgres_server).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


async def passed(folder: Path, url: str, start: str, days: float, step: str) -> Walk:
    """A walk without any problem."""
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    seen = await two_weeks.walk(folder, url, start=begin, days=days, step=step, per_minute=PER_MINUTE)
    print(table(seen))
    assert seen.problems == []
    return seen


async def test_everybody_is_asked_once_a_week_at_ten_on_their_thursday(tmp_path: Path) -> None:
    # with Thanksgiving; to the Tuesday after, when goals nobody wrote about are 14 days old
    seen = await passed(tmp_path, f"sqlite:///{tmp_path / 'rondo.db'}", "2026-11-22", 16, "15m")
    prompts = [message for message in seen.arrived if message.rule == "checkin.prompt"]
    at_ten = sum(seen.people[one.email].local(one.step).strftime("%a %H:%M") == "Thu 10:00" for one in prompts)
    # also whoever works Monday to Thursday where one of the Thursdays is a holiday
    assert len(prompts) == 2 * len(seen.people)
    assert at_ten > 400
    assert {message.rule for message in seen.arrived} >= set(COUNTED)


@pytest.mark.postgres
async def test_hours_may_pass_at_once(tmp_path: Path, fresh_postgres_url: str) -> None:
    # clocks change in Europe on 25 October, in America on 1 November
    seen = await passed(tmp_path, fresh_postgres_url, "2026-10-18", 16, "6h")
    prompts = [message for message in seen.arrived if message.rule == "checkin.prompt"]
    assert len(prompts) > 2 * len(seen.people) - 10


async def test_time_may_pass_unevenly(tmp_path: Path) -> None:
    seen = await passed(tmp_path, f"sqlite:///{tmp_path / 'rondo.db'}", "2026-10-18", 16, "random")
    assert {message.email for message in seen.arrived if message.rule == "checkin.prompt"} == set(seen.people)
