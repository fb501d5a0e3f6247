"""Who gets a request for a decision where somebody is missing: every fallback that docs/escalation.md states."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from bot.model import EscalationState, Goal, Role
from storage.imports import SqlImports
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.test_escalation import at_risk, keys
from tests.play.test_escalation_steps import holder, noted, request, status, steps

HR = Role.HR_ADMIN


def ladder(play: Play) -> list[str]:
    names = {one.id: one.name.lower() for one in play.imports.read_people()}
    return [names[one] for one in request(play).ladder]


def asked(play: Play, name: str = "max") -> None:
    """The owner asks for a decision about their committed goal, on Thursday at eleven."""
    play.move_to(berlin(26, 11))
    play.press(name, "At risk", about="portal" if name == "max" else "Grow")
    play.press(name, "I need a decision")


def away(play: Play, name: str, last: str = "2026-12-04") -> None:
    play.say(name, f"/away 2026-11-25..{last}")


class TestWhoStandsOnIt:
    def test_manager_then_their_manager_then_hr(self, play: Play) -> None:
        play.with_people(person("vera", role=HR), person("boss", role=Role.EMPLOYEE))
        asked(play)
        assert ladder(play) == ["dana", "boss", "vera"]

    def test_the_coordinator_of_a_cross_team_goal_instead_of_the_managers_manager(self, play: Play) -> None:
        play.with_people(person("cora"), person("vera", role=HR), person("boss", role=Role.EMPLOYEE))
        play.with_goals(portal(coordinator_id=person("cora").id))
        asked(play)
        assert ladder(play) == ["dana", "cora", "vera"]

    @pytest.mark.parametrize("coordinator", ["max", "dana"])
    def test_a_coordinator_who_is_the_owner_or_the_manager_is_no_further_step(self, play: Play, coordinator: str) -> None:
        play.with_people(person("vera", role=HR), person("boss", role=Role.EMPLOYEE))
        play.with_goals(portal(coordinator_id=person(coordinator).id))
        asked(play)
        assert ladder(play) == ["dana", "boss", "vera"]

    def test_the_deputy_of_a_manager_who_is_silent_comes_before_the_next_level(self, play: Play) -> None:
        play.with_people(person("vera", role=HR), person("boss", role=Role.EMPLOYEE), person("mina", manager="dana"))
        play.with_people(person("dana", manager="boss", deputy="mina"))
        asked(play)
        assert ladder(play) == ["dana", "mina", "boss", "vera"]
        assert holder(play) == "dana"
        play.move_to(berlin(27, 12))
        assert holder(play) == "mina"
        assert len(keys(play, "mina", "escalation:")) == 1 and keys(play, "boss", "escalation:") == []
        assert "Decide" not in play.chat("dana")[-1].labels, "the first holder is told"
        play.move_to(berlin(30, 13))
        assert holder(play) == "boss"

    @pytest.mark.parametrize("deputy", ["max", "boss"])
    def test_a_deputy_who_asks_or_stands_above_is_no_further_step(self, play: Play, deputy: str) -> None:
        play.with_people(person("vera", role=HR), person("boss", role=Role.EMPLOYEE))
        play.with_people(person("dana", manager="boss", deputy=deputy))
        asked(play)
        assert ladder(play) == ["dana", "boss", "vera"]

    def test_managers_in_a_circle(self, play: Play) -> None:
        play.with_people(person("boss", manager="max", role=HR))
        asked(play)
        assert ladder(play) == ["dana", "boss"]

    def test_somebody_who_is_their_own_manager(self, play: Play) -> None:
        play.with_people(person("max", manager="max"))
        asked(play)
        assert ladder(play) == ["boss"]

    def test_a_manager_who_left_gives_way_to_the_next_one_up(self, play: Play) -> None:
        play.with_people(person("dana", manager="boss", end_date=date(2026, 11, 20)), person("vera", role=HR))
        asked(play)
        assert ladder(play)[0] == "boss"

    def test_no_manager_at_all(self, play: Play) -> None:
        play.with_people(person("max"))
        asked(play)
        assert ladder(play) == ["boss"]

    def test_an_hr_admin_who_asks_has_another_one(self, play: Play) -> None:
        play.with_people(person("vera", role=HR))
        play.with_goals(goal("O9", "boss", "Grow", result("K9", "Revenue")))
        asked(play, "boss")
        assert ladder(play) == ["vera"]

    def test_nobody_at_all_is_said_at_once(self, play: Play) -> None:
        play.with_goals(goal("O9", "boss", "Grow", result("K9", "Revenue")))
        asked(play, "boss")
        assert "found nobody who could decide" in play.chat("boss")[-1].words
        assert noted(play, "impossible") == 1 and noted(play, "opened") == 0


def portal(**fields: Any) -> Goal:
    return goal("O1", "max", "Launch the new portal", result("K1", "Pages live"), **fields)


class TestWhoIsThere:
    def test_a_coordinator_who_is_away_is_covered_or_passed_over(self, play: Play) -> None:
        play.with_people(person("cora"), person("vera", role=HR), person("boss", role=Role.EMPLOYEE))
        play.with_goals(portal(coordinator_id=person("cora").id))
        away(play, "cora")
        asked(play)
        play.move_to(berlin(27, 11))
        assert holder(play) == "vera"
        assert keys(play, "cora", "escalation:") == []

    def test_the_coordinators_own_deputy_has_it_meanwhile(self, play: Play) -> None:
        play.with_people(person("tom"), person("cora", deputy="tom"), person("vera", role=HR))
        play.with_goals(portal(coordinator_id=person("cora").id))
        away(play, "cora")
        asked(play)
        play.move_to(berlin(27, 11))
        assert holder(play) == "tom"

    def test_a_deputy_who_is_the_owner_decides_nothing(self, play: Play) -> None:
        play.with_people(person("dana", manager="boss", deputy="max"))
        away(play, "dana")
        asked(play)
        assert holder(play) == "boss"

    def test_everybody_away_waits_for_who_is_back_first(self, play: Play) -> None:
        away(play, "boss", "2026-11-29")
        away(play, "dana")
        asked(play)
        assert holder(play) == "boss"
        assert "I asked Boss for a decision" in status(play)
        assert keys(play, "boss", "escalation:") == []
        play.move_to(berlin(30, 9, 5))
        assert len(keys(play, "boss", "escalation:")) == 1

    @pytest.mark.parametrize("requests", [1, 2])
    def test_what_did_not_leave_before_the_last_one_went_away_waits_as_well(self, play: Play, requests: int) -> None:
        """Found by the simulator (seed 70011): it reached them in their leave, since there was nobody to move it to."""
        play.with_people(person("mina", manager="dana"))
        play.with_goals(goal("O2", "mina", "Grow the shop", result("K2", "Orders")))
        away(play, "dana")
        play.move_to(berlin(26, 20))
        for name, about in (("max", "portal"), ("mina", "Grow"))[:requests]:
            play.press(name, "At risk", about=about)
            play.press(name, "I need a decision")
        play.hold_back = {email_of("boss")}
        play.move_to(berlin(27, 9, 30))
        play.say("boss", "/away 2026-11-27..2026-11-29")
        play.hold_back = set()
        play.move_to(berlin(29, 20))
        assert [key for key in play.keys("boss") if key.startswith(("escalation:", "decisions:"))] == []
        play.move_to(berlin(30, 9, 5))
        assert len(play.keys("boss", "decisions:" if requests == 2 else "escalation:")) == 1

    def test_a_holder_who_leaves_the_company_is_skipped(self, play: Play) -> None:
        asked(play)
        play.with_people(person("dana", manager="boss", end_date=date(2026, 11, 26)))
        play.move_to(berlin(27, 11))
        assert holder(play) == "boss"

    def test_the_frozen_ladder_keeps_when_the_manager_changes(self, play: Play) -> None:
        play.with_people(person("nina", manager="boss"))
        asked(play)
        play.with_people(person("max", manager="nina"))
        play.move_to(berlin(27, 10))
        assert holder(play) == "dana"
        play.move_to(berlin(27, 11))
        assert holder(play) == "boss"
        assert keys(play, "nina", "escalation:") == []

    def test_where_all_of_it_left_whoever_would_be_asked_today_has_it(self, play: Play) -> None:
        asked(play)
        gone = date(2026, 11, 26)
        play.with_people(person("nina"), person("max", manager="nina"))
        play.with_people(person("dana", manager="boss", end_date=gone), person("boss", role=HR, end_date=gone))
        play.move_to(berlin(27, 11))
        assert holder(play) == "nina"

    def test_where_nobody_is_left_at_all_its_owner_reads_that(self, play: Play) -> None:
        asked(play)
        gone = date(2026, 11, 26)
        play.with_people(person("dana", manager="boss", end_date=gone), person("boss", role=HR, end_date=gone))
        play.move_to(berlin(27, 11))
        assert request(play).state is EscalationState.UNANSWERED
        told = next(seen for seen in play.chat("max") if seen.key.endswith(":unanswered"))
        assert "everybody who could be asked has left" in told.words
        assert told.at == berlin(27, 9)  # noticed when their last day was over, said at a polite hour
        assert steps(play) == ["opened", "unanswered"]


def test_a_holder_with_5000_reports_costs_no_more_queries(play: Play) -> None:
    def queries(act: Callable[[], object]) -> int:
        seen: list[str] = []

        def counted(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement.split()[0])

        event.listen(play.engine, "before_cursor_execute", counted)
        try:
            act()
        finally:
            event.remove(play.engine, "before_cursor_execute", counted)
        return seen.count("SELECT") + seen.count("WITH")

    at_risk(play)
    few = queries(lambda: play.press("dana", "Decide"))
    crowd = [person(f"r{number:04}", manager="dana") for number in range(5_000)]
    with SqlImports(play.engine).begin() as imported:
        imported.apply_people(crowd, at=play.now, cause="a test")
    assert queries(lambda: play.press("dana", "Decide")) == few
    play.press("dana", "Acknowledge")
    assert request(play).state is EscalationState.ACKNOWLEDGED
