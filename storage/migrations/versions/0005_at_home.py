"""Installs, directories, and what trust needs: who read what, what was erased, the chain over the ledger.

Additive: a replica of the release before goes on reading and writing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    """New tables, and columns with a default or that may stay empty."""
    _installs()
    _directories()
    _rosters()
    _trust()


def _installs() -> None:
    """Slack's installations and the states of installs under way: slack_sdk's tables, with room for encrypted tokens."""
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        *_words(enterprise_id=32, enterprise_name=200, enterprise_url=200, team_id=32, team_name=200),
        *_words(bot_token=0, bot_id=32, bot_user_id=32, bot_scopes=1000, bot_refresh_token=0),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("user_id", sa.String(32), nullable=False),
        *_words(user_token=0, user_scopes=1000, user_refresh_token=0),
        sa.Column("user_token_expires_at", sa.DateTime()),
        *_words(incoming_webhook_url=0, incoming_webhook_channel=200, incoming_webhook_channel_id=200),
        *_words(incoming_webhook_configuration_url=200),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("token_type", sa.String(32)),
        sa.Column("installed_at", sa.DateTime(), nullable=False, server_default=sa.func.now()),
    )
    whose = ["client_id", "enterprise_id", "team_id"]
    op.create_index("slack_installations_idx", "slack_installations", [*whose, "user_id", "installed_at"])
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("app_id", sa.String(32), nullable=False),
        *_words(enterprise_id=32, enterprise_name=200, team_id=32, team_name=200),
        *_words(bot_token=0, bot_id=32, bot_user_id=32, bot_scopes=1000, bot_refresh_token=0),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False, server_default=sa.func.now()),
    )
    op.create_index("slack_bots_idx", "slack_bots", [*whose, "installed_at"])
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("state", sa.String(200), nullable=False),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "slack_workspace",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("enterprise", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("removed", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.Column("lease_until", INSTANT),
    )


def _words(**lengths: int) -> list[sa.Column[str]]:
    """Columns for words that may stay empty; 0: of any length."""
    return [sa.Column(name, sa.String(length) if length else sa.Text()) for name, length in lengths.items()]


def _directories() -> None:
    """Who is who in which directory, how far a directory was read, and what a person prefers."""
    op.add_column("person", sa.Column("prefers", sa.Text(), nullable=False, server_default=""))
    op.add_column("address", sa.Column("email", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "identity",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("external_id", sa.Text(), primary_key=True),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("wrote", sa.Text(), nullable=False),
        sa.Column("manager_ref", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_identity_person_id", "identity", ["person_id"])
    has_email, waits = sa.text("email <> ''"), sa.text("manager_ref <> ''")
    op.create_index("ix_identity_email", "identity", ["email"], postgresql_where=has_email, sqlite_where=has_email)
    op.create_index("ix_identity_user_name", "identity", ["source", "user_name"])
    op.create_index("ix_identity_manager_ref", "identity", ["source", "manager_ref"], postgresql_where=waits, sqlite_where=waits)
    op.create_table(
        "directory",
        sa.Column("source", sa.Text(), primary_key=True),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("read_at", INSTANT),
        sa.Column("busy_until", INSTANT),
    )


def _rosters() -> None:
    """Which teams of Microsoft Teams have the app."""
    op.create_table(
        "roster",
        sa.Column("tenant", sa.Text(), primary_key=True),
        sa.Column("team", sa.Text(), primary_key=True),
        sa.Column("route", sa.Text(), nullable=False),
    )


def _trust() -> None:
    """The chain over the ledger, erasures."""
    op.add_column("person", sa.Column("erase_at", INSTANT))
    op.create_table(
        "ledger_link",
        sa.Column("position", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("ledger_id", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("personal", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
    )
    op.create_index("uq_ledger_link_ledger_id", "ledger_link", ["ledger_id"], unique=True)
    op.create_table(
        "ledger_head",
        sa.Column("id", sa.SmallInteger(), primary_key=True, autoincrement=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("settled_id", sa.BigInteger(), nullable=False),
        sa.Column("mark_id", sa.BigInteger(), nullable=False),
        sa.Column("mark_xid", sa.BigInteger(), nullable=False),
    )
    op.create_table(
        "ledger_erased",
        sa.Column("erasure", sa.Text(), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "upkeep",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
    )
