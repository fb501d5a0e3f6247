"""The one door: every event becomes a decision, every decision one transaction. The only file of the core that may log."""

import logging
from collections.abc import Callable

from bot.decide import decide
from bot.decision import Decision, FieldErrors
from bot.events import Event, Submitted
from bot.ports import Conflict, Outcome, Store, Work
from bot.talk.voice import Phrases

log = logging.getLogger("rondo.turn")

ATTEMPTS = 12
"""How often a turn is decided again after a conflict before the event is refused (the platform will repeat it)."""


class _Unknown(Exception):
    """The address belongs to nobody: roll back, so that nothing is written."""


class Turn:
    """Takes events. `committed` is called after every commit that may have put something into the outbox."""

    def __init__(self, store: Store, phrases: Phrases, *, committed: Callable[[], None]) -> None:
        self._store = store
        self._phrases = phrases
        self._committed = committed

    def take(self, event: Event) -> Outcome:
        """Decide one event and commit what follows. Blocking; raises Conflict after `ATTEMPTS` lost races."""
        for attempt in range(ATTEMPTS):
            try:
                outcome = self._once(event)
            except Conflict:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                if outcome.decision is not None:
                    self._committed()
                return outcome
        raise AssertionError("unreachable")

    def _once(self, event: Event) -> Outcome:
        try:
            with self._store.work() as work:
                if not work.accept(event):
                    log.info("seen", extra={"event_type": type(event).__name__, "event_id": event.id})
                    return Outcome(known=True, decision=self._still_refused(work, event))
                situation = work.situation(event)
                if situation is None:
                    raise _Unknown
                decision = decide(event, situation, self._phrases)
                work.apply(event, decision)
        except _Unknown:
            return Outcome(known=False, decision=None)
        log.info(
            "turn",
            extra={
                "event_type": type(event).__name__,
                "event_id": event.id,
                "messages": len(decision.messages),
                "edits": len(decision.edits),
                "entries": [entry.name for entry in decision.entries],
            },
        )
        return Outcome(known=True, decision=decision)

    def _still_refused(self, work: Work, event: Event) -> Decision | None:
        """A refused form sent again unchanged is the same event: its errors are said again, and nothing is written."""
        if not isinstance(event, Submitted) or (situation := work.situation(event)) is None:
            return None
        reply = decide(event, situation, self._phrases).reply
        return Decision(reply=reply) if isinstance(reply, FieldErrors) else None
