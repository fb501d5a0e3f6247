"""Replicas that know of each other, restores that are noticed, doubts that outlive the process that had them.

Additive: a replica of the release before goes on reading and writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """One column with a default, three tables."""
    op.add_column("outbox", sa.Column("resent", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_table(
        "replica",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
    )
    op.create_table(
        "pulse",
        sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("beat_at", INSTANT, nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
    )
    op.create_table(
        "doubted",
        sa.Column("recipient_id", sa.Text(), primary_key=True),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, nullable=False),
    )
