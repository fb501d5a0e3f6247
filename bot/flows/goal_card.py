"""Everything about one goal: what it belongs to, its history, its grade."""

from bot.decision import Decision
from bot.scene import Scene


def shown(scene: Scene, goal_id: str) -> Decision:
    """`/goals show GOAL`, or its button."""
    return scene.tell("button-unknown")
