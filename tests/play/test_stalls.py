"""What is said about goals that stand still depends on what they are: only goals under way, each in its own time, and numbers
that machines report are no longer asked of anybody.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.flows.imports import plan_values
from bot.model import Duty, DutyKind, Goal, GoalKind, GoalState, Role
from storage.reports import SqlReports
from storage.rows import duty_row
from storage.schema import duty
from tests.play.company import Play, berlin, email_of, goal, person, result

OCTOBER = berlin(5, 9, month=10) - timedelta(hours=1)
SEPTEMBER = berlin(7, 9, month=9) - timedelta(hours=1)
"""Mondays, 09:00 in Berlin (summer time); the cycle begins on Thursday 1 October."""


def firm(engine: Engine, now: datetime, **of_max: Any) -> Play:
    """Boss (HR) leads Dana, Dana leads Max."""
    company = Play(engine, now=now).with_people(
        person("boss", role=Role.HR_ADMIN, known_since=now),
        person("dana", manager="boss", known_since=now),
        person("max", manager="dana", known_since=now, **of_max),
    )
    company.tick()
    return company


def got(play: Play, name: str, rule: str) -> list[datetime]:
    """When somebody heard of a rule, for the first time each; also as a part of another rule's message."""
    names = {"goal.stalled": "haven't checked in", "goal.flatline": "moved no number", "goal.off_pace": "% of the way"}
    return [seen.at for seen in play.chat(name) if names[rule] in seen.words or seen.key.startswith(rule)]


def portal(**fields: object) -> Goal:
    made = goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(0)))
    return replace(made, **fields)  # type: ignore[arg-type]


class TestStalled:
    def test_nobody_is_silent_about_a_cycle_that_has_not_begun(self, engine: Engine) -> None:
        play = firm(engine, SEPTEMBER)
        play.with_goals(portal(updated_at=SEPTEMBER))
        play.move_to(berlin(14, 17, month=10))
        assert not got(play, "max", "goal.stalled"), "thirteen days into the cycle"
        play.move_to(berlin(15, 17, month=10))
        assert len(got(play, "max", "goal.stalled")) == 1

    def test_a_goal_that_was_approved_later_is_fresh_from_that_day(self, engine: Engine) -> None:
        play = firm(engine, OCTOBER)
        play.with_goals(portal(updated_at=OCTOBER, approved_at=OCTOBER + timedelta(days=10)))
        play.move_to(berlin(28, 17, month=10))
        assert not got(play, "max", "goal.stalled")
        play.move_to(berlin(29, 17, month=10))
        assert len(got(play, "max", "goal.stalled")) == 1

    @pytest.mark.parametrize("state", [state for state in GoalState if state is not GoalState.ACTIVE])
    def test_nothing_is_said_about_goals_that_are_not_under_way(self, engine: Engine, state: GoalState) -> None:
        play = firm(engine, OCTOBER)
        play.with_goals(portal(updated_at=OCTOBER, answered_at=OCTOBER, state=state))
        play.move_to(berlin(11, 17, month=12))
        for name in ("max", "dana"):
            assert not any(got(play, name, rule) for rule in ("goal.stalled", "goal.flatline", "goal.off_pace"))

    def test_a_new_hires_objective_grows_stale_like_others_also_beyond_its_cycle(self, engine: Engine) -> None:
        play = firm(engine, SEPTEMBER, start_date=SEPTEMBER.date())
        play.with_goals(portal(updated_at=SEPTEMBER, cycle="2026-Q3", kind=GoalKind.KPO))
        play.move_to(SEPTEMBER + timedelta(days=13))
        play.say("max", "portal on track")
        play.move_to(berlin(5, 17, month=10))
        assert len(got(play, "max", "goal.stalled")) == 1, "in October, of a goal written in the cycle before"


def test_a_new_hires_plan_line_is_their_first_ninety_days(engine: Engine) -> None:
    play = firm(engine, OCTOBER, start_date=OCTOBER.date())
    play.with_goals(portal(updated_at=OCTOBER, answered_at=OCTOBER, kind=GoalKind.KPO))
    play.move_to(berlin(26, 17, month=10))
    assert not got(play, "max", "goal.off_pace"), "16 of 65 working days"
    play.move_to(berlin(30, 17, month=10))
    assert got(play, "max", "goal.off_pace")


