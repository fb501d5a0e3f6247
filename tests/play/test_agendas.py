"""The agenda before a 1:1, as the two people live it."""

from datetime import date, datetime

from bot.talk.actions import Action, Verb
from tests.play.company import Play, berlin, email_of, person
from tests.play.noise import hr_says
from tests.play.one_on_one import AGENDA, last, met, stored
from tests.play.owed import ITEM, blocked, explained, keys, names, seen, when


class TestTheAgenda:
    def test_both_hear_two_hours_before_what_is_on_the_list(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.say("dana", "1:1 with Max: holidays")
        play.move_to(berlin(24, 11, 59))
        assert keys(play, "dana", AGENDA) == keys(play, "max", AGENDA) == []
        play.move_to(berlin(24, 12))
        assert when(play, "dana", AGENDA) == when(play, "max", AGENDA) == [berlin(24, 12)]
        for name, other in (("dana", "Max"), ("max", "Dana")):
            words = seen(play, name, AGENDA).words
            assert f"Your 1:1 with {other} is on Tuesday 24 November, 14:00" in words
            assert "budget · Max" in words
            assert "holidays · Dana" in words
        assert seen(play, "max", AGENDA).labels == ["Talked about it", "Talked about it", "Add an item", "1:1 list", "Why?"]

    def test_it_has_sections_and_obstacles_from_check_ins_but_no_status(self, play: Play) -> None:
        blocked(play, "mina@acme.example", goals="#1", text="The survey tool is down", private="Between us")
        met(play)
        for topic, text in (("decision", "Two or three steps"), ("development", "A course"), ("support", "Help with legal")):
            form = play.form(play.act("max", Action(Verb.OPEN_ITEM)))
            play.submit("max", form, {"What is it about?": topic, "What do you want to talk about?": text})
        play.move_to(berlin(1, 12, month=12))
        for name in ("max", "dana"):
            words = seen(play, name, AGENDA).words
            wanted = ["Support", "Help with legal", "Obstacle", "The survey tool is down", "Development", "A course", "Decision"]
            places = [words.index(word) for word in wanted]
            assert places == sorted(places)
            assert "at risk" not in words.casefold()
            assert "%" not in words
            assert "Between us" not in words

    def test_without_anything_to_talk_about_nobody_hears(self, play: Play) -> None:
        met(play)
        play.move_to(berlin(8, 18, month=12))
        assert keys(play, "dana", AGENDA) == keys(play, "max", AGENDA) == []

    def test_an_item_that_comes_later_stands_in_the_same_message(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.move_to(berlin(24, 12, 30))
        play.say("dana", "1:1 with Max: holidays")
        play.tick()
        assert "holidays" in seen(play, "max", AGENDA).words
        assert "holidays" in seen(play, "dana", AGENDA).words
        assert len(keys(play, "max", AGENDA)) == len(keys(play, "dana", AGENDA)) == 1

    def test_ticking_off_changes_both_messages_in_place(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.say("max", "1:1: training")
        play.move_to(berlin(24, 14, 30))
        before = len(play.chat("dana"))
        play.press("dana", "Talked about it", about="budget", message=seen(play, "dana", AGENDA))
        play.tick()
        for name in ("max", "dana"):
            message = seen(play, name, AGENDA)
            assert "budget: talked about" in message.words
            assert message.labels.count("Talked about it") == 1
        assert len(play.chat("dana")) == before
        play.press("max", "Talked about it", about="training", message=seen(play, "max", AGENDA))
        play.tick()
        for name in ("max", "dana"):
            assert "everything on the list was talked about" in seen(play, name, AGENDA).words
        assert names(play).count("nudge:one_on_one.agenda:acted") == 2

    def test_what_was_not_talked_about_is_carried_over_and_the_card_is_put_away_in_the_evening(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.move_to(berlin(24, 17))
        assert "Talked about it" in seen(play, "dana", AGENDA).labels
        assert "carried over" not in seen(play, "dana", AGENDA).words
        play.move_to(berlin(25, 9))
        for name in ("max", "dana"):
            assert "what is still open stays on the list" in seen(play, name, AGENDA).words
            assert seen(play, name, AGENDA).labels == ["1:1 list"]
        play.say("max", "1:1: training")
        play.move_to(berlin(1, 12, month=12))
        for name in ("max", "dana"):
            words = seen(play, name, AGENDA).words
            assert "budget · Max, since Monday 23 November · carried over" in words
            assert "training · Max, since Wednesday 25 November\n" in words
            assert len(keys(play, name, AGENDA)) == 2
        assert keys(play, "dana", ITEM) == []

    def test_where_either_is_away_that_day_it_is_the_next_one(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.say("dana", "/away 2026-11-24..2026-11-25")
        play.move_to(berlin(30, 18))
        assert keys(play, "dana", AGENDA) == keys(play, "max", AGENDA) == []
        play.move_to(berlin(1, 12, month=12))
        assert len(keys(play, "dana", AGENDA)) == len(keys(play, "max", AGENDA)) == 1

    def test_leave_that_is_told_after_the_agenda_puts_it_away(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.move_to(berlin(24, 12, 30))
        play.say("max", "/away 2026-11-24..2026-11-25")
        play.tick()
        play.say("dana", "1:1 with Max")
        assert "The next one is on Tuesday 1 December, 14:00" in last(play, "dana")
        play.move_to(berlin(1, 13, month=12))
        assert len(keys(play, "dana", AGENDA)) == 2

    def test_several_on_one_day_are_one_message_before_the_first(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.say("mina", "원온원 매주 화요일 16:00")
        play.say("mina", "원온원: 휴가")
        play.move_to(berlin(24, 17))
        assert when(play, "dana", AGENDA) == [berlin(24, 12)]
        words = seen(play, "dana", AGENDA).words
        assert "budget" in words and "휴가" in words
        assert when(play, "mina", AGENDA) == [berlin(24, 14)]
        assert "11월 24일 화요일 16:00에 Dana 님과 1:1이 있습니다" in seen(play, "mina", AGENDA).words

    def test_it_is_not_sent_any_more_once_they_meet(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.hold_back.add(email_of("dana"))
        play.move_to(berlin(24, 13))
        play.move_to(berlin(24, 14, 1))
        play.hold_back.clear()
        play.move_to(berlin(24, 17))
        assert keys(play, "dana", AGENDA) == []
        assert len(keys(play, "max", AGENDA)) == 1

    def test_early_meetings_are_told_the_working_day_before(self, play: Play) -> None:
        met(play, "1:1 with Dana every Tuesday 09:30").say("max", "1:1: budget")
        play.move_to(berlin(24, 9))
        assert when(play, "max", AGENDA) == [berlin(23, 16, 30)]

    def test_hr_sets_how_long_before_and_may_switch_it_off(self, play: Play) -> None:
        play.say("boss", "/nudges set one_on_one.agenda 1d")
        play.press("boss", "Confirm")
        met(play, "1:1 with Dana every Thursday 14:00").say("max", "1:1: budget")
        play.move_to(berlin(26, 9))
        assert when(play, "max", AGENDA) == [berlin(25, 14)]
        play.say("boss", "/nudges set one_on_one.agenda off")
        play.press("boss", "Confirm")
        play.move_to(berlin(4, 17, month=12))
        assert len(keys(play, "max", AGENDA)) == 1
        assert len(keys(play, "dana", ITEM)) == 1

    def test_the_explanation_names_the_other_one_who_was_told(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.move_to(berlin(24, 12))
        play.press("max", "Why?", message=seen(play, "max", AGENDA))
        assert "Nobody else was told" not in last(play, "max")
        assert "Also told: Dana (Tuesday 24 November, 12:00" in last(play, "max")

    def test_at_the_hour_of_the_digest_it_stands_beside_it(self, play: Play) -> None:
        hr_says(play, "manager.digest.gather", "5d")  # so that there is a digest on both days
        met(play, "1:1 with Dana every Tuesday 12:00").say("max", "1:1: budget")
        play.move_to(berlin(8, 10, month=12))
        assert when(play, "dana", AGENDA)[-1] == when(play, "dana", "decisions:digest:")[-1] == berlin(8, 10, month=12)
        assert "budget · Max" in seen(play, "dana", AGENDA).words
        assert "budget" not in seen(play, "dana", "decisions:digest:").words
        play.move_to(berlin(15, 10, month=12))  # one message is left of that day's two
        assert when(play, "dana", AGENDA)[-1] == berlin(8, 10, month=12)
        message = seen(play, "dana", "decisions:digest:")
        assert "budget · Max" in message.words
        play.say("max", "1:1: training")
        play.press("dana", "Talked about it", about="budget", message=message)
        play.tick()
        assert "budget: talked about" in message.words
        assert "Show team" in message.labels  # it is still the digest

    def test_it_explains_itself_and_can_be_muted(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.move_to(berlin(24, 12))
        explained(play, ("max", AGENDA, "Why?"), ("dana", AGENDA, "Why?"))
        assert "You have a 1:1 with Max soon" in last(play, "dana")
        play.say("max", "/rondo mute one_on_one.agenda")
        play.move_to(berlin(1, 17, month=12))
        assert len(keys(play, "max", AGENDA)) == 1
        assert len(keys(play, "dana", AGENDA)) == 2

    def test_the_clock_change_and_a_move_to_another_zone_do_not_shift_it(self, play: Play) -> None:
        met(play).say("max", "1:1: budget")
        play.move_to(datetime.fromisoformat("2027-03-31T00:00:00+02:00"))
        local = [at.astimezone(play.store_zone(email_of("max"))) for at in when(play, "max", AGENDA)]
        assert len(local) > 10
        assert {(at.weekday(), at.hour, at.minute) for at in local} == {(1, 12, 0)}
        assert {at.utcoffset() for at in local[-2:]} != {local[0].utcoffset()}
        play.with_people(person("max", manager="dana", zone="Europe/London", one_on_one=stored(play, "max").one_on_one))
        play.move_to(datetime.fromisoformat("2027-04-07T00:00:00+02:00"))
        assert when(play, "max", AGENDA)[-1] == datetime.fromisoformat("2027-04-06T12:00:00+01:00")
        assert when(play, "dana", AGENDA)[-1] == datetime.fromisoformat("2027-04-06T13:00:00+02:00")

    def test_a_new_manager_gets_what_is_on_the_list_of_one_who_left(self, play: Play) -> None:
        play.say("max", "1:1: budget")
        play.with_people(person("dana", manager="boss", end_date=date(2026, 11, 24)), person("tom"), person("max", manager="tom"))
        play.move_to(berlin(30, 10))
        play.say("tom", "1:1")
        assert "budget" in last(play, "tom") or "Nothing is on" in last(play, "tom")
        play.say("max", "1:1 with Tom every Tuesday 14:00")
        play.move_to(berlin(1, 12, month=12))
        assert "budget · Max" in seen(play, "tom", AGENDA).words
        assert "budget · Max" in seen(play, "max", AGENDA).words
