"""HR in charge from chat, on both databases."""

import pytest

from bot.events import Address, Introduced, Platform, Profile
from bot.model import Role
from tests.play.company import Play, berlin, email_of, person


def test_hr_sees_what_is_in_force(play: Play) -> None:
    play.say("boss", "/nudges show")
    words = play.chat("boss")[-1].words
    assert "goal.stalled.owner: 14 calendar days · default" in words
    assert "checkin.prompt.when: every Thursday at 10:00" in words


def test_nobody_else_may(play: Play) -> None:
    play.say("max", "/nudges set goal.stalled 30d")
    assert "Only HR admins" in play.chat("max")[-1].words
    play.say("dana", "/nudges show")
    assert "Only HR admins" in play.chat("dana")[-1].words


def test_a_confirmed_threshold_counts_from_the_next_decision_on(play: Play) -> None:
    play.say("boss", "/nudges set goal.stalled 7d for person max@acme.example because launch month")
    preview = play.chat("boss")[-1]
    assert "14 calendar days → 7 calendar days" in preview.words
    assert "Max" in preview.words
    play.move_to(berlin(1, 9, month=12))
    assert [key for _, email, key in play.sent if key.startswith("goal.stalled.")] == []
    play.press("boss", "Confirm")
    assert "goal.stalled.owner is now 7 calendar days" in preview.words
    play.move_to(berlin(1, 10, month=12))
    assert [email for _, email, key in play.sent if key.startswith("goal.stalled.")] == [email_of("max")]
    play.press("max", "Why?", message=next(seen for seen in play.chat("max") if seen.key.startswith("goal.stalled.")))
    assert "set by Boss" in play.chat("max")[-1].words


def test_a_moved_prompt_day_reaches_everybody_at_once(play: Play) -> None:
    play.say("boss", "/nudges set checkin.prompt Tuesday 14:00")
    play.press("boss", "Confirm")
    play.move_to(berlin(24, 14))
    assert {email for _, email, key in play.sent if key.startswith("checkin:")} == {
        email_of(name) for name in ("boss", "dana", "max", "mina")
    }


def test_cancel_changes_nothing(play: Play) -> None:
    play.say("boss", "/nudges set goal.stalled 7d")
    play.press("boss", "Cancel")
    assert "Nothing was changed" in play.chat("boss")[-1].words
    play.say("boss", "/nudges show goal.stalled")
    assert "14 calendar days · default" in play.chat("boss")[-1].words


def test_wrong_input_gets_the_nearest_valid_form(play: Play) -> None:
    for text, nearest in (
        ("/nudges set goal.stalled banana", "/nudges set goal.stalled.owner 14d"),
        ("/nudges set goal.stalled 1d", "/nudges set goal.stalled.owner 3d"),
        ("/nudges set goal.staled 20d", "goal.stalled"),
        ("/nudges set goal.stalled 20d for team Nowhere", "Nowhere"),
        ("/nudges set goal.stalled 20d for person ghost@acme.example", "ghost@acme.example"),
        ("/nudges set checkin.grace off", "/nudges set checkin.grace 2d"),
    ):
        play.say("boss", text)
        words = play.chat("boss")[-1].words
        assert nearest in words and "nothing changed" in words, words
        assert play.chat("boss")[-1].labels == []


def test_a_threshold_cannot_pass_its_neighbour(play: Play) -> None:
    play.say("boss", "/nudges set goal.stalled 21d")
    words = play.chat("boss")[-1].words
    assert "from 3 calendar days to 20 calendar days" in words
    assert "nothing changed" in words
    play.say("boss", "/nudges set goal.stalled.manager 2 weeks")
    assert "15 calendar days" in play.chat("boss")[-1].words


def test_the_most_specific_scope_wins(play: Play) -> None:
    play.with_people(person("max", manager="dana", team="Web", department="Product"))
    for scope, value in (
        ("company", "10d"),
        ('department "Product"', "11d"),
        ("team Web", "12d"),
        ("person max@acme.example", "13d"),
    ):
        play.say("boss", f"/nudges set goal.stalled {value} for {scope}")
        play.press("boss", "Confirm")
    for scope, days in (("person max@acme.example", 13), ("team Web", 12), ("department Product", 11), ("company", 10)):
        play.say("boss", f"/nudges show goal.stalled for {scope}")
        assert f"goal.stalled.owner: {days} calendar days" in play.chat("boss")[-1].words


def test_the_second_hr_admin_sees_what_changed_in_between(play: Play) -> None:
    play.with_people(person("hana", manager="boss", role=Role.HR_ADMIN))
    play.say("boss", "/nudges set goal.stalled 10d")
    play.say("hana", "/nudges set goal.stalled 12d")
    play.press("hana", "Confirm")
    play.press("boss", "Confirm")
    assert "Hana changed something here in the meantime: goal.stalled.owner is now 12" in play.chat("boss")[-1].words
    assert "12 calendar days → 10 calendar days" in play.chat("boss")[-1].words
    play.press("boss", "Confirm")
    assert "is now 10 calendar days" in play.chat("boss")[-1].words


def test_a_prompt_switched_off_is_not_sent(play: Play) -> None:
    play.say("boss", "/nudges set checkin.prompt off")
    play.press("boss", "Confirm")
    play.move_to(berlin(4, 12, month=12))
    assert [key for _, _, key in play.sent if key.startswith("checkin:")] == []


def test_the_nearest_form_keeps_scope_and_reason(play: Play) -> None:
    play.say("boss", "/nudges set goal.stalled 1d for person max@acme.example because launch")
    assert "/nudges set goal.stalled.owner 3d for person max@acme.example because launch" in play.chat("boss")[-1].words


@pytest.mark.parametrize("user", ["U0MAX", "29:1aX_b-c"])
def test_a_person_may_be_named_by_mention(play: Play, user: str) -> None:
    account = Address(platform=Platform.LOCAL, tenant="local", user=user)
    play.turn.take(Introduced(id="mention", at=play.now, by=account, profile=Profile(email=email_of("max"))))
    play.say("boss", f"/nudges set goal.stalled 9d for <@{user}>")
    assert "Max" in play.chat("boss")[-1].words
    play.press("boss", "Confirm")
    play.say("boss", "/nudges show goal.stalled for person max@acme.example")
    assert "goal.stalled.owner: 9 calendar days" in play.chat("boss")[-1].words


def test_cancel_after_confirm_says_that_it_is_saved(play: Play) -> None:
    play.say("boss", "/nudges set goal.stalled 10d")
    cancel = play.button("boss", "Cancel").action
    play.press("boss", "Confirm")
    play.act("boss", cancel)
    assert "already confirmed" in play.chat("boss")[-1].words
    assert "is now 10 calendar days" in play.chat("boss")[-2].words
