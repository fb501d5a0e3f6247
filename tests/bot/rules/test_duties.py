"""Rules about what people owe each other find what they should, from plain facts: obstacles, 1:1 items, reviews."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.events import Ticked
from bot.model import (
    Absence,
    Company,
    Duty,
    DutyKind,
    Goal,
    GoalType,
    Nudged,
    Person,
    PolicyChange,
    Scope,
)
from bot.rules import blocked, one_on_one, registry, reviews
from bot.rules.finding import Finding, Offer
from bot.scene import Scene
from bot.situation import Situation

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def person(name: str, **fields: Any) -> Person:
    return Person(id=name, email=f"{name}@acme.example", name=name.title(), **{"known_since": LONG_AGO, "zone": "UTC", **fields})


OWNER, DANA, MINA, BOSS = person("max", manager_id="dana"), person("dana", manager_id="boss"), person("mina"), person("boss")
GOAL = Goal(id="O1", owner_id="max", title="Portal", type=GoalType.COMMITTED, cycle="2026-Q4", updated_at=MONDAY)
OBSTACLE = Duty(
    id="blocker:max:O1:1",
    kind=DutyKind.BLOCKER,
    person_id="max",
    holder_id="mina",
    next_holder_id="dana",
    goal_id="O1",
    text="Legal review",
    opened_at=MONDAY,
)
ITEM = Duty(id="one_on_one:e1", kind=DutyKind.ONE_ON_ONE, person_id="max", holder_id="dana", text="Portal", opened_at=MONDAY)


def day(number: int, hour: int = 9) -> datetime:
    """So many days after that Monday."""
    return MONDAY.replace(hour=hour) + timedelta(days=number)


def at_desk(
    who: Person, *, now: datetime = MONDAY, people: tuple[Person, ...] = (OWNER, DANA, MINA, BOSS), **facts: Any
) -> Scene:
    everybody = {one.id: one for one in (*people, who)}
    situation = Situation(
        now=now,
        company=Company(zone="UTC"),
        holidays=lambda country, year: frozenset(),
        person=everybody[who.id],
        people=everybody,
        **{"policies": (), "goals": (GOAL,), **facts},
    )
    return Scene(Ticked(id="t", at=now, subject=f"desk:{who.id}", due=now, fence=1), situation, {})


def told(stage: str, subject: str, *, rule: str, to: str, at: datetime | None) -> Nudged:
    row = Nudged(recipient_id=to, rule=rule, stage=stage, subject=subject, basis="", key="k", decided_at=MONDAY)
    return replace(row, delivered_at=at)


def setting(threshold: str, value: str) -> PolicyChange:
    return PolicyChange(version=1, at=LONG_AGO, author="boss", threshold=threshold, scope=Scope(), value=value)


def only(found: list[Finding]) -> Finding:
    (one,) = found
    return one


def test_the_rules_are_registered_in_the_order_of_the_product() -> None:
    names = [rule.name for rule in registry.RULES]
    mine = ["goal.commitment_at_risk", "blocker.unresolved", "escalation.acknowledge", "one_on_one.open_items", "review.overdue"]
    assert [name for name in names if name in (*mine, "kpo.review")] == [*mine, "kpo.review"]


@pytest.mark.parametrize(
    ("name", "standard", "light", "active"),
    [
        ("blocker.unresolved", "2d", "4d", "1d"),
        ("one_on_one.open_items", "7d", "10d", "5d"),
        ("review.overdue", "2d", "5d", "1d"),
        ("kpo.review.first", "30cd", None, None),
        ("kpo.review.second", "60cd", None, None),
        ("kpo.review.third", "90cd", None, None),
    ],
)
def test_thresholds(name: str, standard: str, light: str | None, active: str | None) -> None:
    spec = registry.threshold(name)
    assert (spec.default, spec.under("light"), spec.under("active")) == (standard, light, active)
    assert spec.low < int("".join(filter(str.isdigit, standard))) < spec.high


# --------------------------------------------------------------------------------------------- obstacles


def test_whoever_can_remove_it_hears_after_two_of_their_working_days() -> None:
    found = only(list(blocked.find(at_desk(MINA, duties=(OBSTACLE,)))))
    assert (found.stage, found.at, found.offers) == ("remover", day(2), (Offer.DONE,))
    part_time = replace(MINA, work_days=frozenset({0, 4}))
    assert only(list(blocked.find(at_desk(part_time, duties=(OBSTACLE,))))).at == day(7)


def test_nobody_else_finds_it() -> None:
    assert list(blocked.find(at_desk(BOSS, duties=(OBSTACLE,)))) == []
    assert list(blocked.find(at_desk(OWNER, duties=(OBSTACLE,)))) == []


def test_the_next_one_finds_it_only_after_the_first_message_arrived() -> None:
    asked = told("remover", f"duty:{OBSTACLE.id}", rule=blocked.NAME, to="mina", at=None)
    assert list(blocked.find(at_desk(DANA, duties=(OBSTACLE,)))) == []
    assert list(blocked.find(at_desk(DANA, duties=(OBSTACLE,), nudged=(asked,)))) == []
    arrived = replace(asked, delivered_at=day(3))
    found = only(list(blocked.find(at_desk(DANA, duties=(OBSTACLE,), nudged=(arrived,)))))
    assert (found.stage, found.at) == ("manager", day(7))  # Thursday and two working days


def test_where_the_first_one_left_the_next_one_is_asked_instead() -> None:
    gone = replace(MINA, end_date=date(2026, 11, 20))
    found = only(list(blocked.find(at_desk(DANA, people=(OWNER, gone, BOSS), duties=(OBSTACLE,)))))
    assert found.at == day(2)


@pytest.mark.parametrize(
    "facts",
    [
        {"goals": (replace(GOAL, cycle="2026-Q3"),)},
        {"goals": ()},
        {"duties": (replace(OBSTACLE, done_at=MONDAY, done_by="max"),)},
        {"policies": (setting("blocker.unresolved", "off"),)},
        {"people": (replace(OWNER, end_date=date(2026, 11, 20)), DANA, BOSS)},
    ],
)
def test_an_obstacle_that_matters_no_longer_is_not_found(facts: dict[str, Any]) -> None:
    assert list(blocked.find(at_desk(MINA, **{"duties": (OBSTACLE,), **facts}))) == []


def test_the_owner_hears_that_somebody_removed_it_until_they_update_the_goal() -> None:
    done = replace(OBSTACLE, done_at=day(3), done_by="mina")
    found = only(list(blocked.find(at_desk(OWNER, now=day(4), duties=(done,)))))
    assert (found.stage, found.subject, found.at, found.offers) == ("removed", "goal:O1", day(3), (Offer.ANSWER,))
    updated = replace(GOAL, updated_at=day(4))
    assert list(blocked.find(at_desk(OWNER, now=day(4), duties=(done,), goals=(updated,)))) == []
    own = replace(done, done_by="max")
    assert list(blocked.find(at_desk(OWNER, now=day(4), duties=(own,)))) == []


# --------------------------------------------------------------------------------------------- 1:1 items


def test_an_item_is_found_after_seven_days_on_which_both_work() -> None:
    found = only(list(one_on_one.find(at_desk(DANA, duties=(ITEM,)))))
    assert (found.at, found.offers) == (day(9), (Offer.DONE,))
    away = replace(OWNER, absences=(Absence(first=date(2026, 11, 25), last=date(2026, 11, 26)),))
    assert only(list(one_on_one.find(at_desk(DANA, people=(away,), duties=(ITEM,))))).at == day(11)


def test_an_item_is_for_whoever_wanted_to_talk_and_ends_when_it_is_done() -> None:
    assert list(one_on_one.find(at_desk(OWNER, duties=(ITEM,)))) == []
    assert list(one_on_one.find(at_desk(DANA, duties=(replace(ITEM, done_at=MONDAY),)))) == []
    assert list(one_on_one.find(at_desk(DANA, duties=(ITEM,), policies=(setting("one_on_one.open_items", "off"),)))) == []


# --------------------------------------------------------------------------------------------- reviews


def newcomer(start: date, **fields: Any) -> Person:
    return person("nina", **{"manager_id": "dana", "start_date": start, **fields})


def nearing(who: Person, now: datetime = MONDAY, **facts: Any) -> list[tuple[str, datetime]]:
    """Subjects and instants at the new hire's own desk, past and future."""
    return [(one.subject, one.at) for one in reviews.find(at_desk(who, now=now, **facts))]


