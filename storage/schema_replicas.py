"""The tables with which processes know of each other, and of a database that was restored. See `storage.schema` for all others.

All instants here are real time by the database's own clock, where nothing else is said.
"""

from sqlalchemy import BigInteger, Column, Integer, MetaData, SmallInteger, Table

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

# To whom the database that a backup replaced may have written: their new messages are looked for before they are sent.
doubted = Table(
    "doubted",
    metadata,
    Column("recipient_id", Words, primary_key=True),
    Column("since", Instant, nullable=False),  # the backup's last heartbeat
    Column("until", Instant, nullable=False),  # due-time: what is decided from then on is new
    Column("noticed_at", Instant),  # always written; when the lost database could send no more
)

# Spans of time in which somebody looked at what is due: what came due outside of them is decided with the facts of their
# beginning. A new row begins after a stop, a jump of the clock, and with other company settings or another release.
watch = Table(
    "watch",
    metadata,
    Column("began_at", Instant, primary_key=True),  # by the application's clock, which development moves
    Column("seen_at", Instant, nullable=False),  # likewise
    Column("began_real", Instant, nullable=False),
    Column("seen_real", Instant, nullable=False),
    Column("under", Words, nullable=False),
    Column("deaf_since", Instant),  # real: from then until it began nobody heard what people wrote; None: that is made up for
)

# One row: what the last audit found, so that replicas take turns and all of them can say it.
audited = Table(
    "audited",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("counts", Words, nullable=False),
)

# What a clock that is told the time was told last; one row, 1.
dev_clock = Table(
    "dev_clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("now", Instant, nullable=False),
)

# Events that were seen: the same one again has no effect.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Words, primary_key=True),
    Column("at", Instant, nullable=False, index=True),  # so that old ones can be forgotten
)
