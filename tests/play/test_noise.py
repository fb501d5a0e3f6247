"""Noise control, on both databases: mute, snooze, not useful, pause, withdrawal, ever rarer repeats."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.model import Role, Scope, ScopeKind, person_id
from bot.rules import registry, stalled
from bot.rules.finding import Finding
from bot.rules.worktime import Span, Unit
from bot.scene import Scene
from bot.talk.actions import Action, Verb
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.noise import QUIET, at_risk, hr_says, keys, lines, newest, why

# --------------------------------------------------------------------------------------------------------------- mute


def test_a_muted_rule_is_silent_until_it_is_unmuted(play: Play) -> None:
    play.say("max", "/rondo mute goal.stalled")
    words = play.chat("max")[-1].words
    assert "goal.stalled is muted for good" in words
    assert "Notices a goal nobody updated" in words
    play.move_to(QUIET + timedelta(days=2))
    assert keys(play, "max", "goal.stalled.") == []
    assert {line["outcome"] for line in lines(play, "nudge:goal.stalled:held")} == {"muted"}
    play.press("max", "Unmute")
    play.move_to(play.now + timedelta(minutes=1))
    assert len(keys(play, "max", "goal.stalled.")) == 1
    assert [len(lines(play, f"nudge:goal.stalled:{what}")) for what in ("muted", "unmuted")] == [1, 1]


def test_a_rule_muted_for_two_weeks_is_heard_again_on_that_morning(play: Play) -> None:
    play.move_to(berlin(4, 9, month=12))
    play.say("max", "mute goal.stalled for 2 weeks")
    assert "until Friday 18 December" in play.chat("max")[-1].words
    play.move_to(berlin(17, 18, month=12))
    assert keys(play, "max", "goal.stalled.") == []
    play.move_to(berlin(18, 8, minute=59, month=12))
    assert keys(play, "max", "goal.stalled.") == []
    play.move_to(berlin(18, 9, month=12))
    assert len(keys(play, "max", "goal.stalled.")) == 1
    ended = lines(play, "nudge:goal.stalled:muted")
    assert [line["until"] for line in ended] == ["2026-12-17T23:00:00+00:00"], "a mute with an end is a mute"
    assert not lines(play, "nudge:goal.stalled:snoozed")


def test_muting_twice_is_noted_once_and_another_time_replaces_the_first(play: Play) -> None:
    play.say("max", "mute goal.stalled for a week")
    play.say("max", "mute goal.stalled for a week")
    assert len(lines(play, "nudge:goal.stalled:muted")) == 1
    play.say("max", "mute goal.stalled")
    play.say("max", "/checkin settings")
    assert "Muted: goal.stalled: for good" in play.chat("max")[-1].words
    play.say("max", "/rondo unmute goal.stalled")
    play.say("max", "/rondo unmute goal.stalled")
    assert "is not muted" in play.chat("max")[-1].words
    play.say("max", "/checkin settings")
    assert "Muted: nothing" in play.chat("max")[-1].words
    assert len(lines(play, "nudge:goal.stalled:unmuted")) == 1


def test_a_mute_that_is_over_is_no_longer_shown(play: Play) -> None:
    play.say("max", "mute goal.stalled for 3 days")
    play.say("max", "/checkin settings")
    assert "until Thursday 26 November" in play.chat("max")[-1].words
    play.move_to(berlin(26, 9))
    play.say("max", "/checkin settings")
    assert "Muted: nothing" in play.chat("max")[-1].words


def test_a_muted_manager_hears_nothing_and_the_others_do(play: Play) -> None:
    play.say("dana", "mute goal.stalled")
    play.move_to(berlin(15, 12, month=12))
    assert len(keys(play, "max", "goal.stalled.")) == 1
    assert keys(play, "dana", "goal.stalled.") == []


def test_a_request_for_a_decision_cannot_be_muted_nor_can_a_limit(play: Play) -> None:
    for rule, words in (
        ("goal.commitment_at_risk", "waits for a decision"),
        ("escalation.decide", "waits for a decision"),
        ("budget.per_day", "is a limit"),
    ):
        play.say("dana", f"/rondo mute {rule}")
        assert words in play.chat("dana")[-1].words
        assert "Nothing changed" in play.chat("dana")[-1].words
    at_risk(play)
    assert len(keys(play, "dana", "escalation:")) == 1


def test_what_hr_locked_cannot_be_muted_and_an_earlier_mute_is_void(play: Play) -> None:
    play.say("max", "mute goal.stalled")
    play.move_to(berlin(24, 10))
    hr_says(play, "lock:goal.stalled", "on")
    play.say("max", "/rondo mute goal.stalled")
    words = play.chat("max")[-1].words
    assert "Boss locked goal.stalled for the whole company on Tuesday 24 November, 10:00" in words
    play.say("max", "/rondo mute")
    assert "HR locked this one" in play.chat("max")[-1].words
    play.move_to(QUIET)
    assert len(keys(play, "max", "goal.stalled.")) == 1


def test_a_lock_of_another_team_does_not_count(play: Play) -> None:
    hr_says(play, "lock:goal.stalled", "on", Scope(ScopeKind.PERSON, person_id(email_of("mina"))))
    play.say("max", "/rondo mute goal.stalled")
    assert "muted for good" in play.chat("max")[-1].words


def test_a_wrong_rule_gets_the_nearest_one_and_nothing_changes(play: Play) -> None:
    play.say("max", "/rondo mute goal.staled")
    assert "Try: /rondo mute goal.stalled" in play.chat("max")[-1].words
    play.say("max", "/rondo mute everything")
    assert "Try: /rondo mute" in play.chat("max")[-1].words
    play.say("max", "/rondo mute")
    words = play.chat("max")[-1].words
    assert "goal.stalled: Notices a goal nobody updated" in words
    assert "goal.commitment_at_risk" not in words
    assert "budget" not in words


def test_what_somebody_put_off_comes_back_although_the_rule_is_muted(play: Play) -> None:
    play.say("max", "mute checkin.reminder for 2 weeks")
    play.move_to(berlin(26, 11))
    play.press("max", "Snooze", message=newest(play, "max", "checkin:"))
    play.move_to(berlin(26, 17))
    assert len(keys(play, "max", "reminder:")) == 1  # the one they asked for, not the one after four hours


def test_forged_mutes_do_no_harm(play: Play) -> None:
    for args in ((), ("goal.stalled",), ("goal.stalled", "yesterday"), ("goal.stalled", "2020-01-01"), ("x", "", "", "")):
        play.act("max", Action(Verb.MUTE, args))
    play.say("max", "/checkin settings")
    assert "Muted: nothing" in play.chat("max")[-1].words


# --------------------------------------------------------------------------------------------------------- not useful


def test_not_useful_is_noted_once_per_message_and_offers_to_mute(play: Play) -> None:
    play.move_to(QUIET)
    explanation = why(play, "max", "goal.stalled.")
    play.move_to(QUIET + timedelta(minutes=30))
    play.press("max", "Not useful", message=explanation)
    play.press("max", "Not useful", message=explanation)
    assert "Thank you" in play.chat("max")[-1].words
    assert play.chat("max")[-1].labels == ["Snooze a week", "Mute"]
    found = lines(play, "nudge:goal.stalled:not_useful")
    assert [(line["message"], line["minutes"]) for line in found] == [(keys(play, "max", "goal.stalled.")[0], "30")]
    play.press("max", "Snooze a week")
    assert "muted until Monday 14 December" in play.chat("max")[-1].words
    assert lines(play, "nudge:goal.stalled:snoozed")[0]["message"] == found[0]["message"]


def test_a_forged_not_useful_does_no_harm(play: Play) -> None:
    play.move_to(QUIET)
    key = keys(play, "max", "goal.stalled.")[0]
    for name, args in (("mina", (key,)), ("max", ("no such message",)), ("max", ())):
        play.act(name, Action(Verb.NOT_USEFUL, args))
    assert lines(play, "nudge:goal.stalled:not_useful") == []


# -------------------------------------------------------------------------------------------------------------- pause


def test_a_paused_holder_is_not_asked_and_is_asked_once_afterwards(play: Play) -> None:
    dana = Scope(ScopeKind.PERSON, person_id(email_of("dana")))
    hr_says(play, "pause", "on", dana)
    at_risk(play)
    play.move_to(berlin(2, 12, month=12))
    assert keys(play, "dana", "escalation:") == []
    assert keys(play, "boss", "escalation:") == []
    held = lines(play, "nudge:goal.commitment_at_risk:held")
    days = [datetime.fromisoformat(line["at"]).date() for line in held]
    assert len(days) == 5
    assert len(set(days)) == 5
    hr_says(play, "pause", "off", dana)
    play.move_to(berlin(3, 9, month=12))
    assert len(keys(play, "dana", "escalation:")) == 1


def test_nothing_climbs_past_a_paused_holder_and_their_clock_starts_afresh(play: Play) -> None:
    at_risk(play)
    play.move_to(berlin(26, 12))
    hr_says(play, "pause", "on")
    play.move_to(berlin(3, 12, month=12))
    assert keys(play, "boss", "escalation:") == []
    assert len(lines(play, "nudge:escalation.acknowledge:held")) == 5  # Friday to Thursday, once a working day
    hr_says(play, "pause", None)
    play.move_to(berlin(4, 11, minute=59, month=12))
    assert keys(play, "boss", "escalation:") == []
    play.move_to(berlin(4, 12, month=12))
    assert len(keys(play, "boss", "escalation:")) == 1


def test_people_act_and_are_answered_during_a_pause(play: Play) -> None:
    play.move_to(berlin(14, 10, month=12))
    hr_says(play, "pause", "on")
    play.press("dana", "Ask Max", about="portal")
    assert len(keys(play, "max", "asked:")) == 1
    play.say("max", "/goals")
    assert "Launch the new portal" in play.chat("max")[-1].words
    play.press("max", "At risk", about="portal", message=newest(play, "max", "asked:"))
    play.say("max", "/checkin")
    play.press("max", "I need a decision")
    assert "I asked Dana for a decision" in newest(play, "max", "escalation:").words
    assert keys(play, "dana", "escalation:") == []


def test_news_of_a_decision_waits_for_a_paused_owner(play: Play) -> None:
    at_risk(play)
    hr_says(play, "pause", "on", Scope(ScopeKind.PERSON, person_id(email_of("max"))))
    play.submit("dana", play.form(play.press("dana", "Decide")), {"Decision": "keep"})
    play.move_to(berlin(30, 12))
    news = [key for key in keys(play, "max", "escalation:") if key.endswith(":decided")]
    assert news == []
    assert len(lines(play, "nudge:escalation.decide:held")) == 3
    hr_says(play, "pause", "off", Scope(ScopeKind.PERSON, person_id(email_of("max"))))
    play.move_to(berlin(1, 9, month=12))
    assert len([key for key in keys(play, "max", "escalation:") if key.endswith(":decided")]) == 1


def test_after_a_pause_nothing_comes_in_a_heap(play: Play) -> None:
    play.move_to(berlin(26, 11))
    hr_says(play, "pause", "on")
    play.move_to(berlin(27, 12))
    assert keys(play, "max", "reminder:") == []
    hr_says(play, "pause", "off")
    play.move_to(berlin(27, 12, minute=30))
    assert len(keys(play, "max", "reminder:")) == 1
    play.move_to(berlin(27, 15))
    assert len(keys(play, "max", "reminder:")) == 1
    play.move_to(berlin(27, 17))
    assert len(keys(play, "max", "reminder:")) == 2


def test_a_pause_over_the_time_of_the_prompt_ends_in_one_prompt(play: Play) -> None:
    hr_says(play, "pause", "on")
    play.move_to(berlin(27, 12))
    assert keys(play, "max", "checkin:") == []
    hr_says(play, "pause", "off")
    play.move_to(berlin(27, 17))
    assert len(keys(play, "max", "checkin:")) == 1


# --------------------------------------------------------------------------------------------------------- withdrawal


def test_an_update_changes_the_managers_message_at_once(play: Play) -> None:
    play.move_to(berlin(14, 10, month=12))
    manager = newest(play, "dana", "goal.stalled.")
    play.press("max", "On track", about="portal", message=newest(play, "max", "goal.stalled."))
    play.tick()
    assert "Launch the new portal: updated" in manager.words
    assert "Ask Max" in manager.labels  # the other goal is quiet all the same
    play.press("max", "On track", about="customers", message=newest(play, "max", "goal.stalled."))
    play.say("mina", "모두 순조로워요")
    play.tick()
    assert "Nothing is left to do here" in manager.words
    assert manager.labels == []
    assert len(lines(play, "nudge:goal.stalled:acted")) == 6


def test_an_imported_update_changes_both_messages(play: Play) -> None:
    play.move_to(berlin(14, 10, month=12))
    play.with_goals(goal("O3", "mina", "모바일 앱 출시", result("K3", "출시 진행률"), updated_at=play.now))
    play.tick()
    assert "더 하실 일은 없습니다" in newest(play, "mina", "goal.stalled.").words
    assert "모바일 앱 출시: updated" in newest(play, "dana", "goal.stalled.").words


def test_a_reminder_is_marked_done_when_the_check_in_is_answered(play: Play) -> None:
    play.move_to(berlin(26, 15))
    play.press("max", "All on track", message=newest(play, "max", "reminder:"))
    assert newest(play, "max", "reminder:").labels == []


# ------------------------------------------------------------------------------------------------------ ever more rarely


def test_what_stays_as_it_is_is_said_ever_more_rarely_and_then_no_more(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    def insistent(scene: Scene) -> Iterator[Finding]:
        for finding in stalled.find(scene):
            again = Span(amount=2, unit=Unit.DAYS)
            yield replace(finding, again=again) if finding.stage == "owner" else finding

    rules = tuple(replace(rule, find=insistent) if rule is stalled.RULE else rule for rule in registry.RULES)
    monkeypatch.setattr(registry, "RULES", rules)
    play.with_goals(*(goal(f"O{n}", "max", "Old", result(f"K{n}", "Old"), cycle="2020-Q1") for n in (1, 2)))
    hr_says(play, "checkin.prompt.when", "off")
    play.with_people(person("max", role=Role.EMPLOYEE))
    play.with_goals(goal("O7", "max", "Grow", result("K7", "Revenue"), cycle="2027-Q1", updated_at=berlin(1, month=1, year=2027)))
    play.move_to(berlin(31, 12, month=3, year=2027))
    sent = [at.date() for at, email, key in play.sent if email == email_of("max") and key.startswith("goal.stalled.owner")]
    # 2, 4 and 8 working days lie between them; the next would have come 16 working days later, on 26 February
    assert sent == [date(2027, 1, 15), date(2027, 1, 19), date(2027, 1, 25), date(2027, 2, 4)]
