"""What long settled messages looked like is forgotten, to whom, when and why they were sent is not: cards are most of a database.

A card that is `KEPT` over leaves a mark behind by which an equal one is known, so that nothing is edited for no reason. An
edit that differs brings its own card. Faded is what was said to somebody when they are told something new.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Text, bindparam, or_, select, text, type_coerce, update

from bot.talk.cards import Card
from storage import codec, lean
from storage.columns import among
from storage.schema import outbox

KEPT: Final = timedelta(days=35)
"""Longer than anything reads a settled card: after a restore those of the last days are drawn again (`storage.restored`)."""
BACK: Final = timedelta(days=120)
"""So far behind that is looked; whoever is told nothing for so long keeps some old cards."""
AT_ONCE: Final = 200

_MARK: Final = "faded:"
_card = type_coerce(outbox.c.card, Text)
_OLD = (
    select(outbox.c.key, _card.label("card"))
    .where(
        among(outbox.c.recipient_id, "recipients"),
        outbox.c.decided_at < bindparam("until"),
        outbox.c.decided_at >= bindparam("since"),
        or_(outbox.c.delivered_at.is_(None), outbox.c.delivered_at < bindparam("until")),
        outbox.c.ready_at.is_(None),
        _card.not_like(f'{{"summary":"{_MARK}%'),
    )
    .limit(AT_ONCE)
    .with_for_update(skip_locked=True)  # who is edited right now fades another time
)
_FADE = update(outbox).where(outbox.c.key == bindparam("wanted")).values(card=bindparam("mark", type_=Text))
# SQLite fills no gaps in a table that grows at its end: what became short goes there, and pages of old rows become free.
_MOVE = text("UPDATE outbox SET card = :mark, rowid = (SELECT max(rowid) + 1 FROM outbox) WHERE key = :wanted")


def fade(connection: Connection, recipients: Collection[str], now: datetime) -> None:
    """Forget the old cards of these recipients."""
    until = now - KEPT
    wanted = {"recipients": sorted(recipients), "until": until, "since": until - BACK}
    old = lean.fetch(connection, _OLD, wanted)
    if old:
        marks = [{"wanted": row["key"], "mark": codec.dumps(Card, _mark(row["card"]))} for row in old]
        lean.write(connection, _MOVE if connection.dialect.name == "sqlite" else _FADE, marks)


def same(kept: Card, card: Card) -> bool:
    """Whether a card of the outbox, or what is left of it, is this one."""
    return kept == card or (kept.summary.startswith(_MARK) and kept == _mark(codec.dumps(Card, card)))


def _mark(card: str) -> Card:
    return Card(summary=_MARK + hashlib.sha256(card.encode()).hexdigest()[:32], elements=())
