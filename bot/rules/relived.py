"""One person's months lived again for one rule under given policies, see `bot.rules.backtest`."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import count

from bot.flows.desk import why_silent
from bot.flows.nudge import NEEDS_REPORTS, when_to_say
from bot.history import Deed, Done, Past
from bot.model import CheckIn, CheckInState, Goal, Nudged, Person
from bot.rules import checkin as checkin_rules
from bot.rules import policy
from bot.rules.cycles import bounds, cycle_of
from bot.rules.escalation_states import over_at
from bot.rules.finding import Finding
from bot.rules.lived import Lived, Then, deeds_of
from bot.rules.people import zone_of
from bot.rules.rule import Recipient, Rule
from bot.rules.worktime import localize
from bot.scene import Scene
from bot.situation import Situation

ACTED_WITHIN = timedelta(days=3)
"""What is done so soon after a nudge counts as an answer to it (PRODUCT.md section 6, `health`)."""
PROMPT, REMINDER = checkin_rules.PROMPT.name, checkin_rules.REMINDER.name
REPORTS_CHECKINS = 4
"""How many check-ins of a report a situation holds, see `bot.situation`."""
MOST_STEPS = 1000
"""A life has far fewer; a rule that is never satisfied must not hang a preview."""

THEMSELVES = frozenset({Recipient.PERSON, Recipient.OWNER, Recipient.NEWCOMER, Recipient.LEADER})
"""Recipients at whose own desk a rule finds everything."""

ABOUT_OTHERS = NEEDS_REPORTS - {"leader"}
"""Stages that are said at somebody else's desk; a leader's own questions need reports and are about nobody."""

Rows = dict[tuple[str, str, str], Nudged]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """One thing the rule said. `acted`: what it is about was updated or answered within three days."""

    to: str
    rule: str
    stage: str
    subject: str
    basis: str
    at: datetime
    acted: bool = False

    @property
    def name(self) -> tuple[str, str, str, str, str]:
        """The same nudge in another life."""
        return self.to, self.rule, self.stage, self.subject, self.basis


def relive(then: Then, past: Past, rule: Rule, since: datetime) -> tuple[Nudge, ...]:
    """What the rule would have said about a person's facts between `since` and the scene's now, to them and their manager."""
    situation = then.situation
    start = max(since, past.person.known_since)
    if start >= then.now or _paused(then, past.person):
        return ()
    led = tuple(sorted(one.id for one in situation.people.values() if one.manager_id == past.person.id))
    mine = then.at(replace(situation, person=past.person, reports=led))
    life = _Life(mine, past, rule, start, then.now)
    life.live()
    said = life.said
    if life.concerns_others:
        said = [*said, *_Beside(life).hear()]
    return tuple(replace(one, acted=life.was_acted_on(one)) for one in said)


def _paused(then: Then, person: Person) -> bool:
    return policy.pause_over(then.situation.policies, policy.scopes_of(person)) is not None


class _Life:
    """The desk of one person, from `start` to `until`. `moments` are the situations after each change."""

    def __init__(self, then: Then, past: Past, rule: Rule, start: datetime, until: datetime) -> None:
        self.then, self.past, self.rule, self.start, self.until = then, past, rule, start, until
        self.concerns_others = not set(rule.recipients) <= THEMSELVES
        self.calendar = then.calendar(past.person)
        self.facts = Lived(past)
        self.rows: Rows = {}
        self.said: list[Nudge] = []
        self.moments: list[Situation] = []
        self._numbers = count()
        self._times: dict[str, int] = defaultdict(int)
        self._answers: dict[tuple[str, int], list[tuple[timedelta, Done]]] = defaultdict(list)
        self._ahead: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self._drawn: Then | None = None  # the scene as it is, while nothing changes
        self._plan()

    # ------------------------------------------------------------------------------------------ what will happen

    def _plan(self) -> None:
        """Everything that happened, in its order; what answered the replayed rule waits until that is said again."""
        deeds = deeds_of(self.past)
        for goal in self.facts.born(deeds, self.then):
            self._push(goal.updated_at, self._coming(goal))
        for row in self.past.checkins:
            if row.asked_at is not None and (self.rule.name != PROMPT or row.asked_at < self.start):
                self._push(row.asked_at, self._asking(row))
        for done in deeds:
            touch = self._answered(done)
            if touch is None:
                self._push(done.at, self._doing(done))
            else:
                subject, number, at = touch
                self._answers[subject, number].append((done.at - at, done))
        owed = [at for duty in self.past.duties for at in (duty.opened_at, duty.done_at)]
        owed += [at for one in self.past.escalations for at in (one.opened_at, over_at(one))]
        for turn in owed:
            if turn is not None:
                self._push(turn, self.facts.owed)
        for at in self._new_cycles():
            self._push(at, lambda now: None)

    def _push(self, at: datetime, do: Callable[[datetime], None]) -> None:
        heapq.heappush(self._ahead, (at, next(self._numbers), do))

    def _coming(self, goal: Goal) -> Callable[[datetime], None]:
        return lambda now: self.facts.came(goal)

    def _asking(self, row: CheckIn) -> Callable[[datetime], None]:
        return lambda now: self.facts.asked(row, now)

    def _doing(self, done: Done) -> Callable[[datetime], None]:
        return lambda now: self.facts.done(done, now)

    def _new_cycles(self) -> Iterator[datetime]:
        zone, month = zone_of(self.past.person, self.then.situation.company), self.then.situation.company.fiscal_month
        day, last = self.start.astimezone(zone).date(), self.until.astimezone(zone).date()
        while (following := bounds(cycle_of(day, month), month)[1] + timedelta(days=1)) <= last:
            yield localize(following, time(0), zone)
            day = following

    def _answered(self, done: Done) -> tuple[str, int, datetime] | None:
        """The nudge of the replayed rule that a deed answered: subject, its number about that subject, and when it was said."""
        if done.what in (Deed.IMPORTED, Deed.EXCUSED):
            return None
        checkin, row = self.facts.subject(done.period), self.facts.rows.get(done.period)
        asked_at = row.asked_at if row is not None else None
        if self.rule.name == PROMPT:  # reminders follow from the prompt: an answer to them is one to it
            heard = asked_at is not None and self.start <= asked_at <= done.at
            return (checkin, 1, asked_at) if heard and asked_at is not None else None
        subjects = {checkin, *(f"goal:{name}" for name in done.goals)}
        sent = [(one.at, one.rule, one.subject) for one in self.past.sent if not one.held and one.at < done.at]
        touches = [one for one in sent if one[2] in subjects]
        if asked_at is not None and asked_at <= done.at:
            touches.append((asked_at, PROMPT, checkin))
        at, rule, subject = max(touches, key=lambda touch: touch[0], default=(done.at, "", ""))
        if rule != self.rule.name or at < self.start or done.at - at > ACTED_WITHIN:
            return None
        return subject, sum(self.start <= one[0] and one[1:] == (rule, subject) for one in sent if one[0] <= at), at

    # ------------------------------------------------------------------------------------------------ what is said

    def live(self) -> None:
        """From the first instant to the last."""
        self._happen(self.start)
        for _ in range(MOST_STEPS):  # what held before was said before, and is not counted
            early = [(at, one) for one in self._findings(self.start) if (at := self._polite(one.at)) < self.start]
            if not early:
                break
            self._say(early[0][1], early[0][0], counted=False)
        now = self.start
        self._remember(now)
        for _ in range(MOST_STEPS):
            due = min((self._polite(max(one.at, now)) for one in self._findings(now)), default=self.until)
            change = self._ahead[0][0] if self._ahead else self.until
            now = min(due, change)
            if now >= self.until:
                return
            if change <= due:
                self._happen(now)
                self._remember(now)
                continue
            for finding in self._findings(now):
                if self._polite(max(finding.at, now)) <= now:
                    self._say(finding, now, counted=not why_silent(self._scene(now), finding))
                    self._remember(now)

    def _happen(self, until: datetime) -> None:
        while self._ahead and self._ahead[0][0] <= until:
            at, _, do = heapq.heappop(self._ahead)
            do(at)
            self._drawn = None

    def _findings(self, now: datetime) -> list[Finding]:
        """What the rule finds at the person's own desk and was not said yet, with the instant from which on it may be said."""
        scene = self._scene(now)
        return _unsaid(scene, (one for one in self.rule.find(scene) if one.says and one.stage not in ABOUT_OTHERS))

    def _polite(self, at: datetime) -> datetime:
        return self.calendar.next_polite(at) or self.until

    def _say(self, finding: Finding, now: datetime, *, counted: bool) -> None:
        period = finding.about.rpartition("/")[2]
        self._drawn = None
        if finding.rule == PROMPT:
            if not self._asked(period, now):
                return
        elif finding.rule == REMINDER:
            reminded = self.facts.checkin(period)
            reminders = (*reminded.reminders, f"{period}:{len(reminded.reminders)}")
            self.facts.checkins[period] = replace(reminded, reminders=reminders, snoozed_until=None)
        else:
            _note(self.rows, self.past.person, finding, now)
        if not counted:
            return
        self.said.append(_said(self.past.person, finding, now))
        self._times[finding.subject] += 1
        for delay, done in self._answers.pop((finding.subject, self._times[finding.subject]), ()):
            self._push(now + delay, self._doing(done))

    def _asked(self, period: str, now: datetime) -> bool:
        """The week's question is put, unless everything is up to date."""
        before, scene = self.facts.checkin(period), self._scene(now)
        self._drawn = None
        if checkin_rules.everything_fresh(scene):
            self.facts.checkins[period] = replace(before, state=CheckInState.SKIPPED)
            return False
        grace = checkin_rules.grace_end(scene, now)
        self.facts.checkins[period] = replace(before, asked_at=now, grace_ends_at=grace, shown=1)
        return True

    def _remember(self, now: datetime) -> None:
        if self.concerns_others:
            self.moments.append(self._scene(now).situation)

    def _scene(self, now: datetime) -> Then:
        if self._drawn is None or self._drawn.now != now:
            situation = self.facts.put_into(self.then.situation, now, nudged=tuple(self.rows.values()))
            self._drawn = self.then.at(situation)
        return self._drawn

    def was_acted_on(self, nudge: Nudge) -> bool:
        """What the nudge is about was updated or answered within three days."""
        return any(nudge.at < at <= nudge.at + ACTED_WITHIN for at in self.facts.acts.get(nudge.subject, ()))


