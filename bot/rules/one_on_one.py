"""`one_on_one.open_items`: what was put on the list for the next 1:1 (*Talk first*) and was not talked about yet."""

from collections.abc import Iterator

from bot.model import DutyKind
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.people import works_here
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.scene import Scene

NAME = "one_on_one.open_items"
OPEN = Threshold(rule=NAME, kind=Kind.SPAN, default="7d", light="10d", active="5d", low=1, high=60, may_be_off=True)


def find(scene: Scene) -> Iterator[Finding]:
    """Whoever wanted to talk, once the item was open for 7 days on which both of them worked."""
    for duty in scene.situation.duties:
        if duty.kind is not DutyKind.ONE_ON_ONE or duty.done_at is not None or duty.holder_id != scene.person.id:
            continue
        other = scene.situation.people.get(duty.person_id)
        setting = scene.setting(scene.person, OPEN)
        if setting.off or other is None or not works_here(other, scene.situation):
            continue
        mine = scene.calendar(scene.person).add(duty.opened_at, setting.span)
        theirs = scene.calendar(other).add(duty.opened_at, setting.span)
        if mine is None or theirs is None:
            continue
        yield Finding(
            rule=NAME,
            stage="holder",
            subject=f"duty:{duty.id}",
            at=max(mine, theirs),
            policy=setting.version,
            weight=Weight.MANAGER,
            basis=f"{duty.opened_at:%Y%m%dT%H%M%S}",
            offers=(Offer.DONE,),
            args={"owner": other.name},
            facts={"owner": other.name, "since": duty.opened_at.isoformat(), "threshold": setting.value},
        )


RULE = Rule(
    name=NAME,
    thresholds=(OPEN,),
    recipients=(Recipient.MANAGER,),
    facts=("owner", "since", "threshold"),
    find=find,
    mutable=True,
)
