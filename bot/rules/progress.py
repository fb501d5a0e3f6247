"""How far a key result and a goal have come. A percentage of it is never shown without the goal's type (PRODUCT.md section 3)."""

from decimal import Decimal

from bot.model import Goal, KeyResult

ALL = Decimal(1)


def progress(result: KeyResult, value: Decimal) -> Decimal | None:
    """How much of the way from start to target a value is; may lie below 0 or above 1. None without both ends."""
    if result.start is None or result.target is None or result.start == result.target:
        return None
    return (value - result.start) / (result.target - result.start)


def is_reached(result: KeyResult) -> bool:
    """Its current value is at or beyond the target; without a baseline: exactly at it."""
    if result.current is None or result.target is None:
        return False
    way = progress(result, result.current)
    return result.current == result.target if way is None else way >= ALL


def mean_progress(goal: Goal) -> Decimal | None:
    """The mean over the key results that have start, target and current, each between 0 and 1. None: no such key result."""
    ways = [progress(result, result.current) for result in goal.key_results if result.current is not None]
    known = [min(max(way, Decimal(0)), ALL) for way in ways if way is not None]
    return sum(known, Decimal(0)) / len(known) if known else None
