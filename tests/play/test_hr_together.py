"""Two HR admins at once, wrong inputs, people who may not, and what the ledger says of it, on both databases."""

import pytest

from bot.model import Role
from storage.reports import SqlReports
from tests.play.company import Play, goal, person, result
from tests.play.hr_hands import confirmed, hr_company, said


@pytest.fixture(autouse=True)
def company(play: Play) -> None:
    hr_company(play)


# ------------------------------------------------------------------------------------------------------ two HR admins


@pytest.mark.parametrize(
    ("mine", "theirs", "seen"),
    [
        ("lock goal.stalled", "set goal.stalled 10d for team Web", "goal.stalled.owner is now 10 calendar days for team Web"),
        ("profile light", "set budget.per_day 4", "budget.per_day is now 4 messages"),
        ("set goal.stalled 10d", "profile active for team Web", "The profile active is now in force for team Web"),
        ("pause", "pause for team Web", "Rondo is now paused for team Web"),
        ("unlock goal.stalled", "set goal.stalled 12d", "goal.stalled.owner is now 12 calendar days"),
        ("revert 2", "set budget.per_day 5 for team Web", "budget.per_day is now 5 messages for team Web"),
    ],
)
def test_the_second_sees_what_the_first_changed(play: Play, mine: str, theirs: str, seen: str) -> None:
    play.with_people(person("hana", manager="boss", role=Role.HR_ADMIN))
    if mine == "unlock goal.stalled":
        confirmed(play, "/nudges lock goal.stalled")
    if mine == "revert 2":
        confirmed(play, "/nudges set budget.per_day 4", "/nudges set budget.per_day 3")
    said(play, f"/nudges {mine}")
    card = play.chat("boss")[-1]
    confirmed(play, f"/nudges {theirs}", who="hana")
    play.press("boss", "Confirm", message=card)
    assert f"Hana changed something here in the meantime: {seen}" in card.words
    play.press("boss", "Confirm", message=card)
    assert "Policy version" in card.words


def test_a_lock_in_between_stops_the_other(play: Play) -> None:
    said(play, "/nudges set goal.stalled 10d for team Web")
    card = play.chat("boss")[-1]
    confirmed(play, "/nudges 잠금 goal.stalled", who="hana")
    play.press("boss", "Confirm", message=card)
    assert "locked for the whole company by Hana" in play.chat("boss")[-1].words
    assert "goal.stalled.owner: 14 calendar days · default" in said(play, "/nudges show goal.stalled for team Web")


def test_the_same_lock_twice_is_one(play: Play) -> None:
    said(play, "/nudges lock goal.stalled")
    card = play.chat("boss")[-1]
    confirmed(play, "/nudges lock goal.stalled", who="hana")
    play.press("boss", "Confirm", message=card)
    assert "is locked for the whole company already" in play.chat("boss")[-1].words
    assert "Version 2" not in said(play, "/nudges history")


def test_a_second_press_of_confirm_saves_nothing_more(play: Play) -> None:
    said(play, "/nudges pause for team Web")
    action = play.button("boss", "Confirm").action
    play.act("boss", action)
    play.act("boss", action)
    assert "Rondo is now paused for team Web" in play.chat("boss")[-1].words
    assert "Version 2" not in said(play, "/nudges history")


