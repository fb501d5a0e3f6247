"""Leave, half days, joiners, leavers, patterns and holidays: who is asked when, and that nobody who is away hears anything."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from adapters.calendars import public_holidays
from bot.flows.imports import plan_leave
from bot.model import CheckInState, Company, Role, person_id
from storage import rows, schema
from storage.engine import reading
from tests.play.company import Play, berlin, email_of, goal, person, result
from tests.play.test_escalation import at_risk

COMPANY = Company(name="Acme", zone="Europe/Berlin")


def got(play: Play, name: str, prefix: str = "") -> list[str]:
    """When messages that Rondo started reached somebody, in Berlin's winter time."""
    mine = [(at, key) for at, email, key in play.sent if email == email_of(name) and not key.startswith("reply:")]
    return [f"{at + timedelta(hours=1):%a %d %H:%M}" for at, key in mine if key.startswith(prefix)]


def stalled(play: Play, name: str) -> list[str]:
    """When `goal.stalled` was said to somebody, once for each goal, in whatever message."""
    entries = schema.ledger.select().where(schema.ledger.c.name == "nudge:goal.stalled:queued").order_by(schema.ledger.c.id)
    with reading(play.engine) as connection:
        found = connection.execute(entries).mappings().all()
    mine = [row["at"] for row in found if row["person_id"] == person_id(email_of(name))]
    return [f"{at + timedelta(hours=1):%a %d %H:%M}" for at in mine]


def leave(play: Play, *lines: str) -> None:
    """The leave CSV, as the command imports it."""
    data = "\n".join(["email,first,last,part", *lines, ""]).encode()
    with play.imports.begin() as imported:
        plan = plan_leave(data, people=imported.read_people(), company=COMPANY, now=play.now)
        assert plan.accepted, plan.rejections
        imported.apply_leave(plan.values, at=play.now, cause="leave.csv")
    play.tick()


def state(play: Play, name: str, period: str) -> CheckInState:
    with reading(play.engine) as connection:
        found = map(rows.checkin, connection.execute(schema.checkin.select()).mappings())
        return next(one.state for one in found if one.id == f"{person_id(email_of(name))}/{period}")


# ------------------------------------------------------------------------------------------------ half days


def test_a_morning_off_moves_the_prompt_to_the_afternoon(play: Play) -> None:
    play.say("max", "/away 2026-11-26 morning")
    answer = play.chat("max")[-1].words
    assert "Thursday 26 November" in answer
    assert "morning, before 13:30" in answer
    play.move_to(berlin(26, 18))
    assert got(play, "max", "checkin:") == ["Thu 26 13:30"]
    assert got(play, "mina", "checkin:") == ["Thu 26 10:00"]


def test_an_afternoon_off_lets_reminders_wait_for_hours_that_are_worked(play: Play) -> None:
    play.move_to(berlin(26, 11))
    play.say("max", "away this afternoon")
    assert "afternoon, from 13:30 on" in play.chat("max")[-1].words
    play.move_to(berlin(27, 18))
    # Three and a half hours on Thursday, half an hour on Friday; the second one keeps four hours' distance.
    assert got(play, "max", "reminder:") == ["Fri 27 09:30", "Fri 27 13:30"]
    assert state(play, "max", "2026-W48") is CheckInState.OPEN, "half a day excuses nothing"


def test_half_a_day_in_korean(play: Play) -> None:
    play.say("mina", "11월 26일 오전 반차")
    assert "오전(13:30 이전)" in play.chat("mina")[-1].words
    play.move_to(berlin(26, 18))
    assert got(play, "mina", "checkin:") == ["Thu 26 13:30"]


def test_a_single_day_is_named_once(play: Play) -> None:
    play.say("max", "/away 2026-12-24..2026-12-24")
    assert "not ask you anything on Thursday 24 December." in play.chat("max")[-1].words
    play.say("max", "/rondo language ko")
    play.say("max", "/away back")
    words = play.chat("max")[-1].words
    assert "12월 24일" in words and "부터" not in words and "휴가를 취소했습니다" in words


def test_two_halves_are_a_day_and_the_latest_word_counts(play: Play) -> None:
    play.say("max", "/away 2026-11-26 morning")
    play.say("max", "/away 2026-11-26 afternoon")
    assert "anything on Thursday 26 November." in play.chat("max")[-1].words
    play.say("max", "/away 2026-11-26 afternoon")
    assert "afternoon, from 13:30 on" in play.chat("max")[-1].words
    play.say("max", "/away back")
    assert "afternoon (from 13:30 on) off on Thursday 26 November is taken back" in play.chat("max")[-1].words
    play.move_to(berlin(26, 18))
    assert got(play, "max", "checkin:") == ["Thu 26 10:00"]


