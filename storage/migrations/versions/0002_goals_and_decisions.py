"""Goals from draft to grade, health numbers, escalations that are handed over, reopened and end.

Additive: a replica of the release before goes on reading and writing; what it does not write has a default.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")
AMOUNT = sa.Numeric().with_variant(sa.Text(), "sqlite")
_HAS_PARENT = sa.text("parent_id IS NOT NULL")
_COORDINATED = sa.text("coordinator_id IS NOT NULL")
_UNDECIDED = sa.text("state IN ('open', 'acknowledged')")


def upgrade() -> None:
    """New columns with defaults, new tables, new indexes."""
    _person()
    _goal()
    _kpi()
    _escalation()
    _duty()
    _channel()
    _outbox()


def _person() -> None:
    op.add_column("person", sa.Column("digest_when", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("one_on_one", sa.Text(), nullable=True))


def _goal() -> None:
    op.add_column("goal", sa.Column("kind", sa.Text(), nullable=False, server_default="objective"))
    op.add_column("goal", sa.Column("state", sa.Text(), nullable=False, server_default="active"))
    op.add_column("goal", sa.Column("question", sa.Text(), nullable=False, server_default=""))
    op.add_column("goal", sa.Column("contributions", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("goal", sa.Column("revisions", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("goal", sa.Column("closing", sa.Text(), nullable=True))
    op.add_column("goal", sa.Column("carried_from", sa.Text(), nullable=False, server_default=""))
    op.add_column("goal", sa.Column("approved_at", INSTANT, nullable=True))
    op.add_column("goal", sa.Column("approved_by", sa.Text(), nullable=False, server_default=""))
    op.create_index(
        "ix_goal_parent_id",
        "goal",
        ["parent_id"],
        postgresql_where=_HAS_PARENT,
        sqlite_where=_HAS_PARENT,
    )
    op.create_index(
        "ix_goal_coordinator_id",
        "goal",
        ["coordinator_id"],
        postgresql_where=_COORDINATED,
        sqlite_where=_COORDINATED,
    )


def _kpi() -> None:
    op.create_table(
        "kpi",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("current", AMOUNT, nullable=True),
        sa.Column("low", AMOUNT, nullable=True),
        sa.Column("high", AMOUNT, nullable=True),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("promoted_to", sa.Text(), nullable=False),
        sa.Column("dropped_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_kpi_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kpi"),
    )
    op.create_index("ix_kpi_owner_id", "kpi", ["owner_id"])


def _escalation() -> None:
    op.add_column("escalation", sa.Column("handed_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("escalation", sa.Column("suggested_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("escalation", sa.Column("waits", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("escalation", sa.Column("reopened", sa.SmallInteger(), nullable=False, server_default="0"))
    op.add_column("escalation", sa.Column("followed_at", INSTANT, nullable=True))
    op.add_column("escalation", sa.Column("ended", sa.Text(), nullable=False, server_default=""))
    op.add_column("escalation", sa.Column("log", sa.Text(), nullable=False, server_default="[]"))
    op.create_index(
        "ix_escalation_held",
        "escalation",
        ["holder_id"],
        postgresql_where=_UNDECIDED,
        sqlite_where=_UNDECIDED,
    )


def _duty() -> None:
    op.add_column("duty", sa.Column("topic", sa.Text(), nullable=True))


def _channel() -> None:
    op.create_table(
        "channel",
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("posted", sa.Text(), nullable=False),
        sa.Column("summed", sa.Text(), nullable=False),
        sa.Column("lost", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name="fk_channel_opened_by"),
        sa.PrimaryKeyConstraint("team", name="pk_channel"),
    )


def _outbox() -> None:
    """A message may go to a team's channel: its recipient need not be a person any more.

    SQLite makes the table anew for that. Its indexes are made by hand, because partial ones do not survive a copy.
    """
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint("fk_outbox_recipient_id", "outbox", type_="foreignkey")
        return
    for name in ("ix_outbox_live", "ix_outbox_sending", "ix_outbox_state", "ix_outbox_told"):
        op.drop_index(name, table_name="outbox")
    with op.batch_alter_table("outbox", recreate="always") as outbox:
        outbox.drop_constraint("fk_outbox_recipient_id", type_="foreignkey")
    live, sending = sa.text("ready_at IS NOT NULL"), sa.text("state = 'sending'")
    op.create_index("ix_outbox_live", "outbox", ["lane", "decided_at", "place", "key"], sqlite_where=live)
    op.create_index("ix_outbox_sending", "outbox", ["recipient_id"], sqlite_where=sending)
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.create_index("ix_outbox_told", "outbox", ["recipient_id", "decided_at"])
