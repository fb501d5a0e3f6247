"""From a stalled or endangered goal to a decision, on both databases."""

from sqlalchemy import select

from storage.schema import ledger
from tests.play.company import Play, berlin, email_of, goal, person, result


def keys(play: Play, name: str, prefix: str) -> list[str]:
    return [key for _, email, key in play.sent if email == email_of(name) and key.startswith(prefix)]


def at_risk(play: Play, *, hour: int = 11) -> None:
    play.move_to(berlin(26, hour))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.submit("max", form, {"Status#0": "at_risk", "Blocker#0": "Legal review", "Status#1": "on_track"})


def test_a_blocked_commitment_asks_the_manager_for_a_decision_and_tells_the_owner(play: Play) -> None:
    at_risk(play)
    card = play.chat("dana")[-1]
    assert "A decision is needed" in card.words
    assert "Legal review" in card.words
    assert card.labels == ["Acknowledge", "Decide", "Hand over", "Talk first", "Why?"]
    assert "I asked Dana for a decision" in play.chat("max")[-1].words


def test_acknowledging_keeps_decide_and_shows_the_owner(play: Play) -> None:
    at_risk(play)
    play.press("dana", "Acknowledge")
    assert play.chat("dana")[-1].labels == ["Decide", "Hand over", "Talk first", "Why?"]
    assert "Dana has seen your question" in play.chat("max")[-1].words


def test_deciding_closes_it_everywhere_and_tells_the_owner(play: Play) -> None:
    at_risk(play)
    form = play.form(play.press("dana", "Decide"))
    play.submit("dana", form, {"Decision": "resources", "Note": "Two lawyers for a week", "Due date": "2026-12-04"})
    assert play.chat("dana")[-1].labels == ["Why?"]
    news = play.chat("max")[-1]
    assert "Dana has decided" in news.words
    assert "Add people, time or money" in news.words
    assert "Two lawyers" in news.words
    assert "decided" in play.chat("max")[-2].words


def test_a_decision_without_a_choice_is_asked_back_at_the_field(play: Play) -> None:
    at_risk(play)
    form = play.form(play.press("dana", "Decide"))
    errors = play.errors(play.submit("dana", form, {"Due date": "2020-01-01"}))
    assert set(errors) == {"choice", "due"}
    assert "Acknowledge" in play.chat("dana")[-1].labels


def test_only_the_holder_may_act(play: Play) -> None:
    at_risk(play)
    action = play.button("dana", "Acknowledge").action
    play.act("mina", action)
    assert "Dana" in play.chat("mina")[-1].words
    assert "Acknowledge" in play.chat("dana")[-1].labels


def test_a_second_decision_changes_nothing(play: Play) -> None:
    at_risk(play)
    form = play.form(play.press("dana", "Decide"))
    play.submit("dana", form, {"Decision": "keep"})
    play.submit("dana", form, {"Decision": "revise"})
    assert "already decided" in play.chat("dana")[-1].words
    assert "Keep as is" in play.chat("dana")[-2].words


def test_the_manager_is_not_woken_at_night(play: Play) -> None:
    play.with_people(person("dana", manager="boss", zone="America/Los_Angeles"))
    at_risk(play)
    assert keys(play, "dana", "escalation:") == []
    play.move_to(berlin(26, 18))
    assert len(keys(play, "dana", "escalation:")) == 1


def test_it_climbs_after_a_working_day_without_acknowledgement(play: Play) -> None:
    at_risk(play)
    play.move_to(berlin(27, 10, minute=59))
    assert keys(play, "boss", "escalation:") == []
    play.move_to(berlin(27, 11))
    assert len(keys(play, "boss", "escalation:")) == 1
    held = next(seen for seen in play.chat("dana") if seen.key.startswith("escalation:"))
    assert "passed on to Boss" in held.words
    assert "Acknowledge" not in held.labels
    assert any("passed on to Boss" in seen.words for seen in play.chat("max"))


def test_after_acknowledgement_the_holder_is_reminded_before_it_climbs(play: Play) -> None:
    at_risk(play)
    play.press("dana", "Acknowledge")
    play.move_to(berlin(1, 11, month=12))
    assert len(keys(play, "dana", "escalation:")) == 2
    assert keys(play, "boss", "escalation:") == []
    play.move_to(berlin(4, 11, month=12))
    assert len(keys(play, "boss", "escalation:")) == 1