def test_half_a_day_inside_a_longer_leave_changes_nothing(play: Play) -> None:
    play.say("max", "/away 2026-11-25..2026-11-27")
    play.say("max", "/away 2026-11-26 morning")
    assert "from Wednesday 25 November to Friday 27 November" in play.chat("max")[-1].words
    play.move_to(berlin(28, 18))
    assert got(play, "max") == []


def test_a_manager_who_is_away_for_half_a_day_is_asked_in_the_other_half_and_not_their_deputy(play: Play) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    play.say("dana", "/away 2026-11-26 morning")
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.submit("max", form, {"Status#0": "at_risk", "Blocker#0": "Legal review", "Status#1": "on_track"})
    play.move_to(berlin(26, 17))
    assert got(play, "dana", "escalation:") == ["Thu 26 13:30"]
    assert got(play, "tom", "escalation:") == []


# ------------------------------------------------------------------------------------------------ leave by file


@pytest.mark.parametrize("source", ["chat", "file"])
def test_a_manager_who_goes_away_passes_a_request_on_at_once(play: Play, source: str) -> None:
    play.with_people(person("tom", manager="boss"), person("dana", manager="boss", deputy="tom"))
    play.move_to(berlin(26, 11))
    form = play.form(play.press("max", "Open form", message=play.chat("max")[0]))
    play.submit("max", form, {"Status#0": "at_risk", "Blocker#0": "Legal review", "Status#1": "on_track"})
    play.move_to(berlin(26, 14))
    assert got(play, "dana", "escalation:") == ["Thu 26 11:00"]
    if source == "chat":
        play.say("dana", "/away 2026-11-26..2026-12-01")
    else:
        leave(play, f"{email_of('dana')},2026-11-26,2026-12-01,")
    play.move_to(berlin(26, 14, 5))
    assert got(play, "tom", "escalation:") == ["Thu 26 14:00"]


def test_leave_by_file_excuses_what_is_open_and_nothing_more_is_asked(play: Play) -> None:
    play.move_to(berlin(26, 11))
    leave(play, f"{email_of('max')},2026-11-26,2026-12-04,")
    assert state(play, "max", "2026-W48") is CheckInState.SKIPPED
    play.move_to(berlin(5, 12, month=12))
    assert got(play, "max") == ["Thu 26 10:00"]
    assert got(play, "mina", "reminder:") == ["Thu 26 14:00", "Fri 27 10:00", "Thu 03 14:00", "Fri 04 10:00"]


def test_half_days_come_by_file_too(play: Play) -> None:
    leave(play, f"{email_of('max')},2026-11-26,2026-11-26,morning")
    play.move_to(berlin(26, 18))
    assert got(play, "max", "checkin:") == ["Thu 26 13:30"]


def test_leave_taken_back_by_the_next_file_lets_the_week_be_asked(play: Play) -> None:
    leave(play, f"{email_of('max')},2026-11-23,2026-12-04,")
    leave(play, f"{email_of('max')},,,")
    play.move_to(berlin(26, 18))
    assert got(play, "max", "checkin:") == ["Thu 26 10:00"]


def test_back_ends_leave_of_either_source(play: Play) -> None:
    leave(play, f"{email_of('max')},2026-11-20,2026-12-04,")
    play.say("max", "/away 2026-11-23..2026-11-24")
    play.say("max", "/away back")
    assert "Welcome back" in play.chat("max")[-1].words
    play.move_to(berlin(26, 18))
    assert got(play, "max", "checkin:") == ["Thu 26 10:00"]


@pytest.mark.parametrize("how", ["file", "chat"])
def test_what_did_not_leave_before_the_leave_began_is_not_sent_in_it(play: Play, how: str) -> None:
    play.hold_back.add(email_of("max"))
    play.move_to(berlin(26, 10, 5))
    if how == "file":
        leave(play, f"{email_of('max')},2026-11-26,2026-11-27,")
    else:
        play.say("max", "/away 2026-11-26..2026-11-27")
    play.hold_back.clear()
    play.move_to(berlin(29, 12))
    assert got(play, "max") == []
    play.move_to(berlin(3, 12, month=12))
    assert got(play, "max", "checkin:") == ["Thu 03 10:00"], "and the next week is asked as usual"


