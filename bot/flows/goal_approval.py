"""A goal, or a change of one, before its owner's manager: approved, or returned with a note."""

from collections.abc import Mapping

from bot.decision import Decision
from bot.scene import Scene


def approved(scene: Scene, goal_id: str, duty_id: str) -> Decision:
    """*Approve* was pressed."""
    return scene.tell("button-unknown")


def return_asked(scene: Scene, goal_id: str, duty_id: str) -> Decision:
    """*Ask for a change* was pressed."""
    return scene.tell("button-unknown")


def returned(scene: Scene, goal_id: str, duty_id: str, values: Mapping[str, str]) -> Decision:
    """What should be different came in."""
    return scene.tell("button-unknown")
