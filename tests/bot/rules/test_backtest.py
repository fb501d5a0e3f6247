"""Months made by hand, counted by hand: what a backtest says about them under other policies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.flows.preview import foreseen
from bot.history import Deed, Done, Past, Place
from bot.model import (
    Absence,
    Answer,
    CheckIn,
    Duty,
    DutyKind,
    Goal,
    Mute,
    Scope,
    ScopeKind,
    Status,
)
from bot.rules import backtest
from bot.rules.backtest import Comparison, compare
from bot.scene import Scene
from tests.bot.rules.months import (
    DANA,
    HANA,
    MAX,
    NOW,
    change,
    crowd,
    idle,
    october,
    portal,
    reminded,
    scene,
    sent,
    silent,
    weekly,
    words,
)
from tests.play.company import PHRASES

# --------------------------------------------------------------------------------------------- checkin.prompt


@pytest.mark.parametrize(
    ("threshold", "value", "after", "why"),
    [
        ("checkin.prompt.when", "thu 10:00", 8, "as it was"),
        (
            "checkin.prompt.when",
            "tue 10:00",
            7,
            "Tuesdays but the first, on which the last answer is fresh",
        ),
        ("checkin.prompt.when", "off", 0, "never asked"),
        ("checkin.prompt.fresh", "5d", 4, "Friday's answer is still fresh on the next Thursday, not on the one after"),
    ],
)
def test_prompts(threshold: str, value: str, after: int, why: str) -> None:
    found = compare(scene(weekly()), "checkin.prompt", change(threshold, value))
    assert (found.before, found.after) == (8, after), why
    assert (found.sent, found.people_before, found.people_after) == (8, 1, min(after, 1))


def test_what_was_asked_and_answered_no_more_is_a_missed_update() -> None:
    found = compare(scene(weekly()), "checkin.prompt", change("checkin.prompt.when", "off"))
    assert (found.acted_before, found.missed_updates) == (8, 8)
    assert (round(found.messages_before, 2), round(found.messages_after, 2)) == (1.0, 0.0)


def test_nobody_is_asked_on_leave_or_before_they_came() -> None:
    past = weekly()
    away = replace(past, person=replace(MAX, absences=(_leave(19, 30),)), checkins=(), done=(), sent=())
    assert compare(scene(away), "checkin.prompt", change("checkin.prompt.when", "tue 10:00")).before == 6
    new = replace(past, person=replace(MAX, known_since=october(13, month=11)), checkins=(), done=(), sent=())
    assert compare(scene(new), "checkin.prompt", change("checkin.prompt.when", "off")).before == 2


def _leave(first: int, last: int) -> Absence:
    return Absence(first=october(first).date(), last=october(last).date())


# ------------------------------------------------------------------------------------------- checkin.reminder


@pytest.mark.parametrize(
    ("threshold", "value", "after", "why"),
    [
        ("checkin.reminder.second", "1d", 5, "as it was"),
        ("checkin.reminder.second", "off", 3, "the first of three weeks"),
        ("checkin.reminder.first", "8h", 6, "Friday 09:00: who answered two hours after a reminder now gets the second too"),
        ("checkin.reminder.first", "off", 3, "one after a day, in the three weeks without an answer of its own"),
    ],
)
def test_reminders(threshold: str, value: str, after: int, why: str) -> None:
    found = compare(scene(reminded()), "checkin.reminder", change(threshold, value))
    assert (found.before, found.after) == (5, after), why
    assert found.sent == 5


# ----------------------------------------------------------------------------------------------- goal.stalled


@pytest.mark.parametrize(
    ("threshold", "value", "after", "why"),
    [
        ("goal.stalled.owner", "14cd", 4, "15 October and 17 November; the manager on 22 October and 24 November"),
        ("goal.stalled.owner", "28cd", 2, "29 October; the manager two working days after, on 2 November"),
        ("goal.stalled.owner", "off", 0, "the manager hears only after the owner"),
        ("goal.stalled.manager", "42cd", 2, "the owner twice"),
        ("goal.stalled.manager", "off", 2, "the owner twice"),
    ],
)
def test_stalled_goals(threshold: str, value: str, after: int, why: str) -> None:
    found = compare(scene(silent()), "goal.stalled", change(threshold, value))
    assert (found.before, found.after) == (4, after), why
    assert found.people_before == 2


def test_who_answered_a_nudge_answers_it_when_it_comes_later() -> None:
    came, answered = october(1), october(16)
    past = Past(
        person=MAX,
        goals=(portal(answered, answered_at=answered),),
        done=(
            Done(at=came, what=Deed.IMPORTED, goals=("O1",)),
            Done(at=answered, what=Deed.ANSWERED, period="2026-W42", goals=("O1",), state="on_time"),
        ),
        sent=(sent(october(15), "goal.stalled", "owner", "goal:O1"),),
    )
    # 15 and 30 October, 6 November the manager; then nothing changes. With four weeks: 29 October, 27 November.
    found = compare(scene(past), "goal.stalled", change("goal.stalled.owner", "28cd"))
    assert (found.before, found.after, found.sent) == (3, 2, 1)
    assert (found.acted_before, found.missed_updates) == (1, 0)
    # Switched off, the answer of 16 October would not have come.
    assert compare(scene(past), "goal.stalled", change("goal.stalled.owner", "off")).missed_updates == 1


def test_what_was_said_before_the_window_is_not_counted() -> None:
    since = datetime(2026, 9, 10, 8, tzinfo=UTC)
    autumn = scene(Past(person=MAX, goals=(replace(portal(since), cycle="2027-Q1"),)))
    company = replace(autumn.situation.company, fiscal_month=9)  # from September to November
    # Silent since 10 September: the owner heard on 24 September, the manager on 1 October; the window begins on the 5th.
    then = replace(autumn, situation=replace(autumn.situation, company=company))
    assert compare(then, "goal.stalled", change("goal.stalled.owner", "off")).before == 0


def test_a_silence_does_not_begin_before_the_goals_cycle() -> None:
    early = Past(person=MAX, goals=(replace(portal(datetime(2026, 8, 10, 8, tzinfo=UTC)), cycle="2026-Q4"),))
    # The cycle began on 1 October: the owner hears on the 15th, the manager on the 22nd.
    assert compare(scene(early), "goal.stalled", change("goal.stalled.owner", "off")).before == 2


def test_leaders_are_asked_before_a_cycle_ends() -> None:
    """Dana leads Max: asked on 26 November, 35 days before the year ends; in November not with the default of 30 days."""
    company = scene(Past(person=DANA), Past(person=MAX))
    found = compare(company, "cycle.prepare", change("cycle.prepare", "35cd"))
    assert (found.before, found.after) == (0, 1)


def test_obstacles_are_heard_of_by_whoever_can_remove_them() -> None:
    """Opened on Tuesday 3 November: Hana after two working days, Dana two days after her; removed on the 11th."""
    duty = Duty(
        id="blocker:1",
        kind=DutyKind.BLOCKER,
        person_id=MAX.id,
        holder_id=HANA.id,
        next_holder_id=DANA.id,
        goal_id="O1",
        text="Legal review",
        opened_at=october(3, month=11),
        done_at=october(11, month=11),
        done_by=HANA.id,
    )
    company = scene(replace(silent(), duties=(duty,)))
    found = compare(company, "blocker.unresolved", change("blocker.unresolved", "4d"))
    # As it is: Hana on the 5th, Dana on the 9th, Max on the 11th that it is gone. With four days: Hana on the 9th, and Max.
    assert (found.before, found.after) == (3, 2)


def test_a_short_history_is_a_short_window() -> None:
    found = compare(scene(weekly(), since=NOW - timedelta(days=23)), "checkin.prompt", change("checkin.prompt.when", "off"))
    assert (found.weeks, found.before) == (3, 3)
    assert "only 3 weeks" in words(scene(weekly(), *idle(), since=NOW - timedelta(days=23)), change("checkin.prompt", "off"))
    new = scene(weekly(), since=NOW - timedelta(days=3))
    assert compare(new, "checkin.prompt", change("checkin.prompt.when", "off")) == Comparison(
        rules=("checkin.prompt",), weeks=0, sampled=0, population=0
    )
    assert "no full week" in words(new, change("checkin.prompt", "off"))


# -------------------------------------------------------------------------------------------------- flatline


@pytest.mark.parametrize(("value", "after"), [("3", 2), ("2", 2), ("6", 1), ("off", 0)])
def test_flat_lines(value: str, after: int) -> None:
    """The same number from week 41 to 48: after three check-ins it is said, and once more four weeks later."""
    past = weekly(40)
    rows: tuple[CheckIn, ...] = (
        replace(past.checkins[0], answers=(Answer(goal_id="O1", status=Status.ON_TRACK, values={"K1": Decimal(3)}),)),
    )
    rows += tuple(
        replace(row, answers=(Answer(goal_id="O1", status=Status.ON_TRACK, values={"K1": Decimal(7)}),))
        for row in past.checkins[1:]
    )
    flat = replace(past, checkins=rows, goals=(_at_seven(past.goals[0]),))
    assert compare(scene(flat), "goal.flatline", change("goal.flatline", value)).after == after


def _at_seven(one: Goal) -> Goal:
    return replace(one, key_results=tuple(replace(part, current=Decimal(7)) for part in one.key_results))


# ------------------------------------------------------------------------------------- scopes, teams, people


def test_small_teams_and_people_are_never_named() -> None:
    company = scene(*crowd(6, "Web"), *crowd(5, "Shop"), *crowd(4, "Ops"))
    found = compare(company, "goal.stalled", change("goal.stalled.owner", "off"))
    assert found.before == 60
    assert found.teams == (("Web", 12, 0),)
    said = words(company, change("goal.stalled.owner", "off"))
    assert "Web: 0 instead of 12" in said
    assert "Ops" not in said and "web0" not in said.casefold().replace("web: 0", "")


def test_no_team_is_named_whose_number_would_tell_that_of_a_small_one() -> None:
    """The company's number less that of the only large team is that of four people."""
    company = scene(*crowd(5, "Web"), *crowd(4, "Ops"))
    found = compare(company, "goal.stalled", change("goal.stalled.owner", "off"))
    assert (found.before, found.teams) == (36, ())


