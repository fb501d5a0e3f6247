"""Who cannot be reached, and who is back: the app was taken away, or somebody whom nothing reached is here again.

What never arrived is forgotten, not sent late: the look that follows says what still holds, with today's facts.
"""

from dataclasses import replace

from bot.decision import NOTHING, Decision, Entry
from bot.events import Removed
from bot.flows import checkin as checkins
from bot.flows import dead_letters
from bot.flows.escalation_shown import noted
from bot.model import OVER, CheckIn, CheckInState, Nudged
from bot.scene import Scene

UNREACHABLE = "unreachable"
"""Why a check-in was skipped that never arrived."""


def removed(scene: Scene, event: Removed) -> Decision:
    """At once, not after three refusals: nothing is sent there, and HR hears of it with the others."""
    entry = scene.entry("identity:removed", f"person:{scene.person.id}", outcome=event.by.platform.value)
    return Decision(gone=(event.by,), entries=(entry,), looks=dead_letters.somebody_looks(scene))


def returned(scene: Scene) -> Decision:
    """Here again: this week's question, what rules found and requests that wait are looked at anew, each said once."""
    person, situation = scene.person, scene.situation
    if not situation.returned or scene.actor.id != person.id:
        return NOTHING
    told = {one.key for one in situation.told}  # what arrived or is on its way
    checkin = checkins.current(scene)
    changes: list[Nudged] = [
        replace(row, key="", basis="", times=max(row.times - 1, 0))
        for row in situation.nudged
        if row.recipient_id == person.id and row.key and row.key not in told and not (row.delivered_at or row.done_at)
    ]
    asked_again: list[CheckIn] = []
    entries: list[Entry] = []
    if checkin.state is CheckInState.SKIPPED and checkin.skip_reason == UNREACHABLE:
        again = replace(checkin, state=CheckInState.OPEN, asked_at=None, grace_ends_at=None, skip_reason="", card="")
        asked_again = [again]
        entries = [scene.entry("checkin:reopened", f"checkin:{again.id}", outcome="returned")]
    requests = []
    for one in situation.held:
        seen = tuple(card for card in one.cards if card.person_id != person.id or card.key in told)
        if one.state not in OVER and seen != one.cards:
            requests.append(replace(one, cards=seen, reminded_at=None))
            entries.append(noted(scene, one, "escalation:unseen", outcome="returned"))
    if not (changes or asked_again or requests):
        return NOTHING
    entries.append(scene.entry("identity:returned", f"person:{person.id}", outcome="returned"))
    look = scene.look(scene.now, sooner=True)
    return Decision(changes=(*changes, *asked_again, *requests), entries=tuple(entries), looks=(look,))