def test_a_goal_approved_in_the_middle_of_the_cycle_is_not_behind_from_the_first_day(engine: Engine) -> None:
    november = berlin(16, 9)
    play = firm(engine, november)
    play.with_goals(portal(updated_at=november, answered_at=november, approved_at=november))
    play.move_to(november + timedelta(days=4))
    assert not got(play, "max", "goal.off_pace")
    play.move_to(berlin(26, 17))
    assert not got(play, "max", "goal.off_pace"), "8 of its 34 working days are over"
    play.move_to(berlin(27, 17))
    assert got(play, "max", "goal.off_pace")


def test_a_learning_goal_is_judged_by_what_was_learned(engine: Engine) -> None:
    play = firm(engine, OCTOBER)
    play.with_goals(
        replace(goal("O1", "max", "Why trials end", result("K1", "Talks", "", 0, 20), kind="learning"), updated_at=OCTOBER)
    )
    for day in (8, 15, 22, 29):
        play.move_to(berlin(day, 11, month=10))
        form = play.form(play.press("max", "Open form", message=play.chat("max")[-1]))
        play.submit("max", form, {"Status": "on_track", "Talks": "4"})
    play.move_to(berlin(6, 17))
    assert not got(play, "max", "goal.flatline")


def test_the_clock_of_an_obstacle_stops_with_its_goal(engine: Engine) -> None:
    play = firm(engine, OCTOBER)
    play.with_goals(portal(updated_at=OCTOBER))
    (max_id,) = (one.id for one in play.imports.read_people() if one.email == email_of("max"))
    (boss_id,) = (one.id for one in play.imports.read_people() if one.email == email_of("boss"))
    legal = Duty(
        id="blocker:1", kind=DutyKind.BLOCKER, person_id=max_id, holder_id=boss_id, goal_id="O1", text="Legal", opened_at=OCTOBER
    )
    with play.engine.begin() as connection:
        connection.execute(duty.insert(), duty_row(legal))
    with play.imports.begin() as imported:
        (one,) = imported.read_goals()
        imported.apply_goals([replace(one, state=GoalState.CLOSED)], at=play.now, cause="test")
    play.move_to(berlin(23, 17, month=10))
    assert not any(seen.key.startswith("blocker.unresolved") for seen in play.chat("boss"))


class TestNumbersFromMachines:
    def imported(self, play: Play, rows: str) -> None:
        with play.imports.begin() as imported:
            plan = plan_values(f"kr_id,current,note,source\n{rows}\n".encode(), existing=imported.read_goals(), now=play.now)
            assert plan.accepted, plan
            imported.apply_values(plan.values, at=play.now, cause=f"import:{play.now:%d%H}")

    def test_from_the_first_one_on_the_owner_is_not_asked_for_it(self, engine: Engine) -> None:
        play = firm(engine, OCTOBER)
        play.with_goals(portal(updated_at=OCTOBER))
        play.say("max", "/checkin")
        before = play.form(play.press("max", "Open form"))
        assert "Pages live" in [field.label for field in before.fields()]
        self.imported(play, "K1,40,nightly,grafana")
        after = play.form(play.press("max", "Open form"))
        assert "Pages live" not in [field.label for field in after.fields()]
        play.say("max", "/goals show O1")
        assert "Pages live: 40 % now, from 0 % to 100 % · reported by grafana" in play.chat("max")[-1].words

    def test_it_is_an_update_and_settles_what_was_said(self, engine: Engine) -> None:
        play = firm(engine, OCTOBER)
        play.with_goals(portal(updated_at=OCTOBER))
        play.move_to(berlin(19, 17, month=10))
        asked = next(seen for seen in play.chat("max") if seen.key.startswith("goal.stalled"))
        self.imported(play, "K1,40,nightly,grafana")
        play.tick()
        assert "updated, thank you" in asked.words
        ledger = SqlReports(play.engine).ledger(limit=500).items
        (measured,) = (item for item in ledger if item["name"] == "goal:measured")
        assert (measured["subject"], measured["person"], measured["outcome"]) == ("goal:O1", email_of("max"), "40")
        assert measured["facts"] == {"key_result": "K1", "source": "grafana", "note": "nightly"}
        assert [item["name"] for item in ledger].count("import:values:applied") == 1
