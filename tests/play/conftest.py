"""The databases, and a small company on them."""

import pytest
from sqlalchemy import Engine

from bot.model import Role
from tests.play.company import Play, goal, person, result


@pytest.fixture
def play(engine: Engine) -> Play:
    """Boss (HR) leads Dana, Dana leads Max and Mina; Max owns two goals, Mina one. It is Monday 09:00 in Berlin."""
    company = Play(engine).with_people(
        person("boss", role=Role.HR_ADMIN),
        person("dana", manager="boss"),
        person("max", manager="dana"),
        person("mina", manager="dana", language="ko"),
    )
    company.with_goals(
        goal("O1", "max", "Launch the new portal", result("K1", "Pages live")),
        goal("O2", "max", "Happier customers", result("K2", "NPS", "points", 20, 50), kind="aspirational"),
        goal("O3", "mina", "모바일 앱 출시", result("K3", "출시 진행률")),
    )
    company.tick()
    return company
