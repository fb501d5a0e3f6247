"""What a flow has in its hands: the event, the situation, and shorthands for whose time, words and thresholds count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.decision import NOTHING, Decision, Edit, Entry, Lane, Look, Message
from bot.events import Event
from bot.model import (
    Channel,
    CheckIn,
    Duty,
    Escalation,
    Goal,
    GoalKind,
    GoalState,
    Kpi,
    Nudged,
    Person,
    PolicyChange,
    Told,
)
from bot.rules import policy
from bot.rules.cycles import cycle_of
from bot.rules.people import calendar_in, locale_of, zone_of
from bot.rules.threshold import Threshold
from bot.rules.worktime import Calendar
from bot.situation import Situation
from bot.talk.cards import Card, Element, Paragraph
from bot.talk.voice import Arg, Phrases, Voice

Value = TypeVar("Value", Goal, Escalation, Duty, Kpi)
Found = TypeVar("Found")

KPO_DAYS = 120
"""So long after a new hire's first day their performance objectives are active: the last review is on day 90."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One event in one situation."""

    event: Event
    situation: Situation
    phrases: Phrases
    _known: dict[tuple[str, str], tuple[object, Any]] = field(default_factory=dict, compare=False, repr=False, kw_only=True)
    """What was worked out before: rules ask for the same calendars and thresholds dozens of times. See `_once`."""

    @property
    def now(self) -> datetime:
        """The instant everything is decided at."""
        return self.situation.now

    @property
    def person(self) -> Person:
        """Whose desk it is. The dispatch in `bot.decide` has made sure that there is one."""
        if self.situation.person is None:
            raise LookupError("this event has no desk")
        return self.situation.person

    @property
    def actor(self) -> Person:
        """Who acted; the desk's owner where nobody did."""
        return self.situation.actor or self.person

    @property
    def company_policy(self) -> int:
        """The newest policy version."""
        return max((change.version for change in self.situation.policies), default=0)

    def voice(self, person: Person) -> Voice:
        """The language of a person."""
        return self.phrases[locale_of(person, self.situation.company)]

    def calendar(self, person: Person) -> Calendar:
        """The working time of a person."""
        return self._once("calendar", person.id, person, lambda: calendar_in(self.situation, person))

    def setting(self, person: Person, threshold: Threshold) -> policy.Setting:
        """The value of a threshold in force for a person."""
        if not self.situation.policies:
            return policy.default_of(threshold)
        relevant = self._about
        return self._once(
            threshold.full_name, person.id, person, lambda: policy.for_person(relevant(threshold), person, threshold)
        )

    def _about(self, threshold: Threshold) -> tuple[PolicyChange, ...]:
        """The versions that may matter for a threshold."""
        everything = self.situation.policies
        return tuple(change for change in everything if change.threshold in policy.names_of(threshold)) if everything else ()

    def _once(self, what: str, name: str, about: object, work_out: Callable[[], Found]) -> Found:
        """What `work_out` gives: it depends on nothing but `about` (this very object, called `name`), people, policies, now."""
        known = self._known.get((what, name))
        if known is None or known[0] is not about:
            known = self._known[what, name] = (about, work_out())
        found: Found = known[1]
        return found

    def nudged(self, rule: str, stage: str, subject: str, *, recipient: str = "") -> Nudged | None:
        """What is known of saying a rule about a subject to somebody (by default the desk's owner)."""
        rows = self.situation.nudged
        by_name = self._once("nudged", "", rows, lambda: {_saying(row): row for row in reversed(rows)})
        return by_name.get((recipient or self.person.id, rule, stage, subject))

    def moment(self, instant: datetime, person: Person) -> str:
        """An instant as a person reads it: their language, their zone."""
        return self.voice(person).moment(instant, zone_of(person, self.situation.company))

    def name(self, person_id: str) -> str:
        """A person's name; empty where the situation does not hold them."""
        found = self.situation.people.get(person_id)
        return found.name if found else ""

    def active_goals(self) -> tuple[Goal, ...]:
        """The desk's goals of the current cycle (a goal is active in its cycle, INTERFACES)."""
        me, goals = self.person.id, self.situation.goals
        return self._once("active", "", goals, lambda: tuple(one for one in goals if one.owner_id == me and self.is_active(one)))

    def is_active(self, goal: Goal) -> bool:
        """It was approved and not closed, and its cycle is the one that runs today where the desk's owner is.

        A new hire's performance objective does not end with a cycle: it is active until the last review is over.
        """
        return goal.state is GoalState.ACTIVE and self._runs(goal, self.now)

    def active_goals_at(self, instant: datetime) -> tuple[Goal, ...]:
        """The desk's goals that will be active at a later instant, as things stand: a cycle may begin in between."""
        me, active = self.person.id, GoalState.ACTIVE
        return tuple(
            one for one in self.situation.goals if one.owner_id == me and one.state is active and self._runs(one, instant)
        )

    def _runs(self, goal: Goal, instant: datetime) -> bool:
        day = instant.astimezone(zone_of(self.person, self.situation.company)).date()
        owner = self.situation.people.get(goal.owner_id)
        if goal.kind is GoalKind.KPO and owner is not None and owner.start_date is not None:
            return day <= owner.start_date + timedelta(days=KPO_DAYS)
        return goal.cycle == cycle_of(day, self.situation.company.fiscal_month)

    def days_since(self, instant: datetime, person: Person) -> int:
        """Whole local days between an instant and now, as a person counts them."""
        zone = zone_of(person, self.situation.company)
        return (self.now.astimezone(zone).date() - instant.astimezone(zone).date()).days

    def expiry(self, person: Person) -> datetime:
        """When a nudge decided now is too late to be polite: the end of the person's working day."""
        calendar = self.calendar(person)
        window = calendar.polite_window(calendar.local(self.now).date())
        return window[1] if window is not None and window[1] > self.now else self.now + timedelta(hours=1)

    def look(self, at: datetime | None, *, sooner: bool = False, person: Person | None = None) -> Look:
        """Look at a person's desk (by default the scene's) at `at`."""
        who = person or self.person
        return Look(subject=f"desk:{who.id}", at=at, zone=zone_of(who, self.situation.company).key, sooner=sooner)

    def reply(self, *elements: Element, summary: str, key: str = "") -> Decision:
        """A message that answers what the actor just did."""
        message = Message(
            key=key or f"reply:{self.event.id}",
            to=self.actor.id,
            card=Card(summary=summary, elements=elements),
            lane=Lane.REPLY,
        )
        return Decision(messages=(message,))

    def tell(self, phrase: str, /, **args: Arg) -> Decision:
        """A short reply: one phrase, which is also its summary."""
        voice = self.voice(self.actor)
        return self.reply(Paragraph(text=voice.text(phrase, **args)), summary=voice.line(phrase, **args))

    def entry(self, name: str, subject: str, *, rule: str = "", policy: int = 0, outcome: str = "", **facts: str) -> Entry:
        """A ledger entry about the desk's owner."""
        owner = self.situation.person
        return Entry(
            name=name,
            subject=subject,
            person=owner.id if owner else "",
            rule=rule,
            policy=policy,
            facts=facts,
            outcome=outcome,
        )

    def after(self, decision: Decision) -> "Scene":
        """The scene as it will be once `decision` is true."""
        if decision is NOTHING:
            return self
        known = self._known.get(("after", ""))
        if known is None or known[1][0] is not self.situation or known[0] is not decision:
            known = self._known["after", ""] = (decision, (self.situation, self._after(decision)))
        found: Scene = known[1][1]
        return found

    def _after(self, decision: Decision) -> "Scene":
        before = self.situation
        now: dict[str, Any] = {}  # by field of the situation

        def known(name: str) -> Any:
            return now[name] if name in now else getattr(before, name)

        said: dict[tuple[str, ...], Nudged] = {}  # a digest may say a thousand things at once
        for change in decision.changes:
            match change:
                case Person():
                    now["people"] = {**known("people"), change.id: change}
                    for role in ("person", "actor"):
                        who = known(role)
                        now[role] = change if who and who.id == change.id else who
                case Goal():
                    now["goals"] = _put(known("goals"), change)
                    now["reports_goals"] = tuple(change if goal.id == change.id else goal for goal in known("reports_goals"))
                case CheckIn():
                    others = tuple(checkin for checkin in known("checkins") if checkin.period != change.period)
                    now["checkins"] = tuple(sorted((*others, change), key=lambda checkin: checkin.period, reverse=True))
                case Escalation():
                    now["held"] = tuple(change if one.id == change.id else one for one in known("held"))
                    now["told_of"] = tuple(change if one.id == change.id else one for one in known("told_of"))
                    elsewhere = any(one.id == change.id for one in (*now["held"], *now["told_of"]))  # about another's goal
                    now["escalations"] = known("escalations") if elsewhere else _put(known("escalations"), change)
                case Duty():
                    now["duties"] = _put(known("duties"), change)
                case Kpi():
                    now["kpis"] = _put(known("kpis"), change)
                case Nudged():
                    said[_saying(change)] = change
                case PolicyChange():
                    now["policies"] = (*known("policies"), change)
                case Channel():
                    now["channel"] = change
        if said:
            now["nudged"] = (*(row for row in before.nudged if _saying(row) not in said), *said.values())
        told = tuple(
            _told(message, self.now)
            for message in decision.messages
            if message.rule and before.person and message.to == before.person.id
        )
        if told:
            now["told"] = (*told, *before.told)
        if not now:
            return self
        kept = {} if "policies" in now or "people" in now else self._known
        return Scene(self.event, _with(before, now), self.phrases, _known=kept)


_FIELDS = tuple(one.name for one in fields(Situation))


def _with(situation: Situation, changed: Mapping[str, Any]) -> Situation:
    """As `dataclasses.replace`, which takes twice as long for so many fields; a look does this several times."""
    return Situation(**{name: changed[name] if name in changed else getattr(situation, name) for name in _FIELDS})


def _told(message: Message, at: datetime) -> Told:
    return Told(
        key=message.key,
        to=message.to,
        rule=message.rule,
        subjects=message.subjects,
        policy=message.policy,
        facts=message.facts,
        decided_at=at,
        delivered_at=None,
    )


def _saying(row: Nudged) -> tuple[str, ...]:
    return row.recipient_id, row.rule, row.stage, row.subject


def _put(values: tuple[Value, ...], value: Value) -> tuple[Value, ...]:
    known = any(other.id == value.id for other in values)
    return tuple(value if other.id == value.id else other for other in values) + (() if known else (value,))


def edit(key: str, card: Card) -> Decision:
    """New contents for an earlier message."""
    return Decision(edits=(Edit(key=key, card=card),)) if key else Decision()
