"""The store loads what `bot.situation` promises: one desk, whoever the event comes from."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine, event

from bot.decision import Lane
from bot.events import (
    Closed,
    Delivered,
    Introduced,
    Measured,
    Opened,
    Pressed,
    Profile,
    Receipt,
    Submitted,
    Ticked,
)
from bot.model import (
    Absence,
    Answer,
    CheckIn,
    Duty,
    DutyKind,
    Escalation,
    EscalationState,
    Nudged,
    Person,
    PolicyChange,
    Role,
    Scope,
    ScopeKind,
    Status,
    Unit,
)
from bot.talk.actions import Action, Verb
from tests.storage.seeds import (
    COMPANY,
    MONDAY,
    goal,
    message,
    no_holidays,
    person,
    put,
    said,
    see,
    seen,
    slack,
    teams,
)

CEO = person("ceo")
DIRECTOR = person("director", manager_id=CEO.id)
DEPUTY = person("deputy")
MANAGER = person("manager", manager_id=DIRECTOR.id, deputy_id=DEPUTY.id, team="Sales")
ANNA = person(
    "anna",
    manager_id=MANAGER.id,
    department="Field",
    team="Sales",
    country="DE",
    zone="Europe/Berlin",
    work_days=frozenset({0, 1, 3}),
    work_hours=(time(9), time(17, 30)),
    start_date=date(2020, 1, 31),
    absences=(
        Absence(first=date(2026, 12, 24), last=date(2026, 12, 31)),
        Absence(first=date(2027, 1, 4), last=date(2027, 1, 4)),
    ),
)
BEN = person("ben", manager_id=MANAGER.id, team="Sales")
HR = person("o'hara", role=Role.HR_ADMIN, department="People")
COORDINATOR = person("coordinator")
EVERYBODY = (CEO, DIRECTOR, DEPUTY, MANAGER, ANNA, BEN, HR, COORDINATOR)


def look(who: Person) -> Ticked:
    """Somebody's desk is looked at."""
    return Ticked(id=f"look {who.id}", at=MONDAY, subject=f"desk:{who.id}", due=MONDAY, fence=1)


GOAL = goal("g1", ANNA, coordinator_id=COORDINATOR.id)
OTHER = goal("g2", BEN)


@pytest.fixture
def company(engine: Engine) -> Engine:
    put(
        engine,
        *EVERYBODY,
        GOAL,
        OTHER,
        links=[(slack("UA"), ANNA), (slack("UM"), MANAGER), (slack("UH"), HR), (teams("ud"), DEPUTY)],
    )
    return engine


def opened(**fields: object) -> Escalation:
    return replace(
        Escalation(
            id="x1",
            goal_id=GOAL.id,
            owner_id=ANNA.id,
            opened_at=MONDAY,
            ladder=(MANAGER.id, DIRECTOR.id),
            holder_id=MANAGER.id,
        ),
        **fields,  # type: ignore[arg-type]
    )


def test_nobody_knows_this_account(company: Engine) -> None:
    assert see(company, said(slack("U?"))) is None
    assert see(company, said(replace(slack("UA"), tenant="T2"))) is None
    assert see(company, Opened(id="e", at=MONDAY, by=teams("UA"))) is None
    assert see(company, said(slack("UA\0\ud800"))) is None


def test_a_person_sees_their_own_desk(company: Engine) -> None:
    situation = seen(company, said(slack("UA")))
    assert situation.now == MONDAY
    assert situation.company == COMPANY
    assert situation.holidays is no_holidays
    assert situation.actor == situation.person == ANNA
    assert situation.goals == (GOAL,)
    assert dict(situation.people) == {one.id: one for one in (ANNA, MANAGER, DIRECTOR, CEO, DEPUTY, HR, COORDINATOR)}
    assert situation.units == ()
    assert situation.headcount == 0


def test_managers_are_loaded_three_levels_up_even_in_a_circle(engine: Engine) -> None:
    chain = [person(f"p{n}", manager_id=person(f"p{(n + 1) % 6}").id) for n in range(6)]
    put(engine, *chain)
    situation = seen(engine, Ticked(id="t", at=MONDAY, subject=f"desk:{chain[0].id}", due=MONDAY, fence=1))
    assert set(situation.people) == {one.id for one in (*chain[:4], chain[5])}, "managers, and who reports to them"
    self = person("self", manager_id=person("self").id)
    put(engine, self)
    alone = seen(engine, Ticked(id="t", at=MONDAY, subject=f"desk:{self.id}", due=MONDAY, fence=1))
    assert set(alone.people) == {self.id}


