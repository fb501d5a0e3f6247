"""Queues of workspaces, who looks and who looked, what may have been missed meanwhile.

Additive: a replica of the release before goes on reading and writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """Columns with a default or that may stay empty, two tables. `storage.migrate` makes an index over what waits afterwards."""
    op.add_column("outbox", sa.Column("lost_until", INSTANT))
    op.add_column("outbox", sa.Column("queue", sa.Text(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("changed_at", INSTANT))
    op.add_column("doubted", sa.Column("noticed_at", INSTANT))
    op.create_table(
        "watch",
        sa.Column("began_at", INSTANT, primary_key=True),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("began_real", INSTANT, nullable=False),
        sa.Column("seen_real", INSTANT, nullable=False),
        sa.Column("under", sa.Text(), nullable=False),
        sa.Column("deaf_since", INSTANT),
    )
    op.create_table(
        "audited",
        sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
    )
