"""`one_on_one.open_items`: what was put on the list for the next 1:1 and was not talked about yet.

Where a time for the 1:1 is agreed on, its agenda says so instead (`bot.rules.agenda`).
"""

from collections.abc import Iterator

from bot.model import Duty, DutyKind
from bot.rules import agenda
from bot.rules.finding import Finding, Offer, Weight
from bot.rules.meetings import next_one
from bot.rules.people import works_here
from bot.rules.rule import Recipient, Rule
from bot.rules.threshold import Kind, Threshold
from bot.scene import Scene

NAME = "one_on_one.open_items"
OPEN = Threshold(rule=NAME, kind=Kind.SPAN, default="7d", light="10d", active="5d", low=1, high=60, may_be_off=True)


def find(scene: Scene) -> Iterator[Finding]:
    """Whoever leads the 1:1, once the item was open for 7 days on which both of them worked."""
    for duty in scene.situation.duties:
        if duty.kind is not DutyKind.ONE_ON_ONE or duty.done_at is not None or agenda.leader_of(scene, duty) != scene.person.id:
            continue
        other = scene.situation.people.get(duty.person_id)
        setting = scene.setting(scene.person, OPEN)
        if setting.off or other is None or not works_here(other, scene.situation) or _has_agenda(scene, duty):
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
            args={"owner": other.name, "asked": "yes" if duty.answers.get("by") == other.id else "no"},
            facts={"owner": other.name, "since": duty.opened_at.isoformat(), "threshold": setting.value},
        )


def _has_agenda(scene: Scene, duty: Duty) -> bool:
    """The next 1:1 of the two has a time, and an agenda is told before it."""
    report = scene.situation.people[duty.person_id]
    if report.manager_id != scene.person.id or scene.setting(report, agenda.BEFORE).off:
        return False
    muted = any(mute.rule == agenda.NAME for mute in scene.person.mutes)
    return not muted and next_one(scene, scene.person, report) is not None


RULE = Rule(
    name=NAME,
    thresholds=(OPEN,),
    recipients=(Recipient.MANAGER,),
    facts=("owner", "since", "threshold"),
    find=find,
    steady=True,
    mutable=True,
)
