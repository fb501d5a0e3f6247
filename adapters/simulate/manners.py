"""Judges what a message means for the person who gets it: when it comes, how often, and whether they want it at all."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.decision import Decision
from bot.events import Event
from bot.model import CheckInState, Person, Scope, ScopeKind
from bot.rules import budget, policy, registry

if TYPE_CHECKING:
    from adapters.simulate.judge import Judge, Said

WEEK = timedelta(days=7)
FAR_OFF = 600.0
"""Seconds: a process whose clock is further off cannot know what is polite."""
ANSWERED = (CheckInState.ON_TIME, CheckInState.LATE, CheckInState.SKIPPED)
UNDER_WAY = timedelta(seconds=90)
"""So long a message may take from the last moment in which it was polite until it can be seen."""
LATE = timedelta(minutes=10)
"""So long after its slot a prompt may be decided where nothing was in the way."""


class Manners:
    """`platforms`: where each person chats; `excused`: for how long in an interval nobody was able to work."""

    def __init__(self, judge: "Judge") -> None:
        self.judge = judge
        self.platforms: dict[str, list[str]] = {}
        self.excused: Callable[[datetime, datetime], timedelta] = lambda since, until: timedelta(0)
        self.window = timedelta(0)
        self.asked: Counter[tuple[str, str]] = Counter()  # prompts that were seen, by person and week
        self.prompted: dict[tuple[str, str], str] = {}  # key of the last prompt that was decided
        self.reminded: dict[str, set[str]] = defaultdict(set)
        self.counted: dict[str, list[datetime]] = defaultdict(list)

    def breaks(self, promise: str, said: "Said", words: str) -> None:
        person = self.judge.known.people.get(said.to)
        self.judge.breaks(promise, said.key, f"{words} ({person.email if person else said.to})")

    # ------------------------------------------------------------------------------------------------- decided

    def before(self, event: Event, decision: Decision) -> None:
        """Nothing here depends on what a decision changes besides its messages."""

    def decided(self, said: "Said", skew: float) -> None:
        """A message was decided; people are known as they were before."""
        known = self.judge.known
        if not said.rule or said.to not in known.people or said.stage == "asked":
            return
        person, days = known.people[said.to], known.days(said.to)
        if abs(skew) <= FAR_OFF:
            if not days.there(days.day(said.decided_at)):
                self.breaks("absent", said, "is decided for somebody who is away or gone")
            elif not days.polite(said.decided_at):
                self.breaks("polite", said, f"is decided at {days.local(said.decided_at):%a %H:%M} local time")
        if not said.by_wish:
            if _paused(self.judge, person):
                self.breaks("wanted", said, "Rondo is paused there")
            for rule in sorted({said.rule, *(part.rule for part in said.parts)}):
                if _muted(self.judge, person, rule, said.decided_at):
                    self.breaks("wanted", said, f"they do not want to hear of {rule}")
        match said.rule:
            case "checkin.prompt":
                self._prompt(said, skew)
            case "checkin.reminder":
                self._reminder(said)
            case _:
                pass

    def _prompt(self, said: "Said", skew: float) -> None:
        period = said.subjects[0].rpartition("/")[2]
        days, again = self.judge.known.days(said.to), (said.to, period) in self.prompted
        checkin = self.judge.known.checkins.get(f"{said.to}/{period}")
        if checkin is not None and checkin.state in ANSWERED:
            self.breaks("asked-once", said, f"asks about {period}, which is {checkin.state.value}")
        earlier = self.judge.said.get(self.prompted.get((said.to, period), ""))
        if earlier is not None and earlier.key != said.key and (earlier.posted_at or earlier.doubts):
            self.breaks("asked-once", said, f"asks again about {period} after {earlier.key}")
        self.prompted[said.to, period] = said.key
        if abs(skew) > FAR_OFF:
            return
        if period != days.week(said.decided_at):
            self.breaks("asked-once", said, f"asks about {period} in {days.week(said.decided_at)}")
        slot = self.judge.known.slot(said.to, period)
        if slot is None or again or (said.to, period) in self.judge.known.held:
            return
        if said.decided_at < slot - timedelta(seconds=1):
            self.breaks("on-time", said, f"is decided at {said.decided_at:%a %H:%M:%S}, its slot is {slot:%a %d %H:%M %Z}")
        changed = self.judge.known.changed_at.get(said.to)
        if changed is not None and changed > slot - WEEK:
            return  # what was planned before is looked at anew
        late = days.polite_time(slot, said.decided_at)  # an outage that outlasts the working day costs the night as well
        if late > LATE + self.window + self.judge.tolerance + self.excused(slot, said.decided_at):
            self.breaks("on-time", said, f"is decided {said.decided_at - slot} after its slot {slot:%a %d %H:%M %Z}")

    def _reminder(self, said: "Said") -> None:
        subject = said.subjects[0].removeprefix("checkin:")
        checkin = self.judge.known.checkins.get(subject)
        if checkin is not None and checkin.state in ANSWERED:
            self.breaks("reminders", said, f"reminds of a check-in that is {checkin.state.value}")
        if said.by_wish:
            return
        person, _, period = subject.rpartition("/")
        prompt = self.judge.said.get(self.prompted.get((person, period), ""))
        if prompt is not None and prompt.posted_at is None:
            self.breaks("reminders", said, "reminds of a question that never arrived")

    # -------------------------------------------------------------------------------------------------- posted

    def posted(self, said: "Said") -> None:
        """It can be seen for the first time."""
        judge, known = self.judge, self.judge.known
        if said.to not in known.people:
            return
        person, days, now = known.people[said.to], known.days(said.to), judge.real()
        changed = known.changed_at.get(said.to)
        settled = changed is None or changed < now - timedelta(minutes=15)
        if said.stage != "asked" and settled and not days.there(days.day(now - judge.tolerance)):
            self.breaks("absent", said, "arrives at somebody who is away or gone")
        self._in_time(said, now)
        if said.rule == "checkin.prompt":
            self._asked(said, now)
        elif said.rule == "checkin.reminder" and not said.by_wish:
            mine = self.reminded[said.subjects[0]]
            mine.add(said.key)
            if len(mine) > 2:
                self.breaks("reminders", said, "is a third reminder")
        if said.rule not in budget.NOT_COUNTED and not said.by_wish and said.stage != "asked":
            self._spent(said, person)

    def _in_time(self, said: "Said", now: datetime) -> None:
        """What was decided while somebody was at work does not reach them in the evening, however long it had to wait."""
        known, tolerance = self.judge.known, self.judge.tolerance
        days, changed = known.days(said.to), known.changed_at.get(said.to)
        if said.stage == "asked" or (changed is not None and changed >= said.decided_at - tolerance):
            return
        about = now - UNDER_WAY - tolerance, now, now + tolerance
        if days.polite(said.decided_at) and not any(map(days.polite, about)):
            self.breaks("polite", said, f"arrives at {days.local(now):%a %H:%M} local time")

    def _asked(self, said: "Said", now: datetime) -> None:
        period = said.subjects[0].rpartition("/")[2]
        self.asked[said.to, period] += 1
        if self.asked[said.to, period] > 1:
            self.breaks("asked-once", said, f"asks a second time about {period}")
        slot = self.judge.known.slot(said.to, period)
        if slot is not None:
            self.judge.delays.append((now - slot).total_seconds())

    def _spent(self, said: "Said", person: Person) -> None:
        days = self.judge.known.days(said.to)
        mine = self.counted[said.to]
        mine.append(said.decided_at)
        today = sum(days.day(at) == days.day(said.decided_at) for at in mine)
        week = sum(said.decided_at - WEEK < at <= said.decided_at for at in mine)
        policies = self.judge.known.policies
        if today > (most := policy.for_person(policies, person, budget.PER_DAY).count):
            self.breaks("budget", said, f"is message {today} of one day, {most} are allowed")
        if week > (most := policy.for_person(policies, person, budget.PER_WEEK).count):
            self.breaks("budget", said, f"is message {week} in seven days, {most} are allowed")


# ------------------------------------------------------------------------------------------------ what HR and people said


def _newest(judge: "Judge", person: Person, name: str) -> Sequence[str]:
    """The newest values under a name in the person's scopes, the most specific first."""
    kinds = ((ScopeKind.PERSON, person.id), (ScopeKind.TEAM, person.team), (ScopeKind.DEPARTMENT, person.department))
    scopes = [Scope(kind, unit) for kind, unit in kinds if unit] + [Scope()]
    newest = {change.scope: change.value for change in judge.known.policies if change.threshold == name}
    return [value for scope in scopes if (value := newest.get(scope)) is not None]


def _paused(judge: "Judge", person: Person) -> bool:
    return _newest(judge, person, "pause")[:1] == ["on"]


def _muted(judge: "Judge", person: Person, rule: str, at: datetime) -> bool:
    if not any(mute.rule == rule and (mute.until is None or mute.until > at) for mute in person.mutes):
        return False
    spec = registry.rule(rule)
    locks = [_newest(judge, person, f"lock:{name}") for name in (rule, spec.thresholds[0].full_name)]
    return spec.mutable and not any("on" in lock for lock in locks)
