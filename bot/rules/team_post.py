"""`team.post` and `team.summary`: when a team's channel gets its weekly post and, after a month, its summary.

Both are opt-in: they are due only where somebody named a channel. The hours and the zone are those of whoever did, as if
they were never away.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.model import Channel, Scope, ScopeKind
from bot.rules import policy
from bot.rules.policy import COMPANY, Setting
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Calendar, ask_instant, coming_periods, iso_period, localize, period_start
from bot.scene import Scene

NAME = "team.post"
SUMMARY = "team.summary"
WHEN = Threshold(rule=NAME, name="when", kind=Kind.WEEKLY, default="fri 15:00", may_be_off=True)
MONTHLY = Threshold(rule=SUMMARY, kind=Kind.SWITCH, default="on", may_be_off=True)

SUMMARY_AT = time(10)
"""Local time at which a summary goes out on the month's first working day."""
LATEST = timedelta(days=5)
"""After an outage a summary may come so late; then the month is long over."""
WEEKS_AHEAD = 8


def hours(scene: Scene, channel: Channel) -> Calendar:
    """The working time that counts for a channel: a team goes on while one of them is on leave, or has left."""
    opener = scene.situation.people.get(channel.opened_by, scene.person)
    return replace(scene.calendar(opener), absences=(), half_days=(), first_day=None, last_day=None)


def scopes(scene: Scene, team: str) -> tuple[Scope, ...]:
    """The scopes that hold for a team, most specific first; its department only where all of them sit in it."""
    crew = scene.situation.crew
    people = (scene.situation.people.get(one) for one in (crew.members if crew is not None else ()))
    departments = {one.department for one in people if one is not None}
    inside = [Scope(ScopeKind.DEPARTMENT, one) for one in departments if one and len(departments) == 1]
    return (Scope(ScopeKind.TEAM, team), *inside, COMPANY)


def setting(scene: Scene, team: str, threshold: Threshold) -> Setting:
    """The value of a threshold in force for a team."""
    return policy.in_force(scene.situation.policies, scopes(scene, team), threshold)


def is_paused(scene: Scene, team: str) -> bool:
    """HR has paused Rondo for the team."""
    return policy.pause_over(scene.situation.policies, scopes(scene, team)) is not None


def week_of(scene: Scene, channel: Channel) -> str:
    """The week it is where the channel's hours are reckoned, such as `2026-W47`."""
    return iso_period(scene.now, hours(scene, channel).zone)


def is_current(scene: Scene, channel: Channel) -> bool:
    """The newest post is that of this week or the last one: late answers to it still come."""
    if not channel.on or not channel.posted:
        return False
    return period_start(channel.posted) >= period_start(week_of(scene, channel)) - timedelta(days=7)


def posts(scene: Scene, channel: Channel, since: datetime) -> Iterator[tuple[str, datetime]]:
    """The weeks from `since` on with the instant at which each is posted, not before the channel was named."""
    value = setting(scene, channel.team, WHEN)
    if value.off or not channel.on:
        return
    calendar = hours(scene, channel)
    weekday, at_time = value.weekly
    for week in coming_periods(since, calendar.zone, WEEKS_AHEAD):
        at = ask_instant(calendar, week, weekday, at_time)
        if at is not None and at >= channel.at:
            yield week, at


def next_post(scene: Scene, channel: Channel) -> datetime | None:
    """The next instant after now at which a week is posted; None: HR switched it off, or nobody works for long."""
    return next((at for _, at in posts(scene, channel, scene.now) if at > scene.now), None)


def summaries(scene: Scene, channel: Channel) -> Iterator[tuple[date, datetime]]:
    """This month's summary and the next one: the first day of the month each is about, and when it is due."""
    if setting(scene, channel.team, MONTHLY).off or not channel.on:
        return
    calendar = hours(scene, channel)
    this = calendar.local(scene.now).date().replace(day=1)
    for first in (this, month_after(this)):
        windows = ((first + timedelta(days=n), calendar.polite_window(first + timedelta(days=n))) for n in range(20))
        day, window = next(((day, window) for day, window in windows if window is not None), (first, None))
        if window is None:
            continue
        wanted = localize(day, SUMMARY_AT, calendar.zone)
        at = wanted if window[0] <= wanted < window[1] else window[0]
        if at >= channel.at:
            yield month_before(first), at


def month_after(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)


def month_before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


RULE = Rule(name=NAME, thresholds=(WHEN,), recipients=(Recipient.TEAM,), facts=("team", "posted"))
SUMMARY_RULE = Rule(name=SUMMARY, thresholds=(MONTHLY,), recipients=(Recipient.TEAM,), facts=("team", "month"))
