"""Items for the next 1:1 and reviews of new hires, as people live them, on both databases."""

from datetime import date

from bot.talk.actions import Action, Verb
from tests.play.company import Play, Seen, berlin, email_of, person
from tests.play.owed import ITEM, NEAR, OPEN, blocked, entries, explained, keys, owed, seen, when


def listed(play: Play) -> Seen:
    blocked(play, goals="#0", text="Legal review")
    card = seen(play, "dana", "escalation:")
    assert card.labels == ["Acknowledge", "Decide", "Hand over", "Talk first", "Why?"]
    play.press("dana", "Talk first", message=card)
    return card


def test_talk_first_acknowledges_lists_the_item_and_the_owner_sees_it(play: Play) -> None:
    card = listed(play)
    assert card.labels == ["Decide", "Hand over", "Why?"]
    assert "is on the list for your next 1:1 with Max" in play.chat("dana")[-1].words
    owner = next(one for one in play.chat("max") if one.key.endswith(":owner"))
    assert "Dana put it on the list for the next 1:1 with Max" in owner.words
    assert "Dana has seen your question" in owner.words
    assert [one.id.partition(":")[0] for one in owed(play)] == ["one_on_one"]


def test_talk_first_after_acknowledging_shows_the_owner_that_step_too(play: Play) -> None:
    blocked(play, goals="#0")
    play.press("dana", "Acknowledge")
    play.press("dana", "Talk first")
    owner = next(one for one in play.chat("max") if one.key.endswith(":owner"))
    assert "next 1:1" in owner.words


def test_talk_first_pressed_twice_has_one_effect(play: Play) -> None:
    blocked(play, goals="#0")
    action = play.button("dana", "Talk first").action
    play.act("dana", action)
    before, acknowledged = owed(play), entries(play, "escalation:acknowledged")
    play.act("dana", action)
    assert owed(play) == before
    assert entries(play, "escalation:acknowledged") == acknowledged
    assert len(before) == 1


def test_only_the_holder_may_put_it_on_the_list(play: Play) -> None:
    blocked(play, goals="#0")
    action = play.button("dana", "Talk first").action
    play.act("mina", action)
    assert owed(play) == []
    assert "Acknowledge" in seen(play, "dana", "escalation:").labels


def test_an_item_is_remembered_after_seven_working_days_and_can_be_ticked_off_there(play: Play) -> None:
    listed(play)
    play.move_to(berlin(7, 10, 59, month=12))
    assert keys(play, "dana", ITEM) == []
    play.move_to(berlin(7, 11, month=12))
    message = seen(play, "dana", ITEM)
    assert "You wanted to talk with Max about “Launch the new portal”" in message.words
    play.press("dana", "Talked about it", message=message)
    assert "Talked about it" not in message.labels
    play.press("dana", "Why?", message=seen(play, "dana", "escalation:"))
    play.move_to(berlin(31, 12, month=12))
    assert len(keys(play, "dana", ITEM)) == 1


def test_an_item_does_not_wait_for_a_colleague_on_leave(play: Play) -> None:
    listed(play)
    play.say("max", "/away 2026-11-30..2026-12-04")
    play.move_to(berlin(11, 12, month=12))
    assert keys(play, "dana", ITEM) == []
    play.move_to(berlin(14, 12, month=12))
    assert len(keys(play, "dana", ITEM)) == 1


def test_a_decision_takes_its_item_off_the_list(play: Play) -> None:
    listed(play)
    play.submit("dana", play.form(play.press("dana", "Decide")), {"Decision": "keep"})
    assert [one.done_at is None for one in owed(play)] == [False]
    assert seen(play, "dana", "escalation:").labels == ["Why?"]
    play.move_to(berlin(18, 12, month=12))
    assert keys(play, "dana", ITEM) == []


# ------------------------------------------------------------------------------------------- reviews


def newcomer(play: Play) -> Play:
    """Nina started on 2 November: her day 30 is Wednesday 2 December."""
    started = person("nina", manager="dana", start_date=date(2026, 11, 2))
    play.with_people(started)
    play.tick()
    return play


def test_day_thirty_reaches_the_new_hire_and_the_manager(play: Play) -> None:
    newcomer(play)
    play.move_to(berlin(2, 8, 59, month=12))
    assert keys(play, "nina", NEAR) == keys(play, "dana", NEAR) == []
    play.move_to(berlin(2, 9, month=12))
    assert "Your day-30 review is due on Wednesday 2 December: a good moment" in seen(play, "nina", NEAR).words
    assert seen(play, "nina", NEAR).labels == ["My goals", "Why?"]
    assert "The day-30 review of Nina is due on Wednesday 2 December: how" in seen(play, "dana", NEAR).words
    assert [one.id for one in owed(play)] == [f"review:{person('nina').id}:30"]


def test_a_review_that_was_held_is_marked_done_for_both_and_nothing_follows(play: Play) -> None:
    newcomer(play)
    play.move_to(berlin(2, 10, month=12))
    play.press("dana", "Review held")
    play.tick()
    assert owed(play)[0].done_by == person("dana").id
    assert "day-30 review of Nina: done" in seen(play, "dana", NEAR).words
    assert "day-30 review of Nina: done" in seen(play, "nina", NEAR).words
    play.move_to(berlin(31, 12, month=12))
    assert keys(play, "dana", OPEN) == []
    assert len(keys(play, "nina", NEAR)) == len(keys(play, "dana", NEAR)) == 1


