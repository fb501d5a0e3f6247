"""What a threshold that sends nothing by itself would have changed in the last weeks: what would have come at another
time, waited, counted as late, climbed. Counted on what really happened, as the ledger and the check-ins tell it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.history import Past
from bot.model import Escalation, PolicyChange, Status
from bot.rules import budget, escalated, policy, registry
from bot.rules import checkin as checkin_rules
from bot.rules.backtest import UNASKED, messages_to, sample, weeks_known
from bot.rules.people import zone_of
from bot.rules.threshold import Threshold
from bot.scene import Scene

AT_THE_START = timedelta(minutes=5)
"""What arrived so soon after somebody's hours began had waited for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """Counts with the policies as they are and as they would be. `kind` names what is counted (and its phrase)."""

    kind: str
    weeks: int
    sampled: int
    population: int
    before: int
    after: int
    total: int

    @property
    def is_estimate(self) -> bool:
        """Not everybody was looked at."""
        return self.sampled < self.population


Counted = Callable[[Scene, Past, Sequence[PolicyChange], datetime], tuple[int, int]]
"""How many, of how many: for one person under given policies."""


def looked_back(scene: Scene, change: PolicyChange) -> Hindsight | None:
    """What a change would have altered; None for thresholds whose nudges can be counted, and without a history."""
    kind, counted = _kind(change)
    history, weeks = scene.situation.history, weeks_known(scene)
    if counted is None or history is None or not (weeks or kind == "lock"):
        return None
    people, population = sample(history, change)
    since = scene.now - timedelta(weeks=weeks)
    policies = scene.situation.policies
    then = (*policies, change)
    if kind == "lock":
        counted = _other_value(change, policies)
    pairs = [(counted(scene, past, policies, since), counted(scene, past, then, since)) for past in people]
    scale = population / len(people) if people else 0.0
    return Hindsight(
        kind=kind,
        weeks=weeks,
        sampled=len(people),
        population=population,
        before=round(sum(before for (before, _), _ in pairs) * scale),
        after=round(sum(after for _, (after, _) in pairs) * scale),
        total=round(sum(total for _, (_, total) in pairs) * scale),
    )


def _kind(change: PolicyChange) -> tuple[str, Counted | None]:
    if change.threshold == policy.PAUSE:
        return ("pause", _heard) if change.value == "on" else ("resume", _paused)
    if change.threshold.startswith(policy.LOCK):
        return "lock", _heard
    return _KINDS.get(registry.threshold(change.threshold).rule, ("", None))


def _span(scene: Scene, past: Past, policies: Sequence[PolicyChange], spec: Threshold) -> policy.Setting:
    return policy.for_person(policies, past.person, spec)


