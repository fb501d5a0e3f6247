"""A goal is closed by its type: reached or not, from 0.0 to 1.0, by what was learned, by what the teams delivered."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.decision import ShowForm
from bot.events import Closed
from bot.model import Contribution, EscalationState, Goal, GoalKind, GoalState, Next, person_id
from bot.ports import Outcome
from bot.talk.actions import Action, Verb
from bot.talk.cards import Form
from storage import rows
from storage.schema import escalation, key_result
from storage.schema import goal as goals
from tests.play.company import Play, Seen, berlin, email_of, goal, person, result
from tests.play.owed import entries, owed
from tests.play.test_rules_goals import got

LEARNED, EXPLAINED = "What did you learn?", "If not reached: what would it have taken, and what should be adjusted next?"
REACHED, NEXT, SCORE = "Was it reached?", "What should happen with it?", "How far did it come, from 0.0 to 1.0?"


def kept(play: Play, goal_id: str) -> Goal:
    with play.engine.connect() as connection:
        found = connection.execute(select(goals).where(goals.c.id == goal_id)).mappings().all()
        parts = connection.execute(select(key_result).where(key_result.c.goal_id == goal_id)).mappings().all()
        return rows.goals(found, parts)[0]


def close(play: Play, name: str, goal_id: str) -> Form:
    return play.form(play.act(name, Action(Verb.CLOSE_GOAL, (goal_id,))))


def last(play: Play, name: str) -> str:
    return play.chat(name)[-1].words


def leave(play: Play, name: str, form: Form, **typed: str) -> Outcome:
    """The form is closed unsent, with these values in it."""
    values = {field.id: field.value for field in form.fields()} | {name.replace("_", ":"): value for name, value in typed.items()}
    by = play.address(email_of(name))
    return play.turn.take(Closed(id=play._id(), at=play.now, by=by, action=form.action, values=values))


class TestByType:
    def test_a_committed_goal_that_was_not_reached_asks_what_should_be_adjusted(self, play: Play) -> None:
        play.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(60))))
        form = close(play, "max", "O1")
        shown = {field.id: field.value for field in form.fields()}
        assert shown == {"learned:O1": "", "reached:O1": "no", "explanation:O1": "", "next:O1": ""}, "the numbers say not reached"
        refused = play.submit("max", form, {LEARNED: "Start with legal"})
        assert set(play.errors(refused)) == {"explanation:O1"}
        assert {field.id: field.value for field in play.form(refused).fields()}["learned:O1"] == "Start with legal"
        assert kept(play, "O1").closing is None
        play.submit("max", form, {LEARNED: "Start with legal", EXPLAINED: "A lawyer from the first week"})
        closing = kept(play, "O1").closing
        assert closing is not None
        assert (closing.reached, closing.score, closing.explanation) == (False, None, "A lawyer from the first week")
        assert kept(play, "O1").state is GoalState.CLOSED
        assert "Committed: not reached" in last(play, "max")
        assert "To adjust next: A lawyer from the first week" in last(play, "max")
        assert entries(play, "goal:graded") == ["goal:O1"]

    def test_a_committed_goal_whose_numbers_are_there_was_reached(self, play: Play) -> None:
        play.with_goals(goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(100))))
        form = close(play, "max", "O1")
        assert {field.id: field.value for field in form.fields()}["reached:O1"] == "yes"
        play.submit("max", form, {LEARNED: "Start with legal"})
        assert "Committed: reached" in last(play, "max")

    @pytest.mark.parametrize(
        ("score", "words"),
        [
            ("0.2", "Perhaps it was unrealistic from the start"),
            ("0,5", "Part of the way is worth something"),
            ("0.6", "This is what success looks like"),
            ("0.7", "This is what success looks like"),
            ("0.8", "This is further than an aspirational goal usually comes"),
            ("1", "Perhaps it was not ambitious enough"),
        ],
    )
    def test_the_score_of_an_aspirational_goal_is_said_in_words(self, play: Play, score: str, words: str) -> None:
        form = close(play, "max", "O2")
        play.submit("max", form, {LEARNED: "Call back", SCORE: score})
        assert words in last(play, "max")
        assert "Aspirational: " in last(play, "max")
        assert "%" not in last(play, "max")

    def test_a_score_is_suggested_from_the_numbers_and_refused_beyond_one(self, play: Play) -> None:
        nps = result("K2", "NPS", "points", 20, 50, current=Decimal(41))
        play.with_goals(goal("O2", "max", "Happier customers", nps, kind="aspirational"))
        form = close(play, "max", "O2")
        assert {field.id: field.value for field in form.fields()}["score:O2"] == "0.7"
        assert set(play.errors(play.submit("max", form, {LEARNED: "Call back", SCORE: "7"}))) == {"score:O2"}

    def test_a_learning_goal_takes_words_and_no_number(self, play: Play) -> None:
        play.with_goals(goal("O4", "max", "Why trials end", kind="learning", question="What ends a trial in week one?"))
        form = close(play, "max", "O4")
        assert [field.id for field in form.fields()] == ["learned:O4", "next:O4"]
        assert any("What ends a trial in week one?" in str(part) for part in form.parts)
        play.submit("max", form, {LEARNED: "The invoice arrives too early"})
        assert "Learning: closed with what was learned" in last(play, "max")
        assert "The invoice arrives too early" in last(play, "max")

    def test_words_are_korean_where_their_reader_is(self, play: Play) -> None:
        form = close(play, "mina", "O3")
        play.submit("mina", form, {"무엇을 배우셨나요?": "작게 시작하기", "이루어졌나요?": "yes"})
        assert "약속 목표: 이루어졌습니다" in last(play, "mina")
        assert "배운 것: 작게 시작하기" in last(play, "mina")


class TestCrossTeam:
    @pytest.fixture
    def shared(self, play: Play) -> Play:
        parts = (Contribution(team="Legal", deliverable="The contract"), Contribution(team="Web", deliverable="The page"))
        boss = person_id(email_of("boss"))
        play.with_goals(goal("X1", "max", "One checkout", coordinator_id=boss, contributions=parts))
        return play

    def test_it_has_one_grade_and_says_which_parts_were_delivered(self, shared: Play) -> None:
        form = close(shared, "max", "X1")
        said = {LEARNED: "Meet weekly", REACHED: "no", EXPLAINED: "An earlier contract"}
        assert set(shared.errors(shared.submit("max", form, said))) == {"delivered:X1:0", "delivered:X1:1"}
        shared.submit("max", form, {**said, "Legal: The contract": "no", "Web: The page": "yes"})
        assert [one.delivered for one in kept(shared, "X1").contributions] == [False, True]
        assert "Committed · Cross-team: not reached" in last(shared, "max")
        assert "Delivered: The page (Web)" in last(shared, "max")
        assert "Not delivered so far: The contract (Legal)" in last(shared, "max")

    def test_its_coordinator_closes_it_from_their_own_list_and_the_owner_hears_of_it(self, shared: Play) -> None:
        shared.now = berlin(23, 22)
        shared.say("boss", "/goals close")
        form = shared.form(shared.press("boss", "Close it", about="One checkout"))
        said = {LEARNED: "Meet weekly", REACHED: "yes", "Legal: The contract": "yes", "Web: The page": "yes"}
        shared.submit("boss", form, said)
        closing = kept(shared, "X1").closing
        assert closing is not None and closing.by == person_id(email_of("boss"))
        assert not got(shared, "max", "cycle.wrap_up.graded"), "not in the evening"
        shared.move_to(berlin(24, 12))
        told = next(seen for seen in shared.chat("max") if seen.key.startswith("cycle.wrap_up.graded"))
        assert "Boss coordinates this goal of yours, and has closed it" in told.words
        shared.press("max", "Why?", message=told)
        assert "Boss coordinates your goal" in last(shared, "max")
        again = shared.form(shared.press("max", "Change the grade", message=told))
        shared.submit("max", again, {LEARNED: "Meet twice a week"})
        shared.tick()
        assert "Change the grade" not in told.labels
        assert entries(shared, "goal:regraded") == ["goal:X1"]

    def test_nobody_else_closes_it(self, shared: Play) -> None:
        shared.act("dana", Action(Verb.CLOSE_GOAL, ("X1",)))
        assert "Only Max, or whoever coordinates this goal" in last(shared, "dana")
        values = {"learned:X1": "x", "reached:X1": "yes", "delivered:X1:0": "yes", "delivered:X1:1": "yes"}
        form = close(shared, "max", "X1")
        sent = replace(form, parts=tuple(replace(one, value=values.get(one.id, "")) for one in form.fields()))
        shared.submit("mina", sent, {})
        assert kept(shared, "X1").closing is None


class TestAfterwards:
    def test_nobody_is_nudged_about_a_goal_that_was_closed(self, play: Play) -> None:
        play.submit("max", close(play, "max", "O1"), {LEARNED: "Start with legal", REACHED: "yes"})
        play.move_to(berlin(18, 12, month=12))
        told = [seen for seen in play.chat("max") + play.chat("dana") if seen.key.startswith("goal.")]
        assert told and not any("Launch the new portal" in seen.words for seen in told)
        cards = [seen for seen in play.chat("max") if seen.key.startswith("checkin:")]
        assert cards and not any("Launch the new portal" in seen.words for seen in cards)

    def test_a_request_for_a_decision_about_it_needs_none_any_more(self, play: Play) -> None:
        play.act("max", Action(Verb.NEED_DECISION, ("O1",)))
        play.submit("max", close(play, "max", "O1"), {LEARNED: "Start with legal", REACHED: "yes"})
        play.tick()
        with play.engine.connect() as connection:
            assert connection.scalars(select(escalation.c.state)).all() == [EscalationState.WITHDRAWN]

    def test_the_weeks_card_shows_what_is_left_and_is_done_with_the_last_one(self, play: Play) -> None:
        play.move_to(berlin(26, 11))
        card = next(seen for seen in play.chat("max") if seen.key.startswith("checkin:"))
        play.press("max", "On track", about="Happier customers", message=card)
        play.submit("max", close(play, "max", "O1"), {LEARNED: "Start with legal", REACHED: "yes"})
        assert "Launch the new portal" not in card.words
        play.move_to(berlin(27, 17))
        assert not play.keys("max", "reminder:"), "every goal that is left was answered"

    def test_without_any_goal_left_nobody_is_reminded(self, play: Play) -> None:
        play.move_to(berlin(26, 11))
        play.submit("max", close(play, "max", "O1"), {LEARNED: "Start with legal", REACHED: "yes"})
        play.submit("max", close(play, "max", "O2"), {LEARNED: "Call back", SCORE: "0.7"})
        play.move_to(berlin(27, 17))
        assert not play.keys("max", "reminder:")

    def test_a_grade_can_be_changed_within_the_cycle_and_two_weeks_after(self, play: Play) -> None:
        play.submit("max", close(play, "max", "O1"), {LEARNED: "Start with legal", REACHED: "yes"})
        play.now = berlin(14, 12, month=1, year=2027)
        play.say("max", "/goals close")
        form = play.form(play.press("max", "Change the grade", about="portal"))
        assert {field.id: field.value for field in form.fields()}["learned:O1"] == "Start with legal"
        play.submit("max", form, {REACHED: "no", EXPLAINED: "One more week"})
        closing = kept(play, "O1").closing
        assert closing is not None and closing.reached is False
        play.now = berlin(15, 12, month=1, year=2027)
        play.act("max", Action(Verb.CLOSE_GOAL, ("O1",)))
        assert "cannot be closed now" in last(play, "max")

    def test_drafts_cannot_be_closed_and_others_goals_are_not_listed(self, play: Play) -> None:
        play.with_goals(goal("D1", "max", "Not yet", state=GoalState.DRAFT))
        play.act("max", Action(Verb.CLOSE_GOAL, ("D1",)))
        assert "cannot be closed now" in last(play, "max")
        play.say("max", "/goals close")
        assert "Not yet" not in last(play, "max")
        assert "모바일" not in last(play, "max")
        play.say("boss", "/goals close")
        assert "There is no goal to close right now" in last(play, "boss")

    def test_one_goal_by_name(self, play: Play) -> None:
        play.say("max", "/goals close portal")
        assert "Launch the new portal" in last(play, "max")
        assert "Happier customers" not in last(play, "max")
        play.say("max", "/goals close moon")
        assert "I could not find “moon”" in last(play, "max")
        play.say("max", "/goals close portal")
        assert isinstance(play.press("max", "Close it").decision.reply, ShowForm)  # type: ignore[union-attr]

    def test_what_was_typed_into_a_closed_form_is_there_the_next_time_and_gone_once_sent(self, play: Play) -> None:
        leave(play, "max", close(play, "max", "O1"), learned_O1="Start with legal")
        form = close(play, "max", "O1")
        assert {field.id: field.value for field in form.fields()}["learned:O1"] == "Start with legal"
        play.submit("max", form, {REACHED: "yes"})
        (duty,) = (one for one in owed(play) if one.kind == "wrap_up")
        assert not [name for name in duty.answers if name.startswith("draft:")]
        assert duty.answers["learned:O1"] == "Start with legal"


class TestNextCycle:
    def graded(self, play: Play, wanted: str, **said: str) -> None:
        play.with_goals(
            goal("O1", "max", "Launch the new portal", result("K1", "Pages live", current=Decimal(60)), why="Faster orders")
        )
        values = {LEARNED: "Start with legal", EXPLAINED: "A lawyer from the first week", NEXT: wanted, **said}
        play.submit("max", close(play, "max", "O1"), values)

    def test_carried_forward_it_starts_where_it_stands(self, play: Play) -> None:
        self.graded(play, "carry")
        draft = kept(play, "O1~2027-Q1")
        assert (draft.state, draft.cycle, draft.carried_from) == (GoalState.DRAFT, "2027-Q1", "O1")
        assert (draft.closing, draft.approved_at, draft.why) == (None, None, "Faster orders")
        (part,) = draft.key_results
        assert (part.id, part.start, part.target, part.due) == ("K1~2027-Q1", Decimal(60), Decimal(100), date(2027, 3, 31))
        assert "waits as a draft for 2027-Q1" in last(play, "max")
        assert {"Edit", "Send for approval"} <= set(play.chat("max")[-1].labels)

    def test_revised_it_brings_along_what_should_be_adjusted(self, play: Play) -> None:
        self.graded(play, "revise")
        assert kept(play, "O1~2027-Q1").why == "Faster orders\nFrom 2026-Q4: A lawyer from the first week"

    def test_stopped_it_stands_on_the_stop_list(self, play: Play) -> None:
        self.graded(play, "stop")
        (duty,) = (one for one in owed(play) if one.kind == "stop")
        assert (duty.text, duty.done_at) == ("Launch the new portal", None)
        play.say("max", "/goals stop")
        assert "Launch the new portal" in last(play, "max")

    def test_reached_and_stopped_it_is_finished_and_nothing_was_given_up(self, play: Play) -> None:
        self.graded(play, "stop", **{REACHED: "yes"})
        assert not [one for one in owed(play) if one.kind == "stop"]

    def test_a_change_of_mind_changes_what_follows(self, play: Play) -> None:
        self.graded(play, "carry")
        play.submit("max", close(play, "max", "O1"), {NEXT: "stop"})
        assert kept(play, "O1~2027-Q1").state is GoalState.DISCARDED
        assert [one.done_at for one in owed(play) if one.kind == "stop"] == [None]
        play.submit("max", close(play, "max", "O1"), {NEXT: "carry"})
        assert kept(play, "O1~2027-Q1").state is GoalState.DRAFT
        assert [one.done_at for one in owed(play) if one.kind == "stop"] == [play.now]

    def test_what_its_owner_wrote_into_the_draft_stays(self, play: Play) -> None:
        self.graded(play, "carry")
        play.with_goals(replace(kept(play, "O1~2027-Q1"), title="Launch the portal in Korea"))
        play.submit("max", close(play, "max", "O1"), {LEARNED: "Begin with legal"})
        assert kept(play, "O1~2027-Q1").title == "Launch the portal in Korea"

    def test_a_draft_the_owner_dropped_does_not_come_back(self, play: Play) -> None:
        self.graded(play, "carry")
        play.with_goals(replace(kept(play, "O1~2027-Q1"), state=GoalState.DISCARDED))
        play.submit("max", close(play, "max", "O1"), {LEARNED: "Begin with legal"})
        assert kept(play, "O1~2027-Q1").state is GoalState.DISCARDED

    def test_the_drafts_owner_is_reminded_rarely_until_it_is_sent_or_dropped(self, play: Play) -> None:
        self.graded(play, "carry")
        play.move_to(berlin(23, 18))
        assert not got(play, "max", "cycle.next"), "the answer showed the draft already"
        play.move_to(berlin(24, 12))
        assert len(got(play, "max", "cycle.next")) == 1
        asked = next(seen for seen in play.chat("max") if seen.key.startswith("cycle.next"))
        assert {"Edit", "Send for approval"} <= set(asked.labels)
        play.move_to(berlin(30, 12))
        assert len(got(play, "max", "cycle.next")) == 1
        play.move_to(berlin(1, 12, month=12))
        assert len(got(play, "max", "cycle.next")) == 2
        play.press("max", "Why?", message=asked)
        assert "You carried “Launch the new portal” forward" in last(play, "max")
        play.with_goals(replace(kept(play, "O1~2027-Q1"), state=GoalState.PROPOSED))
        play.move_to(berlin(31, 12, month=12))
        assert len(got(play, "max", "cycle.next")) == 2

    def test_the_cycle_after_that_keeps_one_mark(self, play: Play) -> None:
        self.graded(play, "carry")
        play.with_goals(replace(kept(play, "O1~2027-Q1"), state=GoalState.ACTIVE))
        play.now = berlin(11, 12, month=1, year=2027)
        play.submit("max", close(play, "max", "O1~2027-Q1"), {LEARNED: "x", REACHED: "no", EXPLAINED: "y", NEXT: "carry"})
        draft = kept(play, "O1~2027-Q2")
        assert draft.carried_from == "O1~2027-Q1"
        assert [one.id for one in draft.key_results] == ["K1~2027-Q2"]

    def test_a_cycle_without_any_goal_is_mentioned_where_hr_wants_it(self, play: Play) -> None:
        play.say("boss", "/nudges set cycle.next.empty 5d")
        play.press("boss", "Confirm")
        play.move_to(berlin(29, 12, month=1, year=2027))
        told = [seen for seen in play.chat("mina") if seen.key.startswith("cycle.next.empty")]
        assert len(told) == 1
        assert "목표 추가" in told[0].labels


class TestPerformanceObjectives:
    @pytest.fixture
    def joined(self, play: Play) -> Play:
        play.with_people(person("nora", manager="dana", start_date=date(2026, 9, 1)))
        learning = result("KN", "Tickets solved alone", "", 0, 10, current=Decimal(4))
        play.with_goals(goal("N1", "nora", "Work alone on tickets", learning, kind="committed", cycle="2026-Q3"))
        play.with_goals(replace(kept(play, "N1"), kind=GoalKind.KPO))
        return play

    def seen(self, play: Play, name: str) -> Seen:
        return next(one for one in reversed(play.chat(name)) if one.key.startswith("kpo.review") and "Work alone" in one.words)

    def test_reviews_show_them_to_both_and_the_last_one_grades_them(self, joined: Play) -> None:
        joined.move_to(berlin(30, 12))
        for name in ("nora", "dana"):
            assert "Tickets solved alone: 4 (target 10)" in self.seen(joined, name).words, name
        told = self.seen(joined, "nora")
        assert "Close it" in told.labels
        assert "Close it" not in self.seen(joined, "dana").labels
        form = joined.form(joined.press("nora", "Close it", message=told))
        assert [field.id for field in form.fields()] == ["learned:N1", "reached:N1", "explanation:N1"]
        joined.submit("nora", form, {LEARNED: "Ask early", EXPLAINED: "Pairing twice a week"})
        joined.tick()
        assert kept(joined, "N1").state is GoalState.CLOSED

    def test_they_are_not_in_the_cycles_wrap_up(self, joined: Play) -> None:
        joined.move_to(joined.now + timedelta(days=45))
        assert not got(joined, "nora", "cycle.wrap_up")


def test_next_is_known() -> None:
    assert {one.value for one in Next} == {"carry", "revise", "stop"}