def _unsaid(scene: Scene, found: Iterable[Finding]) -> list[Finding]:
    moments = ((one, when_to_say(scene, one)) for one in found)
    return [one if at == one.at else replace(one, at=at) for one, at in moments if at is not None]


class _Beside:
    """The desks of those who hear about a person: their manager, and who holds duties toward them. Nobody else's facts."""

    def __init__(self, life: _Life) -> None:
        self.life, self.then, self.about = life, life.then, life.past.person
        people, duties = life.then.situation.people, life.past.duties
        self.boss = people.get(self.about.manager_id or "")
        names = [one for duty in duties for one in (duty.holder_id, duty.next_holder_id)]
        named = dict.fromkeys([self.boss.id if self.boss is not None else "", *names])
        self.listeners = [people[one] for one in named if one in people and one != self.about.id]
        self.duties = {f"duty:{duty.id}" for duty in duties}
        self.rows: dict[str, Rows] = {one.id: {} for one in self.listeners}

    def hear(self) -> Iterator[Nudge]:
        """From the first instant to the last."""
        moments, until = self.life.moments, self.life.until
        for listener in self.listeners:
            for one in self._unsaid(listener, moments[0], self.life.start):
                if (at := self._polite(listener, one.at)) < self.life.start:  # it was said before
                    _note(self.rows[listener.id], listener, one, at)
        for moment, ends in zip(moments, [*(one.now for one in moments[1:]), until], strict=True):
            now = moment.now
            for _ in range(MOST_STEPS):
                due = min((at for listener in self.listeners for at, _ in self._ahead(listener, moment, now)), default=until)
                if due >= ends:
                    break
                now = due
                for listener in self.listeners:
                    for at, one in self._ahead(listener, moment, now):
                        if at <= now:
                            _note(self.rows[listener.id], listener, one, now)
                            if not why_silent(self._desk(listener, moment, now), one):
                                yield _said(listener, one, now)

    def _ahead(self, listener: Person, moment: Situation, now: datetime) -> list[tuple[datetime, Finding]]:
        return [(self._polite(listener, max(one.at, now)), one) for one in self._unsaid(listener, moment, now)]

    def _unsaid(self, listener: Person, moment: Situation, now: datetime) -> list[Finding]:
        scene = self._desk(listener, moment, now)
        found = (one for one in self.life.rule.find(scene) if one.says)
        return _unsaid(scene, (one for one in found if one.stage in ABOUT_OTHERS or one.subject in self.duties))

    def _polite(self, listener: Person, at: datetime) -> datetime:
        """While they are away, their deputy hears it."""
        calendar, deputy = self.then.calendar(listener), self.then.situation.people.get(listener.deputy_id or "")
        if deputy is not None and calendar.is_away(calendar.local(at).date()):
            calendar = self.then.calendar(deputy)
        return calendar.next_polite(at) or self.life.until

    def _desk(self, listener: Person, moment: Situation, now: datetime) -> Then:
        reported = listener == self.boss
        situation = replace(
            moment,
            now=now,
            person=listener,
            nudged=(*moment.nudged, *(row for rows in self.rows.values() for row in rows.values())),
            reports=(self.about.id,) if reported else (),
            reports_goals=moment.goals,
            reports_checkins={self.about.id: moment.checkins[:REPORTS_CHECKINS]} if reported else {},
            goals=(),
            checkins=(),
            told=(),
            escalations=(),
        )
        return self.then.at(situation)


def _note(rows: Rows, to: Person, finding: Finding, now: datetime) -> None:
    """Remembers that a finding was said, as if the message had arrived at once."""
    name = finding.rule, finding.stage, finding.subject
    before = rows.get(name)
    rows[name] = Nudged(
        recipient_id=to.id,
        rule=finding.rule,
        stage=finding.stage,
        subject=finding.subject,
        basis=finding.basis,
        key=finding.subject,
        times=before.times + 1 if before is not None and before.basis == finding.basis else 1,
        decided_at=now,
        delivered_at=now,
    )


def _said(to: Person, finding: Finding, now: datetime) -> Nudge:
    return Nudge(to=to.id, rule=finding.rule, stage=finding.stage, subject=finding.subject, basis=finding.basis, at=now)