def test_a_person_is_introduced_by_their_folded_email(company: Engine) -> None:
    profile = Profile(email=" ANNA@Acme.example ", zone="Asia/Seoul")
    situation = seen(company, Introduced(id="i", at=MONDAY, by=slack("NEW"), profile=profile))
    assert situation.person == situation.actor == ANNA
    for email in (None, "", "stranger@acme.example"):
        assert see(company, Introduced(id="i", at=MONDAY, by=slack("NEW"), profile=Profile(email=email))) is None


def test_a_tick_has_a_person_and_no_actor(company: Engine) -> None:
    situation = seen(company, Ticked(id="t", at=MONDAY, subject=f"desk:{ANNA.id}", due=MONDAY, fence=1))
    assert situation.person == ANNA
    assert situation.actor is None


def test_an_escalation_button_opens_the_owners_desk(company: Engine) -> None:
    put(company, opened(), opened(id="x2"))
    for verb in (Verb.ACKNOWLEDGE, Verb.OPEN_DECISION, Verb.DECIDE):
        situation = seen(company, Pressed(id="e", at=MONDAY, by=slack("UM"), action=Action(verb, ("x1",))))
        assert situation.actor == MANAGER
        assert situation.person == ANNA
        assert situation.goals == (GOAL,)
        assert situation.escalations == (opened(), opened(id="x2"))  # and what else was asked about its goal
    closed = Closed(id="e", at=MONDAY, by=slack("UM"), action=Action(Verb.DECIDE, ("x1",)), values={})
    assert seen(company, closed).person == ANNA
    ticked = seen(company, Ticked(id="t", at=MONDAY, subject="escalation:x2", due=MONDAY, fence=1))
    assert (ticked.person, ticked.actor, ticked.escalations) == (ANNA, None, (opened(), opened(id="x2")))
    unknown = seen(company, Pressed(id="e", at=MONDAY, by=slack("UM"), action=Action(Verb.DECIDE, ("gone",))))
    assert (unknown.person, unknown.escalations) == (MANAGER, ())


def test_escalations_lie_on_the_desk_until_decided_and_for_a_month(company: Engine) -> None:
    long_ago = MONDAY - timedelta(days=31)
    decided = opened(id="x2", state=EscalationState.DECIDED)
    put(company, opened(opened_at=long_ago), decided, replace(decided, id="x3", opened_at=long_ago))
    put(company, opened(id="x4", owner_id=BEN.id, goal_id="g2"))
    assert seen(company, said(slack("UA"))).escalations == (opened(opened_at=long_ago), decided)


def test_why_shows_a_message_only_to_the_one_it_was_for(company: Engine) -> None:
    nudge = message("k1", ANNA, rule="checkin.prompt", subjects=("a", "b"), facts={"days": "21"}, policy=3)
    put(company, messages=[nudge])
    for verb in (Verb.WHY, Verb.CANCEL):
        told = seen(company, Pressed(id="e", at=MONDAY, by=slack("UA"), action=Action(verb, ("k1",)))).asked_about
        assert told is not None
        assert (told.key, told.to, told.rule, told.subjects) == ("k1", ANNA.id, "checkin.prompt", ("a", "b"))
        assert (told.facts, told.policy, told.decided_at, told.delivered_at) == ({"days": "21"}, 3, MONDAY, None)
        stranger = Pressed(id="e", at=MONDAY, by=slack("UM"), action=Action(verb, ("k1",)))
        assert seen(company, stranger).asked_about is None


def test_a_delivery_brings_the_message_and_what_it_was_about(company: Engine) -> None:
    put(
        company,
        opened(),
        messages=[
            message("stalled", MANAGER, rule="goal.stalled", subjects=("goal:g2",)),
            message("asks", MANAGER, lane=Lane.ESCALATION, subjects=("escalation:x1",)),
        ],
    )
    receipt = Receipt(address=slack("UM"), place="D", id="1")
    told = seen(company, Delivered(id="d", at=MONDAY, key="stalled", fence=1, revision=1, receipt=receipt))
    assert (told.person, told.actor, told.goals) == (MANAGER, None, (OTHER,))
    assert told.asked_about is not None
    assert told.asked_about.key == "stalled"
    assert BEN.id in told.people
    asked = seen(company, Delivered(id="d", at=MONDAY, key="asks", fence=1, revision=1, receipt=receipt))
    assert (asked.person, asked.escalations, asked.goals) == (MANAGER, (opened(),), (GOAL,))
    assert asked.people[ANNA.id] == ANNA


