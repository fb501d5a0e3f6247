"""What HR mistypes behind `/nudges`: the form that is offered keeps value and scope, and is taken when it is typed back."""

import re
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from bot.model import Role
from tests.play.company import Play, person
from tests.play.hr_hands import said


def peopled(play: Play) -> Play:
    return play.with_people(
        person("max", manager="dana", team="Growth", department="Product"),
        person("mina", manager="dana", language="ko", team="Growth", department="Product"),
        person("lena.fischer", manager="boss", team="R&D", department="Labs"),
        person("tobias.renner", manager="boss"),
        person("ann", manager="boss", team="Growth"),
    )


@pytest.fixture
def sqlite_play(sqlite_engine: Engine) -> Play:
    """What is only read and answered needs no second database."""
    play = peopled(Play(sqlite_engine).with_people(person("boss", role=Role.HR_ADMIN), person("dana", manager="boss")))
    play.tick()
    return play


def named(play: Play, name: str, words: str) -> None:
    """Somebody of this name joins."""
    play.with_people(replace(person(name, manager="boss"), name=words))


def offered(words: str) -> str:
    """The form that an answer offers."""
    found = re.search(r"(?:Try|적어 보세요|예를 들면): (/nudges .+)", words)
    assert found, words
    return found[1]


def is_taken(play: Play, form: str) -> bool:
    """What is asked for is shown, or a change is, to be confirmed; or it is so already."""
    words = said(play, form)
    return "nothing changed" not in words or "already" in words


MISTYPED = [
    ("set goal.stalled 10d in team Growth", 'set goal.stalled.owner 10d for team "Growth"'),
    ("설정 goal.stalled 2주 팀 Growth", 'set goal.stalled.owner 14d for team "Growth"'),
    ("설정 goal.stalled 10일 Growth 팀", 'set goal.stalled.owner 10d for team "Growth"'),
    ("설정 goal.stalled 10일 Growth팀에", 'set goal.stalled.owner 10d for team "Growth"'),
    ("set goal.stalled 10d team Growth because noise", 'set goal.stalled.owner 10d for team "Growth" because noise'),
    ("set goal.stalled 10d for teams Growth", 'set goal.stalled.owner 10d for team "Growth"'),
    ("set goal.stalled 10d for the Growth team", 'set goal.stalled.owner 10d for team "Growth"'),
    ("set goal.stalled 10d for Growth", 'set goal.stalled.owner 10d for team "Growth"'),
    ("set goal.stalled 10d in Product", 'set goal.stalled.owner 10d for department "Product"'),
    ("set goal.stalled 10d for team Growht", 'set goal.stalled.owner 10d for team "Growth"'),
    ("set goal.stalled 10d for the whole company", "set goal.stalled.owner 10d"),
    ("set goal.stalled 10d for company Acme", "set goal.stalled.owner 10d"),
    ("set goal stalled 10d for team Growth", 'set goal.stalled.owner 10d for team "Growth"'),
    ("set goal.stalled 10d please for team Growth", 'set goal.stalled.owner 10d for team "Growth"'),
    ("set goal.stalled ten dayz", "set goal.stalled.owner 10d"),
    ("set goal.stalled 1d in team Growth", 'set goal.stalled.owner 3d for team "Growth"'),
    ("set checkin.prompt Friday", "set checkin.prompt.when Friday 10:00"),
    ("set checkin.prompt friday 9.30", "set checkin.prompt.when Friday 09:30"),
    ("set checkin.prompt Fridya 14:00", "set checkin.prompt.when Friday 14:00"),
    ("set checkin.prompt 9:30", "set checkin.prompt.when Thursday 09:30"),
    ("set checkin.prompt 금요일 오후 2시 30분", "set checkin.prompt.when Friday 14:30"),
    ("set quiet_hours 19h to 8h", "set quiet_hours 19:00-08:00"),
    ("preview goal.stalled 10d in team Growth", 'preview goal.stalled.owner 10d for team "Growth"'),
    ("lock goal.stalled team Growth", 'lock goal.stalled for team "Growth"'),
    ("lock goal stalled for team Growth", 'lock goal.stalled for team "Growth"'),
    ("lock", "lock goal.stalled"),
    ("profile ligth team Growth", 'profile light for team "Growth"'),
    ("profile light touch", "profile light"),
    ("pause team Growth", 'pause for team "Growth"'),
    ("pause Growth", 'pause for team "Growth"'),
    ("pause for team", 'pause for team "Growth"'),
    ("pause now for team Growth", 'pause for team "Growth"'),
    ("일시중지 Growth 팀", 'pause for team "Growth"'),
    ("show team Growth", 'show for team "Growth"'),
    ("show goal stalled", "show goal.stalled"),
    ("sett goal.stalled 10d team Growth", "set goal.stalled 10d for team Growth"),
    ("set goal.stalled 10d for person lena.fisher", "set goal.stalled.owner 10d for person lena.fischer@acme.example"),
    (
        "set goal.stalled 10d for person lena.fisher@acme.example",
        "set goal.stalled.owner 10d for person lena.fischer@acme.example",
    ),
    ("set goal.stalled 10d for Max", "set goal.stalled.owner 10d for person max@acme.example"),
    ("set goal.stalled 10d for max@acme.exmple", "set goal.stalled.owner 10d for person max@acme.example"),
]


