"""A small company for what is about trust, and what its ledger says."""

from sqlalchemy import Engine, text

from bot.model import Role
from tests.play.company import Play, goal, person, result


def a_company(engine: Engine) -> Play:
    """Hana and Ivo are HR; Dana leads Max and Mina; Hana leads Dana."""
    play = Play(engine).with_people(
        person("hana", role=Role.HR_ADMIN, team="HR"),
        person("ivo", role=Role.HR_ADMIN, team="HR"),
        person("dana", manager="hana", team="Web"),
        person("max", manager="dana", team="Web"),
        person("mina", manager="dana", team="Web", language="ko"),
    )
    play.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live")))
    play.tick()
    return play


def ledger(play: Play, name: str) -> list[tuple[str, str, str]]:
    """Person, outcome and facts of entries of that name, oldest first."""
    with play.engine.connect() as connection:
        rows = connection.execute(text("select person_id, outcome, facts from ledger where name = :n order by id"), {"n": name})
        return [(row[0], row[1], str(row[2])) for row in rows]


def whole_ledger(play: Play) -> str:
    with play.engine.connect() as connection:
        return "\n".join(map(str, connection.execute(text("select * from ledger")).all()))


def newest(play: Play, name: str) -> str:
    return play.chat(name)[-1].words
