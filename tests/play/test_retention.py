"""HR says how long things are kept: for the whole company, in both languages, with a version and a reason as ever."""

from storage.retention import SqlRetention
from tests.play.company import Play


def said(play: Play, name: str, words: str) -> str:
    play.say(name, words)
    return play.chat(name)[-1].words


def test_hr_sets_a_period_and_it_is_in_force(play: Play) -> None:
    card = said(play, "boss", "/nudges set privacy.retention.words 365 days because agreement 7")
    assert "365" in card and "[Confirm]" in card
    play.press("boss", "Confirm")
    (change,) = SqlRetention(play.engine, zone="Europe/Berlin").policies()
    assert (change.threshold, change.value, change.reason) == ("privacy.retention.words", "365cd", "agreement 7")
    assert "365" in said(play, "boss", "/nudges show privacy.retention")


def test_a_period_for_a_part_of_the_company_is_refused_with_the_form_that_works(play: Play) -> None:
    card = said(play, "boss", "/nudges set privacy.retention.messages 200 days for person mina@acme.example")
    assert "holds for the whole company" in card
    assert "/nudges set privacy.retention.messages 200" in card
    assert SqlRetention(play.engine, zone="Europe/Berlin").policies() == ()


def test_a_period_that_a_backtest_could_not_live_with_is_refused(play: Play) -> None:
    assert "180" in said(play, "boss", "/nudges set privacy.retention.ledger 30 days")
    assert SqlRetention(play.engine, zone="Europe/Berlin").policies() == ()


def test_what_is_said_of_it_is_said_in_korean_too(play: Play) -> None:
    said(play, "boss", "/rondo language ko")
    assert "보관" in said(play, "boss", "/nudges show privacy.retention.words")
    assert "회사 전체" in said(play, "boss", "/nudges set privacy.retention.words 365 days for person mina@acme.example")
