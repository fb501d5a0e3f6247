"""The proof of R14: an upgrade under load, see `python -m tests.upgrade --help`."""
