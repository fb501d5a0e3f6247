"""A firm with teams, for tests of what people see of goals."""

from decimal import Decimal

from sqlalchemy import Engine

from bot.model import Goal, Role, person_id
from bot.talk.actions import Action, Verb
from tests.play.company import Play, email_of, goal, person, result

WHY = "New customers find their plan without a call"
QUESTION = "Why do trials end on day nine?"


def pid(name: str) -> str:
    return person_id(email_of(name))


def a_firm(engine: Engine) -> Play:
    """The CEO leads Dana (Web), she leads Max and Mina (Web) and Omar (Ops), he five of Support; Boss (HR) leads Zoe (Sales)."""
    support = [f"s{number}" for number in range(5)]
    company = Play(engine).with_people(
        person("boss", role=Role.HR_ADMIN),
        person("ceo"),
        person("dana", manager="ceo", team="Web"),
        person("max", manager="dana", team="Web"),
        person("mina", manager="dana", team="Web", language="ko"),
        person("omar", manager="dana", team="Ops"),
        person("zoe", manager="boss", team="Sales"),
        *(person(name, manager="omar", team="Support") for name in support),
    )
    company.with_goals(
        goal("P1", "dana", "Customers stay"),
        goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(40)), parent_id="P1", why=WHY),
        goal("O2", "max", "Happier customers", result("K2", "NPS", "points", 20, 50), kind="aspirational"),
        goal("O3", "mina", "체험이 끝나는 이유 알기", kind="learning", question=QUESTION, parent_id="P1"),
        goal("O4", "omar", "Answer within a day", result("K4", "Answered in a day"), parent_id="P1"),
        *(goal(f"S{n}", name, f"Support goal {n}", result(f"SK{n}", "Solved")) for n, name in enumerate(support)),
    )
    company.tick()
    return company


def show(play: Play, name: str, goal_id: str) -> str:
    play.act(name, Action(Verb.SHOW_GOAL, (goal_id,)))
    return play.chat(name)[-1].words


def stored(play: Play, goal_id: str) -> Goal:
    return next(one for one in play.imports.read_goals() if one.id == goal_id)


def put(play: Play, *goals: Goal) -> None:
    with play.imports.begin() as imported:
        imported.apply_goals(goals, at=play.now, cause="test")