def managing(who: Person, now: datetime = MONDAY, **facts: Any) -> Scene:
    return at_desk(DANA, now=now, people=(who, DANA, BOSS), **{"reports": (who.id,), "goals": (), **facts})


NINA = newcomer(date(2026, 10, 24))  # day 30 is this Monday


def test_the_milestones_lie_30_60_and_90_calendar_days_after_the_start() -> None:
    wanted = [("30", day(0)), ("60", day(30)), ("90", day(60))]
    assert nearing(NINA) == [(f"duty:review:nina:{number}", at) for number, at in wanted]


def test_a_milestone_on_a_day_off_waits_for_the_next_working_day() -> None:
    assert nearing(newcomer(date(2026, 10, 22)))[0] == ("duty:review:nina:30", day(0))


def test_only_the_latest_milestone_that_passed_counts() -> None:
    assert [subject[-2:] for subject, _ in nearing(NINA, day(31))] == ["60", "90"]


def test_a_milestone_is_announced_within_two_weeks_or_not_at_all() -> None:
    assert nearing(NINA, day(13))[0][0].endswith(":30")
    assert nearing(NINA, day(14))[0][0].endswith(":60")


def test_what_lies_before_rondo_knew_the_person_is_not_announced() -> None:
    assert nearing(newcomer(date(2026, 10, 24), known_since=day(1)))[0][0].endswith(":60")
    assert nearing(newcomer(date(2020, 1, 1))) == []
    assert nearing(newcomer(date(2026, 8, 1), known_since=MONDAY)) == []
    assert nearing(person("nina")) == []


