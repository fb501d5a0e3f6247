"""Which events may share a transaction: what is decided about one must not be among the facts of the other.

A decision *moves* names (of people, goals, duties, requests, messages, agenda rows); a situation *rests on* names. Where
the two have none in common, the situation loaded before the decision was written is the one loaded after it.
"""

from collections.abc import Set

from bot.decision import Decision, Look
from bot.events import Delivered, Event, Failure, Undelivered
from bot.model import CheckIn, Duty, Escalation, Nudged
from bot.rules.checkin import PROMPT, REMINDER
from bot.situation import Situation

OWN_RULES = frozenset({"", PROMPT.name, REMINDER.name})
"""Rules whose messages are about the recipient's own check-ins, and no rule: answers, of which nobody needs to hear."""


def moved(decision: Decision) -> Set[str] | None:
    """The names of all that changes. None: what changes may be known at any desk (a person, a policy, a goal)."""
    names = {message.to for message in decision.messages}
    names.update(message.key for message in decision.messages)
    names.update(change.key for change in decision.withdrawals)
    if decision.links or decision.unlinks or decision.moves or decision.gone:
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


def is_own(event: Delivered | Undelivered, rule: str | None) -> bool:
    """Whether a report rests on and moves only what is its recipient's own; `rule` is its message's, None: any.

    What follows from the arrival of somebody's question or reminder are lines in the ledger, their check-in and their next
    look; from that of an answer or an edit, nothing. So reports to different people have nothing in common: none is
    decided on what another one moved, and none has to know more than its recipient. Other messages start clocks at other
    desks (a manager's lead, a request), and whoever is gone, or whose message is refused, is news for HR.
    """
    if isinstance(event, Undelivered):
        return event.failure is Failure.EXPIRED and rule in OWN_RULES
    return event.edited or rule in OWN_RULES


def kept_to(person_id: str, decision: Decision) -> bool:
    """Whether a decision moves nothing but what is this person's own."""
    names = moved(decision)
    return names is not None and names <= {person_id, f"desk:{person_id}"}
