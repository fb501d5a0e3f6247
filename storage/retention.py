"""What is old goes, in small transactions: words of check-ins, messages, the ledger's oldest lines, marks of events.

Costs what is due, and for messages one look per person, once a week. `bot.rules.retention` says how long what is kept.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Text, bindparam, delete, select, tuple_, type_coerce, update

from bot.decision import Entry
from bot.model import PolicyChange
from bot.rules import retention
from bot.rules.worktime import iso_period
from storage import chain
from storage.columns import among
from storage.effects import chunks, write_entries
from storage.engine import reading, upsert, writing
from storage.erasure_rows import without_words
from storage.facts import policies
from storage.schema import channel, checkin, inbox, ledger, ledger_erased, ledger_link, outbox, person, upkeep

INBOX: Final = timedelta(days=30)
"""So long an event is known as seen: platforms repeat for hours, not for weeks."""
MESSAGES_EVERY: Final = timedelta(days=6.5)
AT_ONCE: Final = 500

_WORDS: Final = "retention:words"
_MESSAGES: Final = "retention:messages"
_RAW = [
    type_coerce(one, Text).label(one.name) if one.name in ("answers", "draft") else one
    for one in (
        checkin.c.person_id, checkin.c.period, checkin.c.answers, checkin.c.draft, checkin.c.wins, checkin.c.adjust,
        checkin.c.loss, checkin.c.private_note, checkin.c.skip_reason,
    )
]  # fmt: skip
_WRITTEN = (
    select(*_RAW)
    .where(
        checkin.c.period >= bindparam("first"),
        checkin.c.period < bindparam("until"),
        tuple_(checkin.c.period, checkin.c.person_id) > tuple_(bindparam("after_period"), bindparam("after_person")),
    )
    .order_by(checkin.c.period, checkin.c.person_id)
    .limit(AT_ONCE)
    .with_for_update()
)
_OLD_MESSAGES = delete(outbox).where(
    among(outbox.c.recipient_id, "recipients"), outbox.c.decided_at < bindparam("until"), outbox.c.ready_at.is_(None)
)
_SEEN_LONG_AGO = select(inbox.c.id).where(inbox.c.at < bindparam("until")).order_by(inbox.c.at).limit(AT_ONCE)
_OLDEST = (
    select(ledger_link.c.position, ledger_link.c.ledger_id, ledger_link.c.hash, ledger.c.at, ledger.c.name, ledger.c.facts)
    .join(ledger, ledger.c.id == ledger_link.c.ledger_id, isouter=True)
    .order_by(ledger_link.c.position)
    .limit(chain.AT_ONCE)
)


class SqlRetention:
    """One database. Blocking; raises Conflict when it is busy for too long, and goes on where it was the next time."""

    def __init__(self, engine: Engine, *, zone: str, word: str = "(erased)") -> None:
        """`zone`: the company's, in which weeks are reckoned."""
        self._engine = engine
        self._zone = ZoneInfo(zone)
        self._word = word

    def policies(self) -> tuple[PolicyChange, ...]:
        """What HR set."""
        with reading(self._engine) as connection:
            return policies(connection)

    def purge(self, now: datetime) -> dict[str, int]:
        """Let go what is older than HR wants; how much that was, by kind. A line in the ledger says so where it was any."""
        limits = retention.limits(self.policies(), now)
        counts = {
            "words": self._words(limits.words, now),
            "messages": self._messages(limits.messages, now),
            "lines": self._lines(limits.ledger, now),
            "events": self._events(now - INBOX),
        }
        facts = {name: str(count) for name, count in counts.items() if count}
        if set(facts) - {"events"}:
            with writing(self._engine) as connection:
                entry = Entry(name="privacy:purged", subject="database", rule=retention.NAME, facts=facts, outcome="purged")
                write_entries(connection, [entry], at=now, cause=f"upkeep:{now:%Y%m%dT%H%M%S}")
        return counts

    def leavers(self, now: datetime) -> Sequence[str]:
        """Ids of those whose time after their last day is over."""
        until = retention.limits(self.policies(), now).leavers
        if until is None:
            return ()
        gone = select(person.c.id).where(person.c.end_date < until.date(), ~person.c.id.startswith("erased-"))
        with reading(self._engine) as connection:
            return connection.scalars(gone.order_by(person.c.id)).all()

    def wishes(self, now: datetime) -> Sequence[str]:
        """Ids of those who asked to be forgotten and whose week is over."""
        due = select(person.c.id).where(person.c.erase_at.is_not(None), person.c.erase_at <= now)
        with reading(self._engine) as connection:
            return connection.scalars(due.order_by(person.c.id)).all()

    # ------------------------------------------------------------------------------------------------- by kind

    def _words(self, until: datetime | None, now: datetime) -> int:
        """What people wrote in check-ins of weeks that are long over; each week is looked at once."""
        if until is None:
            return 0
        first, last = self._mark(_WORDS), iso_period(until, self._zone)
        if first >= last:
            return 0
        count, after = 0, ("", "")
        while True:
            with writing(self._engine) as connection:
                wanted = {"first": first, "until": last, "after_period": after[0], "after_person": after[1]}
                rows = connection.execute(_WRITTEN, wanted).mappings().all()
                for row in rows:
                    new = without_words(dict(row), self._word)
                    if new != dict(row):
                        count += 1
                        _rewrite(connection, new)
                if len(rows) < AT_ONCE:
                    _note(connection, _WORDS, now, last)
                    return count
                after = (rows[-1]["period"], rows[-1]["person_id"])

    def _messages(self, until: datetime | None, now: datetime) -> int:
        """Messages that are settled, person by person along the index, once a week."""
        with reading(self._engine) as connection:
            last = connection.scalar(select(upkeep.c.at).where(upkeep.c.name == _MESSAGES))
            if until is None or (last is not None and now - last < MESSAGES_EVERY):
                return 0
            people = connection.scalars(select(person.c.id).order_by(person.c.id)).all()
            teams = [f"team:{team}" for team in connection.scalars(select(channel.c.team))]
        count = 0
        for some in chunks([*people, *teams], 200):
            with writing(self._engine) as connection:
                count += connection.execute(_OLD_MESSAGES, {"recipients": list(some), "until": until}).rowcount
        with writing(self._engine) as connection:
            _note(connection, _MESSAGES, now, "")
        return count

    def _lines(self, until: datetime | None, now: datetime) -> int:
        """The oldest lines of the ledger with their links; a line says up to where, so that the chain still begins somewhere."""
        count = 0
        while until is not None:
            with writing(self._engine) as connection:
                chain.hold(connection)
                links = connection.execute(_OLDEST).mappings().all()
                old = []
                for link in links:
                    if link["at"] is not None and link["at"] >= until:
                        break
                    old.append(link)
                if len(old) == len(links) < chain.AT_ONCE:
                    old = old[:-1]  # the newest link stays: the chain goes on from it
                if not old:
                    break
                _trimmed(connection, old, now)
            count += len(old)
            if len(old) < len(links):
                break
        return count

    def _events(self, until: datetime) -> int:
        count = 0
        while True:
            with writing(self._engine) as connection:
                ids = connection.scalars(_SEEN_LONG_AGO, {"until": until}).all()
                if ids:
                    connection.execute(delete(inbox).where(among(inbox.c.id, "ids")), {"ids": list(ids)})
            count += len(ids)
            if len(ids) < AT_ONCE:
                return count

    def _mark(self, name: str) -> str:
        with reading(self._engine) as connection:
            return connection.scalar(select(upkeep.c.mark).where(upkeep.c.name == name)) or ""


