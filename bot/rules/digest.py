"""`manager.digest`: when a manager hears what can wait, once a week in one message. The lines themselves are other rules'."""

from datetime import datetime

from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import ask_instant, coming_periods
from bot.scene import Scene

NAME = "manager.digest"
STAGE = "digest"
"""The stage of every finding that waits for the digest."""

WEEKS_AHEAD = 12
"""How far the next digest is looked for; a longer absence is looked at again when it is over."""

WHEN = Threshold(rule=NAME, name="when", kind=Kind.WEEKLY, default="tue 10:00", may_be_off=True)


def digest_at(scene: Scene, since: datetime) -> datetime | None:
    """The first digest at or after `since` in the time of the desk's owner, always polite.

    None: HR switched it off, or the leave is long.
    """
    setting = scene.setting(scene.person, WHEN)
    if setting.off:
        return None
    calendar = scene.calendar(scene.person)
    since = max(since, scene.person.known_since)
    weekday, at_time = setting.weekly
    for period in coming_periods(since, calendar.zone, WEEKS_AHEAD):
        at = ask_instant(calendar, period, weekday, at_time)
        if at is not None and at >= since:
            return at
    return None


RULE = Rule(name=NAME, thresholds=(WHEN,), recipients=(Recipient.MANAGER,))
