"""The databases, for the adapters that read and write them."""

from tests.databases import (  # noqa: F401  # fixtures
    database_url,
    engine,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_template,
    sqlite_url,
)
