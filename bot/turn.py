"""The one door: every event becomes a decision, every decision one transaction. The only file of the core that may log."""

import logging
from collections.abc import Callable, Iterator, Sequence

from bot.apart import kept_to, moved, rests_on
from bot.decide import decide
from bot.decision import Decision, FieldErrors
from bot.events import Delivered, Event, Submitted, Ticked, Undelivered
from bot.ports import Conflict, Outcome, Store, Work
from bot.talk.voice import Phrases

log = logging.getLogger("rondo.turn")

ATTEMPTS = 12
"""How often a turn is decided again after a conflict before the event is refused (the platform will repeat it)."""


TOGETHER = 50
"""So many desks that are due, or reports, share one transaction at most: it stays well under 100 ms."""


class _Unknown(Exception):
    """The address belongs to nobody: roll back, so that nothing is written."""


class Turn:
    """Takes events. `committed` is called after every commit that may have put something into the outbox."""

    def __init__(self, store: Store, phrases: Phrases, *, committed: Callable[[], None]) -> None:
        self._store = store
        self._phrases = phrases
        self._committed = committed
        self.began: Callable[[str], None] = lambda id: None
        """Called with the id of an event that was new and is decided now: the database is ours, and an answer follows."""

    def take(self, event: Event) -> Outcome:
        """Decide one event and commit what follows. Blocking; raises Conflict after `ATTEMPTS` lost races."""
        for attempt in range(ATTEMPTS):
            try:
                outcome = self._once(event)
            except Conflict:
                if attempt == ATTEMPTS - 1:
                    raise
            else:
                if outcome.decision is not None and _may_say(event, outcome.decision):
                    self._committed()
                return outcome
        raise AssertionError("unreachable")

    def take_all(self, events: Sequence[Event]) -> list[Outcome | Exception]:
        """As `take` of one after the other, in some order; looks at desks share transactions, and so do reports of delivery.

        An event that raised has its exception in its place: it costs the others nothing but time. Each event once.
        """
        taken: dict[int, Outcome | Exception] = self._reported(events)
        desks = {one.subject: n for n, one in reversed(list(enumerate(events))) if isinstance(one, Ticked) and _is_look(one)}
        looks = [(n, one) for n, one in enumerate(events) if isinstance(one, Ticked) and desks.get(one.subject) == n]
        while len(looks) > 1:
            some = looks[:TOGETHER]
            try:
                found = self.together([tick for _, tick in some])
            except Exception as error:
                _one_by_one(error, len(some))
                del looks[:TOGETHER]
                continue
            outcomes = {n: one for (n, _), one in zip(some, found, strict=True) if one is not None}
            taken |= outcomes
            if not outcomes:  # somebody else is at all of them: the first one waits until that is over
                taken[some[0][0]] = self._alone(some[0][1])
            looks = [(n, tick) for n, tick in looks if n not in taken]
        return [taken[n] if n in taken else self._alone(event) for n, event in enumerate(events)]

    def _reported(self, events: Sequence[Event]) -> dict[int, Outcome | Exception]:
        """What became of reports, by place: those that have nothing in common together, then the others of so many by themselves.

        Reports to one person are taken in the order in which they came.
        """
        taken: dict[int, Outcome | Exception] = {}
        reports = [(n, one) for n, one in enumerate(events) if isinstance(one, Delivered | Undelivered)]
        for start in range(0, len(reports), TOGETHER) if len(reports) > 1 else ():
            some = reports[start : start + TOGETHER]
            found: Sequence[Outcome | None] = ()
            try:
                found = self.together([report for _, report in some])
            except Exception as error:
                _one_by_one(error, len(some))
            taken |= {n: one for (n, _), one in zip(some, found, strict=False) if one is not None}
            taken |= {n: self._alone(report) for n, report in some if n not in taken}
        return taken

    def _alone(self, event: Event) -> Outcome | Exception:
        try:
            return self.take(event)
        except Exception as error:
            return error

    def together(self, events: Sequence[Event]) -> list[Outcome | None]:
        """One transaction for looks at several desks, or for several reports of delivery; nothing else, and not both.

        None: to be taken later, after what was decided here or elsewhere. Raises Conflict, and whatever one of them
        raises: nothing is written then.
        """
        outcomes: list[Outcome | None] = [None] * len(events)
        decided: list[tuple[Event, Decision]] = []
        with self._store.work(several=True) as work:
            looks = [one for one in events if isinstance(one, Ticked)]
            reports = [one for one in events if isinstance(one, Delivered | Undelivered)]
            for number, decision in self._looks(work, looks) if looks else self._reports(work, reports):
                outcomes[number] = Outcome(known=True, decision=decision)
                if decision is not None:
                    decided.append((events[number], decision))
            work.apply_all(decided)
        for event, decision in decided:
            _log(event, decision)
        if any(_may_say(event, decision) for event, decision in decided):
            self._committed()
        return outcomes

    def _looks(self, work: Work, ticks: Sequence[Ticked]) -> Iterator[tuple[int, Decision | None]]:
        situations = work.looks(ticks)
        changed: set[str] | None = set()
        for number, tick in enumerate(ticks):
            if tick.subject not in situations:
                continue
            situation = situations[tick.subject]
            if situation is None:
                yield number, None
            elif changed is not None and changed.isdisjoint(rests_on(tick, situation)):
                decision = decide(tick, situation, self._phrases)
                names = moved(decision)
                changed = None if names is None else changed | names
                yield number, decision

    def _reports(self, work: Work, reports: Sequence[Delivered | Undelivered]) -> Iterator[tuple[int, Decision | None]]:
        for number, situation in work.reports(reports).items():
            if situation is None:
                yield number, None
                continue
            decision = decide(reports[number], situation, self._phrases)
            if situation.person is None or not kept_to(situation.person.id, decision):
                raise AssertionError(f"{reports[number].key} was thought to concern nobody but its recipient")
            yield number, decision

    def _once(self, event: Event) -> Outcome:
        try:
            with self._store.work() as work:
                if not work.accept(event):
                    log.info("seen", extra={"event_type": type(event).__name__, "event_id": event.id})
                    return Outcome(known=True, decision=self._still_refused(work, event))
                self.began(event.id)
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


def _one_by_one(error: Exception, count: int) -> None:
    """A lost race, or something is wrong with one of them: only by itself it shows which."""
    level = logging.INFO if isinstance(error, Conflict) else logging.WARNING
    log.log(level, "one by one", extra={"count": count, "error": type(error).__name__})


def _may_say(event: Event, decision: Decision) -> bool:
    """Whether there may be something in the outbox now. Of what arrived its sender knows without being told."""
    return not isinstance(event, Delivered | Undelivered) or bool(decision.messages or decision.edits)


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
