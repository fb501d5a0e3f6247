"""Who took the app away, or is not reached: nothing more is sent, HR hears who, and what still holds comes when they are back."""

from datetime import timedelta

from bot.events import Failure, Introduced, Opened, Profile, Removed
from bot.model import CheckInState, Role
from bot.talk.actions import Action, Verb
from storage.reports import SqlReports
from tests.audit.company import audited
from tests.play.company import Play, berlin, email_of, goal, person, result

ADA = "ada@acme.example"


def company(play: Play) -> Play:
    return play.with_people(
        person("hana", role=Role.HR_ADMIN, language="en"),
        person("max", language="en"),
        person("ada", manager="max", language="en"),
        person("bo", manager="max", language="en"),
    )


def removes(play: Play, name: str) -> None:
    event = Removed(id=f"removed:{name}:{play.now}", at=play.now, by=play.address(email_of(name)))
    play.turn.take(event)
    play.deliver()


def letters(play: Play) -> list[str]:
    return [f"{seen.at:%a %H:%M} {seen.words}" for seen in play.chat("hana") if seen.key.startswith("letters:")]


def checkin_of(play: Play, name: str) -> CheckInState:
    with play.store.work() as work:
        situation = work.situation(Opened(id="look", at=play.now, by=play.address(email_of(name))))
    assert situation is not None
    return situation.checkins[0].state


def test_whoever_takes_the_app_away_is_sent_nothing_more_and_gets_this_weeks_question_once_when_back(play: Play) -> None:
    company(play).move_to(berlin(25, 12))
    removes(play, "ada")
    play.move_to(berlin(26, 11))  # Thursday: everybody is asked
    assert play.keys("ada", "checkin:") == []
    assert checkin_of(play, "ada") is CheckInState.SKIPPED
    assert len(play.keys("bo", "checkin:")) == 1
    play.now = berlin(26, 14)
    play.opens_home("ada")
    play.tick()
    assert len(play.keys("ada", "checkin:")) == 1
    play.opens_home("ada")
    play.say("ada", "hello")
    play.move_to(berlin(28, 12))
    assert len(play.keys("ada", "checkin:")) == 1, play.transcript("ada")
    assert checkin_of(play, "ada") is CheckInState.OPEN


def test_hr_hears_of_it_by_name_once_until_they_were_back(play: Play) -> None:
    company(play).move_to(berlin(25, 12))
    removes(play, "ada")
    play.move_to(berlin(25, 17))
    [told] = letters(play)
    assert "Nothing I write reaches one person" in told
    assert f"Ada ({ADA}): took Rondo away from their chat" in told
    assert "add Rondo again under Apps" in told
    play.move_to(berlin(10, 12, month=12))
    assert len(letters(play)) == 1, "the same person again is no news"
    play.opens_home("ada")
    removes(play, "ada")
    play.move_to(berlin(11, 17, month=12))
    assert len(letters(play)) == 2, "back and lost again is"


def test_an_outage_of_more_than_a_week_hides_nobody_who_took_the_app_away(play: Play) -> None:
    company(play).move_to(berlin(25, 12))
    removes(play, "ada")
    play.now = berlin(4, 12, month=12)
    play.tick()
    play.move_to(berlin(4, 17, month=12))
    [told] = letters(play)
    assert f"Ada ({ADA}): took Rondo away from their chat" in told
    play.move_to(berlin(11, 17, month=12))
    assert len(letters(play)) == 1


def test_hr_is_told_of_those_whom_the_platform_refuses_and_how_many_others_there_still_are(play: Play) -> None:
    company(play)
    play.fates = {ADA: Failure.GONE}
    play.move_to(berlin(26, 17))
    [told] = letters(play)
    assert f"Ada ({ADA}): the platform does not let me write to them" in told
    play.fates |= {"bo@acme.example": Failure.GONE}
    play.move_to(berlin(3, 17, month=12))
    [_, second] = letters(play)
    assert "bo@acme.example" in second and ADA not in second
    assert "One other person I told you of before is still out of reach." in second


def test_whoever_has_another_way_is_not_out_of_reach(play: Play) -> None:
    company(play)
    there = play.address("ada-in-slack")
    play.turn.take(Introduced(id="second", at=play.now, by=there, profile=Profile(email=ADA)))
    removes(play, "ada")
    play.move_to(berlin(26, 17))
    assert letters(play) == []
    assert len(play.keys("ada", "checkin:")) == 1


def test_what_a_rule_found_meanwhile_is_said_once_when_they_are_back(play: Play) -> None:
    company(play).with_goals(goal("O1", "ada", "Launch", result("K1", "Pages")))
    play.fates = {ADA: Failure.GONE}
    play.move_to(berlin(18, 12, month=12))
    assert play.chat("ada") == []
    lost = [key for key in _ledger(play) if "goal.stalled" in key and key.endswith(":undelivered")]
    assert lost, "it was tried"
    play.fates = {}
    play.opens_home("ada")
    play.move_to(play.now + timedelta(days=4))
    said = [key for key in play.keys("ada") if key.startswith("goal.stalled")]
    assert len(said) == 1, play.transcript("ada")


def test_a_request_that_never_arrived_is_shown_when_its_holder_is_back(play: Play) -> None:
    company(play).with_goals(goal("O1", "ada", "Launch", result("K1", "Pages")))
    play.move_to(berlin(26, 11))
    play.fates = {"max@acme.example": Failure.GONE}
    play.act("ada", Action(Verb.NEED_DECISION, ("O1",)))
    play.move_to(berlin(26, 12))
    assert not any("escalation:" in key for key in play.keys("max"))
    play.fates = {}
    play.opens_home("max")
    play.tick()
    assert sum(key.startswith("escalation:") for key in play.keys("max")) == 1, play.transcript("max")


def test_a_request_shown_again_to_whom_the_first_did_not_reach_is_no_finding(play: Play) -> None:
    """Found by the simulator (seed 50031): back on a Saturday, its holder gets it on Monday; the auditor missed it on Sunday."""
    company(play).with_goals(goal("O1", "ada", "Launch", result("K1", "Pages")))
    play.move_to(berlin(27, 15))
    play.fates = {"max@acme.example": Failure.GONE}
    play.act("ada", Action(Verb.NEED_DECISION, ("O1",)))
    play.move_to(berlin(28, 14))
    play.fates = {}
    play.opens_home("max")
    play.move_to(berlin(29, 12))
    assert not any("escalation:" in key for key in play.keys("max"))
    assert not list(audited(play.engine, play.now).bad)
    assert _ledger(play).count("escalation:unseen") == 1
    play.move_to(berlin(30, 10))
    assert any("escalation:" in key or key.startswith("decisions:") for key in play.keys("max")), play.transcript("max")


def _ledger(play: Play) -> list[str]:
    names: list[str] = []
    cursor = None
    while True:
        page = SqlReports(play.engine).ledger(cursor=cursor, limit=500)
        names += [str(item["name"]) for item in page.items]
        if page.next is None:
            return names
        cursor = page.next
