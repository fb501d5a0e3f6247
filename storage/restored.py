"""What follows when a database turns out to be a copy: to whom the lost one may have written, from when and until when.

A message in doubt is looked for before it is sent, or given up where nobody can look (`scheduler.post`). How a copy is
noticed is in `storage.pulse`; new messages take their doubt from here in `storage.settle`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.decision import Entry
from bot.model import Company, PolicyChange
from bot.ports import Holidays
from bot.rules.people import calendar_of
from storage import channels, facts, rows
from storage.effects import chunks, write_entries
from storage.engine import insert_into
from storage.schema import OutboxState, agenda, channel, doubted, escalation, outbox, person
from storage.settle import NOW

CATCHING_UP: Final = timedelta(hours=1)
"""So long, in polite time, what was overdue may still be said: looks call for looks at other desks."""
NOBODY_POLITE: Final = timedelta(days=14)
"""For somebody whose next working hour nobody can name."""
RECENT: Final = timedelta(days=8)
REDRAWN: Final = 2_000
"""Messages of so many days at most are drawn again, as the lost database may have changed them: a few minutes of edits."""
KEPT: Final = timedelta(days=30)
"""So long a doubt that is over is kept, for people who ask what happened."""

_OVERDUE = select(agenda.c.subject).where(agenda.c.due_at <= bindparam("now"))
_ASKED = select(escalation.c.owner_id, escalation.c.holder_id, escalation.c.ladder).where(
    escalation.c.id.in_(bindparam("ids", expanding=True))
)
_UNSETTLED = (outbox.c.ready_at.is_not(None), outbox.c.delivered_at.is_(None))
_WAITING = select(outbox.c.recipient_id).where(*_UNSETTLED).distinct()
_MANAGERS = select(person.c.manager_id).where(person.c.id.in_(bindparam("ids", expanding=True)), person.c.manager_id.is_not(None))
_DEPUTIES = select(person.c.deputy_id).where(person.c.id.in_(bindparam("ids", expanding=True)), person.c.deputy_id.is_not(None))
_PEOPLE = select(person).where(person.c.id.in_(bindparam("ids", expanding=True)))
_OPENERS = select(channel.c.team, channel.c.opened_by).where(channel.c.team.in_(bindparam("teams", expanding=True)))
_DOUBT = (
    update(outbox)
    .where(*_UNSETTLED)
    .values(
        doubtful_since=func.coalesce(outbox.c.doubtful_since, bindparam("since", type_=outbox.c.doubtful_since.type)),
        lost_until=bindparam("lost", type_=outbox.c.lost_until.type),
    )
)
_SHOWN = (
    select(outbox.c.key)
    .where(outbox.c.delivered_at >= bindparam("since"), outbox.c.rule != "", outbox.c.ready_at.is_(None))
    .order_by(outbox.c.delivered_at.desc(), outbox.c.key)
    .limit(REDRAWN)
)
_REDRAW = (
    update(outbox)
    .where(outbox.c.key.in_(bindparam("keys", expanding=True)), outbox.c.receipt.is_not(None))
    .values(state=OutboxState.PENDING, ready_at=NOW, attempt=0, queue="")
)
_OVER = delete(doubted).where(doubted.c.until < bindparam("long_ago"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """This database is a copy of one that lived on. Between the two instants (real time) that one may have sent messages."""

    since: datetime
    noticed_at: datetime
    recipients: int
    """To how many people and teams it may have written; for a while their new messages are looked for first."""
    messages: int
    """How many messages wait that may have left already."""


def doubt(
    connection: Connection,
    *,
    company: Company,
    holidays: Holidays,
    since: datetime,
    noticed_at: datetime,
    now: datetime,
    margin: timedelta,
) -> Restored:
    """Write down who and what is in doubt. `now` is due-time; what comes due within `margin` of it counts as overdue."""
    connection.execute(_OVER, {"long_ago": now - KEPT})
    overdue = connection.scalars(_OVERDUE, {"now": now + margin}).all()
    waiting = connection.scalars(_WAITING).all()
    people, teams = _concerned(connection, overdue, waiting)
    policies = facts.policies(connection)
    until = dict(_ends(connection, people, company, holidays, policies, now))
    openers = {team: opener for some in chunks(sorted(teams)) for team, opener in connection.execute(_OPENERS, {"teams": some})}
    missing = sorted(set(openers.values()) - until.keys())
    of_openers = until | dict(_ends(connection, missing, company, holidays, policies, now))
    until |= {f"{channels.PREFIX}{team}": of_openers.get(openers.get(team, ""), now + NOBODY_POLITE) for team in teams}
    _write(connection, {to: at + margin for to, at in until.items()}, since, noticed_at)
    messages = connection.execute(_DOUBT, {"since": since, "lost": noticed_at}).rowcount
    for some in chunks(connection.scalars(_SHOWN, {"since": now - RECENT}).all()):
        connection.execute(_REDRAW, {"keys": some})
    found = Restored(since=since, noticed_at=noticed_at, recipients=len(until), messages=messages)
    entry = Entry(
        name="delivery:restored",
        subject="database",
        facts={
            "since": since.isoformat(),
            "noticed": noticed_at.isoformat(),
            "recipients": str(found.recipients),
            "messages": str(found.messages),
        },
        outcome="doubted",
    )
    write_entries(connection, [entry], at=now, cause=f"restored:{noticed_at:%Y%m%dT%H%M%S}")
    return found


def _concerned(connection: Connection, overdue: Iterable[str], waiting: Iterable[str]) -> tuple[list[str], set[str]]:
    """People and teams of whom something is overdue or unsent, and who hears of it next."""
    people: set[str] = set()
    teams: set[str] = set()
    asked: list[str] = []
    for subject in overdue:
        kind, _, name = subject.partition(":")
        if kind == "desk":
            people.add(name)
        elif kind == "escalation":
            asked.append(name)
        elif kind == "team":
            teams.add(name)
    for recipient in waiting:
        if recipient.startswith(channels.PREFIX):
            teams.add(recipient.removeprefix(channels.PREFIX))
        else:
            people.add(recipient)
    for some in chunks(asked):
        for owner, holder, ladder in connection.execute(_ASKED, {"ids": some}):
            people |= {owner, holder, *ladder}
    managers = {one for some in chunks(sorted(people)) for one in connection.scalars(_MANAGERS, {"ids": some})}
    deputies = {one for some in chunks(sorted(managers)) for one in connection.scalars(_DEPUTIES, {"ids": some})}
    return sorted(people | managers | deputies), teams


def _ends(
    connection: Connection,
    ids: Iterable[str],
    company: Company,
    holidays: Holidays,
    policies: tuple[PolicyChange, ...],
    now: datetime,
) -> Iterator[tuple[str, datetime]]:
    """Until when each is doubted: what could be said before the restore and not at this hour waits for the next polite one."""
    end = now + CATCHING_UP
    for some in chunks(sorted(ids)):
        for row in connection.execute(_PEOPLE, {"ids": some}).mappings():
            one = rows.person(row)
            polite = calendar_of(one, company, holidays, policies).next_polite(end) or end + NOBODY_POLITE
            yield one.id, polite if polite == end else polite + CATCHING_UP


def _write(connection: Connection, until: Mapping[str, datetime], since: datetime, noticed_at: datetime) -> None:
    """Restored twice: the older backup counts, and the later end."""
    new: list[dict[str, Any]] = [
        {"recipient_id": to, "since": since, "until": at, "noticed_at": noticed_at} for to, at in sorted(until.items())
    ]
    insert = insert_into(connection.dialect.name, doubted)
    least, most = (func.least, func.greatest) if connection.dialect.name == "postgresql" else (func.min, func.max)
    statement = insert.on_conflict_do_update(
        index_elements=["recipient_id"],
        set_={
            "since": least(doubted.c.since, insert.excluded.since),
            "until": most(doubted.c.until, insert.excluded.until),
            "noticed_at": insert.excluded.noticed_at,
        },
    )
    if new:
        connection.execute(statement, new)
