"""Goals as people write them in chat: begun, filled in, kept as drafts, with room made for them."""

from datetime import date
from decimal import Decimal

import pytest

from bot.model import GoalState, GoalType
from bot.talk.actions import Action, Verb
from tests.play.company import Play, berlin, goal, person, result
from tests.play.test_rules_goals import ledger
from tests.play.writing import begin, close, draft_card, fields, goals, only, stops, value_of, write


class TestBegun:
    def test_every_kind_is_explained_in_one_line_and_has_its_button(self, play: Play) -> None:
        play.say("max", "/goals add")
        shown = play.chat("max")[-1]
        assert shown.labels == ["Committed", "Aspirational", "Learning", "Cross-team", "KPI"]
        assert shown.words.count("\n") >= 5
        assert "0.6 to 0.7 is a success" in shown.words

    def test_a_named_kind_has_the_only_button_and_keeps_the_words(self, play: Play) -> None:
        play.say("max", "/goals add stretch Delight every customer")
        assert play.chat("max")[-1].labels == ["Write it"]
        form = play.form(play.press("max", "Write it"))
        assert form.title == "Aspirational goal"
        assert next(field.value for field in form.fields()) == "Delight every customer"

    def test_objectives_of_new_hires_are_offered_to_new_hires_only(self, play: Play) -> None:
        play.with_people(person("nina", manager="dana", start_date=date(2026, 11, 2)))
        play.say("nina", "/goals add")
        assert "New hire’s objective" in play.chat("nina")[-1].labels
        play.say("max", "/goals add kpo")
        assert "first 120 days" in play.chat("max")[-1].words

    def test_near_the_end_of_the_cycle_the_next_one_is_proposed(self, play: Play) -> None:
        assert value_of(begin(play), "cycle") == "2026-Q4"
        play.jump_to(berlin(2, month=12))
        assert value_of(begin(play), "cycle") == "2027-Q1"


