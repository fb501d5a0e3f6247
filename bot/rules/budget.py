"""How many messages a person may still get: two a local day, six in any seven days, escalations not counted."""

from datetime import timedelta

from bot.rules.people import zone_of
from bot.scene import Scene

NOT_COUNTED = frozenset({"goal.commitment_at_risk", "escalation.acknowledge", "escalation.decide"})


def left(scene: Scene) -> int:
    """Messages Rondo may still start toward the desk's owner now."""
    person = scene.person
    zone = zone_of(person, scene.situation.company)
    counted = [told.decided_at for told in scene.situation.told if told.to == person.id and told.rule not in NOT_COUNTED]
    today = scene.now.astimezone(zone).date()
    this_day = sum(at.astimezone(zone).date() == today for at in counted)
    seven_days = sum(at > scene.now - timedelta(days=7) for at in counted)
    return min(
        scene.setting(person, "budget.per_day").count - this_day,
        scene.setting(person, "budget.per_week").count - seven_days,
    )
