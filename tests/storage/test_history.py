"""What a backtest replays: loaded only when HR asks for it, for whom they ask, in a fixed number of queries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event

from bot.decision import Entry
from bot.events import Pressed
from bot.history import Deed, Done, Sent
from bot.model import CheckIn, Duty, DutyKind, Goal, Person, PolicyChange, Role, Scope, ScopeKind
from bot.talk.actions import Action, Verb
from storage import effects, history
from storage.engine import writing
from tests.storage.seeds import MONDAY, goal, person, put, said, seen, slack

HANA = person("hana", role=Role.HR_ADMIN)
LEAD = person("lead", deputy_id=person("deputy").id)
ANNA = person("anna", manager_id=LEAD.id, team="Web", department="Product")
BEN = person("ben", manager_id=HANA.id, team="Ops", department="Product", end_date=MONDAY.date() - timedelta(days=30))
CARL = person("carl", manager_id=HANA.id, team="Ops", department="Product")
HELPER = person("helper")
PORTAL = goal("g1", ANNA)
BLOCKER = Duty(id="blocker:1", kind=DutyKind.BLOCKER, person_id=ANNA.id, holder_id=HELPER.id, text="Legal", opened_at=MONDAY)


@pytest.fixture
def company(engine: Engine) -> Engine:
    """Anna leads nobody; a ledger that begins thirty days ago."""
    people = (HANA, LEAD, person("deputy"), ANNA, BEN, CARL, HELPER)
    put(engine, *people, PORTAL, BLOCKER, links=[(slack("UH"), HANA), (slack("UA"), ANNA)])
    early, then = MONDAY - timedelta(days=30), MONDAY - timedelta(days=3)
    put(engine, CheckIn(person_id=ANNA.id, period="2026-W47", asked_at=then, answered_at=then))
    subject = f"checkin:{ANNA.id}/2026-W47"
    entries = (
        Entry(
            name="nudge:checkin.prompt:queued", subject=subject, person=ANNA.id, rule="checkin.prompt", facts={"message": "m1"}
        ),
        Entry(name="nudge:goal.stalled:held", subject="goal:g1", person=ANNA.id, rule="goal.stalled", outcome="budget"),
        Entry(name="nudge:checkin.prompt:delivered", subject="m1", person=ANNA.id, rule="checkin.prompt"),
        Entry(
            name="checkin:answered", subject=subject, person=ANNA.id, outcome="late", facts={"goals": "g1", "values": "g1.1=40.5"}
        ),
        Entry(name="goal:measured", subject="goal:g1", person=ANNA.id, outcome="41", facts={"key_result": "g1.1"}),
    )
    with writing(engine) as connection:
        effects.write_entries(connection, [Entry(name="person:welcomed", subject="x")], at=early, cause="c")
        effects.write_entries(connection, entries, at=then, cause="c")
    return engine


def test_what_happened_is_read_again(company: Engine) -> None:
    past = seen(company, said(slack("UH"), "/nudges set goal.stalled 20d")).history
    assert past is not None
    assert past.since == MONDAY - timedelta(days=30)
    assert {one.person_id for one in past.places} == {one.id for one in (HANA, LEAD, person("deputy"), ANNA, CARL, HELPER)}
    assert {LEAD.id, person("deputy").id, HELPER.id} <= past.around.keys()
    anna = next(one for one in past.people if one.person == ANNA)
    assert (anna.goals, anna.duties, [one.period for one in anna.checkins]) == ((PORTAL,), (BLOCKER,), ["2026-W47"])
    then = MONDAY - timedelta(days=3)
    period, measured = "2026-W47", {"g1.1": Decimal(41)}
    assert anna.done == (
        Done(at=then, what=Deed.ANSWERED, period=period, goals=("g1",), state="late", values={"g1.1": Decimal("40.5")}),
        Done(at=then, what=Deed.MEASURED, goals=("g1",), values=measured),
    )
    assert anna.sent == (
        Sent(at=then, rule="checkin.prompt", stage="", subject=f"checkin:{ANNA.id}/2026-W47", message="m1"),
        Sent(at=then, rule="goal.stalled", stage="", subject="goal:g1", held="budget"),
    )


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("/nudges preview goal.stalled 20d for team Web", {ANNA}),
        ("/nudges set goal.stalled 20d for department product", {ANNA, CARL}),
        (f"/nudges lock goal.stalled for {CARL.email}", {CARL}),
        (f"/nudges set goal.stalled 20d because {CARL.email} asked", {HANA, LEAD, person("deputy"), ANNA, CARL, HELPER}),
        ("nudges 설정 goal.stalled 20d for 팀 Web", {ANNA}),
        ("/nudges pause for team Nowhere", {HANA, LEAD, person("deputy"), ANNA, CARL, HELPER}),
        ("/nudges revert 1", {ANNA}),
    ],
)
def test_only_those_in_the_scope_are_looked_at(company: Engine, words: str, who: set[Person]) -> None:
    web = Scope(ScopeKind.TEAM, "Web")
    put(company, PolicyChange(version=1, at=MONDAY, author=HANA.id, threshold="goal.stalled.owner", scope=web, value="9cd"))
    past = seen(company, said(slack("UH"), words)).history
    assert past is not None
    assert {one.person.id for one in past.people} == {one.id for one in who}


def test_a_pressed_button_looks_at_its_scope(company: Engine) -> None:
    action = Action(Verb.SET_POLICY, ("goal.stalled.owner", "20cd", "team", "Web", "0", "", "key"))
    past = seen(company, Pressed(id="e2", at=MONDAY, by=slack("UH"), action=action)).history
    assert past is not None
    assert [one.person.id for one in past.people] == [ANNA.id]


@pytest.mark.parametrize(
    ("user", "words"),
    [("UH", "/nudges show"), ("UH", "/nudges history"), ("UH", "all on track"), ("UA", "/nudges set goal.stalled 20d")],
)
def test_nothing_is_loaded_that_nobody_asked_for(company: Engine, user: str, words: str) -> None:
    assert seen(company, said(slack(user), words)).history is None


def test_of_many_people_the_same_few_are_looked_at(company: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "MOST_PEOPLE", 3)
    asked = said(slack("UH"), "/nudges set goal.stalled 20d")
    past, again = seen(company, asked).history, seen(company, asked).history
    assert past is not None
    assert (len(past.people), len(past.places)) == (3, 6)
    assert past == again


def test_the_number_of_queries_does_not_depend_on_how_many_people_there_are(company: Engine) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    asked = said(slack("UH"), "/nudges set goal.stalled 20d")
    event.listen(company, "before_cursor_execute", note)
    seen(company, asked)
    few = len(statements)
    crowd = [person(f"n{number}", manager_id=LEAD.id) for number in range(30)]
    goals: list[Goal] = [goal(f"n{number}", one) for number, one in enumerate(crowd)]
    put(company, *crowd, *goals)
    statements.clear()
    seen(company, asked)
    assert len(statements) == few