def test_each_milestone_comes_once(play: Play) -> None:
    newcomer(play)
    for month, day in ((12, 2), (12, 4), (12, 31)):
        play.move_to(berlin(day, 12, month=month))
        if month == 12 and day == 2:
            play.press("dana", "Review held")
    play.move_to(berlin(26, 12, month=2, year=2027))
    days = [at.astimezone(play.store_zone(email_of("nina"))).date() for at in when(play, "nina", NEAR)]
    # Day 60 is New Year's Day in Berlin, day 90 a Sunday; no holidays are kept in this company.
    assert days == [date(2026, 12, 2), date(2027, 1, 1), date(2027, 2, 1)]


def test_an_open_review_is_asked_about_after_two_days_and_then_ever_more_rarely(play: Play) -> None:
    newcomer(play)
    play.move_to(berlin(31, 12, month=12))
    expected = [berlin(4, 9, month=12), berlin(8, 9, month=12), berlin(14, 9, month=12), berlin(24, 9, month=12)]
    assert when(play, "dana", OPEN) == expected
    play.press("dana", "Review held", message=seen(play, "dana", OPEN))
    play.tick()
    assert "Review held" not in seen(play, "dana", OPEN).labels


def test_a_company_that_imports_people_who_started_long_ago_hears_nothing(play: Play) -> None:
    for number, started in enumerate(
        (date(2019, 3, 1), date(2026, 8, 20), date(2026, 9, 20), date(2026, 10, 20), date(2026, 10, 23))
    ):
        play.with_people(person(f"old{number}", manager="dana", start_date=started))
    play.tick()
    play.move_to(berlin(18, 12))
    assert [key for _, _, key in play.sent if key.startswith((NEAR, OPEN))] == []


def test_a_start_date_that_is_entered_years_later_brings_nothing_back(play: Play) -> None:
    play.with_people(person("max", manager="dana", start_date=date(2020, 1, 1)))
    play.with_people(person("mina", manager="dana", language="ko", start_date=date(2026, 8, 20)))
    play.tick()
    play.move_to(berlin(18, 12, month=12))
    assert [key for _, _, key in play.sent if key.startswith((NEAR, OPEN))] == []


def test_nobody_on_leave_is_reminded_of_a_review(play: Play) -> None:
    newcomer(play)
    play.say("nina", "/away 2026-11-30..2026-12-07")
    play.move_to(berlin(8, 8, 59, month=12))
    assert keys(play, "nina", NEAR) == keys(play, "dana", NEAR) == []
    play.move_to(berlin(8, 9, month=12))
    assert len(keys(play, "nina", NEAR)) == len(keys(play, "dana", NEAR)) == 1
    assert "Your day-30 review was due on Wednesday 2 December" in seen(play, "nina", NEAR).words
    assert "The day-30 review of Nina was due on Wednesday 2 December" in seen(play, "dana", NEAR).words
    assert not [one for name in ("nina", "dana") for one in play.chat(name) if "is near" in one.words + one.card.summary]


def test_an_announcement_says_that_its_day_is_over_once_the_review_is_asked_about(play: Play) -> None:
    newcomer(play)
    play.move_to(berlin(4, 10, month=12))
    assert "The day-30 review of Nina is open" in seen(play, "dana", OPEN).words
    assert "The day-30 review of Nina was due on Wednesday 2 December" in seen(play, "dana", NEAR).words


def test_in_korean_the_day_is_named_too(play: Play) -> None:
    play.with_people(person("nina", manager="mina", start_date=date(2026, 11, 2)))
    play.tick()
    play.move_to(berlin(2, 10, month=12))
    assert "Nina 님의 30일 차 리뷰 예정일은 12월 2일 수요일입니다." in seen(play, "mina", NEAR).words


def test_the_deputy_hears_of_a_review_while_the_manager_is_away_and_may_hold_it(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    newcomer(play)
    play.say("dana", "/away 2026-11-30..2026-12-09")
    play.move_to(berlin(2, 12, month=12))
    assert len(keys(play, "tom", NEAR)) == 1
    play.press("tom", "Review held")
    assert owed(play)[0].done_by == person("tom").id
    play.move_to(berlin(18, 12, month=12))
    assert keys(play, "dana", NEAR) == keys(play, "dana", OPEN) == []


def test_hr_moves_a_milestone_and_the_review_that_was_had_does_not_come_again(play: Play) -> None:
    newcomer(play)
    play.move_to(berlin(2, 12, month=12))
    play.say("boss", "/nudges set kpo.review.first 28d")
    play.press("boss", "Confirm")
    play.move_to(berlin(3, 12, month=12))
    assert len(keys(play, "nina", NEAR)) == 1


def test_pressing_done_again_or_without_right_is_answered_and_changes_nothing(play: Play) -> None:
    newcomer(play)
    play.move_to(berlin(2, 10, month=12))
    action = play.button("dana", "Review held").action
    play.act("max", action)
    assert "This is with Dana" in play.chat("max")[-1].words
    play.act("nina", action)
    assert owed(play)[0].done_at is None
    play.act("dana", action)
    done = owed(play)
    play.act("dana", action)
    assert "done already" in play.chat("dana")[-1].words
    assert owed(play) == done
    play.act("dana", Action(Verb.DUTY_DONE, ("review:nobody:30",)))
    assert "older card" in play.chat("dana")[-1].words


def test_every_message_about_a_review_explains_itself(play: Play) -> None:
    newcomer(play)
    play.move_to(berlin(4, 12, month=12))
    explained(play, ("nina", NEAR, "Why?"), ("dana", NEAR, "Why?"), ("dana", OPEN, "Why?"))