# -------------------------------------------------------------------------------------------------- wrong inputs, others


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("lock goal.staled for team Web", '/nudges lock goal.stalled for team "Web"'),
        ("lock goal.stalled for team Wep because calm", '/nudges lock goal.stalled for team "Web" because calm'),
        ("lock goal.stalled.ownr", "/nudges lock goal.stalled.owner"),
        ("unlock goal.stalled for department Prodct", '/nudges unlock goal.stalled for department "Product"'),
        ("show goal.staled for team Web", '/nudges show goal.stalled for team "Web"'),
        ("history goal.stald", "/nudges history goal.stalled"),
        ("pause for team Wep", '/nudges pause for team "Web"'),
        ("resume for person mx@acme.example", "/nudges resume for person max@acme.example"),
        ("profile activ for team Wep", '/nudges profile active for team "Web"'),
        ("preview goal.staled 10d", "/nudges preview goal.stalled.owner 10d"),
        ("preview goal.stalled 1d for team Web", '/nudges preview goal.stalled.owner 3d for team "Web"'),
        ("set goal.staled 1d for team Wep", '/nudges set goal.stalled.owner 3d for team "Web"'),
        ("set goal.stalled", "/nudges set goal.stalled.owner 14d"),
        ("lock", "/nudges lock goal.stalled"),
        ("pause team Web", '/nudges pause for team "Web"'),
        ("lokc goal.stalled", "/nudges lock goal.stalled"),
    ],
)
def test_wrong_input_gets_the_nearest_form_and_that_form_is_right(play: Play, text: str, nearest: str) -> None:
    words = said(play, f"/nudges {text}")
    assert nearest in words and play.chat("boss")[-1].labels == [], words
    assert "nothing changed" in words
    again = said(play, nearest)
    assert "Try:" not in again and "There is no" not in again and "I know nobody" not in again


def test_the_nearest_value_is_valid_beside_its_neighbour(play: Play) -> None:
    confirmed(play, "/nudges set goal.stalled 5d", "/nudges set goal.stalled.manager 10d")
    words = said(play, "/nudges set goal.stalled banana")
    assert "/nudges set goal.stalled.owner 9d" in words
    assert play.chat("boss")[-1].labels == []
    confirmed(play, "/nudges set goal.stalled.owner 9d")
    confirmed(play, "/nudges set checkin.reminder.second 5d", "/nudges set checkin.reminder.first 20h")
    words = said(play, "/nudges set checkin.reminder.second 1d")
    assert "/nudges set checkin.reminder.second 3d" in words and "from 21 working hours to 5 working days" in words
    confirmed(play, "/nudges set checkin.reminder.second 3d")


@pytest.mark.parametrize(
    "words",
    [
        "preview goal.stalled 10d", "lock goal.stalled", "unlock goal.stalled", "history", "revert 1", "profile light",
        "pause", "resume", "show", "set goal.stalled 10d",
    ],
)  # fmt: skip
def test_only_hr_may(play: Play, words: str) -> None:
    for who in ("max", "dana"):
        assert "Only HR admins" in said(play, f"/nudges {words}", who)
        assert play.chat(who)[-1].labels == []


def test_every_change_stands_in_the_ledger(play: Play) -> None:
    confirmed(play, "/nudges lock goal.stalled", "/nudges unlock goal.stalled", "/nudges profile light", "/nudges pause")
    confirmed(play, "/nudges revert 4")
    page = SqlReports(play.engine).ledger(limit=500)
    found = [(item["subject"], item["outcome"]) for item in page.items if item["name"] == "policy:changed"]
    assert found == [
        ("policy:lock:goal.stalled", "on"), ("policy:lock:goal.stalled", "taken back"), ("policy:profile", "light"),
        ("policy:pause", "on"), ("policy:pause", "taken back"),
    ]  # fmt: skip


def test_help_names_the_verbs_to_hr(play: Play) -> None:
    words = said(play, "/rondo help")
    for verb in ("preview", "lock", "unlock", "profile", "pause", "resume", "history", "revert"):
        assert verb in words


def test_an_odd_team_name_survives_the_way_through_a_nearest_form(play: Play) -> None:
    play.with_people(person("zoe", manager="dana", team='The "A" team'), person("yan", manager="dana", team="for because"))
    play.with_goals(goal("Z", "zoe", "Odd names", result("KZ", "Names")))
    for name in ('“The "A" team”', '"for because"'):
        words = said(play, f"/nudges set goal.stalled 1d for team {name}")
        form = words.split("Try: ")[1]
        assert play.chat("boss")[-1].labels == []
        assert "Concerns: 1 person" in said(play, form)
