"""The end of a cycle as people live it: leaders are asked for the next one, owners wrap up their goals."""

from sqlalchemy import text

from bot.events import Said
from bot.flows.next_cycle import leading_words
from bot.model import GoalState
from bot.scene import Scene
from tests.play.company import PHRASES, Play, berlin, email_of, goal, result
from tests.play.owed import owed
from tests.play.test_goals_graded import close, kept, leave
from tests.play.test_rules_goals import got, ledger


def leading(play: Play, name: str) -> str:
    """What somebody is told when they write a goal."""
    said = Said(id=play._id(), at=play.now, by=play.address(email_of(name)), text="/goals add")
    with play.store.work() as work:
        situation = work.situation(said)
    assert situation is not None
    return leading_words(Scene(said, situation, PHRASES))


class TestPrepare:
    def test_leaders_are_asked_thirty_days_before_the_cycle_ends(self, play: Play) -> None:
        play.move_to(berlin(1, 8, 59, month=12))
        assert not got(play, "dana", "cycle.prepare")
        play.move_to(berlin(1, 9, month=12))
        assert len(got(play, "dana", "cycle.prepare")) == 1
        assert len(got(play, "boss", "cycle.prepare")) == 1
        assert not got(play, "max", "cycle.prepare")
        asked = next(seen for seen in play.chat("dana") if seen.key.startswith("cycle.prepare"))
        assert "2026-Q4 ends in 30 days." in asked.words
        assert "Answer the questions" in asked.labels

    def test_the_questions_are_answered_in_a_form_and_the_message_is_done(self, play: Play) -> None:
        play.move_to(berlin(1, 9, month=12))
        asked = next(seen for seen in play.chat("dana") if seen.key.startswith("cycle.prepare"))
        form = play.form(play.press("dana", "Answer the questions", message=asked))
        assert [field.label for field in form.fields()] == [
            "Which result matters most in the next cycle?",
            "What stands in the way, and who can remove it?",
            "What will you stop doing? (your stop list)",
            "What must be true by the end of the next cycle?",
        ]
        errors = play.errors(play.submit("dana", form, {"What stands in the way, and who can remove it?": "Legal"}))
        assert set(errors) == {"matters", "stop"}
        leave(play, "dana", form, matters="Fewer incidents", blocks="Legal")
        form = play.form(play.press("dana", "Answer the questions", message=asked))
        assert [field.value for field in form.fields()] == ["Fewer incidents", "Legal", "", ""]
        answers = {
            "Which result matters most in the next cycle?": "Fewer outages",
            "What will you stop doing? (your stop list)": "The weekly status report",
        }
        play.submit("dana", form, answers)
        assert "The weekly status report" in play.chat("dana")[-1].words
        assert "done, thank you" in asked.words
        assert asked.labels == []
        assert ledger(play, "cycle:prepared") == 1
        assert ledger(play, "nudge:cycle.prepare:acted") == 1
        assert [one.text for one in owed(play) if one.kind == "stop"] == ["The weekly status report"]
        play.move_to(berlin(31, 12, month=12))
        assert len(got(play, "dana", "cycle.prepare")) == 1
        assert len(got(play, "boss", "cycle.prepare")) == 2, "who did not answer is asked once more, ten working days later"

    def test_what_matters_most_is_shown_to_those_who_write_goals_for_the_next_cycle(self, play: Play) -> None:
        play.move_to(berlin(1, 9, month=12))
        assert leading(play, "max") == ""
        form = play.form(play.press("dana", "Answer the questions"))
        first, _, stop, _ = (field.label for field in form.fields())
        play.submit("dana", form, {first: "Fewer outages", stop: "The weekly status report"})
        assert leading(play, "max") == "What matters most in 2027-Q1, in Dana's words: Fewer outages"
        assert "Fewer outages" in leading(play, "mina") and "2027-Q1 주기" in leading(play, "mina")
        assert leading(play, "boss") == "", "not to those above"
        play.now = berlin(14, 9, month=1, year=2027)
        assert "Fewer outages" in leading(play, "max")
        play.now = berlin(14, 9, month=5, year=2027)
        assert leading(play, "max") == ""

    def test_nobody_answers_for_somebody_else(self, play: Play) -> None:
        play.move_to(berlin(1, 9, month=12))
        button = play.button("dana", "Answer the questions")
        play.act("max", button.action)
        assert "older card" in play.chat("max")[-1].words

    def test_the_message_goes_when_the_cycle_is_over(self, play: Play) -> None:
        play.move_to(berlin(20, 9, month=12))
        asked = [seen for seen in play.chat("dana") if seen.key.startswith("cycle.prepare")][-1]
        play.move_to(berlin(12, 12, month=1, year=2027))
        assert asked.labels == []
        assert "no longer waits for you" in asked.words


