"""The escalation as a state machine: a table, and the one function through which every change of a state goes.

docs/escalation.md draws its diagram from the table. Besides, what follows from the steps that were taken.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from bot.model import OVER, Escalation, Logged, Shown
from bot.model import EscalationState as State
from bot.model import EscalationStep as Step

GIVEN = (Step.CLIMBED, Step.COVERED, Step.HANDED_OVER, Step.ASKED_AGAIN)
"""Steps after which somebody is asked afresh, and their clocks begin anew."""

TABLE: Mapping[tuple[State | None, Step], State] = {
    (None, Step.OPENED): State.OPEN,
    (State.OPEN, Step.SHOWN): State.OPEN,
    (State.OPEN, Step.ACKNOWLEDGED): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Step.TALK_FIRST): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Step.REMINDED): State.ACKNOWLEDGED,
    **{(state, step): State.OPEN for state in (State.OPEN, State.ACKNOWLEDGED) for step in GIVEN},
    (State.OPEN, Step.STRANDED): State.OPEN,
    (State.ACKNOWLEDGED, Step.STRANDED): State.ACKNOWLEDGED,
    **{(state, Step.DECIDED): State.DECIDED for state in (State.OPEN, State.ACKNOWLEDGED)},
    **{(state, Step.WITHDRAWN): State.WITHDRAWN for state in (State.OPEN, State.ACKNOWLEDGED)},
    **{(state, Step.UNANSWERED): State.UNANSWERED for state in (State.OPEN, State.ACKNOWLEDGED, State.DECIDED)},
    (State.DECIDED, Step.FOLLOWED): State.DECIDED,
    (State.DECIDED, Step.REOPENED): State.OPEN,
}
"""State before (None: not there yet) and step: state after. What does not stand here does not happen."""

STAMP = "%Y%m%dT%H%M%S"
"""How the key of a card ends: the instant it was decided at."""

BUNDLE = "decisions:"
"""So begins the key of a message in which several requests for a decision stand; `bot.flows.decisions` draws it."""


class NotAStep(ValueError):
    """The table does not have this step from this state."""


def stepped(
    escalation: Escalation, taken: Step, /, *, at: datetime, who: str = "", facts: Mapping[str, str] | None = None, **changes: Any
) -> Escalation:
    """The escalation after a step, with other `changes` of its fields. Raises NotAStep for a step the table does not have."""
    before = escalation.state if escalation.log or escalation.holder_id else None
    after = TABLE.get((before, taken))
    if after is None:
        raise NotAStep(f"{escalation.id}: no step {taken} from {before or 'nothing'}")
    known = Logged(at=at, step=taken, who=who, facts=facts or {})
    if taken in GIVEN or taken in (Step.OPENED, Step.REOPENED):
        changes = {"shown_at": None, "acknowledged_at": None, "reminded_at": None, "holder_id": who, **changes}
    return replace(escalation, state=after, log=(*steps_of(escalation), known), **changes)


def steps_of(escalation: Escalation) -> tuple[Logged, ...]:
    """Every step, oldest first; of one that is older than the log, what its fields tell."""
    if escalation.log or not escalation.holder_id:
        return escalation.log
    first = escalation.cards[0].person_id if escalation.cards else escalation.holder_id
    steps = [Logged(at=escalation.opened_at, step=Step.OPENED, who=first)]
    for before, card in pairwise(escalation.cards):
        if before.person_id != card.person_id:
            steps.append(Logged(at=shown_on(card) or escalation.opened_at, step=Step.CLIMBED, who=card.person_id))
    if escalation.acknowledged_at is not None:
        steps.append(Logged(at=escalation.acknowledged_at, step=Step.ACKNOWLEDGED, who=escalation.holder_id))
    if escalation.decided_at is not None and escalation.choice is not None:
        facts = {"choice": escalation.choice.value, "note": escalation.note}
        facts |= {"due": escalation.due.isoformat()} if escalation.due is not None else {}
        steps.append(Logged(at=escalation.decided_at, step=Step.DECIDED, who=escalation.decided_by, facts=facts))
    return tuple(steps)


def over_at(escalation: Escalation) -> datetime | None:
    """When it was decided, or ended without a decision. None: somebody is still asked."""
    ends = (one.at for one in reversed(steps_of(escalation)) if one.step in (Step.DECIDED, Step.WITHDRAWN, Step.UNANSWERED))
    return next(ends, escalation.decided_at) if escalation.state in OVER else None


def given(escalation: Escalation) -> Logged | None:
    """The step with which its holder got it, or was asked afresh."""
    asked = (*GIVEN, Step.OPENED, Step.REOPENED)
    return next((one for one in reversed(steps_of(escalation)) if one.step in asked), None)


def stranded_at(escalation: Escalation) -> datetime | None:
    """Since when it waits at the ladder's end, or since the last holder was asked again; None: its clocks run as usual.

    A holder who puts it on their next 1:1 meanwhile is left alone as long once more.
    """
    talked: datetime | None = None
    for one in reversed(steps_of(escalation)):
        if one.step in (Step.STRANDED, Step.ASKED_AGAIN):
            return talked or one.at
        if one.step is Step.TALK_FIRST:
            talked = talked or one.at
        elif one.step is not Step.SHOWN:
            return None
    return None


def shown_on(card: Shown) -> datetime | None:
    """When a card was decided: its key ends with that. None: it does not."""
    try:
        return datetime.strptime(card.key.rpartition(":")[2], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_bundle(key: str) -> bool:
    """Other requests stand in the message as well: only its reader's own look can draw it."""
    return key.startswith(BUNDLE)


def cards_now(escalation: Escalation) -> tuple[Shown, ...]:
    """The holder's cards since they were asked, oldest first."""
    asked = given(escalation)
    since = asked.at.replace(microsecond=0) if asked is not None else escalation.opened_at
    mine = ((card, shown_on(card)) for card in escalation.cards if card.person_id == escalation.holder_id)
    return tuple(card for card, at in mine if at is not None and at >= since)


def is_current(escalation: Escalation, key: str) -> bool:
    """The holder acts on it from this card: their newest one that is about it alone, or the newest bundle it stands in."""
    keys = [card.key for card in cards_now(escalation)]
    alone, bundles = [one for one in keys if not is_bundle(one)], [one for one in keys if is_bundle(one)]
    return key in (*alone[-1:], *bundles[-1:])
