"""What HR was not told of yet: messages that were refused or are in doubt, people whom nothing reaches, workspaces that ended.

A few queries, when somebody in HR is to be told.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select

from bot.events import Event, Failure, Ticked
from bot.health import DEAD, LETTERS, Letters, Lone, Lost, why
from bot.rules import registry
from storage.effects import look_at_all
from storage.schema import HR_ADMIN, address, ledger, outbox, person, slack_workspace

BACK = timedelta(days=7)
"""What is older is not told any more."""
KNOWN_FOR = timedelta(days=28)
"""Who was told of so long before is known, and only counted; whoever was lost earlier is told of no more."""

_UNDELIVERED = [f"nudge:{rule.name}:undelivered" for rule in registry.RULES]
_TOLD_AT = select(func.max(outbox.c.decided_at)).where(
    outbox.c.recipient_id == bindparam("person_id"), outbox.c.key.startswith(LETTERS, autoescape=True)
)
_LATELY = and_(
    ledger.c.at > bindparam("since", type_=ledger.c.at.type),
    ledger.c.at <= bindparam("now", type_=ledger.c.at.type),
)
_LOST = (
    select(ledger.c.rule, ledger.c.outcome, ledger.c.facts, func.count().label("count"))
    .where(
        _LATELY,
        ledger.c.name.in_(["team:undelivered", *_UNDELIVERED]),
        ledger.c.outcome.in_([failure.value for failure in DEAD]),
    )
    .group_by(ledger.c.rule, ledger.c.outcome, ledger.c.facts)
)
REMOVED = "identity:removed"
_IS_GONE = or_(and_(ledger.c.name.in_(_UNDELIVERED), ledger.c.outcome == Failure.GONE.value), ledger.c.name == REMOVED)
_GONE = select(ledger.c.person_id, func.max(ledger.c.at).label("at")).where(_LATELY, _IS_GONE).group_by(ledger.c.person_id)
_REASONS = select(ledger.c.person_id, ledger.c.name, ledger.c.facts).where(
    _LATELY, _IS_GONE, ledger.c.person_id.in_(bindparam("people", expanding=True))
)
_way = address.alias("way")
_HAS_WAY = exists().where(_way.c.person_id == person.c.id, _way.c.gone_count == 0)
_ALONE = (
    select(
        person.c.id,
        person.c.name,
        person.c.email,
        func.max(address.c.last_seen).label("seen"),
        func.count(address.c.user).label("accounts"),
    )
    .outerjoin(address, address.c.person_id == person.c.id)
    .where(
        person.c.id.in_(bindparam("people", expanding=True)),
        or_(person.c.end_date.is_(None), person.c.end_date >= bindparam("today")),
        ~_HAS_WAY,
    )
    .group_by(person.c.id, person.c.name, person.c.email)
)
_ENDED = (
    select(slack_workspace.c.name)
    .where(
        slack_workspace.c.removed != "",
        slack_workspace.c.id != slack_workspace.c.enterprise,
        slack_workspace.c.changed_at > bindparam("since", type_=slack_workspace.c.changed_at.type),
        slack_workspace.c.changed_at <= bindparam("now", type_=slack_workspace.c.changed_at.type),
    )
    .order_by(slack_workspace.c.name)
)
TOLD, GATHERED = 3, timedelta(minutes=15)
"""So many HR admins hear of a workspace that ended, a little later: `bot.flows.dead_letters` tells them at a polite time."""
SOME = 500
"""People asked about at once."""


def load(connection: Connection, event: Event) -> Letters | None:
    """For a look at what did not arrive; None for every other event."""
    if not isinstance(event, Ticked) or not event.subject.startswith(LETTERS):
        return None
    told_at = connection.scalar(_TOLD_AT, {"person_id": event.subject.removeprefix(LETTERS)})
    since = max(told_at, event.at - BACK) if told_at is not None else event.at - BACK
    lost: dict[tuple[str, str, str], int] = {}
    for row in connection.execute(_LOST, {"since": since, "now": event.at}).mappings():
        # Why nobody can tell is the same for all of them, and said in words of our own log.
        reason = row["facts"].get("reason", "") if row["outcome"] == Failure.REFUSED else ""
        what = (row["rule"], row["outcome"], reason)
        lost[what] = lost.get(what, 0) + row["count"]
    found = (Lost(rule=rule, failure=Failure(failure), reason=said, count=n) for (rule, failure, said), n in sorted(lost.items()))
    alone, still = _alone(connection, told_at, event.at)
    ended = tuple(connection.scalars(_ENDED, {"since": since, "now": event.at}))
    return Letters(told_at=told_at, lost=tuple(found), alone=alone, still=still, ended=ended)


def workspace_ended(connection: Connection, now: datetime) -> None:
    """Somebody in HR looks at it soon: Rondo was removed from a workspace."""
    admins = select(person.c.id).where(HR_ADMIN, or_(person.c.end_date.is_(None), person.c.end_date >= now.date()))
    look_at_all(connection, person.c.id.in_(admins.order_by(person.c.id).limit(TOLD)), now + GATHERED, of=LETTERS)


def _alone(connection: Connection, told_at: datetime | None, now: datetime) -> tuple[tuple[Lone, ...], int]:
    """Whom nothing reaches any more, by name, and how many others somebody was told of before, whom nothing reaches still."""
    oldest = now - KNOWN_FOR  # unlike a message, a person is not over after a week: an outage may have been longer
    lately = {"since": oldest if told_at is None else max(told_at, oldest), "now": now}
    found = {row.person_id for row in connection.execute(_GONE, lately)}
    if not found:
        return (), 0
    known: dict[str, datetime] = {}
    if told_at is not None:
        before = {"since": told_at - KNOWN_FOR, "now": told_at}
        known = {row.person_id: row.at for row in connection.execute(_GONE, before)}
    ids = sorted(found | known.keys())
    new: list[Any] = []
    still = 0
    for start in range(0, len(ids), SOME):
        asked = {"people": ids[start : start + SOME], "today": now.date()}
        for one in connection.execute(_ALONE, asked):
            earlier = known.get(one.id)
            is_known = earlier is not None and (one.seen is None or one.seen <= earlier)  # and was not here in between
            still += is_known
            new += [one] if one.id in found and not is_known else []
    return _described(connection, new, lately), still


def _described(connection: Connection, new: list[Any], lately: dict[str, datetime]) -> tuple[Lone, ...]:
    reasons: dict[str, list[str]] = defaultdict(list)
    removed: set[str] = set()
    for start in range(0, len(new), SOME):
        for row in connection.execute(_REASONS, lately | {"people": [one.id for one in new[start : start + SOME]]}):
            removed.update([row.person_id] if row.name == REMOVED else [])
            reasons[row.person_id] += [row.facts.get("reason", "")] if row.name != REMOVED else []
    found = (
        Lone(
            name=one.name,
            email=one.email,
            why=why(reasons[one.id], removed=one.id in removed, has_account=one.accounts > 0),
        )
        for one in new
    )
    return tuple(sorted(found, key=lambda one: (one.name, one.email)))