class TestWrapUp:
    def test_owners_wrap_up_each_goal_as_its_type_asks(self, play: Play) -> None:
        talks = result("K9", "Talks", "", 0, 20)
        play.with_goals(goal("O9", "max", "Learn from customers", talks, kind="learning"))
        play.move_to(berlin(24, 8, 59, month=12))
        assert not got(play, "max", "cycle.wrap_up")
        play.move_to(berlin(24, 9, month=12))
        assert len(got(play, "max", "cycle.wrap_up")) == 1
        assert not got(play, "dana", "cycle.wrap_up")
        asked = next(seen for seen in play.chat("max") if "Wrap up" in seen.labels)
        form = play.form(play.press("max", "Wrap up", message=asked))
        assert [field.id for field in form.fields()] == [
            "learned:O1",
            "reached:O1",
            "explanation:O1",
            "next:O1",
            "learned:O2",
            "score:O2",
            "next:O2",
            "learned:O9",
            "next:O9",
        ]
        filled = {
            "What did you learn?#0": "Start with legal",
            "Was it reached?": "no",
            "If not reached: what would it have taken, and what should be adjusted next?": "Earlier contracts",
            "What should happen with it?#0": "carry",
            "What did you learn?#1": "Call back within a day",
            "How far did it come, from 0.0 to 1.0?": "seventy",
            "What should happen with it?#1": "stop",
            "What did you learn?#2": "  ",
        }
        errors = play.errors(play.submit("max", form, filled))
        assert set(errors) == {"score:O2", "learned:O9", "next:O9"}
        filled |= {
            "How far did it come, from 0.0 to 1.0?": "0,7",
            "What did you learn?#2": "Ask open questions",
            "What should happen with it?#2": "revise",
        }
        play.submit("max", form, filled)
        assert "2026-Q4 is wrapped up" in play.chat("max")[-1].words
        assert "done, thank you" in asked.words
        assert ledger(play, "cycle:wrapped_up") == 1
        with play.engine.connect() as connection:
            kept = connection.execute(text("select answers, done_at from duty where kind = 'wrap_up'")).all()
        assert len(kept) == 1
        assert "Ask open questions" in str(kept[0][0])
        assert '"0.7"' in str(kept[0][0]).replace("'", '"')
        play.move_to(berlin(13, 12, month=1, year=2027))
        assert len(got(play, "max", "cycle.wrap_up")) == 1

    def test_it_closes_the_goals_and_opens_the_next_cycle(self, play: Play) -> None:
        play.with_goals(goal("O9", "max", "Learn from customers", kind="learning"))
        play.with_goals(goal("O10", "max", "Loved in Korea", result("K10", "NPS"), kind="aspirational"))
        play.move_to(berlin(24, 9, month=12))
        asked = next(seen for seen in play.chat("max") if "Wrap up" in seen.labels)
        form = play.form(play.press("max", "Wrap up", message=asked))
        said = {f"What did you learn?#{n}": "A lot" for n in range(4)}
        said |= {f"What should happen with it?#{n}": one for n, one in enumerate(("revise", "carry", "carry", "stop"))}
        said |= {"How far did it come, from 0.0 to 1.0?#0": "0.2", "How far did it come, from 0.0 to 1.0?#1": "0.3"}
        explanation = "If not reached: what would it have taken, and what should be adjusted next?"
        assert set(play.errors(play.submit("max", form, said))) == {"reached:O1"}
        assert set(play.errors(play.submit("max", form, said | {"Was it reached?": "no"}))) == {"explanation:O1"}
        play.submit("max", form, said | {"Was it reached?": "no", explanation: "Earlier contracts"})
        words = play.chat("max")[-1].words
        assert "came to 0.25 of 1.0 on average" in words
        assert "Perhaps it was unrealistic from the start" in words
        assert "%" not in words
        assert [kept(play, one).state for one in ("O1", "O10", "O2", "O9")] == [GoalState.CLOSED] * 4
        drafts = [kept(play, f"{one}~2027-Q1") for one in ("O1", "O10", "O2")]
        assert [one.state for one in drafts] == [GoalState.DRAFT] * 3
        assert drafts[0].why == "From 2026-Q4: Earlier contracts"
        assert [one.text for one in owed(play) if one.kind == "stop"] == ["Learn from customers"]
        assert ledger(play, "goal:graded") == 4
        play.move_to(berlin(31, 12, month=12))
        late = [seen for seen in play.chat("max") if seen.key.startswith(("goal.", "checkin:")) and seen.at > asked.at]
        names = ("Launch the new portal", "Happier customers", "Learn from customers", "Loved in Korea")
        assert not [seen.key for seen in late for name in names if name in seen.words], "what was graded is not asked about"

    def test_the_last_goal_closed_by_hand_ends_it(self, play: Play) -> None:
        play.move_to(berlin(24, 9, month=12))
        asked = next(seen for seen in play.chat("mina") if seen.key.startswith("cycle.wrap_up"))
        play.submit("mina", close(play, "mina", "O3"), {"무엇을 배우셨나요?": "작게 시작하기", "이루어졌나요?": "yes"})
        assert asked.labels == []
        (duty,) = (one for one in owed(play) if one.kind == "wrap_up")
        assert duty.done_at == play.now

    def test_what_was_typed_into_a_closed_form_is_there_the_next_time(self, play: Play) -> None:
        play.move_to(berlin(24, 9, month=12))
        asked = next(seen for seen in play.chat("max") if "Wrap up" in seen.labels)
        leave(play, "max", play.form(play.press("max", "Wrap up", message=asked)), learned_O2="Call back", score_O2="0.6")
        form = play.form(play.press("max", "Wrap up", message=asked))
        values = {field.id: field.value for field in form.fields()}
        assert (values["learned:O1"], values["learned:O2"], values["score:O2"]) == ("", "Call back", "0.6")
        assert "Wrap up" in asked.labels, "it is not done yet"

    def test_more_goals_than_one_form_holds_are_wrapped_up_in_two(self, play: Play) -> None:
        play.with_goals(*(goal(f"L{n}", "dana", f"Learn {n}", result(f"KL{n}", "Talks"), kind="learning") for n in range(10)))
        play.move_to(berlin(24, 9, month=12))
        asked = next(seen for seen in play.chat("dana") if "Wrap up" in seen.labels)
        for number, expected in ((8, "2 more goals are left"), (2, "2026-Q4 is wrapped up")):
            form = play.form(play.press("dana", "Wrap up", message=asked))
            fields = [field.id for field in form.fields()]
            open_fields = [field for field in form.fields() if not field.value]
            assert len(open_fields) == 2 * number
            sent = {f"What did you learn?#{n}": "A lot" for n in range(len(fields) // 2)}
            sent |= {f"What should happen with it?#{n}": "stop" for n in range(len(fields) // 2)}
            play.submit("dana", form, sent)
            assert expected in play.chat("dana")[-1].words

    def test_who_was_on_leave_at_the_end_is_asked_when_they_are_back(self, play: Play) -> None:
        play.move_to(berlin(21, 9, month=12))
        play.say("max", "/away 2026-12-22..2027-01-03")
        play.move_to(berlin(3, 18, month=1, year=2027))
        assert not got(play, "max", "cycle.wrap_up")
        play.move_to(berlin(4, 12, month=1, year=2027))
        wraps = [seen for seen in play.chat("max") if "Wrap up" in seen.labels]
        assert len(wraps) == 1
        assert "2026-Q4 is at its end" in wraps[0].words
