"""What was true of one person at any instant of the last months: goals, check-ins, duties as they were, deed by deed.

Rebuilt from the ledger; where it keeps no line, from the check-ins and from how things are now.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta

from bot.history import Deed, Done, History, Past
from bot.model import (
    Answer,
    CheckIn,
    CheckInState,
    Duty,
    Escalation,
    EscalationState,
    Goal,
    Nudged,
    Person,
    PolicyChange,
    Told,
)
from bot.rules import policy
from bot.rules.checkin import PROMPT, is_overtaken
from bot.rules.cycles import bounds
from bot.rules.escalation_states import over_at
from bot.rules.people import zone_of
from bot.rules.threshold import Threshold
from bot.rules.worktime import Calendar, localize
from bot.scene import Scene
from bot.situation import Situation

OWN_CHECKINS = 8
"""How many check-ins a situation holds, see `bot.situation`."""
SKIPS = (Deed.SKIPPED, Deed.EXCUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary(Calendar):
    """A calendar that remembers which days are worked: months are looked at again and again."""

    worked: dict[date, bool] = field(default_factory=dict, init=False, compare=False, repr=False)

    def works_on(self, day: date) -> bool:
        """Whether the local day is worked."""
        if day not in self.worked:
            self.worked[day] = Calendar.works_on(self, day)
        return self.worked[day]


@dataclass(frozen=True, slots=True)
class Then(Scene):
    """A scene of the past: calendars and settings stay the same in all of it, so they are worked out once."""

    calendars: dict[str, Diary] = field(default_factory=dict)
    settings: dict[tuple[str, str], policy.Setting] = field(default_factory=dict)

    def calendar(self, person: Person) -> Calendar:
        """The working time of a person."""
        if person.id not in self.calendars:
            known = Scene.calendar(self, person)
            self.calendars[person.id] = Diary(**{part.name: getattr(known, part.name) for part in fields(known) if part.init})
        return self.calendars[person.id]

    def setting(self, person: Person, threshold: Threshold) -> policy.Setting:
        """The value of a threshold in force for a person."""
        key = person.id, threshold.full_name
        if key not in self.settings:
            self.settings[key] = Scene.setting(self, person, threshold)
        return self.settings[key]

    def at(self, situation: Situation) -> "Then":
        """The same in another situation."""
        return Then(self.event, situation, self.phrases, self.calendars, self.settings)


def then_under(scene: Scene, history: History, policies: tuple[PolicyChange, ...]) -> Then:
    """The scene in which the history is lived again under these policies."""
    past = replace(scene.situation, policies=policies, people=history.around, actor=None, history=None, asked_about=None)
    return Then(scene.event, past, scene.phrases)


class Lived:
    """The facts of one person while their months go by. `acts` says when each subject was updated or answered."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self.goals: dict[str, Goal] = {}
        self.checkins: dict[str, CheckIn] = {}
        self.duties: tuple[Duty, ...] = ()
        self.escalations: tuple[Escalation, ...] = ()
        self.acts: dict[str, list[datetime]] = defaultdict(list)
        self.rows = {checkin.period: checkin for checkin in past.checkins}
        self._goals_now = {goal.id: goal for goal in past.goals}
        self._skipped = {done.period for done in past.done if done.what in SKIPS}

    def checkin(self, period: str) -> CheckIn:
        """The check-in of a week as it stands, new where there is none yet."""
        return self.checkins.get(period) or CheckIn(person_id=self.past.person.id, period=period)

    def subject(self, period: str) -> str:
        """What messages call the check-in of a week."""
        return f"checkin:{self.past.person.id}/{period}"

    def born(self, deeds: Iterable[Done], scene: Scene) -> tuple[Goal, ...]:
        """Puts goals as they were before anything known happened to them; gives back those of which nothing is known.

        What came by an import comes with it.
        """
        first: dict[str, Done] = {}
        for done in deeds:
            for name in done.goals:
                first.setdefault(name, done)
        for goal in self.past.goals:
            known = first.get(goal.id)
            if known is not None and known.what is not Deed.IMPORTED:
                early = min(_cycle_start(goal, scene), known.at - timedelta(seconds=1))
                blank = tuple(replace(part, current=part.start) for part in goal.key_results)
                self.goals[goal.id] = replace(goal, status=None, updated_at=early, answered_at=None, key_results=blank)
        return tuple(goal for goal in self.past.goals if goal.id not in first)

    def came(self, goal: Goal) -> None:
        """A goal is there, and stays as it is."""
        self.goals[goal.id] = goal

    def asked(self, row: CheckIn, now: datetime) -> None:
        """The week's question was put; `row` is that check-in as it is now."""
        before = self.checkin(row.period)
        if row.state is CheckInState.SKIPPED and row.period not in self._skipped:  # it never arrived
            before = replace(before, state=CheckInState.SKIPPED, skip_reason=row.skip_reason)
        self.checkins[row.period] = replace(before, asked_at=now, grace_ends_at=row.grace_ends_at, policy=row.policy, shown=1)

    def done(self, done: Done, now: datetime) -> None:
        """Somebody did something."""
        if done.period:
            self._in_checkin(done, now)
        row = self.rows.get(done.period)
        for name in done.goals:
            goal = self.goals.get(name) or self._goals_now.get(name)
            if goal is None or (done.period and is_overtaken(self.checkins.values(), done.period, name)):
                continue  # a late answer to an earlier week says nothing about today
            imported = done.what is Deed.IMPORTED
            if imported and name not in self.goals:
                blank = tuple(replace(part, current=None) for part in goal.key_results)
                goal = replace(goal, answered_at=None, status=None, key_results=blank)
            answer = row.answer_for(name) if row is not None else None
            values = done.values or (answer.values if answer is not None else {})
            parts = tuple(replace(part, current=values.get(part.id, part.current)) for part in goal.key_results)
            status = answer.status if answer is not None and answer.status is not None else goal.status
            answered = goal.answered_at if imported else now
            self.goals[name] = replace(goal, status=status, updated_at=now, answered_at=answered, key_results=parts)
            self.acts[f"goal:{name}"].append(now)

    def _in_checkin(self, done: Done, now: datetime) -> None:
        before, row = self.checkin(done.period), self.rows.get(done.period)
        match done.what:
            case Deed.ANSWERED:
                answers = (
                    *(answer for answer in before.answers if answer.goal_id not in done.goals),
                    *(self._answer(answer, done) for answer in (row.answers if row else ()) if answer.goal_id in done.goals),
                )
                state = CheckInState(done.state) if done.state in set(CheckInState) else CheckInState.ON_TIME
                after = replace(before, state=state, answered_at=now, answers=answers, snoozed_until=None)
            case Deed.SKIPPED | Deed.EXCUSED:
                reason = row.skip_reason if row else ""
                after = replace(before, state=CheckInState.SKIPPED, skip_reason=reason, snoozed_until=None)
            case Deed.MISSED:
                after = replace(before, state=CheckInState.MISSED) if before.state is CheckInState.OPEN else before
            case Deed.SNOOZED:
                after = replace(before, snoozed_until=done.until)
            case Deed.MEASURED | Deed.IMPORTED:
                return
        self.checkins[done.period] = after
        if done.what in (Deed.ANSWERED, Deed.SKIPPED):
            self.acts[self.subject(done.period)].append(now)

    def _answer(self, answer: Answer, done: Done) -> Answer:
        """What was said about a goal, with the numbers of that time."""
        goal = self._goals_now.get(answer.goal_id)
        parts = [part.id for part in goal.key_results] if goal is not None else []
        return replace(answer, values={name: done.values[name] for name in parts if name in done.values} or answer.values)

    def owed(self, now: datetime) -> None:
        """Duties and escalations came or went."""
        self.duties = tuple(
            duty if duty.done_at is not None and duty.done_at <= now else replace(duty, done_at=None, done_by="")
            for duty in self.past.duties
            if duty.opened_at <= now
        )
        self.escalations = tuple(
            one if (over := over_at(one)) is not None and over <= now else replace(one, state=EscalationState.OPEN)
            for one in self.past.escalations
            if one.opened_at <= now
        )
        for duty in self.duties:
            if duty.done_at == now:
                self.acts[f"duty:{duty.id}"].append(now)

    def put_into(self, situation: Situation, now: datetime, nudged: tuple[Nudged, ...]) -> Situation:
        """The situation with these facts, as they stand."""
        newest = sorted(self.checkins, reverse=True)[:OWN_CHECKINS]
        checkins = tuple(self.checkins[period] for period in newest)
        asked = next(((one, one.asked_at) for one in checkins if one.asked_at is not None), None)
        return replace(
            situation,
            now=now,
            goals=tuple(self.goals.values()),
            checkins=checkins,
            told=(_told(*asked),) if asked is not None else (),
            nudged=nudged,
            duties=self.duties,
            escalations=self.escalations,
        )


