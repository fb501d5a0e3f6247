"""`goal.off_pace`: a committed goal whose progress lies far behind its plan line, from start to target over its cycle.

Time is counted in the owner's working days, so leave and holidays are no delay. The owner is asked first; their manager
reads of it in the digest, once that message was delivered.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.model import OVER, Goal, GoalKind, GoalType, Nudged, Person
from bot.rules.asking_again import rested
from bot.rules.cycles import bounds
from bot.rules.digest import STAGE, digest_at
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.people import listens_for
from bot.rules.progress import mean_progress
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Calendar, Span, Unit, localize
from bot.scene import Scene

NAME = "goal.off_pace"
POINTS = Threshold(
    rule=NAME,
    name="points",
    kind=Kind.COUNT,
    counts="points",
    default="25",
    light="35",
    active="15",
    low=5,
    high=90,
    may_be_off=True,
)
LEAD = Threshold(rule=NAME, name="lead", kind=Kind.SPAN, default="2d", low=1, high=20)
AGAIN = Span(amount=28, unit=Unit.CALENDAR_DAYS)
KPO_REVIEWED = 90
"""Day of a new hire's last review (PRODUCT.md section 1): until then their performance objectives have time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How far a goal has come and how much of its time is over, as shares; `behind_at`: since when it is too far behind."""

    progress: Decimal
    elapsed: Decimal
    behind_at: datetime

    def args(self) -> dict[str, str | int]:
        """Whole percent, rounded apart, so that the words never show less of a gap than there is."""
        return {"progress": _percent(self.progress, ROUND_FLOOR), "elapsed": _percent(self.elapsed, ROUND_CEILING)}


def _percent(share: Decimal, rounding: str) -> int:
    return int((share * 100).to_integral_value(rounding=rounding))


