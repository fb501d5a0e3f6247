"""What people owe each other besides goals and check-ins: items for the next 1:1, reviews of new hires, a cycle's questions."""

from collections.abc import Mapping

from bot.decision import Decision
from bot.model import Escalation, Goal
from bot.scene import Scene


def done(scene: Scene, duty_id: str) -> Decision:
    """*Talked about it*, *Review held*, *Obstacle removed* was pressed."""
    raise NotImplementedError(duty_id)


def form_asked(scene: Scene, duty_id: str) -> Decision:
    """The form of a leader's questions or an owner's wrap-up."""
    raise NotImplementedError(duty_id)


def filled_in(scene: Scene, duty_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in."""
    raise NotImplementedError(duty_id)


def talk_first(scene: Scene, goal: Goal, escalation: Escalation) -> Decision:
    """*Talk first* was pressed: the goal goes on the list for the next 1:1."""
    raise NotImplementedError(escalation.id)
