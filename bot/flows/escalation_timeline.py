"""Every step of an escalation in words: what its owner and everybody who was asked can read on their cards."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import assert_never

from bot.model import Escalation, EscalationStep, Logged, Person
from bot.rules.escalation_states import steps_of
from bot.scene import Scene
from bot.talk.text import Text, join
from bot.talk.voice import Arg

LINES = 12
"""So many steps are shown, the first one among them: a card has to fit on every platform."""


def timeline(scene: Scene, escalation: Escalation, reader: Person) -> Text:
    """The steps, oldest first; where they are too many, those after the first give way."""
    steps = [one for one in steps_of(escalation) if one.step is not EscalationStep.SHOWN]
    hidden = max(len(steps) - LINES, 0)
    lines = [line for one in steps[:1] for line in _lines(scene, escalation, reader, one)]
    if hidden:
        lines.append(scene.voice(reader).text("timeline-more", count=hidden))
    lines += [line for one in steps[1 + hidden :] for line in _lines(scene, escalation, reader, one)]
    return _joined(lines)


def _joined(lines: Iterable[Text]) -> Text:
    return join(*(part for number, line in enumerate(lines) for part in ("\n" if number else "", line)))


def _lines(scene: Scene, escalation: Escalation, reader: Person, one: Logged) -> Iterator[Text]:
    """What happened, then what was said with it."""
    voice = scene.voice(reader)
    args: dict[str, Arg] = {
        "when": scene.moment(one.at, reader),
        "holder": scene.name(one.who) or "–",
        "owner": scene.name(escalation.owner_id) or "–",
    }
    step = EscalationStep
    match one.step:
        case step.OPENED:
            yield voice.text("timeline-requested" if escalation.requested else "timeline-opened", **args)
        case step.CLIMBED:
            yield voice.text("timeline-passed", **args)
        case step.COVERED | step.HANDED_OVER:
            by = scene.name(one.facts.get("by", "")) or "–"
            yield voice.text(f"timeline-{one.step.value.replace('_', '-')}", by=by, **args)
        case step.DECIDED:
            yield voice.text("timeline-decided", choice=voice.line(f"choice-{one.facts['choice']}"), **args)
        case step.WITHDRAWN | step.UNANSWERED:
            yield voice.text("timeline-ended", reason=voice.line(one.facts["reason"]), **args)
        case (
            step.SHOWN
            | step.ACKNOWLEDGED
            | step.TALK_FIRST
            | step.REMINDED
            | step.STRANDED
            | step.ASKED_AGAIN
            | step.FOLLOWED
            | step.REOPENED
        ):
            if one.step is not step.SHOWN:
                yield voice.text(f"timeline-{one.step.value.replace('_', '-')}", **args)
        case _:
            assert_never(one.step)
    if one.facts.get("note"):
        yield voice.text("timeline-note", note=one.facts["note"])
    if one.step is step.DECIDED and one.facts.get("due"):
        yield voice.text("timeline-due", due=voice.date(date.fromisoformat(one.facts["due"])))
