"""Every `/nudges` verb besides `show` and `set`, in English and Korean words, on both databases."""

import pytest

from tests.play.company import Play, berlin, email_of, person
from tests.play.hr_hands import confirmed, hr_company, in_order, said


@pytest.fixture(autouse=True)
def company(play: Play) -> None:
    hr_company(play)


# --------------------------------------------------------------------------------------------------------------- preview


def test_preview_saves_nothing_and_offers_the_same_set(play: Play) -> None:
    words = said(play, '/nudges preview goal.stalled 2 weeks for team "Web" because calm')
    assert "What would change" in words and "only a look ahead" in words and "2 people" in words
    words = said(play, '/nudges preview goal.stalled 10d for team "Web" because calm')
    assert "14 calendar days → 10 calendar days" in words
    assert play.chat("boss")[-1].labels == ["Propose this change"]
    assert "Nothing was ever changed here" in said(play, "/nudges history")
    play.press("boss", "Propose this change")
    assert play.chat("boss")[-1].labels == ["Confirm", "Cancel"]
    play.press("boss", "Confirm")
    assert "goal.stalled.owner is now 10 calendar days for team Web" in play.chat("boss")[-1].words
    assert "calm" in said(play, "/nudges history")


def test_a_weekday_survives_the_way_from_preview_to_set(play: Play) -> None:
    said(play, "/nudges preview checkin.prompt Tuesday 14:00")
    play.press("boss", "Propose this change")
    play.press("boss", "Confirm")
    assert "every Tuesday at 14:00" in play.chat("boss")[-1].words


def test_preview_in_korean(play: Play) -> None:
    words = said(play, "/nudges 미리보기 goal.stalled 10일", "hana")
    assert "미리 보기만" in words and play.chat("hana")[-1].labels == ["이대로 제안하기"]


# ------------------------------------------------------------------------------------------------------------ lock, unlock


def test_a_lock_of_the_whole_rule_makes_narrower_values_void_until_it_is_unlocked(play: Play) -> None:
    confirmed(
        play, "/nudges set goal.stalled 10d for team Web", "/nudges set goal.stalled.manager 30d for person max@acme.example"
    )
    words = said(play, "/nudges lock goal.stalled because one rhythm")
    assert "Lock this?" in words and "one rhythm" in words
    assert "team Web: goal.stalled.owner: 10 calendar days → 14 calendar days" in words
    assert "Max: goal.stalled.manager: 30 calendar days → 21 calendar days" in words
    play.press("boss", "Confirm")
    assert "goal.stalled is now locked for the whole company" in play.chat("boss")[-1].words
    words = said(play, "/nudges show goal.stalled for team Web")
    assert "goal.stalled.owner: 14 calendar days · default · locked for the whole company by Boss since" in words
    words = said(play, "/nudges show goal.stalled")
    assert "team Web: goal.stalled.owner: 10 calendar days · does not count while locked" in words
    refused = said(play, "/nudges set goal.stalled.manager 40d for team Web")
    assert "locked for the whole company by Boss since Monday 23 November, 09:00" in refused
    assert "To unlock it: /nudges unlock goal.stalled" in refused and "nothing changed" in refused
    words = said(play, "/nudges unlock goal.stalled")
    assert "These values count again" in words
    assert "team Web: goal.stalled.owner: 14 calendar days → 10 calendar days" in words
    play.press("boss", "Confirm")
    assert "goal.stalled.owner: 10 calendar days · set by Boss" in said(play, "/nudges show goal.stalled for team Web")


def test_a_lock_of_one_threshold_leaves_its_neighbour_alone(play: Play) -> None:
    confirmed(play, "/nudges lock goal.stalled.owner")
    assert "nothing changed" in said(play, "/nudges set goal.stalled 10d for team Web")
    assert "goal.stalled.manager is now 30" in confirmed(play, "/nudges set goal.stalled.manager 30d for team Web")
    assert "goal.stalled.owner is now 10" in confirmed(play, "/nudges set goal.stalled 10d")


