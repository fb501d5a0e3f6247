"""Small companies of every odd kind: zones, weeks, hours, managers in circles, people who come and go."""

from datetime import UTC, datetime, time, timedelta
from random import Random

from bot.model import Goal, Person, Role
from tests.play.company import goal, person, result

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


def somebody(pick: Random, name: str, now: datetime, before: Person | None = None) -> Person:
    """Somebody, or somebody as the next import has them."""
    today = now.date()
    joins = today + timedelta(days=pick.randint(-3, 30)) if pick.random() < 0.15 else None
    leaves = (joins or today) + timedelta(days=pick.randint(-3 if joins is None else 0, 30)) if pick.random() < 0.15 else None
    deputy = pick.choice(("", *NAMES))
    return person(
        name,
        manager=pick.choice((*NAMES, *NAMES, "")),
        deputy="" if deputy == name else deputy,
        zone=pick.choice(ZONES),
        country=pick.choice(COUNTRIES),
        work_days=pick.choice(WEEKS),
        work_hours=pick.choice(HOURS),
        start_date=joins,
        end_date=leaves,
        language=pick.choice((None, "ko", "en")),
        role=Role.HR_ADMIN if name == NAMES[0] or pick.random() < 0.15 else Role.EMPLOYEE,
        team=pick.choice(("", "Web")),
        known_since=before.known_since if before else now,
        absences=before.absences if before else (),
        welcomed=before.welcomed if before else pick.random() < 0.5,
    )


def plain(name: str, now: datetime) -> Person:
    """Somebody without any oddity; Hana leads everybody."""
    manager = "" if name == NAMES[0] else NAMES[0]
    role = Role.HR_ADMIN if name == NAMES[0] else Role.EMPLOYEE
    return person(name, manager=manager, role=role, known_since=now)


def words_of(who: Person) -> str:
    """A person in one line, for the story of a broken law."""
    names = {person(name).id: name for name in NAMES}
    hours = "-".join(f"{hour:%H:%M}" for hour in who.work_hours or ())
    odd = (who.country, sorted(who.work_days or ()), hours, who.role.value, who.team, who.language)
    around = f"manager {names.get(who.manager_id or '')}, deputy {names.get(who.deputy_id or '')}"
    there = f"{who.start_date or ''}..{who.end_date or ''}"
    return f"{who.name}: {around}, {who.zone}, {there} {' '.join(str(one) for one in odd if one)}"


def goals_of(pick: Random, owner: str, now: datetime) -> tuple[Goal, ...]:
    """Up to three goals, some of them old, in this cycle and the next one."""
    made = []
    for number in range(pick.randint(0, 3)):
        title, kind, (text, unit, start, target) = pick.choice(GOALS)
        old = pick.choice((0, 0, 5, 13, 30))
        helper = pick.choice(("", "", *NAMES))
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
    return tuple(made)
