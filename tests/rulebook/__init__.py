"""The table of all rules and thresholds, written from the code, and the how-to for adding one."""
