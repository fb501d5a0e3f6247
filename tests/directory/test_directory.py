"""A small company, read as the large one: what `python -m tests.directory` says of 200,000 holds for 3,000."""

import logging

import pytest
from sqlalchemy import Engine

from tests.directory.__main__ import limits
from tests.directory.company import Company
from tests.directory.proof import prove


def test_a_second_reading_costs_what_changed(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    found = prove(engine, Company(3_000, every=5))
    assert [line for line in limits(found, 3_000) if not line["ok"]] == []
    assert found.led_by_first == 100 + 8  # those who changed to the first one, and who was there before
    assert found.waited > 0
    assert sum(one.limited for one in found.costs) > 3
