"""What people see of a team's goals: those of their own team, of who reports to them, and sums of everybody else."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from bot.model import (
    GoalKind,
    GoalState,
)
from tests.play.company import MONDAY, Play, berlin, goal, person, result
from tests.play.seen import a_firm, put, stored


@pytest.fixture
def firm(engine: Engine) -> Play:
    return a_firm(engine)


class TestTeam:
    def test_people_see_their_teams_goals_by_title_and_nothing_about_who_answered(self, firm: Play) -> None:
        firm.say("max", "happier customers at risk")
        firm.say("mina", "/goals team")
        words = firm.chat("mina")[-1].words
        titles = [one.title for one in firm.imports.read_goals() if one.title in words]
        assert set(titles) == {"Customers stay", "Happier customers", "Launch the new portal", "체험이 끝나는 이유 알기"}
        places = [words.index(title) for title in sorted(titles)]
        assert places == sorted(places)
        assert "Max" in words
        assert "약속 목표" in words
        assert "업데이트" not in words, "nothing about when"
        assert "Answer within a day" not in words

    def test_a_manager_sees_direct_reports_and_only_counts_further_down(self, firm: Play) -> None:
        firm.say("s1", "support at risk")
        firm.say("dana", "/team")
        card = firm.chat("dana")[-1]
        assert "Answer within a day · Omar" in card.words
        assert "Support goal" not in card.words
        assert "Everybody else, all together\nCommitted: 1 At risk, 4 no status yet" in card.words
        assert card.labels.count("Show") == 5

    def test_fewer_than_five_people_are_not_added_up(self, firm: Play) -> None:
        put(firm, replace(stored(firm, "S0"), state=GoalState.CLOSED))
        firm.say("dana", "/team")
        assert "fewer than five other people" in firm.chat("dana")[-1].words
        assert "4 no status" not in firm.chat("dana")[-1].words

    def test_no_small_team_can_be_told_from_the_difference_of_two_sums(self, firm: Play) -> None:
        firm.say("ceo", "/team Support")
        assert "5 no status yet" in firm.chat("ceo")[-1].words
        firm.say("ceo", "/team")
        words = firm.chat("ceo")[-1].words
        assert "Committed: 5 no status yet" in words, "Max, Mina and Omar are fewer than five"
        assert "Learning" not in words
        assert "left out" in words

    def test_another_team_is_for_those_who_lead_it_and_for_hr(self, firm: Play) -> None:
        firm.say("omar", "/team support")
        assert "Support goal 3 · S3" in firm.chat("omar")[-1].words
        for name in ("dana", "boss", "ceo"):
            firm.say(name, "/team Support")
            assert "5 no status yet" in firm.chat(name)[-1].words
            assert "Support goal" not in firm.chat(name)[-1].words
        for name in ("max", "zoe", "s1"):
            firm.say(name, "/team Ops")
            words = firm.chat(name)[-1].words
            assert "open to its people" in words
            assert "What works for you: /team" in words
            assert "Answer" not in words

    def test_an_unknown_team_gets_the_nearest_form(self, firm: Play) -> None:
        firm.say("max", "/team Wep")
        assert "Try: /team Web" in firm.chat("max")[-1].words
        firm.with_people(person("nils", manager="boss"))
        firm.say("nils", "/team")
        assert "do not know your team" in firm.chat("nils")[-1].words

    def test_drafts_graded_goals_and_other_cycles_are_not_the_teams(self, firm: Play) -> None:
        put(
            firm,
            replace(stored(firm, "O1"), state=GoalState.DRAFT),
            replace(stored(firm, "O2"), cycle="2026-Q3"),
            replace(stored(firm, "O3"), state=GoalState.CLOSED),
        )
        firm.say("max", "/team")
        words = firm.chat("max")[-1].words
        assert "Customers stay" in words
        assert firm.chat("max")[-1].labels == ["Show"]

    def test_a_new_hires_objective_is_there_until_their_last_review(self, firm: Play) -> None:
        firm.with_people(
            person("nora", manager="dana", team="Web", start_date=berlin(1, month=9).date()),
            person("otto", manager="dana", team="Web", start_date=berlin(1, month=7).date()),
        )
        firm.with_goals(
            goal("N1", "nora", "Know the shop", kind="committed", cycle="2026-Q3"),
            goal("N2", "otto", "Know the depot", kind="committed", cycle="2026-Q3"),
        )
        put(firm, *(replace(stored(firm, one), kind=GoalKind.KPO) for one in ("N1", "N2")))
        firm.say("max", "/team Web")
        assert "Committed · KPO" in firm.chat("max")[-1].words
        assert "Know the shop" in firm.chat("max")[-1].words
        assert "Know the depot" not in firm.chat("max")[-1].words

    def test_twelve_goals_and_how_many_more(self, firm: Play) -> None:
        firm.with_goals(*(goal(f"M{n:02}", "mina", f"More {n:02}", result(f"MK{n}", "Done")) for n in range(20)))
        firm.say("max", "/goals team")
        card = firm.chat("max")[-1]
        assert card.labels.count("Show") == 12
        assert "and 12 more goals" in card.words

    def test_more_goals_than_are_added_up_at_once_are_said_to_be_left_out(self, firm: Play) -> None:
        with firm.imports.begin() as imported:
            many = [goal(f"Q{n}", f"s{n % 5}", f"Goal {n}") for n in range(1_000)]
            imported.apply_goals(many, at=firm.now, cause="many")
        firm.say("dana", "/team Support")
        words = firm.chat("dana")[-1].words
        assert "Committed: 1,000 no status yet" in words
        assert "these are the first 1,000" in words

    def test_the_number_of_queries_does_not_depend_on_the_size_of_the_company(self, firm: Play) -> None:
        def queries(name: str) -> int:
            seen: list[str] = []

            def count(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
                seen.append(statement)

            event.listen(firm.engine, "before_cursor_execute", count)
            firm.say(name, "/team")
            event.remove(firm.engine, "before_cursor_execute", count)
            return len([one for one in seen if one.lstrip().upper().startswith(("SELECT", "WITH"))])

        few = [queries(name) for name in ("omar", "dana", "ceo")]
        many = [replace(person(f"p{n}", manager="omar", team="Support"), known_since=MONDAY) for n in range(300)]
        with firm.imports.begin() as imported:
            imported.apply_people(many, at=firm.now, cause="many")
            imported.apply_goals(
                [goal(f"Q{n}", f"p{n}", f"Goal {n}", result(f"QK{n}", "x")) for n in range(300)], at=firm.now, cause="many"
            )
        assert [queries(name) for name in ("omar", "dana", "ceo")] == few
        assert "and 294 more goals" in firm.chat("omar")[-1].words
        assert "305 no status yet" in firm.chat("dana")[-1].words
