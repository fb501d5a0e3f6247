"""The chain over the ledger, and what the nightly upkeep remembers. See `storage.schema` for all others."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, SmallInteger, Table

from storage.columns import Instant, Words
from storage.schema_replicas import metadata

# One link for each line of the ledger, written a moment after it and never changed but by an erasure: see `storage.chain`.
ledger_link = Table(
    "ledger_link",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 … without a gap
    Column("ledger_id", BigInteger, nullable=False),
    Column("salt", LargeBinary, nullable=False),  # of `personal`; empty: the words were erased
    Column("personal", LargeBinary, nullable=False),  # digest of what an erasure may take away, as it was when it was sealed
    Column("hash", LargeBinary, nullable=False),  # over the link before, the position, the line, and `personal`
)
Index("uq_ledger_link_ledger_id", ledger_link.c.ledger_id, unique=True)

# One row: how far the chain is, and up to which id every line of the ledger has its link.
ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("settled_id", BigInteger, nullable=False),
    Column("mark_id", BigInteger, nullable=False),  # lines up to this one are settled once no transaction is left …
    Column("mark_xid", BigInteger, nullable=False),  # … that is older than this one (PostgreSQL)
)

# What an erasure left of a line: the digest of what stands there since. The erasure's own line vouches for all of them.
ledger_erased = Table(
    "ledger_erased",
    metadata,
    Column("erasure", Words, primary_key=True),  # as the line `privacy:erased` calls itself
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", LargeBinary, nullable=False),
)

# When something that is done now and then was done last, and how far it came.
upkeep = Table(
    "upkeep",
    metadata,
    Column("name", Words, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("mark", Words, nullable=False),
)
