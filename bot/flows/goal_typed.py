"""How the parts of a goal stand in a form: as lines that read back as the same, whatever the language."""

from datetime import date, timedelta
from decimal import Decimal

from bot.model import Contribution, Goal, GoalKind, KeyResult
from bot.rules.cycle_end import today
from bot.rules.cycles import bounds
from bot.scene import Scene

ROOM = 3000
"""What one field holds on every platform."""
LAST_REVIEW = timedelta(days=90)


def due_of(scene: Scene, goal: Goal) -> date:
    """When its key results are due where they name no day: the cycle's end, a new hire's last review."""
    started = scene.person.start_date
    if goal.kind is GoalKind.KPO and started is not None and started + LAST_REVIEW > today(scene):
        return started + LAST_REVIEW
    return bounds(goal.cycle, scene.situation.company.fiscal_month)[1]


def results_text(scene: Scene, goal: Goal) -> str:
    """All key results, one per line."""
    return "\n".join(result_line(scene, goal, one) for one in goal.key_results)


def fits(scene: Scene, goal: Goal) -> bool:
    """One field has room for all key results; cut off, some would be lost with the next save."""
    return len(results_text(scene, goal)) <= ROOM


def result_line(scene: Scene, goal: Goal, result: KeyResult) -> str:
    """A key result as a line that reads back as the same: `Activation | 40 % | 60 % | 2026-12-15`."""
    text = result.text.replace("|", "/")
    due = "" if result.due is None or result.due == due_of(scene, goal) else result.due.isoformat()
    if result.start is None and result.target is None:
        return f"{text} | | | {due}" if due else text
    parts = [text, number_text(result.start, result.unit), number_text(result.target, result.unit), *([due] if due else [])]
    return " | ".join(parts)


def number_text(value: Decimal | None, unit: str) -> str:
    """A number as it reads back in one way only: `1.234` may be a thousand and more, `1.2340` may not."""
    if value is None:
        return ""
    words = f"{value:f}"
    whole, _, decimals = words.partition(".")
    decimals = decimals.rstrip("0")
    decimals += "0" if len(decimals) == 3 else ""
    words = f"{whole}.{decimals}" if decimals else whole
    return f"{words} {unit}" if unit else words


def contribution_line(one: Contribution) -> str:
    """`Legal | The contract is signed | 2026-12-01`."""
    return f"{one.team} | {one.deliverable} | {one.due.isoformat() if one.due else ''}"
