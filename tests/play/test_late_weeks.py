"""A late answer belongs to its own week, and a promise to come back is kept, on both databases."""

from decimal import Decimal

from bot.model import CheckInState, Goal, Status
from tests.play.company import Play, Seen, berlin
from tests.play.test_checkin import checkins_of, prompts, reminders


def goal_now(play: Play, goal_id: str) -> Goal:
    return next(one for one in play.imports.read_goals() if one.id == goal_id)


def requests(play: Play, name: str) -> list[Seen]:
    return [seen for seen in play.chat(name) if seen.key.startswith("escalation:")]


def card_of(play: Play, week: str) -> Seen:
    return next(seen for seen in reversed(play.chat("max")) if seen.key.startswith("checkin:") and week in seen.key)


def two_weeks(play: Play) -> None:
    """W48 stays unanswered; W49 says that the portal is at risk at 60, blocked."""
    play.move_to(berlin(3, 11, month=12))
    form = play.form(play.press("max", "Open form", message=card_of(play, "W49")))
    play.submit(
        "max",
        form,
        {"Status#0": "at_risk", "Pages live": "60", "Confidence#0": "4", "Blocker#0": "Legal review", "Status#1": "on_track"},
    )


def test_a_late_answer_to_an_older_week_changes_nothing_of_today(play: Play) -> None:
    two_weeks(play)
    assert len(requests(play, "dana")) == 1
    form = play.form(play.press("max", "Open form", message=card_of(play, "W48")))
    shown = {field.id: field.value for field in form.fields()}
    assert (shown["value:K1"], shown["confidence:O1"], shown["blocker:O1"]) == ("", "", ""), "of that week, not of the next"
    play.submit("max", form, {"Status#0": "on_track", "Pages live": "30", "Confidence#0": "9", "Status#1": "on_track"})
    portal = goal_now(play, "O1")
    assert (portal.status, portal.key_results[0].current) == (Status.AT_RISK, Decimal(60))
    assert portal.answered_at == berlin(3, 11, month=12)
    weeks = {one.period: one for one in checkins_of(play, "max")}
    assert weeks["2026-W48"].state is CheckInState.LATE
    said = {week: one.answer_for("O1") for week, one in weeks.items()}
    assert [(week, one.status, one.values["K1"]) for week, one in sorted(said.items()) if one is not None] == [
        ("2026-W48", Status.ON_TRACK, Decimal(30)),
        ("2026-W49", Status.AT_RISK, Decimal(60)),
    ]
    [request] = requests(play, "dana")
    assert "withdrawn" not in request.words and "Acknowledge" in request.labels
    old = card_of(play, "W48").words
    assert "Your answer for that week: On track" in old and "does not change" in old
    assert "I need a decision" not in card_of(play, "W48").labels
    play.say("max", "/goals")
    assert "▃▅" in play.chat("max")[-1].words, "the trend has the weeks in their order"
    play.say("max", "/checkin history")
    assert "answered late" in play.chat("max")[-1].words


def test_a_late_obstacle_of_an_older_week_asks_nobody(play: Play) -> None:
    play.move_to(berlin(3, 11, month=12))
    play.press("max", "At risk", about="portal", message=card_of(play, "W49"))
    form = play.form(play.press("max", "Open form", message=card_of(play, "W48")))
    play.submit("max", form, {"Status#0": "off_track", "Pages live": "10", "Blocker#0": "Legal review"})
    assert requests(play, "dana") == []
    portal = goal_now(play, "O1")
    assert (portal.status, portal.key_results[0].current) == (Status.AT_RISK, Decimal(10)), "the newest number there is"


def test_what_no_later_week_speaks_of_moves_with_a_late_answer(play: Play) -> None:
    play.move_to(berlin(3, 11, month=12))
    play.press("max", "On track", about="customers", message=card_of(play, "W49"))
    play.press("max", "Off track", about="portal", message=card_of(play, "W48"))
    play.press("max", "Off track", about="customers", message=card_of(play, "W48"))
    assert [goal_now(play, name).status for name in ("O1", "O2")] == [Status.OFF_TRACK, Status.ON_TRACK]


def test_a_snooze_into_the_next_week_comes_back_when_it_was_promised(play: Play) -> None:
    play.move_to(berlin(27, 16, 30))
    play.say("max", "snooze 2h")
    assert "I will come back on Monday 30 November, 09:00" in card_of(play, "W48").words
    before = reminders(play, "max")
    play.move_to(berlin(30, 8, 59))
    assert reminders(play, "max") == before
    play.move_to(berlin(30, 9))
    assert "asked me to come back" in play.chat("max")[-1].words
    play.press("max", "All on track")
    assert [one.state for one in checkins_of(play, "max")] == [CheckInState.ON_TIME]
    assert prompts(play, "max")[1:] == []


