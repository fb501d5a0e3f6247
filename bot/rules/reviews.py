"""`kpo.review`, `review.overdue`: a new hire's reviews at day 30, 60 and 90, and one that did not take place yet.

Only the latest milestone that passed counts, and none from before Rondo knew the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.model import Duty, DutyKind, Nudged, Person
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.people import listens_for, local_now, works_here, zone_of
from bot.rules.policy import Setting
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Unit, localize
from bot.scene import Scene

NAME = "kpo.review"
OVERDUE = "review.overdue"

FRESH = timedelta(days=14)
"""A review is announced within two weeks of its day or not at all."""

PURSUED = timedelta(days=45)
"""An outstanding review is first asked about within that time or not at all."""

FIRST = Threshold(
    rule=NAME,
    name="first",
    kind=Kind.SPAN,
    default="30cd",
    unit=Unit.CALENDAR_DAYS,
    low=7,
    high=180,
    may_be_off=True,
    below="kpo.review.second",
)
SECOND = Threshold(
    rule=NAME,
    name="second",
    kind=Kind.SPAN,
    default="60cd",
    unit=Unit.CALENDAR_DAYS,
    low=8,
    high=270,
    may_be_off=True,
    below="kpo.review.third",
    above="kpo.review.first",
)
THIRD = Threshold(
    rule=NAME,
    name="third",
    kind=Kind.SPAN,
    default="90cd",
    unit=Unit.CALENDAR_DAYS,
    low=9,
    high=365,
    may_be_off=True,
    above="kpo.review.second",
)
AFTER = Threshold(rule=OVERDUE, kind=Kind.SPAN, default="2d", light="5d", active="1d", low=1, high=20, may_be_off=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One review of a new hire: its day, its date, the start of their first working day from then on, and what is known of it."""

    newcomer: Person
    day: int
    due: date
    at: datetime
    setting: Setting
    duty: Duty | None
    latest: bool = True

    @property
    def subject(self) -> str:
        """The duty it is."""
        return f"duty:{review_id(self.newcomer, self.day)}"


def review_id(newcomer: Person, day: int) -> str:
    """The id of the duty: `review:PERSON:30`."""
    return f"{DutyKind.REVIEW}:{newcomer.id}:{day}"


def milestones(scene: Scene, newcomer: Person) -> tuple[Milestone, ...]:
    """The reviews of a person that may still matter, soonest first; none of them held."""
    if newcomer.start_date is None or not works_here(newcomer, scene.situation):
        return ()
    zone = zone_of(newcomer, scene.situation.company)
    today, known = scene.now.astimezone(zone).date(), newcomer.known_since.astimezone(zone).date()
    if today - newcomer.start_date > timedelta(days=THIRD.high) + 2 * PURSUED:
        return ()
    reviews = {duty.id: duty for duty in scene.situation.duties if duty.kind is DutyKind.REVIEW and duty.person_id == newcomer.id}
    found: list[Milestone] = []
    for threshold in (FIRST, SECOND, THIRD):
        setting = scene.setting(newcomer, threshold)
        if setting.off:
            continue
        due = newcomer.start_date + timedelta(days=setting.span.amount)
        if due < known or today - due > 2 * PURSUED:
            continue
        at = scene.calendar(newcomer).next_polite(localize(due, time(0), zone))
        duty = reviews.get(review_id(newcomer, setting.span.amount))
        # Another review was announced after this day: HR moved the days, and this one was had under its old number.
        moved = duty is None and at is not None and any(other.opened_at >= at for other in reviews.values())
        if at is not None and not moved:
            days = setting.span.amount
            found.append(Milestone(newcomer=newcomer, day=days, due=due, at=at, setting=setting, duty=duty))
    passed = [one for one in found if one.at <= scene.now]
    return tuple(replace(one, latest=one not in passed[:-1]) for one in found if one.duty is None or one.duty.done_at is None)


def _said(scene: Scene, rule: str, stage: str, milestone: Milestone) -> Nudged | None:
    """That somebody in this role was told already."""
    wanted = (rule, stage, milestone.subject)
    return next((row for row in scene.situation.nudged if row.key and (row.rule, row.stage, row.subject) == wanted), None)


def find(scene: Scene) -> Iterator[Finding]:
    """The new hire, and whoever is or stands in for their manager, on the day."""
    for milestone in milestones(scene, scene.person):
        if _announced(scene, milestone, "newcomer"):
            yield _finding(scene, milestone, "newcomer")
    for milestone in _reports_milestones(scene):
        instead = _overdue_at(scene, milestone)
        asked_for = instead is not None and instead <= scene.now and _said(scene, NAME, "manager", milestone) is None
        if _announced(scene, milestone, "manager") and not asked_for:
            yield _finding(scene, milestone, "manager")


