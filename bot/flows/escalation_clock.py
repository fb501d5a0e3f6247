"""When an escalation is looked at: its clocks in the holder's working time, and what waits while HR paused Rondo."""

from datetime import datetime, time, timedelta

from bot.decision import Decision, Look
from bot.model import Escalation, EscalationState, Person
from bot.rules import policy
from bot.rules.escalation_states import stranded_at
from bot.rules.policy import read_span
from bot.rules.worktime import Span, Unit, localize
from bot.scene import Scene

AGAIN = (5, 10, 20)
"""Working days after which the last holder is asked again: a week, in which a conflict of dates sorts itself out; then ever
more rarely, because what two cards did not bring about a third one a day later will not either.
"""
LAST = 5
"""So many working days after the last asking it ends unanswered: the last card gets a whole week as well."""


def next_looks(scene: Scene, escalation: Escalation, holder: Person) -> tuple[Look, ...]:
    """The next polite instant at which its clock has run out, and at least daily: a holder's sudden leave is noticed."""
    calendar = scene.calendar(holder)
    at = deadline_of(scene, escalation, holder)
    polite = calendar.next_polite(max(at, scene.now)) if at is not None else None
    tomorrow = scene.now + timedelta(days=1)
    return (Look(subject=f"escalation:{escalation.id}", at=min(polite or tomorrow, tomorrow), zone=calendar.zone.key),)


def deadline_of(scene: Scene, escalation: Escalation, holder: Person) -> datetime | None:
    """When the running clock ends; after a pause it starts afresh, so that nothing comes in a heap. None: it does not run."""
    acknowledged = escalation.state is EscalationState.ACKNOWLEDGED
    began = escalation.acknowledged_at if acknowledged else escalation.shown_at
    within = read_span(escalation.decide_within if acknowledged else escalation.acknowledge_within)
    stranded = stranded_at(escalation)
    if stranded is not None:
        began, within = stranded, Span(amount=(*AGAIN, LAST)[min(escalation.waits, len(AGAIN))], unit=Unit.DAYS)
    if began is None:
        return None
    if stranded is None:
        began = escalation.reminded_at or began
    resumed = policy.resumed_at(scene.situation.policies, policy.scopes_of(holder))
    return scene.calendar(holder).add(max(one for one in (began, resumed) if one is not None), within)


def is_paused(scene: Scene, person: Person) -> bool:
    """HR paused what Rondo starts toward a person; what people do themselves goes on."""
    return policy.pause_over(scene.situation.policies, policy.scopes_of(person)) is not None


def held(scene: Scene, escalation: Escalation, person: Person, rule: str) -> Decision:
    """What would be said now waits for the end of a pause: looked at again on the person's next working day."""
    calendar = scene.calendar(person)
    tomorrow = localize(calendar.local(scene.now).date() + timedelta(days=1), time(0), calendar.zone)
    at = calendar.next_polite(tomorrow) or scene.now + timedelta(days=1)
    subject = f"escalation:{escalation.id}"
    entry = scene.entry(f"nudge:{rule}:held", subject, rule=rule, policy=escalation.policy, outcome="paused", to=person.email)
    return Decision(entries=(entry,), looks=(Look(subject=subject, at=at, zone=calendar.zone.key),))
