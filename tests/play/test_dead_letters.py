"""HR hears of messages that were refused or that nobody can tell about: once a day, at a polite time, together."""

from sqlalchemy import Engine

from bot.events import Failure
from bot.model import Role
from tests.play.company import Play, berlin, person


def company(play: Play, *, hr_zone: str = "") -> Play:
    play.with_people(
        person("hana", role=Role.HR_ADMIN, zone=hr_zone, language="en"),
        person("ada", language="en"),
        person("bo", language="en"),
        person("cy", language="en"),
    )
    play.fates = {"ada@acme.example": Failure.REFUSED, "bo@acme.example": Failure.UNKNOWN, "cy@acme.example": Failure.GONE}
    return play


def letters(play: Play) -> list[str]:
    return [f"{seen.at:%a %H:%M} {seen.words}" for seen in play.chat("hana") if seen.key.startswith("letters:")]


def test_hr_is_told_once_a_day_of_all_that_did_not_arrive(play: Play) -> None:
    company(play).move_to(berlin(26, 10, 5))  # Thursday: everybody is asked
    assert letters(play) == []
    play.move_to(berlin(26, 17))
    [told] = letters(play)
    assert "2 messages did not get through" in told
    assert "checkin.prompt" in told and "1 refused by the platform: refused" in told and "1 perhaps delivered" in told
    assert "gone" not in told
    assert "Cy (cy@acme.example)" in told, "whom nobody can reach is named to HR"
    play.move_to(berlin(3, 9, month=12))
    assert len(letters(play)) == 1, "what was told is not told again"
    play.move_to(berlin(3, 17, month=12))
    assert len(letters(play)) == 2


def test_hr_is_told_when_it_is_day_where_they_are(play: Play) -> None:
    company(play, hr_zone="America/Los_Angeles").move_to(berlin(26, 16))
    assert letters(play) == []
    play.move_to(berlin(26, 22))
    assert len(letters(play)) == 1


def test_what_goes_wrong_after_the_message_of_the_day_comes_tomorrow(play: Play) -> None:
    company(play).with_people(person("dan", zone="America/New_York", language="en"))  # asked when it is 16:00 in Berlin
    play.fates["dan@acme.example"] = Failure.REFUSED
    play.move_to(berlin(26, 20))
    assert len(letters(play)) == 1
    play.move_to(berlin(27, 12))
    [_, tomorrow] = letters(play)
    assert tomorrow.startswith("Fri") and "One message did not get through" in tomorrow


def test_where_nobody_is_in_hr_nobody_is_told(engine: Engine) -> None:
    play = Play(engine).with_people(person("ada", language="en"), person("bo", language="en"))
    play.fates = {"ada@acme.example": Failure.REFUSED}
    play.move_to(berlin(27, 12))
    assert not any(key.startswith("letters:") for _, _, key in play.sent)
