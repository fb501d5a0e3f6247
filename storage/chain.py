"""Seals the ledger: every line gets a link whose hash rests on the line and on all links before it. See `storage.chain_check`.

Lines are written by many at once, so the chain is made a moment later, by one sealer at a time. What a line says of people
goes into its link as a salted digest only: an erasure takes the words and the salt away, and the hashes still hold.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, Text, bindparam, func, select, text, type_coerce, update

from storage import codec
from storage.engine import insert_into, insert_new, reading, writing
from storage.schema import ledger, ledger_erased, ledger_head, ledger_link

GENESIS: Final = hashlib.sha256(b"rondo ledger").digest()
"""What the first link rests on."""
AT_ONCE: Final = 1_000
"""Lines that are sealed in one transaction: on SQLite nobody else writes for that tenth of a second."""
ERASED: Final = "privacy:erased"
TRIMMED: Final = "ledger:trimmed"
"""Lines that say what was taken away: words, and the oldest lines."""

LINE: Final = (
    ledger.c.id, type_coerce(ledger.c.at, Text).label("at"), ledger.c.name, ledger.c.rule, ledger.c.policy,
    ledger.c.person_id, ledger.c.subject, ledger.c.cause, ledger.c.outcome, type_coerce(ledger.c.facts, Text).label("facts"),
)  # fmt: skip
"""A line as it is stored, whatever somebody made of it: nothing is lost on the way to a digest, and nothing stops on it."""

_NEWEST = select(func.max(ledger.c.id), select(ledger_head.c.settled_id).scalar_subquery())
_HEAD = select(ledger_head).where(ledger_head.c.id == 1)
_LAST = select(ledger_link.c.position, ledger_link.c.hash).order_by(ledger_link.c.position.desc()).limit(1)
_MINE = _HEAD.with_for_update(skip_locked=True)
_WAIT = _HEAD.with_for_update()
_OPEN = (
    select(*LINE)
    .join(ledger_link, ledger_link.c.ledger_id == ledger.c.id, isouter=True)
    .where(ledger.c.id > bindparam("after"), ledger_link.c.ledger_id.is_(None))
    .order_by(ledger.c.id)
    .limit(AT_ONCE)
)
_TRANSACTIONS = text(
    "SELECT pg_snapshot_xmin(now.it)::text::bigint, pg_snapshot_xmax(now.it)::text::bigint "
    "FROM (SELECT pg_current_snapshot() AS it) AS now"
)
_LINKS_OF = select(ledger_link.c.position, ledger_link.c.ledger_id).where(
    ledger_link.c.ledger_id.in_(bindparam("ids", expanding=True))
)
_UNSALT = update(ledger_link).where(ledger_link.c.position == bindparam("at_position")).values(salt=b"")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: whoever notes it elsewhere can tell later whether everything up to it is still there."""

    position: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.hash.hex()}"


def impersonal(line: Mapping[Any, Any]) -> list[Any]:
    """What no erasure touches."""
    at = line["at"]  # SQLite keeps instants as text
    return [line["id"], codec.instant_text(at) if isinstance(at, datetime) else at, line["name"], line["rule"], line["policy"]]


def personal(line: Mapping[Any, Any], salt: bytes) -> bytes:
    """Digest of what an erasure may take away."""
    words = [line["person_id"], line["subject"], line["cause"], line["facts"], line["outcome"]]
    return hashlib.sha256(salt + json.dumps(words, default=repr).encode()).digest()


def link_hash(before: bytes, position: int, line: Mapping[Any, Any], digest: bytes) -> bytes:
    """The hash of a line's link; `before` is that of the link before it, `digest` the line's `personal`."""
    said = json.dumps([position, *impersonal(line)], default=repr).encode()
    return hashlib.sha256(before + said + digest).digest()


class SqlChain:
    """The chain of one database. Blocking; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def head(self) -> Head:
        """How far the chain is."""
        with reading(self._engine) as connection:
            row = connection.execute(_HEAD).mappings().first()
        return Head(row["position"], row["hash"]) if row is not None else Head(0, GENESIS)

    def is_behind(self) -> bool:
        """Whether there may be a line without a link: one look at the end of an index."""
        with reading(self._engine) as connection:
            newest, settled = connection.execute(_NEWEST).one()
        return newest is not None and newest > (settled or 0)

    def seal(self, most: int | None = None) -> int:
        """Give lines that have none their link, about `most` of them; how many that were. Raises Conflict.

        Short transactions; on PostgreSQL whoever finds another sealer at work leaves it to that one.
        """
        sealed = 0
        after: int | None = -1
        while after is not None:
            with writing(self._engine) as connection:
                row = _begun(connection, wait=False)
                if row is None:
                    break
                count, after = _seal_some(connection, row, after)
                sealed += count
            if most is not None and sealed >= most:
                break
        return sealed


def _begun(connection: Connection, *, wait: bool) -> RowMapping | None:
    """The head's row, locked; None: somebody else seals right now."""
    if connection.execute(_HEAD).first() is None:
        last = connection.execute(_LAST).first()
        # Somebody took the head away: the chain goes on, and the gap in its positions says so for ever.
        position, link = (last.position + 1, last.hash) if last is not None else (0, GENESIS)
        first = {"id": 1, "position": position, "hash": link, "settled_id": 0, "mark_id": 0, "mark_xid": 0}
        connection.execute(insert_new(connection.dialect.name, ledger_head), first)
    return connection.execute(_WAIT if wait else _MINE).mappings().first()


