"""The tables of Slack installs into many workspaces. The first three are slack_sdk's, which reads and writes them.

Tokens in them are encrypted before they come here (`adapters.installs`), and longer for it than slack_sdk's columns.
"""

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, String, Table, Text, func

from storage.columns import Instant, Words
from storage.schema_replicas import metadata

_SEALED = ("bot_token", "bot_refresh_token", "user_token", "user_refresh_token", "incoming_webhook_url")
SEALED = frozenset(_SEALED)
"""Columns that hold secrets."""


def _text(name: str, length: int) -> Column[str]:
    return Column(name, Text() if name in SEALED else String(length))


slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    *(_text(name, length) for name, length in (
        ("enterprise_id", 32), ("enterprise_name", 200), ("enterprise_url", 200), ("team_id", 32), ("team_name", 200),
        ("bot_token", 0), ("bot_id", 32), ("bot_user_id", 32), ("bot_scopes", 1000), ("bot_refresh_token", 0),
    )),
    Column("bot_token_expires_at", DateTime),  # UTC without a zone, as slack_sdk writes it
    Column("user_id", String(32), nullable=False),
    *(_text(name, length) for name, length in (("user_token", 0), ("user_scopes", 1000), ("user_refresh_token", 0))),
    Column("user_token_expires_at", DateTime),
    *(_text(name, length) for name, length in (
        ("incoming_webhook_url", 0), ("incoming_webhook_channel", 200), ("incoming_webhook_channel_id", 200),
        ("incoming_webhook_configuration_url", 200),
    )),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", String(32)),
    Column("installed_at", DateTime, nullable=False, server_default=func.now()),
    Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)  # fmt: skip

slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    *(_text(name, length) for name, length in (
        ("enterprise_id", 32), ("enterprise_name", 200), ("team_id", 32), ("team_name", 200), ("bot_token", 0), ("bot_id", 32),
        ("bot_user_id", 32), ("bot_scopes", 1000), ("bot_refresh_token", 0),
    )),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False, server_default=func.now()),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)  # fmt: skip

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)

# Every workspace that Rondo is or was installed in, an organisation-wide install under the organisation's own id (`E…`)
# beside each workspace it reaches. Stays after an uninstall: people's addresses are kept, and rest.
slack_workspace = Table(
    "slack_workspace",
    metadata,
    Column("id", Words, primary_key=True),  # `T…`, or `E…`
    Column("enterprise", Words, nullable=False),  # empty: none
    Column("name", Words, nullable=False),
    Column("removed", Words, nullable=False),  # why it has no token; empty: it has one
    Column("changed_at", Instant, nullable=False),  # by the application's clock: when it was installed or removed
    Column("lease", Words, nullable=False),  # who fetches a new token now
    Column("lease_until", Instant),  # real
)