class TestWritten:
    def test_the_draft_card_shows_how_every_line_was_read(self, play: Play) -> None:
        write(play)
        kept = only(play)
        assert kept.state is GoalState.DRAFT
        assert [(one.text, one.start, one.target, one.unit, one.due) for one in kept.key_results] == [
            ("Raise activation", Decimal(40), Decimal(60), "%", date(2026, 12, 15)),
            ("Support tickets", Decimal(120), Decimal(80), "", date(2026, 12, 31)),
            ("ISO certificate in hand (met / not met)", Decimal(0), Decimal(1), "", date(2026, 12, 31)),
        ]
        card = draft_card(play)
        assert "Raise activation: 40 % → 60 %, by Tuesday 15 December" in card.words
        assert "Committed · 2026-Q4" in card.words
        assert "Dana approves it once you send it" in card.words
        assert card.labels[:3] == ["Send for approval", "Edit", "Discard"]

    def test_a_draft_is_seen_by_nobody_else_and_asks_nothing(self, play: Play) -> None:
        write(play)
        play.move_to(berlin(26, 11))
        assert "Customers get going" not in play.transcript("dana")
        form = play.form(play.press("max", "Open form"))
        assert not any("activation" in field.label for field in form.fields())

    def test_what_cannot_be_read_is_named_with_its_line_and_nothing_typed_is_lost(self, play: Play) -> None:
        lines = "Raise sales from 1.234 to 2.000\nTickets from 5 to 3 by 3/4"
        refused = play.submit("max", begin(play), fields(**{"Key results, one per line": lines}))
        words = play.errors(refused)["results"]
        assert "Line 1:" in words and "Line 2:" in words and "3/4" in words
        assert value_of(play.form(refused), "results") == lines
        assert not goals(play)

    @pytest.mark.parametrize(
        ("kind", "lines", "field"),
        [
            ("committed", "Talk to customers", "results"),
            ("committed", "Activation | | 60 %", "results"),
            ("aspirational", "Be loved", "results"),
            ("learning", "", "question"),
        ],
    )
    def test_each_type_needs_its_own_fields(self, play: Play, kind: str, lines: str, field: str) -> None:
        refused = play.submit("max", begin(play, kind=kind), fields(**{"Key results, one per line": lines}))
        assert set(play.errors(refused)) == {field}

    def test_a_learning_goal_has_a_question_and_needs_no_number(self, play: Play) -> None:
        more = {"Key results, one per line": "", "What do you want to find out?": "Why do trials end?"}
        play.submit("max", begin(play, kind="learning"), fields(**more))
        assert (only(play).type, only(play).question) == (GoalType.LEARNING, "Why do trials end?")
        assert "To find out: Why do trials end?" in draft_card(play).words

    def test_editing_a_draft_updates_the_same_card_and_keeps_its_key_results(self, play: Play) -> None:
        write(play)
        before = only(play)
        form = play.form(play.press("max", "Edit"))
        assert value_of(form, "results").splitlines()[0] == "Raise activation | 40 % | 60 % | 2026-12-15"
        play.submit("max", form, {"Objective": "Customers start alone"})
        after = only(play)
        assert after.title == "Customers start alone"
        assert after.key_results == before.key_results
        assert len([seen for seen in play.chat("max") if seen.key.endswith(":draft")]) == 1
        assert draft_card(play).edits == 1

    def test_one_key_result_is_changed_in_a_form_of_its_own(self, play: Play) -> None:
        write(play)
        play.submit("max", play.form(play.press("max", "Edit key result 2")), {"Target": "70", "Unit": "tickets"})
        assert (only(play).key_results[1].target, only(play).key_results[1].unit) == (Decimal(70), "tickets")
        play.submit(
            "max", play.form(play.press("max", "Add a key result")), {"What is measured": "NPS", "Start": "20", "Target": "50"}
        )
        assert [one.text for one in only(play).key_results][-1] == "NPS"
        assert len({one.id for one in only(play).key_results}) == 4

    def test_a_number_with_two_readings_is_refused_in_that_form_too(self, play: Play) -> None:
        write(play)
        refused = play.submit("max", play.form(play.press("max", "Edit key result 2")), {"Target": "1.234"})
        assert set(play.errors(refused)) == {"target"}
        assert value_of(play.form(refused), "target") == "1.234"

    def test_a_form_closed_unsent_leaves_a_draft_once_it_has_a_title(self, play: Play) -> None:
        form = begin(play)
        for title, expected in (("", 0), ("Half an idea", 1)):
            close(play, form, {"title": title, "results": "Raise sales from 1.234 to 2.000", "cycle": "2026-Q4"})
            assert len(goals(play)) == expected
        assert only(play).key_results[0].text == "Raise sales from 1.234 to 2.000"
        play.press("max", "Send for approval")
        assert "something is still missing" in play.chat("max")[-1].words
        assert only(play).state is GoalState.DRAFT

    def test_more_key_results_than_a_form_holds_are_not_lost_by_changing_the_rest(self, play: Play) -> None:
        many = (result(f"KX{number}", "x" * 450) for number in range(8))
        play.with_goals(goal("X1", "max", "Too much", *many, state=GoalState.DRAFT))
        form = play.form(play.act("max", Action(Verb.EDIT_GOAL, ("X1",))))
        assert "results" not in {field.id for field in form.fields()}
        play.submit("max", form, {"Objective": "Still too much"})
        assert (only(play).title, len(only(play).key_results)) == ("Still too much", 8)

    def test_a_discarded_draft_is_gone_and_stays_in_the_history(self, play: Play) -> None:
        write(play)
        play.press("max", "Discard")
        assert only(play).state is GoalState.DISCARDED
        assert draft_card(play).labels == []
        assert ledger(play, "goal:discarded") == 1

    def test_the_list_shows_drafts_with_their_state_and_a_button_for_another_goal(self, play: Play) -> None:
        write(play)
        play.say("max", "/goals")
        shown = play.chat("max")[-1]
        assert "Draft: only you see it." in shown.words
        assert shown.labels[-1] == "Add a goal"
        play.press("max", "Add a goal")
        assert "What kind of goal is it?" in play.chat("max")[-1].words

    def test_a_goal_is_changed_by_naming_it_and_only_by_its_owner(self, play: Play) -> None:
        play.say("max", "/goals edit portal")
        assert play.chat("max")[-1].labels == ["Edit"]
        play.act("dana", Action(Verb.EDIT_GOAL, ("O1",)))
        assert "could not find that goal" in play.chat("dana")[-1].words
        play.with_goals(goal("B1", "dana", "A calm launch", result("KB1", "Launches")))
        play.act("max", Action(Verb.EDIT_GOAL, ("B1",)))
        assert "can only be changed by its owner" in play.chat("max")[-1].words

    def test_a_parent_is_chosen_among_the_managers_goals(self, play: Play) -> None:
        play.with_goals(goal("B1", "dana", "A calm launch", result("KB1", "Launches")))
        play.submit("max", begin(play), fields(**{"Which goal does it support?": "B1"}))
        assert only(play).parent_id == "B1"
        assert "Supports: A calm launch" in draft_card(play).words

    def test_the_korean_form_reads_korean_lines(self, play: Play) -> None:
        values = {
            "목표": "고객이 스스로 시작",
            "핵심 결과 (한 줄에 하나씩)": "활성화율을 40%에서 60%로, 12월 15일까지",
            "주기": "2026-Q4",
        }
        play.submit("mina", begin(play, "mina"), values)
        assert only(play, "mina").key_results[0].due == date(2026, 12, 15)
        assert "활성화율: 40 % → 60 %" in draft_card(play, "mina").words
        assert "나에게만 보이는 초안" in draft_card(play, "mina").words


