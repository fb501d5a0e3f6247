"""When a rule may repeat itself about something that stays as it is: ever more rarely, and not right after an answer."""

from dataclasses import replace

from bot.model import Goal
from bot.rules.finding import Finding
from bot.rules.worktime import Span
from bot.scene import Scene


def wait_before(times: int, again: Span) -> Span:
    """How long after it was said `times` times it may be said once more: the span, then twice, then four times as long."""
    return Span(amount=again.amount * 2 ** (times - 1), unit=again.unit)


def rested(scene: Scene, goal: Goal, finding: Finding) -> Finding:
    """The finding, put off where its owner was asked and has answered for the goal since: an answer is an answer.

    It holds again when it may be repeated, if it is still true by then.
    """
    row = scene.nudged(finding.rule, finding.stage, finding.subject)
    answered = row is not None and goal.answered_at is not None and goal.answered_at > row.decided_at
    if row is None or not answered or row.basis != finding.basis or finding.again is None:
        return finding
    later = scene.calendar(scene.person).add(row.decided_at, wait_before(max(row.times, 1), finding.again))
    return replace(finding, at=max(finding.at, later)) if later is not None else finding
