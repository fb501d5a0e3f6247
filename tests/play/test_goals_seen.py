"""What people see of one goal and of what belongs to it, and what they may not see."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, event, text

from bot.model import (
    Changed,
    Choice,
    Closing,
    Contribution,
    Duty,
    DutyKind,
    Escalation,
    EscalationState,
    GoalState,
    Revision,
    Status,
)
from storage import schema
from storage.rows import duty_row, escalation_row
from tests.play.company import MONDAY, Play, berlin, goal, person, result
from tests.play.seen import QUESTION, WHY, a_firm, pid, put, show, stored


@pytest.fixture
def firm(engine: Engine) -> Play:
    return a_firm(engine)


def reads(play: Play) -> list[tuple[str, str]]:
    """Whose goal was read, by whom."""
    with play.engine.connect() as connection:
        rows = connection.execute(text("select subject, facts from ledger where name = 'privacy:read' order by id")).all()
    return [(subject, next(who for who in ("dana", "boss", "ceo", "mina") if who in str(facts))) for subject, facts in rows]


class TestOneGoal:
    def test_its_owner_sees_everything_and_what_to_do_with_it(self, firm: Play) -> None:
        firm.say("max", "/goals show O1")
        card = firm.chat("max")[-1]
        assert "Committed · no status yet · updated today" in card.words
        assert "Pages live: 40 % now, from 0 % to 100 %" in card.words
        assert "Supports: Customers stay" in card.words
        assert WHY in card.words
        assert card.labels == ["Update", "Edit", "Close", "Talk about it", "I need a decision"]
        assert not reads(firm), "nobody reads somebody else's words here"

    def test_it_is_found_by_its_title_also_as_a_draft_or_when_it_is_over(self, firm: Play) -> None:
        firm.say("max", "/goals show happier")
        assert "Happier customers" in firm.chat("max")[-1].words
        put(firm, replace(stored(firm, "O2"), state=GoalState.DRAFT))
        firm.say("max", "/goals show happier customers")
        assert "Aspirational · draft, seen by nobody else" in firm.chat("max")[-1].words
        assert firm.chat("max")[-1].labels == ["Edit"]
        closing = Closing(at=MONDAY, by=pid("max"), learned="Talk earlier", score=Decimal("0.65"))
        put(firm, replace(stored(firm, "O2"), state=GoalState.CLOSED, closing=closing))
        firm.say("max", "/goals show O2")
        words = firm.chat("max")[-1].words
        assert "Aspirational · graded" in words
        assert "0.65" in words
        assert "Talk earlier" in words

    def test_words_that_fit_several_goals_are_asked_back_and_those_that_fit_none_get_a_form(self, firm: Play) -> None:
        firm.with_goals(goal("O5", "max", "Launch the new shop"))
        firm.say("max", "/goals show launch")
        assert firm.chat("max")[-1].labels == ["Show", "Show"]
        firm.press("max", "Show", about="shop")
        assert "Launch the new shop" in firm.chat("max")[-1].card.summary
        firm.say("max", "/goals show the moon")
        assert "Try: /goals show O1" in firm.chat("max")[-1].words

    def test_a_goal_that_mine_supports_is_one_button_away(self, firm: Play) -> None:
        firm.say("max", "/goals show customers stay")
        assert firm.chat("max")[-1].labels == ["Show"]
        firm.press("max", "Show")
        assert "Customers stay" in firm.chat("max")[-1].card.summary

    def test_the_manager_reads_what_it_is_for_and_that_stands_in_the_ledger(self, firm: Play) -> None:
        assert WHY in show(firm, "dana", "O1")
        assert not firm.chat("dana")[-1].labels, "read only"
        assert reads(firm) == [("goal:O1", "dana")]

    def test_a_manager_further_up_and_hr_see_sums_and_no_single_goal(self, firm: Play) -> None:
        closing = Closing(at=MONDAY, by=pid("max"), learned="Ask legal in week one", reached=False, explanation="Two more weeks")
        put(firm, replace(stored(firm, "O1"), state=GoalState.CLOSED, closing=closing))
        for reader in ("ceo", "boss"):
            words = show(firm, reader, "O1")
            assert "not open to you" in words
            assert WHY not in words and "portal" not in words
        assert "Ask legal in week one" in show(firm, "dana", "O1")
        assert reads(firm) == [("goal:O1", "dana")]

    def test_the_team_sees_numbers_and_no_free_text(self, firm: Play) -> None:
        assert "체험이 끝나는 이유 알기" in show(firm, "max", "O3")
        assert QUESTION not in firm.chat("max")[-1].words
        words = show(firm, "mina", "O1")
        assert "약속 목표" in words
        assert "현재 40 %" in words
        assert WHY not in words
        assert not firm.chat("mina")[-1].labels
        assert not reads(firm)

    def test_whoever_reports_to_its_owner_or_supports_it_sees_its_numbers(self, firm: Play) -> None:
        assert "Customers stay" in show(firm, "omar", "P1"), "another team, the same manager"
        assert "not open to you" in show(firm, "s1", "P1")
        firm.with_goals(goal("S9", "s1", "Happy callers", parent_id="P1"))
        assert "Customers stay" in show(firm, "s1", "P1")

    def test_nobody_else_sees_it(self, firm: Play) -> None:
        for reader in ("zoe", "s1"):
            words = show(firm, reader, "O1")
            assert "not open to you" in words
            assert "portal" not in words
        assert "not open to you" in show(firm, "max", "gone")

    @pytest.mark.parametrize("state", [GoalState.DRAFT, GoalState.PROPOSED])
    def test_a_draft_is_its_owners_and_once_it_is_proposed_also_its_approvers(self, firm: Play, state: GoalState) -> None:
        put(firm, replace(stored(firm, "O1"), state=state))
        asked = Duty(
            id="approval:O1:1",
            kind=DutyKind.APPROVAL,
            person_id=pid("max"),
            holder_id=pid("dana"),
            goal_id="O1",
            opened_at=MONDAY,
        )
        with firm.engine.begin() as connection:
            connection.execute(schema.duty.insert(), duty_row(asked))
        assert "portal" in show(firm, "max", "O1")
        for reader in ("mina", "boss", "ceo"):
            assert "portal" not in show(firm, reader, "O1")
        assert ("portal" in show(firm, "dana", "O1")) is (state is GoalState.PROPOSED)

    def test_whoever_stands_in_for_the_manager_reads_what_the_manager_would(self, firm: Play) -> None:
        firm.with_people(person("dana", manager="ceo", team="Web", deputy="zoe"))
        assert "not open to you" in show(firm, "zoe", "O1")
        firm.say("dana", "/away 2026-11-23..2026-11-27")
        assert WHY in show(firm, "zoe", "O1")

    def test_changes_decisions_and_who_approved_them_stay_visible(self, firm: Play) -> None:
        change = Changed(field="target:K1", before="100", after="80")
        revision = Revision(
            number=1,
            at=MONDAY,
            by=pid("max"),
            reason="Legal takes longer",
            changes=(change,),
            approved=True,
            answered_at=MONDAY,
            answered_by=pid("dana"),
        )
        put(firm, replace(stored(firm, "O1"), revisions=(revision,)))
        decided = Escalation(
            id="e1",
            goal_id="O1",
            owner_id=pid("max"),
            opened_at=MONDAY - timedelta(days=60),
            ladder=(pid("dana"),),
            holder_id=pid("dana"),
            state=EscalationState.DECIDED,
            decided_at=MONDAY - timedelta(days=58),
            decided_by=pid("dana"),
            choice=Choice.RESOURCES,
            note="Two lawyers for a week",
        )
        with firm.engine.begin() as connection:
            connection.execute(schema.escalation.insert(), escalation_row(decided))
        for reader in ("max", "dana"):
            words = show(firm, reader, "O1")
            assert "100" in words
            assert "80" in words
            assert "Legal takes longer" in words
            assert "Dana decided: Add people, time or money" in words
            assert "Two lawyers for a week" in words
        assert "Dana decided" not in show(firm, "mina", "O1")
        assert "Dana decided" not in show(firm, "ceo", "O1")

    def test_a_machine_is_named_and_a_number_without_a_baseline_says_so(self, firm: Play) -> None:
        due = berlin(15, month=12).date()
        fed = result("K9", "Sign-ups", "", current=Decimal(12), source="grafana", due=due)
        firm.with_goals(goal("O9", "max", "Grow", replace(fed, start=None)))
        words = show(firm, "max", "O9")
        assert "Sign-ups: 12 now, target 100, no baseline · by Tuesday 15 December · reported by grafana" in words


class TestCrossTeam:
    @pytest.fixture
    def crossing(self, firm: Play) -> Play:
        parts = (Contribution(team="Web", deliverable="The page"), Contribution(team="Sales", deliverable="The price list"))
        firm.with_goals(goal("X1", "max", "One price", result("K8", "Shops"), coordinator_id=pid("omar"), contributions=parts))
        return firm

    def test_it_shows_its_type_and_its_mark_and_every_teams_part(self, crossing: Play) -> None:
        words = show(crossing, "max", "X1")
        assert "Committed · Cross-team" in words
        assert "Coordinator: Omar" in words
        assert "Sales: The price list · open" in words

    def test_its_owner_or_coordinator_marks_what_was_delivered_and_may_take_it_back(self, crossing: Play) -> None:
        show(crossing, "omar", "X1")
        crossing.press("omar", "Sales has delivered")
        assert "Sales: The price list · delivered" in crossing.chat("omar")[-1].words
        assert [one.delivered for one in stored(crossing, "X1").contributions] == [False, True]
        show(crossing, "max", "X1")
        stale_button = crossing.button("max", "Sales has not delivered yet").action
        crossing.act("max", stale_button)
        assert [one.delivered for one in stored(crossing, "X1").contributions] == [False, False]

    def test_nobody_else_marks_it(self, crossing: Play) -> None:
        show(crossing, "max", "X1")
        press = crossing.button("max", "Sales has delivered").action
        for name in ("zoe", "dana"):
            crossing.act(name, press)
            assert "Only the goal's owner or its coordinator" in crossing.chat(name)[-1].words
        assert not any(one.delivered for one in stored(crossing, "X1").contributions)

    def test_an_old_button_never_marks_another_teams_part(self, crossing: Play) -> None:
        show(crossing, "max", "X1")
        press = crossing.button("max", "Sales has delivered").action
        moved = stored(crossing, "X1")
        put(crossing, replace(moved, contributions=(moved.contributions[1], moved.contributions[0])))
        crossing.act("max", press)
        assert "has changed since" in crossing.chat("max")[-1].words
        assert not any(one.delivered for one in stored(crossing, "X1").contributions)

    def test_people_of_a_contributing_team_see_it(self, crossing: Play) -> None:
        assert "The price list" in show(crossing, "zoe", "X1")


class TestWhatBelongsTogether:
    def test_a_goal_shows_its_children_by_type_and_status_each_type_in_its_own_measure(self, firm: Play) -> None:
        done = replace(stored(firm, "O4"), key_results=(replace(stored(firm, "O4").key_results[0], current=Decimal(100)),))
        put(firm, done, replace(stored(firm, "O2"), parent_id="P1"))
        nps = stored(firm, "O2")
        put(firm, replace(nps, key_results=(replace(nps.key_results[0], current=Decimal(35)),)))
        firm.say("max", "portal at risk")
        words = show(firm, "dana", "P1")
        assert "Committed: 1 At risk, 1 no status yet · 1 of 2 reached their target" in words
        assert "Aspirational: 1 no status yet · 0.5 on average" in words
        assert "Learning: 1 no status yet" in words
        assert "Max" not in words, "nobody is named"

    def test_a_child_never_changes_its_parent(self, firm: Play) -> None:
        firm.say("dana", "/goals")
        before = stored(firm, "P1")
        firm.say("max", "portal off track")
        assert stored(firm, "P1") == before
        assert "1 Off track" in show(firm, "dana", "P1")

    def test_ideas_belong_to_nothing_yet(self, firm: Play) -> None:
        put(firm, *(replace(stored(firm, one), state=GoalState.DRAFT) for one in ("O1", "O3")))
        put(firm, replace(stored(firm, "O4"), state=GoalState.DISCARDED))
        assert "Goals that support it" not in show(firm, "dana", "P1")

    def test_a_cross_team_child_counts_once_and_is_not_split(self, firm: Play) -> None:
        parts = (Contribution(team="Web", deliverable="A"), Contribution(team="Sales", deliverable="B", delivered=True))
        firm.with_goals(
            goal("X1", "omar", "One price", result("K8", "Shops", current=Decimal(50)), parent_id="P1", contributions=parts)
        )
        line = next(line for line in show(firm, "dana", "P1").splitlines() if line.startswith("Cross-team"))
        assert line == "Cross-team: 1 no status yet"

    def test_a_graded_child_counts_with_its_grade(self, firm: Play) -> None:
        closing = Closing(at=MONDAY, by=pid("max"), learned="x", reached=True)
        put(firm, replace(stored(firm, "O1"), state=GoalState.CLOSED, closing=closing))
        assert "Committed: 1 no status yet, 1 graded · 1 of 2 reached their target" in show(firm, "dana", "P1")


def test_the_history_of_a_goal_is_loaded_only_where_it_is_shown(firm: Play) -> None:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    event.listen(firm.engine, "before_cursor_execute", note)
    firm.say("max", "all on track")
    assert not any("DISTINCT person.team" in one or "escalation.state = " in one for one in seen)
    firm.say("max", "/goals show O1")
    assert any("escalation.state = " in one for one in seen)


def test_a_goal_read_at_night_is_answered_at_once(firm: Play) -> None:
    firm.move_to(MONDAY + timedelta(hours=14))
    firm.say("max", "portal on track")
    assert stored(firm, "O1").status is Status.ON_TRACK
    assert "Committed · On track" in show(firm, "max", "O1")
