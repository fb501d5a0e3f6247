"""A team's goals as its people may see them."""

from bot.decision import Decision
from bot.scene import Scene


def shown(scene: Scene, name: str) -> Decision:
    """`/team [NAME]`, `/goals team`."""
    return scene.tell("button-unknown")
