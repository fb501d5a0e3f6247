"""The invented companies that are measured: people who report on a goal, and as many more as it takes."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Engine, String, case, cast, literal, text, update

from benchmarks.databases import multiply
from bot.model import Goal, GoalType, KeyResult, Person, person_id
from storage.imports import SqlImports
from storage.schema import agenda, goal, key_result, person

LATER = timedelta(days=400)
DOMAIN = "acme.example"
ZONES = (
    "America/Los_Angeles", "America/Denver", "America/Chicago", "America/New_York", "America/Sao_Paulo", "Europe/London",
    "Europe/Lisbon", "Europe/Paris", "Europe/Athens", "Europe/Istanbul", "Africa/Cairo", "Africa/Lagos", "Asia/Dubai",
    "Asia/Karachi", "Asia/Kolkata", "Asia/Dhaka", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul",
    "Australia/Sydney", "Pacific/Auckland", "Africa/Nairobi", "America/Bogota",
)  # fmt: skip


def email(number: int) -> str:
    return f"p{number}@{DOMAIN}"


def goal_of(number: int) -> str:
    return f"G{number}"


def cycle_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def found(engine: Engine, count: int, at: datetime, *, zone: str = "Europe/Berlin") -> None:
    """Import so many people at an instant, a manager for every ten, each with a goal that two key results measure."""
    people = [
        Person(
            id=person_id(email(number)), email=email(number), name=f"Person {number}", zone=zone, known_since=at, locale="en",
            manager_id=person_id(email(number // 10)) if number else None, department="Product", team=f"Team {number // 10}",
            welcomed=True,
        )
        for number in range(count)
    ]  # fmt: skip
    ends = at.date() + timedelta(days=30)
    goals = [
        Goal(
            id=goal_of(number), owner_id=person_id(email(number)), title=f"Goal number {number}", type=GoalType.COMMITTED,
            cycle=cycle_of(at.date()), team=f"Team {number // 10}", updated_at=at,
            key_results=tuple(
                KeyResult(
                    id=f"K{number}-{part}", goal_id=goal_of(number), text=f"Key result {part}", unit="%",
                    start=Decimal(0), target=Decimal(100),
                    current=Decimal(10), due=ends,
                )
                for part in range(2)
            ),
        )
        for number in range(count)
    ]  # fmt: skip
    with SqlImports(engine).begin() as imported:
        imported.apply_people(people, at=at, cause="benchmark")
        imported.apply_goals(goals, at=at, cause="benchmark")


def crowd(engine: Engine, count: int, at: datetime, *, goals: int = 0) -> None:
    """So many more people all over the world, with so many goals between them, who are all looked at much later."""
    with engine.begin() as connection:
        multiply(
            connection, person, person.c.folded_email == email(0), count,
            lambda n: {
                "id": _named("c", n), "email": _named("c", n, f"@{DOMAIN}"), "folded_email": _named("c", n, f"@{DOMAIN}"),
                "team": _named("Crowd ", n // 10), "manager_id": case((n >= 10, _named("c", n // 10))),
                "zone": case(*((n % len(ZONES) == place, name) for place, name in enumerate(ZONES))),
            },
        )  # fmt: skip
        if goals:
            multiply(
                connection, goal, goal.c.id == goal_of(0), goals,
                lambda n: {
                    "id": _named("cg", n), "owner_id": _named("c", n % count + 1), "team": _named("Crowd ", n % count // 10),
                },
            )  # fmt: skip
            multiply(
                connection, key_result, key_result.c.id == "K0-0", goals,
                lambda n: {"id": _named("ck", n), "goal_id": _named("cg", n)},
            )  # fmt: skip
        multiply(
            connection, agenda, agenda.c.subject == f"desk:{person_id(email(0))}", count,
            lambda n: {"subject": _named("desk:c", n), "due_at": literal(at + LATER, agenda.c.due_at.type)},
        )  # fmt: skip
        for table in ("person", "goal", "key_result", "agenda"):
            connection.execute(text(f"ANALYZE {table}"))


def _named(prefix: str, number: ColumnElement[int], end: str = "") -> ColumnElement[str]:
    return literal(prefix) + cast(number, String) + literal(end)


def look_later(engine: Engine, at: datetime) -> None:
    """Nobody is looked at before long after an instant."""
    with engine.begin() as connection:
        connection.execute(update(agenda).values(due_at=at + LATER, lease_until=None))


def look_at(engine: Engine, numbers: range, at: datetime) -> None:
    """These people are looked at at an instant."""
    subjects = [f"desk:{person_id(email(number))}" for number in numbers]
    with engine.begin() as connection:
        for start in range(0, len(subjects), 500):
            some = subjects[start : start + 500]
            connection.execute(update(agenda).where(agenda.c.subject.in_(some)).values(due_at=at, lease_until=None))
