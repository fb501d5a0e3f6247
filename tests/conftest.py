"""The databases, for all tests: one PostgreSQL server for each run, however many folders ask for it."""

pytest_plugins = ["tests.databases"]