def _seal_some(connection: Connection, head: RowMapping, after: int) -> tuple[int, int | None]:
    """Some lines; how many, and up to which id all that were visible have their link. None: that was the last of them.

    A line may become visible after one with a higher id. So lines count as settled only once no transaction is left that
    was there when the newest of them was seen: up to there is never looked again.
    """
    after = max(after, head["settled_id"])
    oldest, mark_xid = _transactions(connection)
    was = 0 if head["mark_xid"] > mark_xid else head["mark_xid"]  # restored into another cluster: nobody of then is left
    mark_id = connection.scalar(select(func.max(ledger.c.id))) or 0
    lines = connection.execute(_OPEN, {"after": after}).mappings().all()
    position, link = head["position"], head["hash"]
    rows: list[dict[str, Any]] = []
    for line in lines:
        salt = secrets.token_bytes(16)
        digest = personal(line, salt)
        position += 1
        link = link_hash(link, position, line, digest)
        rows.append({"position": position, "ledger_id": line["id"], "salt": salt, "personal": digest, "hash": link})
    if rows:
        connection.execute(ledger_link.insert(), rows)
    is_last = len(lines) < AT_ONCE
    reached = mark_id if is_last else lines[-1]["id"]
    is_settled = oldest >= was
    new: dict[str, Any] = {"position": position, "hash": link}
    if is_settled:
        new["settled_id"] = max(head["settled_id"], min(reached, head["mark_id"]))
    if is_settled and reached >= head["mark_id"]:
        new |= {"mark_id": mark_id, "mark_xid": mark_xid}
        if connection.dialect.name != "postgresql":  # one writer: nobody else's line can turn up
            new["settled_id"] = reached
    connection.execute(update(ledger_head).where(ledger_head.c.id == 1).values(**new))
    return len(rows), None if is_last else reached


def _transactions(connection: Connection) -> tuple[int, int]:
    """The oldest transaction under way, and one that none has yet."""
    if connection.dialect.name != "postgresql":
        return 1, 0
    oldest, following = connection.execute(_TRANSACTIONS).one()
    return oldest, following


def hold(connection: Connection) -> None:
    """Nobody seals until this transaction ends."""
    _begun(connection, wait=True)


# ------------------------------------------------------------------------------------------------------- taking away


def reseal(connection: Connection, erasure: str, ids: Sequence[int]) -> None:
    """Words were taken out of these lines in this transaction: from now on the erasure's own line vouches for what is left."""
    _begun(connection, wait=True)
    lines = {row["id"]: row for row in connection.execute(select(*LINE).where(ledger.c.id.in_(ids))).mappings()}
    rows = [
        {"erasure": erasure, "position": position, "digest": personal(lines[ledger_id], b"")}
        for position, ledger_id in connection.execute(_LINKS_OF, {"ids": list(ids)})
        if ledger_id in lines
    ]
    if rows:
        statement = insert_into(connection.dialect.name, ledger_erased)
        again = statement.on_conflict_do_update(
            index_elements=["erasure", "position"], set_={"digest": statement.excluded.digest}
        )
        connection.execute(again, rows)
        connection.execute(_UNSALT, [{"at_position": row["position"]} for row in rows])


def vouched(pairs: Iterable[tuple[int, bytes]]) -> str:
    """What an erasure's line says of the lines it touched, in the order of their positions."""
    whole = hashlib.sha256()
    for position, digest in pairs:
        whole.update(vouched_one(position, digest))
    return whole.hexdigest()


def vouched_one(position: int, digest: bytes) -> bytes:
    """A line's part of what an erasure's line says."""
    return position.to_bytes(8, "big", signed=True) + digest


def erased_facts(connection: Connection, erasure: str) -> dict[str, str]:
    """The facts of an erasure's line in the ledger that its lines are checked against."""
    query = select(ledger_erased.c.position, ledger_erased.c.digest).where(ledger_erased.c.erasure == erasure)
    pairs = [(position, digest) for position, digest in connection.execute(query.order_by(ledger_erased.c.position))]
    return {"erasure": erasure, "lines": str(len(pairs)), "digest": vouched(pairs)}
