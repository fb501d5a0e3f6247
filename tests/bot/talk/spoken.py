"""What the tests about plain words share: somebody's goals, and a Thursday on which they speak."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.model import Goal, GoalType, KeyResult, Status
from bot.talk.intents import (
    Ambiguous,
    GoalReport,
    Intent,
    Question,
    Report,
    understand,
)

THURSDAY = date(2026, 11, 26)
ON, RISK, OFF = Status.ON_TRACK, Status.AT_RISK, Status.OFF_TRACK


def goal(identity: str, title: str, *results: tuple[str, str, str]) -> Goal:
    """A goal with key results given as id, text and unit."""
    return Goal(
        id=identity,
        owner_id="p1",
        title=title,
        type=GoalType.COMMITTED,
        cycle="2026-Q4",
        updated_at=datetime(2026, 10, 1, tzinfo=UTC),
        key_results=tuple(
            KeyResult(id=key, goal_id=identity, text=text, unit=unit, target=Decimal(100)) for key, text, unit in results
        ),
    )


LAUNCH = goal("o1", "Launch the mobile app", ("k1", "Share of users moved to the new app", "%"))
HIRE = goal("o2", "Hire a strong team", ("k2", "Signed engineers", "people"), ("k3", "Offers accepted", "%"))
SERVICE = goal("o3", "신규 서비스 출시", ("k4", "가입자 수", "명"))
GOALS = (LAUNCH, HIRE, SERVICE)


def read(text: str, goals: Sequence[Goal] = GOALS, today: date = THURSDAY) -> Intent:
    return understand(text, goals=goals, today=today)


def about(identity: str, key: str | None = None, **said: object) -> Report:
    return Report(items=(GoalReport(goal_id=identity, key_result_id=key, **said),))  # type: ignore[arg-type]


def which_goal(*candidates: str) -> Ambiguous:
    return Ambiguous(question=Question.GOAL, candidates=candidates)


def which_status(*candidates: str) -> Ambiguous:
    return Ambiguous(question=Question.STATUS, candidates=candidates)