def _note(connection: Connection, name: str, now: datetime, mark: str) -> None:
    connection.execute(upsert(connection.dialect.name, upkeep), {"name": name, "at": now, "mark": mark})


def _rewrite(connection: Connection, row: dict[str, Any]) -> None:
    this = (checkin.c.person_id == row["person_id"], checkin.c.period == row["period"])
    values = {name: value for name, value in row.items() if name not in ("person_id", "period", "answers", "draft")}
    documents = {name: type_coerce(bindparam(f"new_{name}", row[name], type_=Text), Text) for name in ("answers", "draft")}
    connection.execute(update(checkin).where(*this).values(**values, **documents))


def _trimmed(connection: Connection, old: Sequence[Any], now: datetime) -> None:
    last = old[-1]
    over = [link["facts"].get("erasure", "") for link in old if link["name"] == chain.ERASED and link["facts"]]
    if over:
        connection.execute(delete(ledger_erased).where(ledger_erased.c.erasure.in_(over)))
    for some in chunks([link["ledger_id"] for link in old]):
        connection.execute(delete(ledger).where(ledger.c.id.in_(some)))
    connection.execute(delete(ledger_link).where(ledger_link.c.position <= last["position"]))
    facts = {"position": str(last["position"]), "hash": last["hash"].hex(), "lines": str(len(old))}
    entry = Entry(name=chain.TRIMMED, subject="ledger", rule=retention.NAME, facts=facts, outcome="trimmed")
    write_entries(connection, [entry], at=now, cause=f"upkeep:{now:%Y%m%dT%H%M%S}")
