"""The one door: every event becomes a decision, every decision one transaction. The only file of the core that may log."""

import logging
from collections.abc import Callable, Sequence

from bot.apart import moved, rests_on
from bot.decide import decide
from bot.decision import Decision, FieldErrors
from bot.events import Event, Submitted, Ticked
from bot.ports import Conflict, Outcome, Store, Work
from bot.talk.voice import Phrases

log = logging.getLogger("rondo.turn")

ATTEMPTS = 12
"""How often a turn is decided again after a conflict before the event is refused (the platform will repeat it)."""


TOGETHER = 50
"""So many desks that are due are looked at in one transaction at most: it stays well under 100 ms."""


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

    def take_all(self, events: Sequence[Event]) -> list[Outcome | Exception]:
        """As `take` of one after the other, in some order; looks at desks share transactions.

        An event that raised has its exception in its place: it costs the others nothing but time. Each event once.
        """
        taken: dict[int, Outcome | Exception] = {}
        desks = {one.subject: n for n, one in reversed(list(enumerate(events))) if isinstance(one, Ticked) and _is_look(one)}
        looks = [(n, one) for n, one in enumerate(events) if isinstance(one, Ticked) and desks.get(one.subject) == n]
        while len(looks) > 1:
            some = looks[:TOGETHER]
            try:
                found = self.together([tick for _, tick in some])
            except Exception as error:
                # A lost race, or something is wrong with one of them: only by itself it shows which.
                level = logging.INFO if isinstance(error, Conflict) else logging.WARNING
                log.log(level, "one by one", extra={"looks": len(some), "error": type(error).__name__})
                del looks[:TOGETHER]
                continue
            outcomes = {n: one for (n, _), one in zip(some, found, strict=True) if one is not None}
            taken |= outcomes
            if not outcomes:  # somebody else is at all of them: the first one waits until that is over
                taken[some[0][0]] = self._alone(some[0][1])
            looks = [(n, tick) for n, tick in looks if n not in taken]
        return [taken[n] if n in taken else self._alone(event) for n, event in enumerate(events)]

    def _alone(self, event: Event) -> Outcome | Exception:
        try:
            return self.take(event)
        except Exception as error:
            return error

    def together(self, ticks: Sequence[Ticked]) -> list[Outcome | None]:
        """One transaction for looks at several desks. None: to be taken later, after what was decided here or elsewhere.

        Raises Conflict, and whatever one of them raises: nothing is written then.
        """
        outcomes: list[Outcome | None] = [None] * len(ticks)
        decided: list[tuple[Ticked, Decision]] = []
        with self._store.work() as work:
            situations = work.looks(ticks)
            changed: set[str] | None = set()
            for number, tick in enumerate(ticks):
                if tick.subject not in situations:
                    continue
                situation = situations[tick.subject]
                if situation is None:
                    outcomes[number] = Outcome(known=True, decision=None)
                elif changed is not None and changed.isdisjoint(rests_on(tick, situation)):
                    decision = decide(tick, situation, self._phrases)
                    names = moved(decision)
                    changed = None if names is None else changed | names
                    decided.append((tick, decision))
                    outcomes[number] = Outcome(known=True, decision=decision)
            work.apply_all(decided)
        for tick, decision in decided:
            _log(tick, decision)
        if decided:
            self._committed()
        return outcomes

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
        _log(event, decision)
        return Outcome(known=True, decision=decision)

    def _still_refused(self, work: Work, event: Event) -> Decision | None:
        """A refused form sent again unchanged is the same event: its errors are said again, and nothing is written."""
        if not isinstance(event, Submitted) or (situation := work.situation(event)) is None:
            return None
        reply = decide(event, situation, self._phrases).reply
        return Decision(reply=reply) if isinstance(reply, FieldErrors) else None


def _is_look(tick: Ticked) -> bool:
    return tick.subject.startswith("desk:")


def _log(event: Event, decision: Decision) -> None:
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
