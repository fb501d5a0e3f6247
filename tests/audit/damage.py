"""What may go wrong with the books of a company: each way by itself, and what the auditor has to call it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Delete, Table, Update, delete, insert, select, update

from bot.model import person_id
from storage import rows
from storage.schema import agenda, checkin, escalation, ledger, outbox
from tests.audit.company import NOW
from tests.play.company import berlin, email_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINA, MAX, JOE, DANA = (person_id(email_of(name)) for name in ("mina", "max", "joe", "dana"))
PROMPT, REMINDER = f"checkin:{MINA}/2026-W48:1", f"reminder:{MINA}/2026-W48:1"
WEEK, DESK = f"checkin:{MINA}/2026-W48", f"desk:{MINA}"
TAKEN, ASKED = "O-1@20261126T100000", "O-3@20261130T140000"
CARD = f"escalation:{ASKED}:{DANA}:1:20261130T140000"
STALLED = f"goal.stalled.owner:{MINA}:O-2:20261103T080000:1"

Plant = Callable[[Connection], None]


@dataclass(frozen=True)
class Damage:
    """One way in which books may be wrong. `named`: kind and name of the finding."""

    words: str
    named: str
    plant: Plant

    @property
    def id(self) -> str:
        """As pytest shows it."""
        return self.words.replace(" ", "_")


def gone(table: Table, column: str, value: str) -> Plant:
    """A row is deleted."""
    return lambda connection: _must(connection, delete(table).where(table.c[column] == value))


def unwritten(subject: str, name: str) -> Plant:
    """Lines of the ledger are deleted."""
    return lambda connection: _must(connection, delete(ledger).where(ledger.c.subject == subject, ledger.c.name == name))


def _set(table: Table, column: str, value: str, **values: object) -> Plant:
    return lambda connection: _must(connection, update(table).where(table.c[column] == value).values(**values))


def _must(connection: Connection, statement: Delete | Update) -> None:
    assert connection.execute(statement).rowcount > 0


def _copied(connection: Connection, key: str, to: str, *, after: timedelta, **values: object) -> None:
    """The message is there once more under another key, and so is the ledger's line about its arrival."""
    row = dict(connection.execute(select(outbox).where(outbox.c.key == key)).mappings().one())
    at = row["decided_at"] + after
    connection.execute(insert(outbox), row | {"key": to, "decided_at": at, "delivered_at": at} | values)
    for line in connection.execute(select(ledger).where(ledger.c.subject == key)).mappings().all():
        again = {name: value for name, value in line.items() if name != "id"}
        connection.execute(insert(ledger), again | {"subject": to, "at": at})
    first = row["subjects"][0]
    _told(connection, f"nudge:{row['rule']}:queued", first, at=at, message=to, person=row["recipient_id"])


def _told(
    connection: Connection, name: str, subject: str, *, at: datetime, person: str = MINA, outcome: str = "", **facts: str
) -> None:
    line = {"at": at, "name": name, "subject": subject, "person_id": person, "rule": "", "policy": 0, "cause": "x"}
    connection.execute(insert(ledger), line | {"facts": facts, "outcome": outcome})


def never_asked(connection: Connection) -> None:
    """Nobody ever thought of somebody's week: no check-in, no message, not a line."""
    connection.execute(delete(checkin).where(checkin.c.person_id == MINA))
    connection.execute(delete(outbox).where(outbox.c.recipient_id == MINA, outbox.c.key != STALLED))
    connection.execute(delete(ledger).where(ledger.c.subject.like(f"%{MINA}%"), ledger.c.name.like("%checkin%")))


def asked_at(at: datetime) -> Plant:
    """The whole story of a prompt happened at another time."""

    def plant(connection: Connection) -> None:
        times = {"decided_at": at, "delivered_at": at, "expires_at": at + 6 * HOUR}
        connection.execute(update(outbox).where(outbox.c.key == PROMPT).values(**times))
        about = ledger.c.name.in_(("nudge:checkin.prompt:queued", "nudge:checkin.prompt:delivered"))
        connection.execute(update(ledger).where(about, ledger.c.person_id == MINA).values(at=at))
        connection.execute(update(checkin).where(checkin.c.person_id == MINA).values(asked_at=at, reminders=()))
        connection.execute(delete(outbox).where(outbox.c.recipient_id == MINA, outbox.c.rule == "checkin.reminder"))
        connection.execute(delete(ledger).where(ledger.c.subject.like("reminder:%"), ledger.c.person_id == MINA))

    return plant