def test_a_measured_key_result_belongs_to_its_goals_owner(company: Engine) -> None:
    from decimal import Decimal

    measured = Measured(id="m", at=MONDAY, key_result="g1.2", value=Decimal(7), note="", source="crm")
    assert seen(company, measured).person == ANNA
    assert see(company, replace(measured, key_result="g9.9")) is None


def test_a_look_at_a_managers_desk_sees_their_reports(company: Engine) -> None:
    left = person("left", manager_id=MANAGER.id, end_date=date(2026, 11, 1))
    asked = CheckIn(person_id=ANNA.id, period="2026-W46")
    put(company, left, goal("g5", left), asked, *(replace(asked, period=f"2026-W{week}") for week in (41, 42, 43, 44)))
    manager = seen(company, look(MANAGER))
    assert GOAL in manager.reports_goals
    assert "g5" not in {goal.id for goal in manager.reports_goals}
    assert ANNA.id in manager.reports
    assert manager.people[ANNA.id] == ANNA
    assert [checkin.period for checkin in manager.reports_checkins[ANNA.id]] == [f"2026-W{week}" for week in (46, 44, 43, 42)]
    assert GOAL in seen(company, look(DEPUTY)).reports_goals, "the deputy covers for the manager"
    assert seen(company, look(ANNA)).reports_goals == ()
    assert seen(company, said(slack("UM"))).reports_goals == (), "only a look needs them"


def test_what_was_said_and_what_is_owed_is_seen_by_those_it_concerns(company: Engine) -> None:
    row = Nudged(
        recipient_id=MANAGER.id,
        rule="goal.stalled",
        stage="manager",
        subject=f"goal:{GOAL.id}",
        basis="b",
        key="k",
        decided_at=MONDAY,
    )
    owed = Duty(
        id="one_on_one:1", kind=DutyKind.ONE_ON_ONE, person_id=ANNA.id, holder_id=MANAGER.id, text="budget", opened_at=MONDAY
    )
    put(company, row, owed)
    for who in (slack("UA"), slack("UM")):
        assert seen(company, said(who)).nudged == (row,)
        assert seen(company, said(who)).duties == (owed,)
    put(company, replace(row, times=2, delivered_at=MONDAY), replace(owed, done_at=MONDAY, answers={"a": "b"}))
    assert seen(company, said(slack("UA"))).nudged[0].times == 2
    assert seen(company, said(slack("UA"))).duties[0].answers == {"a": "b"}


def test_a_duty_that_is_named_is_seen_by_whoever_names_it(company: Engine) -> None:
    owed = Duty(id="review:anna:30", kind=DutyKind.REVIEW, person_id=ANNA.id, holder_id=MANAGER.id, opened_at=MONDAY)
    put(company, owed)
    assert seen(company, said(teams("ud"))).duties == ()
    pressed = Pressed(id="p", at=MONDAY, by=teams("ud"), action=Action(Verb.DUTY_DONE, (owed.id,)))
    situation = seen(company, pressed)
    assert situation.duties == (owed,)
    assert situation.person == DEPUTY, "it is the desk of whoever pressed"
    assert {ANNA.id, MANAGER.id} <= situation.people.keys()
    unknown = replace(pressed, id="q", action=Action(Verb.DUTY_DONE, ("review:nobody:30",)))
    assert seen(company, unknown).duties == ()


def test_whoever_can_remove_an_obstacle_sees_the_goal_it_blocks(company: Engine) -> None:
    asked = Duty(
        id="blocker:1", kind=DutyKind.BLOCKER, person_id=ANNA.id, holder_id=DEPUTY.id, goal_id=GOAL.id, text="x", opened_at=MONDAY
    )
    put(company, asked)
    assert seen(company, said(teams("ud"))).goals == (GOAL,)
    put(company, replace(asked, done_at=MONDAY, done_by=MANAGER.id))
    situation = seen(company, said(teams("ud")))
    assert situation.goals == ()
    assert MANAGER.id in situation.people, "who removed it has a name"


