"""The page says what the machine does, and the machine's table is sound."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model import OVER, Escalation, EscalationState, EscalationStep
from bot.rules.escalation_states import TABLE, NotAStep, stepped, steps_of
from tests.machine.page import MEANING, PAGE, page

NOW = datetime(2026, 11, 26, 10, tzinfo=UTC)
BOT = Path(__file__).parents[2] / "bot"
REASON = {EscalationState.DECIDED: "decided", EscalationState.WITHDRAWN: "withdrawn", EscalationState.UNANSWERED: "unanswered"}


def request(state: EscalationState | None) -> Escalation:
    """One that came into this state on a shortest way."""
    new = Escalation(id="e", goal_id="O1", owner_id="max", opened_at=NOW, ladder=("dana",))
    if state is None:
        return new
    known = stepped(new, EscalationStep.OPENED, at=NOW, who="dana")
    ways = {EscalationState.OPEN: None, EscalationState.ACKNOWLEDGED: EscalationStep.ACKNOWLEDGED}
    step = ways[state] if state in ways else EscalationStep(REASON[state])
    return known if step is None else stepped(known, step, at=NOW, who="dana")


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make docs"


def test_every_step_and_every_state_stands_in_the_table_and_is_explained() -> None:
    assert {step for _, step in TABLE} == set(EscalationStep) == MEANING.keys()
    assert set(TABLE.values()) == set(EscalationState)


@pytest.mark.parametrize("step", EscalationStep)
@pytest.mark.parametrize("state", [None, *EscalationState], ids=str)
def test_what_the_table_does_not_have_is_refused(state: EscalationState | None, step: EscalationStep) -> None:
    before = request(state)
    if (state, step) not in TABLE:
        with pytest.raises(NotAStep, match=step.value):
            stepped(before, step, at=NOW, who="tom")
        return
    after = stepped(before, step, at=NOW, who="tom")
    assert after.state is TABLE[state, step]
    assert after.log == (*before.log, steps_of(after)[-1])
    assert (after.log[-1].step, after.log[-1].who) == (step, "tom")


def test_every_state_can_still_end_and_what_is_over_stays_so() -> None:
    reach = {state: {after for (before, _), after in TABLE.items() if before is state} for state in EscalationState}
    for state in EscalationState:
        if state not in OVER:
            assert reach[state] >= OVER
    assert not reach[EscalationState.WITHDRAWN] and not reach[EscalationState.UNANSWERED]
    assert reach[EscalationState.DECIDED] == {EscalationState.DECIDED, EscalationState.OPEN, EscalationState.UNANSWERED}


def test_no_state_is_set_beside_the_one_function() -> None:
    """`state=EscalationState.…` stands nowhere else; only a look back at other thresholds replays a past without steps."""
    found = [path.name for path in sorted(BOT.rglob("*.py")) if sets_a_state(path.read_text(encoding="utf-8"))]
    assert found == ["lived.py"]
    assert sets_a_state("replace(one, state=EscalationState.OPEN)")


def sets_a_state(source: str) -> bool:
    return any(
        isinstance(node, ast.keyword) and node.arg == "state" and "EscalationState" in ast.dump(node.value)
        for node in ast.walk(ast.parse(source))
    )


def test_one_that_is_older_than_the_log_still_has_its_steps() -> None:
    old = Escalation(
        id="e", goal_id="O1", owner_id="max", opened_at=NOW, ladder=("dana",), holder_id="dana", acknowledged_at=NOW,
        state=EscalationState.ACKNOWLEDGED,
    )  # fmt: skip
    assert [one.step for one in steps_of(old)] == [EscalationStep.OPENED, EscalationStep.ACKNOWLEDGED]
    decided = stepped(old, EscalationStep.DECIDED, at=NOW, who="dana")
    assert [one.step for one in decided.log] == [EscalationStep.OPENED, EscalationStep.ACKNOWLEDGED, EscalationStep.DECIDED]
