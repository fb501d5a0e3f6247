"""1:1s as two people live them: items by words and from cards, one list for both, an agenda before they meet."""

from dataclasses import replace

import pytest

from bot.events import Said
from bot.model import Topic
from bot.talk.actions import Action, Verb
from storage.desk import find_desk
from tests.play.company import Play, berlin, email_of, person
from tests.play.one_on_one import AGENDA, items, last, met, stored
from tests.play.owed import ITEM, blocked, entries, names, owed, seen


class TestAddingByWords:
    def test_an_employee_puts_something_on_the_list_and_both_see_it(self, play: Play) -> None:
        play.say("max", "1:1: budget for the launch")
        assert items(play) == [("dana", "max", "budget for the launch", True)]
        assert "“budget for the launch” is on the list for your next 1:1 with Dana" in last(play, "max")
        play.say("dana", "1:1")
        assert "budget for the launch · Max, since Monday 23 November" in last(play, "dana")
        play.say("max", "1:1")
        assert "budget for the launch · Max, since Monday 23 November" in last(play, "max")
        assert entries(play, "duty:one_on_one:opened") == [f"duty:{owed(play)[0].id}"]

    @pytest.mark.parametrize(
        "words",
        [
            "talk to my manager about training",
            "1:1 with Dana: training",
            "add to my 1:1: training",
            "discuss with dana: training",
            "1:1 with dana@acme.example: training",
            "/rondo 1:1 with dana training",
            "/rondo 1:1 training",
        ],
    )
    def test_many_words_mean_the_same(self, play: Play, words: str) -> None:
        play.say("max", words)
        assert items(play) == [("dana", "max", "training", True)]

    @pytest.mark.parametrize(
        "words", ["원온원: 교육", "다나와 1:1에서 교육 이야기하기", "팀장님과 교육에 대해 이야기하고 싶어요", "1:1 다나: 교육"]
    )
    def test_in_korean_too(self, play: Play, words: str) -> None:
        play.with_people(replace(person("dana", manager="boss"), name="서다나"))
        play.say("mina", words)
        assert items(play) == [("dana", "mina", "교육", True)]
        assert "서다나 님과의 다음 1:1에서 나눌 이야기로 올렸습니다" in last(play, "mina")

    def test_a_manager_names_the_report(self, play: Play) -> None:
        play.say("dana", "1:1 with Max: the handover")
        assert items(play) == [("dana", "max", "the handover", True)]
        play.say("max", "1:1")
        assert "the handover · Dana, since" in last(play, "max")

    def test_a_manager_who_names_nobody_is_asked_and_one_press_is_enough(self, play: Play) -> None:
        play.say("dana", "add to my 1:1: the handover")
        asked = play.chat("dana")[-1]
        assert asked.labels == ["Boss", "Max", "Mina"]
        assert items(play) == []
        play.press("dana", "Mina", message=asked)
        assert items(play) == [("dana", "mina", "the handover", True)]

    def test_a_name_that_two_share_is_asked_back(self, play: Play) -> None:
        play.with_people(replace(person("max2", manager="dana"), name="Max"))
        play.say("dana", "1:1 with Max: the handover")
        asked = play.chat("dana")[-1]
        assert asked.labels == ["max@acme.example", "max2@acme.example"]
        assert items(play) == []

    def test_somebody_else_is_not_guessed(self, play: Play) -> None:
        play.say("max", "1:1 with Mina: the handover")
        assert "You could write: 1:1 with Dana: the handover" in last(play, "max")
        play.say("max", "1:1 with boss@acme.example: the handover")
        assert "You could write: 1:1 with Dana: the handover" in last(play, "max")
        assert items(play) == []

    def test_who_has_nobody_is_told_so(self, play: Play) -> None:
        play.with_people(person("tom"))
        play.say("tom", "1:1: pay")
        assert "no manager is on record" in last(play, "tom")
        play.say("tom", "1:1")
        assert "no manager is on record" in last(play, "tom")

    def test_the_same_words_twice_are_one_item_and_other_words_in_the_same_second_are_two(self, play: Play) -> None:
        play.say("max", "1:1: budget")
        play.say("max", "1:1: budget")
        assert "is on the list already" in last(play, "max")
        play.say("max", "1:1: training")
        assert [one[2] for one in items(play)] == ["budget", "training"]

    def test_a_report_that_speaks_of_talking_stays_a_report(self, play: Play) -> None:
        play.say("max", "portal on track, talk to Dana about legal")
        assert items(play) == []
        assert "checkin:answered" in names(play)