def test_a_week_is_not_missed_before_it_came_back_as_promised(play: Play) -> None:
    play.move_to(berlin(27, 17, 30))
    play.say("max", "/checkin snooze 4d")
    assert "I will come back on Tuesday 1 December, 17:30" in card_of(play, "W48").words
    play.move_to(berlin(1, 17, 29, month=12))
    assert [one.state for one in checkins_of(play, "max")] == [CheckInState.OPEN], "its grace time ended on Monday"
    play.move_to(berlin(1, 17, 31, month=12))
    assert "asked me to come back" in play.chat("max")[-1].words
    assert [one.state for one in checkins_of(play, "max")] == [CheckInState.MISSED]


def test_the_next_prompt_takes_the_place_of_a_promise(play: Play) -> None:
    play.move_to(berlin(27, 16))
    play.say("max", "/checkin snooze 7d")
    assert "I will come back on Friday 4 December, 16:00" in card_of(play, "W48").words
    play.move_to(berlin(3, 10, month=12))
    assert len(prompts(play, "max")) == 2
    assert "I will come back" not in card_of(play, "W48").words and "Snooze" not in card_of(play, "W48").labels
    before = reminders(play, "max")
    play.press("max", "On track", about="portal", message=card_of(play, "W49"))
    play.press("max", "On track", about="customers", message=card_of(play, "W49"))
    play.move_to(berlin(7, 12, month=12))
    assert reminders(play, "max") == before


def test_an_old_card_puts_off_the_week_that_waits_now(play: Play) -> None:
    play.move_to(berlin(1, 11, month=12))
    snooze = play.button("max", "Snooze", message=card_of(play, "W48")).action
    play.move_to(berlin(3, 11, month=12))
    play.act("max", snooze)
    assert "I will come back on Thursday 3 December, 13:00" in card_of(play, "W49").words
    assert "I will come back" not in card_of(play, "W48").words


def test_tomorrow_is_the_next_working_day_also_after_hours(play: Play) -> None:
    play.move_to(berlin(26, 18, 30))
    play.say("max", "snooze until tomorrow")
    assert "I will come back on Friday 27 November, 09:00" in card_of(play, "W48").words
    play.move_to(berlin(27, 11))
    play.say("max", "snooze until tomorrow")
    assert "I will come back on Monday 30 November, 09:00" in card_of(play, "W48").words


def test_a_decision_asked_for_on_last_weeks_card_takes_along_what_stands_there(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form"))
    loss = "What do we lose next month if nothing is adjusted?"
    said = {"Status#0": "at_risk", "Note#0": "The supplier is late", loss: "The launch", "Status#1": "on_track"}
    play.submit("max", form, said)
    play.move_to(berlin(30, 11))
    play.press("max", "I need a decision", message=card_of(play, "W48"))
    [request] = requests(play, "dana")
    assert "The supplier is late" in request.words and "The launch" in request.words
    card = card_of(play, "W48")
    assert "Dana was asked for a decision" in card.words and "I need a decision" not in card.labels


def test_history_says_that_a_week_was_answered_in_part(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.press("max", "At risk", about="portal")
    play.move_to(berlin(1, 11, month=12))
    play.say("max", "/checkin history")
    words = play.chat("max")[-1].words
    assert "answered in part" in words and "not answered" not in words
    assert [one.state for one in checkins_of(play, "max")] == [CheckInState.MISSED], "the read route says what it said"
    play.say("dana", "/checkin history")
    assert "not answered" in play.chat("dana")[-1].words


def test_a_late_answer_promises_no_change_where_the_week_is_over(play: Play) -> None:
    play.move_to(berlin(3, 11, month=12))
    card = card_of(play, "W48")
    play.press("max", "On track", about="portal", message=card)
    play.press("max", "On track", about="customers", message=card)
    assert "counts as late" in card.words
    assert "until the next" not in card.card.summary + card.words
    assert "Open form" not in card.labels


def test_an_answer_in_time_after_its_week_says_that_it_stays(play: Play) -> None:
    play.move_to(berlin(30, 9, 30))  # within the grace time of Thursday's question
    play.press("max", "On track", about="portal", message=card_of(play, "W48"))
    play.press("max", "On track", about="customers", message=card_of(play, "W48"))
    card = card_of(play, "W48")
    assert "this is how it stays" in card.words and "Open form" not in card.labels
