"""The demo company goes through the import everybody uses, without a single warning."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from adapters.local import demo
from bot.flows.imports import plan_goals, plan_people
from bot.model import Goal, GoalType, Person, Role

STARTS = [datetime(2026, 11, 25, 8, tzinfo=UTC), datetime(2027, 1, 6, 8, tzinfo=UTC), datetime(2028, 9, 27, 8, tzinfo=UTC)]


def _people(now: datetime) -> tuple[Person, ...]:
    countries = frozenset({"DE", "US", "KR", "IN"})
    plan = plan_people(demo.people_csv(now).encode(), existing=(), now=now, countries=countries)
    assert (plan.warnings, plan.rejections) == ((), ())
    return plan.values


def _goals(now: datetime, text: str, existing: tuple[Goal, ...] = (), at: datetime | None = None) -> tuple[Goal, ...]:
    plan = plan_goals(text.encode(), existing=existing, people=_people(now), now=at or now, fiscal_month=1)
    assert (plan.warnings, plan.rejections) == ((), ())
    return plan.values


@pytest.mark.parametrize("start", STARTS)
def test_the_company_has_one_of_everything(start: datetime) -> None:
    people = {person.id: person for person in _people(start)}
    goals = _goals(start, demo.goals_csv(start))
    assert len(people) == 13
    assert {person.team for person in people.values()} == {"", "Clinic App", "Platform", "Growth"}
    assert {person.locale for person in people.values()} == {"en", "ko"}
    assert len({person.zone for person in people.values()}) == 4
    assert [person.email for person in people.values() if person.role is Role.HR_ADMIN] == ["ruth.adeyemi@halden.example"]
    assert {goal.type for goal in goals} == set(GoalType)
    assert [goal.id for goal in goals if goal.coordinator_id and goal.coordinator_id != goal.owner_id] == ["G-11"]
    lena = next(person for person in people.values() if person.email == demo.FIRST)
    assert people[lena.manager_id or ""].deputy_id is not None
    assert max(sum(goal.owner_id == person for goal in goals) for person in people) == 3
    assert {result.target is not None for goal in goals for result in goal.key_results} == {True}


@pytest.mark.parametrize("start", STARTS)
def test_a_forgotten_goal_stalls_on_the_first_friday_and_stays_forgotten(start: datetime) -> None:
    since = demo.forgotten_since(start)
    forgotten = _goals(start, demo.goals_csv(start, only=demo.FORGOTTEN), at=since)
    assert {goal.id for goal in forgotten} == demo.FORGOTTEN
    rest = _goals(start, demo.goals_csv(start), existing=forgotten)
    assert not demo.FORGOTTEN & {goal.id for goal in rest}
    stalls = (since + timedelta(days=14)).astimezone(ZoneInfo(demo.ZONE))
    assert start < stalls < start + timedelta(days=2)


def test_it_starts_on_a_wednesday_morning_that_is_not_over() -> None:
    wall = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    for hours in range(0, 24 * 15, 5):
        at = wall + timedelta(hours=hours)
        start = demo.demo_start(at)
        assert (start.weekday(), start.hour) == (2, 8)
        assert timedelta() <= start - at < timedelta(days=7)
