"""A goal's grade, by its type."""

from collections.abc import Mapping

from bot.decision import Decision
from bot.scene import Scene


def wanted(scene: Scene, goal_id: str | None) -> Decision:
    """`/goals close [GOAL]`."""
    return scene.tell("button-unknown")


def form_asked(scene: Scene, goal_id: str) -> Decision:
    """The form of the grade."""
    return scene.tell("button-unknown")


def graded(scene: Scene, goal_id: str, values: Mapping[str, str]) -> Decision:
    """The grade came in."""
    return scene.tell("button-unknown")