def test_what_was_kept_back_is_said_after_a_short_leave(play: Play) -> None:
    play.move_to(berlin(6, 12, month=12))
    play.hold_back.add(email_of("max"))
    play.move_to(berlin(7, 9, 5, month=12))  # the goals are two weeks old
    play.say("max", "/away 2026-12-07..2026-12-08")
    play.hold_back.clear()
    play.move_to(berlin(8, 18, month=12))
    assert got(play, "max", "goal.stalled") == []
    play.move_to(berlin(9, 18, month=12))
    assert got(play, "max", "goal.stalled") == ["Wed 09 09:00"]


def test_news_of_a_decision_that_did_not_leave_yet_waits_until_the_owner_is_back(play: Play) -> None:
    at_risk(play)
    play.hold_back.add(email_of("max"))
    play.submit("dana", play.form(play.press("dana", "Decide")), {"Decision": "keep"})
    play.say("max", "/away 2026-11-26..2026-11-27")
    play.hold_back.clear()
    play.move_to(berlin(29, 18))
    assert got(play, "max", "escalation:")[1:] == []
    play.move_to(berlin(30, 18))
    assert got(play, "max", "escalation:")[1:] == ["Mon 30 09:00"]


# ------------------------------------------------------------------------------------------------ coming back


@pytest.mark.parametrize("source", ["chat", "file by weeks"])
def test_two_weeks_of_leave_end_with_one_fresh_prompt_and_no_heap(play: Play, source: str) -> None:
    """The goals are two weeks old on 7 December, in the middle of the leave."""
    if source == "chat":
        play.say("max", "/away 2026-11-25..2026-12-09")
    else:
        email = email_of("max")
        leave(play, f"{email},2026-11-25,2026-11-27,", f"{email},2026-11-30,2026-12-04,", f"{email},2026-12-07,2026-12-09,")
    play.move_to(berlin(9, 23, month=12))
    assert got(play, "max") == []
    play.move_to(berlin(10, 13, month=12))  # a Thursday
    assert got(play, "max") == ["Thu 10 10:00"]
    play.move_to(berlin(24, 18, month=12))
    assert stalled(play, "max") == ["Thu 24 09:00"] * 2, "both goals, two weeks from the return, not from the last update"


def test_a_return_after_the_week_was_asked_elsewhere_waits_for_the_next_week(play: Play) -> None:
    play.say("max", "/away 2026-11-25..2026-12-04")
    play.move_to(berlin(9, 18, month=12))
    assert got(play, "max", "checkin:") == []
    play.move_to(berlin(11, 18, month=12))
    assert got(play, "max", "checkin:") == ["Thu 10 10:00"]


def test_a_return_on_friday_is_asked_that_friday(play: Play) -> None:
    play.say("max", "/away 2026-11-25..2026-11-26")
    play.move_to(berlin(27, 18))
    assert got(play, "max", "checkin:") == ["Fri 27 09:00"]


@pytest.mark.parametrize(("last", "back"), [("2026-11-27", berlin(30, 18)), ("2026-12-09", berlin(10, 9, 30, month=12))])
def test_planned_leave_excuses_the_week_that_was_asked_before_it(play: Play, last: str, back: datetime) -> None:
    leave(play, f"{email_of('max')},2026-11-27,{last},")
    play.move_to(back)
    assert got(play, "max") == ["Thu 26 10:00", "Thu 26 14:00"], "no reminder of a week from before the leave"
    assert got(play, "mina", "reminder:")[:2] == ["Thu 26 14:00", "Fri 27 10:00"]
    assert state(play, "max", "2026-W48") is CheckInState.SKIPPED


def test_leave_on_a_day_off_excuses_nothing(play: Play) -> None:
    play.with_people(person("max", manager="dana", work_days=frozenset({0, 1, 2, 3})))
    leave(play, f"{email_of('max')},2026-11-27,2026-11-29,")
    play.move_to(berlin(30, 18))
    assert got(play, "max", "reminder:") == ["Thu 26 14:00", "Mon 30 10:00"]


def test_a_question_put_off_beyond_a_day_of_leave_comes_back(play: Play) -> None:
    play.with_people(person("max", manager="dana", work_days=frozenset(range(6))))
    leave(play, f"{email_of('max')},2026-11-27,2026-11-27,")
    play.move_to(berlin(26, 11))
    play.say("max", "snooze 8h")
    play.move_to(berlin(28, 18))
    assert got(play, "max", "reminder:") == ["Sat 28 09:00", "Sat 28 13:00"]


# ------------------------------------------------------------------------------------------------ joiners and leavers


