"""First contact, language, help and the rest of what people say, on both databases."""

from dataclasses import replace
from decimal import Decimal

from bot.events import Closed, Measured
from tests.play.company import Play, berlin, email_of, person


def test_first_contact_is_one_privacy_page(play: Play) -> None:
    play.with_people(person("new", manager="dana", welcomed=False))
    play.say("new", "hello")
    assert "What I store" in play.chat("new")[0].words
    play.say("new", "help")
    assert sum("What I store" in seen.words for seen in play.chat("new")) == 1


def test_whom_rondo_writes_to_first_reads_what_is_stored_on_that_card(play: Play) -> None:
    play.with_people(person("new", manager="dana", welcomed=False), person("neu", manager="dana", welcomed=False, language="ko"))
    play.move_to(berlin(26, 11))
    (asked,) = play.chat("new")
    assert "We have not met yet" in asked.words and "“/rondo privacy”" in asked.words
    assert "처음 인사드립니다" in play.chat("neu")[0].words
    assert "We have not met" not in play.transcript("max")
    play.say("new", "/rondo privacy")
    assert "What I store" in play.chat("new")[1].words, "the page itself, before anything else is said"
    play.say("new", "skip this week: ill")
    assert "We have not met yet" not in play.chat("new")[0].words
    assert sum("What I store" in seen.words for seen in play.chat("new")) == 1


def test_a_stranger_changes_nothing(play: Play) -> None:
    outcome = play.say("stranger", "/checkin")
    assert not outcome.known
    assert outcome.decision is None
    again = play.say("stranger", "/checkin", event_id="event:1")
    assert again.decision is None


def test_language_is_a_choice(play: Play) -> None:
    play.say("max", "/rondo language ko")
    assert "한국어" in play.chat("max")[-1].words
    play.move_to(berlin(26, 11))
    assert "순조로움" in play.chat("max")[-1].labels
    play.say("max", "/rondo language en")
    assert "English" in play.chat("max")[-1].words


def test_goals_are_listed_with_their_numbers(play: Play) -> None:
    play.say("max", "/goals")
    words = play.chat("max")[-1].words
    assert "Launch the new portal" in words
    assert "Committed" in words
    assert "Aspirational" in words
    form = play.form(play.press("max", "Update", about="customers"))
    assert [field.label for field in form.fields()].count("Status") == 1
    play.submit("max", form, {"Status": "on_track", "NPS": "30"})
    play.say("max", "/goals")
    assert "30 (target 50 points)" in play.chat("max")[-1].words


def test_help_names_the_commands_and_hr_sees_more(play: Play) -> None:
    play.say("max", "/rondo help")
    assert "/away" in play.chat("max")[-1].words
    assert "/nudges" not in play.chat("max")[-1].words
    play.say("boss", "/rondo help")
    assert "/nudges" in play.chat("boss")[-1].words


def test_settings_and_history(play: Play) -> None:
    play.say("max", "/checkin settings")
    assert "every Thursday at 10:00" in play.chat("max")[-1].words
    assert "Europe/Berlin" in play.chat("max")[-1].words
    play.say("max", "/checkin history")
    assert "no check-ins yet" in play.chat("max")[-1].words
    play.move_to(berlin(26, 11))
    play.say("max", "all on track")
    play.say("max", "/checkin history")
    assert "answered" in play.chat("max")[-1].words


def test_home_shows_goals(play: Play) -> None:
    outcome = play.opens_home("max")
    assert outcome.decision is not None
    assert outcome.decision.reply is not None


def test_away_and_back(play: Play) -> None:
    play.say("max", "/away 2026-12-24..2026-12-31")
    assert "Thursday 24 December" in play.chat("max")[-1].words
    assert "Thursday 31 December" in play.chat("max")[-1].words
    play.say("max", "/away back")
    assert "is taken back" in play.chat("max")[-1].words
    play.say("max", "/away 2026-11-20..2026-12-01")
    play.say("max", "/away back")
    assert "Welcome back" in play.chat("max")[-1].words
    play.say("max", "/away back")
    assert "not away" in play.chat("max")[-1].words


def test_hostile_words_stay_words(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form"))
    play.submit("max", form, {"Status#0": "at_risk", "Blocker#0": "<!channel> *bold* <@U1>", "Status#1": "on_track"})
    assert "<!channel> *bold* <@U1>" in play.chat("max")[0].words
    assert "<!channel> *bold* <@U1>" in next(s for s in play.chat("dana") if s.key.startswith("escalation:")).words
    assert play.chat("max")[0].at <= play.now
    assert email_of("max") in play.chats


def test_only_what_is_said_now_moves_a_number(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "portal at 40%, on track")
    play.turn.take(Measured(id="m1", at=play.now, key_result="K2", value=Decimal(33), note="", source="survey"))
    with play.imports.begin() as imported:
        known = next(one for one in imported.read_goals() if one.id == "O1")
        newer = tuple(replace(part, current=Decimal(70)) for part in known.key_results)
        imported.apply_goals([replace(known, key_results=newer)], at=play.now, cause="import")
    play.say("max", "portal is at risk")
    play.say("max", "customers on track")
    play.say("max", "/goals")
    words = play.chat("max")[-1].words
    assert "70 % (target 100 %)" in words and "33 (target 50 points)" in words


def test_words_do_not_overwrite_what_a_machine_reports(play: Play) -> None:
    play.turn.take(Measured(id="m1", at=play.now, key_result="K1", value=Decimal(61), note="", source="grafana"))
    play.say("max", "portal at 40%, on track")
    assert "grafana" in play.chat("max")[-1].words
    play.say("max", "/goals")
    assert "61 % (target 100 %)" in play.chat("max")[-1].words


def test_a_quick_button_keeps_the_draft_of_the_form(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form"))
    closed = Closed(
        id="c1",
        at=play.now,
        by=play.address(email_of("max")),
        action=form.action,
        values={"wins": "Two clinics", "note:O1": "slow"},
    )
    play.turn.take(closed)
    play.press("max", "At risk", about="customers", message=play.chat("max")[0])
    again = {field.id: field.value for field in play.form(play.press("max", "Open form")).fields()}
    assert again["wins"] == "Two clinics" and again["note:O1"] == "slow" and again["status:O2"] == "at_risk"
