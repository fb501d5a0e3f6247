"""The databases, for all tests of storage."""

from tests.databases import (
    database_url,
    empty_postgres_url,
    engine,
    postgres_engine,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_engine,
    sqlite_template,
    sqlite_url,
)

__all__ = [
    "database_url",
    "empty_postgres_url",
    "engine",
    "postgres_engine",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_engine",
    "sqlite_template",
    "sqlite_url",
]
