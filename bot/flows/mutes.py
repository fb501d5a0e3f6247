"""What a person does not want to hear of: muted for a week or for good, marked as not useful."""

from bot.decision import Decision
from bot.scene import Scene


def muted(scene: Scene, rule: str, how_long: str) -> Decision:
    """*Mute* was pressed, or `/rondo mute RULE` written; `how_long` is `week` or empty for good."""
    raise NotImplementedError(rule)


def not_useful(scene: Scene) -> Decision:
    """*Not useful* was pressed on a message."""
    raise NotImplementedError