class TestTheForm:
    def test_it_asks_an_employee_for_topic_and_words(self, play: Play) -> None:
        play.say("max", "1:1")
        form = play.form(play.press("max", "Add an item"))
        assert [field.label for field in form.fields()] == ["What is it about?", "What do you want to talk about?"]
        refused = play.submit("max", form, {"What do you want to talk about?": " "})
        assert set(play.errors(refused)) == {"text"}
        play.submit("max", form, {"What is it about?": "development", "What do you want to talk about?": "A course"})
        assert [(one.topic, one.text) for one in owed(play)] == [(Topic.DEVELOPMENT, "A course")]

    def test_a_manager_fills_in_with_whom_and_nothing_is_lost_where_that_is_unclear(self, play: Play) -> None:
        form = play.form(play.act("dana", Action(Verb.OPEN_ITEM)))
        refused = play.submit("dana", form, {"With whom?": "Nobody", "What do you want to talk about?": "Pay"})
        assert set(play.errors(refused)) == {"who"}
        again = play.form(refused)
        assert {field.id: field.value for field in again.fields()}["text"] == "Pay"
        play.submit("dana", again, {"With whom?": "Mina"})
        assert items(play) == [("dana", "mina", "Pay", True)]

    def test_about_a_goal_of_a_report_the_name_stands_there_already(self, play: Play) -> None:
        form = play.form(play.act("dana", Action(Verb.OPEN_ITEM, ("O1",))))
        assert {field.id: field.value for field in form.fields()} == {
            "who": "Max",
            "topic": "support",
            "text": "Launch the new portal",
        }
        play.submit("dana", form, {"What do you want to talk about?": "A smaller first step"})
        assert items(play) == [("dana", "max", "A smaller first step", True)]
        assert owed(play)[0].goal_id == "O1"
        play.say("max", "1:1")
        assert "A smaller first step (Launch the new portal)" in last(play, "max")

    def test_an_obstacle_of_ones_own_goal_is_filled_in_for_its_owner_only(self, play: Play) -> None:
        blocked(play, goals="#1", text="The survey tool is down")
        form = play.form(play.press("max", "Talk about it", about="Happier customers"))
        values = {field.id: field.value for field in form.fields()}
        assert values == {"topic": "obstacle", "text": "The survey tool is down"}

    def test_others_goals_and_people_are_refused(self, play: Play) -> None:
        for names_given in (("O1",), ("", person("max").id)):
            play.act("mina", Action(Verb.OPEN_ITEM, names_given))
            assert "1:1" in last(play, "mina")
            assert "바뀐 것이 없습니다" in last(play, "mina")
        play.act("mina", Action(Verb.OPEN_ITEM, ("O99",)))
        play.act("mina", Action(Verb.OPEN_ITEM, ("a", "b", "c")))
        assert items(play) == []


class TestTalkedAbout:
    def test_either_side_ticks_it_off_and_the_other_sees_it(self, play: Play) -> None:
        play.say("max", "1:1: budget")
        play.say("dana", "1:1 with Max: holidays")
        play.say("max", "1:1")
        play.press("max", "Talked about it", about="holidays")
        play.say("dana", "1:1 with Max")
        assert "holidays" not in last(play, "dana")
        play.press("dana", "Talked about it", about="budget")
        assert [one[3] for one in items(play)] == [False, False]
        play.say("max", "1:1")
        assert "Nothing is on the list yet" in last(play, "max")
        assert len(entries(play, "duty:one_on_one:closed")) == 2

    def test_nobody_else_may(self, play: Play) -> None:
        play.say("max", "1:1: budget")
        play.act("mina", Action(Verb.DUTY_DONE, (owed(play)[0].id,)))
        assert items(play)[0][3]

    def test_what_an_employee_put_there_is_remembered_after_seven_days_in_their_name(self, play: Play) -> None:
        play.say("max", "1:1: budget")
        play.move_to(berlin(2, 12, month=12))
        assert "Max would like to talk with you about “budget”" in seen(play, "dana", ITEM).words


