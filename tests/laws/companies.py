"""Small companies of every odd kind: zones, weeks, hours, managers in circles, people who come and go."""

from datetime import UTC, datetime, time, timedelta
from typing import Generic, TypeVar

from hypothesis import strategies as st

from bot.model import Goal, Person, Role
from tests.play.company import email_of, goal, person, result

NAMES = ("hana", "max", "mina", "joe", "kim", "tara")
ZONES = (
    "Europe/Berlin",
    "Asia/Seoul",
    "America/New_York",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Africa/Cairo",
    "Asia/Kathmandu",
)
COUNTRIES = (None, "DE", "KR", "US", "NZ")
WEEKS = (None, frozenset({6, 0, 1, 2, 3}), frozenset({0, 1, 3}), frozenset({1}), frozenset({0, 1, 2}))
HOURS = (None, (time(13), time(22)), (time(7), time(15)), (time(9, 30), time(12)))
STARTS = (
    datetime(2026, 11, 23, 8, tzinfo=UTC),
    datetime(2026, 10, 19, 8, tzinfo=UTC),
    datetime(2027, 3, 8, 8, tzinfo=UTC),
    datetime(2026, 12, 14, 15, 30, tzinfo=UTC),
)
GOALS = (
    ("Launch the new portal", "committed", ("Pages live", "%", 0, 100)),
    ("Happier customers", "aspirational", ("NPS", "points", 20, 50)),
    ("모바일 앱 출시", "committed", ("출시 진행률", "%", 0, 100)),
    ("Faster builds", "committed", ("Build time", "min", 40, 10)),
)

names = st.sampled_from(NAMES)

V = TypeVar("V")


class Drawn(Generic[V]):
    """A value with a short name, so that a broken law prints a page and not a book."""

    def __init__(self, value: V, words: str) -> None:
        self.value = value
        self.words = words

    def __repr__(self) -> str:
        return self.words


@st.composite
def people(draw: st.DrawFn, name: str, now: datetime, before: Person | None = None) -> Drawn[Person]:
    """Somebody, or somebody as the next import has them."""
    today = now.date()
    days = st.integers(-3, 30).map(lambda number: today + timedelta(days=number))
    joins = draw(st.none() | days) if draw(st.integers(0, 4)) == 0 else None
    leaves = draw(days) if draw(st.integers(0, 5)) == 0 else None
    if joins is not None and leaves is not None and leaves < joins:
        leaves = None
    deputy = draw(st.sampled_from(("", *NAMES)))
    manager = draw(st.sampled_from((*NAMES, "")))
    who = person(
        name,
        manager=manager,
        deputy="" if deputy == name else deputy,
        zone=draw(st.sampled_from(ZONES)),
        country=draw(st.sampled_from(COUNTRIES)),
        work_days=draw(st.sampled_from(WEEKS)),
        work_hours=draw(st.sampled_from(HOURS)),
        start_date=joins,
        end_date=leaves,
        language=draw(st.sampled_from((None, "ko", "en"))),
        role=Role.HR_ADMIN if name == NAMES[0] or draw(st.integers(0, 5)) == 0 else Role.EMPLOYEE,
        team=draw(st.sampled_from(("", "Web"))),
        known_since=before.known_since if before else now,
        absences=before.absences if before else (),
        welcomed=before.welcomed if before else draw(st.booleans()),
    )
    week = sorted(who.work_days or ())
    hours = [f"{hour:%H:%M}" for hour in who.work_hours or ()]
    odd = f"{who.country} {week} {hours} {joins}..{leaves} {who.role.value} {who.team} {who.language}"
    return Drawn(who, f"{name} <{manager or '-'} deputy {deputy or '-'} {who.zone} {odd}>")


@st.composite
def companies(draw: st.DrawFn, now: datetime) -> Drawn[tuple[Person, ...]]:
    """Everybody, most of them plainly employed."""
    drawn = [draw(people(name, now)) for name in NAMES]
    return Drawn(tuple(one.value for one in drawn), "\n  ".join(map(repr, ["", *drawn])))


@st.composite
def goals(draw: st.DrawFn, owner: str, now: datetime) -> Drawn[tuple[Goal, ...]]:
    """Up to three goals, some of them old, in this cycle and the next one."""
    made = []
    for number in range(draw(st.integers(0, 3))):
        title, kind, (text, unit, start, target) = draw(st.sampled_from(GOALS))
        old = draw(st.sampled_from((0, 0, 5, 13, 30)))
        helper = draw(st.sampled_from(("", "", *NAMES)))
        for cycle in ("2026-Q4", "2027-Q1"):
            goal_id = f"{owner}-{number}-{cycle}"
            made.append(
                goal(
                    goal_id,
                    owner,
                    f"{title} {number}" if number else title,
                    result(f"{goal_id}-K", text, unit, start, target),
                    kind=kind,
                    cycle=cycle,
                    updated_at=now - timedelta(days=old),
                    coordinator_id=person(helper).id if helper else None,
                )
            )
    words = [f"{one.id} {one.title!r} {one.type} {one.updated_at:%Y-%m-%d} {one.coordinator_id or ''}" for one in made]
    return Drawn(tuple(made), "; ".join(words) or "no goals")


__all__ = ["NAMES", "STARTS", "companies", "email_of", "goals", "names", "people"]