def test_unlocking_what_is_not_locked_says_what_is(play: Play) -> None:
    assert "goal.stalled is not locked for the whole company, so nothing changed." in said(play, "/nudges unlock goal.stalled")
    confirmed(play, "/nudges lock goal.stalled.owner for team Web")
    words = said(play, "/nudges unlock goal.stalled")
    assert '/nudges unlock goal.stalled.owner for team "Web"' in words and "nothing changed" in words
    words = said(play, "/nudges lock goal.stalled.owner for person max@acme.example")
    assert "is locked for Max already (locked for team Web by Boss" in words and "nothing changed" in words


def test_a_team_in_two_departments_is_locked_only_where_all_of_it_is(play: Play) -> None:
    play.with_people(person("tom", manager="dana", team="Web", department="Support"))
    confirmed(
        play, "/nudges set goal.stalled 12d for department Support", "/nudges lock goal.stalled.owner for department Product"
    )
    words = said(play, "/nudges set goal.stalled 10d for team Web")
    assert "14 calendar days / 12 calendar days → 14 calendar days / 10 calendar days" in words
    assert "A wider lock keeps this as it is" in words and "locked for department Product" in words
    play.press("boss", "Confirm")
    confirmed(play, "/nudges lock goal.stalled for department Support")
    assert "nothing changed" in said(play, "/nudges set goal.stalled 9d for team Web")


def test_lock_in_korean(play: Play) -> None:
    assert "잠갔습니다" in confirmed(play, "/nudges 잠금 goal.stalled for 팀 Web 이유: 분기 말", who="hana")
    assert "Hana" in said(play, "/nudges 설정 goal.stalled 10일 for 직원 max@acme.example", "hana")
    assert "바뀐 것이 없습니다" in play.chat("hana")[-1].words
    assert "잠겨 있지 않습니다" in confirmed(play, "/nudges 잠금 해제 goal.stalled for 팀 Web", who="hana")


# --------------------------------------------------------------------------------------------------------- pause, resume


def test_a_pause_says_what_it_does_and_nothing_is_sent(play: Play) -> None:
    words = said(play, "/nudges pause because offsite")
    assert "not paused → paused" in words and "nothing it starts by itself is sent" in words
    play.press("boss", "Confirm")
    assert "Rondo is now paused for the whole company" in play.chat("boss")[-1].words
    assert "nothing is replayed in a heap" in play.chat("boss")[-1].words
    play.move_to(berlin(9, 12, month=12))
    assert play.sent == [sent for sent in play.sent if not sent[2].startswith(("checkin:", "goal."))]
    assert "paused for the whole company already" in said(play, "/nudges pause")
    play.say("max", "all on track")
    assert play.chat("max")
    confirmed(play, "/nudges resume")
    play.move_to(berlin(11, 12, month=12))
    assert {email for _, email, key in play.sent if key.startswith("checkin:")} >= {email_of("dana")}
    assert "Rondo is not paused for the whole company" in said(play, "/nudges resume")


def test_a_scope_may_speak_under_a_wider_pause_and_a_wider_pause_says_so(play: Play) -> None:
    confirmed(play, "/nudges pause")
    words = said(play, "/nudges resume for team Web")
    assert "paused → not paused" in words
    play.press("boss", "Confirm")
    assert "Rondo speaks again for team Web" in play.chat("boss")[-1].words
    play.move_to(berlin(27, 12))
    assert {email for _, email, key in play.sent if key.startswith("checkin:")} == {email_of("max"), email_of("mina")}
    words = said(play, "/nudges resume")
    assert "This stays different inside" not in words
    play.press("boss", "Confirm")
    words = said(play, "/nudges pause")
    assert "This stays different inside" in words and "team Web: not paused" in words


def test_resuming_takes_the_own_pause_back_so_that_a_later_wider_pause_counts(play: Play) -> None:
    confirmed(play, "/nudges pause for team Web", "/nudges resume for team Web", "/nudges pause")
    assert "Pause: paused · set by Boss" in said(play, "/nudges show for team Web")


def test_pause_in_korean(play: Play) -> None:
    assert "멈췄습니다" in confirmed(play, "/nudges 일시중지 for 팀 Web", who="hana")
    assert "다시 알려 드립니다" in confirmed(play, "/nudges 재개 for 팀 Web", who="hana")


