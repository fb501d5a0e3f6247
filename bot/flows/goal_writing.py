"""Writing a goal: begun, filled in by form, changed, sent for approval, dropped; the stop list."""

from collections.abc import Mapping

from bot.decision import Decision
from bot.scene import Scene


def begun(scene: Scene, kind: str, words: str) -> Decision:
    """`/goals add [KIND] [WORDS]`."""
    return scene.tell("button-unknown")


def form_asked(scene: Scene, kind: str, words: str) -> Decision:
    """The form of a new goal."""
    return scene.tell("button-unknown")


def edit_wanted(scene: Scene, goal_id: str | None) -> Decision:
    """`/goals edit [GOAL]`."""
    return scene.tell("button-unknown")


def edit_asked(scene: Scene, goal_id: str) -> Decision:
    """The form to change a goal."""
    return scene.tell("button-unknown")


def result_asked(scene: Scene, goal_id: str, result_id: str) -> Decision:
    """The form of one key result; `new` for one more."""
    return scene.tell("button-unknown")


def saved(scene: Scene, goal_id: str, kind: str, values: Mapping[str, str]) -> Decision:
    """A goal's form came in; `new` for a new goal of that kind."""
    return scene.tell("button-unknown")


def result_saved(scene: Scene, goal_id: str, result_id: str, values: Mapping[str, str]) -> Decision:
    """A key result's form came in."""
    return scene.tell("button-unknown")


def proposed(scene: Scene, goal_id: str) -> Decision:
    """*Send for approval* was pressed."""
    return scene.tell("button-unknown")


def discarded(scene: Scene, goal_id: str) -> Decision:
    """*Discard* was pressed."""
    return scene.tell("button-unknown")


def stop_list(scene: Scene) -> Decision:
    """`/goals stop`: what was given up so that goals have room."""
    return scene.tell("button-unknown")
