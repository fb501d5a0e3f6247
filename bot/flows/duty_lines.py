"""How duties are called in front of people. Ids start with their kind: `review:PERSON:30`, `wrap_up:PERSON:2026-Q4`."""

from bot.model import Duty, DutyKind
from bot.scene import Scene

OF_SOMEBODY = frozenset({DutyKind.REVIEW, DutyKind.STOP, DutyKind.APPROVAL})
"""What is called after the person it is about."""


def duty_named(scene: Scene, subject: str) -> Duty | None:
    """The duty a subject `duty:ID` names, if it is known."""
    kind, _, name = subject.partition(":")
    return next((duty for duty in scene.situation.duties if kind == "duty" and duty.id == name), None)


def duty_words(scene: Scene, duty_id: str) -> str:
    """`Dana's day-30 review`, `wrap-up of 2026-Q4`, or the words somebody gave it; empty where nobody knows whose it is."""
    voice = scene.voice(scene.person)
    known = duty_named(scene, f"duty:{duty_id}")
    if known is not None and known.text:
        return known.text
    kind, _, rest = duty_id.partition(":")
    person, _, what = rest.rpartition(":")
    if kind not in set(DutyKind):
        return duty_id
    named = scene.name(person)
    if not named and kind in OF_SOMEBODY:
        return ""
    return voice.line(f"duty-{kind}", name=named, what=what)