# --------------------------------------------------------------------------------------------------------------- profile


def test_a_profile_lists_what_it_changes_and_what_it_leaves(play: Play) -> None:
    confirmed(
        play, "/nudges set budget.per_day 5", "/nudges set goal.stalled.manager 45d", "/nudges set checkin.grace 4d for team Web"
    )
    words = said(play, "/nudges profile light because summer")
    assert "Profile: standard → light" in words
    assert "goal.stalled.owner: 14 calendar days → 28 calendar days" in words
    assert "checkin.reminder.second: 1 working day → off" in words
    assert "budget.per_day: 5 messages · set by Boss" in words and "budget.per_day: 5 messages →" not in words
    assert in_order(words, ["This stays different inside", "team Web: checkin.grace: 4 working days"])
    play.press("boss", "Confirm")
    assert "The profile light is now in force for the whole company" in play.chat("boss")[-1].words
    shown = said(play, "/nudges show")
    assert "Profile: light · set by Boss" in shown
    assert "goal.stalled.owner: 28 calendar days · profile light" in shown
    assert "budget.per_day: 5 messages · set by Boss" in shown
    assert "The profile light is in force for the whole company already" in said(play, "/nudges profile light")


def test_a_profile_does_not_reach_what_a_wider_lock_holds(play: Play) -> None:
    confirmed(play, "/nudges lock goal.stalled")
    words = said(play, "/nudges profile active for team Web")
    assert "A wider lock keeps this as it is" in words and "goal.stalled.owner: locked for the whole company" in words
    assert "goal.stalled.owner: 14" not in words
    play.press("boss", "Confirm")
    assert "goal.stalled.owner: 14 calendar days · default" in said(play, "/nudges show for team Web")
    assert "budget.per_day: 3" in play.chat("boss")[-1].words


def test_a_profile_that_would_let_one_threshold_pass_another_is_refused(play: Play) -> None:
    confirmed(play, "/nudges set goal.stalled.manager 20d")
    words = said(play, "/nudges profile light")
    assert "goal.stalled.owner (28 calendar days) would not come before goal.stalled.manager (20 calendar days)" in words
    assert "nothing changed" in words and "/nudges set goal.stalled.manager 29d" in words
    confirmed(play, "/nudges set goal.stalled.manager 29d", "/nudges profile light")


def test_a_misspelt_profile_gets_the_nearest(play: Play) -> None:
    words = said(play, "/nudges profile ligth for team Web because calm")
    assert 'Try: /nudges profile light for team "Web" because calm' in words and "nothing changed" in words
    assert "light, standard, active" in words
    assert "/nudges profile standard" in said(play, "/nudges profile xyzzy")


def test_standard_where_nothing_else_was_chosen_is_in_force_already(play: Play) -> None:
    assert "The profile standard is in force for the whole company already" in said(play, "/nudges profile standard")


def test_profile_in_korean(play: Play) -> None:
    assert "light 프로필이 적용됩니다" in confirmed(play, "/nudges 프로필 가볍게", who="hana")


# ------------------------------------------------------------------------------------------------------- history, revert


def test_history_tells_the_newest_first_and_how_many_are_older(play: Play) -> None:
    confirmed(play, *(f"/nudges set goal.stalled {days}d" for days in range(4, 20)))
    confirmed(play, "/nudges set checkin.grace 3d for team Web because launch", who="boss")
    words = said(play, "/nudges history")
    assert in_order(words, [f"Version {number}:" for number in range(17, 2, -1)])
    assert "Version 2:" not in words and "and 2 older versions" in words
    first = next(line for line in words.split("\n") if line.startswith("Version 17:"))
    assert "checkin.grace: 2 working days → 3 working days" in first
    assert "team Web" in first and "Boss" in first and "Monday 23 November, 09:00" in first and first.endswith("launch")
    assert "goal.stalled.owner: 18 calendar days → 19 calendar days" in words
    assert "/nudges revert 17" in words
    about = said(play, "/nudges history checkin.grace")
    assert "Version 17:" in about and "Version 16:" not in about
    assert "Nothing was ever changed about quiet_hours" in said(play, "/nudges history quiet_hours")


