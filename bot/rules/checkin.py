"""`checkin.prompt`, `checkin.reminder`, `checkin.grace`: when a person's week is asked about, asked again, and over."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.model import CheckIn, CheckInState, Goal
from bot.rules.finding import Finding, Weight
from bot.rules.people import zone_of
from bot.rules.rule import Recipient, Rule
from bot.rules.spread import spread
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Unit, ask_instant, coming_periods, iso_period
from bot.scene import Scene

WEEKS_AHEAD = 12
"""How far the next prompt is looked for; a longer absence is looked at again when it is over."""

NOW = "now"
"""In place of a period in a button: cards that outlive a week mean the week in which they are pressed."""

MOST_REMINDERS = 2
"""PRODUCT.md section 2: at most two, then silence."""

WHEN = Threshold(rule="checkin.prompt", name="when", kind=Kind.WEEKLY, default="thu 10:00", may_be_off=True)
FRESH = Threshold(rule="checkin.prompt", name="fresh", kind=Kind.SPAN, default="3d", light="5d", active="2d", low=1, high=10)
FIRST = Threshold(
    rule="checkin.reminder",
    name="first",
    kind=Kind.SPAN,
    default="4h",
    light="1d",
    active="3h",
    unit=Unit.HOURS,
    low=1,
    high=40,
    may_be_off=True,
    below="checkin.reminder.second",
)
SECOND = Threshold(
    rule="checkin.reminder",
    name="second",
    kind=Kind.SPAN,
    default="1d",
    light="off",
    active="1d",
    low=1,
    high=5,
    may_be_off=True,
    above="checkin.reminder.first",
)
GRACE = Threshold(rule="checkin.grace", kind=Kind.SPAN, default="2d", light="3d", active="2d", low=1, high=5)


def current_period(scene: Scene) -> str:
    """The local ISO week of the desk's owner."""
    return iso_period(scene.now, zone_of(scene.person, scene.situation.company))


def subject(scene: Scene, period: str) -> str:
    """What the ledger and messages call the person's check-in of a period."""
    return f"checkin:{scene.person.id}/{period}"


def found_in(scene: Scene, finding: Finding) -> CheckIn | None:
    """The check-in a finding is about, if there is one."""
    return checkin_of(scene, finding.about.rpartition("/")[2])


def checkin_of(scene: Scene, period: str) -> CheckIn | None:
    """The person's check-in of a period, if there is one."""
    return next((checkin for checkin in scene.situation.checkins if checkin.period == period), None)


def is_overtaken(checkins: Iterable[CheckIn], period: str, goal_id: str) -> bool:
    """A later week says already how the goal does: a late answer belongs to its own week and changes nothing today."""
    later = (checkin.answer_for(goal_id) for checkin in checkins if checkin.period > period)
    return any(answer is not None and answer.status is not None for answer in later)


def is_behind(scene: Scene, checkin: CheckIn) -> bool:
    """A later week was asked about, answered or skipped: nothing comes back to this one by itself."""
    later = (one for one in scene.situation.checkins if one.period > checkin.period)
    return any(one.asked_at or one.answered_at or one.state is not CheckInState.OPEN for one in later)


def is_complete(checkin: CheckIn, goals: tuple[Goal, ...]) -> bool:
    """Every active goal has a status in this check-in; without goals, anything said about the week."""
    if not goals:
        return checkin.answered_at is not None
    return all((answer := checkin.answer_for(goal.id)) is not None and answer.status is not None for goal in goals)


def prompt(scene: Scene) -> Iterator[Finding]:
    """The next weekly prompt: one per person and local ISO week, at the policy's weekday and time in their own zone."""
    person = scene.person
    setting = scene.setting(person, WHEN)
    if setting.off:
        return
    calendar = scene.calendar(person)
    weekday, at_time = setting.weekly
    for period in coming_periods(scene.now, calendar.zone, WEEKS_AHEAD):
        checkin = checkin_of(scene, period)
        at = ask_instant(calendar, period, weekday, at_time)
        if at is None or at < person.known_since or (checkin is not None and _was_asked_or_done(scene, checkin, at)):
            continue
        window = scene.situation.send_window // timedelta(minutes=1)
        yield Finding(
            rule="checkin.prompt",
            stage="",
            subject=subject(scene, period),
            basis=period,
            at=spread(person.id, at, scene.situation.send_window, calendar),
            policy=setting.version,
            weight=Weight.CHECKIN,
            facts={"rhythm": setting.value, "period": period, "zone": calendar.zone.key}
            | ({"send_window": f"{window} min"} if window else {}),
        )
        return


def _was_asked_or_done(scene: Scene, checkin: CheckIn, at: datetime) -> bool:
    """Nothing is left to ask at `at`, its slot: by then a new cycle may have begun, with goals nobody has said a word about."""
    if checkin.asked_at is not None or checkin.state is not CheckInState.OPEN:
        return True
    return is_complete(checkin, scene.active_goals_at(max(at, scene.now)))


def everything_fresh(scene: Scene) -> bool:
    """Every active goal was updated in the last days (imports do not count): nothing to ask about."""
    goals = scene.active_goals()
    calendar = scene.calendar(scene.person)
    span = scene.setting(scene.person, FRESH).span
    for goal in goals:
        until = calendar.add(goal.answered_at, span) if goal.answered_at is not None else None
        if until is None or until <= scene.now:
            return False
    return bool(goals)


