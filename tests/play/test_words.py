"""Answers in plain words beside what the form, a button or earlier words of the same week said, on both databases."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from bot.events import Closed
from bot.model import Answer, Blocker, Cause
from bot.talk.cards import Form
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.owed import blocked, owed
from tests.play.seen import stored
from tests.play.test_checkin import checkins_of

LEGAL, VENDOR = "legal and vendor", "어휘 검수"


def answer(play: Play, name: str, goal_id: str) -> Answer:
    [found] = [one for week in checkins_of(play, name) for one in week.answers if one.goal_id == goal_id]
    return found


def card(play: Play, name: str) -> str:
    return next(seen.words for seen in reversed(play.chat(name)) if seen.key.startswith("checkin:"))


def current(play: Play, goal_id: str) -> Decimal | None:
    return stored(play, goal_id).key_results[0].current


# ------------------------------------------------------------------------------------------------ an obstacle is gone


@pytest.mark.parametrize(
    "words",
    [
        "customers on track, no longer blocked by legal",
        "customers at risk, no longer blocked by legal",
        "customers at risk. Nothing is blocking us any more",
        "customers at risk and no blockers",
        "customers no longer blocked",
        "no blockers",
        "unblocked",
        "not blocked any more",
        "I'm no longer blocked by legal, thanks!",
        "막힌 것 없어요",
        "더 이상 막히지 않아요",
        "걸림돌이 해결됐어요",
    ],
)
def test_words_take_an_obstacle_away(play: Play, words: str) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", f"customers at risk, blocked by {LEGAL}")
    assert f"Blocker: {LEGAL}" in card(play, "max")
    [asked] = owed(play)
    play.say("max", words)
    assert "Blocker" not in card(play, "max")
    said = answer(play, "max", "O2")
    assert said.blocker is None
    assert said.status == ("on_track" if "on track" in words else "at_risk"), "words about the obstacle alone keep the status"
    assert [one.done_at for one in owed(play) if one.id == asked.id] == [play.now], "and nobody is asked to remove it"


@pytest.mark.parametrize("words", ["더 이상 막히지 않아요, 순조로워요", "순조롭고 막힌 것 없어요", "막힌 게 없어요"])
def test_korean_words_take_an_obstacle_away(play: Play, words: str) -> None:
    play.move_to(berlin(26, 11))
    play.say("mina", f"위험해요, {VENDOR}에 막혔어요")
    assert f"걸림돌: {VENDOR}" in card(play, "mina")
    play.say("mina", words)
    assert "걸림돌" not in card(play, "mina")
    assert answer(play, "mina", "O3").blocker is None


@pytest.mark.parametrize(
    "words",
    [
        "not unblocked yet",
        "any blockers",
        "hopefully not blocked soon",
        "Mina is no longer blocked",
        "막혔는데 아직 해결되지 않았어요",
        "막힌 것 없나요?",
    ],
)
def test_an_obstacle_stays_where_nobody_said_for_sure_that_it_is_gone(play: Play, words: str) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", f"customers at risk, blocked by {LEGAL}")
    play.say("max", words)
    assert f"Blocker: {LEGAL}" in card(play, "max")
    assert [one.done_at for one in owed(play)] == [None]


def test_of_two_obstacles_the_one_that_is_gone_is_asked_for(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "customers at risk, blocked by legal; portal at risk, blocked by finance")
    play.say("max", "no blockers")
    assert "Which goal do you mean? Nothing was saved yet." in play.chat("max")[-1].words
    play.say("max", "portal no longer blocked")
    assert answer(play, "max", "O1").blocker is None
    assert answer(play, "max", "O2").blocker == Blocker(text="legal")


def test_without_an_obstacle_there_is_nothing_to_take_away(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "no blockers")
    assert "not sure what you mean" in play.chat("max")[-1].words
    assert not any(week.answers for week in checkins_of(play, "max"))


def test_an_obstacle_of_an_earlier_week_is_gone_too(play: Play) -> None:
    blocked(play)
    play.move_to(berlin(3, 11, month=12))
    play.say("max", "customers at risk, no longer blocked")
    assert [one.done_at for one in owed(play)] == [play.now]


def test_another_obstacle_after_one_that_is_gone_is_a_new_one(play: Play) -> None:
    blocked(play, "mina@acme.example")
    play.move_to(berlin(26, 12))
    play.say("max", "customers at risk, no longer blocked by the survey tool, blocked by finance")
    assert answer(play, "max", "O2").blocker == Blocker(text="finance")
    old, new = owed(play)
    assert (old.done_at, new.done_at) == (play.now, None)
    assert (old.holder_id, new.holder_id) == (person("mina").id, person("dana").id)


# ----------------------------------------------------------------------------- what was written in the form is not lost


def written(play: Play, note: str = "Slides are ready") -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    values = {"Status": "at_risk", "Note": note, "Blocker": "Survey tool"}
    values |= {"Cause of the blocker": "dependency", "Who can remove it?": "mina@acme.example"}
    play.submit("max", form, {f"{label}#1": value for label, value in values.items()})


def test_a_note_in_words_stands_below_the_one_of_the_form(play: Play) -> None:
    written(play)
    play.say("max", "customers at risk, see slide 7")
    assert answer(play, "max", "O2").note == "Slides are ready\nsee slide 7"
    play.say("max", "customers at risk, see slide 7")
    assert answer(play, "max", "O2").note == "Slides are ready\nsee slide 7", "the same is not written twice"


def test_a_note_for_which_the_form_has_no_room_is_not_saved_and_its_writer_hears_it(play: Play) -> None:
    written(play, note="n" * 995)
    play.say("max", "customers off track, see slide 7")
    said = answer(play, "max", "O2")
    assert (said.status, said.note) == ("off_track", "n" * 995)
    assert "no room for “see slide 7”, so that was not saved" in play.chat("max")[-1].words


def test_another_obstacle_in_words_keeps_its_cause_and_who_is_asked(play: Play) -> None:
    written(play)
    play.say("max", "customers at risk, blocked by finance")
    assert answer(play, "max", "O2").blocker == Blocker(text="finance", cause=Cause.DEPENDENCY, remover="mina@acme.example")
    [one] = owed(play)
    assert (one.text, one.holder_id, one.done_at) == ("finance", person("mina").id, None)


def test_a_note_about_all_goals_stands_below_what_the_form_said(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.submit("max", form, {"Status#0": "at_risk", "What should be adjusted?": "Fewer meetings"})
    play.say("max", "all on track, see slide 7")
    assert checkins_of(play, "max")[0].adjust == "Fewer meetings\nsee slide 7"


def closed(play: Play, form: Form, typed: Mapping[str, str] | None = None) -> None:
    """Max closes the form unsent, with what it shows and what he typed by field."""
    values = {field.id: field.value for field in form.fields()} | dict(typed or {})
    play.turn.take(Closed(id=play._id(), at=play.now, by=play.address(email_of("max")), action=form.action, values=values))


# ------------------------------------------------------------------------------------ a number waits for its status


@pytest.fixture
def asked(play: Play) -> Play:
    """Max wrote a number of a goal of which nobody said yet how it is doing."""
    play.move_to(berlin(26, 11))
    play.say("max", "portal at 40%, see slide 7")
    question = play.chat("max")[-1].words
    assert "How is this goal doing? “Pages live: 40%” waits for your answer and is saved together with it" in question
    assert "Nothing was saved" not in question
    assert current(play, "O1") is None
    return play


def test_the_button_of_the_question_saves_the_number(asked: Play) -> None:
    asked.press("max", "At risk", about="portal")
    assert current(asked, "O1") == Decimal(40)
    assert "40 % (target 100 %)" in card(asked, "max")
    said = answer(asked, "max", "O1")
    assert (said.status, said.note, said.values) == ("at_risk", "see slide 7", {"K1": Decimal(40)})


def test_the_checkins_own_button_saves_it_as_well(asked: Play) -> None:
    asked.press("max", "On track", about="portal", message=asked.chat("max")[0])
    assert current(asked, "O1") == Decimal(40)


@pytest.mark.parametrize("words", ["portal on track", "all on track"])
def test_the_next_words_save_the_number(asked: Play, words: str) -> None:
    asked.say("max", words)
    assert current(asked, "O1") == Decimal(40)


def test_korean_words_save_the_number(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("mina", "앱 14%")
    assert "“출시 진행률: 14%” 내용은" in play.chat("mina")[-1].words
    play.say("mina", "순조로워요")
    assert current(play, "O3") == Decimal(14)
    assert "14 %" in card(play, "mina")


def test_the_form_shows_the_number(asked: Play) -> None:
    form = asked.form(asked.press("max", "Open form", about="portal"))
    fields = {field.id: field.value for field in form.fields()}
    assert (fields["value:K1"], fields["note:O1"]) == ("40%", "see slide 7")
    asked.submit("max", form, {"Status": "off_track", "Pages live": "41"})
    assert current(asked, "O1") == Decimal(41)
    asked.press("max", "On track", about="portal", message=asked.chat("max")[-1])
    assert current(asked, "O1") == Decimal(41), "what waited is over"


def test_another_number_takes_its_place(asked: Play) -> None:
    first = asked.chat("max")[-1]
    asked.say("max", "portal at 45%")
    asked.press("max", "On track", about="portal", message=first)
    assert current(asked, "O1") == Decimal(45)


def test_a_status_with_a_number_of_its_own_wins(asked: Play) -> None:
    asked.say("max", "portal on track at 50%")
    assert current(asked, "O1") == Decimal(50)
    asked.press("max", "At risk", about="portal", message=asked.chat("max")[-1])
    assert current(asked, "O1") == Decimal(50)


@pytest.mark.parametrize("unsent", [False, True])
def test_the_number_waits_while_another_goal_is_answered(asked: Play, unsent: bool) -> None:
    question = asked.chat("max")[-1]
    if unsent:
        form = asked.form(asked.press("max", "Open form", about="portal", message=question))
        closed(asked, form)
    asked.press("max", "On track", about="customers", message=asked.chat("max")[0])
    asked.press("max", "On track", about="portal", message=question)
    assert current(asked, "O1") == Decimal(40)


def test_a_number_typed_into_a_form_that_was_closed_unsent_is_not_said(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    closed(play, form, {"value:K1": "77"})
    play.press("max", "On track", about="portal", message=play.chat("max")[0])
    assert current(play, "O1") is None


def test_what_is_clear_is_saved_where_only_another_goals_status_is_missing(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "customers at risk, portal at 40%")
    assert answer(play, "max", "O2").status == "at_risk"
    play.press("max", "On track", about="portal")
    assert current(play, "O1") == Decimal(40)
    assert "Saved on" in card(play, "max")


def test_a_number_said_before_the_week_is_asked_about_does_not_stop_the_question(play: Play) -> None:
    play.with_goals(goal("O9", "dana", "Restore drills", result("K9", "Drills run", "drills", 0, 12)))
    play.say("dana", "drills at 4")
    play.move_to(berlin(26, 11))
    assert "Hi Dana" in play.chat("dana")[-1].words
    play.press("dana", "On track", about="drills")
    assert current(play, "O9") == Decimal(4)
