"""Rules about goals and check-ins find what they should, from plain facts: missed weeks, standing still, pace, digest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bot.model import (
    Absence,
    Answer,
    CheckIn,
    CheckInState,
    Escalation,
    Goal,
    GoalKind,
    GoalState,
    GoalType,
    KeyResult,
    Nudged,
    Person,
    PolicyChange,
    Scope,
    Status,
)
from bot.rules import flatline, missed, off_pace, prepare, wrap_up
from bot.rules.asking_again import wait_before
from bot.rules.digest import digest_at
from bot.rules.finding import Finding, Offer
from bot.rules.progress import is_reached, mean_progress
from bot.rules.worktime import Span, Unit
from tests.bot.rules.test_duties import DANA, LONG_AGO, MONDAY, OWNER, at_desk, person

PAGES = KeyResult(id="K1", goal_id="O1", text="Pages live", unit="%", start=Decimal(0), target=Decimal(100), current=Decimal(40))
PORTAL = Goal(
    id="O1",
    owner_id="max",
    title="Portal",
    type=GoalType.COMMITTED,
    cycle="2026-Q4",
    updated_at=LONG_AGO,
    key_results=(PAGES,),
)


def week(number: int, *values: int, state: CheckInState = CheckInState.ON_TIME, **fields: object) -> CheckIn:
    """The check-in of week `number` of 2026, with the values of K1, K2, …; answered on its Thursday."""
    at = datetime.fromisocalendar(2026, number, 4).replace(hour=11, tzinfo=UTC)
    numbers = {f"K{n}": Decimal(value) for n, value in enumerate(values, start=1)}
    answer = Answer(goal_id="O1", status=Status.ON_TRACK, values=numbers)
    made = CheckIn(
        person_id="max",
        period=f"2026-W{number:02}",
        state=state,
        asked_at=at,
        grace_ends_at=at + timedelta(days=1),
        answered_at=at,
        answers=(answer,),
    )
    return replace(made, **fields)  # type: ignore[arg-type]


def silent(number: int, state: CheckInState = CheckInState.MISSED, reason: str = "") -> CheckIn:
    return week(number, state=state, answered_at=None, answers=(), skip_reason=reason)


def only(found: Iterator[Finding]) -> Finding:
    (finding,) = found
    return finding


class TestMissed:
    @pytest.mark.parametrize(
        ("checkins", "count"),
        [
            ((), 0),
            ((silent(47), silent(46)), 2),
            ((silent(48, CheckInState.OPEN), silent(47), silent(46)), 2),
            ((silent(47), silent(46, CheckInState.SKIPPED, "away"), silent(45)), 2),
            ((silent(47), silent(46, CheckInState.SKIPPED, "unreachable"), silent(45)), 2),
            ((silent(47), silent(46, CheckInState.SKIPPED, "travelling"), silent(45)), 1),
            ((silent(47), silent(46, CheckInState.SKIPPED, "up to date"), silent(45)), 1),
            ((week(47), silent(46), silent(45)), 0),
            ((week(47, state=CheckInState.MISSED), silent(46), silent(45)), 0),
        ],
    )
    def test_what_counts_as_missed_in_a_row(self, checkins: tuple[CheckIn, ...], count: int) -> None:
        assert len(missed.in_a_row(checkins)) == count

    def found(self, *checkins: CheckIn, owner: object = OWNER, **facts: object) -> list[Finding]:
        people = {"people": (owner, DANA), "reports": ("max",), "reports_checkins": {"max": checkins}}
        return list(missed.find(at_desk(DANA, **{"now": MONDAY, **people, **facts})))  # type: ignore[arg-type]

    def test_it_waits_for_the_digest_after_the_week_that_made_it_true(self) -> None:
        (finding,) = self.found(silent(47), silent(46))
        assert finding.at == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert (finding.stage, finding.basis, finding.args["count"]) == ("digest", "2026-W47", 2)
        (later,) = self.found(silent(48), silent(47), silent(46), now=MONDAY + timedelta(days=7))
        assert later.at == finding.at

    def test_nothing_about_people_on_leave_or_just_back(self) -> None:
        away = replace(OWNER, absences=(Absence(first=date(2026, 11, 20), last=date(2026, 11, 24)),))
        back = replace(OWNER, absences=(Absence(first=date(2026, 11, 16), last=date(2026, 11, 20)),))
        assert not self.found(silent(47), silent(46), owner=away)
        assert not self.found(silent(46), silent(45), owner=back)

    def test_one_row_is_told_once_whatever_is_known_of_its_beginning(self) -> None:
        told = row(missed.NAME, "digest", "person:max", basis="2026-W40")
        assert [f.basis for f in self.found(silent(47), silent(46), silent(45), silent(44), nudged=(told,))] == ["2026-W40"]
        assert [f.basis for f in self.found(silent(47), silent(46), week(45), silent(44), nudged=(told,))] == ["2026-W47"]


def row(rule: str, stage: str, subject: str, *, basis: str, to: str = "dana", at: datetime = LONG_AGO, times: int = 1) -> Nudged:
    return Nudged(
        recipient_id=to,
        rule=rule,
        stage=stage,
        subject=subject,
        basis=basis,
        key="k",
        times=times,
        decided_at=at,
        delivered_at=at,
    )


class TestFlatline:
    @pytest.mark.parametrize(
        ("values", "count"),
        [
            ([40, 40, 40, 40], 3),
            ([40, 40, 40], 2),  # what was before is not known, and not the baseline
            ([40, 40, 39, 40], 1),
            ([40], 0),
            ([41, 40, 40, 40], 0),
        ],
    )
    def test_how_many_check_ins_moved_nothing(self, values: list[int], count: int) -> None:
        goal = replace(PORTAL, key_results=(replace(PAGES, current=Decimal(values[0])),))
        checkins = tuple(week(47 - n, value) for n, value in enumerate(values))
        assert len(flatline.standing_still(goal, checkins)) == count

    def test_the_first_check_in_is_compared_with_the_baseline(self) -> None:
        goal = replace(PORTAL, key_results=(replace(PAGES, current=Decimal(0)),))
        assert len(flatline.standing_still(goal, (week(47, 0), week(46, 0), week(45, 0)))) == 3

    def test_one_moving_key_result_is_movement_and_a_reached_one_is_none(self) -> None:
        bugs = replace(PAGES, id="K2", start=Decimal(50), target=Decimal(10), current=Decimal(30))
        both = replace(PORTAL, key_results=(PAGES, bugs))
        assert not flatline.standing_still(both, (week(47, 40, 30), week(46, 40, 31), week(45, 40, 32)))
        done = replace(both, key_results=(PAGES, replace(bugs, current=Decimal(9))))
        assert len(flatline.standing_still(done, (week(47, 40, 9), week(46, 40, 31), week(45, 40, 32), week(44, 40, 33)))) == 3
        all_done = replace(both, key_results=(replace(PAGES, current=Decimal(100)), replace(bugs, current=Decimal(10))))
        assert not flatline.standing_still(all_done, tuple(week(47 - n, 100, 10) for n in range(5)))

    def test_a_number_that_a_machine_moved_since_is_movement(self) -> None:
        goal = replace(PORTAL, key_results=(replace(PAGES, current=Decimal(41), source="grafana"),))
        assert not flatline.standing_still(goal, tuple(week(47 - n, 40) for n in range(4)))

    def test_without_numbers_nothing_stands_still(self) -> None:
        assert not flatline.standing_still(replace(PORTAL, key_results=()), tuple(week(47 - n) for n in range(5)))

    def found(self, goal: Goal = PORTAL, **facts: object) -> list[Finding]:
        checkins = tuple(week(47 - n, 40) for n in range(4))
        scene = at_desk(OWNER, **{"now": MONDAY, "goals": (goal,), "checkins": checkins, **facts})  # type: ignore[arg-type]
        return list(flatline.find(scene))

    def test_only_committed_goals_offer_a_decision(self) -> None:
        assert Offer.NEED_DECISION in only(iter(self.found())).offers
        assert Offer.NEED_DECISION not in only(iter(self.found(replace(PORTAL, type=GoalType.ASPIRATIONAL)))).offers

    def test_a_learning_goal_is_judged_by_what_was_learned_and_never_stands_still(self) -> None:
        assert not self.found(replace(PORTAL, type=GoalType.LEARNING))

    @pytest.mark.parametrize("state", [state for state in GoalState if state is not GoalState.ACTIVE])
    def test_only_goals_under_way(self, state: GoalState) -> None:
        assert not self.found(replace(PORTAL, state=state))

    def test_an_awaited_decision_and_a_threshold_that_is_off_silence_it(self) -> None:
        asked = Escalation(id="e", goal_id="O1", owner_id="max", opened_at=MONDAY, ladder=("dana",))
        assert not self.found(escalations=(asked,))
        assert not self.found(policies=(change("goal.flatline", "off"),))
        assert not self.found(policies=(change("goal.flatline", "4"),))

    def test_after_an_answer_it_rests_and_the_basis_tells_where_the_goal_stands(self) -> None:
        basis = self.found()[0].basis
        assert basis != flatline.basis(replace(PORTAL, key_results=(replace(PAGES, current=Decimal(41)),)))
        told = row(flatline.NAME, "owner", "goal:O1", basis=basis, to="max", at=MONDAY - timedelta(days=2))
        assert self.found(nudged=(told,))[0].at <= MONDAY
        answered = replace(PORTAL, answered_at=MONDAY - timedelta(days=1))
        assert self.found(answered, nudged=(told,))[0].at == MONDAY + timedelta(days=26)


def change(threshold: str, value: str) -> PolicyChange:
    return PolicyChange(version=1, at=LONG_AGO, author="boss", threshold=threshold, scope=Scope(), value=value)


class TestOffPace:
    @pytest.mark.parametrize(
        ("start", "target", "current", "way"),
        [(0, 100, 40, "0.4"), (100, 0, 25, "0.75"), (20, 50, 10, "0"), (0, 10, 15, "1"), (-10, 10, 0, "0.5")],
    )
    def test_progress_runs_both_ways_between_nothing_and_all(self, start: int, target: int, current: int, way: str) -> None:
        moved = replace(PAGES, start=Decimal(start), target=Decimal(target), current=Decimal(current))
        unmeasured = replace(PAGES, start=None), replace(PAGES, target=None), replace(PAGES, current=None)
        assert mean_progress(replace(PORTAL, key_results=(moved, *unmeasured))) == Decimal(way)
        assert is_reached(moved) is (way == "1")

    def test_nothing_measured_is_no_progress_to_compare(self) -> None:
        assert mean_progress(replace(PORTAL, key_results=(replace(PAGES, current=None),))) is None

    def pace(self, now: datetime = MONDAY, goal: Goal = PORTAL, owner: Person = OWNER, points: int = 25) -> off_pace.Pace | None:
        scene = at_desk(owner, now=now, goals=(goal,))
        return off_pace.pace(scene, goal, scene.person, points)

    def test_time_is_the_owners_working_days_and_does_not_move_with_the_look(self) -> None:
        # 66 working days; 65 % of them are over after the 43rd, Monday 30 November.
        early, late = self.pace(), self.pace(datetime(2026, 12, 30, 12, tzinfo=UTC))
        assert early is not None and late is not None
        assert early.behind_at == late.behind_at == datetime(2026, 12, 1, tzinfo=UTC)
        assert early.elapsed == Decimal(37) / 66
        assert late.args() == {"progress": 40, "elapsed": 97}

    def test_leave_and_holidays_are_no_delay(self) -> None:
        away = replace(OWNER, absences=(Absence(first=date(2026, 10, 1), last=date(2026, 11, 13)),))
        found = self.pace(owner=away)
        assert found is not None
        assert found.elapsed == Decimal(5) / 34
        assert found.behind_at > datetime(2026, 12, 1, tzinfo=UTC)

    def test_only_committed_goals_that_can_still_fall_behind(self) -> None:
        assert self.pace(goal=replace(PORTAL, type=GoalType.ASPIRATIONAL)) is None
        assert self.pace(goal=replace(PORTAL, type=GoalType.LEARNING)) is None
        assert self.pace(goal=replace(PORTAL, key_results=(replace(PAGES, current=Decimal(76)),))) is None

    def test_the_plan_line_of_a_goal_approved_later_begins_on_that_day(self) -> None:
        fresh = replace(PORTAL, key_results=(replace(PAGES, current=Decimal(0)),))
        approved = replace(fresh, approved_at=MONDAY)  # 23 November: 29 of the 66 days are left, none of them over
        before, after = self.pace(goal=fresh), self.pace(goal=approved)
        assert before is not None and after is not None
        assert before.behind_at < MONDAY < after.behind_at
        assert after.elapsed == 0
        long_before = replace(fresh, approved_at=datetime(2026, 9, 1, 12, tzinfo=UTC))
        assert self.pace(goal=long_before) == before

    def test_a_new_hires_objective_has_their_first_ninety_days(self) -> None:
        joined = replace(OWNER, start_date=date(2026, 11, 16))
        kpo = replace(PORTAL, kind=GoalKind.KPO, key_results=(replace(PAGES, current=Decimal(0)),))
        found = self.pace(goal=kpo, owner=joined)
        assert found is not None
        assert found.elapsed == Decimal(5) / 65, "16 November to 14 February"
        assert found.behind_at == datetime(2026, 12, 9, tzinfo=UTC)

    @pytest.mark.parametrize("state", [state for state in GoalState if state is not GoalState.ACTIVE])
    def test_nothing_about_goals_that_are_not_under_way(self, state: GoalState) -> None:
        goal = replace(PORTAL, state=state, key_results=(replace(PAGES, current=Decimal(0)),), answered_at=LONG_AGO)
        assert not list(off_pace.find(at_desk(OWNER, now=MONDAY, goals=(goal,))))
        assert list(off_pace.find(at_desk(OWNER, now=MONDAY, goals=(replace(goal, state=GoalState.ACTIVE),))))

    def manager(self, *told: Nudged, now: datetime = MONDAY) -> list[Finding]:
        goal = replace(PORTAL, key_results=(replace(PAGES, current=Decimal(0)),))
        return list(off_pace.find(at_desk(DANA, now=now, goals=(), reports=("max",), reports_goals=(goal,), nudged=told)))

    def test_the_manager_only_after_the_owners_message_arrived(self) -> None:
        asked = row(off_pace.NAME, "owner", "goal:O1", basis="2026-Q4", to="max", at=MONDAY)
        assert not self.manager()
        assert not self.manager(replace(asked, delivered_at=None))
        assert not self.manager(replace(asked, basis="2026-Q3"))
        finding = only(iter(self.manager(asked)))
        assert finding.at == datetime(2026, 12, 1, 10, tzinfo=UTC), "two working days later, at the next digest"
        asked_again = replace(asked, times=2, decided_at=MONDAY + timedelta(days=28), delivered_at=None)
        told = row(off_pace.NAME, "digest", "goal:O1", basis="2026-Q4", at=finding.at)
        assert only(iter(self.manager(asked_again, told))).at == finding.at, "the line stays while the owner is asked again"


class TestCycleEnd:
    def test_leaders_are_those_somebody_reports_to_themselves(self) -> None:
        covered = replace(OWNER, manager_id="boss")
        assert not list(prepare.find(at_desk(DANA, reports=("max",), people=(covered, DANA))))
        finding = only(prepare.find(at_desk(DANA, reports=("max",))))
        assert (finding.subject, finding.at) == ("duty:prepare:dana:2026-Q4", datetime(2026, 12, 1, tzinfo=UTC))
        assert finding.args["left"] == 38

    def test_owners_are_asked_a_week_before_the_end_and_two_weeks_after_it(self) -> None:
        def at(day: datetime) -> list[datetime]:
            return [finding.at for finding in wrap_up.find(at_desk(OWNER, now=day, goals=(PORTAL,)))]

        week_before = datetime(2026, 12, 24, tzinfo=UTC)
        assert at(MONDAY) == at(datetime(2027, 1, 14, 12, tzinfo=UTC)) == [week_before]
        assert at(datetime(2027, 1, 15, 12, tzinfo=UTC)) == []
        joined = person("max", known_since=datetime(2027, 1, 2, tzinfo=UTC))
        new = at_desk(joined, now=datetime(2027, 1, 4, tzinfo=UTC), people=(), goals=(PORTAL,))
        assert not list(wrap_up.find(new)), "a company that starts after the cycle is not asked about it"


class TestDigest:
    def at(self, since: datetime, value: str = "", **fields: object) -> datetime | None:
        policies = (change("manager.digest.when", value),) if value else ()
        who = replace(DANA, **fields)  # type: ignore[arg-type]
        return digest_at(at_desk(who, people=(), policies=policies), since)

    def test_the_next_tuesday_at_ten_of_the_managers_own_time(self) -> None:
        assert self.at(MONDAY) == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert self.at(datetime(2026, 11, 24, 10, tzinfo=UTC)) == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert self.at(datetime(2026, 11, 24, 10, 1, tzinfo=UTC)) == datetime(2026, 12, 1, 10, tzinfo=UTC)
        assert self.at(MONDAY, zone="Asia/Seoul") == datetime(2026, 11, 24, 1, tzinfo=UTC)

    def test_hr_moves_it_or_switches_it_off(self) -> None:
        assert self.at(MONDAY, "fri 15:00") == datetime(2026, 11, 27, 15, tzinfo=UTC)
        assert self.at(MONDAY, "off") is None

    def test_a_free_tuesday_moves_it_inside_the_week_and_leave_to_the_next_one(self) -> None:
        assert self.at(MONDAY, work_days=frozenset({0, 2})) == datetime(2026, 11, 25, 10, tzinfo=UTC)
        leave = (Absence(first=date(2026, 11, 23), last=date(2026, 11, 27)),)
        assert self.at(MONDAY, absences=leave) == datetime(2026, 12, 1, 10, tzinfo=UTC)


def test_repeating_waits_twice_as_long_each_time() -> None:
    span = Span(amount=3, unit=Unit.DAYS)
    assert [wait_before(times, span).amount for times in (1, 2, 3)] == [3, 6, 12]
