"""The tables with which processes know of each other, and of a database that was restored. See `storage.schema` for all others.

All instants here are real time by the database's own clock.
"""

from sqlalchemy import BigInteger, Column, MetaData, SmallInteger, Table

from storage.columns import Instant, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# Processes at work on this database.
replica = Table(
    "replica",
    metadata,
    Column("id", Words, primary_key=True),
    Column("version", Words, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)

# One row that every heartbeat renews, with marks a restored copy of the database cannot have: see `storage.pulse`.
pulse = Table(
    "pulse",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("beat_at", Instant, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("mark", Words, nullable=False),
)

# Whose messages may have been sent by the database that a backup replaced: their new messages are looked for first.
doubted = Table(
    "doubted",
    metadata,
    Column("recipient_id", Words, primary_key=True),
    Column("since", Instant, nullable=False),  # the backup's last heartbeat
    Column("until", Instant, nullable=False),  # from then on everything is new
)