def test_only_the_scope_counts() -> None:
    company = scene(*crowd(5, "Web"), *crowd(4, "Ops"))
    found = compare(company, "goal.stalled", change("goal.stalled.owner", "off", Scope(ScopeKind.TEAM, "Ops")))
    assert (found.before, found.after, found.population) == (16, 0, 4)
    nobody = compare(company, "goal.stalled", change("goal.stalled.owner", "off", Scope(ScopeKind.TEAM, "Nowhere")))
    assert (nobody.before, nobody.population) == (0, 0)


def test_nothing_is_counted_about_fewer_than_five_people() -> None:
    company = scene(silent(), *idle())
    alone = change("goal.stalled.owner", "28cd", Scope(ScopeKind.PERSON, MAX.id))
    assert words(company, alone).splitlines()[0].startswith("These are fewer than five people")
    assert "instead of" not in words(company, alone)


def test_a_sample_is_scaled_up_and_says_so() -> None:
    some = crowd(5, "Web")
    places = [Place(person_id=f"p{number}", team="Web") for number in range(15)]
    places += [Place(person_id=past.person.id, team="Web") for past in some]
    company = scene(*some, places=places)
    found = compare(company, "goal.stalled", change("goal.stalled.owner", "off"))
    assert (found.before, found.sampled, found.population) == (80, 5, 20)
    assert "Estimated from 5 of 20 people." in words(company, change("goal.stalled.owner", "off"))


