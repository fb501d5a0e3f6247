"""The weekly check-in as a person lives it, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from bot.model import CheckIn, CheckInState, person_id
from storage import rows
from storage.schema import checkin
from tests.play.company import Play, berlin, email_of, goal, person, result


def prompts(play: Play, name: str) -> list[str]:
    return [key for _, email, key in play.sent if email == email_of(name) and key.startswith("checkin:")]


def reminders(play: Play, name: str) -> list[str]:
    return [key for _, email, key in play.sent if email == email_of(name) and key.startswith("reminder:")]


def test_everybody_is_asked_on_thursday_at_ten_of_their_own_time(play: Play) -> None:
    play.with_people(person("joe", manager="boss", zone="America/New_York"), person("kim", manager="boss", zone="Asia/Seoul"))
    play.move_to(berlin(27))
    when = {email: at for at, email, key in play.sent if key.startswith("checkin:")}
    assert when[email_of("max")] == berlin(26, 10)
    assert when[email_of("joe")] == berlin(26, 16)
    assert when[email_of("kim")] == berlin(26, 2)
    assert len(when) == 6


def checkins_of(play: Play, name: str) -> list[CheckIn]:
    with play.engine.connect() as connection:
        mine = select(checkin).where(checkin.c.person_id == person_id(email_of(name)))
        return [rows.checkin(row) for row in connection.execute(mine).mappings()]


def test_one_prompt_per_person_and_week(play: Play) -> None:
    play.move_to(berlin(18, month=12))
    assert [len(prompts(play, name)) for name in ("boss", "dana", "max", "mina")] == [4, 4, 4, 4]


def test_two_reminders_and_then_silence(play: Play) -> None:
    play.move_to(berlin(26, 13, 59))
    assert reminders(play, "max") == []
    play.move_to(berlin(26, 14))
    assert len(reminders(play, "max")) == 1
    play.move_to(berlin(27, 10))
    assert len(reminders(play, "max")) == 2
    play.move_to(berlin(2, month=12))
    assert len(reminders(play, "max")) == 2


def test_an_answer_by_button_changes_the_same_card_and_ends_the_reminders(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.press("max", "On track", about="portal")
    play.press("max", "On track", about="customers")
    card = play.chat("max")[-1]
    assert "Saved on Thursday 26 November, 11:00" in card.words
    assert "On track" not in card.labels
    assert "Open form" in card.labels
    assert len(prompts(play, "max")) == 1
    play.move_to(berlin(1, month=12))
    assert reminders(play, "max") == []


def test_a_reminder_counts_only_what_is_left(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.press("max", "On track", about="portal")
    play.move_to(berlin(26, 15))
    assert "one goal is waiting" in play.chat("max")[-1].words


def test_a_reminder_is_marked_done_in_place_when_the_answer_comes(play: Play) -> None:
    play.move_to(berlin(26, 15))
    reminder = play.chat("max")[-1]
    play.press("max", "All on track")
    assert "Done, thank you" in reminder.words
    assert reminder.labels == []
    assert "Saved on" in play.chat("max")[0].words


def test_the_form_is_prefilled_understood_and_saved(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form"))
    labels = [field.label for field in form.fields()]
    for label in ("Status", "Pages live", "NPS", "Confidence", "Note", "Blocker", "What should be adjusted?"):
        assert label in labels
    play.submit(
        "max",
        form,
        {
            "Status#0": "on_track",
            "Pages live": "45 %",
            "Status#1": "on_track",
            "NPS": "31,5",
            "Confidence#0": "8",
            "Wins": "First pages",
        },
    )
    words = play.chat("max")[-1].words
    assert "Saved on" in words
    assert "45 % (target 100 %)" in words
    assert "31.5 (target 50 points)" in words
    again = play.form(play.press("max", "Open form"))
    assert {field.label: field.value for field in again.fields()}["Wins"] == "First pages"


def test_errors_stand_at_the_fields_and_nothing_is_lost(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form"))
    outcome = play.submit(
        "max",
        form,
        {
            "Status#0": "on_track",
            "Pages live": "soon",
            "Note#0": "Nearly there",
            "Status#1": "on_track",
            "Confidence#1": "eleven",
        },
    )
    errors = play.errors(outcome)
    assert set(errors) == {"value:K1", "confidence:O2"}
    assert "number" in errors["value:K1"]
    assert "Saved" not in play.chat("max")[-1].words
    again = play.form(play.press("max", "Open form"))
    values = {field.id: field.value for field in again.fields()}
    assert values["note:O1"] == "Nearly there"
    assert values["value:K1"] == "soon"
    play.submit("max", again, {"Pages live": "50", "Confidence#1": "7"})
    assert "50 % (target 100 %)" in play.chat("max")[-1].words


def test_plain_words_answer_too(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "all on track")
    assert "Saved on" in play.chat("max")[0].words
    assert len(play.chat("max")) == 1


def test_a_number_and_a_blocker_in_plain_words(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "launch at 40%, blocked by legal")
    words = play.chat("max")[0].words
    assert "40 % (target 100 %)" in words
    assert "Blocker: legal" in words
    assert "At risk" in words


def test_korean_words_are_understood_and_answered_in_korean(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("mina", "모두 순조로워요")
    assert "저장했습니다" in play.chat("mina")[0].words


def test_unclear_words_change_nothing(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "purple monkey dishwasher")
    assert "not sure what you mean" in play.chat("max")[-1].words
    assert "Saved" not in play.chat("max")[0].words


def test_skip_with_a_reason_ends_the_week(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "skip this week: travelling")
    assert "Skipped" in play.chat("max")[0].words
    play.move_to(berlin(1, month=12))
    assert reminders(play, "max") == []


def test_snooze_comes_back_and_never_at_night(play: Play) -> None:
    play.move_to(berlin(26, 17))
    play.press("max", "Snooze", message=play.chat("max")[0])
    assert "I will come back on Friday 27 November, 09:00" in play.chat("max")[0].words
    play.move_to(berlin(26, 23))
    assert len(reminders(play, "max")) == 1  # the one of 14:00
    play.move_to(berlin(27, 9))
    assert "asked me to come back" in play.chat("max")[-1].words


def test_answers_after_the_grace_time_are_late_and_welcome(play: Play) -> None:
    play.move_to(berlin(1, 9, month=12))
    play.press("max", "On track", about="portal", message=play.chat("max")[0])
    play.press("max", "On track", about="customers", message=play.chat("max")[0])
    assert "counts as late" in play.chat("max")[0].words


def test_words_answer_the_question_that_waits_as_its_buttons_do(play: Play) -> None:
    play.move_to(berlin(30, 9, minute=30))  # Monday, within the grace time of Thursday's question
    play.say("mina", "모두 순조로워요")
    assert "저장했습니다" in play.chat("mina")[0].words
    play.move_to(berlin(1, 9, month=12))
    play.say("max", "portal at 40%")
    assert "waits for your answer and is saved together with it" in play.chat("max")[-1].words
    play.press("max", "At risk", about="portal")
    play.say("max", "customers on track")
    assert "counts as late" in play.chat("max")[0].words
    assert len(prompts(play, "max")) == 1, "in its own card, without one for the new week"
    play.say("max", "/checkin")
    play.say("max", "all on track")
    assert "counts as late" not in play.chat("max")[-1].words, "the new week's own card was there by then"


def test_words_are_about_the_new_week_once_the_old_question_is_answered(play: Play) -> None:
    play.move_to(berlin(27, 9))
    play.say("max", "all on track")
    play.move_to(berlin(30, 9))
    play.say("max", "portal at risk")
    assert "Saved on Friday 27 November" in play.chat("max")[0].words and "At risk" not in play.chat("max")[0].words
    assert len(prompts(play, "max")) == 2


def test_an_edit_after_the_next_period_began_is_refused_with_the_current_card(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "all on track")
    play.move_to(berlin(30, 9))
    play.press("max", "Open form", message=play.chat("max")[0])
    assert any("That week is over" in seen.words for seen in play.chat("max"))


def test_what_was_typed_for_a_week_that_is_answered_and_over_waits_in_the_current_form(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.say("max", "all on track")
    play.move_to(berlin(30, 9))
    play.submit("max", form, {"Status#0": "at_risk", "Wins": "The pilot runs"})
    assert "What you typed waits in the form" in play.transcript("max")
    again = play.form(play.press("max", "Open form"))
    shown = {field.label: field.value for field in again.fields() if field.label == "Wins"}
    assert shown == {"Wins": "The pilot runs"}
    play.submit("max", again, {})
    assert {one.state for one in checkins_of(play, "max") if one.period == "2026-W49"} == {CheckInState.ON_TIME}
    assert [one.wins for one in checkins_of(play, "max") if one.period == "2026-W48"] == [""]


def test_the_form_of_a_week_that_was_skipped_stays_open_into_the_next(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.move_to(berlin(30, 9))
    play.say("max", "/away today")
    assert "the form is still here" in play.chat("max")[0].words
    play.submit("max", form, {"Status#0": "at_risk", "Status#1": "on_track"})
    [week] = [one for one in checkins_of(play, "max") if one.period == "2026-W48"]
    assert (week.state, len(week.answers)) == (CheckInState.ON_TIME, 2), "its grace time lasts until 10:00"


def test_the_same_event_five_times_has_one_effect(play: Play) -> None:
    play.move_to(berlin(26, 11))
    for _ in range(5):
        play.say("max", "/checkin", event_id="one")
    assert len(prompts(play, "max")) == 2
    assert "continues further down" in play.chat("max")[0].words


def test_nobody_is_asked_on_leave_and_coming_back_starts_fresh(play: Play) -> None:
    play.say("max", "/away 2026-11-25..2026-12-08")
    play.move_to(berlin(9, 8, month=12))
    assert prompts(play, "max") == []
    play.move_to(berlin(11, month=12))
    assert len(prompts(play, "max")) == 1


def test_going_away_excuses_the_open_checkin(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "away till Monday")
    assert "Skipped" in play.chat("max")[0].words
    play.move_to(berlin(30, 12))
    assert reminders(play, "max") == []


def test_a_public_holiday_moves_the_prompt_to_the_next_working_day(play: Play) -> None:
    thanksgiving = frozenset({date(2026, 11, 26)})
    other = Play(play.engine, now=play.now, holidays=lambda country, year: thanksgiving if country == "US" else frozenset())
    other.with_people(person("joe", manager="boss", country="US", zone="America/New_York"))
    other.move_to(berlin(27, 20))
    assert [at for at, email, key in other.sent if email == email_of("joe") and key.startswith("checkin:")] == [berlin(27, 15)]


def test_a_week_that_came_due_during_an_outage_is_asked_once_at_the_next_polite_time(play: Play) -> None:
    play.jump_to(berlin(26, 22))
    assert prompts(play, "max") == []
    play.move_to(berlin(27, 12))
    assert len(prompts(play, "max")) == 1
    play.jump_to(berlin(18, 12, month=12))
    assert len(prompts(play, "max")) == 2


def test_nobody_is_asked_when_every_goal_was_just_updated(play: Play) -> None:
    play.move_to(berlin(25, 15))
    play.say("max", "all on track")
    play.move_to(berlin(27, 12))
    assert [key for key in prompts(play, "max") if play.chat("max")] == prompts(play, "max")[:1]
    assert reminders(play, "max") == []


def test_moving_across_the_date_line_neither_loses_nor_doubles_a_week(play: Play) -> None:
    play.with_people(person("jet", manager="boss", zone="Pacific/Auckland"))
    play.move_to(berlin(26, 9))
    assert len(prompts(play, "jet")) == 1
    play.with_people(person("jet", manager="boss", zone="Pacific/Honolulu"))
    play.move_to(berlin(29))
    assert len(prompts(play, "jet")) == 1
    play.move_to(berlin(4, 12, month=12))
    assert len(prompts(play, "jet")) == 2


def test_a_leaver_hears_nothing_more(play: Play) -> None:
    play.with_people(person("max", manager="dana", end_date=date(2026, 11, 25)))
    play.move_to(berlin(4, 12, month=12))
    assert prompts(play, "max") == []


def test_a_machine_fed_key_result_is_not_asked_for(play: Play) -> None:
    play.with_goals(goal("O4", "dana", "Fast pages", replace(result("K4", "Load time", "ms", 900, 300), source="grafana")))
    play.move_to(berlin(26, 11))
    form = play.form(play.press("dana", "Open form"))
    assert "Load time" not in [field.label for field in form.fields()]


def test_the_card_of_an_unanswered_week_stays_until_the_next_one(play: Play) -> None:
    play.move_to(berlin(3, 10, minute=1, month=12))
    assert len(prompts(play, "max")) == 2
    assert play.now - timedelta(minutes=1) == berlin(3, 10, month=12)


def test_a_prompt_that_still_waits_is_not_sent_once_leave_begins(play: Play) -> None:
    play.hold_back.add(email_of("max"))
    play.move_to(berlin(26, 11))
    play.say("max", "/away 2026-11-26..2026-11-27")
    play.hold_back.clear()
    play.move_to(berlin(27, 12))
    assert [key for key in play.keys("max") if not key.startswith("reply:")] == []
