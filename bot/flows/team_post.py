"""One message per team and week in the team's channel."""

from bot.decision import Decision
from bot.scene import Scene


def wanted(scene: Scene, *, wanted: bool) -> Decision:
    """`/team post here|off`."""
    return scene.tell("button-unknown")
