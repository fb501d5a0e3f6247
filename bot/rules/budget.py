"""`budget.per_day`, `budget.per_week`: how many messages a person may still get; escalations are not counted."""

from datetime import datetime, time, timedelta

from bot.rules.people import zone_of
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.rules.worktime import localize
from bot.scene import Scene

NOT_COUNTED = frozenset({"goal.commitment_at_risk", "escalation.acknowledge", "escalation.decide"})

PER_DAY = Threshold(rule="budget.per_day", kind=Kind.COUNT, counts="messages", default="2", light="1", active="3", low=1, high=20)
PER_WEEK = Threshold(
    rule="budget.per_week", kind=Kind.COUNT, counts="messages", default="6", light="4", active="10", low=1, high=100
)


def left(scene: Scene) -> int:
    """Messages Rondo may still start toward the desk's owner now: per local day, and in any seven days."""
    today, week = _spent(scene)
    return min(scene.setting(scene.person, PER_DAY).count - len(today), scene.setting(scene.person, PER_WEEK).count - len(week))


def free_from(scene: Scene) -> datetime:
    """From when on another message may be started toward the desk's owner, if none is until then; now, where one may be."""
    today, week = _spent(scene)
    free = [scene.now]
    if len(today) >= scene.setting(scene.person, PER_DAY).count:
        zone = zone_of(scene.person, scene.situation.company)
        free.append(localize(scene.now.astimezone(zone).date() + timedelta(days=1), time(), zone))
    over = len(week) - scene.setting(scene.person, PER_WEEK).count
    if over >= 0:
        free.append(week[over] + timedelta(days=7))
    return max(free)


def _spent(scene: Scene) -> tuple[list[datetime], list[datetime]]:
    """When messages were started toward the desk's owner today where they are, and in the last seven days; oldest first."""
    person = scene.person
    zone = zone_of(person, scene.situation.company)
    counted = sorted(told.decided_at for told in scene.situation.told if told.to == person.id and told.rule not in NOT_COUNTED)
    today = scene.now.astimezone(zone).date()
    this_day = [at for at in counted if at.astimezone(zone).date() == today]
    return this_day, [at for at in counted if at > scene.now - timedelta(days=7)]


DAY = Rule(name=PER_DAY.rule, thresholds=(PER_DAY,), recipients=(Recipient.PERSON,), facts=("decided_at",))
WEEK = Rule(name=PER_WEEK.rule, thresholds=(PER_WEEK,), recipients=(Recipient.PERSON,), facts=("decided_at",))
