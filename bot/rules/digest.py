"""`manager.digest`: when a manager hears what can wait, once a week in one message. The lines themselves are other rules'."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.model import Person
from bot.rules import policy
from bot.rules.finding import Finding
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import Unit, ask_instant, coming_periods
from bot.scene import Scene

NAME = "manager.digest"
STAGE = "digest"
"""The stage of every finding that waits for the digest."""

WEEKS_AHEAD = 12
"""How far the next digest is looked for; a longer absence is looked at again when it is over."""

WHEN = Threshold(rule=NAME, name="when", kind=Kind.WEEKLY, default="tue 10:00", may_be_off=True)
GATHER = Threshold(
    rule=NAME, name="gather", kind=Kind.SPAN, default="off", light="5d", active="off", low=1, high=5, may_be_off=True
)

GATHERED = frozenset({("goal.stalled", "manager"), ("one_on_one.open_items", "holder"), ("review.overdue", "manager")})
"""What waits for a digest that is near, where HR wants that: rule and stage. Decisions and approvals never do, somebody waits."""

LISTED = GATHERED
"""What a digest names again while it is still true, though its manager was told before. Its own lines repeat themselves."""

ORDER = (
    ("goal.approval", ""),
    ("goal.stalled", "manager"),
    ("goal.flatline", "manager"),
    ("goal.off_pace", STAGE),
    ("checkin.missed", STAGE),
    ("blocker.unresolved", ""),
    ("one_on_one.open_items", ""),
    ("review.overdue", ""),
    ("kpo.review", "manager"),
)
"""In which order a digest says what it has to say, by rule and (where it is named) stage; what is not named comes last."""


def is_locked(scene: Scene, person: Person) -> bool:
    """HR fixed the time: a manager's own wish does not count."""
    return policy.lock_over(scene.situation.policies, policy.scopes_of(person), WHEN) is not None


def when_of(scene: Scene, person: Person) -> str:
    """When a person's digest comes, `tue 10:00` or `off`: their own wish, else what HR set."""
    wish = person.digest_when
    return wish if wish and not is_locked(scene, person) else scene.setting(person, WHEN).value


def digest_at(scene: Scene, since: datetime) -> datetime | None:
    """The first digest at or after `since` in the time of the desk's owner, always polite.

    None: HR switched it off and they wish for none, or the leave is long.
    """
    when = when_of(scene, scene.person)
    if when == "off":
        return None
    calendar = scene.calendar(scene.person)
    since = max(since, scene.person.known_since)
    day, at_time = when.split(" ")
    for period in coming_periods(since, calendar.zone, WEEKS_AHEAD):
        at = ask_instant(calendar, period, policy.SHORT_DAYS.index(day), time.fromisoformat(at_time))
        if at is not None and at >= since:
            return at
    return None


def last_digest(scene: Scene) -> datetime | None:
    """The latest moment for a digest that has come; None: there was none in the last week."""
    last, following = None, digest_at(scene, scene.now - timedelta(days=7))
    while following is not None and following <= scene.now:
        last, following = following, digest_at(scene, following + timedelta(minutes=1))
    return last


def gathered_at(scene: Scene, finding: Finding, at: datetime) -> datetime:
    """From when on it is said: at the next digest, where that is near enough for it to wait; else when it holds."""
    setting = scene.setting(scene.person, GATHER)
    if (finding.rule, finding.stage) not in GATHERED or setting.off or not scene.situation.reports:
        return at
    calendar = scene.calendar(scene.person)
    following, until = digest_at(scene, at), calendar.add(at, setting.span)
    if following is None or until is None:
        return at
    # Two days before a digest on Tuesday is Friday, at whatever hour.
    near = (
        until >= following
        if setting.span.unit is Unit.HOURS
        else calendar.local(until).date() >= calendar.local(following).date()
    )
    return following if near else at


def is_one(scene: Scene, due: Sequence[Finding]) -> bool:
    """What is due is to be said as a digest: something in it has waited for this one."""
    last = last_digest(scene) if scene.situation.reports else None
    return last is not None and any(one.stage == STAGE or one.at == last for one in due)


def place(finding: Finding) -> int:
    """Its place in a digest."""
    names = ((finding.rule, finding.stage), (finding.rule, ""))
    return next((number for number, one in enumerate(ORDER) if one in names), len(ORDER))


RULE = Rule(name=NAME, thresholds=(WHEN, GATHER), recipients=(Recipient.MANAGER,), facts=("parts",))