def test_a_deputy_takes_over_for_a_manager_who_is_away(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    play.say("dana", "/away 2026-11-24..2026-12-04")
    at_risk(play)
    assert keys(play, "dana", "escalation:") == []
    assert len(keys(play, "tom", "escalation:")) == 1


def test_i_need_a_decision_is_offered_for_committed_goals_only(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.press("max", "At risk", about="portal")
    play.press("max", "At risk", about="customers")
    buttons = [button.about for button in play.chat("max")[0].card.buttons() if button.label == "I need a decision"]
    assert buttons == ["Launch the new portal"]
    play.press("max", "I need a decision")
    assert len(keys(play, "dana", "escalation:")) == 1
    assert "Dana was asked for a decision" in play.chat("max")[0].words


def test_nobody_is_escalated_before_they_were_asked(play: Play) -> None:
    play.say("max", "launch at 40%, blocked by legal")
    assert keys(play, "dana", "escalation:") == []
    assert "I need a decision" in play.chat("max")[-1].labels
    with play.engine.connect() as connection:
        held = select(ledger.c.outcome).where(ledger.c.name == "nudge:goal.commitment_at_risk:held")
        assert connection.execute(held).scalars().all() == ["not asked yet"]


def test_the_top_of_the_company_gets_an_honest_answer(play: Play) -> None:
    play.with_goals(goal("O9", "boss", "Grow", result("K9", "Revenue")))
    play.move_to(berlin(26, 11))
    play.press("boss", "At risk", about="Grow")
    play.press("boss", "I need a decision")
    assert "found nobody who could decide" in play.chat("boss")[-1].words


def test_a_stalled_goal_asks_the_owner_first_and_the_manager_a_week_later(play: Play) -> None:
    play.move_to(berlin(7, 8, month=12))
    assert keys(play, "max", "goal.stalled.") == []
    play.move_to(berlin(7, 9, month=12))
    assert len(keys(play, "max", "goal.stalled.")) == 1
    owner = next(seen for seen in play.chat("max") if seen.key.startswith("goal.stalled."))
    assert "You haven't checked in on this goal in two weeks." in owner.words
    assert "Launch the new portal" in owner.words
    assert "Happier customers" in owner.words
    assert keys(play, "dana", "goal.stalled.") == []
    play.move_to(berlin(14, 9, month=12))
    assert len(keys(play, "dana", "goal.stalled.")) == 1
    manager = next(seen for seen in play.chat("dana") if seen.key.startswith("goal.stalled."))
    assert "Max has not checked in on this goal in three weeks" in manager.words
    assert "모바일" in manager.words
    play.move_to(berlin(31, 12, month=12))
    assert len(keys(play, "max", "goal.stalled.")) == 1
    assert len(keys(play, "dana", "goal.stalled.")) == 1


def test_the_manager_is_not_told_before_the_owners_message_was_delivered(play: Play) -> None:
    play.unreachable.add(email_of("max"))
    play.unreachable.add(email_of("mina"))
    play.move_to(berlin(31, 12, month=12))
    assert keys(play, "dana", "goal.stalled.") == []


def test_an_update_from_the_stalled_nudge_marks_it_done(play: Play) -> None:
    play.move_to(berlin(7, 9, month=12))
    nudge = next(seen for seen in play.chat("max") if seen.key.startswith("goal.stalled."))
    play.press("max", "On track", about="portal", message=nudge)
    assert "Launch the new portal: updated" in nudge.words
    play.press("max", "On track", about="customers", message=nudge)
    assert "Nothing is left to do here" in nudge.words
    play.move_to(berlin(16, 12, month=12))
    manager = [seen for seen in play.chat("dana") if seen.key.startswith("goal.stalled.")]
    assert all("portal" not in seen.words for seen in manager)


def test_every_self_started_message_explains_itself(play: Play) -> None:
    at_risk(play)
    play.move_to(berlin(15, 12, month=12))
    for name in ("max", "dana", "mina", "boss"):
        for seen in list(play.chat(name)):
            if seen.key.startswith(("checkin:", "reminder:", "goal.stalled.")) and seen.labels:
                label = "왜 받았나요?" if name == "mina" else "Why?"
                if label not in seen.labels:
                    assert "Done" in seen.words or "끝났습니다" in seen.words or "up to date" in seen.words
                    continue
                play.press(name, label, message=seen)
                assert any(rule in play.chat(name)[-1].words for rule in ("checkin.prompt", "checkin.reminder", "goal.stalled"))
    play.press("dana", "Why?", message=next(seen for seen in play.chat("dana") if seen.key.startswith("escalation:")))
    assert "goal.commitment_at_risk" in play.chat("dana")[-1].words


def test_nothing_arrives_outside_working_time(play: Play) -> None:
    at_risk(play)
    play.move_to(berlin(31, 12, month=12))
    for at, email, key in play.sent:
        if key.startswith(("checkin:", "reminder:", "goal.stalled.")):
            local = at.astimezone(play.store_zone(email))
            assert local.weekday() < 5 and 9 <= local.hour < 18, (at, email, key)


def test_the_deputy_hears_of_a_stalled_goal_only_while_the_manager_is_away(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    play.move_to(berlin(8, 12, month=12))
    play.say("dana", "/away 2026-12-12..2026-12-20")
    play.move_to(berlin(15, 12, month=12))
    assert keys(play, "dana", "goal.stalled.") == []
    assert len(keys(play, "tom", "goal.stalled.")) == 1


def test_the_deputy_hears_nothing_while_the_manager_is_there(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    play.move_to(berlin(16, 12, month=12))
    assert len(keys(play, "dana", "goal.stalled.")) == 1
    assert keys(play, "tom", "goal.stalled.") == []


def test_a_holder_who_goes_on_leave_hands_over_to_the_deputy(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    at_risk(play)
    play.press("dana", "Acknowledge")
    play.say("dana", "/away 2026-11-27..2026-12-18")
    play.move_to(berlin(27, 12))
    assert len(keys(play, "tom", "escalation:")) == 1
    assert any("Tom has it while Dana is away" in seen.words for seen in play.chat("max"))


def test_buttons_of_a_stalled_nudge_still_work_the_week_after(play: Play) -> None:
    play.move_to(berlin(7, 9, month=12))
    nudge = next(seen for seen in play.chat("max") if seen.key.startswith("goal.stalled."))
    play.move_to(berlin(15, 9, month=12))
    play.press("max", "On track", about="portal", message=nudge)
    assert "Launch the new portal: updated" in nudge.words


def test_a_request_that_could_not_be_delivered_in_time_comes_the_next_morning(play: Play) -> None:
    play.hold_back.add(email_of("dana"))
    at_risk(play, hour=17)
    play.move_to(berlin(26, 19))
    play.hold_back.clear()
    play.move_to(berlin(26, 23))
    assert keys(play, "dana", "escalation:") == []
    play.move_to(berlin(27, 9))
    assert [at for at, email, key in play.sent if email == email_of("dana") and key.startswith("escalation:")] == [berlin(27, 9)]


def test_the_private_note_is_for_the_manager_alone(play: Play) -> None:
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    secret = {"Private note for your manager": "I am worried"}
    play.submit("max", form, {"Status#0": "at_risk", "Blocker#0": "Legal", "Status#1": "on_track", **secret})
    assert "Private note for you: I am worried" in play.chat("dana")[-1].words
    play.move_to(berlin(27, 11))
    assert "A decision is needed" in play.chat("boss")[-1].words
    assert all("I am worried" not in seen.words for seen in play.chat("boss"))


def test_an_edited_message_is_delivered_once_in_the_ledger(play: Play) -> None:
    at_risk(play)
    play.press("dana", "Acknowledge")
    with play.engine.connect() as connection:
        rows = connection.execute(select(ledger.c.name).where(ledger.c.name.like("nudge:goal.commitment_at_risk:%"))).scalars()
        assert sorted(name.rpartition(":")[2] for name in rows) == ["acted", "delivered", "queued"]


def quiet_for_three_weeks(play: Play) -> None:
    play.move_to(berlin(14, 9, month=12))
    assert "Ask Max" in next(seen for seen in play.chat("dana") if seen.key.startswith("goal.stalled.")).labels


def test_the_manager_can_ask_the_owner_from_the_nudge(play: Play) -> None:
    quiet_for_three_weeks(play)
    play.press("dana", "Ask Max", about="portal")
    play.press("dana", "Ask Max", about="portal")
    assert [seen.key.startswith("asked:") for seen in play.chat("max")].count(True) == 1
    asked = play.chat("max")[-1]
    assert "Dana asks: what should be adjusted on this goal?" in asked.words
    play.press("max", "Why?", message=asked)
    assert "Dana asked you about your goal" in play.chat("max")[-1].words
    play.press("max", "On track", message=asked)
    assert "Launch the new portal: updated" in asked.words
    play.press("dana", "Ask Max", about="portal")
    assert "has been updated since" in play.chat("dana")[-1].words


def test_only_the_owners_manager_can_ask(play: Play) -> None:
    quiet_for_three_weeks(play)
    action = play.button("dana", "Ask Max", about="portal").action
    play.act("mina", action)
    play.act("max", action)
    assert play.keys("max", "asked:") == []


def test_a_manager_cannot_ask_past_the_owners_budget(play: Play) -> None:
    quiet_for_three_weeks(play)
    play.move_to(berlin(17, 15, month=12))  # after the week's question and a reminder
    play.press("dana", "Ask Max", about="portal")
    assert "Max has had enough messages from me for now, so nothing was sent. From Fri" in play.chat("dana")[-1].words
    assert play.keys("max", "asked:") == []
    play.move_to(berlin(18, 11, month=12))
    play.press("dana", "Ask Max", about="portal")
    assert len(play.keys("max", "asked:")) == 1


def test_the_owner_is_not_asked_outside_working_time(play: Play) -> None:
    quiet_for_three_weeks(play)
    play.with_people(person("max", manager="dana", zone="America/Los_Angeles"))
    play.press("dana", "Ask Max", about="portal")
    assert "not at work right now" in play.chat("dana")[-1].words
    assert play.keys("max", "asked:") == []
    play.move_to(berlin(14, 18, month=12))
    play.press("dana", "Ask Max", about="portal")
    assert len(play.keys("max", "asked:")) == 1
