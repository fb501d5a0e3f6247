"""Judges requests for a decision: opened after the owner was asked, one holder at a time, only ever up, decided by the holder."""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.decision import Decision
from bot.events import ByPerson, Event, Introduced
from bot.model import OVER, Escalation, EscalationState, EscalationStep
from bot.rules.escalation_states import STAMP

if TYPE_CHECKING:
    from adapters.simulate.judge import Judge, Said

GIVEN = (
    EscalationStep.OPENED, EscalationStep.CLIMBED, EscalationStep.COVERED, EscalationStep.HANDED_OVER, EscalationStep.REOPENED,
)  # fmt: skip
"""Steps with which somebody begins to hold it."""


class LadderJudge:
    """`person_at`: whose account an address is."""

    def __init__(self, judge: "Judge") -> None:
        self.judge = judge
        self.person_at: dict[tuple[str, str], str] = {}
        self.failed: set[str] = set()  # messages that will not arrive

    def breaks(self, one: Escalation, words: str) -> None:
        self.judge.breaks("ladder", f"escalation:{one.id}", words)

    def step(self, event: Event, decision: Decision) -> None:
        """One decision, before it is true."""
        last = {change.id: change for change in decision.changes if isinstance(change, Escalation)}
        for change in last.values():
            before = self.judge.known.escalations.get(change.id)
            if before is None:
                self._opened(change)
            else:
                self._moved(event, before, change)
            if change.state not in OVER and (not change.holder_id or change.holder_id == change.owner_id):
                self.breaks(change, f"is held by {change.holder_id or 'nobody'}")

    def _opened(self, change: Escalation) -> None:
        known = self.judge.known.escalations.values()
        if any(one.goal_id == change.goal_id and one.state not in OVER for one in known):
            self.breaks(change, "is the second open request about one goal")
        if not any(said.to == change.owner_id and said.posted_at for said in self.judge.said.values()):
            self.breaks(change, "is opened before anything reached the owner")
        self.judge.counts["escalations"] += 1

    def _moved(self, event: Event, before: Escalation, change: Escalation) -> None:
        steps = before.log
        if change.log[: len(steps)] != steps:
            self.breaks(change, "lost a step")
            return
        if change.step < before.step:
            self.breaks(change, f"goes down from step {before.step} to {change.step}")
        if change.state is not before.state and change.state in (EscalationState.ACKNOWLEDGED, EscalationState.DECIDED):
            by = event.by if isinstance(event, ByPerson) else None
            actor = self.person_at.get((by.platform.value, by.user)) if by is not None else None
            if actor is not None and actor != before.holder_id:
                self.breaks(change, f"is {change.state.value} by somebody who does not hold it")
        added = [one.step for one in change.log[len(steps) :]]
        if before.state in OVER and EscalationStep.CLIMBED in added:
            self.breaks(change, f"is {before.state.value} and climbs")
        if self._is_there(before.holder_id) and not self._by(event):
            if EscalationStep.CLIMBED in added:
                self._climbed(before, change)
            if EscalationStep.CLIMBED in added or EscalationStep.REMINDED in added:
                self._silent(before, change)

    @staticmethod
    def _by(event: Event) -> bool:
        return isinstance(event, ByPerson) and not isinstance(event, Introduced)

    def _is_there(self, person_id: str) -> bool:
        if person_id not in self.judge.known.people:
            return False
        days, now = self.judge.known.days(person_id), self.judge.real()
        today, last = days.day(now), days.person.end_date
        if not days.there(today) or last is None:
            return days.there(today)
        left = (days.window(today + timedelta(days=number)) for number in range((last - today).days + 1))
        now += self.judge.tolerance
        return any(window is not None and now < window[1] for window in left)  # nothing but leave to come: gone for good

    def _climbed(self, before: Escalation, change: Escalation) -> None:
        """From a holder who is there: they were asked, and reminded where they had said they would decide."""
        cards = [card.key for card in before.cards if card.person_id == before.holder_id]
        if not any(self.judge.copies[key] or key in self.failed or self.judge.doubted_keys[key] for key in cards):
            self.breaks(change, "climbs past somebody who was never asked")
        since = [one.step for one in before.log]
        at = max((place for place, step in enumerate(since) if step in GIVEN), default=0)
        if before.state is EscalationState.ACKNOWLEDGED and EscalationStep.REMINDED not in since[at:]:
            self.breaks(change, "climbs past somebody who said they would decide, without a reminder")

    def _silent(self, before: Escalation, change: Escalation) -> None:
        """Its holder had the working days they were promised: to take it, or to decide once they took it."""
        asked = {card.key.rpartition(":")[2] for card in before.cards}  # when; a reminder that never arrived began nothing
        reminded = [one.at for one in before.log if one.step is EscalationStep.REMINDED and f"{one.at:{STAMP}}" in asked]
        acted = sorted([one.at for one in before.log if one.step is EscalationStep.ACKNOWLEDGED] + reminded)
        acknowledged = before.state is EscalationState.ACKNOWLEDGED and bool(acted)
        within = before.decide_within if acknowledged else before.acknowledge_within
        began = acted[-1] if acknowledged else before.shown_at
        if began is None or not within.endswith("d") or within.endswith("cd"):
            return
        days, now = self.judge.known.days(before.holder_id), self.judge.real()
        since, until = days.day(began), days.day(now + self.judge.tolerance)
        worked = sum(days.works(since + timedelta(days=number)) for number in range(1, (until - since).days + 1))
        if worked < int(within[:-1]):
            what = "decide" if acknowledged else "take it"
            self.breaks(change, f"moves on after {worked} working days, {within} were promised to {what}")

    def posted(self, said: "Said") -> None:
        """The holder's card goes to the holder."""
        if not said.rule.startswith("escalation.") and said.rule != "goal.commitment_at_risk":
            return
        for subject in said.subjects:
            found = self.judge.known.escalations.get(subject.removeprefix("escalation:"))
            if found is None or said.key.startswith("decisions:") or said.to == found.owner_id:
                continue
            shown = {card.person_id for card in found.cards if card.key == said.key}
            if shown and said.to not in shown:
                self.breaks(found, f"is shown to somebody who never held it: {said.key}")