def arrived_late(connection: Connection) -> None:
    """Outbox and ledger agree that it arrived long after it should not have any more."""
    at = berlin(27, 3)
    connection.execute(update(outbox).where(outbox.c.key == PROMPT).values(delivered_at=at))
    connection.execute(update(ledger).where(ledger.c.subject == PROMPT).values(at=at))
    connection.execute(update(outbox).where(outbox.c.key == REMINDER).values(decided_at=at + HOUR))


def held(reason: str) -> Plant:
    """Somebody's week was not asked about, for a reason that is none."""

    def plant(connection: Connection) -> None:
        never_asked(connection)
        for day in (26, 27):
            _told(connection, "nudge:checkin.prompt:held", WEEK, at=berlin(day, 10), outcome=reason)

    return plant


def clock_ran_out(connection: Connection) -> None:
    """A request whose clock has run out is not looked at."""
    item = rows.escalation(connection.execute(select(escalation).where(escalation.c.id == ASKED)).mappings().one())
    earlier = tuple(replace(step, at=step.at - 4 * DAY) for step in item.log)
    moved = {"log": earlier, "shown_at": berlin(26, 15), "opened_at": berlin(26, 15)}
    connection.execute(update(escalation).where(escalation.c.id == ASKED).values(**moved))


def twice_open(connection: Connection) -> None:
    """Two requests about one goal are open."""
    row = dict(connection.execute(select(escalation).where(escalation.c.id == ASKED)).mappings().one())
    connection.execute(insert(escalation), row | {"id": "O-3@again"})


def not_before_them(connection: Connection) -> None:
    """A request was never put before its holder."""
    item = rows.escalation(connection.execute(select(escalation).where(escalation.c.id == ASKED)).mappings().one())
    values = {"cards": (), "shown_at": None, "log": item.log[:1]}
    connection.execute(update(escalation).where(escalation.c.id == ASKED).values(**values))


def unheard(connection: Connection) -> None:
    """The owner of a request had not heard anything before it was opened."""
    connection.execute(
        update(outbox).where(outbox.c.recipient_id == JOE).values(decided_at=berlin(30, 16), delivered_at=berlin(30, 16))
    )


def third_reminder(connection: Connection) -> None:
    """A third reminder, under a key of its own."""
    _copied(connection, REMINDER, f"reminder:{MINA}/2026-W48:3", after=DAY)


def early_reminder(connection: Connection) -> None:
    """Somebody is reminded of a question that arrives later."""
    connection.execute(update(outbox).where(outbox.c.key == REMINDER).values(decided_at=berlin(26, 9, 30)))
    about = (ledger.c.person_id == MINA, ledger.c.name == "nudge:checkin.reminder:queued", ledger.c.at < berlin(27, 0))
    connection.execute(update(ledger).where(*about).values(at=berlin(26, 9, 30)))


def waits(**values: object) -> Plant:
    """A prompt is under way for too long."""

    def plant(connection: Connection) -> None:
        unwritten(PROMPT, "nudge:checkin.prompt:delivered")(connection)
        connection.execute(update(outbox).where(outbox.c.key == PROMPT).values(delivered_at=None, **values))

    return plant


def _twice_before_them(connection: Connection) -> None:
    _copied(connection, CARD, f"escalation:{ASKED}:{DANA}:2:20261201T090000", after=19 * HOUR)
    item = rows.escalation(connection.execute(select(escalation).where(escalation.c.id == ASKED)).mappings().one())
    cards = (*item.cards, replace(item.cards[0], key=f"escalation:{ASKED}:{DANA}:2:20261201T090000"))
    connection.execute(update(escalation).where(escalation.c.id == ASKED).values(cards=cards))


LONG = NOW - 2 * DAY

