"""What a preview says, against what people were really sent: before, and after it was confirmed."""

from collections import Counter

import pytest

from bot.rules import backtest, registry
from bot.rules.lived import then_under
from bot.rules.relived import relive
from tests.simulated import preview_truth
from tests.simulated.preview_truth import PAST, START, founded, history_of, scene_of
from tests.simulated.town import in_memory

OFF_BY = 1
"""Nudge of a rule: one that waited for the end of the window. What the budget held, a backtest may count besides."""


@pytest.mark.parametrize("seed", [1, 2])
def test_months_lived_again_are_the_months_that_were(seed: int) -> None:
    """Under the policies as they are a backtest counts, rule by rule, what the ledger says was said."""
    with in_memory() as engine:
        town = founded(engine, seed, 30)
        town.live(START + PAST)
        past, now = history_of(engine, town.now), town.now
    then = then_under(scene_of(past, now), past, ())
    said: Counter[str] = Counter()
    held: set[tuple[str, str, str, str]] = set()
    for one in past.people:
        said.update(sent.rule for sent in one.sent if not sent.held and sent.stage not in backtest.UNASKED)
        held |= {(sent.rule, one.person.id, sent.stage, sent.subject) for sent in one.sent if sent.held == "budget"}
    assert all(
        said[name] >= 5 for name in ("checkin.prompt", "checkin.reminder", "checkin.missed", "goal.stalled", "goal.off_pace")
    )
    for rule in (one for one in registry.RULES if backtest.is_said(one)):
        again = [nudge for one in past.people for nudge in relive(then, one, rule, START)]
        number = sum(nudge.stage not in backtest.UNASKED for nudge in again)
        waited = sum(name[0] == rule.name for name in held)
        assert said[rule.name] - OFF_BY <= number <= said[rule.name] + waited + OFF_BY, (
            rule.name,
            number,
            said[rule.name],
            waited,
        )


@pytest.mark.slow
def test_what_was_foreseen_comes_true() -> None:
    """Within 10 percentage points for a rule with many nudges. A few goals that had heard of their silence already are not
    told again for a while after a threshold was raised: the first weeks are quieter than those that follow, up to 35.
    """
    print(preview_truth.HEADER)
    for truth in preview_truth.lived(1, 36):
        print(truth)
        assert truth.without, "nothing to measure"
        assert truth.predicted < 0 and truth.measured < 0
        assert abs(truth.error) <= (10 if truth.without >= 100 else 35), truth
