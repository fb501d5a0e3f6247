"""Which teams of Microsoft Teams have the app: whoever is in one can be written to before they ever spoke."""

from collections.abc import Mapping

from sqlalchemy import Column, Table

from storage.columns import Doc, Words
from storage.schema_replicas import metadata

roster = Table(
    "roster",
    metadata,
    Column("tenant", Words, primary_key=True),
    Column("team", Words, primary_key=True),
    Column("route", Doc(Mapping[str, str]), nullable=False),
)