def worked_days(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    """The days between two dates, both included, that are neither free nor holidays nor leave."""
    return calendar.once(("worked", first, last), lambda: _worked(calendar, first, last))


def _worked(calendar: Calendar, first: date, last: date) -> tuple[date, ...]:
    free = calendar.holidays(first.year) | calendar.holidays(last.year)
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    return tuple(day for day in days if day.weekday() in calendar.pattern.days and day not in free and not calendar.is_away(day))


def pace(scene: Scene, goal: Goal, owner: Person, points: int) -> Pace | None:
    """Where the goal stands against its plan line. None: nothing to measure, or never so far behind in its time."""
    done = mean_progress(goal) if goal.type is GoalType.COMMITTED else None
    if done is None or done * 100 + points > 100:
        return None
    calendar = scene.calendar(owner)
    first, last = _time_of(scene, goal, owner, calendar)
    days = worked_days(calendar, first, last)
    enough = ((done + Decimal(points) / 100) * len(days)).to_integral_value(rounding=ROUND_CEILING)
    if not days:
        return None
    turning = days[max(int(enough), 1) - 1]
    today = calendar.local(scene.now).date()
    return Pace(
        progress=done,
        elapsed=Decimal(bisect_left(days, today)) / len(days),
        behind_at=localize(turning + timedelta(days=1), time(0), calendar.zone),
    )


def _time_of(scene: Scene, goal: Goal, owner: Person, calendar: Calendar) -> tuple[date, date]:
    """The plan line's first and last day: the cycle from the approval on; for a new hire's objective their first 90 days."""
    if goal.kind is GoalKind.KPO and owner.start_date is not None:
        first, last = owner.start_date, owner.start_date + timedelta(days=KPO_REVIEWED)
    else:
        first, last = bounds(goal.cycle, scene.situation.company.fiscal_month)
    approved = calendar.local(goal.approved_at).date() if goal.approved_at is not None else first
    return (approved if first < approved <= last else first), last


def find(scene: Scene) -> Iterator[Finding]:
    """The owner, then the manager's digest."""
    yield from _owner(scene)
    yield from _manager(scene)
    yield from _asked(scene)


def _owner(scene: Scene) -> Iterator[Finding]:
    """Not while a decision about the goal is awaited."""
    setting = scene.setting(scene.person, POINTS)
    if setting.off:
        return
    awaited = {one.goal_id for one in scene.situation.escalations if one.state not in OVER}
    for goal in scene.active_goals():
        found = pace(scene, goal, scene.person, setting.count) if goal.id not in awaited else None
        heard = _could_answer(scene, goal)
        if found is None or heard is None:
            continue
        finding = Finding(
            rule=NAME,
            stage="owner",
            subject=f"goal:{goal.id}",
            at=max(found.behind_at, heard),
            policy=setting.version,
            weight=Weight.OWNER,
            basis=goal.cycle,
            again=AGAIN,
            offers=(Offer.ANSWER, Offer.NEED_DECISION),
            args=found.args(),
            facts=_facts(found, setting.value),
        )
        yield rested(scene, goal, finding)


def _could_answer(scene: Scene, goal: Goal) -> datetime | None:
    """Since when its numbers are what somebody stands by. None: they were only imported, and nobody was asked about them yet.

    An imported number may be old: the first weekly question and its grace time come before this one.
    """
    if goal.answered_at is not None:
        return datetime.min.replace(tzinfo=UTC)
    asked = (checkin.grace_ends_at for checkin in scene.situation.checkins if checkin.asked_at is not None)
    over = [at for at in asked if at is not None and at <= scene.now]
    return min(over, default=None)


def answered_since(goal: Goal, row: Nudged) -> bool:
    """The owner has answered for the goal since this was said."""
    return goal.answered_at is not None and goal.answered_at > row.decided_at


def _asked(scene: Scene) -> Iterator[Finding]:
    """A manager asked through Rondo: true until the owner answers."""
    for goal in scene.active_goals():
        asked = scene.nudged(NAME, "asked", f"goal:{goal.id}")
        if asked is not None and asked.basis == goal.cycle and not answered_since(goal, asked):
            yield Finding(rule=NAME, stage="asked", subject=asked.subject, at=asked.decided_at, policy=0, basis=asked.basis)


def _facts(found: Pace, threshold: str) -> dict[str, str]:
    args = found.args()
    return {"progress": str(args["progress"]), "elapsed": str(args["elapsed"]), "threshold": threshold}


def _manager(scene: Scene) -> Iterator[Finding]:
    """Only what the owner was asked about first, some working days after that arrived."""
    for goal in scene.situation.reports_goals:
        owner = scene.situation.people.get(goal.owner_id)
        rows = [row for row in scene.situation.nudged if row.rule == NAME and row.subject == f"goal:{goal.id}"]
        said = {row.stage: row for row in rows if row.basis == goal.cycle and row.key}
        if owner is None or not said or not listens_for(scene.person, owner, scene.situation):
            continue
        setting = scene.setting(owner, POINTS)
        found = None if setting.off or not scene.is_active(goal) else pace(scene, goal, owner, setting.count)
        at = _digest(scene, owner, found.behind_at, said) if found is not None else None
        if found is None or at is None:
            continue
        yield Finding(
            rule=NAME,
            stage=STAGE,
            subject=f"goal:{goal.id}",
            at=at,
            policy=setting.version,
            weight=Weight.DIGEST,
            basis=goal.cycle,
            offers=(Offer.ASK_OWNER, Offer.TALK),
            args={"owner": owner.name, **found.args()},
            facts=_facts(found, setting.value),
        )


def _digest(scene: Scene, owner: Person, behind_at: datetime, said: Mapping[str, Nudged]) -> datetime | None:
    """The first digest some working days after the owner's message arrived; once a manager was told, when that was."""
    if STAGE in said:
        return max(behind_at, said[STAGE].decided_at)
    asked = said.get("owner")
    if asked is None or asked.delivered_at is None:
        return None
    lead = scene.calendar(scene.person).add(asked.delivered_at, scene.setting(owner, LEAD).span)
    return digest_at(scene, max(behind_at, lead)) if lead is not None else None


RULE = Rule(
    name=NAME,
    thresholds=(POINTS, LEAD),
    recipients=(Recipient.OWNER, Recipient.MANAGER),
    facts=("progress", "elapsed", "threshold"),
    find=find,
    mutable=True,
)
