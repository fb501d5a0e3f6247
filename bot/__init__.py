"""Rondo's core: what can happen, what follows, and nothing else. Standard library only; no clock, no I/O, no randomness."""
