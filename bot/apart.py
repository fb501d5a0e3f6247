"""Which desks may be looked at side by side: what is decided at one must not be among the facts of the other.

A decision *moves* names (of people, goals, duties, requests, messages, agenda rows); a situation *rests on* names. Where
the two have none in common, the situation loaded before the decision was written is the one loaded after it.
"""

from collections.abc import Set

from bot.decision import Decision, Look
from bot.events import Event
from bot.model import CheckIn, Duty, Escalation, Nudged
from bot.situation import Situation


def moved(decision: Decision) -> Set[str] | None:
    """The names of all that changes. None: what changes may be known at any desk (a person, a policy, a goal)."""
    names = {message.to for message in decision.messages}
    names.update(message.key for message in decision.messages)
    names.update(change.key for change in decision.withdrawals)
    if decision.links:
        return None
    for look in decision.looks:
        if not isinstance(look, Look):
            return None
        names.add(look.subject)
    for change in decision.changes:
        match change:
            case CheckIn():
                names.add(change.person_id)
            case Nudged():
                names.update((change.recipient_id, change.subject))
            case Duty():
                names.update((f"duty:{change.id}", change.person_id, change.holder_id, change.next_holder_id))
            case Escalation():
                names.update((f"escalation:{change.id}", change.owner_id, change.holder_id))
            case _:
                return None
    return names


def rests_on(event: Event, situation: Situation) -> Set[str]:
    """The names of what may stand there or be missing: the look's own row, whose facts they are, and all that has a name.

    Only for a look at a desk: other events know more (a team, somebody's numbers, who else has a name like that).
    """
    me = situation.person.id if situation.person is not None else ""
    names = {getattr(event, "subject", ""), me, *situation.reports}
    names.update(f"person:{one}" for one in situation.reports)
    names.update(message.key for message in situation.told)
    names.update(f"goal:{goal.id}" for goal in (*situation.goals, *situation.reports_goals))
    names.update(f"duty:{duty.id}" for duty in situation.duties)
    for asked in (*situation.escalations, *situation.held, *situation.told_of):
        names.update((f"escalation:{asked.id}", asked.owner_id))
    return names
