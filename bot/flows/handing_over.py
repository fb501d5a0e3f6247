"""*Hand over*: a request for a decision goes to the person who can decide it."""

from collections.abc import Mapping

from bot.decision import Decision
from bot.model import Escalation, Goal
from bot.scene import Scene


def form_asked(scene: Scene, goal: Goal, item: Escalation) -> Decision:
    """*Hand over* was pressed."""
    return scene.tell("button-unknown")


def handed_over(scene: Scene, goal: Goal, item: Escalation, values: Mapping[str, str]) -> Decision:
    """Who it goes to came in."""
    return scene.tell("button-unknown")
