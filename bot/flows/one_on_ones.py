"""Items for the next 1:1: added from cards or by words, carried over, shown as an agenda."""

from collections.abc import Mapping

from bot.decision import Decision
from bot.scene import Scene
from bot.talk.intents import OneOnOneSlot


def form_asked(scene: Scene, goal_id: str) -> Decision:
    """The form for an item; about a goal or nothing."""
    return scene.tell("button-unknown")


def added(scene: Scene, goal_id: str, values: Mapping[str, str]) -> Decision:
    """That form came in."""
    return scene.tell("button-unknown")


def said(scene: Scene, who: str, words: str) -> Decision:
    """An item by words, or the list where nothing was said."""
    return scene.tell("button-unknown")


def slot_said(scene: Scene, slot: OneOnOneSlot) -> Decision:
    """When the 1:1 is."""
    return scene.tell("button-unknown")