class TestRoom:
    def test_the_fourth_objective_asks_what_must_go_and_that_stands_on_the_stop_list(self, play: Play) -> None:
        play.with_goals(goal("O8", "max", "One more", result("K8", "Things")))
        form = begin(play)
        asks = next(field for field in form.fields() if field.id == "stop")
        assert asks.label == "If we include this goal, what must we remove?" and asks.required
        assert set(play.errors(play.submit("max", form, fields()))) == {"stop"}
        play.submit("max", form, fields(**{asks.label: "The weekly status report"}))
        assert stops(play) == [("The weekly status report", None)]
        play.say("max", "/goals stop")
        assert "The weekly status report" in play.chat("max")[-1].words
        play.press("max", "Stopped")
        assert stops(play)[0][1] is not None
        play.say("max", "/goals stop")
        assert "Nothing is on your stop list" in play.chat("max")[-1].words

    def test_hr_may_raise_the_limit(self, play: Play) -> None:
        play.with_goals(goal("O8", "max", "One more", result("K8", "Things")))
        play.say("boss", "/nudges set goal.limits.objectives 4")
        play.press("boss", "Confirm")
        assert "stop" not in {field.id for field in begin(play).fields()}

    def test_another_cycle_that_is_full_asks_as_well(self, play: Play) -> None:
        play.with_goals(*(goal(f"N{n}", "max", f"Next {n}", result(f"KN{n}", "Things"), cycle="2027-Q1") for n in range(3)))
        refused = play.submit("max", begin(play), fields(Cycle="2027-Q1"))
        assert set(play.errors(refused)) == {"stop"}

    def test_an_unusual_number_of_key_results_is_a_note_and_never_refused(self, play: Play) -> None:
        play.submit("max", begin(play), fields(**{"Key results, one per line": "Activation | 40 % | 60 %"}))
        assert "It has one key result; 3 to 5 are usual" in draft_card(play).words
        assert only(play).state is GoalState.DRAFT

    def test_a_discarded_goal_needs_no_room(self, play: Play) -> None:
        play.with_goals(goal("O8", "max", "One more", result("K8", "Things")))
        play.submit("max", begin(play), fields(**{"If we include this goal, what must we remove?": "Reports"}))
        play.press("max", "Discard")
        assert stops(play)[0][1] is not None


class TestCrossTeam:
    LINES = "Legal | The contract is signed | 2026-12-01\nWeb | The page is live | 2026-12-15"

    def values(self, **more: str) -> dict[str, str]:
        names = {"What each team delivers, one per line": self.LINES, "Coordinator": "Mina", "Key results, one per line": ""}
        return fields(**{**names, **more})

    def test_every_team_has_its_deliverable_and_date_and_one_coordinator_decides(self, play: Play) -> None:
        play.submit("max", begin(play, kind="cross-team"), self.values(**{"How it is meant": "aspirational"}))
        kept = only(play)
        assert [(one.team, one.due) for one in kept.contributions] == [("Legal", date(2026, 12, 1)), ("Web", date(2026, 12, 15))]
        assert (kept.coordinator_id, kept.type) == (person("mina").id, GoalType.ASPIRATIONAL)
        assert "Cross-team (Aspirational) · 2026-Q4" in draft_card(play).words
        assert "Coordinator: Mina" in draft_card(play).words

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"What each team delivers, one per line": "Legal | Contract | 2026-12-01"}, "contributions"),
            ({"What each team delivers, one per line": "Legal | Contract\nWeb | Page | 2026-12-15"}, "contributions"),
            ({"Coordinator": "Somebody Else"}, "who"),
            ({"Coordinator": ""}, "who"),
        ],
    )
    def test_what_is_missing_is_asked_for(self, play: Play, change: dict[str, str], field: str) -> None:
        refused = play.submit("max", begin(play, kind="cross-team"), self.values(**change))
        assert field in play.errors(refused)
        assert not goals(play)
