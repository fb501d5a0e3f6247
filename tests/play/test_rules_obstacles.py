"""Obstacles that check-ins report, as people live them, on both databases."""

import threading

import pytest
from sqlalchemy import select

from bot.events import Pressed
from bot.ports import Outcome
from storage.schema import duty
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.owed import DONE, OBSTACLE, blocked, entries, explained, keys, names, owed, seen, when


def test_without_a_name_the_manager_hears_of_an_obstacle_after_two_working_days(play: Play) -> None:
    blocked(play, private="I am worried about this")
    play.move_to(berlin(30, 10, 59))
    assert keys(play, "dana", OBSTACLE) == []
    play.move_to(berlin(30, 11))
    message = seen(play, "dana", OBSTACLE)
    assert message.at == berlin(30, 11)
    assert "The survey tool is down" in message.words
    assert "Happier customers" in message.words
    assert "worried" not in message.words
    assert message.labels == ["Obstacle removed", "Why?"]
    play.move_to(berlin(31, 12, month=12))
    assert len(keys(play, "dana", OBSTACLE)) == 1


def test_who_can_remove_it_is_asked_first_and_the_manager_two_days_after_that_arrived(play: Play) -> None:
    blocked(play, "Ask mina@acme.example, she knows")
    play.move_to(berlin(2, 10, 59, month=12))
    assert when(play, "mina", OBSTACLE) == [berlin(30, 11)]
    assert keys(play, "dana", OBSTACLE) == []
    play.move_to(berlin(2, 11, month=12))
    assert "Mina was asked first" in seen(play, "dana", OBSTACLE).words


def test_the_next_one_does_not_hear_before_the_first_message_arrived(play: Play) -> None:
    blocked(play, "mina@acme.example")
    play.hold_back.add(email_of("mina"))
    play.unreachable.add(email_of("mina"))
    play.move_to(berlin(18, 12, month=12))
    assert keys(play, "dana", OBSTACLE) == []


@pytest.mark.parametrize(
    ("words", "holder"),
    [
        ("Boss", "boss"),
        ("boss, I think", "boss"),
        ("Boss님께", "boss"),
        ("Bossman", "dana"),
        ("Emboss", "dana"),
        ("Boss or Dana", "dana"),
        ("mina@acme.example or boss@acme.example", "dana"),
        ("Max", "dana"),
        ("the legal team", "dana"),
        ("somebody@elsewhere.example", "dana"),
        ("mina@acme.example.org", "dana"),
    ],
)
def test_only_words_that_name_exactly_one_known_person_are_a_name(play: Play, words: str, holder: str) -> None:
    blocked(play, words)
    (one,) = owed(play)
    assert one.holder_id == person(holder).id


def test_a_mention_in_a_form_names_somebody(play: Play) -> None:
    account = email_of("mina")
    with play.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE address SET \"user\" = 'U0MINA' WHERE \"user\" = '{account}'")
    blocked(play, "<@U0MINA>")
    assert owed(play)[0].holder_id == person("mina").id


def test_the_coordinator_of_a_cross_team_goal_comes_before_the_manager(play: Play) -> None:
    play.with_people(person("kim", manager="boss"))
    crossing = goal("O2", "max", "Happier customers", result("K2", "NPS"), kind="aspirational", coordinator_id=person("kim").id)
    play.with_goals(crossing)
    blocked(play)
    play.move_to(berlin(2, 11, month=12))
    assert when(play, "kim", OBSTACLE) == [berlin(30, 11)]
    assert when(play, "dana", OBSTACLE) == [berlin(2, 11, month=12)]


def test_the_next_ones_clock_starts_when_the_first_message_arrives(play: Play) -> None:
    """Kim leads nobody and owns nothing: no other reason to look at her desk on that Wednesday."""
    play.with_people(person("kim", manager="boss"))
    crossing = goal("O2", "max", "Happier customers", result("K2", "NPS"), kind="aspirational", coordinator_id=person("kim").id)
    play.with_goals(crossing)
    blocked(play, "mina@acme.example")
    play.move_to(berlin(4, 12, month=12))
    assert when(play, "kim", OBSTACLE) == [berlin(2, 11, month=12)]


def test_the_obstacle_is_gone_and_its_owner_hears_it(play: Play) -> None:
    blocked(play, "mina@acme.example")
    play.move_to(berlin(30, 12))
    message = seen(play, "mina", OBSTACLE)
    play.press("mina", DONE, message=message)
    assert DONE not in message.labels
    assert play.chat("mina")[-1] is message
    play.tick()
    news = seen(play, "max", OBSTACLE)
    assert "Mina says this obstacle is gone: “The survey tool is down”. What should be adjusted?" in news.words
    assert "On track" in news.labels
    play.move_to(berlin(30, 13))
    play.press("max", "On track", message=news)
    play.move_to(berlin(9, 12, month=12))
    assert "Happier customers: updated" in news.words
    assert keys(play, "dana", OBSTACLE) == []
    assert len(keys(play, "max", OBSTACLE)) == 1
    assert "nudge:blocker.unresolved:acted" in names(play)


def test_back_on_track_nobody_is_asked_and_what_was_said_is_marked_done(play: Play) -> None:
    blocked(play, "mina@acme.example")
    play.move_to(berlin(30, 12))
    message = seen(play, "mina", OBSTACLE)
    play.say("max", "customers on track")
    play.tick()
    assert DONE not in message.labels
    assert "The survey tool is down: " in message.words
    play.move_to(berlin(9, 12, month=12))
    assert keys(play, "dana", OBSTACLE) == []
    assert keys(play, "max", OBSTACLE) == []


