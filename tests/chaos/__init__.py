"""Chaos: real processes, real databases and real HTTP, killed with `kill -9`, cut off and starved, and what was lost or doubled.

`python -m tests.chaos.kills` (R1), `.postgres` (R2), `.inbound` (R6) and `.power` print their counts; docs/reliability.md has
the figures. The suite runs a small version of each, and breaks each promise once to see that the counting notices.
"""