def test_a_review_that_was_held_is_over() -> None:
    held = Duty(id="review:nina:30", kind=DutyKind.REVIEW, person_id="nina", holder_id="dana", opened_at=MONDAY, done_at=MONDAY)
    assert nearing(NINA, duties=(held,))[0][0].endswith(":60")
    assert all(one.at > day(10) for one in reviews.overdue(managing(NINA, day(10), duties=(held,))))


def test_saying_it_opens_the_review_for_the_manager() -> None:
    found = next(iter(reviews.find(managing(NINA))))
    assert (found.stage, found.offers) == ("manager", (Offer.DONE,))
    assert found.opens == Duty(id="review:nina:30", kind=DutyKind.REVIEW, person_id="nina", holder_id="dana", opened_at=MONDAY)
    assert next(iter(reviews.find(managing(NINA, duties=(found.opens,))))).opens is None


def test_it_is_the_managers_and_nobody_elses() -> None:
    other = at_desk(BOSS, people=(NINA, DANA, BOSS), reports=("nina",), goals=())
    assert list(reviews.find(other)) == []


def test_an_open_review_is_found_two_working_days_after_its_day_or_after_the_manager_heard_of_it() -> None:
    assert next(iter(reviews.overdue(managing(NINA, day(1))))).at == day(2)
    heard = told("manager", "duty:review:nina:30", rule=reviews.NAME, to="dana", at=day(3))
    assert next(iter(reviews.overdue(managing(NINA, day(3), nudged=(heard,))))).at == day(7)


def test_one_message_about_one_review() -> None:
    """Where the announcement waited so long that the review is outstanding, it is only said to be open."""
    late = managing(NINA, day(3))
    assert [one.subject for one in reviews.find(late) if one.at <= late.now] == []
    assert [one.subject for one in reviews.overdue(late) if one.at <= late.now] == ["duty:review:nina:30"]


def test_a_review_of_months_ago_is_not_pursued() -> None:
    nina = newcomer(date(2026, 7, 1))  # day 90 was 29 September
    assert list(reviews.overdue(managing(nina, datetime(2026, 11, 12, 9, tzinfo=UTC))))
    assert list(reviews.overdue(managing(nina, datetime(2026, 11, 14, 9, tzinfo=UTC)))) == []


def test_switched_off_nothing_is_found() -> None:
    off = tuple(replace(setting(f"kpo.review.{name}", "off")) for name in ("first", "second", "third"))
    assert nearing(NINA, policies=off) == []
    assert list(reviews.overdue(managing(NINA, day(3), policies=(setting("review.overdue", "off"),)))) == []