def test_an_obstacle_taken_out_of_the_form_is_gone(play: Play) -> None:
    blocked(play, "mina@acme.example")
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.submit("max", form, {"Blocker#1": ""})
    assert [one.done_at is None for one in owed(play)] == [False]
    play.move_to(berlin(9, 12, month=12))
    assert keys(play, "mina", OBSTACLE) == []


def test_an_obstacle_of_last_week_stands_in_the_form_and_a_tap_leaves_it(play: Play) -> None:
    blocked(play, "mina@acme.example")
    play.move_to(berlin(3, 11, month=12))
    card = play.chat("max")[-1]
    play.press("max", "Off track", about="customers", message=card)
    assert [one.done_at for one in owed(play)] == [None]
    form = play.form(play.press("max", "Open form", message=card))
    field = next(one for one in form.fields() if one.id == "blocker:O2")
    assert field.value == "The survey tool is down"
    play.submit("max", form, {})
    assert [one.done_at for one in owed(play)] == [None]


def test_another_person_who_can_remove_it_gets_a_new_question(play: Play) -> None:
    blocked(play, "mina@acme.example")
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.move_to(berlin(26, 12))
    play.submit("max", form, {"Who can remove it?#1": "boss@acme.example", "Blocker#1": "The survey tool is gone"})
    play.move_to(berlin(30, 12))
    assert keys(play, "mina", OBSTACLE) == []
    assert "The survey tool is gone" in seen(play, "boss", OBSTACLE).words


def test_words_report_an_obstacle_too(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "customers at risk, blocked by the survey tool")
    play.move_to(berlin(30, 12))
    assert "survey tool" in seen(play, "dana", OBSTACLE).words


def test_who_holds_the_decision_request_is_not_asked_about_its_obstacle_besides(play: Play) -> None:
    blocked(play, goals="#0")
    assert keys(play, "dana", "escalation:")
    assert owed(play) == []
    play.press("dana", "Acknowledge")
    play.move_to(berlin(9, 12, month=12))
    assert keys(play, "dana", OBSTACLE) == []


def test_who_can_remove_it_is_asked_beside_the_decision_request(play: Play) -> None:
    blocked(play, "mina@acme.example", goals="#0")
    play.press("dana", "Acknowledge")
    play.move_to(berlin(9, 12, month=12))
    assert len(keys(play, "mina", OBSTACLE)) == 1
    assert keys(play, "dana", OBSTACLE) == []


def test_a_decision_asked_for_later_takes_the_obstacle_along(play: Play) -> None:
    play.say("max", "launch at 40%, blocked by legal")  # not asked yet: no escalation follows by itself
    assert [one.holder_id for one in owed(play)] == [person("dana").id]
    play.press("max", "I need a decision")
    assert [one.done_at is None for one in owed(play)] == [False]


def test_an_obstacle_waits_for_nobody_who_is_away(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    play.say("dana", "/away 2026-11-24..2026-12-11")
    blocked(play)
    play.move_to(berlin(30, 12))
    assert len(keys(play, "tom", OBSTACLE)) == 1
    assert keys(play, "dana", OBSTACLE) == []


def test_the_deputy_of_an_absent_manager_is_next(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    blocked(play, "mina@acme.example")
    play.say("dana", "/away 2026-11-30..2026-12-11")
    play.move_to(berlin(4, 12, month=12))
    assert len(keys(play, "tom", OBSTACLE)) == 1
    play.move_to(berlin(18, 12, month=12))
    assert keys(play, "dana", OBSTACLE) == []


def test_switched_off_no_obstacle_is_brought_to_anybody(play: Play) -> None:
    play.say("boss", "/nudges set blocker.unresolved off")
    play.press("boss", "Confirm")
    blocked(play, "mina@acme.example")
    play.move_to(berlin(9, 12, month=12))
    assert keys(play, "mina", OBSTACLE) == keys(play, "dana", OBSTACLE) == []


def test_two_people_close_one_duty_at_once(play: Play) -> None:
    play.with_people(person("kim"))  # nobody stands above both of them
    blocked(play, "kim@acme.example")
    play.move_to(berlin(2, 12, month=12))
    action = play.button("kim", "Obstacle removed").action
    outcomes: list[Outcome] = []

    def press(name: str) -> None:
        event = Pressed(id=f"at once {name}", at=play.now, by=play.address(email_of(name)), action=action)
        outcomes.append(play.turn.take(event))

    threads = [threading.Thread(target=press, args=(name,)) for name in ("kim", "dana")]
    with play.engine.begin() as connection:
        connection.execute(select(duty).with_for_update())  # nobody can write it now: both get as far as they can
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=0.3)
    for thread in threads:
        thread.join()
    assert [one.known for one in outcomes] == [True, True]
    assert len(entries(play, "duty:blocker:closed")) == 1
    play.tick()
    assert len(keys(play, "max", OBSTACLE)) == 1


def test_every_message_about_an_obstacle_explains_itself(play: Play) -> None:
    blocked(play, "mina@acme.example")
    play.move_to(berlin(2, 12, month=12))
    explained(play, ("mina", OBSTACLE, "왜 받았나요?"), ("dana", OBSTACLE, "Why?"))
    play.press("dana", "Obstacle removed")
    play.tick()
    explained(play, ("max", OBSTACLE, "Why?"))
