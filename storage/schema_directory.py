"""Who is who in which directory, and how far a directory was read. See `storage.schema` for all others."""

from collections.abc import Mapping

from sqlalchemy import Boolean, Column, Index, Table, text

from storage.columns import Doc, Instant, Words
from storage.schema_replicas import metadata

# A person under a name that does not change when their e-mail does. `source` is `scim`, `graph:TENANT`, or
# `slack:WORKSPACE` and `teams:TENANT` for accounts that belonged to the person and do not any more.
identity = Table(
    "identity",
    metadata,
    Column("source", Words, primary_key=True),
    Column("external_id", Words, primary_key=True),
    Column("person_id", Words, nullable=False, index=True),
    Column("email", Words, nullable=False),  # folded, as the source has it; empty: none, or not verified
    Column("user_name", Words, nullable=False),  # folded; how the source itself calls the person
    Column("wrote", Doc(Mapping[str, str]), nullable=False),  # what it said last, by column of the People CSV
    Column("manager_ref", Words, nullable=False),  # an external id of the same source that nobody has yet; empty: none
    Column("deleted", Boolean, nullable=False),  # the source does not know them any more
)
_HAS_EMAIL = text("email <> ''")
Index("ix_identity_email", identity.c.email, postgresql_where=_HAS_EMAIL, sqlite_where=_HAS_EMAIL)
Index("ix_identity_user_name", identity.c.source, identity.c.user_name)
_WAITS = text("manager_ref <> ''")
Index("ix_identity_manager_ref", identity.c.source, identity.c.manager_ref, postgresql_where=_WAITS, sqlite_where=_WAITS)

# How far a directory was read: `cursor` is where the next reading begins, empty: from the start.
directory = Table(
    "directory",
    metadata,
    Column("source", Words, primary_key=True),
    Column("cursor", Words, nullable=False),
    Column("read_at", Instant),  # when it was last read to its end
    Column("busy_until", Instant),  # real time until which a replica is reading it
)