DAMAGES = (
    Damage("a prompt deleted from the outbox", "missing prompt_row", gone(outbox, "key", PROMPT)),
    Damage("a reminder deleted from the outbox", "missing reminder_row", gone(outbox, "key", REMINDER)),
    Damage("a nudge deleted from the outbox", "missing message", gone(outbox, "key", STALLED)),
    Damage("a post deleted from the outbox", "missing message", gone(outbox, "key", "team.post:Web:2026-W48")),
    Damage("a card deleted from the outbox", "missing request_row", gone(outbox, "key", CARD)),
    Damage("an arrival deleted from the ledger", "tampered undelivered", unwritten(PROMPT, "nudge:checkin.prompt:delivered")),
    Damage("a decision deleted from the ledger", "tampered undecided", unwritten(WEEK, "nudge:checkin.prompt:queued")),
    Damage(
        "an opening deleted from the ledger",
        "tampered request_unexplained",
        unwritten(f"escalation:{ASKED}", "escalation:opened"),
    ),
    Damage("a check-in deleted", "tampered prompt_unknown", gone(checkin, "person_id", MINA)),
    Damage("a desk forgotten", "lost desk", gone(agenda, "subject", DESK)),
    Damage("a desk put off by a week", "late desk", _set(agenda, "subject", DESK, due_at=berlin(10, 10, month=12))),
    Damage("a desk that is due and not looked at", "late agenda", _set(agenda, "subject", DESK, due_at=NOW - HOUR)),
    Damage("a team forgotten", "lost team", gone(agenda, "subject", "team:Web")),
    Damage("a request forgotten", "lost request", gone(agenda, "subject", f"escalation:{ASKED}")),
    Damage(
        "a request put off by a month",
        "late request_look",
        _set(agenda, "subject", f"escalation:{ASKED}", due_at=NOW + 30 * DAY),
    ),
    Damage("a request held by nobody", "lost request_holder", _set(escalation, "id", TAKEN, holder_id="")),
    Damage("a request held by its owner", "lost request_holder", _set(escalation, "id", TAKEN, holder_id=MAX)),
    Damage("a request whose clock ran out unnoticed", "late request_clock", clock_ran_out),
    Damage("a request never put before its holder", "missing request_card", not_before_them),
    Damage("a request opened before its owner heard anything", "unfounded request_unasked", unheard),
    Damage("two open requests about one goal", "doubled request", twice_open),
    Damage("a request put before its holder twice", "doubled request_shown", _twice_before_them),
    Damage(
        "a second prompt under another key",
        "doubled prompt",
        lambda connection: _copied(connection, PROMPT, f"{WEEK}:2", after=HOUR),
    ),
    Damage(
        "a second nudge under another key",
        "doubled message",
        lambda connection: _copied(connection, STALLED, f"{STALLED[:-1]}2", after=HOUR),
    ),
    Damage("a third reminder", "doubled reminder", third_reminder),
    Damage("a reminder before the question arrived", "unfounded reminder", early_reminder),
    Damage("a week nobody thought of", "missing prompt", never_asked),
    Damage("a prompt a day late", "late prompt", asked_at(berlin(27, 10))),
    Damage("a prompt in the week after", "late prompt_week", asked_at(berlin(30, 10))),
    Damage("a prompt an hour early", "unfounded prompt_early", asked_at(berlin(26, 9))),
    Damage(
        "an arrival shifted in the outbox alone",
        "tampered delivered_at",
        _set(outbox, "key", PROMPT, delivered_at=berlin(26, 11)),
    ),
    Damage("an arrival in the night", "late delivered", arrived_late),
    Damage("a prompt held by a pause that never was", "missing prompt_held", held("paused")),
    Damage("a prompt held by a mute that never was", "missing prompt_held", held("muted")),
    Damage("a prompt held by a budget that was not spent", "missing prompt_held", held("budget")),
    Damage("a prompt held by answers nobody gave", "missing prompt_held", held("every goal was updated in the last days")),
    Damage("a message that waits beyond its time", "late expired", waits(state="pending", ready_at=LONG, expires_at=LONG)),
    Damage("a message left by a process that died", "late lease", waits(state="sending", ready_at=berlin(1, 9, year=2020))),
    Damage("a doubt nobody looks into", "late settle", waits(state="unknown", ready_at=berlin(1, 9, year=2020))),
)
"""At least a dozen; each is found in one audit."""
