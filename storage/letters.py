"""Messages that a platform refused or of which nobody can tell, since HR was told of such ones last. Two queries."""

from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, select

from bot.events import Event, Failure, Ticked
from bot.health import DEAD, LETTERS, Letters, Lost
from bot.rules import registry
from storage.schema import ledger, outbox

BACK = timedelta(days=7)
"""What is older is not told any more."""

_TOLD_AT = select(func.max(outbox.c.decided_at)).where(
    outbox.c.recipient_id == bindparam("person_id"), outbox.c.key.startswith(LETTERS, autoescape=True)
)
_LOST = (
    select(ledger.c.rule, ledger.c.outcome, ledger.c.facts, func.count().label("count"))
    .where(
        ledger.c.at > bindparam("since", type_=ledger.c.at.type),
        ledger.c.at <= bindparam("now", type_=ledger.c.at.type),
        ledger.c.name.in_(["team:undelivered", *(f"nudge:{rule.name}:undelivered" for rule in registry.RULES)]),
        ledger.c.outcome.in_([failure.value for failure in DEAD]),
    )
    .group_by(ledger.c.rule, ledger.c.outcome, ledger.c.facts)
)


def load(connection: Connection, event: Event) -> Letters | None:
    """For a look at what did not arrive; None for every other event."""
    if not isinstance(event, Ticked) or not event.subject.startswith(LETTERS):
        return None
    told_at = connection.scalar(_TOLD_AT, {"person_id": event.subject.removeprefix(LETTERS)})
    since = max(told_at, event.at - BACK) if told_at is not None else event.at - BACK
    lost: dict[tuple[str, str, str], int] = {}
    for row in connection.execute(_LOST, {"since": since, "now": event.at}).mappings():
        # Why nobody can tell is the same for all of them, and said in words of our own log.
        why = row["facts"].get("reason", "") if row["outcome"] == Failure.REFUSED else ""
        what = (row["rule"], row["outcome"], why)
        lost[what] = lost.get(what, 0) + row["count"]
    found = (Lost(rule=rule, failure=Failure(failure), reason=why, count=n) for (rule, failure, why), n in sorted(lost.items()))
    return Letters(told_at=told_at, lost=tuple(found))
