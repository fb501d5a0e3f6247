"""A goal's history as lines: how it changed and who approved that, what was decided about it, what it came to."""

from collections.abc import Iterator

from bot.flows.goal_history import revision_lines
from bot.flows.grading import grade_lines
from bot.model import EscalationState, Goal, Person
from bot.rules.sight import Sight
from bot.scene import Scene
from bot.talk.text import words_of

PAST_SHOWN = 6
"""So many changes and so many decisions, the newest; all of them stand in the ledger."""


def past_lines(scene: Scene, goal: Goal, reader: Person, seen: Sight) -> list[str]:
    """The grade, changes with their reason, decisions with their note. What people wrote only for who may read it."""
    changes = [words_of(line) for line in revision_lines(scene, goal, reader, words=seen >= Sight.WORDS)]
    return [*_grade(scene, goal, reader, seen), *changes[-2 * PAST_SHOWN :], *_decisions(scene, goal, reader, seen)]


def _decisions(scene: Scene, goal: Goal, reader: Person, seen: Sight) -> Iterator[str]:
    voice = scene.voice(reader)
    about = {one.id: one for one in (*scene.situation.decided, *scene.situation.escalations) if one.goal_id == goal.id}
    over = sorted((one for one in about.values() if one.decided_at is not None), key=lambda one: (one.opened_at, one.id))
    for one in over[-PAST_SHOWN:]:
        if one.decided_at is None or one.choice is None or one.state is not EscalationState.DECIDED:
            continue
        line = voice.line(
            "timeline-decided",
            holder=scene.name(one.decided_by) or "–",
            choice=voice.line(f"choice-{one.choice.value}"),
            when=scene.moment(one.decided_at, reader),
        )
        yield f"{line} · {voice.line('timeline-note', note=one.note)}" if one.note and seen >= Sight.WORDS else line


def _grade(scene: Scene, goal: Goal, reader: Person, seen: Sight) -> Iterator[str]:
    """What a score may mean is said to its owner only: it is no rating of a person."""
    yield from grade_lines(scene, reader, goal, own=seen is Sight.OWN)
    if seen is not Sight.WORDS or goal.closing is None:
        return
    voice = scene.voice(reader)
    yield voice.line("grade-words-learned", words=goal.closing.learned)
    if goal.closing.explanation:
        yield voice.line("grade-words-adjust", words=goal.closing.explanation)
