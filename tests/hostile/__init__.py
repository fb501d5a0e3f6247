"""Hostile requests against a real server process: `python -m tests.hostile`, and the rows of the fault list nobody else tests."""