def _heard(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """Messages that get through: none while paused."""
    messages = len(messages_to(past, since))
    return (0 if policy.pause_over(policies, policy.scopes_of(past.person)) else messages), messages


def _paused(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """What a pause held back, each thing once; none where there is no pause."""
    waiting = len({(one.rule, one.stage, one.subject) for one in past.sent if one.held == "paused" and one.at >= since})
    return (waiting if policy.pause_over(policies, policy.scopes_of(past.person)) else 0), waiting


def _other_value(change: PolicyChange, policies: Sequence[PolicyChange]) -> Counted:
    """Who gets another value because a lock makes theirs void, or valid again."""
    name = change.threshold.removeprefix(policy.LOCK)
    specs = [spec for spec in registry.THRESHOLDS if name in (spec.rule, spec.full_name)]

    def counted(scene: Scene, past: Past, then: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
        values = ((policy.for_person(source, past.person, spec).value for spec in specs) for source in (policies, then))
        return int(tuple(next(values)) != tuple(next(values))), 1

    return counted


def _moved(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """Messages that would have arrived at another time: in hours that are quiet then, or waiting for hours that begin sooner."""
    calendar = scene.calendar(past.person)
    quiet = policy.for_person(policies, past.person, policy.QUIET_HOURS).quiet
    other = replace(calendar, quiet=quiet)
    messages = messages_to(past, since).values()
    moved = 0
    for at in messages:
        day = calendar.local(at).date()
        window, new = calendar.polite_window(day), other.polite_window(day)
        waited = window is not None and window[0] <= at <= window[0] + AT_THE_START
        earlier = waited and window is not None and new is not None and new[0] < window[0]
        moved += earlier or not other.is_polite(at)
    return moved, len(messages)


def _waited(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """Messages that the budget holds back: each is given to the person when it fell due, or on the first later day with room."""
    per_day = _span(scene, past, policies, budget.PER_DAY).count
    per_week = _span(scene, past, policies, budget.PER_WEEK).count
    zone, calendar = zone_of(past.person, scene.situation.company), scene.calendar(past.person)
    given: list[datetime] = []
    waited = 0
    for due in sorted(_demands(past, since)):
        at: datetime | None = due
        while at is not None and not _has_room(at, given, per_day, per_week, lambda one: one.astimezone(zone).date()):
            at = calendar.next_polite(at + timedelta(days=1))
        if at is not None:
            waited += at > due
            given.append(at)
    return waited, len(given)


def _has_room(at: datetime, given: Sequence[datetime], per_day: int, per_week: int, day_of: Callable[[datetime], date]) -> bool:
    this_day = sum(day_of(one) == day_of(at) for one in given)
    seven_days = sum(at - timedelta(days=7) < one <= at for one in given)
    return this_day < per_day and seven_days < per_week


def _demands(past: Past, since: datetime) -> Iterator[datetime]:
    """When each message fell due: when it was sent, or first held back by the budget."""
    held: dict[tuple[str, str, str], datetime] = {}
    messages: dict[str, datetime] = {}
    for one in past.sent:
        if one.at < since or one.rule in budget.NOT_COUNTED or one.stage in UNASKED:
            continue
        name = one.rule, one.stage, one.subject
        if one.held == "budget":
            held.setdefault(name, one.at)
        elif not one.held:
            due = held.pop(name, one.at)
            key = one.message or f"{name}{one.at.isoformat()}"
            messages[key] = min(due, messages.get(key, due))
    yield from messages.values()


def _late(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """Answers that came after the grace time."""
    span = _span(scene, past, policies, checkin_rules.GRACE).span
    calendar = scene.calendar(past.person)
    late = total = 0
    for checkin in past.checkins:
        if checkin.asked_at is None or checkin.answered_at is None or checkin.asked_at < since:
            continue
        total += 1
        ends = calendar.add(checkin.asked_at, span)
        late += ends is not None and checkin.answered_at > ends
    return late, total


def _climbed(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """Requests for a decision that nobody acknowledged in time; the first step's clock counts."""
    setting = _span(scene, past, policies, escalated.ACKNOWLEDGE)
    return _overdue(scene, past, setting, since, lambda one: (one.opened_at, one.acknowledged_at or one.decided_at))


def _undecided(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """Acknowledged requests that were not decided in time."""
    setting = _span(scene, past, policies, escalated.DECIDE)
    return _overdue(scene, past, setting, since, lambda one: (one.acknowledged_at, one.decided_at))


def _overdue(
    scene: Scene,
    past: Past,
    setting: policy.Setting,
    since: datetime,
    times: Callable[[Escalation], tuple[datetime | None, datetime | None]],
) -> tuple[int, int]:
    history = scene.situation.history
    around = history.around if history is not None else {}
    late = total = 0
    for one in past.escalations:
        began, ended = times(one)
        if began is None or one.opened_at < since:
            continue
        total += 1
        holder = around.get(one.ladder[0]) or past.person
        ends = scene.calendar(holder).add(began, setting.span)
        late += ends is not None and (ended or scene.now) > ends
    return late, total


def _opened(scene: Scene, past: Past, policies: Sequence[PolicyChange], since: datetime) -> tuple[int, int]:
    """Reports of a blocker on a committed goal off the green; each asks for a decision at once."""
    committed = {goal.id for goal in past.goals if goal.type.value == "committed"}
    reports = sum(
        answer.goal_id in committed and answer.blocker is not None and answer.status in (Status.AT_RISK, Status.OFF_TRACK)
        for checkin in past.checkins
        if checkin.answered_at is not None and checkin.answered_at >= since
        for answer in checkin.answers
    )
    return (0 if _span(scene, past, policies, escalated.AT_RISK).off else reports), reports


_KINDS: dict[str, tuple[str, Counted | None]] = {
    policy.QUIET_HOURS.rule: ("quiet", _moved),
    budget.PER_DAY.rule: ("budget", _waited),
    budget.PER_WEEK.rule: ("budget", _waited),
    checkin_rules.GRACE.rule: ("grace", _late),
    escalated.ACKNOWLEDGE.rule: ("acknowledge", _climbed),
    escalated.DECIDE.rule: ("decide", _undecided),
    escalated.AT_RISK.rule: ("decision", _opened),
}
