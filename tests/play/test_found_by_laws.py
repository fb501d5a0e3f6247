"""Mistakes that the laws of tests/laws/ found, each as a short scene, on both databases."""

from datetime import date, timedelta

from sqlalchemy import func, select

from bot.model import GoalState, Role
from storage.engine import reading
from storage.schema import ledger
from tests.audit.company import audited
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.test_goals_graded import EXPLAINED, LEARNED, NEXT, REACHED, SCORE, close, kept


def keys(play: Play, name: str, prefix: str) -> list[str]:
    return [key for _, email, key in play.sent if email == email_of(name) and key.startswith(prefix)]


def entries(play: Play, name: str, who: str = "") -> int:
    wanted = [ledger.c.name == name, *([ledger.c.person_id == person(who).id] if who else [])]
    with reading(play.engine) as connection:
        return connection.scalar(select(func.count()).select_from(ledger).where(*wanted)) or 0


def blocked(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.submit("max", form, {"Status#0": "at_risk", "Blocker#0": "Legal review", "Status#1": "on_track"})


def test_an_escalation_climbs_past_a_manager_who_cannot_be_reached(play: Play) -> None:
    play.unreachable.add(email_of("dana"))
    blocked(play)
    assert keys(play, "boss", "escalation:") == []
    play.move_to(berlin(27, 11))
    assert len(keys(play, "boss", "escalation:")) == 1
    assert "Acknowledge" in play.chat("boss")[-1].labels


def test_a_late_report_about_the_earlier_holders_card_does_not_start_the_next_holders_clock(play: Play) -> None:
    play.with_people(person("boss", role=Role.HR_ADMIN, zone="Asia/Seoul"))
    blocked(play)
    play.unreachable.add(email_of("dana"))
    play.move_to(berlin(27, 11))  # climbs at 19:00 in Seoul; Dana's card cannot be changed any more
    assert keys(play, "boss", "escalation:") == []
    play.move_to(berlin(30, 1))
    assert len(keys(play, "boss", "escalation:")) == 1
    play.move_to(berlin(30, 20))
    assert entries(play, "escalation:stranded") == 0
    play.move_to(berlin(1, 1, minute=1, month=12))
    assert entries(play, "escalation:stranded") == 1


def test_an_escalation_whose_last_holder_left_says_so_and_is_not_looked_at_for_ever(play: Play) -> None:
    play.with_people(person("solo", manager="dana"), person("dana"), person("boss"))
    play.with_goals(goal("O7", "solo", "Grow", result("K7", "Revenue")))
    play.move_to(berlin(26, 11))
    form = play.form(play.press("solo", "Open form", message=play.chat("solo")[0]))
    play.with_people(person("dana", end_date=date(2026, 11, 26)))
    play.submit("solo", form, {"Status": "at_risk", "Blocker": "Money"})
    play.move_to(berlin(14, month=12))
    due = [row.subject for row in play.agenda.claim_due(play.now + timedelta(days=60), limit=100)]
    assert not [subject for subject in due if subject.startswith("escalation:")]


def test_two_blocked_goals_at_the_top_get_two_honest_answers(play: Play) -> None:
    play.with_goals(goal("O8", "boss", "Grow", result("K8", "Revenue")), goal("O9", "boss", "Shrink", result("K9", "Costs")))
    play.move_to(berlin(26, 11))
    form = play.form(play.press("boss", "Open form"))
    values = {"Status#0": "at_risk", "Blocker#0": "Money", "Status#1": "off_track", "Blocker#1": "Money"}
    play.submit("boss", form, values)
    answers = [seen for seen in play.chat("boss") if "found nobody who could decide" in seen.words]
    assert len(answers) == 2


def test_the_owner_is_not_asked_again_because_the_managers_nudge_came_too_late(play: Play) -> None:
    play.move_to(berlin(7, 9, month=12))
    assert entries(play, "nudge:goal.stalled:queued", "max") == 2  # one message about two goals
    held = play.outbox.claim
    play.move_to(berlin(14, 8, month=12))
    play.outbox.claim = lambda **_: ()  # type: ignore[method-assign]
    play.move_to(berlin(15, 8, month=12))
    play.outbox.claim = held  # type: ignore[method-assign]
    play.move_to(berlin(31, 12, month=12))
    assert entries(play, "nudge:goal.stalled:queued", "max") == 2
    assert len(keys(play, "dana", "goal.stalled.")) == 1


def test_a_question_that_never_arrived_is_not_missed(play: Play) -> None:
    held = play.outbox.claim
    play.outbox.claim = lambda **_: ()  # type: ignore[method-assign]
    play.move_to(berlin(1, 12, month=12))
    assert entries(play, "checkin:missed", "max") == 0
    play.outbox.claim = held  # type: ignore[method-assign]
    play.move_to(berlin(8, 12, month=12))
    assert entries(play, "checkin:missed", "max") == 1  # the next week's, which arrived


def test_after_a_long_leave_a_new_silence_begins_and_the_owner_is_asked_first_again(play: Play) -> None:
    play.with_goals(goal("O7", "max", "Grow", result("K7", "Revenue"), updated_at=play.now - timedelta(days=13)))
    play.move_to(berlin(24, 12))
    assert len(keys(play, "max", "goal.stalled.owner")) == 1
    play.say("max", "/away 2026-11-25..2026-12-01")
    play.move_to(berlin(16, 8, month=12))
    assert len(keys(play, "max", "goal.stalled.owner")) == 1
    play.move_to(berlin(22, 17, month=12))
    assert len(keys(play, "max", "goal.stalled.owner")) == 2
    assert [key for key in keys(play, "dana", "goal.stalled.manager") if ":O3:" not in key] == []  # O3 is Mina's
    play.move_to(berlin(23, 17, month=12))
    assert len([key for key in keys(play, "dana", "goal.stalled.manager") if ":O3:" not in key]) == 1


def test_what_is_not_sent_because_somebody_went_away_stands_in_the_ledger(play: Play) -> None:
    play.hold_back.add(email_of("max"))
    play.move_to(berlin(7, 10, month=12))
    play.say("max", "/away 2026-12-07..2026-12-08")
    assert entries(play, "nudge:goal.stalled:withdrawn", "max") == 1
    play.hold_back.clear()
    play.move_to(berlin(8, 18, month=12))
    assert keys(play, "max", "goal.stalled.") == []
    play.move_to(berlin(9, 12, month=12))
    assert len(keys(play, "max", "goal.stalled.")) == 1


def test_a_cycle_that_begins_within_a_week_brings_its_goals_into_that_weeks_question(play: Play) -> None:
    play.with_goals(goal("O8", "max", "Keep growing", result("K8", "Revenue"), cycle="2027-Q1"))
    play.say("boss", "/nudges set checkin.prompt Friday 10:00")
    play.press("boss", "Confirm")
    play.move_to(berlin(28, 9, month=12))
    play.say("max", "/checkin")
    play.press("max", "On track", about="portal")
    play.submit("max", close(play, "max", "O1"), {LEARNED: "Start early", REACHED: "no", EXPLAINED: "Start early", NEXT: "stop"})
    play.submit("max", close(play, "max", "O2"), {LEARNED: "Ask people", SCORE: "0.5", NEXT: "stop"})
    assert {kept(play, one).state for one in ("O1", "O2")} == {GoalState.CLOSED}
    play.move_to(berlin(1, 9, minute=59, month=1, year=2027))
    asked = keys(play, "max", "checkin:")
    play.move_to(berlin(1, 10, minute=5, month=1, year=2027))
    assert len(keys(play, "max", "checkin:")) == len(asked) + 1
    assert "Keep growing" in play.chat("max")[-1].words


def test_a_request_that_passed_on_does_not_reach_who_was_asked_before_and_went_away(play: Play) -> None:
    play.hold_back.add(email_of("dana"))
    blocked(play)
    play.say("dana", "/away today")
    play.move_to(berlin(26, 13))
    assert len(keys(play, "boss", "escalation:")) == 1
    play.hold_back.clear()
    play.move_to(berlin(26, 15))
    assert keys(play, "dana", "escalation:") == []


def test_a_request_that_came_too_late_for_its_holders_day_is_due_again_on_the_next(play: Play) -> None:
    play.hold_back.add(email_of("dana"))
    blocked(play)
    play.move_to(berlin(26, 19))
    play.hold_back.clear()
    play.move_to(berlin(26, 20))
    assert entries(play, "escalation:unseen", "max") == 1
    early = audited(play.engine, berlin(27, 8, minute=30))
    assert [one for one in early.findings if one.what == "request_card"] == []
    play.move_to(berlin(27, 11))
    assert len(keys(play, "dana", "escalation:")) == 1