def reminder(scene: Scene) -> Iterator[Finding]:
    """After the first and second threshold, only if the prompt arrived and nothing was answered."""
    person = scene.person
    checkin = _asked(scene)
    if checkin is None or checkin.state is not CheckInState.OPEN or len(checkin.reminders) >= MOST_REMINDERS:
        return
    upcoming = next(prompt(scene), None)
    wanted = [setting for setting in (scene.setting(person, FIRST), scene.setting(person, SECOND)) if not setting.off]
    for setting in wanted[len(checkin.reminders) :]:
        at = None if checkin.asked_at is None else scene.calendar(person).add(checkin.asked_at, setting.span)
        # After a pause or an outage both may be due: the second one still keeps its distance.
        earlier = max((told.decided_at for told in scene.situation.told if told.key in checkin.reminders), default=None)
        rested = scene.calendar(person).add(earlier, wanted[0].span) if earlier is not None else at
        if at is None or rested is None:
            continue
        at = max(at, rested)
        if upcoming is not None and upcoming.at <= max(at, scene.now):
            return  # by then the new week's question stands in its place
        yield Finding(
            rule="checkin.reminder",
            stage=setting.threshold.name,
            subject=subject(scene, checkin.period),
            basis=f"{checkin.period}-{len(checkin.reminders) + 1}",
            at=at,
            policy=setting.version,
            weight=Weight.REMINDER,
            facts={"after": setting.value, "period": checkin.period},
        )
        return


def snooze(scene: Scene) -> Iterator[Finding]:
    """The person asked to be asked again; holds even when the reminders are used up, and into the next week until its prompt.

    Who was on leave meanwhile starts afresh.
    """
    for checkin in scene.situation.checkins:
        if checkin.snoozed_until is None or checkin.state not in (CheckInState.OPEN, CheckInState.MISSED):
            continue
        if is_behind(scene, checkin):
            continue
        if checkin.period != current_period(scene):
            upcoming = next(prompt(scene), None)
            if upcoming is not None and upcoming.at <= max(checkin.snoozed_until, scene.now):
                continue  # by then the new week's question stands in its place
            if scene.calendar(scene.person).left_since(checkin.snoozed_until, scene.now):
                continue
        yield Finding(
            rule="checkin.reminder",
            stage="snooze",
            subject=subject(scene, checkin.period),
            at=checkin.snoozed_until,
            policy=0,
            weight=Weight.CHECKIN,
            facts={"snoozed": checkin.snoozed_until.isoformat(), "period": checkin.period},
        )


def _asked(scene: Scene) -> CheckIn | None:
    """The newest check-in whose prompt arrived, unless the person put it off."""
    asked = [checkin for checkin in scene.situation.checkins if checkin.asked_at is not None]
    checkin = max(asked, key=lambda checkin: checkin.period, default=None)
    if checkin is None or checkin.snoozed_until is not None:
        return None
    return checkin if _arrived(scene, checkin) else None


def _arrived(scene: Scene, checkin: CheckIn) -> bool:
    """Its prompt is known to have reached the person."""
    return any(
        told.delivered_at is not None and f"checkin:{checkin.id}" in told.subjects and told.rule == "checkin.prompt"
        for told in scene.situation.told
    )


def grace(scene: Scene) -> Iterator[Finding]:
    """The grace time of an unanswered check-in ends: it counts as missed (and can still be answered, as late).

    A question that never arrived is not missed by anybody, nor one before the time at which it was promised to come back.
    """
    for checkin in scene.situation.checkins:
        if checkin.state is CheckInState.OPEN and checkin.grace_ends_at is not None and _arrived(scene, checkin):
            promised = None if is_behind(scene, checkin) else checkin.snoozed_until
            yield Finding(
                rule="checkin.grace",
                stage="",
                subject=subject(scene, checkin.period),
                at=max(checkin.grace_ends_at, promised or checkin.grace_ends_at),
                policy=checkin.policy,
                says=False,
                facts={"period": checkin.period},
            )


def grace_end(scene: Scene, asked_at: datetime) -> datetime | None:
    """When the grace time of a check-in asked at `asked_at` ends."""
    return scene.calendar(scene.person).add(asked_at, scene.setting(scene.person, GRACE).span)


def find_reminders(scene: Scene) -> Iterator[Finding]:
    """The next reminder, and what the person put off themselves."""
    yield from reminder(scene)
    yield from snooze(scene)


PROMPT = Rule(
    name="checkin.prompt",
    thresholds=(WHEN, FRESH),
    recipients=(Recipient.PERSON,),
    facts=("rhythm", "period", "zone", "send_window"),
    find=prompt,
    mutable=True,
)
REMINDER = Rule(
    name="checkin.reminder",
    thresholds=(FIRST, SECOND),
    recipients=(Recipient.PERSON,),
    facts=("after", "period"),
    find=find_reminders,
    mutable=True,
)
GRACE_TIME = Rule(
    name="checkin.grace",
    thresholds=(GRACE,),
    recipients=(Recipient.PERSON,),
    facts=("period",),
    find=grace,
)
