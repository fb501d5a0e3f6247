"""What is due in a company at play, and a turn that notes what it took in one transaction."""

from collections.abc import Sequence

from bot.events import Event, Ticked
from bot.ports import Outcome
from bot.turn import Turn
from tests.play.company import PHRASES, Play


class Noted(Turn):
    """Remembers in which order events were decided, and how many of them together."""

    def __init__(self, play: Play) -> None:
        super().__init__(play.store, PHRASES, committed=lambda: None)
        self.order: list[Event] = []
        self.together_at_once: list[int] = []

    def take(self, event: Event) -> Outcome:
        self.order.append(event)
        return super().take(event)

    def together(self, events: Sequence[Event]) -> list[Outcome | None]:
        outcomes = super().together(events)
        self.order += (event for event, outcome in zip(events, outcomes, strict=True) if outcome is not None)
        self.together_at_once.append(sum(outcome is not None for outcome in outcomes))
        return outcomes


def ticks_of(play: Play, limit: int = 500) -> list[Event]:
    """What is due, claimed."""
    return [
        Ticked(id=f"tick:{row.subject}:{row.fence}", at=play.now, subject=row.subject, due=row.due, fence=row.fence)
        for row in play.agenda.claim_due(play.now, limit=limit)
    ]