def test_last_eight_checkins_newest_first(company: Engine) -> None:
    answers = (Answer(goal_id="g1", status=Status.AT_RISK, confidence=3, note="läuft 👍"),)
    every = [CheckIn(person_id=ANNA.id, period=f"2026-W{week}", answers=answers) for week in range(40, 50)]
    put(company, *every, CheckIn(person_id=BEN.id, period="2026-W49"))
    assert seen(company, said(slack("UA"))).checkins == tuple(reversed(every[2:]))
    changed = replace(every[-1], wins="a deal", draft={"note": "…"}, reminders=("r1",), snoozed_until=MONDAY)
    put(company, changed)
    assert seen(company, said(slack("UA"))).checkins[0] == changed


def test_told_holds_what_rondo_started_in_thirty_days(company: Engine) -> None:
    old = MONDAY - timedelta(days=31)
    put(company, messages=[message("old", ANNA, rule="r")], at=old)
    put(company, messages=[message("first", ANNA, rule="r")], at=MONDAY - timedelta(days=2))
    put(company, messages=[message("new", ANNA, rule="r"), message("reply", ANNA), message("his", BEN, rule="r")])
    assert [told.key for told in seen(company, said(slack("UA"))).told] == ["new", "first"]


def test_people_are_found_by_the_emails_that_were_written(company: Engine) -> None:
    text = "set it for <mailto:Ben@acme.example|ben@acme.example>, 'o'hara@acme.example' and CEO@ACME.EXAMPLE. x@y.example"
    found = seen(company, said(slack("UA"), text)).by_email
    assert dict(found) == {"ben@acme.example": BEN, "o'hara@acme.example": HR, "ceo@acme.example": CEO}
    form = Submitted(
        id="s",
        at=MONDAY,
        by=slack("UA"),
        action=Action(Verb.ANSWER, ("c",)),
        values={"remover": "ask ben@acme.example"},
    )
    assert dict(seen(company, form).by_email) == {"ben@acme.example": BEN}
    policy = Action(Verb.SET_POLICY, ("goal.stalled.owner", "21d", "person", "ben@acme.example", "0", ""))
    assert dict(seen(company, Pressed(id="p", at=MONDAY, by=slack("UA"), action=policy)).by_email) == {"ben@acme.example": BEN}


def test_hr_sees_units_and_the_headcount(company: Engine) -> None:
    put(
        company,
        person("gone", team="Sales", end_date=date(2026, 11, 1)),
        person("leaving", team="Ops", end_date=date(2026, 12, 1)),
    )
    situation = seen(company, said(slack("UH")))
    assert situation.headcount == 9
    assert situation.units == (
        Unit(kind=ScopeKind.DEPARTMENT, name="Field", people=1),
        Unit(kind=ScopeKind.DEPARTMENT, name="People", people=1),
        Unit(kind=ScopeKind.TEAM, name="Ops", people=1, departments={"": 1}),
        Unit(kind=ScopeKind.TEAM, name="Sales", people=3, departments={"": 2, "Field": 1}),
    )


def test_policies_are_all_there_oldest_first(company: Engine) -> None:
    def version(number: int) -> PolicyChange:
        scope = Scope(ScopeKind.TEAM, "Sales")
        return PolicyChange(
            version=number, at=MONDAY, author=HR.id, threshold="goal.stalled.owner", scope=scope, value=f"{number}d"
        )

    put(company, version(1))
    assert seen(company, said(slack("UA"))).policies == (version(1),)
    put(company, version(2))
    assert seen(company, said(slack("UA"))).policies == (version(1), version(2))


@pytest.mark.parametrize("size", [1, 40])
def test_the_number_of_queries_does_not_depend_on_the_size_of_the_desk(company: Engine, size: int) -> None:
    reports = [person(f"r{n}", manager_id=MANAGER.id) for n in range(size)]
    put(company, *reports, *(goal(f"h{n}", one) for n, one in enumerate(reports)))
    put(company, *(goal(f"m{n}", MANAGER) for n in range(size)))
    statements: list[str] = []
    event.listen(company, "before_cursor_execute", lambda *args: statements.append(args[2]))
    situation = seen(company, look(MANAGER))
    assert (len(situation.goals), len(situation.reports_goals)) == (size, size + 2)
    assert len(statements) <= 16  # one of them finds whom else to lock: the owners of what waits for this desk's decision
