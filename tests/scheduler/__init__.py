"""Sweep, deliver, pace, watchdog."""