@pytest.mark.parametrize(("typed", "form"), MISTYPED, ids=[typed for typed, _ in MISTYPED])
def test_the_form_that_is_offered_keeps_what_was_said_and_is_taken(sqlite_play: Play, typed: str, form: str) -> None:
    words = said(sqlite_play, f"/nudges {typed}")
    assert "nothing changed" in words
    assert offered(words) == f"/nudges {form}"
    assert is_taken(sqlite_play, f"/nudges {form}")


TOLERATED = [
    ("set goal.stalled 10d.", "14 calendar days → 10 calendar days"),
    ("set goal.stalled 10d, because noise", "noise"),
    ("set goal.stalled=10d", "14 calendar days → 10 calendar days"),
    ("set goal.stalled = 10d for team Growth.", "team Growth"),
    ("set profile active", "standard → active"),
    ("set profile active for team Growth because calm", "calm"),
    ("set goal.stalled 10d for everyone", "14 calendar days → 10 calendar days"),
]


@pytest.mark.parametrize(("typed", "part"), TOLERATED, ids=[typed for typed, _ in TOLERATED])
def test_what_has_one_reading_is_taken_as_it_is(sqlite_play: Play, typed: str, part: str) -> None:
    words = said(sqlite_play, f"/nudges {typed}")
    assert part in words and sqlite_play.chat("boss")[-1].labels == ["Confirm", "Cancel"]


def test_a_mistake_in_korean_is_answered_in_korean_with_the_same_form(sqlite_play: Play) -> None:
    sqlite_play.say("boss", "/rondo language ko")
    form = offered(said(sqlite_play, "알림 설정 goal.stalled 10일 팀 Growth"))
    assert form == '/nudges set goal.stalled.owner 10d for team "Growth"'


# ---------------------------------------------------------------------------------------------------------------- people


@pytest.mark.parametrize("who", ["Lena Fischer", "lena fischer", "LENA  FISCHER", "lena.fischer", "Lena Fischer."])
def test_a_full_name_or_mailbox_of_one_person_finds_them(play: Play, who: str) -> None:
    named(play, "lena.fischer", "Lena Fischer")
    words = said(play, f"/nudges set goal.stalled 10d for person {who}")
    assert "14 calendar days → 10 calendar days" in words and "Lena Fischer" in words
    play.press("boss", "Confirm")
    shown = said(play, "/nudges show goal.stalled for person lena.fischer@acme.example")
    assert "goal.stalled.owner: 10 calendar days" in shown


def test_a_name_that_is_no_ascii_finds_its_person(play: Play) -> None:
    named(play, "kim.hana", "김하나")
    named(play, "oezlem", "Özlem Çelik")
    assert "김하나" in said(play, "/nudges 설정 goal.stalled 10일 for 사람 김하나")
    assert play.chat("boss")[-1].labels == ["Confirm", "Cancel"]
    assert "Özlem Çelik" in said(play, "/nudges set goal.stalled 10d for person özlem çelik")
    assert play.chat("boss")[-1].labels == ["Confirm", "Cancel"]


@pytest.mark.parametrize(("locale", "said_so"), [("en", "Several people are called"), ("ko", "여러 명")])
def test_several_people_of_one_name_are_told_apart_by_email(play: Play, locale: str, said_so: str) -> None:
    named(play, "lena.fischer", "Lena Fischer")
    named(play, "lena2", "Lena Fischer")
    play.say("boss", f"/rondo language {locale}")
    words = said(play, "/nudges set goal.stalled 10d for person Lena Fischer because calm")
    assert said_so in words and "lena.fischer@acme.example, lena2@acme.example" in words
    assert offered(words) == "/nudges set goal.stalled.owner 10d for person lena.fischer@acme.example because calm"
    assert play.chat("boss")[-1].labels == []


@pytest.mark.parametrize("who", ["Nobody Atall", "ghost@acme.example", "Tobias Fischbach", "x"])
def test_nobody_who_is_not_near_is_offered(sqlite_play: Play, who: str) -> None:
    words = said(sqlite_play, f"/nudges set goal.stalled 10d for person {who}")
    assert f"I know nobody called “{who}”, so nothing changed." in words
    assert "Try" not in words and "@acme.example" not in words.replace(who, "")


@pytest.mark.parametrize("scope", ["team Zebra", "department Zebra", "Zebra", "team Zebra because calm"])
def test_a_scope_that_nothing_is_near_to_is_not_widened_to_the_company(sqlite_play: Play, scope: str) -> None:
    words = said(sqlite_play, f"/nudges pause for {scope}")
    assert "“Zebra”, so nothing changed." in words and "Try" not in words
    words = said(sqlite_play, f"/nudges set goal.staled 10d for {scope}")
    assert "“Zebra”, so nothing changed." in words and "Try" not in words
