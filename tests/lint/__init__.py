"""The goal lint against key results that people labelled; `python -m tests.lint` prints how well it does."""
