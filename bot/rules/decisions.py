"""Requests for a decision that wait for the desk's owner: which they have not seen yet, and how each one stands for them."""

from bot.model import OVER, Escalation, EscalationState
from bot.rules.escalated import AT_RISK
from bot.rules.escalation_states import BUNDLE, cards_now, is_current
from bot.rules.worktime import Span, Unit
from bot.scene import Scene

STAGE = "decision"
"""Under this stage it is remembered (`Nudged`, rule `goal.commitment_at_risk`) in which bundle or digest a request stands."""

RULE = AT_RISK.rule

REST = Span(amount=1, unit=Unit.DAYS)
"""A request whose card came so lately does not make a digest by itself: that would say it twice in one breath."""


def unseen(scene: Scene) -> tuple[Escalation, ...]:
    """Held by the desk's owner, and on no card of theirs since they hold it; longest waiting first."""
    return tuple(one for one in scene.situation.held if one.state is EscalationState.OPEN and not cards_now(one))


def rested(scene: Scene) -> bool:
    """A request has waited for a working day or more since it was seen or acknowledged."""
    calendar = scene.calendar(scene.person)
    known = (one.acknowledged_at or one.shown_at for one in scene.situation.held)
    ripe = (calendar.add(at, REST) for at in known if at is not None)
    return any(at is not None and at <= scene.now for at in ripe)


def is_live(escalation: Escalation, holder_id: str, key: str) -> bool:
    """It can be decided from the message under `key`: nobody decided it, and that is the newest one of its holder's."""
    return escalation.state not in OVER and escalation.holder_id == holder_id and is_current(escalation, key)


def stands(escalation: Escalation, *, listed: bool) -> str:
    """How a request stands, as one word: where it changes, every message that names it is drawn anew.

    `listed`: it is on the list for the next 1:1.
    """
    talk = "+talk" if listed else ""
    bundles = sum(card.key.startswith(BUNDLE) for card in escalation.cards)
    asked = f"{escalation.reopened}.{escalation.waits}"
    return f"{escalation.state}{talk}@{escalation.holder_id}#{bundles}.{asked}"


def named_in(subjects: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the requests among a message's subjects."""
    return tuple(one.removeprefix("escalation:") for one in subjects if one.startswith("escalation:"))


__all__ = ["BUNDLE", "REST", "RULE", "STAGE", "is_live", "named_in", "rested", "stands", "unseen"]