def _told(checkin: CheckIn, asked_at: datetime) -> Told:
    return Told(
        key=f"checkin:{checkin.id}",
        to=checkin.person_id,
        rule=PROMPT.name,
        subjects=(f"checkin:{checkin.id}",),
        policy=checkin.policy,
        facts={},
        decided_at=asked_at,
        delivered_at=asked_at,
    )


def _cycle_start(goal: Goal, scene: Scene) -> datetime:
    """Where nothing older is known, the silence about a goal began with its cycle."""
    company = scene.situation.company
    return localize(bounds(goal.cycle, company.fiscal_month)[0], time(0), zone_of(scene.person, company))


def deeds_of(past: Past) -> list[Done]:
    """What the ledger knows, and what only the rows still tell: answers and updates that no line is about. Oldest first."""
    known = {done.period for done in past.done if done.what is Deed.ANSWERED}
    deeds = list(past.done)
    for row in past.checkins:
        if row.answered_at is not None and row.period not in known:
            goals = tuple(answer.goal_id for answer in row.answers)
            deeds.append(Done(at=row.answered_at, what=Deed.ANSWERED, period=row.period, goals=goals, state=row.state.value))
    last: dict[str, datetime] = {}
    for done in deeds:
        for name in done.goals:
            last[name] = max(last.get(name, done.at), done.at)
    for goal in past.goals:
        if goal.id in last and goal.updated_at > last[goal.id]:
            what = Deed.MEASURED if goal.answered_at == goal.updated_at else Deed.IMPORTED
            deeds.append(Done(at=goal.updated_at, what=what, goals=(goal.id,)))
    return sorted(deeds, key=lambda done: done.at)
