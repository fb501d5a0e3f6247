"""What was lost and what was doubled: the database's word for every message against what people see of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine, RowMapping, func, select

from scheduler.post import RESENDS
from storage.engine import reading
from storage.schema import OutboxState, ledger, outbox
from tests.chaos.company import RULE, Kind, Sent
from tests.chaos.platforms import Copy

NEVER_SEEN = (OutboxState.REFUSED, OutboxState.EXPIRED)


@dataclass
class Tally:
    """One kind of message. `faults` are sentences about broken promises; all else is counted for the reader."""

    messages: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: int = 0  # neither visible nor settled as refused, expired or unknown
    lies: int = 0  # `sent`, and nobody sees it, or not its newest revision
    doubled: int = 0  # seen more than once
    unknown_unseen: int = 0  # `unknown`, and it did not arrive
    unexplained: int = 0  # `unknown` without a crash or an unclear answer
    faults: list[str] = field(default_factory=list)


def judged(engine: Engine, sent: Iterable[Sent], copies: Iterable[Copy], explained: set[str] | None) -> dict[Kind, Tally]:
    """A tally per kind. `explained`: keys that were under way at a kill, or got no clear answer; None: anything may have been."""
    seen: Mapping[int, list[Copy]] = defaultdict(list)
    for copy in copies:
        seen[copy.number].append(copy)
    rows, told = _rows(engine)
    tallies = {kind: Tally() for kind in Kind}
    for message in sent:
        tally = tallies[message.kind]
        tally.messages += 1
        row = rows.get(message.key)
        if row is None:
            tally.lost += 1
            tally.faults.append(f"{message.key}: decided, and not in the outbox")
            continue
        tally.states[row["state"].value] += 1
        for fault in _judge(message, row, seen[message.number], tally, explained):
            tally.faults.append(f"{message.key} ({row['state'].value}, {row['reason']!r}): {fault}")
        if told[message.key] > 1:
            tally.faults.append(f"{message.key}: its delivery was taken {told[message.key]} times")
    return tallies


def _judge(message: Sent, row: RowMapping, copies: list[Copy], tally: Tally, explained: set[str] | None) -> Iterable[str]:
    state: OutboxState = row["state"]
    if row["ready_at"] is not None:
        tally.lost += not copies
        yield "never settled"
    if len(copies) > 1:
        tally.doubled += 1
        if message.kind is not Kind.REPEATED or len(copies) > 2:
            yield f"{len(copies)} copies"
    if state is OutboxState.SENT:
        shown = [copy for copy in copies if row["receipt"] is not None and copy.id == row["receipt"].id]
        if not copies:
            tally.lost += 1
            tally.lies += 1
            yield "nobody sees it"
        elif not shown or shown[0].revision != message.revision or row["sent_revision"] != message.revision:
            tally.lies += 1
            yield f"revision {message.revision} was decided, {[copy.revision for copy in copies]} is seen"
    if state in NEVER_SEEN and copies:
        tally.lies += 1
        yield "people see it"
    if state in NEVER_SEEN and not (message.gone or message.expires):
        yield "a good message was given up"
    if state is OutboxState.UNKNOWN:
        tally.unknown_unseen += not copies
        if message.kind is Kind.SLACK and not message.gone and row["resent"] < RESENDS:
            yield "unknown, although it can be read back"
        if explained is not None and message.key not in explained:
            tally.unexplained += 1
            yield "no crash and no unclear answer explains the doubt"


def _rows(engine: Engine) -> tuple[dict[str, RowMapping], Counter[str]]:
    columns = (
        outbox.c.key,
        outbox.c.state,
        outbox.c.ready_at,
        outbox.c.receipt,
        outbox.c.sent_revision,
        outbox.c.resent,
        outbox.c.reason,
    )
    delivered = (
        select(ledger.c.subject, func.count()).where(ledger.c.name == f"nudge:{RULE}:delivered").group_by(ledger.c.subject)
    )
    with reading(engine) as connection:
        rows = {row["key"]: row for row in connection.execute(select(*columns)).mappings()}
        told: Counter[str] = Counter(dict(connection.execute(delivered).all()))
    return rows, told
