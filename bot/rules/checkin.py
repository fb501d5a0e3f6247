"""`checkin.prompt`, `checkin.reminder`, `checkin.grace`: when a person's week is asked about, asked again, and over."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.model import CheckIn, CheckInState, Goal
from bot.rules.finding import Finding, Weight
from bot.rules.people import zone_of
from bot.rules.worktime import ask_instant, iso_period
from bot.scene import Scene

WEEKS_AHEAD = 12
"""How far the next prompt is looked for; a longer absence is looked at again when it is over."""

NOW = "now"
"""In place of a period in a button: cards that outlive a week mean the week in which they are pressed."""

MOST_REMINDERS = 2
"""PRODUCT.md section 2: at most two, then silence."""


def current_period(scene: Scene) -> str:
    """The local ISO week of the desk's owner."""
    return iso_period(scene.now, zone_of(scene.person, scene.situation.company))


def checkin_of(scene: Scene, period: str) -> CheckIn | None:
    """The person's check-in of a period, if there is one."""
    return next((checkin for checkin in scene.situation.checkins if checkin.period == period), None)


def is_complete(checkin: CheckIn, goals: tuple[Goal, ...]) -> bool:
    """Every active goal has a status in this check-in; without goals, anything said about the week."""
    if not goals:
        return checkin.answered_at is not None
    return all((answer := checkin.answer_for(goal.id)) is not None and answer.status is not None for goal in goals)


def prompt(scene: Scene) -> Iterator[Finding]:
    """The next weekly prompt: one per person and local ISO week, at the policy's weekday and time in their own zone."""
    person = scene.person
    setting = scene.setting(person, "checkin.prompt.when")
    if setting.off:
        return
    calendar = scene.calendar(person)
    weekday, at_time = setting.weekly
    for week in range(WEEKS_AHEAD):
        period = iso_period(scene.now + timedelta(weeks=week), calendar.zone)
        checkin = checkin_of(scene, period)
        if checkin is not None and _was_asked_or_done(scene, checkin):
            continue
        at = ask_instant(calendar, period, weekday, at_time)
        if at is None or at < person.known_since:
            continue
        yield Finding(
            rule="checkin.prompt",
            stage="",
            about=period,
            at=at,
            policy=setting.version,
            weight=Weight.CHECKIN,
            facts={"rhythm": setting.value, "period": period, "zone": calendar.zone.key},
        )
        return


def _was_asked_or_done(scene: Scene, checkin: CheckIn) -> bool:
    if checkin.asked_at is not None or checkin.state is not CheckInState.OPEN:
        return True
    return is_complete(checkin, scene.active_goals())


def everything_fresh(scene: Scene) -> bool:
    """Every active goal was updated in the last days (imports do not count): nothing to ask about."""
    goals = scene.active_goals()
    calendar = scene.calendar(scene.person)
    span = scene.setting(scene.person, "checkin.prompt.fresh").span
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
    for stage in ("first", "second")[len(checkin.reminders) :]:
        setting = scene.setting(person, f"checkin.reminder.{stage}")
        at = None if setting.off or checkin.asked_at is None else scene.calendar(person).add(checkin.asked_at, setting.span)
        if at is None:
            continue
        yield Finding(
            rule="checkin.reminder",
            stage=stage,
            about=checkin.period,
            at=at,
            policy=setting.version,
            weight=Weight.REMINDER,
            facts={"after": setting.value, "period": checkin.period},
        )
        return


def snooze(scene: Scene) -> Iterator[Finding]:
    """The person asked to be asked again; holds even when the reminders are used up."""
    for checkin in scene.situation.checkins:
        if checkin.snoozed_until is None or checkin.state not in (CheckInState.OPEN, CheckInState.MISSED):
            continue
        if checkin.period != current_period(scene):
            continue
        yield Finding(
            rule="checkin.reminder",
            stage="snooze",
            about=checkin.period,
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
    arrived = any(
        told.delivered_at is not None and f"checkin:{checkin.id}" in told.subjects and told.rule == "checkin.prompt"
        for told in scene.situation.told
    )
    return checkin if arrived else None


def grace(scene: Scene) -> Iterator[Finding]:
    """The grace time of an unanswered check-in ends: it counts as missed (and can still be answered, as late)."""
    for checkin in scene.situation.checkins:
        if checkin.state is CheckInState.OPEN and checkin.grace_ends_at is not None:
            yield Finding(
                rule="checkin.grace",
                stage="",
                about=checkin.period,
                at=checkin.grace_ends_at,
                policy=checkin.policy,
                says=False,
                facts={"period": checkin.period},
            )


def grace_end(scene: Scene, asked_at: datetime) -> datetime | None:
    """When the grace time of a check-in asked at `asked_at` ends."""
    return scene.calendar(scene.person).add(asked_at, scene.setting(scene.person, "checkin.grace").span)
