"""`budget.per_day`, `budget.per_week`: how many messages a person may still get; escalations are not counted."""

from datetime import timedelta

from bot.rules.people import zone_of
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.scene import Scene

NOT_COUNTED = frozenset({"goal.commitment_at_risk", "escalation.acknowledge", "escalation.decide"})

PER_DAY = Threshold(rule="budget.per_day", kind=Kind.COUNT, counts="messages", default="2", light="1", active="3", low=1, high=20)
PER_WEEK = Threshold(
    rule="budget.per_week", kind=Kind.COUNT, counts="messages", default="6", light="4", active="10", low=1, high=100
)


def left(scene: Scene) -> int:
    """Messages Rondo may still start toward the desk's owner now: per local day, and in any seven days."""
    person = scene.person
    zone = zone_of(person, scene.situation.company)
    counted = [told.decided_at for told in scene.situation.told if told.to == person.id and told.rule not in NOT_COUNTED]
    today = scene.now.astimezone(zone).date()
    this_day = sum(at.astimezone(zone).date() == today for at in counted)
    seven_days = sum(at > scene.now - timedelta(days=7) for at in counted)
    return min(scene.setting(person, PER_DAY).count - this_day, scene.setting(person, PER_WEEK).count - seven_days)


DAY = Rule(name=PER_DAY.rule, thresholds=(PER_DAY,), recipients=(Recipient.PERSON,), facts=("decided_at",))
WEEK = Rule(name=PER_WEEK.rule, thresholds=(PER_WEEK,), recipients=(Recipient.PERSON,), facts=("decided_at",))