class TestTheTime:
    def test_either_of_the_two_says_when_and_both_see_it(self, play: Play) -> None:
        play.say("dana", "1:1 with Max every other Tuesday 14:00")
        assert "Your 1:1 with Max is every other Tuesday at 14:00" in last(play, "dana")
        assert "The next one is on Tuesday 24 November, 14:00" in last(play, "dana")
        assert stored(play, "max").one_on_one == "tue 14:00 2026-W48"
        play.say("max", "1:1")
        assert "every other Tuesday at 14:00. The next one is on Tuesday 24 November, 14:00" in last(play, "max")
        play.say("max", "1:1 with Dana off")
        assert stored(play, "max").one_on_one is None
        play.say("max", "1:1 off")
        assert "has no fixed time, so nothing changed" in last(play, "max")
        assert len(entries(play, "one_on_one:slot")) == 2

    def test_said_again_in_the_week_between_the_rhythm_stays(self, play: Play) -> None:
        met(play, "1:1 with Dana every other Tuesday 14:00")
        play.move_to(berlin(1, 10, month=12))
        play.say("max", "1:1 with Dana every other Tuesday 14:00")
        assert "already" in last(play, "max")
        assert stored(play, "max").one_on_one == "tue 14:00 2026-W48"
        play.say("max", "1:1 with Dana every other Tuesday 14:00 starting next week")
        assert stored(play, "max").one_on_one == "tue 14:00 2026-W50"

    def test_it_is_kept_where_the_report_is(self, play: Play) -> None:
        play.with_people(person("max", manager="dana", zone="Asia/Seoul"))
        play.say("dana", "1:1 with Max every Tuesday 18:00")
        assert stored(play, "max").one_on_one == "wed 02:00"
        assert "Your 1:1 with Max is every Tuesday at 18:00" in last(play, "dana")
        assert "The time is kept where Max is (Asia/Seoul)" in last(play, "dana")

    def test_nobody_else_changes_the_report_while_the_manager_names_a_time(self, play: Play) -> None:
        """Two turns about one person come one after the other: the desk names the report, so that it is locked too."""
        texts = {"1:1 with Max every Tuesday 14:00": "max", "1:1 with mina@acme.example off": "mina", "1:1 with Boss off": ""}
        with play.engine.connect() as connection:
            for text, name in texts.items():
                said = Said(id="e", at=play.now, by=play.address(email_of("dana")), text=text)
                found = find_desk(connection, said)
                assert found is not None
                assert found.owed_to == (person(name).id if name else "")

    def test_one_single_tuesday_is_asked_back(self, play: Play) -> None:
        play.say("max", "1:1 with Dana on Tuesday 14:00")
        assert "1:1 with Dana every Tuesday 14:00" in last(play, "max")
        assert stored(play, "max").one_on_one is None

    def test_a_manager_who_names_nobody_is_asked(self, play: Play) -> None:
        play.say("dana", "1:1 every Tuesday 14:00")
        play.press("dana", "Mina")
        assert stored(play, "mina").one_on_one == "tue 14:00"
        assert stored(play, "max").one_on_one is None


class TestFromCards:
    def test_talk_first_stands_on_the_agenda_as_a_decision(self, play: Play) -> None:
        blocked(play, goals="#0", text="Legal review")
        play.press("dana", "Talk first")
        met(play)
        assert owed(play)[-1].topic is Topic.DECISION
        play.move_to(berlin(1, 12, month=12))
        assert "Decision\nLaunch the new portal · Dana" in seen(play, "max", AGENDA).words

    def test_a_line_about_check_ins_without_an_answer_offers_to_talk(self, play: Play) -> None:
        play.move_to(berlin(15, 12, month=12))
        form = play.form(play.press("dana", "Talk about it", about="Mina"))
        assert {field.id: field.value for field in form.fields()}["who"] == "Mina"
        play.submit("dana", form, {"What do you want to talk about?": "How the week goes"})
        assert items(play) == [("dana", "mina", "How the week goes", True)]

    def test_a_managers_nudge_about_a_quiet_goal_offers_to_talk_about_it(self, play: Play) -> None:
        play.move_to(berlin(16, 12, month=12))
        form = play.form(play.press("dana", "Talk about it", about="Happier customers"))
        play.submit("dana", form, {})
        assert ("dana", "max", "Happier customers", True) in items(play)