def test_a_joiner_is_first_asked_in_the_week_they_join(play: Play) -> None:
    play.with_people(
        person("ann", manager="dana", start_date=date(2026, 11, 25)),
        person("ben", manager="dana", start_date=date(2026, 11, 27)),
        person("cim", manager="dana", start_date=date(2026, 12, 7)),
    )
    play.move_to(berlin(10, 18, month=12))
    assert got(play, "ann", "checkin:") == ["Thu 26 10:00", "Thu 03 10:00", "Thu 10 10:00"]
    assert got(play, "ben", "checkin:")[0] == "Fri 27 09:00"
    assert got(play, "cim") == ["Thu 10 10:00", "Thu 10 14:00"]


def test_a_leaver_is_asked_on_their_last_day_and_never_again(play: Play) -> None:
    play.with_people(person("max", manager="dana", end_date=date(2026, 11, 26)), person("mina", end_date=date(2026, 11, 25)))
    play.move_to(berlin(20, 18, month=12))
    assert got(play, "max") == ["Thu 26 10:00", "Thu 26 14:00"]
    assert got(play, "mina", "checkin:") == []
    assert play.agenda.next_due() is not None


def test_what_waits_for_a_leaver_is_not_sent(play: Play) -> None:
    play.hold_back.add(email_of("max"))
    play.move_to(berlin(26, 10, 5))
    play.with_people(person("max", manager="dana", end_date=date(2026, 11, 25)))
    play.tick()
    play.hold_back.clear()
    play.move_to(berlin(27, 18))
    assert got(play, "max") == []


# ------------------------------------------------------------------------------------------------ patterns and holidays


def test_part_time_and_sunday_weeks_have_their_own_days(play: Play) -> None:
    play.with_people(
        person("ann", manager="dana", work_days=frozenset({0, 1, 2})),
        person("ben", manager="dana", work_days=frozenset({6, 0, 1, 2, 3}), zone="Asia/Dubai"),
        person("cim", manager="dana", work_days=frozenset({4})),
    )
    play.move_to(berlin(2, 18, month=12))
    assert got(play, "ann") == ["Wed 25 10:00", "Wed 25 14:00", "Mon 30 10:00", "Wed 02 10:00", "Wed 02 14:00"]
    # Dubai is three hours ahead; a working day after Thursday is Sunday.
    assert got(play, "ben") == ["Thu 26 07:00", "Thu 26 11:00", "Sun 29 07:00"]
    assert got(play, "cim") == ["Fri 27 10:00", "Fri 27 14:00"]


def test_whoever_works_one_day_a_week_is_not_reminded_of_last_week_beside_the_new_question(play: Play) -> None:
    play.with_people(person("ann", work_days=frozenset({0})))
    play.move_to(berlin(14, 18, month=12))
    asked = got(play, "ann", "checkin:")
    assert asked[-2:] == ["Mon 07 10:00", "Mon 14 10:00"]
    assert got(play, "ann", "reminder:") == [at.replace("10:00", "14:00") for at in asked]


def test_public_holidays_are_those_of_the_country(engine: Engine) -> None:
    company = Play(engine, holidays=public_holidays).with_people(
        person("boss", role=Role.HR_ADMIN, country="DE"),
        person("ann", manager="boss", country="US", zone="America/New_York"),
        person("ben", manager="boss", country="DE"),
        person("kim", manager="boss", country="KR", zone="Asia/Seoul"),
    )
    company.tick()
    company.move_to(berlin(28, 18))
    assert got(company, "ann")[0] == "Fri 27 15:00", "Thanksgiving: the start of Friday in New York"
    assert got(company, "ben")[0] == "Thu 26 10:00"
    company.move_to(datetime(2027, 1, 2, tzinfo=UTC))
    christmas = [at for at in got(company, "ben") + got(company, "ann") + got(company, "kim") if at.startswith("Fri 25")]
    assert christmas == []


# ------------------------------------------------------------------------------------------------ everybody


def test_nobody_on_leave_or_gone_hears_anything_and_the_deputy_takes_over(play: Play) -> None:
    play.with_people(
        person("tom", manager="boss", known_since=berlin(1, month=9)),
        person("dana", manager="boss", deputy="tom"),
        person("old", manager="dana", end_date=date(2026, 11, 24)),
    )
    play.with_goals(goal("O8", "old", "Left behind", result("K8", "Share")))
    leave(play, *(f"{email_of(name)},2026-11-25,2026-12-20," for name in ("dana", "mina")))
    play.move_to(berlin(20, 23, month=12))
    assert got(play, "dana") == []
    assert got(play, "mina") == []
    assert got(play, "old") == []
    assert len(stalled(play, "tom")) == 2, "Max's goals went quiet, and Tom stands in for Dana"
    play.move_to(berlin(21, 18, month=12))
    assert len(got(play, "mina")) <= 1, "the first day back is a quiet one"
