"""Health numbers: watched beside goals, never graded; one may become a key result."""

from collections.abc import Mapping

from bot.decision import Decision
from bot.scene import Scene


def listed(scene: Scene) -> Decision:
    """`/goals kpi`."""
    return scene.tell("button-unknown")


def form_asked(scene: Scene, kpi_id: str, words: str) -> Decision:
    """The form of a number; `new` for another one."""
    return scene.tell("button-unknown")


def saved(scene: Scene, kpi_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in."""
    return scene.tell("button-unknown")


def promotion_asked(scene: Scene, kpi_id: str) -> Decision:
    """The form to make it a key result."""
    return scene.tell("button-unknown")


def promoted(scene: Scene, kpi_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in."""
    return scene.tell("button-unknown")