def test_who_is_paused_or_does_not_want_to_hear_is_not_counted() -> None:
    paused = change("pause", "on", Scope(ScopeKind.TEAM, "Web"))
    assert compare(scene(silent(), policies=(paused,)), "goal.stalled", change("goal.stalled.owner", "off")).before == 0
    muted = replace(silent(), person=replace(MAX, mutes=(Mute(rule="goal.stalled"),)))
    assert compare(scene(muted), "goal.stalled", change("goal.stalled.owner", "off")).before == 2  # the manager's


# ------------------------------------------------------------------------------------------------------ words


def test_a_profile_is_all_its_rules() -> None:
    company = scene(weekly(), *crowd(1, "Ops"))
    light = backtest.rules_of(change("profile", "light"))
    assert {"goal.stalled", "checkin.reminder", "checkin.prompt"} <= {rule.name for rule in light}
    found = backtest.compared(company, light, change("profile", "light"))
    assert found.after < found.before


@pytest.mark.parametrize("locale", ["en", "ko"])
def test_the_words(locale: str) -> None:
    company = scene(silent(), *idle())
    company = Scene(company.event, replace(company.situation, actor=replace(HANA, language=locale)), PHRASES)
    said = words(company, change("goal.stalled.owner", "28cd"))
    assert ("instead of 4 (2 fewer)" if locale == "en" else "2건 적음") in said


def test_without_a_history_nothing_is_said() -> None:
    company = scene(silent())
    bare = Scene(company.event, replace(company.situation, history=None), PHRASES)
    assert foreseen(bare, change("goal.stalled.owner", "28cd")).elements == ()