def _reports_milestones(scene: Scene) -> Iterator[Milestone]:
    for person_id in scene.situation.reports:
        newcomer = scene.situation.people.get(person_id)
        if newcomer is not None and listens_for(scene.person, newcomer, scene.situation):
            yield from milestones(scene, newcomer)


def _announced(scene: Scene, milestone: Milestone, stage: str) -> bool:
    """It is fresh or still to come, or was announced and did not take place yet."""
    fresh = milestone.latest and scene.now < milestone.at + FRESH
    return fresh or _said(scene, NAME, stage, milestone) is not None


def _opened(scene: Scene, milestone: Milestone) -> Duty | None:
    newcomer = milestone.newcomer
    if milestone.duty is not None or newcomer.manager_id is None:
        return None
    return Duty(
        id=review_id(newcomer, milestone.day),
        kind=DutyKind.REVIEW,
        person_id=newcomer.id,
        holder_id=newcomer.manager_id,
        opened_at=scene.now,
    )


def _finding(scene: Scene, milestone: Milestone, stage: str) -> Finding:
    own = stage == "newcomer"
    last = milestone.setting.threshold == THIRD  # then the performance objectives are graded
    return Finding(
        rule=NAME,
        stage=stage,
        subject=milestone.subject,
        at=milestone.at,
        policy=milestone.setting.version,
        weight=Weight.OWNER if own else Weight.MANAGER,
        basis=str(milestone.day),
        offers=((Offer.GRADE, Offer.SHOW_GOALS) if last else (Offer.SHOW_GOALS,)) if own else (Offer.DONE,),
        args={"day": milestone.day, "owner": milestone.newcomer.name, **_when(scene, milestone)},
        facts=_facts(milestone, milestone.setting),
        opens=_opened(scene, milestone),
    )


def _when(scene: Scene, milestone: Milestone) -> dict[str, str]:
    """The review's day (`due`, `2026-12-02`), and where it lies for the reader today: it is told on that day, or after leave."""
    today = local_now(scene.person, scene.situation).date()
    time_of = "ahead" if today < milestone.due else "today" if today == milestone.due else "past"
    return {"due": milestone.due.isoformat(), "time": time_of}


def _facts(milestone: Milestone, setting: Setting) -> dict[str, str]:
    started = milestone.newcomer.start_date
    return {
        "owner": milestone.newcomer.name,
        "started": started.isoformat() if started else "",
        "day": str(milestone.day),
        "threshold": setting.value,
    }


def _overdue_at(scene: Scene, milestone: Milestone) -> datetime | None:
    """Two days after the review's day on which both work, or after the manager heard of it where that was later."""
    setting = scene.setting(milestone.newcomer, AFTER)
    if setting.off:
        return None
    told = _said(scene, NAME, "manager", milestone)
    since = milestone.at if told is None else max(milestone.at, told.delivered_at or told.decided_at)
    mine = scene.calendar(scene.person).add(since, setting.span)
    theirs = scene.calendar(milestone.newcomer).add(since, setting.span)
    return None if mine is None or theirs is None else max(mine, theirs)


def overdue(scene: Scene) -> Iterator[Finding]:
    """Whoever is or stands in for the manager, when the review was not marked as held; ever more rarely."""
    for milestone in _reports_milestones(scene):
        at = _overdue_at(scene, milestone)
        asked = _said(scene, OVERDUE, "manager", milestone) is not None
        if at is None or not (asked or (milestone.latest and scene.now < milestone.at + PURSUED)):
            continue
        setting = scene.setting(milestone.newcomer, AFTER)
        yield Finding(
            rule=OVERDUE,
            stage="manager",
            subject=milestone.subject,
            at=at,
            policy=setting.version,
            weight=Weight.MANAGER,
            basis=str(milestone.day),
            again=setting.span if milestone.latest else None,
            offers=(Offer.DONE,),
            args={"day": milestone.day, "owner": milestone.newcomer.name},
            facts=_facts(milestone, setting),
            opens=_opened(scene, milestone),
        )


REVIEW = Rule(
    name=NAME,
    thresholds=(FIRST, SECOND, THIRD),
    recipients=(Recipient.NEWCOMER, Recipient.MANAGER),
    facts=("owner", "started", "day", "threshold"),
    find=find,
    steady=True,
    mutable=True,
)
LATE = Rule(
    name=OVERDUE,
    thresholds=(AFTER,),
    recipients=(Recipient.MANAGER,),
    facts=("owner", "started", "day", "threshold"),
    find=overdue,
    steady=True,
    mutable=True,
)