def test_the_history_of_a_rule_has_its_locks_and_profiles(play: Play) -> None:
    confirmed(play, "/nudges lock goal.stalled", "/nudges profile light", "/nudges pause", "/nudges unlock goal.stalled")
    words = said(play, "/nudges history goal.stalled")
    assert "Lock of goal.stalled: not locked → locked" in words and "Lock of goal.stalled: locked → not locked" in words
    assert "Profile: standard → light" in words and "Pause" not in words
    assert "Pause: not paused → paused" in said(play, "/nudges history")


def test_reverting_the_newest_goes_back_to_what_was_before(play: Play) -> None:
    confirmed(play, "/nudges set goal.stalled 10d", "/nudges set goal.stalled 12d")
    assert "12 calendar days → 10 calendar days" in said(play, "/nudges revert 2")
    play.press("boss", "Confirm")
    assert "goal.stalled.owner: 10 calendar days" in said(play, "/nudges show goal.stalled")
    assert "goal.stalled.owner: 12 calendar days → 10 calendar days" in said(play, "/nudges history")


def test_reverting_the_first_leaves_no_value_of_its_own(play: Play) -> None:
    confirmed(play, "/nudges set goal.stalled 10d for team Web")
    words = said(play, "/nudges revert 1")
    assert "Take this back?" in words and "10 calendar days → 14 calendar days" in words
    play.press("boss", "Confirm")
    assert "goal.stalled.owner has no value of its own any more for team Web" in play.chat("boss")[-1].words
    assert "goal.stalled.owner: 14 calendar days · default" in said(play, "/nudges show goal.stalled for team Web")


def test_reverting_an_older_version_brings_its_value_back(play: Play) -> None:
    confirmed(play, "/nudges set goal.stalled 10d", "/nudges set goal.stalled 12d", "/nudges set goal.stalled 15d")
    confirmed(play, "/nudges revert 1 because it was good")
    assert "goal.stalled.owner: 10 calendar days · set by Boss" in said(play, "/nudges show goal.stalled")
    assert "it was good" in play.chat("boss")[-1].words
    words = said(play, "/nudges revert 1")
    assert "goal.stalled.owner is 10 calendar days for the whole company already" in words and "nothing changed" in words


def test_locks_profiles_and_pauses_are_reverted_alike(play: Play) -> None:
    confirmed(play, "/nudges lock goal.stalled", "/nudges profile light", "/nudges pause")
    assert "Rondo speaks again" in confirmed(play, "/nudges revert 3")
    assert "Profile has no value of its own any more" in confirmed(play, "/nudges revert version 2")
    assert "goal.stalled is no longer locked" in confirmed(play, "/nudges revert #1")
    assert "Profile: standard · default" in said(play, "/nudges show")


def test_a_revert_is_checked_like_any_change(play: Play) -> None:
    confirmed(play, "/nudges set goal.stalled 18d", "/nudges set goal.stalled 10d", "/nudges set goal.stalled.manager 12d")
    words = said(play, "/nudges revert 2")
    assert "nothing changed" in words and "from 3 calendar days to 11 calendar days" in words
    confirmed(
        play, "/nudges set goal.stalled 5d for team Web", "/nudges set goal.stalled 6d for team Web", "/nudges lock goal.stalled"
    )
    assert "locked for the whole company" in said(play, "/nudges revert 4")


def test_an_unknown_version_gets_the_nearest(play: Play) -> None:
    assert "Nothing was ever changed here" in said(play, "/nudges revert 7")
    confirmed(play, "/nudges set goal.stalled 10d", "/nudges set goal.stalled 12d")
    for wrong, near in (("99", 2), ("0", 1), ("two", 2), ("", 2), ("9" * 40, 2)):
        words = said(play, f"/nudges revert {wrong}")
        assert f"Try: /nudges revert {near}" in words and "nothing changed" in words


def test_revert_in_korean(play: Play) -> None:
    confirmed(play, "/nudges set goal.stalled 10d")
    assert "버전 1: goal.stalled.owner" in said(play, "/nudges 이력", "hana")
    assert "따로 설정되어 있지 않습니다" in confirmed(play, "/nudges 되돌리기 1", who="hana")
